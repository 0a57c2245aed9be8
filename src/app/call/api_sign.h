/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_sign - an answer that proves by itself whose it is, wherever it is kept (RFC 9421).
 *
 * Shape     What the answer says, of what it says it, and when, under the ledger's current key:
 *
 *               status, body, fields --> Content-Digest, Signature-Input, Signature
 *
 *           docs/formats/export.md has how somebody else checks it.
 * Owns      Nothing.   Lives  The call.
 * Fails     "key.absent", "key.file"; ERR_LIMIT.
 * Threads   The call's, also one that works for it.
 * Bounds    Three headers, and one for each field; a pass over the body.
 */
#ifndef YUMEN_APP_CALL_API_SIGN_H
#define YUMEN_APP_CALL_API_SIGN_H

#include "app/call/api.h"

/* Of a reply that is whole, but for headers; puts these there, too. */
err api_sign(struct call *call, const struct api_header *fields, size_t count);

#endif
