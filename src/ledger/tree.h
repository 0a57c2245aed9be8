/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tree - the Merkle tree of RFC 6962 over the leaves, growing at its right edge only.
 *
 * Shape     Peaks are the roots of the perfect subtrees a size consists of: all that is needed
 *           to go on appending and to say the root. Tiles are how the tree is kept: a tile of
 *           level L holds 256 neighbouring nodes of height 8 L, so that level 0 is the leaf
 *           hashes themselves and each full tile's root is one hash of the level above. Full
 *           tiles never change; the store rewrites the newest tile of each level, and nothing
 *           else.
 *
 *               level 1   [ h h h . . . ]                 one hash for each full tile below
 *                           | | |
 *               level 0   [256][256][256][ 17 . . ]       leaf hashes
 *
 * Owns      Itself: a plain value. Copy it to have a place to return to after a rolled-back
 *           write.
 * Lives     The store thread keeps one; after a failure, tree_load makes it again in <= 6 reads.
 * Fails     ERR_CORRUPT when a tile is shorter than the size demands; ERR_LIMIT beyond
 *           TREE_SIZE_MAX; whatever the callbacks say.
 * Threads   One.
 * Bounds    48 KiB; an append costs one node hash, amortised.
 */
#ifndef YUMEN_LEDGER_TREE_H
#define YUMEN_LEDGER_TREE_H

#include "base/err.h"
#include "base/str.h"
#include "kit/digest.h"

enum {
    TREE_HEIGHT_MAX = 48,
    TILE_HEIGHT = 8,
    TILE_HASHES = 1 << TILE_HEIGHT,
    TILE_LEVELS = TREE_HEIGHT_MAX / TILE_HEIGHT,
    TILE_BYTES_MAX = TILE_HASHES * 32
};
#define TREE_SIZE_MAX ((UINT64_C(1) << TREE_HEIGHT_MAX) - 1)

/* Reads a tile: its hashes, oldest first. The bytes must stay until the next get. */
struct tile_source {
    void *self;
    err (*get)(void *self, unsigned level, uint64_t index, str *ret_hashes);
};

/* Keeps a tile, in place of what was kept under the same level and index. */
struct tile_sink {
    void *self;
    err (*put)(void *self, unsigned level, uint64_t index, str hashes);
};

/* SHA-256(0x00, body) and SHA-256(0x01, left, right): RFC 6962 2.1 */
struct digest tree_leaf_hash(str body);
struct digest tree_node_hash(const struct digest *left, const struct digest *right);

/* at[h] is the node of height h completed last; it is a peak where bit h of size is set. */
struct peaks {
    uint64_t size;
    struct digest at[TREE_HEIGHT_MAX + 1];
};

/* size must be below TREE_SIZE_MAX. */
void peaks_put(struct peaks *p, const struct digest *leaf_hash);
struct digest peaks_root(const struct peaks *p);

struct tile {
    struct digest hashes[TILE_HASHES];
    bool is_changed; /* since it was last put */
};

struct tree {
    struct peaks peaks;
    struct tile tails[TILE_LEVELS]; /* the newest, unfinished tile of each level */
};

void tree_init(struct tree *tree);
err tree_load(const struct tile_source *source, uint64_t size, struct tree *ret_tree);

/* Hands over each tile that becomes full. After an error the tree must be loaded again. */
err tree_append(struct tree *tree, const struct digest *leaf_hash, const struct tile_sink *sink);

/* Hands over the changed unfinished tiles: once, at the end of a transaction. */
err tree_flush(struct tree *tree, const struct tile_sink *sink);

#endif
