/* SPDX-License-Identifier: Apache-2.0 */
/*
 * company - a company's unified social credit code (GB 32100-2015).
 *
 * Shape     18 characters: registrar, category, division of six digits, organisation code of nine,
 *           check character by mod 31. Upper case; I, O, Z, S and V do not occur.
 *
 *               "91350100-M000100-Y43" -> "91350100M000100Y43"
 *
 *           A citizen's identity number has 18 characters too. It is recognised and refused: Yumen
 *           lists no persons.
 * Owns      Nothing; results are in the caller's arena.
 * Lives     As long as that arena.
 * Fails     ERR_MALFORMED "company.empty", "company.too_short", "company.too_long",
 *           "company.character", "company.check", "company.is_person". ERR_LIMIT when the arena is
 *           spent.
 * Threads   Any.
 * Bounds    256 bytes.
 */
#ifndef YUMEN_FACT_COMPANY_H
#define YUMEN_FACT_COMPANY_H

#include "base/str.h"

enum { COMPANY_TEXT_BYTES = 256, COMPANY_CODE_SIZE = 18 };

err company_parse(str text, struct arena *turn, str *ret_code);
/* "91 350100 M000100Y4 3": as the standard parts it. Of a canonical code. */
err company_display(str code, struct arena *turn, str *ret_display);

#endif
