/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sieve - says of most ids that came never before that no table of ids has them: one line of
 * memory is looked at instead of one in every table.
 *
 * Shape     Lines of 512 bits. An id's hash chooses a line, in the order of the tables of ids, and
 *           four bits of it. All four set: it may have come; a table says whether. Where an id
 *           belongs follows from the 40 bits of hash that the tables keep.
 * Owns      Its pages.
 * Lives     From sieve_make to sieve_done; made anew, larger, from the tables when it is full.
 * Fails     sieve_make: ERR_LIMIT "limit.memory".
 * Threads   One.
 * Bounds    Ten bits an id, and then about one in a hundred that never came seems to have.
 */
#ifndef YUMEN_RUNS_SIEVE_H
#define YUMEN_RUNS_SIEVE_H

#include "env/pages.h"
#include "runs/ids.h"

struct sieve {
    struct pages pages;
    uint64_t line_count;
    uint64_t count;
    uint64_t room; /* ids it was made for */
};

err sieve_make(struct sieve *s, uint64_t room);
void sieve_done(struct sieve *s);
void sieve_put(struct sieve *s, uint64_t hash);
bool sieve_may_have(const struct sieve *s, uint64_t hash);
/* A hint to memory, before put or may_have. */
void sieve_fetch(const struct sieve *s, uint64_t hash);
/* Every id of a table. */
void sieve_pour(struct sieve *s, const struct ids *from);

#endif
