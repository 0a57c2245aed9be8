/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cards - the calls of numbers that may be cards in a device, of three days, for the test of their
 * cells (box.h): in memory that is given once, and nowhere else.
 *
 * Shape     every call that was set up     --hear--> its cell's load by hour: a count
 *           calls of those past a look     --put-->  a ring of calls; the number; the cell's name
 *           now and then                   --sweep--> what is older than CARDS_KEPT_S is wiped
 *
 *           A cell is known by what its carrier calls it: two carriers' are never one. It is given
 *           a name here only once such a number called there.
 * Owns      Nothing: it lies in the room it was given, zeroed pages.
 * Lives     As long as the room.
 * Fails     Never: what finds no room is counted in `refused`.
 * Threads   One at a time.
 * Bounds    cards_room(). A number or a cell has CARDS_LOOK places where it may be. The ring
 *           forgets the calls that came first.
 */
#ifndef YUMEN_SENSE_CARDS_H
#define YUMEN_SENSE_CARDS_H

#include "base/str.h"
#include "sense/box.h"

enum { CARDS_LOOK = 16, CARDS_KEPT_S = 3 * 86400, CARD_TEXT_BYTES = 32, CELL_TEXT_BYTES = 64 };

struct cards_settings {
    uint32_t cards_most;
    uint32_t calls_most;
    uint32_t cells_most;
};

struct card_call {
    struct box_call call; /* key 0: none */
    uint32_t cell;
    uint32_t unused;
};

struct card {
    uint64_t key; /* 0: none */
    uint32_t heard_s;
    char number[CARD_TEXT_BYTES]; /* not ended when it is full */
};

struct card_cell {
    uint64_t key; /* 0: none */
    uint32_t load[BOX_DAY_HOURS];
    uint32_t day;               /* the newest; the load is halved when another comes */
    char name[CELL_TEXT_BYTES]; /* empty: no such number called here */
    char carrier[CELL_TEXT_BYTES];
};

struct cards {
    struct cards_settings settings;
    struct card *cards;
    struct card_cell *cells;
    struct card_call *calls;
    uint64_t at;       /* where the next call goes, round by round */
    uint32_t newest_s; /* of all calls heard */
    uint64_t refused;  /* calls of numbers or cells that found no room */
};

size_t cards_room(const struct cards_settings *settings);
void cards_init(struct cards *c, const struct cards_settings *settings, void *room);

/* cell: a hash of carrier and name; never 0. */
void cards_hear(struct cards *c, uint64_t cell, uint32_t time_s);

struct card_told {
    struct box_call call;
    str number;
    uint64_t cell;
    str cell_name;
    str carrier;
};
void cards_put(struct cards *c, const struct card_told *told);
void cards_sweep(struct cards *c);
/* NULL: not known. */
const struct card *cards_find(const struct cards *c, uint64_t key);

#endif
