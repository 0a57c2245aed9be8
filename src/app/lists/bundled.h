/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bundled - lists that come with the program: real ones that others keep and whose licences allow
 * it, and one of our own. They are sources like any other: proposed by one person, approved by
 * another, then taken in.
 *
 * Shape     A table of what to propose, and the files of data/lists: packed as they were published,
 *           ours as it was written.
 * Owns      Nothing.   Lives  For ever.   Fails  -   Threads  Any.
 * Bounds    About a dozen lists, under 1 MB.
 */
#ifndef YUMEN_APP_LISTS_BUNDLED_H
#define YUMEN_APP_LISTS_BUNDLED_H

#include "base/str.h"

struct bundled {
    const char *name; /* of the source, and of data/lists/NAME.txt, packed or not */
    int64_t size;     /* lines */
    const char *role;
    const char *kind;
    const char *action;
    const char *match;
    const char *reason; /* codes of the profile cn: options say otherwise */
    const char *basis;
    const char *licence;
    const char *origin;
    const char *region; /* or NULL */
    int64_t term_days;
    bool is_of_demonstration;
};

extern const struct bundled bundled_lists[];
extern const size_t bundled_count;

/* NULL when there is none of that name. */
const struct bundled *bundled_find(str name);
str bundled_bytes(const struct bundled *list);

#endif
