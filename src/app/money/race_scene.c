/* SPDX-License-Identifier: Apache-2.0 */
#include "app/money/race_scene.h"

#include "desk/order_parts.h"
#include "desk/takeover.h"

#include <assert.h>
#include <stdlib.h>

bool race_scene_is_victims_own(const struct trail_doc *doc, uint32_t account)
{
    for (size_t i = 0; i < doc->source_count; i++)
        if (doc->sources[i].from_account == account)
            return true;
    return false;
}

static bool is_on_account(const struct order *o)
{
    bool is_money = o->kind == ORDER_HOLD || o->kind == ORDER_STOP || o->kind == ORDER_FREEZE;
    return is_money && o->target_kind == INDICATOR_ACCOUNT;
}

static bool is_asked_for(const struct order *o)
{
    return o->state == ORDER_DRAFTED || o->state == ORDER_APPROVED || o->state == ORDER_SENT ||
           o->state == ORDER_ACKNOWLEDGED;
}

/* By an order that is done: a stop keeps all that is there, and nobody else has frozen. */
static int64_t kept_by(const struct order *o, const struct trail_node *node)
{
    int64_t all = node->present > o->amount ? node->present : o->amount;
    if (o->kind == ORDER_STOP)
        return prior_left(o->ahead, o->balance, all);
    return o->held < o->amount || o->amount == 0 ? o->held : o->amount;
}

/* It found less than was asked: asking for the rest again finds as much again. */
static bool is_short(const struct order *o)
{
    return o->kind != ORDER_STOP && o->asked == ASK_NOTHING && o->held < o->amount;
}

static bool came_after(const struct trail_node *node, instant at)
{
    return node->last_ms > at.us / US_PER_MS;
}

/* A stop, and a freeze of all there is, let nothing out; what a bank says of its customer's balance
 * says how much of it is not stolen. */
static void stand_done(const struct order *o, const struct trail_node *node, struct race_account *a)
{
    a->held += kept_by(o, node);
    a->is_stopped = a->is_stopped || o->kind == ORDER_STOP || o->amount == 0;
    a->is_refused = a->is_refused || (is_short(o) && !came_after(node, o->said_at));
    if (o->balance >= 0)
        a->honest = o->balance > node->present ? o->balance - node->present : 0;
}

/* By its bank, or by the centre itself: by nobody who decided that it is not to be. */
static bool may_be_asked_again(const struct order *o)
{
    bool is_banks = o->state == ORDER_REFUSED && o->ask > 0;
    bool is_ours = str_equal(o->ended_why, STR(RACE_WHY_GONE)) ||
                   str_equal(o->ended_why, STR(RACE_WHY_MISMATCH));
    return is_banks || is_ours;
}

static void stand_one(const struct order *o, const struct trail_node *node, struct race_account *a)
{
    if (o->state == ORDER_EXECUTED || o->state == ORDER_PARTIAL)
        stand_done(o, node, a);
    else if (is_asked_for(o))
        a->asked += o->amount;
    else if (!may_be_asked_again(o) || !came_after(node, o->ended_at))
        a->is_refused = true;
}

/* A freeze and the hold that it takes over are about the same money: one of them speaks. */
static bool is_told_by_another(const struct race_scene *s, const struct order *o)
{
    bool is_taken = !str_is_empty(o->taker) && !order_is_live(o->state);
    return is_taken || takeover_is_doubled(o, s->orders, s->order_count);
}

static int compare_standing(const void *a, const void *b)
{
    const struct order *x = *(const struct order *const *)a;
    const struct order *y = *(const struct order *const *)b;
    int order = str_compare(x->target, y->target);
    return order != 0 ? order : (x > y) - (x < y);
}

err race_scene_orders(const struct race_scene *s, struct race_orders *ret)
{
    ret->count = 0;
    ret->at = arena_make_array(s->arena, s->order_count + 1, sizeof(const struct order *));
    if (ret->at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (size_t i = 0; i < s->order_count; i++)
        if (is_on_account(&s->orders[i]) && !is_told_by_another(s, &s->orders[i]))
            ret->at[ret->count++] = &s->orders[i];
    if (ret->count > 1)
        qsort(ret->at, ret->count, sizeof(const struct order *), compare_standing);
    return OK;
}

/* What stands on the account; what ended speaks against asking again. */
static void stand(const struct race_orders *standing, const struct trail_node *node,
                  struct race_account *a)
{
    size_t from = 0;
    size_t end = standing->count;
    while (from < end) {
        size_t middle = from + (end - from) / 2;
        if (str_compare(standing->at[middle]->target, node->key) < 0)
            from = middle + 1;
        else
            end = middle;
    }
    for (; from < standing->count && str_equal(standing->at[from]->target, node->key); from++)
        stand_one(standing->at[from], node, a);
}

struct race_account race_scene_account(const struct race_scene *s, const struct race_orders *orders,
                                       const struct trail_node *node)
{
    const struct provider *p = provider_of_bank(s->providers, node->bank);
    struct race_account a = {
        .account = node->account,
        .bank = p == NULL ? HAZARD_BANKS : (uint32_t)(p - s->providers->at),
        .layer = node->layer,
        .is_company = node->is_company,
        .can_hold = p != NULL && provider_can(p, ORDER_HOLD),
        .can_stop = p != NULL && provider_can(p, ORDER_STOP),
        .attributed = node->attributed,
        .present = node->present,
        .exited = node->exited,
        .honest = -1,
        .last_ms = node->last_ms,
    };
    stand(orders, node, &a);
    return a;
}

struct seat {
    uint32_t account;
    uint32_t node;
};

static int compare_seats(const void *a, const void *b)
{
    const struct seat *x = a;
    const struct seat *y = b;
    return (x->account > y->account) - (x->account < y->account);
}

/* Where an account is among them: `count` when it is not. */
static uint32_t place_of(const struct race_accounts *accounts, uint32_t account)
{
    uint32_t from = 0;
    uint32_t end = accounts->count;
    while (from < end) {
        uint32_t middle = from + (end - from) / 2;
        if (accounts->at[middle].account < account)
            from = middle + 1;
        else
            end = middle;
    }
    bool is_there = from < accounts->count && accounts->at[from].account == account;
    return is_there ? from : accounts->count;
}

/* Whose money moved on, and when. */
static void tell_left(const struct trail_doc *doc, const struct race_accounts *accounts)
{
    for (size_t i = 0; i < doc->edge_count; i++) {
        const struct trail_edge *e = &doc->edges[i];
        uint32_t place = e->attributed > 0 ? place_of(accounts, e->from_account) : accounts->count;
        if (place < accounts->count && e->transfer.time_ms > accounts->at[place].left_ms)
            accounts->at[place].left_ms = e->transfer.time_ms;
    }
}

static err list_seats(const struct race_scene *s, struct seat **ret_seats, uint32_t *ret_count)
{
    size_t room = s->doc->node_count < RACE_MOST ? s->doc->node_count : RACE_MOST;
    struct seat *seats = arena_make_array(s->arena, room + 1, sizeof *seats);
    uint32_t count = 0;
    if (seats == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (size_t i = 0; i < s->doc->node_count && count < room; i++) {
        const struct trail_node *node = &s->doc->nodes[i];
        if (node->attributed > 0 && !race_scene_is_victims_own(s->doc, node->account))
            seats[count++] = (struct seat){.account = node->account, .node = (uint32_t)i};
    }
    if (count > 1)
        qsort(seats, count, sizeof *seats, compare_seats);
    *ret_seats = seats;
    *ret_count = count;
    return OK;
}

err race_scene_accounts(const struct race_scene *s, struct race_accounts *ret)
{
    struct seat *seats = NULL;
    uint32_t count = 0;
    struct race_orders standing;
    *ret = (struct race_accounts){0};
    TRY(list_seats(s, &seats, &count));
    TRY(race_scene_orders(s, &standing));
    ret->at = arena_make_array(s->arena, count + 1, sizeof *ret->at);
    ret->nodes = arena_make_array(s->arena, count + 1, sizeof *ret->nodes);
    if (ret->at == NULL || ret->nodes == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (uint32_t i = 0; i < count; i++) {
        ret->at[i] = race_scene_account(s, &standing, &s->doc->nodes[seats[i].node]);
        ret->nodes[ret->count++] = seats[i].node;
    }
    tell_left(s->doc, ret);
    return OK;
}

struct race_settings race_scene_settings(const struct race_scene *s)
{
    struct race_settings settings = race_usual;
    settings.zone_min = s->zone_min;
    return settings;
}

err race_scene_rank(const struct race_scene *s, struct hazard *hazard, int64_t budget,
                    const struct race_accounts *accounts, struct race_plan *ret_plan)
{
    struct race *race = NULL;
    struct race_settings settings = race_scene_settings(s);
    uint32_t past = s->before == NULL ? 0 : s->before->count;
    uint32_t most = accounts->count + past + 1;
    TRY(race_make(s->arena, most < RACE_MOST ? most : RACE_MOST, &settings, hazard, &race));
    for (uint32_t i = 0; i < past; i++)
        TRY(race_put(race, &s->before->at[i]));
    for (uint32_t i = 0; i < past; i++)
        if (place_of(accounts, s->before->at[i].account) == accounts->count)
            race_drop(race, s->before->at[i].account, s->now.us / US_PER_MS);
    for (uint32_t i = 0; i < accounts->count; i++)
        TRY(race_put(race, &accounts->at[i]));
    return race_rank(race, s->now.us / US_PER_MS, budget, s->arena, ret_plan);
}

const struct trail_node *race_scene_node(const struct race_scene *s,
                                         const struct race_accounts *accounts, uint32_t account)
{
    uint32_t place = place_of(accounts, account);
    assert(place < accounts->count); /* a pick is of an account that was put */
    return &s->doc->nodes[accounts->nodes[place]];
}

err race_scene_why(const struct race_pick *pick, struct arena *a, str *ret_lines)
{
    struct race_reason whys[RACE_WHYS];
    struct text t;
    unsigned count = race_why(pick, whys);
    text_init(&t, a);
    for (unsigned i = 0; i < count; i++) {
        text_put_c(&t, i == 0 ? "" : "\n");
        text_put_c(&t, whys[i].key);
        text_put_char(&t, ' ');
        text_put_i64(&t, whys[i].number);
    }
    *ret_lines = text_str(&t);
    return text_spent(&t) ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}
