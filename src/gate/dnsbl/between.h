/* SPDX-License-Identifier: Apache-2.0 */
/*
 * between - is there something listed below this name? What tells NODATA from NXDOMAIN.
 *
 * Shape     NXDOMAIN says that there is nothing below either (RFC 8020), and a resolver that asks
 *           label by label (RFC 9156) then stops. So what stands between a zone and a listed name
 *           is remembered: of domains their parents, in a filter that may say yes too often and
 *           never no; of numbers, under their first digits, how long the longest is.
 *
 *               login.bank.example.com  ->  bits of bank.example.com, example.com, com
 *               +8613912345678          ->  8613: 13 digits; 861, 86, 8 and none likewise
 *
 *           Who asks the store, since the tables are a commit behind, does not ask here: yes.
 *           It only grows. A yes that is not true any more makes a NODATA of an NXDOMAIN: for who
 *           asks a list, that is the same.
 * Owns      Nothing: the words are in the boot arena.
 * Lives     As long as that.
 * Fails     between_open: ERR_LIMIT "limit.memory".
 * Threads   put: any; has: any, at the same time.
 * Bounds    One byte for each of `names` in the filter; more of them, and it says yes more often.
 */
#ifndef YUMEN_GATE_DNSBL_BETWEEN_H
#define YUMEN_GATE_DNSBL_BETWEEN_H

#include "base/str.h"
#include "env/atomic.h"

enum { BETWEEN_DIGITS = 4, BETWEEN_LONGEST = 11111 }; /* 1 + 10 + 100 + 1,000 + 10,000 */

struct between {
    struct env_word *bits; /* a power of two of them */
    uint64_t mask;
    uint64_t seed;
    struct env_counter *longest; /* BETWEEN_LONGEST */
    struct env_flag is_known;    /* lowered: not all is put yet, so everything may be */
};

err between_open(struct between *b, struct arena *boot, size_t names, uint64_t seed);
/* Canonical, listed: "login.bank.example.com", "8613912345678". */
void between_put_domain(struct between *b, str domain);
void between_put_number(struct between *b, str digits);
/* All that was listed before is put. */
void between_settle(struct between *b);
/* Sends for what between_has_domain will look at. */
void between_prefetch_domain(const struct between *b, str domain);
bool between_has_domain(const struct between *b, str domain);
bool between_has_number(const struct between *b, str digits);

#endif
