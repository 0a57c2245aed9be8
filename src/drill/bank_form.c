/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/bank_form.h"

#include "fact/account.h"
#include "kit/json.h"

const char *const bank_ask_words[BANK_ASK_COUNT] = {
    [BANK_PLACE] = "place", [BANK_TRIM] = "trim", [BANK_EXTEND] = "extend", [BANK_LIFT] = "lift"};
const char *const bank_result_words[BANK_RESULT_COUNT] = {[BANK_PENDING] = "pending",
                                                          [BANK_DONE] = "done",
                                                          [BANK_PARTIAL] = "partial",
                                                          [BANK_REFUSED] = "refused"};

static const struct bank_form *const forms[] = {&bank_form_json, &bank_form_iso, &bank_form_cn};

const struct bank_form *bank_form_find(str name)
{
    for (size_t i = 0; i < COUNT_OF(forms); i++)
        if (str_equal(name, str_from_c(forms[i]->name)))
            return forms[i];
    return NULL;
}

unsigned bank_word(str word, const char *const *words, unsigned count)
{
    unsigned i = 0;
    while (i < count && !str_equal(word, str_from_c(words[i])))
        i++;
    return i;
}

err bank_account_key(str value, str bank, struct arena *a, str *ret_key)
{
    if (failed(account_key(value, bank, a, ret_key)))
        *ret_key = str_copy(a, value);
    return ret_key->at == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

str bank_receipt_key(const struct bank_speaker *s, const struct bank_receipt *r, struct arena *a)
{
    struct text t;
    text_init(&t, a);
    text_put(&t, s->nonce);
    text_put_char(&t, '-');
    text_put_u64(&t, r->key);
    return text_spent(&t) ? STR("") : text_str(&t);
}

static err not_an_order(void)
{
    return fail(ERR_MALFORMED, "drill.order", 0);
}

/* ---- JSON: reading ------------------------------------------------------------------------ */

/* Absent is empty, or 0. */
static err text_of(json_value object, const char *key, struct arena *a, str *ret_text)
{
    str text = STR("");
    if (!json_is_absent(json_get(object, key)))
        TRY(json_read_str(json_get(object, key), &text));
    *ret_text = str_copy(a, text);
    return ret_text->at == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

static err number_of(json_value object, const char *key, int64_t *ret_number)
{
    *ret_number = 0;
    return json_is_absent(json_get(object, key)) ? OK
                                                 : json_read_i64(json_get(object, key), ret_number);
}

static err instant_of(json_value object, const char *key, struct arena *a, instant *ret_at)
{
    str text;
    *ret_at = instant_from_us(0);
    TRY(text_of(object, key, a, &text));
    return str_is_empty(text) ? OK : instant_parse(text, ret_at);
}

static err word_of(json_value object, const char *key, const char *const *words, unsigned count,
                   unsigned *ret_word)
{
    str word;
    if (failed(json_read_str(json_get(object, key), &word)))
        return not_an_order();
    *ret_word = bank_word(word, words, count);
    return *ret_word == count ? not_an_order() : OK;
}

static err read_payment(json_value v, struct arena *a, struct bank_payment *p)
{
    TRY(text_of(v, "transfer", a, &p->id));
    TRY(text_of(v, "from", a, &p->from));
    TRY(number_of(v, "amount", &p->fen));
    TRY(instant_of(v, "time", a, &p->at));
    p->to = STR("");
    return OK;
}

static err read_order(json_value v, struct arena *a, struct bank_instruction *ret_order)
{
    struct bank_instruction i = {.number = 0};
    json_value target = json_get(v, "target");
    unsigned kind = 0;
    unsigned ask = 0;
    str value;
    str bank;
    TRY(text_of(v, "order", a, &i.order));
    TRY(text_of(v, "takes", a, &i.takes));
    if (str_is_empty(i.order))
        return not_an_order();
    TRY(word_of(v, "kind", bank_kind_words, BANK_KIND_COUNT, &kind));
    TRY(word_of(v, "asked", bank_ask_words, BANK_ASK_COUNT, &ask));
    TRY(number_of(v, "ask", &i.number));
    TRY(number_of(v, "amount", &i.fen));
    TRY(instant_of(v, "until", a, &i.until));
    TRY(text_of(target, "value", a, &value));
    TRY(text_of(target, "bank", a, &bank));
    TRY(text_of(target, "name", a, &i.name));
    TRY(bank_account_key(value, bank, a, &i.account));
    i.has_payment = !json_is_absent(json_get(v, "payment"));
    TRY(read_payment(json_get(v, "payment"), a, &i.payment));
    i.kind = (enum bank_kind)kind;
    i.ask = (enum bank_ask)ask;
    *ret_order = i;
    return i.fen < 0 ? not_an_order() : OK;
}

static err read_all(json_value root, struct arena *a, struct bank_orders *orders)
{
    json_value items = json_get(root, "items");
    if (json_is_absent(items)) {
        TRY(read_order(root, a, &orders->at[0]));
        orders->count = 1;
        return OK;
    }
    if (json_count(items) > FORM_ORDERS)
        return fail(ERR_LIMIT, "drill.order", 0);
    for (size_t i = 0; i < json_count(items); i++) {
        err e = read_order(json_item(items, i), a, &orders->at[orders->count]);
        if (e.code == ERR_LIMIT)
            return e;
        orders->strange += failed(e);
        orders->count += !failed(e);
    }
    return text_of(root, "next", a, &orders->next);
}

err bank_json_order(str bytes, struct arena *a, struct bank_instruction *ret_order)
{
    struct json_doc doc;
    TRY(json_doc_parse(bytes, bytes.size, &doc));
    err e = read_order(doc.root, a, ret_order);
    json_doc_done(&doc);
    ret_order->is_json = true;
    return e;
}

static err json_read(str bytes, str content_type, struct arena *a, struct bank_orders *ret_orders)
{
    struct json_doc doc;
    (void)content_type;
    ret_orders->count = ret_orders->strange = 0;
    ret_orders->next = STR("");
    TRY(json_doc_parse(bytes, bytes.size, &doc));
    err e = read_all(doc.root, a, ret_orders);
    json_doc_done(&doc);
    return e;
}

/* ---- JSON: writing ------------------------------------------------------------------------ */

static void put_priors(struct json *j, const struct bank_priors *priors, int zone_min)
{
    char room[INSTANT_TEXT_BYTES];
    if (priors->count == 0)
        return;
    json_key(j, STR("freezes"));
    json_array(j);
    for (size_t i = 0; i < priors->count; i++) {
        const struct bank_prior *p = &priors->at[i];
        json_object(j);
        json_put_i64(j, STR("rank"), (int64_t)i + 1);
        json_put_str(j, STR("authority"), p->authority);
        json_put_str(j, STR("reference"), p->reference);
        if (p->fen > 0)
            json_put_i64(j, STR("amount"), p->fen);
        json_put_str(j, STR("until"), instant_format(p->until, zone_min, room));
        json_end(j);
    }
    json_end(j);
}

static err json_write(const struct bank_speaker *s, const struct bank_receipt *r, struct arena *a,
                      struct bank_letter *ret_letter)
{
    char room[INSTANT_TEXT_BYTES];
    struct text target;
    struct text body;
    struct json j;
    text_init(&target, a);
    text_init(&body, a);
    text_printf(&target, "/v1/orders/%.*s/receipt", STR_ARGS(r->to.order));
    json_init(&j, &body);
    json_object(&j);
    json_put_str(&j, STR("result"), str_from_c(bank_result_words[r->answer.result]));
    if (r->answer.result != BANK_PENDING)
        json_put_i64(&j, STR("held"), r->answer.held);
    if (r->answer.balance >= 0)
        json_put_i64(&j, STR("balance"), r->answer.balance);
    put_priors(&j, &r->priors, s->zone_min);
    json_put_str_if_any(&j, STR("reason"), str_from_c(bank_why_words[r->answer.why]));
    json_put_str(&j, STR("at"), instant_format(r->at, s->zone_min, room));
    if (r->to.number > 0)
        json_put_i64(&j, STR("ask"), r->to.number);
    json_put_str(&j, STR("key"), bank_receipt_key(s, r, a));
    json_end(&j);
    if (text_spent(&target) || text_spent(&body))
        return fail(ERR_LIMIT, "limit.memory", 0);
    *ret_letter = (struct bank_letter){.target = text_str(&target),
                                       .content_type = STR("application/json"),
                                       .body = text_str(&body)};
    return OK;
}

const struct bank_form bank_form_json = {
    .name = "json", .accept = "application/json", .read = json_read, .write = json_write};
