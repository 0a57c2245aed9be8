/* SPDX-License-Identifier: Apache-2.0 */
#include "runs/record.h"

enum {
    HEAD_EXIT_SHIFT = 2,
    HEAD_EXIT_MASK = 7,
    HEAD_SEQ = 1 << 5,
    HEAD_BALANCE = 1 << 6,
    HEAD_WORDS = 1 << 7,
    EXIT_OTHER = 7, /* not a transfer: which stands in the upper bits */
    OTHER_SHIFT = 5,
};
static_assert((int)TRANSFER_EXIT_COUNT <= (int)EXIT_OTHER,
              "an exit of its own means another record");
static_assert(RECORD_FACTS_OF < 1 << (8 - OTHER_SHIFT), "kinds fit above the exit");

/* --- numbers and texts --- */

static char *put_number(char *at, uint64_t n)
{
    for (; n >= 0x80; n >>= 7)
        *at++ = (char)(n | 0x80);
    *at++ = (char)n;
    return at;
}

/* Small both ways: 0, -1, 1, -2 … */
static uint64_t fold(int64_t n)
{
    return (uint64_t)n << 1 ^ (n < 0 ? UINT64_MAX : 0);
}

static int64_t unfold(uint64_t n)
{
    return (int64_t)(n >> 1 ^ ((n & 1) != 0 ? UINT64_MAX : 0));
}

static char *put_text(char *at, str s)
{
    assert(s.size <= RECORD_TEXT_BYTES);
    at = put_number(at, s.size);
    if (s.size > 0)
        memcpy(at, s.at, s.size);
    return at + s.size;
}

static err take_number(struct record_reader *in, uint64_t *ret)
{
    uint64_t n = 0;
    for (unsigned i = 0; i < in->rest.size && i < 10; i++) {
        uint64_t byte = (unsigned char)in->rest.at[i];
        n |= (byte & 0x7F) << (7 * i);
        if (byte >= 0x80)
            continue;
        in->rest = str_from(in->rest, i + 1);
        *ret = n;
        return OK;
    }
    return fail(ERR_CORRUPT, "runs: a record is cut short", 0);
}

static err take_u32(struct record_reader *in, uint32_t *ret)
{
    uint64_t n = 0;
    TRY(take_number(in, &n));
    if (n > UINT32_MAX)
        return fail(ERR_CORRUPT, "runs: a number is out of range", 0);
    *ret = (uint32_t)n;
    return OK;
}

static err take_text(struct record_reader *in, str *ret)
{
    uint64_t size = 0;
    TRY(take_number(in, &size));
    if (size > in->rest.size || size > RECORD_TEXT_BYTES)
        return fail(ERR_CORRUPT, "runs: a text is cut short", 0);
    *ret = str_until(in->rest, size);
    in->rest = str_from(in->rest, size);
    return OK;
}

/* --- transfers --- */

static bool has_words(const struct transfer *t)
{
    return t->from_bank.size + t->to_bank.size + t->channel.size + t->device.size + t->ip.size > 0;
}

size_t record_put_transfer(char *room, int64_t base_ms, const struct record *r)
{
    const struct transfer *t = &r->transfer;
    bool words = has_words(t);
    char *at = room;
    *at++ = (char)(t->status | t->exit << HEAD_EXIT_SHIFT | (t->has_seq ? HEAD_SEQ : 0) |
                   (t->has_balance ? HEAD_BALANCE : 0) | (words ? HEAD_WORDS : 0));
    at = put_number(at, r->from);
    at = put_number(at, r->to);
    at = put_number(at, fold(t->time_ms - base_ms));
    at = put_number(at, (uint64_t)t->amount_minor);
    *at++ = (char)r->currency;
    at = put_number(at, r->scope);
    at = put_text(at, t->id);
    if (t->has_seq)
        at = put_number(at, fold(t->seq));
    if (t->has_balance)
        at = put_number(at, fold(t->balance_minor));
    if (words) {
        const str list[RECORD_WORDS] = {t->from_bank, t->to_bank, t->channel, t->device, t->ip};
        for (size_t i = 0; i < RECORD_WORDS; i++)
            at = put_text(at, list[i]);
    }
    return (size_t)(at - room);
}

static err take_words(struct record_reader *in, struct transfer *t)
{
    str *const list[RECORD_WORDS] = {&t->from_bank, &t->to_bank, &t->channel, &t->device, &t->ip};
    for (size_t i = 0; i < RECORD_WORDS; i++)
        TRY(take_text(in, list[i]));
    return OK;
}

static err take_more(struct record_reader *in, unsigned head, struct transfer *t)
{
    uint64_t n = 0;
    t->has_seq = (head & HEAD_SEQ) != 0;
    t->has_balance = (head & HEAD_BALANCE) != 0;
    if (t->has_seq) {
        TRY(take_number(in, &n));
        t->seq = unfold(n);
    }
    if (t->has_balance) {
        TRY(take_number(in, &n));
        t->balance_minor = unfold(n);
    }
    return (head & HEAD_WORDS) != 0 ? take_words(in, t) : OK;
}

static err take_transfer(struct record_reader *in, unsigned head, struct record *r)
{
    uint64_t n = 0;
    struct transfer *t = &r->transfer;
    t->status = head & ROW_STATUS_MASK;
    t->exit = head >> HEAD_EXIT_SHIFT & HEAD_EXIT_MASK;
    TRY(take_u32(in, &r->from));
    TRY(take_u32(in, &r->to));
    TRY(take_number(in, &n));
    t->time_ms = in->base_ms + unfold(n);
    TRY(take_number(in, &n));
    if (n > (uint64_t)TRANSFER_AMOUNT_MOST || t->time_ms < 0 || t->time_ms > TRANSFER_TIME_MOST ||
        t->exit >= TRANSFER_EXIT_COUNT || str_is_empty(in->rest))
        return fail(ERR_CORRUPT, "runs: a transfer is out of range", 0);
    t->amount_minor = (int64_t)n;
    r->currency = (uint8_t)in->rest.at[0];
    in->rest = str_from(in->rest, 1);
    TRY(take_u32(in, &r->scope));
    TRY(take_text(in, &t->id));
    return take_more(in, head, t);
}

/* --- the others --- */

static char *put_head(char *room, enum record_kind kind)
{
    *room = (char)(EXIT_OTHER << HEAD_EXIT_SHIFT | (int)kind << OTHER_SHIFT);
    return room + 1;
}

size_t record_put_status(char *room, uint32_t ordinal, unsigned status)
{
    char *at = put_number(put_head(room, RECORD_STATUS), ordinal);
    return (size_t)(put_number(at, status) - room);
}

size_t record_put_account(char *room, str key)
{
    return (size_t)(put_text(put_head(room, RECORD_ACCOUNT), key) - room);
}

size_t record_put_currency(char *room, const char *currency)
{
    str text = str_make(currency, CURRENCY_BYTES);
    return (size_t)(put_text(put_head(room, RECORD_CURRENCY), text) - room);
}

#define FACTS(f)                                                                                   \
    {                                                                                              \
        &(f)->bank, &(f)->outlet, &(f)->holder_kind, &(f)->holder_ref, &(f)->opened, &(f)->device, \
            &(f)->contact, &(f)->address, &(f)->ip, &(f)->company                                  \
    }

size_t record_put_facts(char *room, uint32_t account, const struct account_facts *facts)
{
    const str *const list[RECORD_FACTS] = FACTS(facts);
    char *at = put_number(put_head(room, RECORD_FACTS_OF), account);
    for (size_t i = 0; i < RECORD_FACTS; i++)
        at = put_text(at, *list[i]);
    return (size_t)(at - room);
}

static err take_facts(struct record_reader *in, struct record *r)
{
    str *const list[RECORD_FACTS] = FACTS(&r->facts);
    TRY(take_u32(in, &r->account));
    for (size_t i = 0; i < RECORD_FACTS; i++)
        TRY(take_text(in, list[i]));
    return OK;
}

static err take_status(struct record_reader *in, struct record *r)
{
    uint32_t status = 0;
    TRY(take_u32(in, &r->ordinal));
    TRY(take_u32(in, &status));
    if (status >= TRANSFER_STATUS_COUNT)
        return fail(ERR_CORRUPT, "runs: no such status", 0);
    r->transfer.status = (uint8_t)status;
    return OK;
}

err record_next(struct record_reader *in, struct record *ret_record)
{
    assert(!record_is_end(in));
    unsigned head = (unsigned char)in->rest.at[0];
    in->rest = str_from(in->rest, 1);
    *ret_record = (struct record){.kind = RECORD_TRANSFER};
    if ((head >> HEAD_EXIT_SHIFT & HEAD_EXIT_MASK) != EXIT_OTHER)
        return take_transfer(in, head, ret_record);
    ret_record->kind = (uint8_t)(head >> OTHER_SHIFT);
    switch ((enum record_kind)ret_record->kind) {
    case RECORD_STATUS:
        return take_status(in, ret_record);
    case RECORD_ACCOUNT:
    case RECORD_CURRENCY:
        return take_text(in, &ret_record->key);
    case RECORD_FACTS_OF:
        return take_facts(in, ret_record);
    case RECORD_TRANSFER:
        break;
    }
    return fail(ERR_CORRUPT, "runs: no such record", head);
}
