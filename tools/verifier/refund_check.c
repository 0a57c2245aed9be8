/* SPDX-License-Identifier: Apache-2.0 */
/* What can be left of whose money, and what each rule gives: computed from the low waters alone. */
#include "refund_check.h"

#include <stdio.h>
#include <string.h>

/* ---- what can be left: section 3 ---- */
/* Of money of which came[m] came in moment m: from the low waters alone. */
static void bound(const num *came, num *least, num *most)
{
    num all = 0, total = st.opening, later = 0, later_others = 0;
    for (int i = 0; i < st.entry_count; i++)
        total += st.entries[i].is_out ? 0 : st.entries[i].amount;
    for (int m = 0; m < st.moment_count; m++)
        all += came[m];
    num others_most = total - all;
    *most = all;
    for (int m = st.moment_count, last = st.entry_count; m-- > 0;) {
        num in = m == 0 ? st.opening : 0;
        *most = st.lows[m] + later < *most ? st.lows[m] + later : *most;
        if (st.lows[m] + later_others < others_most)
            others_most = st.lows[m] + later_others;
        for (; last > 0 && st.entries[last - 1].moment == m; last--)
            in += st.entries[last - 1].is_out ? 0 : st.entries[last - 1].amount;
        later += came[m];
        later_others += in - came[m];
    }
    *least = st.balances[st.moment_count - 1] - others_most;
}

static void bound_of(int claim, num *least, num *most)
{
    static num came[ENTRIES + 1];
    memset(came, 0, sizeof *came * (size_t)st.moment_count);
    came[0] = claim < 0 ? st.opening : 0;
    for (int i = 0; i < st.entry_count; i++)
        if (!st.entries[i].is_out && st.entries[i].claim == claim)
            came[st.entries[i].moment] += st.entries[i].amount;
    bound(came, least, most);
}

void check_bounds(void)
{
    num least = 0, most = 0, loose = st.balances[st.moment_count - 1] - st.frozen;
    bound_of(-1, &least, &most);
    bool is_claimed = loose > least; /* what is not frozen may be somebody's */
    for (int i = 0; i < st.claim_count; i++) {
        struct claim *c = &st.claims[i];
        char where[200];
        snprintf(where, sizeof where, "claim %s", text_of(c->said, "claim"));
        bound_of(i, &c->least, &c->most);
        if (is_claimed && loose > 0) {
            c->least = c->least > loose ? c->least - loose : 0;
            c->most = c->most < st.frozen ? c->most : st.frozen;
        }
        for (int k = 0; k < st.entry_count; k++)
            c->deposited +=
                !st.entries[k].is_out && st.entries[k].claim == i ? st.entries[k].amount : 0;
        expect(where, c->said, "deposited", c->deposited);
        expect(where, c->said, "least", c->least);
        expect(where, c->said, "most", c->most);
    }
    for (int m = 0; m < st.moment_count; m++)
        st.lows[m] = st.lows[m] < st.frozen ? st.lows[m] : st.frozen;
    for (int i = 0; i < st.entry_count; i++)
        expect(st.entries[i].id, st.entries[i].said, "low_water", st.lows[st.entries[i].moment]);
}

/* ---- in proportion: section 4 ---- */
struct ratio {
    num total, of;
};

static int compare(struct ratio x, struct ratio y)
{
    wide a = (wide)x.total * y.of, b = (wide)y.total * x.of;
    return (a > b) - (a < b);
}

/* What of it stands on deposits made up to the moment being looked at, in parts of 1/of. */
static wide early(const struct claim *c, struct ratio top, bool is_rounded)
{
    wide has = c->is_done ? (wide)c->amount * top.of : (wide)c->loss * top.total;
    if (is_rounded)
        has -= has % top.of;
    wide later = (wide)c->later * top.of;
    return has > later ? has - later : 0;
}

static int looked_at; /* the moment; -1: before the opening */
static int tight_at;  /* where the last step ended: the last moment that had no more room */

/* Calls `look` for the opening's side and every moment whose low water may bind, with `later` of
 * every claim; stops at false. */
static bool each_moment(bool (*look)(num low, struct ratio *top), struct ratio *top)
{
    for (int i = 0; i < st.claim_count; i++)
        st.claims[i].later = 0;
    for (int m = st.moment_count, last = st.entry_count; m-- > 0;) {
        looked_at = m;
        bool may_bind = m == st.moment_count - 1 || st.lows[m] < st.lows[m + 1];
        if (may_bind && !look(st.lows[m], top))
            return false;
        for (; last > 0 && st.entries[last - 1].moment == m; last--)
            if (!st.entries[last - 1].is_out && st.entries[last - 1].claim >= 0)
                st.claims[st.entries[last - 1].claim].later += st.entries[last - 1].amount;
    }
    looked_at = -1;
    return look(0, top);
}

/* How far this low water lets all rise: those that would not reach below it drop out, one after
 * the other. */
static bool look_how_far(num low, struct ratio *top)
{
    struct ratio here = {1, 1};
    for (bool has_changed = true; has_changed;) {
        wide room = low, weight = 0;
        has_changed = false;
        for (int i = 0; i < st.claim_count; i++) {
            const struct claim *c = &st.claims[i];
            bool is_in = !c->is_done && (wide)c->loss * here.total > (wide)c->later * here.of;
            room += is_in ? c->later : c->is_done ? -early(c, (struct ratio){0, 1}, false) : 0;
            weight += is_in ? c->loss : 0;
        }
        struct ratio next = {(num)room, (num)weight};
        if (weight > 0 && compare(next, here) < 0) {
            here = next;
            has_changed = true;
        }
    }
    if (compare(here, *top) < 0)
        *top = here;
    return true;
}

static bool look_who_is_stuck(num low, struct ratio *top)
{
    wide sum = 0;
    for (int i = 0; i < st.claim_count; i++)
        sum += early(&st.claims[i], *top, false);
    for (int i = 0; i < st.claim_count && sum == (wide)low * top->of; i++)
        if (!st.claims[i].is_done &&
            (wide)st.claims[i].loss * top->total >= (wide)st.claims[i].later * top->of) {
            st.claims[i].is_stuck = true;
            bool has_more =
                (wide)st.claims[i].loss * top->total < (wide)st.claims[i].deposited * top->of;
            tight_at = has_more && looked_at > tight_at ? looked_at : tight_at;
        }
    return true;
}

static bool look_whether_it_fits(num low, struct ratio *top)
{
    wide sum = 0;
    for (int i = 0; i < st.claim_count; i++)
        sum += early(&st.claims[i], *top, true);
    return sum <= (wide)low * top->of;
}

/* The largest remainders first, then the earlier claim; each may take one if there is room. */
static void round_stuck(struct ratio top)
{
    static wide rests[CLAIMS];
    wide missing = 0;
    for (int i = 0; i < st.claim_count; i++) {
        rests[i] = st.claims[i].is_stuck ? (wide)st.claims[i].loss * top.total % top.of : 0;
        missing += rests[i];
        if (st.claims[i].is_stuck) {
            st.claims[i].amount = (num)((wide)st.claims[i].loss * top.total / top.of);
            st.claims[i].is_done = true;
        }
    }
    for (missing /= top.of; missing > 0;) {
        int best = 0;
        for (int i = 1; i < st.claim_count; i++)
            best = rests[i] > rests[best] ? i : best;
        if (rests[best] == 0)
            return;
        rests[best] = 0;
        st.claims[best].amount++;
        bool is_in = each_moment(look_whether_it_fits, &top);
        st.claims[best].amount -= !is_in;
        missing -= is_in;
    }
}

/* What ended it; and of a low water, the last entry that made it. */
static void check_end(const char *where, const json_t *step, struct ratio top)
{
    const char *entry = "";
    bool is_low = top.total != top.of && tight_at >= 0 && tight_at < st.moment_count - 1;
    int low = tight_at;
    while (is_low && st.balances[low] != st.lows[tight_at])
        low++;
    for (int i = 0; is_low && i < st.entry_count; i++)
        entry = st.entries[i].moment == low ? st.entries[i].id : entry;
    expect_text(where, step, "entry", entry);
    expect_text(where, step, "end",
                top.total == top.of ? "loss"
                : is_low            ? "low_water"
                : tight_at < 0      ? "deposits"
                                    : "frozen");
}

static void check_step(size_t n, struct ratio top)
{
    char where[200];
    const json_t *step = json_array_get(json_object_get(st.root, "steps"), n), *share;
    const json_t *shares = json_object_get(step, "claims");
    size_t at = 0;
    snprintf(where, sizeof where, "step %zu", n + 1);
    check_end(where, step, top);
    struct ratio said = {int_of(step, "total"), int_of(step, "of")};
    bool is_same = said.of > 0 && compare(said, top) == 0;
    if (!is_same)
        found("%s: it is %lld of %lld of each loss", where, top.total, top.of);
    for (int i = 0; i < st.claim_count; i++) {
        if (!st.claims[i].is_stuck)
            continue;
        share = json_array_get(shares, at++);
        expect_text(where, share, "claim", text_of(st.claims[i].said, "claim"));
        expect(where, share, "whole", (num)((wide)st.claims[i].loss * top.total / top.of));
        if (is_same)
            expect(where, share, "rest", (num)((wide)st.claims[i].loss * said.total % said.of));
        expect(where, share, "amount", st.claims[i].amount);
        st.claims[i].is_stuck = false;
    }
    if (json_array_size(shares) != at)
        found("%s: shares of %zu claims, not %zu", where, at, json_array_size(shares));
}

static void raise_all(void)
{
    size_t steps = 0;
    for (int left = st.claim_count; left > 0; steps += left > 0) {
        struct ratio top = {1, 1};
        left = 0;
        for (int i = 0; i < st.claim_count; i++)
            left += !st.claims[i].is_done;
        if (left == 0)
            break;
        each_moment(look_how_far, &top);
        tight_at = -1;
        if (top.total == top.of)
            for (int i = 0; i < st.claim_count; i++)
                st.claims[i].is_stuck = !st.claims[i].is_done;
        else
            each_moment(look_who_is_stuck, &top);
        round_stuck(top);
        check_step(steps, top);
    }
    if (json_array_size(json_object_get(st.root, "steps")) != steps)
        found("%zu steps are said; there are %zu",
              json_array_size(json_object_get(st.root, "steps")), steps);
}

/* ---- the rules: section 1 ---- */
static void by_cn_2016(void)
{
    for (int i = 0; i < st.claim_count; i++) {
        struct claim *c = &st.claims[i];
        c->is_shared = c->least < c->most;
        c->is_done = !c->is_shared || c->loss == 0;
        c->amount = c->is_shared ? 0 : c->most;
    }
    raise_all();
}

static void by_losses(void)
{
    for (int i = 0; i < st.claim_count; i++) {
        st.claims[i].is_shared = true;
        st.claims[i].is_done = st.claims[i].loss == 0;
    }
    for (int m = 0; m < st.moment_count; m++)
        st.lows[m] = st.frozen;
    raise_all();
}

/* What leaves takes from the oldest that came and is there; `only`: of one owner alone. */
static num take_oldest(num *left, num amount, int until, bool is_nobodys)
{
    for (int i = -1; i < until && amount > 0; i++) {
        bool is_there = i < 0 || !st.entries[i].is_out;
        if (!is_there || (is_nobodys && i >= 0 && st.entries[i].claim >= 0))
            continue;
        num part = left[i + 1] < amount ? left[i + 1] : amount;
        left[i + 1] -= part;
        amount -= part;
    }
    return amount;
}

static void by_fifo(void)
{
    static num left[ENTRIES + 1];
    left[0] = st.opening;
    for (int i = 0; i < st.entry_count; i++) {
        left[i + 1] = st.entries[i].is_out ? 0 : st.entries[i].amount;
        if (st.entries[i].is_out)
            take_oldest(left, st.entries[i].amount, i, false);
    }
    num loose = st.balances[st.moment_count - 1] - st.frozen;
    take_oldest(left, take_oldest(left, loose, st.entry_count, true), st.entry_count, false);
    for (int i = 0; i < st.entry_count; i++)
        if (!st.entries[i].is_out && st.entries[i].claim >= 0)
            st.claims[st.entries[i].claim].amount += left[i + 1];
}

void compute_amounts(void)
{
    static const char *const rules[] = {"cn-2016", "fifo", "proportional"};
    static void (*const by[])(void) = {by_cn_2016, by_fifo, by_losses};
    for (int i = 0; i < 3; i++)
        if (strcmp(rules[i], text_of(st.root, "rule")) == 0) {
            by[i]();
            return;
        }
    found("there is no rule \"%.200s\"", text_of(st.root, "rule"));
}
