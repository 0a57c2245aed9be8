/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/disconnect.h"

#include "desk/order_parts.h"

const char *const disconnect_ground_words[] = {"none", "listing", "hold", NULL};

static bool is_now(const struct listing *l, instant now)
{
    return l->state == LISTING_IN_FORCE && l->from.us <= now.us && now.us < l->until.us;
}

static bool is_of_two(const struct listing *l)
{
    return l->action == ACTION_BLOCK && !str_is_empty(l->approver) && str_is_empty(l->source_id);
}

static const struct listing *find_allow(const struct listing *listings, size_t count, instant now)
{
    for (size_t i = 0; i < count; i++)
        if (is_now(&listings[i], now) && listings[i].action == ACTION_ALLOW)
            return &listings[i];
    return NULL;
}

static const struct listing *find_block(const struct disconnect_facts *f, instant now)
{
    for (size_t i = 0; i < f->listing_count; i++)
        if (is_now(&f->listings[i], now) && is_of_two(&f->listings[i]))
            return &f->listings[i];
    return NULL;
}

static bool is_standing_hold(const struct order *o)
{
    bool is_money = o->kind == ORDER_HOLD || o->kind == ORDER_STOP || o->kind == ORDER_FREEZE;
    bool is_done = o->state == ORDER_EXECUTED || o->state == ORDER_PARTIAL;
    return is_money && is_done && !str_is_empty(o->approver);
}

static const struct order *find_hold(const struct disconnect_facts *f)
{
    for (size_t i = 0; i < f->order_count && !str_is_empty(f->incident); i++)
        if (str_equal(f->orders[i].incident, f->incident) && is_standing_hold(&f->orders[i]))
            return &f->orders[i];
    return NULL;
}

static void find_disconnects(const struct disconnect_facts *f, struct disconnect_view *v)
{
    for (size_t i = 0; i < f->order_count; i++) {
        const struct order *o = &f->orders[i];
        if (o->kind != ORDER_DISCONNECT)
            continue;
        bool is_open = o->state == ORDER_DRAFTED || o->state == ORDER_APPROVED ||
                       o->state == ORDER_LIFTING || order_is_live(o->state);
        if (is_open)
            v->standing = o;
        else if (v->before == NULL)
            v->before = o;
    }
}

/* The ground stands in the view; otherwise what is missing to one. */
static const char *find_ground(const struct disconnect_facts *f, instant now,
                               struct disconnect_view *v)
{
    const struct listing *block = find_block(f, now);
    const struct order *hold = f->kind == INDICATOR_ACCOUNT ? find_hold(f) : NULL;
    if (block != NULL) {
        v->ground = GROUND_LISTING;
        v->listing = block;
        return NULL;
    }
    if (hold == NULL)
        return "disconnect.no_record";
    if (!f->has_stolen)
        return "disconnect.not_stolen";
    if (f->is_shop)
        return "disconnect.shop";
    v->ground = GROUND_HOLD;
    v->hold = hold;
    return NULL;
}

static const char *issuer_fault(const struct provider *issuer)
{
    if (issuer == NULL)
        return "disconnect.no_issuer";
    return provider_can(issuer, ORDER_DISCONNECT) ? NULL : "order.cannot";
}

struct disconnect_view disconnect_judge(const struct disconnect_facts *f, instant now)
{
    struct disconnect_view v = {0};
    const struct listing *allow = find_allow(f->listings, f->listing_count, now);
    find_disconnects(f, &v);
    if (f->kind != INDICATOR_NUMBER && f->kind != INDICATOR_ACCOUNT) {
        v.why_not = "disconnect.kind";
        return v;
    }
    if (allow != NULL) {
        v.listing = allow;
        v.why_not = "disconnect.protected";
        return v;
    }
    v.why_not = find_ground(f, now, &v);
    if (v.why_not == NULL && v.standing != NULL)
        v.why_not = "disconnect.stands";
    if (v.why_not == NULL)
        v.why_not = issuer_fault(f->issuer);
    return v;
}

const char *disconnect_judge_again(const struct disconnect_rest *rest, instant now)
{
    const struct listing *l = rest->listing;
    if (find_allow(rest->listings, rest->listing_count, now) != NULL)
        return "disconnect.protected";
    if (l != NULL && !(is_now(l, now) && is_of_two(l)))
        return "disconnect.listing_gone";
    if (rest->hold != NULL && !is_standing_hold(rest->hold))
        return "disconnect.hold_gone";
    return NULL;
}
