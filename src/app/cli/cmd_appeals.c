/* SPDX-License-Identifier: Apache-2.0 */
/* yumen appeals: what people ask to have lifted, and the answers. Those due first are on top. */
#include "app/cli/cli.h"
#include "env/id.h"

static int run(const struct command_line *line);

const struct command_entry cmd_appeals = {
    .name = "appeals",
    .usage = "[list] [--state STATE]\n"
             "       yumen appeals show REF\n"
             "       yumen appeals review REF\n"
             "       yumen appeals decide REF granted|rejected --answer TEXT",
    .help = "cli.help.appeals",
    .options = {{"state", "STATE", "cli.option.appeal_state"},
                {"answer", "TEXT", "cli.option.answer"}},
    .run = run,
};

static void put_state(const struct command_line *line, struct table *t, json_value a)
{
    bool is_late = str_equal(json_text(line, a, "is_late"), STR("1"));
    table_put(t, say_word(line, "ui.appeal_state.", json_text(line, a, "state")));
    table_put_tone(t, say_time(line, json_text(line, a, "due_at")),
                   is_late ? TONE_ALARM : TONE_PLAIN);
}

/* Which of two is due first: their text sorts as their time does, being of one zone. */
static bool is_before(const struct command_line *line, json_value a, json_value b)
{
    return str_compare(json_text(line, a, "due_at"), json_text(line, b, "due_at")) < 0;
}

static void sort_by_due(const struct command_line *line, json_value *items, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        json_value one = items[i];
        size_t k = i;
        for (; k > 0 && is_before(line, one, items[k - 1]); k--)
            items[k] = items[k - 1];
        items[k] = one;
    }
}

static int show_list(const struct command_line *line, json_value root)
{
    static const struct table_column columns[] = {
        {"cli.column.appeal",    true },
        {"cli.column.state",     true },
        {"cli.column.due_at",    true },
        {"cli.column.value",     false},
        {"cli.column.statement", false},
    };
    json_value items = json_get(root, "items");
    size_t count = json_count(items);
    json_value *sorted = arena_make_array(line->arena, count + 1, sizeof *sorted);
    if (sorted == NULL)
        return command_fail(line, fail(ERR_LIMIT, "limit.memory", 0));
    for (size_t i = 0; i < count; i++)
        sorted[i] = json_item(items, i);
    sort_by_due(line, sorted, count);
    struct table t;
    table_init(&t, line, columns, COUNT_OF(columns));
    for (size_t i = 0; i < count; i++) {
        table_put(&t, json_text(line, sorted[i], "appeal"));
        put_state(line, &t, sorted[i]);
        table_put(&t, json_text(line, sorted[i], "display"));
        table_put(&t, json_text(line, sorted[i], "statement"));
    }
    table_print(&t, stdout);
    cli_put_shown(line, root);
    return EXIT_DONE;
}

static int list(const struct command_line *line)
{
    static const char *const filters[] = {"state", NULL};
    struct text target;
    text_init(&target, line->arena);
    text_put(&target, cli_target(line, &cmd_appeals, "/v1/appeals", filters));
    text_printf(&target, "%climit=%d",
                command_value(line, &cmd_appeals, "state") == NULL ? '?' : '&', LIST_MOST);
    struct local_request request = {.method = HTTP_GET, .target = text_str(&target)};
    return cli_show(line, &request, show_list);
}

static int show_appeal(const struct command_line *line, json_value a)
{
    bool is_late = str_equal(json_text(line, a, "is_late"), STR("1"));
    struct table t;
    record_init(&t, line);
    record_put(&t, "cli.column.appeal", json_text(line, a, "appeal"));
    record_put(&t, "cli.column.state",
               say_word(line, "ui.appeal_state.", json_text(line, a, "state")));
    record_put(&t, "cli.column.kind", say_word(line, "ui.kind.", json_text(line, a, "kind")));
    record_put(&t, "cli.column.value", json_text(line, a, "display"));
    record_put(&t, "cli.column.order", json_text(line, a, "order"));
    record_put(&t, "cli.column.listing", json_text(line, a, "listing"));
    record_put(&t, "cli.column.statement", json_text(line, a, "statement"));
    record_put(&t, "cli.column.filed_at", say_time(line, json_text(line, a, "filed_at")));
    record_put(&t, "cli.column.due_at", say_time(line, json_text(line, a, "due_at")));
    record_put(&t, "cli.column.late", is_late ? say(line, "ui.appeals.late") : STR(""));
    record_put(&t, "cli.column.reviewer", json_text(line, a, "reviewer"));
    record_put(&t, "cli.column.decider", json_text(line, a, "decider"));
    record_put(&t, "cli.column.decided_at", say_time(line, json_text(line, a, "decided_at")));
    record_put(&t, "cli.column.answer", json_text(line, a, "answer"));
    table_print(&t, stdout);
    return EXIT_DONE;
}

static int show_only(const struct command_line *line, json_value root)
{
    json_value items = json_get(root, "items");
    if (json_count(items) == 0)
        return command_fail(line, fail(ERR_ABSENT, "appeal.absent", 0));
    return show_appeal(line, json_item(items, 0));
}

/* Staff see all of it; whoever only has the reference, how far it has got. */
static int show(const struct command_line *line)
{
    char ref[REF_ROOM];
    bool is_staff = line->token != NULL && line->token[0] != '\0';
    err e = ref_parse(str_from_c(line->words[0]), ref);
    if (failed(e))
        return command_fail(line, e);
    struct local_request request = {
        .method = HTTP_GET,
        .target = cli_path(line, is_staff ? "/v1/appeals?appeal=" : "/v1/appeals/", ref, "")};
    return cli_show(line, &request, is_staff ? show_only : show_appeal);
}

static int review(const struct command_line *line)
{
    struct local_request request = {.method = HTTP_POST,
                                    .target =
                                        cli_path(line, "/v1/appeals/", line->words[0], "/review"),
                                    .body = STR("{}")};
    return cli_show(line, &request, show_appeal);
}

static int decide(const struct command_line *line)
{
    static const char *const answer[] = {"answer", NULL};
    str decision = str_from_c(line->words[1]);
    bool is_known = str_equal(decision, STR("granted")) || str_equal(decision, STR("rejected"));
    if (!is_known || command_value(line, &cmd_appeals, "answer") == NULL)
        return command_usage(&cmd_appeals, "cli.usage.decide");
    struct cli_body body;
    struct json *j = cli_body_begin(line, &body);
    json_put_str(j, STR("decision"), decision);
    cli_body_options(j, line, &cmd_appeals, answer);
    struct local_request request = {.method = HTTP_POST,
                                    .target =
                                        cli_path(line, "/v1/appeals/", line->words[0], "/decide"),
                                    .body = cli_body_end(&body)};
    return cli_show(line, &request, show_appeal);
}

static int run(const struct command_line *line)
{
    static const struct verb verbs[] = {
        {"list",   0, 0, list  },
        {"show",   1, 1, show  },
        {"review", 1, 1, review},
        {"decide", 2, 2, decide},
    };
    return cli_verbs(line, &cmd_appeals, verbs, COUNT_OF(verbs));
}
