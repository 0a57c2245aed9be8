/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who dials for the scams: one call after the other, in the hours of their room. And the calls that
 * a victim gets before paying.
 */
#include "drill/calls.h"
#include "drill/online.h"

enum {
    FRIENDS = 6,
    LURE_AT_ONCE_S = 60,
    RETRY_S = 40,
    LIFE_SIGMA = 500000,
    SHOWN_SIGMA = 600000,
    WEEKEND_OF = 1000,
};

/* --- the making --- */

static uint32_t count_of(const struct drill *d, const struct dialler_params *p)
{
    int64_t count = d->world.persons / p->per;
    return (uint32_t)(count < p->least ? p->least : count);
}

err scam_calls_open(struct drill *d)
{
    struct calls *c = d->calls;
    const struct call_params *p = &d->params.calls;
    uint32_t ports = 0;
    uint32_t bypass_ports = 0;
    for (uint32_t i = 0; i < c->rack_count; i++)
        ports += c->racks[i].port_count;
    for (uint32_t i = 0; i < c->bypass_count; i++)
        bypass_ports += c->racks[c->rack_count + i].port_count;
    c->room_count = count_of(d, &p->diallers[DIALLER_ABROAD]);
    c->scammer_first[WAY_RACK] = count_of(d, &p->diallers[DIALLER_HANDSET]);
    c->scammer_first[WAY_ABROAD] = c->scammer_first[WAY_RACK] + ports;
    c->scammer_first[WAY_BYPASS] =
        c->scammer_first[WAY_ABROAD] + c->room_count * (uint32_t)p->scam.at_once;
    c->scammer_first[WAY_COUNT] = c->scammer_first[WAY_BYPASS] + bypass_ports;
    dice_fork(&c->lure_dice, d->world.seed, STR("calls lure"));
    c->rooms = arena_make_array(d->arena, c->room_count + 1, sizeof *c->rooms);
    c->scammers = arena_make_array(d->arena, c->scammer_first[WAY_COUNT] + 1, sizeof *c->scammers);
    return c->rooms == NULL || c->scammers == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

static bool is_in_rack(const struct scammer *s)
{
    return s->way == WAY_RACK || s->way == WAY_BYPASS;
}

static void begin_scammer(struct drill *d, uint32_t which)
{
    struct calls *c = d->calls;
    struct scammer *s = &c->scammers[which];
    unsigned way = WAY_HANDSET;
    while (which >= c->scammer_first[way + 1])
        way++;
    uint64_t bits = dice_mix(d->world.seed, which, TRAIT_RACK);
    dice_fork(&s->dice, bits, STR("calls scam"));
    s->way = (uint8_t)way;
    s->imei = (uint32_t)bits | 1;
    if (is_in_rack(s))
        return; /* racks.c */
    s->profile =
        d->params.calls.diallers[way == WAY_HANDSET ? DIALLER_HANDSET : DIALLER_ABROAD].profile;
    if (way == WAY_ABROAD)
        s->room = (which - c->scammer_first[WAY_ABROAD]) / (uint32_t)d->params.calls.scam.at_once;
}

err scam_calls_begin(struct drill *d)
{
    struct calls *c = d->calls;
    for (uint32_t i = 0; i < c->room_count; i++) {
        uint64_t bits = dice_mix(d->world.seed, i, TRAIT_RACK + 256);
        c->rooms[i].trunk = (uint16_t)(1 + bits % (uint64_t)d->params.calls.scam.trunks);
    }
    for (uint32_t which = 0; which < c->scammer_first[WAY_COUNT]; which++) {
        begin_scammer(d, which);
        TRY(drill_at(d, d->now_us, EVENT_SCAMMER, which, 0));
    }
    return OK;
}

/* --- numbers --- */

err scam_calls_line(struct drill *d, enum scam_way way, uint32_t rack, uint32_t *ret_line)
{
    TRY(lines_take(&d->calls->lines, ret_line));
    d->counts.scam_numbers++;
    struct line_row row = {.line = *ret_line,
                           .kind = way,
                           .rack = rack,
                           .cell = CELL_NONE,
                           .at_us = d->now_us,
                           .is_scam = true};
    return d->port.line(d->port.self, &row);
}

/* Its number is cut off or thrown away after some days; the telephone stays. */
static err ready_handset(struct drill *d, struct scammer *s)
{
    int64_t life_us = d->params.calls.scam.life_days * DAY_US;
    if (s->line != 0 && d->now_us < s->dies_us)
        return OK;
    s->dies_us = d->now_us + dice_about(&s->dice, life_us, LIFE_SIGMA);
    return scam_calls_line(d, WAY_HANDSET, 0, &s->line);
}

/* What a room shows: a number of nobody's, now and then somebody's own. */
static err ready_room(struct drill *d, struct scammer *s)
{
    const struct call_params *p = &d->params.calls;
    struct room *room = &d->calls->rooms[s->room];
    if (room->left == 0) {
        room->left = 1 + (uint32_t)dice_about(&s->dice, p->scam.shown, SHOWN_SIGMA);
        room->shown = (uint32_t)dice_below(&s->dice, d->world.persons);
        if (!dice_hits(&s->dice, p->scam.borrowed))
            TRY(scam_calls_line(d, WAY_ABROAD, 0, &room->shown));
    }
    room->left--;
    s->line = room->shown;
    return OK;
}

err scam_calls_ready(struct drill *d, struct scammer *s, bool *ret_is_ready)
{
    *ret_is_ready = true;
    if (s->way == WAY_HANDSET)
        return ready_handset(d, s);
    if (s->way == WAY_ABROAD)
        return ready_room(d, s);
    return racks_card(d, s, ret_is_ready);
}

/* --- one call --- */

static uint32_t cell_of(struct drill *d, struct scammer *s)
{
    const struct lines *l = &d->calls->lines;
    if (s->way == WAY_ABROAD)
        return CELL_NONE;
    if (is_in_rack(s))
        return racks_cell(d, s);
    uint64_t home = dice_mix(d->world.seed, (uint64_t)(s - d->calls->scammers), TRAIT_MAST);
    bool flips = dice_hits(&s->dice, d->params.calls.people.flips);
    return lines_cell(l, home, (home >> 32) + (flips ? 1 : 0));
}

static err tell(struct drill *d, const struct scammer *s, const struct aimed *aim,
                const struct dialled_row *row)
{
    struct dialled_row told = *row;
    told.at_us = d->now_us;
    told.incident = aim->incident;
    told.way = s->way;
    told.aim = (uint8_t)aim->aim;
    if (is_in_rack(s)) {
        told.rack = s->rack + 1;
        told.port = racks_port(d, s) + 1;
    }
    d->counts.scam_calls++;
    return d->port.dialled(d->port.self, &told);
}

static struct dialling words_of(struct drill *d, struct scammer *s, const struct aimed *aim)
{
    const struct call_params *p = &d->params.calls;
    struct dialling call = {.caller = s->line,
                            .callee = aim->callee,
                            .imei = s->imei,
                            .cell = cell_of(d, s),
                            .is_shown = s->way == WAY_ABROAD,
                            .answered = p->scam.answered,
                            .talk_s = p->scam.talk_s,
                            .talk_sigma = p->scam.talk_sigma,
                            .back = p->people.back_unknown};
    if (s->way == WAY_ABROAD)
        call.trunk = d->calls->rooms[s->room].trunk;
    if (aim->aim == AIM_COLD) {
        call.is_text = dice_hits(&s->dice, p->scam.texts);
    } else if (aim->aim == AIM_VICTIM) {
        call.answered = MICRO;
        call.talk_s = p->scam.lure_s;
        call.talk_sigma = p->scam.lure_sigma;
    } else if (aim->aim == AIM_CARRIED) {
        const struct rack_params *type = racks_type(d, s);
        call.answered = type->answered;
        call.talk_s = type->talk_s;
        call.talk_sigma = type->sigma;
        call.back = p->people.back;
    } else if (aim->aim == AIM_MIMIC) {
        call.answered = MICRO;
        call.talk_s = p->scam.mimic_s;
        call.back = 0;
    } else {
        call.answered = p->people.answered;
        call.talk_s = p->people.talk_s;
        call.back = 0;
    }
    return call;
}

err scam_calls_dial(struct drill *d, struct scammer *s, const struct aimed *aim)
{
    struct dialling call = words_of(d, s, aim);
    struct dialled dialled;
    TRY(exchange_dial(d, &call, &dialled));
    s->free_us = dialled.end_us > s->free_us ? dialled.end_us : s->free_us;
    s->last = dialled.is_answered && aim->aim == AIM_COLD ? aim->callee : s->last;
    if (is_in_rack(s))
        racks_count(d, s);
    struct dialled_row row = {.number = dialled.number,
                              .caller = call.caller,
                              .callee = call.callee,
                              .carrier = dialled.carrier};
    return tell(d, s, aim, &row);
}

/* --- a day's work --- */

static uint32_t somebody(struct drill *d, struct scammer *s)
{
    const struct call_params *p = &d->params.calls;
    bool is_again = dice_hits(&s->dice, p->scam.again);
    bool is_outside = dice_hits(&s->dice, p->scam.outside);
    uint64_t bits = random_u64(&s->dice.source);
    if (is_again && s->last != 0)
        return s->last;
    return is_outside ? line_outside(&d->calls->lines, bits)
                      : (uint32_t)dice_scale(bits, d->world.persons);
}

/* A person who dials has a life, too: a few people it knows, who also ring it. */
static err speak_with_friend(struct drill *d, struct scammer *s)
{
    uint64_t which = dice_below(&s->dice, FRIENDS);
    uint64_t own = (uint64_t)(s - d->calls->scammers) << 8 | which;
    uint64_t friend = dice_scale(dice_mix(d->world.seed, own, TRAIT_REGULARS), d->world.persons);
    struct aimed aim = {.callee = (uint32_t) friend, .aim = AIM_FRIEND};
    if (dice_below(&s->dice, 2) == 0)
        return scam_calls_dial(d, s, &aim);
    struct lines *l = &d->calls->lines;
    struct whereabouts where = {.at_us = d->now_us, .bits = own};
    if (line_is_busy(l, aim.callee, d->now_us))
        return OK;
    struct dialling call = {.caller = aim.callee,
                            .callee = s->line,
                            .imei = line_imei(l, aim.callee, d->now_us),
                            .cell = line_cell(l, aim.callee, where),
                            .answered = d->params.calls.people.answered,
                            .talk_s = d->params.calls.people.talk_s,
                            .talk_sigma = d->params.calls.people.talk_sigma};
    struct dialled dialled;
    TRY(exchange_dial(d, &call, &dialled));
    s->free_us = dialled.end_us;
    return OK;
}

/* The rack's cards ring each other, so that they look like people's. */
static err mimic(struct drill *d, struct scammer *s, bool *ret_is_done)
{
    const struct rack *rack = &d->calls->racks[s->rack];
    bool wants = dice_hits(&s->dice, d->params.calls.racks[rack->type].mimic);
    struct scammer *other = wants ? racks_sibling(d, s) : NULL;
    *ret_is_done = other != NULL;
    if (other == NULL)
        return OK;
    struct aimed aim = {.callee = other->line, .aim = AIM_MIMIC};
    TRY(scam_calls_dial(d, s, &aim));
    other->free_us = s->free_us;
    return OK;
}

/* Somebody far away speaks with somebody here: mostly those whom this card was used for before. */
static err carry(struct drill *d, struct scammer *s)
{
    const struct rack_params *type = racks_type(d, s);
    bool is_again = dice_hits(&s->dice, type->again);
    uint64_t which = dice_below(&s->dice, (uint64_t)type->regulars);
    uint64_t bits = random_u64(&s->dice.source);
    if (is_again)
        bits = dice_mix(d->world.seed, (uint64_t)s->line << 32 | which, TRAIT_REGULARS + 256);
    struct aimed aim = {.callee = (uint32_t)dice_scale(bits, d->world.persons), .aim = AIM_CARRIED};
    return scam_calls_dial(d, s, &aim);
}

static err call_somebody(struct drill *d, struct scammer *s)
{
    bool is_done = false;
    if (is_in_rack(s))
        TRY(mimic(d, s, &is_done));
    if (is_done)
        return OK;
    if (s->way == WAY_BYPASS)
        return carry(d, s);
    if (s->way == WAY_HANDSET && dice_hits(&s->dice, d->params.calls.scam.friends))
        return speak_with_friend(d, s);
    struct aimed aim = {.callee = somebody(d, s), .aim = AIM_COLD};
    return scam_calls_dial(d, s, &aim);
}

/* How much slower than in the busiest hour, in thousandths; 0: nobody is there. */
static int64_t slower(const struct drill *d, uint32_t profile)
{
    const struct profile_params *p = &d->params.profiles[profile];
    int64_t most = 0;
    for (size_t i = 0; i < HOURS; i++)
        most = p->hours[i] > most ? p->hours[i] : most;
    int64_t now = p->hours[(d->now_us - d->params.begin_us) / HOUR_US % HOURS] * WEEKEND_OF;
    if (drill_is_weekend(d, drill_day(d, d->now_us)))
        now = now / WEEKEND_OF * (p->weekend / (MICRO / WEEKEND_OF));
    return now == 0 ? 0 : most * WEEKEND_OF * WEEKEND_OF / now;
}

static int64_t pause_us(struct drill *d, struct scammer *s, int64_t slower_thousandths)
{
    const struct call_params *p = &d->params.calls;
    int64_t pause_s = s->way == WAY_BYPASS ? racks_type(d, s)->pause_s : p->scam.pause_s;
    int64_t median_us = pause_s * SECOND_US / WEEKEND_OF * slower_thousandths;
    return SECOND_US + dice_about(&s->dice, median_us, p->scam.pause_sigma);
}

err scam_calls_act(struct drill *d, const struct event *e)
{
    struct scammer *s = &d->calls->scammers[e->which];
    int64_t slow = slower(d, s->profile);
    int64_t since = d->now_us - d->params.begin_us;
    bool is_ready = false;
    if (slow == 0) {
        int64_t next_us = d->now_us - since % HOUR_US + HOUR_US;
        int64_t later_us = (int64_t)dice_below(&s->dice, HOUR_US / 4);
        return drill_at(d, next_us + later_us, EVENT_SCAMMER, e->which, 0);
    }
    if (s->free_us <= d->now_us)
        TRY(scam_calls_ready(d, s, &is_ready));
    if (is_ready)
        TRY(call_somebody(d, s));
    int64_t from_us = s->free_us > d->now_us ? s->free_us : d->now_us;
    return drill_at(d, from_us + pause_us(d, s, slow), EVENT_SCAMMER, e->which, 0);
}

/* --- a victim's calls --- */

static err plan_lure(struct drill *d, uint32_t incident, int64_t at_us, int64_t pay_us)
{
    return drill_at(d, at_us, EVENT_LURE, incident, (uint64_t)pay_us);
}

err calls_lure_first(struct drill *d, uint32_t incident, int64_t pay_us)
{
    if (d->calls == NULL)
        return OK;
    const struct call_params *p = &d->params.calls;
    int64_t called = p->scam.by_rack + p->scam.by_handset + p->scam.by_abroad;
    int64_t room_us = (pay_us - d->now_us) / 4;
    room_us = room_us < LURE_AT_ONCE_S * SECOND_US ? room_us : LURE_AT_ONCE_S * SECOND_US;
    if (!dice_hits(&d->calls->lure_dice, called))
        return OK;
    int64_t at_us = d->now_us + (int64_t)dice_below(&d->calls->lure_dice, (uint64_t)room_us);
    return plan_lure(d, incident, at_us, pay_us);
}

err calls_lure_again(struct drill *d, uint32_t incident, int64_t pay_us)
{
    if (d->calls == NULL || !dice_hits(&d->calls->lure_dice, d->params.calls.scam.lure_again))
        return OK;
    int64_t room_us = (pay_us - d->now_us) / 4 * 3;
    int64_t at_us = d->now_us + (int64_t)dice_below(&d->calls->lure_dice, (uint64_t)room_us);
    return plan_lure(d, incident, at_us, pay_us);
}

static bool is_idle(const struct drill *d, const struct scammer *s)
{
    bool has_line = s->way == WAY_RACK ? s->card != 0 : true;
    return has_line && s->free_us <= d->now_us;
}

/* One of them who has no call, from `first` on; NULL: all have. */
static struct scammer *find_idle(struct drill *d, uint32_t first, uint32_t end)
{
    struct calls *c = d->calls;
    uint32_t count = end - first;
    uint32_t from = (uint32_t)dice_below(&c->lure_dice, count);
    for (uint32_t i = 0; i < count; i++) {
        struct scammer *s = &c->scammers[first + (from + i) % count];
        if (is_idle(d, s))
            return s;
    }
    return NULL;
}

static struct scammer *who_lures(struct drill *d, uint32_t ring)
{
    struct calls *c = d->calls;
    const struct call_params *p = &d->params.calls;
    const int64_t weights[WAY_COUNT] = {[WAY_HANDSET] = p->scam.by_handset,
                                        [WAY_RACK] = p->scam.by_rack,
                                        [WAY_ABROAD] = p->scam.by_abroad};
    size_t way = dice_pick(&c->lure_dice, weights, WAY_COUNT);
    struct scammer *s = NULL;
    if (way == WAY_RACK && c->rack_count > 0) {
        const struct rack *rack = &c->racks[ring % c->rack_count];
        uint32_t first = c->scammer_first[WAY_RACK] + rack->first_port;
        s = find_idle(d, first, first + rack->port_count);
    }
    if (s == NULL)
        s = find_idle(d, c->scammer_first[way], c->scammer_first[way + 1]);
    return s != NULL ? s : find_idle(d, 0, c->scammer_first[WAY_BYPASS]);
}

/* Before the payment, or not at all: a victim who is speaking is tried again a little later. */
err scam_calls_lure(struct drill *d, const struct event *e)
{
    const struct told_row *i = stolen_incident(d, e->which);
    if (d->now_us >= (int64_t)e->more)
        return OK;
    struct scammer *s = who_lures(d, i->ring);
    if (s == NULL || line_is_busy(&d->calls->lines, i->victim, d->now_us))
        return plan_lure(d, e->which, d->now_us + RETRY_S * SECOND_US, (int64_t)e->more);
    bool is_ready = true;
    if (s->way != WAY_RACK)
        TRY(scam_calls_ready(d, s, &is_ready));
    struct aimed aim = {.callee = i->victim, .incident = e->which, .aim = AIM_VICTIM};
    online_called(d, i->episode);
    return scam_calls_dial(d, s, &aim);
}
