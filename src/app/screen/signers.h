/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signers - the certificates of those who sign calls, as an operator laid them into a folder: none
 * is ever fetched.
 *
 * Shape     sip.certificates/  roots.pem   who is trusted, PEM
 *                              NAME.pem    "x5u: URL" in a line of its own, or several, then the
 *                                          certificate that others find there, then those above it
 *           The folder is read again when the notary asks; when nothing has changed, nothing is
 *           made anew. A file that cannot be taken says why, and keeps nobody else out.
 * Owns      The table and what libcrypto holds for it.
 * Lives     From signers_open to signers_close, around the SIP gate's life.
 * Fails     open: "signers.folder" it cannot be read. Later that is logged, and what was read
 *           stays.
 * Threads   signers_read: the notary's. signers_put, signers_figures: any, under a lock.
 * Bounds    SIGNERS_FILES files of 64 KiB, SIGNERS_URLS addresses each.
 */
#ifndef YUMEN_APP_SCREEN_SIGNERS_H
#define YUMEN_APP_SCREEN_SIGNERS_H

#include "app/house/house.h"
#include "gate/sip/passport.h"
#include "kit/json_write.h"

enum { SIGNERS_FILES = 1024, SIGNERS_URLS = 8 };

struct signers;

/* Nothing to do, and NULL, when sip.certificates is empty. */
err signers_open(struct house *house, struct signers **ret_signers);
void signers_close(struct signers *s);
const struct sip_signers *signers_read(struct signers *s);

/* One file, as it was read last. */
struct signers_file {
    str name;
    str urls[SIGNERS_URLS];
    size_t url_count;
    const char *why; /* it was not taken; NULL: it was */
    instant from;
    instant until;
};

struct signers_figures {
    uint64_t taken;
    uint64_t refused;
    instant until; /* the first that ends; 0: there is none */
};
struct signers_figures signers_figures(struct signers *s);
/* Each file in turn, under the lock. */
void signers_each(struct signers *s, void (*tell)(void *self, const struct signers_file *file),
                  void *self);

#endif
