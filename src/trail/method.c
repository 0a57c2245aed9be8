/* SPDX-License-Identifier: Apache-2.0 */
#include "trail/method.h"

#include <assert.h>

static const char *const names[METHOD_COUNT] = {
#define X(code, name) [code] = (name),
    TRAIL_METHOD_LIST(X)
#undef X
};

str method_name(unsigned method)
{
    assert(method < METHOD_COUNT);
    return str_from_c(names[method]);
}

unsigned method_find(str name)
{
    unsigned m = 0;
    while (m < METHOD_COUNT && !str_equal(str_from_c(names[m]), name))
        m++;
    return m;
}

static bool is_by_arrival(enum trail_method m)
{
    return m == METHOD_FIFO || m == METHOD_LIFO;
}

err method_put(enum trail_method m, struct lots *l, struct case_pool *p, struct lot lot)
{
    if (is_by_arrival(m))
        return lots_put_newest(l, p, lot.owner, lot.minor);
    return lots_put_owned(l, p, lot.owner, lot.minor);
}

err method_put_parts(enum trail_method m, struct lots *l, struct case_pool *p,
                     const struct lot *parts, uint32_t count)
{
    if (!is_by_arrival(m))
        return lots_put_all_owned(l, p, parts, count);
    for (uint32_t i = 0; i < count; i++)
        TRY(lots_put_newest(l, p, parts[i].owner, parts[i].minor));
    return OK;
}

static void take_oldest(struct lots *l, int64_t minor, struct takings *ret)
{
    while (minor > 0) {
        assert(l->head < l->end);
        struct lot *lot = &l->at[l->head];
        int64_t part = lot->minor < minor ? lot->minor : minor;
        takings_add(ret, lot->owner, part);
        lot->minor -= part;
        minor -= part;
        l->head += lot->minor == 0;
    }
}

static void take_newest(struct lots *l, int64_t minor, struct takings *ret)
{
    while (minor > 0) {
        assert(l->head < l->end);
        struct lot *lot = &l->at[l->end - 1];
        int64_t part = lot->minor < minor ? lot->minor : minor;
        takings_add(ret, lot->owner, part);
        lot->minor -= part;
        minor -= part;
        l->end -= lot->minor == 0;
    }
}

/* Division by one number, many times: floor((2^64 - 1) / whole) is at most one part in 2^64 off. */
struct divisor {
    uint64_t whole;
    uint64_t inverse;
};

static struct divisor divisor_of(int64_t whole)
{
    assert(whole > 0);
    return (struct divisor){.whole = (uint64_t)whole, .inverse = UINT64_MAX / (uint64_t)whole};
}

/* floor(minor * part / whole), and what is over. */
static int64_t share_of(int64_t minor, int64_t part, const struct divisor *d, uint64_t *ret_rest)
{
    assert(part >= 0 && (uint64_t)part <= d->whole);
    uint64_t product = 0;
    if (__builtin_mul_overflow((uint64_t)minor, (uint64_t)part, &product)) {
        unsigned __int128 wide = (unsigned __int128)(uint64_t)minor * (uint64_t)part;
        *ret_rest = (uint64_t)(wide % d->whole);
        return (int64_t)(wide / d->whole);
    }
    uint64_t share = (uint64_t)((unsigned __int128)product * d->inverse >> 64);
    uint64_t rest = product - share * d->whole;
    for (; rest >= d->whole; rest -= d->whole) /* twice at most */
        share++;
    *ret_rest = rest;
    return (int64_t)share;
}

static void swap_picks(struct method_rest *r, uint32_t i, uint32_t j)
{
    uint64_t other = r[i].pick;
    r[i].pick = r[j].pick;
    r[j].pick = other;
}

/* Hoare's division: none up to the place that is given back is smaller than any behind it. */
static uint32_t divide_picks(struct method_rest *r, uint32_t low, uint32_t high)
{
    uint32_t i = low;
    uint32_t j = high;
    swap_picks(r, low, low + (high - low) / 2);
    uint64_t pivot = r[low].pick;
    for (;;) {
        while (r[j].pick < pivot)
            j--;
        while (r[i].pick > pivot)
            i++;
        if (i >= j)
            return j;
        swap_picks(r, i++, j--);
    }
}

/* The nth largest rest, from 1: only the side that has it is looked at. */
static uint64_t nth_rest(struct method_rest *r, uint32_t count, uint32_t nth)
{
    uint32_t low = 0;
    uint32_t high = count - 1;
    assert(nth >= 1 && nth <= count);
    for (uint32_t i = 0; i < count; i++)
        r[i].pick = r[i].rest;
    while (low < high) {
        uint32_t middle = divide_picks(r, low, high);
        if (nth - 1 <= middle)
            high = middle;
        else
            low = middle + 1;
    }
    return r[low].pick;
}

/* One more for each of the `missing` largest rests; of equal ones, for those that stand first. */
static void give_rests(struct method_rest *r, uint32_t count, uint32_t missing)
{
    if (missing == 0)
        return;
    uint64_t least = nth_rest(r, count, missing);
    uint32_t equal = missing;
    for (uint32_t i = 0; i < count; i++)
        equal -= r[i].rest > least;
    for (uint32_t i = 0; i < count; i++) {
        bool is_equal = r[i].rest == least && equal > 0;
        r[i].part += r[i].rest > least || is_equal;
        equal -= is_equal;
    }
}

/* From each of `count` lots its share of `minor`; together they hold `whole`. */
static void take_shares(struct lots *l, uint32_t count, int64_t minor, struct method_rest *rests,
                        struct takings *ret)
{
    int64_t whole = 0;
    struct lot *lots = l->at + l->head;
    for (uint32_t i = 0; i < count; i++)
        whole += lots[i].minor;
    assert(minor <= whole);
    int64_t missing = minor;
    const struct divisor divisor = divisor_of(whole);
    for (uint32_t i = 0; i < count; i++) {
        rests[i].part = share_of(minor, lots[i].minor, &divisor, &rests[i].rest);
        missing -= rests[i].part;
    }
    assert(missing >= 0 && missing < (int64_t)count);
    give_rests(rests, count, (uint32_t)missing);
    bool has_hole = false;
    for (uint32_t i = 0; i < count; i++) {
        assert(lots[i].minor >= rests[i].part);
        lots[i].minor -= rests[i].part;
        has_hole = has_hole || lots[i].minor == 0;
        takings_add(ret, lots[i].owner, rests[i].part);
    }
    if (has_hole)
        lots_close(l);
}

void method_take(enum trail_method m, struct lots *l, int64_t minor, struct method_rest *rests,
                 struct takings *ret)
{
    assert(minor >= 0);
    if (minor > lots_total(l))
        minor = lots_total(l);
    if (minor == 0)
        return;
    int64_t stolen_before = ret->stolen_minor;
    int64_t honest_before = ret->honest_minor;
    uint32_t stolen_count = lots_count(l) - (l->honest_minor > 0);
    switch (m) {
    case METHOD_FIFO:
        take_oldest(l, minor, ret);
        break;
    case METHOD_LIFO:
        take_newest(l, minor, ret);
        break;
    case METHOD_HAIRCUT:
        take_shares(l, lots_count(l), minor, rests, ret);
        break;
    case METHOD_POISON:
        if (minor < l->stolen_minor)
            take_shares(l, stolen_count, minor, rests, ret);
        else
            take_oldest(l, minor, ret); /* owners in order: honest money is the last */
        break;
    case METHOD_COUNT:
        assert(!"a method");
        break;
    }
    l->stolen_minor -= ret->stolen_minor - stolen_before;
    l->honest_minor -= ret->honest_minor - honest_before;
    assert(l->stolen_minor >= 0 && l->honest_minor >= 0);
}

int64_t method_take_honest(enum trail_method m, struct lots *l, int64_t minor)
{
    return lots_take_honest(l, minor, m == METHOD_LIFO);
}
