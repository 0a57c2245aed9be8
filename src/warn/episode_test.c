/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: the same signals are the same evidence in whatever order and however often they come; it
 * fades to nothing; an explanation adds up. Method: random signals, against a model that keeps all
 * of them and sorts; powers and logarithms against libm.
 */
#include "warn/episode.h"

#include "warn/decay.h"
#include "warn/warn_test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FROM_S = 1800000000, SPAN_S = 6 * 3600, SIGNALS = 60, WORLDS = 300, ORDERS = 4 };

static struct warn_rules rules;

static struct signal some_signal(uint64_t *dice)
{
    struct signal s = {.about = 1,
                       .id = draw(dice) % 40,
                       .evidence = draw(dice) % 5,
                       .time_s = FROM_S + (uint32_t)(draw(dice) % SPAN_S),
                       .strength = (uint16_t)(1 + draw(dice) % SIGNAL_WHOLE),
                       .source = (uint16_t)(draw(dice) % 2),
                       .kind = (uint8_t)(draw(dice) % SIGNAL_KINDS)};
    bool is_pair = s.kind == SIGNAL_PENDING || s.kind == SIGNAL_BOOKED;
    if (s.kind == SIGNAL_CALL || s.kind == SIGNAL_CALLED || is_pair)
        s.strength = (uint16_t)(100 + 100 * (s.id % 9)); /* a call's are of one strength */
    return s;
}

/* --- the model: all of them, the long way --- */

struct model {
    struct signal at[SIGNALS];
    size_t count;
};

static int64_t rank(const struct signal *s)
{
    return (int64_t)s->time_s * Q16 / rules.half_life_s[s->kind] + rules.log2_q16[s->strength];
}

static int64_t share_at(const struct signal *s, uint32_t now_s)
{
    int64_t depth = (int64_t)now_s * Q16 / rules.half_life_s[s->kind] - rank(s);
    int64_t least = -(int64_t)rules.log2_q16[s->strength];
    depth = depth < least ? least : depth;
    return depth > rules.gone_q16[s->kind] ? -1 : decay_exp2(-depth);
}

static int by_rank(const void *a, const void *b)
{
    int64_t one = rank(a);
    int64_t other = rank(b);
    return (one < other) - (one > other);
}

static bool is_same(const struct signal *a, const struct signal *b)
{
    return a->kind == b->kind && a->id == b->id && a->source == b->source;
}

/* Of a kind, each signal once, as it is strongest. */
static size_t kind_of_model(const struct model *m, unsigned kind, struct signal *ret_signals)
{
    size_t count = 0;
    for (size_t i = 0; i < m->count; i++) {
        const struct signal *s = &m->at[i];
        size_t same = 0;
        if (s->kind != kind)
            continue;
        while (same < count && !is_same(&ret_signals[same], s))
            same++;
        if (same == count)
            ret_signals[count++] = *s;
        else if (rank(s) > rank(&ret_signals[same]))
            ret_signals[same] = *s;
    }
    qsort(ret_signals, count, sizeof *ret_signals, by_rank);
    return count < EPISODE_KEEPS ? count : EPISODE_KEEPS;
}

static bool is_ended(const struct model *m, const struct signal *call)
{
    struct signal ended[SIGNALS];
    if (call->kind != SIGNAL_CALL && call->kind != SIGNAL_PENDING)
        return false;
    unsigned end = call->kind == SIGNAL_CALL ? SIGNAL_CALLED : SIGNAL_BOOKED;
    size_t count = kind_of_model(m, end, ended);
    for (size_t i = 0; i < count; i++)
        if (ended[i].id == call->id && ended[i].source == call->source)
            return true;
    return false;
}

/* What of a kind is there. */
struct there {
    struct signal at[EPISODE_KEEPS];
    int64_t shares[EPISODE_KEEPS];
    size_t count;
};

static int64_t kind_evidence(const struct model *m, unsigned kind, uint32_t now_s,
                             struct there *ret_there)
{
    struct signal found[SIGNALS];
    size_t count = kind_of_model(m, kind, found);
    int64_t sum = 0;
    int64_t discount = 1;
    ret_there->count = 0;
    for (size_t i = 0; i < count && share_at(&found[i], now_s) >= 0; i++) {
        if (is_ended(m, &found[i]))
            continue;
        int64_t share = share_at(&found[i], now_s);
        ret_there->at[ret_there->count] = found[i];
        ret_there->shares[ret_there->count++] = share;
        sum += rules.weight_mn[kind] * share / Q16 / discount;
        discount *= 2;
    }
    return sum;
}

/* How much of both there is at once, at most; -1: not both. */
static int64_t both(const struct warn_pair *p, const struct there *a, const struct there *b)
{
    int64_t most = -1;
    for (size_t n = 0; n < a->count * b->count; n++) {
        size_t i = n % a->count;
        size_t k = n / a->count;
        int64_t least = a->shares[i] < b->shares[k] ? a->shares[i] : b->shares[k];
        if (!p->is_after || b->at[k].time_s >= a->at[i].time_s)
            most = least > most ? least : most;
    }
    return most;
}

static int64_t evidence_of(const struct model *m, uint32_t now_s)
{
    struct there there[SIGNAL_KINDS];
    int64_t sum = 0;
    for (unsigned kind = 0; kind < SIGNAL_KINDS; kind++)
        sum += kind_evidence(m, kind, now_s, &there[kind]);
    for (uint32_t i = 0; i < rules.pair_count; i++) {
        const struct warn_pair *p = &rules.pairs[i];
        int64_t share = both(p, &there[p->first], &there[p->second]);
        if (share >= 0)
            sum += p->weight_mn * share / Q16;
    }
    return sum;
}

/* --- */

static void shuffle(struct signal *s, size_t count, uint64_t *dice)
{
    for (size_t i = count; i > 1; i--) {
        size_t k = draw(dice) % i;
        struct signal one = s[i - 1];
        s[i - 1] = s[k];
        s[k] = one;
    }
}

/* Hours late, out of order and again: they arrive while time goes on. */
static struct episode arrive(struct model *m, uint64_t *dice)
{
    struct episode e = {.about = 1};
    shuffle(m->at, m->count, dice);
    for (size_t i = 0; i < m->count; i++) {
        uint32_t now_s = FROM_S + SPAN_S + (uint32_t)(i * 60);
        (void)episode_put(&e, &rules, &m->at[i], now_s);
        if (draw(dice) % 4 == 0)
            (void)episode_put(&e, &rules, &m->at[draw(dice) % (i + 1)], now_s);
    }
    return e;
}

static void order_and_repetition_change_nothing(void **state)
{
    (void)state;
    uint64_t dice = 1;
    int64_t most = 0;
    for (int world = 0; world < WORLDS; world++) {
        struct model m = {.count = 1 + draw(&dice) % SIGNALS};
        for (size_t i = 0; i < m.count; i++)
            m.at[i] = some_signal(&dice);
        for (int order = 0; order < ORDERS; order++) {
            struct episode e = arrive(&m, &dice);
            for (uint32_t later = 0; later < 4; later++) {
                uint32_t now_s = FROM_S + SPAN_S + SIGNALS * 60 + later * 4000;
                int64_t got = episode_evidence(&e, &rules, now_s);
                assert_int_equal(got, evidence_of(&m, now_s));
                most = got > most ? got : most;
            }
        }
    }
    assert_true(most > 5000);
}

static void it_fades_to_nothing(void **state)
{
    (void)state;
    uint64_t dice = 2;
    for (int world = 0; world < WORLDS; world++) {
        struct episode e = {.about = 1};
        for (int i = 0; i < 20; i++) {
            struct signal s = some_signal(&dice);
            if (rules.weight_mn[s.kind] > 0 && s.kind != SIGNAL_BOOKED)
                (void)episode_put(&e, &rules, &s, FROM_S + SPAN_S);
        }
        int64_t before = INT64_MAX;
        for (uint32_t now_s = FROM_S + SPAN_S; before > 0; now_s += 600) {
            int64_t evidence = episode_evidence(&e, &rules, now_s);
            assert_true(evidence <= before && evidence >= 0);
            assert_true(now_s < FROM_S + 7 * 86400);
            before = evidence;
        }
        assert_true(episode_is_gone(&e, &rules, FROM_S + 7 * 86400));
    }
}

static void an_explanation_adds_up(void **state)
{
    (void)state;
    uint64_t dice = 3;
    bool has_pair[PAIRS_MOST] = {0};
    for (int world = 0; world < WORLDS; world++) {
        struct model m = {.count = 1 + draw(&dice) % SIGNALS};
        struct episode_part parts[EPISODE_PARTS];
        for (size_t i = 0; i < m.count; i++)
            m.at[i] = some_signal(&dice);
        struct episode e = arrive(&m, &dice);
        uint32_t now_s = FROM_S + SPAN_S + SIGNALS * 60;
        size_t count = episode_explain(&e, &rules, now_s, parts);
        int64_t sum = 0;
        for (size_t i = 0; i < count; i++) {
            sum += parts[i].given_mn;
            assert_true(parts[i].given_mn != 0 && parts[i].sign.strength != 0);
            if (parts[i].pair < PAIRS_MOST)
                has_pair[parts[i].pair] = true;
        }
        assert_int_equal(sum, episode_evidence(&e, &rules, now_s));
    }
    for (uint32_t i = 0; i < rules.pair_count; i++)
        assert_true(has_pair[i]);
}

static void a_million_are_not_more_than_a_few(void **state)
{
    (void)state;
    struct episode e = {.about = 1};
    struct signal s = {.about = 1, .strength = SIGNAL_WHOLE, .kind = SIGNAL_VISIT};
    for (uint32_t i = 0; i < 1000000; i++) {
        s.id = i;
        s.time_s = FROM_S + i / 100;
        (void)episode_put(&e, &rules, &s, s.time_s);
    }
    int64_t evidence = episode_evidence(&e, &rules, s.time_s);
    assert_true(evidence > rules.weight_mn[SIGNAL_VISIT] * 17 / 10);
    assert_true(evidence < rules.weight_mn[SIGNAL_VISIT] * 2);
}

static void clocks_and_repeats_have_a_name(void **state)
{
    (void)state;
    struct episode e = {.about = 1};
    struct signal s = {
        .about = 1, .id = 7, .time_s = FROM_S, .strength = 500, .kind = SIGNAL_VISIT};
    uint32_t day_s = 86400;
    assert_int_equal(episode_put(&e, &rules, &s, FROM_S - day_s), EPISODE_AHEAD);
    assert_int_equal(episode_put(&e, &rules, &s, FROM_S - rules.ahead_s), EPISODE_NEW);
    assert_int_equal(episode_put(&e, &rules, &s, FROM_S), EPISODE_AGAIN);
    assert_int_equal(episode_put(&e, &rules, &s, FROM_S + 7 * day_s), EPISODE_LATE);
    s.source = 1; /* another's 7 is another */
    assert_int_equal(episode_put(&e, &rules, &s, FROM_S), EPISODE_NEW);
    s.id = 8;
    assert_int_equal(episode_put(&e, &rules, &s, FROM_S), EPISODE_NEW);
    s.id = 9;
    s.strength = 100;
    assert_int_equal(episode_put(&e, &rules, &s, FROM_S), EPISODE_WEAKER);
    s.id = 7;
    s.strength = 900; /* its source is surer now: the same signal, and once */
    assert_int_equal(episode_put(&e, &rules, &s, FROM_S), EPISODE_NEW);
    assert_int_equal(e.signs[SIGNAL_VISIT][0].strength, 900);
    assert_int_equal(e.signs[SIGNAL_VISIT][2].strength, 500);
}

static void a_call_that_is_over_is_none_in_progress(void **state)
{
    (void)state;
    struct episode e = {.about = 1};
    struct episode back = {.about = 1};
    struct signal call = {
        .about = 1, .id = 5, .time_s = FROM_S, .strength = 800, .kind = SIGNAL_CALL};
    struct signal over = call;
    over.kind = SIGNAL_CALLED;
    over.time_s = FROM_S + 30;
    uint32_t now_s = FROM_S + 31;
    (void)episode_put(&e, &rules, &call, now_s);
    int64_t during = episode_evidence(&e, &rules, now_s);
    (void)episode_put(&e, &rules, &over, now_s);
    (void)episode_put(&back, &rules, &over, now_s);
    int64_t after = episode_evidence(&back, &rules, now_s);
    assert_int_equal(episode_evidence(&e, &rules, now_s), after);
    assert_true(after < during && after > 0);
    struct signal calm = {
        .about = 1, .id = 6, .time_s = now_s, .strength = SIGNAL_WHOLE, .kind = SIGNAL_CALM};
    (void)episode_put(&e, &rules, &calm, now_s);
    assert_true(episode_evidence(&e, &rules, now_s) < 0);
}

static void powers_are_right(void **state)
{
    (void)state;
    int64_t before = Q16;
    for (int64_t x = 0; x > -20 * Q16; x -= 7) {
        int64_t got = decay_exp2(x);
        double want = exp2((double)x / (double)Q16) * (double)Q16;
        assert_true(got <= before && fabs((double)got - want) < 2);
        before = got;
    }
    before = 0;
    for (uint64_t n = 1; n < 3000000; n += 1 + n / 50) {
        int64_t got = decay_log2(n);
        assert_true(got >= before && fabs((double)got - log2((double)n) * (double)Q16) < 2);
        before = got;
    }
    assert_int_equal(decay_exp2(-100 * Q16), 0);
}

static void wrong_rules_are_refused(void **state)
{
    (void)state;
    struct warn_rules r = rules;
    r.weight_mn[SIGNAL_CALM] = 100;
    fails(rules_prepare(&r), "warn.weight");
    r = rules;
    r.weight_mn[SIGNAL_VISIT] = WEIGHT_MOST_MN + 1;
    fails(rules_prepare(&r), "warn.weight");
    r = rules;
    r.half_life_s[SIGNAL_VISIT] = 1;
    fails(rules_prepare(&r), "warn.half_life");
    r = rules;
    r.half_life_s[SIGNAL_CALLED] = HALF_LIFE_LEAST_S;
    fails(rules_prepare(&r), "warn.half_life");
    r = rules;
    r.pairs[0].second = r.pairs[0].first;
    fails(rules_prepare(&r), "warn.pair");
    r = rules;
    r.pair_count = PAIRS_MOST + 1;
    r.pairs[PAIRS_MOST - 1] = r.pairs[0];
    fails(rules_prepare(&r), "warn.pair");
    r = rules;
    r.from_micro[TIER_HIGH] = r.from_micro[TIER_MEDIUM];
    fails(rules_prepare(&r), "warn.tier");
    works(rules_prepare(&rules));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_and_repetition_change_nothing),
        cmocka_unit_test(it_fades_to_nothing),
        cmocka_unit_test(an_explanation_adds_up),
        cmocka_unit_test(a_million_are_not_more_than_a_few),
        cmocka_unit_test(clocks_and_repeats_have_a_name),
        cmocka_unit_test(a_call_that_is_over_is_none_in_progress),
        cmocka_unit_test(powers_are_right),
        cmocka_unit_test(wrong_rules_are_refused),
    };
    rules_usual(&rules);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
