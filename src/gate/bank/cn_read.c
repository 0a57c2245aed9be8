/* SPDX-License-Identifier: Apache-2.0 */
/* Replies of form cn to answers: one Body an answer. */
#include "gate/bank/cn.h"
#include "gate/bank/notation.h"

struct meaning {
    const char *code;
    unsigned result;
    bool is_reason; /* it says why, and is kept as the answer's code */
};

/* 100001 and 100002 are ours: the set has no words for them. That it took too long, or that it had
 * come before, is no refusal: what was asked may be on its way. All else is one. */
static const struct meaning meanings[] = {
    {"100000", RECEIPT_DONE,    false},
    {"100001", RECEIPT_PARTIAL, false},
    {"100002", RECEIPT_PENDING, false},
    {"200002", RECEIPT_PENDING, true },
    {"200003", RECEIPT_PENDING, true },
};

static bool is_code(str s)
{
    bool is_six = s.size == 6;
    for (size_t i = 0; is_six && i < s.size; i++)
        is_six = s.at[i] >= '0' && s.at[i] <= '9';
    return is_six;
}

static err read_result(const struct xml_node *body, struct bank_said *said)
{
    str code = STR("");
    TRY(text_required(body, "Result", &code));
    for (size_t i = 0; i < COUNT_OF(meanings); i++)
        if (str_equal(code, str_from_c(meanings[i].code))) {
            said->result = meanings[i].result;
            said->code = meanings[i].is_reason ? code : STR("");
            return OK;
        }
    if (!is_code(code) || code.at[0] != '2')
        return fail(ERR_MALFORMED, "bank.result", body->at);
    said->result = RECEIPT_REFUSED;
    said->code = code;
    return OK;
}

static err read_words(const struct xml_node *body, struct said_room *room, struct bank_said *said)
{
    str cause = STR("");
    str remark = STR("");
    TRY(text_at(body, "FailureCause", &cause));
    TRY(text_at(body, "FeedbackRemark", &remark));
    said->words = str_is_empty(cause) ? remark : cause;
    if (str_is_empty(cause) || str_is_empty(remark))
        return OK;
    struct text t;
    text_init(&t, room->arena);
    text_put(&t, cause);
    text_put_c(&t, "; ");
    text_put(&t, remark);
    if (text_spent(&t))
        return no_room();
    said->words = text_str(&t);
    return OK;
}

static err read_when(const struct bank_tongue *tongue, const struct xml_node *from,
                     const char *path, instant *ret_at)
{
    str at = STR("");
    TRY(text_at(from, path, &at));
    return str_is_empty(at) ? OK : stamp_parse(at, tongue->zone_min, ret_at);
}

static err read_freeze(const struct bank_tongue *tongue, const struct xml_node *from,
                       const struct bank_said *said, struct prior_freeze *ret_freeze)
{
    struct prior_freeze f = {.amount = 0};
    str amount = STR("");
    str currency = STR("");
    str rank = STR("");
    TRY(text_required(from, "Authority", &f.authority));
    TRY(text_at(from, "Reference", &f.reference));
    TRY(text_at(from, "Amount", &amount));
    TRY(text_at(from, "Currency", &currency));
    TRY(text_at(from, "Rank", &rank));
    TRY(said_prior_amount(said->currency, amount,
                          str_is_empty(currency) ? said->currency : currency, &f));
    TRY(said_prior_rank(rank, &f));
    TRY(read_when(tongue, from, "ExpireTime", &f.until));
    *ret_freeze = f;
    return said_prior_seal(&f);
}

static err read_freezes(const struct bank_tongue *tongue, const struct xml_node *body,
                        struct said_room *room, struct bank_said *said)
{
    const struct xml_node *list = NULL;
    size_t count = 0;
    TRY(xml_only(body, "PriorFreezes", &list));
    const struct xml_node *first = xml_child(list, "PriorFreeze");
    for (const struct xml_node *n = first; n != NULL; n = xml_again(n))
        count++;
    struct prior_freeze *at = NULL;
    const struct xml_node *n = first;
    TRY(said_priors_make(room, count, &said->freezes, &at));
    for (size_t i = 0; i < said->freezes.count; i++, n = xml_again(n))
        TRY(read_freeze(tongue, n, said, &at[i]));
    return OK;
}

/* A currency goes without saying, and is the centre's; with no amount there is none. */
static err read_amounts(const struct bank_tongue *tongue, const struct xml_node *body,
                        struct bank_said *said)
{
    str currency = STR("");
    str held = STR("");
    str balance = STR("");
    TRY(text_at(body, "Currency", &currency));
    TRY(text_at(body, "FrozenAmount", &held));
    TRY(text_at(body, "AccountBalance", &balance));
    TRY(said_currency(said, str_is_empty(currency) ? tongue->currency : currency));
    TRY(said_amount(said, held, said->currency, &said->held));
    return said_amount(said, balance, said->currency, &said->balance);
}

static bool has_amount(const struct bank_said *said)
{
    return said->held >= 0 || said->balance >= 0 || said_priors_have_amount(&said->freezes);
}

struct head {
    str serial;
    instant at;
    bool is_of_one; /* answer, which needs no name beside the message's */
};

static err read_body(const struct bank_tongue *tongue, const struct xml_node *body,
                     const struct head *head, struct said_room *room)
{
    err failure = OK;
    str id = STR("");
    struct bank_said *said = said_make(room, &failure);
    if (said == NULL)
        return failure;
    TRY(text_required(body, "ApplicationID", &id));
    TRY(said_reference(said, id));
    TRY(read_result(body, said));
    TRY(read_words(body, room, said));
    TRY(read_amounts(tongue, body, said));
    TRY(read_freezes(tongue, body, room, said));
    if (!has_amount(said))
        said->currency = STR("");
    TRY(text_at(body, "FeedbackID", &said->key));
    if (str_is_empty(said->key) && !head->is_of_one)
        return fail(ERR_MALFORMED, "bank.absent", body->at);
    if (str_is_empty(said->key))
        said->key = head->serial;
    said->at = head->at;
    TRY(read_when(tongue, body, "FeedbackTime", &said->at));
    return said_seal(said);
}

err cn_read(const struct bank_tongue *tongue, const struct xml_node *root, struct said_room *said)
{
    struct head head = {0};
    str code = STR("");
    if (!str_equal(root->name, STR("Message")) || !str_is_empty(root->space))
        return fail(ERR_MALFORMED, "bank.document", root->at);
    TRY(text_required(root, "Head/TxCode", &code));
    if (!cn_is_reply(code, tongue->provider_kind))
        return fail(ERR_MALFORMED, "bank.document", root->at);
    TRY(text_required(root, "Head/TransSerialNumber", &head.serial));
    TRY(read_when(tongue, root, "Head/CreateTime", &head.at));
    const struct xml_node *body = xml_child(root, "Body");
    if (body == NULL)
        return fail(ERR_MALFORMED, "bank.absent", root->at);
    head.is_of_one = xml_again(body) == NULL;
    for (; body != NULL; body = xml_again(body))
        TRY(read_body(tongue, body, &head, said));
    return OK;
}
