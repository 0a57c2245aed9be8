/* SPDX-License-Identifier: Apache-2.0 */
/* One way for every change: load, decide, write row, leaf, timers and outbox. */
#include "store/alerts.h"
#include "store/many.h"
#include "store/order_queue.h"
#include "store/row.h"

#include <assert.h>

/* What a record stands under, is about or answers: the desk wants to see that too. */
struct beside {
    enum record_kind kind;
    str id;
};

static struct beside beside_of(enum record_kind kind, const union record *subject)
{
    switch (kind) {
    case RECORD_APPEAL:
        if (!str_is_empty(subject->appeal.order))
            return (struct beside){RECORD_ORDER, subject->appeal.order};
        if (!str_is_empty(subject->appeal.round))
            return (struct beside){RECORD_ROUND, subject->appeal.round};
        return (struct beside){RECORD_LISTING, subject->appeal.listing};
    case RECORD_SESSION:
        return (struct beside){RECORD_USER, subject->session.user};
    case RECORD_LISTING:
        return (struct beside){RECORD_SOURCE, subject->listing.source_id};
    case RECORD_TIP:
        return (struct beside){RECORD_LISTING, subject->tip.listing};
    case RECORD_CLAIM:
        return (struct beside){RECORD_REPORT, subject->claim.report};
    case RECORD_ORDER:
        if (str_is_empty(subject->order.report))
            return (struct beside){RECORD_INCIDENT, subject->order.incident};
        return (struct beside){RECORD_REPORT, subject->order.report};
    case RECORD_RECEIPT:
        return (struct beside){RECORD_ORDER, subject->receipt.order};
    case RECORD_SHARE:
        return (struct beside){RECORD_ROUND, subject->share.round};
    case RECORD_ROUND:
        return (struct beside){RECORD_INCIDENT, subject->round.incident};
    case RECORD_OUTREACH:
        return (struct beside){RECORD_ALERT, subject->outreach.alert};
    case RECORD_HUSH:
        return (struct beside){RECORD_ALERT, subject->hush.alert};
    case RECORD_WHEREABOUTS:
        return (struct beside){RECORD_ALERT, subject->whereabouts.alert};
    case RECORD_ALERT:
    case RECORD_USER:
    case RECORD_BATCH:
    case RECORD_SOURCE:
    case RECORD_CONFLICT:
    case RECORD_SUSPICION:
    case RECORD_BOX:
    case RECORD_GUARDIAN:
    case RECORD_INCIDENT:
    case RECORD_REPORT:
    case RECORD_KEY:
    case RECORD_CENTRE:
    case RECORD_KIND_COUNT:
        break;
    }
    return (struct beside){RECORD_KIND_COUNT, STR("")};
}

static void show_beside(struct desk_view *view, enum record_kind kind, const union record *found)
{
    view->listing = kind == RECORD_LISTING ? &found->listing : NULL;
    view->user = kind == RECORD_USER ? &found->user : NULL;
    view->source = kind == RECORD_SOURCE ? &found->source : NULL;
    view->report = kind == RECORD_REPORT ? &found->report : NULL;
    view->incident = kind == RECORD_INCIDENT ? &found->incident : NULL;
    view->order = kind == RECORD_ORDER ? &found->order : NULL;
    view->round = kind == RECORD_ROUND ? &found->round : NULL;
    view->alert = kind == RECORD_ALERT ? &found->alert : NULL;
}

static err load_sum(struct store *store, const char *literal, str id, int64_t *ret_sum)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(store->db, literal, &row));
    sql_bind_str(row, 1, id);
    err e = sql_next(row, &has_row);
    if (!failed(e) && has_row)
        *ret_sum = sql_i64(row, 0);
    sql_done(&row);
    return e;
}

/* A share's claim, and what rounds that have not ended owe it: what failed may yet be paid. */
static err load_claim(struct store *store, str id, struct desk_view *view)
{
    union record *found = arena_make(view->turn, sizeof *found);
    if (found == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    err e = row_find(store->db, RECORD_CLAIM, id, view->turn, found);
    if (e.code == ERR_ABSENT)
        return OK;
    TRY(e);
    view->claim = &found->claim;
    return load_sum(store,
                    "SELECT coalesce(sum(s.\"amount\"), 0) FROM share s JOIN round r ON r.\"id\" ="
                    " s.\"round\" WHERE s.\"claim\" = $1 AND s.\"state\" <> 'paid'"
                    " AND r.\"state\" NOT IN ('closed', 'void')",
                    id, &view->promised);
}

/* A claim's own: what rounds that have not ended owe it, and, while it has not come back whole,
 * what is held in its incident by orders that have not ended: not by one that was written off. */
static err load_owed(struct store *store, str id, struct desk_view *view)
{
    return load_sum(
        store,
        "SELECT (SELECT count(*) FROM share s JOIN round r ON r.\"id\" = s.\"round\" WHERE"
        " s.\"claim\" = c.\"id\" AND s.\"state\" <> 'paid'"
        " AND r.\"state\" NOT IN ('closed', 'void'))"
        " + (SELECT count(*) FROM \"order\" o WHERE o.\"incident\" = c.\"incident\" AND"
        " o.\"held\" > 0 AND o.\"state\" IN ('sent', 'acknowledged', 'executed', 'partial',"
        " 'lifting') AND c.\"returned\" < c.\"amount\" AND c.\"state\" <> 'withdrawn')"
        " FROM claim c WHERE c.\"id\" = $1",
        id, &view->promised);
}

/* Of the subscriber; and whether this person is one of them. */
static err load_guardians(struct store *store, const struct guardian *g, struct desk_view *view)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(store->db,
                "SELECT count(*), coalesce(sum(\"person\" = $2), 0) FROM guardian"
                " WHERE \"pseudonym\" = $1 AND \"state\" IN ('invited', 'agreed', 'active')",
                &row));
    sql_bind_str(row, 1, g->pseudonym);
    sql_bind_str(row, 2, g->person);
    err e = sql_next(row, &has_row);
    view->guardians = !failed(e) && has_row ? sql_i64(row, 0) : 0;
    view->is_guardian = !failed(e) && has_row && sql_i64(row, 1) > 0;
    sql_done(&row);
    return e;
}

static err load_standing(struct store *store, str id, struct desk_view *view)
{
    return load_sum(store,
                    "SELECT count(*) FROM \"order\" WHERE \"incident\" = $1"
                    " AND \"kind\" IN ('hold', 'stop', 'freeze') AND \"state\" IN ('drafted',"
                    " 'approved', 'sent', 'acknowledged', 'executed', 'partial', 'lifting')",
                    id, &view->standing);
}

/* By hand: on no report, and in place of nothing. */
static err load_ordered(struct store *store, const struct order *o, struct desk_view *view)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    if (str_is_empty(o->incident) || !str_is_empty(o->report) || !str_is_empty(o->takes))
        return OK;
    TRY(sql_ask(store->db,
                "SELECT coalesce(sum(\"amount\"), 0) FROM \"order\" WHERE \"incident\" = $1"
                " AND \"id\" <> $2 AND \"report\" IS NULL AND \"takes\" IS NULL"
                " AND \"kind\" IN ('hold', 'stop', 'freeze') AND \"state\" IN ('drafted',"
                " 'approved', 'sent', 'acknowledged', 'executed', 'partial', 'lifting')",
                &row));
    sql_bind_str(row, 1, o->incident);
    sql_bind_str(row, 2, o->id);
    err e = sql_next(row, &has_row);
    if (!failed(e) && has_row)
        view->ordered = sql_i64(row, 0);
    sql_done(&row);
    return e;
}

/* Of a freeze that takes over what a hold holds: that hold. */
static err load_taken(struct store *store, str id, struct desk_view *view)
{
    union record *found = arena_make(view->turn, sizeof *found);
    if (found == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    err e = row_find(store->db, RECORD_ORDER, id, view->turn, found);
    if (e.code == ERR_ABSENT)
        return OK;
    TRY(e);
    view->taken = &found->order;
    return order_is_paying(store->db, view->taken, &view->is_paying);
}

/* Of a receipt: its share, if there is one, with all that the share stands under. */
static err load_share(struct store *store, str id, struct desk_view *view)
{
    union record *share = arena_make(view->turn, sizeof *share);
    union record *round = arena_make(view->turn, sizeof *round);
    if (share == NULL || round == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    err e = row_find(store->db, RECORD_SHARE, id, view->turn, share);
    if (e.code == ERR_ABSENT)
        return OK;
    TRY(e);
    TRY(row_find(store->db, RECORD_ROUND, share->share.round, view->turn, round));
    view->share = &share->share;
    view->round = &round->round;
    return load_claim(store, share->share.claim, view);
}

static err load_beside(struct store *store, enum record_kind kind, const union record *subject,
                       struct desk_view *view)
{
    struct beside beside = beside_of(kind, subject);
    if (kind == RECORD_ORDER && store->providers != NULL)
        view->provider = provider_find(store->providers, subject->order.provider);
    if (kind == RECORD_SHARE && view->own == NULL)
        TRY(load_claim(store, subject->share.claim, view));
    if (kind == RECORD_ORDER && !str_is_empty(subject->order.takes))
        TRY(load_taken(store, subject->order.takes, view));
    if (kind == RECORD_RECEIPT && !str_is_empty(subject->receipt.share))
        return load_share(store, subject->receipt.share, view);
    if (str_is_empty(beside.id))
        return OK;
    union record *found = arena_make(view->turn, sizeof *found);
    if (found == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    err e = row_find(store->db, beside.kind, beside.id, view->turn, found);
    if (e.code == ERR_ABSENT)
        return OK; /* the desk says what that means */
    TRY(e);
    show_beside(view, beside.kind, found);
    return OK;
}

static err load(struct store *store, const struct command *cmd, instant at, struct desk_view *view)
{
    enum record_kind kind = act_record_kind(cmd->act);
    union record *own = arena_make(view->turn, sizeof *own); /* the view points at it */
    if (own == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    err e = row_find(store->db, kind, cmd->record, view->turn, own);
    if (failed(e) && e.code != ERR_ABSENT)
        return e;
    view->own = failed(e) ? NULL : own;
    view->centre = store->has_centre ? &store->centre : NULL;
    if (cmd->act == ACT_CLAIM_ERASE)
        TRY(load_owed(store, cmd->record, view));
    if (cmd->act == ACT_ORDER_DRAFT || cmd->act == ACT_ORDER_APPROVE)
        TRY(load_ordered(store, failed(e) ? &cmd->body.order : &own->order, view));
    if (cmd->act == ACT_GUARDIAN_INVITE)
        TRY(load_guardians(store, &cmd->body.guardian, view));
    if (cmd->act == ACT_INCIDENT_CLOSE)
        TRY(load_standing(store, cmd->record, view));
    TRY(load_beside(store, kind, failed(e) ? &cmd->body : own, view));
    return alerts_load(store, cmd, failed(e) ? &cmd->body : own, at, view);
}

/* A listing was read whole, but for one of many; what its source says for it is then no change. */
static err write_row(struct store *store, enum record_kind kind, const union record *before,
                     const struct change *change)
{
    bool is_stored = kind != RECORD_LISTING || store->many != NULL;
    if (change->is_new)
        return store->many != NULL ? many_put_listing(store, &change->after)
                                   : row_insert(store->db, kind, &change->after);
    return is_stored ? row_update_stored(store->db, kind, before, &change->after)
                     : row_update(store->db, kind, &change->after);
}

static err erase(struct store *store, enum record_kind kind, str record)
{
    struct sql_row *row = NULL;
    TRY(leaf_erase(store, record));
    if (kind == RECORD_LISTING)
        TRY(sql_ask(store->db, "DELETE FROM call_match WHERE \"listing\" = $1", &row));
    else if (kind == RECORD_TIP)
        TRY(sql_ask(store->db, "DELETE FROM tip_source WHERE \"tip\" = $1", &row));
    else
        return OK;
    sql_bind_str(row, 1, record);
    return sql_finish(&row);
}

static err write_change(struct store *store, const struct command *cmd, instant at,
                        const union record *before, const struct change *change)
{
    enum record_kind kind = act_record_kind(cmd->act);
    if (!change->is_reading)
        TRY(write_row(store, kind, before, change));
    uint64_t leaf = 0;
    if (change->is_erasing) /* first: the leaf of the erasing keeps a salt, for what is now blank */
        TRY(erase(store, kind, cmd->record));
    TRY(leaf_append(store, cmd, at, change, &leaf));
    for (size_t i = 0; i < change->timer_count; i++)
        TRY(timer_put(store, cmd->record, &change->timers[i]));
    for (size_t i = 0; i < change->effect_count; i++)
        TRY(outbox_put(store, change->effects[i], cmd->record, leaf, leaf));
    if (kind == RECORD_CENTRE && !change->is_reading)
        TRY(centre_reload(store));
    return OK;
}

/* The view brings its turn and whether this is a follow-up. */
static err decide(struct store *store, const struct command *cmd, instant at,
                  struct desk_view *view, struct change *ret_change)
{
    TRY(load(store, cmd, at, view));
    return desk_decide(view, cmd, store->law, at, ret_change);
}

/* A change and its place in the counts. */
static err write_counted(struct store *store, const struct command *cmd, instant at,
                         const union record *before, const struct change *change)
{
    struct counts counts = {.db = store->db};
    enum record_kind kind = act_record_kind(cmd->act);
    TRY(write_change(store, cmd, at, before, change));
    if (change->is_reading)
        return OK;
    if (kind == RECORD_ALERT)
        return alerts_count(store, before == NULL ? NULL : &before->alert, &change->after.alert);
    if (kind != RECORD_LISTING)
        return OK;
    TRY(counts_move(&counts, before == NULL ? NULL : &before->listing, &change->after.listing));
    return counts_write(&counts);
}

/* A change, and what follows from it; *change stays the first. */
static err write_all(struct store *store, const struct command *cmd, instant at,
                     const struct desk_view *first, struct change *change)
{
    TRY(write_counted(store, cmd, at, first->own, change));
    struct change last = *change;
    for (int depth = 0; last.has_follow; depth++) {
        assert(depth < FOLLOWS_MAX);
        struct command follow = last.follow;
        struct change next = {0};
        struct desk_view view = {.turn = first->turn, .is_follow = true};
        follow.actor = cmd->actor;
        TRY(decide(store, &follow, at, &view, &next));
        TRY(write_counted(store, &follow, at, view.own, &next));
        last = next;
    }
    return OK;
}

static err undo(struct store *store)
{
    TRY(sql_run(store->db, "ROLLBACK TO one_command"));
    TRY(sql_run(store->db, "RELEASE one_command"));
    TRY(leaf_rewind(store));
    return centre_reload(store);
}

err store_apply(struct store *store, const struct command *cmd, instant at, struct arena *turn,
                union record *ret_after)
{
    assert(store->is_open && !str_is_empty(cmd->record));
    struct change change = {0};
    struct desk_view view = {.turn = turn};
    TRY(decide(store, cmd, at, &view, &change));
    TRY(sql_run(store->db, "SAVEPOINT one_command"));
    err e = write_all(store, cmd, at, &view, &change);
    if (failed(e)) {
        /* A full disk has ended the whole transaction by now: then the first trouble says more. */
        err undone = undo(store);
        return failed(undone) && e.code != ERR_OS ? undone : e;
    }
    TRY(sql_run(store->db, "RELEASE one_command"));
    if (ret_after != NULL)
        *ret_after = change.after;
    return OK;
}

/* --- many at once --- */

/* The zone is told of all together at the end; what else there is to tell, of each. */
static void gather_effects(struct flock *f, str record, struct change *change)
{
    size_t kept = 0;
    for (size_t i = 0; i < change->effect_count; i++) {
        if (change->effects[i] != EFFECT_RPZ) {
            change->effects[kept++] = change->effects[i];
            continue;
        }
        f->of_zone = record;
        f->zone_leaf = f->store->tree.peaks.size; /* the next */
    }
    change->effect_count = kept;
}

static err write_member(struct flock *f, const struct command *cmd, const union record *before,
                        struct change *change)
{
    assert(!change->has_follow && !change->is_erasing);
    gather_effects(f, cmd->record, change);
    TRY(counts_move(&f->counts, before == NULL ? NULL : &before->listing, &change->after.listing));
    return write_change(f->store, cmd, f->at, before, change);
}

/* Refusals of the desk are the member's own; whatever the database says ends them all. */
static err apply_member(struct flock *f, struct member *m)
{
    struct desk_view view = f->view;
    struct change change = {0};
    union record own;
    TRY(many_turn(f->store, &view.turn));
    TRY(row_find_stored(f->store->db, RECORD_LISTING, m->command.record, view.turn, &own));
    view.own = &own;
    m->outcome = desk_decide(&view, &m->command, f->store->law, f->at, &change);
    return failed(m->outcome) ? OK : write_member(f, &m->command, view.own, &change);
}

/* How many come one after the other, from the first. */
static size_t count_entries(const struct member *members, size_t count)
{
    size_t entries = 0;
    while (entries < count && members[entries].command.act == ACT_LISTING_ENTER)
        entries++;
    return entries;
}

static err apply_members(struct flock *f, struct member *members, size_t count)
{
    for (size_t i = 0; i < count;) {
        size_t entries = count_entries(members + i, count - i);
        TRY(entries > 0 ? enter_all(f, members + i, entries) : apply_member(f, &members[i]));
        i += entries > 0 ? entries : 1;
    }
    return OK;
}

static err apply_all(struct flock *f, str source, struct member *members, size_t count)
{
    struct store *store = f->store;
    struct arena *keep = many_keep(store->many);
    union record *now = arena_make(keep, sizeof *now); /* whatever the caller remembers of it */
    if (now == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    if (!str_is_empty(source)) {
        TRY(row_find(store->db, RECORD_SOURCE, source, keep, now));
        f->view.source = &now->source;
    }
    TRY(apply_members(f, members, count));
    TRY(many_flush(store));
    return counts_write(&f->counts);
}

/* What a list says may wait while more of it comes; what ended by itself goes at once. */
static err tell_zone(const struct flock *f, str source, uint64_t first)
{
    if (str_is_empty(f->of_zone))
        return OK;
    bool is_list = !str_is_empty(source);
    return outbox_put(f->store, is_list ? EFFECT_RPZ_MANY : EFFECT_RPZ,
                      is_list ? source : f->of_zone, first, f->zone_leaf);
}

err store_apply_many(struct store *store, str source, struct member *members, size_t count,
                     instant at)
{
    assert(store->is_open);
    struct many *many = NULL;
    struct flock f = {.store = store, .at = at};
    uint64_t leaf = store->tree.peaks.size;
    f.view.centre = store->has_centre ? &store->centre : NULL;
    TRY(many_begin(store, &many));
    f.counts = (struct counts){.db = store->db, .keep = many_keep(many)};
    err e = apply_all(&f, source, members, count);
    many_end(store);
    return failed(e) ? e : tell_zone(&f, source, leaf);
}
