/* SPDX-License-Identifier: Apache-2.0 */
/*
 * call_params - the part of the parameters that is about telephones: params.h has the rest.
 *
 * Shape     Shares and deviations in millionths, times in the unit named.
 * Owns      Nothing; texts live with the parameters.
 * Lives     With them.   Fails  As params.h.   Threads  Any.
 * Bounds    CARRIERS_MOST, KINDS_MOST and RACKS_MOST rows of each list.
 */
#ifndef YUMEN_DRILL_CALL_PARAMS_H
#define YUMEN_DRILL_CALL_PARAMS_H

#include "base/str.h"

enum { CARRIERS_MOST = 8, KINDS_MOST = 16, RACKS_MOST = 8, RACK_TYPES_MOST = 2 * RACKS_MOST };

/* Streams of everybody's calls, and who dials for the scams. */
enum talk_kind { TALK_FRIENDS, TALK_ERRANDS, TALK_FIRMS, TALK_TEXTS, TALK_COUNT };
enum dialler { DIALLER_HANDSET, DIALLER_ABROAD, DIALLER_COUNT };
/* Whose IMEI a call from a rack carries: its port's, its card's, one made up at each swap, or the
 * whole device's. */
enum imei_policy { IMEI_FIXED, IMEI_SLOT, IMEI_RANDOM, IMEI_DEVICE, IMEI_COUNT };

struct talk_params {
    int64_t per_day;
    uint32_t profile;
};

struct carrier_params {
    str code;
    str name;
    int64_t share;
    int64_t skew_ms;
    int64_t tick_ms;
    int64_t every_s;
    int64_t phases; /* tells setup, answer and end as they happen */
    int64_t gives_cell;
    int64_t gives_imei;
    int64_t late, late_hours, resent, doubled;
};

/* Honest lines of a kind. */
struct kind_params {
    str name;
    int64_t per, least;
    int64_t shared;          /* lines at one place */
    int64_t cards;           /* lines whose calls show one IMEI; of two: a telephone with two */
    int64_t lends;           /* share of its work that somebody else's card does in its telephone */
    int64_t own, work, rung; /* calls a line and day: private, of its work, from those it serves */
    int64_t is_regular;      /* its calls of work come at even times */
    int64_t regulars, again; /* whom it serves all the time, and their share */
    int64_t near, centre;    /* shares of callees: from around here; one firm's */
    int64_t answered, talk_s, sigma, back, texts;
    int64_t range, step_min; /* masts it moves between, and how long it is at each */
    int64_t sleeps;          /* at its place */
    int64_t abroad;
    uint32_t profile;
};

struct rack_params {
    str name;
    int64_t share;
    int64_t ports, sims;
    int64_t swap_calls;
    int64_t mimic, sectors;
    int64_t imei;
    /* Of a bypass alone: for each card those whom it is used to call, and their share. */
    int64_t pause_s, regulars, again, answered, talk_s, sigma, life_days;
    uint32_t profile;
};

struct dialler_params {
    int64_t per, least;
    uint32_t profile;
};

struct call_params {
    struct {
        int64_t contacts, contacts_sigma, activity, favour, outside;
        int64_t answered, talk_s, talk_sigma, ring_s, back, back_unknown, back_min;
        int64_t per_cell, away, flips, imei_days, handed;
    } people;
    struct {
        int64_t rack_per, racks_least, bypass_per, bypasses_least, outside, answered, talk_s,
            talk_sigma;
        int64_t pause_s, pause_sigma, again, texts, cap, swap_s, life_days, move_days;
        int64_t friends, mimic_s, at_once, shown, borrowed, trunks;
        int64_t by_rack, by_handset, by_abroad, lure_s, lure_sigma, lure_again;
    } scam;
    struct talk_params talks[TALK_COUNT];
    struct dialler_params diallers[DIALLER_COUNT];
    struct carrier_params carriers[CARRIERS_MOST];
    size_t carrier_count;
    struct kind_params kinds[KINDS_MOST];
    size_t kind_count;
    struct rack_params racks[RACK_TYPES_MOST]; /* of scams, then of bypasses */
    size_t rack_count;                         /* of scams */
    size_t bypass_count;
};

#endif
