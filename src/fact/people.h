/* SPDX-License-Identifier: Apache-2.0 */
/*
 * people - who works at a centre: users, the roles they hold, the sessions they open.
 *
 * Shape     Flat structs, described field by field in nouns.c (record.h). A set of roles is bits.
 *
 *               user     proposed -> active -> disabled                proposed -> refused
 *               session  open -> closed
 *
 * Owns      Nothing; see record.h.
 * Lives     A record, one turn. The words, for ever.
 * Fails     ERR_MALFORMED "role.unknown".
 * Threads   Any.
 * Bounds    ROLE_COUNT roles; a name is 1 to 64 bytes.
 */
#ifndef YUMEN_FACT_PEOPLE_H
#define YUMEN_FACT_PEOPLE_H

#include "fact/record.h"

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

#endif
