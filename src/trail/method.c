/* SPDX-License-Identifier: Apache-2.0 */
#include "trail/method.h"

#include <assert.h>
#include <stdlib.h>

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

/* floor(minor * part / whole), and what is over. */
static int64_t share_of(int64_t minor, int64_t part, int64_t whole, uint64_t *ret_rest)
{
    assert(part >= 0 && part <= whole && whole > 0);
    uint64_t product = 0;
    if (!__builtin_mul_overflow((uint64_t)minor, (uint64_t)part, &product)) {
        *ret_rest = product % (uint64_t)whole;
        return (int64_t)(product / (uint64_t)whole);
    }
    unsigned __int128 wide = (unsigned __int128)(uint64_t)minor * (uint64_t)part;
    *ret_rest = (uint64_t)(wide % (uint64_t)whole);
    return (int64_t)(wide / (uint64_t)whole);
}

static int larger_rest_first(const void *a, const void *b)
{
    const struct method_rest *x = a;
    const struct method_rest *y = b;
    if (x->rest != y->rest)
        return x->rest > y->rest ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

static void move_one(struct lot *lot, int64_t minor, struct takings *ret)
{
    assert(lot->minor >= minor);
    lot->minor -= minor;
    takings_add(ret, lot->owner, minor);
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
    for (uint32_t i = 0; i < count; i++) {
        uint64_t rest = 0;
        int64_t part = share_of(minor, lots[i].minor, whole, &rest);
        rests[i] = (struct method_rest){.rest = rest, .place = i};
        move_one(&lots[i], part, ret);
        missing -= part;
    }
    assert(missing >= 0 && missing < (int64_t)count);
    if (missing > 0 && count > 1)
        qsort(rests, count, sizeof *rests, larger_rest_first);
    for (int64_t i = 0; i < missing; i++)
        move_one(&lots[rests[i].place], 1, ret);
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
