/* SPDX-License-Identifier: Apache-2.0 */
/*
 * screen - is this number, name, link, account, device or company listed? Fast enough to stand in a
 * call's set-up or a DNS reply.
 *
 * Shape     Sealed shards (shard.h), and beside them a small delta (delta.h) of what has changed
 *           since; together a view, published by pointer. A value that stands in the delta is
 *           answered from there. When the delta has grown, screen_step seals it into the shards,
 *           one shard a step, while a new delta takes what comes.
 *
 *               entries --build--> shards --+--> view --> readers: enter, ask, leave
 *               changes --change--> delta --+
 *                          delta --step--> shards          view --save--> file --load--> view
 *
 *           allow beats block beats warn over all listings that cover the value: under itself and,
 *           of suffix, under each parent; for a url also those of its host. Of two that say the
 *           same the longer name speaks; of one value's, the one that ends later. `from` and
 *           `until` are obeyed to the microsecond. screen_judge (verdict.h) says the same.
 * Owns      Shards, deltas and the file's mapping.
 * Lives     From screen_open to screen_close, when no reader is inside.
 * Fails     ERR_LIMIT "limit.memory"; screen_load: ERR_ABSENT, ERR_CORRUPT, and then it holds what
 *           it held: nothing.
 * Threads   open, close, build, load, change and step: one writer. enter, ask, leave and save: any,
 *           at the same time. A reader never waits; the writer waits for slow readers when it has
 *           nothing left to reuse.
 * Bounds    13.9 bytes a number; a name 14.6 and itself. A change costs 1 us an entry, and memory
 *           of one shard (numbers 1/64, others 1/16) while it is sealed.
 */
#ifndef YUMEN_SCREEN_SCREEN_H
#define YUMEN_SCREEN_SCREEN_H

#include "screen/entry.h"
#include "screen/verdict.h"

struct screen;
struct screen_view;

/* `seed`: not to be known outside; `weak_bits` as key_seed's. */
err screen_open(const struct key_seed *seed, struct screen **ret_screen);
/* Accepts NULL. */
void screen_close(struct screen *s);

struct screen_intake;
struct screen_source {
    void *self;
    err (*give)(void *self, struct screen_intake *intake); /* screen_put for each entry */
};
err screen_put(struct screen_intake *intake, const struct screen_entry *entry);
/* In place of all there is, which goes first; not while it is being saved. `mark` is the caller's:
 * what the tables reflect, a ledger's size. */
err screen_build(struct screen *s, const struct screen_source *source, uint64_t mark);

struct screen_change {
    struct screen_entry entry;
    bool is_listed; /* false: this listing no longer counts */
};
/* Seen by every reader that enters afterwards. A listing that is there already is put again. */
err screen_change(struct screen *s, const struct screen_change *changes, size_t count,
                  uint64_t mark);
/* A part of what is to be done when there is time: at most one shard. *ret_more: call again. */
err screen_step(struct screen *s, bool *ret_more);
/* Has screen_step seal all that has changed so far, however little; screen_settle does it here. */
void screen_hurry(struct screen *s);
err screen_settle(struct screen *s);

/* --- asking --- */

struct screen_reader {
    struct screen *screen;
    const struct screen_view *view;
    size_t seat;
    uint64_t mark; /* what it reflects, at least */
    bool is_whole; /* false: what was there went, and what is to be there is being built */
};
struct screen_reader screen_enter(struct screen *s);
void screen_leave(struct screen_reader *r);

struct screen_answer {
    uint64_t listing; /* for screen_row, while the reader is inside */
    instant until;    /* of that listing */
    enum verdict verdict;
    bool is_listed; /* a pass that is listed is an allow */
};

struct screen_question {
    unsigned kind;
    str value; /* canonical */
};

struct screen_answer screen_ask(const struct screen_reader *r, unsigned kind, str value,
                                instant now);
void screen_ask_many(const struct screen_reader *r, const struct screen_question *questions,
                     size_t count, instant now, struct screen_answer *ret_answers);
/* Numbers as key_number gives them. */
void screen_ask_numbers(const struct screen_reader *r, const uint64_t *numbers, size_t count,
                        instant now, struct screen_answer *ret_answers);
/* The listing that says so. */
uint32_t screen_row(const struct screen_reader *r, const struct screen_answer *answer);
/* Of many, by their places; of what is not listed, 0. */
void screen_rows(const struct screen_reader *r, const struct screen_answer *answers, size_t count,
                 uint32_t *ret_rows);

/* --- the file --- */

/* Whose tables these are, and since when: `mark` is not beyond what the shards reflect; `tag` is
 * the caller's. */
struct screen_origin {
    uint64_t mark;
    uint64_t tag;
};
/* Atomically. What is not yet sealed is left out. */
err screen_save(struct screen *s, const char *path, const struct screen_origin *origin);
/* Into one that holds nothing. */
err screen_load(struct screen *s, const char *path, struct screen_origin *ret_origin);

/* --- figures --- */

struct screen_figures {
    uint64_t values[SHARD_CLASS_COUNT];
    uint64_t listings[SHARD_CLASS_COUNT]; /* marks included */
    uint64_t bytes[SHARD_CLASS_COUNT];
    uint64_t waiting; /* values in the deltas */
    uint64_t generation;
    uint64_t mark;        /* what readers are told from now on */
    uint64_t sealed_mark; /* what the shards alone reflect */
};
struct screen_figures screen_figures(struct screen *s);

#endif
