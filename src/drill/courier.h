/* SPDX-License-Identifier: Apache-2.0 */
/*
 * courier - how the banks report: every so often a file, mostly in time, sometimes hours late,
 * sometimes sent again; each bank by its own clock.
 *
 * Shape     A row waits in its bank's open file; the file closes, travels, arrives, and its rows
 *           go to the port, in the bank's order.
 *
 *               courier_put --> open file --EVENT_CLOSE--> on its way --EVENT_ARRIVE--> port
 *
 * Owns      Rows that have not arrived, in the drill's arena; pieces are used again.
 * Lives     As long as the drill.
 * Fails     ERR_LIMIT "limit.memory", and what the port says.
 * Threads   One.
 * Bounds    64 bytes a row that has not arrived.
 */
#ifndef YUMEN_DRILL_COURIER_H
#define YUMEN_DRILL_COURIER_H

#include "drill/agenda.h"
#include "drill/dice.h"
#include "drill/params.h"
#include "drill/rows.h"
#include "drill/shelf.h"

struct drill;

struct courier_chunk;

struct courier_file {
    struct courier_chunk *first;
    struct courier_chunk *last;
    uint32_t bank;
};

struct courier_desk {
    uint32_t open; /* the file being filled; 0: none */
    uint64_t numbers;
    int64_t second;
    uint32_t seq;
};

struct courier {
    struct dice dice;
    struct courier_desk desks[BANKS_MOST];
    struct shelf files;
    struct courier_chunk *free_chunks;
};

/* Gives the row its number, time and seq. */
void courier_stamp(struct drill *d, struct transfer_row *row);
err courier_put(struct drill *d, const struct transfer_row *row);
err courier_close(struct drill *d, const struct event *e);
err courier_arrive(struct drill *d, const struct event *e);

#endif
