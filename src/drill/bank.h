/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bank - a bank of the drill as a program: fetches its orders from a centre (or has them brought),
 * does them, answers, and reports its transfers, as its manners have it.
 *
 * Shape     One thread that turns: what time is it - what is due - send it - hear what is asked.
 *
 *             files --> book, teller --receipts, rows--> door --> centre
 *                          ^------- instructions ------- door <-- centre (long poll, or push)
 *
 *           Out of reach, it neither asks nor answers; what happened meanwhile is sent afterwards.
 *           What the centre does not take now (no connection, 5xx, 429) is kept and sent again in
 *           order; what it refuses is counted and let go.
 * Owns      Its memory, descriptors and thread, from bank_open to bank_close.
 * Lives     open -> start -> stop -> close; close accepts a zeroed one.
 * Fails     bank_open: as bank_files_load and door_listen. Later it counts, and goes on.
 * Threads   open, start, stop, close: one. bank_counted: after stop.
 * Bounds    BANK_MEMORY_BYTES in all; whatever is over stops it, with the counts so far.
 */
#ifndef YUMEN_DRILL_BANK_H
#define YUMEN_DRILL_BANK_H

#include "drill/bank_check.h"
#include "drill/bank_files.h"
#include "drill/bank_form.h"
#include "drill/bank_refund.h"
#include "drill/bank_sign.h"
#include "drill/door.h"
#include "env/thread.h"

enum bank_way { BANK_PULL, BANK_PUSH };

struct bank_settings {
    struct bank_speaker speaker;
    struct bank_files files;
    struct bank_manners manners;
    struct door_place centre;
    struct door_place listen; /* of push */
    const struct bank_form *form;
    enum bank_way way;
    str token;
    uint64_t seed;
    bool is_signed;
    struct sign_secret key; /* if so */
    bool has_centre_key;    /* what is posted has to be signed with it */
    struct sign_public centre_key;
    bool is_manual; /* the centre's clock is its own */
};

struct bank_counts {
    int64_t orders;   /* heard, the same ones again too */
    int64_t receipts; /* that the centre took */
    int64_t refused;  /* receipts it did not take, */
    int64_t strange;  /* and answers of its that could not be read */
    int64_t rows;     /* of the feed */
    int64_t paid;     /* back to victims */
};

struct bank_process;

err bank_open(const struct bank_settings *s, struct bank_process **ret_bank);
void bank_close(struct bank_process *b);
struct bank_loaded bank_loaded(const struct bank_process *b);
/* Where it listens; port 0: nowhere. */
uint16_t bank_port(const struct bank_process *b);
err bank_start(struct bank_process *b);
void bank_stop(struct bank_process *b);
struct bank_counts bank_counted(const struct bank_process *b);

#endif
