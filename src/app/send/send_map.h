/* SPDX-License-Identifier: Apache-2.0 */
/*
 * send_map - the beats and stations that feeds told of, with the ways between them.
 *
 * Shape     Places by number: beats first, then stations, each sorted by id. A beat without a
 *           boundary is where its station is; a station without a spot where its first beat is. Who
 *           has neither is nowhere, and nobody is sent there or from there.
 * Owns      Its arena.
 * Lives     From send_map_fresh to send_map_done; made anew when a feed changed a row.
 * Fails     ERR_LIMIT, as sql.
 * Threads   The store thread.
 * Bounds    BEATS_MOST places together.
 */
#ifndef YUMEN_APP_SEND_SEND_MAP_H
#define YUMEN_APP_SEND_SEND_MAP_H

#include "dispatch/duty.h"
#include "store/store.h"

enum { MAP_MARK_BYTES = 128 };

struct send_place {
    str id;
    bool has_spot;
};

struct send_map {
    struct arena arena;
    char mark[MAP_MARK_BYTES]; /* of the rows that it was made from; "": of none */
    struct send_place *places;
    spot *spots;
    char (*divisions)[DIVISION_BYTES];
    uint32_t beat_count;
    uint32_t count;
    struct neighbours near;
};

/* How far from where it should be a place was found. */
enum send_found { FOUND_HERE, FOUND_ABOVE, FOUND_NOWHERE, FOUND_NO_STATION };

err send_map_fresh(struct send_map *map, struct store *store, struct arena *turn);
void send_map_done(struct send_map *map);
/* PLACE_NONE: there is none, or it is nowhere. */
#define PLACE_NONE UINT32_MAX
uint32_t send_map_beat(const struct send_map *map, str id);
uint32_t send_map_station(const struct send_map *map, str id);
/* The middle of a division: its station that is nearest to the mean of them. */
enum send_found send_map_division(const struct send_map *map, str division, uint32_t *ret_place);

#endif
