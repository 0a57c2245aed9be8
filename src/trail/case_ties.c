/* SPDX-License-Identifier: Apache-2.0 */
#include "trail/case_inside.h"
#include "trail/case_report.h"

#include <string.h>

enum { SECOND_MS = 1000, TIES_MOST = 256 };

/* The other orders that are tried, within what is known of order. */
enum other { INS_FIRST, OUTS_FIRST, BACKWARDS, OTHER_COUNT };

/* Transfers of one second, among the items from `base` on. */
struct second {
    uint32_t from;
    uint32_t end;
};

struct ties {
    struct trail_case *c;
    const struct account *a;
    struct arena *arena;
    uint32_t base; /* items before it are as they are */
    uint32_t count;
    uint32_t *usual; /* events from base on */
    uint32_t *other;
    struct second *seconds;
    uint32_t second_count;
    bool is_wide;
};

/* What another order changes, over all. */
struct effect {
    int64_t present;
    int64_t exited;
    int64_t unknown;
    int64_t added; /* to what goes on to other accounts */
    int64_t removed;
    bool is_any;
};

static err spent(void)
{
    return fail(ERR_LIMIT, "trail.case_too_large", 0);
}

/* Nobody said which was first: one of them has no milliseconds, or both have the same; and they are
 * not numbered by one bank. */
static bool is_open(const struct trail_case *c, uint32_t x, uint32_t y)
{
    const struct event *ex = case_event(c, x);
    const struct event *ey = case_event(c, y);
    int64_t x_ms = event_ms(ex);
    int64_t y_ms = event_ms(ey);
    if (x_ms != y_ms && x_ms % SECOND_MS != 0 && y_ms % SECOND_MS != 0)
        return false;
    const struct event_more *mx = case_event_words(c, x);
    const struct event_more *my = case_event_words(c, y);
    bool has_both = (ex->when & ey->when & ROW_HAS_SEQ) != 0;
    return mx->bank != my->bank || !has_both || mx->seq == my->seq;
}

static bool is_out(const struct ties *t, uint32_t e)
{
    return case_event(t->c, e)->from == t->a->id;
}

static bool is_moving(const struct ties *t, uint32_t e)
{
    const struct event *event = case_event(t->c, e);
    return case_event_counts(t->c, event) && (is_out(t, e) || event_exit(event) == EXIT_NONE);
}

static bool goes_before(const struct ties *t, enum other other, uint32_t late, uint32_t early)
{
    switch (other) {
    case INS_FIRST:
        return !is_out(t, late) && is_out(t, early);
    case OUTS_FIRST:
        return is_out(t, late) && !is_out(t, early);
    case BACKWARDS:
        return case_event_compare(t->c, early, late) < 0;
    case OTHER_COUNT:
        break;
    }
    return false;
}

/* Neighbours change places where nobody said their order: so what was said stays. */
static void reorder(const struct ties *t, const struct second *s, enum other other)
{
    uint32_t *at = t->other;
    for (uint32_t i = s->from + 1; i < s->end; i++) {
        for (uint32_t k = i; k > s->from; k--) {
            if (!is_open(t->c, at[k - 1], at[k]) || !goes_before(t, other, at[k], at[k - 1]))
                break;
            uint32_t moved = at[k];
            at[k] = at[k - 1];
            at[k - 1] = moved;
        }
    }
}

/* Of two receipts of nothing stolen it does not matter which was first. */
static bool is_indifferent(const struct ties *t, uint32_t x, uint32_t y)
{
    return !is_out(t, x) && !is_out(t, y) && case_event(t->c, x)->carried.count == 0 &&
           case_event(t->c, y)->carried.count == 0;
}

static bool has_open_pair(const struct ties *t, const struct second *s)
{
    for (uint32_t i = s->from; i < s->end; i++)
        for (uint32_t k = i + 1; k < s->end; k++)
            if (is_moving(t, t->usual[i]) && is_moving(t, t->usual[k]) &&
                !is_indifferent(t, t->usual[i], t->usual[k]) &&
                is_open(t->c, t->usual[i], t->usual[k]))
                return true;
    return false;
}

/* ---- walking in another order ---------------------------------------------------------------- */

static err stand_copy(struct trail_case *c, struct stand *to, const struct stand *from)
{
    to->start = from->start;
    return lots_copy(&to->lots, &from->lots, &c->pool);
}

static int64_t over(int64_t minor)
{
    return minor > 0 ? minor : 0;
}

/* What the account now says of a transfer it pays, beside what stands with the transfer. */
static void compare(const struct trail_case *c, const struct event *e, struct effect *ret)
{
    const struct outcome *o = &c->outcome;
    bool is_source = (e->when & EVENT_SOURCE) != 0;
    if (!portions_equal(&e->lost, &o->lost)) {
        ret->unknown += o->lost.stolen_minor - portions_sum(&e->lost);
        ret->is_any = true;
    }
    if (is_source || portions_equal(&e->carried, &o->carried))
        return;
    int64_t more = o->carried.stolen_minor - portions_sum(&e->carried);
    ret->is_any = true;
    if (event_exit(e) != EXIT_NONE)
        ret->exited += more;
    else if ((e->when & EVENT_BEYOND) != 0)
        ret->unknown += more;
    ret->added += event_exit(e) == EXIT_NONE && (e->when & EVENT_BEYOND) == 0 ? over(more) : 0;
    ret->removed += event_exit(e) == EXIT_NONE && (e->when & EVENT_BEYOND) == 0 ? over(-more) : 0;
}

static err walk(const struct ties *t, struct stand *s, const struct second *span,
                struct effect *ret)
{
    for (uint32_t i = span->from; i < span->end; i++) {
        TRY(case_walk_step(t->c, s, t->a, t->other[i]));
        if (is_out(t, t->other[i]))
            compare(t->c, case_event(t->c, t->other[i]), ret);
    }
    return OK;
}

/* Whether some other order of this second comes to something else; `before` is moved behind it. */
static err second_try(struct ties *t, struct stand *before, const struct second *s, bool *ret)
{
    struct stand after = {.start = NONE};
    struct effect none = {0};
    struct effect some = {0};
    TRY(stand_copy(t->c, &after, before));
    TRY(walk(t, &after, s, &none));
    assert(!none.is_any);
    for (enum other other = 0; other < OTHER_COUNT && !some.is_any; other++) {
        struct stand stand = {.start = NONE};
        reorder(t, s, other);
        TRY(stand_copy(t->c, &stand, before));
        TRY(walk(t, &stand, s, &some));
        some.is_any = some.is_any || !lots_equal(&stand.lots, &after.lots);
        lots_drop(&stand.lots, &t->c->pool);
        memcpy(t->other + s->from, t->usual + s->from, (s->end - s->from) * sizeof *t->usual);
    }
    lots_drop(&before->lots, &t->c->pool);
    *before = after;
    *ret = some.is_any;
    return OK;
}

/* Keeps of the seconds those whose order matters. */
static err seconds_choose(struct ties *t, const struct stand *first)
{
    struct stand stand = {.start = NONE};
    struct effect none = {0};
    uint32_t kept = 0;
    uint32_t at = 0;
    TRY(stand_copy(t->c, &stand, first));
    for (uint32_t i = 0; i < t->second_count; i++) {
        struct second s = t->seconds[i];
        bool matters = false;
        TRY(walk(t, &stand, &(struct second){at, s.from}, &none));
        TRY(second_try(t, &stand, &s, &matters));
        at = s.end;
        if (matters)
            t->seconds[kept++] = s;
    }
    t->second_count = kept;
    lots_drop(&stand.lots, &t->c->pool);
    return OK;
}

/* By claim, whatever the order of the lots. */
static bool is_same_money(struct trail_case *c, const struct lots *x, const struct lots *y)
{
    struct takings *tx = &c->outcome.carried;
    struct takings *ty = &c->outcome.lost;
    takings_clear(tx);
    takings_clear(ty);
    for (uint32_t i = x->head; i < x->end; i++)
        takings_add(tx, x->at[i].owner, x->at[i].minor);
    for (uint32_t i = y->head; i < y->end; i++)
        takings_add(ty, y->at[i].owner, y->at[i].minor);
    return tx->count == ty->count && memcmp(tx->at, ty->at, tx->count * sizeof *tx->at) == 0;
}

static err other_walk(struct ties *t, const struct stand *first, enum other other,
                      struct effect *ret)
{
    struct stand stand = {.start = NONE};
    TRY(stand_copy(t->c, &stand, first));
    memcpy(t->other, t->usual, t->count * sizeof *t->usual);
    for (uint32_t i = 0; i < t->second_count; i++)
        reorder(t, &t->seconds[i], other);
    TRY(walk(t, &stand, &(struct second){0, t->count}, ret));
    ret->present = stand.lots.stolen_minor - t->a->stand.lots.stolen_minor;
    ret->is_any = ret->is_any || !is_same_money(t->c, &stand.lots, &t->a->stand.lots);
    lots_drop(&stand.lots, &t->c->pool);
    assert(ret->present + ret->exited + ret->unknown + ret->added - ret->removed == 0);
    return OK;
}

/* ---- what is said of it ---------------------------------------------------------------------- */

static struct case_range exactly(int64_t minor)
{
    return (struct case_range){.low = minor, .high = minor};
}

/* What goes on elsewhere may stay, leave or be lost there: all of it, or none. */
static void widen(struct case_range *r, int64_t minor, const struct effect *e)
{
    if (minor - e->removed < r->low)
        r->low = minor - e->removed > 0 ? minor - e->removed : 0;
    if (minor + e->added > r->high)
        r->high = minor + e->added;
}

static err transfers_tell(const struct ties *t, struct case_ambiguity *ret)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < t->second_count; i++)
        count += t->seconds[i].end - t->seconds[i].from;
    uint32_t *transfers = arena_make_array(t->arena, count, sizeof *transfers);
    if (transfers == NULL)
        return spent();
    ret->transfers = transfers;
    for (uint32_t i = 0; i < t->second_count; i++)
        for (uint32_t k = t->seconds[i].from; k < t->seconds[i].end; k++)
            if (is_moving(t, t->usual[k]))
                transfers[ret->transfer_count++] = case_more(t->c, t->usual[k])->number;
    return OK;
}

static err say(struct ties *t, const struct stand *first, struct case_ambiguity *ret,
               bool *ret_matters)
{
    struct case_sum all = case_sum_all(t->c);
    int64_t present = t->a->stand.lots.stolen_minor;
    *ret_matters = t->is_wide;
    *ret = (struct case_ambiguity){.account = t->a->id,
                                   .is_wide = t->is_wide,
                                   .present = exactly(present),
                                   .total_present = exactly(all.present),
                                   .total_exited = exactly(all.exited),
                                   .total_unknown = exactly(all.unknown)};
    for (enum other other = 0; other < OTHER_COUNT; other++) {
        struct effect e = {0};
        TRY(other_walk(t, first, other, &e));
        *ret_matters = *ret_matters || e.is_any;
        widen(&ret->present, present + e.present, &e);
        widen(&ret->total_present, all.present + e.present, &e);
        widen(&ret->total_exited, all.exited + e.exited, &e);
        widen(&ret->total_unknown, all.unknown + e.unknown, &e);
    }
    return *ret_matters ? transfers_tell(t, ret) : OK;
}

/* ---- finding them ---------------------------------------------------------------------------- */

static uint32_t second_end(const struct account *a, uint32_t from)
{
    int64_t second = a->items[from].time_ms / SECOND_MS;
    uint32_t end = from + 1;
    while (end < a->count && a->items[end].time_ms / SECOND_MS == second)
        end++;
    return end;
}

/* The first item of the second in which stolen money first came. */
static uint32_t first_item(const struct trail_case *c, const struct account *a)
{
    uint32_t i = case_account_place(c, a, a->stand.start);
    int64_t second = a->items[i].time_ms / SECOND_MS;
    while (i > 0 && a->items[i - 1].time_ms / SECOND_MS == second)
        i--;
    return i;
}

static err events_list(struct ties *t)
{
    t->count = t->a->count - t->base;
    t->usual = arena_make_array(t->arena, t->count, sizeof *t->usual);
    t->other = arena_make_array(t->arena, t->count, sizeof *t->other);
    t->seconds = arena_make_array(t->arena, t->count / 2 + 1, sizeof *t->seconds);
    if (t->usual == NULL || t->other == NULL || t->seconds == NULL)
        return spent();
    for (uint32_t i = 0; i < t->count; i++)
        t->usual[i] = t->other[i] = t->a->items[t->base + i].event;
    return OK;
}

static void seconds_find(struct ties *t)
{
    for (uint32_t i = 0, end = 0; i < t->count; i = end) {
        end = second_end(t->a, t->base + i) - t->base;
        struct second s = {.from = i, .end = end};
        if (end - i > TIES_MOST)
            t->is_wide = true;
        else if (end - i > 1 && has_open_pair(t, &s))
            t->seconds[t->second_count++] = s;
    }
}

err case_ties_look(struct trail_case *c, const struct account *a, struct arena *arena,
                   struct case_ambiguity *ret, bool *ret_matters)
{
    struct ties t = {.c = c, .a = a, .arena = arena};
    *ret_matters = false;
    if (a->stand.start == NONE)
        return OK;
    t.base = first_item(c, a);
    bool is_any = false;
    for (uint32_t i = t.base, end = 0; i < a->count && !is_any; i = end) {
        end = second_end(a, i);
        is_any = end - i > 1;
    }
    if (!is_any)
        return OK;
    TRY(events_list(&t));
    seconds_find(&t);
    struct stand asleep = {.start = NONE};
    TRY(seconds_choose(&t, &asleep));
    return t.second_count == 0 && !t.is_wide ? OK : say(&t, &asleep, ret, ret_matters);
}
