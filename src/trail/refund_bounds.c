/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Of one owner's money, what is still there at least and at most: the withdrawals take it first, or
 * last. What is not frozen is taken to be money nobody claims, as far as such money certainly is
 * there; if it is not, it is as if it had been withdrawn at the moment of the freeze.
 */
#include "trail/refund_inside.h"

#include <assert.h>

struct bounds {
    int64_t least;
    int64_t most;
};

static int64_t smaller(int64_t x, int64_t y)
{
    return x < y ? x : y;
}

static int64_t above_nothing(int64_t x)
{
    return x > 0 ? x : 0;
}

static void withdraw(struct bounds *b, int64_t out, int64_t balance_after)
{
    if (out == 0)
        return;
    b->least = above_nothing(b->least - out);
    b->most = smaller(b->most, balance_after);
}

/* `came`: what of the owner's money came in each moment, by moment, each once. */
static struct bounds follow(const struct refund_record *r, const struct refund_deposit *came,
                            uint32_t count)
{
    struct bounds b = {0};
    uint32_t m = count == 0 ? r->moment_count : came[0].moment;
    for (uint32_t next = 0; m < r->moment_count; m++) {
        if (next < count && came[next].moment == m) {
            b.least += came[next].minor;
            b.most += came[next].minor;
            next++;
        }
        withdraw(&b, r->moments[m].out_minor, r->moments[m].balance_minor);
    }
    assert(b.least <= b.most && b.most <= r->balance_minor);
    return b;
}

/* What nobody claims: the opening, and entries without a claim. */
static err follow_nobody(const struct refund_work *w, struct bounds *ret)
{
    const struct refund_record *r = w->record;
    struct refund_deposit *came = arena_make_array(w->arena, r->moment_count, sizeof *came);
    if (came == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (uint32_t m = 0; m < r->moment_count; m++)
        came[m].moment = m;
    came[0].minor = r->of->opening_minor;
    for (uint32_t i = 0; i < r->counted; i++) {
        const struct refund_entry *e = &r->of->entries[r->lines[i].entry];
        if (!e->is_out && e->claim == REFUND_NOBODY)
            came[r->lines[i].moment].minor += e->amount_minor;
    }
    *ret = follow(r, came, r->moment_count);
    return OK;
}

err refund_bounds(struct refund_work *w)
{
    const struct refund_record *r = w->record;
    struct bounds nobody = {0};
    TRY(follow_nobody(w, &nobody));
    int64_t free_minor = above_nothing(r->balance_minor - r->of->frozen_minor);
    bool is_nobodys = free_minor <= nobody.least;
    for (uint32_t i = 0; i < r->of->claim_count; i++) {
        uint32_t first = w->first[i];
        struct bounds b = follow(r, w->at + first, w->first[i + 1] - first);
        if (!is_nobodys)
            withdraw(&b, free_minor, r->of->frozen_minor);
        w->ret->parts[i].least_minor = b.least;
        w->ret->parts[i].most_minor = b.most;
    }
    return OK;
}
