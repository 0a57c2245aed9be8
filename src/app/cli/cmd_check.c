/* SPDX-License-Identifier: Apache-2.0 */
/* yumen check: the verdict on each value, with the reason, what it rests on, and until when. */
#include "app/cli/cli.h"

enum { TURN_BYTES = 64 << 20, VALUE_BYTES = 8192 };

static int run(const struct command_line *line);

const struct command_entry cmd_check = {
    .name = "check",
    .usage = "VALUE... | -",
    .help = "cli.help.check",
    .options = {{"kind", "KIND", "cli.option.kind"}},
    .run = run,
};

struct checking {
    const struct command_line *line;
    struct local local;
    struct command_line asking; /* line, with an arena that ends with each value */
    struct arena turn;
    struct table table;
    bool is_record; /* one value: everything about it */
    bool is_blocked;
    bool is_refused;
};

/* What is not listed passes as well; what an allow listing protects is said to be. */
static str verdict_shown(const struct command_line *line, json_value root)
{
    str verdict = json_text(line, root, "verdict");
    bool is_listed = !str_is_empty(json_text(line, root, "listing"));
    if (is_listed && str_equal(verdict, STR("pass")))
        return say(line, "cli.verdict.protected");
    return say_word(line, "cli.verdict.", verdict);
}

/* What the verdict means to whoever asked, and what to do: as the console says it. */
static void put_meaning(struct table *t, const struct command_line *line, json_value root)
{
    str verdict = json_text(line, root, "verdict");
    bool is_number = str_equal(json_text(line, root, "kind"), STR("number"));
    bool is_protected =
        str_equal(verdict, STR("pass")) && !str_is_empty(json_text(line, root, "listing"));
    struct text key;
    text_init(&key, line->arena);
    text_put_c(&key, is_protected || !is_number ? "ui.verdict." : "ui.verdict.number.");
    text_put(&key, is_protected ? STR("protected") : verdict);
    record_put(t, "cli.column.meaning", message(text_str(&key), line->language));
    text_put_c(&key, ".advice");
    record_put(t, "cli.column.advice", message(text_str(&key), line->language));
}

static void put_record(struct checking *c, json_value root)
{
    const struct command_line *line = c->line;
    struct table t;
    record_init(&t, line);
    record_put(&t, "cli.column.value", json_text(line, root, "display"));
    record_put(&t, "cli.column.kind", say_word(line, "ui.kind.", json_text(line, root, "kind")));
    record_put(&t, "cli.column.verdict", verdict_shown(line, root));
    put_meaning(&t, line, root);
    record_put(&t, "cli.column.reason", json_text(line, root, "reason_text"));
    record_put(&t, "cli.column.basis", json_text(line, root, "basis_text"));
    record_put(&t, "cli.column.from", say_time(line, json_text(line, root, "from")));
    record_put(&t, "cli.column.until", say_time(line, json_text(line, root, "until")));
    record_put(&t, "cli.column.listing", json_text(line, root, "listing"));
    str appeal_url = json_text(line, root, "appeal_url");
    if (str_starts(appeal_url, STR("http"))) /* without a server there is no address */
        record_put(&t, "cli.column.appeal_url", appeal_url);
    table_print(&t, stdout);
}

static void put_row(struct checking *c, json_value root)
{
    const struct command_line *line = c->line;
    table_put(&c->table, json_text(line, root, "display"));
    table_put(&c->table, say_word(line, "ui.kind.", json_text(line, root, "kind")));
    table_put(&c->table, verdict_shown(line, root));
    table_put(&c->table, say_time(line, json_text(line, root, "until")));
    table_put(&c->table, json_text(line, root, "reason_text"));
}

static void put_refusal(struct checking *c, str value, json_value root)
{
    c->is_refused = true;
    const struct command_line *line = c->line;
    str code = json_text(line, root, "code");
    str reason = json_text(line, root, "detail");
    if (line->wants_json) {
        struct cli_body body;
        struct json *j = cli_body_begin(&c->asking, &body);
        json_put_str(j, STR("value"), value);
        json_put_str(j, STR("code"), code);
        json_put_str(j, STR("reason"), reason);
        printf("%s\n", cli_body_end(&body).at);
        return;
    }
    (void)fflush(stdout);
    struct text t;
    text_init(&t, line->arena);
    text_put(&t, value);
    text_put_c(&t, ": ");
    text_put(&t, reason);
    put_line(line, stderr, text_str(&t));
}

static void put_verdict(struct checking *c, str body, json_value root)
{
    str verdict = json_text(&c->asking, root, "verdict");
    c->is_blocked = c->is_blocked || str_equal(verdict, STR("block"));
    if (c->line->wants_json)
        printf("%.*s\n", STR_ARGS(body));
    else if (c->is_record)
        put_record(c, root);
    else
        put_row(c, root);
}

/* What ends the command; what is wrong with one value only has been said. */
static int check_one(struct checking *c, str value)
{
    const char *kind = command_value(c->line, &cmd_check, "kind");
    struct text target;
    text_init(&target, &c->turn);
    if (kind != NULL)
        text_put(&target, cli_path(&c->asking, "/v1/check?kind=", kind, "&value="));
    else
        text_put_c(&target, "/v1/check?q=");
    text_put(&target, local_encode(&c->asking, value));
    struct local_request request = {.method = HTTP_GET, .target = text_str(&target)};
    struct local_reply reply = {0};
    struct json_doc doc = {0};
    err e = local_call(&c->local, &request, &reply);
    if (failed(e))
        return command_fail(c->line, e);
    bool is_about_value = reply.status < 300 || reply.status == 400 || reply.status == 422;
    if (!is_about_value)
        return cli_refusal(c->line, &reply);
    e = local_json(&reply, &doc);
    if (failed(e))
        return command_fail(c->line, e);
    if (reply.status < 300)
        put_verdict(c, reply.body, doc.root);
    else
        put_refusal(c, value, doc.root);
    json_doc_done(&doc);
    arena_reset(&c->turn);
    return EXIT_DONE;
}

/* One value a line. */
static int check_lines(struct checking *c)
{
    static char room[VALUE_BYTES];
    int code = EXIT_DONE;
    while (code == EXIT_DONE && fgets(room, sizeof room, stdin) != NULL) {
        str value = str_trim(str_from_c(room));
        if (!str_is_empty(value))
            code = check_one(c, value);
    }
    return code;
}

static int check_words(struct checking *c)
{
    int code = EXIT_DONE;
    for (int i = 0; code == EXIT_DONE && i < c->line->word_count; i++) {
        bool is_stdin = strcmp(c->line->words[i], "-") == 0;
        code = is_stdin ? check_lines(c) : check_one(c, str_from_c(c->line->words[i]));
    }
    return code;
}

static int run(const struct command_line *line)
{
    static const struct table_column columns[] = {
        {"cli.column.value",   false},
        {"cli.column.kind",    true },
        {"cli.column.verdict", true },
        {"cli.column.until",   true },
        {"cli.column.reason",  false},
    };
    if (line->word_count == 0)
        return command_usage(&cmd_check, "cli.usage.too_few");
    struct checking c = {.line = line, .asking = *line};
    c.is_record = line->word_count == 1 && strcmp(line->words[0], "-") != 0;
    err e = local_open(line, &c.local);
    if (failed(e))
        return command_fail(line, e);
    arena_init(&c.turn, TURN_BYTES);
    c.asking.arena = &c.turn;
    c.local.line = &c.asking;
    table_init(&c.table, line, columns, COUNT_OF(columns));
    int code = check_words(&c);
    if (c.table.count > 0)
        table_print(&c.table, stdout);
    arena_done(&c.turn);
    local_close(&c.local);
    if (code != EXIT_DONE)
        return code;
    if (c.is_refused)
        return EXIT_REFUSED;
    return c.is_blocked ? EXIT_NEGATIVE : EXIT_DONE;
}
