/* SPDX-License-Identifier: Apache-2.0 */
#include "app/call/order_doc.h"

#include "app/call/holder.h"

#include "app/call/api_help.h"
#include "app/call/order_why.h"
#include "desk/order_parts.h"
#include "desk/permit.h"
#include "desk/takeover.h"
#include "fact/indicator.h"
#include "store/order_queue.h"

bool order_is_for_provider(const struct actor *actor)
{
    bool is_role = actor->kind == ACTOR_STAFF && (actor->roles >> ROLE_PROVIDER & 1) != 0;
    return is_role || !str_is_empty(actor->provider);
}

err order_find(struct call *call, str id, struct order *ret_order)
{
    union record r;
    err e = api_row(call, RECORD_ORDER, id, &r);
    if (e.code == ERR_ABSENT)
        return fail(ERR_ABSENT, "order.absent", 0);
    TRY(e);
    bool is_seen = order_is_for_provider(&call->actor)
                       ? str_equal(r.order.provider, call->actor.provider)
                       : api_sees(call, RECORD_ORDER, &r);
    if (!is_seen)
        return fail(ERR_ABSENT, "order.absent", 0);
    *ret_order = r.order;
    return OK;
}

struct looking {
    struct call *call;
    const struct order *order;
    bool waits;  /* an emergency order that nobody has countersigned */
    bool is_own; /* they proposed it */
};

static bool may(const struct looking *l, enum act act)
{
    return !failed(permit_check(&l->call->actor, act, l->order->division));
}

static bool may_approve(const struct looking *l)
{
    const struct order *o = l->order;
    bool wants_more = o->wanted_until.us != 0 && order_is_live(o->state) && !l->waits;
    bool is_open = o->state == ORDER_DRAFTED || l->waits;
    bool is_second = wants_more ? !str_equal(o->wanted_by, l->call->actor.user) : !l->is_own;
    return (is_open || wants_more) && is_second && may(l, ACT_ORDER_APPROVE);
}

static bool may_refuse(const struct looking *l)
{
    unsigned state = l->order->state;
    bool is_approver = (l->call->actor.roles >> ROLE_APPROVER & 1) != 0;
    bool is_open = state == ORDER_DRAFTED || state == ORDER_APPROVED || l->waits;
    return is_open && (l->is_own || is_approver) && may(l, ACT_ORDER_REFUSE);
}

/* Of an order that is with its provider, or about to be. */
static void put_changes(struct json *j, const struct looking *l)
{
    const struct order *o = l->order;
    bool is_live = order_is_live(o->state);
    if ((is_live || o->state == ORDER_APPROVED) && may(l, ACT_ORDER_LIFT))
        json_str(j, STR("lift"));
    if (is_live && !l->waits && o->repeats < o->max_repeats && may(l, ACT_ORDER_EXTEND))
        json_str(j, STR("extend"));
    if (is_live && o->amount > 1 && may(l, ACT_ORDER_TRIM))
        json_str(j, STR("trim"));
    if (o->state == ORDER_LIFTING && o->is_late != 0 && may(l, ACT_ORDER_FAIL))
        json_str(j, STR("fail"));
    if (o->alarm != ALARM_NONE && may(l, ACT_ORDER_HEED))
        json_str(j, STR("heed"));
    if (o->release_by.us != 0 && may(l, ACT_ORDER_KEEP))
        json_str(j, STR("keep"));
}

/* What a freeze would take over of what it holds by now. */
static struct order freeze_of(const struct order *o)
{
    struct order freeze = *o;
    freeze.id = STR("");
    freeze.kind = ORDER_FREEZE;
    freeze.takes = o->id;
    freeze.amount = o->held < o->amount ? o->held : o->amount;
    return freeze;
}

/* Whether a freeze may be drafted that takes it over: none is yet, and its bank holds something. */
static err ask_freeze(const struct looking *l, str *ret_drafted, bool *ret_may)
{
    const struct house *house = l->call->house;
    const struct order *o = l->order;
    struct order freeze = freeze_of(o);
    struct desk_view view = {.taken = o};
    const struct provider *provider = provider_find(&house->conf.providers, o->provider);
    bool is_free = str_is_empty(o->taker) && !failed(takeover_check(&view, &freeze));
    *ret_drafted = STR("");
    *ret_may = false;
    if (!is_free)
        return OK;
    TRY(order_drafted_taker(api_sql(l->call), o->id, &l->call->arena, ret_drafted));
    TRY(order_is_paying(api_sql(l->call), o, &view.is_paying));
    bool is_able = provider != NULL && provider_can(provider, ORDER_FREEZE) &&
                   house->law.order_max_term_us[ORDER_FREEZE] > 0;
    *ret_may = is_able && !view.is_paying && str_is_empty(*ret_drafted) && may(l, ACT_ORDER_DRAFT);
    return OK;
}

/* Filled in, for whoever drafts it: all that is held, for as long as the law lets it be. */
static void put_freeze(struct json *j, const struct looking *l)
{
    const struct house *house = l->call->house;
    instant now = clock_now(&house->clock);
    struct order freeze = freeze_of(l->order);
    json_key(j, STR("freeze"));
    json_object(j);
    json_put_i64(j, STR("amount"), freeze.amount);
    json_put_instant(j, STR("until"),
                     instant_add_us(now, house->law.order_max_term_us[ORDER_FREEZE]),
                     house->law.zone_min);
    json_put_str(j, STR("basis"), freeze.basis);
    json_put_str(j, STR("reason"), freeze.reason);
    json_end(j);
}

static err put_may(struct call *call, struct json *j, const struct order *o)
{
    bool is_live = order_is_live(o->state);
    struct looking l = {.call = call, .order = o};
    l.waits = is_live && o->is_emergency != 0 && str_is_empty(o->approver);
    l.is_own = str_equal(o->proposer, call->actor.user);
    bool approves = may_approve(&l);
    bool may_freeze = false;
    str drafted = {0};
    TRY(ask_freeze(&l, &drafted, &may_freeze));
    json_key(j, STR("may"));
    json_array(j);
    if (approves)
        json_str(j, STR("approve"));
    if (may_refuse(&l))
        json_str(j, STR("refuse"));
    put_changes(j, &l);
    if (may_freeze)
        json_str(j, STR("freeze"));
    json_end(j);
    if (may_freeze)
        put_freeze(j, &l);
    json_put_str_if_any(j, STR("drafted_taker"), drafted);
    bool is_waiting = o->state == ORDER_DRAFTED || l.waits || (is_live && o->wanted_until.us != 0);
    if (is_waiting && !approves)
        json_put_str(j, STR("waits_for"),
                     l.is_own ? STR("waits.second_person") : STR("waits.approver"));
    return OK;
}

static err put_receipts(struct call *call, struct json *j, const struct order *o)
{
    struct list_page page = {0};
    struct viewer viewer = api_viewer(call);
    TRY(receipts_of_order(api_sql(call), o->id, &call->arena, &page));
    json_key(j, STR("receipts"));
    json_array(j);
    for (size_t i = 0; i < page.count; i++) {
        const struct receipt *r = &page.items[i].receipt;
        if (!str_equal(r->provider, o->provider))
            continue; /* whoever else named it: kept, and not about it */
        json_object(j);
        receipt_put(j, r, &viewer);
        json_end(j);
    }
    json_end(j);
    return OK;
}

static err put_payment(struct call *call, struct json *j, const struct order *o)
{
    union record claim;
    struct viewer viewer = api_viewer(call);
    if (str_is_empty(o->claim))
        return OK;
    err e = api_row(call, RECORD_CLAIM, o->claim, &claim);
    if (e.code == ERR_ABSENT)
        return OK;
    TRY(e);
    order_put_payment(j, &claim.claim, &viewer);
    return OK;
}

/* What its letters say too, in whatever form. */
static err put_for_provider(struct call *call, struct json *j, const struct order *o)
{
    str url = STR("");
    const struct holder_desk desk = {call->house, api_sql(call), &call->arena};
    TRY(holder_address(&desk, o, &url));
    json_put_str_if_any(j, STR("notice_url"), url);
    return put_payment(call, j, o);
}

str order_display(struct call *call, const struct order *o)
{
    struct indicator known = {0};
    err e = indicator_parse(o->target_kind, o->target, call->house->law.phone_region, &call->arena,
                            &known);
    return failed(e) ? o->target : known.display;
}

err order_doc_put(struct call *call, struct json *j, const struct order *o,
                  const struct order_doc_view *view)
{
    bool is_provider = order_is_for_provider(&call->actor);
    struct viewer viewer = api_viewer(call);
    struct order shown = *o;
    shown.notice = api_notice(call, o->notice);
    viewer.sees_personal = is_provider || view->sees_personal;
    order_put_task(j, &shown, &viewer);
    json_put_str(j, STR("display"), order_display(call, o));
    if (is_provider)
        TRY(put_for_provider(call, j, o));
    else
        order_put_case(j, o, &viewer);
    if (!is_provider) {
        json_put_str(j, STR("reason_text"), api_reason_text(call, o->reason));
        json_put_str(j, STR("basis_text"), api_basis_text(call, o->basis));
        order_why_put(call, j, o->rank_why, o->currency);
        TRY(put_may(call, j, o));
    }
    return view->part == ORDER_DOC_WITH_RECEIPTS ? put_receipts(call, j, o) : OK;
}
