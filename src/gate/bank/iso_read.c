/* SPDX-License-Identifier: Apache-2.0 */
/* camt.029 (how a case was resolved) and pacs.004 (money that came back) to answers. */
#include "gate/bank/iso.h"
#include "gate/bank/notation.h"

struct meaning {
    const char *code;
    unsigned result;
};

/* External code set InvestigationExecutionConfirmation, as far as it is about recalls; and the
 * statuses of a group and of a transaction. */
static const struct meaning meanings[] = {
    {"CNCL", RECEIPT_DONE   },
    {"IPAY", RECEIPT_DONE   },
    {"ACCR", RECEIPT_DONE   },
    {"PECR", RECEIPT_PARTIAL},
    {"PACR", RECEIPT_PARTIAL},
    {"PDCR", RECEIPT_PENDING},
    {"CWFW", RECEIPT_PENDING},
    {"UWFW", RECEIPT_PENDING},
    {"RJCR", RECEIPT_REFUSED},
};

static err result_of(str code, unsigned *ret_result)
{
    for (size_t i = 0; i < COUNT_OF(meanings); i++)
        if (str_equal(code, str_from_c(meanings[i].code))) {
            *ret_result = meanings[i].result;
            return OK;
        }
    return fail(ERR_MALFORMED, "bank.result", 0);
}

struct resolution {
    const struct bank_tongue *tongue;
    struct said_room *said;
    const struct xml_node *body; /* RsltnOfInvstgtn */
    str id;                      /* of the assignment: the bank's own */
    str case_id;
    str confirmation;   /* empty: it has another kind of status */
    bool is_assignment; /* … which says whether what we asked is withdrawn */
    bool is_withdrawn;
    instant at;
};

/* An answer that has no name of its own has its message's, and its place in it. */
static err name_answer(struct said_room *room, str id, struct bank_said *said)
{
    struct text t;
    if (!str_is_empty(said->key))
        return OK;
    text_init(&t, room->arena);
    text_put(&t, id);
    text_put_char(&t, '/');
    text_put_u64(&t, room->count);
    if (text_spent(&t))
        return no_room();
    said->key = text_str(&t);
    return OK;
}

/* --- what stands in supplementary data ---- */

static err read_amount(struct bank_said *said, const struct xml_node *from, const char *path,
                       int64_t *ret_minor)
{
    const struct xml_node *node = NULL;
    TRY(xml_only(from, path, &node));
    return said_amount(said, xml_text(node), xml_attribute_of(node, "Ccy"), ret_minor);
}

/* A currency that nobody has named yet is the centre's. */
static err read_prior(const struct bank_tongue *tongue, struct bank_said *said,
                      const struct xml_node *from, struct prior_freeze *f)
{
    const struct xml_node *node = NULL;
    TRY(xml_only(from, "Amount", &node));
    str currency = xml_attribute_of(node, "Ccy");
    str known = str_is_empty(said->currency) ? tongue->currency : said->currency;
    TRY(said_prior_amount(known, xml_text(node), currency, f));
    bool is_said = !f->is_whole && f->amount >= 0 && str_is_empty(f->currency);
    return is_said ? said_currency(said, known) : OK;
}

static err read_freeze(const struct bank_tongue *tongue, struct bank_said *said,
                       const struct xml_node *from, struct prior_freeze *ret_freeze)
{
    struct prior_freeze f = {.amount = 0};
    str until = STR("");
    str rank = STR("");
    TRY(text_required(from, "Authority", &f.authority));
    TRY(text_at(from, "Reference", &f.reference));
    TRY(text_at(from, "Until", &until));
    TRY(text_at(from, "Rank", &rank));
    TRY(read_prior(tongue, said, from, &f));
    TRY(said_prior_rank(rank, &f));
    if (!str_is_empty(until))
        TRY(moment_parse(until, tongue->zone_min, &f.until));
    *ret_freeze = f;
    return said_prior_seal(&f);
}

static err read_freezes(const struct resolution *r, const struct xml_node *ours,
                        struct bank_said *said)
{
    const struct xml_node *first = xml_child(ours, "Freeze");
    size_t count = 0;
    for (const struct xml_node *n = first; n != NULL; n = xml_again(n))
        count++;
    struct prior_freeze *at = NULL;
    const struct xml_node *n = first;
    TRY(said_priors_make(r->said, count, &said->freezes, &at));
    for (size_t i = 0; i < said->freezes.count; i++, n = xml_again(n))
        TRY(read_freeze(r->tongue, said, n, &at[i]));
    return OK;
}

static err read_ours(const struct resolution *r, str reference, struct bank_said *said)
{
    const struct xml_node *ours = iso_ours(r->body, "Receipt", reference);
    str at = STR("");
    str words = STR("");
    str result = STR("");
    if (ours == NULL)
        return OK;
    TRY(read_amount(said, ours, "Held", &said->held));
    TRY(read_amount(said, ours, "Balance", &said->balance));
    TRY(text_at(ours, "At", &at));
    TRY(text_at(ours, "Words", &words));
    TRY(text_at(ours, "Result", &result));
    if (said->result == RECEIPT_DONE && str_equal(result, STR("partial")))
        said->result = RECEIPT_PARTIAL; /* the standard has no such status of one transaction */
    if (!str_is_empty(at))
        TRY(moment_parse(at, r->tongue->zone_min, &said->at));
    if (!str_is_empty(words))
        said->words = words;
    if (str_is_empty(said->key))
        TRY(text_at(ours, "Key", &said->key));
    return read_freezes(r, ours, said);
}

/* --- camt.029 ---- */

/* Of several reasons the first. */
static err read_reason(const struct xml_node *why, struct bank_said *said, struct arena *a)
{
    if (why == NULL)
        return OK;
    TRY(text_at(why, "Rsn/Cd", &said->code));
    if (str_is_empty(said->code))
        TRY(text_at(why, "Rsn/Prtry", &said->code));
    struct text t;
    text_init(&t, a);
    const struct xml_node *line = xml_child(why, "AddtlInf");
    for (; line != NULL; line = xml_again(line)) {
        if (t.size > 0)
            text_put_char(&t, ' ');
        text_put(&t, xml_text(line));
    }
    if (text_spent(&t))
        return no_room();
    said->words = text_str(&t);
    return OK;
}

static err read_status(const struct resolution *r, str status, struct bank_said *said)
{
    if (!str_is_empty(status))
        return result_of(status, &said->result);
    if (r->is_assignment) {
        said->result = r->is_withdrawn ? RECEIPT_DONE : RECEIPT_REFUSED;
        return OK;
    }
    return result_of(r->confirmation, &said->result);
}

/* `from`: a transaction, a group, or NULL when the resolution has neither. */
static err read_answer(const struct resolution *r, const struct xml_node *from, const char *status)
{
    err failure = OK;
    str reference = STR("");
    str code = STR("");
    struct bank_said *said = said_make(r->said, &failure);
    if (said == NULL)
        return failure;
    TRY(text_at(from, "RslvdCase/Id", &reference));
    if (str_is_empty(reference))
        reference = r->case_id;
    TRY(said_reference(said, reference));
    TRY(text_at(from, status, &code));
    TRY(read_status(r, code, said));
    TRY(text_at(from, "CxlStsId", &said->key));
    said->at = r->at;
    TRY(read_reason(xml_child(from, "CxlStsRsnInf"), said, r->said->arena));
    TRY(read_amount(said, from, "RsltnRltdInf/IntrBkSttlmAmt", &said->held));
    TRY(read_ours(r, reference, said));
    TRY(name_answer(r->said, r->id, said));
    return said_seal(said);
}

static err read_details(const struct resolution *r)
{
    const struct xml_node *details = xml_child(r->body, "CxlDtls");
    for (; details != NULL; details = xml_again(details)) {
        const struct xml_node *tx = xml_child(details, "TxInfAndSts");
        if (tx == NULL && xml_child(details, "OrgnlGrpInfAndSts") != NULL)
            TRY(read_answer(r, xml_child(details, "OrgnlGrpInfAndSts"), "GrpCxlSts"));
        for (; tx != NULL; tx = xml_again(tx))
            TRY(read_answer(r, tx, "TxCxlSts"));
    }
    return OK;
}

static err read_head(struct resolution *r)
{
    str at = STR("");
    str assignment = STR("");
    TRY(text_required(r->body, "Assgnmt/Id", &r->id));
    TRY(text_required(r->body, "Assgnmt/CreDtTm", &at));
    TRY(moment_parse(at, r->tongue->zone_min, &r->at));
    TRY(text_at(r->body, "RslvdCase/Id", &r->case_id));
    TRY(text_at(r->body, "Sts/Conf", &r->confirmation));
    TRY(text_at(r->body, "Sts/AssgnmtCxlConf", &assignment));
    r->is_assignment = !str_is_empty(assignment);
    r->is_withdrawn = str_equal(assignment, STR("true")) || str_equal(assignment, STR("1"));
    return OK;
}

static err read_resolution(const struct bank_tongue *tongue, const struct xml_node *doc,
                           struct said_room *said)
{
    struct resolution r = {.tongue = tongue, .said = said};
    TRY(xml_only(doc, "RsltnOfInvstgtn", &r.body));
    if (r.body == NULL)
        return fail(ERR_MALFORMED, "bank.document", doc->at);
    TRY(read_head(&r));
    TRY(read_details(&r));
    return said->count > 0 ? OK : read_answer(&r, NULL, "Sts");
}

/* --- pacs.004 ---- */

struct return_group {
    const struct bank_tongue *tongue;
    struct said_room *said;
    str id;
    instant at;
};

static err read_payment(const struct xml_node *tx, str *ret_payment)
{
    static const char *const names[] = {"OrgnlTxId", "OrgnlEndToEndId", "OrgnlInstrId"};
    str payment = STR("");
    for (size_t i = 0; i < COUNT_OF(names) && str_is_empty(payment); i++)
        TRY(text_at(tx, names[i], &payment));
    if (str_is_empty(payment))
        return fail(ERR_MALFORMED, "bank.absent", tx->at);
    *ret_payment = payment;
    return OK;
}

static err read_return(const struct return_group *g, const struct xml_node *tx)
{
    err failure = OK;
    str reference = STR("");
    struct bank_said *said = said_make(g->said, &failure);
    if (said == NULL)
        return failure;
    said->about = SAID_RETURN;
    said->result = RECEIPT_DONE;
    said->at = g->at;
    said->returned = -1;
    TRY(read_payment(tx, &said->payment));
    TRY(text_at(tx, "OrgnlEndToEndId", &said->end_to_end));
    TRY(text_at(tx, "RtrId", &said->key));
    TRY(read_amount(said, tx, "RtrdIntrBkSttlmAmt", &said->returned));
    if (said->returned < 0)
        return fail(ERR_MALFORMED, "bank.absent", tx->at);
    TRY(read_reason(xml_child(tx, "RtrRsnInf"), said, g->said->arena));
    const struct xml_node *ours = iso_ours(tx, "Return", STR(""));
    TRY(text_at(ours, "Case", &reference));
    if (!str_is_empty(reference))
        TRY(said_reference(said, reference));
    if (str_is_empty(said->key))
        TRY(text_at(ours, "Key", &said->key));
    TRY(name_answer(g->said, g->id, said));
    return said_seal(said);
}

static err read_returns(const struct bank_tongue *tongue, const struct xml_node *doc,
                        struct said_room *said)
{
    struct return_group g = {.tongue = tongue, .said = said};
    const struct xml_node *body = NULL;
    str at = STR("");
    TRY(xml_only(doc, "PmtRtr", &body));
    TRY(text_required(body, "GrpHdr/MsgId", &g.id));
    TRY(text_required(body, "GrpHdr/CreDtTm", &at));
    TRY(moment_parse(at, tongue->zone_min, &g.at));
    const struct xml_node *tx = xml_child(body, "TxInf");
    if (tx == NULL)
        return fail(ERR_MALFORMED, "bank.absent", body->at);
    for (; tx != NULL; tx = xml_again(tx))
        TRY(read_return(&g, tx));
    return OK;
}

err iso_read(const struct bank_tongue *tongue, const struct xml_node *root, struct said_room *said)
{
    const struct xml_node *doc = NULL;
    if (!failed(iso_document(root, "pacs.004.001.", &doc)))
        return read_returns(tongue, doc, said);
    TRY(iso_document(root, "camt.029.001.", &doc));
    return read_resolution(tongue, doc, said);
}
