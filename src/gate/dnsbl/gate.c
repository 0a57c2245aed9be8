/* SPDX-License-Identifier: Apache-2.0 */
#include "env/random.h"
#include "gate/dnsbl/server.h"

#include "fact/listing.h"

#include <assert.h>

void list_counts_flush(struct dnsbl_gate *g, struct list_answerer *a)
{
    for (size_t i = 0; i < DNSBL_COUNT_COUNT; i++) {
        if (a->counts[i] == 0)
            continue;
        env_counter_add(&g->asked[i], a->counts[i]);
        a->counts[i] = 0;
    }
}

static err nets_start(struct nets *nets, const struct dnsbl_net *from, size_t count)
{
    if (count == 0)
        nets_put_loopback(nets);
    for (size_t i = 0; i < count; i++)
        TRY(nets_put(nets, from[i].address, from[i].bits));
    return OK;
}

/* A name may not be in both. */
static err zones_start(struct list_rules *rules, const struct dnsbl_options *o)
{
    struct list_zone *z = rules->zone;
    struct zone_terms terms = {.server = o->server, .ttl_s = o->ttl_s, .nothing_s = o->nothing_s};
    size_t before = 0;
    TRY(zone_make(o->domains, INDICATOR_DOMAIN, &terms, &z[0]));
    TRY(zone_make(o->numbers, INDICATOR_NUMBER, &terms, &z[1]));
    if (dns_name_within(&z[0].name, &z[1].name, &before) ||
        dns_name_within(&z[1].name, &z[0].name, &before))
        return fail(ERR_CONFLICT, "dnsbl: one zone lies in the other", 0);
    return OK;
}

static err rate_start(struct dnsbl_gate *g, const struct dnsbl_options *o)
{
    struct random_source random;
    random_init_secure(&random);
    g->rate = (struct rate){.seed = random_u64(&random), .slip = o->slip};
    if (o->answers_per_s > 0)
        g->rate.cost_us = US_PER_S / o->answers_per_s;
    g->rate.lines = arena_make_array(&g->boot, RATE_LINES, sizeof *g->rate.lines);
    return g->rate.lines == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

static err answerers_start(struct dnsbl_gate *g)
{
    g->udp.rules = &g->rules;
    g->udp.rate = &g->rate;
    g->udp.lane = DNSBL_LANE_UDP;
    g->tcp.rules = &g->rules;
    g->tcp.lane = DNSBL_LANE_TCP;
    arena_init(&g->udp.turn, ANSWER_TURN_BYTES);
    arena_init(&g->tcp.turn, ANSWER_TURN_BYTES);
    return OK;
}

static err gate_start(struct dnsbl_gate *g, const struct dnsbl_options *o)
{
    g->rules.ttl_s = o->ttl_s;
    TRY(zones_start(&g->rules, o));
    TRY(nets_start(&g->rules.clients, o->clients, o->client_count));
    TRY(nets_start(&g->rules.trusted, o->trusted, o->trusted_count));
    TRY(rate_start(g, o));
    TRY(answerers_start(g));
    TRY(net_address_parse(o->host, o->port, &g->address));
    TRY(list_tcp_start(g));
    return list_udp_start(g);
}

err dnsbl_gate_start(const struct dnsbl_options *options, const struct dnsbl_port *port,
                     struct dnsbl_gate **ret_gate)
{
    enum { BOOT_BYTES = 2 << 20 };
    struct arena boot;
    arena_init(&boot, BOOT_BYTES);
    struct dnsbl_gate *g = arena_make(&boot, sizeof *g);
    if (g == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    g->boot = boot;
    g->rules.port = *port;
    err e = gate_start(g, options);
    if (failed(e)) {
        dnsbl_gate_close(g);
        return e;
    }
    *ret_gate = g;
    return OK;
}

void dnsbl_gate_close(struct dnsbl_gate *g)
{
    if (g == NULL)
        return;
    datagram_lane_close(&g->lane);
    list_tcp_stop(g);
    arena_done(&g->udp.turn);
    arena_done(&g->tcp.turn);
    struct arena boot = g->boot;
    arena_done(&boot);
}

struct dnsbl_counts dnsbl_gate_counts(const struct dnsbl_gate *g)
{
    struct dnsbl_counts counts = {
        .turns = env_counter_read(&g->turns),
        .connections = env_counter_read(&g->connections),
        .turned_away = env_counter_read(&g->turned_away),
    };
    for (size_t i = 0; i < DNSBL_COUNT_COUNT; i++)
        counts.asked[i] = env_counter_read(&g->asked[i]);
    return counts;
}

uint16_t dnsbl_gate_port(const struct dnsbl_gate *g)
{
    return net_address_port((const struct sockaddr *)&g->address);
}
