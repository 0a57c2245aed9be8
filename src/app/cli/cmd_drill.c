/* SPDX-License-Identifier: Apache-2.0 */
/* yumen drill: the simulated province, so far as files that its banks would send. */
#include "app/cli/cli.h"
#include "app/cli/drill_bank.h"
#include "app/cli/progress.h"
#include "drill/emit.h"
#include "env/file.h"

#include <inttypes.h>
#include <string.h>

static int run(const struct command_line *line);

const struct command_entry cmd_drill = {
    .name = "drill",
    .usage =
        "--emit DIR [--seed N] [--scale SUBSCRIBERS] [--days N] [--config FILE] [--without calls]\n"
        "       yumen drill bank --id ID --yumen URL --token-file FILE --accounts FILE",
    .help = "cli.help.drill",
    .options = {{"emit", "DIR", "cli.option.drill_emit"},
                {"seed", "N", "cli.option.drill_seed"},
                {"scale", "SUBSCRIBERS", "cli.option.drill_scale"},
                {"days", "N", "cli.option.drill_days"},
                {"config", "FILE", "cli.option.drill_config"},
                {"without", "FEED", "cli.option.drill_without"},
                {"id", "ID", "cli.option.bank_id"},
                {"code", "CODE", "cli.option.bank_code"},
                {"yumen", "URL", "cli.option.bank_yumen"},
                {"token-file", "FILE", "cli.option.bank_token"},
                {"accounts", "FILE", "cli.option.bank_accounts"},
                {"transfers", "FILE", "cli.option.bank_transfers"},
                {"manners", "NAME|FILE", "cli.option.bank_manners"},
                {"kind", "KIND", "cli.option.bank_kind"},
                {"form", "FORM", "cli.option.bank_form"},
                {"way", "WAY", "cli.option.bank_way"},
                {"listen", "ADDR:PORT", "cli.option.bank_listen"},
                {"clock", "CLOCK", "cli.option.bank_clock"},
                {"key", "FILE", "cli.option.bank_key"},
                {"centre-key", "HEX", "cli.option.bank_centre_key"}},
    .run = run,
};

enum { SCALE = 20000, DAYS = 30, SEED = 1, YAML_BYTES = 1 << 20 };
#define WORLD_BYTES (UINT64_C(64) << 30) /* the accounts' share is outside, in pages */

struct show {
    const struct command_line *line;
    const char *folder;
    struct drill_settings settings;
    struct params params;
    str yaml;
    struct emit *emit;
    struct drill *drill;
    struct drill_counts counts;
};

static err read_option(const struct command_line *line, const char *name, int64_t usual,
                       int64_t *ret_value)
{
    const char *text = command_value(line, &cmd_drill, name);
    *ret_value = usual;
    if (text == NULL)
        return OK;
    if (failed(str_parse_i64(str_from_c(text), ret_value)) || *ret_value < 0 ||
        *ret_value > UINT32_MAX)
        return fail(ERR_MALFORMED, "cli.drill.number", 0);
    return OK;
}

static err read_without(struct show *s)
{
    const char *feed = command_value(s->line, &cmd_drill, "without");
    s->settings.is_silent = feed != NULL;
    bool is_known = feed == NULL || strcmp(feed, "calls") == 0;
    return is_known ? OK : fail(ERR_MALFORMED, "cli.drill.without", 0);
}

static err read_settings(struct show *s)
{
    int64_t seed = 0;
    int64_t scale = 0;
    int64_t days = 0;
    TRY(read_option(s->line, "seed", SEED, &seed));
    TRY(read_option(s->line, "scale", SCALE, &scale));
    TRY(read_option(s->line, "days", DAYS, &days));
    s->settings = (struct drill_settings){.seed = (uint64_t)seed,
                                          .scale = (uint32_t)scale,
                                          .days = (uint32_t)days,
                                          .params = &s->params};
    return read_without(s);
}

/* Says which line and key of the file are meant. */
static err read_params(struct show *s)
{
    struct params_fault fault = {.key = STR("")};
    const char *config = command_value(s->line, &cmd_drill, "config");
    s->yaml = params_bundled();
    if (config != NULL)
        TRY(file_read(config, YAML_BYTES, s->line->arena, &s->yaml));
    err e = params_read(s->yaml, s->line->arena, &s->params, &fault);
    if (failed(e))
        fprintf(stderr, "%s:%" PRIu32 ": %.*s\n", config == NULL ? "world.yaml" : config,
                fault.line, STR_ARGS(fault.key));
    return e;
}

static int64_t rows_done(void *self)
{
    const struct show *s = self;
    return drill_rows(s->drill);
}

static err play(struct show *s)
{
    struct progress progress;
    struct progress_work work = {.name = say(s->line, "cli.drill.work"),
                                 .unit = "cli.drill.rows",
                                 .total = drill_rows_expected(s->drill),
                                 .done = rows_done,
                                 .self = s};
    progress_begin(&progress, s->line, &work);
    err e = drill_accounts(s->drill);
    if (!failed(e))
        e = drill_run(s->drill, INT64_MAX);
    if (!failed(e))
        e = drill_tell(s->drill);
    if (!failed(e))
        e = emit_seal(s->emit);
    progress_end(&progress);
    return e;
}

static err emit_world(struct show *s)
{
    struct arena world;
    arena_init(&world, WORLD_BYTES);
    err e = emit_open(s->folder, &s->settings, s->yaml, &world, &s->emit);
    if (!failed(e)) {
        struct drill_port port = emit_port(s->emit);
        e = drill_open(&s->settings, &port, &world, &s->drill);
    }
    if (!failed(e)) {
        emit_attach(s->emit, s->drill);
        e = play(s);
        s->counts = drill_counted(s->drill);
    }
    drill_close(s->drill);
    emit_close(s->emit);
    arena_done(&world);
    return e;
}

static void put_counts(const struct show *s)
{
    const struct {
        const char *key;
        const char *name;
        int64_t value;
    } figures[] = {
        {"cli.drill.row_count",    "rows",         s->counts.rows        },
        {"cli.drill.transfers",    "transfers",    s->counts.transfers   },
        {"cli.drill.rejected",     "rejected",     s->counts.rejected    },
        {"cli.drill.reversed",     "reversed",     s->counts.reversed    },
        {"cli.drill.again",        "again",        s->counts.again       },
        {"cli.drill.incidents",    "incidents",    s->counts.incidents   },
        {"cli.drill.stolen",       "stolen",       s->counts.stolen_fen  },
        {"cli.drill.mules",        "mules",        s->counts.mules       },
        {"cli.drill.calls",        "calls",        s->counts.calls       },
        {"cli.drill.call_rows",    "call_rows",    s->counts.call_rows   },
        {"cli.drill.calls_again",  "calls_again",  s->counts.calls_again },
        {"cli.drill.scam_calls",   "scam_calls",   s->counts.scam_calls  },
        {"cli.drill.scam_numbers", "scam_numbers", s->counts.scam_numbers},
        {"cli.drill.racks",        "racks",        s->counts.racks       },
        {"cli.drill.visits",       "visits",       s->counts.visits      },
        {"cli.drill.messages",     "messages",     s->counts.messages    },
        {"cli.drill.episodes",     "episodes",     s->counts.episodes    },
        {"cli.drill.asks",         "asks",         s->counts.asks        },
    };
    struct cli_body body;
    struct table t;
    if (s->line->wants_json) {
        struct json *j = cli_body_begin(s->line, &body);
        for (size_t i = 0; i < COUNT_OF(figures); i++)
            json_put_i64(j, str_from_c(figures[i].name), figures[i].value);
        printf("%s\n", cli_body_end(&body).at);
        return;
    }
    record_init(&t, s->line);
    for (size_t i = 0; i < COUNT_OF(figures); i++)
        record_put(&t, figures[i].key, say_number(s->line, figures[i].value));
    table_print(&t, stdout);
}

static int run(const struct command_line *line)
{
    if (line->word_count > 0 && strcmp(line->words[0], "bank") == 0)
        return drill_bank(line, &cmd_drill);
    struct show s = {.line = line, .folder = command_value(line, &cmd_drill, "emit")};
    if (s.folder == NULL)
        return command_usage(&cmd_drill, "cli.drill.no_folder");
    if (line->word_count > 0)
        return command_usage(&cmd_drill, "cli.usage.too_many");
    err e = read_settings(&s);
    if (!failed(e))
        e = read_params(&s);
    if (!failed(e))
        e = emit_world(&s);
    if (failed(e))
        return command_fail(line, e);
    put_counts(&s);
    return EXIT_DONE;
}
