/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/audit_verify.h"

#include "app/call/export.h"
#include "app/cli/audit_counts.h"
#include "app/cli/audit_limits.h"
#include "app/cli/cli.h"
#include "app/cli/progress.h"
#include "store/row.h"

#define KEEP_BYTES ((size_t)8 << 30)

enum { TURN_BYTES = 64 << 20, HEADS_MAX = 100000, HEADS_BYTES = 64 << 20 };

struct audit {
    const struct audit_question *question;
    const struct command_line *line;
    struct reader *reader;
    struct arena keep;
    struct arena turn;
    struct export_walk walk;
    str store;
    str key_id;
    struct sign_public key;
    struct head *published;
    size_t published_count;
    struct env_counter seen; /* leaves */
    struct text findings;    /* --json */
    struct json json;
};

/* --- the store --- */

static err open_reader(struct audit *a)
{
    char path[PATH_BYTES + 16];
    int size = snprintf(path, sizeof path, "%s/yumen.db", a->line->data);
    if (size < 0 || (size_t)size >= sizeof path)
        return fail(ERR_LIMIT, "house.path", 0);
    if (!file_exists(path))
        return fail(ERR_ABSENT, "house.absent", 0);
    TRY(row_boot(a->line->arena));
    return reader_open(a->line->arena, path, &a->reader);
}

/* Every later key is vouched for by heads that an earlier one signed. */
static err find_key(struct audit *a, str *ret_hex)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(reader_sql(a->reader),
                "SELECT \"id\", \"public_part\" FROM signing_key WHERE \"kind\" = 'ledger'"
                " ORDER BY \"id\" LIMIT 1",
                &row));
    bool has_row = false;
    err e = sql_next(row, &has_row);
    if (!failed(e) && !has_row)
        e = fail(ERR_ABSENT, "key.absent", 0);
    if (!failed(e)) {
        a->key_id = sql_str(row, 0, a->line->arena);
        *ret_hex = sql_str(row, 1, a->line->arena);
    }
    sql_done(&row);
    return e;
}

static err find_trust(struct audit *a)
{
    str hex = {0};
    TRY(find_key(a, &hex));
    if (a->question->key != NULL)
        hex = str_trim(str_from_c(a->question->key));
    if (failed(hex_parse(hex, a->key.bytes, SIGN_PUBLIC_BYTES)))
        return fail(ERR_MALFORMED, "cli.audit.key", 0);
    return export_store_id(a->reader, a->line->arena, &a->store);
}

/* --- heads that somebody kept --- */

static err read_head(struct audit *a, json_value v, struct head *head)
{
    str root = {0};
    str signature = {0};
    str key = {0};
    str of = a->store;
    int64_t size = 0;
    TRY(json_read_i64(json_get(v, "size"), &size));
    TRY(json_read_i64(json_get(v, "at"), &head->at.us));
    TRY(json_read_str(json_get(v, "root"), &root));
    TRY(json_read_str(json_get(v, "key"), &key));
    TRY(json_read_str(json_get(v, "signature"), &signature));
    if (!json_is_absent(json_get(v, "store")))
        TRY(json_read_str(json_get(v, "store"), &of));
    if (size < 0 || !str_equal(of, a->store))
        return fail(ERR_MALFORMED, "cli.audit.other_store", 0);
    head->size = (uint64_t)size;
    head->store = a->store;
    head->key = str_copy(a->line->arena, key);
    TRY(hex_parse(root, head->root.bytes, DIGEST_BYTES));
    return hex_parse(signature, head->signature.bytes, SIGNATURE_BYTES);
}

static err take_head(struct audit *a, str text)
{
    struct json_doc doc = {0};
    if (a->published_count == HEADS_MAX)
        return fail(ERR_LIMIT, "cli.audit.heads", HEADS_MAX);
    err e = json_doc_parse(text, HEADS_BYTES, &doc);
    if (!failed(e))
        e = read_head(a, doc.root, &a->published[a->published_count]);
    json_doc_done(&doc);
    if (failed(e))
        return strcmp(e.why, "cli.audit.other_store") == 0
                   ? e
                   : fail(ERR_MALFORMED, "cli.audit.head", 0);
    a->published_count++;
    return OK;
}

static err read_head_file(struct audit *a, const char *path)
{
    str rest = {0};
    str text = {0};
    size_t before = a->published_count;
    TRY(file_read(path, HEADS_BYTES, a->line->arena, &rest));
    while (str_split(&rest, '\n', &text))
        if (!str_is_empty(str_trim(text)))
            TRY(take_head(a, str_trim(text)));
    return a->published_count > before ? OK : fail(ERR_MALFORMED, "cli.audit.head", 0);
}

static err read_heads(struct audit *a)
{
    if (a->question->head_file_count == 0)
        return OK;
    a->published = arena_make_array(a->line->arena, HEADS_MAX, sizeof *a->published);
    if (a->published == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (size_t i = 0; i < a->question->head_file_count; i++) {
        err e = read_head_file(a, a->question->head_files[i]);
        if (failed(e))
            fprintf(stderr, "yumen: %s\n", a->question->head_files[i]);
        TRY(e);
    }
    return OK;
}

/* --- what is found --- */

static str count_text(const struct command_line *line, uint64_t n)
{
    return say_number(line, n > INT64_MAX ? INT64_MAX : (int64_t)n);
}

/* Where it is, in the catalogue's words, for those who do not read English. */
static void put_place(const struct command_line *line, const struct finding *f, struct text *t)
{
    if (f->size > 0 || f->at.us > 0)
        text_put(t, say_with(line, "cli.finding.head", count_text(line, f->size), STR("")));
    if (f->has_leaf && f->leaf_end > f->leaf + 1)
        text_put(t, say_with(line, "cli.finding.leaves", count_text(line, f->leaf),
                             count_text(line, f->leaf_end - 1)));
    else if (f->has_leaf)
        text_put(t, say_with(line, "cli.finding.leaf", count_text(line, f->leaf), f->act));
    if (!str_is_empty(f->record))
        text_put(t, say_with(line, "cli.finding.record", f->kind_name, f->record));
    if (!str_is_empty(f->field))
        text_put(t, say_with(line, "cli.finding.field", f->field, STR("")));
    text_put(t, message(str_from_c(finding_key(f->kind)), line->language));
    if (!str_is_empty(f->said) || !str_is_empty(f->found))
        text_put(t, say_with(line, "cli.finding.both", f->said, f->found));
}

static void put_json(struct audit *a, const struct finding *f)
{
    struct json *j = &a->json;
    json_object(j);
    json_put_str(j, STR("code"), str_from_c(finding_key(f->kind)));
    json_put_str(j, STR("finding"), str_from_c(finding_text(f->kind)));
    if (f->has_leaf)
        json_put_i64(j, STR("leaf"), (int64_t)f->leaf);
    if (f->leaf_end > 0)
        json_put_i64(j, STR("leaf_end"), (int64_t)f->leaf_end);
    if (f->size > 0)
        json_put_i64(j, STR("size"), (int64_t)f->size);
    json_put_str_if_any(j, STR("act"), f->act);
    json_put_str_if_any(j, STR("record_kind"), f->kind_name);
    json_put_str_if_any(j, STR("record"), f->record);
    json_put_str_if_any(j, STR("field"), f->field);
    json_put_str_if_any(j, STR("said"), f->said);
    json_put_str_if_any(j, STR("found"), f->found);
    json_end(j);
}

static void found(void *self, const struct finding *f)
{
    struct audit *a = self;
    if (a->line->wants_json) {
        put_json(a, f);
        return;
    }
    struct text t;
    text_init(&t, a->line->arena);
    if (a->line->language == LANGUAGE_EN)
        finding_format(f, &t);
    else
        put_place(a->line, f, &t);
    progress_clear();
    put_line(a->line, stdout, text_str(&t));
}

static int put_verdict(struct audit *a, const struct replay_verdict *v)
{
    const struct command_line *line = a->line;
    if (line->wants_json) {
        json_end(&a->json);
        struct cli_body body;
        struct json *j = cli_body_begin(line, &body);
        json_put_bool(j, STR("intact"), v->findings == 0);
        json_put_i64(j, STR("leaves"), (int64_t)v->leaves);
        json_put_i64(j, STR("records"), (int64_t)v->rows);
        json_put_i64(j, STR("heads"), (int64_t)v->heads);
        json_put_i64(j, STR("published_heads"), (int64_t)a->published_count);
        json_key(j, STR("findings"));
        json_raw(j, text_str(&a->findings));
        printf("%s\n", cli_body_end(&body).at);
        return v->findings == 0 ? EXIT_DONE : EXIT_NEGATIVE;
    }
    struct text t;
    text_init(&t, line->arena);
    text_put(&t, v->findings == 0 ? say(line, "cli.audit.intact")
                                  : say_with(line, "cli.audit.findings",
                                             count_text(line, v->findings), STR("")));
    text_put(&t, say_with(line, "cli.audit.looked", count_text(line, v->leaves),
                          count_text(line, v->rows)));
    text_put(&t, say_with(line, "cli.audit.heads_seen", count_text(line, v->heads),
                          count_text(line, a->published_count)));
    put_line(line, stdout, text_str(&t));
    return v->findings == 0 ? EXIT_DONE : EXIT_NEGATIVE;
}

/* --- the walk --- */

static err entry(void *self, uint64_t index, struct entry *ret_entry)
{
    struct audit *a = self;
    if (index >= env_counter_read(&a->seen))
        env_counter_put(&a->seen, index + 1);
    return export_entry(&a->walk, index, ret_entry);
}

static err row(void *self, struct row *ret_row, bool *ret_has)
{
    struct audit *a = self;
    return export_row(&a->walk, ret_row, ret_has);
}

static err head(void *self, struct head *ret_head, bool *ret_has)
{
    struct audit *a = self;
    return export_head(&a->walk, ret_head, ret_has);
}

static int64_t leaves_done(void *self)
{
    const struct audit *a = self;
    return (int64_t)env_counter_read(&a->seen);
}

static err replay(struct audit *a, struct replay_verdict *ret_verdict)
{
    struct replay_source source = {.self = a, .entry = entry, .row = row, .head = head};
    TRY(find_trust(a));
    TRY(read_heads(a));
    TRY(export_leaf_count(a->reader, &source.leaf_count));
    struct replay_setup setup = {.source = &source,
                                 .store = a->store,
                                 .key_id = a->key_id,
                                 .key = a->key,
                                 .published = a->published,
                                 .published_count = a->published_count,
                                 .keep = &a->keep,
                                 .turn = &a->turn,
                                 .found = found,
                                 .found_self = a};
    struct progress_work work = {.name = say(a->line, "cli.audit.progress"),
                                 .unit = "cli.unit.leaves",
                                 .total = (int64_t)source.leaf_count,
                                 .done = leaves_done,
                                 .self = a};
    struct progress progress;
    progress_begin(&progress, a->line, &work);
    export_walk_init(&a->walk, a->reader, &a->turn);
    a->walk.has_secrets = true;
    err e = replay_run(&setup, ret_verdict);
    export_walk_done(&a->walk);
    progress_end(&progress);
    return e;
}

static err check_counts(struct audit *a, struct replay_verdict *verdict)
{
    struct audit_counts counts = {
        .arena = a->line->arena, .db = reader_sql(a->reader), .found = found, .found_self = a};
    uint64_t findings = 0;
    if (verdict->findings > 0)
        return OK;
    TRY(audit_counts(&counts, &findings));
    verdict->findings += findings;
    TRY(audit_pledges(&counts, &findings));
    verdict->findings += findings;
    return OK;
}

static err check_limits(struct audit *a, struct replay_verdict *verdict)
{
    struct audit_limits limits = {
        .line = a->line, .db = reader_sql(a->reader), .found = found, .found_self = a};
    uint64_t findings = 0;
    TRY(audit_limits(&limits, &findings));
    verdict->findings += findings;
    return OK;
}

int audit_verify(const struct audit_question *question)
{
    struct audit a = {.question = question, .line = question->line};
    struct replay_verdict verdict = {0};
    arena_init(&a.keep, KEEP_BYTES);
    arena_init(&a.turn, TURN_BYTES);
    text_init(&a.findings, a.line->arena);
    json_init(&a.json, &a.findings);
    json_array(&a.json);
    err e = open_reader(&a);
    if (!failed(e))
        e = sql_run(reader_sql(a.reader), "BEGIN"); /* one moment for leaves, rows and heads */
    if (!failed(e)) {
        e = replay(&a, &verdict);
        if (!failed(e))
            e = check_counts(&a, &verdict);
        if (!failed(e))
            e = check_limits(&a, &verdict);
        err ended = sql_run(reader_sql(a.reader), "COMMIT");
        e = failed(e) ? e : ended;
    }
    reader_close(a.reader);
    arena_done(&a.keep);
    arena_done(&a.turn);
    return failed(e) ? command_fail(a.line, e) : put_verdict(&a, &verdict);
}

int audit_key(const struct command_line *line)
{
    struct audit a = {.line = line};
    str hex = {0};
    err e = open_reader(&a);
    if (!failed(e))
        e = find_key(&a, &hex);
    reader_close(a.reader);
    if (failed(e))
        return command_fail(line, e);
    if (!line->wants_json) {
        printf("%.*s\n", STR_ARGS(hex));
        return EXIT_DONE;
    }
    struct cli_body body;
    struct json *j = cli_body_begin(line, &body);
    json_put_str(j, STR("key"), a.key_id);
    json_put_str(j, STR("public_key"), hex);
    printf("%s\n", cli_body_end(&body).at);
    return EXIT_DONE;
}
