/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: the tree is RFC 6962's at every size, whichever way it is asked, and its proofs convince
 * only of what is true.
 * Method: published vectors; the RFC's recursive definition as an oracle for all sizes up to 600
 * and some larger ones; all proofs of all sizes up to 130, with every single bit turned up to
 * size 16 and every 97th above.
 */
#include "kit/kit.h"
#include "ledger/proof.h"
#include "ledger/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* cmocka's; ours makes an err */

enum { LEAVES_MAX = 70000, TILES_MAX = 300, EXHAUSTIVE = 600, PROOFS = 130 };

static struct digest leaves[LEAVES_MAX];

/* Tiles as a store keeps them; level 0 and 1 and 2 are as far as LEAVES_MAX goes. */
struct shelf {
    char tiles[3][TILES_MAX][TILE_BYTES_MAX];
    size_t sizes[3][TILES_MAX];
    size_t reads;
    size_t writes;
};

static struct shelf shelf;

static err shelf_get(void *self, unsigned level, uint64_t index, str *ret_hashes)
{
    struct shelf *s = self;
    s->reads++;
    if (level >= 3 || index >= TILES_MAX || s->sizes[level][index] == 0)
        return fail(ERR_ABSENT, "shelf: no such tile", 0);
    *ret_hashes = str_make(s->tiles[level][index], s->sizes[level][index]);
    return OK;
}

static err shelf_put(void *self, unsigned level, uint64_t index, str hashes)
{
    struct shelf *s = self;
    s->writes++;
    assert_true(level < 3 && index < TILES_MAX && hashes.size <= TILE_BYTES_MAX);
    assert_true(s->sizes[level][index] < TILE_BYTES_MAX); /* a full tile never changes */
    memcpy(s->tiles[level][index], hashes.at, hashes.size);
    s->sizes[level][index] = hashes.size;
    return OK;
}

static const struct tile_source source = {&shelf, shelf_get};
static const struct tile_sink sink = {&shelf, shelf_put};

/* RFC 6962 2.1, word for word. */
static struct digest naive_root(const struct digest *hashes,
                                size_t count) // NOLINT(misc-no-recursion)
{
    if (count == 0)
        return digest_of(STR(""));
    if (count == 1)
        return hashes[0];
    size_t left = 1;
    while (left * 2 < count)
        left *= 2;
    struct digest a = naive_root(hashes, left);
    struct digest b = naive_root(hashes + left, count - left);
    return tree_node_hash(&a, &b);
}

static void assert_same(const struct digest *a, const struct digest *b)
{
    assert_memory_equal(a->bytes, b->bytes, sizeof a->bytes);
}

/* Appends the leaves from the tree's size up to `size`, in one transaction. */
static void grow_to(struct tree *tree, uint64_t size)
{
    while (tree->peaks.size < size)
        assert_false(failed(tree_append(tree, &leaves[tree->peaks.size], &sink)));
    assert_false(failed(tree_flush(tree, &sink)));
}

static struct tree tree;
static struct tree again;

static int start(void **state)
{
    (void)state;
    memset(&shelf, 0, sizeof shelf);
    tree_init(&tree);
    for (uint32_t i = 0; i < LEAVES_MAX; i++)
        leaves[i] = tree_leaf_hash(str_make((const char *)&i, sizeof i));
    return 0;
}

static void published_vectors_hold(void **state)
{
    (void)state;
    static const char *const inputs[] = {"",
                                         "00",
                                         "10",
                                         "2021",
                                         "3031",
                                         "40414243",
                                         "5051525354555657",
                                         "606162636465666768696a6b6c6d6e6f"};
    static const char *const roots[] = {
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
    struct peaks peaks = {0};
    for (size_t i = 0; i < COUNT_OF(inputs); i++) {
        char body[16];
        struct digest expected;
        size_t size = strlen(inputs[i]) / 2;
        assert_false(failed(hex_parse(str_from_c(inputs[i]), body, size)));
        assert_false(failed(hex_parse(str_from_c(roots[i]), expected.bytes, 32)));
        struct digest leaf = tree_leaf_hash(str_make(body, size));
        peaks_put(&peaks, &leaf);
        struct digest root = peaks_root(&peaks);
        assert_same(&root, &expected);
    }
}

static void long_and_short_bodies_hash_alike(void **state)
{
    (void)state;
    char prefixed[5000] = {0};
    for (size_t size = 0; size < sizeof prefixed - 1; size++) {
        struct digest expected = digest_of(str_make(prefixed, size + 1));
        struct digest hash = tree_leaf_hash(str_make(prefixed + 1, size));
        assert_same(&hash, &expected);
        prefixed[size + 1] = (char)('a' + size % 26);
    }
}

static void every_way_to_the_root_agrees(void **state)
{
    (void)state;
    for (uint64_t size = 0; size <= EXHAUSTIVE; size++) {
        struct digest expected = naive_root(leaves, size);
        grow_to(&tree, size);
        struct digest root = peaks_root(&tree.peaks);
        assert_same(&root, &expected);
        assert_false(failed(tree_load(&source, size, &again)));
        root = peaks_root(&again.peaks);
        assert_same(&root, &expected);
        assert_false(failed(proof_root(&source, size, &root)));
        assert_same(&root, &expected);
    }
    for (uint64_t size = 0; size <= EXHAUSTIVE; size++) { /* and of the past, from today's tiles */
        struct digest expected = naive_root(leaves, size);
        struct digest root;
        assert_false(failed(proof_root(&source, size, &root)));
        assert_same(&root, &expected);
    }
}

/* Numbers that look random and are the same every time (splitmix64). */
static uint64_t next_random(uint64_t *seed)
{
    uint64_t z = *seed += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

static void batches_of_any_size_agree(void **state)
{
    (void)state;
    uint64_t seed = 611;
    while (tree.peaks.size < LEAVES_MAX) {
        uint64_t to = tree.peaks.size + next_random(&seed) % 4000;
        grow_to(&tree, to < LEAVES_MAX ? to : LEAVES_MAX);
        assert_false(failed(tree_load(&source, tree.peaks.size, &again)));
        assert_memory_equal(&again.peaks.size, &tree.peaks.size, sizeof tree.peaks.size);
        tree = again; /* go on from what was kept */
        struct digest expected = naive_root(leaves, tree.peaks.size);
        struct digest root = peaks_root(&tree.peaks);
        assert_same(&root, &expected);
        shelf.reads = 0;
        assert_false(failed(proof_root(&source, tree.peaks.size, &root)));
        assert_same(&root, &expected);
        assert_in_range(shelf.reads, 1, 3);
    }
    for (unsigned i = 0; i < 200; i++) {
        uint64_t size = 1 + next_random(&seed) % LEAVES_MAX;
        struct inclusion claim = {.index = next_random(&seed) % size, .size = size};
        struct proof_path path;
        shelf.reads = 0;
        assert_false(failed(proof_inclusion(&source, claim.index, size, &path)));
        assert_in_range(shelf.reads, 0, 9);
        assert_false(failed(proof_leaf_hash(&source, claim.index, &claim.leaf_hash)));
        assert_same(&claim.leaf_hash, &leaves[claim.index]);
        assert_false(failed(proof_root(&source, size, &claim.root)));
        assert_true(proof_inclusion_check(&claim, &path));
    }
}

static void turn_bit(void *bytes, size_t bit)
{
    ((unsigned char *)bytes)[bit / 8] ^= (unsigned char)(1U << bit % 8);
}

static size_t stride(uint64_t size)
{
    return size <= 16 ? 1 : 97;
}

static void inclusion_convinces_only_of_truth(void **state)
{
    (void)state;
    grow_to(&tree, PROOFS);
    for (uint64_t size = 1; size <= PROOFS; size++)
        for (uint64_t index = 0; index < size; index++) {
            struct inclusion claim = {index, size, leaves[index], naive_root(leaves, size)};
            struct proof_path path;
            assert_false(failed(proof_inclusion(&source, index, size, &path)));
            assert_true(proof_inclusion_check(&claim, &path));
            for (size_t bit = 0; bit < path.count * 256; bit += stride(size)) {
                turn_bit(path.hashes, bit);
                assert_false(proof_inclusion_check(&claim, &path));
                turn_bit(path.hashes, bit);
            }
            for (size_t bit = 0; bit < 256; bit += stride(size)) {
                struct inclusion wrong = claim;
                turn_bit(&wrong.leaf_hash, bit);
                assert_false(proof_inclusion_check(&wrong, &path));
                wrong = claim;
                turn_bit(&wrong.root, bit);
                assert_false(proof_inclusion_check(&wrong, &path));
            }
            struct inclusion moved = claim;
            moved.index ^= 1;
            assert_false(size > 1 && proof_inclusion_check(&moved, &path));
            path.count++;
            assert_false(proof_inclusion_check(&claim, &path));
            path.count -= 2;
            assert_false(size > 1 && proof_inclusion_check(&claim, &path));
        }
}

static void consistency_convinces_only_of_truth(void **state)
{
    (void)state;
    grow_to(&tree, PROOFS);
    for (uint64_t to = 0; to <= PROOFS; to++)
        for (uint64_t from = 0; from <= to; from++) {
            struct consistency claim = {from, to, naive_root(leaves, from), naive_root(leaves, to)};
            struct proof_path path;
            assert_false(failed(proof_consistency(&source, from, to, &path)));
            assert_true(proof_consistency_check(&claim, &path));
            for (size_t bit = 0; bit<path.count * 256; bit += to> 40 ? 31 : 1) {
                turn_bit(path.hashes, bit);
                assert_false(proof_consistency_check(&claim, &path));
                turn_bit(path.hashes, bit);
            }
            for (size_t bit = 0; bit<256; bit += to> 40 ? 31 : 1) {
                struct consistency wrong = claim;
                turn_bit(&wrong.root_from, bit);
                assert_false(proof_consistency_check(&wrong, &path));
                wrong = claim;
                turn_bit(&wrong.root_to, bit);
                assert_false(from > 0 && proof_consistency_check(&wrong, &path));
            }
            path.count++;
            assert_false(proof_consistency_check(&claim, &path));
        }
}

static void what_is_outside_is_refused(void **state)
{
    (void)state;
    struct proof_path path;
    struct digest hash;
    grow_to(&tree, 300);
    assert_int_equal(proof_inclusion(&source, 5, 5, &path).code, ERR_ABSENT);
    assert_int_equal(proof_consistency(&source, 6, 5, &path).code, ERR_ABSENT);
    assert_true(failed(proof_inclusion(&source, 5, 301, &path)));
    shelf.sizes[0][1] -= 32; /* a torn tile */
    assert_int_equal(tree_load(&source, 300, &again).code, ERR_CORRUPT);
    assert_int_equal(proof_inclusion(&source, 298, 300, &path).code, ERR_CORRUPT);
    shelf.sizes[0][0] = 0; /* a lost one */
    assert_int_equal(proof_leaf_hash(&source, 1, &hash).code, ERR_ABSENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_vectors_hold),
        cmocka_unit_test(long_and_short_bodies_hash_alike),
        cmocka_unit_test_setup(every_way_to_the_root_agrees, start),
        cmocka_unit_test_setup(batches_of_any_size_agree, start),
        cmocka_unit_test_setup(inclusion_convinces_only_of_truth, start),
        cmocka_unit_test_setup(consistency_convinces_only_of_truth, start),
        cmocka_unit_test_setup(what_is_outside_is_refused, start),
    };
    if (failed(kit_boot()))
        return 1;
    int answer = cmocka_run_group_tests_name("ledger/tree", tests, NULL, NULL);
    kit_done();
    return answer;
}
