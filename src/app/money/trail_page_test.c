/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: pages of an account's transfers, put behind each other, are all of them, each once, newest
 * first, whatever the runs they lie in, the pages' size, and how many share a millisecond.
 * Method: small random worlds of few accounts and moments; an oracle sorts what an account has.
 */
#include "app/money/trail_page.h"
#include "trail/world_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

enum { SEEDS = 300, ARENA_BYTES = 1 << 20 };

static int newest_first(const void *a, const void *b)
{
    const struct trail_place *x = a;
    const struct trail_place *y = b;
    if (x->time_ms != y->time_ms)
        return x->time_ms > y->time_ms ? -1 : 1;
    return x->ordinal > y->ordinal ? -1 : x->ordinal < y->ordinal;
}

static size_t list(const struct world *w, uint32_t account, struct trail_place *places)
{
    size_t count = 0;
    for (uint32_t i = 0; i < w->count; i++)
        if (w->rows[i].from == account || w->rows[i].to == account)
            places[count++] = (struct trail_place){row_time_ms(&w->rows[i]), w->ordinals[i]};
    qsort(places, count, sizeof *places, newest_first);
    return count;
}

static void expect_pages(struct world *w, uint32_t account, size_t limit)
{
    static struct trail_place wanted[WORLD_ROWS];
    size_t count = list(w, account, wanted);
    size_t at = 0;
    struct trail_view view = world_view(w, false);
    struct arena a;
    struct trail_page page = {.is_more = true};
    arena_init(&a, ARENA_BYTES);
    while (page.is_more) {
        const struct trail_place *after = at == 0 ? NULL : &wanted[at - 1];
        arena_reset(&a);
        const struct trail_page_question q = {.account = account, .after = after, .limit = limit};
        assert_false(failed(trail_page_make(&view, &q, &a, &page)));
        assert_int_equal(page.total, count);
        assert_int_equal(page.count, count - at < limit ? count - at : limit);
        for (size_t i = 0; i < page.count; i++, at++)
            assert_int_equal(newest_first(&page.places[i], &wanted[at]), 0);
    }
    assert_int_equal(at, count);
    arena_done(&a);
}

static void all_of_them_once(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        static struct world w;
        world_draw_rows(&w, seed);
        world_build(&w);
        for (uint32_t account = 0; account < w.account_end; account++)
            expect_pages(&w, account, 1 + (seed + account) % 7);
        world_done(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_of_them_once),
    };
    return cmocka_run_group_tests_name("app/trail_page", tests, NULL, NULL);
}
