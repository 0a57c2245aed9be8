/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/change.h"

#include <assert.h>

void change_begin(struct change *change, const struct desk_view *view)
{
    assert(change != NULL && view != NULL);
    *change = (struct change){.is_new = view->own == NULL};
    if (view->own != NULL)
        change->after = *view->own;
}

void change_effect(struct change *change, enum effect_topic topic)
{
    assert(change->effect_count < CHANGE_EFFECTS_MAX);
    change->effects[change->effect_count++] = topic;
}

void change_timer(struct change *change, enum act act, instant due)
{
    assert(change->timer_count < CHANGE_TIMERS_MAX && due.us > 0);
    change->timers[change->timer_count++] = (struct timer){.act = act, .due = due};
}

void change_timer_urgent(struct change *change, enum act act, instant due)
{
    change_timer(change, act, due);
    change->timers[change->timer_count - 1].is_urgent = true;
}

void change_timer_stop(struct change *change, enum act act)
{
    assert(change->timer_count < CHANGE_TIMERS_MAX);
    change->timers[change->timer_count++] = (struct timer){.act = act};
}

void change_follow(struct change *change, enum act act, str record, str why)
{
    assert(!change->has_follow);
    change->follow = (struct command){.act = act, .record = record, .why = why};
    change->has_follow = true;
}

bool change_is_restored(const struct desk_view *view)
{
    return view->centre != NULL && view->centre->is_outbox_held != 0;
}

bool people_has(str people, str person)
{
    str one = {0};
    while (str_split(&people, ' ', &one))
        if (str_equal(one, person))
            return true;
    return false;
}

err people_add(str people, str person, struct arena *turn, str *ret_people)
{
    assert(!str_is_empty(person));
    if (people_has(people, person)) {
        *ret_people = people;
        return OK;
    }
    struct text t;
    text_init(&t, turn);
    text_put(&t, people);
    if (!str_is_empty(people))
        text_put_char(&t, ' ');
    text_put(&t, person);
    if (text_spent(&t))
        return fail(ERR_LIMIT, "limit.memory", 0);
    *ret_people = text_str(&t);
    return OK;
}

err words_check(str words, size_t most, const char *missing, const char *too_long)
{
    if (str_is_blank(words))
        return fail(ERR_MALFORMED, missing, 0);
    if (words.size > most)
        return fail(ERR_LIMIT, too_long, (uint32_t)most);
    if (!str_is_utf8(words))
        return fail(ERR_MALFORMED, "text.not_utf8", 0);
    for (size_t i = 0; i < words.size; i++) {
        unsigned char c = (unsigned char)words.at[i];
        if ((c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7f)
            return fail(ERR_MALFORMED, "text.control", (uint32_t)i);
    }
    return OK;
}
