/* SPDX-License-Identifier: Apache-2.0 */
#include "kit/strmap.h"

#include <assert.h>

enum { ROOM_LEAST = 1024 };

struct strmap_slot {
    const char *text; /* NULL: free */
    uint32_t size;
    uint32_t number;
    uint64_t hash;
};

void strmap_init(struct strmap *m, const uint8_t key[SIPHASH_KEY_BYTES], struct arena *a)
{
    *m = (struct strmap){.arena = a};
    memcpy(m->key, key, SIPHASH_KEY_BYTES);
}

static bool holds(const struct strmap_slot *slot, uint64_t hash, str text)
{
    return slot->hash == hash && slot->size == text.size &&
           memcmp(slot->text, text.at, text.size) == 0;
}

/* The text's slot, or the free one where it belongs. */
static struct strmap_slot *find(const struct strmap *m, uint64_t hash, str text)
{
    size_t i = hash & (m->room - 1);
    while (m->slots[i].text != NULL && !holds(&m->slots[i], hash, text))
        i = (i + 1) & (m->room - 1);
    return &m->slots[i];
}

static err grow(struct strmap *m)
{
    size_t room = m->room == 0 ? ROOM_LEAST : m->room * 2;
    struct strmap bigger = *m;
    bigger.room = room;
    bigger.slots = arena_make_array(m->arena, room, sizeof *bigger.slots);
    if (bigger.slots == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (size_t i = 0; i < m->room; i++) {
        const struct strmap_slot *s = &m->slots[i];
        if (s->text != NULL)
            *find(&bigger, s->hash, str_make(s->text, s->size)) = *s;
    }
    *m = bigger;
    return OK;
}

err strmap_at(struct strmap *m, str text, uint32_t **ret_number)
{
    assert(text.at != NULL && text.size <= UINT32_MAX);
    if (m->count >= m->room - m->room / 4)
        TRY(grow(m));
    uint64_t hash = digest_siphash(m->key, text);
    struct strmap_slot *slot = find(m, hash, text);
    if (slot->text == NULL) {
        *slot = (struct strmap_slot){.text = text.at, .size = (uint32_t)text.size, .hash = hash};
        m->count++;
    }
    *ret_number = &slot->number;
    return OK;
}

uint32_t strmap_get(const struct strmap *m, str text)
{
    if (m->count == 0)
        return 0;
    const struct strmap_slot *slot = find(m, digest_siphash(m->key, text), text);
    return slot->text == NULL ? 0 : slot->number;
}
