/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pages - memory by the page: large pieces that go back to the system the moment they are given
 * back, and files that are read where they lie.
 *
 * Shape     pages_make: zeroed, private, in huge pages where the system has them. pages_map: a
 *           whole file, read-only; pages_forget says that it need not stay in memory, and the
 *           system reads it again when it is looked at.
 * Owns      Its mapping.
 * Lives     From make or map to drop; a zeroed one may be dropped.
 * Fails     ERR_LIMIT "limit.memory"; ERR_ABSENT no such file; ERR_LIMIT "file.too_large"; ERR_OS.
 *           A file that somebody cuts short while it is mapped ends the process (SIGBUS): ours are
 *           replaced by renaming, never written in place.
 * Threads   Any; the count is exact.
 * Bounds    Rounded up to whole pages; to whole huge ones where half of the last one is used.
 */
#ifndef YUMEN_ENV_PAGES_H
#define YUMEN_ENV_PAGES_H

#include "base/err.h"

#include <stddef.h>

struct pages {
    void *at;
    size_t size; /* as asked for */
    bool is_file;
};

err pages_make(size_t size, struct pages *ret_pages);
/* Used here and there: only small pages, and only those that somebody has written to. */
err pages_make_sparse(size_t size, struct pages *ret_pages);
err pages_map(const char *path, size_t most_bytes, struct pages *ret_pages);
void pages_drop(struct pages *p);
/* Of a mapped file: the pages that lie wholly in this range. */
void pages_forget(const struct pages *p, size_t at, size_t size);

/* What pages_make has out, and the most it ever had since the count was last taken. */
size_t pages_in_use(void);
size_t pages_most(void);
void pages_most_reset(void);

#endif
