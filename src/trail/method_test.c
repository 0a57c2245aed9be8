/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: which money leaves first is what the header's example says, and shares lose no fen.
 * Method: the example and a few others by hand; then all small shares, and large ones by chance.
 */
#include "fact/transfer.h"
#include "trail/method.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { OWNERS = 6 };

struct bench {
    struct arena arena;
    struct case_pool pool;
    struct lots lots;
    struct lot taken[OWNERS];
    struct method_rest rests[OWNERS + 1];
    struct takings takings;
};

static void bench_init(struct bench *b)
{
    *b = (struct bench){0};
    arena_init(&b->arena, 1 << 20);
    case_pool_init(&b->pool, &b->arena);
    b->takings.at = b->taken;
}

static void put(struct bench *b, enum trail_method m, uint32_t owner, int64_t minor)
{
    struct lot lot = {.minor = minor, .owner = owner};
    assert_false(failed(method_put(m, &b->lots, &b->pool, lot)));
}

static int64_t held(const struct bench *b, uint32_t owner)
{
    int64_t sum = 0;
    for (uint32_t i = b->lots.head; i < b->lots.end; i++)
        sum += b->lots.at[i].owner == owner ? b->lots.at[i].minor : 0;
    return sum;
}

static int64_t taken(const struct bench *b, uint32_t owner)
{
    for (uint32_t i = 0; i < b->takings.count; i++)
        if (b->taken[i].owner == owner)
            return b->taken[i].minor;
    return 0;
}

static void the_headers_example(void **state)
{
    (void)state;
    static const struct {
        enum trail_method method;
        int64_t of_0;
        int64_t of_1;
        int64_t honest;
    } rows[] = {
        {METHOD_FIFO,    500, 0,   0  },
        {METHOD_LIFO,    100, 100, 300},
        {METHOD_HAIRCUT, 300, 50,  150},
        {METHOD_POISON,  429, 71,  0  }, /* 500 x 600/700 = 428.57, 500 x 100/700 = 71.43 */
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct bench b;
        bench_init(&b);
        put(&b, rows[i].method, 0, 600);
        put(&b, rows[i].method, LOT_HONEST, 300);
        put(&b, rows[i].method, 1, 100);
        method_take(rows[i].method, &b.lots, 500, b.rests, &b.takings);
        assert_int_equal(taken(&b, 0), rows[i].of_0);
        assert_int_equal(taken(&b, 1), rows[i].of_1);
        assert_int_equal(b.takings.honest_minor, rows[i].honest);
        assert_int_equal(held(&b, 0), 600 - rows[i].of_0);
        assert_int_equal(held(&b, 1), 100 - rows[i].of_1);
        assert_int_equal(lots_total(&b.lots), 500);
        arena_done(&b.arena);
    }
}

/* Three claims of 1 and 1 honest pay 2: each share is a half; the earlier claims have the fen. */
static void equal_remainders_go_to_the_earlier_claim(void **state)
{
    (void)state;
    struct bench b;
    bench_init(&b);
    put(&b, METHOD_HAIRCUT, LOT_HONEST, 1);
    for (uint32_t claim = 3; claim-- > 0;)
        put(&b, METHOD_HAIRCUT, claim, 1);
    method_take(METHOD_HAIRCUT, &b.lots, 2, b.rests, &b.takings);
    assert_int_equal(taken(&b, 0), 1);
    assert_int_equal(taken(&b, 1), 1);
    assert_int_equal(taken(&b, 2), 0);
    assert_int_equal(b.takings.honest_minor, 0);
    arena_done(&b.arena);
}

static void a_share_is_within_one_fen(const struct bench *b, const int64_t *had, int64_t paid,
                                      int64_t whole)
{
    for (uint32_t o = 0; o < OWNERS; o++) {
        int64_t part = o == OWNERS - 1 ? b->takings.honest_minor : taken(b, o);
        unsigned __int128 exact = (unsigned __int128)(uint64_t)paid * (uint64_t)had[o];
        int64_t floor = (int64_t)(exact / (uint64_t)whole);
        assert_true(part == floor || (part == floor + 1 && exact % (uint64_t)whole != 0));
        assert_int_equal(held(b, o == OWNERS - 1 ? LOT_HONEST : o), had[o] - part);
    }
}

static void shares_lose_nothing(void **state)
{
    (void)state;
    uint64_t x = 88172645463325252U;
    for (int round = 0; round < 20000; round++) {
        struct bench b;
        bench_init(&b);
        int64_t had[OWNERS];
        int64_t whole = 0;
        unsigned bits = (unsigned)round % 56 + 1;
        for (uint32_t o = 0; o < OWNERS; o++) {
            x ^= x << 13, x ^= x >> 7, x ^= x << 17;
            had[o] = (int64_t)(x >> (64 - bits)) * (x % 5 != 0);
            whole += had[o];
            put(&b, METHOD_HAIRCUT, o == OWNERS - 1 ? LOT_HONEST : o, had[o]);
        }
        x ^= x << 13, x ^= x >> 7, x ^= x << 17;
        int64_t paid = whole == 0 ? 0 : (int64_t)(x % (uint64_t)(whole + 1));
        method_take(METHOD_HAIRCUT, &b.lots, paid, b.rests, &b.takings);
        assert_int_equal(b.takings.stolen_minor + b.takings.honest_minor, paid);
        assert_int_equal(lots_total(&b.lots), whole - paid);
        if (whole > 0)
            a_share_is_within_one_fen(&b, had, paid, whole);
        arena_done(&b.arena);
    }
}

static void more_than_there_is_takes_what_there_is(void **state)
{
    (void)state;
    for (enum trail_method m = 0; m < METHOD_COUNT; m++) {
        struct bench b;
        bench_init(&b);
        put(&b, m, 2, 5);
        put(&b, m, LOT_HONEST, 7);
        put(&b, m, 0, 1);
        method_take(m, &b.lots, 1000, b.rests, &b.takings);
        assert_int_equal(taken(&b, 0), 1);
        assert_int_equal(taken(&b, 2), 5);
        assert_int_equal(b.takings.honest_minor, 7);
        assert_int_equal(lots_total(&b.lots), 0);
        assert_int_equal(method_find(method_name(m)), m);
        arena_done(&b.arena);
    }
    assert_int_equal(method_find(STR("reach")), METHOD_COUNT);
}

static void honest_money_has_a_most(void **state)
{
    (void)state;
    struct bench b;
    bench_init(&b);
    put(&b, METHOD_FIFO, LOT_HONEST, LOTS_HONEST_MOST - 5);
    put(&b, METHOD_FIFO, LOT_HONEST, INT64_MAX);
    put(&b, METHOD_FIFO, 0, TRANSFER_AMOUNT_MOST);
    assert_int_equal(lots_total(&b.lots), LOTS_HONEST_MOST + TRANSFER_AMOUNT_MOST);
    arena_done(&b.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_headers_example),
        cmocka_unit_test(equal_remainders_go_to_the_earlier_claim),
        cmocka_unit_test(shares_lose_nothing),
        cmocka_unit_test(more_than_there_is_takes_what_there_is),
        cmocka_unit_test(honest_money_has_a_most),
    };
    return cmocka_run_group_tests_name("trail/method", tests, NULL, NULL);
}
