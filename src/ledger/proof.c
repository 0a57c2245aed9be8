/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/proof.h"

#include <assert.h>

/* Remembers the tile read last: neighbours in a path mostly come from the same one. */
struct reader {
    const struct tile_source *source;
    str hashes;
    uint64_t index;
    unsigned level;
};

/* `count` hashes from `first` on at a level; all within one tile. */
static err read_hashes(struct reader *r, unsigned level, uint64_t first, size_t count,
                       struct digest *ret_hashes)
{
    uint64_t index = first / TILE_HASHES;
    size_t start = first % TILE_HASHES * sizeof(struct digest);
    size_t bytes = count * sizeof(struct digest);
    if (r->hashes.at == NULL || r->level != level || r->index != index) {
        r->hashes = (str){0};
        TRY(r->source->get(r->source->self, level, index, &r->hashes));
        r->level = level;
        r->index = index;
    }
    if (r->hashes.size < start + bytes)
        return fail(ERR_CORRUPT, "tree: a tile is too short", level);
    memcpy(ret_hashes, r->hashes.at + start, bytes);
    return OK;
}

/* The root of the perfect subtree of this height, the index-th from the left. */
static err read_node(struct reader *r, unsigned height, uint64_t index, struct digest *ret_node)
{
    struct digest nodes[TILE_HASHES / 2];
    unsigned rise = height % TILE_HEIGHT;
    size_t count = (size_t)1 << rise;
    TRY(read_hashes(r, height / TILE_HEIGHT, index << rise, count, nodes));
    for (; count > 1; count /= 2)
        for (size_t i = 0; i < count / 2; i++)
            nodes[i] = tree_node_hash(&nodes[2 * i], &nodes[2 * i + 1]);
    *ret_node = nodes[0];
    return OK;
}

/* The hash of the leaves first..end-1, where `first` is a place at which a subtree begins. */
static err read_range(struct reader *r, uint64_t first, uint64_t end, struct digest *ret_hash)
{
    struct digest hash = {0};
    uint64_t size = end - first;
    assert(size > 0);
    for (unsigned height = 0; size >> height != 0; height++) {
        struct digest node;
        if ((size >> height & 1) == 0)
            continue;
        bool is_last = (size & ((UINT64_C(1) << height) - 1)) == 0;
        uint64_t start = first + (size >> height >> 1 << height << 1);
        TRY(read_node(r, height, start >> height, &node));
        hash = is_last ? node : tree_node_hash(&node, &hash);
    }
    *ret_hash = hash;
    return OK;
}

/* How many leaves go left when `size` > 1 of them part: the largest power of two below size. */
static uint64_t left_size(uint64_t size)
{
    assert(size > 1);
    return UINT64_C(1) << (63 - __builtin_clzll(size - 1));
}

/* Paths are found from the root down and told from the leaf up. */
static void turn_round(struct proof_path *path)
{
    for (size_t i = 0; i < path->count / 2; i++) {
        struct digest other = path->hashes[path->count - 1 - i];
        path->hashes[path->count - 1 - i] = path->hashes[i];
        path->hashes[i] = other;
    }
}

static err add_range(struct reader *r, uint64_t first, uint64_t end, struct proof_path *path)
{
    assert(path->count < PROOF_PATH_MAX);
    TRY(read_range(r, first, end, &path->hashes[path->count]));
    path->count++;
    return OK;
}

err proof_root(const struct tile_source *source, uint64_t size, struct digest *ret_root)
{
    assert(source != NULL && ret_root != NULL);
    struct reader r = {.source = source};
    if (size > TREE_SIZE_MAX)
        return fail(ERR_ABSENT, "proof.outside", 0);
    if (size > 0)
        return read_range(&r, 0, size, ret_root);
    *ret_root = digest_of(STR(""));
    return OK;
}

err proof_leaf_hash(const struct tile_source *source, uint64_t index, struct digest *ret_hash)
{
    assert(source != NULL && ret_hash != NULL);
    struct reader r = {.source = source};
    if (index >= TREE_SIZE_MAX)
        return fail(ERR_ABSENT, "proof.outside", 0);
    return read_hashes(&r, 0, index, 1, ret_hash);
}

err proof_inclusion(const struct tile_source *source, uint64_t index, uint64_t size,
                    struct proof_path *ret_path)
{
    assert(source != NULL && ret_path != NULL);
    if (index >= size || size > TREE_SIZE_MAX)
        return fail(ERR_ABSENT, "proof.outside", 0);
    struct reader r = {.source = source};
    struct proof_path path = {0};
    uint64_t first = 0;
    uint64_t end = size;
    while (end - first > 1) {
        uint64_t middle = first + left_size(end - first);
        bool is_left = index < middle;
        TRY(add_range(&r, is_left ? middle : first, is_left ? end : middle, &path));
        first = is_left ? first : middle;
        end = is_left ? middle : end;
    }
    turn_round(&path);
    *ret_path = path;
    return OK;
}

err proof_consistency(const struct tile_source *source, uint64_t from, uint64_t to,
                      struct proof_path *ret_path)
{
    assert(source != NULL && ret_path != NULL);
    if (from > to || to > TREE_SIZE_MAX)
        return fail(ERR_ABSENT, "proof.outside", 0);
    struct reader r = {.source = source};
    struct proof_path path = {0};
    uint64_t first = 0;
    uint64_t end = from == 0 ? 0 : to;
    while (end != from) {
        uint64_t middle = first + left_size(end - first);
        bool is_left = from <= middle;
        TRY(add_range(&r, is_left ? middle : first, is_left ? end : middle, &path));
        first = is_left ? first : middle;
        end = is_left ? middle : end;
    }
    if (first > 0) /* the old root is not itself a node of the new tree */
        TRY(add_range(&r, first, end, &path));
    turn_round(&path);
    *ret_path = path;
    return OK;
}

static bool is_same(const struct digest *a, const struct digest *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

/* RFC 9162 2.1.3.2 */
bool proof_inclusion_check(const struct inclusion *claim, const struct proof_path *path)
{
    assert(claim != NULL && path != NULL && path->count <= PROOF_PATH_MAX);
    if (claim->index >= claim->size)
        return false;
    uint64_t node = claim->index;
    uint64_t last = claim->size - 1;
    struct digest hash = claim->leaf_hash;
    for (size_t i = 0; i < path->count; i++, node >>= 1, last >>= 1) {
        if (last == 0)
            return false;
        if ((node & 1) == 0 && node != last) {
            hash = tree_node_hash(&hash, &path->hashes[i]);
            continue;
        }
        hash = tree_node_hash(&path->hashes[i], &hash);
        for (; (node & 1) == 0 && node != 0; node >>= 1)
            last >>= 1;
    }
    return last == 0 && is_same(&hash, &claim->root);
}

/* RFC 9162 2.1.4.2, `first` being the hash the walk starts from. */
static bool walk_consistency(const struct consistency *claim, const struct digest *first,
                             const struct digest *rest, size_t count)
{
    uint64_t node = claim->from - 1;
    uint64_t last = claim->to - 1;
    struct digest from_hash = *first;
    struct digest to_hash = *first;
    for (; (node & 1) != 0; node >>= 1)
        last >>= 1;
    for (size_t i = 0; i < count; i++, node >>= 1, last >>= 1) {
        if (last == 0)
            return false;
        if ((node & 1) == 0 && node != last) {
            to_hash = tree_node_hash(&to_hash, &rest[i]);
            continue;
        }
        from_hash = tree_node_hash(&rest[i], &from_hash);
        to_hash = tree_node_hash(&rest[i], &to_hash);
        for (; (node & 1) == 0 && node != 0; node >>= 1)
            last >>= 1;
    }
    return last == 0 && is_same(&from_hash, &claim->root_from) &&
           is_same(&to_hash, &claim->root_to);
}

bool proof_consistency_check(const struct consistency *claim, const struct proof_path *path)
{
    assert(claim != NULL && path != NULL && path->count <= PROOF_PATH_MAX);
    if (claim->from > claim->to)
        return false;
    if (claim->from == claim->to)
        return path->count == 0 && is_same(&claim->root_from, &claim->root_to);
    if (claim->from == 0) {
        struct digest empty = digest_of(STR(""));
        return path->count == 0 && is_same(&claim->root_from, &empty);
    }
    bool is_perfect = (claim->from & (claim->from - 1)) == 0;
    if (is_perfect)
        return walk_consistency(claim, &claim->root_from, path->hashes, path->count);
    return path->count > 0 &&
           walk_consistency(claim, &path->hashes[0], path->hashes + 1, path->count - 1);
}
