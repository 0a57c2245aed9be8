/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: every node posted from another thread runs once, in order, in the loop's thread; stop ends
 * the loop after what was posted before it.
 * Method: two threads post numbered nodes while the loop runs; the last node stops it.
 */
#include "env/loop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { NODES = 500 };

struct tally {
    struct env_loop *loop;
    struct env_counter ran;
    struct node *nodes;
    int last_seen;
};

struct node {
    struct loop_post post;
    struct tally *tally;
    int number;
};

static void on_node(void *self)
{
    struct node *n = self;
    assert_int_equal(n->number, n->tally->last_seen + 1);
    n->tally->last_seen = n->number;
    env_counter_add(&n->tally->ran, 1);
}

static void post_all(void *self)
{
    struct tally *t = self;
    for (int i = 0; i < NODES; i++) {
        t->nodes[i] = (struct node){
            .post = {on_node, &t->nodes[i], NULL},
              t, i
        };
        loop_post(t->loop, &t->nodes[i].post);
    }
    loop_stop(t->loop);
}

static void posts_run_in_order(void **state)
{
    (void)state;
    static struct node nodes[NODES];
    struct env_loop loop;
    assert_false(failed(loop_open(&loop)));
    struct tally t = {.loop = &loop, .nodes = nodes, .last_seen = -1};
    struct env_thread other = {0};
    assert_false(failed(env_thread_start(&other, "post", post_all, &t)));
    assert_false(failed(loop_run(&loop)));
    env_thread_join(&other);
    assert_int_equal(env_counter_read(&t.ran), NODES);
    loop_close(&loop);
}

static void zeroed_may_be_closed(void **state)
{
    (void)state;
    struct env_loop loop;
    memset(&loop, 0, sizeof loop);
    loop_close(&loop);
    assert_null(loop.base);
}

static void budget_and_flags(void **state)
{
    (void)state;
    struct env_counter c = {0};
    assert_true(env_counter_claim(&c, 60, 100));
    assert_false(env_counter_claim(&c, 41, 100));
    assert_true(env_counter_claim(&c, 40, 100));
    assert_false(env_counter_claim(&c, UINT64_MAX, 100));
    env_counter_drop(&c, 100);
    assert_int_equal(env_counter_read(&c), 0);
    struct env_flag f = {0};
    assert_true(env_flag_claim(&f));
    assert_false(env_flag_claim(&f));
    struct env_slot s = {.at = NULL};
    env_slot_publish(&s, &c);
    assert_ptr_equal(env_slot_swap(&s, &f), &c);
    assert_ptr_equal(env_slot_load(&s), &f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(posts_run_in_order),
        cmocka_unit_test(zeroed_may_be_closed),
        cmocka_unit_test(budget_and_flags),
    };
    return cmocka_run_group_tests_name("env/loop", tests, NULL, NULL);
}
