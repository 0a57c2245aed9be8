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

#include "conf/items.h"
#include "fact/law.h"
#include "fact/provider.h"

enum { CONF_LIST_MAX = 64, CONF_TEXT_BYTES = 1024 };

enum conf_call_action { CONF_CALL_PASS, CONF_CALL_WARN, CONF_CALL_BLOCK };
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

    struct providers providers; /* who carries orders out */
    str push_ca_file;           /* whose certificates count; empty: the system's */
    int64_t push_timeout_s;     /* of one attempt */
    str sms_url;                /* of the gateway of messages; empty: nobody is written to */

    int64_t report_match_min; /* a victim's clock and a bank's differ by no more */
    int64_t report_orders;    /* first orders of a report, at most */
    int64_t tips_program_day; /* what a program may tell in a day */

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

    str sip_listen; /* screening of calls; empty: closed */
    struct conf_trunks sip_trunks;
    unsigned sip_strangers; /* 0: not answered, 1: refused */
    str sip_warning;
    str sip_redress_url;
    str sip_redress_page; /* empty: where redress_url is, /appeal */
    str sip_redress_email;
    str sip_redress_tel;
    unsigned sip_official; /* enum conf_call_action, as those below */
    unsigned sip_short_code;
    unsigned sip_domestic;
    unsigned sip_impossible;
    unsigned sip_unassigned;
    unsigned sip_burst;
    str sip_certificates; /* a folder; empty: what networks sign is not checked */
    int64_t sip_fresh_s;
    unsigned sip_forged;
    int64_t sip_number_calls_per_min; /* 0: any number */

    str calls_secret_dir;       /* of the secrets of pseudonyms */
    str calls_cells;            /* a file: where cells stand; empty: not known */
    int64_t calls_numbers_most; /* whose conduct is kept */
    int64_t calls_calls_most;   /* that are known when they come again */

    int64_t warn_numbers_most; /* whose episodes are live at once */
    str warn_model;            /* a file; empty: the one that comes with the program */

    str detect_callers; /* a model's file; empty: the one that is shipped */
    int64_t detect_precision_percent;
    int64_t detect_per_day;
    int64_t detect_again_days;
    int64_t detect_candidates_most; /* 0: no test of cells */

    int64_t appeal_retention_days; /* 0: as the law profile says */
    int64_t listing_retention_days;
    int64_t reject_retention_days;
    int64_t transfers_retention_days; /* 0: for ever; no profile says */

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
/* Where orders are posted to: https to anybody, http to this machine alone. "conf.url" */
err conf_url_check(str url);
/* This machine's, whatever the scheme: a rehearsal posts nowhere else. "conf.not_loopback" */
err conf_url_check_loopback(str url);

/* Shortens the profile's retention where the centre keeps for less. It can never keep longer. */
void conf_shorten_retention(const struct conf *conf, struct law_profile *law);

#endif
