/* SPDX-License-Identifier: Apache-2.0 */
/*
 * idna - one spelling for a domain name, whoever writes it: UTS 46, non-transitional.
 *
 * Shape     idna_to_ascii() gives the name as it goes into lists and zones: A-labels, lower case,
 *           no trailing dot ("Faß.DE." is "xn--fa-hia.de"). idna_to_unicode() gives what a person
 *           reads; it never fails on a name that idna_to_ascii() gave.
 *           Stricter than DNS, looser than host names: letters, digits, '-' and '_' (service
 *           labels and many bad names have it), no other ASCII. A name may begin or end with '-',
 *           as scammers' and content networks' do; labels are held to CheckBidi and CheckJoiners.
 * Owns      Nothing; results are in the caller's arena.
 * Lives     As long as that arena.
 * Fails     "domain.empty", "domain.label_empty" (two dots in a row or one in front),
 *           "domain.label_too_long" (over 63), "domain.too_long" (over 253), "domain.character"
 *           (a character no name may have; `at` is its offset if all is ASCII),
 *           "domain.malformed" (broken punycode, mixed direction, not UTF-8).
 * Threads   Any.
 * Bounds    Input up to 1024 bytes. A plain ASCII name takes no detour through ICU.
 */
#ifndef YUMEN_KIT_IDNA_H
#define YUMEN_KIT_IDNA_H

#include "base/str.h"

enum { IDNA_NAME_BYTES = 253, IDNA_LABEL_BYTES = 63, IDNA_INPUT_BYTES = 1024 };

/* Whether a label is one that idna_to_unicode may show otherwise: it begins with "xn--". */
bool idna_has_ace(str name);
err idna_to_ascii(str domain, struct arena *a, str *ret_ascii);
/* A label that cannot be shown safely (its decoded form is not valid) stays as it is. */
err idna_to_unicode(str ascii, struct arena *a, str *ret_unicode);

#endif
