/* SPDX-License-Identifier: Apache-2.0 */
/*
 * courier - how banks and carriers report: every so often a file, mostly in time, sometimes hours
 * late, sometimes sent again.
 *
 * Shape     A row waits in its sender's open file; the file closes, travels, arrives, and its rows
 *           go to whoever the courier was made for, in the sender's order.
 *
 *               courier_put --> open file --`closes`--> on its way --`arrives`--> hand_over
 *
 *           Each courier has rows of one size, dice of its own and its own two kinds of event,
 *           whose handlers call courier_close and courier_arrive.
 * Owns      Rows that have not arrived, in the drill's arena; pieces are used again.
 * Lives     As long as the drill.
 * Fails     ERR_LIMIT "limit.memory", and what hand_over says.
 * Threads   One.
 * Bounds    A row's bytes for each that has not arrived.
 */
#ifndef YUMEN_DRILL_COURIER_H
#define YUMEN_DRILL_COURIER_H

#include "drill/agenda.h"
#include "drill/dice.h"
#include "drill/shelf.h"

enum { COURIER_SENDERS = 12 };

struct drill;

struct courier_chunk;

struct courier_file {
    struct courier_chunk *first;
    struct courier_chunk *last;
    uint32_t sender;
};

struct courier_manners {
    int64_t every_s; /* between two files */
    int64_t late;    /* share of files, and by how much at most */
    int64_t late_hours;
    int64_t resent;  /* share of files */
    int64_t doubled; /* share of rows */
};

struct courier {
    struct dice dice;
    size_t row_bytes;
    uint32_t closes;
    uint32_t arrives;
    err (*hand_over)(struct drill *d, const void *row);
    struct courier_manners manners[COURIER_SENDERS];
    uint32_t open[COURIER_SENDERS]; /* the file being filled; 0: none */
    struct shelf files;
    struct courier_chunk *free_chunks;
    int64_t again; /* rows that came before */
};

/* After its row_bytes, events and manners are filled in. */
void courier_begin(struct drill *d, struct courier *c, str dice);
err courier_put(struct drill *d, struct courier *c, uint32_t sender, const void *row);
err courier_close(struct drill *d, struct courier *c, const struct event *e);
err courier_arrive(struct drill *d, struct courier *c, const struct event *e);

#endif
