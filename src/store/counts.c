/* SPDX-License-Identifier: Apache-2.0 */
#include "store/counts.h"

#include "fact/division.h"

#include <assert.h>

static const char ends[] = "ends";

static err put(struct counts *c, struct count_row row)
{
    for (size_t i = c->count; i > 0; i--) {
        struct count_row *known = &c->rows[i - 1];
        if (known->what == row.what && known->minute == row.minute &&
            str_equal(known->division, row.division)) {
            known->change += row.change;
            return OK;
        }
    }
    if (c->count == COUNTS_MOST)
        TRY(counts_write(c));
    if (c->keep != NULL)
        row.division = str_copy(c->keep, row.division);
    if (row.division.at == NULL && c->keep != NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    c->rows[c->count++] = row;
    return OK;
}

static err put_all(struct counts *c, const struct listing *l, int64_t change)
{
    struct count_row row = {
        .what = listing_state_words[l->state], .division = l->division, .change = change};
    TRY(put(c, row));
    if (l->state != LISTING_IN_FORCE)
        return OK;
    row.what = ends;
    row.minute = l->until.us / US_PER_MIN;
    return put(c, row);
}

err counts_move(struct counts *c, const struct listing *before, const struct listing *after)
{
    if (before != NULL)
        TRY(put_all(c, before, -1));
    return put_all(c, after, 1);
}

static err add(struct sql *db, const struct count_row *r)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(db,
                "INSERT INTO listing_count (\"what\", \"minute\", \"division\", \"count\")"
                " VALUES ($1, $2, $3, $4) ON CONFLICT (\"what\", \"minute\", \"division\")"
                " DO UPDATE SET \"count\" = listing_count.\"count\" + excluded.\"count\"",
                &row));
    sql_bind_str(row, 1, str_from_c(r->what));
    sql_bind_i64(row, 2, r->minute);
    sql_bind_str(row, 3, r->division);
    sql_bind_i64(row, 4, r->change);
    return sql_finish(&row);
}

/* A minute that has passed leaves nothing behind. */
static err drop_empty(struct sql *db, const struct count_row *r)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(db,
                "DELETE FROM listing_count WHERE \"what\" = $1 AND \"minute\" = $2"
                " AND \"division\" = $3 AND \"count\" = 0",
                &row));
    sql_bind_str(row, 1, str_from_c(r->what));
    sql_bind_i64(row, 2, r->minute);
    sql_bind_str(row, 3, r->division);
    return sql_finish(&row);
}

err counts_write(struct counts *c)
{
    for (size_t i = 0; i < c->count; i++) {
        const struct count_row *r = &c->rows[i];
        if (r->change == 0)
            continue;
        TRY(add(c->db, r));
        if (r->change < 0)
            TRY(drop_empty(c->db, r));
    }
    c->count = 0;
    return OK;
}

/* --- readers --- */

static err sum(struct reader *reader, const char *what, int64_t minute, str scope, int64_t *ret_sum)
{
    struct division_range range = division_range(scope);
    struct sql_row *row = NULL;
    TRY(sql_ask(reader_sql(reader),
                "SELECT coalesce(sum(\"count\"), 0) FROM listing_count WHERE \"what\" = $1"
                " AND \"minute\" <= $2 AND \"division\" >= $3 AND \"division\" < $4",
                &row));
    sql_bind_str(row, 1, str_from_c(what));
    sql_bind_i64(row, 2, minute);
    sql_bind_str(row, 3, str_from_c(range.low));
    sql_bind_str(row, 4, str_from_c(range.high));
    bool has_row = false;
    err e = sql_next(row, &has_row);
    if (!failed(e))
        *ret_sum = sql_i64(row, 0);
    sql_done(&row);
    return e;
}

err counts_of_state(struct reader *reader, enum listing_state state, str scope, int64_t *ret_count)
{
    assert(state < LISTING_STATE_COUNT);
    return sum(reader, listing_state_words[state], 0, scope, ret_count);
}

err counts_ending(struct reader *reader, instant until, str scope, int64_t *ret_count)
{
    return sum(reader, ends, until.us / US_PER_MIN, scope, ret_count);
}
