/* SPDX-License-Identifier: Apache-2.0 */
/*
 * indicator - brings what somebody wrote (a number as shown, a domain as seen, a card) to the one
 * canonical form under which it is listed, looked up and enforced.
 *
 * Shape     indicator_parse(kind, text) -> value (canonical) + display (grouped for people). One
 *           header a kind says how; in short:
 *             number   "+8613912345678"; short codes as dialled: "96110", "093196110"; a spoof of a
 *                      short code is a number of its own: "+8696110"       (number.h)
 *             domain   UTS 46 A-labels, lower case, no trailing dot        (domain.h)
 *             url      scheme://host[:port]/path[?query]                   (url.h)
 *             account  digits of a card; "BANK:number"; an IBAN; "alipay:name" (account.h)
 *             device   IMEI, 15 digits with its check digit                (device.h)
 *             company  GB 32100, 18 characters                             (company.h)
 *           A canonical value parses to itself: values may be parsed again wherever they arrive.
 * Owns      Nothing; results are in the caller's arena, or literals.
 * Lives     As long as that arena.
 * Fails     ERR_MALFORMED with a catalogue key that says why: "indicator.empty",
 *           "indicator.too_long", "indicator.not_utf8", and those of the kinds
 *           ("number.too_short"). ERR_LIMIT when the arena is spent.
 * Threads   Any, after kit_boot().
 * Bounds    INDICATOR_TEXT_BYTES of input.
 */
#ifndef YUMEN_FACT_INDICATOR_H
#define YUMEN_FACT_INDICATOR_H

#include "fact/domain.h"
#include "fact/listing.h"
#include "fact/url.h"

enum { INDICATOR_TEXT_BYTES = 2048 };

struct indicator {
    unsigned kind;
    str value;
    str display;
};

/* region: ISO 3166 of numbers without a country ("CN"). */
err indicator_parse(unsigned kind, str text, str region, struct arena *turn,
                    struct indicator *ret_indicator);

/*
 * The kind of what a citizen typed. The first that fits, in this order:
 *   1  a scheme ("https://…")                      url
 *   2  a provider or bank before a colon           account
 *   3  digits and what stands between them         number, device, account
 *   4  18 letters and digits                       company
 *   5  an IBAN                                     account
 *   6  a dot, and a path or a port behind it       url, as of http
 *   7  a dot                                       domain
 * Digits too few for anything but a number are refused with the number's own reason. A person's
 * identity number is "indicator.is_person"; what fits nothing is "indicator.unknown".
 */
err indicator_guess(str text, str region, struct arena *turn, struct indicator *ret_indicator);

#endif
