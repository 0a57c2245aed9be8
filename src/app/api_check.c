/* SPDX-License-Identifier: Apache-2.0 */
/* check: the verdict on one indicator. */
#include "app/asked.h"

#include "app/api_routes.h"
#include "app/screening.h"
#include "app/told.h"

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

/* What is told of the listing that speaks, as members: `,"listing":…`; `room` may hold them. */
static err tell(struct call *call, struct asked *asked, char room[TOLD_BYTES], str *ret_words)
{
    struct screening_found *found = &asked->found;
    struct screening_question question = {&asked->indicator, found};
    struct told_key key = {
        .mark = found->mark, .row = found->row, .language = (unsigned)call->language};
    *ret_words = STR("");
    if (found->is_by_row && told_find(call->house->told, &key, room, ret_words))
        return OK;
    if (found->is_by_row)
        TRY(screening_read(call->house, call->reader, &question, asked->turn));
    if (found->judgement.listing == NULL)
        return OK;
    struct text t;
    struct json members;
    text_init(&t, asked->turn);
    json_init(&members, &t);
    json_object(&members);
    put_why(call, &members, &found->judgement);
    if (text_spent(&t))
        return fail(ERR_LIMIT, "limit.memory", 0);
    t.at[0] = ','; /* they follow others */
    *ret_words = text_str(&t);
    if (found->is_by_row)
        told_put(call->house->told, &key, *ret_words);
    return OK;
}

/* Stands in JSON as it is. */
static bool is_plain(str s)
{
    bool is = true;
    for (size_t i = 0; i < s.size; i++)
        is = is && s.at[i] >= ' ' && s.at[i] < 0x7F && s.at[i] != '"' && s.at[i] != '\\' &&
             s.at[i] != '<';
    return is;
}

/* Most of what is written of a question is always the same. */
static void put_plain(struct text *t, const struct indicator *indicator, enum verdict verdict)
{
#define BEGIN(kind)  STR("\"kind\":\"" kind "\",\"value\":\"")
#define END(verdict) STR("\",\"verdict\":\"" verdict "\"")
    static const str begins[INDICATOR_KIND_COUNT] = {
        [INDICATOR_NUMBER] = BEGIN("number"), [INDICATOR_DOMAIN] = BEGIN("domain"),
        [INDICATOR_URL] = BEGIN("url"),       [INDICATOR_ACCOUNT] = BEGIN("account"),
        [INDICATOR_DEVICE] = BEGIN("device"), [INDICATOR_COMPANY] = BEGIN("company")};
    static const str ends[] = {
        [VERDICT_PASS] = END("pass"), [VERDICT_WARN] = END("warn"), [VERDICT_BLOCK] = END("block")};
#undef BEGIN
#undef END
    text_put(t, begins[indicator->kind]);
    text_put(t, indicator->value);
    text_put(t, STR("\",\"display\":\""));
    text_put(t, indicator->display);
    text_put(t, ends[verdict]);
}

static void put_question(struct json *j, const struct indicator *indicator, enum verdict verdict)
{
    if (is_plain(indicator->value) && is_plain(indicator->display)) {
        put_plain(j->text, indicator, verdict);
        return;
    }
    json_put_str(j, STR("kind"), str_from_c(indicator_kind_words[indicator->kind]));
    json_put_str(j, STR("value"), indicator->value);
    json_put_str(j, STR("display"), indicator->display);
    json_put_str(j, STR("verdict"), str_from_c(verdict_words[verdict]));
}

err asked_put(struct call *call, struct json *j, struct asked *asked)
{
    char room[TOLD_BYTES];
    str words = {0};
    TRY(tell(call, asked, room, &words)); /* first: it may change the verdict */
    put_question(j, &asked->indicator, asked->found.judgement.verdict);
    text_put(j->text, words);
    return OK;
}

err check_get(struct call *call)
{
    TRY(api_limit(call, HOUSE_LIMIT_PUBLIC));
    struct asked asked = {.kind = api_query(call, "kind"), .turn = &call->arena};
    asked.value = api_query(call, str_is_empty(asked.kind) ? "q" : "value");
    struct screening_question question = {&asked.indicator, &asked.found};
    TRY(asked_parse(call, &asked));
    TRY(screening_find(call->house, call->reader, &question, asked.turn));
    struct api_json made;
    TRY(asked_put(call, api_json(call, &made), &asked));
    return api_json_done(call, &made, 200);
}
