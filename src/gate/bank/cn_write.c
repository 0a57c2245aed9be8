/* SPDX-License-Identifier: Apache-2.0 */
/* An ask as a 1001xx, 1002xx or 1003xx request. */
#include "fact/currency.h"
#include "fact/indicator.h"
#include "gate/bank/cn.h"
#include "gate/bank/notation.h"

enum { SERIAL_TAIL = 27 }; /* of the application id, behind bank and time */

struct writing {
    struct xml x;
    struct arena *arena;
    const struct bank_ask *ask;
    const struct cn_code *code;
    str id;
    char stamp[STAMP_ROOM];
};

static void put_stamp(struct writing *w, const char *name, instant at)
{
    if (at.us != 0)
        xml_put(&w->x, name, stamp_format(at, w->ask->zone_min, w->stamp));
}

/* Twelve places, filled with zeros in front. */
static err bank_code(str code, struct arena *a, str *ret_code)
{
    struct text t;
    TRY(fit_in(code, CN_BANK));
    text_init(&t, a);
    for (size_t i = code.size; i < CN_BANK; i++)
        text_put_char(&t, '0');
    text_put(&t, code);
    if (text_spent(&t))
        return no_room();
    *ret_code = text_str(&t);
    return OK;
}

/* Whose it is and when, then the part of the application id that no other has. */
static str serial_of(struct writing *w, str from)
{
    struct text t;
    text_init(&t, w->arena);
    text_put(&t, from);
    text_put(&t, stamp_format(w->ask->order->asked_at, w->ask->zone_min, w->stamp));
    text_put(&t, str_from(w->id, CN_APPLICATION - SERIAL_TAIL));
    return text_spent(&t) ? STR("") : text_str(&t);
}

static err put_head(struct writing *w)
{
    struct xml *x = &w->x;
    str from = STR("");
    str to = STR("");
    TRY(bank_code(w->ask->centre_code, w->arena, &from));
    TRY(bank_code(w->ask->provider_code, w->arena, &to));
    xml_begin(x, "Head");
    xml_put(x, "TxCode", str_from_c(cn_code_for(w->code, w->ask->provider_kind)));
    xml_put(x, "TransSerialNumber", serial_of(w, from));
    xml_put(x, "MessageFrom", from);
    xml_put(x, "MessageTo", to);
    put_stamp(w, "CreateTime", w->ask->order->asked_at);
    xml_end(x);
    return OK;
}

/* "ICBC:1234": the number alone, when the bank stands in front of it. */
static str number_of(str key)
{
    size_t colon = str_find_char(key, ':');
    return colon < key.size ? str_from(key, colon + 1) : key;
}

static err put_account(struct writing *w, str key, str bank, str name)
{
    struct xml *x = &w->x;
    str number = number_of(key);
    TRY(fit_in(number, CN_ACCOUNT));
    TRY(fit_in(bank, CN_BANK));
    xml_put_if_any(x, "BankID", bank);
    xml_put_if_any(x, "AccountName", cut_to(name, CN_NAME));
    xml_put(x, "AccountNumber", number);
    if (number.size != key.size)
        xml_put(x, "AccountKey", key);
    return OK;
}

static err put_payment(struct writing *w)
{
    struct xml *x = &w->x;
    const struct claim *c = w->ask->payment;
    if (c == NULL)
        return OK;
    if (currency_digits(c->currency) < 0)
        return fail(ERR_CONFLICT, "bank.currency", 0);
    xml_begin(x, "TransferOut");
    if (!str_is_empty(c->from))
        TRY(put_account(w, c->from, STR(""), STR("")));
    xml_end(x);
    xml_put_if_any(x, "TransferNumber", c->transfer);
    xml_put(x, "TransferAmount", money_format(w->arena, c->amount, c->currency));
    put_stamp(w, "TransferTime", c->sent_at);
    return OK;
}

/* Freezes alone keep amounts; a stop is of the whole account, whatever was lost. */
static void put_measure(struct writing *w)
{
    struct xml *x = &w->x;
    const struct order *o = w->ask->order;
    bool has_amount = w->code->group == CN_FREEZE && o->asked != ASK_LIFT;
    if (has_amount)
        xml_put(x, "FreezeMode", o->amount > 0 ? STR("01") : STR("02"));
    if (has_amount && o->amount > 0)
        xml_put(x, "FreezeAmount", money_format(w->arena, o->amount, o->currency));
    xml_put_if_any(x, "Reason", cut_to(bank_reason_of(w->ask), CN_TEXT));
    xml_put_if_any(x, "LegalBasis", cut_to(bank_basis_of(w->ask), CN_TEXT));
    put_stamp(w, "StartTime", o->from);
    put_stamp(w, "ExpireTime", o->until);
}

static err put_body(struct writing *w)
{
    struct xml *x = &w->x;
    const struct order *o = w->ask->order;
    str first = STR("");
    TRY(cn_application_id(o->id, 1, w->arena, &first));
    xml_begin(x, "Body");
    xml_put(x, "ApplicationID", w->id);
    xml_put(x, "ApplicationType", o->is_emergency != 0 ? STR("00") : STR("01"));
    if (o->ask > 1)
        xml_put(x, "OriginalApplicationID", first);
    xml_put(x, "OrderKind", str_from_c(order_kind_words[o->kind]));
    xml_put(x, "Operation", str_from_c(order_ask_words[o->asked]));
    xml_put_if_any(x, "CaseNumber", str_is_empty(o->incident) ? o->report : o->incident);
    xml_put(x, "EmergencyLevel", o->is_emergency != 0 ? STR("01") : STR("02"));
    TRY(put_payment(w));
    xml_put(x, "Currency", o->currency);
    TRY(put_account(w, o->target, o->bank, o->name));
    put_measure(w);
    xml_put_if_any(x, "HolderNotice", cut_to(o->notice, CN_TEXT));
    xml_put_if_any(x, "HolderNoticeURL", w->ask->notice_url);
    xml_put_if_any(x, "ApplicationOrgName", cut_to(w->ask->centre, CN_NAME));
    xml_end(x);
    return OK;
}

static err check(const struct bank_ask *ask, const struct cn_code *code)
{
    const struct order *o = ask->order;
    bool has_word = code != NULL && o->target_kind == INDICATOR_ACCOUNT &&
                    cn_code_for(code, ask->provider_kind) != NULL;
    if (!has_word)
        return fail(ERR_CONFLICT, "bank.no_word", o->kind);
    if (currency_digits(o->currency) < 0)
        return fail(ERR_CONFLICT, "bank.currency", 0);
    return OK;
}

err cn_write(const struct bank_ask *ask, struct arena *a, str *ret_bytes)
{
    struct text t;
    const struct order *o = ask->order;
    struct writing w = {.arena = a, .ask = ask, .code = cn_code_of(o->kind, o->asked, ask->query)};
    TRY(check(ask, w.code));
    TRY(cn_application_id(o->id, o->ask, a, &w.id));
    text_init(&t, a);
    xml_init(&w.x, &t);
    xml_begin(&w.x, "Message");
    TRY(put_head(&w));
    TRY(put_body(&w));
    xml_end(&w.x);
    if (text_spent(&t))
        return no_room();
    *ret_bytes = text_str(&t);
    return OK;
}
