/* SPDX-License-Identifier: Apache-2.0 */
#include "app/door/house_state.h"

#include "app/house/warned.h"
#include "env/atomic.h"
#include "show/messages.h"

#include <stdio.h>

/* A clock that jumped ends listings too early or too late: whoever works here is told. */
static void put_leap(struct house *house, struct json *j)
{
    if (env_counter_read(&house->clock_leaps) == 0)
        return;
    instant to = instant_from_us((int64_t)env_word_read(&house->leapt_at_us));
    json_key(j, STR("clock_leap"));
    json_object(j);
    json_put_instant(j, STR("to"), to, house->law.zone_min);
    json_put_i64(j, STR("by_s"), (int64_t)env_word_read(&house->leapt_by_us) / US_PER_S);
    json_end(j);
}

static void put_text(const struct call *call, struct json *j, const char *code)
{
    json_put_str(j, STR("text"), message(str_from_c(code), call->language));
}

static void put_trouble(const struct call *call, struct json *j, err trouble)
{
    json_key(j, STR("trouble"));
    json_object(j);
    json_put_str(j, STR("code"), str_from_c(trouble.why));
    put_text(call, j, trouble.why);
    json_end(j);
}

static void put_damage(const struct call *call, struct json *j, const struct calls_damage *d)
{
    char code[64];
    (void)snprintf(code, sizeof code, "%s%s", "calls.harm.", calls_harm_words[d->harm]);
    json_object(j);
    json_put_str(j, STR("file"), str_from_c(d->file));
    json_put_str(j, STR("harm"), str_from_c(calls_harm_words[d->harm]));
    json_put_i64(j, STR("lost"), (int64_t)d->lost);
    put_text(call, j, code);
    json_end(j);
}

static void put_calls(struct call *call, struct json *j)
{
    struct call_book *book = &call->house->calls;
    struct calls_counts counts = {0};
    err trouble = call_book_trouble(book);
    (void)calls_thread_counts(&book->thread, &counts);
    if (!failed(trouble) && counts.damage_count == 0)
        return;
    json_key(j, STR("calls"));
    json_object(j);
    if (failed(trouble))
        put_trouble(call, j, trouble);
    json_key(j, STR("damages"));
    json_array(j);
    for (uint32_t i = 0; i < counts.damage_count; i++)
        put_damage(call, j, &counts.damage[i]);
    json_end(j);
    json_end(j);
}

static void put_warned(struct call *call, struct json *j)
{
    struct warned_counts c;
    struct house *house = call->house;
    err trouble = warned_trouble(house);
    bool is_open = warned_show(house, &c);
    json_key(j, STR("warned"));
    json_object(j);
    json_put_bool(j, STR("open"), is_open);
    json_put_i64(j, STR("episodes"), (int64_t)c.held);
    json_put_i64(j, STR("signals"), (int64_t)c.told);
    json_put_i64(j, STR("dropped"), (int64_t)(c.dropped + c.live.dropped));
    json_put_i64(j, STR("late"), (int64_t)c.live.late);
    json_put_i64(j, STR("ahead"), (int64_t)c.live.ahead);
    json_put_i64(j, STR("restored"), (int64_t)c.restored);
    if (c.snapshot_at.us != 0)
        json_put_instant(j, STR("snapshot_at"), c.snapshot_at, house->law.zone_min);
    if (failed(trouble))
        put_trouble(call, j, trouble);
    json_end(j);
}

void house_state_put(struct call *call, struct json *j)
{
    put_leap(call->house, j);
    put_calls(call, j);
    put_warned(call, j);
}
