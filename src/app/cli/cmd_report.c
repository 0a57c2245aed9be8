/* SPDX-License-Identifier: Apache-2.0 */
/* yumen report: take what a victim tells; the first orders are on their way when this answers. */
#include "app/cli/cli.h"

static int run(const struct command_line *line);

const struct command_entry cmd_report = {
    .name = "report",
    .usage =
        "--to ACCOUNT --amount FEN [--bank BANK] [--name NAME] [--time TIME]\n"
        "                    [--from ACCOUNT] [--transfer ID] [--number NUMBER] [--victim NAME]\n"
        "                    [--said TEXT] [--channel CHANNEL]\n"
        "       yumen report --file FILE\n"
        "       yumen report list [--state STATE]\n"
        "       yumen report show ID --purpose TEXT\n"
        "       yumen report take ID\n"
        "       yumen report refuse|withdraw ID --why TEXT",
    .help = "cli.help.report",
    .options = {{"to", "ACCOUNT", "cli.option.report_to"},
                {"amount", "FEN", "cli.option.report_amount"},
                {"bank", "BANK", "cli.option.report_bank"},
                {"name", "NAME", "cli.option.report_name"},
                {"time", "TIME", "cli.option.report_time"},
                {"from", "ACCOUNT", "cli.option.report_from"},
                {"transfer", "ID", "cli.option.report_transfer"},
                {"number", "NUMBER", "cli.option.report_number"},
                {"victim", "NAME", "cli.option.report_victim"},
                {"said", "TEXT", "cli.option.report_said"},
                {"channel", "CHANNEL", "cli.option.report_channel"},
                {"file", "FILE", "cli.option.report_file"},
                {"state", "STATE", "cli.option.report_state"},
                {"limit", "N", "cli.option.limit"},
                {"purpose", "TEXT", "cli.option.report_purpose"},
                {"why", "TEXT", "cli.option.why"}},
    .run = run,
};

enum { REPORT_FILE_BYTES = 1 << 20 };

static const char *value_of(const struct command_line *line, const char *option)
{
    return command_value(line, &cmd_report, option);
}

/* --- taking one --- */

static void put_refusals(const struct command_line *line, json_value refusals)
{
    for (size_t i = 0; i < json_count(refusals); i++) {
        json_value r = json_item(refusals, i);
        put_line(line, stderr, json_text(line, r, "reason"));
    }
}

static int show_taken(const struct command_line *line, json_value root)
{
    static const struct table_column columns[] = {
        {"cli.column.order",    true },
        {"cli.column.kind",     true },
        {"cli.column.state",    true },
        {"cli.column.provider", true },
        {"cli.column.value",    false},
        {"cli.column.amount",   true },
    };
    json_value orders = json_get(root, "orders");
    struct table t;
    printf("%.*s\n", STR_ARGS(json_text(line, root, "report")));
    table_init(&t, line, columns, COUNT_OF(columns));
    for (size_t i = 0; i < json_count(orders); i++) {
        json_value o = json_item(orders, i);
        table_put(&t, json_text(line, o, "order"));
        table_put(&t, say_word(line, "ui.order_kind.", json_text(line, o, "kind")));
        table_put(&t, say_word(line, "ui.order_state.", json_text(line, o, "state")));
        table_put(&t, json_text(line, o, "provider"));
        table_put(&t, json_text(line, json_get(o, "target"), "value"));
        table_put(&t, json_text(line, o, "amount"));
    }
    if (json_count(orders) > 0)
        table_print(&t, stdout);
    put_refusals(line, json_get(root, "refusals"));
    put_line(line, stderr,
             say_with(line, "cli.report.taken", json_text(line, root, "incident"),
                      say_number(line, (int64_t)json_count(orders))));
    str secret = json_text(line, root, "secret");
    if (!str_is_empty(secret))
        put_line(line, stderr, say_with(line, "cli.report.secret", secret, STR("")));
    return EXIT_DONE;
}

static int post_report(const struct command_line *line, str body)
{
    struct local_request request = {
        .method = HTTP_POST, .target = STR("/v1/reports"), .body = body};
    return cli_show(line, &request, show_taken);
}

static void put_if(const struct command_line *line, struct json *j, const char *option,
                   const char *member)
{
    const char *value = value_of(line, option);
    if (value != NULL)
        json_put_str(j, str_from_c(member), str_from_c(value));
}

static void put_payment(const struct command_line *line, struct json *j, int64_t amount)
{
    json_key(j, STR("transfers"));
    json_array(j);
    json_object(j);
    json_put_i64(j, STR("amount"), amount);
    put_if(line, j, "to", "to");
    put_if(line, j, "bank", "bank");
    put_if(line, j, "name", "name");
    put_if(line, j, "time", "time");
    put_if(line, j, "from", "from");
    put_if(line, j, "transfer", "id");
    json_end(j);
    json_end(j);
}

static int take_one(const struct command_line *line)
{
    int64_t amount = 0;
    const char *said = value_of(line, "amount");
    if (value_of(line, "to") == NULL || said == NULL ||
        failed(str_parse_i64(str_from_c(said), &amount)))
        return command_usage(&cmd_report, "cli.usage.report");
    struct cli_body body;
    struct json *j = cli_body_begin(line, &body);
    const char *channel = value_of(line, "channel");
    json_put_str(j, STR("channel"), channel == NULL ? STR("96110") : str_from_c(channel));
    put_if(line, j, "said", "said");
    json_key(j, STR("victim"));
    json_object(j);
    put_if(line, j, "number", "number");
    put_if(line, j, "victim", "name");
    json_end(j);
    put_payment(line, j, amount);
    return post_report(line, cli_body_end(&body));
}

static int take_file(const struct command_line *line)
{
    str body = {0};
    err e = cli_bytes(value_of(line, "file"), REPORT_FILE_BYTES, line->arena, &body);
    return failed(e) ? command_fail(line, e) : post_report(line, body);
}

/* --- those there are --- */

static int show_list(const struct command_line *line, json_value root)
{
    static const struct table_column columns[] = {
        {"cli.column.report",   true },
        {"cli.column.state",    true },
        {"cli.column.filed_at", true },
        {"cli.column.amount",   true },
        {"cli.column.incident", false},
    };
    json_value items = json_get(root, "items");
    struct table t;
    table_init(&t, line, columns, COUNT_OF(columns));
    for (size_t i = 0; i < json_count(items); i++) {
        json_value r = json_item(items, i);
        table_put(&t, json_text(line, r, "report"));
        table_put(&t, say_word(line, "ui.report_state.", json_text(line, r, "state")));
        table_put(&t, say_time(line, json_text(line, r, "filed_at")));
        table_put(&t, json_text(line, r, "loss"));
        table_put(&t, json_text(line, r, "incident"));
    }
    table_print(&t, stdout);
    cli_put_shown(line, root);
    return EXIT_DONE;
}

static int list(const struct command_line *line)
{
    static const char *const filters[] = {"state", "limit", NULL};
    struct local_request request = {
        .method = HTTP_GET, .target = cli_target(line, &cmd_report, "/v1/reports", filters)};
    return cli_show(line, &request, show_list);
}

static int show_report(const struct command_line *line, json_value r)
{
    static const struct {
        const char *label;
        const char *key;
    } rows[] = {
        {"cli.column.report",   "report"  },
        {"cli.column.incident", "incident"},
        {"cli.column.amount",   "loss"    },
        {"cli.column.pledged",  "pledged" },
        {"cli.column.said",     "said"    },
    };
    json_value victim = json_get(r, "victim");
    struct table t;
    record_init(&t, line);
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        record_put(&t, rows[i].label, json_text(line, r, rows[i].key));
    record_put(&t, "cli.column.state",
               say_word(line, "ui.report_state.", json_text(line, r, "state")));
    record_put(&t, "cli.column.number", json_text(line, victim, "number"));
    record_put(&t, "cli.column.victim", json_text(line, victim, "name"));
    record_put(&t, "cli.column.filed_at", say_time(line, json_text(line, r, "filed_at")));
    table_print(&t, stdout);
    return EXIT_DONE;
}

static int show(const struct command_line *line)
{
    static const char *const filters[] = {"purpose", NULL};
    char *path = str_to_c(line->arena, cli_path(line, "/v1/reports/", line->words[0], ""));
    if (path == NULL)
        return command_fail(line, fail(ERR_LIMIT, "limit.memory", 0));
    struct local_request request = {.method = HTTP_GET,
                                    .target = cli_target(line, &cmd_report, path, filters)};
    return cli_show(line, &request, show_report);
}

static int show_decided(const struct command_line *line, json_value r)
{
    put_line(line, stdout,
             say_with(line, "cli.orders.decided", json_text(line, r, "report"),
                      say_word(line, "ui.report_state.", json_text(line, r, "state"))));
    return EXIT_DONE;
}

static int decide(const struct command_line *line, const char *act)
{
    static const char *const only_why[] = {"why", NULL};
    return cli_post(line, &cmd_report, cli_path(line, "/v1/reports/", line->words[0], act),
                    only_why, show_decided);
}

static int take(const struct command_line *line)
{
    return decide(line, "/take");
}

static int refuse(const struct command_line *line)
{
    return decide(line, "/refuse");
}

static int withdraw(const struct command_line *line)
{
    return decide(line, "/withdraw");
}

static int run(const struct command_line *line)
{
    static const struct verb verbs[] = {
        {"list",     0, 0, list    },
        {"show",     1, 1, show    },
        {"take",     1, 1, take    },
        {"refuse",   1, 1, refuse  },
        {"withdraw", 1, 1, withdraw},
    };
    if (value_of(line, "file") != NULL)
        return take_file(line);
    if (value_of(line, "to") != NULL || value_of(line, "amount") != NULL)
        return take_one(line);
    return cli_verbs(line, &cmd_report, verbs, COUNT_OF(verbs));
}
