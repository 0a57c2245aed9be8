/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dispatch - who goes to which door, so that somebody is there in time.
 *
 * Shape     Work comes in with its beat, its tier and the second by which somebody is to be there.
 *           At once whoever is expected there first is asked; every turn all work that nobody has
 *           accepted yet is dealt out anew, so that all of it together is least late.
 *
 *               arrive --> asked --accept--> taken --at the door--> here --> done
 *                 ^  ^       |  refuse, no answer in time   |
 *                 |  +-------+                              |
 *                 +------------ hand over ------------------+
 *
 *           Only who is free is asked. Work for which somebody busy is best waits for them, and is
 *           asked of them when they are done, unless a turn finds better. Accepted work moves by
 *           hand-over alone. What an answer changes stands in `orders`, until the next call.
 * Owns      Its tables lie in the arena.
 * Lives     As long as that.
 * Fails     ERR_LIMIT "dispatch.full" when WORK_MOST are open; ERR_CONFLICT "dispatch.not_asked"
 *           when somebody answers who was not asked, or too late, and "dispatch.not_free" when work
 *           is to stand with an officer who has other work.
 * Threads   One.
 * Bounds    WORK_MOST pieces of work; a turn deals out the TURN_MOST that are due first.
 */
#ifndef YUMEN_DISPATCH_DISPATCH_H
#define YUMEN_DISPATCH_DISPATCH_H

#include "dispatch/duty.h"

enum { WORK_MOST = 8192, TURN_MOST = 2048, PASSED_MOST = 12, TURN_EVERY_S = 30 };

enum work_tier { WORK_HIGH, WORK_URGENT, WORK_TIERS };
enum work_state { WORK_UNUSED, WORK_OPEN, WORK_ASKED, WORK_TAKEN, WORK_HERE };

struct work {
    char division[DIVISION_BYTES]; /* whoever goes must see it; empty: anybody */
    uint32_t beat;
    uint32_t came_s;
    uint32_t due_s;
    uint32_t officer;    /* asked, expected when OPEN, or at it */
    uint32_t since_s;    /* in this state */
    uint32_t expected_s; /* at the door */
    uint32_t passed[PASSED_MOST];
    uint32_t passed_count; /* ever; the oldest are forgotten */
    uint8_t tier;
    uint8_t state;
    bool is_told; /* goes to a division above its county's */
};

struct dispatch_rules {
    uint32_t answer_s[WORK_TIERS]; /* then somebody else is asked */
    int64_t weight[WORK_TIERS];    /* of a second */
    uint32_t silent_s;             /* who did not answer is left alone for so long */
    uint32_t visit_s;              /* that a visit is expected to last */
    uint32_t stay_s;               /* what asking somebody else must save */
    uint32_t candidates;           /* officers looked at for a piece of work */
};

extern const struct dispatch_rules dispatch_usual;

enum { CANDIDATES_MOST = 32 };

enum dispatch_word { DISPATCH_ASK, DISPATCH_WITHDRAW, DISPATCH_NOBODY };

struct dispatch_order {
    uint32_t work;
    uint32_t officer;
    uint32_t expected_s;
    uint8_t kind; /* enum dispatch_word */
};

struct dispatch_counts {
    uint64_t asked;
    uint64_t refused;
    uint64_t silent;
    uint64_t handed;
    uint64_t moved; /* asked somebody else, for the good of all */
    uint64_t told;  /* went to the division above */
};

struct dispatch {
    struct duty *duty;
    const struct dispatch_rules *rules;
    struct work *works;
    struct dispatch_order *orders;
    uint32_t order_count;
    uint32_t work_end; /* places ever used */
    uint32_t work_count;
    struct dispatch_counts counts;
};

struct work_new {
    uint32_t beat;
    uint32_t due_s;
    enum work_tier tier;
};

err dispatch_make(struct dispatch *d, struct duty *duty, const struct dispatch_rules *rules,
                  struct arena *a);
/* As it stood before: state, officer and times are the caller's. Nobody is asked. */
err dispatch_stand(struct dispatch *d, const struct work *w, uint32_t *ret_work);
err dispatch_arrive(struct dispatch *d, struct work_new w, uint32_t now_s, uint32_t *ret_work);
err dispatch_accept(struct dispatch *d, uint32_t work, uint32_t officer, uint32_t now_s);
err dispatch_refuse(struct dispatch *d, uint32_t work, uint32_t officer, uint32_t now_s);
/* Somebody who has accepted gives it back. */
err dispatch_hand_over(struct dispatch *d, uint32_t work, uint32_t officer, uint32_t now_s);
err dispatch_at_door(struct dispatch *d, uint32_t work, uint32_t officer, uint32_t now_s);
/* Closed, wherever it stands: the place is free. */
void dispatch_done(struct dispatch *d, uint32_t work, uint32_t now_s);
/* Every TURN_EVERY_S. */
err dispatch_turn(struct dispatch *d, uint32_t now_s, struct arena *turn);

#endif
