/* SPDX-License-Identifier: Apache-2.0 */
/*
 * take_inside - what take.c (the way of a list), take_read.c (file to sorted entries), take_rules.c
 * (what speaks against an entry), take_unusual.c (is it what one may expect) and take_wait.c (the
 * file of one that waits) share. Nobody else includes it.
 *
 * Shape     One array of entries, sorted by value; each gets a fate.
 * Owns      Its arenas.   Lives  One list.   Fails  As take.h.   Threads  The feeds' clerk.
 * Bounds    As take.h.
 */
#ifndef YUMEN_APP_TAKE_INSIDE_H
#define YUMEN_APP_TAKE_INSIDE_H

#include "app/refuse.h"
#include "app/take.h"
#include "feed/answer.h"
#include "kit/strmap.h"

enum fate { FATE_ENTER, FATE_KEEP, FATE_RENEW, FATE_CONFLICT, FATE_KNOWN_CONFLICT };

struct gone {
    str listing;
    bool is_conflict; /* still on the list, but something speaks against it */
};

struct entry {
    str value;
    str display;
    str other; /* FATE_RENEW: the listing; FATE_CONFLICT: what speaks against it */
    uint8_t fate;
    uint8_t rule;
    bool is_exact; /* a shared platform: the host, never what is below it */
};

struct take {
    struct call *call;
    struct house *house;
    const struct source *source;
    struct arena keep; /* as long as the list */
    struct arena turn; /* one line, one group */
    struct entry *entries;
    size_t count;
    size_t room;
    struct feed_refusal *refused; /* not yet written */
    size_t refused_count;
    const char *trouble; /* why a person has to look at it; NULL: nothing */
    str waited_for;      /* of a list that somebody has looked at */
    struct gone *vanished;
    size_t vanished_count;
    size_t vanished_room;
    struct feed_answer answer;
    struct refusals refusals;
    struct batch counts;
    bool is_answered;

    size_t at; /* of the walk that writes */
    unsigned step;
    struct member members[TAKE_GROUP];
};

/* File or body to sorted entries without repetitions; refusals go to the store as they come. */
err take_read(struct take *t);
/* Gives conflicts their fate. */
err take_judge(struct take *t, struct reader *reader);
err take_refusals_flush(struct take *t);
/* Why a person has to look at it (take_unusual.c); NULL: nothing is unusual. */
const char *take_find_unusual(const struct take *t);

/* Of a list that waits (take_wait.c). */
err take_waiting_path(const struct house *house, str batch, char path[PATH_BYTES + 64]);
err take_keep_waiting(struct take *t);

#endif
