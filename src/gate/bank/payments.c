/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/bank/payments.h"

#include "gate/bank/iso.h"
#include "gate/bank/notation.h"
#include "kit/json.h"

bool payments_are_meant(str content_type)
{
    str type = str_trim(str_until(content_type, str_find_char(content_type, ';')));
    return str_equal_nocase(type, STR("application/xml")) ||
           str_equal_nocase(type, STR("text/xml"));
}

/* The first of these that is there, and not by mistake twice. */
static str first_of(const struct xml_node *from, const char *const *paths, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct xml_node *node = NULL;
        if (!failed(xml_only(from, paths[i], &node)) && !str_is_empty(xml_text(node)))
            return xml_text(node);
    }
    return STR("");
}

/* The clearing's own number before what the customers or their banks call it. */
static str id_of(const struct xml_node *tx)
{
    static const char *const paths[] = {"PmtId/TxId", "PmtId/EndToEndId", "PmtId/InstrId",
                                        "PmtId/UETR"};
    static const char *const others[] = {"PmtId/InstrId", "PmtId/UETR"};
    str id = first_of(tx, paths, COUNT_OF(paths));
    bool is_none = str_equal(id, STR("NOTPROVIDED")); /* what has to stand where there is no name */
    return is_none ? first_of(tx, others, COUNT_OF(others)) : id;
}

/* When the payer's bank took it; a day alone is no time. */
static void put_time(struct json *j, const struct xml_node *head, const struct xml_node *tx,
                     int zone_min)
{
    static const char *const paths[] = {"AccptncDtTm", "SttlmTmIndctn/DbtDtTm"};
    static const char *const message[] = {"CreDtTm"};
    str said = first_of(tx, paths, COUNT_OF(paths));
    instant at = {0};
    if (str_is_empty(said))
        said = first_of(head, message, 1);
    if (failed(moment_parse(said, zone_min, &at)))
        json_put_str_if_any(j, STR("time"), said);
    else
        json_put_i64(j, STR("time"), at.us / US_PER_MS);
}

/* What is no amount of its currency is the feed's to refuse: never is "5000" yuan 5,000 fen. */
static void put_amount(struct json *j, const struct xml_node *tx, struct arena *a)
{
    const struct xml_node *node = NULL;
    struct text said;
    int64_t minor = 0;
    if (failed(xml_only(tx, "IntrBkSttlmAmt", &node)) || node == NULL)
        return;
    str currency = xml_attribute_of(node, "Ccy");
    json_put_str_if_any(j, STR("currency"), currency);
    if (!failed(money_parse(xml_text(node), currency, &minor))) {
        json_put_i64(j, STR("amount"), minor);
        return;
    }
    text_init(&said, a);
    text_put(&said, xml_text(node));
    text_put_char(&said, ' ');
    text_put(&said, str_is_empty(currency) ? STR("?") : currency);
    json_put_str(j, STR("amount"), text_str(&said));
}

struct side {
    const char *account;
    const char *agent;
    str to;
    str bank;
};

/* An account by its bank's code, as we write one (iso_write.c), else by the agent's. */
static void put_side(struct json *j, const struct xml_node *tx, const struct side *side)
{
    static const char *const numbers[] = {"Id/IBAN", "Id/Othr/Id"};
    static const char *const issuers[] = {"Id/Othr/Issr"};
    static const char *const codes[] = {"FinInstnId/ClrSysMmbId/MmbId", "FinInstnId/BICFI",
                                        "FinInstnId/Othr/Id"};
    const struct xml_node *account = xml_child(tx, side->account);
    str bank = first_of(account, issuers, COUNT_OF(issuers));
    if (str_is_empty(bank))
        bank = first_of(xml_child(tx, side->agent), codes, COUNT_OF(codes));
    json_put_str_if_any(j, side->to, first_of(account, numbers, COUNT_OF(numbers)));
    json_put_str_if_any(j, side->bank, bank);
}

struct payments {
    const struct xml_node *head; /* GrpHdr */
    int zone_min;
    struct arena *arena;
};

static void put_row(const struct payments *p, struct json *j, const struct xml_node *tx)
{
    const struct side sides[] = {
        {"DbtrAcct", "DbtrAgt", STR("from"), STR("from_bank")},
        {"CdtrAcct", "CdtrAgt", STR("to"),   STR("to_bank")  },
    };
    json_object(j);
    json_put_str_if_any(j, STR("id"), id_of(tx));
    put_time(j, p->head, tx, p->zone_min);
    for (size_t i = 0; i < COUNT_OF(sides); i++)
        put_side(j, tx, &sides[i]);
    put_amount(j, tx, p->arena);
    json_end(j);
}

err payments_read(str bytes, int zone_min, struct arena *a, str *ret_rows)
{
    const struct xml_limits limits = {.bytes = PAYMENTS_BYTES, .nodes = PAYMENTS_NODES};
    const struct xml_node *root = NULL;
    const struct xml_node *doc = NULL;
    const struct xml_node *body = NULL;
    struct text t;
    text_init(&t, a);
    text_expect(&t, bytes.size / 2);
    TRY(xml_parse(bytes, limits, a, &root));
    TRY(iso_document(root, "pacs.008.001.", &doc));
    TRY(xml_only(doc, "FIToFICstmrCdtTrf", &body));
    const struct xml_node *tx = xml_child(body, "CdtTrfTxInf");
    if (tx == NULL)
        return fail(ERR_MALFORMED, "bank.document", doc->at);
    const struct payments p = {.head = xml_child(body, "GrpHdr"), .zone_min = zone_min, .arena = a};
    for (; tx != NULL; tx = xml_again(tx)) {
        struct json j;
        json_init(&j, &t);
        put_row(&p, &j, tx);
        text_put_char(&t, '\n');
    }
    *ret_rows = text_str(&t);
    return text_spent(&t) ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}
