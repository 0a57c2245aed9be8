/* SPDX-License-Identifier: Apache-2.0 */
/*
 * known - which numbers are known to be bad: the truth beside a feed of calls.
 *
 * Shape     A CSV file with a header; other columns are nobody's:
 *
 *               number  as in the feed      scam  0 or 1      kind  a short word, or nothing
 *
 *           Its numbers become pseudonyms at once; a number that is not there is good, and of kind
 *           "other".
 * Owns      Nothing: it is its arena's.   Lives  As long as that.
 * Fails     As rows_read; ERR_MALFORMED "column.missing", "train.label", "train.part",
 *           "call.number"; ERR_CONFLICT "train.truth_differs": a number twice, once good and once
 *           bad; ERR_LIMIT "train.too_many_parts", "memory.spent".
 * Threads   Any reads.   Bounds  TABLE_PARTS kinds.
 */
#ifndef YUMEN_TRAIN_KNOWN_H
#define YUMEN_TRAIN_KNOWN_H

#include "kit/strmap.h"
#include "sense/sighting.h"
#include "train/table.h"

struct known {
    struct strmap by_key;
    uint32_t kind_count;
    str kinds[TABLE_PARTS]; /* the first is "other" */
};

struct known_one {
    bool is_bad;
    uint32_t kind;
};

struct known_order {
    const char *path;
    const struct sight_keys *keys;
    str region; /* how a number without a country code is read */
};

err known_read(const struct known_order *order, struct arena *a, struct known *ret_known,
               struct rows_fault *ret_fault);
struct known_one known_find(const struct known *k, uint64_t key);

#endif
