/* SPDX-License-Identifier: Apache-2.0 */
/* What a reader sees of the ledger: leaves, heads, tiles and what opens commitments. */
#include "fact/division.h"
#include "store/reader.h"

#include <assert.h>

static err read_leaf(struct sql_row *row, struct arena *turn, struct leaf_row *leaf)
{
    *leaf = (struct leaf_row){
        .index = (uint64_t)sql_i64(row, 0),
        .at = instant_from_us(sql_i64(row, 1)),
        .act = sql_str(row, 2, turn),
        .actor = sql_str(row, 3, turn),
        .record_kind = sql_str(row, 4, turn),
        .record = sql_str(row, 5, turn),
        .body = sql_str(row, 6, turn),
        .why = sql_str(row, 7, turn),
    };
    return leaf->why.at == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

#define IN_SCOPE  " AND \"division\" >= $3 AND \"division\" < $4"
#define OF_RECORD " AND \"record\" = $5"
#define OF_ACTOR  " AND \"actor\" = $6"
#define LEAVES(which)                                                                              \
    "SELECT \"idx\", \"at\", \"act\", \"actor\", \"record_kind\", \"record\", \"body\", \"why\""   \
    " FROM ledger_text WHERE \"idx\" > $1" IN_SCOPE which " ORDER BY \"idx\" LIMIT $2"
#define TOTAL(which) "SELECT count(*) FROM ledger_leaf WHERE \"idx\" >= 0" IN_SCOPE which

/* By whether a record is asked for, then by whether an actor is. */
static const char *const leaf_forms[2][2] = {
    {LEAVES(""),        LEAVES(OF_ACTOR)          },
    {LEAVES(OF_RECORD), LEAVES(OF_RECORD OF_ACTOR)},
};
static const char *const total_forms[2][2] = {
    {TOTAL(""),        TOTAL(OF_ACTOR)          },
    {TOTAL(OF_RECORD), TOTAL(OF_RECORD OF_ACTOR)},
};
/* Leaves have no holes. */
static const char *const total_of_all = "SELECT coalesce(max(\"idx\") + 1, 0) FROM ledger_leaf";

#undef IN_SCOPE
#undef OF_RECORD
#undef OF_ACTOR
#undef LEAVES
#undef TOTAL

static void bind_where(struct sql_row *row, const struct leaf_query *q,
                       const struct division_range *range)
{
    sql_bind_str(row, 3, str_from_c(range->low));
    sql_bind_str(row, 4, str_from_c(range->high));
    if (!str_is_empty(q->record))
        sql_bind_str(row, 5, q->record);
    if (!str_is_empty(q->actor))
        sql_bind_str(row, 6, q->actor);
}

static err leaf_total(struct reader *reader, const struct leaf_query *q, int64_t *ret_total)
{
    struct division_range range = division_range(q->scope);
    bool of_record = !str_is_empty(q->record);
    bool of_actor = !str_is_empty(q->actor);
    bool is_all = !of_record && !of_actor && str_is_empty(q->scope);
    struct sql_row *row = NULL;
    TRY(sql_ask(reader_sql(reader), is_all ? total_of_all : total_forms[of_record][of_actor],
                &row));
    if (!is_all)
        bind_where(row, q, &range);
    bool has_row = false;
    err e = sql_next(row, &has_row);
    if (!failed(e))
        *ret_total = sql_i64(row, 0);
    sql_done(&row);
    return e;
}

static err read_leaves(struct sql_row *row, size_t limit, struct arena *turn,
                       struct leaf_page *page)
{
    bool has_row = false;
    TRY(sql_next(row, &has_row));
    while (has_row && page->count < limit) {
        TRY(read_leaf(row, turn, &page->items[page->count++]));
        TRY(sql_next(row, &has_row));
    }
    page->has_more = has_row;
    return OK;
}

err reader_leaves(struct reader *reader, const struct leaf_query *q, struct arena *turn,
                  struct leaf_page *ret_page)
{
    size_t limit = q->limit <= 0 ? 100 : q->limit > LIST_MOST ? LIST_MOST : (size_t)q->limit;
    struct division_range range = division_range(q->scope);
    struct leaf_page page = {.items = arena_make_array(turn, limit, sizeof(struct leaf_row))};
    if (page.items == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    struct sql_row *row = NULL;
    TRY(sql_ask(reader_sql(reader), leaf_forms[!str_is_empty(q->record)][!str_is_empty(q->actor)],
                &row));
    sql_bind_i64(row, 1, q->after);
    sql_bind_i64(row, 2, (int64_t)limit + 1);
    bind_where(row, q, &range);
    err e = read_leaves(row, limit, turn, &page);
    sql_done(&row);
    TRY(e);
    TRY(leaf_total(reader, q, &page.total));
    *ret_page = page;
    return OK;
}

static err read_head(struct sql_row *row, struct arena *turn, struct head *head)
{
    head->size = (uint64_t)sql_i64(row, 0);
    head->at = instant_from_us(sql_i64(row, 2));
    head->key = sql_str(row, 3, turn);
    head->store = sql_str(row, 5, turn);
    TRY(hex_parse(sql_peek(row, 1), head->root.bytes, DIGEST_BYTES));
    return hex_parse(sql_peek(row, 4), head->signature.bytes, SIGNATURE_BYTES);
}

err reader_head(struct reader *reader, uint64_t size, struct arena *turn, struct head *ret_head)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(reader_sql(reader),
                "SELECT h.\"size\", h.\"root\", h.\"at\", h.\"key\", h.\"signature\", c.\"id\""
                " FROM ledger_head h, centre c WHERE h.\"size\" <= $1"
                " ORDER BY h.\"size\" DESC LIMIT 1",
                &row));
    sql_bind_i64(row, 1, size > INT64_MAX ? INT64_MAX : (int64_t)size);
    bool has_row = false;
    err e = sql_next(row, &has_row);
    struct head head = {0};
    if (!failed(e) && !has_row)
        e = fail(ERR_ABSENT, "head.absent", 0);
    if (!failed(e))
        e = read_head(row, turn, &head);
    sql_done(&row);
    if (!failed(e))
        *ret_head = head;
    return e;
}

static err tile_get(void *self, unsigned level, uint64_t index, str *ret_hashes)
{
    struct reader *reader = self;
    struct arena *room = reader_tile_arena(reader);
    struct sql_row *row = NULL;
    TRY(sql_ask(reader_sql(reader),
                "SELECT \"hashes\" FROM ledger_tile WHERE \"level\" = $1 AND \"idx\" = $2", &row));
    sql_bind_i64(row, 1, (int64_t)level);
    sql_bind_i64(row, 2, (int64_t)index);
    bool has_row = false;
    err e = sql_next(row, &has_row);
    arena_reset(room);
    if (!failed(e))
        *ret_hashes = has_row ? sql_str(row, 0, room) : STR("");
    sql_done(&row);
    return e;
}

struct tile_source reader_tiles(struct reader *reader)
{
    return (struct tile_source){.self = reader, .get = tile_get};
}

err reader_salt(struct reader *reader, str record, uint8_t ret_salt[32], bool *ret_found)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(reader_sql(reader), "SELECT \"salt\" FROM ledger_salt WHERE \"record\" = $1",
                &row));
    sql_bind_str(row, 1, record);
    bool has_row = false;
    err e = sql_next(row, &has_row);
    if (!failed(e) && has_row)
        memcpy(ret_salt, sql_peek(row, 0).at, 32);
    if (!failed(e))
        *ret_found = has_row;
    sql_done(&row);
    return e;
}
