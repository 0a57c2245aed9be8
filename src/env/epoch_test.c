/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: nothing is given back while a reader may look at it, and everything is once none does.
 * Method: the rule on one thread; then readers that check what they see against a writer that
 * spoils what it has replaced as soon as it may (and ThreadSanitizer looking on).
 */
#include "env/atomic.h"
#include "env/epoch.h"
#include "env/thread.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

enum { READERS = 3, TURNS = 20000, PIECES = 8 };

struct piece {
    uint64_t a;
    uint64_t b; /* ~a as long as it may be looked at */
};

static struct epoch epoch;
static struct env_slot slot;
static struct env_flag is_over;
static struct env_counter wrong;
static struct env_counter seen;

static void the_rule(void **state)
{
    (void)state;
    static struct epoch e;
    uint64_t nobody = epoch_stamp(&e);
    assert_true(epoch_is_past(&e, nobody));
    size_t early = epoch_enter(&e);
    uint64_t replaced = epoch_stamp(&e);
    size_t late = epoch_enter(&e);
    assert_int_not_equal(early, late);
    assert_true(epoch_is_past(&e, nobody));
    assert_false(epoch_is_past(&e, replaced));
    epoch_leave(&e, early);
    assert_true(epoch_is_past(&e, replaced)); /* who came after cannot have seen it */
    epoch_leave(&e, late);
}

static void all_seats(void **state)
{
    (void)state;
    static struct epoch e;
    size_t taken[EPOCH_SEATS];
    bool is_taken[EPOCH_SEATS] = {false};
    for (size_t i = 0; i < EPOCH_SEATS; i++) {
        taken[i] = epoch_enter(&e);
        assert_false(is_taken[taken[i]]);
        is_taken[taken[i]] = true;
    }
    for (size_t i = 0; i < EPOCH_SEATS; i++)
        epoch_leave(&e, taken[i]);
    assert_true(epoch_is_past(&e, epoch_stamp(&e)));
}

static void read_on(void *self)
{
    (void)self;
    while (!env_flag_is_up(&is_over)) {
        size_t seat = epoch_enter(&epoch);
        const struct piece *p = env_slot_load_in_order(&slot);
        for (int i = 0; i < 8; i++)
            if (p->b != ~p->a)
                env_counter_add(&wrong, 1);
        epoch_leave(&epoch, seat);
        env_counter_add(&seen, 1);
    }
}

static void readers_and_a_writer(void **state)
{
    (void)state;
    static struct piece pieces[PIECES];
    static uint64_t stamps[PIECES];
    struct env_thread threads[READERS] = {0};
    for (size_t i = 0; i < PIECES; i++)
        pieces[i] = (struct piece){i, ~i};
    env_slot_publish_in_order(&slot, &pieces[0]);
    for (int i = 0; i < READERS; i++)
        assert_false(failed(env_thread_start(&threads[i], "reader", read_on, NULL)));
    for (uint64_t turn = 1; turn < TURNS || env_counter_read(&seen) < TURNS; turn++) {
        struct piece *next = &pieces[turn % PIECES];
        while (!epoch_is_past(&epoch, stamps[turn % PIECES])) {
        }
        *next = (struct piece){turn, turn}; /* spoilt, while nobody looks */
        *next = (struct piece){turn, ~turn};
        env_slot_publish_in_order(&slot, next);
        stamps[(turn - 1) % PIECES] = epoch_stamp(&epoch);
    }
    env_flag_raise(&is_over);
    for (int i = 0; i < READERS; i++)
        env_thread_join(&threads[i]);
    assert_int_equal(env_counter_read(&wrong), 0);
    assert_true(env_counter_read(&seen) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rule),
        cmocka_unit_test(all_seats),
        cmocka_unit_test(readers_and_a_writer),
    };
    return cmocka_run_group_tests_name("env/epoch", tests, NULL, NULL);
}
