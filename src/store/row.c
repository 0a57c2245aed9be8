/* SPDX-License-Identifier: Apache-2.0 */
#include "store/row.h"

static struct {
    const char *columns; /* whole */
    const char *listed;  /* without what is long */
    const char *stored;
    const char *select;
    const char *select_stored;
    const char *insert;
    const char *update;
    const char *update_end;
} texts[RECORD_KIND_COUNT];

/* What an entry of a list leaves unsaid, because its source says it once for all. */
#define SOURCE_SAYS(column)                                                                        \
    "(SELECT s.\"" column "\" FROM source s WHERE s.\"id\" = listing.\"source_id\")"
static const struct {
    const char *field;
    const char *otherwise;
} unsaid[] = {
    {"display",    "\"value\""                                                   },
    {"reason",     SOURCE_SAYS("reason")                                         },
    {"evidence",   SOURCE_SAYS("evidence")                                       },
    {"basis",      SOURCE_SAYS("basis")                                          },
    {"source",     SOURCE_SAYS("name")                                           },
    {"notice",     SOURCE_SAYS("notice")                                         },
    {"proposer",   SOURCE_SAYS("proposer")                                       },
    {"approver",   SOURCE_SAYS("approver")                                       },
    {"decided_at", "CASE WHEN \"source_id\" IS NOT NULL THEN \"proposed_at\" END"},
    {"deciders",   SOURCE_SAYS("proposer\" || ' ' || s.\"approver")              },
};

static void put_whole(struct text *t, enum record_kind kind, const char *name)
{
    for (size_t i = 0; i < COUNT_OF(unsaid) && kind == RECORD_LISTING; i++)
        if (strcmp(unsaid[i].field, name) == 0) {
            text_printf(t, "coalesce(\"%s\", %s)", name, unsaid[i].otherwise);
            return;
        }
    text_printf(t, "\"%s\"", name);
}

static err made(const struct text *t, const char **ret_text)
{
    if (text_spent(t))
        return fail(ERR_LIMIT, "limit.memory", 0);
    *ret_text = text_str(t).at;
    return OK;
}

/* A statement is up to 4 MB: nobody reads five hundred of them in a list. */
static void put_listed(struct text *t, enum record_kind kind, const char *name)
{
    if ((kind == RECORD_ROUND && strcmp(name, "statement") == 0) ||
        (kind == RECORD_BOX && strcmp(name, "cards") == 0))
        text_put_c(t, "''");
    else
        put_whole(t, kind, name);
}

static err make_listed(enum record_kind kind, struct arena *boot)
{
    const struct record_shape *shape = &record_shapes[kind];
    struct text t;
    text_init(&t, boot);
    for (size_t i = 0; i < shape->field_count; i++) {
        text_put_c(&t, i == 0 ? "" : ", ");
        put_listed(&t, kind, shape->fields[i].name);
    }
    return made(&t, &texts[kind].listed);
}

/* Of a listing or a source that goes on or ends no more than these change: an index of what does
 * not, a foreign key of it, and who refers to it, are then not looked at. */
static const char *const ending[] = {"until",    "state",     "size",    "taken_at",
                                     "ended_at", "ended_why", "revision"};

static bool is_ending(const struct field *f)
{
    for (size_t i = 0; i < COUNT_OF(ending); i++)
        if (strcmp(ending[i], f->name) == 0)
            return true;
    return false;
}

static err make_update_end(enum record_kind kind, struct arena *boot)
{
    const struct record_shape *shape = &record_shapes[kind];
    struct text t;
    const char *between = "";
    text_init(&t, boot);
    text_printf(&t, "UPDATE \"%s\" SET", shape->name);
    for (size_t i = 0; i < shape->field_count; i++) {
        if (!is_ending(&shape->fields[i]))
            continue;
        text_printf(&t, "%s \"%s\" = $%zu", between, shape->fields[i].name, i + 1);
        between = ",";
    }
    text_put_c(&t, " WHERE \"id\" = $1");
    return made(&t, &texts[kind].update_end);
}

static err make_texts(enum record_kind kind, struct arena *boot)
{
    const struct record_shape *shape = &record_shapes[kind];
    struct text columns;
    struct text whole;
    struct text values;
    struct text sets;
    text_init(&columns, boot);
    text_init(&whole, boot);
    text_init(&values, boot);
    text_init(&sets, boot);
    for (size_t i = 0; i < shape->field_count; i++) {
        const char *name = shape->fields[i].name;
        text_printf(&columns, "%s\"%s\"", i == 0 ? "" : ", ", name);
        text_put_c(&whole, i == 0 ? "" : ", ");
        put_whole(&whole, kind, name);
        text_printf(&values, "%s$%zu", i == 0 ? "" : ", ", i + 1);
        if (i > 0)
            text_printf(&sets, "%s\"%s\" = $%zu", i == 1 ? "" : ", ", name, i + 1);
    }
    TRY(made(&columns, &texts[kind].stored));
    TRY(made(&whole, &texts[kind].columns));
    struct text t;
    text_init(&t, boot);
    text_printf(&t, "SELECT %s FROM \"%s\" WHERE \"id\" = $1", texts[kind].columns, shape->name);
    TRY(made(&t, &texts[kind].select));
    text_init(&t, boot);
    text_printf(&t, "SELECT %s FROM \"%s\" WHERE \"id\" = $1", texts[kind].stored, shape->name);
    TRY(made(&t, &texts[kind].select_stored));
    text_init(&t, boot);
    text_printf(&t, "INSERT INTO \"%s\" (%s) VALUES (%.*s)", shape->name, texts[kind].stored,
                STR_ARGS(text_str(&values)));
    TRY(made(&t, &texts[kind].insert));
    text_init(&t, boot);
    text_printf(&t, "UPDATE \"%s\" SET %.*s WHERE \"id\" = $1", shape->name,
                STR_ARGS(text_str(&sets)));
    return made(&t, &texts[kind].update);
}

err row_boot(struct arena *boot)
{
    for (unsigned kind = 0; kind < RECORD_KIND_COUNT; kind++)
        TRY(make_texts((enum record_kind)kind, boot));
    for (int kind = 0; kind < RECORD_KIND_COUNT; kind++)
        TRY(make_listed((enum record_kind)kind, boot));
    TRY(make_update_end(RECORD_SOURCE, boot));
    return make_update_end(RECORD_LISTING, boot);
}

const char *row_columns(enum record_kind kind)
{
    return texts[kind].columns;
}

const char *row_columns_listed(enum record_kind kind)
{
    return texts[kind].listed;
}

const char *row_columns_stored(enum record_kind kind)
{
    return texts[kind].stored;
}

static err read_field(struct sql_row *row, int column, const struct field *f, struct arena *turn,
                      union record *record)
{
    if (f->type == FIELD_WORD) {
        unsigned word = 0;
        if (!word_parse(f->words, sql_peek(row, column), &word))
            return fail(ERR_CORRUPT, "store: a word the program does not know", (uint32_t)column);
        field_put_int(f, record, word);
        return OK;
    }
    if (f->type != FIELD_STR) {
        field_put_int(f, record, sql_i64(row, column)); /* NULL reads as 0: absent */
        return OK;
    }
    str value = sql_str(row, column, turn);
    if (value.at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    field_put_str(f, record, value);
    return OK;
}

err row_read(struct sql_row *row, int first, enum record_kind kind, struct arena *turn,
             union record *ret_record)
{
    const struct record_shape *shape = &record_shapes[kind];
    union record made = {0};
    for (size_t i = 0; i < shape->field_count; i++)
        TRY(read_field(row, first + (int)i, &shape->fields[i], turn, &made));
    *ret_record = made;
    return OK;
}

struct wanted {
    enum record_kind kind;
    str id;
};

static err find(struct sql *db, const char *select, struct wanted wanted, struct arena *turn,
                union record *ret_record)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(db, select, &row));
    sql_bind_str(row, 1, wanted.id);
    bool has_row = false;
    err e = sql_next(row, &has_row);
    if (!failed(e) && has_row)
        e = row_read(row, 0, wanted.kind, turn, ret_record);
    sql_done(&row);
    TRY(e);
    return has_row ? OK : fail(ERR_ABSENT, "record.absent", 0);
}

err row_find(struct sql *db, enum record_kind kind, str id, struct arena *turn,
             union record *ret_record)
{
    return find(db, texts[kind].select, (struct wanted){kind, id}, turn, ret_record);
}

err row_find_stored(struct sql *db, enum record_kind kind, str id, struct arena *turn,
                    union record *ret_record)
{
    return find(db, texts[kind].select_stored, (struct wanted){kind, id}, turn, ret_record);
}

void row_bind_field(struct sql_row *row, int n, const struct field *f, const union record *record)
{
    if (field_is_absent(f, record))
        sql_bind_null(row, n);
    else if (f->type == FIELD_STR)
        sql_bind_str(row, n, field_get_str(f, record));
    else if (f->type == FIELD_WORD)
        sql_bind_str(row, n, str_from_c(field_word(f, record)));
    else
        sql_bind_i64(row, n, field_get_int(f, record));
}

static err write_row(struct sql *db, const char *text, enum record_kind kind,
                     const union record *record)
{
    const struct record_shape *shape = &record_shapes[kind];
    struct sql_row *row = NULL;
    TRY(sql_ask(db, text, &row));
    for (size_t i = 0; i < shape->field_count; i++)
        row_bind_field(row, (int)i + 1, &shape->fields[i], record);
    return sql_finish(&row);
}

err row_insert(struct sql *db, enum record_kind kind, const union record *record)
{
    return write_row(db, texts[kind].insert, kind, record);
}

static bool is_field_equal(const struct field *f, const union record *a, const union record *b)
{
    return f->type == FIELD_STR ? str_equal(field_get_str(f, a), field_get_str(f, b))
                                : field_get_int(f, a) == field_get_int(f, b);
}

static bool only_ends(const struct record_shape *shape, const union record *before,
                      const union record *after)
{
    for (size_t i = 0; i < shape->field_count; i++)
        if (!is_ending(&shape->fields[i]) && !is_field_equal(&shape->fields[i], before, after))
            return false;
    return true;
}

static err write_end(struct sql *db, enum record_kind kind, const union record *after)
{
    const struct record_shape *shape = &record_shapes[kind];
    struct sql_row *row = NULL;
    TRY(sql_ask(db, texts[kind].update_end, &row));
    for (size_t i = 0; i < shape->field_count; i++)
        if (i == 0 || is_ending(&shape->fields[i]))
            row_bind_field(row, (int)i + 1, &shape->fields[i], after);
    return sql_finish(&row);
}

err row_update_stored(struct sql *db, enum record_kind kind, const union record *before,
                      const union record *after)
{
    if (texts[kind].update_end == NULL || !only_ends(&record_shapes[kind], before, after))
        return row_update(db, kind, after);
    TRY(write_end(db, kind, after));
    return sql_changes(db) == 1 ? OK : fail(ERR_ABSENT, "record.absent", 0);
}

err row_update(struct sql *db, enum record_kind kind, const union record *record)
{
    TRY(write_row(db, texts[kind].update, kind, record));
    return sql_changes(db) == 1 ? OK : fail(ERR_ABSENT, "record.absent", 0);
}
