/* SPDX-License-Identifier: Apache-2.0 */
#include "app/screen/sip_screen.h"

#include "app/screen/cover.h"
#include "app/screen/redress.h"
#include "app/screen/screened.h"
#include "app/screen/screening.h"
#include "app/screen/signers.h"
#include "gate/sip/sip.h"

enum { TURN_BYTES = 4 << 20 };
#define LATE_US US_PER_S /* how old the tables may be */

/* A thread that asks. */
struct sip_screen_lane {
    struct reader *reader;
    struct arena turn;
};

struct sip_screen {
    struct house *house;
    struct sip_options options;
    struct sip_gate *gate;
    struct signers *signers; /* NULL: what networks sign is not checked */
    struct screened *screened;
    struct env_flag has_gate; /* it was started, and can be read until the end */
    struct env_flag is_open;  /* and answers */
    struct sip_screen_lane lane[SIP_LANE_COUNT];
};

/* --- judging --- */

static void judge_by_tables(const struct sip_screen *c, struct screen_reader *tables,
                            struct sip_question *questions, size_t count)
{
    struct screen_question asked[SIP_QUESTIONS];
    struct screen_answer answers[SIP_QUESTIONS];
    for (size_t i = 0; i < count; i++)
        asked[i] = (struct screen_question){INDICATOR_NUMBER, questions[i].number};
    screen_ask_many(tables, asked, count, clock_now(&c->house->clock), answers);
    screen_leave(tables);
    for (size_t i = 0; i < count; i++) {
        questions[i].verdict = answers[i].verdict;
        questions[i].is_listed = answers[i].is_listed;
    }
}

static void judge_one(struct sip_screen *c, struct sip_screen_lane *lane, struct sip_question *q)
{
    struct indicator indicator = {.kind = INDICATOR_NUMBER, .value = q->number};
    struct judgement judgement;
    instant now = clock_now(&c->house->clock);
    arena_reset(&lane->turn);
    err e = cover_judge(lane->reader, &indicator, now, &lane->turn, &judgement);
    q->is_unknown = failed(e);
    if (failed(e))
        return;
    q->verdict = judgement.verdict;
    q->is_listed = judgement.listing != NULL;
}

static void judge(void *self, enum sip_lane lane, struct sip_question *questions, size_t count)
{
    struct sip_screen *c = self;
    struct screen_reader tables;
    if (screening_enter(c->house, &tables) || screening_enter_late(c->house, LATE_US, &tables)) {
        judge_by_tables(c, &tables, questions, count);
        return;
    }
    for (size_t i = 0; i < count; i++)
        judge_one(c, &c->lane[lane], &questions[i]);
}

static bool has_card(void *self)
{
    const struct sip_screen *c = self;
    return redress_is_valid(c->house);
}

static instant now(void *self)
{
    const struct sip_screen *c = self;
    return clock_now(&c->house->clock);
}

static const struct sip_signers *signers(void *self)
{
    const struct sip_screen *c = self;
    return signers_read(c->signers);
}

/* --- options --- */

static err nets_make(struct house *house, const struct conf_nets *nets,
                     const struct sip_net **ret_nets)
{
    struct sip_net *made = arena_make_array(&house->boot, nets->count + 1, sizeof *made);
    if (made == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (size_t i = 0; i < nets->count; i++)
        made[i] = (struct sip_net){.address = nets->at[i].address, .bits = nets->at[i].bits};
    *ret_nets = made;
    return OK;
}

static err trunks_make(struct house *house, struct sip_options *o)
{
    const struct conf_trunks *trunks = &house->conf.sip_trunks;
    struct sip_trunk_options *made =
        arena_make_array(&house->boot, trunks->count + 1, sizeof *made);
    if (made == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (size_t i = 0; i < trunks->count; i++) {
        const struct conf_trunk *t = &trunks->at[i];
        made[i] = (struct sip_trunk_options){
            .name = t->name,
            .kind = t->is_international ? TRUNK_INTERNATIONAL : TRUNK_DOMESTIC,
            .is_asserting = t->is_asserting,
            .is_national = !t->is_e164,
            .reject_with = t->is_declining ? 603 : 608,
            .calls_per_s = t->calls_per_s,
            .from_count = t->from.count,
        };
        TRY(nets_make(house, &t->from, &made[i].from));
    }
    o->trunks = made;
    o->trunk_count = trunks->count;
    return OK;
}

static enum sip_action action_of(unsigned word)
{
    static const enum sip_action actions[] = {[CONF_CALL_PASS] = SIP_ACT_PASS,
                                              [CONF_CALL_WARN] = SIP_ACT_WARN,
                                              [CONF_CALL_BLOCK] = SIP_ACT_REJECT};
    return actions[word];
}

static err make_options(struct house *house, struct sip_options *o)
{
    const struct conf *conf = &house->conf;
    *o = (struct sip_options){
        .actions = {[SIP_REASON_official] = action_of(conf->sip_official),
                    [SIP_REASON_short_code] = action_of(conf->sip_short_code),
                    [SIP_REASON_domestic] = action_of(conf->sip_domestic),
                    [SIP_REASON_impossible] = action_of(conf->sip_impossible),
                    [SIP_REASON_unassigned] = action_of(conf->sip_unassigned),
                    [SIP_REASON_burst] = action_of(conf->sip_burst),
                    [SIP_REASON_forged] = action_of(conf->sip_forged)},
        .warning = conf->sip_warning,
        .redress_url = conf->sip_redress_url,
        .refuses_strangers = conf->sip_strangers == 1,
        .exempt = {house->law.never_screened, house->law.never_screened_count},
        .number_calls_per_min = conf->sip_number_calls_per_min,
        .has_notary = !str_is_empty(conf->sip_certificates),
        .fresh_s = conf->sip_fresh_s,
    };
    TRY(trunks_make(house, o));
    return conf_address_parse(conf->sip_listen, &o->host, &o->port);
}

/* --- life --- */

err sip_screen_prepare(struct house *house)
{
    if (str_is_empty(house->conf.sip_listen))
        return OK;
    struct sip_screen *c = arena_make(&house->boot, sizeof *c);
    if (c == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    c->house = house;
    for (size_t i = 0; i < SIP_LANE_COUNT; i++) {
        arena_init(&c->lane[i].turn, TURN_BYTES);
        c->lane[i].reader = house_reader_take(house);
    }
    house->sip = c;
    TRY(screened_make(house, &c->screened));
    TRY(signers_open(house, &c->signers));
    return make_options(house, &c->options);
}

err sip_screen_open(struct house *house)
{
    struct sip_screen *c = house->sip;
    if (c == NULL)
        return OK;
    struct sip_port port = {
        .self = c, .judge = judge, .has_card = has_card, .now = now, .signers = signers};
    TRY(sip_gate_start(&c->options, &port, &c->gate));
    env_flag_raise(&c->has_gate);
    env_flag_raise(&c->is_open);
    LOG(&house->log, LOG_INFO, "sip_open", LOG_INT("port", sip_gate_port(c->gate)));
    return OK;
}

void sip_screen_stop(struct house *house)
{
    struct sip_screen *c = house->sip;
    if (c == NULL)
        return;
    env_flag_lower(&c->is_open);
    sip_gate_stop(c->gate);
    signers_close(c->signers);
    for (size_t i = 0; i < SIP_LANE_COUNT; i++) {
        house_reader_give(house, c->lane[i].reader);
        arena_done(&c->lane[i].turn);
    }
}

void sip_screen_close(struct house *house)
{
    if (house->sip != NULL)
        sip_gate_close(house->sip->gate);
}

err sip_screen_keep(struct house *house, struct store *store, instant now)
{
    bool is_open = env_flag_is_up(&house->is_ready) || env_flag_is_up(&house->is_stopping);
    struct sip_screen *c = is_open ? house->sip : NULL; /* the store thread is older than that */
    if (c == NULL || !env_flag_is_up(&c->has_gate))
        return OK;
    return screened_keep(c->screened, c->gate, store, now);
}

instant sip_screen_kept_until(struct house *house)
{
    return house->sip == NULL ? (instant){0} : screened_until(house->sip->screened);
}

struct signers *sip_screen_signers(struct house *house)
{
    return sip_screen_gate(house) == NULL ? NULL : house->sip->signers;
}

const struct sip_gate *sip_screen_gate(struct house *house)
{
    struct sip_screen *c = house->sip;
    return c != NULL && env_flag_is_up(&c->is_open) ? c->gate : NULL;
}
