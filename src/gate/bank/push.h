/* SPDX-License-Identifier: Apache-2.0 */
/*
 * push - posts letters to providers that want them brought, over HTTPS.
 *
 * Shape     One thread, one loop, one connection an attempt. push_put hands over a letter, and
 *           port->done says how its one attempt ended; when to try again is the outbox's business.
 *
 *               push_put --> connect --> TLS --> POST --> answer --> port->done    2xx   TAKEN
 *                               \______ timeout, refusal, garbage _____/           4xx   REFUSED
 *                                                                                  else  LATER
 *
 *           A provider's certificate is checked against its host's name and the system's
 *           authorities or `ca_file`; TLS 1.2 at least. Without TLS only to this machine, for
 *           drills. Redirects are not followed. With a key, the request is signed (kit/httpsig.h).
 * Owns      Its thread, connections and copies of letters.
 * Lives     open -> start -> stop -> close. Stopping drops what is under way without a word: it was
 *           not reported delivered, so the outbox brings it again.
 * Fails     push_open: ERR_OS, ERR_MALFORMED "push.ca_file". push_put: ERR_MALFORMED "push.url";
 *           ERR_DENIED "push.insecure"; ERR_BUSY "push.busy" when so many of this provider's are
 *           under way: put it off; ERR_LIMIT "push.too_large", or more providers than said.
 * Threads   push_put, push_metrics: any. port->done: push's own thread, and it must not wait.
 * Bounds    providers x per_provider attempts; each has its own place, so that a slow or dead
 *           provider holds up nobody else. timeout_ms for everything, from name to last byte.
 *           A letter: BANK_BYTES; an answer: PUSH_ANSWER_BYTES.
 */
#ifndef YUMEN_GATE_BANK_PUSH_H
#define YUMEN_GATE_BANK_PUSH_H

#include "base/instant.h"
#include "env/log.h"
#include "kit/sign.h"

enum { PUSH_ANSWER_BYTES = 256 * 1024 };

struct push_options {
    struct log *log;     /* may be NULL */
    const char *ca_file; /* NULL: the system's */
    size_t providers;
    size_t per_provider;
    int timeout_ms;
};

struct push_options push_options_default(void);

struct push_key {
    struct sign_secret secret;
    str keyid;
};

struct push_letter {
    uint64_t id;  /* the caller's; comes back with the outcome */
    str provider; /* its id: whose place it takes */
    str url;
    str content_type;
    str body;
    str key;                     /* Idempotency-Key */
    const struct push_key *sign; /* NULL: unsigned */
    instant now;                 /* when it is signed */
};

enum push_fate {
    PUSH_TAKEN,   /* 2xx */
    PUSH_REFUSED, /* 4xx, and not one that asks for patience (408, 425, 429): again is useless */
    PUSH_LATER
};

struct push_outcome {
    uint64_t id;
    str provider;
    enum push_fate fate;
    int status;      /* 0: there was no answer */
    const char *why; /* of anything but TAKEN: a catalogue key */
    str content_type;
    str body; /* of the answer: of 2xx it may be a receipt already */
};

struct push_port {
    void *self;
    /* The outcome and its strs live until this returns. */
    void (*done)(void *self, const struct push_outcome *outcome);
};

#define PUSH_METRICS(X)                                                                            \
    X(taken, "sum", "letters that a provider answered with 2xx")                                   \
    X(refused, "sum", "letters that a provider answered with 4xx")                                 \
    X(later, "sum", "letters that did not arrive and are brought again")                           \
    X(under_way, "now", "letters under way")

struct push_metrics {
#define X(name, kind, text) uint64_t name;
    PUSH_METRICS(X)
#undef X
};

struct push;

err push_open(struct arena *a, const struct push_options *options, const struct push_port *port,
              struct push **ret_push);
err push_start(struct push *p);
void push_stop(struct push *p);
void push_close(struct push *p);
/* Copies the letter. */
err push_put(struct push *p, const struct push_letter *letter);
struct push_metrics push_metrics(const struct push *p);

#endif
