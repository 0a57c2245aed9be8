/* SPDX-License-Identifier: Apache-2.0 */
/* An ask as camt.056: each ask is a case of its own, for a case is all that every bank echoes. */
#include "fact/account.h"
#include "fact/currency.h"
#include "fact/indicator.h"
#include "gate/bank/iso.h"
#include "gate/bank/notation.h"

struct writing {
    struct xml x;
    const struct bank_ask *ask;
    str key;
};

/* What the standard cannot say of accounts: these are refused, not cut. */
static err check(const struct bank_ask *ask, str key)
{
    const struct order *o = ask->order;
    bool has_words = o->target_kind == INDICATOR_ACCOUNT &&
                     (o->kind == ORDER_HOLD || o->kind == ORDER_STOP || o->kind == ORDER_FREEZE);
    if (!has_words)
        return fail(ERR_CONFLICT, "bank.no_word", o->kind);
    if (currency_digits(o->currency) < 0 ||
        (ask->payment != NULL && currency_digits(ask->payment->currency) < 0))
        return fail(ERR_CONFLICT, "bank.currency", 0);
    TRY(fit_in(key, ISO_ID));
    TRY(fit_in(o->provider, ISO_ID));
    return OK;
}

/* "ICBC:1234": the number, and whose it is. An account without a colon is the number. */
static void split_account(str key, str *ret_issuer, str *ret_number)
{
    size_t colon = str_find_char(key, ':');
    bool has_issuer = colon < key.size;
    *ret_issuer = has_issuer ? str_until(key, colon) : STR("");
    *ret_number = has_issuer ? str_from(key, colon + 1) : key;
}

static bool is_iban(str key, struct arena *a)
{
    struct account account;
    return !failed(account_parse(key, a, &account)) && account.class == ACCOUNT_IBAN &&
           str_equal(account.value, key);
}

static err put_account(struct xml *x, const char *name, str key)
{
    str issuer;
    str number;
    split_account(key, &issuer, &number);
    TRY(fit_in(number, ISO_ACCOUNT));
    TRY(fit_in(issuer, ISO_ID));
    xml_begin(x, name);
    xml_begin(x, "Id");
    if (is_iban(key, x->text->arena)) {
        xml_put(x, "IBAN", key);
    } else {
        xml_begin(x, "Othr");
        xml_put(x, "Id", number);
        xml_put_if_any(x, "Issr", issuer);
        xml_end(x);
    }
    xml_end(x);
    xml_end(x);
    return OK;
}

static void put_assignment(struct writing *w)
{
    const struct order *o = w->ask->order;
    xml_begin(&w->x, "Assgnmt");
    xml_put(&w->x, "Id", w->key);
    iso_put_party(&w->x, "Assgnr", w->ask->centre);
    xml_begin(&w->x, "Assgne");
    iso_put_agent(&w->x, "Agt", o->provider);
    xml_end(&w->x);
    iso_put_when(&w->x, "CreDtTm", o->asked_at, w->ask->zone_min);
    xml_end(&w->x);
    xml_begin(&w->x, "Case");
    xml_put(&w->x, "Id", w->key);
    iso_put_party(&w->x, "Cretr", w->ask->centre);
    xml_end(&w->x);
    xml_begin(&w->x, "CtrlData");
    xml_put(&w->x, "NbOfTxs", STR("1"));
    xml_end(&w->x);
}

/* One line for whoever reads the standard's fields and nothing else. */
static str one_line(const struct bank_ask *ask, struct arena *a)
{
    const struct order *o = ask->order;
    struct text t;
    char room[INSTANT_TEXT_BYTES];
    text_init(&t, a);
    text_put_c(&t, o->asked == ASK_LIFT ? "lift" : order_kind_words[o->kind]);
    if (o->asked != ASK_LIFT && o->amount > 0) {
        text_put_char(&t, ' ');
        money_put(&t, o->amount, o->currency);
        text_put_char(&t, ' ');
        text_put(&t, o->currency);
    }
    if (o->asked != ASK_LIFT) {
        text_put_c(&t, " until ");
        text_put(&t, instant_format(o->until, ask->zone_min, room));
    }
    return text_spent(&t) ? STR("") : text_str(&t);
}

static void put_reason(struct writing *w)
{
    struct xml *x = &w->x;
    const struct order *o = w->ask->order;
    xml_begin(x, "CxlRsnInf");
    xml_begin(x, "Rsn");
    if (o->asked == ASK_LIFT)
        xml_put(x, "Prtry", STR(ISO_RELEASE));
    else
        xml_put(x, "Cd", STR("FRAD"));
    xml_end(x);
    xml_put_if_any(x, "AddtlInf", cut_to(one_line(w->ask, x->text->arena), ISO_INFO));
    xml_put_if_any(x, "AddtlInf", cut_to(bank_reason_of(w->ask), ISO_INFO));
    xml_put_if_any(x, "AddtlInf", cut_to(bank_basis_of(w->ask), ISO_INFO));
    xml_end(x);
}

static err put_parties(struct writing *w)
{
    struct xml *x = &w->x;
    const struct order *o = w->ask->order;
    const struct claim *c = w->ask->payment;
    xml_begin(x, "OrgnlTxRef");
    if (c != NULL && !str_is_empty(c->from))
        TRY(put_account(x, "DbtrAcct", c->from));
    if (!str_is_empty(o->bank)) {
        TRY(fit_in(o->bank, ISO_ID));
        iso_put_agent(x, "CdtrAgt", o->bank);
    }
    if (!str_is_empty(o->name))
        iso_put_party(x, "Cdtr", o->name);
    TRY(put_account(x, "CdtrAcct", o->target));
    xml_end(x);
    return OK;
}

static void put_ours(struct writing *w)
{
    struct xml *x = &w->x;
    const struct order *o = w->ask->order;
    const struct claim *c = w->ask->payment;
    iso_begin_ours(x, "Order");
    xml_put(x, "Case", w->key);
    xml_put(x, "Kind", str_from_c(order_kind_words[o->kind]));
    xml_put(x, "Asked", str_from_c(order_ask_words[o->asked]));
    xml_put(x, "Account", o->target);
    xml_put_if_any(x, "Bank", o->bank);
    xml_put_if_any(x, "Name", o->name);
    iso_put_amount(x, "Amount", o->amount, o->currency);
    iso_put_when(x, "Until", o->until, w->ask->zone_min);
    xml_put_if_any(x, "Reason", o->reason);
    xml_put_if_any(x, "Basis", o->basis);
    xml_put_if_any(x, "Notice", o->notice);
    xml_put_if_any(x, "NoticeURL", w->ask->notice_url);
    if (c != NULL) {
        xml_begin(x, "Payment");
        xml_put_if_any(x, "Transfer", c->transfer);
        xml_put_if_any(x, "Payer", c->from);
        iso_put_amount(x, "Amount", c->amount, c->currency);
        iso_put_when(x, "At", c->sent_at, w->ask->zone_min);
        xml_end(x);
    }
    iso_end_ours(x);
}

static err put_transaction(struct writing *w)
{
    struct xml *x = &w->x;
    const struct order *o = w->ask->order;
    const struct claim *c = w->ask->payment;
    char room[STAMP_ROOM];
    xml_begin(x, "TxInf");
    xml_put(x, "CxlId", w->key);
    if (c != NULL && !failed(fit_in(c->transfer, ISO_ID)))
        xml_put_if_any(x, "OrgnlTxId", c->transfer);
    if (c != NULL)
        iso_put_amount(x, "OrgnlIntrBkSttlmAmt", c->amount, c->currency);
    else if (o->amount > 0)
        iso_put_amount(x, "OrgnlIntrBkSttlmAmt", o->amount, o->currency);
    if (c != NULL && c->sent_at.us != 0)
        xml_put(x, "OrgnlIntrBkSttlmDt", day_format(c->sent_at, w->ask->zone_min, room));
    put_reason(w);
    TRY(put_parties(w));
    put_ours(w);
    xml_end(x);
    return OK;
}

err iso_write(const struct bank_ask *ask, struct arena *a, str *ret_bytes)
{
    struct text t;
    struct writing w = {.ask = ask, .key = bank_key(ask->order->id, ask->order->ask, a)};
    TRY(check(ask, w.key));
    text_init(&t, a);
    xml_init(&w.x, &t);
    xml_begin(&w.x, "Document");
    xml_attribute(&w.x, "xmlns", STR(ISO_SPACE ISO_ASK));
    xml_begin(&w.x, "FIToFIPmtCxlReq");
    put_assignment(&w);
    xml_begin(&w.x, "Undrlyg");
    TRY(put_transaction(&w));
    xml_end(&w.x);
    xml_end(&w.x);
    xml_end(&w.x);
    if (text_spent(&t))
        return no_room();
    *ret_bytes = text_str(&t);
    return OK;
}
