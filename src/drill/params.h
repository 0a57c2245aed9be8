/* SPDX-License-Identifier: Apache-2.0 */
/*
 * params - what the simulated province is like: every figure of one YAML file, data/world.yaml,
 * which explains each with its unit and where it comes from.
 *
 * Shape     Everything in the file is required and nothing else may be there, so that a world is
 *           described by its file alone. A figure says its unit and its source ("assumed" where
 *           there is none); a unit that is not the one meant here is refused.
 *           Shares and deviations are kept in millionths, money in fen, times in the unit named.
 * Owns      Nothing; texts live in the caller's arena.
 * Lives     As long as that arena.
 * Fails     ERR_MALFORMED "drill.*", "conf.*", "yaml.*"; the fault names line and key.
 * Threads   Any.
 * Bounds    BANKS_MOST banks, SCAMS_MOST kinds of scam, PROFILES_MOST profiles of hours.
 */
#ifndef YUMEN_DRILL_PARAMS_H
#define YUMEN_DRILL_PARAMS_H

#include "base/arena.h"
#include "base/str.h"
#include "drill/call_params.h"
#include "drill/online_params.h"

enum { BANKS_MOST = 12, SCAMS_MOST = 16, PROFILES_MOST = 16, HOURS = 24, LAYERS_MOST = 6 };

/* Honest ways of paying: habit.c says who pays whom. */
#define HABIT_LIST(X)                                                                              \
    X(PURCHASE, "purchase")                                                                        \
    X(TILL, "till")                                                                                \
    X(ONLINE, "online")                                                                            \
    X(SPARE, "spare")                                                                              \
    X(KIN, "kin")                                                                                  \
    X(FRIEND, "friend")                                                                            \
    X(CASH, "cash")                                                                                \
    X(DEPOSIT, "deposit")                                                                          \
    X(SAVE, "save")                                                                                \
    X(DRAW, "draw")                                                                                \
    X(RENT, "rent")                                                                                \
    X(BILL, "bill")                                                                                \
    X(FEE, "fee")                                                                                  \
    X(REFUND, "refund")                                                                            \
    X(SUPPLY, "supply")                                                                            \
    X(TAKINGS, "takings")                                                                          \
    X(SETTLE, "settle")                                                                            \
    X(REMIT, "remit")                                                                              \
    X(AWAY, "away")                                                                                \
    X(ABROAD, "abroad")                                                                            \
    X(TOKENS, "tokens")                                                                            \
    X(GRAIN, "grain")

#define X(name, word) HABIT_##name,
enum habit_kind { HABIT_LIST(X) HABIT_COUNT };
#undef X

struct habit_params {
    int64_t per_day; /* a member of those who have it */
    int64_t median;
    int64_t sigma;
    uint32_t profile;
};

struct bank_params {
    str code;
    str name;
    int64_t share;
    int64_t skew_ms; /* its clock before the true one */
    int64_t tick_ms; /* how finely it tells time */
    int64_t every_s; /* between two of its files */
    int64_t gives_seq;
    int64_t gives_balance;
    int64_t late; /* share of its files */
    int64_t late_hours;
    int64_t resent;  /* share of its files */
    int64_t doubled; /* shares of its rows, here and below */
    int64_t pending;
    int64_t pending_min;
    int64_t rejected;
    int64_t reversed;
    int64_t asks; /* 1: before it books */
};

struct scam_params {
    str name;
    int64_t share;
    int64_t median; /* of a loss, in fen */
    int64_t sigma;
    int64_t payments; /* at most */
    int64_t gap_min;  /* between two, median */
    int64_t told_min; /* from the last to the report, median */
    int64_t texted;   /* share: begins with a message that has a link */
    int64_t visited;  /* share: the scam's site is opened before paying */
    int64_t visits;   /* at most, before a payment */
};

struct profile_params {
    str name;
    int64_t weekend; /* of a working day's rate */
    int64_t hours[HOURS];
};

struct exit_params {
    int64_t atm, crypto, merchant, abroad, outside;
};

struct params {
    int64_t begin_us;
    struct {
        int64_t salaried, pensioners, farmers, owners, second, town;
        int64_t wage, wage_sigma, pension, pension_sigma, other, other_sigma;
        int64_t opening, opening_sigma, busy;
    } people;
    struct {
        int64_t staff, staff_sigma, office, per_shop, per_buyer, sham_per, opening;
        int64_t runs_per_s, season_from, season_until;
    } firms;
    struct {
        int64_t victims, least, tries, borrow;
        int64_t ring_per, rings_least, crew, crew_days, spare, sham;
        int64_t automated, dwell_s, human_min, human_sigma, night_from, night_until;
        int64_t parts, part_least, keeps, early, abandons, limit, cash_limit, cash_times;
    } scam;
    int64_t depths[LAYERS_MOST];
    struct exit_params exits;
    struct habit_params habits[HABIT_COUNT];
    struct bank_params banks[BANKS_MOST];
    size_t bank_count;
    struct scam_params scams[SCAMS_MOST];
    size_t scam_count;
    struct profile_params profiles[PROFILES_MOST];
    size_t profile_count;
    struct call_params calls;
    struct online_params online;
    struct asking_params asking;
};

struct params_fault {
    uint32_t line;
    str key; /* "people.salaried" */
};

/* ret_fault is written also, and only, on failure. */
err params_read(str yaml, struct arena *a, struct params *ret_params,
                struct params_fault *ret_fault);
/* What comes with the program. */
str params_bundled(void);

#endif
