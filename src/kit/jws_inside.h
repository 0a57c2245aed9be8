/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jws_inside - what jws.c and tncert.c share of libcrypto.
 *
 * Shape     Questions about a key and a certificate's time.
 * Owns      Nothing.   Lives  -   Threads  Any.   Bounds  -
 * Fails     False: it is not so. libcrypto's queue of errors is left empty.
 */
#ifndef YUMEN_KIT_JWS_INSIDE_H
#define YUMEN_KIT_JWS_INSIDE_H

#include "base/instant.h"
#include "base/str.h"

struct asn1_string_st;
struct evp_pkey_st;

bool jws_is_p256(struct evp_pkey_st *key);
/* `halves`: the two numbers of the signature side by side. */
bool jws_is_signed_by(struct evp_pkey_st *key, str message, str halves);
/* Also what lies before 1970 or behind year 9999: then the nearest that there is. */
bool jws_instant_of(const struct asn1_string_st *time, instant *ret_at);

#endif
