/* SPDX-License-Identifier: Apache-2.0 */
/*
 * backup - a centre in one file: the database as it was at one moment and, sealed under a
 * passphrase, what stands beside it (docs/formats/backup.md).
 *
 * Shape     yumen.db --snapshot--> FILE.new + table backup_envelope --rename--> FILE
 *                                             manifest; sealed: manifest, yumen.yaml, keys/...
 *
 *           The manifest stands twice, once where it can be read and once under the seal: whoever
 *           swaps the ledger in the file cannot swap what the seal says of it.
 * Owns      Nothing; what is read is in the arena handed in.
 * Lives     A call.
 * Fails     "backup.exists", "backup.absent", "backup.malformed" no backup of ours,
 *           "backup.altered", "passphrase.wrong"; file and store errors. A failed backup leaves no
 *           file.
 * Threads   Any; the server may go on writing.
 * Bounds    BACKUP_FILES_MAX files beside the database, BACKUP_FILE_BYTES each.
 */
#ifndef YUMEN_APP_KEEP_BACKUP_H
#define YUMEN_APP_KEEP_BACKUP_H

#include "base/instant.h"
#include "store/snapshot.h"

enum { BACKUP_FILES_MAX = 256, BACKUP_FILE_BYTES = 1 << 20, BACKUP_PASSPHRASE_LEAST = 10 };

struct backup_manifest {
    str store; /* the centre's id */
    int64_t leaves;
    str root; /* of the head that covers them, in hexadecimal */
    instant at;
    int64_t schema;
    str program; /* the version that wrote it */
};

/* "yumen.yaml", "keys/ledger-01JD..." */
struct backup_file {
    str name;
    str bytes;
};

struct backup {
    struct backup_manifest manifest;
    struct backup_file files[BACKUP_FILES_MAX];
    size_t file_count;
};

struct backup_order {
    const char *dir;
    const char *file;
    str passphrase;
    struct arena *arena;
    const struct snapshot_progress *progress; /* NULL: none */
};

err backup_make(const struct backup_order *order, struct backup_manifest *ret_manifest);

/* Of a file that is open: is it whole, is it ours, does the passphrase open it, does it agree? */
err backup_read(struct sql *db, str passphrase, struct arena *a, struct backup *ret_backup);

#endif
