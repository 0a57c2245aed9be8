/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store - what a centre remembers, and the one way to change it.
 *
 * Shape     store_apply loads the record, asks the desk, and writes row, ledger leaf, timers and
 *           outbox entries. store_begin and store_commit put one or many of those in a transaction;
 *           a commit also grows the tree's tiles and signs a head. Nothing else writes a record.
 *
 *               command --> load --> desk_decide --> row + leaf + timers + outbox --> commit
 *                             ^                                                          |
 *                             +---------------- timers that fall due <-------------------+
 *
 * Owns      The writing connection, the tree's edge, the signing key's secret.
 * Lives     From store_open to store_close; one store a data directory (DIR/lock).
 * Fails     What the desk refuses (nothing is written); ERR_OS disk full or I/O: the transaction is
 *           rolled back whole and the store stays usable; ERR_CORRUPT.
 * Threads   One: the store thread (worker.h). Readers have connections of their own (reader.h).
 * Bounds    A turn arena of the caller's; FOLLOWS_MAX follow-up commands.
 */
#ifndef YUMEN_STORE_STORE_H
#define YUMEN_STORE_STORE_H

#include "env/clock.h"
#include "env/id.h"
#include "fact/command.h"
#include "fact/law.h"
#include "fact/provider.h"
#include "kit/sign.h"
#include "store/sql.h"

struct store;

struct store_options {
    const char *path;  /* of the database file */
    const char *layer; /* the file layer beneath (env/vfs.h); NULL: the usual one */
    const struct law_profile *law;
    const struct providers *providers; /* who orders go to; NULL: nobody */
    struct id_source *ids;
    struct random_source *random;
};

/* Migrates an older schema; refuses a newer one ("store.newer"). */
err store_open(struct arena *boot, const struct store_options *options, struct store **ret_store);
/* Accepts NULL. */
void store_close(struct store *store);

/* The key that signs heads from now on: its record must exist, or be made in this transaction. */
void store_sign_with(struct store *store, str key_id, const struct sign_secret *secret);

err store_begin(struct store *store);
/* Signs a head when leaves were added. On failure everything since store_begin is undone. */
err store_commit(struct store *store, instant at);
void store_rollback(struct store *store);

/* Inside a transaction: undoes one command of many without losing its neighbours. */
err store_mark(struct store *store);
err store_keep(struct store *store);
err store_undo(struct store *store);

/*
 * Inside a transaction. ret_after may be NULL. On failure nothing of this command is left; what
 * failed in the database itself (disk, I/O) must end the transaction.
 */
err store_apply(struct store *store, const struct command *cmd, instant at, struct arena *turn,
                union record *ret_after);

/* One of many changes to listings. */
struct member {
    struct command command; /* listing.enter, .renew and .vanish of a source; listing.expire */
    err outcome;            /* the desk's */
};

/*
 * Many at once, in the open transaction: each is decided, written and ledgered as by store_apply,
 * and the zone is told of them together. `source`: whose list says it, by its id; empty of those
 * that end by themselves. What the desk refuses is skipped; any other failure must end the
 * transaction or be undone to a mark, as nothing is undone here.
 */
err store_apply_many(struct store *store, str source, struct member *members, size_t count,
                     instant at);

/* A fresh id into the arena. */
str store_id(struct store *store, instant at, struct arena *turn);

/* Its connection, for the parts of store/ and for reading inside a transaction. */
struct sql *store_sql(struct store *store);
const struct law_profile *store_law(const struct store *store);
const struct providers *store_providers(const struct store *store);
/* The centre's own record as last committed or written; NULL before centre.open. */
const struct centre *store_centre(const struct store *store);
/* After a restore, until somebody has reconciled: nothing leaves the building. */
bool store_is_held(const struct store *store);
uint64_t store_leaf_count(const struct store *store);
struct random_source *store_random(struct store *store);

/* Erasing cannot be undone: its timers wait while the clock is not to be trusted. */
void store_hold_erasures(struct store *store, bool is_held);
/* Arms, moves or disarms one. */
err timer_put(struct store *store, str record, const struct timer *timer);
/* The first timer's moment, but for those held; false when none is armed. */
err store_timer_next(struct store *store, instant *ret_due, bool *ret_has);
struct timers_fired {
    int count;
    int put_off; /* of them: the schema or the record's own bytes stood in the way */
    err why;     /* of the last one put off */
};

/* Fires what is due, in order, at most `most`; each at its own moment (`as_due`) or at `now`. One
 * that cannot be is tried again an hour later, and holds up no other. */
err store_timers_fire(struct store *store, instant now, bool as_due, int most,
                      struct timers_fired *ret_fired);

#endif
