/* SPDX-License-Identifier: Apache-2.0 */
#include "trail/refund_inside.h"

#include <assert.h>

static const char *const end_names[END_COUNT] = {
#define X(code, name) [code] = (name),
    REFUND_END_LIST(X)
#undef X
};

static err spent(void)
{
    return fail(ERR_LIMIT, "limit.memory", 0);
}

static int64_t smaller(int64_t x, int64_t y)
{
    return x < y ? x : y;
}

/* ---- deposits -------------------------------------------------------------------------------- */

static const struct refund_entry *entry_of(const struct refund_work *w, uint32_t line)
{
    return &work_case(w)->entries[w->record->lines[line].entry];
}

static bool is_deposit(const struct refund_entry *e)
{
    return !e->is_out && e->claim != REFUND_NOBODY;
}

/* By claim; lines are in the order of moments, and so are the deposits of a claim. */
static err deposits_sort(struct refund_work *w)
{
    uint32_t claims = work_case(w)->claim_count;
    uint32_t counted = w->record->counted;
    uint32_t *next = arena_make_array(w->arena, (size_t)claims + 1, sizeof *next);
    w->at = arena_make_array(w->arena, (size_t)counted + 1, sizeof *w->at);
    w->first = arena_make_array(w->arena, (size_t)claims + 2, sizeof *w->first);
    if (next == NULL || w->at == NULL || w->first == NULL)
        return spent();
    for (uint32_t i = 0; i < counted; i++)
        if (is_deposit(entry_of(w, i)))
            w->first[entry_of(w, i)->claim + 1]++;
    for (uint32_t i = 0; i < claims; i++) {
        w->first[i + 1] += w->first[i];
        next[i] = w->first[i];
    }
    for (uint32_t i = 0; i < counted; i++) {
        const struct refund_entry *e = entry_of(w, i);
        if (!is_deposit(e))
            continue;
        w->at[next[e->claim]++] =
            (struct refund_deposit){.minor = e->amount_minor, .moment = w->record->lines[i].moment};
        w->ret->parts[e->claim].deposited_minor += e->amount_minor;
    }
    return OK;
}

/* A claim's deposits of one moment become one: what came at once is one sum of money. */
static void deposits_merge(struct refund_work *w)
{
    uint32_t kept = 0;
    for (uint32_t i = 0, from = 0; i < work_case(w)->claim_count; i++) {
        uint32_t begin = kept;
        for (; from < w->first[i + 1]; from++) {
            if (kept > begin && w->at[kept - 1].moment == w->at[from].moment)
                w->at[kept - 1].minor += w->at[from].minor;
            else
                w->at[kept++] = w->at[from];
        }
        w->first[i + 1] = kept;
    }
}

/* ---- the rules ------------------------------------------------------------------------------- */

static uint32_t deposits_on_record(const struct refund_work *w)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < w->record->counted; i++)
        count += !entry_of(w, i)->is_out;
    return count;
}

static err by_cn_2016(struct refund_work *w)
{
    uint32_t deposits = deposits_on_record(w);
    const struct refund_record *r = w->record;
    int64_t *low = arena_make_array(w->arena, r->moment_count, sizeof *low);
    if (low == NULL)
        return spent();
    for (uint32_t m = 0; m < r->moment_count; m++)
        low[m] = r->moments[m].low_minor;
    for (uint32_t i = 0; i < work_case(w)->claim_count; i++) {
        struct refund_part *p = &w->ret->parts[i];
        bool is_only = deposits == 1 && p->deposited_minor > 0;
        if (p->least_minor < p->most_minor)
            p->basis = BASIS_PROPORTIONAL;
        else
            p->basis = is_only ? BASIS_DIRECT : BASIS_TIMESTAMP;
        p->amount_minor = p->basis == BASIS_PROPORTIONAL ? 0 : p->most_minor;
    }
    return refund_raise(w, low);
}

static err by_losses(struct refund_work *w)
{
    const struct refund_record *r = w->record;
    int64_t *low = arena_make_array(w->arena, r->moment_count, sizeof *low);
    if (low == NULL)
        return spent();
    for (uint32_t m = 0; m < r->moment_count; m++)
        low[m] = r->of->frozen_minor;
    for (uint32_t i = 0; i < work_case(w)->claim_count; i++)
        w->ret->parts[i].basis = BASIS_PROPORTIONAL;
    return refund_raise(w, low);
}

/* Money that came in, oldest first; what is before `head` has left. */
struct queue {
    struct {
        int64_t minor;
        int32_t claim;
    } * at;
    uint32_t head;
    uint32_t end;
};

static void queue_put(struct queue *q, int64_t minor, int32_t claim)
{
    q->at[q->end].minor = minor;
    q->at[q->end].claim = claim;
    q->end++;
}

static void queue_take(struct queue *q, int64_t minor)
{
    while (minor > 0) {
        assert(q->head < q->end);
        int64_t part = smaller(minor, q->at[q->head].minor);
        q->at[q->head].minor -= part;
        minor -= part;
        q->head += q->at[q->head].minor == 0;
    }
}

/* Of what is not frozen, first what nobody claims. */
static int64_t queue_take_nobodys(struct queue *q, int64_t minor)
{
    for (uint32_t i = q->head; i < q->end && minor > 0; i++) {
        int64_t part = q->at[i].claim == REFUND_NOBODY ? smaller(minor, q->at[i].minor) : 0;
        q->at[i].minor -= part;
        minor -= part;
    }
    return minor;
}

static err by_fifo(struct refund_work *w)
{
    const struct refund_record *r = w->record;
    struct queue q = {.at = arena_make_array(w->arena, (size_t)r->counted + 1, sizeof *q.at)};
    if (q.at == NULL)
        return spent();
    queue_put(&q, r->of->opening_minor, REFUND_NOBODY);
    for (uint32_t i = 0; i < r->counted; i++) {
        const struct refund_entry *e = entry_of(w, i);
        if (e->is_out)
            queue_take(&q, e->amount_minor);
        else
            queue_put(&q, e->amount_minor, e->claim);
    }
    int64_t left = r->balance_minor - r->of->frozen_minor;
    queue_take(&q, left > 0 ? queue_take_nobodys(&q, left) : 0);
    for (uint32_t i = 0; i < work_case(w)->claim_count; i++)
        w->ret->parts[i].basis = deposits_on_record(w) == 1 && w->ret->parts[i].deposited_minor > 0
                                     ? BASIS_DIRECT
                                     : BASIS_TIMESTAMP;
    for (uint32_t i = q.head; i < q.end; i++)
        if (q.at[i].claim != REFUND_NOBODY)
            w->ret->parts[q.at[i].claim].amount_minor += q.at[i].minor;
    return OK;
}

static err (*const rules[RULE_COUNT])(struct refund_work *w) = {
    [RULE_CN_2016] = by_cn_2016,
    [RULE_FIFO] = by_fifo,
    [RULE_PROPORTIONAL] = by_losses,
};

/* ---- the result ------------------------------------------------------------------------------ */

/* Nobody gets more than they lost; what nobody gets stays frozen. */
static void settle(struct refund *refund)
{
    const struct refund_case *c = refund->record->of;
    int64_t left = c->frozen_minor;
    for (uint32_t i = 0; i < c->claim_count; i++) {
        struct refund_part *p = &refund->parts[i];
        p->amount_minor = smaller(p->amount_minor, p->loss_minor);
        assert(p->amount_minor >= 0 && p->amount_minor <= p->deposited_minor);
        assert(refund->rule == RULE_PROPORTIONAL || p->amount_minor <= p->most_minor);
        left -= p->amount_minor;
    }
    assert(left >= 0);
    refund->unclaimed_minor = left;
}

err refund_compute(const struct refund_record *r, enum refund_rule rule, struct arena *a,
                   struct refund *ret_refund)
{
    assert(rule < RULE_COUNT);
    struct refund refund = {.record = r, .rule = rule};
    struct refund_work w = {.record = r, .rule = rule, .arena = a, .ret = &refund};
    refund.parts = arena_make_array(a, (size_t)r->of->claim_count + 1, sizeof *refund.parts);
    if (refund.parts == NULL)
        return spent();
    for (uint32_t i = 0; i < r->of->claim_count; i++)
        refund.parts[i].loss_minor = r->of->claims[i].loss_minor;
    TRY(deposits_sort(&w));
    deposits_merge(&w);
    TRY(refund_bounds(&w));
    TRY(rules[rule](&w));
    settle(&refund);
    *ret_refund = refund;
    return OK;
}

/* ---- words ----------------------------------------------------------------------------------- */

str refund_end_name(unsigned end)
{
    assert(end < END_COUNT);
    return str_from_c(end_names[end]);
}
