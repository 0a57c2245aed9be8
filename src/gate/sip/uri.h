/* SPDX-License-Identifier: Apache-2.0 */
/*
 * uri - where a call goes to or says it comes from: sip:, sips: (RFC 3261 19.1) and tel: (RFC
 *           3966).
 *
 * Shape     "sip:+8613912345678;npdi@[2001:db8::1]:5070;user=phone"
 *                user: "+8613912345678;npdi"   host: "[2001:db8::1]"   port: 5070
 *           "tel:110;phone-context=+86": the number is `user`, the rest `params`.
 *           Of another scheme only that it is one.
 * Owns      Nothing; slices.
 * Lives     As long as the bytes.
 * Fails     False: no URI.
 * Threads   Any.   Bounds  -
 */
#ifndef YUMEN_GATE_SIP_URI_H
#define YUMEN_GATE_SIP_URI_H

#include "base/str.h"

enum sip_scheme { SIP_SCHEME_SIP, SIP_SCHEME_SIPS, SIP_SCHEME_TEL, SIP_SCHEME_OTHER };

struct sip_uri {
    enum sip_scheme scheme;
    str user; /* escapes still in it; empty when there is none */
    str host;
    uint16_t port; /* 0: not said */
    str params;    /* without the first ';' */
    bool has_headers;
};

bool sip_uri_read(str text, struct sip_uri *ret_uri);
/* "host" or "host:port", IPv6 in brackets, as it also stands in a Via. */
bool sip_host_read(str text, str *ret_host, uint16_t *ret_port);
/* Of `params`; empty when it is not there. */
str sip_uri_param(str params, str name);

#endif
