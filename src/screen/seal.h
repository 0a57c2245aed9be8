/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal - makes a shard of values that stand in the order of their keys.
 *
 * Shape     Values in, an image out, as full as its lines may be. How many bits of a key a slot
 *           keeps is worked out from how far a key got from its line; the rest is for terms.
 * Owns      Nothing; the image is in pages that become the caller's.
 * Lives     A call.
 * Fails     ERR_LIMIT "limit.memory", or "screen.crowded" when so many keys point to one line that
 *           no size helps: the hash has failed.
 * Threads   Any.
 * Bounds    The scratch: 4 bytes a term handed in, 30 bytes a value for a filter.
 */
#ifndef YUMEN_SCREEN_SEAL_H
#define YUMEN_SCREEN_SEAL_H

#include "env/pages.h"
#include "screen/shard.h"

struct seal_value {
    uint64_t key;
    const uint8_t *text; /* size and kind, then bytes; NULL of a number */
    uint32_t first;      /* of its listings */
    uint32_t count;      /* > 0 */
};

struct seal_listing {
    uint32_t row;
    uint32_t term; /* of the terms handed in */
};

struct seal_input {
    enum shard_class class;
    uint32_t index;
    const struct seal_value *values; /* keys of this shard, none below the one before */
    uint32_t value_count;
    const struct seal_listing *listings;
    uint32_t listing_count;
    const struct term *terms;
    uint32_t term_count;
};

err seal(const struct seal_input *in, struct arena *scratch, struct pages *ret_image,
         struct shard *ret_shard);
/* How many labels a name has. */
size_t seal_labels(str name);

#endif
