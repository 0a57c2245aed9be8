/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zone_oracle - what a resolver would answer from a zone, and what the listings say it should: two
 * short and slow ways that share nothing with zone.c.
 *
 * Shape     A zone is an array of owners; listings are those in force. oracle_answer looks a name
 *           up as RFC 4592 says; oracle_verdict judges it.
 * Owns      Nothing.   Lives  A test.   Fails  Never.   Threads  Any.
 * Bounds    Quadratic: for small worlds.
 */
#ifndef YUMEN_STORE_ZONE_ORACLE_TEST_H
#define YUMEN_STORE_ZONE_ORACLE_TEST_H

#include "base/str.h"

enum { ORACLE_NAME = 64, ORACLE_OWNERS = 4096 };

struct oracle_owner {
    char name[ORACLE_NAME + 2];
    char policy[12];
};

struct oracle_zone {
    struct oracle_owner at[ORACLE_OWNERS];
    size_t count;
};

/* In force now: a block or an allow of a domain. */
struct oracle_listing {
    const char *id;
    const char *name;
    bool is_allow;
    bool is_suffix;
    const char *policy;
};

struct oracle_listings {
    const struct oracle_listing *at;
    size_t count;
};

/* "top.a.*." is *.a.top. */
str oracle_owner(str turned, char room[ORACLE_NAME + 2]);
void oracle_put(struct oracle_zone *zone, str owner, str policy);
void oracle_drop(struct oracle_zone *zone, str owner);
/* Policy words; "" for "as the rest of the world says". */
const char *oracle_policy(const struct oracle_zone *zone, const char *owner);
const char *oracle_answer(const struct oracle_zone *zone, const char *query);
const char *oracle_verdict(const struct oracle_listings *listings, const char *query);

#endif
