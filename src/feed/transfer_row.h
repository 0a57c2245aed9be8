/* SPDX-License-Identifier: Apache-2.0 */
/*
 * transfer_row - a row of the feed "transfers" becomes the transfer it reports.
 *
 * Shape     Absent: status is booked, the currency that of the law profile. An account is told by
 *           its canonical form where there is one, else by the bank's own token (account_key).
 *           Money is whole minor units: what has a point, a sign or no value is refused, and no
 *           amount is ever rounded. A transfer to oneself is one.
 * Owns      Nothing: texts are the row's or lie in the turn arena.
 * Lives     As long as both.
 * Fails     A catalogue key, and the column it is about: "amount.fractional", "amount.negative",
 *           "amount.zero", "amount.malformed", "amount.too_large", "currency.unknown", "time.*",
 *           "transfer.future", "transfer.too_old", "status.unknown", "exit.unknown",
 *           "seq.malformed", "balance.malformed", and account.* of account_key.
 * Threads   Any.
 * Bounds    fact/transfer.h's. At most TRANSFER_AHEAD_US later than now: clocks differ.
 */
#ifndef YUMEN_FEED_TRANSFER_ROW_H
#define YUMEN_FEED_TRANSFER_ROW_H

#include "base/instant.h"
#include "fact/transfer.h"
#include "feed/reader.h"

#define TRANSFER_AHEAD_US (5 * US_PER_MIN)

struct transfer_rules {
    instant now;
    str currency; /* of the law profile */
};

/* ret_column is written also, and only, on failure. */
err transfer_row_read(const struct feed_row *row, const struct transfer_rules *rules,
                      struct arena *turn, struct transfer *ret_transfer, str *ret_column);

#endif
