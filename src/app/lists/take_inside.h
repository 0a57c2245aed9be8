/* SPDX-License-Identifier: Apache-2.0 */
/*
 * take_inside - what take.c (the way of a list), take_read.c (file to sorted entries), take_rules.c
 * (what speaks against an entry), take_conflict.c (so that a person decides), take_protect.c (what
 * a list that protects does to others'), take_unusual.c (is it what one may expect) and take_wait.c
 * (the file of one that waits) share. Nobody else includes it.
 *
 * Shape     One array of entries, sorted by value; each gets a fate.
 * Owns      Its arenas.   Lives  One list.   Fails  As take.h.   Threads  The feeds' clerk.
 * Bounds    As take.h.
 */
#ifndef YUMEN_APP_LISTS_TAKE_INSIDE_H
#define YUMEN_APP_LISTS_TAKE_INSIDE_H

#include "app/call/refuse.h"
#include "app/house/ask.h"
#include "app/lists/take.h"
#include "feed/answer.h"
#include "kit/strmap.h"

enum fate { FATE_ENTER, FATE_KEEP, FATE_RENEW, FATE_CONFLICT, FATE_KNOWN_CONFLICT };

/* Why what was in force is not any more: it is not on the list; it is, but something speaks against
 * it; or only against what is below it, and it enters anew as itself alone. */
enum gone_why { GONE_MISSING, GONE_CONFLICT, GONE_NARROWED };

struct gone {
    str listing;
    enum gone_why why;
};

struct entry {
    str value;
    str display;
    str other; /* FATE_RENEW: the listing; FATE_CONFLICT: what speaks against it */
    uint8_t fate;
    uint8_t rule;
    bool is_public; /* suffix: told when it is read */
    bool is_exact;  /* a shared platform: the host, never what is below it */
};

struct take {
    struct call *call;
    struct house *house;
    const struct source *source;
    struct actor actor;
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
    struct member members[TAKE_PORTION];
};

/* `write` is asked of the store, one group after the other, until t->at is at `end`. */
err take_write_in_groups(struct take *t, ask_fn *write, const size_t *end);
/* As the one who sends the list does it to a listing. */
struct command take_member(const struct take *t, enum act act, str record);
/* Of t->members, the first `count`: how many the desk let pass. */
int64_t take_count_done(const struct take *t, size_t count);
str take_gone_why(const struct take *t, enum gone_why why);

/* The entries whose fate is a conflict, to the queue (take_conflict.c). */
err take_conflicts(struct take *t);
/* Inside a transaction: one of them, of whichever source. */
err take_find_conflict(struct take *t, struct store *store, instant at, struct arena *turn,
                       const struct conflict *found);

/* File or body to sorted entries without repetitions; refusals go to the store as they come. */
err take_read(struct take *t);
/* Gives conflicts their fate. */
err take_judge(struct take *t, struct reader *reader);

/* What protects, of the kind of the list, as it stands. */
struct rules;
err take_rules_make(struct take *t, struct reader *reader, struct rules **ret_rules);
/* What is in force already, with all below it or alone: only what protects speaks against it. */
void take_judge_standing(struct rules *rules, struct entry *e, bool is_wide);

/* The names of a list that protects; then what other lists say of them goes. */
err take_protect(struct take *t);
err take_refusals_flush(struct take *t);
/* Why a person has to look at it (take_unusual.c); NULL: nothing is unusual. */
const char *take_find_unusual(const struct take *t);

/* Of a list that waits (take_wait.c). */
err take_waiting_path(const struct house *house, str batch, char path[PATH_BYTES + 64]);
err take_keep_waiting(struct take *t);

#endif
