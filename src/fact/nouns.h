/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nouns - the records of a centre: listing, appeal, user, session, batch, key, centre.
 *
 * Shape     Flat structs, one per kind, described field by field in nouns.c (record.h). The words a
 *           state or a kind may be are the words on the wire (and in the database's CHECKs).
 *
 *               listing  proposed -> in_force -> expired | lifted      proposed -> refused
 *               appeal   filed -> reviewing -> granted | rejected      filed, reviewing ->
 * withdrawn user     proposed -> active -> disabled                proposed -> refused
 *
 * Owns      Nothing; see record.h.
 */
#ifndef YUMEN_FACT_NOUNS_H
#define YUMEN_FACT_NOUNS_H

#include "fact/record.h"

/* What may be listed. Never a person: there is no such word, here or in the schema. */
enum indicator_kind {
    INDICATOR_NUMBER,
    INDICATOR_DOMAIN,
    INDICATOR_URL,
    INDICATOR_ACCOUNT,
    INDICATOR_DEVICE,
    INDICATOR_COMPANY,
    INDICATOR_KIND_COUNT
};
extern const char *const indicator_kind_words[];

enum listing_action { ACTION_BLOCK, ACTION_WARN, ACTION_ALLOW, ACTION_COUNT };
extern const char *const listing_action_words[];

enum listing_match { MATCH_EXACT, MATCH_SUFFIX };
extern const char *const listing_match_words[];

enum listing_state {
    LISTING_PROPOSED,
    LISTING_IN_FORCE,
    LISTING_EXPIRED,
    LISTING_LIFTED,
    LISTING_REFUSED,
    LISTING_STATE_COUNT
};
extern const char *const listing_state_words[];

struct listing {
    str id;
    unsigned kind;
    str value;   /* canonical; "erased-<id>" once erased */
    str display; /* as a person reads it */
    unsigned action;
    unsigned match;
    str reason; /* a code of the profile where one fits */
    str evidence;
    str basis; /* the law it rests on */
    str source;
    int64_t score_milli; /* 0..100000: 0 to 100 in thousandths */
    instant from;
    instant until;
    unsigned state;
    str proposer; /* user id */
    str approver; /* user id; never the proposer */
    str notice;   /* what the person affected reads */
    str division;
    str batch;
    str profile; /* with kind, action and max_term: the law_limit row it stands under */
    int64_t max_term_us;
    str rpz; /* "notice" (default), "nxdomain", "nodata" - domains only */
    instant proposed_at;
    instant decided_at;
    instant ended_at;
    str ended_why;
    str deciders; /* user ids, space separated: everybody who decided anything about it */
    int64_t revision;
};

enum appeal_state {
    APPEAL_FILED,
    APPEAL_REVIEWING,
    APPEAL_GRANTED,
    APPEAL_REJECTED,
    APPEAL_WITHDRAWN,
    APPEAL_STATE_COUNT
};
extern const char *const appeal_state_words[];

struct appeal {
    str id; /* the public reference: unguessable */
    str listing;
    str statement; /* why the listing is wrong, in the appellant's words */
    str name;
    str contact;
    unsigned state;
    instant filed_at;
    instant due_at;
    str reviewer;
    str decider;
    instant decided_at;
    str answer; /* the reason given to the appellant */
    str division;
    int64_t is_late; /* 1 once due_at passed undecided */
    int64_t revision;
};

enum role {
    ROLE_OPERATOR,
    ROLE_ANALYST,
    ROLE_APPROVER,
    ROLE_OFFICER,
    ROLE_COMMANDER,
    ROLE_AUDITOR,
    ROLE_FEEDER,
    ROLE_PROVIDER,
    ROLE_ADMIN,
    ROLE_COUNT
};
extern const char *const role_words[];
typedef uint32_t role_set; /* bit i: enum role i */

/* "analyst,approver" both ways. ERR_MALFORMED "role.unknown"; format needs a turn arena. */
err role_set_parse(str s, role_set *ret_roles);
str role_set_format(role_set roles, struct arena *turn);

enum user_state { USER_PROPOSED, USER_ACTIVE, USER_DISABLED, USER_REFUSED, USER_STATE_COUNT };
extern const char *const user_state_words[];

struct user_account {
    str id;
    str name;     /* unique, 1-64 of [a-z0-9._-] */
    str roles;    /* "analyst,approver" */
    str division; /* subtree; "" is the whole country */
    str provider;
    unsigned state;
    str password; /* argon2id string, or empty: no password sign-in */
    str proposer;
    str approver;
    instant proposed_at;
    instant decided_at;
    int64_t revision;
};

enum session_kind { SESSION_BROWSER, SESSION_TOKEN };
extern const char *const session_kind_words[];
enum session_state { SESSION_OPEN, SESSION_CLOSED };
extern const char *const session_state_words[];

struct session {
    str id;
    str user;
    unsigned kind;
    unsigned state;
    str secret; /* hex of SHA-256 of the cookie or token */
    instant opened_at;
    instant until;
    str division;
    int64_t revision;
};

enum batch_state { BATCH_OPEN, BATCH_DONE };
extern const char *const batch_state_words[];

struct batch {
    str id;
    str feed;
    str source; /* file name or peer, as told */
    str user;
    unsigned state;
    int64_t accepted;
    int64_t duplicate;
    int64_t refused;
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
    struct signing_key key;
    struct centre centre;
};

#endif
