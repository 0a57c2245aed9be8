/* SPDX-License-Identifier: Apache-2.0 */
/* yumen tallies: of the accounts that bank outlets opened, how many turned bad. */
#include "app/cli/cli.h"

static int run(const struct command_line *line);

const struct command_entry cmd_tallies = {
    .name = "tallies",
    .usage = "[--from YEAR] [--to YEAR] [--csv]",
    .help = "cli.help.tallies",
    .options = {{"from", "YEAR", "cli.option.tally_from"},
                {"to", "YEAR", "cli.option.tally_to"},
                {"csv", NULL, "cli.option.tally_csv"}},
    .run = run,
};

static str outlet_of(const struct command_line *line, json_value item)
{
    str outlet = json_text(line, item, "outlet");
    return str_is_empty(outlet)
               ? say_with(line, "cli.tallies.pooled", json_text(line, item, "outlets"), STR(""))
               : outlet;
}

static str interval_of(const struct command_line *line, json_value item)
{
    struct text t;
    text_init(&t, line->arena);
    text_put(&t, json_text(line, item, "low_percent"));
    text_put_c(&t, " - ");
    text_put(&t, json_text(line, item, "high_percent"));
    text_put_c(&t, " %");
    return text_str(&t);
}

static void put_shares(const struct command_line *line, struct table *t, json_value item, str least)
{
    struct text share;
    bool is_few = str_equal(json_text(line, item, "is_few"), STR("1"));
    if (is_few) {
        table_put(t, say_with(line, "cli.tallies.few", least, STR("")));
        table_put(t, STR(""));
        table_put(t, STR(""));
        return;
    }
    text_init(&share, line->arena);
    text_put(&share, json_text(line, item, "share_percent"));
    text_put_c(&share, " %");
    table_put(t, json_text(line, item, "bad"));
    table_put(t, text_str(&share));
    table_put(t, interval_of(line, item));
}

static int show(const struct command_line *line, json_value root)
{
    static const struct table_column columns[] = {
        {"cli.column.bank",     false},
        {"cli.column.outlet",   false},
        {"cli.column.year",     true },
        {"cli.column.issued",   true },
        {"cli.column.bad",      true },
        {"cli.column.share",    true },
        {"cli.column.interval", true },
    };
    struct table t;
    json_value items = json_get(root, "items");
    json_value withheld = json_get(root, "withheld");
    str least = json_text(line, json_get(root, "least"), "bad");
    table_init(&t, line, columns, COUNT_OF(columns));
    for (size_t i = 0; i < json_count(items); i++) {
        json_value item = json_item(items, i);
        str bank = json_text(line, item, "bank");
        table_put(&t, str_is_empty(bank) ? say(line, "cli.tallies.all") : bank);
        table_put(&t, outlet_of(line, item));
        table_put(&t, json_text(line, item, "year"));
        table_put(&t, json_text(line, item, "issued"));
        put_shares(line, &t, item, least);
    }
    table_print(&t, stdout);
    put_line(line, stderr,
             say_with(line, "cli.tallies.withheld", json_text(line, withheld, "outlets"),
                      json_text(line, withheld, "issued")));
    return EXIT_DONE;
}

static int run(const struct command_line *line)
{
    static const char *const years[] = {"from", "to", NULL};
    struct local_request request = {.method = HTTP_GET,
                                    .target = cli_target(line, &cmd_tallies, "/v1/tallies", years)};
    struct local_reply reply = {0};
    if (line->word_count > 0)
        return command_usage(&cmd_tallies, "cli.usage.too_many");
    if (command_value(line, &cmd_tallies, "csv") == NULL)
        return cli_show(line, &request, show);
    request.accept = STR("text/csv");
    int code = cli_ask(line, &request, &reply);
    if (code == EXIT_DONE)
        printf("%.*s", STR_ARGS(reply.body));
    return code;
}
