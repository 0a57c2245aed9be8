/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signal - one thing seen about one number that may mean a scam is at work on its subscriber.
 *
 * Shape     A signal is of a kind, at a time, of a strength from 1 to SIGNAL_WHOLE (how sure its
 *           source is), from a source, and says what it rests on: a reference that whoever keeps
 *           listings and models can read. Whom it is about is a pseudonym made outside under a
 *           secret. A source's signal is told from its others by `id`: once is as good as twice.
 * Owns      Nothing.   Lives  A value.   Fails  -   Threads  Any.
 * Bounds    40 bytes.
 */
#ifndef YUMEN_WARN_SIGNAL_H
#define YUMEN_WARN_SIGNAL_H

#include "base/str.h"

#include <stdint.h>

/* SIGNAL_CALL and the SIGNAL_CALLED that ends it have one id and source, so have SIGNAL_PENDING and
 * the SIGNAL_BOOKED that it becomes; the end is not weaker. What else a payment shows comes beside
 * it, in signals of its id. */
#define SIGNAL_LIST(X)                                                                             \
    X(MESSAGE, "message") /* a link to a listed site came */                                       \
    X(CALL, "call")       /* with a listed or suspected number, in progress */                     \
    X(CALLED, "called")   /* the same, over */                                                     \
    X(VISIT, "visit")     /* a resolver's policy matched */                                        \
    X(PENDING, "pending") /* a payment to an account never paid before waits to be booked */       \
    X(BOOKED, "booked")   /* it is booked */                                                       \
    X(PAYEE, "payee")     /* whom it goes to passes money on fast, or several strangers pay it */  \
    X(AMOUNT, "amount")   /* it is far above what this account pays */                             \
    X(REQUEST, "request") /* the subscriber's own app asks */                                      \
    X(CALM, "calm")       /* something speaks against it: the bank asked, the officer was there */

#define X(name, word) SIGNAL_##name,
enum signal_kind { SIGNAL_LIST(X) SIGNAL_KINDS };
#undef X

enum { SIGNAL_WHOLE = 1000 };

struct signal {
    uint64_t about;    /* the number's pseudonym; not 0 */
    uint64_t id;       /* the source's own, hashed */
    uint64_t evidence; /* what it rests on */
    uint32_t time_s;
    uint16_t strength;
    uint16_t source;
    uint8_t kind;
};

str signal_kind_name(enum signal_kind kind);

#endif
