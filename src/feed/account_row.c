/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/account_row.h"

#include "base/instant.h"
#include "fact/account.h"

#include <assert.h>

static bool is_holder_kind(str s)
{
    return str_is_empty(s) || str_equal(s, STR("person")) || str_equal(s, STR("company"));
}

/* A day, or a time. */
static bool is_day(str s)
{
    char room[INSTANT_TEXT_BYTES];
    instant at = {0};
    if (str_is_empty(s) || !failed(instant_parse(s, &at)))
        return true;
    static const str midnight = {.at = "T00:00:00Z", .size = 10};
    if (s.size + midnight.size > sizeof room)
        return false;
    memcpy(room, s.at, s.size);
    memcpy(room + s.size, midnight.at, midnight.size);
    return !failed(instant_parse(str_make(room, s.size + midnight.size), &at));
}

static err refuse(enum accounts_column column, err e, const struct feed_row *row, str *ret_column)
{
    *ret_column = str_from_c(row->shape->columns[column].name);
    return e;
}

err account_row_read(const struct feed_row *row, struct arena *turn,
                     struct account_facts *ret_facts, str *ret_column)
{
    assert(row != NULL && row->shape->column_count == ACCOUNTS_COLUMN_COUNT);
    const str *values = row->values;
    struct account_facts facts = {
        .bank = values[ACCOUNTS_BANK],
        .outlet = values[ACCOUNTS_OUTLET],
        .holder_kind = values[ACCOUNTS_HOLDER_KIND],
        .holder_ref = values[ACCOUNTS_HOLDER_REF],
        .opened = values[ACCOUNTS_OPENED],
        .device = values[ACCOUNTS_DEVICE],
        .contact = values[ACCOUNTS_CONTACT],
        .address = values[ACCOUNTS_ADDRESS],
        .ip = values[ACCOUNTS_IP],
        .company = values[ACCOUNTS_COMPANY],
    };
    err e = account_key(values[ACCOUNTS_ACCOUNT], facts.bank, turn, &facts.account);
    if (failed(e))
        return refuse(ACCOUNTS_ACCOUNT, e, row, ret_column);
    if (!is_holder_kind(facts.holder_kind))
        return refuse(ACCOUNTS_HOLDER_KIND, fail(ERR_MALFORMED, "holder_kind.unknown", 0), row,
                      ret_column);
    if (!is_day(facts.opened))
        return refuse(ACCOUNTS_OPENED, fail(ERR_MALFORMED, "opened.malformed", 0), row, ret_column);
    *ret_facts = facts;
    return OK;
}
