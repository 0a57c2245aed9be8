/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bank/receiving.h"

#include "store/order_queue.h"
#include "store/row.h"

static bool says_the_same(const struct receipt *a, const struct receipt *b)
{
    bool is_of_same = str_equal(a->order, b->order) && str_equal(a->share, b->share);
    return is_of_same && a->result == b->result && a->ask == b->ask && a->held == b->held &&
           a->balance == b->balance && str_equal(a->freezes, b->freezes) &&
           str_equal(a->reference, b->reference) && str_equal(a->reason, b->reason);
}

static err find_by_key(struct sql *db, const struct receipt *said, struct arena *turn,
                       struct received *received)
{
    struct receipt first = {0};
    err e = receipt_find_key(db, said->provider, said->key, turn, &first);
    if (e.code == ERR_ABSENT)
        return OK;
    TRY(e);
    if (!says_the_same(&first, said))
        return fail(ERR_CONFLICT, "receipt.key_taken", 0);
    *received = (struct received){first, true};
    return OK;
}

/* Whether something was asked after this receipt, so that the same words are another answer. */
static bool is_asked_since(const struct order *o, const struct receipt *r)
{
    return o->asked != ASK_NOTHING && r->received_at.us <= o->asked_at.us;
}

static err find_by_words(struct sql *db, const struct receipt *said, struct arena *turn,
                         struct received *received)
{
    struct list_page page = {0};
    union record order;
    err e = row_find(db, RECORD_ORDER, said->order, turn, &order);
    if (e.code == ERR_ABSENT)
        order.order = (struct order){.id = STR("")};
    else
        TRY(e);
    TRY(receipts_of_order(db, said->order, turn, &page));
    for (size_t i = page.count; i > 0; i--) {
        const struct receipt *r = &page.items[i - 1].receipt;
        bool is_theirs = str_equal(r->provider, said->provider) && str_is_empty(r->key);
        if (!is_theirs || !says_the_same(r, said))
            continue;
        bool is_moment = said->at.us != 0 && said->at.us == r->at.us;
        bool is_untold = said->at.us == 0 && !is_asked_since(&order.order, r);
        if (is_moment || is_untold || said->ask > 0) {
            *received = (struct received){*r, true};
            return OK;
        }
    }
    return OK;
}

/* A payment that is named is one payment, whenever it is told again; what is not named may have
 * happened once more, unless nothing else was said since. */
static err find_of_share(struct sql *db, const struct receipt *said, struct arena *turn,
                         struct received *received)
{
    struct list_page page = {0};
    union record share;
    bool is_last = true;
    err e = row_find(db, RECORD_SHARE, said->share, turn, &share);
    if (failed(e) && e.code != ERR_ABSENT)
        return e;
    TRY(receipts_of_share(db, said->share, turn, &page));
    for (size_t i = page.count; i > 0; i--) {
        const struct receipt *r = &page.items[i - 1].receipt;
        bool was_early = r->fate == RECEIPT_UNKNOWN && !failed(e); /* its round was not sent */
        if (!str_equal(r->provider, said->provider) || was_early)
            continue;
        bool is_same = str_is_empty(r->key) && says_the_same(r, said);
        bool is_one =
            said->at.us != 0 ? said->at.us == r->at.us : is_last || !str_is_empty(said->reference);
        if (is_same && is_one) {
            *received = (struct received){*r, true};
            return OK;
        }
        is_last = false;
    }
    return OK;
}

static err find_again(struct sql *db, const struct receipt *said, struct arena *turn,
                      struct received *received)
{
    if (!str_is_empty(said->key))
        return find_by_key(db, said, turn, received);
    return str_is_empty(said->share) ? find_by_words(db, said, turn, received)
                                     : find_of_share(db, said, turn, received);
}

/* 500,000 of another currency are not as many fen. */
static err check_currency(struct sql *db, const struct receiving *receiving, struct arena *turn)
{
    const struct receipt *said = &receiving->said;
    union record order;
    if (str_is_empty(receiving->currency) || (said->held < 0 && said->balance < 0))
        return OK;
    err e = row_find(db, RECORD_ORDER, said->order, turn, &order);
    if (e.code == ERR_ABSENT)
        return OK; /* kept, as what is said of an order nobody knows */
    TRY(e);
    return str_equal(order.order.currency, receiving->currency)
               ? OK
               : fail(ERR_CONFLICT, "receipt.currency", 0);
}

err receiving_take(struct store *store, const struct receiving *receiving, instant at,
                   struct arena *turn, struct received *ret_received)
{
    const struct receipt *said = &receiving->said;
    struct received received = {.is_again = false};
    struct sql *db = store_sql(store);
    union record after;
    TRY(check_currency(db, receiving, turn));
    TRY(find_again(db, said, turn, &received));
    if (received.is_again) {
        *ret_received = received;
        return OK;
    }
    struct command cmd = {
        .act = ACT_RECEIPT_TAKE, .actor = receiving->actor, .record = store_id(store, at, turn)};
    cmd.body.receipt = *said;
    TRY(store_apply(store, &cmd, at, turn, &after));
    received.receipt = after.receipt;
    *ret_received = received;
    return OK;
}
