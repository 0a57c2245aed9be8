/* SPDX-License-Identifier: Apache-2.0 */
#include "store/reader.h"

#include "fact/division.h"
#include "store/row.h"

#include <assert.h>

struct reader {
    struct sql *db;
    const char *candidates; /* the question that is asked for every verdict */
    const char *by_key[READER_KEY_COUNT];
    struct arena tile; /* of the tile handed out last */
};

enum { CANDIDATES_MOST = 64, CANDIDATES_FIRST = 4 };

static const struct {
    enum record_kind kind;
    const char *column;
} reader_keys[] = {
    [READER_USER_NAME] = {RECORD_USER,    "name"  },
    [READER_SESSION_SECRET] = {RECORD_SESSION, "secret"},
    [READER_SOURCE_NAME] = {RECORD_SOURCE,  "name"  },
};

/* One of them is asked with each request of whoever has signed in: made once. */
static err make_keys(struct reader *reader, struct arena *boot)
{
    for (size_t i = 0; i < COUNT_OF(reader_keys); i++) {
        enum record_kind kind = reader_keys[i].kind;
        struct text t;
        text_init(&t, boot);
        text_printf(&t, "SELECT %s FROM \"%s\" WHERE \"%s\" = $1 ORDER BY \"id\" DESC LIMIT 1",
                    row_columns_listed(kind), record_shapes[kind].name, reader_keys[i].column);
        if (text_spent(&t))
            return fail(ERR_LIMIT, "limit.memory", 0);
        reader->by_key[i] = text_str(&t).at;
    }
    return OK;
}

err reader_open(struct arena *boot, const char *path, struct reader **ret_reader)
{
    struct reader *reader = arena_make(boot, sizeof *reader);
    if (reader == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    struct text t;
    text_init(&t, boot);
    text_printf(&t, "SELECT %s FROM listing WHERE \"kind\" = $1 AND \"value\" = $2",
                row_columns(RECORD_LISTING));
    /* allow, block, warn: what would be cut off is what matters least */
    text_printf(&t, " AND \"state\" = 'in_force' ORDER BY \"action\", \"id\" DESC LIMIT %d",
                CANDIDATES_MOST);
    if (text_spent(&t))
        return fail(ERR_LIMIT, "limit.memory", 0);
    reader->candidates = text_str(&t).at;
    TRY(make_keys(reader, boot));
    TRY(sql_open(path, SQL_READ, NULL, &reader->db));
    arena_init(&reader->tile, 1 << 20);
    *ret_reader = reader;
    return OK;
}

void reader_close(struct reader *reader)
{
    if (reader == NULL)
        return;
    sql_close(reader->db);
    arena_done(&reader->tile);
    *reader = (struct reader){0};
}

struct sql *reader_sql(struct reader *reader)
{
    return reader->db;
}

struct arena *reader_tile_arena(struct reader *reader)
{
    return &reader->tile;
}

err reader_find(struct reader *reader, enum record_kind kind, str id, struct arena *turn,
                union record *ret_record)
{
    return row_find(reader->db, kind, id, turn, ret_record);
}

err reader_find_by(struct reader *reader, enum reader_key key, str value, struct arena *turn,
                   union record *ret_record)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(reader->db, reader->by_key[key], &row));
    sql_bind_str(row, 1, value);
    err e = sql_next(row, &has_row);
    if (!failed(e))
        e = has_row ? row_read(row, 0, reader_keys[key].kind, turn, ret_record)
                    : fail(ERR_ABSENT, "record.absent", 0);
    sql_done(&row);
    return e;
}

/* $1 and $2 are the division's range, $3 the page's key; conditions follow from $4. */
enum { FIRST_CONDITION = 4 };

static void put_where(struct text *t, const struct list_query *q)
{
    static const char *const forms[] = {
        /* @ is the column, # the number of what is bound */
        [LIST_EQUAL] = " AND \"@\" = $#",
        [LIST_CONTAINS] = " AND lower(\"@\") LIKE lower($#) ESCAPE '\\'",
        [LIST_AT_MOST] = " AND \"@\" <= $#",
        [LIST_ABOVE] = " AND \"@\" > $#",
        [LIST_NOT] = " AND \"@\" <> $#",
        [LIST_ABSENT] = " AND \"@\" IS NULL AND $# = 0",
        [LIST_SAID_BY] = (" AND (\"@\" = $# OR \"source_id\" IN"
                          " (SELECT s.\"id\" FROM source s WHERE s.\"name\" = $#))"),
    };
    /* Asked of the whole country, no row is fetched for its division alone. */
    text_put_c(t, " WHERE ($1 = '' OR (\"division\" >= $1 AND \"division\" < $2))");
    for (size_t i = 0; i < q->condition_count; i++) {
        const struct list_condition *c = &q->conditions[i];
        for (const char *form = forms[c->how]; *form != '\0'; form++)
            if (*form == '@')
                text_put_c(t, c->column);
            else if (*form == '#')
                text_put_u64(t, i + FIRST_CONDITION);
            else
                text_put_char(t, *form);
    }
}

static str like_pattern(str part, struct arena *turn)
{
    struct text t;
    text_init(&t, turn);
    text_put_char(&t, '%');
    for (size_t i = 0; i < part.size; i++) {
        if (part.at[i] == '%' || part.at[i] == '_' || part.at[i] == '\\')
            text_put_char(&t, '\\');
        text_put_char(&t, part.at[i]);
    }
    text_put_char(&t, '%');
    return text_str(&t);
}

static void bind_where(struct sql_row *row, const struct list_query *q,
                       const struct division_range *range, struct arena *turn)
{
    sql_bind_str(row, 1, str_from_c(range->low));
    sql_bind_str(row, 2, str_from_c(range->high));
    for (size_t i = 0; i < q->condition_count; i++) {
        const struct list_condition *c = &q->conditions[i];
        int n = (int)i + FIRST_CONDITION;
        if (c->how == LIST_EQUAL || c->how == LIST_NOT || c->how == LIST_SAID_BY)
            sql_bind_str(row, n, c->text);
        else if (c->how == LIST_CONTAINS)
            sql_bind_str(row, n, like_pattern(c->text, turn));
        else
            sql_bind_i64(row, n, c->number);
    }
}

static err count_with(struct reader *reader, const struct list_query *q, struct arena *turn,
                      int64_t *ret_count)
{
    struct text t;
    text_init(&t, turn);
    text_printf(&t, "SELECT count(*) FROM \"%s\"", record_shapes[q->kind].name);
    put_where(&t, q);
    if (text_spent(&t))
        return fail(ERR_LIMIT, "limit.memory", 0);
    struct division_range range = division_range(q->scope);
    struct sql_row *row = NULL;
    TRY(sql_ask_text(reader->db, text_str(&t), &row));
    bind_where(row, q, &range, turn);
    bool has_row = false;
    err e = sql_next(row, &has_row);
    if (!failed(e))
        *ret_count = sql_i64(row, 0);
    sql_done(&row);
    return e;
}

err reader_count(struct reader *reader, const struct list_query *query, int64_t *ret_count)
{
    struct arena turn;
    arena_init(&turn, 1 << 20);
    err e = count_with(reader, query, &turn, ret_count);
    arena_done(&turn);
    return e;
}

static err read_items(struct sql_row *row, const struct list_query *q, int limit,
                      struct arena *turn, struct list_page *page)
{
    bool has_row = false;
    TRY(sql_next(row, &has_row));
    while (has_row && page->count < (size_t)limit) {
        TRY(row_read(row, 0, q->kind, turn, &page->items[page->count++]));
        TRY(sql_next(row, &has_row));
    }
    /* the id is the first field of every record */
    if (has_row)
        page->next = page->items[page->count - 1].listing.id;
    return OK;
}

/*
 * Newest first, unless it is asked for otherwise. Ids sort by the time they were made, but for an
 * appeal's: that one is a reference nobody can guess, so appeals go by when they were filed. A
 * page's key is an id all the same.
 */
static void put_order(struct text *t, const struct list_query *q, int limit)
{
    bool by_filing = q->kind == RECORD_APPEAL;
    bool has_key = !str_is_empty(q->before);
    if (q->is_oldest_first) {
        assert(!by_filing);
        text_put_c(t, has_key ? " AND \"id\" > $3" : "");
        text_printf(t, " ORDER BY \"id\" LIMIT %d", limit);
        return;
    }
    if (has_key && by_filing)
        text_put_c(t, " AND (\"filed_at\", \"id\") <"
                      " (SELECT \"filed_at\", \"id\" FROM appeal WHERE \"id\" = $3)");
    if (has_key && !by_filing)
        text_put_c(t, " AND \"id\" < $3");
    text_put_c(t, by_filing ? " ORDER BY \"filed_at\" DESC, \"id\" DESC" : " ORDER BY \"id\" DESC");
    text_printf(t, " LIMIT %d", limit);
}

err reader_list(struct reader *reader, const struct list_query *q, struct arena *turn,
                struct list_page *ret_page)
{
    assert(q->condition_count <= LIST_CONDITIONS_MAX);
    int limit = q->limit <= 0 ? 50 : q->limit > LIST_MOST ? LIST_MOST : q->limit;
    struct text t;
    text_init(&t, turn);
    text_printf(&t, "SELECT %s FROM \"%s\"", row_columns_listed(q->kind),
                record_shapes[q->kind].name);
    put_where(&t, q);
    put_order(&t, q, limit + 1);
    struct list_page page = {.items = arena_make_array(turn, (size_t)limit, sizeof(union record))};
    if (text_spent(&t) || page.items == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    struct division_range range = division_range(q->scope);
    struct sql_row *row = NULL;
    TRY(sql_ask_text(reader->db, text_str(&t), &row));
    bind_where(row, q, &range, turn);
    if (!str_is_empty(q->before))
        sql_bind_str(row, 3, q->before);
    err e = read_items(row, q, limit, turn, &page);
    sql_done(&row);
    TRY(e);
    if (q->wants_total)
        TRY(count_with(reader, q, turn, &page.total));
    *ret_page = page;
    return OK;
}

static err read_candidates(struct sql_row *row, struct arena *turn, struct list_page *page)
{
    size_t room = 0;
    bool has_row = false;
    TRY(sql_next(row, &has_row));
    while (has_row) {
        if (page->count == room) { /* most questions have no answer, and need no room */
            size_t more = room == 0 ? CANDIDATES_FIRST : CANDIDATES_MOST;
            page->items = arena_grow(turn, page->items, room * sizeof *page->items,
                                     more * sizeof *page->items);
            if (page->items == NULL)
                return fail(ERR_LIMIT, "limit.memory", 0);
            room = more;
        }
        TRY(row_read(row, 0, RECORD_LISTING, turn, &page->items[page->count++]));
        TRY(sql_next(row, &has_row));
    }
    return OK;
}

err reader_candidates(struct reader *reader, unsigned kind, str value, struct arena *turn,
                      struct list_page *ret_page)
{
    struct list_page page = {0};
    struct sql_row *row = NULL;
    TRY(sql_ask(reader->db, reader->candidates, &row));
    sql_bind_str(row, 1, str_from_c(indicator_kind_words[kind]));
    sql_bind_str(row, 2, value);
    err e = read_candidates(row, turn, &page);
    sql_done(&row);
    TRY(e);
    *ret_page = page;
    return OK;
}

/* id, state, from, until, revision, and the source where that speaks for it. */
#define BRIEF                                                                                      \
    "l.\"id\", l.\"state\", l.\"from\", l.\"until\", l.\"revision\","                              \
    " CASE WHEN coalesce(l.\"reason\", l.\"basis\", l.\"notice\") IS NULL THEN l.\"source_id\" "   \
    "END"
enum { BRIEF_COLUMNS = 6 };

static err read_brief(struct sql_row *row, struct arena *turn, struct listing *ret_listing)
{
    struct listing l = {.id = sql_str(row, 0, turn),
                        .from = {sql_i64(row, 2)},
                        .until = {sql_i64(row, 3)},
                        .revision = sql_i64(row, 4),
                        .source_id = sql_str(row, 5, turn)};
    if (l.id.at == NULL || l.source_id.at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    if (!word_parse(listing_state_words, sql_peek(row, 1), &l.state))
        return fail(ERR_CORRUPT, "store: a word the program does not know", 1);
    *ret_listing = l;
    return OK;
}

static err read_told(struct sql_row *row, struct arena *turn, struct listing *ret_listing)
{
    struct listing l = {0};
    TRY(read_brief(row, turn, &l));
    l.reason = sql_str(row, BRIEF_COLUMNS, turn);
    l.basis = sql_str(row, BRIEF_COLUMNS + 1, turn);
    l.notice = sql_str(row, BRIEF_COLUMNS + 2, turn);
    if (l.reason.at == NULL || l.basis.at == NULL || l.notice.at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    *ret_listing = l;
    return OK;
}

/* One row of `ask` as `read` reads it. */
struct by_row {
    const char *ask;
    err (*read)(struct sql_row *row, struct arena *turn, struct listing *ret_listing);
};

static err find_by_row(struct reader *reader, const struct by_row *how, uint32_t number,
                       struct arena *turn, struct listing *ret_listing)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(reader->db, how->ask, &row));
    sql_bind_i64(row, 1, number);
    err e = sql_next(row, &has_row);
    if (!failed(e))
        e = has_row ? how->read(row, turn, ret_listing) : fail(ERR_ABSENT, "record.absent", 0);
    sql_done(&row);
    return e;
}

err reader_find_told(struct reader *reader, uint32_t row, struct arena *turn,
                     struct listing *ret_listing)
{
    static const struct by_row how = {
        "SELECT " BRIEF
        ", coalesce(l.\"reason\", s.\"reason\"), coalesce(l.\"basis\", s.\"basis\"),"
        " coalesce(l.\"notice\", s.\"notice\") FROM listing l"
        " LEFT JOIN source s ON s.\"id\" = l.\"source_id\" WHERE l.rowid = $1",
        read_told};
    return find_by_row(reader, &how, row, turn, ret_listing);
}

err reader_find_brief(struct reader *reader, uint32_t row, struct arena *turn,
                      struct listing *ret_listing)
{
    static const struct by_row how = {"SELECT " BRIEF " FROM listing l WHERE l.rowid = $1",
                                      read_brief};
    return find_by_row(reader, &how, row, turn, ret_listing);
}
