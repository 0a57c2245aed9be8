/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A case of ten thousand accounts: all of it worked through by each method, and one transfer more
 * that comes late, in processor time of one thread.
 *
 * The world: each transfer is of somebody who has money, a third to all of it, to anybody; one in
 * twenty goes out by an exit. The first hundred are the victims'.
 */
#include "app/bench/bench.h"
#include "env/pages.h"
#include "trail/case.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    ACCOUNTS = 10000,
    TRANSFERS = 100000,
    CLAIMS = 100,
    LATE = 200,
    ALL = TRANSFERS + LATE,
    ID_BYTES = 8,
    EXIT_EACH = 20,
    STEP_MS = 1000,
};

struct world {
    uint64_t draws;
    struct trail_event events[ALL]; /* the late ones last */
    char ids[ALL][ID_BYTES];
    int64_t opening[ACCOUNTS];
    uint32_t starts[ACCOUNTS + 2]; /* of those not late, by account, either end */
    uint32_t of_account[2 * TRANSFERS];
    uint32_t known; /* events, late ones with them */
};

static uint32_t draw(struct world *w, uint32_t below)
{
    uint64_t x = w->draws++ + UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return (uint32_t)((x ^ x >> 31) % below);
}

static void make_event(struct world *w, uint32_t i, int64_t at_ms, int64_t minor)
{
    struct trail_event *e = &w->events[i];
    bool is_exit = i >= CLAIMS && draw(w, EXIT_EACH) == 0;
    unsigned flags = TRANSFER_BOOKED | (unsigned)(is_exit ? EXIT_ATM : EXIT_NONE) << ROW_EXIT_SHIFT;
    int size = snprintf(w->ids[i], ID_BYTES, "%u", i);
    *e = (struct trail_event){
        .number = i, .bank = 1, .row = e->row, .id = str_make(w->ids[i], (size_t)size)};
    e->row.when = row_when(at_ms, flags);
    e->row.what = (uint64_t)minor;
}

static void draw_ends(struct world *w, struct trail_row *row)
{
    row->from = draw(w, ACCOUNTS);
    do {
        row->to = draw(w, ACCOUNTS);
    } while (row->to == row->from);
}

static void make_world(struct world *w)
{
    static int64_t held[ACCOUNTS];
    *w = (struct world){.draws = 20261123, .known = TRANSFERS};
    for (uint32_t i = 0; i < ACCOUNTS; i++)
        w->opening[i] = held[i] = 1 + (int64_t)draw(w, 1000000);
    for (uint32_t i = 0; i < TRANSFERS; i++) {
        struct trail_row *row = &w->events[i].row;
        do {
            draw_ends(w, row);
        } while (held[row->from] < 3);
        int64_t minor = held[row->from] / 3 + draw(w, (uint32_t)(held[row->from] / 3 * 2)) + 1;
        make_event(w, i, INT64_C(1700000000000) + (int64_t)i * STEP_MS, minor);
        held[row->from] -= minor;
        held[row->to] += row_exit(row) == EXIT_NONE ? minor : 0;
    }
    for (uint32_t i = TRANSFERS; i < ALL; i++) {
        draw_ends(w, &w->events[i].row);
        int64_t at_ms = INT64_C(1700000000500) + (int64_t)draw(w, TRANSFERS) * STEP_MS;
        make_event(w, i, at_ms, 1 + draw(w, 100000));
    }
}

static void put_in_lists(struct world *w)
{
    for (uint32_t i = 0; i < TRANSFERS; i++) {
        w->starts[w->events[i].row.from + 2]++;
        w->starts[w->events[i].row.to + 2]++;
    }
    for (uint32_t i = 2; i <= ACCOUNTS + 1; i++)
        w->starts[i] += w->starts[i - 1];
    for (uint32_t i = 0; i < TRANSFERS; i++) {
        w->of_account[w->starts[w->events[i].row.from + 1]++] = i;
        w->of_account[w->starts[w->events[i].row.to + 1]++] = i;
    }
}

static err pull(void *of, const struct case_span *span, struct trail_case *into)
{
    const struct world *w = of;
    for (uint32_t i = w->starts[span->account]; i < w->starts[span->account + 1]; i++) {
        const struct trail_event *e = &w->events[w->of_account[i]];
        int64_t at_ms = row_time_ms(&e->row);
        if (at_ms >= span->from_ms && at_ms < span->until_ms)
            TRY(case_pulled(into, e));
    }
    for (uint32_t i = TRANSFERS; i < w->known; i++) {
        const struct trail_row *row = &w->events[i].row;
        if (row->from == span->account || row->to == span->account)
            TRY(case_pulled(into, &w->events[i]));
    }
    return OK;
}

/* The first stolen money may come at any time: what was there is what would be without it. */
static bool opening(void *of, uint32_t account, const struct trail_event *before,
                    int64_t *ret_minor)
{
    const struct world *w = of;
    int64_t held = w->opening[account];
    for (uint32_t i = w->starts[account]; i < w->starts[account + 1]; i++) {
        const struct trail_row *row = &w->events[w->of_account[i]].row;
        if (row_time_ms(row) >= row_time_ms(&before->row))
            break;
        if (row->from == account)
            held -= row_amount(row);
        else
            held += row_exit(row) == EXIT_NONE ? row_amount(row) : 0;
    }
    *ret_minor = held;
    return true;
}

/* --- what is measured --- */

static err settle_all(struct world *w, struct arena *a, enum trail_method method,
                      struct trail_case **ret_case)
{
    const struct case_settings settings = {.method = method};
    const struct case_port port = {.of = w, .pull = pull, .opening = opening};
    struct trail_case *c = case_make(a, &settings, &port);
    if (c == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    err e = OK;
    for (uint32_t i = 0; i < CLAIMS && !failed(e); i++) {
        uint32_t claim = 0;
        e = case_claim(c, &w->events[i], &claim);
    }
    if (!failed(e))
        e = case_settle(c);
    if (failed(e))
        case_done(c);
    else
        *ret_case = c;
    return e;
}

static int by_value(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a;
    int64_t other = *(const int64_t *)b;
    return one < other ? -1 : one > other;
}

struct timing {
    double settle_us;
    double million_per_s;
    double late_median_us;
    double late_95_us; /* nineteen of twenty take no longer */
    double late_most_us;
};

static err time_late(struct world *w, struct trail_case *c, struct timing *t)
{
    int64_t each_us[LATE];
    for (uint32_t i = 0; i < LATE; i++) {
        int64_t began = env_cpu_us();
        w->known++;
        TRY(case_put(c, &w->events[TRANSFERS + i]));
        TRY(case_settle(c));
        each_us[i] = env_cpu_us() - began;
    }
    qsort(each_us, LATE, sizeof *each_us, by_value);
    const size_t middle = LATE / 2;
    const size_t nineteen_of_20 = LATE * 19 / 20;
    t->late_median_us = (double)each_us[middle];
    t->late_95_us = (double)each_us[nineteen_of_20];
    t->late_most_us = (double)each_us[LATE - 1];
    return OK;
}

static err time_method(struct world *w, struct arena *a, enum trail_method method, struct timing *t)
{
    struct trail_case *c = NULL;
    w->known = TRANSFERS;
    int64_t began = env_cpu_us();
    TRY(settle_all(w, a, method, &c));
    t->settle_us = (double)(env_cpu_us() - began);
    t->million_per_s = (double)case_work(c) / t->settle_us;
    struct case_sum sum = case_sum_all(c);
    err e = sum.stolen == sum.present + sum.exited + sum.unknown && sum.stolen > 0
                ? time_late(w, c, t)
                : fail(ERR_CORRUPT, "bench: an answer is wrong", 0);
    case_done(c);
    return e;
}

/* --- the peer: one pass in order of time over a table of accounts by claims, in floating point;
 * no fen is whole, nothing is kept of what a transfer carried --- */

static err time_table(const struct world *w, double *ret_million_per_s)
{
    struct pages pages = {0};
    TRY(pages_make((size_t)ACCOUNTS * (CLAIMS + 1) * sizeof(double), &pages));
    double *held = pages.at;
    int64_t began = env_cpu_us();
    for (uint32_t i = 0; i < ACCOUNTS; i++)
        held[(size_t)i * (CLAIMS + 1) + CLAIMS] = (double)w->opening[i];
    for (uint32_t i = 0; i < TRANSFERS; i++) {
        const struct trail_row *row = &w->events[i].row;
        double *from = held + (size_t)row->from * (CLAIMS + 1);
        double *to = held + (size_t)row->to * (CLAIMS + 1);
        double whole = 0;
        for (uint32_t k = 0; k <= CLAIMS; k++)
            whole += from[k];
        double share = whole <= 0 ? 0 : (double)row_amount(row) / whole;
        for (uint32_t k = 0; k <= CLAIMS; k++) {
            double part = from[k] * share;
            from[k] -= part;
            to[k] += row_exit(row) == EXIT_NONE ? part : 0;
        }
        if (i < CLAIMS)
            to[i] += (double)row_amount(row);
    }
    *ret_million_per_s = TRANSFERS / (double)(env_cpu_us() - began);
    pages_drop(&pages);
    return OK;
}

static const struct {
    const char *rate;
    const char *late[3];
} names[METHOD_COUNT] = {
    [METHOD_FIFO] = {"trail.case_fifo",
                     {"trail.late_fifo", "trail.late95_fifo", "trail.latest_fifo"}         },
    [METHOD_LIFO] = {"trail.case_lifo",
                     {"trail.late_lifo", "trail.late95_lifo", "trail.latest_lifo"}         },
    [METHOD_HAIRCUT] = {"trail.case_haircut",
                     {"trail.late_haircut", "trail.late95_haircut", "trail.latest_haircut"}},
    [METHOD_POISON] = {"trail.case_poison",
                     {"trail.late_poison", "trail.late95_poison", "trail.latest_poison"}   },
};

static void add_method(struct bench *b, unsigned method, double samples[6][BENCH_ROUNDS])
{
    double settle = bench_median(samples[5]);
    bench_add(b, &(struct bench_result){.name = names[method].rate,
                                        .unit = "million_per_second",
                                        .ours = bench_median(samples[0]),
                                        .peer = bench_median(samples[1])});
    for (size_t i = 0; i < COUNT_OF(names[method].late); i++)
        bench_add(b, &(struct bench_result){.name = names[method].late[i],
                                            .unit = "us",
                                            .is_time = true,
                                            .ours = bench_median(samples[2 + i]),
                                            .peer = settle});
}

static err time_methods(struct bench *b, struct world *w)
{
    for (unsigned m = 0; m < METHOD_COUNT; m++) {
        double samples[6][BENCH_ROUNDS];
        for (int i = 0; i < BENCH_ROUNDS; i++) {
            struct timing t = {0};
            TRY(time_method(w, &b->arena, (enum trail_method)m, &t));
            TRY(time_table(w, &samples[1][i]));
            samples[0][i] = t.million_per_s;
            samples[2][i] = t.late_median_us;
            samples[3][i] = t.late_95_us;
            samples[4][i] = t.late_most_us;
            samples[5][i] = t.settle_us;
        }
        add_method(b, m, samples);
    }
    return OK;
}

err bench_case(struct bench *b)
{
    struct pages pages = {0};
    TRY(pages_make(sizeof(struct world), &pages));
    make_world(pages.at);
    put_in_lists(pages.at);
    err e = time_methods(b, pages.at);
    pages_drop(&pages);
    return e;
}
