/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fields - the words of a line of one of this folder's files, taken one after the other.
 *
 * Shape     Wrong once, wrong for good: who has taken all that there should be asks fields_is_done.
 * Owns      Nothing.   Lives  As long as the bytes.   Threads  Any.
 * Fails     Says so at the end.
 * Bounds    -
 */
#ifndef YUMEN_WARN_FIELDS_H
#define YUMEN_WARN_FIELDS_H

#include "base/str.h"
#include "warn/signal.h"

struct fields {
    str rest;
    bool is_wrong;
};

/* False: it does not begin with that word and a blank. */
bool fields_begin(str bytes, const char *word, struct fields *ret_fields);
str fields_word(struct fields *l);
/* What is left, blanks and all. */
str fields_rest(struct fields *l);
int64_t fields_number(struct fields *l, int64_t least, int64_t most);
enum signal_kind fields_kind(struct fields *l);
/* Nothing was wrong, nothing is left. */
bool fields_is_done(const struct fields *l);

#endif
