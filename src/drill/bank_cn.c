/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Form cn: a request 1001xx, 1002xx, 1003xx of the message codes used between police and banks in
 * China, or A001xx, A002xx, A00311 of those for payment firms, answered by its code plus one. Times
 * are digits of the zone, amounts are yuan.
 */
#include "drill/bank_xml.h"
#include "drill/figure.h"
#include "kit/xml.h"

#include <inttypes.h>

enum { FEN_A_YUAN = 100, CODE_DIGITS = 6, STAMP_DIGITS = 14, ID_CHARACTERS = 36, ZONE_MIN = 480 };

/* ---- reading ------------------------------------------------------------------------------ */

static err not_an_order(void)
{
    return fail(ERR_MALFORMED, "drill.order", 0);
}

static str text_of(const struct xml_node *from, const char *name)
{
    return xml_text(xml_child(from, name));
}

static err digits_of(str s, size_t from, size_t count, int *ret_value)
{
    int64_t value = 0;
    if (failed(str_parse_i64(str_until(str_from(s, from), count), &value)) || value < 0)
        return not_an_order();
    *ret_value = (int)value;
    return OK;
}

/* "20261123093000"; absent is 0. */
static err stamp_of(const struct xml_node *from, const char *name, instant *ret_at)
{
    int part[6]; /* year, month, day, hour, minute, second */
    str text = text_of(from, name);
    *ret_at = instant_from_us(0);
    if (str_is_empty(text))
        return OK;
    if (text.size != STAMP_DIGITS)
        return not_an_order();
    TRY(digits_of(text, 0, 4, &part[0]));
    for (size_t i = 1; i < COUNT_OF(part); i++)
        TRY(digits_of(text, 2 + 2 * i, 2, &part[i]));
    if (part[1] < 1 || part[1] > 12 || part[2] < 1 || part[2] > 31 || part[0] < 1970)
        return not_an_order();
    instant day = instant_from_civil(part[0], part[1], part[2], ZONE_MIN);
    *ret_at = instant_add_us(day, (part[3] * 60 + part[4]) * US_PER_MIN + part[5] * US_PER_S);
    return OK;
}

/* "1234.56"; absent is 0: all of it. */
static err amount_of(const struct xml_node *from, const char *name, int64_t *ret_fen)
{
    str text = text_of(from, name);
    *ret_fen = 0;
    if (!str_is_empty(text) && !figure_parse(text, FEN_A_YUAN, ret_fen))
        return not_an_order();
    return OK;
}

static err account_of(const struct xml_node *from, struct arena *a, str *ret_key)
{
    str key = text_of(from, "AccountKey");
    if (str_is_empty(key))
        key = text_of(from, "AccountNumber");
    return bank_account_key(key, text_of(from, "BankID"), a, ret_key);
}

static err read_payment(const struct xml_node *body, struct arena *a, struct bank_instruction *i)
{
    const struct xml_node *out = xml_child(body, "TransferOut");
    i->has_payment = out != NULL;
    i->payment = (struct bank_payment){
        .id = text_of(body, "TransferNumber"), .from = STR(""), .to = STR("")};
    if (out == NULL)
        return OK;
    TRY(account_of(out, a, &i->payment.from));
    TRY(amount_of(body, "TransferAmount", &i->payment.fen));
    return stamp_of(body, "TransferTime", &i->payment.at);
}

static err read_body(const struct xml_node *body, struct arena *a, struct bank_instruction *i)
{
    unsigned kind = bank_word(text_of(body, "OrderKind"), bank_kind_words, BANK_KIND_COUNT);
    unsigned ask = bank_word(text_of(body, "Operation"), bank_ask_words, BANK_ASK_COUNT);
    if (kind == BANK_KIND_COUNT || ask == BANK_ASK_COUNT)
        return not_an_order();
    i->kind = (enum bank_kind)kind;
    i->ask = (enum bank_ask)ask;
    i->name = text_of(body, "AccountName");
    TRY(bank_case_parse(text_of(body, "ApplicationID"), &i->order, &i->number));
    TRY(account_of(body, a, &i->account));
    TRY(amount_of(body, "FreezeAmount", &i->fen));
    TRY(stamp_of(body, "ExpireTime", &i->until));
    return read_payment(body, a, i);
}

/* Firms have one code for extending and lifting; what of it is meant, `Operation` says. */
static const struct {
    enum bank_kind kind;
    enum bank_ask ask;
    const char *bank;
    const char *firm;
} codes[] = {
    {BANK_STOP,   BANK_PLACE,  "100101", "A00105"},
    {BANK_STOP,   BANK_LIFT,   "100103", "A00107"},
    {BANK_STOP,   BANK_EXTEND, "100105", "A00107"},
    {BANK_HOLD,   BANK_PLACE,  "100201", "A00205"},
    {BANK_HOLD,   BANK_LIFT,   "100203", "A00207"},
    {BANK_HOLD,   BANK_TRIM,   "100203", "A00207"},
    {BANK_HOLD,   BANK_EXTEND, "100205", "A00207"},
    {BANK_FREEZE, BANK_PLACE,  "100201", "A00205"},
    {BANK_FREEZE, BANK_LIFT,   "100203", "A00207"},
    {BANK_FREEZE, BANK_TRIM,   "100203", "A00207"},
    {BANK_FREEZE, BANK_EXTEND, "100205", "A00207"},
    {BANK_QUERY,  BANK_PLACE,  "100301", "A00311"},
};

/* Its code says what it asks, in the words that are spoken to a house of this kind. */
static err check_code(const struct bank_instruction *i, bool is_firm)
{
    for (size_t n = 0; n < COUNT_OF(codes); n++)
        if (codes[n].kind == i->kind && codes[n].ask == i->ask)
            return str_equal(i->code, str_from_c(is_firm ? codes[n].firm : codes[n].bank))
                       ? OK
                       : not_an_order();
    return not_an_order();
}

static err read_document(const struct xml_node *root, struct arena *a, bool is_firm,
                         struct bank_instruction *i)
{
    const struct xml_node *code = NULL;
    const struct xml_node *body = NULL;
    TRY(xml_only(root, "Head/TxCode", &code));
    TRY(xml_only(root, "Body", &body));
    i->code = xml_text(code);
    TRY(read_body(body, a, i));
    return check_code(i, is_firm);
}

static err read_of_bank(const struct xml_node *root, struct arena *a, struct bank_instruction *i)
{
    return read_document(root, a, false, i);
}

static err read_of_firm(const struct xml_node *root, struct arena *a, struct bank_instruction *i)
{
    return read_document(root, a, true, i);
}

static err cn_read(str bytes, str content_type, struct arena *a, struct bank_orders *ret_orders)
{
    return bank_xml_read(&(struct bank_xml_mail){bytes, content_type}, read_of_bank, a, ret_orders);
}

static err cn_read_firm(str bytes, str content_type, struct arena *a,
                        struct bank_orders *ret_orders)
{
    return bank_xml_read(&(struct bank_xml_mail){bytes, content_type}, read_of_firm, a, ret_orders);
}

/* ---- writing ------------------------------------------------------------------------------ */

/* 100001 and 100002 (in part; taken) are not of the set, which has no words for them. */
static const char *const results[BANK_RESULT_COUNT] = {[BANK_PENDING] = "100002",
                                                       [BANK_DONE] = "100000",
                                                       [BANK_PARTIAL] = "100001",
                                                       [BANK_REFUSED] = "200001"};

static str result_of(const struct bank_receipt *r)
{
    if (r->answer.why == BANK_NO_ACCOUNT)
        return STR("200010");
    if (r->answer.why == BANK_CLOSED)
        return STR("200009");
    if (r->answer.why == BANK_CANNOT)
        return STR("200004");
    return str_from_c(results[r->answer.result]);
}

static void put_printed(struct xml *x, const char *name, str text)
{
    xml_put(x, name, text.at == NULL ? STR("") : text);
}

static void put_amount(struct xml *x, const char *name, int64_t fen)
{
    struct text t;
    text_init(&t, x->text->arena);
    text_printf(&t, "%" PRId64 ".%02" PRId64, fen / FEN_A_YUAN, fen % FEN_A_YUAN);
    put_printed(x, name, text_str(&t));
}

static void put_stamp(struct xml *x, const char *name, instant at, int zone_min)
{
    struct text t;
    struct civil c = instant_civil(at, zone_min);
    int64_t second = (at.us - instant_from_civil(c.year, c.month, c.day, zone_min).us) / US_PER_S;
    text_init(&t, x->text->arena);
    text_printf(&t, "%04d%02d%02d", c.year, c.month, c.day);
    text_printf(&t, "%02" PRId64 "%02" PRId64 "%02" PRId64, second / 3600, second / 60 % 60,
                second % 60);
    put_printed(x, name, text_str(&t));
}

/* "ORDER-000000002" of 36 characters */
static void put_application(struct xml *x, const struct bank_receipt *r)
{
    struct text t;
    int digits =
        r->to.order.size + 2 < ID_CHARACTERS ? ID_CHARACTERS - 1 - (int)r->to.order.size : 1;
    text_init(&t, x->text->arena);
    text_put(&t, r->to.order);
    text_printf(&t, "-%0*" PRId64, digits, r->to.number);
    put_printed(x, "ApplicationID", text_str(&t));
}

/* The request's code plus one, which never ends in 9 and more. */
static str reply_code(str code, char room[CODE_DIGITS])
{
    memcpy(room, code.at, CODE_DIGITS);
    bool is_nine = room[CODE_DIGITS - 1] == '9';
    room[CODE_DIGITS - 1] = is_nine ? '0' : (char)(room[CODE_DIGITS - 1] + 1);
    room[CODE_DIGITS - 2] = (char)(room[CODE_DIGITS - 2] + is_nine);
    return str_make(room, CODE_DIGITS);
}

static void put_priors(struct xml *x, const struct bank_priors *priors, int zone_min)
{
    if (priors->count == 0)
        return;
    xml_begin(x, "PriorFreezes");
    for (size_t i = 0; i < priors->count; i++) {
        const struct bank_prior *p = &priors->at[i];
        xml_begin(x, "PriorFreeze");
        xml_put(x, "Authority", p->authority);
        xml_put(x, "Reference", p->reference);
        if (p->fen > 0)
            put_amount(x, "Amount", p->fen);
        put_stamp(x, "ExpireTime", p->until, zone_min);
        xml_end(x);
    }
    xml_end(x);
}

static void put_body(struct xml *x, const struct bank_speaker *s, const struct bank_receipt *r)
{
    const char *words = bank_why_words[r->answer.why];
    xml_begin(x, "Body");
    put_application(x, r);
    xml_put(x, "FeedbackID", bank_receipt_key(s, r, x->text->arena));
    xml_put(x, "Result", result_of(r));
    xml_put(x, "Currency", STR("CNY"));
    if (r->answer.result != BANK_PENDING)
        put_amount(x, "FrozenAmount", r->answer.held);
    if (r->answer.balance >= 0)
        put_amount(x, "AccountBalance", r->answer.balance);
    xml_put_if_any(x, "FailureCause", str_from_c(words));
    put_stamp(x, "FeedbackTime", r->at, s->zone_min);
    put_priors(x, &r->priors, s->zone_min);
    xml_end(x);
}

static err cn_write(const struct bank_speaker *s, const struct bank_receipt *r, struct arena *a,
                    struct bank_letter *ret_letter)
{
    struct text t;
    struct xml x;
    char room[CODE_DIGITS];
    text_init(&t, a);
    xml_init(&x, &t);
    xml_begin(&x, "Message");
    xml_begin(&x, "Head");
    xml_put(&x, "TxCode", reply_code(r->to.code, room));
    xml_put(&x, "TransSerialNumber", bank_receipt_key(s, r, a));
    put_stamp(&x, "CreateTime", r->at, s->zone_min);
    xml_end(&x);
    put_body(&x, s, r);
    xml_end(&x);
    if (text_spent(&t))
        return fail(ERR_LIMIT, "limit.memory", 0);
    return bank_xml_letter(s, text_str(&t), a, ret_letter);
}

static const struct bank_form form_of_firms = {
    .name = "cn", .accept = "application/xml", .read = cn_read_firm, .write = cn_write};

const struct bank_form bank_form_cn = {.name = "cn",
                                       .of_firms = &form_of_firms,
                                       .accept = "application/xml",
                                       .read = cn_read,
                                       .write = cn_write};
