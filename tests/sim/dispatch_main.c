/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: how many of those warned have somebody at the door within the hour, beside what could be
 * done at best and what is done without thinking; and that the drill's province is what the feeds
 * take. Method: days of the drill's province, each played with the same alerts, officers and ways.
 *
 *     dispatch_world [ALERTS DAYS [SLOW_PERCENT]]
 *
 * Without words a few small days are played. The gap is held to its bar where ways are as usual.
 */
#include "dispatch_world.h"

#include "feed/station_row.h"
#include "kit/kit.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { ALERTS = 300, DAYS = 3, DAYS_MOST = 400, URGENT_PERCENT = 20, TEXT_ROOM = 64 << 20 };

/* Of points of a hundred. */
static const double gap_most = 0.5;

/* Points of a hundred, by day. */
struct days {
    double gap[POLICY_COUNT][DAYS_MOST];
    uint32_t count;
};

static double share(const struct world_figures *f, uint32_t of_all)
{
    uint32_t all = f->alerts[WORK_HIGH] + f->alerts[WORK_URGENT];
    return all == 0 ? 100 : 100.0 * of_all / all;
}

static uint32_t both(const struct world_figures *f)
{
    return f->in_time[WORK_HIGH] + f->in_time[WORK_URGENT];
}

static void add(struct world_figures *sum, const struct world_figures *f)
{
    for (enum work_tier tier = 0; tier < WORK_TIERS; tier++) {
        sum->alerts[tier] += f->alerts[tier];
        sum->in_time[tier] += f->in_time[tier];
    }
    sum->counts.asked += f->counts.asked;
    sum->counts.refused += f->counts.refused;
    sum->counts.silent += f->counts.silent;
    sum->counts.handed += f->counts.handed;
    sum->counts.moved += f->counts.moved;
}

/* Half of the interval that holds the mean 95 times in a hundred, over days. */
static double around(const double *v, uint32_t count, double *ret_mean)
{
    double sum = 0;
    double square = 0;
    for (uint32_t i = 0; i < count; i++)
        sum += v[i];
    *ret_mean = sum / count;
    for (uint32_t i = 0; i < count; i++)
        square += (v[i] - *ret_mean) * (v[i] - *ret_mean);
    return count < 2 ? 0 : 2.0 * sqrt(square / (count - 1) / count);
}

static void put(const char *name, const struct world_figures *f)
{
    printf("  %-9s %6.2f %% within the hour (urgent %6.2f %%)\n", name, share(f, both(f)),
           100.0 * f->in_time[WORK_URGENT] / (f->alerts[WORK_URGENT] + 1e-9));
}

static err play(struct world_settings s, uint32_t days, double *ret_gap)
{
    static const char *const names[POLICY_COUNT] = {"ours", "nearest"};
    static struct days by_day;
    struct world_figures sums[POLICY_COUNT + 1] = {0};
    for (uint32_t day = 0; day < days; day++) {
        struct dispatch_world w;
        struct world_figures best = {0};
        s.seed = 1 + day;
        err e = dispatch_world_open(&w, &s);
        if (!failed(e))
            e = dispatch_bound(&w, &best);
        add(&sums[POLICY_COUNT], &best);
        for (enum policy p = 0; !failed(e) && p < POLICY_COUNT; p++) {
            struct world_figures f = {0};
            e = dispatch_world_play(&w, p, &f);
            add(&sums[p], &f);
            by_day.gap[p][day] = share(&best, both(&best)) - share(&f, both(&f));
        }
        dispatch_world_close(&w);
        TRY(e);
    }
    printf("%" PRIu32 " days of %" PRIu32 " alerts, ways %" PRIu32 " %%:\n", days, s.alerts,
           s.slow_percent);
    put("at best", &sums[POLICY_COUNT]);
    for (enum policy p = 0; p < POLICY_COUNT; p++) {
        double mean = 0;
        double half = around(by_day.gap[p], days, &mean);
        put(names[p], &sums[p]);
        printf("            gap %.2f points, %.2f to %.2f over days\n", mean, mean - half,
               mean + half);
        if (p == POLICY_OURS)
            *ret_gap = mean;
    }
    const struct dispatch_counts *c = &sums[POLICY_OURS].counts;
    printf("  ours: asked %" PRIu64 ", refused %" PRIu64 ", silent %" PRIu64
           ", handed over %" PRIu64 ", moved %" PRIu64 "\n",
           c->asked, c->refused, c->silent, c->handed, c->moved);
    (void)fflush(stdout);
    return OK;
}

/* --- the province as feeds --- */

struct taken {
    struct arena turn;
    uint32_t rows;
    uint32_t refused;
};

static err on_row(void *self, const struct feed_row *row)
{
    struct taken *t = self;
    struct station_facts station;
    struct beat_facts beat;
    struct officer_facts officer;
    str column = STR("");
    arena_reset(&t->turn);
    err e = row->shape->column_count == STATIONS_COLUMN_COUNT && row->shape->name[0] == 's'
                ? station_row_read(row, &t->turn, &station, &column)
            : row->shape->name[0] == 'b' ? beat_row_read(row, &t->turn, &beat, &column)
                                         : officer_row_read(row, &officer, &column);
    t->rows += !failed(e);
    t->refused += failed(e);
    return OK;
}

static err on_refused(void *self, const struct feed_refusal *refusal)
{
    struct taken *t = self;
    (void)refusal;
    t->refused++;
    return OK;
}

static err take(str feed, str rows, uint32_t wanted)
{
    struct taken t = {.rows = 0};
    struct arena a;
    struct feed_options options = {.format = FEED_CSV};
    struct feed_reader *reader = NULL;
    arena_init(&a, FEED_READER_BYTES);
    arena_init(&t.turn, 8 << 20);
    TRY(feed_find(feed, &options.shape));
    struct feed_sink sink = {.self = &t, .row = on_row, .refused = on_refused};
    TRY(feed_reader_init(&a, options, sink, &reader));
    TRY(feed_reader_put(reader, rows));
    TRY(feed_reader_end(reader));
    feed_reader_done(reader);
    arena_done(&a);
    arena_done(&t.turn);
    bool is_all = t.rows == wanted && t.refused == 0;
    return is_all ? OK : fail(ERR_CORRUPT, "the feed does not take the province", t.refused);
}

static err take_province(void)
{
    struct province p;
    struct arena a;
    struct text texts[3];
    arena_init(&a, TEXT_ROOM);
    TRY(province_make(&p, 1, &a));
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        text_init(&texts[i], &a);
    province_put_stations(&p, &texts[0]);
    province_put_beats(&p, &texts[1]);
    province_put_officers(&p, 20780, &texts[2]);
    TRY(take(STR("stations"), text_str(&texts[0]), PROVINCE_STATIONS));
    TRY(take(STR("beats"), text_str(&texts[1]), PROVINCE_BEATS));
    TRY(take(STR("officers"), text_str(&texts[2]), PROVINCE_OFFICERS));
    arena_done(&a);
    return OK;
}

int main(int count, char **words)
{
    struct world_settings s = {
        .alerts = ALERTS, .slow_percent = 100, .urgent_percent = URGENT_PERCENT};
    uint32_t days = DAYS;
    double gap = 0;
    if (count > 2) {
        s.alerts = (uint32_t)strtoul(words[1], NULL, 10);
        days = (uint32_t)strtoul(words[2], NULL, 10);
    }
    if (count > 3)
        s.slow_percent = (uint32_t)strtoul(words[3], NULL, 10);
    if (days == 0 || days > DAYS_MOST || s.alerts > DAY_WORK_MOST)
        return 2;
    err e = kit_boot();
    if (!failed(e))
        e = take_province();
    if (!failed(e))
        e = play(s, days, &gap);
    kit_done();
    if (!failed(e) && s.slow_percent == 100 && gap > gap_most)
        e = fail(ERR_CONFLICT, "the gap to the best is too wide, in hundredths",
                 (uint32_t)(gap * 100));
    if (failed(e))
        fprintf(stderr, "%s at %" PRIu32 "\n", e.why, e.at);
    return failed(e) ? 1 : 0;
}
