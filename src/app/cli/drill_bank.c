/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/drill_bank.h"

#include "app/cli/cli.h"
#include "drill/bank.h"
#include "env/file.h"
#include "env/random.h"
#include "env/service.h"

#include <inttypes.h>
#include <stdio.h>

enum { TOKEN_BYTES = 4096, YAML_BYTES = 1 << 20, NONCE_BYTES = 6, ZONE_MIN = 480, SEED = 1 };

struct bank_line {
    const struct command_line *line;
    const struct command_entry *entry;
};

static str value_of(const struct bank_line *l, const char *name, const char *usual)
{
    const char *value = command_value(l->line, l->entry, name);
    return str_from_c(value == NULL ? usual : value);
}

/* A file's first line. */
static err read_line(const struct bank_line *l, const char *option, str *ret_line)
{
    str bytes;
    TRY(file_read(value_of(l, option, "").at, TOKEN_BYTES, l->line->arena, &bytes));
    *ret_line = str_trim(str_until(bytes, str_find_char(bytes, '\n')));
    return OK;
}

/* A name of ours; otherwise a file. */
static err read_manners(const struct bank_line *l, struct bank_manners *ret_manners)
{
    str name = value_of(l, "manners", "usual");
    struct params_fault fault = {.key = STR("")};
    str yaml;
    err e = bank_manners_find(name, l->line->arena, ret_manners);
    if (e.code != ERR_ABSENT || failed(file_read(name.at, YAML_BYTES, l->line->arena, &yaml)))
        return e;
    e = bank_manners_read(yaml, l->line->arena, ret_manners, &fault);
    if (failed(e))
        fprintf(stderr, "%s:%" PRIu32 ": %.*s\n", name.at, fault.line, STR_ARGS(fault.key));
    return e;
}

/* So that no two runs of a bank make the same keys. */
static str make_nonce(struct arena *a)
{
    unsigned char bytes[NONCE_BYTES];
    struct random_source random;
    struct text t;
    random_init_secure(&random);
    random_fill(&random, bytes, sizeof bytes);
    text_init(&t, a);
    text_put_hex(&t, bytes, sizeof bytes);
    return text_str(&t);
}

static err read_words(const struct bank_line *l, struct bank_settings *s)
{
    str way = value_of(l, "way", "pull");
    str clock = value_of(l, "clock", "real");
    str kind = value_of(l, "kind", "bank");
    bool is_firm = str_equal(kind, STR("payment"));
    int64_t seed = SEED;
    s->form = bank_form_find(value_of(l, "form", "json"));
    s->way = str_equal(way, STR("push")) ? BANK_PUSH : BANK_PULL;
    s->is_manual = str_equal(clock, STR("manual"));
    bool is_known = s->form != NULL && (s->way == BANK_PUSH || str_equal(way, STR("pull"))) &&
                    (s->is_manual || str_equal(clock, STR("real"))) &&
                    (is_firm || str_equal(kind, STR("bank")));
    if (!is_known)
        return fail(ERR_MALFORMED, "cli.drill.word", 0);
    if (is_firm && s->form->of_firms != NULL)
        s->form = s->form->of_firms;
    if (failed(str_parse_i64(value_of(l, "seed", "1"), &seed)) || seed < 0)
        return fail(ERR_MALFORMED, "cli.drill.number", 0);
    s->seed = (uint64_t)seed;
    return OK;
}

static err read_settings(const struct bank_line *l, struct bank_settings *s)
{
    str id = value_of(l, "id", "");
    const char *transfers = command_value(l->line, l->entry, "transfers");
    *s = (struct bank_settings){
        .speaker = {.id = id,
                    .code = value_of(l,     "code",                id.at),
                    .nonce = make_nonce(l->line->arena),
                    .zone_min = ZONE_MIN},
        .files = {.accounts = value_of(l, "accounts", "").at, .transfers = transfers}
    };
    s->files.code = s->speaker.code;
    s->is_signed = command_value(l->line, l->entry, "key") != NULL;
    if (s->is_signed)
        TRY(bank_key_read(value_of(l, "key", "").at, l->line->arena, &s->key));
    str centre_key = value_of(l, "centre-key", "");
    s->has_centre_key = !str_is_empty(centre_key);
    if (s->has_centre_key &&
        failed(hex_parse(centre_key, s->centre_key.bytes, sizeof s->centre_key.bytes)))
        return fail(ERR_MALFORMED, "conf.key", 0);
    TRY(read_words(l, s));
    TRY(read_manners(l, &s->manners));
    TRY(door_place_parse(value_of(l, "yumen", ""), &s->centre));
    TRY(door_place_parse(value_of(l, "listen", "127.0.0.1:0"), &s->listen));
    return read_line(l, "token-file", &s->token);
}

static void put_start(const struct bank_settings *s, const struct bank_process *b)
{
    struct bank_loaded loaded = bank_loaded(b);
    printf("%.*s: accounts %" PRId64 ", transfers %" PRId64, STR_ARGS(s->speaker.id),
           loaded.accounts, loaded.transfers);
    if (bank_port(b) != 0)
        printf(", listening on http://%s:%u", s->listen.host, (unsigned)bank_port(b));
    if (s->is_signed) {
        char hex[2 * SIGN_PUBLIC_BYTES];
        struct sign_public public;
        sign_public_of(&s->key, &public);
        hex_put(hex, public.bytes, sizeof public.bytes);
        printf(", signs with %.*s", (int)sizeof hex, hex);
    }
    printf("\n");
    (void)fflush(stdout);
}

static void put_counts(const struct bank_line *l, struct bank_counts counts)
{
    const struct {
        const char *key;
        const char *name;
        int64_t value;
    } figures[] = {
        {"cli.bank.orders",   "orders",   counts.orders  },
        {"cli.bank.receipts", "receipts", counts.receipts},
        {"cli.bank.refused",  "refused",  counts.refused },
        {"cli.bank.strange",  "strange",  counts.strange },
        {"cli.bank.rows",     "rows",     counts.rows    },
        {"cli.bank.paid",     "paid",     counts.paid    },
    };
    struct cli_body body;
    struct table t;
    if (l->line->wants_json) {
        struct json *j = cli_body_begin(l->line, &body);
        for (size_t i = 0; i < COUNT_OF(figures); i++)
            json_put_i64(j, str_from_c(figures[i].name), figures[i].value);
        printf("%s\n", cli_body_end(&body).at);
        return;
    }
    record_init(&t, l->line);
    for (size_t i = 0; i < COUNT_OF(figures); i++)
        record_put(&t, figures[i].key, say_number(l->line, figures[i].value));
    table_print(&t, stdout);
}

static err live(const struct bank_line *l, const struct bank_settings *s)
{
    struct bank_process *b = NULL;
    service_hold_signals();
    TRY(bank_open(s, &b));
    err e = bank_start(b);
    if (!failed(e)) {
        put_start(s, b);
        e = service_wait_stop();
    }
    bank_stop(b);
    put_counts(l, bank_counted(b));
    bank_close(b);
    return e;
}

int drill_bank(const struct command_line *line, const struct command_entry *entry)
{
    static const char *const required[] = {"id", "yumen", "token-file", "accounts"};
    const struct bank_line l = {line, entry};
    struct bank_settings settings;
    for (size_t i = 0; i < COUNT_OF(required); i++)
        if (command_value(line, entry, required[i]) == NULL)
            return command_usage(entry, "cli.drill.bank");
    if (line->word_count > 1)
        return command_usage(entry, "cli.usage.too_many");
    err e = read_settings(&l, &settings);
    if (!failed(e))
        e = live(&l, &settings);
    return failed(e) ? command_fail(line, e) : EXIT_DONE;
}
