/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/cli.h"

#include "env/clock.h"
#include "env/file.h"

#include <assert.h>

enum { STDIN_PIECE_BYTES = 64 << 10 };

str say(const struct command_line *line, const char *key)
{
    return message(str_from_c(key), line->language);
}

str say_with(const struct command_line *line, const char *key, str one, str two)
{
    str sentence = say(line, key);
    struct text t;
    text_init(&t, line->arena);
    for (size_t i = 0; i < sentence.size; i++) {
        str rest = str_from(sentence, i);
        if (str_starts(rest, STR("{1}")) || str_starts(rest, STR("{2}"))) {
            text_put(&t, rest.at[1] == '1' ? one : two);
            i += 2;
        } else {
            text_put_char(&t, sentence.at[i]);
        }
    }
    return text_str(&t);
}

str say_word(const struct command_line *line, const char *prefix, str word)
{
    if (line->language == LANGUAGE_EN || str_is_empty(word))
        return word;
    struct text t;
    text_init(&t, line->arena);
    text_put_c(&t, prefix);
    text_put(&t, word);
    return message_exists(text_str(&t)) ? message(text_str(&t), line->language) : word;
}

str say_time(const struct command_line *line, str rfc3339)
{
    enum { DATE = 10, TO_MINUTES = 16 };
    if (rfc3339.size < TO_MINUTES)
        return rfc3339;
    struct text t;
    text_init(&t, line->arena);
    text_put(&t, str_until(rfc3339, DATE));
    text_put_char(&t, ' ');
    text_put(&t, str_from(str_until(rfc3339, TO_MINUTES), DATE + 1));
    return text_str(&t);
}

str say_number(const struct command_line *line, int64_t value)
{
    struct text t;
    text_init(&t, line->arena);
    text_put_i64(&t, value);
    return text_str(&t);
}

void put_line(const struct command_line *line, FILE *out, str sentence)
{
    str shown = table_harmless(line->arena, sentence);
    if (out == stderr)
        (void)fflush(stdout); /* what was said before is read before */
    fprintf(out, "%.*s\n", STR_ARGS(shown));
}

int cli_verbs(const struct command_line *line, const struct command_entry *entry,
              const struct verb *verbs, size_t count)
{
    assert(count > 0 && verbs != NULL);
    struct command_line rest = *line;
    const struct verb *verb = line->word_count == 0 ? &verbs[0] : NULL;
    for (size_t i = 0; verb == NULL && i < count; i++)
        if (strcmp(verbs[i].name, line->words[0]) == 0)
            verb = &verbs[i];
    if (verb == NULL)
        return command_usage(entry, "cli.usage.unknown_verb");
    if (line->word_count > 0) {
        rest.words++;
        rest.word_count--;
    }
    if (rest.word_count < verb->least)
        return command_usage(entry, "cli.usage.too_few");
    if (rest.word_count > verb->most)
        return command_usage(entry, "cli.usage.too_many");
    return verb->run(&rest);
}

str json_text(const struct command_line *line, json_value object, const char *key)
{
    json_value v = json_get(object, key);
    str text = STR("");
    int64_t number = 0;
    bool truth = false;
    if (!failed(json_read_str(v, &text)))
        return text;
    if (!failed(json_read_i64(v, &number)))
        return say_number(line, number);
    if (!failed(json_read_bool(v, &truth)))
        return truth ? STR("1") : STR("0");
    if (!failed(json_read_milli(v, &number))) {
        struct text t;
        text_init(&t, line->arena);
        text_printf(&t, "%lld.%03d", (long long)(number / 1000), (int)(number % 1000));
        return text_str(&t);
    }
    return STR("");
}

int cli_refusal(const struct command_line *line, const struct local_reply *reply)
{
    int code = local_refusal(reply);
    struct json_doc doc = {0};
    bool has_token = line->token != NULL && line->token[0] != '\0';
    str code_word = failed(local_json(reply, &doc)) ? STR("") : json_text(line, doc.root, "code");
    bool is_permit = str_starts(code_word, STR("permit.")) &&
                     !str_equal(code_word, STR("permit.machine")); /* says so itself */
    json_doc_done(&doc);
    if (is_permit && !has_token)
        put_line(line, stderr, say(line, "cli.hint.token"));
    return code;
}

int cli_ask(const struct command_line *line, const struct local_request *request,
            struct local_reply *ret_reply)
{
    struct local local = {0};
    err e = local_open(line, &local);
    if (!failed(e))
        e = local_call(&local, request, ret_reply);
    local_close(&local);
    if (failed(e))
        return command_fail(line, e);
    return ret_reply->status >= 300 ? cli_refusal(line, ret_reply) : EXIT_DONE;
}

int cli_show(const struct command_line *line, const struct local_request *request,
             int (*show)(const struct command_line *line, json_value root))
{
    struct local_reply reply = {0};
    int code = cli_ask(line, request, &reply);
    if (code != EXIT_DONE)
        return code;
    if (line->wants_json) {
        printf("%.*s\n", STR_ARGS(reply.body));
        return EXIT_DONE;
    }
    struct json_doc doc = {0};
    err e = local_json(&reply, &doc);
    if (failed(e))
        return command_fail(line, e);
    code = show(line, doc.root);
    json_doc_done(&doc);
    return code;
}

str cli_target(const struct command_line *line, const struct command_entry *entry, const char *path,
               const char *const *options)
{
    struct text t;
    text_init(&t, line->arena);
    text_put_c(&t, path);
    char before = '?';
    for (size_t i = 0; options[i] != NULL; i++) {
        const char *value = command_value(line, entry, options[i]);
        if (value == NULL)
            continue;
        text_put_char(&t, before);
        text_put_c(&t, options[i]);
        text_put_char(&t, '=');
        text_put(&t, local_encode(line, str_from_c(value)));
        before = '&';
    }
    return text_str(&t);
}

str cli_path(const struct command_line *line, const char *before, const char *word,
             const char *after)
{
    struct text t;
    text_init(&t, line->arena);
    text_put_c(&t, before);
    text_put(&t, local_encode(line, str_from_c(word)));
    text_put_c(&t, after);
    return text_str(&t);
}

struct json *cli_body_begin(const struct command_line *line, struct cli_body *body)
{
    text_init(&body->text, line->arena);
    json_init(&body->json, &body->text);
    json_object(&body->json);
    return &body->json;
}

str cli_body_end(struct cli_body *body)
{
    json_end(&body->json);
    return text_str(&body->text);
}

/* "90d" and "12h" are from now on; anything else is the API's to read. */
static str until_of(const struct command_line *line, const char *given)
{
    str s = str_from_c(given);
    int64_t count = 0;
    bool is_days = str_ends(s, STR("d"));
    if (!is_days && !str_ends(s, STR("h")))
        return s;
    if (failed(str_parse_i64(str_until(s, s.size - 1), &count)) || count <= 0 || count > 100000)
        return s;
    char room[INSTANT_TEXT_BYTES];
    instant now = instant_from_us(env_now().us / US_PER_S * US_PER_S);
    instant until = instant_add_us(now, count * (is_days ? US_PER_DAY : US_PER_HOUR));
    return str_copy(line->arena, instant_format(until, 0, room));
}

void cli_body_options(struct json *j, const struct command_line *line,
                      const struct command_entry *entry, const char *const *options)
{
    for (size_t i = 0; options[i] != NULL; i++) {
        const char *value = command_value(line, entry, options[i]);
        str name = str_from_c(options[i]);
        bool is_until = str_equal(name, STR("until"));
        if (value != NULL)
            json_put_str(j, name, is_until ? until_of(line, value) : str_from_c(value));
    }
}

int cli_post(const struct command_line *line, const struct command_entry *entry, str target,
             const char *const *options,
             int (*show)(const struct command_line *line, json_value root))
{
    struct cli_body body;
    struct json *j = cli_body_begin(line, &body);
    cli_body_options(j, line, entry, options);
    struct local_request request = {
        .method = HTTP_POST, .target = target, .body = cli_body_end(&body)};
    return cli_show(line, &request, show);
}

int cli_put_refusals(const struct command_line *line, json_value refusals, const char *what,
                     const char *column)
{
    const struct table_column columns[] = {
        {column,              true },
        {"cli.column.code",   true },
        {"cli.column.reason", false},
    };
    struct table t;
    if (json_count(refusals) == 0)
        return EXIT_DONE;
    table_init(&t, line, columns, COUNT_OF(columns));
    for (size_t i = 0; i < json_count(refusals); i++) {
        json_value refusal = json_item(refusals, i);
        table_put(&t, json_text(line, refusal, what));
        table_put_tone(&t, json_text(line, refusal, "code"), TONE_ALARM);
        table_put(&t, json_text(line, refusal, "reason"));
    }
    table_print(&t, stderr);
    return EXIT_REFUSED;
}

void cli_put_shown(const struct command_line *line, json_value page)
{
    int64_t count = (int64_t)json_count(json_get(page, "items"));
    put_line(line, stderr,
             say_with(line, "cli.shown", say_number(line, count), json_text(line, page, "total")));
}

bool cli_put_waiting(const struct command_line *line, json_value list)
{
    str code = json_text(line, list, "waits_for");
    if (str_is_empty(code))
        return false;
    /* What is only unusual may be accepted; what is no whole list may not. */
    const char *key =
        str_starts(code, STR("source.")) ? "cli.ingest.waits" : "cli.ingest.waits_broken";
    put_line(line, stdout,
             say_with(line, key, json_text(line, list, "waits_for_text"),
                      json_text(line, list, "batch")));
    return true;
}

bool cli_put_list(const struct command_line *line, json_value list)
{
    if (cli_put_waiting(line, list))
        return false;
    put_line(line, stdout,
             say_with(line, "cli.ingest.entered", json_text(line, list, "entered"),
                      json_text(line, list, "renewed")));
    put_line(line, stdout,
             say_with(line, "cli.ingest.vanished", json_text(line, list, "vanished"),
                      json_text(line, list, "conflicts")));
    return true;
}

static err read_stdin(size_t most, struct arena *a, str *ret_bytes)
{
    struct text t;
    char piece[STDIN_PIECE_BYTES];
    size_t size = 0;
    text_init(&t, a);
    while ((size = fread(piece, 1, sizeof piece, stdin)) > 0) {
        text_put(&t, str_make(piece, size));
        if (t.size > most)
            return fail(ERR_LIMIT, "json.too_large", 0);
    }
    *ret_bytes = text_str(&t);
    if (ferror(stdin) != 0)
        return fail(ERR_OS, "cli.file.unreadable", 0);
    return text_spent(&t) ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

err cli_bytes(const char *path, size_t most, struct arena *a, str *ret_bytes)
{
    err e = strcmp(path, "-") == 0 ? read_stdin(most, a, ret_bytes)
                                   : file_read(path, most, a, ret_bytes);
    return e.code == ERR_ABSENT ? fail(ERR_OS, "cli.file.unreadable", 0) : e;
}
