/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Racks (GOIP, SIM boxes): ports that call one after the other, cards that take turns in them. A
 * card is in one port at a time, a port has one call at a time; when a card has made its calls the
 * next takes over within seconds. A bypass is one that carries other people's calls past a toll.
 */
#include "drill/calls.h"

#include <assert.h>

enum { SWAP_SIGMA = 500000, LIFE_SIGMA = 500000, NO_CARD_MIN = 20 };

/* Of `count` the one that comes as this one, among so many types. */
static uint32_t type_of(const struct rack_params *types, size_t type_count, uint32_t which,
                        uint32_t count)
{
    int64_t at = (2 * (int64_t)which + 1) * MICRO / (2 * (int64_t)count);
    uint32_t type = 0;
    while (type + 1 < type_count && at >= types[type].share)
        at -= types[type++].share;
    return type;
}

static uint32_t find_type(const struct drill *d, uint32_t which)
{
    const struct call_params *p = &d->params.calls;
    const struct calls *c = d->calls;
    uint32_t scams = (uint32_t)p->rack_count;
    if (which < c->rack_count)
        return type_of(p->racks, p->rack_count, which, c->rack_count);
    return scams +
           type_of(p->racks + scams, p->bypass_count, which - c->rack_count, c->bypass_count);
}

const struct rack_params *racks_type(const struct drill *d, const struct scammer *s)
{
    return &d->params.calls.racks[d->calls->racks[s->rack].type];
}

uint32_t racks_port(const struct drill *d, const struct scammer *s)
{
    const struct calls *c = d->calls;
    uint32_t which = (uint32_t)(s - c->scammers);
    return which - c->scammer_first[s->way] - c->racks[s->rack].first_port;
}

static err open_rack(struct drill *d, uint32_t which, uint32_t first_port)
{
    struct rack *rack = &d->calls->racks[which];
    uint32_t type = find_type(d, which);
    const struct rack_params *p = &d->params.calls.racks[type];
    *rack = (struct rack){.type = type,
                          .first_port = first_port,
                          .port_count = (uint32_t)p->ports,
                          .card_count = (uint32_t)(p->ports * p->sims)};
    dice_fork(&rack->dice, dice_mix(d->world.seed, which, TRAIT_RACK + 512), STR("calls rack"));
    rack->cards = arena_make_array(d->arena, rack->card_count, sizeof *rack->cards);
    rack->sectors = arena_make_array(d->arena, rack->port_count, sizeof *rack->sectors);
    return rack->cards == NULL || rack->sectors == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

static uint32_t count_racks(const struct drill *d, int64_t per, int64_t least)
{
    int64_t count = d->world.persons / per;
    return (uint32_t)(count < least ? least : count);
}

err racks_open(struct drill *d)
{
    struct calls *c = d->calls;
    const struct call_params *p = &d->params.calls;
    uint32_t ports = 0;
    c->rack_count = count_racks(d, p->scam.rack_per, p->scam.racks_least);
    c->bypass_count = count_racks(d, p->scam.bypass_per, p->scam.bypasses_least);
    uint32_t all = c->rack_count + c->bypass_count;
    c->racks = arena_make_array(d->arena, all + 1, sizeof *c->racks);
    if (c->racks == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (uint32_t i = 0; i < all; i++) {
        ports = i == c->rack_count ? 0 : ports;
        TRY(open_rack(d, i, ports));
        ports += c->racks[i].port_count;
    }
    return OK;
}

/* To another flat, where nobody knows it. */
static err move(struct drill *d, uint32_t which)
{
    struct rack *rack = &d->calls->racks[which];
    uint64_t bits = random_u64(&rack->dice.source);
    int64_t days_us = d->params.calls.scam.move_days * DAY_US;
    rack->mast = (uint32_t)dice_scale(bits, d->calls->lines.masts);
    rack->sector = (uint32_t)bits % MAST_CELLS;
    rack->moves_us = d->now_us + dice_about(&rack->dice, days_us, LIFE_SIGMA);
    struct rack_row row = {.rack = which + 1,
                           .type = rack->type,
                           .cell = lines_cell(&d->calls->lines, rack->mast, rack->sector),
                           .at_us = d->now_us};
    return d->port.rack(d->port.self, &row);
}

err racks_begin(struct drill *d)
{
    struct calls *c = d->calls;
    d->counts.racks = c->rack_count + c->bypass_count;
    for (uint32_t i = 0; i < d->counts.racks; i++) {
        uint32_t first = c->scammer_first[i < c->rack_count ? WAY_RACK : WAY_BYPASS];
        TRY(move(d, i));
        for (uint32_t port = 0; port < c->racks[i].port_count; port++) {
            struct scammer *s = &c->scammers[first + c->racks[i].first_port + port];
            s->rack = i;
            s->profile = racks_type(d, s)->profile;
        }
    }
    return OK;
}

static bool may_call(const struct drill *d, const struct card *card)
{
    return card->day != drill_day(d, d->now_us) || card->made < d->params.calls.scam.cap;
}

static err renew(struct drill *d, struct scammer *s, struct card *card)
{
    struct rack *rack = &d->calls->racks[s->rack];
    bool is_bypass = s->way == WAY_BYPASS;
    int64_t days = is_bypass ? racks_type(d, s)->life_days : d->params.calls.scam.life_days;
    uint32_t imei = (uint32_t)random_u64(&rack->dice.source) | 1;
    *card = (struct card){.imei = card->imei != 0 ? card->imei : imei};
    card->dies_us = d->now_us + dice_about(&rack->dice, days * DAY_US, LIFE_SIGMA);
    return scam_calls_line(d, (enum scam_way)s->way, s->rack + 1, &card->line);
}

/* The next in turn that lies outside, lives, and has not called enough today. */
static err choose_card(struct drill *d, struct scammer *s, uint32_t *ret_card)
{
    struct rack *rack = &d->calls->racks[s->rack];
    assert(rack->cards != NULL);
    for (uint32_t i = 0; i < rack->card_count; i++) {
        uint32_t at = (rack->next_card + i) % rack->card_count;
        struct card *card = &rack->cards[at];
        if (card->is_in)
            continue;
        if (card->line == 0 || d->now_us >= card->dies_us)
            TRY(renew(d, s, card));
        if (!may_call(d, card))
            continue;
        rack->next_card = at + 1;
        *ret_card = at + 1;
        return OK;
    }
    *ret_card = 0;
    return OK;
}

static void put_in(struct drill *d, struct scammer *s, uint32_t card)
{
    struct rack *rack = &d->calls->racks[s->rack];
    assert(rack->cards != NULL && card > 0);
    const struct rack_params *p = racks_type(d, s);
    struct card *in = &rack->cards[card - 1];
    in->is_in = true;
    s->card = card;
    s->line = in->line;
    s->left = 1 + (uint32_t)dice_about(&s->dice, p->swap_calls, SWAP_SIGMA);
    if (p->imei == IMEI_SLOT)
        s->imei = in->imei;
    if (p->imei == IMEI_RANDOM)
        s->imei = (uint32_t)random_u64(&s->dice.source) | 1;
    if (p->imei == IMEI_DEVICE)
        s->imei = (uint32_t)dice_mix(d->world.seed, s->rack, TRAIT_IMEI + 512) | 1;
    rack->sectors[racks_port(d, s)] =
        dice_hits(&s->dice, p->sectors) ? 1 + (uint32_t)dice_below(&s->dice, MAST_CELLS - 1) : 0;
}

/* A slot keeps the IMEI it was given, whatever card comes into it. */
static err swap(struct drill *d, struct scammer *s)
{
    struct rack *rack = &d->calls->racks[s->rack];
    uint32_t card = 0;
    TRY(choose_card(d, s, &card));
    if (s->card != 0)
        rack->cards[s->card - 1].is_in = false;
    s->card = 0;
    s->free_us = d->now_us + NO_CARD_MIN * MINUTE_US;
    if (card == 0)
        return OK;
    int64_t swap_us = d->params.calls.scam.swap_s * SECOND_US;
    s->free_us = d->now_us + SECOND_US + dice_about(&s->dice, swap_us, SWAP_SIGMA);
    put_in(d, s, card);
    return OK;
}

err racks_card(struct drill *d, struct scammer *s, bool *ret_is_ready)
{
    struct rack *rack = &d->calls->racks[s->rack];
    const struct card *card = s->card == 0 ? NULL : &rack->cards[s->card - 1];
    *ret_is_ready = card != NULL && s->left > 0 && d->now_us < card->dies_us && may_call(d, card);
    if (d->now_us >= rack->moves_us)
        TRY(move(d, s->rack));
    return *ret_is_ready ? OK : swap(d, s);
}

uint32_t racks_cell(const struct drill *d, const struct scammer *s)
{
    const struct rack *rack = &d->calls->racks[s->rack];
    return lines_cell(&d->calls->lines, rack->mast, rack->sector + rack->sectors[racks_port(d, s)]);
}

void racks_count(struct drill *d, struct scammer *s)
{
    struct card *card = &d->calls->racks[s->rack].cards[s->card - 1];
    uint32_t day = drill_day(d, d->now_us);
    card->made = card->day == day ? card->made + 1 : 1;
    card->day = day;
    s->left -= s->left > 0;
}

struct scammer *racks_sibling(struct drill *d, const struct scammer *s)
{
    const struct rack *rack = &d->calls->racks[s->rack];
    struct scammer *first = &d->calls->scammers[d->calls->scammer_first[s->way] + rack->first_port];
    for (uint32_t i = 0; i < rack->port_count; i++) {
        struct scammer *other = &first[(uint32_t)(s - first + 1 + i) % rack->port_count];
        if (other != s && other->card != 0 && other->free_us <= d->now_us)
            return other;
    }
    return NULL;
}
