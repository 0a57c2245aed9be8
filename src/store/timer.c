/* SPDX-License-Identifier: Apache-2.0 */
/* Timers: rows, so that a crash forgets none; fired in order of due time, then record, then act,
 * but those of urgent alerts before all others that are due. */
#include "store/part.h"

#include <assert.h>

enum { FIRE_MOST = 1000 };
#define AGAIN_US (60 * US_PER_MIN)

/* A listing's end is no timer: its own column says when (schema: listing_ends), unless one stands
 * in its place because it could not be ended then. */
#define ENDING                                                                                     \
    "FROM listing WHERE \"ends\" <= $1 AND NOT EXISTS"                                             \
    " (SELECT 1 FROM timer t WHERE t.\"record\" = listing.\"id\" AND t.\"act\" = "                 \
    "'listing.expire')"

/* What cannot be undone waits while erasures are held; $3 says whether they are. What somebody may
 * still be owed waits also until a restored store is reconciled, $4: it does not know yet. */
#define MAY_FIRE                                                                                   \
    "(\"act\" NOT IN ('listing.erase', 'appeal.erase', 'report.erase', 'round.erase',"             \
    " 'order.erase', 'suspicion.erase', 'box.erase', 'alert.erase', 'outreach.erase', 'hush.end'," \
    " 'whereabouts.erase', 'guardian.erase', 'tip.erase') OR $3 = 0)"                              \
    " AND (\"act\" NOT IN ('claim.erase', 'share.erase') OR ($3 = 0 AND $4 = 0))"

static void bind_held(struct sql_row *row, const struct store *store)
{
    bool is_restored = store->has_centre && store->centre.is_outbox_held != 0;
    sql_bind_i64(row, 3, store->holds_erasures);
    sql_bind_i64(row, 4, is_restored);
}

err timer_put(struct store *store, str record, const struct timer *timer)
{
    struct sql_row *row = NULL;
    if (timer->due.us == 0) {
        TRY(sql_ask(store->db, "DELETE FROM timer WHERE \"record\" = $1 AND \"act\" = $2", &row));
    } else {
        TRY(sql_ask(store->db,
                    "INSERT INTO timer (\"record\", \"act\", \"due\", \"is_urgent\")"
                    " VALUES ($1, $2, $3, $4) ON CONFLICT (\"record\", \"act\") DO UPDATE SET"
                    " \"due\" = excluded.\"due\", \"is_urgent\" = excluded.\"is_urgent\"",
                    &row));
        sql_bind_i64(row, 3, timer->due.us);
        sql_bind_i64(row, 4, timer->is_urgent);
    }
    sql_bind_str(row, 1, record);
    sql_bind_str(row, 2, str_from_c(act_name(timer->act)));
    return sql_finish(&row);
}

static err next_of(struct sql_row *row, instant *due, bool *has)
{
    bool has_row = false;
    TRY(sql_next(row, &has_row));
    if (has_row && (!*has || sql_i64(row, 0) < due->us)) {
        *due = instant_from_us(sql_i64(row, 0));
        *has = true;
    }
    return OK;
}

err store_timer_next(struct store *store, instant *ret_due, bool *ret_has)
{
    struct sql_row *row = NULL;
    *ret_has = false;
    *ret_due = instant_from_us(0);
    TRY(sql_ask(store->db, "SELECT \"due\" FROM timer WHERE " MAY_FIRE " ORDER BY \"due\" LIMIT 1",
                &row));
    bind_held(row, store);
    err e = next_of(row, ret_due, ret_has);
    sql_done(&row);
    TRY(e);
    TRY(sql_ask(store->db, "SELECT \"ends\" " ENDING " ORDER BY \"ends\" LIMIT 1", &row));
    sql_bind_i64(row, 1, INSTANT_MAX_US);
    e = next_of(row, ret_due, ret_has);
    sql_done(&row);
    return e;
}

void store_hold_erasures(struct store *store, bool is_held)
{
    store->holds_erasures = is_held;
}

struct due_timer {
    str record;
    enum act act;
    instant due;
    bool is_end; /* no timer: a listing's own */
    bool is_urgent;
};

struct due_timers {
    struct due_timer *at;
    int count;
    int most;
};

/* Each has an index of its own. */
static const char *const due_of[] = {
    "SELECT \"record\", \"act\", \"due\", 0, 1 FROM timer WHERE \"due\" <= $1"
    " AND \"is_urgent\" = 1 AND " MAY_FIRE " ORDER BY 3, 1, 2 LIMIT $2",
    "SELECT \"record\", \"act\", \"due\", 0, 0 FROM timer WHERE \"due\" <= $1"
    " AND \"is_urgent\" = 0 AND " MAY_FIRE
    " UNION ALL SELECT \"id\", 'listing.expire', \"ends\", 1, 0 " ENDING
    " ORDER BY 3, 1, 2 LIMIT $2"};

static err take_row(struct store *store, struct sql_row *row, struct due_timers *due)
{
    struct due_timer *t = &due->at[due->count++];
    *t = (struct due_timer){.record = sql_str(row, 0, &store->arena),
                            .act = act_find(sql_peek(row, 1)),
                            .due = instant_from_us(sql_i64(row, 2)),
                            .is_end = sql_i64(row, 3) != 0,
                            .is_urgent = sql_i64(row, 4) != 0};
    return t->record.at == NULL || t->act == ACT_COUNT
               ? fail(ERR_CORRUPT, "store: a timer the program does not know", 0)
               : OK;
}

static err take_some(struct store *store, instant now, const char *which, struct due_timers *due)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(store->db, which, &row));
    sql_bind_i64(row, 1, now.us);
    sql_bind_i64(row, 2, due->most - due->count);
    bind_held(row, store);
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row && due->count < due->most) {
        e = take_row(store, row, due);
        if (!failed(e))
            e = sql_next(row, &has_row);
    }
    sql_done(&row);
    return e;
}

static err take_due(struct store *store, instant now, struct due_timers *due)
{
    for (size_t i = 0; i < COUNT_OF(due_of) && due->count < due->most; i++)
        TRY(take_some(store, now, due_of[i], due));
    return OK;
}

static bool has_moved_on(err e)
{
    bool is_refusal = e.code == ERR_CONFLICT || e.code == ERR_ABSENT || e.code == ERR_DENIED;
    return is_refusal && !sql_is_constraint(e);
}

/* Trouble with the one record, the database itself being well. */
static bool is_its_own(const struct store *store, err e)
{
    return e.code != ERR_OS && e.code != ERR_BUSY && sql_in_transaction(store->db);
}

static struct command command_of(const struct due_timer *timer)
{
    return (struct command){
        .act = timer->act,
        .actor = {.user = STR("centre"), .kind = ACTOR_CENTRE},
        .record = timer->record,
    };
}

struct firing {
    struct store *store;
    instant now;
    bool as_due;
    struct timers_fired *fired;
};

static instant moment_of(const struct firing *f, const struct due_timer *timer)
{
    return f->as_due ? timer->due : f->now;
}

static err put_off(const struct firing *f, const struct due_timer *timer, err why)
{
    struct timer again = {.act = timer->act,
                          .due = instant_add_us(moment_of(f, timer), AGAIN_US),
                          .is_urgent = timer->is_urgent};
    f->fired->put_off++;
    f->fired->why = why;
    return timer_put(f->store, timer->record, &again);
}

/* A timer whose record has moved on is simply gone; trouble with the database is trouble. */
static err fire(const struct firing *f, const struct due_timer *timer)
{
    struct store *store = f->store;
    struct timer gone = {.act = timer->act};
    struct command cmd = command_of(timer);
    TRY(timer_put(store, timer->record, &gone));
    err e = store_apply(store, &cmd, moment_of(f, timer), &store->arena, NULL);
    bool is_done = !failed(e) || (has_moved_on(e) && timer->act != ACT_LISTING_EXPIRE);
    if (is_done)
        return OK;
    return is_its_own(store, e) ? put_off(f, timer, e) : e;
}

/* --- listings that end, a million of them in one second: many at once --- */

static err fire_each(const struct firing *f, const struct due_timer *ends, size_t count)
{
    for (size_t i = 0; i < count; i++)
        TRY(fire(f, &ends[i]));
    return OK;
}

static err end_all(const struct firing *f, const struct due_timer *ends, struct member *members,
                   size_t count)
{
    for (size_t i = 0; i < count; i++)
        members[i] = (struct member){.command = command_of(&ends[i])};
    return store_apply_many(f->store, STR(""), members, count, moment_of(f, ends));
}

/* All of one moment. Where one of them cannot be ended, each is tried by itself. */
static err fire_ends(const struct firing *f, const struct due_timer *ends, size_t count)
{
    struct store *store = f->store;
    struct member *members = arena_make_array(&store->arena, count, sizeof *members);
    if (members == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(store_mark(store));
    err e = end_all(f, ends, members, count);
    if (failed(e) && !is_its_own(store, e))
        return e;
    if (failed(e)) {
        TRY(store_undo(store));
        return fire_each(f, ends, count);
    }
    TRY(store_keep(store));
    for (size_t i = 0; i < count; i++)
        if (failed(members[i].outcome))
            TRY(put_off(f, &ends[i], members[i].outcome));
    return OK;
}

/* How many from here on end together. */
static size_t ends_together(const struct firing *f, const struct due_timer *due, size_t count)
{
    size_t i = 0;
    while (i < count && due[i].is_end && moment_of(f, &due[i]).us == moment_of(f, due).us)
        i++;
    return i;
}

err store_timers_fire(struct store *store, instant now, bool as_due, int most,
                      struct timers_fired *ret_fired)
{
    assert(store->is_open && most > 0);
    arena_reset(&store->arena);
    *ret_fired = (struct timers_fired){0};
    if (most > FIRE_MOST)
        most = FIRE_MOST;
    struct due_timers due = {.at = arena_make_array(&store->arena, (size_t)most, sizeof *due.at),
                             .most = most};
    if (due.at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    struct firing f = {.store = store, .now = now, .as_due = as_due, .fired = ret_fired};
    TRY(take_due(store, now, &due));
    for (size_t i = 0, together = 0; i < (size_t)due.count; i += together) {
        together = ends_together(&f, &due.at[i], (size_t)due.count - i);
        TRY(together > 0 ? fire_ends(&f, &due.at[i], together) : fire(&f, &due.at[i]));
        together += together == 0;
    }
    ret_fired->count = due.count;
    return OK;
}
