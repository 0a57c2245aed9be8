/* SPDX-License-Identifier: Apache-2.0 */
/* yumen trace: where money went, in a centre or in files alone. */
#include "app/cli/cli.h"
#include "app/money/trail_files.h"
#include "app/money/trail_write.h"
#include "env/clock.h"
#include "fact/currency.h"

#include <limits.h>

enum { SHOWN_REFUSALS = 10, SHOWN_DOUBTS = 20, ANSWER_BYTES = 512 << 20, FILES_ZONE_MIN = 480 };

static int run(const struct command_line *line);

const struct command_entry cmd_trace = {
    .name = "trace",
    .usage = "--transfers FILE[,FILE...] --start ID[,ID...] [--method METHOD]\n"
             "       yumen trace --incident ID [--method METHOD]",
    .help = "cli.help.trace",
    .options = {{"transfers", "FILE[,FILE...]", "cli.option.transfers"},
                {"start", "ID[,ID...]", "cli.option.start"},
                {"incident", "ID", "cli.option.incident"},
                {"method", "METHOD", "cli.option.method"},
                {"layers", "N", "cli.option.layers"},
                {"hours", "N", "cli.option.hours"},
                {"first", "N", "cli.option.first"},
                {"as-of", "TIME", "cli.option.as_of"},
                {"csv", NULL, "cli.option.csv"}},
    .run = run,
};

static const char *value_of(const struct command_line *line, const char *name)
{
    return command_value(line, &cmd_trace, name);
}

/* --- the table --- */

struct shown {
    const struct command_line *line;
    json_value root;
    str currency;
    bool has_attribution;
};

static str money(const struct shown *s, json_value object, const char *key)
{
    int64_t minor = 0;
    if (failed(json_read_i64(json_get(object, key), &minor)))
        return STR("");
    struct text t;
    text_init(&t, s->line->arena);
    currency_put(&t, minor, s->currency);
    return text_str(&t);
}

/* Amounts stand under each other at their points. */
static str flush_right(const struct shown *s, str text, size_t width)
{
    struct text t;
    text_init(&t, s->line->arena);
    for (size_t i = text.size; i < width; i++)
        text_put_char(&t, ' ');
    text_put(&t, text);
    return text_str(&t);
}

static size_t widest(const struct shown *s, json_value nodes, const char *key)
{
    size_t width = 0;
    for (size_t i = 0; i < json_count(nodes); i++) {
        size_t size = money(s, json_item(nodes, i), key).size;
        width = size > width ? size : width;
    }
    return width;
}

/* Two blanks a layer, so that the eye follows the money down. */
static str indented(const struct shown *s, json_value node)
{
    int64_t layer = 1;
    struct text t;
    (void)!failed(json_read_i64(json_get(node, "layer"), &layer));
    text_init(&t, s->line->arena);
    for (int64_t i = 1; i < layer; i++)
        text_put_c(&t, "  ");
    text_put(&t, json_text(s->line, node, "display"));
    return text_str(&t);
}

static void put_nodes(const struct shown *s)
{
    static const struct table_column columns[] = {
        {"ui.trail.layer_head", true},
        {"ui.trail.account",    true},
        {"cli.column.bank",     true},
        {"ui.trail.received",   true},
        {"ui.trail.attributed", true},
        {"cli.column.present",  true},
        {"cli.column.exited",   true},
        {"cli.column.unknown",  true},
        {"ui.trail.last",       true},
    };
    static const struct table_column without[] = {
        {"ui.trail.layer_head", true},
        {"ui.trail.account",    true},
        {"cli.column.bank",     true},
        {"ui.trail.received",   true},
        {"ui.trail.last",       true},
    };
    static const char *const sums[] = {"received", "attributed", "present", "exited", "unknown"};
    size_t sum_count = s->has_attribution ? COUNT_OF(sums) : 1;
    json_value nodes = json_get(s->root, "nodes");
    size_t widths[COUNT_OF(sums)] = {0};
    for (size_t k = 0; k < sum_count; k++)
        widths[k] = widest(s, nodes, sums[k]);
    struct table t;
    table_init(&t, s->line, s->has_attribution ? columns : without,
               s->has_attribution ? COUNT_OF(columns) : COUNT_OF(without));
    for (size_t i = 0; i < json_count(nodes); i++) {
        json_value node = json_item(nodes, i);
        table_put(&t, json_text(s->line, node, "layer"));
        table_put_tone(&t, indented(s, node),
                       str_is_empty(json_text(s->line, node, "listing")) ? TONE_PLAIN : TONE_ALARM);
        table_put(&t, json_text(s->line, node, "bank"));
        for (size_t k = 0; k < sum_count; k++)
            table_put(&t, flush_right(s, money(s, node, sums[k]), widths[k]));
        table_put(&t, say_time(s->line, json_text(s->line, node, "last")));
    }
    if (json_count(nodes) > 0)
        table_print(&t, stdout);
}

static void put_head(const struct shown *s)
{
    json_value totals = json_get(s->root, "totals");
    struct table t;
    record_init(&t, s->line);
    record_put(&t, "cli.column.method",
               say_word(s->line, "ui.method.", json_text(s->line, s->root, "method")));
    record_put(&t, "ui.trail.as_of", say_time(s->line, json_text(s->line, s->root, "as_of")));
    static const struct {
        const char *label;
        const char *key;
    } sums[] = {
        {"ui.trail.stolen",    "stolen" },
        {"cli.column.present", "present"},
        {"cli.column.exited",  "exited" },
        {"cli.column.unknown", "unknown"},
    };
    size_t width = 0;
    for (size_t i = 0; i < COUNT_OF(sums); i++) {
        size_t size = money(s, totals, sums[i].key).size;
        width = size > width ? size : width;
    }
    for (size_t i = 0; i < COUNT_OF(sums); i++) {
        struct text text;
        text_init(&text, s->line->arena);
        if (!str_is_empty(money(s, totals, sums[i].key))) {
            text_put(&text, flush_right(s, money(s, totals, sums[i].key), width));
            text_put_char(&text, ' ');
            text_put(&text, s->currency);
        }
        record_put(&t, sums[i].label, text_str(&text));
    }
    table_print(&t, stdout);
    printf("\n");
}

static void put_exits(const struct shown *s)
{
    static const struct table_column columns[] = {
        {"cli.column.exit",  true},
        {"ui.trail.account", true},
        {"ui.trail.amount",  true},
    };
    json_value exits = json_get(s->root, "exits");
    size_t width = widest(s, exits, "amount");
    struct table t;
    table_init(&t, s->line, columns, COUNT_OF(columns));
    for (size_t i = 0; i < json_count(exits); i++) {
        json_value e = json_item(exits, i);
        table_put(&t, say_word(s->line, "ui.exit.", json_text(s->line, e, "kind")));
        table_put(&t, json_text(s->line, e, "account"));
        table_put(&t, flush_right(s, money(s, e, "amount"), width));
    }
    if (json_count(exits) == 0)
        return;
    printf("\n");
    table_print(&t, stdout);
}

static void put_doubts(const struct shown *s)
{
    json_value doubts = json_get(s->root, "ambiguities");
    if (json_count(doubts) > 0)
        printf("\n");
    for (size_t i = 0; i < json_count(doubts) && i < SHOWN_DOUBTS; i++) {
        json_value d = json_item(doubts, i);
        json_value transfers = json_get(d, "transfers");
        struct text t;
        text_init(&t, s->line->arena);
        text_put(&t, json_text(s->line, d, "account"));
        text_put_c(&t, " (");
        for (size_t k = 0; k < json_count(transfers); k++) {
            str id = STR("");
            (void)!failed(json_read_str(json_item(transfers, k), &id));
            text_put_c(&t, k == 0 ? "" : ", ");
            text_put(&t, id);
        }
        text_put_c(&t, "): ");
        text_put(&t, json_text(s->line, d, "reason"));
        json_value present = json_get(d, "present");
        if (!json_is_absent(present))
            text_put(&t, say_with(s->line, "cli.trace.between", money(s, present, "low"),
                                  money(s, present, "high")));
        put_line(s->line, stdout, text_str(&t));
    }
    if (json_count(doubts) > SHOWN_DOUBTS)
        put_line(s->line, stdout,
                 say_with(s->line, "cli.trace.more_doubts",
                          say_number(s->line, (int64_t)json_count(doubts) - SHOWN_DOUBTS),
                          STR("")));
}

static int show(const struct command_line *line, json_value root)
{
    struct shown s = {.line = line, .root = root};
    s.currency = json_text(line, root, "currency");
    s.has_attribution = !str_equal(json_text(line, root, "method"), STR("reach"));
    put_head(&s);
    put_nodes(&s);
    put_exits(&s);
    put_doubts(&s);
    return EXIT_DONE;
}

/* --- files alone --- */

static str reason_of(void *self, const char *key)
{
    return say(self, key);
}

static err whole_number(const struct command_line *line, const char *name, int64_t most,
                        int64_t *value)
{
    const char *text = value_of(line, name);
    if (text == NULL)
        return OK;
    if (failed(str_parse_i64(str_from_c(text), value)) || *value < 0 || *value > most)
        return fail(ERR_MALFORMED, "trail.setting", 0);
    return OK;
}

/* What was asked for; `starts` has room for TRAIL_STARTS_MOST. */
static err read_question(const struct command_line *line, str *starts,
                         struct trail_question *ret_question)
{
    int64_t layers = 6;
    int64_t hours = 72;
    int64_t first = 20;
    instant as_of = {0};
    const char *method = value_of(line, "method");
    struct trail_question q = {.starts = starts};
    q.method = method == NULL ? (unsigned)METHOD_FIFO : trail_method_find(str_from_c(method));
    if (q.method > METHOD_REACH)
        return fail(ERR_MALFORMED, "trail.method", 0);
    TRY(whole_number(line, "layers", REACH_LAYERS, &layers));
    TRY(whole_number(line, "hours", 24 * 366, &hours));
    TRY(whole_number(line, "first", REACH_FIRST, &first));
    if (value_of(line, "as-of") != NULL)
        TRY(instant_parse(str_from_c(value_of(line, "as-of")), &as_of));
    q.settings = (struct reach_settings){
        .layers = (unsigned)layers, .first = (unsigned)first, .window_ms = hours * 3600 * 1000};
    q.as_of_ms = as_of.us / US_PER_MS;
    str rest = str_from_c(value_of(line, "start"));
    for (str id = {0}; str_split(&rest, ',', &id);) {
        id = str_trim(id);
        if (str_is_empty(id))
            continue;
        if (q.start_count == TRAIL_STARTS_MOST)
            return fail(ERR_LIMIT, "trail.starts", TRAIL_STARTS_MOST);
        starts[q.start_count++] = id;
    }
    *ret_question = q;
    return q.start_count == 0 ? fail(ERR_MALFORMED, "trail.no_start", 0) : OK;
}

/* ret_path: the file it failed at. */
static err read_files(const struct command_line *line, struct trail_files *files, str *ret_path)
{
    str rest = str_from_c(value_of(line, "transfers"));
    for (str path = {0}; str_split(&rest, ',', &path);) {
        if (str_is_empty(path))
            continue;
        *ret_path = path;
        TRY(trail_files_read(files, str_to_c(line->arena, path)));
    }
    *ret_path = STR("");
    return trail_files_end(files);
}

static void put_refused(const struct command_line *line, const struct trail_files *files)
{
    const struct feed_answer *a = &files->answer;
    if (a->refused == 0)
        return;
    put_line(line, stderr,
             say_with(line, "cli.trace.refused", say_number(line, a->refused), STR("")));
    for (size_t i = 0; i < a->refusal_count && i < SHOWN_REFUSALS; i++)
        fprintf(stderr, "  %lld  %.*s  %.*s (%s)\n", (long long)a->refusals[i].row,
                STR_ARGS(a->refusals[i].column), STR_ARGS(say(line, a->refusals[i].code)),
                a->refusals[i].code);
}

static int print_doc(const struct command_line *line, const struct trail_doc *doc)
{
    union {
        const struct command_line *line;
        void *self;
    } who = {.line = line};
    struct trail_form form = {.incident = STR(""), .zone_min = FILES_ZONE_MIN, .say = reason_of};
    form.self = who.self;
    struct arena arena;
    struct text t;
    arena_init(&arena, ANSWER_BYTES);
    text_init(&t, &arena);
    bool is_csv = value_of(line, "csv") != NULL;
    if (is_csv)
        trail_write_csv(doc, &form, &t);
    else
        trail_write_json(doc, &form, &t);
    int code = text_spent(&t) ? command_fail(line, fail(ERR_LIMIT, "limit.memory", 0)) : EXIT_DONE;
    if (code == EXIT_DONE && (is_csv || line->wants_json)) {
        printf("%.*s%s", STR_ARGS(text_str(&t)), is_csv ? "" : "\n");
    } else if (code == EXIT_DONE) {
        struct json_doc parsed = {0};
        err e = json_doc_parse(text_str(&t), ANSWER_BYTES, &parsed);
        code = failed(e) ? command_fail(line, e) : show(line, parsed.root);
        json_doc_done(&parsed);
    }
    arena_done(&arena);
    return code;
}

static int answer(const struct command_line *line, struct trail_files *files,
                  const struct trail_question *q)
{
    struct arena arena;
    struct trail_doc doc = {0};
    str start = STR("");
    arena_init(&arena, TRAIL_DOC_BYTES);
    err e = trail_doc_make(files->runs, q, &arena, &doc, &start);
    int code = failed(e) ? command_fail_at(line, start, e) : print_doc(line, &doc);
    arena_done(&arena);
    return code == EXIT_DONE && files->answer.refused > 0 ? EXIT_REFUSED : code;
}

static int trace_files(const struct command_line *line)
{
    str *starts = arena_make_array(line->arena, TRAIL_STARTS_MOST, sizeof *starts);
    struct trail_question q = {0};
    struct trail_files files = {0};
    str path = STR("");
    if (starts == NULL)
        return command_fail(line, fail(ERR_LIMIT, "limit.memory", 0));
    err e = read_question(line, starts, &q);
    if (failed(e)) {
        fprintf(stderr, "yumen trace: ");
        put_line(line, stderr, say(line, e.why));
        return EXIT_USAGE;
    }
    e = trail_files_open(env_now(), STR("CNY"), &files);
    if (!failed(e))
        e = read_files(line, &files, &path);
    put_refused(line, &files);
    int code = failed(e) ? command_fail_at(line, path, e) : answer(line, &files, &q);
    trail_files_close(&files);
    return code;
}

/* --- a centre --- */

static int trace_incident(const struct command_line *line)
{
    static const char *const settings[] = {"method", "layers", "hours", "first", NULL};
    str path = cli_path(line, "/v1/incidents/", value_of(line, "incident"), "/trail");
    struct local_request request = {
        .method = HTTP_GET,
        .target = cli_target(line, &cmd_trace, str_to_c(line->arena, path), settings)};
    if (value_of(line, "csv") == NULL)
        return cli_show(line, &request, show);
    struct local_reply reply = {0};
    request.accept = STR("text/csv");
    int code = cli_ask(line, &request, &reply);
    if (code == EXIT_DONE)
        printf("%.*s", STR_ARGS(reply.body));
    return code;
}

static int run(const struct command_line *line)
{
    bool is_files = value_of(line, "transfers") != NULL && value_of(line, "start") != NULL;
    bool is_incident = value_of(line, "incident") != NULL && value_of(line, "transfers") == NULL;
    if (line->word_count > 0 || (!is_files && !is_incident))
        return command_usage(&cmd_trace, "cli.usage.trace");
    return is_incident ? trace_incident(line) : trace_files(line);
}
