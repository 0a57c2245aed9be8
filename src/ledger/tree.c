/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/tree.h"

#include <assert.h>

enum { LEAF_SMALL_BYTES = 1024 };

static_assert(sizeof(struct digest) == 32, "a tile is its digests, side by side");
static_assert(TILE_BYTES_MAX == sizeof((struct tile){0}.hashes), "a tile is its digests");

struct digest tree_leaf_hash(str body)
{
    char bytes[LEAF_SMALL_BYTES] = {0x00};
    if (body.size < sizeof bytes) { /* one call where a stream takes four */
        memcpy(bytes + 1, body.at, body.size);
        return digest_of(str_make(bytes, body.size + 1));
    }
    struct digest_stream state;
    digest_init(&state);
    digest_put(&state, str_make("\x00", 1));
    digest_put(&state, body);
    return digest_done(&state);
}

struct digest tree_node_hash(const struct digest *left, const struct digest *right)
{
    char bytes[1 + 2 * sizeof(struct digest)] = {0x01};
    memcpy(bytes + 1, left, sizeof *left);
    memcpy(bytes + 1 + sizeof *left, right, sizeof *right);
    return digest_of(str_make(bytes, sizeof bytes));
}

void peaks_put(struct peaks *p, const struct digest *leaf_hash)
{
    assert(p->size < TREE_SIZE_MAX);
    struct digest node = *leaf_hash;
    unsigned height = 0;
    for (; (p->size >> height & 1) != 0; height++) {
        struct digest left = p->at[height];
        p->at[height] = node;
        node = tree_node_hash(&left, &node);
    }
    p->at[height] = node;
    p->size++;
}

struct digest peaks_root(const struct peaks *p)
{
    if (p->size == 0)
        return digest_of(STR(""));
    unsigned height = (unsigned)__builtin_ctzll(p->size);
    struct digest root = p->at[height];
    while (p->size >> ++height != 0)
        if ((p->size >> height & 1) != 0)
            root = tree_node_hash(&p->at[height], &root);
    return root;
}

void tree_init(struct tree *tree)
{
    assert(tree != NULL);
    memset(tree, 0, sizeof *tree);
}

/* How many nodes of a level's height there are in all. */
static uint64_t level_count(uint64_t size, unsigned level)
{
    return size >> (level * TILE_HEIGHT);
}

static err put_tile(const struct tree *tree, unsigned level, uint64_t end,
                    const struct tile_sink *sink)
{
    size_t count = (end - 1) % TILE_HASHES + 1;
    str hashes = str_make((const char *)tree->tails[level].hashes, count * sizeof(struct digest));
    return sink->put(sink->self, level, (end - 1) / TILE_HASHES, hashes);
}

/* The node just completed at this level's height joins its tile. */
static err grow_level(struct tree *tree, unsigned level, const struct tile_sink *sink)
{
    struct tile *tail = &tree->tails[level];
    uint64_t end = level_count(tree->peaks.size, level);
    tail->hashes[(end - 1) % TILE_HASHES] = tree->peaks.at[(size_t)level * TILE_HEIGHT];
    tail->is_changed = end % TILE_HASHES != 0;
    return tail->is_changed ? OK : put_tile(tree, level, end, sink);
}

err tree_append(struct tree *tree, const struct digest *leaf_hash, const struct tile_sink *sink)
{
    assert(tree != NULL && leaf_hash != NULL && sink != NULL);
    if (tree->peaks.size >= TREE_SIZE_MAX)
        return fail(ERR_LIMIT, "tree: full", 0);
    peaks_put(&tree->peaks, leaf_hash);
    for (unsigned level = 0; level < TILE_LEVELS; level++) {
        if (tree->peaks.size % (UINT64_C(1) << (level * TILE_HEIGHT)) != 0)
            break;
        TRY(grow_level(tree, level, sink));
    }
    return OK;
}

err tree_flush(struct tree *tree, const struct tile_sink *sink)
{
    assert(tree != NULL && sink != NULL);
    for (unsigned level = 0; level < TILE_LEVELS; level++) {
        if (!tree->tails[level].is_changed)
            continue;
        TRY(put_tile(tree, level, level_count(tree->peaks.size, level), sink));
        tree->tails[level].is_changed = false;
    }
    return OK;
}

/* Peaks of one level: its unfinished tile, as the binary digits of its count. */
static void find_peaks(struct peaks *p, const struct tile *tail, unsigned level, size_t count)
{
    struct peaks part = {0};
    for (size_t i = 0; i < count; i++)
        peaks_put(&part, &tail->hashes[i]);
    memcpy(&p->at[(size_t)level * TILE_HEIGHT], part.at, TILE_HEIGHT * sizeof part.at[0]);
}

err tree_load(const struct tile_source *source, uint64_t size, struct tree *ret_tree)
{
    assert(source != NULL && ret_tree != NULL);
    if (size > TREE_SIZE_MAX)
        return fail(ERR_LIMIT, "tree: full", 0);
    tree_init(ret_tree);
    for (unsigned level = 0; level < TILE_LEVELS; level++) {
        uint64_t end = level_count(size, level);
        size_t bytes = end % TILE_HASHES * sizeof(struct digest);
        str hashes = {0};
        if (bytes == 0)
            continue;
        TRY(source->get(source->self, level, end / TILE_HASHES, &hashes));
        if (hashes.size < bytes)
            return fail(ERR_CORRUPT, "tree: a tile is too short", level);
        memcpy(ret_tree->tails[level].hashes, hashes.at, bytes);
        find_peaks(&ret_tree->peaks, &ret_tree->tails[level], level, end % TILE_HASHES);
    }
    ret_tree->peaks.size = size;
    return OK;
}
