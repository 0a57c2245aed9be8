/* SPDX-License-Identifier: Apache-2.0 */
/* Is a list what one may expect of its source? If not, a person looks at it first. */
#include "app/lists/take_inside.h"
#include "kit/suffix.h"

enum { REFUSED_LEAST = 100, FEW = 2 };

static str parent(str domain)
{
    return str_from(domain, str_find_char(domain, '.') + 1);
}

/* The name below the nearest suffix; of a suffix none. Few suffixes are asked for, often. */
static str owner_of(const struct entry *e)
{
    str owner = e->value;
    str up = parent(owner);
    if (e->is_public)
        return STR("");
    for (; !str_is_empty(up) && !suffix_is_public(up); up = parent(owner))
        owner = up;
    return owner;
}

/* More names of one owner, who is no shared platform, than any owner has. */
static bool has_crowd(const struct take *t)
{
    struct strmap owners;
    struct arena a;
    const uint8_t key[SIPHASH_KEY_BYTES] = {0};
    bool is_crowded = false;
    if (t->source->kind != INDICATOR_DOMAIN)
        return false;
    arena_init(&a, TAKE_BYTES);
    strmap_init(&owners, key, &a);
    for (size_t i = 0; i < t->count && !is_crowded; i++) {
        uint32_t *number = NULL;
        str owner = owner_of(&t->entries[i]);
        if (str_is_empty(owner) || t->entries[i].is_exact)
            continue;
        if (failed(strmap_at(&owners, owner, &number)))
            break;
        is_crowded = ++*number > TAKE_CROWD;
    }
    arena_done(&a);
    return is_crowded;
}

/* By more than the given share, and by more than few: a list of two may lose one. Whoever protects
 * may not: every name that is lost is open. */
static bool is_beyond(const struct take *t, int64_t change, int64_t milli)
{
    bool is_open = t->source->role == SOURCE_PROTECTS && t->source->size > (int64_t)t->count;
    return (change > FEW || is_open) && change * 1000 > t->source->size * milli;
}

const char *take_find_unusual(const struct take *t)
{
    int64_t was = t->source->size;
    int64_t now = (int64_t)t->count;
    if (t->answer.refused >= REFUSED_LEAST && t->answer.refused > now)
        return "source.mostly_refused";
    if (now == 0)
        return "source.empty";
    if (was > 0 && now < was && is_beyond(t, was - now, t->source->shrink_milli))
        return "source.shrank";
    if (was > 0 && now > was && is_beyond(t, now - was, t->source->grow_milli))
        return "source.grew";
    return has_crowd(t) ? "source.crowd" : NULL;
}
