/* SPDX-License-Identifier: Apache-2.0 */
#include "trail/run.h"

static uint32_t find_sorted(const struct trail_directory *d, uint32_t account)
{
    uint32_t lo = 0;
    uint32_t count = d->count;
    while (count > 0) {
        uint32_t half = count / 2;
        bool is_before = d->accounts[lo + half] < account;
        lo = is_before ? lo + half + 1 : lo;
        count = is_before ? count - half - 1 : half;
    }
    return lo < d->count && d->accounts[lo] == account ? lo : d->count;
}

/* The line's first word counts who came before it; the other seven say who is here. */
static uint32_t find_in_line(const struct trail_directory *d, uint32_t account)
{
    const uint64_t *line = directory_line(d, account);
    unsigned at = account % DIRECTORY_LINE_ACCOUNTS;
    unsigned word = 1 + at / 64;
    if ((line[word] >> (at % 64) & 1) == 0)
        return d->count;
    unsigned before = bits_before(line[word], at % 64);
    for (unsigned i = 1; i < word; i++)
        before += (unsigned)__builtin_popcountll(line[i]);
    return (uint32_t)line[0] + before;
}

uint32_t trail_directory_find(const struct trail_directory *d, uint32_t account)
{
    if (account >= d->account_end)
        return d->count;
    return d->lines != NULL ? find_in_line(d, account) : find_sorted(d, account);
}

uint32_t trail_run_in_after(const struct trail_run *run, struct trail_range range, int64_t time_ms)
{
    uint64_t bound = (uint64_t)(time_ms + 1) << ROW_TIME_SHIFT;
    uint32_t lo = range.begin;
    uint32_t count = range.end - range.begin;
    while (count > 0) {
        uint32_t half = count / 2;
        bool is_before = run->rows[run->ins[lo + half]].when < bound;
        lo = is_before ? lo + half + 1 : lo;
        count = is_before ? count - half - 1 : half;
    }
    return lo;
}

int64_t trail_run_balance(const struct trail_run *run, uint32_t place)
{
    assert(run->balances != NULL && (run->rows[place].when & ROW_HAS_BALANCE) != 0);
    if (run->balances[place] != TRAIL_BALANCE_WIDE)
        return run->balances[place];
    uint32_t lo = 0;
    uint32_t count = run->wide_count;
    while (count > 0) {
        uint32_t half = count / 2;
        bool is_before = run->wides[lo + half].place < place;
        lo = is_before ? lo + half + 1 : lo;
        count = is_before ? count - half - 1 : half;
    }
    assert(lo < run->wide_count && run->wides[lo].place == place);
    return run->wides[lo].minor;
}

static err check_starts(const struct trail_run *run, const struct trail_directory *d)
{
    if (d->starts[0] != 0 || d->starts[d->count] != run->count)
        return fail(ERR_CORRUPT, "trail: a directory does not cover its run", 0);
    for (uint32_t i = 0; i < d->count; i++)
        if (d->starts[i] >= d->starts[i + 1])
            return fail(ERR_CORRUPT, "trail: a directory is out of order", i);
    return OK;
}

static err check_order(const struct trail_run *run)
{
    for (uint32_t i = 0; i < run->count; i++) {
        const struct trail_row *r = &run->rows[i];
        int64_t at = row_time_ms(r);
        if (at < run->first_ms || at > run->last_ms)
            return fail(ERR_CORRUPT, "trail: a row is outside its run's time", i);
        const struct trail_row *before = i == 0 ? NULL : r - 1;
        if (before != NULL &&
            (before->from > r->from || (before->from == r->from && row_time_ms(before) > at)))
            return fail(ERR_CORRUPT, "trail: rows are out of order", i);
        const struct trail_range range = trail_directory_range(&run->out, r->from);
        if (i < range.begin || i >= range.end)
            return fail(ERR_CORRUPT, "trail: a payer's range misses its row", i);
    }
    return OK;
}

/* Sorted by payee and time, and each within its range: with as many places as rows, and every
 * range full, each row is named. */
static err check_ins(const struct trail_run *run)
{
    for (uint32_t i = 0; i < run->count; i++) {
        if (run->ins[i] >= run->count)
            return fail(ERR_CORRUPT, "trail: a place is beyond its run", i);
        const struct trail_row *r = &run->rows[run->ins[i]];
        const struct trail_range range = trail_directory_range(&run->in, r->to);
        if (i < range.begin || i >= range.end)
            return fail(ERR_CORRUPT, "trail: a payee's range misses its row", i);
        if (i > range.begin && row_time_ms(&run->rows[run->ins[i - 1]]) > row_time_ms(r))
            return fail(ERR_CORRUPT, "trail: a payee's rows are out of order", i);
    }
    return OK;
}

/* Each that stands apart is named once, in order, and nothing else is there. */
static err check_balances(const struct trail_run *run)
{
    uint32_t wide = 0;
    for (uint32_t i = 0; run->balances != NULL && i < run->count; i++) {
        if (run->balances[i] != TRAIL_BALANCE_WIDE)
            continue;
        if (wide == run->wide_count || run->wides[wide].place != i)
            return fail(ERR_CORRUPT, "trail: a balance is not where it should be", i);
        wide++;
    }
    return wide == run->wide_count ? OK : fail(ERR_CORRUPT, "trail: a balance is of no row", wide);
}

err trail_run_check(const struct trail_run *run)
{
    TRY(check_starts(run, &run->out));
    TRY(check_starts(run, &run->in));
    TRY(check_order(run));
    TRY(check_ins(run));
    return check_balances(run);
}
