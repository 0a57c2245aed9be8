/* SPDX-License-Identifier: Apache-2.0 */
/*
 * phone - numbers of other countries, read and shown by libphonenumber.
 *
 * Shape     A thin shim. Numbers of the mainland are not parsed here: short codes (96110) and 106…
 *           are fact/number's own table, because the library calls them invalid.
 *           What must not wait for the library asks a table that is made of its answers: which
 *           countries there are, and how long their numbers.
 * Owns      Nothing; results are in the caller's arena or room.
 * Lives     As long as those.
 * Fails     "number.malformed" (not a number at all), "number.too_short", "number.too_long",
 *           "number.country" (no such country code, or none given and no region either),
 *           "number.unassigned" (the country has no such range).
 * Threads   Any.
 * Bounds    Text up to 64 bytes; about 30 us: not on a lane. The table: 2 KiB, made by the first
 *           question in some milliseconds, then about 20 ns.
 */
#ifndef YUMEN_KIT_PHONE_H
#define YUMEN_KIT_PHONE_H

#include "base/str.h"

enum { PHONE_TEXT_BYTES = 64, PHONE_REGION_BYTES = 4 };

/* `region` ("US") tells how to read a number without its country code; empty: it must have one. */
err phone_parse_foreign(str text, str region, struct arena *a, str *ret_e164);
/* "+1 650-253-0000" for "+16502530000". */
err phone_display(str e164, struct arena *a, str *ret_text);
/* "US"; "001" for numbers of no country; the empty str when unknown. Written into `room`. */
str phone_region(str e164, char room[PHONE_REGION_BYTES]);

/* "+12125550100": is there such a country, and has it numbers of this length? False is no proof:
 * both are renewed faster than libraries. */
bool phone_is_possible(str e164);

#endif
