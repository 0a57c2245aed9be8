/* SPDX-License-Identifier: Apache-2.0 */
#include "env/random.h"
#include "gate/sip/server.h"
#include "kit/phone.h"

#include <assert.h>

static void flush(struct env_counter *to, uint64_t *from, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (from[i] == 0)
            continue;
        env_counter_add(&to[i], from[i]);
        from[i] = 0;
    }
}

void sip_counts_flush(struct sip_gate *g, struct sip_answerer *a)
{
    struct sip_counters *to = &g->counters;
    for (size_t i = 0; i < g->rules.trunks.count; i++) {
        if (!a->counts.has_news[i])
            continue;
        a->counts.has_news[i] = false;
        for (size_t k = 0; k < SIP_REASON_COUNT; k++)
            flush(to->answered[i][k], a->counts.trunks[i].answered[k], SIP_SAID_COUNT);
    }
    flush(&to->strangers, &a->counts.strangers, 1);
    flush(&to->strays, &a->counts.strays, 1);
}

static err trunk_start(struct sip_trunks *trunks, const struct sip_trunk_options *o)
{
    struct sip_trunk *t = &trunks->at[trunks->count];
    *t = (struct sip_trunk){.name = o->name,
                            .kind = o->kind,
                            .is_asserting = o->is_asserting,
                            .is_national = o->is_national,
                            .reject_with = o->reject_with,
                            .rate = guard_rate_of(o->calls_per_s, US_PER_S)};
    for (size_t i = 0; i < o->from_count; i++)
        TRY(nets_put(&t->from, o->from[i].address, o->from[i].bits));
    trunks->count++;
    return OK;
}

static err answerer_start(struct sip_gate *g, struct sip_answerer *a, enum sip_lane lane)
{
    a->rules = &g->rules;
    a->lane = lane;
    a->last_trunk = SIP_NO_TRUNK;
    arena_init(&a->turn, SIP_TURN_BYTES);
    a->numbers = (struct guard){.seed = ~g->rules.seed, .rate = g->number_rate};
    if (a->numbers.rate.cost_us > 0)
        a->numbers.lines = arena_make_array(&g->boot, GUARD_LINES, sizeof *a->numbers.lines);
    bool is_spent = a->numbers.rate.cost_us > 0 && a->numbers.lines == NULL;
    return is_spent ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

static err gate_start(struct sip_gate *g, const struct sip_options *o)
{
    struct random_source random;
    random_init_secure(&random);
    struct sip_rules *rules = &g->rules;
    rules->seed = random_u64(&random);
    rules->warning = o->warning;
    rules->redress_url = o->redress_url;
    rules->refuses_strangers = o->refuses_strangers;
    rules->exempt = o->exempt;
    memcpy(rules->actions, o->actions, sizeof rules->actions);
    if (o->trunk_count > SIP_TRUNKS)
        return fail(ERR_LIMIT, "sip: too many trunks", SIP_TRUNKS);
    for (size_t i = 0; i < o->trunk_count; i++)
        TRY(trunk_start(&rules->trunks, &o->trunks[i]));
    (void)phone_is_possible(STR("+8610010010010")); /* its table is made before anybody calls */
    g->number_rate = guard_rate_of(o->number_calls_per_min, 60 * US_PER_S);
    struct sip_notary_options notary = {&rules->trunks, &rules->port, o->fresh_s, rules->seed};
    if (o->has_notary)
        TRY(sip_notary_start(&notary, &g->boot, &rules->notary));
    TRY(answerer_start(g, &g->udp, SIP_LANE_UDP));
    TRY(answerer_start(g, &g->tcp, SIP_LANE_TCP));
    TRY(net_address_parse(o->host, o->port, &g->address));
    TRY(sip_tcp_start(g));
    return sip_udp_start(g);
}

err sip_gate_start(const struct sip_options *options, const struct sip_port *port,
                   struct sip_gate **ret_gate)
{
    enum { BOOT_BYTES = 32 << 20 };
    static_assert((size_t)SIP_REQUEST_BYTES <= SIP_WAITING_BYTES, "any can wait for its check");
    struct arena boot;
    arena_init(&boot, BOOT_BYTES);
    struct sip_gate *g = arena_make(&boot, sizeof *g);
    if (g == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    g->boot = boot;
    g->rules.port = *port;
    err e = gate_start(g, options);
    if (failed(e)) {
        sip_gate_close(g);
        return e;
    }
    *ret_gate = g;
    return OK;
}

void sip_gate_stop(struct sip_gate *g)
{
    if (g == NULL || !env_flag_claim(&g->is_stopping))
        return;
    datagram_lane_close(&g->lane);
    sip_tcp_stop(g);
    sip_notary_stop(g->rules.notary);
    arena_done(&g->udp.turn);
    arena_done(&g->tcp.turn);
}

void sip_gate_close(struct sip_gate *g)
{
    if (g == NULL)
        return;
    sip_gate_stop(g);
    struct arena boot = g->boot;
    arena_done(&boot);
}

struct sip_trunk_counts sip_gate_counts(const struct sip_gate *g, size_t trunk)
{
    assert(trunk < SIP_TRUNKS);
    struct sip_trunk_counts counts = {0};
    for (size_t i = 0; i < SIP_REASON_COUNT; i++)
        for (size_t k = 0; k < SIP_SAID_COUNT; k++)
            counts.answered[i][k] = env_counter_read(&g->counters.answered[trunk][i][k]);
    return counts;
}

struct sip_door_counts sip_gate_door_counts(const struct sip_gate *g)
{
    return (struct sip_door_counts){
        .strangers = env_counter_read(&g->counters.strangers),
        .strays = env_counter_read(&g->counters.strays),
        .turns = env_counter_read(&g->counters.turns),
        .connections = env_counter_read(&g->counters.connections),
        .turned_away = env_counter_read(&g->counters.turned_away),
    };
}

struct sip_notary *sip_gate_notary(const struct sip_gate *g)
{
    return g->rules.notary;
}

uint16_t sip_gate_port(const struct sip_gate *g)
{
    return net_address_port((const struct sockaddr *)&g->address);
}
