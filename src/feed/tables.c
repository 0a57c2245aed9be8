/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/tables.h"

#include "feed/boundary_read.h"
#include "feed/station_row.h"

#include <assert.h>

static const struct feed_column listings_columns[LISTINGS_COLUMN_COUNT] = {
    [LISTINGS_KIND] = {"kind",     16,   true,  FEED_LINE},
    [LISTINGS_VALUE] = {"value",    2048, true,  FEED_LINE},
    [LISTINGS_ACTION] = {"action",   16,   true,  FEED_LINE},
    [LISTINGS_REASON] = {"reason",   200,  true,  FEED_LINE},
    [LISTINGS_BASIS] = {"basis",    200,  true,  FEED_LINE},
    [LISTINGS_SOURCE] = {"source",   200,  true,  FEED_LINE},
    [LISTINGS_UNTIL] = {"until",    40,   true,  FEED_LINE},
    [LISTINGS_FROM] = {"from",     40,   false, FEED_LINE},
    [LISTINGS_EVIDENCE] = {"evidence", 2000, false, FEED_TEXT},
    [LISTINGS_SCORE] = {"score",    16,   false, FEED_LINE},
    [LISTINGS_MATCH] = {"match",    16,   false, FEED_LINE},
    [LISTINGS_ID] = {"id",       64,   false, FEED_LINE},
    [LISTINGS_NOTICE] = {"notice",   2000, false, FEED_TEXT},
    [LISTINGS_DIVISION] = {"division", 16,   false, FEED_LINE},
    [LISTINGS_RPZ] = {"rpz",      16,   false, FEED_LINE},
};

static const struct feed_column transfers_columns[TRANSFERS_COLUMN_COUNT] = {
    [TRANSFERS_ID] = {"id",            64,  true,  FEED_LINE},
    [TRANSFERS_TIME] = {"time",          40,  true,  FEED_LINE},
    [TRANSFERS_FROM] = {"from",          256, true,  FEED_LINE},
    [TRANSFERS_TO] = {"to",            256, true,  FEED_LINE},
    [TRANSFERS_AMOUNT] = {"amount",        64,  true,  FEED_LINE},
    [TRANSFERS_CURRENCY] = {"currency",      16,  false, FEED_LINE},
    [TRANSFERS_FROM_BANK] = {"from_bank",     128, false, FEED_LINE},
    [TRANSFERS_TO_BANK] = {"to_bank",       128, false, FEED_LINE},
    [TRANSFERS_CHANNEL] = {"channel",       64,  false, FEED_LINE},
    [TRANSFERS_STATUS] = {"status",        16,  false, FEED_LINE},
    [TRANSFERS_SEQ] = {"seq",           32,  false, FEED_LINE},
    [TRANSFERS_BALANCE_AFTER] = {"balance_after", 64,  false, FEED_LINE},
    [TRANSFERS_EXIT] = {"exit",          16,  false, FEED_LINE},
    [TRANSFERS_DEVICE] = {"device",        64,  false, FEED_LINE},
    [TRANSFERS_IP] = {"ip",            64,  false, FEED_LINE},
};

static const struct feed_column accounts_columns[ACCOUNTS_COLUMN_COUNT] = {
    [ACCOUNTS_ACCOUNT] = {"account",     256, true,  FEED_LINE},
    [ACCOUNTS_BANK] = {"bank",        128, false, FEED_LINE},
    [ACCOUNTS_OUTLET] = {"outlet",      200, false, FEED_LINE},
    [ACCOUNTS_HOLDER_KIND] = {"holder_kind", 16,  false, FEED_LINE},
    [ACCOUNTS_HOLDER_REF] = {"holder_ref",  64,  false, FEED_LINE},
    [ACCOUNTS_OPENED] = {"opened",      40,  false, FEED_LINE},
    [ACCOUNTS_DEVICE] = {"device",      64,  false, FEED_LINE},
    [ACCOUNTS_CONTACT] = {"contact",     64,  false, FEED_LINE},
    [ACCOUNTS_ADDRESS] = {"address",     300, false, FEED_LINE},
    [ACCOUNTS_IP] = {"ip",          64,  false, FEED_LINE},
    [ACCOUNTS_COMPANY] = {"company",     64,  false, FEED_LINE},
};

static const struct feed_column calls_columns[CALLS_COLUMN_COUNT] = {
    [CALLS_ID] = {"id",          64, true,  FEED_LINE},
    [CALLS_TIME] = {"time",        40, true,  FEED_LINE},
    [CALLS_CALLER] = {"caller",      64, true,  FEED_LINE},
    [CALLS_CALLEE] = {"callee",      64, true,  FEED_LINE},
    [CALLS_PHASE] = {"phase",       16, false, FEED_LINE},
    [CALLS_KIND] = {"kind",        16, false, FEED_LINE},
    [CALLS_ANSWERED] = {"answered",    8,  false, FEED_LINE},
    [CALLS_DURATION_S] = {"duration_s",  16, false, FEED_LINE},
    [CALLS_CALLER_IMSI] = {"caller_imsi", 32, false, FEED_LINE},
    [CALLS_CALLER_IMEI] = {"caller_imei", 32, false, FEED_LINE},
    [CALLS_CALLER_CELL] = {"caller_cell", 64, false, FEED_LINE},
    [CALLS_INGRESS] = {"ingress",     16, false, FEED_LINE},
    [CALLS_TRUNK] = {"trunk",       64, false, FEED_LINE},
};

static const struct feed_column visits_columns[VISITS_COLUMN_COUNT] = {
    [VISITS_TIME] = {"time",       40,   true,  FEED_LINE},
    [VISITS_SUBSCRIBER] = {"subscriber", 64,   true,  FEED_LINE},
    [VISITS_DOMAIN] = {"domain",     1024, true,  FEED_LINE},
    [VISITS_RESOLVER] = {"resolver",   64,   false, FEED_LINE},
};

static const struct feed_column messages_columns[MESSAGES_COLUMN_COUNT] = {
    [MESSAGES_TIME] = {"time",       40,   true,  FEED_LINE},
    [MESSAGES_SENDER] = {"sender",     64,   true,  FEED_LINE},
    [MESSAGES_SUBSCRIBER] = {"subscriber", 64,   true,  FEED_LINE},
    [MESSAGES_URLS] = {"urls",       4096, true,  FEED_LINE},
    [MESSAGES_TEXT] = {"text",       2000, false, FEED_TEXT},
    [MESSAGES_CONSENT] = {"consent",    64,   false, FEED_LINE},
};

static const struct feed_column stations_columns[STATIONS_COLUMN_COUNT] = {
    [STATIONS_STATION] = {"station",  64,  true,  FEED_LINE   },
    [STATIONS_DIVISION] = {"division", 16,  true,  FEED_LINE   },
    [STATIONS_NAME] = {"name",     200, true,  FEED_LINE   },
    [STATIONS_LON] = {"lon",      32,  false, FEED_DEGREES},
    [STATIONS_LAT] = {"lat",      32,  false, FEED_DEGREES},
};

static const struct feed_column beats_columns[BEATS_COLUMN_COUNT] = {
    [BEATS_BEAT] = {"beat",     64,             true,  FEED_LINE},
    [BEATS_STATION] = {"station",  64,             true,  FEED_LINE},
    [BEATS_NAME] = {"name",     200,            true,  FEED_LINE},
    [BEATS_BOUNDARY] = {"boundary", BOUNDARY_BYTES, false, FEED_JSON},
};

static const struct feed_column officers_columns[OFFICERS_COLUMN_COUNT] = {
    [OFFICERS_OFFICER] = {"officer", 64,  true,  FEED_LINE},
    [OFFICERS_NAME] = {"name",    200, true,  FEED_LINE},
    [OFFICERS_STATION] = {"station", 64,  true,  FEED_LINE},
    [OFFICERS_BEAT] = {"beat",    64,  false, FEED_LINE},
    [OFFICERS_DUTY] = {"duty",    80,  false, FEED_LINE},
};

const struct feed_shape feed_shapes[] = {
    {
     .name = "listings",
     .columns = listings_columns,
     .column_count = COUNT_OF(listings_columns),
     .id_column = LISTINGS_ID,
     .source_column = LISTINGS_SOURCE,
     },
    {
     .name = "transfers",
     .columns = transfers_columns,
     .column_count = COUNT_OF(transfers_columns),
     .id_column = TRANSFERS_ID,
     .source_column = COUNT_OF(transfers_columns),
     },
    {
     .name = "accounts",
     .columns = accounts_columns,
     .column_count = COUNT_OF(accounts_columns),
     .id_column = ACCOUNTS_ACCOUNT,
     .source_column = COUNT_OF(accounts_columns),
     },
    {
     .name = "calls",
     .columns = calls_columns,
     .column_count = COUNT_OF(calls_columns),
     .id_column = CALLS_ID,
     .source_column = COUNT_OF(calls_columns),
     },
    {
     .name = "visits",
     .columns = visits_columns,
     .column_count = COUNT_OF(visits_columns),
     .id_column = COUNT_OF(visits_columns),
     .source_column = COUNT_OF(visits_columns),
     },
    {
     .name = "messages",
     .columns = messages_columns,
     .column_count = COUNT_OF(messages_columns),
     .id_column = COUNT_OF(messages_columns),
     .source_column = COUNT_OF(messages_columns),
     },
    {
     .name = "stations",
     .columns = stations_columns,
     .column_count = COUNT_OF(stations_columns),
     .id_column = STATIONS_STATION,
     .source_column = COUNT_OF(stations_columns),
     },
    {
     .name = "beats",
     .columns = beats_columns,
     .column_count = COUNT_OF(beats_columns),
     .id_column = BEATS_BEAT,
     .source_column = COUNT_OF(beats_columns),
     },
    {
     .name = "officers",
     .columns = officers_columns,
     .column_count = COUNT_OF(officers_columns),
     .id_column = OFFICERS_OFFICER,
     .source_column = COUNT_OF(officers_columns),
     },
};
const size_t feed_shape_count = COUNT_OF(feed_shapes);

err feed_find(str name, const struct feed_shape **ret_shape)
{
    assert(ret_shape != NULL);
    for (size_t i = 0; i < feed_shape_count; i++) {
        assert(feed_shapes[i].column_count <= FEED_COLUMNS_MAX);
        if (!str_equal(name, str_from_c(feed_shapes[i].name)))
            continue;
        *ret_shape = &feed_shapes[i];
        return OK;
    }
    return fail(ERR_ABSENT, "feed.unknown", 0);
}

size_t feed_column_find(const struct feed_shape *shape, str name)
{
    assert(shape != NULL);
    name = str_trim(name);
    size_t i = 0;
    while (i < shape->column_count && !str_equal_nocase(name, str_from_c(shape->columns[i].name)))
        i++;
    return i;
}
