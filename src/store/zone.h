/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zone - the response policy zone as the store keeps it: what the listings in force say of each
 * domain, what each owner name's policy is by that, and which serial brought which change.
 *
 * Shape     allow beats block: an owner's policy is worked out from every listing that covers it.
 *
 *               listings changed --> domains' words --> policies before, after --> serial + 1
 *
 *           exact block on N      N             notice | nxdomain | nodata | tcp_only
 *           suffix block on N     N and *.N
 *           allow covering N      N (and *.N by suffix)   passthru; blocks below it vanish
 *           N between the two     N and *.N               what the ancestor's wildcard would say
 *
 * Owns      Nothing; changes are told to a sink, in order, and not kept.
 * Lives     Tables rpz_domain (the whole zone follows from it), rpz_change, rpz_serial.
 * Fails     As sql.
 * Threads   The store thread.
 * Bounds    About 120 bytes of the turn for each listing. A step of more than ZONE_PAST_MOST
 *           domains leaves no past. Serials begin at the clock's seconds, go up by one, and after a
 *           restore leap past everything that may have been published (docs/decisions).
 */
#ifndef YUMEN_STORE_ZONE_H
#define YUMEN_STORE_ZONE_H

#include "store/store.h"

enum { ZONE_LEAP = 1000000, ZONE_LEAP_A_SECOND = 32, ZONE_PAST_MOST = 50000 };

/* Owners are turned: "com.evil." is evil.com, "com.evil.*." is *.evil.com. */
struct zone_change {
    str turned;
    str before; /* policy word, empty: the owner was not in the zone */
    str after;  /* empty: the owner is no longer in the zone */
};

struct zone_changes {
    size_t count;    /* of owners */
    uint32_t serial; /* of the zone after them; 0 when nothing changed */
};

struct zone_listings {
    const str *at; /* ids */
    size_t count;
};

/* Hears of each owner that changes, in bytewise order, once. */
struct zone_sink {
    void *self;
    err (*change)(void *self, const struct zone_change *change);
};

/* Two ways to the same end. */
enum zone_way {
    ZONE_CHEAPER,     /* by how many domains change, and how many there are */
    ZONE_ONE_BY_ONE,  /* each domain and its neighbours */
    ZONE_ALL_AT_ONCE, /* the whole zone, before and after, in one pass */
};

struct zone_ask {
    instant now;
    struct arena *turn;
    const struct zone_sink *sink; /* NULL: nobody hears */
    enum zone_way way;            /* as it comes, but in tests */
    bool leaves_no_past;          /* a piece of a larger step: whoever was away takes all */
};

/*
 * Inside a transaction: what these listings' changes do to the zone, written down. One that has
 * been erased meanwhile cannot say which name it was: then the whole zone is looked at again.
 */
err zone_update(struct store *store, struct zone_listings listings, struct zone_ask ask,
                struct zone_changes *ret_changes);

/* 0 before the first. */
err zone_serial(struct sql *db, uint32_t *ret_serial);
/* Inside a transaction, all four. A later serial: for changes, or to give the same state anew. */
err zone_renew(struct store *store, instant now, uint32_t *ret_serial);
/* Before it is served: its first serial. `mark` tells which records stand behind its names; when
 * they are others than last time, a later serial without past, so that all is fetched anew. */
err zone_open(struct store *store, uint64_t mark, instant now);
/* Nothing of what was: everybody fetches the whole zone. */
err zone_forget(struct store *store);
/* After a restore, before anything else is done to the zone. */
err zone_leap(struct store *store, instant now);

/* Every owner of the zone, turned, in bytewise order. */
struct zone_walk {
    void *self;
    err (*name)(void *self, str turned, str policy);
    err (*change)(void *self, uint32_t serial, const struct zone_change *change);
};
err zone_walk_names(struct sql *db, const struct zone_walk *walk);
/* Changes with a serial after `since`, in order of serial, then owner. */
err zone_walk_changes(struct sql *db, uint32_t since, const struct zone_walk *walk);
/* When the first change was made that whoever has this serial lacks; *ret_at is left alone when
 * there is none, or none is remembered. */
err zone_behind_since(struct sql *db, uint32_t serial, instant *ret_at);
/* The serial after which there are at most `most` changes. */
err zone_since(struct sql *db, int64_t most, uint32_t *ret_since);

#endif
