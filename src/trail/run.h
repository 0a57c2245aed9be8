/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run - a sealed piece of the trail's index: many transfers, sorted, and where an account's begin.
 *
 * Shape     rows      by payer, time, id: what left an account lies together
 *           ordinals  the journal's number of each row, for whoever wants its details
 *           ins       places of rows by payee, time, ordinal: what came into an account
 *           balances  what the payer had left, where its bank said so: four bytes a row, or apart
 *           out, in   directories: account -> range
 *
 *               out.range(from) --> rows[begin, end)           in.range(to) --> ins[begin, end)
 *
 *           A directory of many accounts is a bitmap with counts: a line of 64 bytes tells for 448
 *           accounts which are here and how many were before, so that an account that is not in
 *           this run mostly costs a line that is in the cache. A directory of few is their sorted
 *           numbers.
 * Owns      Nothing: a run points into memory or a mapped file of its maker.
 * Lives     As long as that.
 * Fails     Looking up cannot. trail_run_check: ERR_CORRUPT "trail: …".
 * Threads   Any: nothing of a run ever changes.
 * Bounds    TRAIL_RUN_ROWS rows. Out 24 bytes a row, ordinals and ins 4 each, balances 4 where
 *           there are any, directories 4 bytes an account that is here and 1.14 bits for one that
 *           might.
 */
#ifndef YUMEN_TRAIL_RUN_H
#define YUMEN_TRAIL_RUN_H

#include "trail/row.h"

#define TRAIL_RUN_ROWS (UINT32_C(1) << 30)

enum { DIRECTORY_WORDS = 8, DIRECTORY_LINE_ACCOUNTS = 7 * 64 };

struct trail_directory {
    const uint64_t *lines;    /* NULL where `accounts` stand instead */
    const uint32_t *accounts; /* sorted */
    const uint32_t *starts;   /* count + 1 */
    uint32_t count;           /* of accounts that are here */
    uint32_t account_end;     /* none from here on */
};

/* A balance that four bytes do not hold: then TRAIL_BALANCE_WIDE stands there. */
#define TRAIL_BALANCE_WIDE UINT32_MAX

struct trail_wide {
    uint32_t place;
    uint32_t unused;
    int64_t minor;
};

struct trail_run {
    const struct trail_row *rows;
    const uint32_t *ordinals;
    const uint32_t *ins;
    const uint32_t *balances; /* by place, of rows that tell one; NULL: only the journal has them */
    const struct trail_wide *wides; /* by place */
    uint32_t wide_count;
    struct trail_directory out;
    struct trail_directory in;
    uint32_t count;
    int64_t first_ms; /* of all rows */
    int64_t last_ms;
    uint32_t number; /* the maker's; no two alike */
};

struct trail_range {
    uint32_t begin;
    uint32_t end;
};

static inline unsigned bits_before(uint64_t word, unsigned bit)
{
    return (unsigned)__builtin_popcountll(word & ((UINT64_C(1) << bit) - 1));
}

static inline const uint64_t *directory_line(const struct trail_directory *d, uint32_t account)
{
    return d->lines + (size_t)(account / DIRECTORY_LINE_ACCOUNTS) * DIRECTORY_WORDS;
}

/* The place of an account among those that are here, or `count`. */
uint32_t trail_directory_find(const struct trail_directory *d, uint32_t account);

static inline struct trail_range trail_directory_range(const struct trail_directory *d,
                                                       uint32_t account)
{
    uint32_t at = trail_directory_find(d, account);
    if (at == d->count)
        return (struct trail_range){0};
    return (struct trail_range){.begin = d->starts[at], .end = d->starts[at + 1]};
}

/* The first of these rows that is later than a time; range.end when none is. */
static inline uint32_t trail_run_after(const struct trail_run *run, struct trail_range range,
                                       int64_t time_ms)
{
    uint64_t bound = (uint64_t)(time_ms + 1) << ROW_TIME_SHIFT;
    uint32_t lo = range.begin;
    uint32_t count = range.end - range.begin;
    while (count > 0) {
        uint32_t half = count / 2;
        bool is_before = run->rows[lo + half].when < bound;
        lo = is_before ? lo + half + 1 : lo;
        count = is_before ? count - half - 1 : half;
    }
    return lo;
}

/* The same of what came in, in places of `ins`. */
uint32_t trail_run_in_after(const struct trail_run *run, struct trail_range range, int64_t time_ms);

/* What the payer had left after this row, which tells it; `balances` are here. */
int64_t trail_run_balance(const struct trail_run *run, uint32_t place);

/* Every row where it belongs, every place named once: for a run read back from a disk. */
err trail_run_check(const struct trail_run *run);

#endif
