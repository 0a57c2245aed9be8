/* SPDX-License-Identifier: Apache-2.0 */
/*
 * call - one call or text message, or one moment of a call, as a carrier reports it.
 *
 * Shape     A row of the feed "calls". A carrier sends finished records, or the phases of a call
 *           as they happen, which share an id; or both. What a row says is a set of parts:
 *
 *               setup   CALL_SETUP                        somebody rang
 *               answer  CALL_ANSWER                       somebody answered
 *               end     CALL_END, and CALL_ANSWER if it was answered: how long it was
 *               (none)  CALL_SETUP, CALL_END, and CALL_ANSWER if it was answered
 *
 *           Each part of a call counts once, whoever says it, in whatever order.
 * Owns      Nothing; texts are the caller's.
 * Lives     As long as they.
 * Fails     -
 * Threads   Any.
 * Bounds    CALL_DURATION_MOST_S; times until 2106 (32 bits of seconds).
 */
#ifndef YUMEN_FACT_CALL_H
#define YUMEN_FACT_CALL_H

#include "base/str.h"

enum call_part { CALL_SETUP = 1, CALL_ANSWER = 2, CALL_END = 4 };
enum { CALL_DURATION_MOST_S = 7 * 86400 };

struct phone_call {
    str id;     /* the carrier's; a call's phases share it */
    str caller; /* canonical where fact/number.h knows the form, else as the network shows it */
    str callee;
    str imsi; /* of the caller; empty when not told. So are the others */
    str imei;
    str cell;
    str trunk;
    uint32_t time_s; /* UTC, since 1970 */
    uint32_t duration_s;
    uint8_t parts; /* of enum call_part */
    bool is_text;  /* a text message */
    bool is_from_abroad;
};

#endif
