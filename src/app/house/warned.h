/* SPDX-License-Identifier: Apache-2.0 */
/*
 * warned - the one thread that owns the live episodes of numbers, and the way to it.
 *
 * Shape     Feeds judge their rows first, and tell of what matched: blocks of signals in a bounded
 *           ring. What an episode's new tier means is the port's to say.
 *
 *               feeds --tell--> ring --> live (src/warn) --> turns --> port: the store
 *                        full: dropped,    ^  `--> peek: whoever must answer at once
 *                        counted           `-- snapshot, a minute at the most behind
 *
 *           A number is here by its pseudonym (that of call records, sense/sighting.h); written
 *           out it stands in a block, until that is taken, and in the turn that comes of it.
 *           A source's clock that runs ahead is set right by what its newest rows were ahead at
 *           most lately, forgotten by a second a minute; further ahead than a row's reader bears,
 *           the row was refused there.
 * Owns      The episodes, the keys (wiped at the end), DIR/warned.
 * Lives     From warned_open to warned_close, inside which the clerks live.
 * Fails     warned_open never: what keeps it closed is its trouble; then nobody is warned, and
 *           everything else goes on.
 * Threads   open, close: main. A telling: one thread. peek, counts, trouble: any.
 * Bounds    WARNED_BLOCKS of WARNED_BLOCK signals wait; warn.numbers_most episodes.
 */
#ifndef YUMEN_APP_HOUSE_WARNED_H
#define YUMEN_APP_HOUSE_WARNED_H

#include "app/house/house.h"
#include "warn/live.h"

enum {
    WARNED_BLOCK = 32,
    WARNED_BLOCKS = 2048,
    WARNED_NUMBER_BYTES = 32,
    WARNED_SOURCES = 64,
    WARNED_BASIS_SHIFT = 28,
};

/* What a signal rests on, in its evidence: above WARNED_BASIS_SHIFT the kind, below it a listing's
 * row, where it is one. */
enum warned_basis {
    WARNED_LISTING = 1,
    WARNED_SUSPICION, /* of the number that called */
    WARNED_ORDER,     /* the payee's account stands under one */
    WARNED_EMPTYING,  /* the payee's account passes on what comes within the hour */
    WARNED_NEW,       /* never paid before */
};

/* Something seen about a number. */
struct warned_seen {
    enum signal_kind kind;
    enum warned_basis basis;
    uint32_t row; /* of the listing; else 0 */
    uint32_t time_s;
    uint16_t strength;
    uint64_t id; /* the source's own, hashed */
    str number;  /* canonical; longer than WARNED_NUMBER_BYTES is nobody's */
};

struct warned_item {
    struct signal signal;
    char number[WARNED_NUMBER_BYTES]; /* zeros behind it */
};

struct warned_block {
    uint32_t count;
    uint16_t source;
    struct warned_item at[WARNED_BLOCK];
};

/* A number's tier changed. */
struct warned_turn {
    struct warn_turn turn;
    uint32_t at_s;
    uint32_t part_count;
    struct episode_part parts[EPISODE_PARTS];
    char number[WARNED_NUMBER_BYTES]; /* empty: it fell because time passed */
    bool is_told;                     /* false: it is turned again */
};

struct warned_port {
    void *self;
    /* Waited for; says of each whether it is told. NULL: nobody hears of any. */
    void (*turned)(void *self, struct warned_turn *turns, size_t count);
};

enum warned_feed { WARNED_VISITS, WARNED_MESSAGES, WARNED_FEED_COUNT };

struct warned_counts {
    uint64_t matched[WARNED_FEED_COUNT]; /* rows, and those that named nothing listed */
    uint64_t unmatched[WARNED_FEED_COUNT];
    struct live_counts live;
    uint64_t held;    /* episodes */
    uint64_t told;    /* signals by feeds */
    uint64_t dropped; /* of these, because the ring was full */
    uint64_t turns;
    uint64_t untold; /* turns that could not be written, and will be turned again */
    uint64_t snapshots;
    uint64_t restored; /* episodes, at the start */
    instant snapshot_at;
    int64_t skew_most_s; /* of a source's clock, ahead */
};

struct warned;
void warned_open(struct house *house);
/* What was told is taken, the last snapshot written. Accepts a house without. */
void warned_close(struct house *house);
/* Before anybody tells. */
void warned_set_port(struct house *house, struct warned_port port);

/* --- telling --- */
struct warned_tell {
    struct house *house;
    struct warned_block block;
};

/* `feed` and `from` make it; 0: closed. */
uint16_t warned_source(const struct house *house, str feed, str from);
void warned_tell_begin(struct warned_tell *t, struct house *house, str feed, str from);
void warned_tell_put(struct warned_tell *t, const struct warned_seen *seen);
/* What is not handed over yet. */
void warned_tell_end(struct warned_tell *t);

/* What became of rows that were judged. */
void warned_judged(struct house *house, enum warned_feed feed, uint64_t matched,
                   uint64_t unmatched);

/* --- asking --- */

struct warned_peek {
    enum tier tier;
    int32_t micro; /* probability, millionths */
    int32_t evidence_mn;
};

/* What is known of a canonical number just now, were these seen, too; nothing: TIER_NONE and zeros.
 * Waits for one block at most. */
struct warned_peek warned_peek(struct house *house, str number, const struct warned_seen *seen,
                               size_t count);
/* False: closed. */
bool warned_show(struct house *house, struct warned_counts *ret_counts);
/* Why it is closed, or what was found damaged; OK: neither. */
err warned_trouble(struct house *house);
/* Of pseudonyms, as in call records; NULL: closed. */
const struct sight_keys *warned_keys(const struct house *house);
const struct warn_rules *warned_rules(const struct house *house);
str warned_rules_mark(const struct house *house); /* which weights, thresholds and curve */
/* 64 bits of it under the secret of pseudonyms; never 0. Open. */
uint64_t warned_hash(const struct house *house, str bytes);

#endif
