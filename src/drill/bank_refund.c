/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/bank_refund.h"

#include "env/file.h"
#include "kit/digest.h"
#include "kit/json.h"

enum { WAIT_S = 20 };

void bank_refund_begin(struct bank_refund *r, const struct door_place *centre,
                       const struct bank_speaker *speaker, str authorization)
{
    *r = (struct bank_refund){.centre = centre,
                              .speaker = speaker,
                              .authorization = authorization,
                              .next = -1,
                              .asked_fd = -1};
}

static void begin_request(const struct bank_refund *r, struct door_message *m, str target)
{
    *m = (struct door_message){.method = STR("GET"), .target = target};
    door_put_header(m, STR("Authorization"), r->authorization);
    door_put_header(m, STR("Accept-Language"), STR("en"));
    door_put_header(m, STR("Accept"), STR("application/json"));
}

void bank_refund_hang_up(struct bank_refund *r)
{
    fd_end(&r->asked_fd);
    r->asked_fd = -1;
}

err bank_refund_ask(struct bank_refund *r, struct arena *a)
{
    struct door_message request;
    struct text target;
    text_init(&target, a);
    text_printf(&target, "/v1/providers/%.*s/rounds?wait=%d", STR_ARGS(r->speaker->id), WAIT_S);
    if (r->next >= 0)
        text_printf(&target, "&after=%lld", (long long)r->next);
    begin_request(r, &request, text_str(&target));
    return door_ask(r->centre, &request, a, &r->asked_fd);
}

/* ---- the statement ------------------------------------------------------------------------ */

static err strange(void)
{
    return fail(ERR_MALFORMED, "drill.round", 0);
}

static bool is_text(json_value object, const char *key, str wanted)
{
    str text;
    return !failed(json_read_str(json_get(object, key), &text)) && str_equal(text, wanted);
}

static err sum_of(json_value rows, int64_t *ret_sum)
{
    int64_t sum = 0;
    for (size_t i = 0; i < json_count(rows); i++) {
        int64_t amount = 0;
        TRY(json_read_i64(json_get(json_item(rows, i), "amount"), &amount));
        if (amount < 0 || sum > INT64_MAX - amount)
            return strange();
        sum += amount;
    }
    *ret_sum = sum;
    return OK;
}

static err compare(json_value round, json_value statement)
{
    str account;
    int64_t shared = 0;
    int64_t said = 0;
    int64_t stated = 0;
    TRY(json_read_str(json_get(round, "account"), &account));
    TRY(json_read_i64(json_get(round, "amount"), &shared));
    TRY(sum_of(json_get(round, "shares"), &said));
    TRY(sum_of(json_get(statement, "claims"), &stated));
    bool is_so = is_text(statement, "account", account) && said == shared && stated == shared;
    return is_so ? OK : strange();
}

static err make_sure(const struct bank_refund *r, json_value round, str id, struct arena *a)
{
    struct door_message request;
    struct door_message answer;
    struct json_doc doc;
    struct text target;
    struct text hex;
    text_init(&target, a);
    text_init(&hex, a);
    text_printf(&target, "/v1/rounds/%.*s/statement?purpose=payment", STR_ARGS(id));
    begin_request(r, &request, text_str(&target));
    TRY(door_call(r->centre, &request, a, &answer));
    if (answer.status != 200)
        return answer.status >= 500 ? fail(ERR_BUSY, "drill.no_centre", 0) : strange();
    struct digest digest = digest_of(answer.body);
    text_put_hex(&hex, digest.bytes, sizeof digest.bytes);
    if (!is_text(round, "digest", text_str(&hex)))
        return strange();
    TRY(json_doc_parse(answer.body, answer.body.size, &doc));
    err e = compare(round, doc.root);
    json_doc_done(&doc);
    return e;
}

/* ---- what is to be paid ------------------------------------------------------------------- */

static err read_orders(json_value round, struct bank_return *pay)
{
    json_value orders = json_get(round, "orders");
    if (json_count(orders) > BANK_RETURN_ORDERS)
        return strange();
    pay->order_count = json_count(orders);
    for (size_t i = 0; i < pay->order_count; i++)
        TRY(json_read_str(json_item(orders, i), &pay->orders[i]));
    return OK;
}

static err take_share(const struct bank_refund *r, json_value share, struct bank_return *pay,
                      instant now)
{
    pay->to = STR("");
    TRY(json_read_str(json_get(share, "share"), &pay->share));
    TRY(json_read_i64(json_get(share, "amount"), &pay->fen));
    if (!json_is_absent(json_get(share, "to")))
        TRY(json_read_str(json_get(share, "to"), &pay->to));
    if (pay->fen <= 0)
        return strange();
    return is_text(share, "state", STR("due")) ? bank_teller_return(r->teller, pay, now) : OK;
}

static err take_round(const struct bank_refund *r, json_value round, instant now, struct arena *a)
{
    struct bank_return pay = {.order_count = 0};
    str id;
    str account;
    str bank = STR("");
    TRY(json_read_str(json_get(round, "round"), &id));
    TRY(json_read_str(json_get(round, "account"), &account));
    if (!json_is_absent(json_get(round, "bank")))
        TRY(json_read_str(json_get(round, "bank"), &bank));
    TRY(bank_account_key(account, bank, a, &pay.account));
    TRY(read_orders(round, &pay));
    TRY(make_sure(r, round, id, a));
    json_value shares = json_get(round, "shares");
    for (size_t i = 0; i < json_count(shares); i++)
        TRY(take_share(r, json_item(shares, i), &pay, now));
    return OK;
}

/* One that is not as it says is left alone; when the centre is away, all of them come again. */
static err take_all(struct bank_refund *r, json_value root, instant now, struct arena *a,
                    int64_t *strange_count)
{
    json_value items = json_get(root, "items");
    for (size_t i = 0; i < json_count(items); i++) {
        err e = take_round(r, json_item(items, i), now, a);
        if (e.code == ERR_LIMIT || e.code == ERR_BUSY)
            return e;
        *strange_count += failed(e);
    }
    int64_t next = r->next;
    if (!failed(json_read_i64(json_get(root, "next"), &next)) && next > r->next)
        r->next = next;
    return OK;
}

err bank_refund_fetch(struct bank_refund *r, instant now, struct arena *a, int64_t *ret_strange)
{
    struct door_message answer;
    struct json_doc doc;
    int64_t strange_count = 0;
    err e = door_fetch(r->asked_fd, a, &answer);
    bank_refund_hang_up(r);
    TRY(e);
    if (answer.status != 200)
        return fail(ERR_BUSY, "drill.no_centre", 0);
    TRY(json_doc_parse(answer.body, answer.body.size, &doc));
    e = take_all(r, doc.root, now, a, &strange_count);
    json_doc_done(&doc);
    *ret_strange = strange_count;
    return e;
}

/* ---- what became of it -------------------------------------------------------------------- */

err bank_refund_letter(const struct bank_speaker *s, const struct bank_paid *paid, struct arena *a,
                       struct bank_letter *ret_letter)
{
    struct text target;
    struct text body;
    struct text reference;
    struct json j;
    text_init(&target, a);
    text_init(&body, a);
    text_init(&reference, a);
    text_printf(&target, "/v1/shares/%.*s/receipt", STR_ARGS(paid->share));
    text_printf(&reference, "%.*s-%.*s-%llu", STR_ARGS(s->code), STR_ARGS(s->nonce),
                (unsigned long long)paid->key);
    json_init(&j, &body);
    json_object(&j);
    json_put_str(&j, STR("result"), paid->why == BANK_FINE ? STR("done") : STR("refused"));
    if (paid->why == BANK_FINE)
        json_put_str(&j, STR("reference"), text_str(&reference));
    else
        json_put_str(&j, STR("reason"), str_from_c(bank_why_words[paid->why]));
    json_end(&j);
    if (text_spent(&target) || text_spent(&body) || text_spent(&reference))
        return fail(ERR_LIMIT, "limit.memory", 0);
    *ret_letter = (struct bank_letter){.target = text_str(&target),
                                       .content_type = STR("application/json"),
                                       .body = text_str(&body)};
    return OK;
}
