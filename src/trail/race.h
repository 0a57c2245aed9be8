/* SPDX-License-Identifier: Apache-2.0 */
/*
 * race - which account is acted on first: the live accounts of an incident, ordered by the money
 * that an order sent now is expected to save, with what each stands there for.
 *
 * Shape     Put what case_report and the orders say of an account, whenever it changes; rank.
 *
 *               case_report --+                     +--> race_plan: what to do, in order
 *               orders -------+--> race_put --rank--+
 *               receipts --------> race_receipt     +--> race_why: reasons that people read
 *                                   |    ^
 *                         lessons   v    |  chances
 *                                  hazard
 *
 *           gain = worth * done * there * leaves - lambda * collateral - cost
 *
 *               worth       stolen money there that is not on its way out, asked for or held
 *               done        the chance that the bank does what it is asked
 *               there       the chance that it is still there when the order lands
 *               leaves      the chance that it leaves after that, before an ordinary order of
 *                           two people would be there
 *               collateral  innocent fen-hours: honest money that the order would touch, for as
 *                           long as it would (docs/decisions/0090)
 *
 * Owns      Its accounts, in the arena it was made in; not the hazard, which all races of a
 *           centre share.
 * Lives     As long as the arena. A plan lies in the arena it was given and says all it means.
 * Fails     ERR_LIMIT: an account too many, or the arena is spent.
 * Threads   One, the hazard's.
 * Bounds    RACE_MOST accounts of 112 bytes; a ranking is O(accounts). Whole numbers only.
 */
#ifndef YUMEN_TRAIL_RACE_H
#define YUMEN_TRAIL_RACE_H

#include "trail/hazard.h"

enum { RACE_MOST = 1 << 17 }; /* accounts */

/* Amounts in minor units, instants in milliseconds since 1970. */
struct race_account {
    uint32_t account; /* equal gains: the lower number first */
    uint32_t bank;    /* as hazards count banks: the provider's place in the list of providers */
    uint32_t layer;   /* 1: a victim paid it */
    bool is_company;
    bool can_hold;      /* the bank holds amounts */
    bool can_stop;      /* it stops whole accounts: done only where it cannot hold */
    bool is_stopped;    /* the account is stopped: nothing leaves it */
    bool is_refused;    /* the bank refused, or found less than was asked, and nothing is new since:
                           it is not asked again */
    int64_t attributed; /* stolen money that came, in all: case_node's */
    int64_t present;    /* that is there now */
    int64_t pending;    /* of it, in transfers on their way out that are pending */
    int64_t exited;     /* of it, left by exits */
    int64_t asked;      /* by orders that are sent and not answered */
    int64_t held;       /* by holds that are executed */
    int64_t honest;     /* other money on the account; -1: nobody knows */
    int64_t last_ms;    /* stolen money last came, */
    int64_t left_ms;    /* last left; 0: never */
};

struct race_settings {
    int64_t lambda_ppm;   /* fen that an innocent fen-hour is worth, in millionths */
    int64_t cost_minor;   /* what an order costs everybody, whatever it is for */
    int64_t wait_min;     /* that an ordinary order takes longer than one sent now */
    int64_t term_hours;   /* for which an order stands */
    int64_t notice_hours; /* until a hold that took honest money is found out and trimmed */
    uint32_t tail_ppm;    /* the least chance that money leaves some day */
    int32_t zone_min;     /* of the hour of day: minutes east of UTC */
};
/* 1/1000 fen a fen-hour, 20.00, 2 hours, 48 hours, 2 hours, 1/4, +08:00 */
extern const struct race_settings race_usual;

enum race_action {
    RACE_NONE, /* `against` says why not */
    RACE_HOLD, /* `amount` more is to be held */
    RACE_STOP, /* the account is to be stopped, for the sake of `amount` */
    RACE_TRIM, /* more stands than there is or is worth: `amount` is to stand; 0: lift it */
    RACE_ACTION_COUNT
};

struct race_pick {
    uint32_t account;
    uint8_t action;  /* enum race_action */
    uint8_t against; /* enum race_why_code (race_why.h): why not, or less; its COUNT: nothing */
    int64_t amount;  /* never beyond what is attributed and present; 0 for RACE_NONE */
    int64_t gain;    /* minor units, as above */
    int64_t present;
    int64_t stands; /* asked and held */
    int64_t pending;
    int64_t exited;
    int64_t collateral; /* innocent minor unit hours */
    int64_t lands_ms;   /* in the median */
    uint32_t done;      /* of HAZARD_ONE, as the next two */
    uint32_t there;
    uint32_t leaves;
};

/* Every account once: by gain, then by number. The amounts of holds and stops add up to no more
 * than the budget. */
struct race_plan {
    const struct race_pick *picks;
    uint32_t count;
    int64_t asks;     /* the sum of what is to be held or stopped now, */
    int64_t expected; /* and of what that is expected to save */
};

/* A bank's last word on an order. */
struct race_receipt {
    uint32_t account;
    uint32_t bank;
    bool is_stop;
    bool is_done; /* wholly or in part */
    int64_t asked;
    int64_t held;
    int64_t sent_ms;
    int64_t landed_ms; /* executed, as the bank says; or when the refusal came */
};

struct race;

err race_make(struct arena *a, uint32_t most, const struct race_settings *s, struct hazard *h,
              struct race **ret_race);
/* Puts or replaces, and learns from what became of the money meanwhile. */
err race_put(struct race *r, const struct race_account *account);
/* No more of the incident's money is or will be there, or it is closed: what stayed is learnt. */
void race_drop(struct race *r, uint32_t account, int64_t now_ms);
/* Learns; then put the account with what stands now. Known accounts or not. */
void race_receipt(struct race *r, const struct race_receipt *receipt);
uint32_t race_count(const struct race *r);
/* By account number. */
const struct race_account *race_at(const struct race *r, uint32_t place);
const struct race_account *race_find(const struct race *r, uint32_t account); /* or NULL */

/* `budget` is what may still be asked for under the emergency rule: the reported loss less
 * everything pledged, what stands here included. INT64_MAX where the rule does not bind; not
 * positive: nothing may. */
err race_rank(struct race *r, int64_t now_ms, int64_t budget, struct arena *a,
              struct race_plan *ret_plan);
#endif
