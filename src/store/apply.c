/* SPDX-License-Identifier: Apache-2.0 */
/* One way for every change: load, decide, write row, leaf, timers and outbox. */
#include "desk/desk.h"
#include "store/part.h"
#include "store/row.h"

#include <assert.h>

/* What the record is about, where the desk wants to see that too. */
static err load_beside(struct store *store, enum record_kind kind, const union record *subject,
                       struct desk_view *view)
{
    if (kind != RECORD_APPEAL && kind != RECORD_SESSION)
        return OK;
    bool is_appeal = kind == RECORD_APPEAL;
    str id = is_appeal ? subject->appeal.listing : subject->session.user;
    union record *beside = arena_make(view->turn, sizeof *beside);
    if (beside == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    err e = row_find(store->db, is_appeal ? RECORD_LISTING : RECORD_USER, id, view->turn, beside);
    if (e.code == ERR_ABSENT)
        return OK; /* the desk says what that means */
    TRY(e);
    if (is_appeal)
        view->listing = &beside->listing;
    else
        view->user = &beside->user;
    return OK;
}

static err load(struct store *store, const struct command *cmd, struct desk_view *view)
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
    return load_beside(store, kind, failed(e) ? &cmd->body : own, view);
}

static err write_change(struct store *store, const struct command *cmd, instant at,
                        const struct change *change)
{
    enum record_kind kind = act_record_kind(cmd->act);
    if (!change->is_reading)
        TRY(change->is_new ? row_insert(store->db, kind, &change->after)
                           : row_update(store->db, kind, &change->after));
    uint64_t leaf = 0;
    if (change->is_erasing) /* first: the leaf of the erasing keeps a salt, for what is now blank */
        TRY(leaf_erase(store, cmd->record));
    TRY(leaf_append(store, cmd, at, change, &leaf));
    for (size_t i = 0; i < change->timer_count; i++)
        TRY(timer_put(store, cmd->record, &change->timers[i]));
    for (size_t i = 0; i < change->effect_count; i++)
        TRY(outbox_put(store, change->effects[i], cmd->record, leaf));
    if (kind == RECORD_CENTRE && !change->is_reading)
        TRY(centre_reload(store));
    return OK;
}

/* The view brings its turn and whether this is a follow-up. */
static err decide(struct store *store, const struct command *cmd, instant at,
                  struct desk_view *view, struct change *ret_change)
{
    TRY(load(store, cmd, view));
    return desk_decide(view, cmd, store->law, at, ret_change);
}

static err write_all(struct store *store, const struct command *cmd, instant at, struct arena *turn,
                     struct change *change)
{
    TRY(write_change(store, cmd, at, change));
    if (!change->has_follow)
        return OK;
    struct command follow = change->follow;
    follow.actor = cmd->actor;
    struct change second = {0};
    struct desk_view view = {.turn = turn, .is_follow = true};
    TRY(decide(store, &follow, at, &view, &second));
    assert(!second.has_follow); /* a follow-up has none of its own */
    return write_change(store, &follow, at, &second);
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
    err e = write_all(store, cmd, at, turn, &change);
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
