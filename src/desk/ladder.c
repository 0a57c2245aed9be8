/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A ladder's steps go on, never back and never the same again: what was refused is not repeated,
 * and who got a message as `medium` does not get it once more as `high`.
 */
#include "desk/alert.h"
#include "fact/division.h"

#include <assert.h>

#define MIN_A_DAY (US_PER_DAY / US_PER_MIN)

static int64_t minute_of(const struct law_profile *law, instant at)
{
    int64_t local = at.us / US_PER_MIN + law->zone_min;
    return ((local % MIN_A_DAY) + MIN_A_DAY) % MIN_A_DAY;
}

instant ladder_not_before(const struct law_profile *law, instant at)
{
    int64_t from = law->alert_quiet_from_min;
    int64_t until = law->alert_quiet_until_min;
    int64_t now = minute_of(law, at);
    int64_t length = (until - from + MIN_A_DAY) % MIN_A_DAY;
    int64_t since = (now - from + MIN_A_DAY) % MIN_A_DAY;
    if (since >= length)
        return at;
    int64_t whole = at.us - at.us % US_PER_MIN;
    return instant_add_us(instant_from_us(whole), (length - since) * US_PER_MIN);
}

void ladder_stop(struct alert *a)
{
    a->means = MEANS_NONE;
    a->step_at = a->step_due = (instant){0};
}

void ladder_next(const struct law_profile *law, instant at, struct alert *a)
{
    const struct ladder *l = &law->ladders[a->highest];
    size_t next = 0;
    while (next < l->step_count && l->steps[next].means <= a->tried)
        next++;
    a->step = (int64_t)next;
    ladder_stop(a);
    if (next == l->step_count || a->withheld != WITHHELD_NONE)
        return;
    a->means = l->steps[next].means;
    a->step_at = l->heeds_quiet != 0 ? ladder_not_before(law, at) : at;
    a->step_due = instant_add_us(a->step_at, l->steps[next].within_min * US_PER_MIN);
}

/* Of what is urgent before of all the rest, should everything fall due at once. */
void ladder_timer(const struct alert *a, enum act act, instant due, struct change *change)
{
    if (a->highest == ALERT_URGENT)
        change_timer_urgent(change, act, due);
    else
        change_timer(change, act, due);
}

void ladder_arm(const struct alert *a, struct change *change)
{
    bool awaits_end = a->reached_at.us == 0 && a->due_at.us != 0 && a->withheld == WITHHELD_NONE;
    instant due = a->means != MEANS_NONE ? a->step_due : awaits_end ? a->due_at : (instant){0};
    change_timer_stop(change, ACT_ALERT_ESCALATE);
    if (a->means == MEANS_MESSAGE || a->means == MEANS_GUARDIAN) /* app/reach carries it out */
        change_effect(change, EFFECT_MESSAGE);
    if (due.us == 0)
        change_timer_stop(change, ACT_ALERT_LATE);
    else
        ladder_timer(a, ACT_ALERT_LATE, due, change);
}

str ladder_above(str told)
{
    static const size_t levels[] = {9, 6, 4, 2};
    assert(told.size < DIVISION_BYTES);
    for (size_t i = 0; i < COUNT_OF(levels); i++)
        if (told.size > levels[i])
            return str_until(told, levels[i]);
    return STR(DIVISION_TOP);
}
