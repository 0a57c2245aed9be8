/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zone_part - what zone.c and zone_names.c know of each other: which names a change touches.
 *
 * Shape     The table rpz_domain holds each domain that a listing in force blocks or allows, its
 *           labels from the top down, so that all that lies below a name stands together:
 *
 *               evil.com     com.evil.
 *               a.evil.com   com.evil.a.       below evil.com: from "com.evil." to "com.evil/"
 *
 * Owns      Nothing; names are in the turn arena.
 * Lives     One zone_update.
 * Fails     As sql; "limit.memory".
 * Threads   The store thread.
 * Bounds    As many names as are listed at or below what changed, and their parents.
 */
#ifndef YUMEN_STORE_ZONE_PART_H
#define YUMEN_STORE_ZONE_PART_H

#include "store/zone.h"

struct zoning {
    struct store *store;
    instant now;
    struct arena *turn;
    str *names;
    size_t name_count;
    size_t name_room;
    struct zone_changes changes;
};

/* Brings rpz_domain up to date with these listings and gathers the names to look at again. */
err zone_names(struct zoning *z, struct zone_listings listings);
/* Is anything listed below this name? */
err zone_has_below(struct zoning *z, str name, bool *ret_has);

#endif
