/* SPDX-License-Identifier: Apache-2.0 */
#include "app/round/round_close.h"

#include "app/round/round_read.h"
#include "desk/order_parts.h"
#include "desk/relief.h"
#include "fact/division.h"

/* Why an order is trimmed or lifted: what it held has gone back. */
#define ROUND_WHY_RETURNED "round.returned"

static err spent(void)
{
    return fail(ERR_LIMIT, "limit.memory", 0);
}

static size_t keep_live(struct round_orders *orders)
{
    size_t live = 0;
    for (size_t i = 0; i < orders->count; i++)
        if (order_is_live(orders->at[i]->state))
            orders->at[live++] = orders->at[i];
    return live;
}

err round_reliefs(struct sql *db, const struct round *r, struct arena *turn,
                  struct round_reliefs *ret_reliefs)
{
    struct round_orders orders = {.count = 0};
    struct round_reliefs made = {.count = 0};
    TRY(round_orders(db, r, turn, &orders));
    int64_t ended = relief_ended(orders.at, orders.count, r->sent_at);
    int64_t paid = r->returned > ended ? r->returned - ended : 0;
    orders.count = keep_live(&orders);
    struct relief *reliefs = arena_make_array(turn, orders.count + 1, sizeof *reliefs);
    made.at = arena_make_array(turn, orders.count + 1, sizeof *made.at);
    made.divisions = arena_make_array(turn, orders.count + 1, sizeof *made.divisions);
    if (reliefs == NULL || made.at == NULL || made.divisions == NULL)
        return spent();
    (void)round_relief(&orders, paid, r->paid_at, reliefs);
    for (size_t i = 0; i < orders.count; i++) {
        struct command cmd = {.record = orders.at[i]->id, .why = STR(ROUND_WHY_RETURNED)};
        if (!relief_command(&reliefs[i], &cmd))
            continue;
        made.divisions[made.count] = orders.at[i]->division;
        made.at[made.count++] = cmd;
    }
    *ret_reliefs = made;
    return OK;
}

static err is_settler(struct sql *db, const struct round *r, str user, bool *ret_is)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(db, "SELECT 1 FROM share WHERE \"round\" = $1 AND \"settler\" = $2", &row));
    sql_bind_str(row, 1, r->id);
    sql_bind_str(row, 2, user);
    err e = sql_next(row, ret_is);
    sql_done(&row);
    return e;
}

err round_may_close(struct sql *db, const struct round *r, const struct actor *actor,
                    const struct round_reliefs *reliefs)
{
    bool is_by_them = false;
    TRY(is_settler(db, r, actor->user, &is_by_them));
    if (is_by_them)
        return fail(ERR_DENIED, "round.settler", 0);
    for (size_t i = 0; i < reliefs->count; i++)
        if (!division_covers(actor->division, reliefs->divisions[i]))
            return fail(ERR_DENIED, "round.close_above", 0);
    return OK;
}
