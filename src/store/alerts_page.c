/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of alerts, newest first: a piece of each state and tier that is asked for, merged. */
#include "fact/division.h"
#include "store/alerts.h"
#include "store/row.h"

#include <assert.h>
#include <stdlib.h>

enum { CITY = 4, COUNTY = 6 };

struct ids {
    str *at;
    size_t count;
    size_t room;
};

static err no_memory(void)
{
    return fail(ERR_LIMIT, "limit.memory", 0);
}

static bool may_be(str asked, const char *word)
{
    return str_is_empty(asked) || str_equal(asked, str_from_c(word));
}

/* The index that holds the division's alerts together. */
#define OF_GROUP                                                                                   \
    " \"state\" = $1 AND \"tier\" = $2 AND \"id\" < $3 AND \"division\" >= $4"                     \
    " AND \"division\" < $5 ORDER BY \"id\" DESC LIMIT $6"

static const char *group_of(str scope)
{
    if (scope.size >= COUNTY)
        return "SELECT \"id\" FROM alert WHERE substr(\"division\", 1, 6) = $7 AND" OF_GROUP;
    if (scope.size == CITY)
        return "SELECT \"id\" FROM alert WHERE substr(\"division\", 1, 4) = $7 AND" OF_GROUP;
    return "SELECT \"id\" FROM alert WHERE" OF_GROUP;
}

static str key_of(str scope)
{
    return scope.size >= COUNTY ? str_until(scope, COUNTY) : scope;
}

static err take_ids(struct sql_row *row, struct arena *turn, struct ids *ids)
{
    bool has_row = false;
    TRY(sql_next(row, &has_row));
    while (has_row) {
        assert(ids->count < ids->room);
        ids->at[ids->count] = sql_str(row, 0, turn);
        if (ids->at[ids->count++].at == NULL)
            return no_memory();
        TRY(sql_next(row, &has_row));
    }
    return OK;
}

/* Behind every id. */
static str before_of(const struct alert_query *q)
{
    return str_is_empty(q->before) ? STR("~") : q->before;
}

/* What is bound is not copied: `range` outlives the row. */
static void bind_scope(struct sql_row *row, int low, const struct division_range *range)
{
    sql_bind_str(row, low, str_from_c(range->low));
    sql_bind_str(row, low + 1, str_from_c(range->high));
}

static err ask_group(struct reader *reader, const struct alert_query *q, unsigned group,
                     struct arena *turn, struct ids *ids)
{
    struct sql_row *row = NULL;
    struct division_range range = division_range(q->scope);
    TRY(sql_ask(reader_sql(reader), group_of(q->scope), &row));
    sql_bind_str(row, 1, str_from_c(alert_state_words[group / ALERT_TIER_COUNT]));
    sql_bind_str(row, 2, str_from_c(alert_tier_words[group % ALERT_TIER_COUNT]));
    sql_bind_str(row, 3, before_of(q));
    bind_scope(row, 4, &range);
    sql_bind_i64(row, 6, q->limit + 1);
    if (q->scope.size >= CITY)
        sql_bind_str(row, 7, key_of(q->scope));
    err e = take_ids(row, turn, ids);
    sql_done(&row);
    return e;
}

static err ask_groups(struct reader *reader, const struct alert_query *q, struct arena *turn,
                      struct ids *ids)
{
    for (unsigned i = 0; i < ALERT_GROUPS; i++)
        if (may_be(q->state, alert_state_words[i / ALERT_TIER_COUNT]) &&
            may_be(q->tier, alert_tier_words[i % ALERT_TIER_COUNT]))
            TRY(ask_group(reader, q, i, turn, ids));
    return OK;
}

/* --- few of many: an officer's own, what is late, unsent, to be looked at again --- */

#define FEW_WHERE                                                                                  \
    " AND ($4 = '' OR \"state\" = $4) AND ($5 = '' OR \"tier\" = $5) AND \"division\" >= $6"       \
    " AND \"division\" < $7"
#define FEW_PAGE " AND \"id\" < $2 ORDER BY \"id\" DESC LIMIT $3"

static const struct few {
    const char *page;
    const char *count;
} few[] = {
#define FEW(where)                                                                                 \
    {                                                                                              \
        "SELECT \"id\" FROM alert WHERE " where FEW_WHERE FEW_PAGE,                                \
            "SELECT count(*) FROM alert WHERE $2 = $2 AND $3 = $3 AND " where FEW_WHERE            \
    }
    FEW("$1 = $1 AND \"is_late\" = 1 AND \"state\" <> 'closed'"),
    FEW("$1 = $1 AND \"checking\" = 'asked'"),
    FEW("$1 = $1 AND \"unsent\" <> 'none' AND \"state\" <> 'closed'"),
    FEW("\"officer\" = $1 AND \"state\" IN ('assigned', 'reached') AND \"officer\" IS NOT NULL"),
#undef FEW
};

static const struct few *few_of(const struct alert_query *q)
{
    if (!str_is_empty(q->officer))
        return &few[3];
    if (q->is_to_check)
        return &few[1];
    if (q->is_unsent)
        return &few[2];
    return q->is_late ? &few[0] : NULL;
}

static err ask_few(struct reader *reader, const struct alert_query *q, const char *literal,
                   const struct division_range *range, struct sql_row **ret_row)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(reader_sql(reader), literal, &row));
    sql_bind_str(row, 1, q->officer);
    sql_bind_str(row, 2, before_of(q));
    sql_bind_i64(row, 3, q->limit + 1);
    sql_bind_str(row, 4, q->state);
    sql_bind_str(row, 5, q->tier);
    bind_scope(row, 6, range);
    *ret_row = row;
    return OK;
}

static err page_of_few(struct reader *reader, const struct alert_query *q, struct arena *turn,
                       struct ids *ids)
{
    struct sql_row *row = NULL;
    struct division_range range = division_range(q->scope);
    const struct few *f = few_of(q);
    assert(f != NULL);
    TRY(ask_few(reader, q, f->page, &range, &row));
    err e = take_ids(row, turn, ids);
    sql_done(&row);
    return e;
}

static err count_few(struct reader *reader, const struct alert_query *q, int64_t *ret_total)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    struct division_range range = division_range(q->scope);
    const struct few *f = few_of(q);
    assert(f != NULL);
    TRY(ask_few(reader, q, f->count, &range, &row));
    err e = sql_next(row, &has_row);
    if (!failed(e))
        *ret_total = sql_i64(row, 0);
    sql_done(&row);
    return e;
}

/* --- */

static err count_all(struct reader *reader, const struct alert_query *q, int64_t *ret_total)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    struct division_range range = division_range(q->scope);
    TRY(sql_ask(reader_sql(reader),
                "SELECT coalesce(sum(\"count\"), 0) FROM alert_count WHERE"
                " ($1 = '' OR \"state\" = $1) AND ($2 = '' OR \"tier\" = $2)"
                " AND \"division\" >= $3 AND \"division\" < $4",
                &row));
    sql_bind_str(row, 1, q->state);
    sql_bind_str(row, 2, q->tier);
    bind_scope(row, 3, &range);
    err e = sql_next(row, &has_row);
    if (!failed(e))
        *ret_total = sql_i64(row, 0);
    sql_done(&row);
    return e;
}

static int newest_first(const void *a, const void *b)
{
    return str_compare(*(const str *)b, *(const str *)a);
}

static err put_items(struct reader *reader, const struct alert_query *q, const struct ids *ids,
                     struct arena *turn, struct list_page *page)
{
    size_t limit = (size_t)q->limit;
    for (size_t i = 0; i < ids->count && i < limit; i++) {
        TRY(row_find(reader_sql(reader), RECORD_ALERT, ids->at[i], turn,
                     &page->items[page->count]));
        page->count++;
    }
    page->next = ids->count > limit ? ids->at[limit - 1] : STR("");
    return OK;
}

err alerts_page(struct reader *reader, const struct alert_query *q, struct arena *turn,
                struct list_page *ret_page)
{
    assert(q->limit > 0 && q->limit <= ALERT_PAGE_MOST);
    struct ids ids = {.room = (size_t)ALERT_GROUPS * ((size_t)q->limit + 1)};
    struct list_page page = {.items =
                                 arena_make_array(turn, (size_t)q->limit, sizeof(union record))};
    ids.at = arena_make_array(turn, ids.room, sizeof *ids.at);
    if (page.items == NULL || ids.at == NULL)
        return no_memory();
    bool is_few = few_of(q) != NULL;
    TRY((is_few ? page_of_few : ask_groups)(reader, q, turn, &ids));
    if (ids.count > 1)
        qsort(ids.at, ids.count, sizeof *ids.at, newest_first);
    TRY(put_items(reader, q, &ids, turn, &page));
    TRY((is_few ? count_few : count_all)(reader, q, &page.total));
    *ret_page = page;
    return OK;
}
