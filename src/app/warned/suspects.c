/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who stands under a suspicion or an order, read from the store into a set of hashes: a feed asks
 * it for each of its rows.
 */
#include "app/warned/watch_inside.h"

#include <string.h>

#define AGAIN_US  US_PER_S
#define AGAIN_ALL INT64_C(20) /* reading takes no more than one part in so many */

uint64_t suspect_hash(const struct house *house, unsigned kind, str value)
{
    /* A number's is its pseudonym, as calls have it. */
    uint64_t hash = warned_hash(house, value);
    return kind == INDICATOR_NUMBER ? hash : hash ^ kind;
}

bool suspects_has(const struct watch *w, uint64_t hash)
{
    uint64_t at = hash % SUSPECT_PLACES;
    while (w->suspects[at] != 0 && w->suspects[at] != hash)
        at = (at + 1) % SUSPECT_PLACES;
    return w->suspects[at] == hash;
}

static void put(uint64_t *set, uint64_t hash)
{
    uint64_t at = hash % SUSPECT_PLACES;
    while (set[at] != 0 && set[at] != hash)
        at = (at + 1) % SUSPECT_PLACES;
    set[at] = hash;
}

static err read_kind(struct house *house, struct reader *reader, unsigned kind, const char *query)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(reader_sql(reader), query, &row));
    sql_bind_i64(row, 1, SUSPECTS_MOST);
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row) {
        put(house->watch->filling, suspect_hash(house, kind, sql_peek(row, 0)));
        e = sql_next(row, &has_row);
    }
    sql_done(&row);
    return e;
}

static err read_all(struct house *house)
{
    struct reader *reader = house_reader_take(house);
    memset(house->watch->filling, 0, SUSPECT_PLACES * sizeof house->watch->filling[0]);
    err e = read_kind(house, reader, INDICATOR_NUMBER,
                      "SELECT \"number\" FROM suspicion WHERE \"state\" = 'open'"
                      " ORDER BY \"id\" DESC LIMIT $1");
    if (!failed(e))
        e = read_kind(house, reader, INDICATOR_ACCOUNT,
                      "SELECT \"target\" FROM \"order\" WHERE \"state\" IN ('approved', 'sent',"
                      " 'acknowledged', 'executed', 'partial') AND \"target_kind\" = 'account'"
                      " ORDER BY \"id\" DESC LIMIT $1");
    house_reader_give(house, reader);
    return e;
}

static bool claim(struct watch *w, int64_t now_us)
{
    env_mutex_lock(&w->mutex);
    bool is_due = !w->is_reading && now_us >= w->read_us;
    w->is_reading = w->is_reading || is_due;
    env_mutex_unlock(&w->mutex);
    return is_due;
}

void suspects_refresh(struct house *house)
{
    struct watch *w = house->watch;
    int64_t began = env_monotonic_us();
    if (w == NULL || !claim(w, began))
        return;
    err e = read_all(house);
    int64_t took = env_monotonic_us() - began;
    env_mutex_lock(&w->mutex);
    if (!failed(e)) { /* else those of before, a while longer */
        uint64_t *read = w->filling;
        w->filling = w->suspects;
        w->suspects = read;
    }
    w->read_us = began + took + (took * AGAIN_ALL > AGAIN_US ? took * AGAIN_ALL : AGAIN_US);
    w->is_reading = false;
    env_mutex_unlock(&w->mutex);
}
