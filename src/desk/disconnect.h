/* SPDX-License-Identifier: Apache-2.0 */
/*
 * disconnect - whether a number or an account may be proposed to its issuer for disconnection.
 *
 * Shape     what records say of one instrument --> a ground, or why there is none
 *
 *               listing  blocked by two people, by itself: not as an entry of others' list
 *               hold     of this incident, approved by two people, carried out and standing, on an
 *                        account that stolen money came to
 *
 *           Whatever a listing in force allows is protected. An account where money is spent as at
 *           a shop is nobody's but the shop's, unless two people listed it. Only the instrument
 *           itself: nothing is said of its holder, or of what else the holder has.
 * Owns      Nothing.   Lives  As the facts.   Fails  Never.   Threads  Any.   Bounds  -
 */
#ifndef YUMEN_DESK_DISCONNECT_H
#define YUMEN_DESK_DISCONNECT_H

#include "desk/desk.h"

enum disconnect_ground { GROUND_NONE, GROUND_LISTING, GROUND_HOLD };
extern const char *const disconnect_ground_words[];

struct disconnect_facts {
    unsigned kind;                  /* enum indicator_kind */
    const struct listing *listings; /* on exactly this instrument */
    size_t listing_count;
    const struct order *orders; /* on it, of whatever case, the newest first */
    size_t order_count;
    str incident;                  /* whose holds count; empty: none does */
    bool has_stolen;               /* of the incident's money */
    bool is_shop;                  /* money is spent there */
    const struct provider *issuer; /* NULL: nobody knows */
};

struct disconnect_view {
    enum disconnect_ground ground;
    const char *why_not;           /* catalogue key; NULL: it may be proposed */
    const struct listing *listing; /* the ground, or what protects it; NULL */
    const struct order *hold;      /* the ground; NULL */
    const struct order *standing;  /* an order to disconnect it that is not over; NULL */
    const struct order *before;    /* the newest of those that are; NULL */
};

struct disconnect_view disconnect_judge(const struct disconnect_facts *facts, instant now);

/* What a draft rests on, as it is now: the record its evidence names, and what else is listed. */
struct disconnect_rest {
    const struct listing *listings; /* in force, on exactly this instrument */
    size_t listing_count;
    const struct listing *listing; /* NULL: it rests on no listing */
    const struct order *hold;      /* NULL: on no hold */
};

/* Why it is not to be approved any more, a catalogue key; NULL: what it rests on still stands. */
const char *disconnect_judge_again(const struct disconnect_rest *rest, instant now);

#endif
