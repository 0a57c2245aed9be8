/* SPDX-License-Identifier: Apache-2.0 */
/* yumen conflicts: entries of a list that something speaks against, for an analyst to decide. */
#include "app/cli/cli.h"

static int run(const struct command_line *line);

const struct command_entry cmd_conflicts = {
    .name = "conflicts",
    .usage = "[list] [--state STATE] [--rule RULE] [--source NAME]\n"
             "       yumen conflicts dismiss ID... --why TEXT\n"
             "       yumen conflicts list-anyway ID... --why TEXT",
    .help = "cli.help.conflicts",
    .options = {{"state", "STATE", "cli.option.conflict_state"},
                {"rule", "RULE", "cli.option.rule"},
                {"source", "NAME", "cli.option.conflict_source"},
                {"limit", "N", "cli.option.limit"},
                {"why", "TEXT", "cli.option.why"}},
    .run = run,
};

static int show_list(const struct command_line *line, json_value root)
{
    static const struct table_column columns[] = {
        {"cli.column.conflict", true },
        {"cli.column.value",    true },
        {"cli.column.source",   true },
        {"cli.column.rule",     true },
        {"cli.column.against",  true },
        {"cli.column.state",    false},
    };
    struct table t;
    table_init(&t, line, columns, COUNT_OF(columns));
    json_value items = json_get(root, "items");
    for (size_t i = 0; i < json_count(items); i++) {
        json_value c = json_item(items, i);
        table_put(&t, json_text(line, c, "conflict"));
        table_put(&t, json_text(line, c, "value"));
        table_put(&t, json_text(line, c, "source"));
        table_put(&t, say_word(line, "ui.conflict.", json_text(line, c, "rule")));
        table_put(&t, json_text(line, c, "against"));
        table_put(&t, say_word(line, "ui.state.", json_text(line, c, "state")));
    }
    table_print(&t, stdout);
    cli_put_shown(line, root);
    return EXIT_DONE;
}

static int list(const struct command_line *line)
{
    static const char *const filters[] = {"state", "rule", "source", "limit", NULL};
    struct local_request request = {
        .method = HTTP_GET, .target = cli_target(line, &cmd_conflicts, "/v1/conflicts", filters)};
    return cli_show(line, &request, show_list);
}

static int show_decided(const struct command_line *line, json_value root)
{
    static const struct table_column columns[] = {
        {"cli.column.conflict", true },
        {"cli.column.code",     true },
        {"cli.column.reason",   false},
    };
    struct table t;
    table_init(&t, line, columns, COUNT_OF(columns));
    json_value refusals = json_get(root, "refusals");
    for (size_t i = 0; i < json_count(refusals); i++) {
        json_value refusal = json_item(refusals, i);
        table_put(&t, json_text(line, refusal, "conflict"));
        table_put_tone(&t, json_text(line, refusal, "code"), TONE_ALARM);
        table_put(&t, json_text(line, refusal, "reason"));
    }
    put_line(line, stdout,
             say_with(line, "cli.conflicts.decided", json_text(line, root, "decided"),
                      say_number(line, (int64_t)json_count(refusals))));
    if (json_count(refusals) == 0)
        return EXIT_DONE;
    table_print(&t, stdout);
    return EXIT_REFUSED;
}

/* One reason for all that are named. */
static int decide(const struct command_line *line, const char *decision)
{
    static const char *const why[] = {"why", NULL};
    struct cli_body body;
    struct json *j = cli_body_begin(line, &body);
    json_put_str(j, STR("decision"), str_from_c(decision));
    cli_body_options(j, line, &cmd_conflicts, why);
    json_key(j, STR("conflicts"));
    json_array(j);
    for (int i = 0; i < line->word_count; i++)
        json_str(j, str_from_c(line->words[i]));
    json_end(j);
    struct local_request request = {
        .method = HTTP_POST, .target = STR("/v1/conflicts/decide"), .body = cli_body_end(&body)};
    return cli_show(line, &request, show_decided);
}

static int dismiss(const struct command_line *line)
{
    return decide(line, "dismiss");
}

static int list_anyway(const struct command_line *line)
{
    return decide(line, "list");
}

static int run(const struct command_line *line)
{
    enum { MOST = 500 };
    static const struct verb verbs[] = {
        {"list",        0, 0,    list       },
        {"dismiss",     1, MOST, dismiss    },
        {"list-anyway", 1, MOST, list_anyway},
    };
    return cli_verbs(line, &cmd_conflicts, verbs, COUNT_OF(verbs));
}
