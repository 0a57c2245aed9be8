/* SPDX-License-Identifier: Apache-2.0 */
/* What questions see, and when what they saw may go. */
#include "runs/inside.h"

enum { SHOWN_BYTES = 1 << 30, RETIRED_BYTES = 4 << 10 };
#define STILL_SHOWN UINT64_MAX

/* --- giving back --- */

void retire(struct runs *r, struct pages *pages, struct shown *shown)
{
    struct arena arena;
    arena_init(&arena, RETIRED_BYTES);
    struct retired *one = arena_make(&arena, sizeof *one);
    if (one == NULL) /* then it stays until the end of the process: less is lost than by waiting */
        return;
    *one = (struct retired){.next = r->retired,
                            .stamp = STILL_SHOWN,
                            .pages = pages == NULL ? (struct pages){0} : *pages,
                            .shown = shown,
                            .arena = arena};
    if (pages != NULL)
        *pages = (struct pages){0};
    r->retired = one;
}

void retire_piece(struct runs *r, struct piece *p)
{
    retire(r, &p->room, NULL);
    if (p->balances.at != NULL)
        retire(r, &p->balances, NULL);
}

void retire_past(struct runs *r)
{
    struct retired **at = &r->retired;
    while (*at != NULL) {
        struct retired *one = *at;
        if (one->stamp == STILL_SHOWN || !epoch_is_past(&r->epoch, one->stamp)) {
            at = &one->next;
            continue;
        }
        *at = one->next;
        pages_drop(&one->pages);
        if (one->shown != NULL) {
            struct arena arena = one->shown->arena;
            arena_done(&arena);
        }
        struct arena arena = one->arena;
        arena_done(&arena);
    }
}

void retire_all(struct runs *r)
{
    for (struct retired *one = r->retired; one != NULL; one = one->next)
        one->stamp = 0;
    retire_past(r);
}

/* What was retired until now is not in what is shown now. */
static void stamp_retired(struct runs *r)
{
    uint64_t stamp = epoch_stamp(&r->epoch);
    for (struct retired *one = r->retired; one != NULL && one->stamp == STILL_SHOWN;
         one = one->next)
        one->stamp = stamp;
}

/* --- showing --- */

static uint32_t pieces_of(const struct tail *t)
{
    return t == NULL ? 0 : t->piece_count;
}

static void list_pieces(const struct tail *t, struct trail_run *runs, uint32_t *count)
{
    for (uint32_t i = 0; i < pieces_of(t); i++)
        runs[(*count)++] = t->pieces[i].run;
}

static err list_runs(const struct runs *r, struct shown *s)
{
    uint32_t most = r->sealed_count + pieces_of(r->tail) + pieces_of(r->frozen);
    struct trail_run *runs = arena_make_array(&s->arena, most + 1, sizeof *runs);
    const struct trail_run **list = arena_make_array(&s->arena, most + 1, sizeof *list);
    if (runs == NULL || list == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    uint32_t count = 0;
    for (uint32_t i = 0; i < r->sealed_count; i++)
        runs[count++] = r->sealed[i].run;
    list_pieces(r->frozen, runs, &count);
    list_pieces(r->tail, runs, &count);
    for (uint32_t i = 0; i < count; i++)
        list[i] = &runs[i];
    s->view.runs = list;
    s->view.run_count = count;
    return OK;
}

static bool is_shown(const struct runs *r, uint32_t run_number)
{
    const struct tail *tails[] = {r->tail, r->frozen};
    for (size_t i = 0; i < COUNT_OF(tails); i++)
        for (uint32_t k = 0; k < pieces_of(tails[i]); k++)
            if (tails[i]->pieces[k].run.number == run_number)
                return true;
    return is_sealed(r, run_number);
}

static err list_amends(struct runs *r, struct shown *s)
{
    if (r->amend_count == 0)
        return OK;
    TRY(amend_keep(r, is_shown));
    uint32_t count = amend_slots(r);
    struct trail_amend *slots = arena_make_array(&s->arena, count, sizeof *slots);
    if (slots == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    const struct amendment *from = r->amends.at;
    for (uint32_t i = 0; i < count; i++)
        slots[i] = (struct trail_amend){from[i].run_number, from[i].place, from[i].status};
    s->view.amends = (struct trail_amends){.slots = slots, .slot_count = count};
    return OK;
}

/* Rows that are not in its pieces yet are not shown. */
static uint32_t shown_end(const struct tail *t)
{
    return t->first + (t->piece_count == 0 ? 0 : t->pieces[t->piece_count - 1].end);
}

static err fill(struct runs *r, struct shown *s)
{
    TRY(list_runs(r, s));
    TRY(list_amends(r, s));
    s->view.amended = r->amended;
    s->view.said = r->said;
    s->view.end = shown_end(r->tail);
    s->view.account_end = r->accounts.count;
    s->view.order = (struct trail_order){.precedes = look_precedes, .self = r};
    return OK;
}

err show(struct runs *r)
{
    retire_past(r);
    if (!r->is_changed)
        return OK;
    struct arena arena;
    arena_init(&arena, SHOWN_BYTES);
    struct shown *s = arena_make(&arena, sizeof *s);
    if (s == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    *s = (struct shown){.arena = arena};
    err e = fill(r, s);
    if (failed(e)) {
        arena = s->arena;
        arena_done(&arena);
        return e;
    }
    struct shown *old = env_slot_load(&r->shown);
    env_slot_publish_in_order(&r->shown, s);
    env_counter_put(&r->transfers, r->tail->first + r->tail->count);
    if (old != NULL)
        retire(r, NULL, old);
    stamp_retired(r);
    r->is_changed = false;
    return OK;
}
