/* SPDX-License-Identifier: Apache-2.0 */
#include "trail/build.h"

#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 64, DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS, AHEAD = 24 };

struct pair {
    uint32_t key;
    uint32_t at;
};

struct build {
    const struct trail_input *in;
    struct pair *pairs;
    struct pair *spare;
    uint32_t *by_time; /* rows of the input, earliest first */
    uint32_t *place;   /* where a row of the input lies in the run */
    unsigned char *room;
    struct trail_run *run;
};

static size_t round_up(size_t bytes)
{
    return (bytes + LINE_BYTES - 1) / LINE_BYTES * LINE_BYTES;
}

static size_t line_bytes(uint32_t account_end)
{
    return ((size_t)account_end / DIRECTORY_LINE_ACCOUNTS + 1) * LINE_BYTES;
}

/* A bitmap where it is not much larger than the accounts themselves could be. */
static bool wants_lines(uint32_t count, uint32_t account_end)
{
    return line_bytes(account_end) <= (size_t)count * 8;
}

static size_t directory_room(uint32_t count, uint32_t account_end)
{
    size_t first = wants_lines(count, account_end) ? line_bytes(account_end) : (size_t)count * 4;
    return round_up(first) + round_up(((size_t)count + 1) * 4);
}

size_t trail_room(uint32_t count, uint32_t account_end)
{
    return round_up((size_t)count * sizeof(struct trail_row)) + 2 * round_up((size_t)count * 4) +
           2 * directory_room(count, account_end);
}

size_t trail_scratch(uint32_t count)
{
    return 2 * round_up((size_t)count * sizeof(struct pair)) + 2 * round_up((size_t)count * 4);
}

static void *carve(unsigned char **room, size_t bytes)
{
    void *at = *room;
    *room += round_up(bytes);
    return at;
}

/* --- sorting --- */

static void sort_digit(const struct pair *from, struct pair *to, uint32_t count, unsigned shift)
{
    uint32_t starts[DIGITS] = {0};
    for (uint32_t i = 0; i < count; i++)
        starts[from[i].key >> shift & (DIGITS - 1)]++;
    uint32_t sum = 0;
    for (unsigned d = 0; d < DIGITS; d++) {
        uint32_t here = starts[d];
        starts[d] = sum;
        sum += here;
    }
    for (uint32_t i = 0; i < count; i++)
        to[starts[from[i].key >> shift & (DIGITS - 1)]++] = from[i];
}

/* By key, stable. */
static void sort_pairs(struct build *b, uint32_t key_most)
{
    for (unsigned shift = 0; shift < 32 && key_most >> shift != 0; shift += DIGIT_BITS) {
        sort_digit(b->pairs, b->spare, b->in->count, shift);
        struct pair *sorted = b->spare;
        b->spare = b->pairs;
        b->pairs = sorted;
    }
}

static bool is_in_time(const struct trail_input *in)
{
    for (uint32_t i = 1; i < in->count; i++)
        if (in->rows[i - 1].when >> ROW_TIME_SHIFT > in->rows[i].when >> ROW_TIME_SHIFT)
            return false;
    return true;
}

static uint64_t since(const struct build *b, uint32_t at)
{
    return (b->in->rows[at].when >> ROW_TIME_SHIFT) - (uint64_t)b->run->first_ms;
}

static void measure_time(struct build *b)
{
    struct trail_run *run = b->run;
    run->first_ms = b->in->count == 0 ? 0 : TRANSFER_TIME_MOST;
    run->last_ms = 0;
    for (uint32_t i = 0; i < b->in->count; i++) {
        int64_t at = row_time_ms(&b->in->rows[i]);
        run->first_ms = at < run->first_ms ? at : run->first_ms;
        run->last_ms = at > run->last_ms ? at : run->last_ms;
    }
}

static void sort_by_time(struct build *b)
{
    uint32_t count = b->in->count;
    for (uint32_t i = 0; i < count; i++)
        b->by_time[i] = i;
    if (is_in_time(b->in))
        return;
    uint64_t most = (uint64_t)(b->run->last_ms - b->run->first_ms);
    for (uint32_t i = 0; i < count; i++)
        b->pairs[i] = (struct pair){.key = (uint32_t)since(b, i), .at = i};
    sort_pairs(b, most > UINT32_MAX ? UINT32_MAX : (uint32_t)most);
    if (most > UINT32_MAX) {
        for (uint32_t i = 0; i < count; i++)
            b->pairs[i].key = (uint32_t)(since(b, b->pairs[i].at) >> 32);
        sort_pairs(b, (uint32_t)(most >> 32));
    }
    for (uint32_t i = 0; i < count; i++)
        b->by_time[i] = b->pairs[i].at;
}

/* --- ties: rows of one account at one millisecond, by id --- */

struct tie {
    const struct trail_input *in;
    const uint32_t *ordinals; /* by pair.at */
};

static uint32_t stretch_of(const struct trail_input *in, uint32_t at)
{
    uint32_t i = 0;
    while (i < in->stretch_count && at >= in->stretch_ends[i])
        i++;
    return i;
}

/* pair.at: rows of the input. */
static int compare_payments(const void *a, const void *b, void *self)
{
    const struct tie *tie = self;
    uint32_t one = ((const struct pair *)a)->at;
    uint32_t other = ((const struct pair *)b)->at;
    if (one == other)
        return 0;
    uint32_t stretch = stretch_of(tie->in, one);
    if (stretch < tie->in->stretch_count && stretch == stretch_of(tie->in, other))
        return one < other ? -1 : 1;
    const struct trail_order *order = &tie->in->order;
    return order->precedes(order->self, tie->ordinals[one], tie->ordinals[other]) ? -1 : 1;
}

/* pair.at: rows of the run. */
static int compare_receipts(const void *a, const void *b, void *self)
{
    const struct tie *tie = self;
    uint32_t one = tie->ordinals[((const struct pair *)a)->at];
    uint32_t other = tie->ordinals[((const struct pair *)b)->at];
    return one < other ? -1 : one > other;
}

/* Pairs lie sorted by key, and by the time of rows[at] within a key. */
static void settle_ties(struct build *b, const struct trail_row *rows, const uint32_t *ordinals,
                        int (*compare)(const void *, const void *, void *))
{
    struct tie tie = {.in = b->in, .ordinals = ordinals};
    uint32_t count = b->in->count;
    for (uint32_t i = 0; i + 1 < count;) {
        uint32_t end = i + 1;
        while (end < count && b->pairs[end].key == b->pairs[i].key &&
               row_time_ms(&rows[b->pairs[end].at]) == row_time_ms(&rows[b->pairs[i].at]))
            end++;
        if (end - i > 1)
            qsort_r(&b->pairs[i], end - i, sizeof(struct pair), compare, &tie);
        i = end;
    }
}

/* --- directories --- */

static void put_lines(struct trail_directory *d, uint64_t *lines, const uint32_t *present)
{
    memset(lines, 0, line_bytes(d->account_end));
    for (uint32_t i = 0; i < d->count; i++) {
        unsigned at = present[i] % DIRECTORY_LINE_ACCOUNTS;
        uint64_t *line = lines + (size_t)(present[i] / DIRECTORY_LINE_ACCOUNTS) * DIRECTORY_WORDS;
        line[1 + at / 64] |= UINT64_C(1) << (at % 64);
    }
    uint64_t before = 0;
    for (size_t i = 0; i < line_bytes(d->account_end) / LINE_BYTES; i++) {
        uint64_t *line = lines + i * DIRECTORY_WORDS;
        line[0] = before;
        for (unsigned w = 1; w < DIRECTORY_WORDS; w++)
            before += (uint64_t)__builtin_popcountll(line[w]);
    }
    d->lines = lines;
}

/* Of pairs sorted by key; `spare` holds the accounts meanwhile. */
static void put_directory(struct build *b, struct trail_directory *d)
{
    uint32_t count = b->in->count;
    bool has_lines = wants_lines(count, b->in->account_end);
    size_t first = has_lines ? line_bytes(b->in->account_end) : (size_t)count * 4;
    void *accounts = carve(&b->room, first);
    uint32_t *starts = carve(&b->room, ((size_t)count + 1) * 4);
    uint32_t *present = has_lines ? (uint32_t *)(void *)b->spare : accounts;
    *d = (struct trail_directory){.account_end = b->in->account_end, .starts = starts};
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0 && b->pairs[i].key == b->pairs[i - 1].key)
            continue;
        present[d->count] = b->pairs[i].key;
        starts[d->count++] = i;
    }
    starts[d->count] = count;
    if (has_lines)
        put_lines(d, accounts, present);
    else
        d->accounts = present;
}

/* --- the two orders --- */

static void put_rows(struct build *b)
{
    const struct trail_input *in = b->in;
    struct trail_row *rows = carve(&b->room, (size_t)in->count * sizeof *rows);
    uint32_t *ordinals = carve(&b->room, (size_t)in->count * 4);
    for (uint32_t i = 0; i < in->count; i++) {
        uint32_t at = b->by_time[i];
        b->pairs[i] = (struct pair){.key = in->rows[at].from, .at = at};
    }
    sort_pairs(b, in->account_end);
    settle_ties(b, in->rows, in->ordinals, compare_payments);
    for (uint32_t i = 0; i < in->count; i++) {
        if (i + AHEAD < in->count) {
            __builtin_prefetch(&in->rows[b->pairs[i + AHEAD].at]);
            __builtin_prefetch(&in->ordinals[b->pairs[i + AHEAD].at]);
            __builtin_prefetch(&b->place[b->pairs[i + AHEAD].at], 1);
        }
        uint32_t at = b->pairs[i].at;
        rows[i] = in->rows[at];
        ordinals[i] = in->ordinals[at];
        b->place[at] = i;
    }
    b->run->rows = rows;
    b->run->ordinals = ordinals;
}

static void put_ins(struct build *b)
{
    const struct trail_input *in = b->in;
    uint32_t *ins = carve(&b->room, (size_t)in->count * 4);
    for (uint32_t i = 0; i < in->count; i++) {
        uint32_t at = b->by_time[i];
        b->pairs[i] = (struct pair){.key = in->rows[at].to, .at = b->place[at]};
    }
    sort_pairs(b, in->account_end);
    settle_ties(b, b->run->rows, b->run->ordinals, compare_receipts);
    for (uint32_t i = 0; i < in->count; i++)
        ins[i] = b->pairs[i].at;
    b->run->ins = ins;
}

err trail_build(const struct trail_input *in, void *room, void *scratch, struct trail_run *ret_run)
{
    assert(in != NULL && room != NULL && scratch != NULL && ret_run != NULL);
    if (in->count > TRAIL_RUN_ROWS)
        return fail(ERR_LIMIT, "trail: more rows than a run holds", 0);
    unsigned char *rest = scratch;
    struct trail_run run = {.count = in->count};
    struct build b = {.in = in, .room = room, .run = &run};
    b.pairs = carve(&rest, (size_t)in->count * sizeof *b.pairs);
    b.spare = carve(&rest, (size_t)in->count * sizeof *b.spare);
    b.by_time = carve(&rest, (size_t)in->count * 4);
    b.place = carve(&rest, (size_t)in->count * 4);
    measure_time(&b);
    sort_by_time(&b);
    put_rows(&b);
    put_directory(&b, &run.out);
    put_ins(&b);
    put_directory(&b, &run.in);
    *ret_run = run;
    return OK;
}
