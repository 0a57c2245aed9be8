/* SPDX-License-Identifier: Apache-2.0 */
/*
 * marks - which pages of a room were written to, for whoever copies the room while it changes.
 *
 * Shape     A byte a page: 1 when something in it was written to. Whoever copies a page takes the
 *           mark away; when there is none left, the copy is the room. Nobody asks: nothing is done.
 * Owns      Nothing.   Lives  As long as the room and the bytes.   Fails  Never.   Threads  One.
 * Bounds    A byte for MARKS_PAGE_BYTES.
 */
#ifndef YUMEN_SENSE_MARKS_H
#define YUMEN_SENSE_MARKS_H

#include <stddef.h>
#include <stdint.h>

enum { MARKS_PAGE_BYTES = 4096 };

struct marks {
    const char *room;
    uint8_t *pages; /* NULL: nobody asks */
};

/* What is written to is no longer than a page. */
static inline void marks_put(const struct marks *m, const void *at, size_t bytes)
{
    if (m->pages == NULL)
        return;
    size_t from = (size_t)((const char *)at - m->room);
    m->pages[from / MARKS_PAGE_BYTES] = 1;
    m->pages[(from + bytes - 1) / MARKS_PAGE_BYTES] = 1;
}

#endif
