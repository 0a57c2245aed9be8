/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf - the options of one centre: DIR/yumen.yaml as a value.
 *
 * Shape     yumen.yaml --yaml--> tree --options table--> struct conf
 *           A key that the table does not hold is refused with its line, and so is one that belongs
 *           to a later version: an option somebody set and nobody reads is a false sense of safety.
 * Owns      Nothing: texts and lists live in the boot arena.
 * Lives     As long as the boot arena.
 * Fails     ERR_MALFORMED with a catalogue key; the fault says which line and option.
 * Threads   Any; constant once read.
 * Bounds    CONF_LIST_MAX items a list, CONF_TEXT_BYTES a text.
 */
#ifndef YUMEN_CONF_CONF_H
#define YUMEN_CONF_CONF_H

#include "fact/law.h"

enum { CONF_LIST_MAX = 64, CONF_TEXT_BYTES = 1024 };

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

enum conf_log_level { CONF_LOG_DEBUG, CONF_LOG_INFO, CONF_LOG_WARN, CONF_LOG_ERROR };

struct conf {
    str listen;        /* API and console */
    str notice_listen; /* the notice page, as a browser sent there by DNS finds it; empty: closed */
    str profile;       /* a bundled law profile by name, or the path of a file */
    str erasures;      /* the erasure journal; relative to DIR */

    str dns_listen; /* empty: closed */
    str dns_zone;
    int64_t dns_ttl_s;
    str dns_notice_a; /* where blocked names lead: addresses, or else one name */
    str dns_notice_aaaa;
    str dns_notice_cname;
    struct conf_secondaries dns_secondaries;
    struct conf_tsigs dns_tsigs;
    struct conf_texts dns_files; /* kept like the zone; relative to DIR */
    int64_t dns_files_every_s;

    str list_listen; /* the DNS list; empty: closed */
    str list_domains;
    str list_numbers;
    str list_server;
    int64_t list_ttl_s;
    int64_t list_nothing_s;
    struct conf_nets list_clients; /* none: this machine */
    struct conf_nets list_trusted; /* none: this machine */
    int64_t list_answers_per_s;
    int64_t list_slip;

    int64_t appeal_retention_days; /* 0: as the law profile says */
    int64_t listing_retention_days;
    int64_t reject_retention_days;

    unsigned log_level; /* enum conf_log_level */
    str log_file;       /* empty: standard error */
    int64_t log_max_mib;
};

/* Where in a file something is wrong. */
struct conf_fault {
    uint32_t line; /* 1 for the first; 0 when unknown */
    str key;       /* the option or item, as a path where there is one; empty when unknown */
};

/* ret_fault is written also, and only, on failure. */
err conf_read(str yaml, struct arena *boot, struct conf *ret_conf, struct conf_fault *ret_fault);
/* What whoever makes a centre has decided; everything else stands at its default. */
struct conf_choice {
    const char *key; /* as a path: "dns.listen" */
    str value;
};
/* A yumen.yaml with every option, explained in Chinese and English. */
void conf_write_default(struct text *t, const struct conf_choice *choices, size_t count);

/* "127.0.0.1:9611" -> its two parts; "[::1]:53" loses its brackets. "unix:/path": port 0. */
err conf_address_parse(str address, str *ret_host, uint16_t *ret_port);
/* "192.0.2.0/24", "2001:db8::/32", or an address alone. "conf.net" */
err conf_net_parse(str text, struct conf_net *ret_net);
/* 127.0.0.0/8, ::1 and unix sockets only: a name could mean anything. "conf.not_loopback" */
err conf_check_loopback(str address);

/* Shortens the profile's retention where the centre keeps for less. It can never keep longer. */
void conf_shorten_retention(const struct conf *conf, struct law_profile *law);

#endif
