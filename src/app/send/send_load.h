/* SPDX-License-Identifier: Apache-2.0 */
/*
 * send_load - who is on duty, what is to be gone to, and where somebody was last: as the store has
 * it, in the words of src/dispatch.
 *
 * Shape     send_load_officers, then send_load_alerts, then send_load_visits: rows of the scene.
 * Owns      Nothing: all of it is the turn's.
 * Lives     A turn.
 * Fails     ERR_LIMIT, as sql.
 * Threads   The store thread.
 * Bounds    OFFICERS_MOST, WORK_MOST; what is beyond them waits.
 */
#ifndef YUMEN_APP_SEND_SEND_LOAD_H
#define YUMEN_APP_SEND_SEND_LOAD_H

#include "app/send/send_map.h"
#include "dispatch/dispatch.h"
#include "fact/alert.h"

/* A user who is an officer of the feed, by name; sorted by id of the user. */
struct send_officer {
    str user;
    uint32_t place; /* of the station */
    uint32_t on_until_s;
    char division[DIVISION_BYTES];
    char sees[DIVISION_BYTES];
};

/* What its row says, and its place in the assignment. */
struct send_alert {
    str id;
    str officer; /* user */
    str passed;
    str division;
    uint32_t place;
    uint32_t due_s;
    uint32_t since_s; /* asked, accepted, or the visit begun */
    uint32_t came_s;
    uint8_t tier;
    uint8_t state;    /* enum work_state */
    unsigned unsent;  /* as written */
    unsigned nowhere; /* why nobody can be sent: enum alert_unsent */
    bool is_above;    /* served by a division above its county */
    uint32_t work;    /* WORK_NONE: not dealt out */
};

struct send_visit {
    uint32_t officer;
    uint32_t place;
    uint32_t done_s;
};

struct send_scene {
    const struct send_map *map;
    struct store *store;
    struct arena *turn;
    instant now;
    struct send_officer *officers;
    struct send_alert *alerts;
    struct send_visit *visits;
    uint32_t officer_count;
    uint32_t alert_count;
    uint32_t visit_count;
};

err send_load(struct send_scene *scene);
/* OFFICER_NONE: not an officer on duty. */
uint32_t send_find_officer(const struct send_scene *scene, str user);

#endif
