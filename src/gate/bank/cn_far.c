/* SPDX-License-Identifier: Apache-2.0 */
/* A bank's side of form cn: reads requests, writes replies. */
#include "fact/record.h"
#include "gate/bank/cn.h"
#include "gate/bank/notation.h"

/* --- reading what is asked ---- */

static err read_word(const struct xml_node *from, const char *path, const char *const *words,
                     unsigned *ret_word)
{
    str word = STR("");
    TRY(text_required(from, path, &word));
    if (!word_parse(words, word, ret_word))
        return fail(ERR_MALFORMED, "bank.document", from->at);
    return OK;
}

static err read_account(const struct xml_node *from, str *ret_account)
{
    str key = STR("");
    TRY(text_at(from, "AccountKey", &key));
    if (!str_is_empty(key)) {
        *ret_account = key;
        return OK;
    }
    return text_at(from, "AccountNumber", ret_account);
}

static err read_when(const struct bank_tongue *tongue, const struct xml_node *from,
                     const char *path, instant *ret_at)
{
    str at = STR("");
    TRY(text_at(from, path, &at));
    return str_is_empty(at) ? OK : stamp_parse(at, tongue->zone_min, ret_at);
}

static err read_amount(const struct xml_node *from, const char *path, str currency,
                       int64_t *ret_minor)
{
    str amount = STR("");
    TRY(text_at(from, path, &amount));
    return str_is_empty(amount) ? OK : money_parse(amount, currency, ret_minor);
}

static err read_payment(const struct bank_tongue *tongue, const struct xml_node *body,
                        struct bank_asked *asked)
{
    const struct xml_node *out = NULL;
    TRY(xml_only(body, "TransferOut", &out));
    if (out == NULL)
        return OK;
    asked->has_payment = true;
    TRY(read_account(out, &asked->payer));
    TRY(text_at(body, "TransferNumber", &asked->transfer));
    TRY(read_amount(body, "TransferAmount", asked->currency, &asked->paid));
    return read_when(tongue, body, "TransferTime", &asked->paid_at);
}

static err read_body(const struct bank_tongue *tongue, const struct xml_node *body,
                     struct bank_asked *asked)
{
    str id = STR("");
    TRY(text_required(body, "ApplicationID", &id));
    TRY(bank_key_parse(id, &asked->order, &asked->ask));
    TRY(read_word(body, "OrderKind", order_kind_words, &asked->kind));
    TRY(read_word(body, "Operation", order_ask_words, &asked->asked));
    TRY(text_required(body, "Currency", &asked->currency));
    TRY(text_at(body, "BankID", &asked->bank));
    TRY(text_at(body, "AccountName", &asked->name));
    TRY(read_account(body, &asked->target));
    TRY(read_amount(body, "FreezeAmount", asked->currency, &asked->amount));
    TRY(text_at(body, "Reason", &asked->reason));
    TRY(text_at(body, "LegalBasis", &asked->basis));
    TRY(read_when(tongue, body, "ExpireTime", &asked->until));
    if (str_is_empty(asked->target))
        return fail(ERR_MALFORMED, "bank.absent", body->at);
    return read_payment(tongue, body, asked);
}

err cn_far_read(const struct bank_tongue *tongue, const struct xml_node *root,
                struct bank_asked *ret_asked)
{
    struct bank_asked asked = {0};
    const struct xml_node *body = NULL;
    str code = STR("");
    if (!str_equal(root->name, STR("Message")) || !str_is_empty(root->space))
        return fail(ERR_MALFORMED, "bank.document", root->at);
    TRY(text_required(root, "Head/TxCode", &code));
    const struct cn_code *row = cn_code_find(code);
    if (row == NULL)
        return fail(ERR_MALFORMED, "bank.document", root->at);
    asked.query = row->query;
    TRY(read_when(tongue, root, "Head/CreateTime", &asked.at));
    TRY(xml_only(root, "Body", &body));
    if (body == NULL)
        return fail(ERR_MALFORMED, "bank.absent", root->at);
    TRY(read_body(tongue, body, &asked));
    *ret_asked = asked;
    return OK;
}

/* --- answering ---- */

struct answering {
    struct xml x;
    const struct bank_tongue *tongue;
    struct arena *arena;
    char stamp[STAMP_ROOM];
};

static str code_of(const struct bank_said *s)
{
    switch ((enum receipt_result)s->result) {
    case RECEIPT_DONE:
        return STR("100000");
    case RECEIPT_PARTIAL:
        return STR("100001");
    case RECEIPT_PENDING:
        return str_is_empty(s->code) ? STR("100002") : s->code;
    case RECEIPT_REFUSED:
    case RECEIPT_BOUNCED: /* of shares, which this form has no word for */
        break;
    }
    return str_is_empty(s->code) ? STR("200001") : s->code;
}

static void put_stamp(struct answering *w, const char *name, instant at)
{
    if (at.us != 0)
        xml_put(&w->x, name, stamp_format(at, w->tongue->zone_min, w->stamp));
}

static void put_amount(struct answering *w, const char *name, int64_t minor, str currency)
{
    if (minor >= 0)
        xml_put(&w->x, name, money_format(w->arena, minor, currency));
}

static void put_freezes(struct answering *w, const struct bank_said *s)
{
    struct xml *x = &w->x;
    if (s->freezes.count == 0)
        return;
    xml_begin(x, "PriorFreezes");
    for (size_t i = 0; i < s->freezes.count; i++) {
        const struct prior_freeze *f = &s->freezes.at[i];
        xml_begin(x, "PriorFreeze");
        xml_put(x, "Authority", f->authority);
        xml_put_if_any(x, "Reference", f->reference);
        put_amount(w, "Amount", f->is_whole ? -1 : f->amount,
                   str_is_empty(f->currency) ? s->currency : f->currency);
        xml_put_if_any(x, "Currency", f->currency);
        said_prior_put_rank(x, f);
        put_stamp(w, "ExpireTime", f->until);
        xml_end(x);
    }
    xml_end(x);
}

static err put_body(struct answering *w, const struct bank_said *s)
{
    struct xml *x = &w->x;
    str id = STR("");
    if (s->about != SAID_RECEIPT || str_is_empty(s->order))
        return fail(ERR_CONFLICT, "bank.no_word", s->about);
    TRY(cn_application_id(s->order, s->ask, w->arena, &id));
    xml_begin(x, "Body");
    xml_put(x, "ApplicationID", id);
    xml_put(x, "FeedbackID", s->key);
    xml_put(x, "Result", code_of(s));
    xml_put_if_any(x, "Currency", s->currency);
    put_amount(w, "FrozenAmount", s->held, s->currency);
    put_amount(w, "AccountBalance", s->balance, s->currency);
    xml_put_if_any(x, s->result == RECEIPT_REFUSED ? "FailureCause" : "FeedbackRemark", s->words);
    put_stamp(w, "FeedbackTime", s->at);
    put_freezes(w, s);
    xml_end(x);
    return OK;
}

static str request_code(const struct bank_tongue *tongue, const struct bank_asked *asked)
{
    const struct cn_code *row =
        asked == NULL ? NULL : cn_code_of(asked->kind, asked->asked, asked->query);
    const char *code = row == NULL ? NULL : cn_code_for(row, tongue->provider_kind);
    if (code == NULL)
        code = tongue->provider_kind == PROVIDER_PAYMENT ? "A00105" : "100101";
    return str_from_c(code);
}

err cn_far_write(const struct bank_tongue *tongue, const struct bank_asked *asked,
                 const struct bank_said_list *said, struct arena *a, str *ret_bytes)
{
    struct text t;
    char room[6];
    struct answering w = {.tongue = tongue, .arena = a};
    text_init(&t, a);
    xml_init(&w.x, &t);
    xml_begin(&w.x, "Message");
    xml_begin(&w.x, "Head");
    xml_put(&w.x, "TxCode", cn_reply_code(request_code(tongue, asked), room));
    xml_put(&w.x, "TransSerialNumber", cut_to(said->at[0].key, CN_SERIAL));
    put_stamp(&w, "CreateTime", said->at[0].at);
    xml_end(&w.x);
    for (size_t i = 0; i < said->count; i++)
        TRY(put_body(&w, &said->at[i]));
    xml_end(&w.x);
    if (text_spent(&t))
        return no_room();
    *ret_bytes = text_str(&t);
    return OK;
}
