/* SPDX-License-Identifier: Apache-2.0 */
/* A bank's side of form iso20022: reads camt.056, writes camt.029 and pacs.004. */
#include "fact/currency.h"
#include "fact/record.h"
#include "gate/bank/iso.h"
#include "gate/bank/notation.h"

#include <assert.h>

/* --- reading what is asked ---- */

static err read_money(const struct xml_node *from, const char *path, int64_t *ret_minor,
                      str *ret_currency)
{
    const struct xml_node *node = NULL;
    TRY(xml_only(from, path, &node));
    if (node == NULL)
        return fail(ERR_MALFORMED, "bank.absent", from->at);
    *ret_currency = xml_attribute_of(node, "Ccy");
    return money_parse(xml_text(node), *ret_currency, ret_minor);
}

static err read_word(const struct xml_node *from, const char *path, const char *const *words,
                     unsigned *ret_word)
{
    str word = STR("");
    TRY(text_required(from, path, &word));
    if (!word_parse(words, word, ret_word))
        return fail(ERR_MALFORMED, "bank.document", from->at);
    return OK;
}

static err read_when(const struct bank_tongue *tongue, const struct xml_node *from,
                     const char *path, instant *ret_at)
{
    str at = STR("");
    TRY(text_at(from, path, &at));
    return str_is_empty(at) ? OK : moment_parse(at, tongue->zone_min, ret_at);
}

static err read_payment(const struct bank_tongue *tongue, const struct xml_node *ours,
                        struct bank_asked *asked)
{
    const struct xml_node *payment = xml_child(ours, "Payment");
    str currency = STR("");
    if (payment == NULL)
        return OK;
    asked->has_payment = true;
    TRY(text_at(payment, "Transfer", &asked->transfer));
    TRY(text_at(payment, "Payer", &asked->payer));
    TRY(read_money(payment, "Amount", &asked->paid, &currency));
    return read_when(tongue, payment, "At", &asked->paid_at);
}

static err read_ours(const struct bank_tongue *tongue, const struct xml_node *ours,
                     struct bank_asked *asked)
{
    TRY(read_word(ours, "Kind", order_kind_words, &asked->kind));
    TRY(read_word(ours, "Asked", order_ask_words, &asked->asked));
    TRY(text_required(ours, "Account", &asked->target));
    TRY(text_at(ours, "Bank", &asked->bank));
    TRY(text_at(ours, "Name", &asked->name));
    TRY(text_at(ours, "Reason", &asked->reason));
    TRY(text_at(ours, "Basis", &asked->basis));
    TRY(read_money(ours, "Amount", &asked->amount, &asked->currency));
    TRY(read_when(tongue, ours, "Until", &asked->until));
    return read_payment(tongue, ours, asked);
}

err iso_far_read(const struct bank_tongue *tongue, const struct xml_node *root,
                 struct bank_asked *ret_asked)
{
    struct bank_asked asked = {0};
    const struct xml_node *doc = NULL;
    const struct xml_node *body = NULL;
    const struct xml_node *tx = NULL;
    str reference = STR("");
    TRY(iso_document(root, "camt.056.001.", &doc));
    TRY(xml_only(doc, "FIToFIPmtCxlReq", &body));
    TRY(text_required(body, "Case/Id", &reference));
    TRY(bank_key_parse(reference, &asked.order, &asked.ask));
    TRY(read_when(tongue, body, "Assgnmt/CreDtTm", &asked.at));
    TRY(xml_only(body, "Undrlyg/TxInf", &tx));
    const struct xml_node *ours = iso_ours(tx, "Order", STR(""));
    if (ours == NULL)
        return fail(ERR_MALFORMED, "bank.absent", doc->at);
    TRY(read_ours(tongue, ours, &asked));
    *ret_asked = asked;
    return OK;
}

/* --- answering ---- */

struct answering {
    struct xml x;
    const struct bank_tongue *tongue;
    const struct bank_said_list *said;
};

static void put_amount_if_any(struct xml *x, const char *name, int64_t minor, str currency)
{
    if (minor >= 0 && currency_digits(currency) >= 0)
        iso_put_amount(x, name, minor, currency);
}

/* A transaction knows three of the four: a partial one is accepted, and our own data says so. */
static str status_of(unsigned result)
{
    switch ((enum receipt_result)result) {
    case RECEIPT_PENDING:
        return STR("PDCR");
    case RECEIPT_REFUSED:
    case RECEIPT_BOUNCED: /* of a share: that is a pacs.004 */
        return STR("RJCR");
    case RECEIPT_DONE:
    case RECEIPT_PARTIAL:
        break;
    }
    return STR("ACCR");
}

static str confirmation_of(const struct bank_said_list *said)
{
    static const char *const codes[] = {
        [RECEIPT_PENDING] = "PDCR",
        [RECEIPT_DONE] = "CNCL",
        [RECEIPT_PARTIAL] = "PECR",
        [RECEIPT_REFUSED] = "RJCR",
    };
    for (size_t i = 1; i < said->count; i++)
        if (said->at[i].result != said->at[0].result)
            return STR("PECR");
    return str_from_c(codes[said->at[0].result]);
}

static bool fits(str s, size_t runes)
{
    return !failed(fit_in(s, runes));
}

static void put_reason(struct answering *w, const struct bank_said *s, const char *name)
{
    if (str_is_empty(s->code) && str_is_empty(s->words))
        return;
    xml_begin(&w->x, name);
    if (!str_is_empty(s->code)) {
        xml_begin(&w->x, "Rsn");
        xml_put(&w->x, s->code.size <= 4 ? "Cd" : "Prtry", s->code);
        xml_end(&w->x);
    }
    xml_put_if_any(&w->x, "AddtlInf", str_trim(cut_to(s->words, ISO_INFO)));
    xml_end(&w->x);
}

static void put_transaction(struct answering *w, const struct bank_said *s)
{
    struct xml *x = &w->x;
    xml_begin(x, "TxInfAndSts");
    if (fits(s->key, ISO_ID))
        xml_put_if_any(x, "CxlStsId", s->key);
    xml_begin(x, "RslvdCase");
    xml_put(x, "Id", bank_key(s->order, s->ask, x->text->arena));
    iso_put_party(x, "Cretr", STR("Yumen"));
    xml_end(x);
    xml_put(x, "TxCxlSts", status_of(s->result));
    put_reason(w, s, "CxlStsRsnInf");
    xml_end(x);
}

static void put_ours(struct answering *w, const struct bank_said *s)
{
    struct xml *x = &w->x;
    iso_begin_ours(x, "Receipt");
    xml_put(x, "Case", bank_key(s->order, s->ask, x->text->arena));
    if (!fits(s->key, ISO_ID))
        xml_put(x, "Key", s->key);
    xml_put(x, "Result", str_from_c(receipt_result_words[s->result]));
    put_amount_if_any(x, "Held", s->held, s->currency);
    put_amount_if_any(x, "Balance", s->balance, s->currency);
    iso_put_when(x, "At", s->at, w->tongue->zone_min);
    if (!fits(s->words, ISO_INFO))
        xml_put(x, "Words", s->words);
    for (size_t i = 0; i < s->freezes.count; i++) {
        const struct prior_freeze *f = &s->freezes.at[i];
        xml_begin(x, "Freeze");
        xml_put(x, "Authority", f->authority);
        xml_put_if_any(x, "Reference", f->reference);
        put_amount_if_any(x, "Amount", f->is_whole ? -1 : f->amount,
                          str_is_empty(f->currency) ? s->currency : f->currency);
        iso_put_when(x, "Until", f->until, w->tongue->zone_min);
        said_prior_put_rank(x, f);
        xml_end(x);
    }
    iso_end_ours(x);
}

/* A message's own id: as its first answer's, which is the bank's. */
static str message_id(const struct bank_said *s)
{
    return str_is_empty(s->key) ? STR("1") : cut_to(s->key, ISO_ID);
}

static void put_assignment(struct answering *w)
{
    struct xml *x = &w->x;
    xml_begin(x, "Assgnmt");
    xml_put(x, "Id", message_id(&w->said->at[0]));
    iso_put_party(x, "Assgnr", STR(""));
    iso_put_party(x, "Assgne", STR("Yumen"));
    iso_put_when(x, "CreDtTm", instant_add_us(w->said->at[0].at, w->said->at[0].at.us == 0),
                 w->tongue->zone_min);
    xml_end(x);
}

static void write_resolution(struct answering *w)
{
    struct xml *x = &w->x;
    xml_attribute(x, "xmlns", STR(ISO_SPACE ISO_ANSWER));
    xml_begin(x, "RsltnOfInvstgtn");
    put_assignment(w);
    xml_begin(x, "Sts");
    xml_put(x, "Conf", confirmation_of(w->said));
    xml_end(x);
    xml_begin(x, "CxlDtls");
    for (size_t i = 0; i < w->said->count; i++)
        put_transaction(w, &w->said->at[i]);
    xml_end(x);
    for (size_t i = 0; i < w->said->count; i++)
        put_ours(w, &w->said->at[i]);
    xml_end(x);
}

static void put_return(struct answering *w, const struct bank_said *s)
{
    struct xml *x = &w->x;
    xml_begin(x, "TxInf");
    if (fits(s->key, ISO_ID))
        xml_put_if_any(x, "RtrId", s->key);
    xml_put(x, fits(s->payment, ISO_ID) ? "OrgnlTxId" : "OrgnlEndToEndId", s->payment);
    iso_put_amount(x, "RtrdIntrBkSttlmAmt", s->returned, s->currency);
    put_reason(w, s, "RtrRsnInf");
    iso_begin_ours(x, "Return");
    if (!str_is_empty(s->order))
        xml_put(x, "Case", bank_key(s->order, s->ask, x->text->arena));
    if (!fits(s->key, ISO_ID))
        xml_put(x, "Key", s->key);
    iso_end_ours(x);
    xml_end(x);
}

static void write_returns(struct answering *w)
{
    struct xml *x = &w->x;
    const struct bank_said *first = &w->said->at[0];
    xml_attribute(x, "xmlns", STR(ISO_SPACE ISO_RETURN));
    xml_begin(x, "PmtRtr");
    xml_begin(x, "GrpHdr");
    xml_put(x, "MsgId", message_id(first));
    iso_put_when(x, "CreDtTm", instant_add_us(first->at, first->at.us == 0), w->tongue->zone_min);
    struct text count;
    text_init(&count, x->text->arena);
    text_put_u64(&count, w->said->count);
    xml_put(x, "NbOfTxs", text_str(&count));
    xml_begin(x, "SttlmInf");
    xml_put(x, "SttlmMtd", STR("CLRG"));
    xml_end(x);
    xml_end(x);
    for (size_t i = 0; i < w->said->count; i++)
        put_return(w, &w->said->at[i]);
    xml_end(x);
}

/* One document is of one kind. */
static err check(const struct bank_said_list *said)
{
    for (size_t i = 0; i < said->count; i++) {
        const struct bank_said *s = &said->at[i];
        bool is_sayable =
            s->about == said->at[0].about && (s->about != SAID_RECEIPT || !str_is_empty(s->order));
        if (!is_sayable)
            return fail(ERR_CONFLICT, "bank.no_word", (uint32_t)i);
        TRY(fit_in(s->code, ISO_ID));
        TRY(s->about == SAID_RETURN ? fit_in(s->payment, ISO_ID) : OK);
        TRY(s->about == SAID_RECEIPT ? fit_in(s->order, ISO_ID - 2) : OK);
    }
    return OK;
}

err iso_far_write(const struct bank_tongue *tongue, const struct bank_said_list *said,
                  struct arena *a, str *ret_bytes)
{
    struct text t;
    struct answering w = {.tongue = tongue, .said = said};
    TRY(check(said));
    text_init(&t, a);
    xml_init(&w.x, &t);
    xml_begin(&w.x, "Document");
    if (said->at[0].about == SAID_RETURN)
        write_returns(&w);
    else
        write_resolution(&w);
    xml_end(&w.x);
    if (text_spent(&t))
        return no_room();
    *ret_bytes = text_str(&t);
    return OK;
}
