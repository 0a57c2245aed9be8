/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: nothing put is lost or doubled, order within a sender is kept, a full ring refuses, and an
 * ended one lets its reader go.
 * Method: several senders that count, one reader that adds up; then the edges by hand.
 */
#include "env/atomic.h"
#include "env/ring.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

enum { SENDERS = 4, EACH = 5000 };

struct item {
    uint32_t sender;
    uint32_t number;
};

struct sender {
    struct ring *ring;
    uint32_t id;
    struct env_counter *refused;
};

static void send_all(void *self)
{
    struct sender *s = self;
    for (uint32_t n = 0; n < EACH;) {
        if (ring_put(s->ring, &(struct item){s->id, n}))
            n++;
        else
            env_counter_add(s->refused, 1);
    }
}

static void many_senders_one_reader(void **state)
{
    (void)state;
    struct arena a;
    struct ring r;
    arena_init(&a, 1 << 20);
    assert_false(failed(ring_open(&r, &a, sizeof(struct item), 64)));
    struct env_counter refused = {0};
    struct env_thread threads[SENDERS] = {0};
    struct sender senders[SENDERS];
    for (uint32_t i = 0; i < SENDERS; i++) {
        senders[i] = (struct sender){&r, i, &refused};
        assert_false(failed(env_thread_start(&threads[i], "send", send_all, &senders[i])));
    }
    uint32_t next[SENDERS] = {0};
    for (int i = 0; i < SENDERS * EACH; i++) {
        struct item it;
        assert_true(ring_take_wait(&r, &it, 20000000));
        assert_int_equal(it.number, next[it.sender]++);
    }
    for (int i = 0; i < SENDERS; i++)
        env_thread_join(&threads[i]);
    assert_int_equal(ring_used(&r), 0);
    ring_close(&r);
    arena_done(&a);
}

static bool is_readable(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return poll(&p, 1, 0) == 1;
}

static void edges(void **state)
{
    (void)state;
    struct arena a;
    struct ring r;
    int got = 0;
    arena_init(&a, 1 << 20);
    assert_int_equal(ring_open(&r, &a, 1 << 20, 1 << 20).code, ERR_LIMIT);
    assert_false(failed(ring_open_with_wake(&r, &a, sizeof(int), 2)));
    assert_false(is_readable(ring_wake_fd(&r)));
    assert_true(ring_put(&r, &(int){1}));
    assert_true(is_readable(ring_wake_fd(&r)));
    ring_wake_clear(&r);
    assert_true(ring_put(&r, &(int){2}));
    assert_false(ring_put(&r, &(int){3})); /* full: refused, nothing overwritten */
    assert_true(ring_take(&r, &got) && got == 1);
    ring_end(&r);
    assert_false(ring_put(&r, &(int){4}));
    assert_true(ring_take_wait(&r, &got, 1000) && got == 2);
    assert_false(ring_take_wait(&r, &got, 10000000)); /* at once: it was ended */
    assert_false(ring_take(&r, &got));
    ring_close(&r);
    ring_close(&r);
    arena_done(&a);
}

static void waiting_ends_in_time(void **state)
{
    (void)state;
    struct arena a;
    struct ring r;
    int got = 0;
    arena_init(&a, 1 << 20);
    assert_false(failed(ring_open(&r, &a, sizeof(int), 2)));
    assert_false(ring_take_wait(&r, &got, 20000));
    ring_close(&r);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_senders_one_reader),
        cmocka_unit_test(edges),
        cmocka_unit_test(waiting_ends_in_time),
    };
    return cmocka_run_group_tests_name("env/ring", tests, NULL, NULL);
}
