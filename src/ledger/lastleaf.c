/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/lastleaf.h"

#include <assert.h>

void lastleaves_init(struct lastleaves *all, struct arena *keep)
{
    assert(all != NULL && keep != NULL);
    *all = (struct lastleaves){.keep = keep};
}

/* A kind is a name and holds no line end, so no two records share these bytes. */
static struct digest key_of(str kind, str record)
{
    struct digest_stream stream;
    digest_init(&stream);
    digest_put(&stream, kind);
    digest_put(&stream, STR("\n"));
    digest_put(&stream, record);
    return digest_done(&stream);
}

/* The slot that holds the key, or the free one where it belongs. */
static struct lastleaf **slot_of(const struct lastleaves *all, const struct digest *key)
{
    size_t slot = 0;
    memcpy(&slot, key->bytes, sizeof slot);
    for (;; slot++) {
        struct lastleaf **found = &all->slots[slot & (all->slot_count - 1)];
        if (*found == NULL || digest_equal(&(*found)->key, key))
            return found;
    }
}

struct lastleaf *lastleaf_find(const struct lastleaves *all, str kind, str record)
{
    if (all->slot_count == 0)
        return NULL;
    struct digest key = key_of(kind, record);
    return *slot_of(all, &key);
}

static err grow(struct lastleaves *all)
{
    size_t slot_count = all->slot_count == 0 ? 64 : all->slot_count * 2;
    struct lastleaf **slots = arena_make_array(all->keep, slot_count, sizeof(struct lastleaf *));
    if (slots == NULL)
        return fail(ERR_LIMIT, "replay: too many records", 0);
    all->slots = slots;
    all->slot_count = slot_count;
    for (struct lastleaf *each = all->first; each != NULL; each = each->next)
        *slot_of(all, &each->key) = each;
    return OK;
}

err lastleaf_put(struct lastleaves *all, str kind, str record, struct lastleaf **ret_lastleaf)
{
    assert(all != NULL && ret_lastleaf != NULL);
    if (2 * (all->count + 1) > all->slot_count)
        TRY(grow(all));
    struct digest key = key_of(kind, record);
    struct lastleaf **slot = slot_of(all, &key);
    if (*slot == NULL) {
        struct lastleaf *fresh = arena_make(all->keep, sizeof *fresh);
        if (fresh == NULL)
            return fail(ERR_LIMIT, "replay: too many records", 0);
        *fresh = (struct lastleaf){.key = key, .speaking = LEAF_NONE};
        *slot = fresh;
        all->count++;
        if (all->last != NULL)
            all->last->next = fresh;
        all->last = fresh;
        all->first = all->first == NULL ? fresh : all->first;
    }
    *ret_lastleaf = *slot;
    return OK;
}
