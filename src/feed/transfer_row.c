/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/transfer_row.h"

#include "fact/account.h"
#include "fact/currency.h"

#include <assert.h>

#define OLDEST_MS INT64_C(631152000000) /* 1990-01-01T00:00:00Z */

struct reading {
    const struct feed_row *row;
    const struct transfer_rules *rules;
    struct arena *turn;
    struct transfer *transfer;
};

static str text_of(const struct reading *r, enum transfers_column column)
{
    return r->row->values[column];
}

static err malformed(const char *why)
{
    return fail(ERR_MALFORMED, why, 0);
}

static err read_time(const struct reading *r)
{
    instant at = {0};
    TRY(instant_parse(text_of(r, TRANSFERS_TIME), &at));
    if (at.us > instant_add_us(r->rules->now, TRANSFER_AHEAD_US).us)
        return malformed("transfer.future");
    r->transfer->time_ms = at.us / US_PER_MS;
    if (r->transfer->time_ms > TRANSFER_TIME_MOST)
        return malformed("time.range");
    return r->transfer->time_ms < OLDEST_MS ? malformed("transfer.too_old") : OK;
}

static err read_from(const struct reading *r)
{
    return account_key(text_of(r, TRANSFERS_FROM), text_of(r, TRANSFERS_FROM_BANK), r->turn,
                       &r->transfer->from);
}

static err read_to(const struct reading *r)
{
    return account_key(text_of(r, TRANSFERS_TO), text_of(r, TRANSFERS_TO_BANK), r->turn,
                       &r->transfer->to);
}

static bool is_digits(str s)
{
    bool is_all = s.size > 0;
    for (size_t i = 0; i < s.size; i++)
        is_all = is_all && s.at[i] >= '0' && s.at[i] <= '9';
    return is_all;
}

/* What is wrong with an amount that is no row of digits. */
static err amount_refuse(str text)
{
    str rest = text;
    str whole = {0};
    bool is_negative = str_starts(text, STR("-"));
    rest = is_negative ? str_from(text, 1) : text;
    str_split(&rest, '.', &whole);
    bool is_number = is_digits(whole) && (rest.at == NULL || is_digits(rest));
    if (is_number)
        return malformed(is_negative ? "amount.negative" : "amount.fractional");
    return malformed("amount.malformed");
}

static err read_amount(const struct reading *r)
{
    str text = text_of(r, TRANSFERS_AMOUNT);
    if (!is_digits(text))
        return amount_refuse(text);
    int64_t amount = 0;
    for (size_t i = 0; i < text.size; i++) {
        amount = amount * 10 + (text.at[i] - '0');
        if (amount > TRANSFER_AMOUNT_MOST)
            return fail(ERR_LIMIT, "amount.too_large", 0);
    }
    r->transfer->amount_minor = amount;
    return amount == 0 ? malformed("amount.zero") : OK;
}

static err read_currency(const struct reading *r)
{
    str text = text_of(r, TRANSFERS_CURRENCY);
    str code = str_is_empty(text) ? r->rules->currency : text;
    if (!str_equal(code, r->rules->currency) && currency_digits(code) < 0)
        return malformed("currency.unknown");
    assert(code.size == CURRENCY_BYTES);
    memcpy(r->transfer->currency, code.at, CURRENCY_BYTES);
    return OK;
}

static err read_status(const struct reading *r)
{
    str text = text_of(r, TRANSFERS_STATUS);
    unsigned status = str_is_empty(text) ? TRANSFER_BOOKED : transfer_status_find(text);
    r->transfer->status = (uint8_t)status;
    return status == TRANSFER_STATUS_COUNT ? malformed("status.unknown") : OK;
}

static err read_exit(const struct reading *r)
{
    str text = text_of(r, TRANSFERS_EXIT);
    unsigned way = str_is_empty(text) ? EXIT_NONE : transfer_exit_find(text);
    r->transfer->exit = (uint8_t)way;
    return way == TRANSFER_EXIT_COUNT ? malformed("exit.unknown") : OK;
}

static err read_seq(const struct reading *r)
{
    str text = text_of(r, TRANSFERS_SEQ);
    r->transfer->has_seq = !str_is_empty(text);
    if (!r->transfer->has_seq)
        return OK;
    err e = str_parse_i64(text, &r->transfer->seq);
    return failed(e) || r->transfer->seq < 0 ? malformed("seq.malformed") : OK;
}

/* A balance may be below nothing: an overdraft. */
static err read_balance(const struct reading *r)
{
    str text = text_of(r, TRANSFERS_BALANCE_AFTER);
    r->transfer->has_balance = !str_is_empty(text);
    if (!r->transfer->has_balance)
        return OK;
    err e = str_parse_i64(text, &r->transfer->balance_minor);
    bool is_within = !failed(e) && r->transfer->balance_minor >= -TRANSFER_AMOUNT_MOST &&
                     r->transfer->balance_minor <= TRANSFER_AMOUNT_MOST;
    return is_within ? OK : malformed("balance.malformed");
}

static const struct {
    enum transfers_column column;
    err (*read)(const struct reading *r);
} steps[] = {
    {TRANSFERS_TIME,          read_time    },
    {TRANSFERS_FROM,          read_from    },
    {TRANSFERS_TO,            read_to      },
    {TRANSFERS_AMOUNT,        read_amount  },
    {TRANSFERS_CURRENCY,      read_currency},
    {TRANSFERS_STATUS,        read_status  },
    {TRANSFERS_SEQ,           read_seq     },
    {TRANSFERS_BALANCE_AFTER, read_balance },
    {TRANSFERS_EXIT,          read_exit    },
};

err transfer_row_read(const struct feed_row *row, const struct transfer_rules *rules,
                      struct arena *turn, struct transfer *ret_transfer, str *ret_column)
{
    assert(row != NULL && rules != NULL && row->shape->column_count == TRANSFERS_COLUMN_COUNT);
    *ret_transfer = (struct transfer){
        .id = row->values[TRANSFERS_ID],
        .from_bank = row->values[TRANSFERS_FROM_BANK],
        .to_bank = row->values[TRANSFERS_TO_BANK],
        .channel = row->values[TRANSFERS_CHANNEL],
        .device = row->values[TRANSFERS_DEVICE],
        .ip = row->values[TRANSFERS_IP],
    };
    const struct reading r = {row, rules, turn, ret_transfer};
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        err e = steps[i].read(&r);
        if (!failed(e))
            continue;
        *ret_column = str_from_c(row->shape->columns[steps[i].column].name);
        return e;
    }
    return OK;
}
