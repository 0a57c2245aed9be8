/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch_inside - the room's memory, shared by its files. Nobody else includes it.
 *
 * Shape     As watch.h.   Owns  As watch.h.   Lives  As watch.h.   Fails  Never.
 * Threads   Under its mutex.
 * Bounds    Two sets of suspects, of which one is filled while the other is asked.
 */
#ifndef YUMEN_APP_WARNED_WATCH_INSIDE_H
#define YUMEN_APP_WARNED_WATCH_INSIDE_H

#include "app/warned/alert_turns.h"
#include "app/warned/payees.h"
#include "app/warned/watch.h"
#include "env/pages.h"

enum { SUSPECT_PLACES = 4 * SUSPECTS_MOST, CONTACTS = 1 << 18 };

/* Whose telephone is that of how many accounts. */
struct contact {
    uint64_t key;
    uint64_t accounts[CONTACT_ACCOUNTS];
    bool is_shared;
};

enum { STANDING_PLACES = 2 * STANDING_MOST, STANDING_LOOK = 64 };

/* Which alert stands about whom. */
struct standing {
    uint64_t about; /* of the live table; 0: nobody */
    char alert[32]; /* its id, ended */
};

struct watch {
    struct env_mutex mutex;
    struct pages pages;
    struct payees *payees;
    struct contact *contacts;
    struct standing *standing; /* the warned thread's */
    uint64_t *suspects;        /* hashes of numbers and accounts */
    uint64_t *filling;
    int64_t read_us; /* monotonic: not before */
    bool is_reading; /* somebody fills */
};

/* Suspects, as the store has them; seldom more often than once a second. */
void suspects_refresh(struct house *house);
uint64_t suspect_hash(const struct house *house, unsigned kind, str value);
/* Mutex held. */
bool suspects_has(const struct watch *w, uint64_t hash);

#endif
