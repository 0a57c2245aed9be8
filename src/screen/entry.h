/* SPDX-License-Identifier: Apache-2.0 */
/*
 * entry - a listing as the tables know it, and where its value stands in them.
 *
 * Shape     kind, value --place_of--> class of table, key, and the bytes to compare
 * Owns      Nothing.   Lives  As long as the value's bytes.   Threads  Any.   Fails  -
 * Bounds    Values up to TEXT_MOST_BYTES, which is what a listing may have.
 */
#ifndef YUMEN_SCREEN_ENTRY_H
#define YUMEN_SCREEN_ENTRY_H

#include "screen/shard.h"

struct screen_entry {
    unsigned kind; /* enum indicator_kind */
    unsigned match;
    unsigned action;
    str value; /* canonical */
    instant from;
    instant until;
    uint32_t row; /* of the listing, in whatever the caller keeps listings in */
};

struct place {
    uint64_t key;
    enum shard_class class;
    unsigned kind;
    str value; /* not looked at among numbers */
};

static inline struct place place_of(const struct key_seed *seed, unsigned kind, str value)
{
    struct place p = {.kind = kind, .value = value, .class = SHARD_BYTES};
    uint64_t number = 0;
    if (kind == INDICATOR_NUMBER && key_number(value, &number)) {
        p.class = SHARD_NUMBERS;
        p.key = key_mix(seed, number);
    } else if (kind == INDICATOR_DOMAIN) {
        p.class = SHARD_NAMES;
        p.key = key_name(seed, value);
    } else {
        p.key = key_bytes(seed, kind, value);
    }
    return p;
}

static inline struct term term_of(const struct screen_entry *e)
{
    uint64_t from_us = e->from.us > 0 ? (uint64_t)e->from.us : 0;
    unsigned flags = e->action | (e->match == MATCH_SUFFIX ? TERM_SUFFIX : 0U);
    return (struct term){
        .until_us = e->until.us, .from_us = from_us & TERM_FROM, .flags = flags & 15};
}

/*
 * A suffix of more than NAME_DEPTHS labels is not looked for, but below a mark: a listing that says
 * nothing, under the last NAME_DEPTHS labels. False when the entry needs none.
 */
bool entry_mark(const struct screen_entry *e, str *ret_value);

#endif
