/* SPDX-License-Identifier: Apache-2.0 */
/* yumen sources: lists that others keep, approved as a whole. Files: yumen ingest --under. */
#include "app/cli/cli.h"
#include "app/lists/bundled.h"

static int run(const struct command_line *line);

const struct command_entry cmd_sources = {
    .name = "sources",
    .usage = "[list] [--state STATE] [--role ROLE]\n"
             "       yumen sources show NAME\n"
             "       yumen sources add NAME --kind KIND --action ACTION --reason R --basis B\n"
             "                         --licence L --origin TEXT --term DAYS\n"
             "       yumen sources add NAME --bundled\n"
             "       yumen sources approve NAME\n"
             "       yumen sources refuse NAME --why TEXT\n"
             "       yumen sources end NAME --why TEXT\n"
             "       yumen sources bundled | take NAME\n"
             "       yumen sources accept BATCH | dismiss BATCH --why TEXT",
    .help = "cli.help.sources",
    .options = {{"state", "STATE", "cli.option.state"},
                {"role", "enforces|protects", "cli.option.source_role"},
                {"kind", "KIND", "cli.option.kind"},
                {"action", "ACTION", "cli.option.action"},
                {"match", "exact|suffix", "cli.option.match"},
                {"reason", "CODE", "cli.option.reason"},
                {"basis", "CODE", "cli.option.basis"},
                {"licence", "NAME", "cli.option.licence"},
                {"origin", "TEXT", "cli.option.origin"},
                {"evidence", "TEXT", "cli.option.evidence"},
                {"notice", "TEXT", "cli.option.notice"},
                {"term", "DAYS", "cli.option.term"},
                {"shrink", "PERCENT", "cli.option.shrink"},
                {"grow", "PERCENT", "cli.option.grow"},
                {"rpz", "WORD", "cli.option.rpz"},
                {"region", "CODE", "cli.option.region"},
                {"division", "CODE", "cli.option.division"},
                {"bundled", NULL, "cli.option.bundled"},
                {"why", "TEXT", "cli.option.why"}},
    .run = run,
};

static int show_list(const struct command_line *line, json_value root)
{
    static const struct table_column columns[] = {
        {"cli.column.source", true },
        {"cli.column.kind",   true },
        {"cli.column.action", true },
        {"cli.column.state",  true },
        {"cli.column.size",   true },
        {"cli.column.origin", false},
    };
    struct table t;
    table_init(&t, line, columns, COUNT_OF(columns));
    json_value items = json_get(root, "items");
    for (size_t i = 0; i < json_count(items); i++) {
        json_value s = json_item(items, i);
        bool protects = str_equal(json_text(line, s, "role"), STR("protects"));
        table_put(&t, json_text(line, s, "name"));
        table_put(&t, say_word(line, "ui.kind.", json_text(line, s, "kind")));
        table_put(&t, protects ? say(line, "ui.source.protects")
                               : say_word(line, "ui.action.", json_text(line, s, "action")));
        table_put(&t, say_word(line, "ui.state.", json_text(line, s, "state")));
        table_put(&t, json_text(line, s, "size"));
        table_put(&t, json_text(line, s, "origin"));
    }
    table_print(&t, stdout);
    cli_put_shown(line, root);
    return EXIT_DONE;
}

static int list(const struct command_line *line)
{
    static const char *const filters[] = {"state", "role", NULL};
    struct local_request request = {
        .method = HTTP_GET, .target = cli_target(line, &cmd_sources, "/v1/sources", filters)};
    return cli_show(line, &request, show_list);
}

static int show_source(const struct command_line *line, json_value s)
{
    static const struct {
        const char *label;
        const char *key;
    } rows[] = {
        {"cli.column.source",   "name"     },
        {"cli.column.origin",   "origin"   },
        {"cli.column.licence",  "licence"  },
        {"cli.column.match",    "match"    },
        {"cli.column.region",   "region"   },
        {"cli.column.reason",   "reason"   },
        {"cli.column.basis",    "basis"    },
        {"cli.column.evidence", "evidence" },
        {"cli.column.notice",   "notice"   },
        {"cli.column.term",     "term_days"},
        {"cli.column.size",     "size"     },
        {"cli.column.proposer", "proposer" },
        {"cli.column.approver", "approver" },
        {"cli.column.until",    "until"    },
        {"cli.column.why",      "ended_why"},
    };
    struct table t;
    record_init(&t, line);
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        record_put(&t, rows[i].label, json_text(line, s, rows[i].key));
    record_put(&t, "cli.column.state", say_word(line, "ui.state.", json_text(line, s, "state")));
    table_print(&t, stdout);
    (void)cli_put_waiting(line, json_get(s, "waiting"));
    return EXIT_DONE;
}

static int show(const struct command_line *line)
{
    struct local_request request = {.method = HTTP_GET,
                                    .target = cli_path(line, "/v1/sources/", line->words[0], "")};
    return cli_show(line, &request, show_source);
}

static int show_decided(const struct command_line *line, json_value s)
{
    put_line(line, stdout,
             say_with(line, "cli.listings.decided", json_text(line, s, "name"),
                      say_word(line, "ui.state.", json_text(line, s, "state"))));
    return EXIT_DONE;
}

static void put_number(struct json *j, const struct command_line *line, const char *option, str key)
{
    int64_t value = 0;
    const char *given = command_value(line, &cmd_sources, option);
    if (given == NULL)
        return;
    if (failed(str_parse_i64(str_from_c(given), &value)))
        json_put_str(j, key, str_from_c(given)); /* the API says what is wrong with it */
    else
        json_put_i64(j, key, value);
}

/* What an option says, else what the bundled list says. */
static void put_preset(struct json *j, const struct command_line *line, const char *option,
                       const char *preset)
{
    if (preset != NULL && command_value(line, &cmd_sources, option) == NULL)
        json_put_str(j, str_from_c(option), str_from_c(preset));
}

static void put_presets(struct json *j, const struct command_line *line, const struct bundled *b)
{
    put_preset(j, line, "role", b->role);
    put_preset(j, line, "kind", b->kind);
    put_preset(j, line, "action", b->action);
    put_preset(j, line, "match", b->match);
    put_preset(j, line, "reason", b->reason);
    put_preset(j, line, "basis", b->basis);
    put_preset(j, line, "licence", b->licence);
    put_preset(j, line, "origin", b->origin);
    put_preset(j, line, "region", b->region);
    if (command_value(line, &cmd_sources, "term") == NULL)
        json_put_i64(j, STR("term_days"), b->term_days);
}

static int add(const struct command_line *line)
{
    static const char *const fields[] = {"role",     "kind",    "action", "match",    "reason",
                                         "basis",    "licence", "origin", "evidence", "notice",
                                         "division", "rpz",     "region", NULL};
    struct cli_body body;
    const struct bundled *bundled = bundled_find(str_from_c(line->words[0]));
    bool is_bundled = command_value(line, &cmd_sources, "bundled") != NULL;
    if (is_bundled && bundled == NULL)
        return command_fail(line, fail(ERR_ABSENT, "cli.sources.not_bundled", 0));
    struct json *j = cli_body_begin(line, &body);
    json_put_str(j, STR("name"), str_from_c(line->words[0]));
    cli_body_options(j, line, &cmd_sources, fields);
    if (is_bundled)
        put_presets(j, line, bundled);
    put_number(j, line, "term", STR("term_days"));
    put_number(j, line, "shrink", STR("shrink_percent"));
    put_number(j, line, "grow", STR("grow_percent"));
    struct local_request request = {
        .method = HTTP_POST, .target = STR("/v1/sources"), .body = cli_body_end(&body)};
    return cli_show(line, &request, show_decided);
}

/* --- what comes with the program --- */

static int show_bundled(const struct command_line *line)
{
    static const struct table_column columns[] = {
        {"cli.column.source",  true },
        {"cli.column.size",    true },
        {"cli.column.kind",    true },
        {"cli.column.action",  true },
        {"cli.column.licence", true },
        {"cli.column.origin",  false},
    };
    struct table t;
    table_init(&t, line, columns, COUNT_OF(columns));
    for (size_t i = 0; i < bundled_count; i++) {
        const struct bundled *b = &bundled_lists[i];
        bool protects = str_equal(str_from_c(b->role), STR("protects"));
        table_put(&t, str_from_c(b->name));
        table_put(&t, say_number(line, b->size));
        table_put(&t, say_word(line, "ui.kind.", str_from_c(b->kind)));
        table_put(&t, protects ? say(line, "ui.source.protects")
                               : say_word(line, "ui.action.", str_from_c(b->action)));
        table_put(&t, str_from_c(b->licence));
        table_put(&t, str_from_c(b->origin));
    }
    table_print(&t, stdout);
    return EXIT_DONE;
}

static int show_taken(const struct command_line *line, json_value root)
{
    return cli_put_list(line, root) ? EXIT_DONE : EXIT_REFUSED;
}

static int take(const struct command_line *line)
{
    const struct bundled *bundled = bundled_find(str_from_c(line->words[0]));
    if (bundled == NULL)
        return command_fail(line, fail(ERR_ABSENT, "cli.sources.not_bundled", 0));
    struct local_request request = {.method = HTTP_POST,
                                    .target =
                                        cli_path(line, "/v1/sources/", bundled->name, "/lists"),
                                    .body = bundled_bytes(bundled),
                                    .content_type = STR("application/octet-stream")};
    return cli_show(line, &request, show_taken);
}

static int decide(const struct command_line *line, const char *where, const char *act,
                  int (*shown)(const struct command_line *line, json_value root))
{
    static const char *const why[] = {"why", NULL};
    return cli_post(line, &cmd_sources, cli_path(line, where, line->words[0], act), why, shown);
}

static int approve(const struct command_line *line)
{
    return decide(line, "/v1/sources/", "/approve", show_decided);
}

static int refuse(const struct command_line *line)
{
    return decide(line, "/v1/sources/", "/refuse", show_decided);
}

static int end(const struct command_line *line)
{
    return decide(line, "/v1/sources/", "/end", show_decided);
}

static int show_batch(const struct command_line *line, json_value b)
{
    put_line(line, stdout,
             say_with(line, "cli.listings.decided", json_text(line, b, "source"),
                      say_word(line, "ui.state.", json_text(line, b, "state"))));
    return EXIT_DONE;
}

static int accept(const struct command_line *line)
{
    return decide(line, "/v1/batches/", "/accept", show_batch);
}

static int dismiss(const struct command_line *line)
{
    return decide(line, "/v1/batches/", "/dismiss", show_batch);
}

static int run(const struct command_line *line)
{
    static const struct verb verbs[] = {
        {"list",    0, 0, list        },
        {"show",    1, 1, show        },
        {"add",     1, 1, add         },
        {"approve", 1, 1, approve     },
        {"refuse",  1, 1, refuse      },
        {"end",     1, 1, end         },
        {"bundled", 0, 0, show_bundled},
        {"take",    1, 1, take        },
        {"accept",  1, 1, accept      },
        {"dismiss", 1, 1, dismiss     },
    };
    return cli_verbs(line, &cmd_sources, verbs, COUNT_OF(verbs));
}
