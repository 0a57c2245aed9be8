/* SPDX-License-Identifier: Apache-2.0 */
/* yumen rejects: every refused row of a batch, with the row itself, while it is kept. */
#include "app/cli/cli.h"

static int run(const struct command_line *line);

const struct command_entry cmd_rejects = {
    .name = "rejects",
    .usage = "BATCH [--json | --csv]",
    .help = "cli.help.rejects",
    .options = {{"csv", NULL, "cli.option.csv"}},
    .run = run,
};

struct rejects {
    const struct command_line *line;
    struct table table;
    bool is_csv;
};

static void put_csv_value(str value, char after)
{
    putchar('"');
    for (size_t i = 0; i < value.size; i++) {
        if (value.at[i] == '"')
            putchar('"');
        putchar(value.at[i]);
    }
    putchar('"');
    putchar(after);
}

static void put_reject(struct rejects *r, json_value item)
{
    static const char *const keys[] = {"row", "column", "code", "reason", "raw"};
    if (r->line->wants_json) {
        struct cli_body body;
        struct json *j = cli_body_begin(r->line, &body);
        int64_t row = 0;
        (void)!failed(json_read_i64(json_get(item, "row"), &row));
        json_put_i64(j, STR("row"), row);
        for (size_t i = 1; i < COUNT_OF(keys); i++)
            json_put_str(j, str_from_c(keys[i]), json_text(r->line, item, keys[i]));
        printf("%s\n", cli_body_end(&body).at);
        return;
    }
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        str value = json_text(r->line, item, keys[i]);
        bool is_code = i == 2;
        if (r->is_csv)
            put_csv_value(value, i + 1 == COUNT_OF(keys) ? '\n' : ',');
        else
            table_put_tone(&r->table, value, is_code ? TONE_ALARM : TONE_PLAIN);
    }
}

/* One page; *ret_next is empty after the last. */
static int put_page(struct rejects *r, struct local *local, str target, str *ret_next)
{
    struct local_request request = {.method = HTTP_GET, .target = target};
    struct local_reply reply = {0};
    struct json_doc doc = {0};
    err e = local_call(local, &request, &reply);
    if (failed(e))
        return command_fail(r->line, e);
    if (reply.status >= 300)
        return cli_refusal(r->line, &reply);
    e = local_json(&reply, &doc);
    if (failed(e))
        return command_fail(r->line, e);
    json_value items = json_get(doc.root, "items");
    for (size_t i = 0; i < json_count(items); i++)
        put_reject(r, json_item(items, i));
    *ret_next = str_copy(r->line->arena, json_text(r->line, doc.root, "next"));
    json_doc_done(&doc);
    return EXIT_DONE;
}

static int put_pages(struct rejects *r, struct local *local)
{
    const char *batch = r->line->words[0];
    str next = STR("");
    int code = EXIT_DONE;
    do {
        struct text target;
        text_init(&target, r->line->arena);
        text_put(&target, cli_path(r->line, "/v1/batches/", batch, "/rejects"));
        if (!str_is_empty(next)) {
            text_put_c(&target, "?cursor=");
            text_put(&target, next);
        }
        code = put_page(r, local, text_str(&target), &next);
    } while (code == EXIT_DONE && !str_is_empty(next));
    return code;
}

static int run(const struct command_line *line)
{
    static const struct table_column columns[] = {
        {"cli.column.row",    true },
        {"cli.column.column", true },
        {"cli.column.code",   true },
        {"cli.column.reason", false},
        {"cli.column.raw",    false},
    };
    struct rejects r = {.line = line};
    r.is_csv = command_value(line, &cmd_rejects, "csv") != NULL;
    if (line->word_count != 1 || (r.is_csv && line->wants_json))
        return command_usage(&cmd_rejects, "cli.usage.rejects");
    struct local local = {0};
    err e = local_open(line, &local);
    if (failed(e))
        return command_fail(line, e);
    table_init(&r.table, line, columns, COUNT_OF(columns));
    if (r.is_csv)
        printf("row,column,code,reason,raw\n");
    int code = put_pages(&r, &local);
    if (r.table.count > 0)
        table_print(&r.table, stdout);
    else if (code == EXIT_DONE && !line->wants_json && !r.is_csv)
        put_line(line, stderr, say(line, "cli.rejects.none"));
    local_close(&local);
    return code;
}
