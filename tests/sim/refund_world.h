/* SPDX-License-Identifier: Apache-2.0 */
/*
 * refund_world - a bank with a book of its own, the store beside it, and what must hold of both.
 *
 * Shape     The bank's book is the truth: what came to an account, left it, is held and was paid
 *           back. What it does it tells by letters that come late, twice, or contradict.
 *
 *               store's rows --asked, due--> bank's book --letters--> store's rows
 *                        \______________ world_check ______________/
 *
 * Owns      The trial's store.   Lives  From world_begin to trial_done.
 * Fails     WELL says the seed and the step, and fails the test.
 * Threads   One.
 * Bounds    The enum below.
 */
#ifndef YUMEN_TESTS_REFUND_WORLD_H
#define YUMEN_TESTS_REFUND_WORLD_H

#include "trail/refund_record.h"
#include "trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum {
    WORLD_ACCOUNTS = 3,
    WORLD_CLAIMS = 6,
    WORLD_ENTRIES = 16,
    WORLD_ORDERS = 30,
    WORLD_SHARES = 400,
    WORLD_LETTERS = 200,
    WORLD_ID = 40,
    WORLD_RETENTION_DAYS = 800
};

#define WORLD_WHY_RETURNED "round.returned"

/* An account as the bank's book has it: in = out + returned + held + free. */
struct account {
    char id[16];
    int64_t in;
    int64_t out;
    int64_t returned;
    int64_t free;
    bool is_loosened; /* something was let go that no round had paid */
    struct refund_entry entries[WORLD_ENTRIES];
    char entry_ids[WORLD_ENTRIES][16];
    int entry_count;
};

struct lost {
    char id[WORLD_ID];
    int64_t amount;
};

/* Under one order. */
struct held {
    char id[WORLD_ID];
    int account;
    int64_t amount;
    int64_t done;         /* the last ask that was carried out */
    char takes[WORLD_ID]; /* whose money this took over */
};

/* A payment the bank was told to make, as its book has it now; what of it lay under which order. */
struct payment {
    char share[WORLD_ID];
    int64_t amount;
    unsigned state; /* enum share_state; due: it came back */
    unsigned said;  /* bit by bit: every state it was ever said to be in */
    int64_t parts[WORLD_ORDERS];
    struct receipt word; /* the newest */
};

struct refund_letter {
    char id[WORLD_ID]; /* of the order, or the share */
    bool is_share;
    bool is_strange; /* brought by another bank */
    struct receipt receipt;
};

struct refund_world {
    struct trial trial;
    struct random_source dice;
    struct account accounts[WORLD_ACCOUNTS];
    struct lost claims[WORLD_CLAIMS];
    struct held orders[WORLD_ORDERS];
    int order_count;
    struct payment payments[WORLD_SHARES];
    int payment_count;
    struct refund_letter letters[WORLD_LETTERS];
    int letter_count;
    int receipt_count;
    int64_t said_us; /* no two words of the bank are of one moment */
    bool is_fickle;  /* payments come back here, and are made after all */
    int round_count;
    int appeal_count;
    uint64_t seed;
    unsigned step;
};

#define WELL(w, holds, ...)                                                                        \
    do {                                                                                           \
        if (!(holds)) {                                                                            \
            print_error("seed %llu, step %u: ", (unsigned long long)(w)->seed, (w)->step);         \
            print_error(__VA_ARGS__);                                                              \
            print_error("\n");                                                                     \
            fail();                                                                                \
        }                                                                                          \
    } while (0)

int roll(struct refund_world *w, int sides);
void world_begin(struct refund_world *w, uint64_t seed);
void world_open(struct refund_world *w);

/* One number, or one text, of one query; $1 is the id. */
int64_t world_ask(struct refund_world *w, const char *query, const char *id);
str world_text(struct refund_world *w, const char *query, const char *id);

/* The bank does some of what it is asked, or all of it: holds, and lets go; pays what is due. */
void bank_carries_out(struct refund_world *w, bool is_willing);
void bank_pays(struct refund_world *w, bool is_willing);
/* Its newest word of every payment, once more. */
void bank_repeats(struct refund_world *w);
/* Any of those on their way arrives next. */
err letter_arrives(struct refund_world *w);

int64_t world_held(const struct refund_world *w, int account);
int64_t world_returned(const struct refund_world *w);
/* Everything was heard: the store says what the bank's book says; what of that it does not count,
 * because the victim had it otherwise by then. */
int64_t world_settled(struct refund_world *w);
void world_check(struct refund_world *w);

#endif
