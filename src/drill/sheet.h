/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sheet - a file of lines being written: text is put where the next line goes, straight into a
 * buffer.
 *
 * Shape     char *at; TRY(sheet_begin(s, &at)); at = sheet_comma(sheet_put(at, "a")); …
 *           return sheet_end(s, at);
 *           A line longer than SHEET_LINE_BYTES calls sheet_go_on now and then.
 * Owns      The draft of its file; its buffer is in the arena.
 * Lives     From open to close; what was not sealed never was.
 * Fails     ERR_OS; ERR_LIMIT "limit.memory".
 * Threads   One.
 * Bounds    A buffer of 1 MiB; SHEET_LINE_BYTES a line or a piece of one.
 */
#ifndef YUMEN_DRILL_SHEET_H
#define YUMEN_DRILL_SHEET_H

#include "base/str.h"
#include "env/file.h"

#include <string.h>

enum { SHEET_LINE_BYTES = 1024 };

struct sheet {
    struct file_draft draft;
    char *buffer;
    size_t used;
    bool is_open;
};

err sheet_open(const char *path, const char *head, struct arena *a, struct sheet *s);
/* Where the next line may be written: SHEET_LINE_BYTES at least. */
err sheet_begin(struct sheet *s, char **ret_at);
/* What was written so far of this line stays; there is room again. */
err sheet_go_on(struct sheet *s, char **at);
/* With the end of the line. */
err sheet_end(struct sheet *s, char *at);
err sheet_seal(struct sheet *s);
void sheet_close(struct sheet *s); /* a zeroed one is fine */

static inline char *sheet_put(char *at, const char *text)
{
    size_t size = strlen(text);
    memcpy(at, text, size);
    return at + size;
}

static inline char *sheet_put_str(char *at, str s)
{
    memcpy(at, s.at, s.size);
    return at + s.size;
}

static inline char *sheet_comma(char *at)
{
    *at++ = ',';
    return at;
}

char *sheet_put_u64(char *at, uint64_t value);

#endif
