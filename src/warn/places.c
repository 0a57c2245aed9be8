/* SPDX-License-Identifier: Apache-2.0 */
#include "warn/places.h"

#include <assert.h>

#define SPREAD UINT64_C(0x9E3779B97F4A7C15)

static uint64_t count_for(uint32_t numbers_most)
{
    uint64_t count = 8;
    while (count < numbers_most + (uint64_t)numbers_most / 2)
        count *= 2;
    return count;
}

size_t places_room(uint32_t numbers_most)
{
    return (size_t)count_for(numbers_most) * sizeof(struct places_entry);
}

void places_init(struct places *p, void *room, const struct episode *episodes,
                 uint32_t numbers_most)
{
    *p = (struct places){.at = room, .episodes = episodes, .mask = count_for(numbers_most) - 1};
}

static uint32_t tag_of(uint64_t key)
{
    return (uint32_t)(key * SPREAD >> 32);
}

static uint64_t home_of(const struct places *p, uint32_t tag)
{
    return tag * SPREAD >> 24 & p->mask;
}

struct places_entry *places_home(const struct places *p, uint64_t key)
{
    return &p->at[home_of(p, tag_of(key))];
}

uint32_t places_guess(const struct places *p, uint64_t key)
{
    uint32_t tag = tag_of(key);
    uint64_t i = home_of(p, tag);
    while (p->at[i].slot != 0 && p->at[i].tag != tag)
        i = (i + 1) & p->mask;
    return p->at[i].slot == 0 ? SLOT_NONE : p->at[i].slot - 1;
}

uint32_t places_find(const struct places *p, uint64_t key)
{
    uint32_t tag = tag_of(key);
    for (uint64_t i = home_of(p, tag); p->at[i].slot != 0; i = (i + 1) & p->mask)
        if (p->at[i].tag == tag && p->episodes[p->at[i].slot - 1].about == key)
            return p->at[i].slot - 1;
    return SLOT_NONE;
}

void places_put(struct places *p, uint32_t slot)
{
    uint32_t tag = tag_of(p->episodes[slot].about);
    uint64_t i = home_of(p, tag);
    while (p->at[i].slot != 0)
        i = (i + 1) & p->mask;
    p->at[i] = (struct places_entry){.tag = tag, .slot = slot + 1};
}

void places_drop(struct places *p, uint32_t slot)
{
    uint64_t hole = home_of(p, tag_of(p->episodes[slot].about));
    while (p->at[hole].slot != slot + 1) {
        assert(p->at[hole].slot != 0);
        hole = (hole + 1) & p->mask;
    }
    /* Whoever would be looked for from at or before the hole moves into it. */
    for (uint64_t i = (hole + 1) & p->mask; p->at[i].slot != 0; i = (i + 1) & p->mask) {
        uint64_t home = home_of(p, p->at[i].tag);
        if (((i - home) & p->mask) < ((i - hole) & p->mask))
            continue;
        p->at[hole] = p->at[i];
        hole = i;
    }
    p->at[hole] = (struct places_entry){0};
}
