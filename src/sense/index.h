/* SPDX-License-Identifier: Apache-2.0 */
/*
 * index - where in the book a number's conduct is: slot numbers of 4 bytes, fifteen to a line.
 *
 * Shape     A key has a home line; when it is full, the next that is not. A line counts how many
 *           passed it on their way (`passed`), so a search ends where nobody went on, and taking
 *           one out leaves nothing behind. What an entry has left beside the slot's number is a
 *           tag of the key: the record itself is looked at once in most searches.
 * Owns      Nothing: the lines are the caller's, zeroed.
 * Lives     As long as they.
 * Fails     Never: there are half as many places more than numbers.
 * Threads   One.
 * Bounds    2^26 numbers; 6.7 bytes each.
 */
#ifndef YUMEN_SENSE_INDEX_H
#define YUMEN_SENSE_INDEX_H

#include "sense/conduct.h"
#include "sense/marks.h"

enum { INDEX_LINE = 15, INDEX_MOST = (1 << 26) - 1 };
#define INDEX_NONE UINT32_MAX

struct index_line {
    uint32_t passed;
    uint32_t at[INDEX_LINE]; /* tag, then slot and 1; 0: nothing */
};

struct index {
    struct index_line *lines;
    const struct conduct *conducts;
    uint32_t line_count;
    unsigned slot_bits;
    struct marks marks;
};

size_t index_room(uint32_t numbers_most);
void index_init(struct index *x, void *room, const struct conduct *conducts, uint32_t numbers_most);
struct index_line *index_home(const struct index *x, uint64_t key);
/* The slot that it probably is in; looks at its home line only, and at no conduct. */
uint32_t index_guess(const struct index *x, uint64_t key);
/* INDEX_NONE: it has none. */
uint32_t index_find(const struct index *x, uint64_t key);
/* The same, by what was guessed a while before, which may be wrong by now. */
static inline uint32_t index_find_near(const struct index *x, uint64_t key, uint32_t guess)
{
    return guess != INDEX_NONE && x->conducts[guess].key == key ? guess : index_find(x, key);
}
/* conducts[slot].key is in already. */
void index_put(struct index *x, uint32_t slot);
void index_drop(struct index *x, uint32_t slot);

#endif
