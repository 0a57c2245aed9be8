/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bank_sign - a bank's signature below what it sends: RFC 9421 with Ed25519 over method, path and
 * Content-Digest (RFC 9530). Written from the RFCs, apart from the centre's checking.
 *
 * Shape     Three headers are put into the request.
 * Owns      Nothing; headers are the arena's.
 * Lives     As long as it.
 * Fails     bank_key_read: ERR_MALFORMED "drill.key"; a file that is not there is made, with a new
 *           key. bank_sign: ERR_LIMIT.
 * Threads   One.
 * Bounds    The target has no query.
 */
#ifndef YUMEN_DRILL_BANK_SIGN_H
#define YUMEN_DRILL_BANK_SIGN_H

#include "base/instant.h"
#include "drill/door.h"
#include "kit/sign.h"

struct bank_signer {
    struct sign_secret secret;
    str keyid;
    str nonce; /* begins all nonces */
    uint64_t count;
};

/* The file: a secret as 128 hex digits (kit/sign.h). */
err bank_key_read(const char *path, struct arena *a, struct sign_secret *ret_secret);
err bank_sign(struct bank_signer *s, struct door_message *request, instant now, struct arena *a);

#endif
