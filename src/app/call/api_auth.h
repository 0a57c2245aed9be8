/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_auth - who is calling: a bearer token, a session cookie, the machine's own command line, or
 * nobody.
 *
 * Shape     secret --SHA-256--> session --open, in time--> user --active--> actor
 *           A cookie may change things only from a page of this very host (Origin).
 * Owns      Nothing.   Lives  A call.   Threads  The call's.
 * Fails     "session.required" a secret was shown and is not good; "session.origin".
 * Bounds    -
 */
#ifndef YUMEN_APP_CALL_API_AUTH_H
#define YUMEN_APP_CALL_API_AUTH_H

#include "app/call/api.h"

enum { AUTH_SECRET_BYTES = 32 };

err auth_find_actor(struct call *call);
/* The name of a user id; the id itself when there is none. Also on the store thread. */
str auth_name_of(struct call *call, str user);

/* A fresh secret, and the digest under which it is kept. */
struct auth_secret {
    str shown; /* what the caller keeps: "ym_" and base64url */
    str kept;  /* hex of its SHA-256 */
};
err auth_secret_make(struct arena *turn, struct auth_secret *ret_secret);

#endif
