/* SPDX-License-Identifier: Apache-2.0 */
#include "app/report/report_form.h"

#include "fact/account.h"
#include "fact/currency.h"
#include "fact/digits.h"
#include "fact/number.h"

#include <assert.h>

enum { WORDS_BYTES = 200, SAID_ROOM = 8000, BANK_BYTES = 100 };
/* A clock of the victim's that goes ahead of ours. */
#define AHEAD_US (10 * US_PER_MIN)

struct report_refusal *report_refuse(struct report_form *form, int64_t line, const char *column,
                                     const char *code)
{
    size_t at = form->refusal_count;
    form->refusal_count += at < REPORT_REFUSALS - 1;
    form->refusals[at] = (struct report_refusal){
        .line = line, .column = str_from_c(column), .code = code, .account = {0}};
    return &form->refusals[at];
}

/* --- fields --- */

static bool is_clean(str s)
{
    bool is_ok = str_is_utf8(s);
    for (size_t i = 0; i < s.size; i++)
        is_ok = is_ok && (unsigned char)s.at[i] >= ' ' && s.at[i] != 0x7f;
    return is_ok;
}

/* Absent is empty; anything but text is refused. */
static err read_text(json_value object, const char *key, size_t most, str *ret_text)
{
    json_value v = json_get(object, key);
    str s = STR("");
    if (json_is_absent(v))
        return OK;
    if (failed(json_read_str(v, &s)))
        return fail(ERR_MALFORMED, "json.kind", 0);
    s = str_trim(s);
    if (s.size > most)
        return fail(ERR_MALFORMED, "name.too_long", 0);
    if (!is_clean(s))
        return fail(ERR_MALFORMED, "text.control", 0);
    *ret_text = s;
    return OK;
}

static err read_amount(json_value v, int64_t *ret_amount)
{
    if (json_is_absent(v))
        return OK;
    int64_t amount = 0;
    if (json_kind_of(v) != JSON_KIND_I64 || failed(json_read_i64(v, &amount)))
        return fail(ERR_MALFORMED,
                    json_kind_of(v) == JSON_KIND_REAL ? "amount.fractional" : "amount.malformed",
                    0);
    if (amount < 0)
        return fail(ERR_MALFORMED, "amount.negative", 0);
    if (amount == 0)
        return fail(ERR_MALFORMED, "amount.zero", 0);
    if (amount > TRANSFER_AMOUNT_MOST)
        return fail(ERR_MALFORMED, "amount.too_large", 0);
    *ret_amount = amount;
    return OK;
}

static err read_time(const struct report_reading *r, json_value v, instant *ret_at)
{
    str text = STR("");
    int64_t ms = 0;
    instant at = {0};
    if (json_is_absent(v))
        return OK;
    bool is_number = json_kind_of(v) == JSON_KIND_I64;
    if (is_number && (failed(json_read_i64(v, &ms)) || ms <= 0 || ms > TRANSFER_TIME_MOST))
        return fail(ERR_MALFORMED, "time.range", 0);
    if (!is_number && failed(json_read_str(v, &text)))
        return fail(ERR_MALFORMED, "time.malformed", 0);
    at = instant_from_us(ms * US_PER_MS);
    if (!str_is_empty(str_trim(text)))
        TRY(instant_parse(str_trim(text), &at));
    if (at.us > instant_add_us(r->now, AHEAD_US).us)
        return fail(ERR_MALFORMED, "transfer.future", 0);
    *ret_at = at;
    return OK;
}

static err read_account(const struct report_reading *r, str text, str bank, str *ret_key)
{
    return str_is_empty(text) ? OK : account_key(text, bank, r->arena, ret_key);
}

/* Who reads a card's number aloud does not name its bank: the number does. */
static str bank_of(str key)
{
    struct bank bank = {0};
    size_t cut = str_find_char(key, ':');
    if (cut < key.size)
        return str_until(key, cut);
    return digits_only(key) && account_find_bank(key, &bank) ? bank.code : STR("");
}

/* Of the account that paid, nobody is asked the bank. */
static bool is_same_account(str from, str to)
{
    size_t cut = str_find_char(to, ':');
    bool has_bank = str_find_char(from, ':') < from.size;
    return !str_is_empty(from) &&
           str_equal(from, !has_bank && cut < to.size ? str_from(to, cut + 1) : to);
}

/* --- a line --- */

static err read_currency(json_value v, str usual, str *ret_currency)
{
    str code = usual;
    if (!json_is_absent(v) && (failed(json_read_str(v, &code)) || currency_digits(code) < 0))
        return fail(ERR_MALFORMED, "currency.unknown", 0);
    *ret_currency = code;
    return OK;
}

/* An amount in another money is not so many of ours: no rate is anybody's word. */
static err check_currency(const struct report_reading *r, json_value line, str said)
{
    str currency = said;
    TRY(read_currency(json_get(line, "currency"), said, &currency));
    return str_equal(currency, r->law->currency) ? OK : fail(ERR_MALFORMED, "claim.currency", 0);
}

/* `currency`: of a line that says none. */
static err read_line(const struct report_reading *r, json_value v, str currency,
                     struct report_line *line, const char **ret_column)
{
    str from = STR("");
    str to = STR("");
    const struct {
        const char *column;
        size_t most;
        str *ret;
    } texts[] = {
        {"id",   TRANSFER_ID_BYTES,  &line->transfer},
        {"from", ACCOUNT_TEXT_BYTES, &from          },
        {"to",   ACCOUNT_TEXT_BYTES, &to            },
        {"bank", BANK_BYTES,         &line->bank    },
        {"name", WORDS_BYTES,        &line->name    },
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        *ret_column = texts[i].column;
        TRY(read_text(v, texts[i].column, texts[i].most, texts[i].ret));
    }
    *ret_column = "currency";
    TRY(check_currency(r, v, currency));
    *ret_column = "amount";
    TRY(read_amount(json_get(v, "amount"), &line->amount));
    *ret_column = "time";
    TRY(read_time(r, json_get(v, "time"), &line->at));
    *ret_column = "from";
    TRY(read_account(r, from, STR(""), &line->from));
    *ret_column = "to";
    TRY(read_account(r, to, line->bank, &line->to));
    if (is_same_account(line->from, line->to))
        return fail(ERR_MALFORMED, "claim.to_oneself", 0);
    if (str_is_empty(line->bank))
        line->bank = bank_of(line->to);
    bool has_id = !str_is_empty(line->transfer) && !r->is_public;
    if (str_is_empty(line->to) && !has_id)
        return fail(ERR_MALFORMED, "claim.to", 0);
    *ret_column = "amount";
    return line->amount == 0 && !has_id ? fail(ERR_MALFORMED, "claim.amount", 0) : OK;
}

/* What stands where nothing could be read, for whoever reads on. */
static void keep(struct text *t, const char *what, json_value v)
{
    text_put_c(t, "\n");
    text_put_c(t, what);
    text_put_char(t, ' ');
    json_write_again(v, t);
}

static void keep_line(struct text *t, int64_t index, str typed)
{
    text_put_c(t, "\n#");
    text_put_i64(t, index + 1);
    text_put_char(t, ' ');
    text_put(t, typed);
}

static err read_typed(const struct report_reading *r, json_value v, str *ret_typed)
{
    struct text t;
    text_init(&t, r->arena);
    json_write_again(v, &t);
    *ret_typed = text_str(&t);
    return text_spent(&t) ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

/* Takes the currency of the lines from the form's head, and leaves the centre's there. */
static err read_lines(const struct report_reading *r, json_value lines, struct report_form *form,
                      struct text *kept)
{
    str currency = form->said.currency;
    bool is_list = json_kind_of(lines) == JSON_KIND_ARRAY;
    if (!is_list && !json_is_absent(lines)) {
        report_refuse(form, -1, "transfers", "transfers.not_list");
        keep(kept, "transfers", lines);
    }
    size_t count = is_list ? json_count(lines) : 0;
    for (size_t i = 0; i < count; i++) {
        const char *column = "";
        json_value v = json_item(lines, i);
        struct report_line line = {.index = (int64_t)i};
        TRY(read_typed(r, v, &line.typed));
        err e = json_kind_of(v) != JSON_KIND_OBJECT ? fail(ERR_MALFORMED, "claim.not_object", 0)
                                                    : read_line(r, v, currency, &line, &column);
        if (!failed(e) && form->line_count == REPORT_CLAIMS)
            e = fail(ERR_LIMIT, "report.too_many", 0);
        if (!failed(e)) {
            form->lines[form->line_count++] = line;
            continue;
        }
        if (form->refusal_count < REPORT_LINE_REFUSALS)
            report_refuse(form, (int64_t)i, column, e.why);
        keep_line(kept, (int64_t)i, line.typed);
    }
    form->said.currency = r->law->currency;
    return OK;
}

/* --- the head --- */

/* A number that is none is kept as it was typed, and said. */
static err read_victim(const struct report_reading *r, json_value victim, struct report_form *form,
                       struct text *kept)
{
    struct number number = {0};
    const struct {
        const char *key;
        const char *column;
        str *ret;
    } texts[] = {
        {"number", "victim.number", &form->said.victim_number},
        {"name",   "victim.name",   &form->said.victim_name  },
    };
    if (!json_is_absent(victim) && json_kind_of(victim) != JSON_KIND_OBJECT) {
        report_refuse(form, -1, "victim", "json.kind");
        keep(kept, "victim", victim);
    }
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        err e = read_text(victim, texts[i].key, WORDS_BYTES, texts[i].ret);
        if (!failed(e))
            continue;
        report_refuse(form, -1, texts[i].column, e.why);
        keep(kept, texts[i].column, json_get(victim, texts[i].key));
    }
    str typed = form->said.victim_number;
    if (str_is_empty(typed))
        return OK;
    err e = number_parse(typed, r->law->phone_region, r->arena, &number);
    if (e.code == ERR_LIMIT)
        return e;
    if (failed(e))
        report_refuse(form, -1, "victim.number", e.why);
    else
        form->said.victim_number = number.value;
    return OK;
}

static err read_channel(const struct report_reading *r, json_value v, unsigned *ret_channel)
{
    str word = STR("");
    unsigned channel = r->is_public ? REPORT_BY_WEB : REPORT_BY_96110;
    if (!json_is_absent(v) &&
        (failed(json_read_str(v, &word)) || !word_parse(report_channel_words, word, &channel)))
        return fail(ERR_MALFORMED, "word.unknown", 0);
    bool is_own = channel == REPORT_BY_WEB || channel == REPORT_BY_APP;
    *ret_channel = r->is_public && !is_own ? REPORT_BY_WEB : channel;
    return OK;
}

/* As far as there is room; what is cut off is said, once. */
static err append(struct report_form *form, str more, struct arena *a)
{
    struct text t;
    str said = form->said.said;
    assert(said.size <= SAID_ROOM);
    size_t room = SAID_ROOM - said.size;
    if (room < more.size && !form->is_cut)
        report_refuse(form, -1, "said", "report.cut");
    form->is_cut = form->is_cut || room < more.size;
    while (room > 0 && room < more.size && ((unsigned char)more.at[room] & 0xC0) == 0x80)
        room--; /* no letter is cut in two */
    text_init(&t, a);
    text_put(&t, said);
    text_put(&t, str_until(more, room < more.size ? room : more.size));
    form->said.said = str_trim(text_str(&t));
    return text_spent(&t) ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

err report_form_keep(struct report_form *form, const struct report_line *line, struct arena *a)
{
    struct text kept;
    if (str_is_empty(line->typed))
        return OK;
    text_init(&kept, a);
    keep_line(&kept, line->index, line->typed);
    return text_spent(&kept) ? fail(ERR_LIMIT, "limit.memory", 0)
                             : append(form, text_str(&kept), a);
}

/* The words, and after them what could not be used. */
static err read_said(const struct report_reading *r, json_value v, const struct text *kept,
                     struct report_form *form)
{
    str words = STR("");
    if (!json_is_absent(v) && failed(json_read_str(v, &words)))
        return fail(ERR_MALFORMED, "json.kind", 0);
    words = str_trim(words);
    if (words.size > SAID_ROOM || !str_is_utf8(words))
        return fail(ERR_MALFORMED, "report.said", 0);
    form->said.said = words;
    return text_spent(kept) ? fail(ERR_LIMIT, "limit.memory", 0)
                            : append(form, text_str(kept), r->arena);
}

err report_form_read(const struct report_reading *r, json_value body, struct report_form *form)
{
    struct text kept;
    assert(r->law != NULL && r->now.us > 0);
    *form = (struct report_form){0};
    text_init(&kept, r->arena);
    TRY(read_channel(r, json_get(body, "channel"), &form->said.channel));
    TRY(read_currency(json_get(body, "currency"), r->law->currency, &form->said.currency));
    if (!str_equal(form->said.currency, r->law->currency))
        keep(&kept, "currency", json_get(body, "currency"));
    TRY(read_victim(r, json_get(body, "victim"), form, &kept));
    TRY(read_lines(r, json_get(body, "transfers"), form, &kept));
    return read_said(r, json_get(body, "said"), &kept, form);
}

struct report_line report_line_of(const struct claim *c, int64_t index)
{
    return (struct report_line){.index = index,
                                .claim = c->id,
                                .transfer = c->transfer,
                                .from = c->from,
                                .to = c->to,
                                .bank = c->bank,
                                .name = c->name,
                                .amount = c->amount,
                                .at = c->sent_at};
}
