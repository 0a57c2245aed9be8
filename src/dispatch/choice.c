/* SPDX-License-Identifier: Apache-2.0 */
#include "dispatch/choice.h"

#include <assert.h>

/* Being late costs as much as being a whole day slower: nothing outweighs it. */
enum { LATE_S = 86400, NONE_S = 86400 };

static bool is_passed(const struct work *w, uint32_t officer)
{
    uint32_t count = w->passed_count < PASSED_MOST ? w->passed_count : PASSED_MOST;
    for (uint32_t i = 0; i < count; i++)
        if (w->passed[i] == officer)
            return true;
    return false;
}

static bool sees(const struct officer *o, const struct work *w)
{
    return w->division[0] == '\0' || division_covers(str_from_c(o->sees), str_from_c(w->division));
}

/* When, and where from, an officer could set out. */
static uint32_t ready_s(const struct dispatch *d, const struct officer *o, uint32_t now_s)
{
    if (o->busy == WORK_NONE)
        return now_s;
    const struct work *in_hand = &d->works[o->busy];
    uint32_t begins_s = in_hand->state == WORK_HERE ? in_hand->since_s : in_hand->expected_s;
    uint32_t ends_s = begins_s + d->rules->visit_s;
    return ends_s > now_s ? ends_s : now_s;
}

uint32_t choice_expected_s(const struct dispatch *d, const struct work *w, uint32_t officer,
                           uint32_t now_s)
{
    const struct officer *o = &d->duty->officers[officer];
    if (o->on_until_s <= now_s || o->silent_until_s > now_s || is_passed(w, officer) ||
        !sees(o, w) || !duty_serves(d->duty, officer, w->beat))
        return UINT32_MAX;
    uint32_t expected_s =
        ready_s(d, o, now_s) + neighbours_travel_s(d->duty->near, o->beat, w->beat);
    return expected_s > o->on_until_s ? UINT32_MAX : expected_s;
}

static bool is_sooner(struct candidate a, struct candidate b)
{
    return a.expected_s != b.expected_s ? a.expected_s < b.expected_s : a.officer < b.officer;
}

struct look {
    const struct dispatch *d;
    const struct work *work;
    struct choice *choice;
    uint32_t now_s;
    enum choice_from from;
};

static bool is_spoken_for(const struct look *l, uint32_t officer)
{
    uint32_t asked = l->d->duty->officers[officer].asked;
    return l->from == CHOICE_UNASKED && asked != WORK_NONE && &l->d->works[asked] != l->work;
}

static void consider(const struct look *l, uint32_t officer)
{
    struct choice *c = l->choice;
    uint32_t most = l->d->rules->candidates;
    struct candidate one = {choice_expected_s(l->d, l->work, officer, l->now_s), officer};
    if (one.expected_s == UINT32_MAX || is_spoken_for(l, officer))
        return;
    if (c->count == most && !is_sooner(one, c->at[most - 1]))
        return;
    uint32_t i = c->count < most ? c->count++ : most - 1;
    for (; i > 0 && is_sooner(one, c->at[i - 1]); i--)
        c->at[i] = c->at[i - 1];
    c->at[i] = one;
}

/* Whether those further away than this cannot be sooner than those found. */
static bool is_enough(const struct look *l, uint32_t travel_s)
{
    const struct choice *c = l->choice;
    uint32_t most = l->d->rules->candidates;
    return c->count == most && l->now_s + travel_s > c->at[most - 1].expected_s;
}

static bool look_near(const struct look *l)
{
    const struct duty *duty = l->d->duty;
    const struct near *row = neighbours_of(duty->near, l->work->beat);
    for (uint32_t i = 0; i < duty->near->each; i++) {
        if (is_enough(l, row[i].travel_s))
            return true;
        for (uint32_t o = duty->first[row[i].beat]; o != OFFICER_NONE; o = duty->officers[o].next)
            consider(l, o);
    }
    return 2 * l->choice->count >= l->d->rules->candidates;
}

void choice_make(const struct dispatch *d, const struct work *w, enum choice_from from,
                 uint32_t now_s, struct choice *ret_choice)
{
    assert(d->rules->candidates > 0 && d->rules->candidates <= CANDIDATES_MOST);
    struct look l = {d, w, ret_choice, now_s, from};
    ret_choice->count = 0;
    if (look_near(&l))
        return;
    ret_choice->count = 0;
    for (uint32_t o = 0; o < d->duty->officer_count; o++)
        consider(&l, o);
}

int64_t choice_cost(const struct dispatch *d, const struct work *w, uint32_t expected_s)
{
    int64_t seconds = expected_s > w->came_s ? expected_s - w->came_s : 0;
    return d->rules->weight[w->tier] * (seconds + (expected_s > w->due_s ? LATE_S : 0));
}

int64_t choice_cost_of_none(const struct dispatch *d, const struct work *w, uint32_t now_s)
{
    return d->rules->weight[w->tier] * ((int64_t)now_s - w->came_s + NONE_S + LATE_S);
}
