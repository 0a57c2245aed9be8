/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fault - lets a test make the n-th call of a kind fail, as a full or dying disk would.
 *
 * Shape     Each risky call in env asks env_fault_hit(kind) first. Nothing armed: one relaxed load
 *           and a branch. Armed: the n-th call from then on fails, once, unless it is made to last
 *           (a disk that is full stays full).
 *           Our own rather than libfiu: we fail our own calls, so nothing needs interposing; and
 *           with it always compiled in, tests exercise the very binary that ships.
 * Owns      One table for the process.
 * Lives     Until env_fault_clear.
 * Fails     -
 * Threads   Any; counts are exact.
 * Bounds    One arming per kind.
 */
#ifndef YUMEN_ENV_FAULT_H
#define YUMEN_ENV_FAULT_H

#include <stdbool.h>
#include <stdint.h>

enum fault_kind {
    FAULT_OPEN,      /* EMFILE */
    FAULT_READ,      /* EIO */
    FAULT_FULL,      /* a write finds ENOSPC */
    FAULT_WRITE,     /* a write finds EIO */
    FAULT_SHORT,     /* a write stores half of its bytes, then ENOSPC */
    FAULT_SYNC,      /* EIO */
    FAULT_RENAME,    /* EIO */
    FAULT_TRUNCATE,  /* EIO */
    FAULT_LOCK,      /* ENOLCK */
    FAULT_THREAD,    /* EAGAIN */
    FAULT_CHILD,     /* EAGAIN */
    FAULT_VFS_FULL,  /* SQLite's write finds SQLITE_FULL */
    FAULT_VFS_WRITE, /* SQLite's write finds SQLITE_IOERR_WRITE */
    FAULT_VFS_TEAR,  /* SQLite's write stores part of its bytes: see env/vfs.h */
    FAULT_VFS_SYNC,  /* SQLITE_IOERR_FSYNC */
    FAULT_VFS_TRUNCATE,
    FAULT_KIND_COUNT
};

/* The n-th call (1 = the next) of this kind fails, once. */
void env_fault_at(enum fault_kind kind, uint64_t n);
/* The n-th and those after it, so many in all. */
void env_fault_some(enum fault_kind kind, uint64_t n, uint64_t count);
/* The n-th and every later one. */
void env_fault_from(enum fault_kind kind, uint64_t n);
/* Disarms every kind and sets every count to 0. */
void env_fault_clear(void);
/* Calls of this kind since it was armed; kinds not armed do not count. */
uint64_t env_fault_seen(enum fault_kind kind);

/* For env's own use, before the risky call. */
bool env_fault_hit(enum fault_kind kind);

#endif
