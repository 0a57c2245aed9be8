/* SPDX-License-Identifier: Apache-2.0 */
/* Calls, counted: what screening made of them, and who sends records. Of no number. */
#include "app/call/api_routes.h"
#include "app/call/order_doc.h"
#include "app/calls/call_feeds.h"
#include "app/door/call_feeds_put.h"
#include "app/screen/screened.h"
#include "app/screen/sip_screen.h"

enum { DAYS_USUAL = 30 };

err call_feeds_put(struct call *call, struct json *j, str carrier)
{
    struct call_feeds *feeds = arena_make(&call->arena, sizeof *feeds);
    int zone_min = call->house->law.zone_min;
    if (feeds == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(call_feeds_read(api_sql(call), &call->arena, feeds));
    json_key(j, STR("carriers"));
    json_array(j);
    for (size_t i = 0; i < feeds->count; i++) {
        const struct call_feed *f = &feeds->at[i];
        if (!str_is_empty(carrier) && !str_equal(carrier, f->carrier))
            continue;
        json_object(j);
        json_put_str(j, STR("carrier"), f->carrier);
        json_put_instant(j, STR("heard_at"), f->heard_at, zone_min);
        json_put_instant(j, STR("newest_at"), f->newest_at, zone_min);
        json_put_i64(j, STR("accepted"), f->accepted);
        json_put_i64(j, STR("duplicate"), f->duplicate);
        json_put_i64(j, STR("late"), f->late);
        json_put_i64(j, STR("refused"), f->refused);
        json_put_i64(j, STR("matched"), f->matched);
        json_end(j);
    }
    json_end(j);
    return OK;
}

/* --- what is asked --- */

/* Of a carrier that the caller may see: a provider's people their own, whatever they ask for. */
static err read_carrier(struct call *call, str *ret_carrier)
{
    str asked = api_query(call, "carrier");
    bool is_provider = order_is_for_provider(&call->actor);
    if (is_provider && str_is_empty(asked))
        asked = call->actor.provider;
    bool is_seen = !is_provider || str_equal(asked, call->actor.provider);
    const struct provider *p = provider_find(&call->house->conf.providers, asked);
    if (!str_is_empty(asked) && (p == NULL || !is_seen))
        return fail(ERR_ABSENT, "provider.absent", 0);
    *ret_carrier = asked;
    return OK;
}

static err read_ask(struct call *call, struct screened_ask *ask)
{
    int64_t now_us = clock_now(&call->house->clock).us;
    int64_t today = (now_us + call->house->law.zone_min * US_PER_MIN) / US_PER_DAY;
    TRY(read_carrier(call, &ask->carrier));
    TRY(api_query_day(call, "to", today, &ask->to_day));
    TRY(api_query_day(call, "from", ask->to_day - DAYS_USUAL + 1, &ask->from_day));
    if (ask->from_day <= ask->to_day && ask->to_day - ask->from_day < SCREENED_DAYS_MOST)
        return OK;
    call->column = STR("from");
    return fail(ERR_MALFORMED, "calls.days", 0);
}

/* --- what is answered --- */

static err put_days(struct call *call, struct json *j, const struct screened_ask *ask)
{
    struct screened_days *days = arena_make(&call->arena, sizeof *days);
    if (days == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(screened_read_days(api_sql(call), ask, days));
    json_key(j, STR("days"));
    json_array(j);
    for (size_t i = 0; i < days->count; i++) {
        json_object(j);
        api_put_day(call, j, "day", days->at[i].day);
        for (unsigned k = 0; k < SCREENED_COUNT; k++)
            json_put_i64(j, str_from_c(screened_outcome_words[k]), days->at[i].calls[k]);
        json_end(j);
    }
    json_end(j);
    return OK;
}

static err put_lines(struct call *call, struct json *j, const struct screened_ask *ask)
{
    struct screened_lines lines;
    TRY(screened_read_lines(api_sql(call), ask, &call->arena, &lines));
    json_key(j, STR("items"));
    json_array(j);
    for (size_t i = 0; i < lines.count; i++) {
        const struct screened_line *l = &lines.at[i];
        json_object(j);
        json_put_str_if_any(j, STR("carrier"), l->carrier);
        json_put_str(j, STR("trunk"), l->trunk);
        json_put_str(j, STR("reason"), l->reason);
        json_put_str(j, STR("outcome"), l->outcome);
        json_put_i64(j, STR("calls"), l->calls);
        json_end(j);
    }
    json_end(j);
    return OK;
}

err calls_get(struct call *call)
{
    struct screened_ask ask = {0};
    struct api_json made;
    TRY(api_permit(call, ACT_ORDER_READ));
    TRY(read_ask(call, &ask));
    instant until = sip_screen_kept_until(call->house); /* before looking: it is no later */
    struct json *j = api_json(call, &made);
    api_put_day(call, j, "from", ask.from_day);
    api_put_day(call, j, "to", ask.to_day);
    json_put_instant(j, STR("until"), until, call->house->law.zone_min);
    TRY(put_days(call, j, &ask));
    TRY(put_lines(call, j, &ask));
    TRY(call_feeds_put(call, j, ask.carrier));
    return api_json_done(call, &made, 200);
}
