/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a document goes to the program beside this one and comes back as a PDF; a refused one, and
 * one too many at once, are refusals of their own; a place is given back whatever happened.
 * Method: hand over a small trail, and things that are none; hold both places and ask for a third.
 */
#include "app/door/print.h"

#include "env/thread.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const str trail =
    STR("{\"incident\":\"1\",\"method\":\"fifo\",\"as_of\":\"2026-11-22T20:18:00"
        "+08:00\",\"currency\":\"CNY\",\"sources\":[],\"nodes\":[],"
        "\"edges\":[],\"exits\":[],\"ambiguities\":[],\"totals\":{"
        "\"stolen\":0,\"present\":0,\"held\":0,\"exited\":0,\"unknown\":0}}");

enum { ARENA_BYTES = 64 << 20, ROUNDS = 4, ASKERS = 6 };

static void a_trail_is_printed(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, ARENA_BYTES);
    str zh = STR("");
    str again = STR("");
    str en = STR("");
    assert_false(failed(print_pdf(STR("trail"), trail, STR("zh"), &a, &zh)));
    assert_false(failed(print_pdf(STR("trail"), trail, STR("zh"), &a, &again)));
    assert_false(failed(print_pdf(STR("trail"), trail, STR("en"), &a, &en)));
    assert_true(str_starts(zh, STR("%PDF-")));
    assert_true(str_equal(zh, again));
    assert_false(str_equal(zh, en));
    arena_done(&a);
}

static void refusals_say_so(void **state)
{
    (void)state;
    struct arena a;
    str pdf = STR("");
    arena_init(&a, ARENA_BYTES);
    for (int i = 0; i < ROUNDS; i++) { /* more often than there are places */
        err e = print_pdf(STR("trail"), STR("{}"), STR("zh"), &a, &pdf);
        assert_int_equal(e.code, ERR_MALFORMED);
        assert_string_equal(e.why, "print.refused");
        e = print_pdf(STR("no-such-document"), trail, STR("zh"), &a, &pdf);
        assert_string_equal(e.why, "print.failed");
    }
    assert_true(str_is_empty(pdf));
    arena_done(&a);
}

struct asker {
    struct env_thread thread;
    struct arena arena;
    err result;
};

static void ask(void *self)
{
    struct asker *asker = self;
    str pdf = STR("");
    asker->result = print_pdf(STR("trail"), trail, STR("zh"), &asker->arena, &pdf);
}

/* However the threads fall: each has a PDF or is told that others are printing. */
static void many_at_once_are_told(void **state)
{
    (void)state;
    struct asker askers[ASKERS] = {0};
    int printed = 0;
    for (size_t i = 0; i < ASKERS; i++) {
        arena_init(&askers[i].arena, ARENA_BYTES);
        assert_false(failed(env_thread_start(&askers[i].thread, "asker", ask, &askers[i])));
    }
    for (size_t i = 0; i < ASKERS; i++) {
        env_thread_join(&askers[i].thread);
        arena_done(&askers[i].arena);
        err e = askers[i].result;
        printed += failed(e) ? 0 : 1;
        if (failed(e))
            assert_string_equal(e.why, "print.busy");
    }
    assert_true(printed >= 1);
    a_trail_is_printed(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_trail_is_printed),
        cmocka_unit_test(refusals_say_so),
        cmocka_unit_test(many_at_once_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
