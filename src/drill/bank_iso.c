/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Form iso20022: orders come as camt.056, one document each; they are answered by camt.029. What
 * the standard cannot say stands beside it in the centre's own namespace.
 */
#include "drill/bank_xml.h"
#include "drill/figure.h"
#include "kit/xml.h"

#define OURS   STR("urn:yumen:bank:1")
#define ANSWER STR("urn:iso:std:iso:20022:tech:xsd:camt.029.001.09")

enum { FEN_A_YUAN = 100 };

/* ---- reading ------------------------------------------------------------------------------ */

static str text_of(const struct xml_node *from, const char *name)
{
    return xml_text(xml_child(from, name));
}

static err word_of(const struct xml_node *from, const char *name, const char *const *words,
                   unsigned count, unsigned *ret_word)
{
    *ret_word = bank_word(text_of(from, name), words, count);
    return *ret_word == count ? fail(ERR_MALFORMED, "drill.order", 0) : OK;
}

/* "1234.56"; absent is 0. */
static err amount_of(const struct xml_node *from, const char *name, int64_t *ret_fen)
{
    str text = text_of(from, name);
    *ret_fen = 0;
    if (!str_is_empty(text) && !figure_parse(text, FEN_A_YUAN, ret_fen))
        return fail(ERR_MALFORMED, "drill.order", 0);
    return OK;
}

static err instant_of(const struct xml_node *from, const char *name, instant *ret_at)
{
    str text = text_of(from, name);
    *ret_at = instant_from_us(0);
    return str_is_empty(text) ? OK : instant_parse(text, ret_at);
}

static err read_payment(const struct xml_node *from, struct bank_instruction *i)
{
    i->has_payment = from != NULL;
    i->payment = (struct bank_payment){
        .id = text_of(from, "Transfer"), .from = text_of(from, "Payer"), .to = STR("")};
    TRY(amount_of(from, "Amount", &i->payment.fen));
    return instant_of(from, "At", &i->payment.at);
}

static err read_ours(const struct xml_node *ours, struct arena *a, struct bank_instruction *i)
{
    unsigned kind = 0;
    unsigned ask = 0;
    TRY(word_of(ours, "Kind", bank_kind_words, BANK_KIND_COUNT, &kind));
    TRY(word_of(ours, "Asked", bank_ask_words, BANK_ASK_COUNT, &ask));
    i->kind = (enum bank_kind)kind;
    i->ask = (enum bank_ask)ask;
    i->name = text_of(ours, "Name");
    TRY(bank_account_key(text_of(ours, "Account"), text_of(ours, "Bank"), a, &i->account));
    TRY(amount_of(ours, "Amount", &i->fen));
    TRY(instant_of(ours, "Until", &i->until));
    return read_payment(xml_child(ours, "Payment"), i);
}

static err read_document(const struct xml_node *root, struct arena *a, struct bank_instruction *i)
{
    const struct xml_node *body = NULL;
    const struct xml_node *transaction = NULL;
    const struct xml_node *envelope = NULL;
    TRY(xml_only(root, "FIToFIPmtCxlReq", &body));
    TRY(xml_only(body, "Undrlyg/TxInf", &transaction));
    TRY(xml_only(transaction, "SplmtryData/Envlp", &envelope));
    TRY(bank_case_parse(xml_text(xml_child(xml_child(body, "Case"), "Id")), &i->order, &i->number));
    return read_ours(xml_child_of(envelope, OURS, "Order"), a, i);
}

static err iso_read(str bytes, str content_type, struct arena *a, struct bank_orders *ret_orders)
{
    return bank_xml_read(&(struct bank_xml_mail){bytes, content_type}, read_document, a,
                         ret_orders);
}

/* ---- writing ------------------------------------------------------------------------------ */

static const char *const confirmations[BANK_RESULT_COUNT] = {[BANK_PENDING] = "PDCR",
                                                             [BANK_DONE] = "CNCL",
                                                             [BANK_PARTIAL] = "PECR",
                                                             [BANK_REFUSED] = "RJCR"};

/* External code set PaymentCancellationRejection, as near as it comes. */
static const char *const reasons[BANK_WHY_COUNT] = {
    [BANK_NO_ACCOUNT] = "NOOR",   [BANK_CLOSED] = "AC04",     [BANK_OTHER_NAME] = "NOOR",
    [BANK_OTHER_AMOUNT] = "NOOR", [BANK_OTHER_TIME] = "NOOR", [BANK_NO_PAYMENT] = "NOOR",
    [BANK_NO_ORDER] = "NOOR",     [BANK_ENDED] = "NOAS",      [BANK_CANNOT] = "AGNT",
    [BANK_NO_REASON] = "CUST",    [BANK_NO_MONEY] = "AM04",   [BANK_STOPPED] = "LEGL"};

static void put_party(struct xml *x, const char *name, str party)
{
    xml_begin(x, name);
    xml_begin(x, "Pty");
    xml_put(x, "Nm", party);
    xml_end(x);
    xml_end(x);
}

static void put_amount(struct xml *x, const char *name, int64_t fen)
{
    struct text t;
    text_init(&t, x->text->arena);
    text_printf(&t, "%lld.%02lld", (long long)(fen / FEN_A_YUAN), (long long)(fen % FEN_A_YUAN));
    xml_begin(x, name);
    xml_attribute(x, "Ccy", STR("CNY"));
    xml_words(x, text_spent(&t) ? STR("") : text_str(&t));
    xml_end(x);
}

static void put_details(struct xml *x, const struct bank_receipt *r, str about, str key)
{
    xml_begin(x, "CxlDtls");
    xml_begin(x, "TxInfAndSts");
    xml_put(x, "CxlStsId", key);
    xml_begin(x, "RslvdCase");
    xml_put(x, "Id", about);
    put_party(x, "Cretr", STR("Yumen"));
    xml_end(x);
    if (r->answer.why != BANK_FINE) {
        xml_begin(x, "CxlStsRsnInf");
        xml_begin(x, "Rsn");
        xml_put(x, "Cd", str_from_c(reasons[r->answer.why]));
        xml_end(x);
        xml_put(x, "AddtlInf", str_from_c(bank_why_words[r->answer.why]));
        xml_end(x);
    }
    xml_end(x);
    xml_end(x);
}

static void put_priors(struct xml *x, const struct bank_priors *priors, int zone_min)
{
    char room[INSTANT_TEXT_BYTES];
    for (size_t i = 0; i < priors->count; i++) {
        const struct bank_prior *p = &priors->at[i];
        xml_begin(x, "Freeze");
        xml_put(x, "Authority", p->authority);
        xml_put(x, "Reference", p->reference);
        if (p->fen > 0)
            put_amount(x, "Amount", p->fen);
        xml_put(x, "Until", instant_format(p->until, zone_min, room));
        xml_end(x);
    }
}

static void put_ours(struct xml *x, const struct bank_speaker *s, const struct bank_receipt *r,
                     str about)
{
    char room[INSTANT_TEXT_BYTES];
    xml_begin(x, "SplmtryData");
    xml_begin(x, "Envlp");
    xml_begin(x, "Receipt");
    xml_attribute(x, "xmlns", OURS);
    xml_put(x, "Case", about);
    xml_put(x, "Result", str_from_c(bank_result_words[r->answer.result]));
    if (r->answer.result != BANK_PENDING)
        put_amount(x, "Held", r->answer.held);
    if (r->answer.balance >= 0)
        put_amount(x, "Balance", r->answer.balance);
    xml_put(x, "At", instant_format(r->at, s->zone_min, room));
    put_priors(x, &r->priors, s->zone_min);
    xml_end(x);
    xml_end(x);
    xml_end(x);
}

static void put_document(struct xml *x, const struct bank_speaker *s, const struct bank_receipt *r)
{
    char room[INSTANT_TEXT_BYTES];
    str at = instant_format(r->at, s->zone_min, room);
    str about = bank_case(r, x->text->arena);
    str key = bank_receipt_key(s, r, x->text->arena);
    xml_begin(x, "Document");
    xml_attribute(x, "xmlns", ANSWER);
    xml_begin(x, "RsltnOfInvstgtn");
    xml_begin(x, "Assgnmt");
    xml_put(x, "Id", key);
    put_party(x, "Assgnr", s->code);
    put_party(x, "Assgne", STR("Yumen"));
    xml_put(x, "CreDtTm", at);
    xml_end(x);
    xml_begin(x, "Sts");
    xml_put(x, "Conf", str_from_c(confirmations[r->answer.result]));
    xml_end(x);
    put_details(x, r, about, key);
    put_ours(x, s, r, about);
    xml_end(x);
    xml_end(x);
}

static err iso_write(const struct bank_speaker *s, const struct bank_receipt *r, struct arena *a,
                     struct bank_letter *ret_letter)
{
    struct text t;
    struct xml x;
    text_init(&t, a);
    xml_init(&x, &t);
    put_document(&x, s, r);
    if (text_spent(&t))
        return fail(ERR_LIMIT, "limit.memory", 0);
    return bank_xml_letter(s, text_str(&t), a, ret_letter);
}

const struct bank_form bank_form_iso = {
    .name = "iso20022", .accept = "application/xml", .read = iso_read, .write = iso_write};
