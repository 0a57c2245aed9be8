/* SPDX-License-Identifier: Apache-2.0 */
/*
 * form - what stands in the files of calls/.
 *
 * Shape     journal-N  segment_header | batch_header, sightings | batch_header, sightings | …
 *                      the sightings sealed: who has not the key reads how many there are, and when
 *                      the file was written, and nothing else
 *           book-N     the room by the page | a check for each piece | book_last
 *           book.new   one that is being made; it counts when its name is book-N
 *           Little-endian, every field in its place, nothing between them.
 * Owns      Nothing.   Lives  Values.   Fails  -   Threads  Any.   Bounds  See part.h.
 */
#ifndef YUMEN_CALLS_FORM_H
#define YUMEN_CALLS_FORM_H

#include "calls/part.h"

#include "kit/hash.h"

#define CALLS_DRAFT "book.new"
static const char segment_magic[8] = "YUMENCJ1";
static const char segment_used[8] = "ANSWERED";
static const char book_magic[8] = "YUMENCB1";
enum { BATCH_MAGIC = 0x48435443 }; /* "CTCH" */

struct segment_header {
    char magic[8];
    uint32_t number;
    uint32_t key_mark;
    uint64_t first;
    uint32_t numbers_most;
    uint32_t window_h;
    uint64_t calls_most;
    int32_t zone_s;
    uint32_t handsets_most; /* 0 in those from before handsets were kept */
    uint64_t check;         /* of what stands before it */
    char used[8];           /* segment_used: a batch of it was answered */
};
static_assert(sizeof(struct segment_header) == 64, "no gaps");

struct batch_header {
    uint32_t magic;
    uint32_t count;
    uint64_t first;
    struct cipher_mark mark; /* of the sightings; what stands before it is said with them */
};
static_assert(sizeof(struct batch_header) == 56 && sizeof(struct sighting) == 48, "no gaps");

struct book_last {
    char magic[8];
    uint32_t number;
    uint32_t held;
    uint32_t numbers_most;
    uint32_t window_h;
    uint64_t calls_most;
    int32_t zone_s;
    uint32_t hand;
    uint32_t newest_h;
    uint32_t segment; /* of the journal: it was there, and is the first that comes after */
    uint32_t key_mark;
    uint32_t handsets_most; /* as in a segment */
    uint64_t place;
    struct book_counts counts;
    uint64_t forgotten;
    uint64_t room_bytes;
    uint64_t checks_check;
    uint64_t check; /* of what stands before it */
};
static_assert(sizeof(struct book_last) == 16 + 16 + 16 + 16 + 40 + 32, "no gaps");

static inline str batch_said(const struct batch_header *h)
{
    return str_make((const char *)h, offsetof(struct batch_header, mark));
}

#endif
