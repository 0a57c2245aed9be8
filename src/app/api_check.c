/* SPDX-License-Identifier: Apache-2.0 */
/* check and screen: the verdict on one indicator, or on many. */
#include "app/api_routes.h"
#include "app/cover.h"

enum { SCREEN_MOST = 10000 };

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
    json_put_str(j, STR("notice"), l->notice);
    if (judgement->verdict == VERDICT_PASS)
        return;
    struct text url;
    text_init(&url, &call->arena);
    text_put(&url, call->house->public_url);
    text_put_c(&url, "/appeal?listing=");
    text_put(&url, l->id);
    json_put_str(j, STR("appeal_url"), text_str(&url));
}

static void put_verdict(struct call *call, struct json *j, const struct indicator *indicator,
                        const struct judgement *judgement)
{
    json_put_str(j, STR("kind"), str_from_c(indicator_kind_words[indicator->kind]));
    json_put_str(j, STR("value"), indicator->value);
    json_put_str(j, STR("display"), indicator->display);
    json_put_str(j, STR("verdict"), str_from_c(verdict_words[judgement->verdict]));
    put_why(call, j, judgement);
}

static err parse(struct call *call, str kind_word, str value, struct indicator *ret_indicator)
{
    unsigned kind = 0;
    if (str_is_empty(str_trim(value)))
        return fail(ERR_MALFORMED, "value.missing", 0);
    if (str_is_empty(kind_word))
        return indicator_guess(value, call->house->law.phone_region, &call->arena, ret_indicator);
    if (!word_parse(indicator_kind_words, kind_word, &kind))
        return fail(ERR_MALFORMED, "kind.unknown", 0);
    return indicator_parse(kind, value, call->house->law.phone_region, &call->arena, ret_indicator);
}

err check_get(struct call *call)
{
    TRY(api_limit(call, HOUSE_LIMIT_PUBLIC));
    str kind = api_query(call, "kind");
    str value = api_query(call, str_is_empty(kind) ? "q" : "value");
    struct indicator indicator = {0};
    TRY(parse(call, kind, value, &indicator));
    struct judgement judgement = {0};
    TRY(cover_judge(call->reader, &indicator, clock_now(&call->house->clock), &call->arena,
                    &judgement));
    struct api_json made;
    put_verdict(call, api_json(call, &made), &indicator, &judgement);
    return api_json_done(call, &made, 200);
}

static err screen_one(struct call *call, json_value item, instant now, struct json *j)
{
    str kind = STR("");
    str value = STR("");
    struct indicator indicator = {0};
    struct judgement judgement = {0};
    json_object(j);
    err e = json_read_str(json_get(item, "kind"), &kind);
    if (!failed(e))
        e = json_read_str(json_get(item, "value"), &value);
    if (!failed(e))
        e = parse(call, kind, value, &indicator);
    if (!failed(e))
        e = cover_judge(call->reader, &indicator, now, &call->arena, &judgement);
    if (failed(e) && e.code != ERR_MALFORMED && e.code != ERR_ABSENT)
        return e;
    if (failed(e)) { /* one bad item refuses itself only */
        json_put_str(j, STR("kind"), kind);
        json_put_str(j, STR("value"), value);
        json_put_str(j, STR("code"), str_from_c(e.why));
        json_put_str(j, STR("reason"), message(str_from_c(e.why), call->language));
    } else {
        put_verdict(call, j, &indicator, &judgement);
    }
    json_end(j);
    return OK;
}

err screen_post(struct call *call)
{
    json_value items = json_get(call->doc.root, "items");
    if (!call->has_doc || json_kind_of(items) != JSON_KIND_ARRAY)
        return fail(ERR_MALFORMED, "screen.items", 0);
    if (json_count(items) > SCREEN_MOST)
        return fail(ERR_LIMIT, "screen.too_many", SCREEN_MOST);
    instant now = clock_now(&call->house->clock);
    struct api_json made;
    struct json *j = api_json(call, &made);
    json_key(j, STR("verdicts"));
    json_array(j);
    for (size_t i = 0; i < json_count(items); i++)
        TRY(screen_one(call, json_item(items, i), now, j));
    json_end(j);
    return api_json_done(call, &made, 200);
}
