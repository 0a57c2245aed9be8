/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zone_parts - what zone.c builds from: chunks, views and diffs with their inside showing. Only
 * view.c, diff.c, merge.c and zone.c include this.
 *
 * Shape     Each part is one piece of one arena of its own, which it carries inside itself.
 * Owns      A view holds one count on each of its chunks; a diff one on the diff after it.
 * Lives     Until its count is zero.
 * Fails     NULL when there is no memory.
 * Threads   One.
 * Bounds    CHUNK_BYTES of run a chunk; CHUNK_MIN_BYTES unless it is the last.
 */
#ifndef YUMEN_GATE_DNS_ZONE_PARTS_H
#define YUMEN_GATE_DNS_ZONE_PARTS_H

#include "gate/dns/zone.h"

enum {
    CHUNK_BYTES = 8 * 1024,
    CHUNK_FIRST_BYTES = CHUNK_BYTES / 4 * 3, /* at a start: room for what comes */
    CHUNK_MIN_BYTES = CHUNK_BYTES / 4,
};

struct rpz_chunk {
    struct arena arena;
    uint32_t refs;
    uint32_t count;
    size_t size;
    uint8_t bytes[];
};

struct rpz_view {
    struct arena arena;
    uint32_t refs;
    uint32_t serial;
    size_t entries;
    size_t bytes;
    size_t chunk_count;
    struct rpz_chunk *chunks[];
};

struct rpz_diff {
    struct arena arena;
    uint32_t refs;
    uint32_t from;
    uint32_t to;
    struct rpz_diff *older; /* not held; NULL once that one is gone */
    struct rpz_diff *newer; /* held */
    pack_run removed;
    pack_run added;
    uint8_t bytes[];
};

static inline pack_run chunk_run(const struct rpz_chunk *c)
{
    return (pack_run){.at = c->bytes, .size = c->size};
}

/* One piece that carries its own arena; the caller stores `ret_arena` in it. */
void *part_make(size_t bytes, struct arena *ret_arena);

struct rpz_chunk *chunk_make(const struct run_writer *run);
void chunk_drop(struct rpz_chunk *c);

/* Takes over one count on each chunk, also when it fails. */
struct rpz_view *view_make(uint32_t serial, struct rpz_chunk *const *chunks, size_t count);

struct rpz_diff *diff_make(uint32_t from, uint32_t to, pack_run removed, pack_run added);
size_t diff_bytes(const struct rpz_diff *d);
/* From `first` to the newest in one; NULL when there is no memory. */
struct rpz_diff *diff_condense(struct arena *scratch, const struct rpz_diff *first);

/* One step of a zone, worked out but not yet taken. */
enum merge_kind {
    MERGE_CHANGES, /* what the list does not speak of stays */
    MERGE_WHOLE,   /* what the list does not speak of goes */
};
struct merged {
    struct rpz_view *view;
    struct run_writer removed; /* in the scratch */
    struct run_writer added;
};
/* `old` may be NULL. */
err zone_merge(struct arena *scratch, const struct rpz_view *old, pack_run list,
               enum merge_kind kind, struct merged *ret_merged);

#endif
