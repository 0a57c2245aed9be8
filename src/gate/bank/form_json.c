/* SPDX-License-Identifier: Apache-2.0 */
/* Form json: an order as the API shows it to its provider, receipts as the API takes them. */
#include "fact/currency.h"
#include "fact/indicator.h"
#include "fact/nouns.h"
#include "fact/record.h"
#include "gate/bank/inside.h"
#include "kit/json.h"

/* --- writing what is asked ---- */

static void put_when(struct json *j, str key, instant at, int zone_min)
{
    char room[INSTANT_TEXT_BYTES];
    if (at.us != 0)
        json_put_str(j, key, instant_format(at, zone_min, room));
}

static void put_word(struct json *j, str key, const char *const *words, unsigned word)
{
    json_put_str(j, key, str_from_c(words[word]));
}

static void put_target(struct json *j, const struct order *o)
{
    json_key(j, STR("target"));
    json_object(j);
    put_word(j, STR("kind"), indicator_kind_words, o->target_kind);
    json_put_str(j, STR("value"), o->target);
    json_put_str_if_any(j, STR("bank"), o->bank);
    json_put_str_if_any(j, STR("name"), o->name);
    json_end(j);
}

/* What the bank compares with its own books. */
static void put_payment(struct json *j, const struct claim *c, int zone_min)
{
    if (c == NULL)
        return;
    json_key(j, STR("payment"));
    json_object(j);
    json_put_str_if_any(j, STR("from"), c->from);
    json_put_i64(j, STR("amount"), c->amount);
    put_when(j, STR("time"), c->sent_at, zone_min);
    json_put_str_if_any(j, STR("name"), c->name);
    json_put_str_if_any(j, STR("transfer"), c->transfer);
    json_end(j);
}

static void put_query(struct json *j, const struct bank_ask *ask)
{
    static const char *const words[] = {"transactions", "holder", "watch", "accounts"};
    if (ask->order->kind == ORDER_QUERY)
        json_put_str(j, STR("query"), str_from_c(words[ask->query]));
}

static void put_ask(struct json *j, const struct order *o, int zone_min)
{
    put_word(j, STR("asked"), order_ask_words, o->asked);
    json_put_i64(j, STR("ask"), o->ask);
    put_when(j, STR("asked_at"), o->asked_at, zone_min);
    put_when(j, STR("due_at"), o->due_at, zone_min);
    put_when(j, STR("from"), o->from, zone_min);
    put_when(j, STR("until"), o->until, zone_min);
}

err json_form_write(const struct bank_ask *ask, struct arena *a, str *ret_bytes)
{
    struct text t;
    struct json j;
    const struct order *o = ask->order;
    text_init(&t, a);
    json_init(&j, &t);
    json_object(&j);
    json_put_str(&j, STR("order"), o->id);
    json_put_str_if_any(&j, STR("incident"), o->incident);
    put_word(&j, STR("kind"), order_kind_words, o->kind);
    put_word(&j, STR("state"), order_state_words, o->state);
    json_put_bool(&j, STR("emergency"), o->is_emergency != 0);
    put_target(&j, o);
    json_put_i64(&j, STR("amount"), o->amount);
    json_put_str(&j, STR("currency"), o->currency);
    put_ask(&j, o, ask->zone_min);
    put_query(&j, ask);
    json_put_str(&j, STR("provider"), o->provider);
    json_put_i64(&j, STR("layer"), o->layer);
    json_put_i64(&j, STR("held"), o->held);
    json_put_str_if_any(&j, STR("basis"), o->basis);
    json_put_str_if_any(&j, STR("reason"), o->reason);
    json_put_str_if_any(&j, STR("notice"), o->notice);
    json_put_str_if_any(&j, STR("notice_url"), ask->notice_url);
    put_payment(&j, ask->payment, ask->zone_min);
    json_end(&j);
    if (text_spent(&t))
        return no_room();
    *ret_bytes = text_str(&t);
    return OK;
}

/* --- reading answers ---- */

/* A text of jansson's, which ends with its document: kept in the arena. Absent: left as it is. */
static err keep_str(json_value from, const char *key, struct arena *a, str *ret_value)
{
    json_value v = json_get(from, key);
    str value = STR("");
    if (json_is_absent(v))
        return OK;
    TRY(json_read_str(v, &value));
    value = str_copy(a, value);
    if (value.at == NULL)
        return no_room();
    *ret_value = value;
    return OK;
}

static err read_minor(json_value from, const char *key, int64_t *ret_minor)
{
    json_value v = json_get(from, key);
    int64_t minor = 0;
    if (json_is_absent(v))
        return OK;
    if (failed(json_read_i64(v, &minor)) || minor < 0 || minor > INT64_C(999999999999999999))
        return fail(ERR_MALFORMED, "bank.amount", 0);
    *ret_minor = minor;
    return OK;
}

static err read_when(json_value from, const char *key, instant *ret_at)
{
    json_value v = json_get(from, key);
    str text = STR("");
    if (json_is_absent(v))
        return OK;
    if (failed(json_read_str(v, &text)) || failed(instant_parse(text, ret_at)))
        return fail(ERR_MALFORMED, "bank.time", 0);
    return OK;
}

static err read_word(json_value from, const char *key, const char *const *words, unsigned *ret_word)
{
    str word = STR("");
    if (failed(json_read_str(json_get(from, key), &word)) || !word_parse(words, word, ret_word))
        return fail(ERR_MALFORMED, "bank.result", 0);
    return OK;
}

static err read_ask(json_value from, int64_t *ret_ask)
{
    json_value v = json_get(from, "ask");
    if (json_is_absent(v))
        return OK;
    if (failed(json_read_i64(v, ret_ask)) || *ret_ask < 0 || *ret_ask > 999999999)
        return fail(ERR_MALFORMED, "bank.reference", 0);
    return OK;
}

static err read_about(json_value from, struct arena *a, struct bank_said *said)
{
    int64_t returned = -1;
    TRY(read_minor(from, "returned", &returned));
    if (returned < 0) {
        TRY(read_word(from, "result", receipt_result_words, &said->result));
        return said->result == RECEIPT_BOUNCED ? fail(ERR_MALFORMED, "bank.result", 0) : OK;
    }
    said->about = SAID_RETURN;
    said->result = RECEIPT_DONE;
    said->returned = returned;
    TRY(keep_str(from, "payment", a, &said->payment));
    return str_is_empty(said->payment) ? fail(ERR_MALFORMED, "bank.absent", 0) : OK;
}

static bool is_empty_of_amounts(const struct bank_said *said)
{
    return said->held < 0 && said->balance < 0 && said->about != SAID_RETURN &&
           !said_priors_have_amount(&said->freezes);
}

static err read_texts(json_value from, struct arena *a, struct bank_said *said)
{
    TRY(keep_str(from, "order", a, &said->order));
    TRY(keep_str(from, "key", a, &said->key));
    TRY(keep_str(from, "code", a, &said->code));
    TRY(keep_str(from, "reason", a, &said->words));
    return keep_str(from, "currency", a, &said->currency);
}

static err read_one(const struct bank_tongue *tongue, json_value from, struct said_room *room)
{
    err failure = OK;
    struct bank_said *said = said_make(room, &failure);
    if (said == NULL)
        return failure;
    if (json_kind_of(from) != JSON_KIND_OBJECT)
        return fail(ERR_MALFORMED, "bank.document", 0);
    TRY(read_about(from, room->arena, said));
    TRY(read_texts(from, room->arena, said));
    TRY(read_ask(from, &said->ask));
    TRY(read_minor(from, "held", &said->held));
    TRY(read_minor(from, "balance", &said->balance));
    TRY(read_when(from, "at", &said->at));
    if (str_is_empty(said->currency))
        said->currency = tongue->currency;
    if (currency_digits(said->currency) < 0)
        return fail(ERR_MALFORMED, "bank.currency", 0);
    TRY(bank_freezes_read(json_get(from, "freezes"), said->currency, room->arena, &said->freezes));
    if (is_empty_of_amounts(said))
        said->currency = STR("");
    return said_seal(said);
}

static err read_all(const struct bank_tongue *tongue, json_value root, struct said_room *room)
{
    json_value list = json_get(root, "receipts");
    if (json_is_absent(list))
        return read_one(tongue, root, room);
    if (json_kind_of(list) != JSON_KIND_ARRAY || json_count(list) == 0)
        return fail(ERR_MALFORMED, "bank.document", 0);
    for (size_t i = 0; i < json_count(list); i++)
        TRY(read_one(tongue, json_item(list, i), room));
    return OK;
}

err json_form_read(const struct bank_tongue *tongue, str bytes, struct said_room *said)
{
    struct json_doc doc = {0};
    TRY(json_doc_parse(bytes, BANK_BYTES, &doc));
    err e = read_all(tongue, doc.root, said);
    json_doc_done(&doc);
    return e;
}

/* --- the other side ---- */

static err read_payment(json_value from, struct arena *a, struct bank_asked *asked)
{
    json_value payment = json_get(from, "payment");
    if (json_is_absent(payment))
        return OK;
    asked->has_payment = true;
    TRY(keep_str(payment, "from", a, &asked->payer));
    TRY(keep_str(payment, "transfer", a, &asked->transfer));
    TRY(read_minor(payment, "amount", &asked->paid));
    return read_when(payment, "time", &asked->paid_at);
}

static err read_asked(json_value from, struct arena *a, struct bank_asked *asked)
{
    json_value target = json_get(from, "target");
    TRY(read_word(from, "kind", order_kind_words, &asked->kind));
    TRY(read_word(from, "asked", order_ask_words, &asked->asked));
    TRY(keep_str(from, "order", a, &asked->order));
    TRY(read_ask(from, &asked->ask));
    TRY(keep_str(target, "value", a, &asked->target));
    TRY(keep_str(target, "bank", a, &asked->bank));
    TRY(keep_str(target, "name", a, &asked->name));
    TRY(keep_str(from, "currency", a, &asked->currency));
    TRY(keep_str(from, "basis", a, &asked->basis));
    TRY(keep_str(from, "reason", a, &asked->reason));
    TRY(read_minor(from, "amount", &asked->amount));
    TRY(read_when(from, "asked_at", &asked->at));
    TRY(read_when(from, "until", &asked->until));
    return read_payment(from, a, asked);
}

err json_far_read(const struct bank_tongue *tongue, str bytes, struct arena *a,
                  struct bank_asked *ret_asked)
{
    struct json_doc doc = {0};
    struct bank_asked asked = {0};
    (void)tongue;
    TRY(json_doc_parse(bytes, BANK_BYTES, &doc));
    err e = read_asked(doc.root, a, &asked);
    json_doc_done(&doc);
    TRY(e);
    *ret_asked = asked;
    return OK;
}

static void put_minor(struct json *j, str key, int64_t minor)
{
    if (minor >= 0)
        json_put_i64(j, key, minor);
}

static void put_freezes(struct json *j, const struct bank_said *s, int zone_min)
{
    if (s->freezes.count == 0)
        return;
    json_key(j, STR("freezes"));
    json_array(j);
    for (size_t i = 0; i < s->freezes.count; i++) {
        const struct prior_freeze *f = &s->freezes.at[i];
        json_object(j);
        if (f->rank > 0)
            json_put_i64(j, STR("rank"), f->rank);
        json_put_str(j, STR("authority"), f->authority);
        json_put_str_if_any(j, STR("reference"), f->reference);
        if (!f->is_whole)
            json_put_i64(j, STR("amount"), f->amount);
        json_put_str_if_any(j, STR("currency"), f->currency);
        put_when(j, STR("until"), f->until, zone_min);
        json_end(j);
    }
    json_end(j);
}

static void put_said(struct json *j, const struct bank_said *s, int zone_min)
{
    json_object(j);
    json_put_str_if_any(j, STR("order"), s->order);
    if (s->ask > 0)
        json_put_i64(j, STR("ask"), s->ask);
    if (s->about == SAID_RETURN) {
        json_put_i64(j, STR("returned"), s->returned);
        json_put_str(j, STR("payment"), s->payment);
    } else {
        put_word(j, STR("result"), receipt_result_words, s->result);
    }
    put_minor(j, STR("held"), s->held);
    put_minor(j, STR("balance"), s->balance);
    json_put_str_if_any(j, STR("currency"), s->currency);
    json_put_str_if_any(j, STR("code"), s->code);
    json_put_str_if_any(j, STR("reason"), s->words);
    json_put_str_if_any(j, STR("key"), s->key);
    put_when(j, STR("at"), s->at, zone_min);
    put_freezes(j, s, zone_min);
    json_end(j);
}

err json_far_write(const struct bank_tongue *tongue, const struct bank_said_list *said,
                   struct arena *a, str *ret_bytes)
{
    struct text t;
    struct json j;
    text_init(&t, a);
    json_init(&j, &t);
    json_object(&j);
    json_key(&j, STR("receipts"));
    json_array(&j);
    for (size_t i = 0; i < said->count; i++)
        put_said(&j, &said->at[i], tongue->zone_min);
    json_end(&j);
    json_end(&j);
    if (text_spent(&t))
        return no_room();
    *ret_bytes = text_str(&t);
    return OK;
}
