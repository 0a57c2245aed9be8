/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zone_part - what the files of the zone know of each other: what listings say of a domain, and
 * what the zone says of it and its neighbours.
 *
 * Shape     A domain is "turned" here, its labels from the top down, so that all that lies below a
 *           name stands together and behind it, as in the table rpz_domain:
 *
 *               evil.com     com.evil.
 *               a.evil.com   com.evil.a.       below evil.com: from "com.evil." to "com.evil/"
 *
 *           zone_names.c    listings --> domains whose word has changed, before and after
 *           zone_policy.c   a word and what covers it --> policies
 *           zone_reader.c   all words in order --> all owners of the zone in order
 *           zone.c          few domains: their neighbours one by one, before and after;
 *                           many: two readers side by side
 *
 * Owns      Nothing; names are in the turn arena.
 * Lives     One zone_update.
 * Fails     As sql; "limit.memory".
 * Threads   The store thread.
 * Bounds    As many names as are listed at or below what changed, and their parents.
 */
#ifndef YUMEN_STORE_ZONE_PART_H
#define YUMEN_STORE_ZONE_PART_H

#include "store/zone.h"

enum { ZONE_TURNED_MAX = 256, ZONE_LABELS_MAX = 128 };

enum zone_policy {
    ZONE_NOTHING,
    ZONE_NOTICE,
    ZONE_NXDOMAIN,
    ZONE_NODATA,
    ZONE_TCP_ONLY,
    ZONE_PASSTHRU,
};

enum zone_allow { ZONE_ALLOW_NOT, ZONE_ALLOW_EXACT, ZONE_ALLOW_SUFFIX };

/* What the listings in force on exactly one domain say. All zero: there are none. */
struct zone_word {
    uint8_t allow;       /* enum zone_allow */
    uint8_t block;       /* enum zone_policy: of the newest, exact or suffix */
    uint8_t block_below; /* of the newest by suffix */
};

/* What covers a name from above. */
struct zone_cover {
    bool has_allow;
    uint8_t block; /* of the nearest ancestor that is blocked by suffix */
};

struct zone_policies {
    uint8_t exact; /* what the name itself gets */
    uint8_t below;
};

/* A domain whose word changes. */
struct zone_turn {
    str turned;
    struct zone_word before;
    struct zone_word after;
};

struct zoning {
    struct store *store;
    instant now;
    struct arena *turn;
    const struct zone_sink *sink;
    enum zone_way way;
    bool is_large, is_many;  /* listings are read side by side; one pass over all is cheaper */
    struct zone_turn *turns; /* in order */
    size_t turn_count;
    struct zone_changes changes;
    bool forgets_past; /* this step is too large to be remembered one by one */
};

/* --- zone_names.c --- */

/* Which domains' words change. Nothing is written yet. */
err zone_turns(struct zoning *z, struct zone_listings listings);
err zone_turns_write(struct zoning *z);
/* What the zone was told last of exactly this domain. */
err zone_word_find(struct zoning *z, str turned, struct zone_word *ret_word, bool *ret_has);
void zone_bind_policy(struct sql_row *row, int n, uint8_t policy);

/* --- zone_policy.c --- */

str zone_policy_word(uint8_t policy); /* "" for nothing */
uint8_t zone_policy_parse(str word);  /* what a listing or a row says */
bool zone_word_is_none(struct zone_word word);
bool zone_word_is_equal(struct zone_word a, struct zone_word b);
/* `is_known`: the zone knows the name, if only as the parent of another. */
struct zone_policies zone_policies(struct zone_word word, struct zone_cover cover, bool is_known);
/* What covers the names below this one. */
struct zone_cover zone_cover_below(struct zone_word word, struct zone_cover cover);

/* "a.evil.com" is "com.evil.a."; `room` has ZONE_TURNED_MAX bytes. Empty when it has no room. */
str zone_turn_over(str domain, char *room);
str zone_turn_back(str turned, char *room);
/* The parent's turned name; empty above the top. */
str zone_parent(str turned);

/* --- zone_reader.c --- */

/* Where words come from, in order. */
struct zone_source {
    void *self;
    err (*next)(void *self, str *ret_turned, struct zone_word *ret_word, bool *ret_has);
};

struct zone_owner {
    str turned; /* of the domain, or "com.evil.*." below it */
    uint8_t policy;
};

struct zone_level {
    size_t size; /* of the ancestor's turned name */
    struct zone_cover cover;
};

struct zone_reader {
    struct zone_source source;
    char key[ZONE_TURNED_MAX]; /* the domain read last */
    size_t key_size;
    struct zone_level levels[ZONE_LABELS_MAX]; /* its ancestors with words */
    size_t level_count;
    size_t visit;   /* bytes of the key up to the next name to give */
    bool has_below; /* the name before it still has its wildcard to give */
    struct zone_policies policies;
    struct zone_word word;
    char owner[ZONE_TURNED_MAX + 2];
};

void zone_reader_begin(struct zone_reader *r, struct zone_source source);
err zone_reader_next(struct zone_reader *r, struct zone_owner *ret_owner, bool *ret_has);

/* Every word of the table, as a source. */
struct zone_table {
    struct sql_row *row;
};
/* Two may go on at once. */
enum zone_reading { ZONE_READING, ZONE_READING_TOO };
err zone_table_open(struct sql *db, enum zone_reading reading, struct zone_table *t);
void zone_table_close(struct zone_table *t);
struct zone_source zone_table_source(struct zone_table *t);

#endif
