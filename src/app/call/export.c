/* SPDX-License-Identifier: Apache-2.0 */
#include "app/call/export.h"

#include "ledger/export.h"
#include "store/row.h"
#include "store/seed.h"

#include <assert.h>

enum { KEEP_BYTES = 1 << 20, LINE_BYTES = 16 << 20 };

void export_walk_init(struct export_walk *w, struct reader *reader, struct arena *turn)
{
    *w = (struct export_walk){.reader = reader, .turn = turn, .last = STR("")};
    arena_init(&w->keep, KEEP_BYTES);
}

void export_walk_done(struct export_walk *w)
{
    arena_done(&w->keep);
}

static str value_text(const struct field *f, const union record *record, struct arena *turn)
{
    if (f->type == FIELD_STR)
        return field_get_str(f, record);
    if (f->type == FIELD_WORD)
        return str_from_c(field_word(f, record));
    struct text t;
    text_init(&t, turn);
    text_put_i64(&t, field_get_int(f, record));
    return text_str(&t);
}

static const struct field *field_find(const struct record_shape *shape, str name)
{
    for (size_t i = 0; i < shape->field_count; i++)
        if (str_equal(name, str_from_c(shape->fields[i].name)))
            return &shape->fields[i];
    return NULL;
}

struct opener {
    struct export_walk *walk;
    const struct leaf_row *row;
    const struct record_shape *shape;
    union record record;
    uint8_t seed[SALT_BYTES];
    struct opening *openings;
    size_t count;
};

/* Only what really opens it: a record erased and written again has another salt than its old
 * leaves. */
static void open_one(struct opener *o, const struct leaf_field *sealed, str value)
{
    struct opening opening = {.field = sealed->name, .value = value};
    leaf_salt(o->seed, sealed->name, opening.salt);
    struct digest commitment = leaf_commit(opening.salt, sealed->name, value);
    if (digest_equal(&commitment, &sealed->commitment))
        o->openings[o->count++] = opening;
}

static void open_all(struct opener *o, const struct leaf *leaf)
{
    struct leaf_field why = leaf->why;
    why.name = STR("why");
    if (why.form == LEAF_PERSONAL)
        open_one(o, &why, o->row->why);
    for (size_t i = 0; i < leaf->field_count; i++) {
        const struct field *f = field_find(o->shape, leaf->fields[i].name);
        bool is_open = leaf->fields[i].form == LEAF_PERSONAL ||
                       (leaf->fields[i].form == LEAF_SECRET && o->walk->has_secrets);
        if (is_open && f != NULL)
            open_one(o, &leaf->fields[i], value_text(f, &o->record, o->walk->turn));
    }
}

/* What opens this leaf's commitments; nothing once the record's salt is gone. */
static err find_openings(struct export_walk *w, const struct leaf_row *row, struct entry *entry)
{
    uint8_t salt[SALT_BYTES];
    bool has_salt = false;
    enum record_kind kind = record_kind_find(row->record_kind);
    TRY(reader_salt(w->reader, row->record, salt, &has_salt));
    if (!has_salt || kind == RECORD_KIND_COUNT)
        return OK;
    struct opener o = {.walk = w, .row = row, .shape = &record_shapes[kind]};
    struct leaf leaf = {0};
    if (failed(leaf_decode(row->body, w->turn, &leaf)))
        return OK; /* whoever verifies will say so */
    err e = row_find_stored(reader_sql(w->reader), kind, row->record, w->turn, &o.record);
    if (e.code == ERR_ABSENT)
        return OK;
    TRY(e);
    o.openings = arena_make_array(w->turn, leaf.field_count + 1, sizeof *o.openings);
    if (o.openings == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    leaf_seed(salt, row->index, o.seed);
    open_all(&o, &leaf);
    entry->openings = o.openings;
    entry->opening_count = o.count;
    return OK;
}

err export_entry(void *walk, uint64_t index, struct entry *ret_entry)
{
    struct export_walk *w = walk;
    struct entry entry = {.index = index, .body = STR("")};
    struct tile_source tiles = reader_tiles(w->reader);
    TRY(proof_leaf_hash(&tiles, index, &entry.hash));
    struct leaf_query q = {.after = (int64_t)index - 1, .limit = 1};
    struct leaf_page page = {0};
    TRY(reader_leaves(w->reader, &q, w->turn, &page));
    if (page.count == 1 && page.items[0].index == index) {
        entry.body = page.items[0].body;
        TRY(find_openings(w, &page.items[0], &entry));
    }
    *ret_entry = entry;
    return OK;
}

static err next_record(struct export_walk *w, union record *ret_record, bool *ret_has)
{
    while (w->kind < RECORD_KIND_COUNT) {
        struct text t;
        text_init(&t, w->turn);
        text_printf(&t, "SELECT %s FROM \"%s\" WHERE \"id\" > $1 ORDER BY \"id\" LIMIT 1",
                    row_columns_stored((enum record_kind)w->kind), record_shapes[w->kind].name);
        struct sql_row *row = NULL;
        TRY(sql_ask_text(reader_sql(w->reader), text_str(&t), &row));
        sql_bind_str(row, 1, w->last);
        err e = sql_next(row, ret_has);
        if (!failed(e) && *ret_has)
            e = row_read(row, 0, (enum record_kind)w->kind, w->turn, ret_record);
        sql_done(&row);
        if (failed(e) || *ret_has)
            return e;
        w->kind++;
        w->last = STR("");
    }
    *ret_has = false;
    return OK;
}

err export_row(void *walk, struct row *ret_row, bool *ret_has)
{
    struct export_walk *w = walk;
    union record record;
    TRY(next_record(w, &record, ret_has));
    if (!*ret_has)
        return OK;
    const struct record_shape *shape = &record_shapes[w->kind];
    struct row_value *values = arena_make_array(w->turn, shape->field_count, sizeof *values);
    if (values == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    size_t count = 0;
    for (size_t i = 1; i < shape->field_count; i++) {
        const struct field *f = &shape->fields[i];
        bool is_hidden = (f->flags & FIELD_SECRET) != 0 && !w->has_secrets;
        if (field_is_absent(f, &record) || is_hidden)
            continue;
        values[count++] = (struct row_value){.name = str_from_c(f->name),
                                             .value = value_text(f, &record, w->turn)};
    }
    str id = field_get_str(&shape->fields[0], &record);
    arena_reset(&w->keep);
    w->last = str_copy(&w->keep, id);
    *ret_row = (struct row){
        .kind = str_from_c(shape->name), .id = id, .values = values, .value_count = count};
    return OK;
}

err export_head(void *walk, struct head *ret_head, bool *ret_has)
{
    struct export_walk *w = walk;
    struct sql_row *row = NULL;
    TRY(sql_ask(reader_sql(w->reader),
                "SELECT \"size\" FROM ledger_head WHERE \"size\" > $1 ORDER BY \"size\" LIMIT 1",
                &row));
    sql_bind_i64(row, 1, (int64_t)w->size);
    err e = sql_next(row, ret_has);
    if (!failed(e) && *ret_has)
        w->size = (uint64_t)sql_i64(row, 0);
    sql_done(&row);
    if (failed(e) || !*ret_has)
        return e;
    return reader_head(w->reader, w->size, w->turn, ret_head);
}

err export_leaf_count(struct reader *reader, uint64_t *ret_count)
{
    struct arena turn;
    struct leaf_query q = {.after = -1, .limit = 1};
    struct leaf_page page = {0};
    arena_init(&turn, 1 << 22);
    err e = reader_leaves(reader, &q, &turn, &page);
    arena_done(&turn);
    *ret_count = (uint64_t)page.total;
    return e;
}

/* One line, made in the walk's turn, to whoever takes them. */
static err give(const struct export_sink *sink, const struct text *line)
{
    if (text_spent(line))
        return fail(ERR_LIMIT, "limit.memory", 0);
    if (sink->ending != NULL && env_flag_is_up(sink->ending))
        return fail(ERR_BUSY, "limit.stopping", 0);
    return sink->put(sink->self, text_str(line));
}

static err put_leaves(struct export_walk *w, uint64_t leaves, const struct export_sink *sink)
{
    for (uint64_t i = 0; i < leaves; i++) {
        struct entry entry;
        struct text line;
        arena_reset(w->turn);
        TRY(export_entry(w, i, &entry));
        text_init(&line, w->turn);
        export_put_entry(&line, &entry);
        TRY(give(sink, &line));
    }
    return OK;
}

static err put_rows(struct export_walk *w, const struct export_sink *sink)
{
    for (;;) {
        struct row row;
        struct text line;
        bool has_more = false;
        arena_reset(w->turn);
        TRY(export_row(w, &row, &has_more));
        if (!has_more)
            return OK;
        text_init(&line, w->turn);
        export_put_row(&line, &row);
        TRY(give(sink, &line));
    }
}

static err put_heads(struct export_walk *w, const struct export_sink *sink)
{
    for (;;) {
        struct head head;
        struct text line;
        bool has_more = false;
        arena_reset(w->turn);
        TRY(export_head(w, &head, &has_more));
        if (!has_more)
            return OK;
        text_init(&line, w->turn);
        export_put_head(&line, &head);
        TRY(give(sink, &line));
    }
}

err export_store_id(struct reader *reader, struct arena *turn, str *ret_id)
{
    struct list_query q = {.kind = RECORD_CENTRE, .limit = 1};
    struct list_page page = {0};
    TRY(reader_list(reader, &q, turn, &page));
    if (page.count == 0)
        return fail(ERR_ABSENT, "centre.absent", 0);
    *ret_id = page.items[0].centre.id;
    return OK;
}

static err put_start(struct export_walk *w, const struct export_sink *sink)
{
    str id = {0};
    struct text line;
    TRY(export_store_id(w->reader, w->turn, &id));
    text_init(&line, w->turn);
    export_put_start(&line, id);
    return give(sink, &line);
}

static err put_all(struct export_walk *w, const struct export_sink *sink)
{
    uint64_t leaves = 0;
    TRY(put_start(w, sink));
    TRY(export_leaf_count(w->reader, &leaves));
    TRY(put_leaves(w, leaves, sink));
    TRY(put_rows(w, sink));
    return put_heads(w, sink);
}

err export_stream(struct reader *reader, const struct export_sink *sink)
{
    struct arena turn;
    struct export_walk walk;
    arena_init(&turn, LINE_BYTES);
    export_walk_init(&walk, reader, &turn);
    err e = sql_run(reader_sql(reader), "BEGIN"); /* one moment for leaves, rows and heads */
    if (!failed(e)) {
        e = put_all(&walk, sink);
        err ended = sql_run(reader_sql(reader), "COMMIT");
        e = failed(e) ? e : ended;
    }
    export_walk_done(&walk);
    arena_done(&turn);
    return e;
}

static err append(void *self, str line)
{
    struct text *lines = self;
    text_put(lines, line);
    return text_spent(lines) ? fail(ERR_LIMIT, "export.too_large", 0) : OK;
}

err export_all(struct reader *reader, const struct env_flag *ending, struct text *lines)
{
    struct export_sink sink = {.self = lines, .put = append, .ending = ending};
    return export_stream(reader, &sink);
}
