/* SPDX-License-Identifier: Apache-2.0 */
#include "app/keep/restore_store.h"

#include "app/call/export.h"
#include "app/house/erasures.h"
#include "store/row.h"
#include "store/zone.h"

#include <stdio.h>

#define KEEP_BYTES ((size_t)8 << 30)

enum { TURN_BYTES = 64 << 20, ZONE_BYTES = 1 << 30 };

static const struct actor centre = {
    .user = {.at = "centre", .size = 6},
      .kind = ACTOR_CENTRE
};

struct records {
    const struct restore_task *task;
    struct store *store;
    struct arena turn;
    str *listings; /* erased ones: the zone has to be looked at again */
    size_t count;
    size_t room;
};

static err apply(struct records *r, enum act act, str record, str why)
{
    struct command cmd = {.act = act, .actor = centre, .record = record, .why = why};
    err e = store_apply(r->store, &cmd, r->task->at, &r->turn, NULL);
    arena_reset(&r->turn);
    return e;
}

static err begin_again(struct records *r)
{
    char when[INSTANT_TEXT_BYTES];
    char why[INSTANT_TEXT_BYTES + 16];
    str at = instant_format(r->task->manifest->at, r->task->house->law.zone_min, when);
    int size = snprintf(why, sizeof why, "backup at %.*s", STR_ARGS(at));
    str id = str_copy(r->task->keep, store_centre(r->store)->id); /* the store's copy moves */
    return apply(r, ACT_CENTRE_RESTORE, id, str_make(why, (size_t)size));
}

/* --- what a journal says was erased or ended --- */

static err ask(struct records *r, const char *literal, str id, bool *ret_has)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store_sql(r->store), literal, &row));
    sql_bind_str(row, 1, id);
    err e = sql_next(row, ret_has);
    sql_done(&row);
    return e;
}

#define NOT_BLANK(act)                                                                             \
    "NOT EXISTS (SELECT 1 FROM ledger_leaf WHERE \"record\" = $1 AND \"act\" = '" act "')"

/* The act that does it again; ACT_COUNT when the record is not there, or it is done already. */
static err find_act(struct records *r, str id, enum act *ret_act)
{
    static const struct {
        enum act act;
        const char *ask;
    } rows[] = {
#define ROW(act, from, where) {act, "SELECT 1 FROM " from " WHERE \"id\" = $1 AND " where}
        ROW(ACT_LISTING_ERASE, "listing", NOT_BLANK("listing.erase")),
        ROW(ACT_APPEAL_ERASE, "appeal", NOT_BLANK("appeal.erase")),
        ROW(ACT_REPORT_ERASE, "report", NOT_BLANK("report.erase")),
        ROW(ACT_CLAIM_ERASE, "claim", "\"to\" <> 'erased-' || \"id\""),
        ROW(ACT_ORDER_ERASE, "\"order\"", NOT_BLANK("order.erase")),
        ROW(ACT_ROUND_ERASE, "round", "\"statement\" <> 'erased'"),
        ROW(ACT_SHARE_ERASE, "share", "(\"to\" IS NOT NULL OR \"reference\" IS NOT NULL)"),
        ROW(ACT_RECEIPT_ERASE, "receipt", "(\"reference\" IS NOT NULL OR \"reason\" IS NOT NULL)"),
        ROW(ACT_SUSPICION_ERASE, "suspicion", "\"number\" <> 'erased-' || \"id\""),
        ROW(ACT_ALERT_ERASE, "alert", "\"pseudonym\" IS NOT NULL"),
        ROW(ACT_OUTREACH_ERASE, "outreach", NOT_BLANK("outreach.erase")),
        ROW(ACT_HUSH_END, "hush", "\"state\" = 'in_force'"),
        ROW(ACT_WHEREABOUTS_ERASE, "whereabouts", "\"state\" <> 'erased'"),
        ROW(ACT_TIP_ERASE, "tip", "\"value\" <> 'erased-' || \"id\""),
        ROW(ACT_BOX_ERASE, "sim_box", "\"cell\" IS NOT NULL"),
        ROW(ACT_USER_DISABLE, "user_account", "\"state\" = 'active'"),
        ROW(ACT_SESSION_CLOSE, "session", "\"state\" = 'open'"),
#undef ROW
    };
    bool is_there = false;
    *ret_act = ACT_COUNT;
    for (size_t i = 0; i < COUNT_OF(rows) && !is_there; i++) {
        TRY(ask(r, rows[i].ask, id, &is_there));
        if (is_there)
            *ret_act = rows[i].act;
    }
    return OK;
}

static err remember_listing(struct records *r, str id)
{
    struct arena *keep = r->task->keep;
    if (r->count == r->room) {
        size_t room = r->room == 0 ? 64 : r->room * 2;
        r->listings = arena_grow(keep, r->listings, r->room * sizeof(str), room * sizeof(str));
        if (r->listings == NULL)
            return fail(ERR_LIMIT, "limit.memory", 0);
        r->room = room;
    }
    r->listings[r->count++] = id;
    return OK;
}

static err do_again(struct records *r, str id, struct restore_outcome *outcome)
{
    enum act act = ACT_COUNT;
    TRY(find_act(r, id, &act));
    if (act == ACT_COUNT)
        return OK;
    TRY(apply(r, act, id, STR("")));
    if (act == ACT_USER_DISABLE || act == ACT_SESSION_CLOSE)
        outcome->ended++;
    else
        outcome->erased++;
    return act == ACT_LISTING_ERASE ? remember_listing(r, id) : OK;
}

static err do_all_again(struct records *r, struct restore_outcome *outcome)
{
    for (size_t i = 0; i < r->task->journal_count; i++) {
        str lines = r->task->journals[i];
        str id = {0};
        while (erasures_next(&lines, &id))
            TRY(do_again(r, id, outcome));
    }
    return OK;
}

/* --- who is signed in --- */

static err close_browsers(struct records *r, struct restore_outcome *outcome)
{
    for (;;) {
        struct sql_row *row = NULL;
        TRY(sql_ask(store_sql(r->store),
                    "SELECT \"id\" FROM session WHERE \"state\" = 'open' AND \"kind\" = 'browser'"
                    " LIMIT 1",
                    &row));
        bool has_row = false;
        err e = sql_next(row, &has_row);
        str id = !failed(e) && has_row ? sql_str(row, 0, &r->turn) : STR("");
        sql_done(&row);
        if (failed(e) || !has_row)
            return e;
        TRY(apply(r, ACT_SESSION_CLOSE, id, STR("")));
        outcome->sessions++;
    }
}

static err count(struct records *r, const char *literal, uint64_t *ret_count)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store_sql(r->store), literal, &row));
    bool has_row = false;
    err e = sql_next(row, &has_row);
    if (!failed(e))
        *ret_count = (uint64_t)sql_i64(row, 0);
    sql_done(&row);
    return e;
}

/* --- all of it --- */

static err renew_zone(struct records *r, struct restore_outcome *outcome)
{
    struct arena turn;
    struct zone_changes changes = {0};
    uint32_t serial = 0;
    TRY(zone_leap(r->store, r->task->at));
    arena_init(&turn, ZONE_BYTES);
    struct zone_ask ask = {.now = r->task->at, .turn = &turn};
    err e = zone_update(r->store, (struct zone_listings){r->listings, r->count}, ask, &changes);
    arena_done(&turn);
    TRY(e);
    TRY(zone_forget(r->store)); /* what was erased has a past there */
    TRY(zone_serial(store_sql(r->store), &serial));
    outcome->serial = serial;
    outcome->zone_min = r->task->house->law.zone_min;
    return OK;
}

static err write_all(struct records *r, struct restore_outcome *outcome)
{
    TRY(begin_again(r));
    TRY(do_all_again(r, outcome));
    TRY(close_browsers(r, outcome));
    TRY(count(r, "SELECT count(*) FROM session WHERE \"state\" = 'open' AND \"kind\" = 'token'",
              &outcome->tokens));
    TRY(count(r, "SELECT count(*) FROM outbox", &outcome->held));
    return renew_zone(r, outcome);
}

err restore_apply(const struct restore_task *task, struct restore_outcome *outcome)
{
    struct records r = {.task = task, .store = task->house->store};
    TRY(store_begin(r.store));
    arena_init(&r.turn, TURN_BYTES);
    err e = write_all(&r, outcome);
    arena_done(&r.turn);
    if (!failed(e))
        return store_commit(r.store, task->at);
    store_rollback(r.store);
    return e;
}

/* --- the whole ledger, once --- */

static err find_first_key(struct reader *reader, struct arena *a, struct replay_setup *setup)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(reader_sql(reader),
                "SELECT \"id\", \"public_part\" FROM signing_key WHERE \"kind\" = 'ledger'"
                " ORDER BY \"id\" LIMIT 1",
                &row));
    bool has_row = false;
    err e = sql_next(row, &has_row);
    if (!failed(e) && !has_row)
        e = fail(ERR_CORRUPT, "key.absent", 0);
    if (!failed(e)) {
        setup->key_id = sql_str(row, 0, a);
        e = hex_parse(sql_peek(row, 1), setup->key.bytes, SIGN_PUBLIC_BYTES);
    }
    sql_done(&row);
    return e;
}

static err replay(const struct restore_order *order, struct reader *reader, struct arena *keep,
                  struct arena *turn, struct replay_verdict *ret_verdict)
{
    struct export_walk walk;
    struct replay_source source = {
        .self = &walk, .entry = export_entry, .row = export_row, .head = export_head};
    struct replay_setup setup = {.source = &source,
                                 .keep = keep,
                                 .turn = turn,
                                 .found = order->found,
                                 .found_self = order->found_self};
    TRY(find_first_key(reader, order->arena, &setup));
    TRY(export_store_id(reader, order->arena, &setup.store));
    TRY(export_leaf_count(reader, &source.leaf_count));
    export_walk_init(&walk, reader, turn);
    err e = replay_run(&setup, ret_verdict);
    export_walk_done(&walk);
    return e;
}

err restore_replay(const struct restore_order *order, const char *path,
                   struct restore_outcome *outcome)
{
    struct arena keep;
    struct arena turn;
    struct reader *reader = NULL;
    struct replay_verdict verdict = {0};
    TRY(reader_open(order->arena, path, &reader));
    arena_init(&keep, KEEP_BYTES);
    arena_init(&turn, TURN_BYTES);
    err e = replay(order, reader, &keep, &turn, &verdict);
    arena_done(&keep);
    arena_done(&turn);
    reader_close(reader);
    TRY(e);
    outcome->findings = verdict.findings;
    return verdict.findings == 0 ? OK : fail(ERR_CORRUPT, "restore.altered", 0);
}
