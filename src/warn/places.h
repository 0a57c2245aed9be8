/* SPDX-License-Identifier: Apache-2.0 */
/*
 * places - where in the table a number's episode is: open addressing over eight bytes an entry.
 *
 * Shape     An entry is 32 bits of the key's hash and the slot. Whoever finds its place taken goes
 *           to the next; taking one out moves those behind it up, so nothing is left of it.
 * Owns      Nothing: the entries are the caller's, zeroed.
 * Lives     As long as they.
 * Fails     Never: there are more than half as many places again as numbers.
 * Threads   One.
 * Bounds    Up to 16 bytes a number.
 */
#ifndef YUMEN_WARN_PLACES_H
#define YUMEN_WARN_PLACES_H

#include "warn/episode.h"

#include <stddef.h>

#define SLOT_NONE UINT32_MAX

struct places_entry {
    uint32_t tag;
    uint32_t slot; /* and 1; 0: nothing */
};

struct places {
    struct places_entry *at;
    const struct episode *episodes;
    uint64_t mask;
};

size_t places_room(uint32_t numbers_most);
void places_init(struct places *p, void *room, const struct episode *episodes,
                 uint32_t numbers_most);
struct places_entry *places_home(const struct places *p, uint64_t key);
/* The slot that it probably is in: looks at no episode. SLOT_NONE: it has none. */
uint32_t places_guess(const struct places *p, uint64_t key);
uint32_t places_find(const struct places *p, uint64_t key);
/* episodes[slot].about is in already. */
void places_put(struct places *p, uint32_t slot);
void places_drop(struct places *p, uint32_t slot);

#endif
