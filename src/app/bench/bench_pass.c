/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The race's whole way from a transfer, or a receipt, to the new order of ranks, where ten thousand
 * accounts are live: the standing case told, its nodes, the accounts that were touched, the
 * ranking. Beside it the same pass with trail and race made from nothing. In processor time of one
 * thread; the transfer is in the index already, as the trail's thread leaves it.
 *
 * The world: a hundred victims pay a mule each, who pays ten, who pay nine each; a tenth stays at
 * each of them. A hundred orders stand.
 */
#include "app/bench/bench.h"
#include "app/money/race_rank.h"
#include "app/race/race_act.h"
#include "runs/reader.h"

#include <stdio.h>
#include <stdlib.h>

enum { VICTIMS = 100, SECOND = 10, THIRD = 9, PASSES = 200, CODES = 4 };
enum { NOON = 12, LANDS_MS = 90000 };
enum { SAMPLES = BENCH_ROUNDS * PASSES, PERCENT = 100, MOSTLY = 99 };
enum { FIRST_LAYER = VICTIMS, SECOND_LAYER = VICTIMS * SECOND };
enum { LIVE = FIRST_LAYER + SECOND_LAYER + SECOND_LAYER * THIRD, ORDERS = 100 };
enum { ROWS = LIVE + SAMPLES, KEY_BYTES = 16, TURN_BYTES = 1 << 30 };
#define BEGAN_MS INT64_C(1790000000000)
#define PAID     INT64_C(1000000)

static const char *const codes[CODES] = {"BKA", "BKB", "BKC", "BKD"};

struct pass_world {
    struct house house; /* law, providers and ranks alone */
    struct race_rank rank;
    struct provider banks[CODES];
    str bank_codes[CODES];
    struct runs *runs;
    struct runs_reader *reader;
    struct trail_standing standing;
    struct race_live live;
    struct arena turn;
    struct transfer rows[ROWS];
    char ids[ROWS][KEY_BYTES];
    char keys[2][ROWS][KEY_BYTES]; /* payer's and payee's */
    uint8_t fates[ROWS];
    uint32_t count;
    char starts[VICTIMS * KEY_BYTES];
    struct order orders[ORDERS];
};

static str key_of(char room[KEY_BYTES], uint32_t account)
{
    int size = snprintf(room, KEY_BYTES, "%s:%07u", codes[account % CODES], 1000000 + account);
    return str_make(room, (size_t)size);
}

/* Victims come after all others. */
static void pay(struct pass_world *w, uint32_t from, uint32_t to, int64_t amount)
{
    uint32_t i = w->count++;
    int size = snprintf(w->ids[i], KEY_BYTES, "t%u", i);
    w->rows[i] = (struct transfer){.id = str_make(w->ids[i], (size_t)size),
                                   .time_ms = BEGAN_MS + i * INT64_C(1000),
                                   .from = key_of(w->keys[0][i], from),
                                   .to = key_of(w->keys[1][i], to),
                                   .amount_minor = amount,
                                   .currency = "CNY",
                                   .status = TRANSFER_BOOKED,
                                   .exit = EXIT_NONE,
                                   .from_bank = str_from_c(codes[from % CODES]),
                                   .to_bank = str_from_c(codes[to % CODES])};
}

static err take(struct pass_world *w, uint32_t from)
{
    const struct runs_batch batch = {
        .rows = &w->rows[from], .count = w->count - from, .scope = 1, .ret_fates = &w->fates[from]};
    TRY(runs_take(w->runs, &batch));
    return runs_sync(w->runs);
}

static err fill(struct pass_world *w)
{
    for (uint32_t i = 0; i < VICTIMS; i++)
        pay(w, LIVE + i, i, PAID);
    for (uint32_t i = 0; i < SECOND_LAYER; i++)
        pay(w, i / SECOND, FIRST_LAYER + i, PAID * 9 / 100);
    for (uint32_t i = 0; i < SECOND_LAYER * THIRD; i++)
        pay(w, FIRST_LAYER + i / THIRD, FIRST_LAYER + SECOND_LAYER + i, PAID * 9 / 1000);
    return take(w, 0);
}

static void put_orders(struct pass_world *w)
{
    for (uint32_t i = 0; i < ORDERS; i++)
        w->orders[i] = (struct order){.kind = ORDER_HOLD,
                                      .state = ORDER_SENT,
                                      .target_kind = INDICATOR_ACCOUNT,
                                      .target = w->rows[i].to,
                                      .amount = PAID / 10,
                                      .asked = ASK_PLACE,
                                      .ask = 1,
                                      .balance = -1};
}

static err open_world(struct pass_world *w)
{
    struct text starts;
    TRY(runs_open(&(struct runs_options){0}, &w->runs));
    TRY(runs_reader_make(w->runs, &w->reader));
    TRY(race_rank_open(&w->rank));
    arena_init(&w->turn, TURN_BYTES);
    for (uint32_t i = 0; i < CODES; i++) {
        w->bank_codes[i] = str_from_c(codes[i]);
        w->banks[i] = (struct provider){.id = w->bank_codes[i],
                                        .kind = PROVIDER_BANK,
                                        .can = 1U << ORDER_HOLD | 1U << ORDER_STOP,
                                        .codes = &w->bank_codes[i],
                                        .code_count = 1};
    }
    w->house.conf.providers = (struct providers){w->banks, CODES};
    w->house.rank = &w->rank;
    TRY(fill(w));
    put_orders(w);
    trail_standing_init(&w->standing, w->runs, w->reader);
    race_live_init(&w->live, &w->standing);
    text_init(&starts, &w->turn);
    for (uint32_t i = 0; i < VICTIMS; i++)
        text_printf(&starts, "%s%s", i == 0 ? "" : "\n", w->ids[i]);
    if (text_spent(&starts) || text_str(&starts).size >= sizeof w->starts)
        return fail(ERR_LIMIT, "limit.memory", 0);
    snprintf(w->starts, sizeof w->starts, "%.*s", STR_ARGS(text_str(&starts)));
    return OK;
}

static void close_world(struct pass_world *w)
{
    race_live_done(&w->live);
    trail_standing_done(&w->standing);
    runs_reader_done(w->reader);
    runs_close(w->runs);
    race_rank_close(&w->rank);
    arena_done(&w->turn);
}

/* By the case that stands, or NULL: from nothing. */
static err rank_all(struct pass_world *w, struct race_live *live, double *ret_us)
{
    struct race_pass p = {.house = &w->house,
                          .runs = w->runs,
                          .arena = &w->turn,
                          .now = instant_from_us((BEGAN_MS + ROWS * INT64_C(1000)) * US_PER_MS),
                          .live = live,
                          .orders = w->orders,
                          .order_count = ORDERS};
    arena_reset(&w->turn);
    p.incident.transfers = str_from_c(w->starts);
    int64_t began = env_cpu_us();
    TRY(race_act_rank(&p));
    *ret_us = (double)(env_cpu_us() - began);
    return p.plan.count >= LIVE ? OK : fail(ERR_CORRUPT, "bench: an answer is wrong", 0);
}

/* On from somebody of the third layer, mostly to where nobody was yet. */
static err one_transfer(struct pass_world *w, uint32_t i)
{
    uint32_t before = w->count;
    pay(w, FIRST_LAYER + SECOND_LAYER + i * 37 % 9000, LIVE + VICTIMS + i, PAID / 1000);
    return take(w, before);
}

/* It holds about a half of what was asked, and its bank's hazards are others by that. */
static err one_receipt(struct pass_world *w, uint32_t i)
{
    struct order *o = &w->orders[i % ORDERS];
    o->state = ORDER_PARTIAL;
    o->asked = ASK_NOTHING;
    o->held = o->amount / 2 + i;
    o->said_at = o->executed_at = instant_from_us((BEGAN_MS + ROWS * INT64_C(1000)) * US_PER_MS);
    const struct hazard_cell cell = {.bank = i % CODES, .kind = HAZARD_HOLD, .hour = NOON};
    hazard_learn_receipt(w->rank.hazard, cell, LANDS_MS, true);
    return OK;
}

struct news {
    const char *name;
    const char *slow; /* of a hundred, the slowest but one */
    err (*comes)(struct pass_world *w, uint32_t i);
};

static int compare_samples(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static err time_news(struct bench *b, struct pass_world *w, const struct news *news)
{
    static double samples[SAMPLES];
    double peers[BENCH_ROUNDS];
    for (uint32_t i = 0; i < SAMPLES; i++) {
        TRY(news->comes(w, i));
        TRY(rank_all(w, &w->live, &samples[i]));
        if (i % PASSES == 0)
            TRY(rank_all(w, NULL, &peers[i / PASSES]));
    }
    qsort(samples, SAMPLES, sizeof *samples, compare_samples);
    struct bench_result result = {.name = news->name,
                                  .unit = "us",
                                  .is_time = true,
                                  .ours = samples[SAMPLES / 2],
                                  .peer = bench_median(peers)};
    bench_add(b, &result);
    result.name = news->slow;
    result.ours = samples[SAMPLES * MOSTLY / PERCENT];
    bench_add(b, &result);
    return OK;
}

err bench_pass(struct bench *b)
{
    static const struct news transfers = {"race.transfer_10k", "race.transfer_10k_slow",
                                          one_transfer};
    static const struct news receipts = {"race.receipt_10k", "race.receipt_10k_slow", one_receipt};
    static struct pass_world w;
    double first = 0;
    err e = open_world(&w);
    if (!failed(e))
        e = rank_all(&w, &w.live, &first);
    if (!failed(e))
        e = time_news(b, &w, &transfers);
    if (!failed(e))
        e = time_news(b, &w, &receipts);
    close_world(&w);
    return e;
}
