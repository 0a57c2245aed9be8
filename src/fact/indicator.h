/* SPDX-License-Identifier: Apache-2.0 */
/*
 * indicator - brings what somebody wrote (a number as shown, a domain as seen, a card) to the one
 * canonical form under which it is listed, looked up and enforced.
 *
 * Shape     indicator_parse(kind, text) -> value (canonical) + display (grouped for people).
 *             number   E.164 "+8613912345678"; mainland short codes are written "short:86:96110";
 *                      spoofs of short codes ("+8696110") are numbers of their own
 *             domain   UTS 46 A-labels, lower case, no trailing dot
 *             url      scheme://host[:port]/path?query, canonical (no fragment, no credentials)
 *             account  digits of a card (Luhn) or "BANK:digits"; payments "provider:name"
 *             device   IMEI, 15 digits with its check digit
 *             company  GB 32100, 18 characters, mod-31 check
 * Owns      Nothing; results are in the caller's arena.
 * Lives     As long as that arena's turn.
 * Fails     ERR_MALFORMED with a catalogue key that says why ("number.too_short", "domain.label").
 * Threads   Any, after kit_boot().
 * Bounds    Input up to 2,048 bytes.
 */
#ifndef YUMEN_FACT_INDICATOR_H
#define YUMEN_FACT_INDICATOR_H

#include "fact/nouns.h"

struct indicator {
    unsigned kind;
    str value;
    str display;
};

/* region: ISO 3166 of numbers without a country ("CN"). */
err indicator_parse(unsigned kind, str text, str region, struct arena *turn,
                    struct indicator *ret_indicator);
/* Guesses the kind of what a citizen typed; "indicator.unknown" when nothing fits. */
err indicator_guess(str text, str region, struct arena *turn, struct indicator *ret_indicator);

/* May a suffix listing stand here? Not on a public suffix or a shared host's parent. */
err domain_check_suffix(str domain);
/* "a.b.example.com" -> "com.example.b.a.": sorts a domain beside its descendants. */
str domain_reverse(str domain, struct arena *turn);
/* The host of a canonical url. */
str url_host(str url);

#endif
