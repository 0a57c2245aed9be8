/* SPDX-License-Identifier: Apache-2.0 */
#include "train/fold.h"

#include "env/random.h"

#include <assert.h>

/* Fisher and Yates. */
static void shuffle(uint32_t *items, uint32_t count, struct random_source *random)
{
    for (uint32_t i = count; i > 1; i--) {
        uint32_t k = (uint32_t)random_below(random, i);
        uint32_t moved = items[k];
        items[k] = items[i - 1];
        items[i - 1] = moved;
    }
}

err fold_part(const struct table *t, uint32_t count, uint64_t seed, struct arena *a,
              uint8_t *ret_folds)
{
    struct random_source random;
    assert(count >= FOLD_LEAST && count <= FOLD_MOST);
    uint8_t *is_bad = arena_make_array(a, t->group_count, sizeof *is_bad);
    uint8_t *folds = arena_make_array(a, t->group_count, sizeof *folds);
    uint32_t *groups = arena_make_array(a, t->group_count, sizeof *groups);
    if (is_bad == NULL || folds == NULL || groups == NULL)
        return fail(ERR_LIMIT, "memory.spent", 0);
    for (uint32_t i = 0; i < t->rows; i++)
        is_bad[t->groups[i]] |= t->labels[i];
    random_init_seeded(&random, seed);
    uint32_t dealt = 0; /* goes on from one class to the other: folds differ by one at most */
    for (uint8_t class = 0; class < 2; class ++) {
        uint32_t members = 0;
        for (uint32_t g = 0; g < t->group_count; g++)
            if (is_bad[g] == class)
                groups[members++] = g;
        if (members < count)
            return fail(ERR_CONFLICT, "train.too_few", 0);
        shuffle(groups, members, &random);
        for (uint32_t i = 0; i < members; i++)
            folds[groups[i]] = (uint8_t)(dealt++ % count);
    }
    for (uint32_t i = 0; i < t->rows; i++)
        ret_folds[i] = folds[t->groups[i]];
    return OK;
}
