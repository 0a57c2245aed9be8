/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Honest calls: each way of calling is one stream over everybody who has it, at the pace of its
 * hours; so are the private calls, the work and the callers of each kind of line.
 */
#include "drill/calls.h"

enum { OWN, WORK, RUNG };
enum {
    TRIES_MOST = 64,
    PRIVATE_CONTACTS = 14,
    PRIVATE_POWER = 2,
    REST_DAYS = 7,
    SHOPS_AROUND = 300,
    PLACES_A_CENTRE = 100,
    FIRM_ANSWERS = 900000,
    RETURNED_IS_ANSWERED = 850000,
};

/* One call being thought of. */
struct turn {
    struct drill *d;
    struct habit *habit;
    struct dialling call;
    uint32_t lender; /* whose telephone the caller's card is in; 0: its own */
};

static uint64_t below(struct turn *t, uint64_t n)
{
    return dice_below(&t->habit->dice, n);
}

static uint64_t bits_of(struct turn *t)
{
    return random_u64(&t->habit->dice.source);
}

static const struct call_params *params_of(const struct turn *t)
{
    return &t->d->params.calls;
}

/* --- who --- */

/* Anybody, but some speak far more than others: whoever comes up calls as often as is theirs. */
static uint32_t somebody(struct turn *t)
{
    const struct lines *l = &t->d->calls->lines;
    uint32_t person = (uint32_t)below(t, t->d->world.persons);
    for (int tries = 0; tries < TRIES_MOST; tries++) {
        if (dice_hits(&t->habit->dice, line_activity_micro(l, person)))
            break;
        person = (uint32_t)below(t, t->d->world.persons);
    }
    return person;
}

static uint32_t shop_near(struct turn *t, uint32_t person)
{
    const struct world *w = &t->d->world;
    uint64_t first = world_home(w, person) / (uint64_t)w->params->firms.per_shop;
    uint64_t shop = (first + below(t, SHOPS_AROUND)) % world_size(w, GROUP_SHOP);
    return w->first[GROUP_SHOP] + (uint32_t)shop;
}

static uint32_t friend_of(struct turn *t, uint32_t person)
{
    const struct lines *l = &t->d->calls->lines;
    uint64_t which =
        dice_skewed(&t->habit->dice, line_contacts(l, person), (int)params_of(t)->people.favour);
    return line_contact(l, person, (uint32_t)which);
}

/* --- from where, and the call itself --- */

static uint16_t trunk_of(const struct drill *d, uint32_t line)
{
    uint32_t kind = 0;
    bool is_abroad =
        line_kind(&d->calls->lines, line, &kind) && d->params.calls.kinds[kind].abroad != 0;
    uint64_t bits = dice_mix(d->world.seed, line, TRAIT_REST);
    return is_abroad ? (uint16_t)(1 + bits % (uint64_t)d->params.calls.scam.trunks) : 0;
}

/* Nothing comes of it when the caller has a call already, or calls itself. */
static err dial(struct turn *t)
{
    struct lines *l = &t->d->calls->lines;
    struct dialling *call = &t->call;
    struct dialled dialled;
    struct whereabouts where = {.at_us = t->d->now_us, .bits = bits_of(t)};
    if (call->caller == call->callee || line_is_in_use(l, call->caller, t->d->now_us))
        return OK;
    uint32_t with = t->lender == 0 ? call->caller : t->lender;
    call->imei = line_imei(l, with, t->d->now_us);
    call->cell = line_cell(l, with, where);
    call->trunk = trunk_of(t->d, call->caller);
    return exchange_dial(t->d, call, &dialled);
}

static void among_friends(struct turn *t, uint32_t caller, uint32_t callee)
{
    const struct call_params *p = params_of(t);
    t->call = (struct dialling){.caller = caller,
                                .callee = callee,
                                .answered = p->people.answered,
                                .talk_s = p->people.talk_s,
                                .talk_sigma = p->people.talk_sigma,
                                .back = p->people.back};
}

/* --- everybody --- */

static void think_of_people(struct turn *t, enum talk_kind kind)
{
    const struct world *w = &t->d->world;
    uint32_t person = somebody(t);
    uint32_t shop = shop_near(t, person);
    uint32_t friend = friend_of(t, person);
    switch (kind) {
    case TALK_FRIENDS:
    case TALK_TEXTS:
        among_friends(t, person, friend);
        t->call.is_text = kind == TALK_TEXTS;
        return;
    case TALK_ERRANDS:
        among_friends(t, person, shop);
        t->call.answered = FIRM_ANSWERS;
        return;
    case TALK_FIRMS:
        among_friends(t, shop,
                      below(t, 3) == 0 ? shop_near(t, (uint32_t)below(t, w->persons)) : person);
        return;
    case TALK_COUNT:
        break;
    }
    assert(kind < TALK_COUNT);
}

/* --- lines of a kind --- */

struct member {
    uint32_t kind;
    uint32_t line;
    uint32_t place; /* the first line of those beside it */
    const struct kind_params *p;
};

static struct member member_of(struct turn *t, uint32_t kind)
{
    const struct lines *l = &t->d->calls->lines;
    uint32_t first = l->kind_first[kind];
    uint32_t count = l->kind_first[kind + 1] - first;
    struct member m = {.kind = kind, .p = &params_of(t)->kinds[kind]};
    uint32_t which = (uint32_t)below(t, count);
    if (m.p->is_regular != 0)
        which = t->habit->cursor = (t->habit->cursor + 1) % count;
    m.line = first + which;
    m.place = m.line - which % (uint32_t)m.p->shared;
    return m;
}

static uint32_t stranger(struct turn *t, const struct member *m)
{
    struct lines *l = &t->d->calls->lines;
    struct whereabouts where = {.at_us = t->d->now_us, .bits = 0};
    uint32_t cell = line_cell(l, m->line, where);
    uint64_t bits = bits_of(t);
    if (!dice_hits(&t->habit->dice, m->p->near))
        return (uint32_t)dice_scale(bits, t->d->world.persons);
    cell = cell == CELL_NONE ? line_base(l, m->line) : cell;
    return line_person_near(l, cell / MAST_CELLS, bits);
}

/* Somebody it calls all the time: the same whoever asks. */
static uint32_t regular(const struct turn *t, const struct member *m, uint64_t which)
{
    const struct lines *l = &t->d->calls->lines;
    uint64_t bits = dice_mix(t->d->world.seed, (uint64_t)m->line << 32 | which, TRAIT_REGULARS);
    if ((int64_t)dice_scale(bits, (uint64_t)MICRO) >= m->p->near)
        return (uint32_t)dice_scale(dice_mix(bits, 1, 1), t->d->world.persons);
    return line_person_near(l, line_base(l, m->line) / MAST_CELLS, dice_mix(bits, 2, 2));
}

static uint32_t centre(const struct turn *t, const struct member *m)
{
    const struct world *w = &t->d->world;
    uint64_t which = (uint64_t)m->kind << 32 | (m->place / PLACES_A_CENTRE);
    uint64_t bits = dice_mix(w->seed, which, TRAIT_REST);
    return w->first[GROUP_SERVICE] + (uint32_t)dice_scale(bits, world_size(w, GROUP_SERVICE));
}

/* With those it knows: people, and half of the time those at the same place. */
static void think_own(struct turn *t, const struct member *m)
{
    uint64_t which = dice_skewed(&t->habit->dice, PRIVATE_CONTACTS, PRIVATE_POWER);
    uint32_t other = regular(t, m, which + ((uint64_t)1 << 24));
    const struct lines *l = &t->d->calls->lines;
    uint32_t fellow =
        m->place + (uint32_t)((m->line - m->place + 1 + which) % (uint64_t)m->p->shared);
    if (which % 2 == 1 && m->p->sleeps != 0 && fellow < l->kind_first[m->kind + 1])
        other = fellow;
    if (below(t, 2) == 0)
        among_friends(t, m->line, other);
    else
        among_friends(t, other, m->line);
}

/* Somebody's card is tried in its telephone: the owner rings the shop, or one of his own. */
static void lend(struct turn *t, const struct member *m)
{
    uint32_t owner = stranger(t, m);
    bool is_here = below(t, 2) == 0;
    among_friends(t, owner, is_here ? m->line : friend_of(t, owner));
    t->lender = m->line;
}

static bool think_work(struct turn *t, const struct member *m)
{
    const struct kind_params *p = m->p;
    uint32_t day = drill_day(t->d, t->d->now_us);
    uint64_t rest = dice_mix(t->d->world.seed, m->line, TRAIT_REST) + day;
    uint32_t callee = stranger(t, m);
    if (dice_hits(&t->habit->dice, p->centre))
        callee = centre(t, m);
    else if (dice_hits(&t->habit->dice, p->again))
        callee = regular(t, m, below(t, (uint64_t)p->regulars));
    t->call = (struct dialling){.caller = m->line,
                                .callee = callee,
                                .answered = p->answered,
                                .talk_s = p->talk_s,
                                .talk_sigma = p->sigma,
                                .back = p->back};
    t->call.is_text = dice_hits(&t->habit->dice, p->texts);
    if (dice_hits(&t->habit->dice, p->lends))
        lend(t, m);
    return p->is_regular != 0 || rest % REST_DAYS != 0;
}

static void think_rung(struct turn *t, const struct member *m)
{
    bool is_known = dice_hits(&t->habit->dice, m->p->again);
    uint32_t other = stranger(t, m);
    if (is_known)
        other = regular(t, m, below(t, (uint64_t)m->p->regulars));
    among_friends(t, other, m->line);
    t->call.talk_s = m->p->talk_s;
    t->call.talk_sigma = m->p->sigma;
}

static err act_of_kind(struct turn *t, uint32_t stream)
{
    struct member m = member_of(t, stream / KIND_STREAMS);
    if (stream % KIND_STREAMS == WORK)
        return think_work(t, &m) ? dial(t) : OK;
    if (stream % KIND_STREAMS == OWN)
        think_own(t, &m);
    else
        think_rung(t, &m);
    return dial(t);
}

/* --- when --- */

static uint32_t profile_of(const struct drill *d, size_t stream)
{
    const struct call_params *p = &d->params.calls;
    if (stream < TALK_COUNT)
        return p->talks[stream].profile;
    size_t part = stream - TALK_COUNT;
    return part % KIND_STREAMS == OWN ? p->talks[TALK_FRIENDS].profile
                                      : p->kinds[part / KIND_STREAMS].profile;
}

int64_t talk_a_day_micro(const struct drill *d, size_t stream)
{
    const struct call_params *p = &d->params.calls;
    const struct lines *l = &d->calls->lines;
    if (stream < TALK_COUNT) {
        enum group g = stream == TALK_FIRMS ? GROUP_SHOP : GROUP_PERSON;
        return p->talks[stream].per_day * world_size(&d->world, g);
    }
    size_t kind = (stream - TALK_COUNT) / KIND_STREAMS;
    if (kind >= p->kind_count)
        return 0;
    const int64_t rates[KIND_STREAMS] = {p->kinds[kind].own, p->kinds[kind].work,
                                         p->kinds[kind].rung};
    return rates[(stream - TALK_COUNT) % KIND_STREAMS] *
           (l->kind_first[kind + 1] - l->kind_first[kind]);
}

err talk_begin(struct drill *d)
{
    for (uint32_t stream = 0; stream < STREAMS; stream++) {
        struct habit *h = &d->calls->streams[stream];
        uint64_t seed = dice_mix(d->world.seed, stream, TRAIT_REST + 256);
        int64_t a_day = talk_a_day_micro(d, stream);
        if (a_day == 0)
            continue;
        dice_fork(&h->dice, seed, STR("calls talk"));
        habit_set_pace(d, h, profile_of(d, stream), a_day);
        TRY(drill_at(d, habit_next_us(d, h), EVENT_TALK, stream, 0));
    }
    return OK;
}

err talk_act(struct drill *d, const struct event *e)
{
    struct turn t = {.d = d, .habit = &d->calls->streams[e->which]};
    if (e->which < TALK_COUNT) {
        think_of_people(&t, (enum talk_kind)e->which);
        TRY(dial(&t));
    } else {
        TRY(act_of_kind(&t, e->which - TALK_COUNT));
    }
    return drill_at(d, habit_next_us(d, t.habit), EVENT_TALK, e->which, 0);
}

/* Numbers that only a scam shows are answered by nobody. */
err talk_back(struct drill *d, const struct event *e)
{
    struct turn t = {.d = d, .habit = &d->calls->streams[TALK_FRIENDS]};
    uint32_t caller = (uint32_t)e->more;
    among_friends(&t, e->which, caller);
    t.call.answered = line_is_scam(&d->calls->lines, caller) ? 0 : RETURNED_IS_ANSWERED;
    t.call.back = 0;
    return dial(&t);
}
