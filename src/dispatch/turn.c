/* SPDX-License-Identifier: Apache-2.0 */
/* All work that nobody has accepted, dealt out so that all of it together is least late. */
#include "dispatch/assign.h"
#include "dispatch/part.h"

#include <assert.h>
#include <stdlib.h>

struct open_work {
    uint32_t work;
    uint32_t due_s;
    uint8_t tier;
    struct choice choice;
};

struct deal {
    struct open_work *open;
    struct assign_edge *edges;
    uint32_t *first;
    uint32_t *column;
    uint32_t count;
    uint32_t edge_count;
};

/* Who did not answer is passed over, and left alone for a while. */
static void expire(struct dispatch *d, uint32_t now_s)
{
    for (uint32_t i = 0; i < d->work_end; i++) {
        struct work *w = &d->works[i];
        if (w->state != WORK_ASKED || now_s - w->since_s < d->rules->answer_s[w->tier])
            continue;
        uint32_t officer = w->officer;
        d->duty->officers[officer].silent_until_s = now_s + d->rules->silent_s;
        dispatch_unask(d, i, now_s);
        dispatch_pass(w, officer);
        d->counts.silent++;
    }
}

static int by_due(const void *a, const void *b)
{
    const struct open_work *x = a;
    const struct open_work *y = b;
    if (x->tier != y->tier)
        return x->tier > y->tier ? -1 : 1;
    if (x->due_s != y->due_s)
        return x->due_s < y->due_s ? -1 : 1;
    return x->work < y->work ? -1 : 1;
}

static err gather(const struct dispatch *d, struct deal *deal, struct arena *turn)
{
    deal->open = arena_make_array(turn, d->work_count, sizeof *deal->open);
    if (deal->open == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (uint32_t i = 0; i < d->work_end; i++) {
        const struct work *w = &d->works[i];
        if (w->state == WORK_OPEN || w->state == WORK_ASKED)
            deal->open[deal->count++] = (struct open_work){i, w->due_s, w->tier, {.count = 0}};
    }
    qsort(deal->open, deal->count, sizeof *deal->open, by_due);
    deal->count = deal->count < TURN_MOST ? deal->count : TURN_MOST;
    return OK;
}

static void put_edge(struct deal *deal, uint32_t column, int64_t cost)
{
    deal->edges[deal->edge_count++] = (struct assign_edge){cost > 0 ? cost : 0, column};
}

/* Who is asked now may keep it, however many others there are. */
static void keep_asked(const struct dispatch *d, const struct work *w, uint32_t now_s,
                       struct choice *c)
{
    for (uint32_t k = 0; k < c->count; k++)
        if (c->at[k].officer == w->officer)
            return;
    if (w->officer == OFFICER_NONE)
        return;
    uint32_t expected_s = choice_expected_s(d, w, w->officer, now_s);
    if (expected_s == UINT32_MAX)
        return;
    uint32_t k = c->count < d->rules->candidates ? c->count++ : c->count - 1;
    c->at[k] = (struct candidate){expected_s, w->officer};
}

static void put_edges(const struct dispatch *d, struct deal *deal, uint32_t i, uint32_t now_s)
{
    const struct work *w = &d->works[deal->open[i].work];
    struct choice *c = &deal->open[i].choice;
    choice_make(d, w, CHOICE_ALL, now_s, c);
    keep_asked(d, w, now_s, c);
    deal->first[i] = deal->edge_count;
    for (uint32_t k = 0; k < c->count; k++) {
        bool is_asked = c->at[k].officer == w->officer && w->state == WORK_ASKED;
        int64_t kept = is_asked ? d->rules->weight[w->tier] * (int64_t)d->rules->stay_s : 0;
        put_edge(deal, c->at[k].officer, choice_cost(d, w, c->at[k].expected_s) - kept);
    }
    put_edge(deal, d->duty->officer_count + i, choice_cost_of_none(d, w, now_s));
}

static err solve(const struct dispatch *d, struct deal *deal, uint32_t now_s, struct arena *turn)
{
    size_t edges = (size_t)deal->count * (d->rules->candidates + 1);
    deal->edges = arena_make_array(turn, edges, sizeof *deal->edges);
    deal->first = arena_make_array(turn, (size_t)deal->count + 1, sizeof *deal->first);
    deal->column = arena_make_array(turn, deal->count, sizeof *deal->column);
    if (deal->edges == NULL || deal->first == NULL || deal->column == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (uint32_t i = 0; i < deal->count; i++)
        put_edges(d, deal, i, now_s);
    deal->first[deal->count] = deal->edge_count;
    struct assign_problem p = {.edges = deal->edges,
                               .first = deal->first,
                               .row_count = deal->count,
                               .column_count = d->duty->officer_count + deal->count};
    return assign_solve(&p, turn, deal->column);
}

/* Whom a row got; officer OFFICER_NONE: nobody, for now. */
static struct candidate got(const struct deal *deal, uint32_t i)
{
    const struct choice *c = &deal->open[i].choice;
    for (uint32_t k = 0; k < c->count; k++)
        if (c->at[k].officer == deal->column[i])
            return c->at[k];
    return (struct candidate){.officer = OFFICER_NONE};
}

/* First everything is taken back that changes, then asked: an officer is asked about one thing. */
static void carry_out(struct dispatch *d, const struct deal *deal, uint32_t now_s)
{
    for (uint32_t i = 0; i < deal->count; i++) {
        const struct work *w = &d->works[deal->open[i].work];
        if (got(deal, i).officer == w->officer)
            continue;
        d->counts.moved += w->state == WORK_ASKED;
        dispatch_unask(d, deal->open[i].work, now_s);
    }
    for (uint32_t i = 0; i < deal->count; i++) {
        struct candidate to = got(deal, i);
        struct work *w = &d->works[deal->open[i].work];
        bool may_be_asked = to.officer != OFFICER_NONE && to.officer != w->officer &&
                            d->duty->officers[to.officer].asked == WORK_NONE;
        if (may_be_asked)
            dispatch_give(d, deal->open[i].work, to, now_s);
        else if (to.officer != OFFICER_NONE)
            w->expected_s = to.expected_s;
        else
            dispatch_say(d, DISPATCH_NOBODY, deal->open[i].work, OFFICER_NONE);
    }
}

err dispatch_turn(struct dispatch *d, uint32_t now_s, struct arena *turn)
{
    struct deal deal = {0};
    d->order_count = 0;
    expire(d, now_s);
    duty_return(d->duty, now_s);
    if (d->work_count == 0)
        return OK;
    TRY(gather(d, &deal, turn));
    if (deal.count == 0)
        return OK;
    TRY(solve(d, &deal, now_s, turn));
    carry_out(d, &deal, now_s);
    return OK;
}
