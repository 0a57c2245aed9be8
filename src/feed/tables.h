/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tables - every feed as one row of a table: its columns, which of them it cannot do without, how
 * long a value may be and how it is read. The reader is a loop over these.
 *
 * Shape     feed "listings" -> columns kind*, value*, action*, … in the order of the table. A later
 *           version accepts another feed by adding its table and the function that reads its rows.
 * Owns      Nothing.
 * Lives     For ever; all constant.
 * Fails     feed_find: ERR_ABSENT "feed.unknown".
 * Threads   Any.
 * Bounds    FEED_COLUMNS_MAX columns a feed.
 */
#ifndef YUMEN_FEED_TABLES_H
#define YUMEN_FEED_TABLES_H

#include "base/str.h"

enum { FEED_COLUMNS_MAX = 24 };

enum feed_value {
    FEED_LINE,    /* printable text on one line */
    FEED_TEXT,    /* printable text; line breaks and tabs may stay */
    FEED_DEGREES, /* a line; of NDJSON also a number with up to nine decimals */
    FEED_JSON,    /* text; of NDJSON also an object */
};

struct feed_column {
    const char *name;
    uint32_t max_bytes;
    uint8_t is_required;
    uint8_t value; /* enum feed_value */
};

/* Columns of the feed "listings"; the table keeps this order. */
enum listings_column {
    LISTINGS_KIND,
    LISTINGS_VALUE,
    LISTINGS_ACTION,
    LISTINGS_REASON,
    LISTINGS_BASIS,
    LISTINGS_SOURCE,
    LISTINGS_UNTIL,
    LISTINGS_FROM,
    LISTINGS_EVIDENCE,
    LISTINGS_SCORE,
    LISTINGS_MATCH,
    LISTINGS_ID,
    LISTINGS_NOTICE,
    LISTINGS_DIVISION,
    LISTINGS_RPZ,
    LISTINGS_COLUMN_COUNT
};

enum transfers_column {
    TRANSFERS_ID,
    TRANSFERS_TIME,
    TRANSFERS_FROM,
    TRANSFERS_TO,
    TRANSFERS_AMOUNT,
    TRANSFERS_CURRENCY,
    TRANSFERS_FROM_BANK,
    TRANSFERS_TO_BANK,
    TRANSFERS_CHANNEL,
    TRANSFERS_STATUS,
    TRANSFERS_SEQ,
    TRANSFERS_BALANCE_AFTER,
    TRANSFERS_EXIT,
    TRANSFERS_DEVICE,
    TRANSFERS_IP,
    TRANSFERS_COLUMN_COUNT
};

enum accounts_column {
    ACCOUNTS_ACCOUNT,
    ACCOUNTS_BANK,
    ACCOUNTS_OUTLET,
    ACCOUNTS_HOLDER_KIND,
    ACCOUNTS_HOLDER_REF,
    ACCOUNTS_OPENED,
    ACCOUNTS_DEVICE,
    ACCOUNTS_CONTACT,
    ACCOUNTS_ADDRESS,
    ACCOUNTS_IP,
    ACCOUNTS_COMPANY,
    ACCOUNTS_COLUMN_COUNT
};

enum calls_column {
    CALLS_ID,
    CALLS_TIME,
    CALLS_CALLER,
    CALLS_CALLEE,
    CALLS_PHASE,
    CALLS_KIND,
    CALLS_ANSWERED,
    CALLS_DURATION_S,
    CALLS_CALLER_IMSI,
    CALLS_CALLER_IMEI,
    CALLS_CALLER_CELL,
    CALLS_INGRESS,
    CALLS_TRUNK,
    CALLS_COLUMN_COUNT
};

enum visits_column {
    VISITS_TIME,
    VISITS_SUBSCRIBER,
    VISITS_DOMAIN,
    VISITS_RESOLVER,
    VISITS_COLUMN_COUNT
};

enum messages_column {
    MESSAGES_TIME,
    MESSAGES_SENDER,
    MESSAGES_SUBSCRIBER,
    MESSAGES_URLS,
    MESSAGES_TEXT,
    MESSAGES_CONSENT,
    MESSAGES_COLUMN_COUNT
};

struct feed_shape {
    const char *name;
    const struct feed_column *columns;
    size_t column_count;
    /* Which columns identify a row: its own key and whose key that is; column_count if none. */
    size_t id_column;
    size_t source_column;
};

extern const struct feed_shape feed_shapes[];
extern const size_t feed_shape_count;

err feed_find(str name, const struct feed_shape **ret_shape);
/* Index of the column with this name, in any case and with white space around; else column_count.
 */
size_t feed_column_find(const struct feed_shape *shape, str name);

#endif
