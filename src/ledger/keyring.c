/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/keyring.h"

#include <assert.h>

static struct keyring_key *find_id(struct keyring *ring, str id)
{
    for (size_t i = 0; i < ring->count; i++)
        if (str_equal(ring->keys[i].id, id))
            return &ring->keys[i];
    return NULL;
}

static err add(struct keyring *ring, str id, const struct sign_public *key, uint64_t from_size)
{
    if (ring->count == KEYRING_MAX)
        return fail(ERR_LIMIT, "keyring: too many keys", KEYRING_MAX);
    str copy = str_copy(ring->keep, id);
    if (copy.at == NULL)
        return fail(ERR_LIMIT, "keyring: no room", 0);
    ring->keys[ring->count++] = (struct keyring_key){
        .id = copy,
        .public_part = *key,
        .from_size = from_size,
        .until_size = KEYRING_NEVER,
    };
    return OK;
}

err keyring_init(struct keyring *ring, struct arena *keep, str id, const struct sign_public *first)
{
    assert(ring != NULL && keep != NULL && first != NULL);
    ring->keep = keep;
    ring->count = 0;
    return add(ring, id, first, 0);
}

static err see_adding(struct keyring *ring, const struct leaf *leaf)
{
    const struct leaf_field *kind = leaf_field_find(leaf, STR("kind"));
    const struct leaf_field *hex = leaf_field_find(leaf, STR("public_part"));
    struct sign_public key;
    if (kind == NULL || !str_equal(kind->value, STR("ledger")))
        return OK;
    if (hex == NULL || failed(hex_parse(hex->value, key.bytes, sizeof key.bytes)))
        return fail(ERR_MALFORMED, "keyring: no public key", 0);
    const struct keyring_key *known = find_id(ring, leaf->record);
    if (known == NULL)
        return add(ring, leaf->record, &key, KEYRING_NEVER);
    bool is_same = memcmp(known->public_part.bytes, key.bytes, sizeof key.bytes) == 0;
    return is_same ? OK : fail(ERR_CONFLICT, "keyring: this id has another key", 0);
}

err keyring_see(struct keyring *ring, const struct leaf *leaf)
{
    assert(ring != NULL && leaf != NULL);
    if (str_equal(leaf->act, STR("key.add")))
        return see_adding(ring, leaf);
    struct keyring_key *known = find_id(ring, leaf->record);
    if (known != NULL && str_equal(leaf->act, STR("key.retire")))
        known->is_retiring = true;
    return OK;
}

void keyring_cover(struct keyring *ring, uint64_t size)
{
    assert(ring != NULL);
    for (size_t i = 0; i < ring->count; i++) {
        struct keyring_key *key = &ring->keys[i];
        if (key->from_size == KEYRING_NEVER)
            key->from_size = size;
        if (key->is_retiring && key->until_size == KEYRING_NEVER)
            key->until_size = size;
    }
}

const struct sign_public *keyring_find(const struct keyring *ring, str id, uint64_t size)
{
    assert(ring != NULL);
    for (size_t i = 0; i < ring->count; i++) {
        const struct keyring_key *key = &ring->keys[i];
        bool is_in_time = key->from_size <= size && size <= key->until_size;
        if (is_in_time && str_equal(key->id, id))
            return &key->public_part;
    }
    return NULL;
}
