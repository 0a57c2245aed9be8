/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nouns - all records of a centre in one place: listing and appeal (listing.h), user and session
 * (people.h), source and conflict (source.h), incident, report and claim (report.h), order and
 * receipt (order.h), round and share (round.h), alert (alert.h), what stands beside it
 * (outreach.h), batch, signing key, and the centre itself.
 *
 * Shape     Flat structs, one per kind, described field by field in nouns.c (record.h). The words a
 *           state or a kind may be are the words on the wire (and in the database's CHECKs).
 * Owns      Nothing; see record.h.
 * Lives     A record, one turn. The words, for ever.
 * Fails     -
 * Threads   Any.
 * Bounds    union record is as large as its largest member; copy it, do not keep it.
 */
#ifndef YUMEN_FACT_NOUNS_H
#define YUMEN_FACT_NOUNS_H

#include "fact/alert.h"
#include "fact/guardian.h"
#include "fact/incident.h"
#include "fact/listing.h"
#include "fact/order.h"
#include "fact/outreach.h"
#include "fact/people.h"
#include "fact/receipt.h"
#include "fact/report.h"
#include "fact/round.h"
#include "fact/source.h"
#include "fact/suspicion.h"
#include "fact/tip.h"

enum batch_state { BATCH_OPEN, BATCH_WAITING, BATCH_DONE, BATCH_DISMISSED };
extern const char *const batch_state_words[];

struct batch {
    str id;
    str feed;
    str source;    /* file name or peer, as told; or the source's name */
    str source_id; /* of a list that comes under an approved source */
    str user;
    unsigned state;
    str waits_for; /* a catalogue key: why a person has to look at it first */
    int64_t accepted;
    int64_t duplicate;
    int64_t refused;
    int64_t late;    /* of those accepted: too old to count */
    int64_t entered; /* of a list: new, renewed, gone from it, and in the queue of conflicts */
    int64_t renewed;
    int64_t vanished;
    int64_t conflicts;
    instant opened_at;
    instant closed_at;
    str division;
    int64_t revision;
};

enum key_kind { KEY_LEDGER, KEY_TSIG, KEY_PSEUDONYM };
extern const char *const key_kind_words[];
enum key_state { KEY_CURRENT, KEY_RETIRED };
extern const char *const key_state_words[];

struct signing_key {
    str id;
    unsigned kind;
    unsigned state;
    str public_part; /* hex; the ledger's verification key. Secrets live in DIR/keys, never here */
    instant made_at;
    instant retired_at;
    str division;
    int64_t revision;
};

enum centre_kind { CENTRE_REAL, CENTRE_DEMONSTRATION, CENTRE_DRILL };
extern const char *const centre_kind_words[];

/* One row: what this store is. */
struct centre {
    str id;
    str name;
    unsigned kind;
    str profile;
    str division;
    int64_t is_outbox_held; /* 1 after a restore until somebody has reconciled it */
    int64_t is_first_run;   /* 1 until the first listing comes into force */
    instant made_at;
    instant restored_at;
    int64_t revision;
};

union record {
    struct listing listing;
    struct appeal appeal;
    struct user_account user;
    struct session session;
    struct batch batch;
    struct source source;
    struct conflict conflict;
    struct suspicion suspicion;
    struct sim_box box;
    struct alert alert;
    struct outreach outreach;
    struct hush hush;
    struct whereabouts whereabouts;
    struct guardian guardian;
    struct tip tip;
    struct incident incident;
    struct report report;
    struct claim claim;
    struct order order;
    struct receipt receipt;
    struct round round;
    struct share share;
    struct signing_key key;
    struct centre centre;
};

#endif
