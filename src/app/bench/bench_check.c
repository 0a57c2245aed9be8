/* SPDX-License-Identifier: Apache-2.0 */
/* From the text somebody typed to the verdict: canonical form, every parent, the judgement. */
#include "app/bench/bench.h"
#include "app/screen/cover.h"

enum { CHECKS = 3000, TURN_BYTES = 1 << 22, STRIDE = 7 };

struct checks {
    struct bench *bench;
    struct reader *reader;
    struct arena turn;
    uint64_t blocked;
};

/* Half of them are listed. */
static str name_of(struct checks *c, size_t i)
{
    struct text t;
    text_init(&t, &c->turn);
    text_printf(&t, "www.%s-%zu.example", i % 2 == 0 ? "shop" : "other",
                i * STRIDE % BENCH_LISTINGS);
    return text_str(&t);
}

static err check_one(struct checks *c, size_t i)
{
    struct indicator indicator = {0};
    struct judgement judgement = {0};
    arena_reset(&c->turn);
    str name = str_from(name_of(c, i), STR("www.").size);
    TRY(indicator_parse(INDICATOR_DOMAIN, name, STR("CN"), &c->turn, &indicator));
    TRY(cover_judge(c->reader, &indicator, env_now(), &c->turn, &judgement));
    c->blocked += judgement.verdict == VERDICT_BLOCK;
    return OK;
}

static err look_up(struct checks *c, size_t i)
{
    struct sql_row *row = NULL;
    arena_reset(&c->turn);
    str name = str_from(name_of(c, i), STR("www.").size);
    TRY(sql_ask(reader_sql(c->reader),
                "SELECT \"action\" FROM listing WHERE \"kind\" = 'domain' AND \"value\" = $1"
                " AND \"state\" = 'in_force'",
                &row));
    sql_bind_str(row, 1, name);
    bool has_row = false;
    err e = sql_next(row, &has_row);
    c->blocked += has_row;
    sql_done(&row);
    return e;
}

static err run_many(struct checks *c, err (*one)(struct checks *c, size_t i), double *ret_us)
{
    int64_t began = env_monotonic_us();
    for (size_t i = 0; i < CHECKS; i++)
        TRY(one(c, i));
    *ret_us = (double)(env_monotonic_us() - began) / CHECKS;
    return OK;
}

static err run_rounds(struct checks *c)
{
    double ours[BENCH_ROUNDS];
    double plain[BENCH_ROUNDS];
    for (int i = 0; i < BENCH_ROUNDS; i++) {
        TRY(run_many(c, check_one, &ours[i]));
        TRY(run_many(c, look_up, &plain[i]));
    }
    struct bench_result result = {.name = "check.domain",
                                  .unit = "microseconds",
                                  .is_time = true,
                                  .ours = bench_median(ours),
                                  .peer = bench_median(plain)};
    bench_add(c->bench, &result);
    return OK;
}

err bench_check(struct bench *b)
{
    struct checks c = {.bench = b, .reader = house_reader_take(b->house)};
    arena_init(&c.turn, TURN_BYTES);
    err e = run_rounds(&c);
    arena_done(&c.turn);
    house_reader_give(b->house, c.reader);
    return e;
}
