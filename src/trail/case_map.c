/* SPDX-License-Identifier: Apache-2.0 */
#include "trail/case_inside.h"

#include <string.h>

/* Where a key is, or the free place where it belongs. */
static uint32_t place_of(const struct map *m, uint32_t key)
{
    assert(m->room > 0 && m->count < m->room);
    uint32_t mask = m->room - 1;
    uint32_t place = (uint32_t)((key * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & mask;
    while (m->pairs[place].value != 0 && m->pairs[place].key != key)
        place = (place + 1) & mask;
    return place;
}

uint32_t case_map_find(const struct map *m, uint32_t key)
{
    if (m->room == 0)
        return NONE;
    return m->pairs[place_of(m, key)].value - 1; /* 0 - 1 is NONE */
}

static err grow(struct map *m, struct case_pool *p)
{
    struct map larger = {.room = m->room == 0 ? 64 : m->room * 2, .count = m->count};
    size_t bytes = larger.room * sizeof *m->pairs;
    larger.pairs = larger.room == 0 ? NULL : case_pool_take(p, bytes);
    if (larger.pairs == NULL)
        return fail(ERR_LIMIT, "trail.case_too_large", 0);
    memset(larger.pairs, 0, bytes);
    for (uint32_t i = 0; i < m->room; i++)
        if (m->pairs[i].value != 0)
            larger.pairs[place_of(&larger, m->pairs[i].key)] = m->pairs[i];
    case_pool_drop(p, m->pairs, m->room * sizeof *m->pairs);
    *m = larger;
    return OK;
}

err case_map_put(struct map *m, struct case_pool *p, uint32_t key, uint32_t value)
{
    assert(value != NONE);
    if (m->count >= m->room / 2)
        TRY(grow(m, p));
    struct pair *pair = &m->pairs[place_of(m, key)];
    assert(pair->value == 0);
    *pair = (struct pair){.key = key, .value = value + 1};
    m->count++;
    return OK;
}
