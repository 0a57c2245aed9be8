/* SPDX-License-Identifier: Apache-2.0 */
#include "app/money/race_learnt.h"

#include "env/file.h"
#include "kit/hash.h"

#include <stddef.h>
#include <string.h>

enum { LEARNT_FORM = 1, LEARNT_BYTES = 8 << 20 };

struct head {
    uint64_t check; /* of all that follows */
    uint64_t form;
    uint64_t banks;
    int64_t leaf;
};

static uint64_t banks_of(const struct providers *all)
{
    uint64_t sum = all->count;
    for (size_t i = 0; i < all->count; i++)
        sum = hash_key(all->at[i].id.at, all->at[i].id.size, sum);
    return sum;
}

static uint64_t check_of(str bytes)
{
    size_t from = offsetof(struct head, form);
    return hash_check(bytes.at + from, bytes.size - from);
}

err race_learnt_copy(const struct race_learnt *l, const struct hazard *hazard, int64_t leaf,
                     str *ret_bytes)
{
    str saved = hazard_saved(hazard);
    struct head head = {.form = LEARNT_FORM, .banks = banks_of(l->providers), .leaf = leaf};
    size_t size = sizeof head + saved.size;
    char *bytes = arena_make(l->arena, size);
    if (bytes == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    memcpy(bytes, &head, sizeof head);
    memcpy(bytes + sizeof head, saved.at, saved.size);
    head.check = check_of(str_make(bytes, size));
    memcpy(bytes, &head, sizeof head);
    *ret_bytes = str_make(bytes, size);
    return OK;
}

err race_learnt_write(const struct race_learnt *l, str bytes)
{
    return file_write(l->path, bytes);
}

err race_learnt_read(const struct race_learnt *l, struct hazard *hazard, int64_t *ret_leaf)
{
    str bytes = {0};
    struct head head;
    *ret_leaf = -1;
    if (!file_exists(l->path))
        return fail(ERR_ABSENT, "race.learnt", 0);
    TRY(file_read(l->path, LEARNT_BYTES, l->arena, &bytes));
    if (bytes.size < sizeof head)
        return fail(ERR_CORRUPT, "race.learnt", 0);
    memcpy(&head, bytes.at, sizeof head);
    if (head.check != check_of(bytes) || head.form != LEARNT_FORM || head.leaf < -1)
        return fail(ERR_CORRUPT, "race.learnt", 0);
    if (head.banks != banks_of(l->providers))
        return fail(ERR_CORRUPT, "race.other_banks", 0);
    TRY(hazard_load(hazard, str_from(bytes, sizeof head)));
    *ret_leaf = head.leaf;
    return OK;
}
