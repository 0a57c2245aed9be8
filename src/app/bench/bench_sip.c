/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls screened over UDP with a million numbers listed, beside Kamailio with the same numbers:
 * what an INVITE costs the server (64 under way: as much as it can take), and how long its answer
 * takes at 10,000 a second.
 *
 * Ours is the gate with the screening tables, as in a centre; the bench's own memory counts as the
 * centre's. A number is looked up as often as a call shows it, by Kamailio once.
 */
#include "app/bench/bench.h"
#include "app/bench/sip_load.h"
#include "app/bench/sip_peer.h"
#include "gate/sip/sip.h"
#include "screen/screen.h"

enum { WINDOW = 64, CALLS = 200000, PEER_CALLS = 60000, PER_S = 10000, PACED = 50000 };

/* --- ours --- */

struct ours {
    struct screen *screen;
    struct sip_gate *gate;
};

static err give_numbers(void *self, struct screen_intake *intake)
{
    char room[SIP_LOAD_ROOM];
    (void)self;
    for (uint32_t i = 0; i < SIP_LOAD_LISTED; i++) {
        struct screen_entry entry = {.kind = INDICATOR_NUMBER,
                                     .value = sip_load_number(i, 0, room),
                                     .action = ACTION_BLOCK,
                                     .until = {INT64_MAX},
                                     .row = i};
        TRY(screen_put(intake, &entry));
    }
    return OK;
}

static void judge(void *self, enum sip_lane lane, struct sip_question *questions, size_t count)
{
    const struct ours *o = self;
    struct screen_question asked[SIP_QUESTIONS];
    struct screen_answer answers[SIP_QUESTIONS];
    (void)lane;
    for (size_t i = 0; i < count; i++)
        asked[i] = (struct screen_question){INDICATOR_NUMBER, questions[i].number};
    struct screen_reader tables = screen_enter(o->screen);
    screen_ask_many(&tables, asked, count, env_now(), answers);
    screen_leave(&tables);
    for (size_t i = 0; i < count; i++) {
        questions[i].verdict = answers[i].verdict;
        questions[i].is_listed = answers[i].is_listed;
    }
}

static bool has_card(void *self)
{
    (void)self;
    return true;
}

static err start_ours(struct bench *b, struct ours *o)
{
    static const struct sip_net here = {
        {"127.0.0.1", 9},
        32
    };
    const struct sip_trunk_options trunk = {.name = STR("bench"),
                                            .is_asserting = true,
                                            .is_national = true,
                                            .reject_with = 608,
                                            .from = &here,
                                            .from_count = 1};
    const struct sip_options options = {
        .host = STR("127.0.0.1"),
        .trunks = &trunk,
        .trunk_count = 1,
        .redress_url = STR("https://centre.example/v1/redress/card"),
        .exempt = {b->house->law.never_screened, b->house->law.never_screened_count},
    };
    struct key_seed seed = {.seed = random_u64(&b->house->random)};
    struct screen_source source = {.give = give_numbers};
    struct sip_port port = {.self = o, .judge = judge, .has_card = has_card};
    TRY(screen_open(&seed, &o->screen));
    TRY(screen_build(o->screen, &source, 1));
    return sip_gate_start(&options, &port, &o->gate);
}

static void stop_ours(struct ours *o)
{
    sip_gate_close(o->gate);
    screen_close(o->screen);
}

/* --- side by side --- */

struct side {
    uint16_t port;
    const struct sip_peer *peer; /* NULL: it is ours */
};

struct sides {
    struct side ours;
    struct side peer;
};

static double used_us(const struct side *s)
{
    return s->peer == NULL ? own_cpu_us("sip-udp") : sip_peer_cpu_us(s->peer);
}

/* Processor time of an answered INVITE. */
static err cost(const struct side *s, struct sip_load load, struct sip_loaded *ret_loaded,
                double *ret_us)
{
    load.port = s->port;
    double before = used_us(s);
    TRY(sip_load_run(&load, ret_loaded));
    double used = used_us(s) - before;
    if (ret_loaded->answered == 0)
        return fail(ERR_BUSY, "bench: no call is answered", 0);
    *ret_us = used / ret_loaded->answered;
    return OK;
}

static void put(struct bench *b, const char *name, double ours[BENCH_ROUNDS],
                double peer[BENCH_ROUNDS])
{
    bench_add(b, &(struct bench_result){.name = name,
                                        .unit = "microseconds",
                                        .is_time = true,
                                        .ours = bench_median(ours),
                                        .peer = bench_median(peer)});
}

static err flood(struct bench *b, const struct sides *s, const char *name, uint32_t listed_in_100)
{
    struct sip_load load = {.window = WINDOW, .listed_in_100 = listed_in_100};
    struct sip_loaded loaded;
    double ours[BENCH_ROUNDS];
    double peer[BENCH_ROUNDS];
    for (int i = 0; i < BENCH_ROUNDS; i++) {
        load.calls = CALLS;
        TRY(cost(&s->ours, load, &loaded, &ours[i]));
        load.calls = PEER_CALLS;
        TRY(cost(&s->peer, load, &loaded, &peer[i]));
    }
    put(b, name, ours, peer);
    return OK;
}

struct paced {
    double p50[BENCH_ROUNDS];
    double p99[BENCH_ROUNDS];
    double cpu[BENCH_ROUNDS];
    double answered[BENCH_ROUNDS]; /* of a thousand */
};

static err pace_one(const struct side *s, struct paced *p, int round)
{
    const struct sip_load load = {
        .calls = PACED, .window = PER_S, .per_s = PER_S, .listed_in_100 = 10};
    struct sip_loaded loaded = {0};
    TRY(cost(s, load, &loaded, &p->cpu[round]));
    p->p50[round] = loaded.p50_us;
    p->p99[round] = loaded.p99_us;
    p->answered[round] = loaded.answered * 1000.0 / PACED;
    return OK;
}

static err pace(struct bench *b, const struct sides *s)
{
    struct paced ours;
    struct paced peer;
    for (int i = 0; i < BENCH_ROUNDS; i++) {
        TRY(pace_one(&s->ours, &ours, i));
        TRY(pace_one(&s->peer, &peer, i));
    }
    put(b, "sip.paced", ours.cpu, peer.cpu);
    put(b, "sip.p50", ours.p50, peer.p50);
    put(b, "sip.p99", ours.p99, peer.p99);
    bench_add(b, &(struct bench_result){.name = "sip.answered",
                                        .unit = "per_thousand",
                                        .ours = bench_median(ours.answered),
                                        .peer = bench_median(peer.answered)});
    return OK;
}

static void weigh(struct bench *b, const struct ours *o, const struct sides *s, double bare_mib)
{
    struct bench_result result = {.name = "sip.memory", .unit = "mebibytes", .is_time = true};
    struct screen_figures f = screen_figures(o->screen);
    result.ours = own_mib();
    result.peer = sip_peer_mib(s->peer.peer);
    bench_add(b, &result);
    result.name = "sip.beside";
    result.ours -= (double)f.bytes[SHARD_NUMBERS] / (1 << 20);
    result.peer = bare_mib;
    bench_add(b, &result);
}

static err compare(struct bench *b, struct ours *o, double bare_mib)
{
    struct sip_peer kamailio;
    err e = sip_peer_start(&kamailio, b->folder, SIP_LOAD_LISTED);
    const struct sides s = {
        .ours = {.port = sip_gate_port(o->gate)},
        .peer = { kamailio.port,                     &kamailio},
    };
    if (!failed(e))
        e = flood(b, &s, "sip.reject", 100);
    if (!failed(e))
        e = flood(b, &s, "sip.pass", 0);
    if (!failed(e))
        e = pace(b, &s);
    if (!failed(e))
        weigh(b, o, &s, bare_mib);
    sip_peer_stop(&kamailio);
    return e;
}

/* What it takes with nothing listed; or that there is none. */
static err weigh_bare(struct bench *b, double *ret_mib)
{
    struct sip_peer kamailio;
    err e = sip_peer_start(&kamailio, b->folder, 0);
    *ret_mib = failed(e) ? 0 : sip_peer_mib(&kamailio);
    sip_peer_stop(&kamailio);
    return e;
}

err bench_sip(struct bench *b)
{
    struct ours o = {0};
    double bare_mib = 0;
    err e = weigh_bare(b, &bare_mib);
    if (e.code == ERR_ABSENT) {
        b->skipped = e.why;
        return OK;
    }
    TRY(e);
    e = start_ours(b, &o);
    if (!failed(e))
        e = compare(b, &o, bare_mib);
    stop_ours(&o);
    return e;
}
