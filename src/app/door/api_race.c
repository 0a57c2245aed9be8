/* SPDX-License-Identifier: Apache-2.0 */
/* Which account of an incident is acted on next, and why each stands where it does. */
#include "app/call/order_why.h"
#include "app/door/api_incident.h"
#include "app/race/race_act.h"

static const char *const action_words[] = {"none", "hold", "stop", "trim"};

/* The newest that stands on the account. */
static str order_on(const struct race_pass *p, str account)
{
    str found = STR("");
    for (size_t i = 0; i < p->order_count; i++)
        if (str_equal(p->orders[i].target, account) && p->orders[i].ended_at.us == 0)
            found = p->orders[i].id;
    return found;
}

static err put_pick(struct call *call, struct json *j, const struct race_pass *p,
                    const struct race_pick *pick)
{
    const struct race_scene scene = {.doc = &p->doc};
    const struct trail_node *node = race_scene_node(&scene, &p->accounts, pick->account);
    str why = {0};
    json_object(j);
    json_put_str(j, STR("account"), node->key);
    json_put_str(j, STR("display"), node->display);
    json_put_str_if_any(j, STR("bank"), node->bank);
    json_put_i64(j, STR("layer"), node->layer);
    json_put_i64(j, STR("present"), pick->present);
    json_put_i64(j, STR("stands"), pick->stands);
    json_put_i64(j, STR("amount"), pick->amount);
    json_put_i64(j, STR("gain"), pick->gain);
    json_put_str(j, STR("action"), str_from_c(action_words[pick->action]));
    json_put_str_if_any(j, STR("order"), order_on(p, node->key));
    TRY(race_scene_why(pick, p->arena, &why));
    order_why_put(call, j, why, p->incident.currency);
    json_end(j);
    return OK;
}

static err answer_with(struct call *call, struct race_pass *p)
{
    struct api_json made;
    TRY(incident_of_path(call, &p->incident));
    TRY(race_act_read(p));
    TRY(race_act_rank(p));
    struct json *j = api_json(call, &made);
    json_put_str(j, STR("incident"), p->incident.id);
    json_put_instant(j, STR("as_of"), p->now, call->house->law.zone_min);
    json_put_str(j, STR("currency"), p->incident.currency);
    json_put_i64(j, STR("budget"), race_act_budget(p));
    json_key(j, STR("ranked"));
    json_array(j);
    for (uint32_t i = 0; p->has_doc && i < p->plan.count; i++)
        TRY(put_pick(call, j, p, &p->plan.picks[i]));
    json_end(j);
    return api_json_done(call, &made, 200);
}

static err answer_race(struct call *call, struct runs *runs)
{
    struct arena arena;
    arena_init(&arena, TRAIL_DOC_BYTES);
    struct race_pass p = {.house = call->house,
                          .reader = call->reader,
                          .runs = runs,
                          .arena = &arena,
                          .now = clock_now(&call->house->clock)};
    err e = answer_with(call, &p);
    arena_done(&arena);
    return e;
}

err incident_race(struct call *call)
{
    TRY(api_permit(call, ACT_INCIDENT_READ));
    return incident_ask(call, answer_race);
}
