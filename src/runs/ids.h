/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ids - which transfer has which id: for duplicates, and for whoever asks by id.
 *
 * Shape     A table of lines of 64 bytes, each with seven transfers: their ordinals and 40 bits of
 *           the id's hash. A full line goes on in the next. Nothing else of the id is here: who is
 *           found is looked at in the journal.
 *
 *               hash --high bits--> line [ o o o o o o o | t t t t t t t | used ] --> next line
 *
 *           Where a hash belongs follows from the bits that are kept: tables are put together
 *           without their ids.
 * Owns      Nothing; lines are in the caller's pages or a mapped file.
 * Lives     As long as those.
 * Fails     Never, while there are fewer entries than ids_lines() was asked for.
 * Threads   One writer; a finished table any number of readers.
 * Bounds    11.4 bytes an entry.
 */
#ifndef YUMEN_RUNS_IDS_H
#define YUMEN_RUNS_IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { IDS_A_LINE = 7, IDS_TAG_BYTES = 5 };

struct ids_line {
    uint32_t ordinals[IDS_A_LINE];
    uint8_t tags[IDS_A_LINE][IDS_TAG_BYTES];
    uint8_t used;
};

struct ids {
    struct ids_line *lines;
    uint64_t line_count;
    uint64_t count;
};

/* Lines for so many entries. */
uint64_t ids_lines(uint64_t count);

static inline uint64_t ids_line_of(const struct ids *t, uint64_t hash)
{
    return (hash >> 32) * t->line_count >> 32;
}

static inline void ids_fetch(const struct ids *t, uint64_t hash)
{
    if (t->line_count != 0)
        __builtin_prefetch(&t->lines[ids_line_of(t, hash)]);
}

void ids_put(struct ids *t, uint64_t hash, uint32_t ordinal);

/* Goes through the entries of one hash: zero it, then call until false. */
struct ids_walk {
    uint64_t line;
    uint32_t at;
    bool is_begun;
};
bool ids_next(const struct ids *t, uint64_t hash, struct ids_walk *walk, uint32_t *ret_ordinal);

/* What is kept of an entry's hash, in the bits where it was. */
uint64_t ids_hash(const struct ids_line *line, uint32_t at);
/* Every entry of one table into another. */
void ids_pour(struct ids *into, const struct ids *from);

#endif
