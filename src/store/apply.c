/* SPDX-License-Identifier: Apache-2.0 */
/* One way for every change: load, decide, write row, leaf, timers and outbox. */
#include "desk/desk.h"
#include "store/counts.h"
#include "store/part.h"
#include "store/row.h"

#include <assert.h>

/* What the record is about, where the desk wants to see that too. */
static err load_beside(struct store *store, enum record_kind kind, const union record *subject,
                       struct desk_view *view)
{
    enum record_kind what = kind == RECORD_APPEAL    ? RECORD_LISTING
                            : kind == RECORD_SESSION ? RECORD_USER
                                                     : RECORD_SOURCE;
    str id = kind == RECORD_APPEAL    ? subject->appeal.listing
             : kind == RECORD_SESSION ? subject->session.user
             : kind == RECORD_LISTING ? subject->listing.source_id
                                      : STR("");
    if (str_is_empty(id))
        return OK;
    union record *beside = arena_make(view->turn, sizeof *beside);
    if (beside == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    err e = row_find(store->db, what, id, view->turn, beside);
    if (e.code == ERR_ABSENT)
        return OK; /* the desk says what that means */
    TRY(e);
    view->listing = what == RECORD_LISTING ? &beside->listing : NULL;
    view->user = what == RECORD_USER ? &beside->user : NULL;
    view->source = what == RECORD_SOURCE ? &beside->source : NULL;
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

static err write_change(struct store *store, const struct command *cmd, instant at,
                        const union record *before, const struct change *change)
{
    enum record_kind kind = act_record_kind(cmd->act);
    if (!change->is_reading)
        TRY(write_row(store, kind, before, change));
    uint64_t leaf = 0;
    if (change->is_erasing) /* first: the leaf of the erasing keeps a salt, for what is now blank */
        TRY(leaf_erase(store, cmd->record));
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
    TRY(load(store, cmd, view));
    return desk_decide(view, cmd, store->law, at, ret_change);
}

/* A change and its place in the counts. */
static err write_counted(struct store *store, const struct command *cmd, instant at,
                         const union record *before, const struct change *change)
{
    struct counts counts = {.db = store->db};
    TRY(write_change(store, cmd, at, before, change));
    if (act_record_kind(cmd->act) != RECORD_LISTING || change->is_reading)
        return OK;
    TRY(counts_move(&counts, before == NULL ? NULL : &before->listing, &change->after.listing));
    return counts_write(&counts);
}

static err write_all(struct store *store, const struct command *cmd, instant at,
                     const struct desk_view *first, struct change *change)
{
    TRY(write_counted(store, cmd, at, first->own, change));
    if (!change->has_follow)
        return OK;
    struct command follow = change->follow;
    follow.actor = cmd->actor;
    struct change second = {0};
    struct desk_view view = {.turn = first->turn, .is_follow = true};
    TRY(decide(store, &follow, at, &view, &second));
    assert(!second.has_follow); /* a follow-up has none of its own */
    return write_counted(store, &follow, at, view.own, &second);
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

struct flock {
    struct store *store;
    instant at;
    struct desk_view view; /* what they share */
    struct counts counts;
    str of_zone; /* the last listing that the zone has to be told of, and its leaf */
    uint64_t zone_leaf;
};

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
    if (m->command.act != ACT_LISTING_ENTER) {
        TRY(row_find_stored(f->store->db, RECORD_LISTING, m->command.record, view.turn, &own));
        view.own = &own;
    }
    m->outcome = desk_decide(&view, &m->command, f->store->law, f->at, &change);
    return failed(m->outcome) ? OK : write_member(f, &m->command, view.own, &change);
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
    for (size_t i = 0; i < count; i++)
        TRY(apply_member(f, &members[i]));
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
