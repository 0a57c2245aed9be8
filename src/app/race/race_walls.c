/* SPDX-License-Identifier: Apache-2.0 */
#include "app/race/race_walls.h"

#include "desk/takeover.h"

#include "fact/indicator.h"

#include <stdlib.h>

/* What one order keeps, and since when. */
struct kept {
    uint32_t account;
    bool is_stop;
    int64_t held;
    int64_t from_ms;
};

static bool keeps(const struct order *o)
{
    bool is_done = o->state == ORDER_EXECUTED || o->state == ORDER_PARTIAL;
    bool is_money = o->kind == ORDER_HOLD || o->kind == ORDER_STOP || o->kind == ORDER_FREEZE;
    return is_done && is_money && o->target_kind == INDICATOR_ACCOUNT && o->executed_at.us > 0;
}

static bool is_stop(const struct order *o)
{
    return o->kind == ORDER_STOP || o->amount == 0;
}

/* Stops first, the earliest of them; then the last hold. */
static int compare(const void *a, const void *b)
{
    const struct kept *x = a;
    const struct kept *y = b;
    if (x->account != y->account)
        return x->account < y->account ? -1 : 1;
    if (x->is_stop != y->is_stop)
        return x->is_stop ? -1 : 1;
    int later = (x->from_ms > y->from_ms) - (x->from_ms < y->from_ms);
    return x->is_stop ? later : -later;
}

static err list(const struct race_walls_of *of, struct kept *kept, size_t *ret_count)
{
    for (size_t i = 0; i < of->order_count; i++) {
        const struct order *o = &of->orders[i];
        uint32_t account = 0;
        if (!keeps(o) || takeover_is_doubled(o, of->orders, of->order_count))
            continue;
        err e = runs_ask_account(of->runs, o->target, &account);
        if (e.code == ERR_ABSENT)
            continue;
        TRY(e);
        int64_t held = o->amount > 0 && o->held > o->amount ? o->amount : o->held;
        kept[(*ret_count)++] = (struct kept){.account = account,
                                             .is_stop = is_stop(o),
                                             .held = held,
                                             .from_ms = o->executed_at.us / US_PER_MS};
    }
    return OK;
}

err race_walls_find(const struct race_walls_of *of, struct race_walls *ret)
{
    size_t count = 0;
    struct kept *kept = arena_make_array(of->arena, of->order_count + 1, sizeof *kept);
    *ret = (struct race_walls){0};
    ret->at = arena_make_array(of->arena, of->order_count + 1, sizeof *ret->at);
    ret->held = arena_make_array(of->arena, of->order_count + 1, sizeof *ret->held);
    if (kept == NULL || ret->at == NULL || ret->held == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(list(of, kept, &count));
    if (count > 1)
        qsort(kept, count, sizeof *kept, compare);
    for (size_t i = 0; i < count; i++) {
        bool is_same = i > 0 && kept[i].account == kept[i - 1].account;
        size_t last = ret->count - 1;
        if (is_same && ret->held[last] != INT64_MAX)
            ret->held[last] += kept[i].held;
        if (is_same)
            continue;
        ret->at[ret->count] = (struct trail_wall){kept[i].account, kept[i].from_ms};
        ret->held[ret->count++] = kept[i].is_stop ? INT64_MAX : kept[i].held;
    }
    return OK;
}

static int64_t present_on(const struct trail_doc *doc, uint32_t account)
{
    const struct trail_node *node = trail_doc_find(doc, account);
    return node == NULL ? 0 : node->present;
}

bool race_walls_drop(struct race_walls *w, const struct trail_doc *doc)
{
    size_t kept = 0;
    for (size_t i = 0; i < w->count; i++) {
        if (present_on(doc, w->at[i].account) > w->held[i])
            continue;
        w->at[kept] = w->at[i];
        w->held[kept++] = w->held[i];
    }
    bool has_dropped = kept < w->count;
    w->count = kept;
    return has_dropped;
}
