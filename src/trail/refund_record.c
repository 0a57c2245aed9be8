/* SPDX-License-Identifier: Apache-2.0 */
#include "trail/refund_record.h"

#include <assert.h>
#include <stdlib.h>

enum { SECOND_MS = 1000 };

static const char *const fate_names[FATE_COUNT] = {
#define X(code, name) [code] = (name),
    REFUND_FATE_LIST(X)
#undef X
};

/* An entry while it is put in order: qsort knows nothing of the case. */
struct sorted {
    const struct refund_entry *entry;
    uint32_t place;
};

str refund_fate_name(unsigned fate)
{
    assert(fate < FATE_COUNT);
    return str_from_c(fate_names[fate]);
}

void refund_fault_put(struct refund_faults *f, int64_t entry, const char *column, const char *why)
{
    if (f->count < REFUND_FAULTS_MOST)
        f->at[f->count] = (struct refund_fault){.entry = entry, .column = column, .why = why};
    f->count++;
}

static int compare_i64(int64_t x, int64_t y)
{
    return (x > y) - (x < y);
}

/* By what the bank says; the id only so that there is one order. */
static int by_time(const void *a, const void *b)
{
    const struct refund_entry *x = ((const struct sorted *)a)->entry;
    const struct refund_entry *y = ((const struct sorted *)b)->entry;
    int order = compare_i64(x->time_ms, y->time_ms);
    if (order == 0)
        order = (int)y->has_seq - (int)x->has_seq;
    if (order == 0 && x->has_seq)
        order = compare_i64(x->seq, y->seq);
    return order != 0 ? order : str_compare(x->id, y->id);
}

static int by_seq(const void *a, const void *b)
{
    const struct refund_entry *x = ((const struct sorted *)a)->entry;
    const struct refund_entry *y = ((const struct sorted *)b)->entry;
    int order = compare_i64(x->seq, y->seq);
    return order != 0 ? order : by_time(a, b);
}

/* What came in stands first. */
static int by_direction(const void *a, const void *b)
{
    const struct refund_entry *x = ((const struct sorted *)a)->entry;
    const struct refund_entry *y = ((const struct sorted *)b)->entry;
    int order = (int)x->is_out - (int)y->is_out;
    return order != 0 ? order : by_time(a, b);
}

static int by_id(const void *a, const void *b)
{
    const struct sorted *x = a;
    const struct sorted *y = b;
    int order = str_compare(x->entry->id, y->entry->id);
    return order != 0 ? order : compare_i64(x->place, y->place);
}

/* ---- which entries count --------------------------------------------------------------------- */

static bool says_the_same(const struct refund_entry *x, const struct refund_entry *y)
{
    return x->time_ms == y->time_ms && x->amount_minor == y->amount_minor &&
           x->is_out == y->is_out && x->claim == y->claim && x->has_seq == y->has_seq &&
           (!x->has_seq || x->seq == y->seq);
}

/* One id is one entry. Said again it changes nothing but its status, and the furthest stands. */
static void repeats_find(const struct refund_case *c, struct sorted *sorted, uint8_t *fates,
                         struct refund_faults *faults)
{
    qsort(sorted, c->entry_count, sizeof *sorted, by_id);
    for (uint32_t i = 1, kept = 0; i < c->entry_count; i++) {
        const struct sorted *first = &sorted[kept];
        const struct sorted *again = &sorted[i];
        if (!str_equal(first->entry->id, again->entry->id)) {
            kept = i;
            continue;
        }
        if (!says_the_same(first->entry, again->entry))
            refund_fault_put(faults, again->place, "id", "refund.id_conflict");
        bool is_further =
            transfer_further(first->entry->status, again->entry->status) != first->entry->status;
        fates[is_further ? first->place : again->place] = FATE_REPEATED;
        kept = is_further ? i : kept;
    }
}

/* A freeze told in whole seconds took place in any part of its second: what the bank booked in that
 * second is part of what it then froze. */
static bool is_later(const struct refund_case *c, const struct refund_entry *e)
{
    bool is_whole = c->frozen_ms % SECOND_MS == 0;
    return is_whole ? e->time_ms / SECOND_MS > c->frozen_ms / SECOND_MS : e->time_ms > c->frozen_ms;
}

static enum refund_fate fate_of(const struct refund_case *c, const struct refund_entry *e)
{
    if (e->status != TRANSFER_BOOKED)
        return FATE_NOT_BOOKED;
    return is_later(c, e) ? FATE_LATER : FATE_COUNTS;
}

/* Of `sorted`, those that count first, in the order of time; and as many lines. */
static void choose(const struct refund_case *c, struct refund_record *r, struct sorted *sorted,
                   const uint8_t *fates)
{
    uint32_t counted = 0;
    uint32_t out = c->entry_count;
    for (uint32_t i = c->entry_count; i-- > 0;)
        if (fates[i] != FATE_COUNTS)
            r->lines[--out] = (struct refund_line){.entry = i, .fate = fates[i]};
    for (uint32_t i = 0; i < c->entry_count; i++)
        if (fates[i] == FATE_COUNTS)
            sorted[counted++] = (struct sorted){.entry = &c->entries[i], .place = i};
    assert(counted == out);
    r->counted = counted;
    qsort(sorted, counted, sizeof *sorted, by_time);
}

/* ---- moments --------------------------------------------------------------------------------- */

static bool has_own_seqs(struct sorted *at, uint32_t count)
{
    qsort(at, count, sizeof *at, by_seq);
    bool is_own = at[0].entry->has_seq;
    for (uint32_t i = 1; i < count; i++)
        is_own = is_own && at[i].entry->has_seq && at[i - 1].entry->seq != at[i].entry->seq;
    return is_own;
}

static bool has_fractions(const struct sorted *at, uint32_t count)
{
    bool has_all = true;
    for (uint32_t i = 0; i < count; i++)
        has_all = has_all && at[i].entry->time_ms % SECOND_MS != 0;
    return has_all;
}

/* Where the entries after `from` begin that belong to another time, counted in `unit_ms`. */
static uint32_t run_end(const struct sorted *at, uint32_t from, uint32_t count, int64_t unit_ms)
{
    uint32_t end = from + 1;
    while (end < count && at[end].entry->time_ms / unit_ms == at[from].entry->time_ms / unit_ms)
        end++;
    return end;
}

static void moment_put(struct refund_record *r, const struct sorted *at, uint32_t from,
                       uint32_t count)
{
    struct refund_moment *m = &r->moments[r->moment_count];
    *m = (struct refund_moment){.line = from, .line_count = count};
    for (uint32_t i = from; i < from + count; i++)
        r->lines[i] = (struct refund_line){
            .entry = at[i].place, .moment = r->moment_count, .fate = FATE_COUNTS};
    r->moment_count++;
}

/* All of one time: told apart by the bank's numbers, or one moment. */
static void same_time_put(struct refund_record *r, struct sorted *at, uint32_t from, uint32_t end)
{
    if (has_own_seqs(at + from, end - from)) {
        for (uint32_t i = from; i < end; i++)
            moment_put(r, at, i, 1);
        return;
    }
    qsort(at + from, end - from, sizeof *at, by_direction);
    moment_put(r, at, from, end - from);
}

static void second_put(struct refund_record *r, struct sorted *at, uint32_t from, uint32_t end)
{
    if (has_own_seqs(at + from, end - from) || !has_fractions(at + from, end - from)) {
        same_time_put(r, at, from, end);
        return;
    }
    qsort(at + from, end - from, sizeof *at, by_time);
    for (uint32_t i = from, next = from; i < end; i = next) {
        next = run_end(at, i, end, 1);
        same_time_put(r, at, i, next);
    }
}

/* ---- balances -------------------------------------------------------------------------------- */

/* The balance after every line. Below nothing there is no money: the record is not whole. */
static void balances_put(struct refund_record *r, struct refund_faults *faults)
{
    int64_t balance = r->of->opening_minor;
    r->moments[0].balance_minor = balance;
    for (uint32_t m = 1; m < r->moment_count; m++) {
        struct refund_moment *moment = &r->moments[m];
        for (uint32_t i = moment->line; i < moment->line + moment->line_count; i++) {
            struct refund_line *line = &r->lines[i];
            const struct refund_entry *e = &r->of->entries[line->entry];
            balance += e->is_out ? -e->amount_minor : e->amount_minor;
            moment->out_minor += e->is_out ? e->amount_minor : 0;
            line->balance_minor = balance;
            if (balance < 0) {
                refund_fault_put(faults, line->entry, "amount", "refund.overdrawn");
                return;
            }
        }
        moment->balance_minor = balance;
    }
    r->balance_minor = balance;
}

static void low_waters_put(struct refund_record *r)
{
    int64_t low = r->of->frozen_minor;
    for (uint32_t m = r->moment_count; m-- > 0;) {
        low = r->moments[m].balance_minor < low ? r->moments[m].balance_minor : low;
        r->moments[m].low_minor = low;
    }
}

/* ---- the record ------------------------------------------------------------------------------ */

/* Each amount is bounded where it is read; here their sum is, so that no sum later overflows. */
static void sums_check(const struct refund_case *c, struct refund_faults *faults)
{
    int64_t money = c->opening_minor;
    int64_t losses = 0;
    for (uint32_t i = 0; i < c->entry_count && money <= REFUND_SUM_MOST; i++)
        money += c->entries[i].amount_minor;
    for (uint32_t i = 0; i < c->claim_count && losses <= REFUND_SUM_MOST; i++)
        losses += c->claims[i].loss_minor;
    if (money > REFUND_SUM_MOST)
        refund_fault_put(faults, -1, "entries", "refund.sum");
    if (losses > REFUND_SUM_MOST)
        refund_fault_put(faults, -1, "losses", "refund.sum");
}

static void asserts(const struct refund_case *c)
{
    assert(c->entry_count <= REFUND_ENTRIES_MOST && c->claim_count <= REFUND_CLAIMS_MOST);
    assert(c->frozen_minor >= 0 && c->frozen_minor <= TRANSFER_AMOUNT_MOST);
    assert(c->opening_minor >= 0 && c->opening_minor <= TRANSFER_AMOUNT_MOST);
    for (uint32_t i = 0; i < c->claim_count; i++) {
        assert(c->claims[i].loss_minor >= 0 && c->claims[i].loss_minor <= TRANSFER_AMOUNT_MOST);
        assert(i == 0 || str_compare(c->claims[i - 1].id, c->claims[i].id) < 0);
    }
    for (uint32_t i = 0; i < c->entry_count; i++) {
        assert(c->entries[i].amount_minor > 0);
        assert(c->entries[i].amount_minor <= TRANSFER_AMOUNT_MOST);
        assert(c->entries[i].time_ms >= 0 && c->entries[i].status < TRANSFER_STATUS_COUNT);
        assert(c->entries[i].claim < (int32_t)c->claim_count);
    }
}

err refund_record_make(const struct refund_case *c, struct arena *a, struct refund_record *ret,
                       struct refund_faults *ret_faults)
{
    asserts(c);
    size_t room = (size_t)c->entry_count + 1;
    struct sorted *sorted = arena_make_array(a, room, sizeof *sorted);
    uint8_t *fates = arena_make_array(a, room, sizeof *fates);
    struct refund_record r = {.of = c, .moment_count = 1};
    r.lines = arena_make_array(a, room, sizeof *r.lines);
    r.moments = arena_make_array(a, room, sizeof *r.moments);
    if (sorted == NULL || fates == NULL || r.lines == NULL || r.moments == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (uint32_t i = 0; i < c->entry_count; i++) {
        sorted[i] = (struct sorted){.entry = &c->entries[i], .place = i};
        fates[i] = (uint8_t)fate_of(c, &c->entries[i]);
    }
    repeats_find(c, sorted, fates, ret_faults);
    sums_check(c, ret_faults);
    if (ret_faults->count > 0)
        return fail(ERR_MALFORMED, "refund.refused", ret_faults->count);
    choose(c, &r, sorted, fates);
    for (uint32_t i = 0, end = 0; i < r.counted; i = end) {
        end = run_end(sorted, i, r.counted, SECOND_MS);
        second_put(&r, sorted, i, end);
    }
    balances_put(&r, ret_faults);
    if (ret_faults->count > 0)
        return fail(ERR_MALFORMED, "refund.refused", ret_faults->count);
    low_waters_put(&r);
    *ret = r;
    return OK;
}

bool refund_moment_is_open(const struct refund_record *r, uint32_t moment)
{
    const struct refund_moment *m = &r->moments[moment];
    if (m->line_count < 2)
        return false;
    const struct refund_line *first = &r->lines[m->line];
    const struct refund_line *last = first + m->line_count - 1;
    return !r->of->entries[first->entry].is_out && r->of->entries[last->entry].is_out;
}

uint32_t refund_low_moment(const struct refund_record *r, uint32_t moment)
{
    uint32_t m = moment;
    while (m < r->moment_count && r->moments[m].balance_minor != r->moments[moment].low_minor)
        m++;
    return m;
}
