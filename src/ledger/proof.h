/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proof - what convinces an outsider who holds only a root: that a leaf is in the tree, and that
 * one tree grew out of another. RFC 6962 2.1.1 and 2.1.2; checked as RFC 9162 2.1.3.2 and
 * 2.1.4.2.
 *
 * Shape     Asked of tiles, for any size the tree ever had; answered by a path of node hashes.
 *
 *               tiles --proof_inclusion(index, size)--> path --proof_inclusion_check(root)--> yes
 *
 * Owns      Nothing; a path is a plain value.   Lives  -
 * Fails     ERR_ABSENT "proof.outside" when index or size is beyond the tree that is asked about;
 *           ERR_CORRUPT when a tile is short; whatever the source says.
 * Threads   Any, as far as the source allows.
 * Bounds    At most a tile or two a level is read, and 255 nodes hashed a level.
 */
#ifndef YUMEN_LEDGER_PROOF_H
#define YUMEN_LEDGER_PROOF_H

#include "ledger/tree.h"

enum { PROOF_PATH_MAX = 2 * TREE_HEIGHT_MAX };

struct proof_path {
    size_t count;
    struct digest hashes[PROOF_PATH_MAX];
};

err proof_root(const struct tile_source *source, uint64_t size, struct digest *ret_root);
err proof_leaf_hash(const struct tile_source *source, uint64_t index, struct digest *ret_hash);
err proof_inclusion(const struct tile_source *source, uint64_t index, uint64_t size,
                    struct proof_path *ret_path);
/* From size 0 the path is empty: every tree grew out of the empty one. */
err proof_consistency(const struct tile_source *source, uint64_t from, uint64_t to,
                      struct proof_path *ret_path);

/* A claim to be checked: "this hash is leaf `index` of the tree of `size` with `root`". */
struct inclusion {
    uint64_t index;
    uint64_t size;
    struct digest leaf_hash;
    struct digest root;
};
bool proof_inclusion_check(const struct inclusion *claim, const struct proof_path *path);

/* "The tree of size `to` with root_to begins with the tree of size `from` with root_from." */
struct consistency {
    uint64_t from;
    uint64_t to;
    struct digest root_from;
    struct digest root_to;
};
bool proof_consistency_check(const struct consistency *claim, const struct proof_path *path);

#endif
