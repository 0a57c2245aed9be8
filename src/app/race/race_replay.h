/* SPDX-License-Identifier: Apache-2.0 */
/*
 * race_replay - a drill's month again, with a centre in it that acts: what it saves, and what it
 * costs those who did nothing.
 *
 * Shape     Each intent happens with what is left: what is held cannot go on. The banks know how
 *           much lies where and whose it is; the centre (race_centre) knows what it is told.
 *
 *               intents --> banks --told, later--> centre --orders, land later--> banks
 *
 *           Each of a victim's payments is reported `delay_us` after it was made. A hold takes
 *           stolen money first; what it takes beyond that, and all that lies under a stop, is
 *           innocent. After its term a measure keeps what is stolen and gives back the rest.
 * Owns      What it carves from the arena.
 * Lives     A call of race_replay.
 * Fails     "limit.memory"; as case and race.
 * Threads   One.
 * Bounds    ORDERS_MOST orders, LOTS_MOST pieces of stolen money.
 */
#ifndef YUMEN_APP_RACE_RACE_REPLAY_H
#define YUMEN_APP_RACE_RACE_REPLAY_H

#include "app/race/race_world.h"
#include "trail/race.h"

enum race_policy {
    POLICY_NONE,
    POLICY_FIRST_STOP, /* the victim's payee is stopped, and nobody else */
    POLICY_FIRST_HOLD, /* the amount is held there, where the bank can */
    POLICY_NAIVE,      /* every account that the money reaches is stopped */
    POLICY_RACE,
    POLICY_ORACLE, /* told as late as everybody, but knows which money is stolen; never harms */
    POLICY_COUNT
};

struct replay_settings {
    enum race_policy policy;
    int64_t delay_us;
    struct race_settings race;
};

struct replay_result {
    int64_t stolen_fen;
    int64_t saved_fen;
    int64_t innocent; /* fen-hours */
    uint32_t orders;
    uint32_t trims;
};

err race_replay(const struct race_world *w, const struct replay_settings *s,
                struct replay_result *ret_result);

#endif
