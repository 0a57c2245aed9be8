/* SPDX-License-Identifier: Apache-2.0 */
/*
 * restore - a new data directory from a backup, so that nothing leaves the building before somebody
 * has compared, and nothing that was erased comes back.
 *
 * Shape     FILE --checks--> DIR/keys, yumen.yaml, yumen.db.new
 *             one transaction: centre.restore (outbox held), *.erase for every record of the
 *             journals, session.close for every browser, the zone again, its serial past all others
 *           --whole ledger replayed--> yumen.db, by rename: the last thing that appears
 *
 * Owns      Nothing.
 * Lives     A call.
 * Fails     As backup.h; "restore.not_empty", "restore.no_journal", "erasures.malformed",
 *           "restore.altered" when the ledger does not lead to the rows. DIR is then as before.
 * Threads   Main.
 * Bounds    Journals of up to 256 MiB.
 */
#ifndef YUMEN_APP_KEEP_RESTORE_H
#define YUMEN_APP_KEEP_RESTORE_H

#include "app/keep/backup.h"
#include "ledger/finding.h"

struct restore_order {
    const char *file;
    const char *dir;
    str passphrase;
    const char *const *journals; /* erasure journals */
    size_t journal_count;
    bool goes_without; /* no journal, and somebody answers for it */
    struct arena *arena;
    void (*found)(void *self, const struct finding *f);
    void *found_self;
};

struct restore_outcome {
    struct backup_manifest manifest;
    uint64_t erased;   /* again, now */
    uint64_t ended;    /* users disabled and tokens closed since, once more */
    uint64_t sessions; /* browsers signed out */
    uint64_t tokens;   /* that open the door again */
    uint64_t held;     /* entries of the outbox that wait */
    uint64_t serial;   /* of the zone */
    uint64_t findings; /* with "restore.altered" */
    int zone_min;      /* the profile's: for whoever says when that was */
};

err restore_run(const struct restore_order *order, struct restore_outcome *ret_outcome);

#endif
