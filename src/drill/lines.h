/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lines - who has a telephone, with whom they speak, and near which mast they are.
 *
 * Shape     A line is a number; those of a kind are neighbours. What is fixed about one (carrier,
 *           home, contacts) follows from seed and number; only when it is free again takes memory.
 *
 *               accounts (persons, shops …) | honest lines by kind | scams' | other provinces
 *
 *           A scam's lines are given out as they are first used. The masts stand along one road,
 *           a person's near its home; each has three cells.
 * Owns      Its pages.
 * Lives     From lines_open to lines_close; a zeroed one may be closed.
 * Fails     ERR_LIMIT "limit.memory"; "drill.lines": more lines than eight digits can tell apart.
 * Threads   One.
 * Bounds    4 bytes a person and a line of a kind. LINE_NUMBERS lines.
 */
#ifndef YUMEN_DRILL_LINES_H
#define YUMEN_DRILL_LINES_H

#include "drill/world.h"

enum { LINE_ACTIVITY_MOST = 12 };
enum {
    LINE_NUMBERS = 100000000,
    LINES_OF_SCAMS = 1 << 21,
    LINES_OUTSIDE = 1000000,
    LINES_OF_SENDERS = 4096, /* the last of the scams': of messages, never called from */
    MAST_CELLS = 3
};

#define CELL_NONE UINT32_MAX

struct lines {
    const struct world *world;
    const struct call_params *params;
    uint32_t kind_first[KINDS_MOST + 1];
    uint32_t scam_first;
    uint32_t scam_next; /* the next that nobody has had */
    uint32_t outside_first;
    uint32_t masts;
    uint8_t carrier_slots[BANK_SLOTS];
    struct pages pages;
    uint32_t *free_at_s; /* since the beginning: of persons, then of lines of a kind */
};

/* Where somebody is, asked with dice that were thrown before. */
struct whereabouts {
    int64_t at_us;
    uint64_t bits;
};

err lines_open(const struct world *w, struct lines *ret_lines);
void lines_close(struct lines *l);
/* A line for a scam. */
err lines_take(struct lines *l, uint32_t *ret_line);

static inline bool line_is_person(const struct lines *l, uint32_t line)
{
    return line < l->world->persons;
}

static inline bool line_is_scam(const struct lines *l, uint32_t line)
{
    return line >= l->scam_first && line < l->outside_first;
}

/* Of an honest kind; false: somebody else's. */
bool line_kind(const struct lines *l, uint32_t line, uint32_t *ret_kind);
uint32_t line_carrier(const struct lines *l, uint32_t line);
/* The first of the lines whose calls show the same IMEI as this one's. */
uint32_t line_telephone(const struct lines *l, uint32_t line);
uint32_t line_imei(const struct lines *l, uint32_t line, int64_t at_us);
/* What a scam's messages come from. */
uint32_t line_sender(const struct lines *l, uint64_t bits);
/* A line of other provinces. */
uint32_t line_outside(const struct lines *l, uint64_t bits);

/* Has it a call at this moment? Firms and other provinces have as many telephones as it takes. */
bool line_is_busy(const struct lines *l, uint32_t line, int64_t at_us);
/* Or the other one of a telephone with two cards: it has one call at a time, too. */
bool line_is_in_use(const struct lines *l, uint32_t line, int64_t at_us);
void line_engage(struct lines *l, uint32_t line, int64_t until_us);

/* One of those whom a person calls, the dearest first; what p has in q, q mostly has in p. */
uint32_t line_contact(const struct lines *l, uint32_t person, uint32_t which);
uint32_t line_contacts(const struct lines *l, uint32_t person);
/* How much a person calls, of the most anybody does; the median is 1 of LINE_ACTIVITY_MOST. */
int64_t line_activity_micro(const struct lines *l, uint32_t person);
/* A person who lives around a mast. */
uint32_t line_person_near(const struct lines *l, uint32_t mast, uint64_t bits);

/* One of a mast's cells. */
uint32_t lines_cell(const struct lines *l, uint64_t mast, uint64_t sector);
/* The place of a line of a kind: a cell it shares with its neighbours. */
uint32_t line_base(const struct lines *l, uint32_t line);
/* CELL_NONE for who is abroad or has none. */
uint32_t line_cell(const struct lines *l, uint32_t line, struct whereabouts w);

#endif
