/* SPDX-License-Identifier: Apache-2.0 */
#include "app/round/round_money.h"

#include "runs/reader.h"
#include "trail/case.h"

#include <stdlib.h>

enum { SCOPES_MOST = 8 };

static err spent(void)
{
    return fail(ERR_LIMIT, "limit.memory", 0);
}

struct reading {
    const struct round_money *m;
    struct runs_reader *reader;
    struct runs_seat seat;
    uint32_t account;
    struct round_row *rows;
    size_t row_count;
    size_t row_room;
};

static err reading_begin(struct reading *r)
{
    TRY(runs_ask_account(r->m->runs, r->m->account, &r->account));
    TRY(runs_reader_make(r->m->runs, &r->reader));
    runs_enter(r->m->runs, &r->seat);
    return OK;
}

static void reading_end(struct reading *r)
{
    runs_leave(r->m->runs, &r->seat);
    runs_reader_done(r->reader);
}

/* ---- the account's transfers ----------------------------------------------------------------- */

static err take_row(struct reading *r, const struct trail_run *run, uint32_t place)
{
    struct transfer t = {0};
    if (row_time_ms(&run->rows[place]) > r->m->until_ms ||
        run->rows[place].from == run->rows[place].to)
        return OK;
    TRY(runs_reader_details(r->reader, run->ordinals[place], r->m->arena, &t));
    if (!str_equal(str_from_c(t.currency), r->m->currency))
        return OK;
    if (r->row_count == REFUND_ENTRIES_MOST)
        return fail(ERR_LIMIT, "refund.too_many", 0);
    if (r->row_count == r->row_room) {
        size_t room = r->row_room == 0 ? 256 : 2 * r->row_room;
        r->rows =
            arena_grow(r->m->arena, r->rows, r->row_room * sizeof *r->rows, room * sizeof *r->rows);
        if (r->rows == NULL)
            return spent();
        r->row_room = room;
    }
    bool is_out = run->rows[place].from == r->account;
    r->rows[r->row_count++] =
        (struct round_row){.id = t.id,
                           .to = t.to,
                           .time_ms = t.time_ms,
                           .seq = t.seq,
                           .amount = t.amount_minor,
                           .balance = t.balance_minor,
                           .ordinal = run->ordinals[place],
                           .status = (uint8_t)trail_status(&r->seat.view->amends, run, place),
                           .has_seq = t.has_seq,
                           .has_balance = t.has_balance && is_out,
                           .is_out = is_out};
    return OK;
}

static err take_rows(struct reading *r)
{
    for (uint32_t i = 0; i < r->seat.view->run_count; i++) {
        const struct trail_run *run = r->seat.view->runs[i];
        struct trail_range out = trail_directory_range(&run->out, r->account);
        struct trail_range in = trail_directory_range(&run->in, r->account);
        for (uint32_t p = out.begin; p < out.end; p++)
            TRY(take_row(r, run, p));
        for (uint32_t k = in.begin; k < in.end; k++)
            TRY(take_row(r, run, run->ins[k]));
    }
    return OK;
}

err round_rows_read(const struct round_money *m, struct round_row **ret, size_t *ret_count)
{
    struct reading r = {.m = m};
    *ret = NULL;
    *ret_count = 0;
    err e = reading_begin(&r);
    if (failed(e)) /* no bank has told of it */
        return e.code == ERR_ABSENT ? OK : e;
    e = take_rows(&r);
    reading_end(&r);
    *ret = r.rows;
    *ret_count = r.row_count;
    return e;
}

/* ---- the claims' transfers ------------------------------------------------------------------- */

/* A claim and its transfer. */
struct lead {
    uint32_t claim;
    uint32_t ordinal;
    int64_t time_ms;
    bool is_here; /* into the account itself */
};

struct leading {
    struct reading *r;
    struct round_claim *claims;
    struct lead *leads;
    size_t count;
};

/* Two banks may number alike: then the payee and the amount say which it is. */
static bool is_it(const struct reading *r, const struct round_claim *c, const struct trail_row *row,
                  size_t count)
{
    uint32_t payee = 0;
    if (count == 1)
        return true;
    return row_amount(row) == c->amount && !failed(runs_ask_account(r->m->runs, c->to, &payee)) &&
           payee == row->to;
}

static bool counts(const struct reading *r, const struct trail_row *row, struct trail_ref ref)
{
    const struct trail_view *view = r->seat.view;
    return trail_status(&view->amends, view->runs[ref.run], ref.place) == TRANSFER_BOOKED &&
           row->from != row->to;
}

/* *ret_row NULL: forgotten, its time is over; or it does not count. */
static err find_payment(const struct reading *r, const struct round_claim *c, uint32_t *ret_ordinal,
                        const struct trail_row **ret_row)
{
    uint32_t ordinals[SCOPES_MOST];
    size_t count = 0;
    *ret_row = NULL;
    err e = runs_ask_transfers(r->m->runs, c->transfer, ordinals, SCOPES_MOST, &count);
    if (failed(e))
        return e.code == ERR_ABSENT ? OK : e;
    for (size_t i = 0; i < count && *ret_row == NULL; i++) {
        struct trail_ref ref = {0};
        e = runs_ask_place(r->m->runs, &r->seat, ordinals[i], &ref);
        if (failed(e) && e.code != ERR_ABSENT)
            return e;
        if (failed(e))
            continue;
        const struct trail_row *row = trail_row_at(r->seat.view, ref);
        if (!is_it(r, c, row, count) || !counts(r, row, ref))
            continue;
        *ret_ordinal = ordinals[i];
        *ret_row = row;
    }
    return OK;
}

static err find_lead(struct leading *l, uint32_t claim)
{
    const struct reading *r = l->r;
    const struct trail_row *row = NULL;
    uint32_t ordinal = 0;
    TRY(find_payment(r, &l->claims[claim], &ordinal, &row));
    if (row != NULL && row_time_ms(row) <= r->m->until_ms)
        l->leads[l->count++] = (struct lead){.claim = claim,
                                             .ordinal = ordinal,
                                             .time_ms = row_time_ms(row),
                                             .is_here = row->to == r->account};
    return OK;
}

/* ---- when ------------------------------------------------------------------------------------ */

static err find_moment(const struct reading *r, const struct round_claim *claims,
                       size_t claim_count, int64_t *moment_ms)
{
    for (size_t i = 0; i < claim_count; i++) {
        const struct round_claim *c = &claims[i];
        const struct trail_row *row = NULL;
        uint32_t ordinal = 0;
        bool was_sent = c->is_matched && c->sent_ms != 0 && c->sent_ms <= r->m->until_ms;
        if (!was_sent || !str_equal(c->to, r->m->account))
            continue;
        TRY(find_payment(r, c, &ordinal, &row));
        if (row != NULL && row_time_ms(row) > *moment_ms)
            *moment_ms = row_time_ms(row);
    }
    return OK;
}

err round_moment_read(const struct round_money *m, const struct round_claim *claims,
                      size_t claim_count, int64_t *ret_ms)
{
    struct reading r = {.m = m};
    int64_t moment_ms = m->until_ms;
    *ret_ms = m->until_ms;
    err e = reading_begin(&r);
    if (failed(e))
        return e.code == ERR_ABSENT ? OK : e;
    e = find_moment(&r, claims, claim_count, &moment_ms);
    reading_end(&r);
    if (!failed(e))
        *ret_ms = moment_ms;
    return e;
}

static int by_transfer(const void *a, const void *b)
{
    const struct lead *x = a;
    const struct lead *y = b;
    if (x->ordinal != y->ordinal)
        return x->ordinal < y->ordinal ? -1 : 1;
    return (x->claim > y->claim) - (x->claim < y->claim);
}

/* One loss counts once: for the claim that was told first, of those that stand. */
static void merge_same(struct leading *l)
{
    size_t kept = 0;
    if (l->count > 0)
        qsort(l->leads, l->count, sizeof *l->leads, by_transfer);
    for (size_t i = 0; i < l->count; i++) {
        bool is_same = kept > 0 && l->leads[kept - 1].ordinal == l->leads[i].ordinal;
        struct round_claim *c = &l->claims[l->leads[i].claim];
        if (!is_same) {
            l->leads[kept++] = l->leads[i];
            continue;
        }
        struct round_claim *first = &l->claims[l->leads[kept - 1].claim];
        int64_t settled = first->settled + c->settled;
        if (!first->is_matched)
            l->leads[kept - 1] = l->leads[i];
        l->claims[l->leads[kept - 1].claim].settled = settled;
    }
    l->count = kept;
}

/* Those to the account itself first, then the newest. */
static int by_worth(const void *a, const void *b)
{
    const struct lead *x = a;
    const struct lead *y = b;
    if (x->is_here != y->is_here)
        return (int)y->is_here - (int)x->is_here;
    if (x->time_ms != y->time_ms)
        return x->time_ms > y->time_ms ? -1 : 1;
    return (x->ordinal > y->ordinal) - (x->ordinal < y->ordinal);
}

static int by_claim(const void *a, const void *b)
{
    const struct lead *x = a;
    const struct lead *y = b;
    return (x->claim > y->claim) - (x->claim < y->claim);
}

/* All of them, not only those whose money can have come here: what a victim paid is their own money
 * first, and that decides what of another's stays behind in their account. */
static void choose_leads(struct leading *l)
{
    size_t kept = 0;
    for (size_t i = 0; i < l->count; i++)
        if (l->claims[l->leads[i].claim].is_matched)
            l->leads[kept++] = l->leads[i];
    if (kept > 0)
        qsort(l->leads, kept, sizeof *l->leads, by_worth);
    l->count = kept > CASE_CLAIMS_MOST ? CASE_CLAIMS_MOST : kept;
    if (kept > 0) /* their order breaks ties: that in which they were told */
        qsort(l->leads, l->count, sizeof *l->leads, by_claim);
}

/* ---- parts ----------------------------------------------------------------------------------- */

static err ask_parts(struct leading *l, struct trail_parts *ret)
{
    const struct round_money *m = l->r->m;
    uint32_t *ordinals = arena_make_array(m->arena, l->count + 1, sizeof *ordinals);
    if (ordinals == NULL)
        return spent();
    for (size_t i = 0; i < l->count; i++)
        ordinals[i] = l->leads[i].ordinal;
    const struct trail_parts_question q = {.claims = ordinals,
                                           .claim_count = l->count,
                                           .account = l->r->account,
                                           .as_of_ms = m->until_ms,
                                           .most_transfers = m->most_transfers};
    return trail_parts_make(m->runs, &q, m->arena, ret);
}

static int by_part(const void *a, const void *b)
{
    const struct trail_part *x = a;
    const struct trail_part *y = b;
    if (x->ordinal != y->ordinal)
        return x->ordinal < y->ordinal ? -1 : 1;
    return (x->claim > y->claim) - (x->claim < y->claim);
}

static bool is_of_these(const struct leading *l, uint32_t claim)
{
    str rest = l->r->m->incidents;
    for (str id = {0}; str_split(&rest, ' ', &id);)
        if (str_equal(id, l->claims[claim].incident))
            return true;
    return false;
}

/* "Nobody's" would be wrong: it may be theirs, and cannot be followed so far. */
static err look_for_busy(const struct leading *l, const struct trail_parts *parts,
                         struct round_parts *ret)
{
    for (size_t i = 0; i < parts->count; i++)
        if (is_of_these(l, parts->at[i].claim))
            return OK;
    for (size_t i = 0; i < parts->end_count; i++)
        if (is_of_these(l, parts->ends[i].claim)) {
            TRY(runs_ask_account_key(l->r->m->runs, parts->ends[i].account, l->r->m->arena,
                                     &ret->busy));
            return fail(ERR_CONFLICT, "round.busy", 0);
        }
    return OK;
}

static err find_leads(struct leading *l, size_t claim_count)
{
    l->leads = arena_make_array(l->r->m->arena, claim_count + 1, sizeof *l->leads);
    if (l->leads == NULL)
        return spent();
    for (size_t i = 0; i < claim_count; i++)
        TRY(find_lead(l, (uint32_t)i));
    merge_same(l);
    choose_leads(l);
    return OK;
}

err round_parts_read(const struct round_money *m, struct round_claim *claims, size_t claim_count,
                     struct round_parts *ret)
{
    struct reading r = {.m = m};
    struct leading l = {.r = &r, .claims = claims};
    struct trail_parts parts = {0};
    *ret = (struct round_parts){0};
    err e = reading_begin(&r);
    if (failed(e))
        return e.code == ERR_ABSENT ? OK : e;
    e = find_leads(&l, claim_count);
    reading_end(&r);
    if (failed(e) || l.count == 0)
        return e;
    TRY(ask_parts(&l, &parts));
    for (size_t i = 0; i < parts.count; i++)
        parts.at[i].claim = l.leads[parts.at[i].claim].claim;
    for (size_t i = 0; i < parts.end_count; i++)
        parts.ends[i].claim = l.leads[parts.ends[i].claim].claim;
    if (parts.count > 0)
        qsort(parts.at, parts.count, sizeof *parts.at, by_part);
    ret->at = parts.at;
    ret->count = parts.count;
    return look_for_busy(&l, &parts, ret);
}
