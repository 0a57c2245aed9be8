/* SPDX-License-Identifier: Apache-2.0 */
#include "store/zone_part.h"

#include <assert.h>

static const char *const policy_words[] = {
    [ZONE_NOTHING] = "",      [ZONE_NOTICE] = "notice",     [ZONE_NXDOMAIN] = "nxdomain",
    [ZONE_NODATA] = "nodata", [ZONE_TCP_ONLY] = "tcp_only", [ZONE_PASSTHRU] = "passthru",
};

str zone_policy_word(uint8_t policy)
{
    assert(policy < COUNT_OF(policy_words));
    return str_from_c(policy_words[policy]);
}

uint8_t zone_policy_parse(str word)
{
    for (size_t i = 0; i < COUNT_OF(policy_words); i++)
        if (str_equal(word, str_from_c(policy_words[i])))
            return (uint8_t)i;
    return ZONE_NOTHING;
}

bool zone_word_is_equal(struct zone_word a, struct zone_word b)
{
    return a.allow == b.allow && a.block == b.block && a.block_below == b.block_below;
}

bool zone_word_is_none(struct zone_word word)
{
    return zone_word_is_equal(word, (struct zone_word){0});
}

struct zone_cover zone_cover_below(struct zone_word word, struct zone_cover cover)
{
    cover.has_allow = cover.has_allow || word.allow == ZONE_ALLOW_SUFFIX;
    if (word.block_below != ZONE_NOTHING)
        cover.block = word.block_below;
    return cover;
}

/*
 * A name that the zone knows, if only as the parent of another, is not reached by its ancestors'
 * wildcards, nor is anything below it (RFC 4592 2.2.2, 3.3.1): it must repeat what they say.
 */
struct zone_policies zone_policies(struct zone_word word, struct zone_cover cover, bool is_known)
{
    struct zone_policies p = {0};
    if (word.allow != ZONE_ALLOW_NOT)
        p.exact = ZONE_PASSTHRU;
    else if (!cover.has_allow)
        p.exact = word.block;
    if (word.allow == ZONE_ALLOW_SUFFIX)
        p.below = ZONE_PASSTHRU;
    else if (!cover.has_allow)
        p.below = word.block_below;
    if (cover.has_allow || !is_known)
        return p;
    if (p.exact == ZONE_NOTHING)
        p.exact = cover.block;
    if (p.below == ZONE_NOTHING)
        p.below = cover.block;
    return p;
}

/* --- names --- */

str zone_turn_over(str domain, char *room)
{
    size_t size = 0;
    size_t end = domain.size;
    if (domain.size + 1 > ZONE_TURNED_MAX)
        return STR("");
    while (end > 0) {
        size_t start = end;
        while (start > 0 && domain.at[start - 1] != '.')
            start--;
        memcpy(room + size, domain.at + start, end - start);
        size += end - start;
        room[size++] = '.';
        end = start > 0 ? start - 1 : 0;
    }
    return str_make(room, size);
}

str zone_turn_back(str turned, char *room)
{
    if (str_is_empty(turned))
        return turned;
    str made = zone_turn_over(str_until(turned, turned.size - 1), room);
    return str_until(made, made.size == 0 ? 0 : made.size - 1);
}

str zone_parent(str turned)
{
    size_t end = turned.size;
    if (end > 0)
        end--; /* its own dot */
    while (end > 0 && turned.at[end - 1] != '.')
        end--;
    return str_until(turned, end);
}
