/* SPDX-License-Identifier: Apache-2.0 */
/* The accounts, and what is learnt from them. The ranking itself is in race_rank.c. */
#include "trail/race_inside.h"

#include <string.h>

const struct race_settings race_usual = {.lambda_ppm = 1000,
                                         .cost_minor = 2000,
                                         .wait_min = 120,
                                         .term_hours = 48,
                                         .notice_hours = 2,
                                         .tail_ppm = 250000,
                                         .zone_min = 480};

err race_make(struct arena *a, uint32_t most, const struct race_settings *s, struct hazard *h,
              struct race **ret_race)
{
    assert(most > 0 && most <= RACE_MOST && s->tail_ppm <= PPM && s->lambda_ppm >= 0);
    assert(s->term_hours > 0 && s->notice_hours >= 0 && s->wait_min > 0 && s->cost_minor >= 0);
    struct race *r = arena_make(a, sizeof *r);
    if (r == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    *r = (struct race){.settings = *s, .hazard = h, .most = most};
    r->tail = (uint32_t)((uint64_t)HAZARD_ONE * s->tail_ppm / PPM);
    r->slots = arena_make_array(a, most, sizeof *r->slots);
    r->cells = arena_make_array(a, most, sizeof *r->cells);
    r->order = arena_make_array(a, most, sizeof *r->order);
    r->curves = arena_make_array(a, most, sizeof *r->curves);
    r->ranks = arena_make_array(a, most, 2 * sizeof *r->ranks);
    r->weighed = arena_make_array(a, most, sizeof *r->weighed);
    if (r->weighed == NULL || r->slots == NULL || r->order == NULL || r->ranks == NULL ||
        r->cells == NULL || r->curves == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (uint32_t i = 0; i < most; i++)
        r->order[i] = i; /* beyond `count`: the free slots */
    *ret_race = r;
    return OK;
}

uint32_t race_count(const struct race *r)
{
    return r->count;
}

const struct race_account *race_at(const struct race *r, uint32_t place)
{
    assert(place < r->count);
    return &r->slots[r->order[place]];
}

/* Where the account is in `order`, or would be. */
static uint32_t place_of(const struct race *r, uint32_t account)
{
    uint32_t from = 0;
    uint32_t end = r->count;
    while (from < end) {
        uint32_t middle = from + (end - from) / 2;
        if (r->slots[r->order[middle]].account < account)
            from = middle + 1;
        else
            end = middle;
    }
    return from;
}

static struct race_account *find(const struct race *r, uint32_t account)
{
    uint32_t place = place_of(r, account);
    if (place == r->count)
        return NULL;
    struct race_account *at = &r->slots[r->order[place]];
    return at->account == account ? at : NULL;
}

const struct race_account *race_find(const struct race *r, uint32_t account)
{
    return find(r, account);
}

/* --- lessons --- */

struct hazard_cell race_cell(const struct race *r, const struct race_account *a)
{
    unsigned kind = HAZARD_MONEY;
    kind |= a->is_company ? HAZARD_COMPANY : 0U;
    kind |= a->left_ms >= a->last_ms && a->left_ms > 0 ? HAZARD_MOVING : 0U;
    kind |= a->exited > 0 ? HAZARD_EXITS : 0U;
    return (struct hazard_cell){a->bank, (uint8_t)kind, race_hour(r, race_since(a))};
}

/* `some` of `all`, of HAZARD_ONE. */
static uint32_t part_of(int64_t some, int64_t all)
{
    if (some <= 0 || all <= 0)
        return 0;
    return some >= all ? HAZARD_ONE : (uint32_t)race_scale(some, HAZARD_ONE, all);
}

/* A wait ends when some leaves or more comes: what then stays has been seen to stay so long. Held
 * money tells nothing: it could not leave. */
static void learn(struct race *r, const struct race_account *was, const struct race_account *is)
{
    if (was->present <= 0 || was->held > 0 || was->is_stopped)
        return;
    struct hazard_cell cell = race_cell(r, was);
    int64_t since = race_since(was);
    if (is->left_ms > was->left_ms) {
        int64_t came = is->attributed - was->attributed;
        uint32_t left = part_of(was->present + came - is->present, was->present);
        int64_t dwell = is->left_ms - since;
        hazard_learn_left(r->hazard, cell, dwell, left);
        hazard_learn_stayed(r->hazard, cell, dwell, HAZARD_ONE - left);
    } else if (is->last_ms > was->last_ms) {
        hazard_learn_stayed(r->hazard, cell, is->last_ms - since, HAZARD_ONE);
    }
}

static bool is_sane(const struct race_account *a)
{
    return a->present >= 0 && a->pending >= 0 && a->asked >= 0 && a->held >= 0 && a->honest >= -1 &&
           a->exited >= 0;
}

err race_put(struct race *r, const struct race_account *account)
{
    assert(is_sane(account));
    uint32_t place = place_of(r, account->account);
    struct race_account *at = place < r->count ? &r->slots[r->order[place]] : NULL;
    if (at != NULL && at->account == account->account) {
        learn(r, at, account);
        *at = *account;
        r->cells[at - r->slots] = race_cell(r, at);
        return OK;
    }
    if (r->count == r->most)
        return fail(ERR_LIMIT, "race.too_many", r->most);
    uint32_t slot = r->order[r->count];
    memmove(&r->order[place + 1], &r->order[place], (r->count - place) * sizeof *r->order);
    r->order[place] = slot;
    r->slots[slot] = *account;
    r->cells[slot] = race_cell(r, account);
    r->count++;
    return OK;
}

void race_drop(struct race *r, uint32_t account, int64_t now_ms)
{
    uint32_t place = place_of(r, account);
    struct race_account *at = place < r->count ? &r->slots[r->order[place]] : NULL;
    if (at == NULL || at->account != account)
        return;
    if (at->present > 0 && at->held == 0 && !at->is_stopped)
        hazard_learn_stayed(r->hazard, race_cell(r, at), now_ms - race_since(at), HAZARD_ONE);
    uint32_t slot = r->order[place];
    r->count--;
    memmove(&r->order[place], &r->order[place + 1], (r->count - place) * sizeof *r->order);
    r->order[r->count] = slot;
}

/* What a hold found tells when money leaves, too, and before the transfer that took it is seen. */
static void learn_found(struct race *r, const struct race_receipt *receipt)
{
    const struct race_account *a = find(r, receipt->account);
    if (a == NULL || receipt->asked <= 0)
        return;
    uint32_t stayed = part_of(receipt->held, receipt->asked);
    int64_t age = receipt->landed_ms - race_since(a);
    struct hazard_cell cell = race_cell(r, a);
    if (age <= 0)
        return;
    hazard_learn_left(r->hazard, cell, age, HAZARD_ONE - stayed);
    hazard_learn_stayed(r->hazard, cell, age, stayed);
}

void race_receipt(struct race *r, const struct race_receipt *receipt)
{
    struct hazard_cell cell = {receipt->bank, receipt->is_stop ? HAZARD_STOP : HAZARD_HOLD,
                               race_hour(r, receipt->sent_ms)};
    hazard_learn_receipt(r->hazard, cell, receipt->landed_ms - receipt->sent_ms, receipt->is_done);
    if (receipt->is_done)
        learn_found(r, receipt);
}
