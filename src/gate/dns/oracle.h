/* SPDX-License-Identifier: Apache-2.0 */
/*
 * oracle - what somebody else's library (ldns) reads in our messages; for tests only.
 *
 * Shape     A record is a line of text, a zone a set of lines. A transfer is played message by
 *           message onto the set, as a strict secondary would: removing what is not there, or
 *           adding what is, is a fault.
 * Owns      Nothing: sets are the test's.
 * Lives     One test.
 * Fails     By failing the test.
 * Threads   One.
 * Bounds    ORACLE_LINES lines.
 */
#ifndef YUMEN_GATE_DNS_ORACLE_H
#define YUMEN_GATE_DNS_ORACLE_H

#include "base/str.h"

struct ldns_struct_pkt;

enum { ORACLE_LINES = 20000, ORACLE_LINE_BYTES = 200 };

struct oracle_set {
    size_t count;
    bool is_sorted;
    char line[ORACLE_LINES][ORACLE_LINE_BYTES];
};

void oracle_put(struct oracle_set *set, const char *line);  /* must not be there */
void oracle_drop(struct oracle_set *set, const char *line); /* must be there */
void oracle_sort(struct oracle_set *set);
/* Both hold the same lines. */
void oracle_compare(struct oracle_set *a, struct oracle_set *b);

enum oracle_stage {
    ORACLE_FIRST,
    ORACLE_SECOND,
    ORACLE_WHOLE,
    ORACLE_REMOVING,
    ORACLE_ADDING,
    ORACLE_ENDED
};

/* One transfer as it comes in. */
struct oracle_transfer {
    struct oracle_set *zone; /* what the secondary has; becomes what it gets */
    uint32_t serial;         /* that it has; becomes what it gets */
    uint32_t newest;
    enum oracle_stage stage;
    size_t messages;
    size_t diffs;
    bool is_whole;
};

void oracle_transfer_begin(struct oracle_transfer *t, struct oracle_set *zone, uint32_t serial);
/* The message parses, is an answer, and goes on where the one before ended. */
void oracle_transfer_take(struct oracle_transfer *t, const uint8_t *message, size_t size);

/* TSIG as ldns computes it. The chain is kept across messages. */
struct oracle_key {
    const char *name;
    const char *algorithm; /* "hmac-sha256." */
    const char *secret;
    uint8_t mac[64];
    size_t mac_size;
    bool is_chained;
};

/* Writes a request: zone's name, type, id; `serial` for IXFR. Signed when the key is not NULL. */
size_t oracle_request(uint8_t room[1024], const char *name, uint16_t type, uint32_t serial,
                      struct oracle_key *key);
/* The signature of the next message of the answer holds. */
bool oracle_verify(struct oracle_key *key, const uint8_t *message, size_t size);
/* ldns can read it. */
bool oracle_parses(const uint8_t *message, size_t size);

#endif
