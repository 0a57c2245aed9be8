/* SPDX-License-Identifier: Apache-2.0 */
/*
 * caller - which number a call shows, in its canonical form, and whether there can be such a one.
 *
 * Shape     P-Asserted-Identity of a trunk that may assert, and From; of a URI its number:
 *
 *               sip:008613912345678@x;user=phone   tel:+86-139-1234-5678   +8613912345678
 *               tel:110;phone-context=+86                                  110
 *               sip:+8696110@x                                             +8696110, a spoof
 *
 *           Numbers of China are read as everywhere (fact/number.h). One of another country is
 *           taken as it is written: a call has no time for libphonenumber, and the network shows
 *           E.164.
 *           And whether a call goes to a number that everybody can reach, whoever he is.
 * Owns      Nothing; the number stands in `turn`.
 * Lives     As long as that.
 * Fails     Says CALLER_NAMELESS when nothing is shown, or nothing that is a number of somebody
 *           (a city's local number, an extension: domestic trunks have them).
 * Threads   Any, after kit_boot().
 * Bounds    About 0.3 us; 30 us for what begins like a short code of another country.
 */
#ifndef YUMEN_GATE_SIP_CALLER_H
#define YUMEN_GATE_SIP_CALLER_H

#include "fact/number.h"
#include "gate/sip/message.h"
#include "gate/sip/trunk.h"

enum caller_state { CALLER_NAMELESS, CALLER_KNOWN, CALLER_IMPOSSIBLE, CALLER_UNASSIGNED };

struct caller {
    enum caller_state state;
    enum number_class class; /* of one that is known */
    str number;              /* canonical; empty when it is not known */
    bool is_given;           /* of one that is known: somebody may have it */
};

/* Two asserted (RFC 3325 9.1), and From. */
enum { SIP_CALLERS = 3 };

/* What the call shows, at least one, what counts most first: each is judged, the worst counts. */
size_t sip_callers(const struct sip_message *m, const struct sip_trunk *trunk, struct arena *turn,
                   struct caller ret_callers[SIP_CALLERS]);
/* Who diverted the call last; nameless when nobody did. */
struct caller sip_diverter(const struct sip_message *m, const struct sip_trunk *trunk,
                           struct arena *turn);

/* Canonical; empty when it has none that is known. */
str sip_number_of(const struct sip_uri *uri, const struct sip_trunk *trunk, struct arena *turn);
/*
 * Is it the number of this URI, digits as in "8613912345678"? Also one that is no number to us:
 * then as it stands there.
 */
bool sip_is_number_of(const struct sip_uri *uri, const struct sip_trunk *trunk, str digits,
                      struct arena *turn);

/* Numbers as one dials them at home. */
struct sip_numbers {
    const str *at;
    size_t count;
};

/* Does the call go to one of them, or to an emergency service (RFC 5031)? Then nobody asks. */
bool sip_is_exempt(const struct sip_message *m, const struct sip_numbers *exempt);

#endif
