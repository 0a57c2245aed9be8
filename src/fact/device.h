/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device - the number a handset carries: an IMEI, 15 digits with its check digit (3GPP TS 23.003).
 *
 * Shape     15 digits are checked. To 14 the check digit is added. From the 16 of an IMEISV the
 *           two that tell the software's version are dropped, for the handset stays the same one
 *           after an update, and the check digit is added.
 *
 *               "35-209900-176148"     -> "352099001761481"
 *               "3520990017614823" (SV) -> "352099001761481"
 *
 * Owns      Nothing; results are in the caller's arena.
 * Lives     As long as that arena.
 * Fails     ERR_MALFORMED "device.empty", "device.character", "device.too_short",
 *           "device.too_long", "device.check", "device.zeros" (a phone without an
 *           IMEI). ERR_LIMIT when the arena is spent.
 * Threads   Any.
 * Bounds    256 bytes.
 */
#ifndef YUMEN_FACT_DEVICE_H
#define YUMEN_FACT_DEVICE_H

#include "base/str.h"

enum { DEVICE_TEXT_BYTES = 256, IMEI_DIGITS = 15 };

err device_parse(str text, struct arena *turn, str *ret_imei);
/* "35-209900-176148-1": type, serial and check digit apart. Of a canonical IMEI. */
err device_display(str imei, struct arena *turn, str *ret_display);

#endif
