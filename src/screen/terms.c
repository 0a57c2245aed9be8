/* SPDX-License-Identifier: Apache-2.0 */
#include "screen/terms.h"

enum { FIRST_TERMS = 256 };
#define ARENA_BYTES ((size_t)64 << 30)
#define TERMS_MOST  (UINT32_C(1) << 30)

void terms_init(struct terms *t)
{
    *t = (struct terms){0};
    arena_init(&t->arena, ARENA_BYTES);
}

void terms_done(struct terms *t)
{
    arena_done(&t->arena);
}

static uint32_t hash_of(const struct term *term)
{
    uint64_t x = (uint64_t)term->until_us * UINT64_C(0x9e6d4b7f35c281a5);
    x ^= (term->from_us * 16 + term->flags) * UINT64_C(0xd1b54c3a97e8602f);
    return (uint32_t)(x ^ x >> 32);
}

static bool is_same(const struct term *a, const struct term *b)
{
    return a->from_us == b->from_us && a->until_us == b->until_us && a->flags == b->flags;
}

/* Where this term stands in the index, or is to stand. */
static uint32_t *find(struct terms *t, const struct term *term)
{
    uint32_t i = hash_of(term) & t->mask;
    while (t->index[i] != 0 && !is_same(&t->at[t->index[i] - 1], term))
        i = (i + 1) & t->mask;
    return &t->index[i];
}

static err grow(struct terms *t)
{
    uint32_t room = t->room == 0 ? FIRST_TERMS : 2 * t->room;
    if (room > TERMS_MOST)
        return fail(ERR_LIMIT, "limit.memory", 0);
    t->at = arena_grow(&t->arena, t->at, t->room * sizeof *t->at, room * sizeof *t->at);
    t->index = arena_make_array(&t->arena, 2 * (size_t)room, sizeof *t->index);
    if (t->at == NULL || t->index == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    t->room = room;
    t->mask = 2 * room - 1;
    for (uint32_t i = 0; i < t->count; i++)
        *find(t, &t->at[i]) = i + 1;
    return OK;
}

err terms_number(struct terms *t, const struct term *term, uint32_t *ret_number)
{
    if (t->count == t->room)
        TRY(grow(t));
    uint32_t *at = find(t, term);
    if (*at == 0) {
        t->at[t->count++] = *term;
        *at = t->count;
    }
    *ret_number = *at - 1;
    return OK;
}
