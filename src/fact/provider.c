/* SPDX-License-Identifier: Apache-2.0 */
#include "fact/provider.h"

#include <assert.h>

const struct provider *provider_find(const struct providers *all, str id)
{
    for (size_t i = 0; i < all->count; i++)
        if (str_equal(all->at[i].id, id))
            return &all->at[i];
    return NULL;
}

static bool has_code(const struct provider *p, str code)
{
    for (size_t i = 0; i < p->code_count; i++)
        if (str_equal_nocase(p->codes[i], code))
            return true;
    return str_equal_nocase(p->id, code) || str_equal(p->name, code);
}

const struct provider *provider_of_bank(const struct providers *all, str code)
{
    for (size_t i = 0; i < all->count && !str_is_empty(code); i++)
        if (has_code(&all->at[i], code))
            return &all->at[i];
    return NULL;
}

/* How much of the number is a code of this carrier's. */
static size_t beginning(const struct provider *p, str number)
{
    size_t most = 0;
    for (size_t i = 0; p->kind == PROVIDER_CARRIER && i < p->code_count; i++)
        if (p->codes[i].size > most && str_starts(number, p->codes[i]))
            most = p->codes[i].size;
    return most;
}

const struct provider *provider_of_number(const struct providers *all, str number)
{
    const struct provider *found = NULL;
    size_t most = 0;
    for (size_t i = 0; i < all->count; i++) {
        size_t size = beginning(&all->at[i], number);
        if (size == 0 || size < most)
            continue;
        found = size > most ? &all->at[i] : NULL;
        most = size;
    }
    return found;
}

bool provider_can(const struct provider *p, unsigned kind)
{
    assert(kind < ORDER_KIND_COUNT);
    return (p->can >> kind & 1U) != 0;
}
