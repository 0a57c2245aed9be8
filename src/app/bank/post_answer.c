/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bank/post_answer.h"

#include "app/bank/receiving.h"
#include "gate/bank/bank.h"
#include "kit/json.h"
#include "store/row.h"

enum { WORDS_BYTES = 300 };

static struct actor centre(void)
{
    return (struct actor){.user = STR("centre"), .kind = ACTOR_CENTRE};
}

/* Of the database itself, not of what was said. */
static bool is_trouble(err e)
{
    return e.code == ERR_OS || e.code == ERR_BUSY || e.code == ERR_CORRUPT;
}

/* --- 4xx --- */

err post_give_up(struct store *store, const struct order *o, str why, instant at,
                 struct arena *turn)
{
    struct command cmd = {.act = ACT_ORDER_LATE, .actor = centre(), .record = o->id, .why = why};
    return store_apply(store, &cmd, at, turn, NULL);
}

/* What a person may read of an answer: a problem's own sentence, or the text as it is. */
static str words_of(str body, struct arena *turn)
{
    static const char *const keys[] = {"detail", "title", "reason", "error"};
    struct json_doc doc;
    str words = STR("");
    if (failed(json_doc_parse(body, body.size, &doc)))
        return body;
    for (size_t i = 0; i < COUNT_OF(keys) && str_is_empty(words); i++)
        if (!json_is_absent(json_get(doc.root, keys[i])))
            (void)json_read_str(json_get(doc.root, keys[i]), &words);
    words = str_copy(turn, words);
    json_doc_done(&doc);
    return words;
}

/* "HTTP 400: the signature is wrong" */
static str why_of(const struct post_answer *answer, struct arena *turn)
{
    struct text t;
    str words = words_of(answer->body, turn);
    words = str_trim(str_until(words, words.size < WORDS_BYTES ? words.size : WORDS_BYTES));
    text_init(&t, turn);
    text_printf(&t, "HTTP %d", answer->status);
    if (!str_is_empty(words) && str_is_plain(words)) {
        text_put_c(&t, ": ");
        text_put(&t, words);
    }
    return text_spent(&t) ? STR("HTTP") : text_str(&t);
}

/* --- 2xx --- */

static err take_one(struct house *house, struct store *store, const struct receipt *said,
                    instant at, struct arena *turn)
{
    struct receiving receiving = {.actor = centre(), .said = *said};
    struct received received;
    err e = said->at.us > instant_add_us(at, RECEIPT_SKEW_US).us
                ? fail(ERR_MALFORMED, "receipt.future", 0)
                : receiving_take(store, &receiving, at, turn, &received);
    if (failed(e))
        LOG(&house->log, LOG_WARN, "push_answer_refused", LOG_ID("order", said->order), LOG_WHY(e));
    return e;
}

static struct receipt receipt_of(const struct post_answer *answer, const struct bank_said *said,
                                 struct arena *turn)
{
    bool is_about = str_is_empty(said->order) || str_equal(said->order, answer->record);
    return (struct receipt){.order = is_about ? answer->record : said->order,
                            .provider = answer->provider->id,
                            .key = said->key,
                            .result = said->result,
                            .ask = is_about && said->ask == 0 ? answer->ask : said->ask,
                            .held = said->held,
                            .balance = said->balance,
                            .freezes = bank_freezes(said, turn),
                            .reason = bank_reason(said, turn),
                            .at = said->at};
}

/* Whether something in it was about this ask. */
struct heard {
    const struct post_answer *answer;
    bool is_answered;
};

static err take_body(struct house *house, struct store *store, struct heard *heard, instant at,
                     struct arena *turn)
{
    const struct post_answer *answer = heard->answer;
    struct bank_said_list list = {.count = 0};
    struct bank_tongue tongue = {.form = answer->provider->form,
                                 .zone_min = house->law.zone_min,
                                 .currency = house->law.currency,
                                 .provider_kind = answer->provider->kind};
    if (str_is_blank(answer->body) || failed(bank_read(&tongue, answer->body, turn, &list)))
        return OK; /* a bank may say in its own words that it has it */
    for (size_t i = 0; i < list.count; i++) {
        if (list.at[i].about != SAID_RECEIPT)
            continue;
        struct receipt r = receipt_of(answer, &list.at[i], turn);
        err e = take_one(house, store, &r, at, turn);
        if (is_trouble(e))
            return e;
        bool is_about = str_equal(r.order, answer->record) && r.ask == answer->ask;
        heard->is_answered = heard->is_answered || (!failed(e) && is_about);
    }
    return OK;
}

/* The letter is with them. */
static err acknowledge(struct house *house, struct store *store, const struct post_answer *answer,
                       instant at, struct arena *turn)
{
    struct receipt pending = {.order = answer->record,
                              .provider = answer->provider->id,
                              .result = RECEIPT_PENDING,
                              .ask = answer->ask,
                              .held = -1,
                              .balance = -1};
    err e = take_one(house, store, &pending, at, turn);
    return is_trouble(e) ? e : OK;
}

err post_answer_take(struct house *house, struct store *store, const struct post_answer *answer,
                     instant at, struct arena *turn)
{
    union record r;
    struct heard heard = {answer, false};
    bool is_taken = answer->fate == PUSH_TAKEN;
    if (is_taken)
        TRY(take_body(house, store, &heard, at, turn));
    err e = row_find(store_sql(store), RECORD_ORDER, answer->record, turn, &r);
    if (e.code == ERR_ABSENT)
        return OK;
    TRY(e);
    bool is_waited_for = r.order.asked != ASK_NOTHING && r.order.ask == answer->ask;
    if (!is_waited_for || heard.is_answered)
        return OK;
    return is_taken ? acknowledge(house, store, answer, at, turn)
                    : post_give_up(store, &r.order, why_of(answer, turn), at, turn);
}
