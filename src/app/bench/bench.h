/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench - small measurements of this machine, each beside a peer in the same run: what the same
 * work costs without what Yumen adds.
 *
 * Shape     A measurement runs ours and the peer in turns, and keeps the median of each one's.
 *
 *               store    approvals a second, on the disk    plain SQLite, same bytes and commits
 *               ledger   leaves a second, in memory         SHA-256 of the same bytes
 *               check    time from text to verdict          one look-up by SQL
 *               screen   look-ups a second in memory,       binary search of a sorted array,
 *                        changes, the file                  SQLite in memory, reading the file
 *               trail    the index, reach from victims      plain C arrays, offsets and edges
 *               calls    call records a second, bytes a    plain C arrays; SQLite; cutting
 *                        number; reading the feed; kept,    at the commas; reading the same
 *                        and ready again                    files
 *               warn     signals a second into episodes         plain table of fading sums
 *               timers   how late alerts' timers are, many      what is asked of them
 *                        a second and all at once
 *               sip      INVITEs screened over UDP,         Kamailio with the same numbers
 *                        their answers' delay, memory
 *               race     a ranking, a whole pass; what it   sorting alone; from nothing; an
 *                        saves, whom it harms, in a month   oracle, others' ways of stopping
 *
 * Owns      A temporary folder with a centre in it, dropped at the end.
 * Lives     A call of cmd_bench.
 * Fails     As store and file.
 * Threads   Main; the centre's own beside it.
 * Bounds    A few seconds and 100 MiB; screen, trail, race, calls, warn, timers and sip, only
 *           when they are asked for, minutes each and 1, 6, 1, 6, 1, 1 and 1 GiB;
 *           calls 12 GiB of the disk.
 */
#ifndef YUMEN_APP_BENCH_BENCH_H
#define YUMEN_APP_BENCH_BENCH_H

#include "app/house/house.h"

enum { BENCH_RESULTS_MAX = 64, BENCH_ROUNDS = 3, BENCH_LISTINGS = 3000 };

struct bench_result {
    const char *name; /* "store.batch"; "cli.bench." before it is the label's key */
    const char *unit; /* the same way */
    bool is_time;     /* less is better */
    double ours;
    double peer;
    double bar; /* the least that ours may be beside the peer; 0: nobody asks */
};

struct bench {
    char folder[PATH_BYTES];
    struct house *house; /* with BENCH_LISTINGS in force, once bench_open has run */
    struct arena arena;
    struct bench_result results[BENCH_RESULTS_MAX];
    size_t count;
    const char *skipped; /* the key of why a measurement was left out; NULL: none was */
};

/* The bodies of the ledger's leaves: what the peers are given to chew. */
struct bench_bodies {
    str *at;
    size_t count;
};

err bench_open(struct bench *b);
void bench_close(struct bench *b);
/* With the files in it. */
void bench_drop_folder(struct bench *b, const char *folder);
err bench_bodies(struct bench *b, const char *act, size_t most, struct bench_bodies *ret_bodies);

err bench_store(struct bench *b);
err bench_ledger(struct bench *b);
err bench_check(struct bench *b);
err bench_screen(struct bench *b);
err bench_trail(struct bench *b);
err bench_case(struct bench *b); /* part of the trail's */
err bench_race(struct bench *b);
err bench_pass(struct bench *b); /* part of the race's */
err bench_calls(struct bench *b);
err bench_warn(struct bench *b);
err bench_warned(struct bench *b); /* part of warn's */
err bench_timers(struct bench *b);
err bench_sip(struct bench *b); /* left out where Kamailio is not installed */

void bench_add(struct bench *b, const struct bench_result *result);
double bench_median(double samples[BENCH_ROUNDS]);

#endif
