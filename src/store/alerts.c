/* SPDX-License-Identifier: Apache-2.0 */
#include "store/alert_figures.h"
#include "store/part.h"
#include "store/row.h"

#include <assert.h>

static err no_memory(void)
{
    return fail(ERR_LIMIT, "limit.memory", 0);
}

/* --- for the desk --- */

static err load_hush(struct store *store, str pseudonym, struct alert_spent *spent)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(store->db,
                "SELECT \"highest\" FROM hush WHERE \"pseudonym\" = $1"
                " AND \"state\" = 'in_force'",
                &row));
    sql_bind_str(row, 1, pseudonym);
    err e = sql_next(row, &has_row);
    spent->is_hushed =
        !failed(e) && has_row && word_parse(alert_tier_words, sql_peek(row, 0), &spent->hushed_to);
    sql_done(&row);
    return e;
}

/* Others of the same number, opened on the same day: somebody was to be reached about them. */
static err load_number(struct store *store, const struct alert *a, int64_t day,
                       struct alert_spent *spent)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    instant begins = instant_from_us(day * US_PER_DAY - store->law->zone_min * US_PER_MIN);
    TRY(sql_ask(store->db,
                "SELECT count(*) FROM alert WHERE \"pseudonym\" = $1 AND \"id\" <> $2"
                " AND \"withheld\" = 'none' AND \"opened_at\" >= $3",
                &row));
    sql_bind_str(row, 1, a->pseudonym);
    sql_bind_str(row, 2, a->id);
    sql_bind_i64(row, 3, begins.us);
    err e = sql_next(row, &has_row);
    if (!failed(e))
        spent->a_number = sql_i64(row, 0);
    sql_done(&row);
    return e;
}

static err load_day(struct store *store, int64_t day, struct alert_spent *spent)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(store->db, "SELECT \"tier\", \"count\" FROM alert_day WHERE \"day\" = $1", &row));
    sql_bind_i64(row, 1, day);
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row) {
        unsigned tier = 0;
        if (word_parse(alert_tier_words, sql_peek(row, 0), &tier))
            spent->a_day[tier] = sql_i64(row, 1);
        e = sql_next(row, &has_row);
    }
    sql_done(&row);
    return e;
}

static err load_spent(struct store *store, const struct alert *a, instant opened,
                      struct desk_view *view)
{
    struct alert_spent *spent = arena_make(view->turn, sizeof *spent);
    if (spent == NULL)
        return no_memory();
    *spent = (struct alert_spent){0};
    int64_t day = alerts_day(store->law, opened);
    TRY(load_hush(store, a->pseudonym, spent));
    TRY(load_number(store, a, day, spent));
    TRY(load_day(store, day, spent));
    view->spent = spent;
    return OK;
}

/* Of the number that somebody asks not to be warned on: whether they asked already. */
static err load_asked(struct store *store, struct desk_view *view)
{
    struct alert_spent *spent = arena_make(view->turn, sizeof *spent);
    if (spent == NULL)
        return no_memory();
    *spent = (struct alert_spent){0};
    view->spent = spent;
    return view->alert == NULL ? OK : load_hush(store, view->alert->pseudonym, spent);
}

static err load_officer(struct store *store, str id, struct desk_view *view)
{
    union record *found = arena_make(view->turn, sizeof *found);
    if (found == NULL)
        return no_memory();
    err e = row_find(store->db, RECORD_USER, id, view->turn, found);
    if (e.code == ERR_ABSENT)
        return OK; /* the desk says what that means */
    TRY(e);
    view->user = &found->user;
    return OK;
}

static err load_whereabouts(struct store *store, str alert, struct desk_view *view)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(store->db,
                "SELECT \"id\" FROM whereabouts WHERE \"alert\" = $1 AND \"state\" <> 'erased'",
                &row));
    sql_bind_str(row, 1, alert);
    err e = sql_next(row, &has_row);
    if (!failed(e) && has_row)
        view->whereabouts = sql_str(row, 0, view->turn);
    sql_done(&row);
    return e;
}

err alerts_load(struct store *store, const struct command *cmd, const union record *subject,
                instant at, struct desk_view *view)
{
    const struct alert *a = &subject->alert;
    switch ((int)cmd->act) { /* the others ask for nothing */
    case ACT_ALERT_OPEN:
    case ACT_ALERT_RISE:
        return load_spent(store, a, cmd->act == ACT_ALERT_OPEN ? at : a->opened_at, view);
    case ACT_ALERT_ASSIGN:
    case ACT_ALERT_HAND_OVER:
        return load_officer(store, cmd->body.alert.officer, view);
    case ACT_ALERT_FALL:
    case ACT_ALERT_FADE:
    case ACT_ALERT_REFUSE:
    case ACT_ALERT_WITHDRAW:
    case ACT_ALERT_CONCLUDE:
        return load_whereabouts(store, cmd->record, view);
    case ACT_HUSH_ASK:
        return load_asked(store, view);
    }
    return OK;
}

/* --- by pseudonym --- */

static err find_one(struct sql_row *row, struct arena *turn, str *ret_id)
{
    bool has_row = false;
    err e = sql_next(row, &has_row);
    str id = !failed(e) && has_row ? sql_str(row, 0, turn) : STR("");
    sql_done(&row);
    TRY(e);
    if (!has_row)
        return fail(ERR_ABSENT, "alert.absent", 0);
    *ret_id = id;
    return id.at == NULL ? no_memory() : OK;
}

err alerts_find_open(struct sql *db, str pseudonym, struct arena *turn, str *ret_id)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(db,
                "SELECT \"id\" FROM alert WHERE \"pseudonym\" = $1 AND \"pseudonym\" IS NOT NULL"
                " AND \"state\" <> 'closed'",
                &row));
    sql_bind_str(row, 1, pseudonym);
    return find_one(row, turn, ret_id);
}

err alerts_find_warned(struct sql *db, str pseudonym, instant since, struct arena *turn,
                       str *ret_id)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(db,
                "SELECT \"id\" FROM alert WHERE \"pseudonym\" = $1 AND \"opened_at\" >= $2"
                " AND \"report\" IS NULL ORDER BY \"id\" DESC LIMIT 1",
                &row));
    sql_bind_str(row, 1, pseudonym);
    sql_bind_i64(row, 2, since.us);
    return find_one(row, turn, ret_id);
}
