/* SPDX-License-Identifier: Apache-2.0 */
#include "app/race/race_act.h"

#include "app/money/race_rank.h"
#include "app/race/race_act_inside.h"
#include "app/race/race_unrelated.h"
#include "app/race/race_walls.h"
#include "app/report/report_plan.h"
#include "app/report/report_read.h"
#include "app/report/report_write.h"
#include "fact/account.h"

#include <assert.h>

static err spent(void)
{
    return fail(ERR_LIMIT, "limit.memory", 0);
}

/* --- what there is --- */

err race_act_read(struct race_pass *p)
{
    const struct report_under_query q = {.db = reader_sql(p->reader),
                                         .under = UNDER_INCIDENT,
                                         .id = p->incident.id,
                                         .arena = p->arena};
    TRY(report_reports(&q, &p->reports, &p->report_count));
    TRY(report_claims(&q, &p->claims, &p->claim_count));
    return report_orders(&q, &p->orders, &p->order_count);
}

int64_t race_act_budget(const struct race_pass *p)
{
    int64_t left = 0;
    for (size_t i = 0; i < p->report_count; i++)
        if (p->reports[i].state == REPORT_TAKEN)
            left += p->reports[i].loss - p->reports[i].pledged;
    return left;
}

/* Of a payment that no bank knows yet the trail says nothing, nor of the order on its payee. */
static bool is_only_told(const struct race_pass *p, str claim)
{
    for (size_t i = 0; i < p->claim_count; i++)
        if (str_equal(p->claims[i].id, claim))
            return p->claims[i].state != CLAIM_MATCHED;
    return false;
}

/* Let go of because the bank knew the payment otherwise, which it no longer does: that speaks
 * against nothing. */
static bool is_overtaken(const struct race_pass *p, const struct order *o)
{
    return o->state == ORDER_LIFTED && str_equal(o->ended_why, STR(RACE_WHY_MISMATCH)) &&
           !is_only_told(p, o->claim);
}

static err set_standing(struct race_pass *p)
{
    p->standing = arena_make_array(p->arena, p->order_count + 1, sizeof *p->standing);
    if (p->standing == NULL)
        return spent();
    for (size_t i = 0; i < p->order_count; i++)
        if ((str_is_empty(p->orders[i].claim) || !is_only_told(p, p->orders[i].claim)) &&
            !is_overtaken(p, &p->orders[i]))
            p->standing[p->standing_count++] = p->orders[i];
    return OK;
}

err race_deed_starts(struct race_pass *p, struct trail_question *q)
{
    str *starts = arena_make_array(p->arena, INCIDENT_TRANSFERS, sizeof *starts);
    str rest = p->incident.transfers;
    if (starts == NULL)
        return spent();
    for (str id = {0}; !str_is_empty(p->incident.transfers) &&
                       q->start_count < INCIDENT_TRANSFERS && str_split(&rest, '\n', &id);)
        starts[q->start_count++] = id;
    q->starts = starts;
    return OK;
}

static struct race_scene scene_of(struct race_pass *p)
{
    return (struct race_scene){.providers = &p->house->conf.providers,
                               .doc = &p->doc,
                               .orders = p->standing,
                               .order_count = p->standing_count,
                               .before = p->before,
                               .zone_min = p->house->law.zone_min,
                               .now = p->now,
                               .arena = p->arena};
}

/* A case too large to stand is made anew each time. */
static err make_trail(struct race_pass *p, const struct trail_question *q)
{
    str start = {0};
    if (p->live != NULL) {
        err e = trail_standing_follow(p->live->standing, q, p->arena, &p->doc, &start);
        if (e.code != ERR_LIMIT)
            return e;
    }
    return trail_doc_make(p->runs, q, p->arena, &p->doc, &start);
}

/* What is wholly held is not seen to leave. */
static err follow_money(struct race_pass *p, struct trail_question *q)
{
    const struct race_walls_of of = {.runs = p->runs,
                                     .orders = p->standing,
                                     .order_count = p->standing_count,
                                     .arena = p->arena};
    struct race_walls walls;
    TRY(race_walls_find(&of, &walls));
    do {
        q->walls = walls.at;
        q->wall_count = walls.count;
        TRY(make_trail(p, q));
    } while (race_walls_drop(&walls, &p->doc));
    return OK;
}

/* What the live one knew is known from here on as it was before. */
static err go_from_nothing(struct race_pass *p)
{
    if (p->live == NULL || p->live->race == NULL)
        return OK;
    struct race_accounts *before = arena_make(p->arena, sizeof *before);
    if (before == NULL)
        return spent();
    TRY(race_live_accounts(p->live, p->arena, before));
    race_live_forget(p->live);
    p->before = before;
    return OK;
}

static err rank_accounts(struct race_pass *p)
{
    if (p->doc.followed == NULL)
        TRY(go_from_nothing(p));
    const struct race_scene scene = scene_of(p);
    int64_t budget = race_act_budget(p);
    if (p->doc.followed == NULL)
        return race_rank_plan(p->house->rank, &scene, budget, &p->accounts, &p->plan);
    return race_live_rank(p->live, &scene, p->house->rank, budget, &p->plan);
}

static err find_money(struct race_pass *p)
{
    struct trail_question q = {.method = METHOD_LIFO,
                               .as_of_ms = p->now.us / US_PER_MS,
                               .reader = p->live == NULL ? NULL : p->live->standing->reader};
    TRY(race_deed_starts(p, &q));
    if (q.start_count == 0)
        return OK;
    err e = follow_money(p, &q);
    if (e.code == ERR_ABSENT || e.code == ERR_CONFLICT)
        return OK; /* forgotten, or two banks number alike: people follow it */
    p->has_doc = !failed(e);
    return e;
}

/* A mule passes on what has just come: last in, first out (docs/decisions/0090). */
err race_act_rank(struct race_pass *p)
{
    TRY(set_standing(p));
    TRY(find_money(p));
    if (p->has_doc)
        return rank_accounts(p);
    if (p->live != NULL)
        race_live_forget(p->live);
    return OK;
}

/* --- on whose word --- */

err race_deed_actor(struct race_pass *p, str id, struct actor *ret, bool *ret_may)
{
    union record user;
    err e = reader_find(p->reader, RECORD_USER, id, p->arena, &user);
    *ret_may = false;
    if (failed(e))
        return e.code == ERR_ABSENT ? OK : e;
    *ret = (struct actor){.user = user.user.id,
                          .division = user.user.division,
                          .provider = user.user.provider,
                          .kind = ACTOR_STAFF};
    TRY(role_set_parse(user.user.roles, &ret->roles));
    *ret_may = user.user.state == USER_ACTIVE;
    return OK;
}

static struct report *report_with_room(struct race_pass *p)
{
    struct report *best = NULL;
    for (size_t i = 0; i < p->report_count; i++) {
        struct report *r = &p->reports[i];
        int64_t left = r->loss - r->pledged;
        bool is_better = best == NULL || left > best->loss - best->pledged;
        if (r->state == REPORT_TAKEN && left > 0 && is_better)
            best = r;
    }
    return best;
}

/* A second person has put a name under an emergency order of this report. */
static bool is_countersigned(const struct race_pass *p, const struct report *r)
{
    for (size_t i = 0; i < p->order_count; i++) {
        const struct order *o = &p->orders[i];
        if (str_equal(o->report, r->id) && o->is_emergency != 0 && !str_is_empty(o->approver))
            return true;
    }
    return false;
}

static bool is_urgent(const struct race_pass *p, const struct report *r)
{
    instant end = instant_add_us(r->taken_at, p->house->law.emergency_min * US_PER_MIN);
    return p->now.us < end.us || is_countersigned(p, r);
}

/* --- deeds --- */

const struct actor race_deed_centre = {
    .user = {.at = "centre", .size = 6},
      .kind = ACTOR_CENTRE
};

struct command *race_deed_more(struct race_pass *p)
{
    return p->deed_count == RACE_DEEDS ? NULL : &p->deeds[p->deed_count++];
}

static struct order order_of(const struct race_pass *p, const struct race_pick *pick,
                             const struct trail_node *node, const struct report *r)
{
    const struct provider *to = provider_of_bank(&p->house->conf.providers, node->bank);
    int64_t left = r->loss - r->pledged;
    return (struct order){.incident = p->incident.id,
                          .report = r->id,
                          .kind = pick->action == RACE_HOLD ? ORDER_HOLD : ORDER_STOP,
                          .target_kind = INDICATOR_ACCOUNT,
                          .target = node->key,
                          .bank = node->bank,
                          .amount = pick->amount < left ? pick->amount : left,
                          .currency = p->incident.currency,
                          .basis = report_usual_basis(&p->house->law),
                          .reason = report_usual_reason(&p->house->law),
                          .provider = to->id,
                          .layer = node->layer,
                          .rank = (int64_t)p->deed_count + 1,
                          .division = r->division};
}

static err hold_more(struct race_pass *p, const struct race_pick *pick,
                     const struct trail_node *node)
{
    const struct report_planning planning = {.house = p->house,
                                             .runs = p->runs,
                                             .reader = p->reader,
                                             .providers = &p->house->conf.providers,
                                             .arena = p->arena,
                                             .now = p->now};
    struct report *r = report_with_room(p);
    struct actor actor = {0};
    const char *guard = NULL;
    bool may = false;
    if (r == NULL || provider_of_bank(&p->house->conf.providers, node->bank) == NULL)
        return OK;
    TRY(race_deed_actor(p, r->taker, &actor, &may));
    TRY(report_guard(&planning, node->key, &guard));
    struct order o = order_of(p, pick, node, r);
    TRY(race_scene_why(pick, p->arena, &o.rank_why));
    struct command *cmd = may ? race_deed_more(p) : NULL;
    if (cmd == NULL)
        return OK;
    bool is_sent = guard == NULL && is_urgent(p, r);
    *cmd = (struct command){.act = is_sent ? ACT_ORDER_EMERGENCY : ACT_ORDER_DRAFT, .actor = actor};
    cmd->body.order = o;
    r->pledged += is_sent ? o.amount : 0; /* of this copy: what is left for the next */
    return OK;
}

struct command race_deed_freeing(enum act act, const struct order *o, str why)
{
    return (struct command){.act = act, .actor = race_deed_centre, .record = o->id, .why = why};
}

err race_deed_in_round(struct race_pass *p, const struct order *o, bool *ret_is)
{
    struct sql_row *row = NULL;
    *ret_is = false;
    TRY(sql_ask(
        reader_sql(p->reader),
        "SELECT 1 FROM round WHERE \"account\" = $1 AND \"state\" NOT IN ('closed', 'void')",
        &row));
    sql_bind_str(row, 1, o->target);
    err e = sql_next(row, ret_is);
    sql_done(&row);
    return e;
}

/* A round counts on the money, and two people froze: what one bank reports of another's account
 * undoes neither at once (docs/decisions/0093, 0106). */
err race_deed_settled(struct race_pass *p, const struct order *o, bool *ret_is)
{
    *ret_is = o->kind == ORDER_FREEZE;
    return *ret_is ? OK : race_deed_in_round(p, o, ret_is);
}

static bool is_live(const struct order *o)
{
    return o->state == ORDER_SENT || o->state == ORDER_ACKNOWLEDGED || o->state == ORDER_EXECUTED ||
           o->state == ORDER_PARTIAL;
}

static bool can_shrink(const struct order *o, const struct trail_node *node)
{
    return is_live(o) && (o->asked == ASK_NOTHING || o->asked == ASK_PLACE) &&
           str_equal(o->target, node->key);
}

/* What sets free needs no second person: the centre itself does it, the newest order first. */
static err hold_less(struct race_pass *p, const struct race_pick *pick,
                     const struct trail_node *node)
{
    int64_t over = pick->stands - pick->amount;
    for (size_t i = p->standing_count; i-- > 0 && over > 0;) {
        const struct order *o = &p->standing[i];
        bool stays = !can_shrink(o, node);
        if (!stays)
            TRY(race_deed_settled(p, o, &stays));
        struct command *cmd = stays ? NULL : race_deed_more(p);
        if (cmd == NULL)
            continue;
        bool is_all = o->amount <= over || pick->amount == 0;
        *cmd = race_deed_freeing(is_all ? ACT_ORDER_LIFT : ACT_ORDER_TRIM, o, STR(RACE_WHY_GONE));
        cmd->body.order.amount = o->amount - over;
        over -= is_all ? o->amount : over;
    }
    return OK;
}

static err let_go_of(struct race_pass *p, const struct order *o)
{
    const struct trail_node nowhere = {.key = o->target};
    bool stays = !can_shrink(o, &nowhere);
    if (!stays)
        TRY(race_deed_settled(p, o, &stays));
    struct command *cmd = stays ? NULL : race_deed_more(p);
    if (cmd != NULL)
        *cmd = race_deed_freeing(ACT_ORDER_LIFT, o, STR(RACE_WHY_GONE));
    return OK;
}

/* The payment that led here was reversed, or the order of others shows that it never came. */
static err let_go(struct race_pass *p)
{
    for (size_t i = 0; p->has_doc && i < p->standing_count; i++) {
        const struct order *o = &p->standing[i];
        bool is_money = o->target_kind == INDICATOR_ACCOUNT && o->kind <= ORDER_FREEZE;
        bool is_two_peoples = race_unrelated_may(o) && is_live(o);
        if (is_money && !is_two_peoples && !race_unrelated_is_on_trail(p, o->target))
            TRY(let_go_of(p, o));
    }
    return race_unrelated_find(p);
}

static err follow_plan(struct race_pass *p)
{
    for (uint32_t i = 0; p->has_doc && i < p->plan.count; i++) {
        const struct race_pick *pick = &p->plan.picks[i];
        switch ((enum race_action)pick->action) {
        case RACE_HOLD:
        case RACE_STOP:
            TRY(hold_more(p, pick, trail_doc_find(&p->doc, pick->account)));
            break;
        case RACE_TRIM:
            TRY(hold_less(p, pick, trail_doc_find(&p->doc, pick->account)));
            break;
        case RACE_NONE:
        case RACE_ACTION_COUNT:
            break;
        }
    }
    return OK;
}

err race_act_decide(struct race_pass *p)
{
    p->deeds = arena_make_array(p->arena, RACE_DEEDS, sizeof *p->deeds);
    if (p->deeds == NULL)
        return spent();
    bool is_moved = false;
    TRY(race_match_told(p, &is_moved));
    if (is_moved) /* this trail begins with payments that are others by now: the next pass knows */
        return OK;
    TRY(let_go(p));
    TRY(follow_plan(p));
    return race_queue_ask(p);
}

/* --- writing --- */

static bool is_refusal(err e)
{
    return e.code == ERR_MALFORMED || e.code == ERR_DENIED || e.code == ERR_ABSENT ||
           e.code == ERR_LIMIT || e.code == ERR_CONFLICT;
}

/* The world may have gone on meanwhile: each is judged again by the desk. */
err race_act_write(const struct race_pass *p, struct store *store, instant at)
{
    for (size_t i = 0; i < p->deed_count; i++) {
        struct command cmd = p->deeds[i];
        if (cmd.act == ACT_ORDER_RELEASE && store_centre(store)->is_outbox_held != 0)
            continue; /* restored: somebody may have kept it in what is lost */
        if (str_is_empty(cmd.record))
            cmd.record = store_id(store, at, p->arena);
        err e = store_apply(store, &cmd, at, p->arena, NULL);
        bool was_matched = cmd.act == ACT_CLAIM_MATCH && failed(e);
        i += was_matched; /* then the incident has it from there */
        if (failed(e) && !is_refusal(e))
            return e;
    }
    return OK;
}
