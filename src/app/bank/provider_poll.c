/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bank/provider_poll.h"

#include "app/bank/waiting.h"
#include "app/call/api_help.h"
#include "app/call/order_doc.h"
#include "env/clock.h"

err provider_find_seen(struct call *call, const struct provider **ret_provider)
{
    str id = api_param(call, 0);
    const struct provider *p = provider_find(&call->house->conf.providers, id);
    bool is_seen = !order_is_for_provider(&call->actor) || str_equal(call->actor.provider, id);
    if (p == NULL || !is_seen)
        return fail(ERR_ABSENT, "provider.absent", 0);
    *ret_provider = p;
    return OK;
}

err provider_poll_begin(struct call *call, struct provider_poll *poll)
{
    int64_t wait_s = 0;
    TRY(provider_find_seen(call, &poll->provider));
    call->column = STR("wait");
    TRY(api_query_i64(call, "wait", 0, &wait_s));
    if (wait_s < 0)
        return fail(ERR_MALFORMED, "limit.range", 0);
    call->column = STR("");
    wait_s = wait_s > POLL_WAIT_MOST_S ? POLL_WAIT_MOST_S : wait_s;
    poll->until_us = env_monotonic_us() + wait_s * US_PER_S;
    return OK;
}

static err look(struct call *call, bool *ret_waits)
{
    struct provider_poll *poll = call->own;
    poll->told = waiting_told(call->house); /* before looking */
    *ret_waits = false;
    return poll->look(call, env_monotonic_us() < poll->until_us, ret_waits);
}

static void park(struct call *call)
{
    const struct provider_poll *poll = call->own;
    struct waiting_for what = {
        .provider = poll->provider->id, .told = poll->told, .until_us = poll->until_us};
    if (!waiting_put(call->house, call, &what))
        api_finish(call, fail(ERR_BUSY, "limit.busy", 0));
}

static void look_again(struct call *call)
{
    bool waits = false;
    call->reader = house_reader_take(call->house);
    err e = look(call, &waits);
    house_reader_give(call->house, call->reader);
    call->reader = NULL;
    if (!failed(e) && waits)
        park(call);
    else
        api_finish(call, e);
}

err provider_poll_run(struct call *call)
{
    bool waits = false;
    TRY(look(call, &waits));
    if (waits) {
        call->work = look_again;
        call->park = park;
    }
    return OK;
}

err provider_queue_held(struct call *call, bool *ret_held)
{
    union record centre;
    TRY(api_centre(call, &centre));
    *ret_held = centre.centre.is_outbox_held != 0;
    return OK;
}
