/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/online.h"

#include "drill/calls.h"

enum {
    SITE_KIND_BITS = 8,
    SITE_EPOCH_BITS = 16,
    SITE_CLASS_SHIFT = 60,
    WRONG_SITES = 3, /* listed by mistake at any time */
    POPULAR_SITES = 200,
    POPULAR_POWER = 3,
    OLD_EPOCHS = 6, /* how old the site is that somebody comes upon */
    STRAY_TRIES = 8,
    REPORT_MOST_DAYS = 400,
    MESSAGE_SOON_S = 60,
};

enum site_class { SITE_SCAM, SITE_WRONG, SITE_POPULAR };

struct online {
    struct habit baits;
    struct habit strays[2];
    struct habit links;
    struct dice lure_dice;
    struct dice tell_dice;
    struct courier visits;
    struct courier messages;
    struct shelf episodes; /* struct episode_row */
};

/* --- sites --- */

static uint64_t site_of(enum site_class class, uint64_t which, uint32_t epoch, uint32_t kind)
{
    return (uint64_t) class << SITE_CLASS_SHIFT | which << (SITE_EPOCH_BITS + SITE_KIND_BITS) |
           (uint64_t)epoch << SITE_KIND_BITS | kind;
}

static enum site_class site_class(uint64_t site)
{
    return (enum site_class)(site >> SITE_CLASS_SHIFT);
}

/* Rings do not all change on one day. */
static uint32_t epoch_of(const struct drill *d, uint32_t ring)
{
    uint32_t days = (uint32_t)d->params.online.site_days;
    return (drill_day(d, d->now_us) + ring % days) / days;
}

static uint64_t scam_site(const struct drill *d, uint32_t ring, uint32_t scam, uint32_t back)
{
    uint32_t epoch = epoch_of(d, ring);
    return site_of(SITE_SCAM, ring, epoch < back ? 0 : epoch - back, scam);
}

/* 0: never. */
static int64_t listed_us(const struct drill *d, uint64_t site)
{
    const struct online_params *p = &d->params.online;
    uint64_t ring =
        (site & ~(UINT64_C(15) << SITE_CLASS_SHIFT)) >> (SITE_EPOCH_BITS + SITE_KIND_BITS);
    int64_t epoch = (int64_t)(site >> SITE_KIND_BITS & ((1U << SITE_EPOCH_BITS) - 1));
    int64_t day = epoch * p->site_days - (int64_t)ring % p->site_days;
    uint64_t bits = dice_mix(d->world.seed, site, TRAIT_LISTED);
    uint64_t more = dice_mix(d->world.seed, site, TRAIT_LISTED + 256);
    if ((int64_t)dice_scale(bits, (uint64_t)MICRO) >= p->listed)
        return 0;
    return d->params.begin_us + day * DAY_US +
           dice_about_fixed(more, p->listed_h * HOUR_US, p->listed_sigma);
}

static bool is_listed(const struct drill *d, uint64_t site)
{
    if (site_class(site) != SITE_SCAM)
        return site_class(site) == SITE_WRONG;
    int64_t from_us = listed_us(d, site);
    int64_t until_us = from_us + d->params.online.listing_days * DAY_US;
    return from_us != 0 && d->now_us >= from_us && d->now_us < until_us;
}

/* --- what the carriers report --- */

static err hand_visit(struct drill *d, const void *row)
{
    d->counts.visits++;
    env_counter_add(&d->rows, 1);
    return d->port.visit(d->port.self, row);
}

static err hand_message(struct drill *d, const void *row)
{
    d->counts.messages++;
    env_counter_add(&d->rows, 1);
    return d->port.message(d->port.self, row);
}

static bool is_private(const struct drill *d, uint32_t line)
{
    uint64_t bits = dice_mix(d->world.seed, line, TRAIT_RESOLVER);
    return (int64_t)dice_scale(bits, (uint64_t)MICRO) < d->params.online.private;
}

/* Only a query that the policy matched leaves the resolver. */
static err visit(struct drill *d, uint32_t line, uint64_t site)
{
    if (!is_listed(d, site) || is_private(d, line))
        return OK;
    uint8_t carrier = (uint8_t)line_carrier(&d->calls->lines, line);
    struct visit_row row = {.at_us = exchange_clock(d, carrier, d->now_us),
                            .site = site,
                            .line = line,
                            .carrier = carrier};
    return courier_put(d, &d->online->visits, carrier, &row);
}

static err message(struct drill *d, uint32_t sender, uint32_t line, uint64_t site)
{
    uint8_t carrier = (uint8_t)line_carrier(&d->calls->lines, line);
    struct message_row row = {.at_us = exchange_clock(d, carrier, d->now_us),
                              .site = site,
                              .sender = sender,
                              .line = line,
                              .carrier = carrier};
    return courier_put(d, &d->online->messages, carrier, &row);
}

static struct courier *courier_of(struct drill *d, uint32_t event)
{
    bool is_visit = event == EVENT_VISITS_CLOSE || event == EVENT_VISITS_ARRIVE;
    return is_visit ? &d->online->visits : &d->online->messages;
}

err online_close(struct drill *d, const struct event *e)
{
    return courier_close(d, courier_of(d, e->kind), e);
}

err online_arrive(struct drill *d, const struct event *e)
{
    return courier_arrive(d, courier_of(d, e->kind), e);
}

/* --- an episode --- */

static struct episode_row *episode_at(const struct drill *d, uint32_t episode)
{
    return shelf_at(&d->online->episodes, episode);
}

static err begin_episode(struct drill *d, const struct episode_row *row, uint32_t *ret_episode)
{
    TRY(shelf_take(&d->online->episodes, ret_episode));
    struct episode_row *at = episode_at(d, *ret_episode);
    *at = *row;
    at->begun_us = d->now_us;
    at->site = scam_site(d, row->ring, row->scam, 0);
    d->counts.episodes++;
    return OK;
}

/* The first soon after the message, some more until then. */
static err plan_visits(struct drill *d, uint32_t episode, struct dice *dice, int64_t until_us)
{
    const struct episode_row *i = episode_at(d, episode);
    const struct online_params *p = &d->params.online;
    int64_t first_us = d->now_us + 1;
    if (i->message_us != 0)
        first_us += dice_about(dice, p->open_min * MINUTE_US, p->open_sigma);
    if (first_us >= until_us)
        first_us = d->now_us + (until_us - d->now_us) / 2;
    int64_t room_us = until_us - first_us;
    uint64_t more = dice_below(dice, (uint64_t)d->params.scams[i->scam].visits);
    TRY(drill_at(d, first_us, EVENT_OPEN, episode, 0));
    for (; more > 0; more--) {
        int64_t later_us = (int64_t)dice_below(dice, (uint64_t)room_us + 1);
        TRY(drill_at(d, first_us + later_us, EVENT_OPEN, episode, 0));
    }
    return OK;
}

static err plan_message(struct drill *d, uint32_t episode, struct dice *dice)
{
    int64_t soon_us = (int64_t)dice_below(dice, MESSAGE_SOON_S * (uint64_t)SECOND_US);
    episode_at(d, episode)->message_us = d->now_us + soon_us;
    return drill_at(d, d->now_us + soon_us, EVENT_MESSAGE, episode, 0);
}

err online_message(struct drill *d, const struct event *e)
{
    const struct episode_row *i = episode_at(d, e->which);
    uint64_t bits = dice_mix(d->world.seed, i->site, TRAIT_SENDER);
    return message(d, line_sender(&d->calls->lines, bits), i->line, i->site);
}

err online_open(struct drill *d, const struct event *e)
{
    struct episode_row *i = episode_at(d, e->which);
    if (i->visit_us == 0)
        i->visit_us = d->now_us;
    return visit(d, i->line, i->site);
}

void online_called(struct drill *d, uint32_t episode)
{
    if (episode != 0 && episode_at(d, episode)->call_us == 0)
        episode_at(d, episode)->call_us = d->now_us;
}

void online_asked(struct drill *d, uint32_t episode)
{
    if (episode != 0 && episode_at(d, episode)->asked_us == 0)
        episode_at(d, episode)->asked_us = d->now_us;
}

/* --- victims --- */

err online_lure_first(struct drill *d, uint32_t incident, int64_t pay_us)
{
    if (d->online == NULL)
        return OK;
    struct dice *dice = &d->online->lure_dice;
    struct told_row *i = stolen_incident(d, incident);
    const struct scam_params *scam = &d->params.scams[i->scam];
    struct episode_row row = {
        .incident = incident, .scam = i->scam, .line = i->victim, .ring = i->ring};
    TRY(begin_episode(d, &row, &i->episode));
    if (dice_hits(dice, scam->texted))
        TRY(plan_message(d, i->episode, dice));
    return dice_hits(dice, scam->visited) ? plan_visits(d, i->episode, dice, pay_us) : OK;
}

/* Who has been there goes there again; the site may have been changed by now. */
err online_lure_again(struct drill *d, uint32_t incident, int64_t pay_us)
{
    const struct told_row *told = stolen_incident(d, incident);
    if (d->online == NULL || episode_at(d, told->episode)->visit_us == 0)
        return OK;
    struct dice *dice = &d->online->lure_dice;
    episode_at(d, told->episode)->site = scam_site(d, told->ring, told->scam, 0);
    int64_t later_us = (int64_t)dice_below(dice, (uint64_t)(pay_us - d->now_us) + 1);
    return drill_at(d, d->now_us + later_us, EVENT_OPEN, told->episode, 0);
}

/* --- everybody else --- */

static uint32_t some_scam(struct drill *d, struct dice *dice)
{
    int64_t weights[SCAMS_MOST];
    for (size_t i = 0; i < d->params.scam_count; i++)
        weights[i] = d->params.scams[i].share;
    return (uint32_t)dice_pick(dice, weights, d->params.scam_count);
}

/* A scam reaches somebody who will not pay; some look at the site all the same. */
err online_bait(struct drill *d, const struct event *e)
{
    struct habit *habit = &d->online->baits;
    struct dice *dice = &habit->dice;
    uint32_t episode = 0;
    struct episode_row row = {.scam = some_scam(d, dice)};
    row.line = (uint32_t)dice_below(dice, d->world.persons);
    row.ring = (uint32_t)dice_below(dice, d->scam.rings);
    TRY(begin_episode(d, &row, &episode));
    if (dice_hits(dice, d->params.scams[row.scam].texted))
        TRY(plan_message(d, episode, dice));
    int64_t gap_us = d->params.scams[row.scam].gap_min * MINUTE_US;
    if (dice_hits(dice, d->params.online.opened))
        TRY(plan_visits(d, episode, dice, d->now_us + gap_us));
    return drill_at(d, habit_next_us(d, habit), EVENT_BAIT, e->which, 0);
}

static uint64_t wrong_site(struct drill *d, struct dice *dice)
{
    uint32_t epoch = drill_day(d, d->now_us) / (uint32_t)d->params.online.wrong_days;
    return site_of(SITE_WRONG, dice_below(dice, WRONG_SITES), epoch, 0);
}

/* A listed one, if a few tries find any. */
static uint64_t stray_site(struct drill *d, struct dice *dice)
{
    uint64_t site = 0;
    for (int tries = 0; tries < STRAY_TRIES; tries++) {
        uint32_t ring = (uint32_t)dice_below(dice, d->scam.rings);
        uint32_t scam = some_scam(d, dice);
        uint32_t back = (uint32_t)dice_below(dice, OLD_EPOCHS);
        site = scam_site(d, ring, scam, back);
        if (is_listed(d, site))
            break;
    }
    return site;
}

err online_stray(struct drill *d, const struct event *e)
{
    struct habit *habit = &d->online->strays[e->which];
    uint32_t line = (uint32_t)dice_below(&habit->dice, d->world.persons);
    uint64_t site = e->which == 0 ? stray_site(d, &habit->dice) : wrong_site(d, &habit->dice);
    TRY(visit(d, line, site));
    return drill_at(d, habit_next_us(d, habit), EVENT_STRAY, e->which, 0);
}

/* Shops, banks and parcels write, too: to sites that no list has. */
err online_link(struct drill *d, const struct event *e)
{
    struct habit *habit = &d->online->links;
    uint32_t line = (uint32_t)dice_below(&habit->dice, d->world.persons);
    uint64_t which = dice_skewed(&habit->dice, POPULAR_SITES, POPULAR_POWER);
    uint64_t site = site_of(SITE_POPULAR, which, 0, 0);
    uint64_t bits = dice_mix(d->world.seed, site, TRAIT_SENDER);
    TRY(message(d, line_outside(&d->calls->lines, bits), line, site));
    return drill_at(d, habit_next_us(d, habit), EVENT_LINK, e->which, 0);
}

/* --- the whole --- */

static void begin_courier(struct drill *d, struct courier *c, str dice)
{
    for (size_t i = 0; i < d->params.calls.carrier_count; i++) {
        const struct carrier_params *carrier = &d->params.calls.carriers[i];
        c->manners[i] = (struct courier_manners){.every_s = carrier->every_s,
                                                 .late = carrier->late,
                                                 .late_hours = carrier->late_hours,
                                                 .resent = carrier->resent,
                                                 .doubled = carrier->doubled};
    }
    courier_begin(d, c, dice);
}

/* A stream of its own, at so many a million persons and day. */
static err begin_stream(struct drill *d, struct habit *h, int64_t a_day_micro,
                        const struct event *e)
{
    habit_set_pace(d, h, d->params.habits[HABIT_ONLINE].profile, a_day_micro);
    return drill_at(d, habit_next_us(d, h), (enum event_kind)e->kind, e->which, 0);
}

static int64_t a_day_micro(const struct drill *d, int64_t rate)
{
    return (int64_t)((__int128)rate * d->world.persons / MICRO);
}

static err begin_streams(struct drill *d)
{
    struct online *o = d->online;
    const struct online_params *p = &d->params.online;
    int64_t victims = a_day_micro(d, d->params.scam.victims);
    victims = victims < d->params.scam.least ? d->params.scam.least : victims;
    int64_t baited = (int64_t)((__int128)victims * p->baited / MICRO);
    dice_fork(&o->lure_dice, d->world.seed, STR("online lure"));
    dice_fork(&o->tell_dice, d->world.seed, STR("online tell"));
    dice_fork(&o->baits.dice, d->world.seed, STR("online bait"));
    dice_fork(&o->strays[0].dice, d->world.seed, STR("online stray"));
    dice_fork(&o->strays[1].dice, d->world.seed, STR("online wrong"));
    dice_fork(&o->links.dice, d->world.seed, STR("online link"));
    struct event bait = {.kind = EVENT_BAIT};
    struct event stray = {.kind = EVENT_STRAY};
    struct event wrong = {.kind = EVENT_STRAY, .which = 1};
    struct event link = {.kind = EVENT_LINK};
    TRY(begin_stream(d, &o->baits, baited, &bait));
    TRY(begin_stream(d, &o->strays[0], a_day_micro(d, p->strays), &stray));
    TRY(begin_stream(d, &o->strays[1], a_day_micro(d, p->wrong), &wrong));
    return begin_stream(d, &o->links, a_day_micro(d, p->links), &link);
}

err online_begin(struct drill *d)
{
    if (d->port.visit == NULL)
        return OK;
    assert(d->calls != NULL && d->port.message != NULL && d->port.episode != NULL);
    d->online = arena_make(d->arena, sizeof *d->online);
    if (d->online == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    struct online *o = d->online;
    shelf_init(&o->episodes, d->arena, sizeof(struct episode_row));
    o->visits = (struct courier){.row_bytes = sizeof(struct visit_row),
                                 .closes = EVENT_VISITS_CLOSE,
                                 .arrives = EVENT_VISITS_ARRIVE,
                                 .hand_over = hand_visit};
    o->messages = (struct courier){.row_bytes = sizeof(struct message_row),
                                   .closes = EVENT_MESSAGES_CLOSE,
                                   .arrives = EVENT_MESSAGES_ARRIVE,
                                   .hand_over = hand_message};
    begin_courier(d, &o->visits, STR("online visits"));
    begin_courier(d, &o->messages, STR("online messages"));
    return begin_streams(d);
}

/* Noticing is not telling: some never do, some only after weeks. */
static void add_end(struct drill *d, struct episode_row *i)
{
    const struct online_params *p = &d->params.online;
    struct dice *dice = &d->online->tell_dice;
    bool is_told = !dice_hits(dice, p->unreported);
    bool is_late = dice_hits(dice, p->late);
    int64_t late_us = dice_about(dice, p->late_h * HOUR_US, p->late_sigma);
    i->takes_calls = dice_hits(dice, p->answers);
    i->heeds_call = dice_hits(dice, p->heeds_call);
    i->heeds_visit = dice_hits(dice, p->heeds_visit);
    i->heeds_text = dice_hits(dice, d->params.asking.heeds_text);
    if (i->incident == 0 || stolen_incident(d, i->incident)->fen == 0)
        return;
    late_us = late_us < REPORT_MOST_DAYS * DAY_US ? late_us : REPORT_MOST_DAYS * DAY_US;
    i->noticed_us = stolen_incident(d, i->incident)->told_us;
    if (is_told)
        i->reported_us = i->noticed_us + (is_late ? late_us : 0);
}

err online_tell(struct drill *d)
{
    if (d->online == NULL)
        return OK;
    for (uint32_t number = 1; number <= d->online->episodes.count; number++) {
        struct episode_row *i = episode_at(d, number);
        i->listed_us = listed_us(d, i->site);
        add_end(d, i);
        TRY(d->port.episode(d->port.self, i));
    }
    return OK;
}
