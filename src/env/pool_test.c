/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a pool never hands out a piece twice, zeroes what it hands out, and stops at its count.
 * Method: two threads take, mark, check and give back; then drain it.
 */
#include "env/pool.h"

#include <assert.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

struct piece {
    uint64_t marks[5];
};

static void take_and_drop(void *self)
{
    struct pool *p = self;
    for (uint64_t i = 1; i < 20000; i++) {
        struct piece *piece = pool_take(p);
        if (piece == NULL)
            continue;
        assert(piece->marks[4] == 0);
        piece->marks[4] = i;
        assert(piece->marks[4] == i);
        pool_drop(p, piece);
    }
}

static void threads_share_it(void **state)
{
    (void)state;
    struct arena a;
    struct pool p;
    struct env_thread t[2] = {0};
    arena_init(&a, 1 << 20);
    assert_false(failed(pool_open(&p, &a, sizeof(struct piece), 2)));
    for (int i = 0; i < 2; i++)
        assert_false(failed(env_thread_start(&t[i], "pool", take_and_drop, &p)));
    for (int i = 0; i < 2; i++)
        env_thread_join(&t[i]);
    struct piece *one = pool_take(&p);
    struct piece *two = pool_take(&p);
    assert_true(one != NULL && two != NULL && one != two);
    assert_null(pool_take(&p));
    assert_int_equal(pool_used(&p), 2);
    one->marks[0] = 7;
    pool_drop(&p, one);
    assert_ptr_equal(pool_take(&p), one);
    assert_int_equal(one->marks[0], 0);
    pool_close(&p);
    pool_close(&p);
    assert_int_equal(pool_open(&p, &a, 1 << 20, 9).code, ERR_LIMIT);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(threads_share_it)};
    return cmocka_run_group_tests_name("env/pool", tests, NULL, NULL);
}
