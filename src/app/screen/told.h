/* SPDX-License-Identifier: Apache-2.0 */
/*
 * told - what a verdict tells of a listing, kept for those who ask again.
 *
 * Shape     What is told of a million entries of a list differs in their ids only. So the words
 *           are kept once, as a form with places for the id, and of each listing its id and form:
 *
 *               row, language --look--> id, form --write--> its words
 *                  | not there: read the listing                  ^
 *                  +--join--> a form of the same origin is there -+
 *                  +--put---> its words make a new form ----------+
 *
 *           What is kept of a listing counts until a leaf speaks of it: told_drop, before tables
 *           that reflect the leaf are published. What was read before is not taken afterwards.
 * Owns      Its memory; a process has as much of it as was ever needed.
 * Lives     From told_open to told_close, when nobody asks any more.
 * Fails     ERR_LIMIT "limit.memory". What is too long, or has no room, is not kept.
 * Threads   Any. Two locks are held, one after the other, for one copy each.
 * Bounds    TOLD_LISTINGS of 24 bytes, TOLD_FORMS of TOLD_BYTES: 43 MiB. The oldest form goes.
 */
#ifndef YUMEN_APP_SCREEN_TOLD_H
#define YUMEN_APP_SCREEN_TOLD_H

#include "base/instant.h"
#include "base/str.h"

enum {
    TOLD_LISTINGS = 5 << 18,
    TOLD_FORMS = 8192,
    TOLD_BYTES = 1280,
    TOLD_LANGUAGES = 4,
    TOLD_PLACES = 3
};

struct told;

struct told_key {
    uint64_t mark; /* leaves that the tables reflected when they gave the verdict */
    uint32_t row;
    unsigned language;
};

/* Where words come from: the same origin and language have the same words, but for the id. */
struct told_origin {
    uint64_t who[2];  /* id_number of the source, or of a listing that speaks for itself */
    int64_t revision; /* of the listing that does; 0 of a source: its words stay as approved */
    instant from;
    instant until;
};

/* What is kept of one listing. */
struct told_words {
    uint64_t id[2]; /* id_number */
    uint32_t form;
};

/* The form that was written last, so that the next of many that has it needs no lock. It may be as
 * old as its first use: zero it where what is asked begins. */
struct told_pen {
    uint32_t form; /* 0: none */
    uint16_t size;
    uint16_t places[TOLD_PLACES]; /* where an id goes */
    uint8_t place_count;
    char words[TOLD_BYTES];
};

err told_open(struct told **ret_told);
/* Accepts NULL. */
void told_close(struct told *t);

/* It will be looked for soon. */
void told_expect(const struct told *t, const struct told_key *key);
bool told_look(struct told *t, const struct told_key *key, struct told_words *ret_words);
/* False, and nothing written, when its form has gone since. */
bool told_write(struct told *t, const struct told_words *words, struct told_pen *pen,
                struct text *to);

/* The listing was read after the verdict was given: it is what `mark` leaves say, or newer. */
bool told_join(struct told *t, const struct told_key *key, const struct told_origin *origin,
               struct told_words *words);
/* Likewise, with what is told of it: the id stands in it as it is written. */
void told_put(struct told *t, const struct told_key *key, const struct told_origin *origin,
              const uint64_t id[2], str words);

/* A leaf below `mark` speaks of the listing. */
void told_drop(struct told *t, uint32_t row, uint64_t mark);
/* Leaves below `mark` may speak of any. */
void told_forget(struct told *t, uint64_t mark);

#endif
