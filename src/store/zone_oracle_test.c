/* SPDX-License-Identifier: Apache-2.0 */
#include "store/zone_oracle_test.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* Its place; zone->count when it is not there. */
static size_t find(const struct oracle_zone *zone, str name)
{
    size_t i = 0;
    while (i < zone->count && !str_equal(str_from_c(zone->at[i].name), name))
        i++;
    return i;
}

static void copy_text(char *room, size_t size, str text)
{
    assert(text.size < size);
    if (text.size > 0)
        memcpy(room, text.at, text.size);
    room[text.size] = '\0';
}

str oracle_owner(str turned, char room[ORACLE_NAME + 2])
{
    size_t size = 0;
    str rest = turned;
    str label = {0};
    char *at = room + turned.size;
    while (str_split(&rest, '.', &label) && label.size > 0) {
        at -= label.size + (size > 0);
        memcpy(at, label.at, label.size);
        if (size > 0)
            at[label.size] = '.';
        size += label.size + (size > 0);
    }
    return str_make(at, size);
}

void oracle_put(struct oracle_zone *zone, str name, str policy)
{
    size_t i = find(zone, name);
    assert(i < ORACLE_OWNERS);
    if (i == zone->count)
        zone->count++;
    copy_text(zone->at[i].name, sizeof zone->at[i].name, name);
    copy_text(zone->at[i].policy, sizeof zone->at[i].policy, policy);
}

void oracle_drop(struct oracle_zone *zone, str name)
{
    size_t i = find(zone, name);
    if (i < zone->count)
        zone->at[i] = zone->at[--zone->count];
}

const char *oracle_policy(const struct oracle_zone *zone, const char *owner)
{
    size_t i = find(zone, str_from_c(owner));
    return i == zone->count ? "" : zone->at[i].policy;
}

static bool is_below(str name, str parent)
{
    return name.size > parent.size && str_ends(name, parent) &&
           name.at[name.size - parent.size - 1] == '.';
}

/* Is there an owner at this name or below it (an empty non-terminal)? */
static bool exists(const struct oracle_zone *zone, str name)
{
    for (size_t i = 0; i < zone->count; i++) {
        str owner = str_from_c(zone->at[i].name);
        if (is_below(owner, name) || str_equal(owner, name))
            return true;
    }
    return false;
}

/* RFC 4592: the closest encloser decides which wildcard may speak. */
static const char *looked_up(const struct oracle_zone *zone, const char *query)
{
    str name = str_from_c(query);
    str label = {0};
    if (exists(zone, name))
        return oracle_policy(zone, query);
    while (str_split(&name, '.', &label) && name.size > 0) {
        if (!exists(zone, name))
            continue;
        char wild[ORACLE_NAME + 2];
        snprintf(wild, sizeof wild, "*.%.*s", STR_ARGS(name));
        return oracle_policy(zone, wild);
    }
    return "";
}

const char *oracle_answer(const struct oracle_zone *zone, const char *query)
{
    const char *policy = looked_up(zone, query);
    return strcmp(policy, "passthru") == 0 ? "" : policy;
}

static const struct oracle_listing *newest_block(const struct oracle_listings *all, str name,
                                                 bool suffix_only)
{
    const struct oracle_listing *found = NULL;
    for (size_t i = 0; i < all->count; i++) {
        const struct oracle_listing *l = &all->at[i];
        bool speaks =
            !l->is_allow && (l->is_suffix || !suffix_only) && str_equal(name, str_from_c(l->name));
        if (speaks && (found == NULL || strcmp(l->id, found->id) > 0))
            found = l;
    }
    return found;
}

static bool is_allowed(const struct oracle_listings *all, str query)
{
    for (size_t i = 0; i < all->count; i++) {
        const struct oracle_listing *l = &all->at[i];
        str name = str_from_c(l->name);
        bool covers = str_equal(query, name) || (l->is_suffix && is_below(query, name));
        if (l->is_allow && covers)
            return true;
    }
    return false;
}

const char *oracle_verdict(const struct oracle_listings *listings, const char *query)
{
    str name = str_from_c(query);
    str label = {0};
    if (is_allowed(listings, name))
        return "";
    const struct oracle_listing *block = newest_block(listings, name, false);
    while (block == NULL && str_split(&name, '.', &label) && name.size > 0)
        block = newest_block(listings, name, true);
    return block == NULL ? "" : block->policy;
}
