/* SPDX-License-Identifier: Apache-2.0 */
/*
 * account_row - a row of the feed "accounts": what a bank says of an account of its own.
 *
 * Shape     The account becomes its key (fact/account.h); everything else stays as it was written,
 *           for it is shown to people and compared by nobody. `holder_ref` is the provider's
 *           pseudonym, for notices only.
 * Owns      Nothing: texts are the row's or lie in the turn arena.
 * Lives     As long as both.
 * Fails     "account.*", "holder_kind.unknown", "opened.malformed", and the column.
 * Threads   Any.   Bounds  Those of the feed's columns.
 */
#ifndef YUMEN_FEED_ACCOUNT_ROW_H
#define YUMEN_FEED_ACCOUNT_ROW_H

#include "fact/transfer.h"
#include "feed/reader.h"

/* ret_column is written also, and only, on failure. */
err account_row_read(const struct feed_row *row, struct arena *turn,
                     struct account_facts *ret_facts, str *ret_column);

#endif
