/* SPDX-License-Identifier: Apache-2.0 */
#include "app/money/held.h"

#include "base/arena.h"

#include <stdlib.h>

enum { GROWTH = 64 };

static const char every[] =
    "SELECT o.\"id\", o.\"target\", coalesce(o.\"incident\", r.\"incident\"), o.\"provider\", "
    "o.\"bank\", o.\"currency\", CASE WHEN o.\"amount\" > 0 AND o.\"amount\" < o.\"held\" "
    "THEN o.\"amount\" ELSE o.\"held\" END, CASE WHEN o.\"balance\" < 0 OR o.\"ahead\" = 0 THEN "
    "o.\"balance\" "
    "WHEN o.\"ahead\" < 0 OR o.\"ahead\" > o.\"balance\" THEN 0 "
    "ELSE o.\"balance\" - o.\"ahead\" END, o.\"said_at\", "
    "coalesce(h.\"executed_at\", o.\"executed_at\") "
    "FROM \"order\" o LEFT JOIN report r ON r.\"id\" = o.\"report\" "
    "LEFT JOIN \"order\" h ON h.\"id\" = o.\"takes\" "
    "WHERE o.\"target_kind\" = 'account' AND o.\"state\" IN ('executed', 'partial') "
    "AND o.\"kind\" IN ('hold', 'stop', 'freeze') AND o.\"held\" > 0 "
    "AND NOT (o.\"takes\" IS NOT NULL AND h.\"state\" IN ('executed', 'partial') "
    "AND h.\"held\" > 0)";

static err spent(void)
{
    return fail(ERR_LIMIT, "limit.memory", 0);
}

static err ask(const struct held_query *q, struct sql_row **ret_row)
{
    struct text t;
    int n = 0;
    text_init(&t, q->arena);
    text_put_c(&t, every);
    if (!str_is_empty(q->account))
        text_put_c(&t, " AND o.\"target\" = $1");
    if (!str_is_empty(q->incident))
        text_put_c(&t, str_is_empty(q->account) ? " AND o.\"incident\" = $1"
                                                : " AND o.\"incident\" = $2");
    if (q->is_for_round)
        text_put_c(&t, " AND o.\"approver\" IS NOT NULL AND o.\"asked\" <> 'trim'");
    if (text_spent(&t))
        return spent();
    TRY(sql_ask_text(q->db, text_str(&t), ret_row));
    if (!str_is_empty(q->account))
        sql_bind_str(*ret_row, ++n, q->account);
    if (!str_is_empty(q->incident))
        sql_bind_str(*ret_row, ++n, q->incident);
    return OK;
}

static err take(struct sql_row *row, struct arena *a, struct held_order *o)
{
    *o = (struct held_order){.id = sql_str(row, 0, a),
                             .account = sql_str(row, 1, a),
                             .incident = sql_str(row, 2, a),
                             .provider = sql_str(row, 3, a),
                             .bank = sql_str(row, 4, a),
                             .currency = sql_str(row, 5, a),
                             .held = sql_i64(row, 6),
                             .usable = sql_is_null(row, 7) ? -1 : sql_i64(row, 7),
                             .said_at = {.us = sql_i64(row, 8)},
                             .executed_at = {.us = sql_i64(row, 9)}};
    return o->currency.at == NULL ? spent() : OK;
}

static err take_all(struct sql_row *row, struct arena *a, struct held_order **items,
                    size_t *ret_count)
{
    bool has_row = false;
    TRY(sql_next(row, &has_row));
    while (has_row) {
        size_t count = *ret_count;
        if (count % GROWTH == 0)
            *items =
                arena_grow(a, *items, count * sizeof **items, (count + GROWTH) * sizeof **items);
        if (*items == NULL)
            return spent();
        TRY(take(row, a, &(*items)[count]));
        (*ret_count)++;
        TRY(sql_next(row, &has_row));
    }
    return OK;
}

static int compare(const void *a, const void *b)
{
    const struct held_order *x = a;
    const struct held_order *y = b;
    int order = str_compare(x->account, y->account);
    if (order == 0)
        order = (x->said_at.us > y->said_at.us) - (x->said_at.us < y->said_at.us);
    return order != 0 ? order : str_compare(x->id, y->id);
}

err held_read(const struct held_query *q, struct held_order **ret, size_t *ret_count)
{
    struct sql_row *row = NULL;
    *ret = NULL;
    *ret_count = 0;
    TRY(ask(q, &row));
    err e = take_all(row, q->arena, ret, ret_count);
    sql_done(&row);
    if (!failed(e) && *ret_count > 1)
        qsort(*ret, *ret_count, sizeof **ret, compare);
    return e;
}

size_t held_run(const struct held_order *orders, size_t count)
{
    size_t end = 0;
    while (end < count && str_equal(orders[end].account, orders[0].account))
        end++;
    return end;
}

/* Whoever holds 60 says that 60 are there, whatever they call the balance: what is behind others'
 * freezes was taken off when the receipt came. */
int64_t held_sum(const struct held_order *orders, size_t count)
{
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t held = orders[i].held;
        int64_t there = orders[i].usable > held ? orders[i].usable : held;
        sum += held;
        if (orders[i].usable >= 0 && sum > there)
            sum = there;
    }
    return sum;
}
