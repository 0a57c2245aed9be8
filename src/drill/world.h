/* SPDX-License-Identifier: Apache-2.0 */
/*
 * world - who exists in the simulated province and what everybody has, to the fen.
 *
 * Shape     An account is a number. Accounts of a group are neighbours, so a group is a range and
 *           an employer's staff is one too. What is fixed about somebody (bank, income, home) is
 *           computed from the seed and the number; only balances take memory.
 *
 *               persons | their second accounts | shops | employers | buyers | services | shams
 *               salaried, pensioners, farmers, owners, others
 *
 *           What lies beyond the province (teller machines, tills, abroad …) has numbers above
 *           BEYOND. world_move keeps: purses + beyond + in flight = openings, at every step.
 * Owns      Its purses (pages).
 * Lives     From world_open to world_close; a zeroed one may be closed.
 * Fails     ERR_LIMIT "limit.memory", "drill.scale".
 * Threads   One.
 * Bounds    8 bytes an account, 4 an employer; SCALE_LEAST to SCALE_MOST subscribers.
 */
#ifndef YUMEN_DRILL_WORLD_H
#define YUMEN_DRILL_WORLD_H

#include "drill/dice.h"
#include "drill/params.h"
#include "env/pages.h"

enum { SCALE_LEAST = 1000, SCALE_MOST = 60000000, BANK_SLOTS = 1024 };

enum group {
    GROUP_PERSON,
    GROUP_SECOND,
    GROUP_SHOP,
    GROUP_EMPLOYER,
    GROUP_BUYER,
    GROUP_SERVICE,
    GROUP_SHAM,
    GROUP_COUNT
};

enum trade { TRADE_SALARIED, TRADE_PENSIONER, TRADE_FARMER, TRADE_OWNER, TRADE_OTHER, TRADE_COUNT };

/* Where money comes in and goes out. */
enum beyond {
    BEYOND_OUTSIDE, /* accounts in other provinces */
    BEYOND_ATM,
    BEYOND_CRYPTO,
    BEYOND_TILL, /* a shop's card machine */
    BEYOND_ABROAD,
    BEYOND_COUNTER,  /* cash that somebody brings */
    BEYOND_CLEARING, /* what pays the shops for their tills */
    BEYOND_COUNT
};

#define BEYOND_BIT     UINT32_C(0x80000000)
#define BEYOND_SHIFT   27
#define BEYOND_NUMBERS (UINT32_C(1) << BEYOND_SHIFT)

/* What is asked of dice_mix about an account; the numbers are part of every world: only add. */
enum trait {
    TRAIT_BANK = 16,
    TRAIT_INCOME,
    TRAIT_OPENING,
    TRAIT_PAYDAY,
    TRAIT_RENT,
    TRAIT_DEVICE,
    TRAIT_OPENED,
    TRAIT_HOLDER,
    TRAIT_STAFF,
    TRAIT_LANDLORD,
    TRAIT_MULE,
    TRAIT_OUTLET,
    TRAIT_SWITCH,
    TRAIT_CARRIER,
    TRAIT_IMEI,
    TRAIT_CONTACTS,
    TRAIT_MAST,
    TRAIT_TRIP,
    TRAIT_REGULARS,
    TRAIT_REST,
    TRAIT_RACK,
    TRAIT_ACTIVITY,
    TRAIT_SITE,
    TRAIT_LISTED,
    TRAIT_RESOLVER,
    TRAIT_SENDER,
    TRAIT_HANDED
};

struct world {
    const struct params *params;
    uint64_t seed;
    uint32_t persons;
    uint32_t trade_first[TRADE_COUNT + 1];
    uint32_t first[GROUP_COUNT + 1]; /* the last: how many accounts there are */
    uint32_t *staff_first;           /* by employer, and one more */
    uint32_t stride;                 /* home = person x stride mod persons */
    uint32_t back;                   /* and back again */
    uint8_t bank_slots[BANK_SLOTS];
    struct pages pages;
    int64_t *purses; /* fen x 2, and whether some of it is watched (money.h) */
    int64_t beyond[BEYOND_COUNT];
    int64_t in_flight;
    int64_t openings;
};

err world_open(const struct params *p, uint64_t seed, uint32_t scale, struct arena *a,
               struct world *ret_world);
void world_close(struct world *w);

static inline uint32_t world_accounts(const struct world *w)
{
    return w->first[GROUP_COUNT];
}

static inline uint32_t world_size(const struct world *w, enum group g)
{
    return w->first[g + 1] - w->first[g];
}

uint64_t world_trait(const struct world *w, uint32_t account, enum trait t);
enum group world_group(const struct world *w, uint32_t account);
enum trade world_trade(const struct world *w, uint32_t person);
/* Neighbours at home are kin and share a town's shops; neighbours by number share an employer. */
uint32_t world_home(const struct world *w, uint32_t person);
uint32_t world_person_at(const struct world *w, uint32_t home);
/* The person's other account; false when there is none. */
bool world_second(const struct world *w, uint32_t person, uint32_t *ret_account);
uint32_t world_owner(const struct world *w, uint32_t second);
int64_t world_income(const struct world *w, uint32_t person);
uint32_t world_bank(const struct world *w, uint32_t account);
uint32_t world_device(const struct world *w, uint32_t account);

static inline uint32_t beyond_account(enum beyond kind, uint64_t number)
{
    return BEYOND_BIT | (uint32_t)kind << BEYOND_SHIFT | (uint32_t)(number % BEYOND_NUMBERS);
}

static inline bool is_beyond(uint32_t account)
{
    return (account & BEYOND_BIT) != 0;
}

static inline enum beyond beyond_kind(uint32_t account)
{
    return (enum beyond)((account & ~BEYOND_BIT) >> BEYOND_SHIFT);
}

#endif
