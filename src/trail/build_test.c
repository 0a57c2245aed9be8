/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a run holds every row that went in, once, in the order it promises, and finds those of
 * each account.
 * Method: random worlds against counting by hand; directories of both forms; a run with any word of
 * it changed is found out by trail_run_check, or still answers right.
 */
#include "trail/world_test.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static bool is_ordered(const struct world *w, const struct trail_run *run, uint32_t a, uint32_t b)
{
    int64_t a_ms = row_time_ms(&run->rows[a]);
    int64_t b_ms = row_time_ms(&run->rows[b]);
    return a_ms < b_ms || (a_ms == b_ms && w->ids[run->ordinals[a]] < w->ids[run->ordinals[b]]);
}

static bool came_before(const struct trail_run *run, uint32_t a, uint32_t b)
{
    int64_t a_ms = row_time_ms(&run->rows[a]);
    int64_t b_ms = row_time_ms(&run->rows[b]);
    return a_ms < b_ms || (a_ms == b_ms && run->ordinals[a] < run->ordinals[b]);
}

static void expect_ranges(const struct world *w, const struct trail_run *run)
{
    for (uint32_t account = 0; account < w->account_end + 3; account++) {
        uint32_t out = 0;
        uint32_t in = 0;
        for (uint32_t i = 0; i < run->count; i++) {
            out += run->rows[i].from == account;
            in += run->rows[i].to == account;
        }
        struct trail_range r = trail_directory_range(&run->out, account);
        assert_int_equal(r.end - r.begin, out);
        for (uint32_t i = r.begin; i < r.end; i++) {
            assert_int_equal(run->rows[i].from, account);
            assert_true(i == r.begin || is_ordered(w, run, i - 1, i));
        }
        r = trail_directory_range(&run->in, account);
        assert_int_equal(r.end - r.begin, in);
        for (uint32_t i = r.begin; i < r.end; i++) {
            assert_int_equal(run->rows[run->ins[i]].to, account);
            assert_true(i == r.begin || came_before(run, run->ins[i - 1], run->ins[i]));
        }
    }
}

static void expect_after(const struct trail_run *run, uint32_t account, int64_t time_ms)
{
    struct trail_range r = trail_directory_range(&run->out, account);
    uint32_t at = trail_run_after(run, r, time_ms);
    assert_true(at >= r.begin && at <= r.end);
    assert_true(at == r.end || row_time_ms(&run->rows[at]) > time_ms);
    assert_true(at == r.begin || row_time_ms(&run->rows[at - 1]) <= time_ms);
    r = trail_directory_range(&run->in, account);
    at = trail_run_in_after(run, r, time_ms);
    assert_true(at == r.end || row_time_ms(&run->rows[run->ins[at]]) > time_ms);
    assert_true(at == r.begin || row_time_ms(&run->rows[run->ins[at - 1]]) <= time_ms);
}

static void runs_hold_their_rows(void **state)
{
    (void)state;
    static struct world w;
    for (uint64_t seed = 0; seed < 300; seed++) {
        world_draw_rows(&w, seed);
        if (seed % 3 == 0) /* few rows among many accounts: a sorted directory */
            w.account_end += 1000000;
        world_build(&w);
        uint32_t rows = 0;
        for (uint32_t i = 0; i < w.run_count; i++) {
            const struct trail_run *run = &w.runs[i];
            rows += run->count;
            assert_false(failed(trail_run_check(run)));
            if (seed % 3 != 0)
                expect_ranges(&w, run);
            for (uint32_t k = 0; k < 50; k++)
                expect_after(run, world_draw(&w, 64), 990 + world_draw(&w, 220));
            for (uint32_t k = 0; k < run->count; k++) {
                const struct trail_row *in = &w.rows[run->ordinals[k]];
                assert_memory_equal(in, &run->rows[k], sizeof *in);
            }
        }
        assert_int_equal(rows, w.count);
        world_done(&w);
    }
}

static bool is_never_asked(const void *self, uint32_t ordinal, uint32_t other)
{
    const struct world *w = self;
    uint32_t half = w->count / 2;
    assert_true((ordinal < half) != (other < half)); /* within a stretch all is settled */
    return w->ids[ordinal] < w->ids[other];
}

/* Two runs put together are the run of all their rows. */
static void stretches(void **state)
{
    (void)state;
    static struct world w;
    static struct trail_row rows[WORLD_ROWS];
    static uint32_t ordinals[WORLD_ROWS];
    for (uint64_t seed = 0; seed < 100; seed++) {
        world_draw_rows(&w, seed);
        w.run_count = 0;
        world_build_run(&w, 0, w.count / 2);
        world_build_run(&w, w.count / 2, w.count);
        world_build_run(&w, 0, w.count);
        struct trail_input in = {
            .rows = rows,
            .ordinals = ordinals,
            .account_end = w.account_end,
            .order = {.precedes = is_never_asked, .self = &w}
        };
        for (uint32_t i = 0; i < 2; i++) {
            const struct trail_run *run = &w.runs[i];
            memcpy(rows + in.count, run->rows, run->count * sizeof *rows);
            memcpy(ordinals + in.count, run->ordinals, run->count * sizeof *ordinals);
            in.count += run->count;
            in.stretch_ends[in.stretch_count++] = in.count;
        }
        void *room = world_room(trail_room(in.count, in.account_end));
        void *scratch = world_room(trail_scratch(in.count));
        struct trail_run both;
        assert_false(failed(trail_build(&in, room, scratch, &both)));
        assert_memory_equal(both.rows, w.runs[2].rows, w.count * sizeof *rows);
        assert_memory_equal(both.ordinals, w.runs[2].ordinals, w.count * sizeof *ordinals);
        assert_memory_equal(both.ins, w.runs[2].ins, w.count * sizeof *ordinals);
        free(scratch);
        free(room);
        world_done(&w);
    }
}

/* More than two to the 32 milliseconds apart, and not in order of time. */
static void years_apart(void **state)
{
    (void)state;
    static struct world w;
    world_draw_rows(&w, 7);
    w.count = 300;
    w.account_end = 5;
    w.run_count = 0;
    for (uint32_t i = 0; i < w.count; i++) {
        int64_t at = (int64_t)world_draw(&w, 1U << 31) * 4096;
        w.rows[i] = (struct trail_row){
            .from = i % 5, .to = (i + 1) % 5, .when = row_when(at, TRANSFER_BOOKED), .what = 1};
        w.ordinals[i] = i;
        w.ids[i] = i;
    }
    world_build_run(&w, 0, w.count);
    assert_false(failed(trail_run_check(&w.runs[0])));
    expect_ranges(&w, &w.runs[0]);
    world_done(&w);
}

static void damage_is_found(void **state)
{
    (void)state;
    static struct world w;
    world_draw_rows(&w, 11);
    w.run_count = 0;
    world_build_run(&w, 0, w.count);
    struct trail_run *run = &w.runs[0];
    assert_true(run->count > 10);
    struct trail_row *rows = (struct trail_row *)(uintptr_t)run->rows;
    uint32_t from = rows[3].from;
    rows[3].from = from + 1000;
    assert_int_equal(trail_run_check(run).code, ERR_CORRUPT);
    rows[3].from = from;
    run->last_ms -= 1;
    assert_int_equal(trail_run_check(run).code, ERR_CORRUPT);
    run->last_ms += 1;
    uint32_t *ins = (uint32_t *)(uintptr_t)run->ins;
    uint32_t place = ins[2];
    ins[2] = run->count;
    assert_int_equal(trail_run_check(run).code, ERR_CORRUPT);
    ins[2] = place;
    assert_false(failed(trail_run_check(run)));
    world_done(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_hold_their_rows),
        cmocka_unit_test(stretches),
        cmocka_unit_test(years_apart),
        cmocka_unit_test(damage_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
