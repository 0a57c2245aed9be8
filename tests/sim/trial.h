/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trial - a store to be ill-treated, and everything that must hold of it afterwards.
 *
 * Shape     trial_open founds a centre where there is no file, and opens it where there is one.
 *           Chance is seeded and time is the test's, so that the same acts give the same bytes.
 *
 *               trial_apply, trial_deliver ... --trial_check--> "" or what is wrong, one sentence
 *
 * Owns      The store, two arenas, the file and what SQLite keeps beside it.
 * Lives     From trial_init to trial_done.
 * Fails     What the store fails with. trial_check does not fail, it finds.
 * Threads   One.
 * Bounds    As many listings as ORACLE_OWNERS.
 */
#ifndef YUMEN_TESTS_TRIAL_H
#define YUMEN_TESTS_TRIAL_H

#include "store/outbox.h"
#include "store/reader.h"
#include "store/store.h"

#define TRIAL_T0 INT64_C(1795349880000000)

enum { TRIAL_PATH = 128, TRIAL_FAULT_TEXT = 512 };

struct trial {
    struct arena boot;
    struct arena turn;
    struct random_source random;
    struct id_source ids;
    struct law_profile law;
    const struct providers *providers; /* NULL: none */
    struct sign_secret secret;
    const char *layer; /* file layer beneath, for faults */
    enum centre_kind centre_kind;
    struct store *store;
    char path[TRIAL_PATH];
    instant at;
    uint64_t seed;
    char fault[TRIAL_FAULT_TEXT];
};

/* A file of this name in the fastest temporary folder there is. */
void trial_init(struct trial *t, const char *name, uint64_t seed);
/* Closes, and removes the files. */
void trial_done(struct trial *t);
err trial_open(struct trial *t);
void trial_close(struct trial *t);
void trial_remove(struct trial *t);
/* The same file under another name: a place to start from again and again. */
void trial_copy(const struct trial *from, const struct trial *to);

extern const struct actor trial_centre;
extern const struct actor trial_public;
/* Founded with: ann (analyst), fay (feeder), bob (approver), cat (approver, commander), dan
 * (approver), sue (commander). Roles go by the first letter. */
struct actor trial_staff(const char *name);

/* One command, one transaction. */
err trial_apply(struct trial *t, const struct command *cmd);
/* A block of a domain for ten days, from now on. */
struct command trial_proposal(const struct trial *t, const char *id, const char *domain);
err trial_act(struct trial *t, enum act act, const char *id, const char *who);
/* What is due at `at`, each at its own moment, in one transaction. */
err trial_fire(struct trial *t, instant at, int *ret_fired);
/* Takes what the outbox holds where it belongs: the zone, or nowhere. */
err trial_deliver(struct trial *t);

/* Everything but the zone, which may be behind by what the outbox holds. NULL, or what is wrong. */
const char *trial_check(struct trial *t);
/* The zone, once the outbox is empty. */
const char *trial_check_zone(struct trial *t);
/* The same by listings that somebody else knows. */
struct oracle_listings;
const char *trial_check_zone_of(struct trial *t, const struct oracle_listings *listings);
/* A digest of every row of every table. */
struct digest trial_fingerprint(struct trial *t);

/* A listing as it stands; false when there is none. */
bool trial_listing(struct trial *t, const char *id, struct listing *ret_listing);

#endif
