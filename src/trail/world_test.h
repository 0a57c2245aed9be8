/* SPDX-License-Identifier: Apache-2.0 */
/* Small random worlds of transfers, and runs of them, for the tests of this folder. */
#ifndef YUMEN_TRAIL_WORLD_TEST_H
#define YUMEN_TRAIL_WORLD_TEST_H

#include "trail/view.h"

#include <stdlib.h>

enum { WORLD_ROWS = 400, WORLD_RUNS = 5, WORLD_AMENDS = 32 };

struct world {
    uint64_t seed;
    struct trail_row rows[WORLD_ROWS];
    uint32_t ordinals[WORLD_ROWS];
    uint32_t ids[WORLD_ROWS]; /* by ordinal: order within a millisecond, unlike that of arrival */
    uint32_t count;
    uint32_t account_end;
    struct trail_run runs[WORLD_RUNS];
    const struct trail_run *run_list[WORLD_RUNS];
    void *rooms[WORLD_RUNS];
    uint32_t run_count;
    struct trail_amend amends[2 * WORLD_AMENDS];
};

static inline uint32_t world_draw(struct world *w, uint32_t below)
{
    w->seed = w->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((w->seed >> 33) % below);
}

static inline bool world_precedes(const void *self, uint32_t ordinal, uint32_t other)
{
    const struct world *w = self;
    return w->ids[ordinal] < w->ids[other];
}

static inline struct trail_order world_order(const struct world *w)
{
    return (struct trail_order){.precedes = world_precedes, .self = w};
}

static inline void *world_room(size_t bytes)
{
    void *at = aligned_alloc(64, (bytes + 64) / 64 * 64);
    assert(at != NULL);
    return at;
}

/* Few accounts and few moments, so that all collide. */
static inline void world_draw_rows(struct world *w, uint64_t seed)
{
    w->seed = seed;
    w->count = world_draw(w, WORLD_ROWS);
    w->account_end = 1 + world_draw(w, 60);
    uint32_t moments = 1 + world_draw(w, 200);
    for (uint32_t i = 0; i < w->count; i++) {
        unsigned flags = world_draw(w, TRANSFER_STATUS_COUNT);
        flags = world_draw(w, 3) > 0 ? (unsigned)TRANSFER_BOOKED : flags;
        if (world_draw(w, 12) == 0)
            flags |= (1 + world_draw(w, TRANSFER_EXIT_COUNT - 1)) << ROW_EXIT_SHIFT;
        w->rows[i] = (struct trail_row){.from = world_draw(w, w->account_end),
                                        .to = world_draw(w, w->account_end),
                                        .when = row_when(1000 + world_draw(w, moments), flags),
                                        .what = 1 + world_draw(w, 100000)};
        w->ordinals[i] = i;
        w->ids[i] = i;
    }
    for (uint32_t i = 0; i < w->count; i++) {
        uint32_t with = world_draw(w, w->count);
        uint32_t id = w->ids[i];
        w->ids[i] = w->ids[with];
        w->ids[with] = id;
    }
}

static inline void world_build_run(struct world *w, uint32_t begin, uint32_t end)
{
    struct trail_input in = {.rows = w->rows + begin,
                             .ordinals = w->ordinals + begin,
                             .count = end - begin,
                             .account_end = w->account_end,
                             .order = world_order(w)};
    void *room = world_room(trail_room(in.count, in.account_end));
    void *scratch = world_room(trail_scratch(in.count));
    struct trail_run *run = &w->runs[w->run_count];
    err e = trail_build(&in, room, scratch, run);
    assert(!failed(e));
    free(scratch);
    run->number = w->run_count + 70;
    w->rooms[w->run_count] = room;
    w->run_list[w->run_count++] = run;
}

static inline void world_build(struct world *w)
{
    uint32_t wanted = 1 + world_draw(w, WORLD_RUNS);
    uint32_t begin = 0;
    w->run_count = 0;
    for (uint32_t i = 0; i < wanted; i++) {
        uint32_t end = i + 1 == wanted ? w->count : begin + world_draw(w, w->count - begin + 1);
        world_build_run(w, begin, end);
        begin = end;
    }
}

/* Something became of a few transfers after their runs were made. */
static inline void world_amend(struct world *w)
{
    for (uint32_t i = 0; i < 2 * WORLD_AMENDS; i++)
        w->amends[i].status = TRANSFER_STATUS_COUNT;
    for (uint32_t n = 0; n < WORLD_AMENDS; n++) {
        const struct trail_run *run = &w->runs[world_draw(w, w->run_count)];
        if (run->count == 0)
            continue;
        uint32_t place = world_draw(w, run->count);
        uint32_t at = trail_amend_slot(run->number, place, 2 * WORLD_AMENDS);
        while (w->amends[at].status < TRANSFER_STATUS_COUNT &&
               (w->amends[at].run_number != run->number || w->amends[at].place != place))
            at = (at + 1) % (2 * WORLD_AMENDS);
        unsigned status = world_draw(w, TRANSFER_STATUS_COUNT);
        w->amends[at] = (struct trail_amend){run->number, place, status};
        struct trail_row *row = &w->rows[run->ordinals[place]];
        row->when = (row->when & ~(uint64_t)ROW_STATUS_MASK) | status;
    }
}

static inline struct trail_view world_view(const struct world *w, bool is_amended)
{
    return (struct trail_view){
        .runs = w->run_list,
        .run_count = w->run_count,
        .account_end = w->account_end,
        .order = world_order(w),
        .amends = {.slots = w->amends, .slot_count = is_amended ? 2 * WORLD_AMENDS : 0}
    };
}

static inline void world_done(struct world *w)
{
    for (uint32_t i = 0; i < w->run_count; i++)
        free(w->rooms[i]);
}

#endif
