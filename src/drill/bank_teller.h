/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bank_teller - a bank through time: instructions and transfers go in, receipts and rows come out,
 * each when this bank would send it.
 *
 * Shape     bank_teller_take --> whim --> [ack] --> done in the book --> receipt [again] [stranger]
 *           bank_teller_plan --> its time --> pending --> booked, or rejected for want of usable
 *           money;   all of it one agenda, so that money and measures meet in the order of time
 *
 *           An instruction that comes again (same order, same ask) is the same. A hold that found
 *           less than it was to keep fills up as money comes, and the bank says so each time.
 * Owns      Its parts, in the caller's arena. The book is the caller's.
 * Lives     As long as the arena.
 * Fails     ERR_LIMIT "limit.memory"; what the port says.
 * Threads   One. Time never goes back.
 * Bounds    2^31 instructions and transfers.
 */
#ifndef YUMEN_DRILL_BANK_TELLER_H
#define YUMEN_DRILL_BANK_TELLER_H

#include "drill/bank_manners.h"
#include "drill/bank_prior.h"
#include "fact/transfer.h"

struct bank_receipt {
    struct bank_instruction to;
    struct bank_answer answer;
    struct bank_priors priors; /* who goes before it */
    instant at;
    uint64_t key; /* the bank's own; sent again, the same */
};

/* A transfer of the bank's day, as its file has it; `status` is where it is to end. */
struct bank_transfer {
    struct transfer is;
    bool is_told;    /* this bank reports it */
    bool is_waiting; /* pending, before it is booked */
};

/* What became of a payment back to a victim. */
struct bank_paid {
    str share;
    enum bank_why why; /* BANK_FINE: it is paid */
    uint64_t key;      /* of the payment, this bank's own */
};

struct bank_port {
    void *self;
    err (*paid)(void *self, const struct bank_paid *p);
    err (*receipt)(void *self, const struct bank_receipt *r);
    /* `status` and balance_minor are what they are now. */
    err (*transfer)(void *self, const struct transfer *t);
};

struct bank_teller;

struct bank_teller_settings {
    const struct bank_manners *manners;
    struct bank_book *book;
    uint64_t seed;
    instant begun_at;
    struct bank_port port;
};

err bank_teller_open(const struct bank_teller_settings *s, struct arena *a,
                     struct bank_teller **ret_teller);
/* `t` stays where it is, as long as the teller. */
err bank_teller_plan(struct bank_teller *b, const struct bank_transfer *t);
/* Texts are copied. */
err bank_teller_take(struct bank_teller *b, const struct bank_instruction *i, instant now);
/* Likewise; a share that comes again is the same. */
err bank_teller_return(struct bank_teller *b, const struct bank_return *r, instant now);
/* Everything that is due. */
err bank_teller_step(struct bank_teller *b, instant now);
/* When something is due next; far off when nothing is. */
instant bank_teller_next(const struct bank_teller *b);
/* Nobody hears it, and it hears nobody. */
bool bank_teller_is_out(struct bank_teller *b, instant now);

#endif
