/* SPDX-License-Identifier: Apache-2.0 */
/*
 * race_why - why an account stands where it does in the race: keys of the catalogue, and numbers.
 *
 * Shape     race_why(pick) --> the most telling first: what speaks against it, then what for it.
 *           An order keeps them as text, "key number" a line (fact/order.h).
 * Owns      Nothing.   Lives  Keys are literals.   Fails  Never.   Threads  Any.
 * Bounds    RACE_WHYS reasons.
 */
#ifndef YUMEN_TRAIL_RACE_WHY_H
#define YUMEN_TRAIL_RACE_WHY_H

#include "trail/race.h"

enum { RACE_WHYS = 12 };

/* key, and the number beside it: M minor units, P millionths, S seconds, H minor unit hours. */
#define RACE_WHY_LIST(X)                                                                           \
    X(RACE_WHY_NO_WAY, "race.why.no_way", '-') /* the bank can neither hold nor stop */            \
    X(RACE_WHY_REFUSED, "race.why.refused", '-')                                                   \
    X(RACE_WHY_NOTHING, "race.why.nothing", 'M')     /* nothing is there */                        \
    X(RACE_WHY_STANDS, "race.why.stands", 'M')       /* all of it is asked for or held */          \
    X(RACE_WHY_NOT_WORTH, "race.why.not_worth", 'M') /* costs more than it is expected to save */  \
    X(RACE_WHY_BUDGET, "race.why.budget", 'M')       /* the reported loss is pledged */            \
    X(RACE_WHY_OVER, "race.why.over", 'M')           /* so much more stands than there is */       \
    X(RACE_WHY_STOP_COSTS, "race.why.stop_costs", 'H') /* a stop harms more than it keeps */       \
    X(RACE_WHY_GAIN, "race.why.gain", 'M')             /* expected to be saved, less its costs */  \
    X(RACE_WHY_BALANCE, "race.why.balance", 'M')                                                   \
    X(RACE_WHY_LEAVES, "race.why.leaves", 'P')         /* chance that it leaves otherwise */       \
    X(RACE_WHY_THERE, "race.why.there", 'P')           /* that it is there when the order lands */ \
    X(RACE_WHY_LANDS, "race.why.lands", 'S')           /* how long an order takes at this bank */  \
    X(RACE_WHY_DONE, "race.why.done", 'P')             /* how often it does what it is asked */    \
    X(RACE_WHY_EXITS, "race.why.exits", 'M')           /* so much left by exits already */         \
    X(RACE_WHY_PENDING, "race.why.pending", 'M')       /* on its way out: too late for that */     \
    X(RACE_WHY_HELD, "race.why.held", 'M')             /* asked for or held already */             \
    X(RACE_WHY_COLLATERAL, "race.why.collateral", 'H') /* honest money that it would touch */

#define X(code, key, unit) code,
enum race_why_code { RACE_WHY_LIST(X) RACE_WHY_COUNT };
#undef X

struct race_reason {
    const char *key; /* of the catalogue */
    char unit;
    int64_t number;
};

/* The unit of a reason's number; '-' also where there is no such key. */
char race_why_unit(str key);
/* How many there are. */
unsigned race_why(const struct race_pick *pick, struct race_reason ret_why[RACE_WHYS]);

#endif
