/* SPDX-License-Identifier: Apache-2.0 */
/* yumen keys: which keys the centre has, and new ones in their place. */
#include "app/cli/cli.h"

static int run(const struct command_line *line);

const struct command_entry cmd_keys = {
    .name = "keys",
    .usage = "[list]\n"
             "       yumen keys rotate ledger|tsig|pseudonym",
    .help = "cli.help.keys",
    .run = run,
};

static int show_list(const struct command_line *line, json_value root)
{
    static const struct table_column columns[] = {
        {"cli.column.key",     true },
        {"cli.column.kind",    true },
        {"cli.column.state",   true },
        {"cli.column.made_at", true },
        {"cli.column.public",  false},
    };
    struct table t;
    table_init(&t, line, columns, COUNT_OF(columns));
    json_value items = json_get(root, "items");
    for (size_t i = 0; i < json_count(items); i++) {
        json_value key = json_item(items, i);
        table_put(&t, json_text(line, key, "key"));
        table_put(&t, say_word(line, "cli.key_kind.", json_text(line, key, "kind")));
        table_put(&t, say_word(line, "cli.key_state.", json_text(line, key, "state")));
        table_put(&t, say_time(line, json_text(line, key, "made_at")));
        table_put(&t, json_text(line, key, "public"));
    }
    table_print(&t, stdout);
    return EXIT_DONE;
}

static int list(const struct command_line *line)
{
    struct local_request request = {.method = HTTP_GET, .target = STR("/v1/keys?limit=500")};
    return cli_show(line, &request, show_list);
}

static int show_made(const struct command_line *line, json_value key)
{
    put_line(line, stdout, json_text(line, key, "key"));
    struct text file;
    text_init(&file, line->arena);
    text_printf(&file, "%s/keys/", line->data);
    text_put(&file, json_text(line, key, "kind"));
    text_put_char(&file, '-');
    text_put(&file, json_text(line, key, "key"));
    bool is_tsig = str_equal(json_text(line, key, "kind"), STR("tsig"));
    put_line(line, stderr,
             say_with(line, is_tsig ? "cli.keys.rotated_tsig" : "cli.keys.rotated", text_str(&file),
                      STR("")));
    return EXIT_DONE;
}

static int rotate(const struct command_line *line)
{
    struct local_request request = {.method = HTTP_POST,
                                    .target =
                                        cli_path(line, "/v1/keys/", line->words[0], "/rotate"),
                                    .body = STR("{}")};
    return cli_show(line, &request, show_made);
}

static int run(const struct command_line *line)
{
    static const struct verb verbs[] = {
        {"list",   0, 0, list  },
        {"rotate", 1, 1, rotate},
    };
    return cli_verbs(line, &cmd_keys, verbs, COUNT_OF(verbs));
}
