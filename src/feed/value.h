/* SPDX-License-Identifier: Apache-2.0 */
/*
 * value - the checks and readings of one field that every feed shares.
 *
 * Shape     One question about a text, one reading of a number.
 * Owns      Nothing.   Lives  -   Threads  Any.   Bounds  -
 * Fails     ERR_MALFORMED: "text.not_utf8", "text.control", "number.decimal"; ERR_LIMIT
 *           "number.too_large". `at` is the byte.
 */
#ifndef YUMEN_FEED_VALUE_H
#define YUMEN_FEED_VALUE_H

#include "feed/tables.h"

/* What could not be read as text became this on the way in. */
#define FEED_UNREADABLE STR("\xEF\xBF\xBD")

/*
 * Printable: no control characters (C0, DEL, C1), no marks that turn the direction of the text
 * around them, which would show a person something else than what is stored. FEED_TEXT may have
 * line breaks and tabs. The str must be UTF-8.
 */
err value_check(str s, enum feed_value kind);
/* "87.5" -> 87500. A sign, at most three decimals, no exponent. */
err value_parse_milli(str s, int64_t *ret_milli);

#endif
