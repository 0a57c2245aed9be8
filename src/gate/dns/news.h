/* SPDX-License-Identifier: Apache-2.0 */
/*
 * news - what the gate tells of itself: notes as things happen, and how each resolver stands.
 *
 * Shape     A note is counted or logged by whoever fills in the port; a state is what the pages and
 *           metrics show.
 * Owns      Nothing; texts are literals.
 * Lives     A note during its call.
 * Fails     -
 * Threads   note() is called from the gate's thread and must not wait.
 * Bounds    -
 */
#ifndef YUMEN_GATE_DNS_NEWS_H
#define YUMEN_GATE_DNS_NEWS_H

#include "base/instant.h"

#include <stddef.h>

enum dns_note {
    DNS_PUBLISHED,      /* serial, count: names added and removed */
    DNS_PUBLISH_FAILED, /* serial, why: nothing more is published until dns_gate_replace */
    DNS_UNFIT,          /* count names cannot stand in the zone and were left out */
    DNS_NOTIFIED,       /* secondary, serial: sent */
    DNS_ACKNOWLEDGED,   /* secondary, serial */
    DNS_UNREACHED,      /* secondary, serial, why: this NOTIFY is given up, or cannot be sent */
    DNS_SENT_WHOLE,     /* secondary, serial, count: records, bytes: an AXFR has arrived */
    DNS_SENT_DIFFS,     /* likewise an IXFR */
    DNS_SENT_NEWEST,    /* an IXFR of a secondary that has our serial */
    DNS_TRANSFER_LOST,  /* secondary, serial: it went away, or was too slow */
    DNS_ANSWERED,       /* a question, with rcode `count` */
    DNS_BAD_SIGNATURE,  /* count: TSIG error */
    DNS_DROPPED,        /* bytes that are no question */
    DNS_TURNED_AWAY,    /* a connection beyond the bounds */
    DNS_TOO_SLOW,       /* a connection that did not finish its question */
    DNS_FILE_WRITTEN,   /* serial, count: which file; it holds that serial now */
    DNS_FILE_FAILED,    /* serial, why, count: the errno; the file holds what it held */
    DNS_NOTE_COUNT,
};

enum { DNS_NOBODY = SIZE_MAX };

/* Free of addresses: an unknown sender's may be a person's. */
struct dns_news {
    size_t secondary; /* index in the options, or DNS_NOBODY */
    uint32_t serial;
    uint64_t count;
    uint64_t bytes;
    const char *why;
};

struct dns_port {
    void *self;
    void (*note)(void *self, enum dns_note note, const struct dns_news *news);
};

/* One secondary as the pages and metrics show it. */
struct dns_secondary_state {
    uint32_t serial; /* what it last fetched, or said it has; valid when served_at is */
    instant served_at;
    uint32_t acknowledged; /* the last NOTIFY that it answered */
    instant acknowledged_at;
    uint64_t whole_count;
    uint64_t diffs_count;
    const char *trouble; /* the last one, NULL for none */
    instant trouble_at;
    bool is_signed;
};

/* One file, likewise. */
struct dns_file_state {
    uint32_t serial; /* that it holds; valid when written_at is */
    instant written_at;
    uint64_t write_count; /* since the start */
    const char *trouble;  /* of the last try, NULL for none */
    instant trouble_at;
};

#endif
