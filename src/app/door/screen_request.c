/* SPDX-License-Identifier: Apache-2.0 */
#include "app/door/screen_request.h"

#include "app/call/api_body.h"
#include "app/door/asked.h"
#include "app/house/warned.h"
#include "fact/number.h"
#include "fact/provider.h"

enum { KIND_BYTES = 16, VALUE_BYTES = 2048, NUMBER_BYTES = 64 };

struct request {
    struct asked thing;
    str number; /* empty: the app does not say */
};

static err wrong(struct call *call, const char *column, err e)
{
    if (failed(e))
        call->column = str_from_c(column);
    return e;
}

static err check_app(struct call *call)
{
    const struct provider *p = provider_find(&call->house->conf.providers, call->actor.provider);
    bool is_app = p != NULL && p->kind == PROVIDER_PLATFORM;
    return is_app ? OK : wrong(call, "number", fail(ERR_DENIED, "screen.not_app", 0));
}

static err check_consent(struct call *call, json_value of)
{
    bool is_given = false;
    json_value said = json_get(of, "consent");
    if (!json_is_absent(said))
        TRY(wrong(call, "consent", json_read_bool(said, &is_given)));
    return is_given ? OK : wrong(call, "consent", fail(ERR_MALFORMED, "screen.consent", 0));
}

static err read_number(struct call *call, json_value of, struct request *r)
{
    struct number n;
    str said = STR("");
    if (json_is_absent(json_get(of, "number")))
        return OK;
    TRY(body_text(call, of, "number", NUMBER_BYTES, &said));
    TRY(check_app(call));
    TRY(check_consent(call, of));
    str region = call->house->law.phone_region;
    TRY(wrong(call, "number", number_parse(said, region, &call->arena, &n)));
    r->number = n.value;
    return OK;
}

static err read_thing(struct call *call, json_value of, struct request *r)
{
    r->thing.kind = r->thing.value = STR("");
    TRY(body_text(call, of, "kind", KIND_BYTES, &r->thing.kind));
    TRY(body_text(call, of, "value", VALUE_BYTES, &r->thing.value));
    err e = asked_parse(call, &r->thing);
    bool is_kinds = e.code == ERR_MALFORMED && str_equal(str_from_c(e.why), STR("kind.unknown"));
    return wrong(call, is_kinds ? "kind" : "value", e);
}

/* The same thing is the same signal, however often it is asked. */
static void tell(struct call *call, const struct request *r)
{
    struct warned_tell tell;
    const struct warned_seen seen = {
        .kind = SIGNAL_REQUEST,
        .basis = WARNED_LISTING,
        .row = r->thing.found.is_by_row ? r->thing.found.row : 0,
        .time_s = (uint32_t)(clock_now(&call->house->clock).us / US_PER_S),
        .strength = SIGNAL_WHOLE,
        .id = warned_hash(call->house, r->thing.indicator.value),
        .number = r->number,
    };
    warned_tell_begin(&tell, call->house, STR("requests"), call->actor.provider);
    warned_tell_put(&tell, &seen);
    warned_tell_end(&tell);
}

static void put_text(struct json *j)
{
    json_key(j, STR("text"));
    json_object(j);
    json_put_str(j, STR("en"), message(STR("screen.tell_asker"), LANGUAGE_EN));
    json_put_str(j, STR("zh"), message(STR("screen.tell_asker"), LANGUAGE_ZH));
    json_end(j);
}

static err answer(struct call *call, struct request *r)
{
    struct api_json made;
    bool is_listed = r->thing.found.judgement.verdict != VERDICT_PASS;
    struct json *j = api_json(call, &made);
    if (is_listed && !str_is_empty(r->number) && warned_keys(call->house) != NULL)
        tell(call, r);
    json_key(j, STR("request"));
    json_object(j);
    json_put_str(j, STR("verdict"), is_listed ? STR("warn") : STR("pass"));
    if (is_listed)
        put_text(j);
    json_key(j, STR("thing"));
    json_object(j);
    TRY(asked_put(call, j, &r->thing));
    json_end(j);
    json_end(j);
    return api_json_done(call, &made, 200);
}

err screen_request(struct call *call)
{
    struct told_pen pen = {.form = 0};
    struct request r = {
        .thing = {.turn = &call->arena, .pen = &pen},
          .number = STR("")
    };
    struct screening_question question = {&r.thing.indicator, &r.thing.found};
    json_value of = json_get(call->doc.root, "request");
    TRY(read_thing(call, of, &r));
    TRY(read_number(call, of, &r));
    TRY(screening_find(call->house, call->reader, &question, &call->arena));
    TRY(asked_recall(call, &(struct asked *){&r.thing}, 1));
    return answer(call, &r);
}
