/* SPDX-License-Identifier: Apache-2.0 */
#include "app/report/report_show.h"

#include "app/call/order_doc.h"
#include "app/money/trail_write.h"

static void put_word(struct json *j, const char *key, const char *const *words, unsigned word)
{
    json_put_str(j, str_from_c(key), str_from_c(words[word]));
}

/* A bank that took the report sees of its orders those that are its own. */
err report_show_orders(struct call *call, struct json *j, const struct report_orders_shown *shown)
{
    const struct order_doc_view view = {.part = ORDER_DOC_WITH_RECEIPTS,
                                        .sees_personal = shown->sees_personal};
    bool is_bank = order_is_for_provider(&call->actor);
    json_key(j, STR("orders"));
    json_array(j);
    for (size_t i = 0; i < shown->count; i++) {
        const struct order *o = &shown->at[i];
        if (is_bank && !str_equal(o->provider, call->actor.provider))
            continue;
        json_object(j);
        TRY(order_doc_put(call, j, o, &view));
        json_end(j);
    }
    json_end(j);
    return OK;
}

/* {1}: which line. */
static str reason_of(struct call *call, const struct report_refusal *r)
{
    struct text t;
    str rest = message(str_from_c(r->code), call->language);
    str mark = STR("{1}");
    text_init(&t, &call->arena);
    for (size_t i = 0; i < rest.size;) {
        bool is_mark = str_starts(str_from(rest, i), mark);
        if (is_mark)
            text_put_i64(&t, r->line + 1);
        else
            text_put_char(&t, rest.at[i]);
        i += is_mark ? mark.size : 1;
    }
    return text_spent(&t) ? rest : text_str(&t);
}

static void put_refusals(struct call *call, struct json *j, const struct report_form *form)
{
    json_key(j, STR("refusals"));
    json_array(j);
    for (size_t i = 0; i < form->refusal_count; i++) {
        const struct report_refusal *r = &form->refusals[i];
        json_object(j);
        if (r->line >= 0)
            json_put_i64(j, STR("index"), r->line);
        json_put_str_if_any(j, STR("column"), r->column);
        json_put_str(j, STR("code"), str_from_c(r->code));
        json_put_str(j, STR("reason"), reason_of(call, r));
        json_put_str_if_any(j, STR("account"), r->account);
        json_put_str_if_any(j, STR("order"), r->order);
        json_put_str_if_any(j, STR("incident"), r->incident);
        json_end(j);
    }
    json_end(j);
}

err report_show_written(struct call *call, struct json *j, const struct report_written *done,
                        const struct report_form *form)
{
    struct viewer viewer = api_viewer(call);
    viewer.sees_personal = true; /* who takes it has just heard it */
    report_put(j, &done->report, &viewer);
    json_put_bool(j, STR("joined"), done->is_joined);
    json_key(j, STR("claims"));
    json_array(j);
    for (size_t i = 0; i < done->claim_count; i++) {
        json_object(j);
        claim_put(j, &done->claims[i], &viewer);
        json_end(j);
    }
    json_end(j);
    const struct report_orders_shown shown = {
        .at = done->orders, .count = done->order_count, .sees_personal = true};
    TRY(report_show_orders(call, j, &shown));
    put_refusals(call, j, form);
    return OK;
}

void report_show_filed(struct call *call, struct json *j, const struct report_written *done,
                       const struct report_form *form)
{
    const struct report *r = &done->report;
    json_put_str(j, STR("report"), r->id);
    put_word(j, "state", report_state_words, r->state);
    json_put_instant(j, STR("filed_at"), r->filed_at, call->house->law.zone_min);
    json_put_str(j, STR("currency"), r->currency);
    json_put_i64(j, STR("loss"), r->loss);
    json_put_bool(j, STR("joined"), false);
    json_key(j, STR("orders"));
    json_array(j);
    json_end(j);
    put_refusals(call, j, form);
}

static str say(void *self, const char *key)
{
    const struct call *call = self;
    return message(str_from_c(key), call->language);
}

err report_show_trail(struct call *call, struct json *j, str incident, const struct trail_doc *doc)
{
    struct text t;
    const struct trail_form form = {
        .incident = incident, .zone_min = call->house->law.zone_min, .say = say, .self = call};
    if (doc == NULL)
        return OK;
    text_init(&t, &call->arena);
    trail_write_json(doc, &form, &t);
    if (text_spent(&t))
        return fail(ERR_LIMIT, "limit.memory", 0);
    json_key(j, STR("trail"));
    json_raw(j, str_trim(text_str(&t)));
    return OK;
}
