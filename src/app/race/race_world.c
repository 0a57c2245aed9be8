/* SPDX-License-Identifier: Apache-2.0 */
#include "app/race/race_world.h"

#include "drill/drill.h"
#include "drill/money.h"
#include "drill/names.h"
#include "drill/world.h"

#include <stdlib.h>

enum { STEP_US = 1000000, FIRST_ROOM = 1 << 12 };
static const int64_t day_us = INT64_C(86400) * STEP_US;

/* What a bank's row of this number is. */
struct place {
    int64_t moved_us; /* stolen money moved by it, then */
    uint32_t order;
    uint32_t intent; /* + 1 */
    uint8_t layer;
};

struct numbers {
    struct place *at;
    size_t room;
};

struct taker {
    struct arena *arena;
    struct race_world *world;
    struct numbers banks[BANKS_MOST];
    size_t room;
    int64_t now_us;
    uint32_t moves;
    const struct params *params;
};

static err place_of(struct taker *t, uint8_t bank, uint64_t number, struct place **ret_place)
{
    struct numbers *n = &t->banks[bank];
    size_t room = n->room == 0 ? FIRST_ROOM : n->room;
    while (number >= room)
        room *= 2;
    if (room != n->room)
        n->at = arena_grow(t->arena, n->at, n->room * sizeof *n->at, room * sizeof *n->at);
    if (n->at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    n->room = room;
    *ret_place = &n->at[number];
    return OK;
}

static err take_transfer(void *self, const struct transfer_row *row)
{
    struct taker *t = self;
    struct race_world *w = t->world;
    struct place *place = NULL;
    TRY(place_of(t, row->bank, row->number, &place));
    if (row->status != TRANSFER_BOOKED || place->intent != 0)
        return OK;
    if (w->count == t->room) {
        size_t room = t->room == 0 ? FIRST_ROOM : t->room * 2;
        w->intents = arena_grow(t->arena, w->intents, t->room * sizeof *w->intents,
                                room * sizeof *w->intents);
        if (w->intents == NULL)
            return fail(ERR_LIMIT, "limit.memory", 0);
        t->room = room;
    }
    w->intents[w->count] =
        (struct race_intent){.at_us = row->at_us - t->params->banks[row->bank].skew_ms * 1000,
                             .told_us = t->now_us,
                             .stamp_ms = row->at_us / 1000,
                             .fen = row->fen,
                             .number = row->number,
                             .from = row->from,
                             .to = row->to,
                             .seq = row->seq,
                             .bank = row->bank,
                             .exit = (uint8_t)transfer_exit_find(name_exit(row->to))};
    place->intent = ++w->count;
    return OK;
}

static err take_move(void *self, const struct moved_row *row)
{
    struct taker *t = self;
    struct place *place = NULL;
    TRY(place_of(t, row->bank, row->number, &place));
    if (place->order == 0)
        *place = (struct place){t->now_us, ++t->moves, place->intent, row->layer};
    return OK;
}

static err pass_account(void *self, uint32_t account)
{
    (void)self;
    (void)account;
    return OK;
}

static err pass_mule(void *self, const struct mule_row *row)
{
    (void)self;
    (void)row;
    return OK;
}

static err pass_told(void *self, const struct told_row *row)
{
    (void)self;
    (void)row;
    return OK;
}

/* --- before and after --- */

static err take_accounts(struct taker *t, const struct world *from)
{
    struct race_world *w = t->world;
    w->accounts = world_accounts(from);
    w->first_company = from->first[GROUP_SHOP];
    uint8_t *banks = arena_make(t->arena, w->accounts);
    int64_t *openings = arena_make_array(t->arena, w->accounts, sizeof *openings);
    if (banks == NULL || openings == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (uint32_t i = 0; i < w->accounts; i++) {
        banks[i] = (uint8_t)world_bank(from, i);
        openings[i] = money_of(from, i);
    }
    w->banks = banks;
    w->openings = openings;
    return OK;
}

static err take_banks(struct taker *t)
{
    struct race_world *w = t->world;
    bool *tells = arena_make(t->arena, t->params->bank_count);
    if (tells == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    w->bank_count = (uint32_t)t->params->bank_count;
    for (uint32_t i = 0; i < w->bank_count; i++)
        tells[i] = t->params->banks[i].gives_balance != 0;
    w->tells_balance = tells;
    return OK;
}

static void mark_stolen(struct taker *t)
{
    struct race_world *w = t->world;
    for (int bank = 0; bank < BANKS_MOST; bank++)
        for (size_t number = 0; number < t->banks[bank].room; number++) {
            const struct place *place = &t->banks[bank].at[number];
            if (place->order == 0 || place->intent == 0)
                continue;
            struct race_intent *i = &w->intents[place->intent - 1];
            i->is_stolen = true;
            i->is_taking = place->layer == 1;
            i->order = place->order;
            i->at_us = place->moved_us;
            w->stolen_fen += i->is_taking ? i->fen : 0;
        }
}

/* What is stolen comes first in its second, in its own order. */
static int by_time(const void *one, const void *other)
{
    const struct race_intent *a = one;
    const struct race_intent *b = other;
    if (a->at_us != b->at_us)
        return a->at_us < b->at_us ? -1 : 1;
    if (a->is_stolen != b->is_stolen)
        return a->is_stolen ? -1 : 1;
    if (a->order != b->order)
        return a->order < b->order ? -1 : 1;
    if (a->bank != b->bank)
        return a->bank < b->bank ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

static err play(struct taker *t, const struct drill_settings *s, struct arena *of_drill)
{
    struct drill *d = NULL;
    struct drill_port port = {.self = t,
                              .account = pass_account,
                              .transfer = take_transfer,
                              .moved = take_move,
                              .mule = pass_mule,
                              .told = pass_told};
    TRY(drill_open(s, &port, of_drill, &d));
    err e = take_accounts(t, drill_world(d));
    t->now_us = t->params->begin_us;
    while (!failed(e) && drill_goes_on(d)) {
        t->now_us += STEP_US;
        e = drill_run(d, t->now_us);
    }
    drill_close(d);
    return e;
}

/* No bank asks its customer before it books: what is weighed is what happens to money that was
 * paid, beside other ways of stopping it. */
static void let_nobody_ask(struct params *params)
{
    for (size_t i = 0; i < (size_t)params->bank_count; i++)
        params->banks[i].asks = 0;
}

err race_world_make(uint64_t seed, uint32_t scale, uint32_t days, struct arena *a,
                    struct race_world *ret_world)
{
    struct params params;
    struct params_fault fault;
    struct arena of_drill;
    struct taker *t = arena_make(a, sizeof *t);
    if (t == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    *ret_world = (struct race_world){0};
    TRY(params_read(params_bundled(), a, &params, &fault));
    let_nobody_ask(&params);
    *t = (struct taker){.arena = a, .world = ret_world, .params = &params};
    struct drill_settings s = {.seed = seed, .scale = scale, .days = days, .params = &params};
    arena_init(&of_drill, SIZE_MAX);
    err e = play(t, &s, &of_drill);
    arena_done(&of_drill);
    TRY(e);
    TRY(take_banks(t));
    mark_stolen(t);
    qsort(ret_world->intents, ret_world->count, sizeof *ret_world->intents, by_time);
    ret_world->end_us = params.begin_us + days * day_us;
    return OK;
}
