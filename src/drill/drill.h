/* SPDX-License-Identifier: Apache-2.0 */
/*
 * drill - a simulated province that speaks only the public feeds: people who earn, buy and help
 * each other, scams, and banks with their habits. One world, growing with every issue.
 *
 * Shape     Open it with a seed and a size, run it to a moment or to its end, close it. The same
 *           seed, size and parameters give the same rows on every machine, in the order in which
 *           a centre would receive them.
 *
 *               drill_open(&settings, &port, &arena, &d);
 *               while (drill_goes_on(d)) TRY(drill_run(d, until_us));
 *               drill_close(d);
 *
 *           After its days nothing new begins, but what is on its way arrives: files of the banks,
 *           what is pending, and what the mules still have.
 * Owns      The world's pages; everything else is in the arena it was given.
 * Lives     From open to close; close accepts NULL.
 * Fails     "drill.scale", "drill.days", "limit.memory", and what the port says.
 * Threads   One; drill_rows: any.
 * Bounds    About 20 bytes an account, 64 a row that a bank or carrier has not sent yet, and 56 a
 *           call in progress. Days to 3660.
 */
#ifndef YUMEN_DRILL_DRILL_H
#define YUMEN_DRILL_DRILL_H

#include "base/arena.h"
#include "drill/params.h"
#include "drill/rows.h"

enum { DRILL_DAYS_MOST = 3660 };

struct drill;
struct world;

struct drill_settings {
    uint64_t seed;
    uint32_t scale; /* subscribers */
    uint32_t days;
    bool is_silent; /* emit.h: its port takes no calls */
    const struct params *params;
};

struct drill_counts {
    int64_t rows; /* handed to the port: changes of status and what was sent twice too */
    int64_t transfers;
    int64_t rejected;
    int64_t reversed;
    int64_t again; /* sent twice */
    int64_t incidents;
    int64_t stolen_fen;
    int64_t mules;
    int64_t calls;
    int64_t call_rows;   /* as rows: of phases, and sent twice too */
    int64_t calls_again; /* rows */
    int64_t scam_calls;
    int64_t scam_numbers;
    int64_t racks;
    int64_t visits; /* rows, sent twice too; so are messages */
    int64_t messages;
    int64_t episodes; /* of victims and of others who were baited */
    int64_t asks;     /* of banks, before they book */
};

err drill_open(const struct drill_settings *s, const struct drill_port *port, struct arena *a,
               struct drill **ret_drill);
void drill_close(struct drill *d);
/* Hands every account to the port, bank by bank. */
err drill_accounts(struct drill *d);
/* Everything that happens before `until_us`. */
err drill_run(struct drill *d, int64_t until_us);
bool drill_goes_on(const struct drill *d);
/* Hands every incident to the port; after the end. */
err drill_tell(struct drill *d);

const struct world *drill_world(const struct drill *d);
struct drill_counts drill_counted(const struct drill *d);
int64_t drill_rows(const struct drill *d);
/* Roughly how many rows there will be. */
int64_t drill_rows_expected(const struct drill *d);

#endif
