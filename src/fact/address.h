/* SPDX-License-Identifier: Apache-2.0 */
/*
 * address - the IP addresses that stand in a url where a name should.
 *
 * Shape     IPv4 is read as browsers read it (WHATWG URL, 3.5), because scammers write it so:
 *           "0x7f.1", "2130706433" and "127.0.0.1" are one host. IPv6 in brackets, written back as
 *           RFC 5952 says.
 * Owns      Nothing; results are in the caller's room.
 * Lives     As long as that room.
 * Fails     ERR_MALFORMED "url.host".
 * Threads   Any.
 * Bounds    ADDRESS_TEXT_BYTES.
 */
#ifndef YUMEN_FACT_ADDRESS_H
#define YUMEN_FACT_ADDRESS_H

#include "base/str.h"

enum { ADDRESS_TEXT_BYTES = 48 };

/* Digits, or "0x" and hex digits: as the last label it makes the whole host an IPv4 address. */
bool address_is_number(str label);

err address_parse_v4(str host, char room[ADDRESS_TEXT_BYTES], str *ret_canonical);
/* With its brackets. */
err address_parse_v6(str host, char room[ADDRESS_TEXT_BYTES], str *ret_canonical);

#endif
