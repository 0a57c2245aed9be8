/* SPDX-License-Identifier: Apache-2.0 */
/*
 * notation - the small notations that the forms of banks share: amounts with a point, times of
 * several kinds, texts of at most so many characters.
 *
 * Shape     str in, value out, and back.
 * Owns      Nothing; a cut text is a slice of the whole.
 * Lives     As long as what was given.
 * Fails     ERR_MALFORMED "bank.amount", "bank.currency", "bank.time"; ERR_LIMIT "bank.too_long".
 * Threads   Any.
 * Bounds    Amounts of 18 digits, behind the point included; years 1970 to 9999.
 */
#ifndef YUMEN_GATE_BANK_NOTATION_H
#define YUMEN_GATE_BANK_NOTATION_H

#include "base/instant.h"

enum { STAMP_ROOM = 16 };

/* 123456 fen -> "1234.56". Never negative. */
void money_put(struct text *t, int64_t minor, str currency);
str money_format(struct arena *a, int64_t minor, str currency);
/* Digits, and perhaps a point and no more digits than the currency has; zeros may follow. */
err money_parse(str s, str currency, int64_t *ret_minor);

/* "20261123093000" at the offset, and back. */
str stamp_format(instant at, int zone_min, char room[STAMP_ROOM]);
err stamp_parse(str s, int zone_min, instant *ret_at);
/* xs:dateTime: as RFC 3339, but the offset may be missing: it is then the zone's. */
err moment_parse(str s, int zone_min, instant *ret_at);
/* xs:date at the offset: "2026-11-23". */
str day_format(instant at, int zone_min, char room[STAMP_ROOM]);

/* At most so many characters from its front. */
str cut_to(str s, size_t runes);
err fit_in(str s, size_t runes);

#endif
