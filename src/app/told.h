/* SPDX-License-Identifier: Apache-2.0 */
/*
 * told - what a verdict tells of a listing, kept as it was written for those who ask again.
 *
 * Shape     By the listing's row and the reader's language. What was kept counts only while the
 *           tables reflect the same number of leaves as when it was written: after each commit
 *           everything is read and written anew, so nothing here can be older than a verdict.
 *
 *               verdict by row --told_find--> its words, or not: read, write, told_put
 *
 * Owns      Its memory; a process has as much of it as was ever needed.
 * Lives     From told_open to told_close, when nobody asks any more.
 * Fails     ERR_LIMIT "limit.memory". What is too long, or has no room, is not kept.
 * Threads   Any. A lock is held for one copy.
 * Bounds    TOLD_MOST of TOLD_BYTES, 10 MiB; of four that share a place the oldest goes.
 */
#ifndef YUMEN_APP_TOLD_H
#define YUMEN_APP_TOLD_H

#include "base/str.h"

enum { TOLD_MOST = 8192, TOLD_BYTES = 1280 };

struct told;

struct told_key {
    uint64_t mark; /* leaves that the tables reflected when they gave the verdict */
    uint32_t row;
    unsigned language;
};

err told_open(struct told **ret_told);
/* Accepts NULL. */
void told_close(struct told *t);

/* False when it is not there. */
bool told_find(struct told *t, const struct told_key *key, char room[TOLD_BYTES], str *ret_words);
/* `words` were read after the verdict was given: they are what `mark` leaves say, or newer. */
void told_put(struct told *t, const struct told_key *key, str words);

#endif
