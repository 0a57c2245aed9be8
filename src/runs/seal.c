/* SPDX-License-Identifier: Apache-2.0 */
/* Work beside the owner's thread: a full tail becomes runs on the disk, many runs become one. */
#include "runs/balances.h"
#include "runs/inside.h"

#include <stdlib.h>

enum { MERGE_LEAST = 4 };

bool is_sealed(const struct runs *r, uint32_t run_number)
{
    for (uint32_t i = 0; i < r->sealed_count; i++)
        if (r->sealed[i].run.number == run_number)
            return true;
    return false;
}

/* --- on the task's thread --- */

/* At least so large; what it held is gone. */
static err space_make(struct pages *space, size_t bytes)
{
    if (space->size >= bytes)
        return OK;
    pages_drop(space);
    return pages_make(bytes, space);
}

static void space_drop_above(struct task *t, size_t most)
{
    struct workspace *s = &t->space;
    struct pages *const all[] = {&s->rows, &s->ordinals, &s->room, &s->scratch, &s->balances};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        if (all[i]->size > most)
            pages_drop(all[i]);
}

void task_space_drop(struct runs *r)
{
    assert(r->task.kind == TASK_NONE);
    space_drop_above(&r->task, 0);
}

/* Rows of one period, to be built. */
struct gathering {
    struct trail_row *rows;
    uint32_t *ordinals;
    uint32_t count;
    uint32_t ends[MERGE_MOST]; /* of what came from one run */
    uint32_t end_count;
};
static_assert((int)MERGE_MOST == (int)TRAIL_STRETCHES, "each run of a merge is a stretch");

static err gathering_init(struct task *t, uint32_t room, struct gathering *g)
{
    TRY(space_make(&t->space.rows, (size_t)room * sizeof(struct trail_row)));
    TRY(space_make(&t->space.ordinals, (size_t)room * sizeof(uint32_t)));
    *g = (struct gathering){.rows = t->space.rows.at, .ordinals = t->space.ordinals.at};
    return OK;
}

static void gather(struct gathering *g, const struct trail_row *row, uint32_t ordinal)
{
    g->rows[g->count] = *row;
    g->ordinals[g->count++] = ordinal;
}

static err build_run(struct task *t, const struct gathering *g, struct trail_order order)
{
    struct trail_run run;
    struct trail_input in = {.rows = g->rows,
                             .ordinals = g->ordinals,
                             .count = g->count,
                             .account_end = t->account_count,
                             .order = order,
                             .stretch_count = g->end_count};
    memcpy(in.stretch_ends, g->ends, sizeof in.stretch_ends);
    if (t->made_count == MERGE_MOST)
        return fail(ERR_LIMIT, "runs: transfers of too many periods at once", 0);
    TRY(space_make(&t->space.room, trail_room(in.count, in.account_end)));
    TRY(space_make(&t->space.scratch, trail_scratch(in.count)));
    TRY(trail_build(&in, t->space.room.at, t->space.scratch.at, &run));
    TRY(t->kind == TASK_SEAL
            ? balances_of_tail(t->tail, &run, &t->space.balances)
            : balances_of_runs(t->inputs, t->input_count, &run, &t->space.balances));
    run.number = t->first_number + t->made_count;
    TRY(run_file_write(t->runs, &run, &t->made[t->made_count]));
    t->made_count++;
    return OK;
}

static int64_t period_of(const struct trail_row *row)
{
    return row_time_ms(row) >> PERIOD_SHIFT;
}

/* The lowest period after one; INT64_MAX when there is none. */
static int64_t period_after(const struct tail *tail, int64_t after)
{
    int64_t best = INT64_MAX;
    for (uint32_t i = 0; i < tail->count; i++) {
        int64_t p = period_of(&tail_rows(tail)[i]);
        best = p > after && p < best ? p : best;
    }
    return best;
}

/* Mostly a tail is of one period and is sorted from where it lies. */
static err seal_whole(struct task *t)
{
    const struct tail *tail = t->tail;
    TRY(space_make(&t->space.ordinals, (size_t)tail->count * sizeof(uint32_t)));
    uint32_t *ordinals = t->space.ordinals.at;
    for (uint32_t i = 0; i < tail->count; i++)
        ordinals[i] = tail->first + i;
    const struct gathering whole = {
        .rows = tail_rows(tail), .ordinals = ordinals, .count = tail->count};
    return build_run(t, &whole, (struct trail_order){.precedes = tail_precedes, .self = tail});
}

/* A feed that is late by days has two periods; only one that is all over time has more than a
 * handful, and then the oldest go together. */
static err seal_periods(struct task *t)
{
    const struct tail *tail = t->tail;
    int64_t period = period_after(tail, -1);
    int64_t next = period_after(tail, period);
    if (period == INT64_MAX)
        return OK;
    if (next == INT64_MAX)
        return seal_whole(t);
    struct gathering g;
    TRY(gathering_init(t, tail->count, &g));
    for (; period != INT64_MAX; period = next) {
        g.count = 0;
        for (uint32_t i = 0; i < tail->count; i++)
            if (period_of(&tail_rows(tail)[i]) == period)
                gather(&g, &tail_rows(tail)[i], tail->first + i);
        TRY(build_run(t, &g, (struct trail_order){.precedes = tail_precedes, .self = tail}));
        next = period_after(tail, period);
    }
    return OK;
}

static err seal_ids(struct task *t)
{
    t->ids = (struct id_file){.number = t->first_number,
                              .segment_first = t->tail->segment,
                              .segment_last = t->tail->segment};
    return ids_file_write(t->runs, &t->tail->ids, &t->ids);
}

static err run_seal(struct task *t)
{
    TRY(seal_periods(t));
    TRY(seal_ids(t));
    return accounts_write(t->runs, t->account_count);
}

static unsigned status_of(const struct task *t, const struct trail_run *run, uint32_t place)
{
    const struct amendment *slots = t->amends.at;
    uint32_t count = (uint32_t)(t->amends.size / sizeof *slots);
    if (count == 0)
        return row_status(&run->rows[place]);
    uint32_t at = trail_amend_slot(run->number, place, count);
    for (; slots[at].status != TRANSFER_STATUS_COUNT; at = (at + 1) & (count - 1))
        if (slots[at].place == place && slots[at].run_number == run->number)
            return slots[at].status;
    return row_status(&run->rows[place]);
}

static err run_merge(struct task *t)
{
    struct gathering g;
    uint64_t total = 0;
    for (uint32_t i = 0; i < t->input_count; i++)
        total += t->inputs[i].run.count;
    assert(total <= TRAIL_RUN_ROWS);
    TRY(gathering_init(t, (uint32_t)total, &g));
    for (uint32_t i = 0; i < t->input_count; i++) {
        const struct trail_run *run = &t->inputs[i].run;
        for (uint32_t k = 0; k < run->count; k++) {
            struct trail_row row = run->rows[k];
            row.when = (row.when & ~(uint64_t)ROW_STATUS_MASK) | status_of(t, run, k);
            gather(&g, &row, run->ordinals[k]);
        }
        g.ends[g.end_count++] = g.count;
    }
    return build_run(t, &g, (struct trail_order){.precedes = look_precedes, .self = t->runs});
}

static void run_task(void *self)
{
    struct task *t = self;
    t->failed = t->kind == TASK_SEAL ? run_seal(t) : run_merge(t);
    space_drop_above(t, SPACE_MOST);
    env_flag_raise(&t->is_done);
}

/* --- on the owner's --- */

static err task_begin(struct runs *r, enum task_kind kind)
{
    struct task *t = &r->task;
    t->kind = kind;
    t->runs = r;
    t->made_count = 0;
    t->failed = OK;
    t->account_count = r->accounts.count;
    t->first_number = r->next_number;
    r->next_number += MERGE_MOST;
    env_flag_lower(&t->is_done);
    return env_thread_start(&t->thread, "runs-task", run_task, t);
}

err seal_begin(struct runs *r)
{
    if (r->is_in_memory)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(tail_end_block(r, r->tail));
    TRY(journal_sync(&r->journal));
    TRY(task_finish(r));
    assert(r->frozen == NULL);
    if (r->sealed_count + MERGE_MOST > SEALED_MOST || r->id_file_count == IDS_MOST ||
        r->segment_count == SEGMENTS_MOST)
        return fail(ERR_LIMIT, "runs: more runs than there is room for", 0);
    struct tail *full = r->tail;
    struct tail *next = full == &r->tails[0] ? &r->tails[1] : &r->tails[0];
    if (next->room != r->tail_rows) {
        tail_close(next);
        TRY(tail_open(next, r->tail_rows, true));
    }
    tail_begin(next, full->first + full->count, full->segment + 1);
    r->frozen = full;
    r->tail = next;
    r->task.tail = full;
    if (r->sieve.room > 0)
        TRY(known_room(r, next->room));
    return task_begin(r, TASK_SEAL);
}

static void install_seal(struct runs *r, struct task *t)
{
    struct tail *tail = t->tail;
    for (uint32_t i = 0; i < t->made_count; i++)
        r->sealed[r->sealed_count++] = t->made[i];
    r->id_files[r->id_file_count++] = t->ids;
    r->segments[r->segment_count++] = (struct segment){.number = tail->segment,
                                                       .first_ordinal = tail->first,
                                                       .count = tail->count,
                                                       .last_ms = tail->last_ms};
    r->accounts_on_disk = t->account_count;
    for (uint32_t i = 0; i < tail->piece_count; i++)
        retire_piece(r, &tail->pieces[i]);
    tail->piece_count = 0;
    tail_empty(tail);
    r->frozen = NULL;
}

static bool is_input(const struct task *t, uint32_t run_number)
{
    for (uint32_t i = 0; i < t->input_count; i++)
        if (t->inputs[i].run.number == run_number)
            return true;
    return false;
}

/* What became of a transfer while it was merged: where it lies now. */
static void carry(const struct task *t, struct amendment *a)
{
    const struct trail_run *made = &t->made[0].run;
    for (uint32_t i = 0; i < t->input_count; i++) {
        const struct trail_run *from = &t->inputs[i].run;
        if (from->number != a->run_number)
            continue;
        bool is_there = run_find(made, &from->rows[a->place], a->ordinal, &a->place);
        assert(is_there);
        (void)is_there;
        a->run_number = made->number;
        return;
    }
}

static err carry_amends(struct runs *r, const struct task *t)
{
    struct pages old = r->amends;
    const struct amendment *slots = old.at;
    uint32_t count = amend_slots(r);
    r->amends = (struct pages){0};
    r->amend_count = 0;
    err e = OK;
    for (uint32_t i = 0; i < count && !failed(e); i++) {
        struct amendment a = slots[i];
        if (a.status == TRANSFER_STATUS_COUNT)
            continue;
        carry(t, &a);
        e = amend_put(r, &a);
    }
    pages_drop(&old);
    return e;
}

static err install_merge(struct runs *r, struct task *t)
{
    TRY(carry_amends(r, t));
    uint32_t kept = 0;
    for (uint32_t i = 0; i < r->sealed_count; i++)
        if (!is_input(t, r->sealed[i].run.number))
            r->sealed[kept++] = r->sealed[i];
    r->sealed[kept++] = t->made[0];
    r->sealed_count = kept;
    return OK;
}

/* After the manifest does not name them any more. */
static err drop_inputs(struct runs *r, struct task *t)
{
    char path[FILE_PATH_BYTES];
    for (uint32_t i = 0; i < t->input_count; i++) {
        TRY(file_numbered(r->folder, "run", t->inputs[i].run.number, path));
        TRY(file_drop(path));
        retire(r, &t->inputs[i].file, NULL);
    }
    return OK;
}

err task_finish(struct runs *r)
{
    struct task *t = &r->task;
    if (t->kind == TASK_NONE)
        return OK;
    env_mutex_unlock(&r->names); /* a merge may have to look something up */
    env_thread_join(&t->thread);
    env_mutex_lock(&r->names);
    enum task_kind kind = t->kind;
    t->kind = TASK_NONE;
    if (failed(t->failed)) { /* a merge may be tried again; a tail that cannot be sealed stays */
        pages_drop(&t->amends);
        if (kind == TASK_SEAL)
            r->broken = t->failed;
        return t->failed;
    }
    r->is_changed = true;
    if (kind == TASK_SEAL)
        install_seal(r, t);
    else
        TRY(install_merge(r, t));
    pages_drop(&t->amends);
    TRY(show(r));
    TRY(facts_write(r));
    TRY(manifest_write(r));
    return kind == TASK_MERGE ? drop_inputs(r, t) : OK;
}

/* --- which to merge --- */

static int by_size(const void *a, const void *b)
{
    uint32_t one = ((const struct sealed *)a)->run.count;
    uint32_t other = ((const struct sealed *)b)->run.count;
    return one < other ? -1 : one > other;
}

/* How many from here on are of a size: each at most so many times what stands before it. */
static uint32_t alike(const struct sealed *sorted, uint32_t count, uint64_t times)
{
    uint64_t sum = 0;
    uint32_t n = 0;
    while (n < count && (n == 0 || sorted[n].run.count <= times * sum) &&
           sum + sorted[n].run.count <= TRAIL_RUN_ROWS)
        sum += sorted[n++].run.count;
    return n;
}

/* The smallest runs of a period that are of a size, `least` or more; 0 when there are not. What the
 * next period's tail left behind in this one may be much smaller and stays by itself. */
static uint32_t pick(const struct runs *r, int64_t period, bool is_over,
                     struct sealed picked[MERGE_MOST])
{
    uint32_t count = 0;
    uint32_t least = is_over ? 2 : MERGE_LEAST;
    for (uint32_t i = 0; i < r->sealed_count && count < MERGE_MOST; i++)
        if (r->sealed[i].period == period)
            picked[count++] = r->sealed[i];
    qsort(picked, count, sizeof *picked, by_size);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t n = alike(picked + i, count - i, is_over ? 4 : 2);
        if (n < least)
            continue;
        memmove(picked, picked + i, n * sizeof *picked);
        return n;
    }
    return 0;
}

static err copy_amends(struct runs *r, struct pages *ret)
{
    *ret = (struct pages){0};
    if (r->amend_count == 0)
        return OK;
    TRY(pages_make(r->amends.size, ret));
    memcpy(ret->at, r->amends.at, r->amends.size);
    return OK;
}

err merge_begin(struct runs *r, int64_t now_ms)
{
    struct task *t = &r->task;
    assert(t->kind == TASK_NONE);
    for (uint32_t i = 0; i < r->sealed_count; i++) {
        int64_t period = r->sealed[i].period;
        bool is_over = period < now_ms >> PERIOD_SHIFT;
        t->input_count = pick(r, period, is_over, t->inputs);
        if (t->input_count == 0)
            continue;
        TRY(copy_amends(r, &t->amends));
        return task_begin(r, TASK_MERGE);
    }
    return OK;
}
