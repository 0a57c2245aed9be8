/* SPDX-License-Identifier: Apache-2.0 */
/*
 * alert_turn - what the machine says of an episode becomes an alert, or changes the one that is
 * open.
 *
 * Shape     news of a number --> pseudonym --> the open alert, if there is one
 *               none, a tier          alert.open
 *               a higher tier         alert.rise, its parts beside those of before
 *               a lower one, none     alert.fall
 *               none, and none open   nothing
 *           The number is sealed (kit/seal.h) before it comes near the store.
 * Owns      Nothing.   Lives  A turn of the store.
 * Fails     As the desk and the store. What says nothing new (the same tier) is no failure.
 * Threads   The store thread, inside a transaction (app/house/ask.h); alert_pseudonym: any.
 * Bounds    ALERT_PARTS_BYTES: what was seen beyond that is not kept.
 */
#ifndef YUMEN_APP_ALERT_ALERT_TURN_H
#define YUMEN_APP_ALERT_ALERT_TURN_H

#include "app/house/house.h"
#include "store/store.h"

#define ALERT_BY_HAND "by-hand"

struct alert_news {
    const struct actor *by; /* an operator who was called about somebody; NULL: the machine */
    str why;                /* theirs */
    str number;             /* E.164 */
    str division;
    str language;  /* empty: not known */
    bool is_none;  /* nothing speaks for it any more; tier is not looked at */
    unsigned tier; /* enum alert_tier */
    int64_t micro;
    str scam;  /* a reason's code of the profile; empty: not known */
    str parts; /* JSON: [{"kind" or "pair", "source", "evidence", "given"}]; empty: none */
    str cause; /* the kind or pair that gave the most; empty: none */
    uint16_t source;
    str rules; /* version of the weights; ALERT_BY_HAND: a person said it */
};

/* Where one is, on the store thread. */
struct alert_turning {
    struct house *house;
    struct store *store;
    struct arena *arena;
    instant at;
};

/* *ret_id may be NULL; empty: there is no alert. */
err alert_turn(const struct alert_turning *t, const struct alert_news *news, str *ret_id);

/* Under which alerts of a number are found. */
err alert_pseudonym(const struct house *house, str number, struct arena *turn, str *ret_pseudonym);

/* A report was taken of somebody who had been warned: counts against the newest alert of the last
 * days. Nobody warned is no failure. */
err alert_join_report(const struct alert_turning *t, const struct report *report);

#endif
