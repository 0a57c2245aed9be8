/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shard - one sealed piece of a table: some of the keys, what is listed under each, and in one
 * piece of memory that means the same in a file.
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
 * Owns      A shard points into memory of its home's.
 * Lives     As long as that memory.
 * Fails     shard_open: ERR_CORRUPT "screen: ..." for an image that is not whole and sound: whatever
 *           its bytes, what was opened can be asked.
 * Threads   Any number read.
 * Bounds    2^32 slots and bytes of text; rows below 2^32.
 */
#ifndef YUMEN_SCREEN_SHARD_H
#define YUMEN_SCREEN_SHARD_H

#include "fact/listing.h"
#include "screen/filter.h"
#include "screen/key.h"

enum {
    LINE_SLOTS = 8,
    LINE_BYTES = 64,
    RANK_LINES = 4,
    TEXT_HEAD_BYTES = 2,
    TEXT_UNIT = 4,
    TEXT_MOST_BYTES = 2048
};
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
};

/* 1 and 2 are terms of no listing's own: 0 would be an empty slot. */
enum { TERM_EMPTY, TERM_SEVERAL, TERM_FIRST };

static inline uint32_t shard_index(enum shard_class class, uint64_t key)
{
    return (uint32_t)(key >> (KEY_BITS - shard_bits[class]));
}

/* Where a key is looked for, and as what. */
struct shard_want {
    uint64_t slot; /* the low bits of the key, with no term */
    uint64_t line;
};

static inline struct shard_want shard_want(const struct shard *s, uint64_t key)
{
    __extension__ typedef unsigned __int128 wide;
    uint64_t spot = key << (64 - KEY_BITS) << (s->key_shift); /* the shard's own bits, at the top */
    return (struct shard_want){.slot = spot >> (64 - KEY_BITS + s->key_shift) << s->term_bits,
                               .line = (uint64_t)(((wide)spot * s->bucket_count) >> 64)};
}

/* One bit a slot that has this key. An empty slot has term 0, and none has. */
static inline unsigned line_find(const uint64_t *line, uint64_t slot, uint64_t terms)
{
#define HAS(i) ((unsigned)((line[i] ^ slot) - 1 < terms) << (i))
    return HAS(0) | HAS(1) | HAS(2) | HAS(3) | HAS(4) | HAS(5) | HAS(6) | HAS(7);
#undef HAS
}

static inline uint64_t shard_terms_mask(const struct shard *s)
{
    return (UINT64_C(1) << s->term_bits) - 1;
}

/* Keys stand in order: one that sorts before a full line's last stands in it or nowhere. The
 * difference is read as signed, for only the low bits are there. */
static inline bool line_goes_on(const uint64_t *line, uint64_t slot, uint64_t terms)
{
    uint64_t last = line[LINE_SLOTS - 1];
    return last != 0 && (int64_t)((slot | terms) - last) >= 0;
}

/* --- text: 13 bits of size, 3 of kind, and the bytes --- */

static inline unsigned text_head(const uint8_t *text)
{
    return (unsigned)text[0] | (unsigned)text[1] << 8;
}

static inline size_t text_bytes(const uint8_t *text) /* with its head */
{
    return TEXT_HEAD_BYTES + (text_head(text) >> 3);
}

static inline uint64_t text_units(const uint8_t *text)
{
    return (text_bytes(text) + TEXT_UNIT - 1) / TEXT_UNIT;
}

/* Most values are a few words long: a call would take longer. */
static inline bool text_is(const uint8_t *text, unsigned kind, str value)
{
    const char *own = (const char *)text + TEXT_HEAD_BYTES;
    if (text_head(text) != (value.size << 3 | kind))
        return false;
    if (value.size < 8 || value.size > 32)
        return memcmp(own, value.at, value.size) == 0;
    uint64_t differs = key_read8(own) ^ key_read8(value.at);
    for (size_t i = 8; i + 8 < value.size; i += 8)
        differs |= key_read8(own + i) ^ key_read8(value.at + i);
    size_t last = value.size - 8;
    return (differs | (key_read8(own + last) ^ key_read8(value.at + last))) == 0;
}

str text_value(const uint8_t *text, unsigned *ret_kind);
void text_write(uint8_t *to, unsigned kind, str value);

/* What the first word of a line says: where its text begins, and the units of its slots. */
enum { META_AT_BITS = 32, META_UNIT_BITS = 5, META_LONG = (1 << META_UNIT_BITS) - 1 };

static inline uint64_t meta_units(uint64_t units, uint32_t slot)
{
    uint64_t said = units < META_LONG ? units : META_LONG;
    return slot == LINE_SLOTS - 1 ? 0 : said << (META_AT_BITS + META_UNIT_BITS * (slot - 1));
}

/* Where some text before it is longer than a field can say. */
const uint8_t *shard_long_text(const struct shard *s, const uint64_t *line, uint32_t slot);

#define META_EVEN UINT64_C(0x1F07C1F) /* each second field, and a bit in each */
#define META_ONES UINT64_C(0x2108421)

/* Of the slot-th of a line; without a branch that depends on the slot, for nothing foretells it. */
static inline const uint8_t *shard_text(const struct shard *s, const uint64_t *line, uint32_t slot)
{
    uint64_t at = (uint32_t)line[0];
    uint64_t before = (UINT64_C(1) << META_UNIT_BITS * (slot - 1)) - 1;
    uint64_t units = line[0] >> META_AT_BITS & before;
    uint64_t is_long = units & units >> 1 & units >> 2 & units >> 3 & units >> 4 & META_ONES;
    if (is_long != 0)
        return shard_long_text(s, line, slot);
    uint64_t pairs = (units & META_EVEN) + (units >> META_UNIT_BITS & META_EVEN);
    at += (pairs + (pairs >> 10) + (pairs >> 20)) & 0x3FF;
    return s->text + at * TEXT_UNIT;
}

/* The slot of a value, or SHARD_NONE. `value` is not looked at in a shard of numbers. */
#define SHARD_NONE UINT32_MAX
uint32_t shard_find(const struct shard *s, uint64_t key, unsigned kind, str value);
/* How many values stand before this slot: its place among the rows. */
uint32_t shard_rank(const struct shard *s, uint32_t slot);

/* The listings of a slot, one after the other. */
struct shard_listings {
    const uint32_t *next; /* of several */
    uint32_t left;
    uint32_t row;
    uint32_t term;
};
struct shard_listings shard_listings(const struct shard *s, uint32_t slot);
bool shard_listing_next(const struct shard *s, struct shard_listings *l, uint32_t *ret_row,
                        const struct term **ret_term);

/* Walks a shard in the order of its keys. Begin with a zeroed walk. */
struct shard_walk {
    uint32_t next; /* slot */
    uint32_t slot;
    uint64_t key;
    uint64_t last;       /* the largest key that points to the line the walk is in; */
    uint32_t last_line;  /* 0: not yet worked out, else that line and 1 */
    const uint8_t *text; /* size and kind, then bytes; NULL of numbers */
    const uint8_t *next_text;
};
bool shard_walk(const struct shard *s, struct shard_walk *w);

/* Checks everything and looks at all of it once. */
err shard_open(const void *image, size_t size, struct shard *ret_shard);
/* Of an image that was made here, or changed by a test: writes the checks anew. */
void shard_stamp(void *image);
/* Of an image just stamped. */
void shard_view(const void *image, struct shard *ret_shard);

#endif
