/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The timers that say that an alert is late, in an open centre: how late they are themselves. Each
 * one fired is the whole way: the desk decides, row, counts, leaf and the next timer are written,
 * committed, and told to whoever watches. What is looked at is what a reader sees: the commit.
 *
 *     steady     100,000 armed, 2,000 fall due a second, until each has: the most that any is late
 *     at once    the next 100,000, all due in one moment: until the urgent ones are done, until all
 *
 * The alerts are the machine's own, each about a number of its own, one in fifty urgent. The ladder
 * of high ones begins with a call, as there is no gateway for messages here.
 */
#include "app/bench/bench.h"
#include "app/house/ask.h"

#include <assert.h>
#include <stdio.h>

enum { ALERTS = 100000, A_SECOND = 2000, A_JOB = 500, URGENT_ONE_IN = 50, NAP_US = 2000 };

#define LEAD_US INT64_C(3000000)

struct bench_timers {
    struct bench *b;
    char (*ids)[ID_ROOM];
    size_t first; /* of a job */
    instant begins;
    enum act act;
    bool is_at_once;
};

/* --- on the store thread --- */

static err open_some(void *self, struct store *store, instant at, struct arena *turn)
{
    struct bench_timers *t = self;
    for (size_t i = t->first; i < t->first + A_JOB; i++) {
        char name[24];
        int size = snprintf(name, sizeof name, "bench-%zu", i);
        struct command cmd = {.act = ACT_ALERT_OPEN, .record = store_id(store, at, turn)};
        cmd.actor = (struct actor){.user = STR("centre"), .kind = ACTOR_CENTRE};
        cmd.body.alert = (struct alert){.pseudonym = str_make(name, (size_t)size),
                                        .subscriber = STR("sealed"),
                                        .tier = i % URGENT_ONE_IN == 0 ? ALERT_URGENT : ALERT_HIGH,
                                        .micro = 900000,
                                        .rules = STR("bench"),
                                        .division = STR("620102")};
        TRY(store_apply(store, &cmd, at, turn, NULL));
        assert(cmd.record.size < ID_ROOM);
        memcpy(t->ids[i], cmd.record.at, cmd.record.size);
        t->ids[i][cmd.record.size] = '\0';
    }
    return OK;
}

/* As the desk armed them, but sooner. */
static err arm_some(void *self, struct store *store, instant at, struct arena *turn)
{
    const struct bench_timers *t = self;
    (void)at;
    (void)turn;
    for (size_t i = t->first; i < t->first + A_JOB; i++) {
        int64_t after_us = t->is_at_once ? 0 : (int64_t)i * US_PER_S / A_SECOND;
        const struct timer timer = {.act = t->act,
                                    .due = instant_add_us(t->begins, after_us),
                                    .is_urgent = i % URGENT_ONE_IN == 0};
        TRY(timer_put(store, str_from_c(t->ids[i]), &timer));
    }
    return OK;
}

static err each(struct bench_timers *t, ask_fn *fn)
{
    for (t->first = 0; t->first < ALERTS; t->first += A_JOB)
        TRY(ask_store(t->b->house, fn, t));
    return OK;
}

/* --- what a reader sees --- */

/* The first that is still armed; false: none is. */
static err first_due(const struct bench_timers *t, const char *literal, instant *ret_due,
                     bool *ret_has)
{
    struct sql_row *row = NULL;
    struct reader *reader = house_reader_take(t->b->house);
    err e = sql_ask(reader_sql(reader), literal, &row);
    if (!failed(e)) {
        sql_bind_str(row, 1, str_from_c(act_name(t->act)));
        /* The next step of each is far away: behind all these. */
        sql_bind_i64(row, 2, t->begins.us + 2 * ALERTS / A_SECOND * US_PER_S);
        e = sql_next(row, ret_has);
    }
    if (!failed(e) && *ret_has)
        *ret_due = instant_from_us(sql_i64(row, 0));
    sql_done(&row);
    house_reader_give(t->b->house, reader);
    return e;
}

#define FIRST    "SELECT \"due\" FROM timer WHERE \"act\" = $1 AND \"due\" < $2"
#define IN_ORDER " ORDER BY \"due\", \"record\", \"act\" LIMIT 1"

/* Until none is left: how late the latest was, in milliseconds. */
static err watch(const struct bench_timers *t, const char *literal, double *ret_late_ms)
{
    bool has_due = true;
    int64_t late_us = 0;
    while (has_due) {
        instant due = {0};
        TRY(first_due(t, literal, &due, &has_due));
        int64_t us = has_due ? clock_now(&t->b->house->clock).us - due.us : 0;
        late_us = us > late_us ? us : late_us;
        env_nap_us(NAP_US);
    }
    *ret_late_ms = (double)late_us / 1000;
    return OK;
}

static void add(const struct bench_timers *t, const char *name, double late_ms, double most_ms)
{
    bench_add(t->b, &(struct bench_result){.name = name,
                                           .unit = "ms",
                                           .is_time = true,
                                           .ours = late_ms,
                                           .peer = most_ms,
                                           .bar = 1});
}

static err steady(struct bench_timers *t)
{
    double late_ms = 0;
    t->act = ACT_ALERT_LATE;
    /* Armed by then, all of them. */
    t->begins = instant_add_us(clock_now(&t->b->house->clock), 4 * LEAD_US);
    TRY(each(t, arm_some));
    if (clock_now(&t->b->house->clock).us > t->begins.us)
        return fail(ERR_BUSY, "bench: an answer is wrong", 0);
    TRY(watch(t, FIRST IN_ORDER, &late_ms));
    add(t, "timers.steady", late_ms, 1000);
    return OK;
}

static err at_once(struct bench_timers *t)
{
    double urgent_ms = 0;
    double all_ms = 0;
    t->act = ACT_ALERT_ESCALATE;
    t->is_at_once = true;
    t->begins = instant_add_us(clock_now(&t->b->house->clock), 4 * LEAD_US);
    TRY(each(t, arm_some));
    if (clock_now(&t->b->house->clock).us > t->begins.us)
        return fail(ERR_BUSY, "bench: an answer is wrong", 0);
    TRY(watch(t, FIRST " AND \"is_urgent\" = 1" IN_ORDER, &urgent_ms));
    TRY(watch(t, FIRST IN_ORDER, &all_ms));
    add(t, "timers.urgent", urgent_ms, 1000);
    add(t, "timers.all", all_ms, 30000);
    return OK;
}

err bench_timers(struct bench *b)
{
    struct bench_timers t = {.b = b};
    t.ids = arena_make_array(&b->arena, ALERTS, sizeof *t.ids);
    if (t.ids == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    b->house->law.ladders[ALERT_HIGH].steps[0].means = MEANS_CALL;
    TRY(each(&t, open_some));
    TRY(steady(&t));
    return at_once(&t);
}
