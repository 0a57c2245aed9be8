/* SPDX-License-Identifier: Apache-2.0 */
/*
 * items - what stands in the lists of yumen.yaml: secondaries, keys, networks, trunks.
 *
 * Shape     Each a flat value, and a span of them.
 * Owns      Nothing.   Lives  In the boot arena.   Fails  -   Threads  Any; constant once read.
 * Bounds    CONF_LIST_MAX a list (conf.h).
 */
#ifndef YUMEN_CONF_ITEMS_H
#define YUMEN_CONF_ITEMS_H

#include "base/str.h"

/* A resolver that copies the zone: told of news, and let in by its address and key. */
struct conf_secondary {
    str address; /* with a port for NOTIFY, 53 when it has none */
    str tsig;    /* name of a key under dns.tsig, or empty */
    bool polls;  /* asks by itself, and takes no NOTIFY */
};

struct conf_tsig {
    str name;
    str algorithm;   /* "hmac-sha256", "hmac-sha512" */
    str secret_file; /* holds the secret in base64; relative to DIR; empty: the centre's own key */
};

struct conf_secondaries {
    const struct conf_secondary *at;
    size_t count;
};

struct conf_tsigs {
    const struct conf_tsig *at;
    size_t count;
};

struct conf_texts {
    const str *at;
    size_t count;
};

/* "192.0.2.0/24"; an address alone is the network of itself. */
struct conf_net {
    str address;
    unsigned bits;
};

struct conf_nets {
    const struct conf_net *at;
    size_t count;
};

/* A carrier's switch, or several, that have calls screened. */
struct conf_trunk {
    str name;
    str carrier; /* the provider whose trunk it is; empty: nobody in particular */
    struct conf_nets from;
    bool is_international;
    bool is_declining;   /* rejected calls get 603, not 608 */
    bool is_e164;        /* a number without '+' begins with its country's code */
    bool is_asserting;   /* P-Asserted-Identity counts before From */
    int64_t calls_per_s; /* 0: any number */
};

struct conf_trunks {
    const struct conf_trunk *at;
    size_t count;
};

#endif
