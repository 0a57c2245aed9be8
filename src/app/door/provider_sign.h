/* SPDX-License-Identifier: Apache-2.0 */
/*
 * provider_sign - is what a provider's program says signed by its key? For every door by which it
 * says what it has done: a token alone is believed only where the provider has named no key.
 *
 * Shape     conf `providers[].key`, the request's digest, time and nonce (RFC 9421) --> OK, once
 * Owns      Nothing; the nonces are the house's.
 * Lives     A call.
 * Fails     As httpsig_check; "sign.replayed" or the like as replay_take.
 * Threads   Any.
 * Bounds    As the replay window.
 */
#ifndef YUMEN_APP_DOOR_PROVIDER_SIGN_H
#define YUMEN_APP_DOOR_PROVIDER_SIGN_H

#include "app/call/api.h"

err provider_sign_check(struct call *call, const struct provider *p);

#endif
