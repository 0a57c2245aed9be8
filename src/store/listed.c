/* SPDX-License-Identifier: Apache-2.0 */
#include "store/listed.h"

#include "kit/hash.h"

#define COLUMNS                                                                                    \
    "l.rowid, l.\"kind\", l.\"match\", l.\"action\", l.\"state\", l.\"value\", l.\"from\","        \
    " l.\"until\""

err listed_begin(struct reader *reader)
{
    return sql_run(reader_sql(reader), "BEGIN");
}

void listed_end(struct reader *reader)
{
    err e = sql_run(reader_sql(reader), "ROLLBACK"); /* nothing was written */
    (void)e;
}

static err ask_number(struct sql_row *row, uint64_t *ret_number)
{
    bool has_row = false;
    err e = sql_next(row, &has_row);
    if (!failed(e))
        *ret_number = has_row ? (uint64_t)sql_i64(row, 0) : 0;
    sql_done(&row);
    return e;
}

err listed_ledger(struct reader *reader, uint64_t *ret_size)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(reader_sql(reader), "SELECT coalesce(max(\"idx\") + 1, 0) FROM ledger_leaf", &row));
    return ask_number(row, ret_size);
}

err listed_mark(struct reader *reader, uint64_t size, uint64_t *ret_mark)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    *ret_mark = 0;
    TRY(sql_ask(reader_sql(reader), "SELECT \"body\" FROM ledger_text WHERE \"idx\" = $1", &row));
    sql_bind_i64(row, 1, (int64_t)size - 1);
    err e = sql_next(row, &has_row);
    if (!failed(e) && has_row) {
        str body = sql_peek(row, 0);
        *ret_mark = hash_check(body.at, body.size);
    }
    sql_done(&row);
    return e;
}

static err read_word(struct sql_row *row, int column, const char *const *words, unsigned *ret_word)
{
    bool is_known = word_parse(words, sql_peek(row, column), ret_word);
    return is_known ? OK : fail(ERR_CORRUPT, "store.corrupt", 0);
}

static err read_listed(struct sql_row *row, struct listed *l)
{
    int64_t number = sql_i64(row, 0);
    if (number < 0 || number > UINT32_MAX)
        return fail(ERR_LIMIT, "limit.memory", 0);
    l->row = (uint32_t)number;
    TRY(read_word(row, 1, indicator_kind_words, &l->kind));
    TRY(read_word(row, 2, listing_match_words, &l->match));
    TRY(read_word(row, 3, listing_action_words, &l->action));
    TRY(read_word(row, 4, listing_state_words, &l->state));
    l->value = sql_peek(row, 5);
    l->from.us = sql_i64(row, 6);
    l->until.us = sql_i64(row, 7);
    return OK;
}

static err visit_all(struct sql_row *row, const struct listed_visit *visit)
{
    struct listed listing = {0};
    bool has_row = false;
    TRY(sql_next(row, &has_row));
    while (has_row) {
        TRY(read_listed(row, &listing));
        TRY(visit->visit(visit->self, &listing));
        TRY(sql_next(row, &has_row));
    }
    return OK;
}

/* The '+' keeps it from the index on state, which would fetch every row from somewhere else. */
err listed_all(struct reader *reader, const struct listed_visit *visit)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(reader_sql(reader),
                "SELECT " COLUMNS " FROM listing AS l WHERE +l.\"state\" = 'in_force'", &row));
    err e = visit_all(row, visit);
    sql_done(&row);
    return e;
}

static err count_erased(struct reader *reader, uint64_t from, uint64_t *ret_count)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(
        reader_sql(reader),
        "SELECT count(*) FROM ledger_leaf WHERE \"idx\" >= $1 AND \"act\" = 'listing.erase'",
        &row));
    sql_bind_i64(row, 1, (int64_t)from);
    return ask_number(row, ret_count);
}

err listed_since(struct reader *reader, uint64_t from, const struct listed_visit *visit,
                 bool *ret_was_erased)
{
    struct sql_row *row = NULL;
    uint64_t erased = 0;
    TRY(count_erased(reader, from, &erased));
    TRY(sql_ask(reader_sql(reader),
                "SELECT DISTINCT " COLUMNS " FROM ledger_leaf AS f JOIN listing AS l"
                " ON l.\"id\" = f.\"record\""
                " WHERE f.\"idx\" >= $1 AND f.\"record_kind\" = 'listing'"
                " AND f.\"act\" NOT IN ('listing.propose', 'listing.refuse', 'listing.read')",
                &row));
    sql_bind_i64(row, 1, (int64_t)from);
    err e = visit_all(row, visit);
    sql_done(&row);
    if (!failed(e))
        *ret_was_erased = erased > 0;
    return e;
}
