/* SPDX-License-Identifier: Apache-2.0 */
/*
 * box - do these cards sit in one device? The channel-exclusion test of one cell.
 *
 * Shape     calls of numbers seen in one cell --> turns --> who hands over? --> members
 *                                                    members --> channels never exceeded? --> box
 *
 *           A device has fewer channels than cards, and puts in another card once one has done its
 *           turn. Two things follow, whatever handsets it shows and however it changes them:
 *           where one card's turn ends another's begins within seconds, and there are never more
 *           calls at a time than channels. Both are held against what the cell's load by hour
 *           would give by chance, if everybody called without regard to the others.
 *           A turn is calls without a silence between; it is tried with two lengths of silence,
 *           since some change the card after each call and others after an hour.
 * Evidence  In thousandths of nats: how many times more likely than by chance is e to that. A
 *           member's holds for all numbers tried in the cell.
 * Owns      Nothing; what it returns lies in the arena.
 * Lives     As long as the arena.
 * Fails     ERR_LIMIT limit.memory.
 * Threads   Any.
 * Bounds    BOX_CALLS_MOST calls; time n log n, and members times channels for each hour of a day.
 * Source    Ours; algorithms of a single feature (shared handset, cell) are defeated by handsets
 *           drawn at random. The sum of unlike chances is Poisson's binomial.
 */
#ifndef YUMEN_SENSE_BOX_H
#define YUMEN_SENSE_BOX_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

enum { BOX_CALLS_MOST = 1 << 20, BOX_DAY_HOURS = 24, BOX_TURN_KINDS = 2 };

struct box_call {
    uint64_t key;  /* the pseudonym of who called; never 0 */
    uint64_t peer; /* of whom it called: they who wait for the same line hand over nothing */
    uint32_t start_s;
    uint32_t duration_s;
};

/* What is known of a cell. */
struct box_cell {
    const struct box_call *calls; /* of the numbers that are tried, in any order */
    size_t count;
    uint32_t
        load[BOX_DAY_HOURS]; /* calls by hour of the day, UTC, whoever made them; all 0: as these */
};

struct box_rule {
    uint32_t handover_s;                /* from the end of a turn to the next card's first call */
    uint32_t silence_s[BOX_TURN_KINDS]; /* what ends a turn; the first not below handover_s */
    uint32_t slack_s;                   /* by how much two clocks may differ */
    uint32_t turns_least;               /* fewer say nothing of a number */
    uint32_t members_least;             /* two cards in one telephone are no device */
    uint32_t member_evidence;           /* beyond what as many trials as numbers give by chance */
    uint32_t refused_share;             /* of a thousand starts, and */
    uint32_t refused_least; /* at least so many: a limit that chance hardly reaches is none */
};

extern const struct box_rule box_rule_preset;

struct box_member {
    uint64_t key;
    uint32_t turns;  /* of the kind that says most */
    uint32_t ends;   /* beginnings and ends of turns that were looked at: two a turn, */
    uint32_t handed; /* of these, with another card's on the other side */
    uint32_t chance; /* how many of a thousand would be by chance */
    uint32_t evidence;
};

struct box {
    struct box_member *members; /* by evidence; none: no box here */
    uint32_t count;
    uint32_t channels; /* the most calls at a time */
    uint32_t starts;   /* members' calls, */
    uint32_t refused;  /* of which so many would by chance have found all channels busy; none did */
    uint32_t first_s;
    uint32_t last_s;
};

err box_find(const struct box_rule *rule, const struct box_cell *cell, struct arena *arena,
             struct box *ret_box);

#endif
