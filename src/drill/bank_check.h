/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bank_check - is this pushed order the centre's, whole and fresh? RFC 9421 with Ed25519, RFC 9530,
 * read from the RFCs and apart from the centre's signing.
 *
 * Shape     The first signature of Signature-Input is looked at, and no other.
 * Owns      Nothing.   Lives  A call.
 * Fails     ERR_DENIED: "no signature", "signature: malformed", "… uncovered", "… stale",
 *           "… digest", "… wrong".
 * Threads   Any.
 * Bounds    CHECK_PARTS components; created within five minutes of now.
 */
#ifndef YUMEN_DRILL_BANK_CHECK_H
#define YUMEN_DRILL_BANK_CHECK_H

#include "base/instant.h"
#include "drill/door.h"
#include "kit/sign.h"

enum { CHECK_PARTS = 16 };

err bank_check(const struct door_message *request, const struct sign_public *key, instant now,
               struct arena *a);

#endif
