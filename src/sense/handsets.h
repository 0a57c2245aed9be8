/* SPDX-License-Identifier: Apache-2.0 */
/*
 * handsets - how many different numbers a handset (IMEI) carried lately, and how many calls.
 *
 * Shape     A row of 16 bytes a handset: bits of the numbers that were heard in it, and its calls,
 *           of its newest term and of the term before. Terms are weeks of the calendar, so the same
 *           rows leave the same row here, in whatever order and however often they come; with the
 *           third week nothing is left of the first. Which numbers they were it does not say: a
 *           place is one of the two together, so a number has another one in each handset.
 *
 *               handset (32 bits under the secret) --> two lines of four rows, in one of them
 *
 * Owns      Nothing: the lines are the caller's, zeroed.
 * Lives     As long as they.
 * Fails     Never. Where both lines are full of rows of these two terms, the one with the fewest
 *           numbers goes, and is counted as forgotten: handsets made up at random carry one each.
 * Threads   One.
 * Bounds    16 bytes a handset; up to half full nothing is forgotten, of three of five one in two
 *           thousand, of four of five one in seventy. To 133 numbers and 1,023 calls a term. Of 30
 *           million handsets one in 140 shares a row with another.
 */
#ifndef YUMEN_SENSE_HANDSETS_H
#define YUMEN_SENSE_HANDSETS_H

#include "sense/marks.h"

enum { HANDSET_TERM_S = 7 * 86400, HANDSET_PLACES = 32, HANDSETS_LINE = 4 };

struct handset {
    uint32_t key;     /* 0: none */
    uint32_t numbers; /* places of them, in the newest term, */
    uint32_t before;  /* and in the one before */
    uint32_t told;    /* that term, and the calls of both */
};

struct handsets {
    struct handset *rows;
    uint32_t lines; /* 0: no room was given, and nobody is known */
    uint64_t forgotten;
    struct marks marks;
};

/* What was told of a handset lately: a detector's features. */
struct handset_load {
    uint32_t numbers; /* about; 0: not known */
    uint32_t calls;
};

size_t handsets_room(uint32_t handsets_most);
/* handsets_most: 0: none are kept. */
void handsets_init(struct handsets *h, void *room, uint32_t handsets_most);
/* The two lines that it may be in are called for: it will be asked for soon. */
void handsets_call(const struct handsets *h, uint32_t handset);
/* A number was heard in it. */
struct handset_told {
    uint32_t handset;
    uint32_t time_s;
    uint64_t number;
    uint32_t calls; /* that were not counted before: 0 or 1 */
};
/* now_s: the newest time of all, or later than that. */
void handsets_put(struct handsets *h, const struct handset_told *told, uint32_t now_s);
/* In its newest two terms. */
struct handset_load handsets_find(const struct handsets *h, uint32_t handset);

#endif
