/* SPDX-License-Identifier: Apache-2.0 */
#include "train/warn.h"

#include "train/moments.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    TURNS = 60,
    ROUNDS = 3,
    BOTH_HALVES = 2,
    BIN_SCAMS = 40, /* of the curve */
};

static const double belief = 0.5;     /* how firmly a weight is nothing until moments say so */
static const double step_most = 2;    /* nats a turn */
static const double is_done = 0.0005; /* nats */

static err spent(void)
{
    return fail(ERR_LIMIT, "memory.spent", 0);
}

/* --- logistic regression, one column after the other --- */

/* The values of a column, one after the other. */
struct column {
    uint32_t *moments;
    float *shares;
    size_t count;
};

struct fitting {
    const struct moments *moments;
    struct column columns[MOMENT_COLUMNS];
    double *sums; /* by moment: what its weights add up to */
    double weights[MOMENT_COLUMNS];
    double base;
    unsigned without; /* the half that is not learnt from; BOTH_HALVES: both are */
};

static err make_columns(struct fitting *f, struct arena *a)
{
    const struct moments *m = f->moments;
    size_t counts[MOMENT_COLUMNS] = {0};
    for (size_t i = 0; i < m->value_count; i++)
        counts[m->values[i].column]++;
    for (size_t c = 0; c < MOMENT_COLUMNS; c++) {
        f->columns[c].moments = arena_make_array(a, counts[c] + 1, sizeof(uint32_t));
        f->columns[c].shares = arena_make_array(a, counts[c] + 1, sizeof(float));
        if (f->columns[c].moments == NULL || f->columns[c].shares == NULL)
            return spent();
    }
    for (size_t i = 0; i < m->count; i++) {
        for (size_t k = 0; k < m->at[i].count; k++) {
            const struct moment_value *v = &m->values[m->at[i].first + k];
            struct column *c = &f->columns[v->column];
            c->moments[c->count] = (uint32_t)i;
            c->shares[c->count++] = v->share;
        }
    }
    f->sums = arena_make_array(a, m->count + 1, sizeof *f->sums);
    return f->sums == NULL ? spent() : OK;
}

static double probability(double sum)
{
    return 1 / (1 + exp(-sum));
}

static bool is_in(const struct fitting *f, const struct moment *m)
{
    return m->half != f->without;
}

static double bounded(double step)
{
    return step > step_most ? step_most : step < -step_most ? -step_most : step;
}

static double turn_base(struct fitting *f)
{
    double slope = 0;
    double bend = 1e-9;
    for (size_t i = 0; i < f->moments->count; i++) {
        const struct moment *m = &f->moments->at[i];
        if (!is_in(f, m))
            continue;
        double p = probability(f->base + f->sums[i]);
        slope += (double)m->weight * (p - (m->is_scam ? 1 : 0));
        bend += (double)m->weight * p * (1 - p);
    }
    double step = bounded(-slope / bend);
    f->base += step;
    return fabs(step);
}

/* Newton's step of one weight, not below 0. */
static double turn_column(struct fitting *f, size_t which)
{
    const struct column *c = &f->columns[which];
    double slope = belief * f->weights[which];
    double bend = belief;
    for (size_t i = 0; i < c->count; i++) {
        const struct moment *m = &f->moments->at[c->moments[i]];
        if (!is_in(f, m))
            continue;
        double share = (double)c->shares[i];
        double p = probability(f->base + f->sums[c->moments[i]]);
        slope += (double)m->weight * (p - (m->is_scam ? 1 : 0)) * share;
        bend += (double)m->weight * p * (1 - p) * share * share;
    }
    double before = f->weights[which];
    double after = before + bounded(-slope / bend);
    after = after < 0 ? 0 : after > WEIGHT_MOST_MN / 1000.0 ? WEIGHT_MOST_MN / 1000.0 : after;
    f->weights[which] = after;
    for (size_t i = 0; i < c->count; i++)
        f->sums[c->moments[i]] += (after - before) * (double)c->shares[i];
    return fabs(after - before);
}

static void fit(struct fitting *f)
{
    memset(f->weights, 0, sizeof f->weights);
    memset(f->sums, 0, f->moments->count * sizeof *f->sums);
    f->base = -5;
    for (int turn = 0; turn < TURNS; turn++) {
        double most = turn_base(f);
        for (size_t c = 0; c < MOMENT_COLUMNS; c++) {
            double step = f->columns[c].count == 0 ? 0 : turn_column(f, c);
            most = step > most ? step : most;
        }
        if (most < is_done)
            break;
    }
}

/* Of the half that was not learnt from: how surprising it is, in nats. */
static double surprise(const struct fitting *f)
{
    double sum = 0;
    for (size_t i = 0; i < f->moments->count; i++) {
        const struct moment *m = &f->moments->at[i];
        if (is_in(f, m))
            continue;
        double z = f->base + f->sums[i];
        z = m->is_scam ? -z : z;
        sum += (double)m->weight * (z > 0 ? z + log1p(exp(-z)) : log1p(exp(z)));
    }
    return sum;
}

/* --- half-lives --- */

static err begin_fit(const struct warn_order *o, const struct warn_rules *rules, struct arena *a,
                     struct moments *m, struct fitting *f)
{
    *f = (struct fitting){.moments = m, .without = BOTH_HALVES};
    TRY(moments_make(o->histories, o->count, rules, a, m));
    return make_columns(f, a);
}

static err judge(const struct warn_order *o, const struct warn_rules *rules, struct arena *turn,
                 double *ret_surprise)
{
    struct moments m;
    struct fitting f;
    *ret_surprise = 0;
    arena_reset(turn);
    TRY(begin_fit(o, rules, turn, &m, &f));
    for (unsigned half = 0; half < BOTH_HALVES; half++) {
        f.without = half;
        fit(&f);
        *ret_surprise += surprise(&f);
    }
    return OK;
}

/* Twice or half as long, where that says more of what was not learnt from. */
static err try_kind(const struct warn_order *o, size_t kind, struct arena *turn,
                    struct warn_rules *r, double *best)
{
    const uint32_t was = r->half_life_s[kind];
    const uint32_t tries[] = {was * 2, was / 2};
    for (size_t i = 0; i < COUNT_OF(tries); i++) {
        struct warn_rules other = *r;
        double got = 0;
        other.half_life_s[kind] = tries[i];
        if (failed(rules_prepare(&other)))
            continue;
        err e = judge(o, &other, turn, &got);
        if (e.code == ERR_LIMIT)
            return e;
        if (failed(e) || got >= *best)
            continue;
        *best = got;
        *r = other;
        return OK;
    }
    return OK;
}

static err try_half_lives(const struct warn_order *o, const bool has[SIGNAL_KINDS],
                          struct arena *turn, struct warn_rules *r)
{
    double best = 0;
    TRY(judge(o, r, turn, &best));
    for (int round = 0; round < ROUNDS; round++) {
        double before = best;
        for (size_t kind = 0; kind < SIGNAL_KINDS; kind++)
            if (has[kind])
                TRY(try_kind(o, kind, turn, r, &best));
        if (best >= before)
            break;
    }
    return OK;
}

/* --- the curve --- */

static int by_evidence(const void *a, const void *b)
{
    int32_t one = ((const struct rise *)a)->evidence_mn;
    int32_t other = ((const struct rise *)b)->evidence_mn;
    return (one > other) - (one < other);
}

/* Rises side by side, so many of them scams: a point in their middle. */
struct bin {
    double cases;
    double scams;
    double evidence;
};

/* Half an honest one is believed to be in each, seen or not: nothing is certain. */
static struct calibration_point point_of(const struct bin *b, double times)
{
    double p = b->scams / (b->cases + times / 2);
    return (struct calibration_point){(int32_t)lround(b->evidence / b->cases),
                                      (int32_t)lround(p * RULES_MICRO)};
}

static void put_point(struct calibration *c, struct calibration_point p)
{
    if (c->count > 0 && p.evidence_mn <= c->points[c->count - 1].evidence_mn)
        return;
    if (c->count > 0 && p.micro < c->points[c->count - 1].micro)
        p.micro = c->points[c->count - 1].micro;
    if (c->count < CALIBRATION_POINTS)
        c->points[c->count++] = p;
}

static void join(struct bin *into, const struct bin *next)
{
    into->cases += next->cases;
    into->scams += next->scams;
    into->evidence += next->evidence;
}

/* Pool adjacent violators. */
static size_t pool(struct bin *bins, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        bins[kept++] = bins[i];
        while (kept > 1 && bins[kept - 2].scams * bins[kept - 1].cases >=
                               bins[kept - 1].scams * bins[kept - 2].cases) {
            join(&bins[kept - 2], &bins[kept - 1]);
            kept--;
        }
    }
    return kept;
}

static size_t make_bins(const struct rise *rises, size_t count, struct bin *bins, size_t room)
{
    size_t at = 0;
    bins[0] = (struct bin){0};
    for (size_t i = 0; i < count; i++) {
        double weight = (double)rises[i].weight;
        join(&bins[at],
             &(struct bin){weight, rises[i].is_scam ? weight : 0, weight * rises[i].evidence_mn});
        bool is_full = bins[at].scams >= BIN_SCAMS && at + 1 < room;
        bool is_apart = i + 1 < count && rises[i + 1].evidence_mn > rises[i].evidence_mn;
        if (is_full && is_apart)
            bins[++at] = (struct bin){0};
    }
    if (at > 0 && bins[at].scams < BIN_SCAMS) {
        join(&bins[at - 1], &bins[at]);
        at--;
    }
    return at + 1;
}

/* --- the whole --- */

static void add_figure(struct warn_model *m, const char *name, size_t value)
{
    struct warn_figure *f = &m->figures[m->figure_count++];
    *f = (struct warn_figure){.value = (int64_t)value};
    memcpy(f->name, name, strlen(name));
}

static err look(const struct warn_order *o, struct warn_model *m)
{
    size_t signals = 0;
    size_t scams = 0;
    size_t touched = 0;
    size_t numbers = 0;
    for (size_t i = 0; i < o->count; i++) {
        const struct history *h = &o->histories[i];
        signals += h->signal_count;
        numbers += h->numbers;
        for (size_t k = 0; k < h->outcome_count; k++)
            *(h->outcomes[k].is_scam ? &scams : &touched) += 1;
        for (size_t k = 0; k < h->signal_count; k++)
            m->is_learnt[h->signals[k].signal.kind] = true;
    }
    m->figure_count = 0;
    add_figure(m, "histories", o->count);
    add_figure(m, "numbers", numbers);
    add_figure(m, "signals", signals);
    add_figure(m, "scams", scams);
    add_figure(m, "touched", touched);
    add_figure(m, "times", o->histories[0].times);
    return scams == 0 || signals == 0 ? fail(ERR_MALFORMED, "train.empty", 0) : OK;
}

static int32_t in_mn(double weight)
{
    int32_t mn = (int32_t)lround(weight * 1000);
    return mn < 1 ? 1 : mn;
}

/* What ends another is known as long as that, whatever their weights came out as. */
static err settle(struct warn_rules *r)
{
    static const uint8_t ends[] = {SIGNAL_CALLED, SIGNAL_BOOKED};
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        err e = rules_prepare(r);
        while (failed(e) && e.at == ends[i] && r->half_life_s[ends[i]] < HALF_LIFE_MOST_S / 2) {
            r->half_life_s[ends[i]] += r->half_life_s[ends[i]] / 4;
            e = rules_prepare(r);
        }
    }
    return rules_prepare(r);
}

/* Into the rules what was fitted; their half-lives are what it was fitted with. */
static err set_weights(const struct fitting *f, const bool is_learnt[SIGNAL_KINDS],
                       struct warn_rules *r)
{
    for (size_t kind = 0; kind < SIGNAL_KINDS; kind++)
        if (is_learnt[kind])
            r->weight_mn[kind] = in_mn(f->weights[kind]);
    for (uint32_t i = 0; i < r->pair_count; i++)
        r->pairs[i].weight_mn = (int32_t)lround(f->weights[SIGNAL_KINDS + i] * 1000);
    return settle(r);
}

/* Rises of each half under what was learnt from the other. */
static err add_half(const struct warn_order *o, const struct fitting *f, const struct warn_model *m,
                    struct arena *a, struct rises *rises)
{
    struct warn_rules other = m->rules;
    TRY(set_weights(f, m->is_learnt, &other));
    for (size_t i = f->without; i < o->count; i += BOTH_HALVES)
        TRY(moments_rises(&o->histories[i], &other, a, rises));
    return OK;
}

static void make_curve(const struct rises *rises, double times, struct calibration *c)
{
    struct bin bins[CALIBRATION_POINTS] = {0};
    qsort(rises->at, rises->count, sizeof *rises->at, by_evidence);
    size_t count = pool(bins, make_bins(rises->at, rises->count, bins, COUNT_OF(bins)));
    *c = (struct calibration){0};
    for (size_t i = 0; i < count; i++)
        put_point(c, point_of(&bins[i], times));
}

/* The curve is drawn through what was not learnt from; the weights then come from all of it. */
static err learn(const struct warn_order *o, struct arena *turn, struct arena *a,
                 struct warn_model *m)
{
    struct moments moments;
    struct fitting f;
    struct rises rises = {.room = moments_signals(o->histories, o->count) + 1};
    rises.at = arena_make_array(a, rises.room, sizeof *rises.at);
    if (rises.at == NULL)
        return spent();
    arena_reset(turn);
    TRY(begin_fit(o, &m->rules, turn, &moments, &f));
    for (f.without = 0; f.without < BOTH_HALVES; f.without++) {
        fit(&f);
        TRY(add_half(o, &f, m, a, &rises));
    }
    fit(&f);
    make_curve(&rises, (double)o->histories[0].times, &m->curve);
    return set_weights(&f, m->is_learnt, &m->rules);
}

err warn_train(const struct warn_order *order, struct arena *a, struct warn_model *ret_model)
{
    struct warn_model *m = ret_model;
    struct arena turn;
    assert(order->count > 0);
    rules_usual(&m->rules);
    TRY(look(order, m));
    arena_init(&turn, a->budget_bytes);
    err e = OK;
    if (order->tries_half_lives)
        e = try_half_lives(order, m->is_learnt, &turn, &m->rules);
    if (!failed(e))
        e = learn(order, &turn, a, m);
    arena_done(&turn);
    return failed(e) || m->curve.count > 0 ? e : fail(ERR_MALFORMED, "train.empty", 0);
}
