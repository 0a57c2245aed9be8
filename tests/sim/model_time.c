/* SPDX-License-Identifier: Apache-2.0 */
/* What time alone does, and what holds at a moment. */
#include "model.h"

#include "screen/verdict.h"

#include <assert.h>
#include <string.h>

#define HOUR_US INT64_C(3600000000)
#define DAY_US  (24 * HOUR_US)

const struct model_day model_days[] = {
    {2026, 11, 23, false}, /* a Monday off */
    {2026, 11, 28, true }, /* a Saturday worked */
    {2026, 12, 31, false},
    {2027, 1,  1,  false},
    {2027, 1,  2,  true },
    {2027, 2,  8,  false},
    {2027, 2,  9,  false},
    {2028, 2,  29, false},
};
const int model_day_count = COUNT_OF(model_days);

/* --- working days, counted one by one --- */

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int64_t day_number(const struct model_day *d)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t n = d->day - 1;
    for (int year = 1970; year < d->year; year++)
        n += is_leap(year) ? 366 : 365;
    for (int month = 1; month < d->month; month++)
        n += days[month - 1] + (month == 2 && is_leap(d->year));
    return n;
}

static bool is_working(int64_t day)
{
    for (int i = 0; i < model_day_count; i++)
        if (day_number(&model_days[i]) == day)
            return model_days[i].is_working;
    int64_t weekday = (day + 4) % 7; /* 1970 began on a Thursday */
    return weekday != 0 && weekday != 6;
}

/* The last second of the fifth working day after the day it was filed, where the centre is. */
int64_t model_appeal_due(int64_t filed_at)
{
    int64_t zone_us = MODEL_ZONE_MIN * INT64_C(60000000);
    int64_t day = (filed_at + zone_us) / DAY_US;
    for (int left = MODEL_APPEAL_DAYS; left > 0;)
        left -= is_working(++day);
    return (day + 1) * DAY_US - zone_us - 1000000;
}

/* --- what happens by itself --- */

struct happening {
    int64_t due;
    enum act act;
    int record;
    const char *id;
};

static void put(struct happening *next, enum act act, int record, const char *id, int64_t due)
{
    struct happening h = {.due = due, .act = act, .record = record, .id = id};
    bool is_first = next->id == NULL || due < next->due;
    if (!is_first && due == next->due) {
        int order = strcmp(id, next->id);
        is_first = order < 0 || (order == 0 && strcmp(act_name(act), act_name(next->act)) < 0);
    }
    if (is_first)
        *next = h;
}

static void put_listing(struct happening *next, const struct model_listing *l, int i)
{
    if (l->ended_at == 0)
        put(next, ACT_LISTING_EXPIRE, i, l->id, l->until);
    else if (!l->is_erased)
        put(next, ACT_LISTING_ERASE, i, l->id, l->ended_at + MODEL_LISTING_KEPT_DAYS * DAY_US);
    if (l->will_begin)
        put(next, ACT_LISTING_BEGIN, i, l->id, l->from);
}

static void put_appeal(struct happening *next, const struct model_appeal *a, int i)
{
    if (a->decided_at == 0 && !a->is_late)
        put(next, ACT_APPEAL_LATE, i, a->id, a->due_at);
    if (a->decided_at != 0 && !a->is_erased)
        put(next, ACT_APPEAL_ERASE, i, a->id, a->decided_at + MODEL_APPEAL_KEPT_DAYS * DAY_US);
}

static struct happening next_of(const struct model *m)
{
    struct happening next = {0};
    for (int i = 0; i < m->listing_count; i++)
        put_listing(&next, &m->listings[i], i);
    for (int i = 0; i < m->appeal_count; i++)
        put_appeal(&next, &m->appeals[i], i);
    for (int i = 0; i < m->session_count; i++)
        if (m->sessions[i].state == SESSION_OPEN)
            put(&next, ACT_SESSION_EXPIRE, i, m->sessions[i].id, m->sessions[i].until);
    return next;
}

bool model_next(const struct model *m, int64_t *ret_due)
{
    struct happening next = next_of(m);
    *ret_due = next.due;
    return next.id != NULL;
}

static void expire(struct model_listing *l, int64_t at)
{
    l->state = l->state == LISTING_PROPOSED ? LISTING_REFUSED : LISTING_EXPIRED;
    l->ended_at = at;
    l->will_begin = false;
    l->revision++;
}

static void happen(struct model *m, const struct happening *h, int64_t at)
{
    struct deed erase = {.act = h->act, .who = WHO_CENTRE, .record = h->record};
    if (h->act == ACT_LISTING_ERASE || h->act == ACT_APPEAL_ERASE) {
        model_do(m, &erase, at);
        return;
    }
    if (h->act == ACT_LISTING_EXPIRE) {
        expire(&m->listings[h->record], at);
    } else if (h->act == ACT_LISTING_BEGIN) {
        m->listings[h->record].will_begin = false;
        m->listings[h->record].revision++;
    } else if (h->act == ACT_APPEAL_LATE) {
        m->appeals[h->record].is_late = true;
        m->appeals[h->record].revision++;
    } else {
        assert(h->act == ACT_SESSION_EXPIRE);
        m->sessions[h->record].state = SESSION_CLOSED;
        m->sessions[h->record].revision++;
    }
    model_leaf(m, h->act, WHO_CENTRE, h->record, at);
}

void model_pass(struct model *m, int64_t now, bool is_late)
{
    for (;;) {
        struct happening next = next_of(m);
        if (next.id == NULL || next.due > now)
            return;
        happen(m, &next, is_late ? now : next.due);
    }
}

/* --- what holds at a moment --- */

static bool is_at_or_below(const char *value, const struct model_listing *l)
{
    size_t size = strlen(value);
    size_t top = strlen(l->value);
    if (strcmp(value, l->value) == 0)
        return true;
    return l->match == MATCH_SUFFIX && size > top && value[size - top - 1] == '.' &&
           strcmp(value + size - top, l->value) == 0;
}

bool model_covers(const struct model_listing *l, unsigned kind, const char *value, int64_t at)
{
    return l->state == LISTING_IN_FORCE && l->kind == kind && l->from <= at && at < l->until &&
           is_at_or_below(value, l);
}

int model_verdict(const struct model *m, const struct deed *asked, const char *host, int64_t at)
{
    bool has[ACTION_COUNT] = {false};
    for (int i = 0; i < m->listing_count; i++) {
        const struct model_listing *l = &m->listings[i];
        if (model_covers(l, asked->listing.kind, asked->listing.value, at) ||
            (host != NULL && model_covers(l, INDICATOR_DOMAIN, host, at)))
            has[l->action] = true;
    }
    if (has[ACTION_ALLOW])
        return VERDICT_PASS;
    if (has[ACTION_BLOCK])
        return VERDICT_BLOCK;
    return has[ACTION_WARN] ? VERDICT_WARN : VERDICT_PASS;
}
