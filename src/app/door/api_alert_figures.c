/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What became of alerts, by the month they were opened in: how right they were, what they missed,
 * how long before, for how much money, and where work is late. Of divisions, signals and sources;
 * never of anybody who works on them, nor of whom they are about.
 */
#include "app/call/api_routes.h"
#include "app/house/warned.h"
#include "store/alert_figures.h"
#include "tally/interval.h"
#include "tally/warning.h"

#include <stdio.h>
#include <string.h>

enum {
    MONTHS_USUAL = 12,
    MONTHS_MOST = 120,
    MONTH_CHARS = 7, /* 2026-11 */
    FEW = 200,       /* of fewer outcomes nothing is said alone */
    TIERS = ALERT_TIER_COUNT,
};

struct figures {
    struct call *call;
    struct json *j;
    struct figure_span span;
    int64_t of_tier[TIERS + 1][MARK_COUNT]; /* the last: of all */
    const int64_t *all;
    int64_t alone[MARK_COUNT]; /* reports without an alert */
    struct figure_rows rows;
    struct figure_names names;
    struct figure_lead lead;
};

/* --- which months --- */

static bool read_month(str text, int64_t *ret_index)
{
    int64_t year = 0;
    int64_t month = 0;
    if (text.size != MONTH_CHARS || text.at[4] != '-' ||
        failed(str_parse_i64(str_until(text, 4), &year)) ||
        failed(str_parse_i64(str_from(text, 5), &month)))
        return false;
    *ret_index = 12 * year + month - 1;
    return year >= 1970 && year <= 9998 && month >= 1 && month <= 12;
}

static instant begin_of(const struct call *call, int64_t index)
{
    return instant_from_civil((int)(index / 12), (int)(index % 12) + 1, 1,
                              (int)call->house->law.zone_min);
}

static err read_span(struct figures *f)
{
    struct call *call = f->call;
    struct civil now =
        instant_civil(clock_now(&call->house->clock), (int)call->house->law.zone_min);
    int64_t last = 12 * (int64_t)now.year + now.month - 1;
    str from = api_query(call, "from");
    str until = api_query(call, "until");
    call->column = STR("until");
    if (!str_is_empty(until) && !read_month(until, &last))
        return fail(ERR_MALFORMED, "alert.months", 0);
    int64_t first = last - MONTHS_USUAL + 1;
    call->column = STR("from");
    if (!str_is_empty(from) && !read_month(from, &first))
        return fail(ERR_MALFORMED, "alert.months", 0);
    if (first > last || last - first >= MONTHS_MOST)
        return fail(ERR_MALFORMED, "alert.months", 0);
    call->column = STR("");
    f->span.months[0] = alert_month(first / 12, first % 12 + 1);
    f->span.months[1] = alert_month(last / 12, last % 12 + 1);
    f->span.from = begin_of(call, first);
    f->span.until = begin_of(call, last + 1);
    return OK;
}

/* --- shares --- */

static void put_milli(struct json *j, const char *key, int64_t milli)
{
    json_key(j, str_from_c(key));
    json_milli(j, milli);
}

static void put_percents(struct json *j, int64_t share, int64_t low, int64_t high)
{
    put_milli(j, "percent", share);
    put_milli(j, "low_percent", low);
    put_milli(j, "high_percent", high);
}

static void put_part_of(struct json *j, int64_t count, int64_t of)
{
    json_put_i64(j, STR("count"), count);
    json_put_i64(j, STR("of"), of);
    if (of <= 0 || count < 0 || count > of)
        return;
    struct interval between = interval_wilson(count, of);
    put_percents(j, interval_share_milli(count, of), between.low_milli, between.high_milli);
}

static void put_share(struct json *j, const char *key, int64_t count, int64_t of)
{
    json_key(j, str_from_c(key));
    json_object(j);
    put_part_of(j, count, of);
    json_end(j);
}

static int64_t decided(const int64_t *m)
{
    return m[MARK_CONFIRMED] + m[MARK_REFUTED];
}

static int64_t concluded(const int64_t *m)
{
    return decided(m) + m[MARK_UNREACHABLE];
}

/* --- by tier --- */

static void put_marks(struct json *j, const int64_t *m, const enum mark *marks, size_t count)
{
    static const char *const names[MARK_COUNT] = {
#define X(NAME, column, n) column,
        ALERT_MARK_LIST(X)
#undef X
    };
    for (size_t i = 0; i < count; i++)
        json_put_i64(j, str_from_c(names[marks[i]]), m[marks[i]]);
}

static void put_checked(struct json *j, const int64_t *m)
{
    static const enum mark marks[] = {MARK_CONFIRMED_AGREED,   MARK_CONFIRMED_DIFFERED,
                                      MARK_REFUTED_AGREED,     MARK_REFUTED_DIFFERED,
                                      MARK_UNREACHABLE_AGREED, MARK_UNREACHABLE_DIFFERED};
    const struct warning_checked c = {m[MARK_CONFIRMED],        m[MARK_REFUTED],
                                      m[MARK_CONFIRMED_AGREED], m[MARK_CONFIRMED_DIFFERED],
                                      m[MARK_REFUTED_AGREED],   m[MARK_REFUTED_DIFFERED]};
    struct warning_share s;
    json_key(j, STR("checked"));
    json_object(j);
    put_marks(j, m, marks, COUNT_OF(marks));
    if (warning_corrected(&c, &s))
        put_percents(j, s.milli, s.low_milli, s.high_milli);
    json_end(j);
}

static void put_tier(struct json *j, str tier, const int64_t *m)
{
    static const enum mark withheld[] = {MARK_HUSHED, MARK_OVER_DAY, MARK_OVER_NUMBER,
                                         MARK_HELD_BACK};
    static const enum mark plain[] = {
        MARK_OPENED,   MARK_ADMITTED,   MARK_TAKEN,     MARK_REACHED, MARK_IN_TIME,
        MARK_LATE,     MARK_FADED,      MARK_CONFIRMED, MARK_REFUTED, MARK_UNREACHABLE,
        MARK_REPORTED, MARK_FOREWARNED, MARK_SAVED,     MARK_PAID,    MARK_LOST};
    json_object(j);
    json_put_str(j, STR("tier"), tier);
    put_marks(j, m, plain, COUNT_OF(plain));
    json_key(j, STR("withheld"));
    json_object(j);
    put_marks(j, m, withheld, COUNT_OF(withheld));
    json_end(j);
    put_share(j, "precision", m[MARK_CONFIRMED], decided(m));
    put_checked(j, m);
    json_end(j);
}

static void put_tiers(struct figures *f)
{
    json_key(f->j, STR("tiers"));
    json_array(f->j);
    for (unsigned i = TIERS; i-- > 0;)
        put_tier(f->j, str_from_c(alert_tier_words[i]), f->of_tier[i]);
    json_end(f->j);
    json_key(f->j, STR("all"));
    put_tier(f->j, STR("all"), f->all);
}

/* --- what was missed --- */

/* Of all that are known to have been deceived, confirmed here or by their own report: about whom
 * something had been said before they paid, by an alert of this tier or above. */
static void put_recall(struct figures *f)
{
    int64_t known = f->all[MARK_CONFIRMED] + f->all[MARK_REPORTED_NEW] + f->alone[MARK_REPORTED];
    int64_t found = 0;
    json_put_i64(f->j, STR("alone"), f->alone[MARK_REPORTED]);
    json_put_i64(f->j, STR("lost_alone"), f->alone[MARK_LOST]);
    json_key(f->j, STR("recall"));
    json_array(f->j);
    for (unsigned i = TIERS; i-- > 0;) {
        found += f->of_tier[i][MARK_CONFIRMED] + f->of_tier[i][MARK_FOREWARNED_NEW];
        json_object(f->j);
        json_put_str(f->j, STR("tier"), str_from_c(alert_tier_words[i]));
        put_part_of(f->j, found, known);
        json_end(f->j);
    }
    json_end(f->j);
}

static void put_lead(struct figures *f)
{
    const struct figure_lead *l = &f->lead;
    json_key(f->j, STR("lead"));
    json_object(f->j);
    json_put_i64(f->j, STR("count"), l->count);
    if (l->count > 0) {
        json_put_i64(f->j, STR("tenth_s"), l->tenth_s);
        json_put_i64(f->j, STR("median_s"), l->median_s);
        json_put_i64(f->j, STR("ninth_s"), l->ninth_s);
    }
    json_end(f->j);
}

/* At risk is what was saved, what was paid after all, and what reports say. */
static void put_money(struct figures *f)
{
    int64_t at_risk = f->all[MARK_SAVED] + f->all[MARK_PAID] + f->lead.lost + f->alone[MARK_LOST];
    int64_t in_time = f->all[MARK_SAVED] + f->lead.lost_in_time;
    json_key(f->j, STR("money"));
    json_object(f->j);
    json_put_i64(f->j, STR("saved"), f->all[MARK_SAVED]);
    json_put_i64(f->j, STR("paid"), f->all[MARK_PAID]);
    json_put_i64(f->j, STR("lost"), f->lead.lost);
    json_put_i64(f->j, STR("lost_alone"), f->alone[MARK_LOST]);
    json_put_i64(f->j, STR("at_risk"), at_risk);
    json_put_i64(f->j, STR("warned_in_time"), in_time);
    if (at_risk > 0)
        put_milli(f->j, "percent", (int64_t)((__int128)in_time * INTERVAL_WHOLE / at_risk));
    json_end(f->j);
}

/* --- by division --- */

/* The length of what is one level below. */
static size_t below(str scope)
{
    static const size_t lengths[] = {2, 4, 6, 9, 12};
    for (size_t i = 0; i < COUNT_OF(lengths); i++)
        if (lengths[i] > scope.size)
            return lengths[i];
    return scope.size;
}

static str child_of(str scope, str division)
{
    size_t size = below(scope);
    return division.size > size ? str_until(division, size) : division;
}

static void put_division(struct json *j, str division, const int64_t *m)
{
    static const enum mark marks[] = {MARK_OPENED,  MARK_ADMITTED, MARK_REACHED,
                                      MARK_IN_TIME, MARK_LATE,     MARK_UNREACHABLE};
    json_object(j);
    json_put_str(j, STR("division"), division);
    put_marks(j, m, marks, COUNT_OF(marks));
    put_share(j, "closing", concluded(m) < m[MARK_ADMITTED] ? concluded(m) : m[MARK_ADMITTED],
              m[MARK_ADMITTED]);
    put_share(j, "lateness", m[MARK_LATE] < m[MARK_ADMITTED] ? m[MARK_LATE] : m[MARK_ADMITTED],
              m[MARK_ADMITTED]);
    put_share(j, "precision", m[MARK_CONFIRMED], decided(m));
    json_end(j);
}

static void add(int64_t *sum, const int64_t *marks)
{
    for (unsigned i = 0; i < MARK_COUNT; i++)
        sum[i] += marks[i];
}

/* Rows come by division, so that those below one stand together. */
static void put_divisions(struct figures *f)
{
    str last = {0};
    int64_t sum[MARK_COUNT] = {0};
    bool has_any = false;
    json_key(f->j, STR("divisions"));
    json_array(f->j);
    for (size_t i = 0; i < f->rows.count; i++) {
        const struct figure_row *r = &f->rows.at[i];
        str child = child_of(f->span.scope, r->division);
        if (str_equal(r->tier, STR(ALERT_TIER_NONE)))
            continue;
        if (has_any && !str_equal(child, last)) {
            put_division(f->j, last, sum);
            for (unsigned k = 0; k < MARK_COUNT; k++)
                sum[k] = 0;
        }
        add(sum, r->marks);
        last = child;
        has_any = true;
    }
    if (has_any)
        put_division(f->j, last, sum);
    json_end(f->j);
}

/* --- which signal and source were right --- */

static bool is_source(const struct figures *f, str number, str feed, str from)
{
    int64_t wanted = 0;
    return !failed(str_parse_i64(number, &wanted)) && wanted > 0 &&
           warned_source(f->call->house, feed, from) == wanted;
}

/* As whose it is: a feed, and who sends it, if that is a provider of ours. */
static void put_source(struct figures *f, str number)
{
    static const char *const feeds[] = {"visits", "messages", "calls", "transfers", "requests"};
    const struct providers *all = &f->call->house->conf.providers;
    for (size_t i = 0; i < COUNT_OF(feeds); i++)
        for (size_t k = 0; k <= all->count; k++) {
            str from = k == 0 ? STR("") : all->at[k - 1].id;
            if (!is_source(f, number, str_from_c(feeds[i]), from))
                continue;
            json_put_str(f->j, STR("name"), str_from_c(feeds[i]));
            json_put_str_if_any(f->j, STR("provider"), from);
            return;
        }
}

static void put_named(struct figures *f, const char *of)
{
    struct figure_name pool = {0};
    bool is_of_source = strcmp(of, "source") == 0;
    for (size_t i = 0; i < f->names.count; i++) {
        const struct figure_name *n = &f->names.at[i];
        if (!str_equal(n->of, str_from_c(of)))
            continue;
        if (n->right + n->wrong < FEW) {
            pool.right += n->right;
            pool.wrong += n->wrong;
            continue;
        }
        json_object(f->j);
        if (is_of_source)
            put_source(f, n->name);
        else
            json_put_str(f->j, STR("name"), n->name);
        put_part_of(f->j, n->right, n->right + n->wrong);
        json_end(f->j);
    }
    if (pool.right + pool.wrong == 0)
        return;
    json_object(f->j);
    json_put_bool(f->j, STR("is_pooled"), true);
    put_part_of(f->j, pool.right, pool.right + pool.wrong);
    json_end(f->j);
}

static void put_gave(struct figures *f)
{
    json_key(f->j, STR("signals"));
    json_array(f->j);
    put_named(f, "signal");
    json_end(f->j);
    json_key(f->j, STR("sources"));
    json_array(f->j);
    put_named(f, "source");
    json_end(f->j);
}

/* --- whether the probability is one --- */

static void put_bin(struct json *j, size_t i, const struct warning_bin *b)
{
    json_object(j);
    json_put_i64(j, STR("from_percent"), (int64_t)(100 / ALERT_BINS * i));
    json_put_i64(j, STR("until_percent"), (int64_t)(100 / ALERT_BINS * (i + 1)));
    put_milli(j, "said_percent", b->micro / (b->right + b->wrong) / 10);
    put_part_of(j, b->right, b->right + b->wrong);
    json_end(j);
}

static void put_calibration(struct figures *f)
{
    struct warning_bin bins[ALERT_BINS] = {0};
    int64_t count = 0;
    for (size_t i = 0; i < f->names.count; i++) {
        const struct figure_name *n = &f->names.at[i];
        int64_t bin = 0;
        if (!str_equal(n->of, STR("bin")) || failed(str_parse_i64(n->name, &bin)) || bin < 0 ||
            bin >= ALERT_BINS)
            continue;
        bins[bin] = (struct warning_bin){n->right, n->wrong, n->micro};
        count += n->right + n->wrong;
    }
    json_key(f->j, STR("calibration"));
    json_object(f->j);
    json_put_i64(f->j, STR("count"), count);
    if (count > 0)
        put_milli(f->j, "error_percent", warning_error_milli(bins, ALERT_BINS));
    json_key(f->j, STR("bins"));
    json_array(f->j);
    for (size_t i = 0; i < ALERT_BINS; i++)
        if (bins[i].right + bins[i].wrong > 0)
            put_bin(f->j, i, &bins[i]);
    json_end(f->j);
    json_end(f->j);
}

/* --- all of it --- */

static void sum_up(struct figures *f)
{
    f->all = f->of_tier[TIERS];
    for (size_t i = 0; i < f->rows.count; i++) {
        const struct figure_row *r = &f->rows.at[i];
        unsigned tier = 0;
        if (word_parse(alert_tier_words, r->tier, &tier)) {
            add(f->of_tier[tier], r->marks);
            add(f->of_tier[TIERS], r->marks);
        } else {
            add(f->alone, r->marks);
        }
    }
}

static err ask_all(struct figures *f)
{
    struct reader *reader = f->call->reader;
    struct arena *turn = &f->call->arena;
    TRY(figures_rows(reader, &f->span, turn, &f->rows));
    TRY(figures_names(reader, &f->span, turn, &f->names));
    return figures_lead(reader, &f->span, &f->lead);
}

static void put_month(struct json *j, const char *key, int64_t month)
{
    char room[16];
    int size = snprintf(room, sizeof room, "%04d-%02d", (int)(month / 100), (int)(month % 100));
    json_put_str(j, str_from_c(key), str_make(room, (size_t)size));
}

err alert_figures_get(struct call *call)
{
    struct api_json made;
    bool has_any = false;
    struct figures *f = arena_make(&call->arena, sizeof *f);
    if (f == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    *f = (struct figures){.call = call};
    TRY(api_permit(call, ACT_ALERT_READ));
    TRY(read_span(f));
    TRY(api_narrow(call, &f->span.scope, &has_any));
    if (has_any)
        TRY(ask_all(f));
    sum_up(f);
    struct json *j = f->j = api_json(call, &made);
    put_month(j, "from", f->span.months[0]);
    put_month(j, "until", f->span.months[1]);
    json_put_str(j, STR("division"), f->span.scope);
    json_put_i64(j, STR("few"), FEW);
    put_tiers(f);
    put_recall(f);
    put_lead(f);
    put_money(f);
    put_divisions(f);
    put_gave(f);
    put_calibration(f);
    return api_json_done(call, &made, 200);
}
