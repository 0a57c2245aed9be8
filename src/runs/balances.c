/* SPDX-License-Identifier: Apache-2.0 */
#include "runs/balances.h"

enum { AHEAD = 24 };

struct filling {
    uint32_t *balances;
    struct trail_wide *wides;
    uint32_t wide_count;
    uint32_t wide_room;
};

static err filling_init(struct filling *f, uint32_t rows, uint32_t wides, struct pages *room)
{
    size_t apart = (size_t)wides * sizeof(struct trail_wide);
    size_t bytes = apart + (size_t)rows * sizeof(uint32_t);
    if (room->size < bytes) {
        pages_drop(room);
        TRY(pages_make(bytes, room));
    }
    *f = (struct filling){.wides = room->at, .wide_room = wides};
    f->balances = (void *)((char *)room->at + apart);
    return OK;
}

static void put(struct filling *f, uint32_t place, int64_t minor)
{
    f->balances[place] = balance_fits(minor) ? (uint32_t)minor : TRAIL_BALANCE_WIDE;
    if (balance_fits(minor))
        return;
    assert(f->wide_count < f->wide_room);
    f->wides[f->wide_count++] = (struct trail_wide){.place = place, .minor = minor};
}

static void show(const struct filling *f, struct trail_run *run)
{
    run->balances = f->balances;
    run->wides = f->wides;
    run->wide_count = f->wide_count;
}

static bool is_told(const struct trail_run *run, uint32_t place)
{
    return (run->rows[place].when & ROW_HAS_BALANCE) != 0;
}

err balances_of_tail(const struct tail *t, struct trail_run *run, struct pages *room)
{
    struct filling f;
    const int64_t *said = t->balances.at;
    if (t->told_count == 0)
        return OK;
    TRY(filling_init(&f, run->count, t->wide_count, room));
    for (uint32_t i = 0; i < run->count; i++) {
        if (i + AHEAD < run->count)
            __builtin_prefetch(&said[run->ordinals[i + AHEAD] - t->first]);
        f.balances[i] = 0;
        if (is_told(run, i))
            put(&f, i, said[run->ordinals[i] - t->first]);
    }
    show(&f, run);
    return OK;
}

/* Runs being read side by side: each gives its rows to the merged one in its own order. */
struct sources {
    const struct sealed *from;
    uint32_t at[MERGE_MOST];
    uint32_t count;
    uint32_t last; /* the one that gave the last row: rows of one account mostly come together */
};

static bool is_next(const struct sources *s, uint32_t i, uint32_t ordinal)
{
    const struct trail_run *run = &s->from[i].run;
    return s->at[i] < run->count && run->ordinals[s->at[i]] == ordinal;
}

/* False when no run has it next. */
static bool find_next(struct sources *s, uint32_t ordinal)
{
    for (uint32_t i = 0; i < s->count && !is_next(s, s->last, ordinal); i++)
        s->last = s->last + 1 == s->count ? 0 : s->last + 1;
    return is_next(s, s->last, ordinal);
}

static bool copy_next(struct sources *s, const struct trail_run *run, uint32_t place,
                      struct filling *f)
{
    if (!find_next(s, run->ordinals[place]))
        return false;
    const struct trail_run *from = &s->from[s->last].run;
    uint32_t at = s->at[s->last]++;
    f->balances[place] = 0;
    if (!is_told(run, place))
        return true;
    if (from->balances == NULL)
        return false;
    put(f, place, trail_run_balance(from, at));
    return true;
}

err balances_of_runs(const struct sealed *from, uint32_t count, struct trail_run *run,
                     struct pages *room)
{
    struct sources s = {.from = from, .count = count};
    struct filling f;
    uint32_t wides = 0;
    bool has_any = false;
    assert(count <= MERGE_MOST);
    for (uint32_t i = 0; i < count; i++) {
        has_any = has_any || from[i].run.balances != NULL;
        wides += from[i].run.wide_count;
    }
    if (!has_any)
        return OK;
    TRY(filling_init(&f, run->count, wides, room));
    for (uint32_t i = 0; i < run->count; i++)
        if (!copy_next(&s, run, i, &f))
            return OK;
    show(&f, run);
    return OK;
}
