/* SPDX-License-Identifier: Apache-2.0 */
/* Leaves a second into the tree, tiles and root included, in memory. */
#include "app/bench/bench.h"
#include "ledger/tree.h"

enum { LEAVES = 100000, BODIES = 1000 };

static err take_tile(void *self, unsigned level, uint64_t index, str hashes)
{
    size_t *bytes = self;
    (void)level;
    (void)index;
    *bytes += hashes.size;
    return OK;
}

static err run_tree(const struct bench_bodies *bodies, struct tree *tree, double *ret_rate)
{
    size_t tile_bytes = 0;
    struct tile_sink sink = {.self = &tile_bytes, .put = take_tile};
    int64_t began = env_monotonic_us();
    tree_init(tree);
    for (size_t i = 0; i < LEAVES; i++) {
        struct digest hash = tree_leaf_hash(bodies->at[i % bodies->count]);
        TRY(tree_append(tree, &hash, &sink));
    }
    TRY(tree_flush(tree, &sink));
    (void)peaks_root(&tree->peaks);
    *ret_rate = LEAVES * 1e6 / (double)(env_monotonic_us() - began);
    return OK;
}

static double run_plain(const struct bench_bodies *bodies)
{
    int64_t began = env_monotonic_us();
    for (size_t i = 0; i < LEAVES; i++)
        (void)digest_of(bodies->at[i % bodies->count]);
    return LEAVES * 1e6 / (double)(env_monotonic_us() - began);
}

err bench_ledger(struct bench *b)
{
    double ours[BENCH_ROUNDS];
    double plain[BENCH_ROUNDS];
    struct bench_bodies bodies = {0};
    struct tree *tree = arena_make(&b->arena, sizeof *tree);
    if (tree == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(bench_bodies(b, "listing.approve", BODIES, &bodies));
    for (int i = 0; i < BENCH_ROUNDS; i++) {
        TRY(run_tree(&bodies, tree, &ours[i]));
        plain[i] = run_plain(&bodies);
    }
    struct bench_result result = {.name = "ledger.append",
                                  .unit = "per_second",
                                  .ours = bench_median(ours),
                                  .peer = bench_median(plain)};
    bench_add(b, &result);
    return OK;
}
