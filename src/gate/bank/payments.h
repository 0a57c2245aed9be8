/* SPDX-License-Identifier: Apache-2.0 */
/*
 * payments - customers' payments as banks send them to each other (pacs.008), to rows of the feed
 * "transfers": for a bank whose systems speak ISO 20022 anyway.
 *
 * Shape     Document/FIToFICstmrCdtTrf/CdtTrfTxInf … --> {"id":…,"time":…,"from":…} a line each
 *
 *           A row for each payment, in their order, whatever it lacks: what cannot be taken in is
 *           refused by the feed, row by row. docs/formats/transfers.md says what becomes of what.
 * Owns      Nothing; in the arena.   Lives  As long as that.
 * Fails     Of the whole document: "xml.*", ERR_MALFORMED "bank.document"; "limit.memory".
 * Threads   Any.
 * Bounds    PAYMENTS_BYTES, PAYMENTS_NODES elements: some five thousand payments.
 */
#ifndef YUMEN_GATE_BANK_PAYMENTS_H
#define YUMEN_GATE_BANK_PAYMENTS_H

#include "base/str.h"

enum { PAYMENTS_BYTES = 8 << 20, PAYMENTS_NODES = 250000, PAYMENTS_ROOM = 64 << 20 };

/* "application/xml; charset=utf-8" */
bool payments_are_meant(str content_type);

/* `zone_min`: of a time that says no offset. At most PAYMENTS_ROOM of the arena. */
err payments_read(str bytes, int zone_min, struct arena *a, str *ret_rows);

#endif
