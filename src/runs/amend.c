/* SPDX-License-Identifier: Apache-2.0 */
/* What became of transfers since their runs were made: a table by run and place. */
#include "runs/inside.h"

enum { AMENDS_AT_FIRST = 1 << 8 };

static struct amendment *find_slot(struct amendment *slots, uint32_t slot_count,
                                   uint32_t run_number, uint32_t place)
{
    uint32_t at = trail_amend_slot(run_number, place, slot_count);
    while (slots[at].status != TRANSFER_STATUS_COUNT &&
           (slots[at].run_number != run_number || slots[at].place != place))
        at = (at + 1) & (slot_count - 1);
    return &slots[at];
}

static err make_slots(uint32_t slot_count, struct pages *ret_pages)
{
    TRY(pages_make(slot_count * sizeof(struct amendment), ret_pages));
    struct amendment *slots = ret_pages->at;
    for (uint32_t i = 0; i < slot_count; i++)
        slots[i].status = TRANSFER_STATUS_COUNT;
    return OK;
}

uint32_t amend_slots(const struct runs *r)
{
    return (uint32_t)(r->amends.size / sizeof(struct amendment));
}

static err widen(struct runs *r)
{
    uint32_t slot_count = amend_slots(r);
    if (2 * (r->amend_count + 1) <= slot_count)
        return OK;
    struct pages wider;
    uint32_t wanted = slot_count == 0 ? (uint32_t)AMENDS_AT_FIRST : slot_count * 2;
    TRY(make_slots(wanted, &wider));
    const struct amendment *old = r->amends.at;
    for (uint32_t i = 0; i < slot_count; i++)
        if (old[i].status != TRANSFER_STATUS_COUNT)
            *find_slot(wider.at, wanted, old[i].run_number, old[i].place) = old[i];
    pages_drop(&r->amends);
    r->amends = wider;
    return OK;
}

err amend_put(struct runs *r, const struct amendment *a)
{
    TRY(widen(r));
    struct amendment *slot = find_slot(r->amends.at, amend_slots(r), a->run_number, a->place);
    r->amend_count += slot->status == TRANSFER_STATUS_COUNT;
    *slot = *a;
    r->is_changed = true;
    return OK;
}

/* The status that stands for a row, and whether an amendment says so. */
unsigned amend_status(const struct runs *r, const struct trail_run *run, uint32_t place)
{
    uint32_t slot_count = amend_slots(r);
    if (slot_count == 0)
        return row_status(&run->rows[place]);
    const struct amendment *slot = find_slot(r->amends.at, slot_count, run->number, place);
    return slot->status == TRANSFER_STATUS_COUNT ? row_status(&run->rows[place]) : slot->status;
}

/* Only those of runs that still are. */
err amend_keep(struct runs *r, bool (*is_kept)(const struct runs *r, uint32_t run_number))
{
    uint32_t slot_count = amend_slots(r);
    struct pages old = r->amends;
    const struct amendment *slots = old.at;
    r->amends = (struct pages){0};
    r->amend_count = 0;
    err e = OK;
    for (uint32_t i = 0; i < slot_count && !failed(e); i++)
        if (slots[i].status != TRANSFER_STATUS_COUNT && is_kept(r, slots[i].run_number))
            e = amend_put(r, &slots[i]);
    pages_drop(&old);
    return e;
}

/* --- finding what is to be amended --- */

static bool is_in(const struct tail *t, uint32_t ordinal)
{
    return t != NULL && ordinal - t->first < t->count;
}

static err amend_tail(struct runs *r, struct tail *t, uint32_t ordinal, unsigned status)
{
    struct trail_row *row = &tail_rows(t)[ordinal - t->first];
    row->when = (row->when & ~(uint64_t)ROW_STATUS_MASK) | status;
    for (uint32_t i = 0; i < t->piece_count; i++) {
        uint32_t place = 0;
        if (!run_find(&t->pieces[i].run, row, ordinal, &place))
            continue;
        return amend_put(r, &(struct amendment){t->pieces[i].run.number, place, ordinal, status});
    }
    return OK;
}

static const struct trail_run *find_sealed(const struct runs *r, const struct trail_row *row,
                                           uint32_t ordinal, uint32_t *ret_place)
{
    for (uint32_t i = r->sealed_count; i-- > 0;)
        if (run_find(&r->sealed[i].run, row, ordinal, ret_place))
            return &r->sealed[i].run;
    return NULL;
}

err amend(struct runs *r, uint32_t ordinal, const struct trail_row *row, unsigned status)
{
    r->is_changed = true;
    r->amended++;
    if (is_in(r->tail, ordinal))
        return amend_tail(r, r->tail, ordinal, status);
    if (is_in(r->frozen, ordinal)) /* its rows are being read: once they are sealed */
        TRY(task_finish(r));
    uint32_t place = 0;
    const struct trail_run *run = find_sealed(r, row, ordinal, &place);
    if (run == NULL)
        return OK; /* forgotten */
    return amend_put(r, &(struct amendment){run->number, place, ordinal, status});
}

unsigned status_now(const struct runs *r, uint32_t ordinal, const struct trail_row *row)
{
    const struct tail *tails[] = {r->tail, r->frozen};
    for (size_t i = 0; i < COUNT_OF(tails); i++)
        if (is_in(tails[i], ordinal))
            return row_status(&tail_rows(tails[i])[ordinal - tails[i]->first]);
    uint32_t place = 0;
    const struct trail_run *run = find_sealed(r, row, ordinal, &place);
    return run == NULL ? row_status(row) : amend_status(r, run, place);
}
