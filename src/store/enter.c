/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries of a list, many together. What asks nothing of the database (the decision, the words of
 * the leaf and its hashes) is made by a helper for the next portion while this one is written:
 *
 *     helper   | make 1 | make 2  | make 3  | ...
 *     store             | write 1 | write 2 | ...
 *
 * Nobody else writes meanwhile, so that the place of each leaf is known before those in front of it
 * are written. The store without its helper makes each portion itself; the leaves are the same.
 */
#include "store/many.h"

#include <assert.h>

enum { PORTION_ROWS = 128, ROOM_BYTES = 1 << 20, TURN_BYTES = 4 << 20, SCRATCH_BYTES = 4 << 20 };
static_assert(PORTION_ROWS % MANY_ROWS == 0, "a portion ends with a statement");

struct entry {
    struct leaf_draft draft;
    struct leaf_text text;
    union record listing;
    uint8_t salt[SALT_BYTES];
};

/* The maker's from ask to wait; then the writer's. */
struct portion {
    struct entering *of;
    struct member *members;
    size_t member_count;
    uint64_t first_leaf;
    uint8_t (*salts)[SALT_BYTES];
    struct entry *entries; /* of the members that the desk let pass */
    size_t count;
    bool is_of_zone;
    err outcome;
    struct arena turn;
};

struct entering {
    struct flock *flock;
    struct member *members; /* not yet asked for */
    size_t left;
    struct leaf_forms *forms; /* the maker's */
    struct arena scratch;     /* the maker's, of one leaf */
    struct portion portions[2];
};

/* --- the helper's --- */

static err make_leaf(struct portion *p, const struct command *cmd, const struct change *change)
{
    struct arena *scratch = &p->of->scratch;
    struct entry *e = &p->entries[p->count];
    memcpy(e->salt, p->salts[p->count], SALT_BYTES);
    e->draft = leaf_draft_of(cmd, p->of->flock->at, change, p->first_leaf + p->count, e->salt);
    arena_reset(scratch);
    TRY(leaf_make(&e->draft, p->of->forms, scratch, &e->text));
    e->draft.change = NULL; /* it is the caller's */
    e->text.body = STR("");
    e->text.kept = str_copy(&p->turn, e->text.kept); /* it was in the scratch */
    return e->text.kept.at == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

static err make_entry(struct portion *p, struct member *m)
{
    const struct flock *f = p->of->flock;
    struct desk_view view = f->view;
    struct change change = {0};
    view.turn = &p->turn;
    m->outcome = desk_decide(&view, &m->command, f->store->law, f->at, &change);
    if (failed(m->outcome))
        return OK;
    /* An entry comes untold, but for the zone, and its end is no timer. */
    bool is_of_zone = change.effect_count == 1 && change.effects[0] == EFFECT_RPZ;
    assert(change.is_new && !change.has_follow && change.timer_count == 0);
    assert(is_of_zone || change.effect_count == 0);
    TRY(make_leaf(p, &m->command, &change));
    p->is_of_zone = p->is_of_zone || is_of_zone;
    p->entries[p->count++].listing = change.after;
    return OK;
}

static void make_portion(void *of)
{
    struct portion *p = of;
    for (size_t i = 0; i < p->member_count && !failed(p->outcome); i++)
        p->outcome = make_entry(p, &p->members[i]);
}

/* --- the store thread's --- */

static err write_entry(struct flock *f, struct entry *e)
{
    struct arena *turn = NULL;
    TRY(many_turn(f->store, &turn));
    TRY(counts_move(&f->counts, NULL, &e->listing.listing));
    TRY(many_put_listing(f->store, &e->listing));
    many_put_made_salt(f->store, e->listing.listing.id, e->salt);
    return leaf_keep(f->store, &e->draft, &e->text);
}

static err write_portion(struct flock *f, struct portion *p)
{
    TRY(p->outcome);
    for (size_t i = 0; i < p->count; i++)
        TRY(write_entry(f, &p->entries[i]));
    if (p->is_of_zone) {
        f->of_zone = p->entries[p->count - 1].listing.listing.id;
        f->zone_leaf = p->entries[p->count - 1].draft.index;
    }
    return many_flush(f->store); /* what it holds is made anew for others */
}

/* False when all have been asked for. */
static bool ask_next(struct entering *in, struct portion *p, uint64_t first_leaf)
{
    if (in->left == 0)
        return false;
    size_t count = in->left < PORTION_ROWS ? in->left : PORTION_ROWS;
    arena_reset(&p->turn);
    p->of = in;
    p->members = in->members;
    p->member_count = count;
    p->first_leaf = first_leaf;
    p->count = 0;
    p->is_of_zone = false;
    p->outcome = OK;
    random_fill(in->flock->store->random, p->salts, count * SALT_BYTES);
    in->members += count;
    in->left -= count;
    env_helper_ask(&in->flock->store->helper, make_portion, p);
    return true;
}

static err enter(struct entering *in)
{
    struct flock *f = in->flock;
    struct env_helper *helper = &f->store->helper;
    bool is_asked = ask_next(in, &in->portions[0], f->store->tree.peaks.size);
    for (size_t i = 0; is_asked; i++) {
        struct portion *p = &in->portions[i % 2];
        env_helper_wait(helper);
        is_asked = !failed(p->outcome) &&
                   ask_next(in, &in->portions[(i + 1) % 2], p->first_leaf + p->count);
        err e = write_portion(f, p);
        if (failed(e)) {
            env_helper_wait(helper); /* it still has the next one */
            return e;
        }
    }
    return OK;
}

/* Room for as many as will come, in what goes with the work: a few entries want a few KiB. */
static err make_room(struct entering *in, struct arena *room)
{
    size_t rows = in->left < PORTION_ROWS ? in->left : PORTION_ROWS;
    size_t portions = in->left <= PORTION_ROWS ? 1 : COUNT_OF(in->portions);
    for (size_t i = 0; i < portions; i++) {
        struct portion *p = &in->portions[i];
        p->salts = arena_make_array(room, rows, sizeof *p->salts);
        p->entries = arena_make_array(room, rows, sizeof *p->entries);
        if (p->salts == NULL || p->entries == NULL)
            return fail(ERR_LIMIT, "limit.memory", 0);
    }
    return OK;
}

err enter_all(struct flock *f, struct member *members, size_t count)
{
    struct entering in = {
        .flock = f, .members = members, .left = count, .forms = many_forms(f->store->many)};
    struct arena room;
    arena_init(&room, ROOM_BYTES);
    arena_init(&in.scratch, SCRATCH_BYTES);
    for (size_t i = 0; i < COUNT_OF(in.portions); i++)
        arena_init(&in.portions[i].turn, TURN_BYTES);
    err e = make_room(&in, &room);
    if (!failed(e))
        e = enter(&in);
    for (size_t i = 0; i < COUNT_OF(in.portions); i++)
        arena_done(&in.portions[i].turn);
    arena_done(&in.scratch);
    arena_done(&room);
    return e;
}
