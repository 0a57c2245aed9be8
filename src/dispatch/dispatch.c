/* SPDX-License-Identifier: Apache-2.0 */
#include "dispatch/dispatch.h"

#include "dispatch/choice.h"
#include "dispatch/part.h"

#include <assert.h>

const struct dispatch_rules dispatch_usual = {
    .answer_s = {[WORK_HIGH] = 300, [WORK_URGENT] = 120},
    .weight = {[WORK_HIGH] = 1,   [WORK_URGENT] = 16 },
    .silent_s = 1800,
    .visit_s =
        2700, /* the usual one is shorter: who waits for somebody busy must not wait in vain */
    .stay_s = 120,
    .candidates = 12,
};

err dispatch_make(struct dispatch *d, struct duty *duty, const struct dispatch_rules *rules,
                  struct arena *a)
{
    assert(rules->candidates > 0 && rules->candidates <= CANDIDATES_MOST);
    *d = (struct dispatch){.duty = duty, .rules = rules};
    d->works = arena_make_array(a, WORK_MOST, sizeof *d->works);
    d->orders = arena_make_array(a, ORDERS_MOST, sizeof *d->orders);
    return d->works == NULL || d->orders == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

void dispatch_say(struct dispatch *d, enum dispatch_word kind, uint32_t work, uint32_t officer)
{
    assert(d->order_count < ORDERS_MOST);
    const struct work *w = &d->works[work];
    d->orders[d->order_count++] = (struct dispatch_order){
        .work = work, .officer = officer, .expected_s = w->expected_s, .kind = (uint8_t)kind};
}

static void set(struct work *w, enum work_state state, uint32_t now_s)
{
    w->state = (uint8_t)state;
    w->since_s = now_s;
}

void dispatch_give(struct dispatch *d, uint32_t work, struct candidate to, uint32_t now_s)
{
    struct work *w = &d->works[work];
    struct officer *o = &d->duty->officers[to.officer];
    assert(o->asked == WORK_NONE && w->officer == OFFICER_NONE);
    w->officer = to.officer;
    w->expected_s = to.expected_s;
    o->asked = work;
    if (o->busy != WORK_NONE) {
        w->state = WORK_OPEN;
        return;
    }
    set(w, WORK_ASKED, now_s);
    d->counts.asked++;
    dispatch_say(d, DISPATCH_ASK, work, to.officer);
}

void dispatch_unask(struct dispatch *d, uint32_t work, uint32_t now_s)
{
    struct work *w = &d->works[work];
    if (w->officer == OFFICER_NONE)
        return;
    struct officer *o = &d->duty->officers[w->officer];
    assert(o->asked == work);
    o->asked = WORK_NONE;
    if (w->state == WORK_ASKED) {
        dispatch_say(d, DISPATCH_WITHDRAW, work, w->officer);
        set(w, WORK_OPEN, now_s);
    }
    w->officer = OFFICER_NONE;
}

void dispatch_pass(struct work *w, uint32_t officer)
{
    w->passed[w->passed_count++ % PASSED_MOST] = officer;
}

/* Whoever nobody else is waiting for and is there soonest. */
static void ask_soonest(struct dispatch *d, uint32_t work, uint32_t now_s)
{
    struct choice c = {0};
    choice_make(d, &d->works[work], CHOICE_UNASKED, now_s, &c);
    if (c.count > 0)
        dispatch_give(d, work, c.at[0], now_s);
    else
        dispatch_say(d, DISPATCH_NOBODY, work, OFFICER_NONE);
}

static err find_place(struct dispatch *d, uint32_t *ret_work)
{
    uint32_t work = 0;
    if (d->work_count == WORK_MOST)
        return fail(ERR_LIMIT, "dispatch.full", 0);
    while (work < d->work_end && d->works[work].state != WORK_UNUSED)
        work++;
    d->work_end += work == d->work_end;
    d->work_count++;
    *ret_work = work;
    return OK;
}

/* Whoever has begun is where the work is. */
static err stand_with(struct dispatch *d, uint32_t work, uint32_t officer)
{
    struct officer *o = &d->duty->officers[officer];
    bool is_asked = d->works[work].state == WORK_ASKED;
    assert(officer < d->duty->officer_count);
    if (o->busy != WORK_NONE || o->asked != WORK_NONE)
        return fail(ERR_CONFLICT, "dispatch.not_free", officer);
    o->asked = is_asked ? work : WORK_NONE;
    o->busy = is_asked ? WORK_NONE : work;
    if (!is_asked)
        duty_move(d->duty, officer, d->works[work].beat);
    return OK;
}

err dispatch_stand(struct dispatch *d, const struct work *w, uint32_t *ret_work)
{
    uint32_t work = 0;
    assert(w->beat < d->duty->near->beat_count && w->tier < WORK_TIERS);
    assert(w->state != WORK_UNUSED && (w->state == WORK_OPEN) == (w->officer == OFFICER_NONE));
    TRY(find_place(d, &work));
    d->works[work] = *w;
    d->works[work].is_told = d->duty->is_told[w->beat] != 0;
    err e = w->state == WORK_OPEN ? OK : stand_with(d, work, w->officer);
    if (failed(e)) {
        d->works[work].state = WORK_UNUSED;
        d->work_count--;
        return e;
    }
    *ret_work = work;
    return OK;
}

err dispatch_arrive(struct dispatch *d, struct work_new w, uint32_t now_s, uint32_t *ret_work)
{
    uint32_t work = 0;
    assert(w.beat < d->duty->near->beat_count && w.tier < WORK_TIERS);
    d->order_count = 0;
    TRY(find_place(d, &work));
    d->works[work] = (struct work){.beat = w.beat,
                                   .came_s = now_s,
                                   .due_s = w.due_s,
                                   .officer = OFFICER_NONE,
                                   .tier = (uint8_t)w.tier,
                                   .is_told = d->duty->is_told[w.beat] != 0};
    set(&d->works[work], WORK_OPEN, now_s);
    d->counts.told += d->works[work].is_told;
    ask_soonest(d, work, now_s);
    *ret_work = work;
    return OK;
}

static err find(const struct dispatch *d, uint32_t work, uint32_t officer, enum work_state state)
{
    bool is_there =
        work < d->work_end && d->works[work].state == state && d->works[work].officer == officer;
    return is_there ? OK : fail(ERR_CONFLICT, "dispatch.not_asked", work);
}

err dispatch_accept(struct dispatch *d, uint32_t work, uint32_t officer, uint32_t now_s)
{
    d->order_count = 0;
    TRY(find(d, work, officer, WORK_ASKED));
    struct work *w = &d->works[work];
    struct officer *o = &d->duty->officers[officer];
    assert(o->busy == WORK_NONE && o->asked == work);
    set(w, WORK_TAKEN, now_s);
    w->expected_s = now_s + neighbours_travel_s(d->duty->near, o->beat, w->beat);
    o->asked = WORK_NONE;
    o->busy = work;
    duty_move(d->duty, officer, w->beat);
    return OK;
}

err dispatch_refuse(struct dispatch *d, uint32_t work, uint32_t officer, uint32_t now_s)
{
    d->order_count = 0;
    TRY(find(d, work, officer, WORK_ASKED));
    struct work *w = &d->works[work];
    d->duty->officers[officer].asked = WORK_NONE;
    w->officer = OFFICER_NONE;
    set(w, WORK_OPEN, now_s);
    dispatch_pass(w, officer);
    d->counts.refused++;
    ask_soonest(d, work, now_s);
    return OK;
}

/* Free again; what waited for them is asked now. */
static void free_officer(struct dispatch *d, uint32_t officer, uint32_t now_s)
{
    struct officer *o = &d->duty->officers[officer];
    uint32_t waiting = o->asked;
    o->busy = WORK_NONE;
    o->back_s = now_s + neighbours_travel_s(d->duty->near, o->beat, o->home);
    if (waiting == WORK_NONE)
        return;
    dispatch_unask(d, waiting, now_s);
    uint32_t expected_s = choice_expected_s(d, &d->works[waiting], officer, now_s);
    if (expected_s == UINT32_MAX)
        ask_soonest(d, waiting, now_s);
    else
        dispatch_give(d, waiting, (struct candidate){expected_s, officer}, now_s);
}

err dispatch_hand_over(struct dispatch *d, uint32_t work, uint32_t officer, uint32_t now_s)
{
    d->order_count = 0;
    TRY(find(d, work, officer, WORK_TAKEN));
    struct work *w = &d->works[work];
    w->officer = OFFICER_NONE;
    set(w, WORK_OPEN, now_s);
    dispatch_pass(w, officer);
    d->counts.handed++;
    free_officer(d, officer, now_s);
    ask_soonest(d, work, now_s);
    return OK;
}

err dispatch_at_door(struct dispatch *d, uint32_t work, uint32_t officer, uint32_t now_s)
{
    d->order_count = 0;
    TRY(find(d, work, officer, WORK_TAKEN));
    set(&d->works[work], WORK_HERE, now_s);
    return OK;
}

void dispatch_done(struct dispatch *d, uint32_t work, uint32_t now_s)
{
    struct work *w = &d->works[work];
    assert(work < d->work_end && w->state != WORK_UNUSED);
    d->order_count = 0;
    uint32_t officer = w->officer;
    bool was_begun = w->state == WORK_TAKEN || w->state == WORK_HERE;
    if (!was_begun)
        dispatch_unask(d, work, now_s);
    w->state = WORK_UNUSED;
    d->work_count--;
    if (was_begun)
        free_officer(d, officer, now_s);
}
