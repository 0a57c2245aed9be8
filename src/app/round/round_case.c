/* SPDX-License-Identifier: Apache-2.0 */
#include "app/round/round_case.h"

#include "base/instant.h"

#include <assert.h>
#include <stdlib.h>

enum { SECOND_MS = 1000, ID_BYTES = 64 };

/* A bank books what it paid back within so many days of saying that it did, or before. */
#define PAID_NEAR_MS (7 * US_PER_DAY / US_PER_MS)

struct making {
    const struct round_facts *f;
    struct arena *arena;
    struct round_row *rows; /* of the record, in the order of time */
    size_t row_count;
    int64_t paid_ms; /* from here on the bank's balances know of payments that are no rows here */
    int32_t *places; /* of each claim of the facts, its place in the case; or REFUND_NOBODY */
    struct refund_entry *entries;
    uint32_t entry_count;
    size_t entry_room;
    struct round_case *ret;
};

static err spent(void)
{
    return fail(ERR_LIMIT, "limit.memory", 0);
}

int64_t round_freeze_ends(int64_t frozen_ms)
{
    return frozen_ms % SECOND_MS == 0 ? frozen_ms + SECOND_MS - 1 : frozen_ms;
}

/* ---- the account's own rows ------------------------------------------------------------------ */

static int compare_i64(int64_t x, int64_t y)
{
    return (x > y) - (x < y);
}

static int compare_rows(const void *a, const void *b)
{
    const struct round_row *x = a;
    const struct round_row *y = b;
    int order = compare_i64(x->time_ms, y->time_ms);
    if (order == 0)
        order = (int)y->has_seq - (int)x->has_seq;
    if (order == 0 && x->has_seq)
        order = compare_i64(x->seq, y->seq);
    return order != 0 ? order : str_compare(x->id, y->id);
}

/* The bank's own entry of what it paid back. */
static bool is_payment(const struct round_row *row, const struct round_paid *paid)
{
    int64_t apart_ms = row->time_ms - paid->time_ms;
    bool is_near = apart_ms < PAID_NEAR_MS && apart_ms > -PAID_NEAR_MS;
    bool is_named = !str_is_empty(paid->reference) && str_equal(row->id, paid->reference);
    bool is_alike = is_near && !str_is_empty(paid->to) && str_equal(row->to, paid->to);
    return row->is_out && row->amount == paid->amount && (is_named || is_alike);
}

/* What was paid back is told by its share: the same payment in a feed does not count again. */
static void drop_payment(struct making *m, const struct round_paid *paid)
{
    size_t i = 0;
    while (i < m->row_count && !is_payment(&m->rows[i], paid))
        i++;
    if (paid->time_ms < m->paid_ms)
        m->paid_ms = paid->time_ms;
    if (i == m->row_count)
        return;
    if (m->rows[i].time_ms < m->paid_ms)
        m->paid_ms = m->rows[i].time_ms;
    m->row_count--;
    memmove(&m->rows[i], &m->rows[i + 1], (m->row_count - i) * sizeof *m->rows);
}

static void choose_rows(struct making *m)
{
    int64_t last_ms = round_freeze_ends(m->f->executed_ms);
    m->rows = m->f->rows;
    for (size_t i = 0; i < m->f->row_count; i++)
        if (m->rows[i].time_ms <= last_ms)
            m->rows[m->row_count++] = m->rows[i];
    if (m->row_count > 0)
        qsort(m->rows, m->row_count, sizeof *m->rows, compare_rows);
    m->paid_ms = INT64_MAX;
    for (size_t i = 0; i < m->f->paid_count; i++)
        drop_payment(m, &m->f->paid[i]);
}

/* ---- whose money came ------------------------------------------------------------------------ */

static int compare_part(const void *key, const void *part)
{
    const uint32_t *ordinal = key;
    const struct trail_part *p = part;
    return (*ordinal > p->ordinal) - (*ordinal < p->ordinal);
}

/* Of a transfer that came in and counts; *ret_count 0: nobody's. */
static const struct trail_part *parts_of(const struct making *m, const struct round_row *row,
                                         size_t *ret_count)
{
    *ret_count = 0;
    if (row->is_out || row->status != TRANSFER_BOOKED || m->f->part_count == 0)
        return NULL;
    const struct trail_part *end = m->f->parts + m->f->part_count;
    const struct trail_part *p =
        bsearch(&row->ordinal, m->f->parts, m->f->part_count, sizeof *p, compare_part);
    if (p == NULL)
        return NULL;
    while (p > m->f->parts && p[-1].ordinal == row->ordinal)
        p--;
    while (p + *ret_count < end && p[*ret_count].ordinal == row->ordinal)
        (*ret_count)++;
    return p;
}

static size_t first_claimed(const struct making *m)
{
    size_t count = 0;
    size_t i = 0;
    while (i < m->row_count && parts_of(m, &m->rows[i], &count) == NULL)
        i++;
    return i;
}

/* ---- where the record begins ----------------------------------------------------------------- */

static int64_t second_of(const struct making *m, size_t i)
{
    return m->rows[i].time_ms / SECOND_MS;
}

/* It alone is of its second, or the bank has numbered all that are. */
static bool is_told_apart(const struct making *m, size_t i)
{
    size_t from = i;
    size_t end = i + 1;
    while (from > 0 && second_of(m, from - 1) == second_of(m, i))
        from--;
    while (end < m->row_count && second_of(m, end) == second_of(m, i))
        end++;
    bool is_numbered = true;
    for (size_t k = from; k < end; k++) {
        bool is_next = k == from || (m->rows[k - 1].time_ms == m->rows[k].time_ms &&
                                     m->rows[k - 1].seq < m->rows[k].seq);
        is_numbered = is_numbered && m->rows[k].has_seq && is_next;
    }
    return end - from == 1 || is_numbered;
}

/* The balance after it is known, and what came before it is. */
static bool tells_balance(const struct making *m, size_t i)
{
    const struct round_row *row = &m->rows[i];
    bool is_told = row->is_out && row->has_balance && row->balance >= 0;
    return is_told && row->status == TRANSFER_BOOKED && row->time_ms < m->paid_ms &&
           is_told_apart(m, i);
}

/* Behind the last transfer before the first claim's money of which the balance is known. */
static size_t begin_of(const struct making *m, size_t first, int64_t *ret_opening)
{
    for (size_t i = first; i-- > 0;) {
        bool ends_second = i + 1 == m->row_count || second_of(m, i + 1) != second_of(m, i);
        if (!ends_second || !tells_balance(m, i))
            continue;
        *ret_opening = m->rows[i].balance;
        return i + 1;
    }
    return 0;
}

static int64_t moved_by(const struct round_row *row)
{
    if (row->status != TRANSFER_BOOKED)
        return 0;
    return row->is_out ? -row->amount : row->amount;
}

/* From the first balance that is known; false when none is. */
static bool opening_known(const struct making *m, int64_t *ret_opening)
{
    int64_t moved = 0;
    for (size_t i = 0; i < m->row_count; i++) {
        moved += moved_by(&m->rows[i]);
        if (!tells_balance(m, i))
            continue;
        *ret_opening = m->rows[i].balance - moved;
        return *ret_opening >= 0 && *ret_opening <= TRANSFER_AMOUNT_MOST;
    }
    return false;
}

/* The least with which no balance falls below nothing: so much it must have held. */
static err opening_least(struct making *m, int64_t *ret_opening)
{
    struct refund_case c = m->ret->of;
    struct refund_record record = {0};
    struct refund_faults faults = {0};
    int64_t least = c.opening_minor = TRANSFER_AMOUNT_MOST;
    err e = refund_record_make(&c, m->arena, &record, &faults);
    *ret_opening = 0;
    if (failed(e)) /* said again, and to everybody, of the whole case */
        return e.code == ERR_LIMIT ? e : OK;
    for (uint32_t i = 0; i < record.counted; i++)
        if (record.lines[i].balance_minor < least)
            least = record.lines[i].balance_minor;
    *ret_opening = c.opening_minor - least;
    return OK;
}

/* ---- entries --------------------------------------------------------------------------------- */

static struct refund_entry *put(struct making *m)
{
    assert(m->entry_count < m->entry_room);
    return &m->entries[m->entry_count++];
}

static struct refund_entry entry_of(const struct round_row *row)
{
    return (struct refund_entry){.id = row->id,
                                 .time_ms = row->time_ms,
                                 .seq = row->seq,
                                 .amount_minor = row->amount,
                                 .claim = REFUND_NOBODY,
                                 .has_seq = row->has_seq,
                                 .is_out = row->is_out,
                                 .status = row->status};
}

/* "ID#PART"; of an id that is too long, its end: that is where ids differ. */
static err name_part(struct making *m, const struct round_row *row, str part, str *ret)
{
    struct text t;
    size_t room = ID_BYTES - 1 - part.size;
    size_t from = row->id.size > room ? row->id.size - room : 0;
    text_init(&t, m->arena);
    text_put(&t, str_make(row->id.at + from, row->id.size - from));
    text_put_char(&t, '#');
    text_put(&t, part);
    *ret = text_str(&t);
    return text_spent(&t) ? spent() : OK;
}

static err put_parts(struct making *m, const struct round_row *row, const struct trail_part *parts,
                     size_t count)
{
    int64_t rest = row->amount;
    for (size_t i = 0; i < count; i++) {
        struct refund_entry *e = put(m);
        *e = entry_of(row);
        e->amount_minor = parts[i].minor;
        e->claim = m->places[parts[i].claim];
        rest -= parts[i].minor;
        if (count > 1 || parts[i].minor < row->amount)
            TRY(name_part(m, row, m->f->claims[parts[i].claim].id, &e->id));
    }
    assert(rest >= 0);
    if (rest == 0)
        return OK;
    struct refund_entry *e = put(m);
    *e = entry_of(row);
    e->amount_minor = rest;
    return name_part(m, row, STR("rest"), &e->id);
}

static err put_rows(struct making *m, size_t begin)
{
    for (size_t i = begin; i < m->row_count; i++) {
        size_t count = 0;
        const struct trail_part *parts = parts_of(m, &m->rows[i], &count);
        if (parts != NULL)
            TRY(put_parts(m, &m->rows[i], parts, count));
        else
            *put(m) = entry_of(&m->rows[i]);
    }
    return OK;
}

/* ---- claims ---------------------------------------------------------------------------------- */

static size_t claim_find(const struct round_facts *f, str id)
{
    size_t lo = 0;
    size_t count = f->claim_count;
    while (count > 0) {
        size_t half = count / 2;
        bool is_before = str_compare(f->claims[lo + half].id, id) < 0;
        lo = is_before ? lo + half + 1 : lo;
        count = is_before ? count - half - 1 : half;
    }
    return lo < f->claim_count && str_equal(f->claims[lo].id, id) ? lo : f->claim_count;
}

static void put_paid(struct making *m)
{
    for (size_t i = 0; i < m->f->paid_count; i++) {
        const struct round_paid *p = &m->f->paid[i];
        size_t claim = claim_find(m->f, p->claim);
        *put(m) = (struct refund_entry){.id = p->share,
                                        .time_ms = p->time_ms,
                                        .amount_minor = p->amount,
                                        .claim = claim < m->f->claim_count ? m->places[claim]
                                                                           : REFUND_NOBODY,
                                        .is_out = true,
                                        .status = TRANSFER_BOOKED};
        if (p->time_ms > m->ret->of.frozen_ms)
            m->ret->of.frozen_ms = p->time_ms;
    }
}

/* Those whose money came into the record, or who were paid from it. */
static void mark_claims(struct making *m)
{
    for (size_t i = 0; i < m->row_count; i++) {
        size_t count = 0;
        const struct trail_part *parts = parts_of(m, &m->rows[i], &count);
        for (size_t k = 0; k < count; k++)
            m->places[parts[k].claim] = 0;
    }
    for (size_t i = 0; i < m->f->paid_count; i++) {
        size_t claim = claim_find(m->f, m->f->paid[i].claim);
        if (claim < m->f->claim_count)
            m->places[claim] = 0;
    }
}

static err number_claims(struct making *m)
{
    const struct round_facts *f = m->f;
    struct refund_claim *claims = arena_make_array(m->arena, f->claim_count + 1, sizeof *claims);
    uint32_t count = 0;
    m->places = arena_make_array(m->arena, f->claim_count + 1, sizeof *m->places);
    m->ret->claims = arena_make_array(m->arena, f->claim_count + 1, sizeof *m->ret->claims);
    if (claims == NULL || m->places == NULL || m->ret->claims == NULL)
        return spent();
    for (size_t i = 0; i < f->claim_count; i++)
        m->places[i] = REFUND_NOBODY;
    mark_claims(m);
    for (size_t i = 0; i < f->claim_count; i++) {
        const struct round_claim *c = &f->claims[i];
        if (m->places[i] == REFUND_NOBODY)
            continue;
        if (count == REFUND_CLAIMS_MOST)
            return fail(ERR_LIMIT, "refund.too_many", 0);
        int64_t loss = c->is_matched && c->settled < c->amount ? c->amount - c->settled : 0;
        m->ret->claims[count] = (uint32_t)i;
        claims[count] =
            (struct refund_claim){.id = c->id, .loss_minor = loss, .is_doubtful = c->is_doubtful};
        m->places[i] = (int32_t)count++;
    }
    m->ret->of.claims = claims;
    m->ret->of.claim_count = count;
    return OK;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static err make(struct making *m)
{
    struct refund_case *c = &m->ret->of;
    choose_rows(m);
    TRY(number_claims(m));
    size_t begin = begin_of(m, first_claimed(m), &c->opening_minor);
    m->entry_room = 2 * m->row_count + m->f->part_count + m->f->paid_count + 1;
    m->entries = arena_make_array(m->arena, m->entry_room, sizeof *m->entries);
    if (m->entries == NULL)
        return spent();
    TRY(put_rows(m, begin));
    put_paid(m);
    if (m->entry_count > REFUND_ENTRIES_MOST)
        return fail(ERR_LIMIT, "refund.too_many", 0);
    c->entries = m->entries;
    c->entry_count = m->entry_count;
    if (begin == 0 && !opening_known(m, &c->opening_minor))
        TRY(opening_least(m, &c->opening_minor));
    return OK;
}

err round_case_make(const struct round_facts *f, struct arena *a, struct round_case *ret)
{
    struct making m = {.f = f, .arena = a, .ret = ret};
    *ret = (struct round_case){
        .of = {.account = f->account,
               .currency = f->currency,
               .frozen_minor = f->frozen,
               .frozen_ms = f->executed_ms}
    };
    return make(&m);
}
