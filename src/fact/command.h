/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command - what somebody asks to have done to one record, and the change that answers it.
 *
 * Shape     A command names an act, who acts, the record and what they said. The desk turns record
 *           and command into a change; the store writes the change, its leaf and its effects in one
 *           transaction. Nothing else writes a record.
 *
 *               command --desk--> change --store--> row + leaf + outbox + timers
 *
 * Owns      Nothing: spans live in the turn arena.
 * Lives     One turn.
 * Fails     -
 * Threads   Any.
 * Bounds    CHANGE_EFFECTS_MAX effects, CHANGE_TIMERS_MAX timers, one follow-up command, whose
 *           change may have one of its own, FOLLOWS_MAX deep.
 */
#ifndef YUMEN_FACT_COMMAND_H
#define YUMEN_FACT_COMMAND_H

#include "fact/act.h"
#include "fact/nouns.h"

enum actor_kind {
    ACTOR_PUBLIC, /* anybody, from the street: user "public" */
    ACTOR_STAFF,  /* a signed-in user or a token */
    ACTOR_CENTRE, /* the centre itself: timers, first run, the command line on the machine */
};

/* Who acts. */
struct actor {
    str user;
    role_set roles;
    str division;
    str provider; /* of a provider's own user or token */
    enum actor_kind kind;
};

struct command {
    enum act act;
    struct actor actor;
    str record;        /* id; for a new record the id it will have */
    str why;           /* reason for a refusal, lift or answer; purpose of a read */
    union record body; /* what is proposed, filed, opened: the fields the caller may choose */
};

enum effect_topic {
    EFFECT_RPZ,      /* the zone has to be looked at again: subject is the listing */
    EFFECT_RPZ_MANY, /* likewise, for many listings at once: subject is their source */
    EFFECT_STREAM,   /* people looking at the console hear of it, or hear no more */
    EFFECT_ERASURE,  /* the journal beside the store has to name it: erased, disabled or closed */
    EFFECT_ORDER,    /* a provider is asked for something: an order, or a round to fetch */
    EFFECT_MESSAGE,  /* somebody is written to: what, the act of the leaf says (app/reach) */
    EFFECT_TOPIC_COUNT
};
extern const char *const effect_topic_words[];

/* A timer belongs to a record and has a name; arming it again moves it. */
struct timer {
    enum act act;   /* the command that is given when it is due */
    instant due;    /* 0 disarms it */
    bool is_urgent; /* goes before whatever else is due */
};

enum { CHANGE_EFFECTS_MAX = 4, CHANGE_TIMERS_MAX = 8, FOLLOWS_MAX = 3 };

struct change {
    union record after;
    bool is_new;
    bool is_reading; /* nothing is written but the leaf */
    bool is_erasing; /* the salts of all its leaves go */
    enum effect_topic effects[CHANGE_EFFECTS_MAX];
    size_t effect_count;
    struct timer timers[CHANGE_TIMERS_MAX];
    size_t timer_count;
    struct command follow; /* applied in the same transaction, as the same actor, when has_follow */
    bool has_follow;
};

#endif
