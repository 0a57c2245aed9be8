/* SPDX-License-Identifier: Apache-2.0 */
/* What a provider says in its own form: signed, whole, once. */
#include "app/bank/receiving.h"
#include "app/call/api_routes.h"
#include "app/call/order_doc.h"
#include "app/door/provider_sign.h"
#include "gate/bank/bank.h"
#include "store/row.h"

/* One answer of a document: about an order, or about money that is to go back to a victim. */
struct message_part {
    struct receiving receipt;
    int64_t returned; /* of a share's payment */
    str currency;
};

struct message {
    const struct provider *provider;
    struct message_part *said;
    size_t count;
};

/* --- from whom --- */

static err find_sender(struct call *call, const struct provider **ret_provider)
{
    str id = api_param(call, 0);
    const struct provider *p = provider_find(&call->house->conf.providers, id);
    bool is_theirs = order_is_for_provider(&call->actor) && str_equal(call->actor.provider, id);
    if (p == NULL || !is_theirs)
        return fail(ERR_ABSENT, "provider.absent", 0);
    TRY(provider_sign_check(call, p));
    *ret_provider = p;
    return OK;
}

/* --- what --- */

/*
 * pacs.004 about the payment of a share. Sent back because we asked for it (FOCR): the victim has
 * it. For any other reason it is that payment which came back, and the victim has nothing.
 */
static err read_return(struct call *call, const struct provider *p, const struct bank_said *said,
                       struct message_part *to)
{
    if (str_is_empty(said->end_to_end))
        return fail(ERR_CONFLICT, "message.return", 0);
    if (str_is_empty(said->code))
        return fail(ERR_MALFORMED, "message.return_reason", 0);
    bool is_paid = str_equal(said->code, STR("FOCR"));
    *to = (struct message_part){
        .receipt = {.actor = call->actor}, .returned = said->returned, .currency = said->currency};
    to->receipt.said = (struct receipt){.share = said->end_to_end,
                                        .provider = p->id,
                                        .key = said->key,
                                        .result = is_paid ? RECEIPT_DONE : RECEIPT_BOUNCED,
                                        .held = -1,
                                        .balance = -1,
                                        .reference = is_paid ? said->key : STR(""),
                                        .reason = bank_reason(said, &call->arena),
                                        .at = said->at};
    return OK;
}

static err read_one(struct call *call, const struct provider *p, const struct bank_said *said,
                    struct message_part *to)
{
    instant latest = instant_add_us(clock_now(&call->house->clock), RECEIPT_SKEW_US);
    if (said->at.us > latest.us)
        return fail(ERR_MALFORMED, "receipt.future", 0);
    if (said->about == SAID_RETURN)
        return read_return(call, p, said, to);
    if (str_is_empty(said->order))
        return fail(ERR_MALFORMED, "bank.reference", 0);
    *to = (struct message_part){
        .receipt = {.actor = call->actor, .currency = said->currency}
    };
    to->receipt.said = (struct receipt){.order = said->order,
                                        .provider = p->id,
                                        .key = said->key,
                                        .result = said->result,
                                        .ask = said->ask,
                                        .held = said->held,
                                        .balance = said->balance,
                                        .freezes = bank_freezes(said, &call->arena),
                                        .reason = bank_reason(said, &call->arena),
                                        .at = said->at};
    return OK;
}

static err read_all(struct call *call, struct message *m)
{
    struct bank_said_list list = {0};
    struct bank_tongue tongue = {.form = m->provider->form,
                                 .zone_min = call->house->law.zone_min,
                                 .currency = call->house->law.currency,
                                 .provider_kind = m->provider->kind};
    TRY(bank_read(&tongue, call->request.body, &call->arena, &list));
    m->said = arena_make_array(&call->arena, list.count + 1, sizeof *m->said);
    if (m->said == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (; m->count < list.count; m->count++)
        TRY(read_one(call, m->provider, &list.at[m->count], &m->said[m->count]));
    return OK;
}

static err take_receipt(struct call *call, struct store *store, struct json *j,
                        const struct message_part *part, instant at)
{
    struct received received = {0};
    TRY(receiving_take(store, &part->receipt, at, &call->arena, &received));
    json_put_str(j, STR("receipt"), received.receipt.id);
    json_put_str_if_any(j, STR("order"), received.receipt.order);
    json_put_str_if_any(j, STR("share"), received.receipt.share);
    json_put_str(j, STR("fate"), str_from_c(receipt_fate_words[received.receipt.fate]));
    json_put_bool(j, STR("again"), received.is_again);
    return OK;
}

/* A share is paid whole or not at all. */
static err check_amount(struct call *call, struct store *store, const struct message_part *part)
{
    union record share;
    union record round;
    err e =
        row_find(store_sql(store), RECORD_SHARE, part->receipt.said.share, &call->arena, &share);
    if (e.code == ERR_ABSENT)
        return fail(ERR_CONFLICT, "message.return", 0);
    TRY(e);
    TRY(row_find(store_sql(store), RECORD_ROUND, share.share.round, &call->arena, &round));
    if (!str_equal(round.round.provider, part->receipt.said.provider))
        return fail(ERR_CONFLICT, "message.return", 0);
    bool is_whole =
        part->returned == share.share.amount && str_equal(part->currency, round.round.currency);
    return is_whole ? OK : fail(ERR_CONFLICT, "message.return_amount", 0);
}

static err take_share(struct call *call, struct store *store, struct json *j,
                      const struct message_part *part, instant at)
{
    union record share;
    TRY(check_amount(call, store, part));
    TRY(take_receipt(call, store, j, part, at));
    TRY(row_find(store_sql(store), RECORD_SHARE, part->receipt.said.share, &call->arena, &share));
    json_put_str(j, STR("state"), str_from_c(share_state_words[share.share.state]));
    return OK;
}

/* All of a document, or nothing. */
static err write_message(struct call *call, struct store *store, instant at)
{
    const struct message *m = call->own;
    struct api_json made;
    struct json *j = api_json(call, &made);
    json_key(j, STR("items"));
    json_array(j);
    for (size_t i = 0; i < m->count; i++) {
        const struct message_part *part = &m->said[i];
        json_object(j);
        TRY(str_is_empty(part->receipt.said.share) ? take_receipt(call, store, j, part, at)
                                                   : take_share(call, store, j, part, at));
        json_end(j);
    }
    json_end(j);
    return api_json_done(call, &made, 200);
}

err provider_message(struct call *call)
{
    struct message *m = arena_make(&call->arena, sizeof *m);
    if (m == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(api_permit(call, ACT_RECEIPT_TAKE));
    *m = (struct message){.count = 0};
    TRY(find_sender(call, &m->provider));
    TRY(read_all(call, m));
    call->own = m;
    call->write = write_message;
    return OK;
}
