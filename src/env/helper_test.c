/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a helper does what it is asked, once, in order, and its owner sees all of it after a wait;
 * without a thread the same is done at once; stopping waits for what is under way.
 * Method: sums that are right only when each piece was done once, by a thread that is not ours or,
 * unstarted, by ours.
 */
#include "env/helper.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

struct sum {
    uint64_t total;
    uint64_t next;
    pthread_t by;
};

static void add_next(void *of)
{
    struct sum *s = of;
    s->total = s->total * 3 + s->next++;
    s->by = pthread_self();
}

static uint64_t expected(int times)
{
    struct sum s = {0};
    for (int i = 0; i < times; i++)
        add_next(&s);
    return s.total;
}

static void add(struct env_helper *h, struct sum *s, int times)
{
    for (int i = 0; i < times; i++) {
        env_helper_ask(h, add_next, s);
        env_helper_wait(h);
    }
}

static void does_each_piece_once(void **state)
{
    (void)state;
    struct env_helper h = {0};
    struct sum s = {0};
    assert_false(failed(env_helper_start(&h, "helper")));
    add(&h, &s, 500);
    assert_false(pthread_equal(s.by, pthread_self()));
    env_helper_stop(&h);
    assert_int_equal(s.total, expected(500));
    assert_int_equal(s.next, 500);
}

static void without_a_thread_the_asker_does_it(void **state)
{
    (void)state;
    struct env_helper h = {0};
    struct sum s = {0};
    env_helper_wait(&h);
    add(&h, &s, 5);
    env_helper_stop(&h);
    assert_true(pthread_equal(s.by, pthread_self()));
    assert_int_equal(s.total, expected(5));
}

static void stopping_waits_for_what_was_asked(void **state)
{
    (void)state;
    for (int i = 0; i < 50; i++) {
        struct env_helper h = {0};
        struct sum s = {0};
        assert_false(failed(env_helper_start(&h, "helper")));
        env_helper_ask(&h, add_next, &s);
        env_helper_stop(&h);
        assert_int_equal(s.next, 1);
        env_helper_stop(&h); /* once more is nothing */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_each_piece_once),
        cmocka_unit_test(without_a_thread_the_asker_does_it),
        cmocka_unit_test(stopping_waits_for_what_was_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
