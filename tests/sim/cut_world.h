/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cut_world - what people do about money, each deed one transaction that can be cut and done again;
 * and a bank outside, which no crash of ours undoes.
 *
 * Shape     A deed is all that was said, decided beforehand: doing it twice from the same file
 *           gives the same bytes.
 *
 *               deed --run--> store       deliver --letters--> bank --words--> receive
 *
 * Owns      The bank's book and the words it still has to say. Deeds lie in `keep`.
 * Lives     A story.
 * Fails     WELL says the seed and the deed, and fails the test.
 * Threads   One; letters also from the child that a deed ends in.
 * Bounds    The enum below.
 */
#ifndef YUMEN_TESTS_CUT_WORLD_H
#define YUMEN_TESTS_CUT_WORLD_H

#include "trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { CUT_EXIT = 99 }; /* as vfs_tear's */
enum { CUT_ID = 40, CUT_LETTERS = 64, CUT_ORDERS = 24, CUT_WORDS = 128, CUT_LINES = 3 };

/* One arrival at the bank's door. */
struct cut_letter {
    char key[CUT_ID + 8]; /* its Idempotency-Key; of a round: its id */
    char record[CUT_ID];
    struct digest bytes;
};

/* Shared with children: what has left the building has left it. */
struct cut_mail {
    int count;
    int ends_before; /* the process ends before the letter of this number; 0: it does not */
    struct cut_letter at[CUT_LETTERS];
};

/* What the bank keeps under an order, and the last ask that it did. */
struct cut_held {
    char id[CUT_ID];
    int64_t held;
    int64_t done;
};

struct cut_word {
    struct receipt said; /* its texts are literals, but for these: */
    char of[CUT_ID];     /* order or share */
    char key[CUT_ID];
    bool is_of_share;
    int times; /* it is still to be said */
};

struct cut_paid {
    char share[CUT_ID];
    int64_t amount; /* 0: it could not be */
};

struct cut_world;
struct cut_deed {
    const char *name;
    err (*run)(struct cut_world *w, const struct cut_deed *d);
    instant at;
    struct command cmd;
    struct command shares[CUT_LINES];
    size_t share_count;
    int64_t amounts[CUT_LINES]; /* of a report: what was paid, line by line */
    size_t line_count;
    const char *transfers[CUT_LINES];
    bool is_again_fine; /* done twice, nothing is another */
};

struct cut_world {
    struct trial now;   /* where the story has come to */
    struct trial trial; /* the copy that is ill-treated, or done cleanly */
    struct trial *open; /* of these */
    struct trial next;  /* a name for what came of it */
    struct arena keep;
    struct random_source dice;
    struct cut_mail *mail;
    struct cut_held orders[CUT_ORDERS];
    int order_count;
    struct cut_word words[CUT_WORDS];
    int word_count;
    int said_count;
    struct cut_paid paid[CUT_ORDERS];
    int paid_count;
    int64_t placed;
    int64_t freed; /* by lifts and trims */
    uint64_t seed;
    unsigned step;
    const char *name; /* of the deed */
    unsigned cuts;
};

#define WELL(w, holds, ...)                                                                        \
    do {                                                                                           \
        if (!(holds)) {                                                                            \
            print_error("seed %llu, step %u, %s: ", (unsigned long long)(w)->seed, (w)->step,      \
                        (w)->name);                                                                \
            print_error(__VA_ARGS__);                                                              \
            print_error("\n");                                                                     \
            fail();                                                                                \
        }                                                                                          \
    } while (0)

extern const struct providers cut_providers;

int cut_roll(struct cut_world *w, int sides);
struct actor cut_person(const char *name); /* analyst, approver and commander */
/* Kept until the next deed. */
str cut_keep(struct cut_world *w, str text);
/* One number, or one text, of one query; $1 is the id. */
int64_t cut_ask(struct cut_world *w, const char *query, const char *id);
str cut_text(struct cut_world *w, const char *query, const char *id);

/* Each is a deed's `run`. */
err cut_report(struct cut_world *w, const struct cut_deed *d);
err cut_command(struct cut_world *w, const struct cut_deed *d);
err cut_round(struct cut_world *w, const struct cut_deed *d);
err cut_signed(struct cut_world *w, const struct cut_deed *d);
err cut_close(struct cut_world *w, const struct cut_deed *d);
err cut_receive(struct cut_world *w, const struct cut_deed *d);
err cut_fire(struct cut_world *w, const struct cut_deed *d);
err cut_deliver(struct cut_world *w, const struct cut_deed *d);
/* Who watches hears of it, and the erasures' journal: nothing of the bank's. */
err cut_tell(struct cut_world *w, const struct cut_deed *d);

/* The bank does what these letters ask of it, each key once, and has words to say of it. */
void cut_bank_works(struct cut_world *w, const struct cut_mail *mail);
/* The next deed: any of its words arrives. False: it has said all. */
bool cut_next_word(struct cut_world *w, struct cut_deed *d);

#endif
