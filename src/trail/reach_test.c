/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: reach finds exactly the transfers that the rule names, layer by layer, however the rows are
 * spread over runs.
 * Method: random worlds and settings against a search that reads all rows for every receipt; the
 * bounds.
 */
#include "trail/reach.h"
#include "trail/world_test.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct found {
    bool is_in[REACH_LAYERS + 1][WORLD_ROWS]; /* by ordinal */
};

static bool comes_next(const struct world *w, uint32_t a, uint32_t b)
{
    int64_t a_ms = row_time_ms(&w->rows[a]);
    int64_t b_ms = row_time_ms(&w->rows[b]);
    return a_ms < b_ms || (a_ms == b_ms && w->ids[a] < w->ids[b]);
}

/* The transfer that follows `last` among those of a receipt; count when there is none. */
static uint32_t next_of(const struct world *w, const struct reach_settings *s,
                        struct reach_start receipt, uint32_t last)
{
    uint32_t best = w->count;
    for (uint32_t i = 0; i < w->count; i++) {
        const struct trail_row *r = &w->rows[i];
        int64_t at = row_time_ms(r);
        if (r->from != receipt.account || r->from == r->to || at <= receipt.time_ms ||
            at > receipt.time_ms + s->window_ms || row_status(r) >= TRANSFER_REJECTED)
            continue;
        if (last < w->count && !comes_next(w, last, i))
            continue;
        if (best == w->count || comes_next(w, i, best))
            best = i;
    }
    return best;
}

static void search(const struct world *w, const struct reach_settings *s, struct reach_start start,
                   struct found *f)
{
    *f = (struct found){0};
    for (unsigned layer = 1; layer <= s->layers; layer++)
        for (uint32_t i = 0; i < (layer == 1 ? 1 : w->count); i++) {
            if (layer > 1 && (!f->is_in[layer - 1][i] || row_exit(&w->rows[i]) != EXIT_NONE))
                continue;
            struct reach_start receipt =
                layer == 1 ? start : (struct reach_start){w->rows[i].to, row_time_ms(&w->rows[i])};
            uint32_t at = next_of(w, s, receipt, w->count);
            for (unsigned n = 0; n < s->first && at < w->count; n++) {
                f->is_in[layer][at] = true;
                at = next_of(w, s, receipt, at);
            }
        }
}

static void expect_same(const struct world *w, const struct trail_view *v, const struct reach *r,
                        struct found *f)
{
    uint32_t wanted = 0;
    for (unsigned layer = 0; layer <= REACH_LAYERS; layer++)
        for (uint32_t i = 0; i < w->count; i++)
            wanted += f->is_in[layer][i];
    assert_int_equal(r->hit_count, wanted);
    for (uint32_t i = 0; i < r->hit_count; i++) {
        const struct reach_hit *h = &r->hits[i];
        uint32_t ordinal = trail_ordinal_at(v, h->transfer);
        assert_true(f->is_in[h->layer][ordinal]);
        f->is_in[h->layer][ordinal] = false; /* found once */
        const struct trail_row *row = &w->rows[ordinal];
        assert_int_equal(h->account, row->to);
        if (h->cause != REACH_NONE) {
            assert_int_equal(r->hits[h->cause].layer + 1, h->layer);
            assert_int_equal(r->hits[h->cause].account, row->from);
        }
    }
}

static void as_by_search(void **state)
{
    (void)state;
    static struct world w;
    static struct found f;
    struct arena a;
    arena_init(&a, 64 << 20);
    struct reach r;
    assert_false(failed(reach_init(&r, &a, 100000)));
    for (uint64_t seed = 0; seed < 400; seed++) {
        world_draw_rows(&w, seed);
        world_build(&w);
        world_amend(&w);
        struct trail_view v = world_view(&w, true);
        struct reach_settings s = {.layers = world_draw(&w, 7),
                                   .first = world_draw(&w, 25),
                                   .window_ms = world_draw(&w, 150)};
        struct reach_start start = {world_draw(&w, w.account_end), 990 + world_draw(&w, 100)};
        assert_false(failed(reach_ask(&r, &v, &s, &start, 1)));
        search(&w, &s, start, &f);
        expect_same(&w, &v, &r, &f);
        world_done(&w);
    }
    arena_done(&a);
}

static void too_wide_is_said(void **state)
{
    (void)state;
    static struct world w;
    struct arena a;
    arena_init(&a, 4 << 20);
    struct reach r;
    assert_false(failed(reach_init(&r, &a, 3)));
    world_draw_rows(&w, 5);
    w.count = 10;
    w.run_count = 0;
    for (uint32_t i = 0; i < w.count; i++)
        w.rows[i] = (struct trail_row){
            .from = 0, .to = 1, .when = row_when(2000 + i, TRANSFER_BOOKED), .what = 1};
    world_build_run(&w, 0, w.count);
    struct trail_view v = world_view(&w, false);
    struct reach_settings s = {.layers = 2, .first = 20, .window_ms = 1000};
    struct reach_start start = {0, 1999};
    err e = reach_ask(&r, &v, &s, &start, 1);
    assert_int_equal(e.code, ERR_LIMIT);
    assert_string_equal(e.why, "trail.too_wide");
    s.first = 3;
    assert_false(failed(reach_ask(&r, &v, &s, &start, 1)));
    assert_int_equal(r.hit_count, 3);
    world_done(&w);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_by_search),
        cmocka_unit_test(too_wide_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
