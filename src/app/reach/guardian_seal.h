/* SPDX-License-Identifier: Apache-2.0 */
/*
 * guardian_seal - what of a guardian is shut, and the codes and keys that only its two people have.
 *
 * Shape     Codes and keys are worked out from the record and the house's seal, and stored nowhere.
 *
 *               GUARDIAN_SUBSCRIBER  first code; the key that ends it
 *               GUARDIAN_PERSON      second code; another key
 * Owns      Nothing: all in the caller's arena.   Lives  That.
 * Fails     As kit/seal.h.   Threads  Any.
 * Bounds    GUARDIAN_CODE_DIGITS, GUARDIAN_KEY_LETTERS.
 */
#ifndef YUMEN_APP_REACH_GUARDIAN_SEAL_H
#define YUMEN_APP_REACH_GUARDIAN_SEAL_H

#include "app/house/house.h"

enum { GUARDIAN_CODE_DIGITS = 6, GUARDIAN_KEY_LETTERS = 20 };
enum guardian_part { GUARDIAN_SUBSCRIBER, GUARDIAN_PERSON };

/* As other records do, so that an alert finds them. */
err guardian_pseudonym(const struct house *house, str number, struct arena *a, str *ret_name);
err guardian_shut(const struct house *house, enum guardian_part part, str number, struct arena *a,
                  str *ret_sealed);
err guardian_number(const struct house *house, const struct guardian *g, enum guardian_part part,
                    struct arena *a, str *ret_number);
err guardian_name_shut(const struct house *house, str called, struct arena *a, str *ret_sealed);
err guardian_name(const struct house *house, const struct guardian *g, struct arena *a,
                  str *ret_called);
err guardian_code(const struct house *house, str guardian, enum guardian_part part, struct arena *a,
                  str *ret_code);
err guardian_key(const struct house *house, str guardian, enum guardian_part part, struct arena *a,
                 str *ret_key);

#endif
