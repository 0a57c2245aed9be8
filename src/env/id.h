/* SPDX-License-Identifier: Apache-2.0 */
/*
 * id - names for records: opaque, URL-safe, and sorting by the time they were made.
 * ref - a public reference nobody can guess, easy to read out over a telephone.
 *
 * Shape     id   26 letters of Crockford's base 32: 48 bits of milliseconds, 80 random bits. A
 *                second id within the same millisecond (or after the clock stepped back) is the
 *                last one plus one, so that one process never makes them out of order.
 *           ref  16 letters in four groups, "7K3M-2Q9D-XW4R-80TN": 80 random bits.
 * Owns      Nothing; the text is NUL-terminated in the caller's room.
 * Lives     The source: as long as its struct.
 * Fails     ref_parse: ERR_MALFORMED "ref.malformed".
 * Threads   One at a time per id_source.
 * Bounds    Years to 10889.
 */
#ifndef YUMEN_ENV_ID_H
#define YUMEN_ENV_ID_H

#include "base/err.h"
#include "base/instant.h"
#include "env/random.h"

enum { ID_ROOM = 27, REF_ROOM = 20 };

struct id_source {
    struct random_source *random;
    uint64_t last_ms;
    unsigned char last[10]; /* the random part of the last id */
};

void id_source_init(struct id_source *s, struct random_source *random);
void id_make(struct id_source *s, instant now, char ret_id[ID_ROOM]);
/* 26 letters of the alphabet in use, upper case, and no more than 128 bits. */
bool id_is_wellformed(str s);

/* The 128 bits of an id, the first ones first; false when it is none. Its letters, and no NUL. */
bool id_number(str id, uint64_t ret_number[2]);
void id_letters(const uint64_t number[2], char ret_letters[ID_ROOM - 1]);

void ref_make(struct random_source *random, char ret_ref[REF_ROOM]);
/* As people type it: any case, groups or not, O for 0, I and L for 1. Gives the form of ref_make.
 */
err ref_parse(str typed, char ret_ref[REF_ROOM]);

#endif
