/* SPDX-License-Identifier: Apache-2.0 */
/* Serials only go forward, as RFC 1982 compares them; 0 means "none yet" and is stepped over. */
#include "store/part.h"
#include "store/zone.h"

#include <assert.h>

#define ZONE "rpz"

struct state {
    uint32_t serial;
    instant at;
    int64_t mark;
};

static err state_get(struct sql *db, struct state *ret_state)
{
    struct state state = {0};
    struct sql_row *row = NULL;
    TRY(sql_ask(db,
                "SELECT \"serial\", \"at\", \"mark\" FROM rpz_serial WHERE \"zone\" = '" ZONE "'",
                &row));
    bool has_row = false;
    err e = sql_next(row, &has_row);
    if (!failed(e) && has_row)
        state = (struct state){.serial = (uint32_t)sql_i64(row, 0),
                               .at = instant_from_us(sql_i64(row, 1)),
                               .mark = sql_i64(row, 2)};
    sql_done(&row);
    if (!failed(e))
        *ret_state = state;
    return e;
}

static err state_put(struct store *store, struct state state)
{
    assert(store->is_open && state.serial != 0);
    struct sql_row *row = NULL;
    TRY(sql_ask(store->db,
                "INSERT INTO rpz_serial (\"zone\", \"serial\", \"at\", \"mark\")"
                " VALUES ('" ZONE "', $1, $2, $3) ON CONFLICT (\"zone\") DO UPDATE SET"
                " \"serial\" = excluded.\"serial\", \"at\" = excluded.\"at\","
                " \"mark\" = excluded.\"mark\"",
                &row));
    sql_bind_i64(row, 1, state.serial);
    sql_bind_i64(row, 2, state.at.us);
    sql_bind_i64(row, 3, state.mark);
    return sql_finish(&row);
}

/* The serial after `state`, or the first one of all: the clock's seconds. */
static struct state next_of(struct state state, instant now)
{
    uint32_t first = (uint32_t)(now.us / US_PER_S);
    state.serial = state.serial == 0 ? first : state.serial + 1;
    state.serial += state.serial == 0;
    state.at = now;
    return state;
}

err zone_serial(struct sql *db, uint32_t *ret_serial)
{
    struct state state;
    TRY(state_get(db, &state));
    *ret_serial = state.serial;
    return OK;
}

err zone_renew(struct store *store, instant now, uint32_t *ret_serial)
{
    struct state state;
    TRY(state_get(store->db, &state));
    state = next_of(state, now);
    TRY(state_put(store, state));
    *ret_serial = state.serial;
    return OK;
}

err zone_open(struct store *store, uint64_t mark, instant now)
{
    struct state state;
    TRY(state_get(store->db, &state));
    if (state.serial != 0 && state.mark == (int64_t)mark)
        return OK;
    state = next_of(state, now);
    state.mark = (int64_t)mark;
    TRY(state_put(store, state));
    return zone_forget(store);
}

err zone_forget(struct store *store)
{
    return sql_run(store->db, "DELETE FROM rpz_change");
}

/*
 * Whoever restores does not know what was published since the backup, perhaps by an earlier restore
 * of the same one: so the leap grows with the time since then, faster than anybody publishes.
 */
err zone_leap(struct store *store, instant now)
{
    enum { FARTHEST = 0x7fffffff - 1 }; /* RFC 1982 3.2 */
    struct state state;
    TRY(state_get(store->db, &state));
    int64_t passed_s = state.serial == 0 ? 0 : (now.us - state.at.us) / US_PER_S;
    int64_t leap = passed_s < 0 ? 0 : passed_s;
    leap = leap > FARTHEST / ZONE_LEAP_A_SECOND ? FARTHEST : leap * ZONE_LEAP_A_SECOND;
    leap = leap > FARTHEST - ZONE_LEAP ? FARTHEST : leap + ZONE_LEAP;
    state = next_of(state, now);
    state.serial += (uint32_t)leap;
    state.serial += state.serial == 0;
    TRY(state_put(store, state));
    return zone_forget(store);
}
