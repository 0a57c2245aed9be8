/* SPDX-License-Identifier: Apache-2.0 */
/* check: the verdict on one indicator. */
#include "app/asked.h"

#include "app/api_routes.h"
#include "app/screening.h"

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

err asked_parse(const struct call *call, struct asked *asked)
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
    TRY(asked_parse(call, asked));
    return screening_judge(call->house, call->reader, &asked->indicator, asked->turn,
                           &asked->judgement);
}

void asked_put(struct call *call, struct json *j, const struct asked *asked)
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
    asked_put(call, api_json(call, &made), &asked);
    return api_json_done(call, &made, 200);
}
