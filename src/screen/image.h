/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image - how one shard lies in memory, and in the file: the same bytes.
 *
 * Shape     Keys stand in lines of 64 bytes, in order, each in the line its key points to or as
 *           soon after it as there is room. A line points at a stretch of keys, so a slot keeps
 *           only the low bits that tell the keys of some neighbouring lines apart: the key is told
 *           whole from the slot and its place. What is left of the 64 bits names the term.
 *
 *             head | lines  slot: [ low bits of the key | term ]   8 to a line; 7 where a value
 *                  |                                               has text: the first word of
 *                  |                                               the line says where it begins
 *                  | rows   of each slot, in their order, without gaps: the listing; of a slot with
 *                  |        several, where they begin
 *                  | ranks  of each few lines: how many slots are filled before them
 *                  | terms  from, until, action: few, for many listings are made together
 *                  | many   [ count | row term | row term ... ]
 *                  | text   [ size and kind | bytes ] of the slots, in their order, each filled up
 *                  |        to TEXT_UNIT; the line says where its first begins, and how many units
 *                  |        each but the last has, so that one look finds any of them
 *                  | filter of names only
 *
 * Owns      Nothing: the memory is whoever made or mapped it's.
 * Lives     As long as that memory.
 * Fails     shard_open: ERR_CORRUPT "screen: ..." for an image that is not whole and sound:
 *           whatever its bytes, what was opened can be asked.
 * Threads   Any number read.
 * Bounds    2^32 slots and bytes of text; rows below 2^32.
 */
#ifndef YUMEN_SCREEN_IMAGE_H
#define YUMEN_SCREEN_IMAGE_H

#include "fact/listing.h"
#include "screen/filter.h"
#include "screen/key.h"

enum { LINE_SLOTS = 8, LINE_BYTES = 64, RANK_LINES = 4 };
/* Suffixes of so many labels are looked for; below a longer one that covers what stands below it,
 * the suffix of NAME_DEPTHS labels has a mark (screen.h). */
enum { NAME_DEPTHS = 4 };

enum shard_class { SHARD_NUMBERS, SHARD_NAMES, SHARD_BYTES, SHARD_CLASS_COUNT };
extern const uint8_t shard_bits[SHARD_CLASS_COUNT]; /* of the key: which shard */
#define SHARD_BITS_MOST 6

enum term_flags { TERM_ACTION = 3, TERM_SUFFIX = 4, TERM_MARK = 8 };
#define TERM_FROM ((UINT64_C(1) << 60) - 1)

/* What listings made together have in common. */
struct term {
    int64_t until_us;
    uint64_t from_us : 60; /* from 1970 on, to beyond the last instant there is */
    uint64_t flags : 4;    /* the action; does it cover what stands below; is it only a mark */
};

enum shard_section {
    SECTION_LINES,
    SECTION_ROWS,
    SECTION_RANKS,
    SECTION_TERMS,
    SECTION_MANY,
    SECTION_TEXT,
    SECTION_FILTER,
    SECTION_COUNT
};

struct shard_section_head {
    uint64_t at; /* from the image's begin */
    uint64_t size;
    uint64_t check;
};

struct shard_head {
    uint64_t check; /* of the rest of the head */
    uint64_t size;  /* of the image */
    uint32_t class;
    uint32_t index;
    uint32_t bucket_count; /* lines that keys point to */
    uint32_t line_count;   /* and those that only took what did not fit; the last one is empty */
    uint32_t term_bits;
    uint32_t value_count;
    uint32_t listing_count;
    uint32_t depths; /* of names: bit n, some suffix of n labels covers what stands below it */
    struct filter_shape filter;
    uint32_t spare_;
    struct shard_section_head sections[SECTION_COUNT];
};

/* What is asked for often stands here: the heads, each at a page's beginning, would all want the
 * same few lines of the processor's cache. */
struct shard {
    const uint64_t *lines;
    uint64_t bucket_count;
    uint32_t key_shift; /* how much of a key says which shard */
    uint32_t term_bits;
    const uint8_t *filter_bytes; /* NULL: none */
    struct filter_shape filter;
    const struct shard_head *head; /* NULL: an empty shard, which must not be asked */
    const uint32_t *rows;
    const uint32_t *ranks;
    const struct term *terms;
    const uint32_t *many;
    const uint8_t *text;
    uint32_t class;
    uint32_t index;
};

/* 1 and 2 are terms of no listing's own: 0 would be an empty slot. */
enum { TERM_EMPTY, TERM_SEVERAL, TERM_FIRST };

/* Checks everything and looks at all of it once. */
err shard_open(const void *image, size_t size, struct shard *ret_shard);
/* Of an image that was made here, or changed by a test: writes the checks anew. */
void shard_stamp(void *image);
/* Of an image just stamped. */
void shard_view(const void *image, struct shard *ret_shard);

#endif
