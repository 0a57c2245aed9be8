/* SPDX-License-Identifier: Apache-2.0 */
/* check and screen: the verdict on one indicator, or on many. */
#include "app/api_routes.h"
#include "app/lists.h"

enum { SCREEN_MOST = 10000, SCREEN_AT_ONCE = 32, SCREEN_BYTES = 128 << 20, ITEM_BYTES = 8 << 20 };

static void put_why(struct call *call, struct json *j, const struct judgement *judgement)
{
    const struct listing *l = judgement->listing;
    if (l == NULL)
        return;
    int zone = call->house->law.zone_min;
    json_put_str(j, STR("listing"), l->id);
    json_put_str(j, STR("reason"), l->reason);
    json_put_str(j, STR("reason_text"), api_reason_text(call, l->reason));
    json_put_str(j, STR("basis"), l->basis);
    json_put_str(j, STR("basis_text"), api_basis_text(call, l->basis));
    json_put_instant(j, STR("from"), l->from, zone);
    json_put_instant(j, STR("until"), l->until, zone);
    json_put_str(j, STR("notice"), api_notice(call, l->notice));
    if (judgement->verdict == VERDICT_PASS)
        return;
    struct text url;
    text_init(&url, &call->arena);
    text_put(&url, call->house->public_url);
    text_put_c(&url, "/appeal?listing=");
    text_put(&url, l->id);
    json_put_str(j, STR("appeal_url"), text_str(&url));
}

struct asked {
    str kind; /* empty: to be guessed */
    str value;
    struct arena *turn; /* of this one question */
    struct indicator indicator;
    struct judgement judgement;
};

static err parse(const struct call *call, struct asked *asked)
{
    unsigned kind = 0;
    str region = call->house->law.phone_region;
    if (str_is_empty(str_trim(asked->value)))
        return fail(ERR_MALFORMED, "value.missing", 0);
    if (str_is_empty(asked->kind))
        return indicator_guess(asked->value, region, asked->turn, &asked->indicator);
    if (!word_parse(indicator_kind_words, asked->kind, &kind))
        return fail(ERR_MALFORMED, "kind.unknown", 0);
    return indicator_parse(kind, asked->value, region, asked->turn, &asked->indicator);
}

static err judge(struct call *call, struct asked *asked)
{
    TRY(parse(call, asked));
    return lists_judge(call->house, call->reader, &asked->indicator, asked->turn,
                       &asked->judgement);
}

static void put_verdict(struct call *call, struct json *j, const struct asked *asked)
{
    const struct indicator *indicator = &asked->indicator;
    const struct judgement *judgement = &asked->judgement;
    json_put_str(j, STR("kind"), str_from_c(indicator_kind_words[indicator->kind]));
    json_put_str(j, STR("value"), indicator->value);
    json_put_str(j, STR("display"), indicator->display);
    json_put_str(j, STR("verdict"), str_from_c(verdict_words[judgement->verdict]));
    put_why(call, j, judgement);
}

err check_get(struct call *call)
{
    TRY(api_limit(call, HOUSE_LIMIT_PUBLIC));
    struct asked asked = {.kind = api_query(call, "kind"), .turn = &call->arena};
    asked.value = api_query(call, str_is_empty(asked.kind) ? "q" : "value");
    TRY(judge(call, &asked));
    struct api_json made;
    put_verdict(call, api_json(call, &made), &asked);
    return api_json_done(call, &made, 200);
}

static err read_item(json_value item, struct asked *asked)
{
    json_value kind = json_get(item, "kind");
    if (!json_is_absent(kind))
        TRY(json_read_str(kind, &asked->kind));
    return json_read_str(json_get(item, "value"), &asked->value);
}

/* One bad item refuses itself only. */
static err screen_one(struct call *call, json_value item, struct arena *turn, struct json *j)
{
    struct asked asked = {.kind = STR(""), .value = STR(""), .turn = turn};
    err e = read_item(item, &asked);
    if (!failed(e))
        e = judge(call, &asked);
    if (failed(e) && e.code != ERR_MALFORMED && e.code != ERR_ABSENT)
        return e;
    json_object(j);
    if (failed(e)) {
        json_put_str(j, STR("kind"), asked.kind);
        json_put_str(j, STR("value"), asked.value);
        json_put_str(j, STR("code"), str_from_c(e.why));
        json_put_str(j, STR("reason"), message(str_from_c(e.why), call->language));
    } else {
        put_verdict(call, j, &asked);
    }
    json_end(j);
    return OK;
}

static err screen_all(struct call *call, json_value items, struct json *j)
{
    struct arena turn;
    err e = OK;
    arena_init(&turn, ITEM_BYTES);
    for (size_t i = 0; i < json_count(items) && !failed(e); i++) {
        arena_reset(&turn);
        if (env_flag_is_up(&call->house->is_stopping))
            e = fail(ERR_BUSY, "limit.stopping", 0);
        else
            e = screen_one(call, json_item(items, i), &turn, j);
    }
    arena_done(&turn);
    return e;
}

static err answer_screening(struct call *call)
{
    struct api_json made;
    struct json *j = api_json(call, &made);
    json_key(j, STR("verdicts"));
    json_array(j);
    TRY(screen_all(call, json_get(call->doc.root, "items"), j));
    json_end(j);
    return api_json_done(call, &made, 200);
}

static void run_screening(struct call *call)
{
    call->reader = house_reader_take(call->house);
    err e = answer_screening(call);
    house_reader_give(call->house, call->reader);
    call->reader = NULL;
    api_finish(call, e);
}

err screen_post(struct call *call)
{
    json_value items = json_get(call->doc.root, "items");
    if (!call->has_doc || json_kind_of(items) != JSON_KIND_ARRAY)
        return fail(ERR_MALFORMED, "screen.items", 0);
    if (json_count(items) > SCREEN_MOST)
        return fail(ERR_LIMIT, "screen.too_many", SCREEN_MOST);
    call->arena.budget_bytes = SCREEN_BYTES;
    if (json_count(items) <= SCREEN_AT_ONCE)
        return answer_screening(call);
    call->clerk = &call->house->screens; /* a web thread has others to answer */
    call->work = run_screening;
    return OK;
}
