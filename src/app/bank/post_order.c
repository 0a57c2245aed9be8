/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bank/post_order.h"

#include "app/bank/letters.h"
#include "app/bank/post_answer.h"
#include "store/order_queue.h"
#include "store/row.h"

static err make(struct house *house, struct store *store, const struct post_ask *ask,
                struct arena *turn, struct push_letter *ret_letter)
{
    struct bank_letter letter = {.bytes = STR("")};
    struct letter_desk desk = {
        .db = store_sql(store), .house = house, .centre = store_centre(store)->name};
    TRY(letter_make(&desk, ask->provider, ask->order, turn, &letter));
    *ret_letter = (struct push_letter){.provider = ask->provider->id,
                                       .url = ask->provider->url,
                                       .content_type = letter.content_type,
                                       .body = letter.bytes,
                                       .key = letter.key};
    return OK;
}

err post_bring(struct house *house, struct store *store, const struct post_ask *ask,
               struct arena *turn)
{
    struct post_load load = {.entry = ask->entry,
                             .record = ask->order->id,
                             .ask = ask->order->ask,
                             .provider = ask->provider,
                             .settle = post_answer_take,
                             .now = ask->now};
    struct push_letter letter = {.body = STR("")};
    bool is_known = ask->order->asked == ASK_NOTHING;
    enum post_place place = post_place(house, &load);
    if (place == POST_CLOSED)
        return post_wait(store, &load, place);
    if (!is_known)
        TRY(receipt_names_ask(store_sql(store), ask->order, &is_known));
    if (is_known || place == POST_SAME)
        return OK;
    if (place == POST_TAKEN)
        return post_wait(store, &load, place);
    err e = make(house, store, ask, turn, &letter);
    if (!failed(e))
        e = post_send(house, store, &load, &letter, turn);
    else if (e.code == ERR_OS || e.code == ERR_CORRUPT)
        return post_trouble(house, store, &load, e);
    bool is_ours = e.code == ERR_OS || e.code == ERR_BUSY || e.code == ERR_CORRUPT;
    if (failed(e) && !is_ours) /* it has no word for it, or nobody can be written to there */
        return post_give_up(store, ask->order, str_from_c(e.why), ask->now, turn);
    return e;
}
