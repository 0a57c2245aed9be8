/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/cmd_disconnect.h"

/* Of the listing that is named, else of the incident that is the first word. */
static bool path_of(const struct command_line *line, const struct command_entry *entry,
                    str *ret_path)
{
    const char *listing = command_value(line, entry, "listing");
    if (listing == NULL && line->word_count == 0)
        return false;
    *ret_path = listing != NULL ? cli_path(line, "/v1/listings/", listing, "/disconnects")
                                : cli_path(line, "/v1/incidents/", line->words[0], "/disconnects");
    return true;
}

static int show_list(const struct command_line *line, json_value root)
{
    static const struct table_column columns[] = {
        {"cli.column.kind",     true },
        {"cli.column.value",    true },
        {"cli.column.provider", true },
        {"cli.column.ground",   true },
        {"cli.column.reason",   false},
    };
    struct table t;
    bool has_candidate = false;
    json_value items = json_get(root, "items");
    table_init(&t, line, columns, COUNT_OF(columns));
    for (size_t i = 0; i < json_count(items); i++) {
        json_value item = json_item(items, i);
        bool is_candidate = str_equal(json_text(line, item, "is_candidate"), STR("1"));
        table_put(&t, say_word(line, "ui.kind.", json_text(line, item, "kind")));
        table_put(&t, json_text(line, item, "value"));
        table_put(&t, json_text(line, item, "provider"));
        table_put(&t, say_word(line, "ui.ground.", json_text(line, item, "ground")));
        table_put(&t, json_text(line, item, "reason"));
        has_candidate = has_candidate || is_candidate;
    }
    table_print(&t, stdout);
    return has_candidate ? EXIT_DONE : EXIT_NEGATIVE;
}

int disconnect_list(const struct command_line *line, const struct command_entry *entry)
{
    struct local_request request = {.method = HTTP_GET};
    if (!path_of(line, entry, &request.target))
        return command_usage(entry, "cli.usage.too_few");
    return cli_show(line, &request, show_list);
}

static int show_drafted(const struct command_line *line, json_value root)
{
    json_value refusals = json_get(root, "refusals");
    json_value orders = json_get(root, "orders");
    for (size_t i = 0; i < json_count(orders); i++)
        put_line(line, stdout, json_text(line, json_item(orders, i), "order"));
    put_line(line, stderr,
             say_with(line, "cli.orders.disconnects_drafted", json_text(line, root, "drafted"),
                      say_number(line, (int64_t)json_count(refusals))));
    return cli_put_refusals(line, refusals, "value", "cli.column.value");
}

int disconnect_propose(const struct command_line *line, const struct command_entry *entry)
{
    static const char *const words[] = {"basis", "reason", "until", NULL};
    bool is_listing = command_value(line, entry, "listing") != NULL;
    struct local_request request = {.method = HTTP_POST};
    struct cli_body body;
    if (!path_of(line, entry, &request.target) || (!is_listing && line->word_count < 2))
        return command_usage(entry, "cli.usage.too_few");
    struct json *j = cli_body_begin(line, &body);
    cli_body_options(j, line, entry, words);
    for (int i = 1; !is_listing && i < line->word_count; i++) {
        if (i == 1) {
            json_key(j, STR("targets"));
            json_array(j);
        }
        json_object(j);
        json_put_str(j, STR("value"), str_from_c(line->words[i]));
        json_end(j);
    }
    if (!is_listing)
        json_end(j);
    request.body = cli_body_end(&body);
    return cli_show(line, &request, show_drafted);
}
