/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/dns/list.h"

#include <assert.h>
#include <stdlib.h>

static const err no_memory = {.code = ERR_LIMIT, .why = "dns: no memory for a list of names"};

void rpz_list_init(struct rpz_list *l, size_t zone_name_bytes)
{
    *l = (struct rpz_list){.zone_name_bytes = zone_name_bytes};
    arena_init(&l->arena, RPZ_LIST_BYTES);
}

void rpz_list_done(struct rpz_list *l)
{
    arena_done(&l->arena);
    *l = (struct rpz_list){0};
}

static err put(struct rpz_list *l, const uint8_t *pack)
{
    l->run.arena = &l->arena; /* the list may have moved since */
    run_put(&l->run, pack);
    return l->run.is_spent ? no_memory : OK;
}

err rpz_list_put(struct rpz_list *l, str turned, enum rpz_policy policy)
{
    uint8_t pack[RPZ_PACK_MAX];
    if (failed(pack_from_turned(turned, policy, l->zone_name_bytes, pack))) {
        l->unfit++;
        return OK;
    }
    if (!run_follows(&l->run, pack))
        return fail(ERR_CONFLICT, "dns: names out of order", 0);
    return put(l, pack);
}

/* --- an array --- */

struct pack_list {
    const uint8_t **at;
    size_t count;
};

static int by_key(const void *a, const void *b)
{
    const uint8_t *x = *(const uint8_t *const *)a;
    const uint8_t *y = *(const uint8_t *const *)b;
    int order = pack_compare(x, y);
    if (order != 0)
        return order;
    return x < y ? -1 : x > y; /* packed in order of arrival: keeps it */
}

static err pack_all(struct rpz_list *l, struct arena *scratch, const struct rpz_entry *entries,
                    struct pack_list *list)
{
    size_t bytes = 0;
    for (size_t i = 0; i < list->count; i++)
        bytes += RPZ_PACK_HEAD + 1 + entries[i].owner.size;
    uint8_t *at = arena_make(scratch, bytes);
    list->at = arena_make_array(scratch, list->count, sizeof(uint8_t *));
    if (at == NULL || list->at == NULL)
        return no_memory;
    size_t fit = 0;
    for (size_t i = 0; i < list->count; i++) {
        uint8_t pack[RPZ_PACK_MAX];
        if (failed(pack_from_entry(&entries[i], l->zone_name_bytes, pack))) {
            l->unfit++;
            continue;
        }
        memcpy(at, pack, pack_bytes(pack));
        list->at[fit++] = at;
        at += pack_bytes(pack);
    }
    list->count = fit;
    qsort(list->at, fit, sizeof list->at[0], by_key);
    return OK;
}

err rpz_list_fill(struct rpz_list *l, enum rpz_list_kind kind, const struct rpz_entry *entries,
                  size_t count)
{
    assert(l->run.count == 0);
    struct arena scratch;
    struct pack_list list = {.count = count};
    arena_init(&scratch, RPZ_LIST_BYTES);
    err e = pack_all(l, &scratch, entries, &list);
    for (size_t i = 0; !failed(e) && i < list.count; i++) {
        bool is_last = i + 1 == list.count || pack_compare(list.at[i], list.at[i + 1]) != 0;
        bool is_wanted = kind == RPZ_LIST_CHANGES || pack_policy(list.at[i]) != RPZ_NONE;
        if (is_last && is_wanted)
            e = put(l, list.at[i]);
    }
    arena_done(&scratch);
    return e;
}
