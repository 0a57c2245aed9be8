/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sighting - a call after its people have gone out of it: pseudonyms and places in sketches, all
 * made under a secret.
 *
 * Shape     call + keys --> sighting, 48 bytes. A number is 64 bits of SipHash under the secret of
 *           its term: the same for the same number, nothing to whoever has not the secret. Whom
 *           somebody called is kept as a place in a sketch only, and the place is one of the two
 *           together (`pair`): the same callee has another place with each caller, so two records
 *           do not show that their people know the same third.
 * Owns      A value. The keys: whoever made them wipes them (kit/secret.h).
 * Lives     -
 * Fails     Never.
 * Threads   Any.
 * Bounds    48 bytes; about 0.15 us. Two of 10^8 numbers share a pseudonym with a chance of 1 in
 *           3,700. A handset has 32 bits, so that of 30 million one in 140 shares another's.
 */
#ifndef YUMEN_SENSE_SIGHTING_H
#define YUMEN_SENSE_SIGHTING_H

#include "fact/call.h"
#include "kit/digest.h"

enum { SIGHT_SECRET_BYTES = 32 };

enum sight_key { SIGHT_NUMBER, SIGHT_PAIR, SIGHT_ID, SIGHT_THING, SIGHT_KEY_COUNT };

struct sight_keys {
    uint8_t of[SIGHT_KEY_COUNT][SIPHASH_KEY_BYTES];
};

struct sighting {
    uint64_t caller;  /* never 0 */
    uint64_t callee;  /* never 0 */
    uint32_t pair;    /* the same, whoever of the two called */
    uint32_t handset; /* the caller's; 0: not told */
    uint64_t id;
    uint32_t time_s;
    uint32_t duration_s;
    uint8_t parts; /* enum call_part */
    bool is_text;
    bool is_from_abroad;
    /* Places in the caller's sketches; PLACE_NONE when not told. */
    uint8_t imei;
    uint8_t imsi;
    uint8_t cell;
};

enum { PLACE_NONE = 0xFF };

/* One secret a term; another term's sightings have nothing in common with these. */
void sight_keys_make(const uint8_t secret[SIGHT_SECRET_BYTES], struct sight_keys *ret_keys);
/* `carrier`: whose id it is; two carriers may use the same. */
void sight(const struct sight_keys *keys, str carrier, const struct phone_call *call,
           struct sighting *ret_sighting);

#endif
