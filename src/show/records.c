/* SPDX-License-Identifier: Apache-2.0 */
#include "show/records.h"

void json_put_instant(struct json *j, str key, instant at, int zone_min)
{
    if (at.us == 0)
        return;
    char room[INSTANT_TEXT_BYTES];
    json_put_str(j, key, instant_format(at, zone_min, room));
}

static void put_person(struct json *j, str key, str user, const struct viewer *v)
{
    if (!str_is_empty(user))
        json_put_str(j, key, v->name_of(v->self, user));
}

static void put_word(struct json *j, str key, const char *const *words, unsigned word)
{
    json_put_str(j, key, str_from_c(words[word]));
}

void listing_put(struct json *j, const struct listing *l, const struct viewer *v)
{
    json_put_str(j, STR("listing"), l->id);
    put_word(j, STR("kind"), indicator_kind_words, l->kind);
    json_put_str(j, STR("value"), l->value);
    json_put_str(j, STR("display"), l->display);
    put_word(j, STR("action"), listing_action_words, l->action);
    put_word(j, STR("match"), listing_match_words, l->match);
    json_put_str(j, STR("reason"), l->reason);
    json_put_str(j, STR("evidence"), l->evidence);
    json_put_str(j, STR("basis"), l->basis);
    json_put_str(j, STR("source"), l->source);
    json_key(j, STR("score"));
    json_milli(j, l->score_milli);
    json_put_instant(j, STR("from"), l->from, v->zone_min);
    json_put_instant(j, STR("until"), l->until, v->zone_min);
    put_word(j, STR("state"), listing_state_words, l->state);
    put_person(j, STR("proposer"), l->proposer, v);
    put_person(j, STR("approver"), l->approver, v);
    json_put_str(j, STR("notice"), l->notice);
    json_put_str(j, STR("division"), l->division);
    json_put_str_if_any(j, STR("batch"), l->batch);
    json_put_str(j, STR("rpz"), l->rpz);
    json_put_instant(j, STR("proposed_at"), l->proposed_at, v->zone_min);
    json_put_instant(j, STR("decided_at"), l->decided_at, v->zone_min);
    json_put_instant(j, STR("ended_at"), l->ended_at, v->zone_min);
    json_put_str_if_any(j, STR("ended_why"), l->ended_why);
    json_put_i64(j, STR("revision"), l->revision);
}

void appeal_put(struct json *j, const struct appeal *a, const struct viewer *v)
{
    json_put_str(j, STR("appeal"), a->id);
    json_put_str_if_any(j, STR("listing"), a->listing);
    json_put_str_if_any(j, STR("order"), a->order);
    json_put_str_if_any(j, STR("round"), a->round);
    json_put_str(j, STR("statement"), a->statement);
    if (v->sees_personal) {
        json_put_str_if_any(j, STR("name"), a->name);
        json_put_str_if_any(j, STR("contact"), a->contact);
    }
    put_word(j, STR("state"), appeal_state_words, a->state);
    json_put_instant(j, STR("filed_at"), a->filed_at, v->zone_min);
    json_put_instant(j, STR("due_at"), a->due_at, v->zone_min);
    put_person(j, STR("reviewer"), a->reviewer, v);
    put_person(j, STR("decider"), a->decider, v);
    json_put_instant(j, STR("decided_at"), a->decided_at, v->zone_min);
    json_put_str_if_any(j, STR("answer"), a->answer);
    json_put_str(j, STR("division"), a->division);
    json_put_i64(j, STR("is_late"), a->is_late);
    json_put_i64(j, STR("revision"), a->revision);
}

void appeal_put_clock(struct json *j, const struct appeal *a, const struct viewer *v)
{
    json_put_str(j, STR("appeal"), a->id);
    put_word(j, STR("state"), appeal_state_words, a->state);
    json_put_instant(j, STR("filed_at"), a->filed_at, v->zone_min);
    json_put_instant(j, STR("due_at"), a->due_at, v->zone_min);
    json_put_instant(j, STR("decided_at"), a->decided_at, v->zone_min);
    json_put_i64(j, STR("is_late"), a->is_late);
}

void listing_put_public(struct json *j, const struct listing *l, const struct viewer *v)
{
    json_key(j, STR("listing"));
    json_object(j);
    put_word(j, STR("kind"), indicator_kind_words, l->kind);
    json_put_str(j, STR("display"), l->display);
    put_word(j, STR("state"), listing_state_words, l->state);
    json_put_instant(j, STR("until"), l->until, v->zone_min);
    json_end(j);
}

void order_put_public(struct json *j, const struct order *o, const struct viewer *v)
{
    json_key(j, STR("order"));
    json_object(j);
    put_word(j, STR("kind"), order_kind_words, o->kind);
    put_word(j, STR("state"), order_state_words, o->state);
    json_put_instant(j, STR("until"), o->until, v->zone_min);
    json_end(j);
}

void user_put(struct json *j, const struct user_account *u, const struct viewer *v)
{
    json_put_str(j, STR("user"), u->id);
    json_put_str(j, STR("name"), u->name);
    json_key(j, STR("roles"));
    json_array(j);
    str rest = u->roles;
    str role = {0};
    while (str_split(&rest, ',', &role))
        json_str(j, role);
    json_end(j);
    json_put_str(j, STR("division"), u->division);
    json_put_str_if_any(j, STR("provider"), u->provider);
    put_word(j, STR("state"), user_state_words, u->state);
    put_person(j, STR("proposer"), u->proposer, v);
    put_person(j, STR("approver"), u->approver, v);
    json_put_instant(j, STR("proposed_at"), u->proposed_at, v->zone_min);
    json_put_instant(j, STR("decided_at"), u->decided_at, v->zone_min);
}

void report_put(struct json *j, const struct report *r, const struct viewer *v)
{
    json_put_str(j, STR("report"), r->id);
    put_word(j, STR("state"), report_state_words, r->state);
    put_word(j, STR("channel"), report_channel_words, r->channel);
    json_put_str_if_any(j, STR("incident"), r->incident);
    if (v->sees_personal) {
        json_key(j, STR("victim"));
        json_object(j);
        json_put_str_if_any(j, STR("number"), r->victim_number);
        json_put_str_if_any(j, STR("name"), r->victim_name);
        json_end(j);
        json_put_str_if_any(j, STR("said"), r->said);
    }
    json_put_str(j, STR("currency"), r->currency);
    json_put_i64(j, STR("loss"), r->loss);
    json_put_i64(j, STR("pledged"), r->pledged);
    put_person(j, STR("filer"), r->filer, v);
    json_put_instant(j, STR("filed_at"), r->filed_at, v->zone_min);
    put_person(j, STR("taker"), r->taker, v);
    json_put_instant(j, STR("taken_at"), r->taken_at, v->zone_min);
    json_put_instant(j, STR("ended_at"), r->ended_at, v->zone_min);
    json_put_str_if_any(j, STR("ended_why"), r->ended_why);
    json_put_str(j, STR("division"), r->division);
    json_put_i64(j, STR("revision"), r->revision);
}

static void put_lines(struct json *j, str key, str lines)
{
    str line = {0};
    json_key(j, key);
    json_array(j);
    while (!str_is_empty(lines) && str_split(&lines, '\n', &line))
        json_str(j, line);
    json_end(j);
}

void claim_put(struct json *j, const struct claim *c, const struct viewer *v)
{
    json_put_str(j, STR("claim"), c->id);
    put_word(j, STR("state"), claim_state_words, c->state);
    json_put_str(j, STR("report"), c->report);
    json_put_str_if_any(j, STR("incident"), c->incident);
    json_put_str_if_any(j, STR("transfer"), c->transfer);
    if (v->sees_personal) /* the victim's account; what the payee is called */
        json_put_str_if_any(j, STR("from"), c->from);
    json_put_str(j, STR("to"), c->to);
    json_put_str_if_any(j, STR("bank"), c->bank);
    if (v->sees_personal)
        json_put_str_if_any(j, STR("name"), c->name);
    json_put_i64(j, STR("amount"), c->amount);
    json_put_str(j, STR("currency"), c->currency);
    json_put_instant(j, STR("time"), c->sent_at, v->zone_min);
    if (!str_is_empty(c->mismatch))
        put_lines(j, STR("mismatch"), c->mismatch);
    json_put_i64(j, STR("returned"), c->returned);
    json_put_str(j, STR("division"), c->division);
    json_put_i64(j, STR("revision"), c->revision);
}

void batch_put(struct json *j, const struct batch *b, const struct viewer *v)
{
    json_put_str(j, STR("batch"), b->id);
    json_put_str(j, STR("feed"), b->feed);
    json_put_str(j, STR("source"), b->source);
    put_person(j, STR("user"), b->user, v);
    put_word(j, STR("state"), batch_state_words, b->state);
    json_put_str_if_any(j, STR("waits_for"), b->waits_for);
    json_put_i64(j, STR("accepted"), b->accepted);
    json_put_i64(j, STR("duplicate"), b->duplicate);
    json_put_i64(j, STR("refused"), b->refused);
    if (b->late > 0)
        json_put_i64(j, STR("late"), b->late);
    if (!str_is_empty(b->source_id)) {
        json_put_i64(j, STR("entered"), b->entered);
        json_put_i64(j, STR("renewed"), b->renewed);
        json_put_i64(j, STR("vanished"), b->vanished);
        json_put_i64(j, STR("conflicts"), b->conflicts);
    }
    json_put_instant(j, STR("opened_at"), b->opened_at, v->zone_min);
    json_put_instant(j, STR("closed_at"), b->closed_at, v->zone_min);
    json_put_str(j, STR("division"), b->division);
}

void key_put(struct json *j, const struct signing_key *k, const struct viewer *v)
{
    json_put_str(j, STR("key"), k->id);
    put_word(j, STR("kind"), key_kind_words, k->kind);
    put_word(j, STR("state"), key_state_words, k->state);
    json_put_str_if_any(j, STR("public"), k->public_part);
    json_put_instant(j, STR("made_at"), k->made_at, v->zone_min);
    json_put_instant(j, STR("retired_at"), k->retired_at, v->zone_min);
}

void source_put(struct json *j, const struct source *s, const struct viewer *v)
{
    json_put_str(j, STR("id"), s->id);
    json_put_str(j, STR("name"), s->name);
    put_word(j, STR("role"), source_role_words, s->role);
    put_word(j, STR("kind"), indicator_kind_words, s->kind);
    put_word(j, STR("action"), listing_action_words, s->action);
    put_word(j, STR("match"), listing_match_words, s->match);
    json_put_str(j, STR("reason"), s->reason);
    json_put_str(j, STR("basis"), s->basis);
    json_put_str(j, STR("licence"), s->licence);
    json_put_str(j, STR("origin"), s->origin);
    json_put_str(j, STR("evidence"), s->evidence);
    json_put_str(j, STR("notice"), s->notice);
    json_put_str(j, STR("rpz"), s->rpz);
    json_put_str_if_any(j, STR("region"), s->region);
    json_put_i64(j, STR("term_days"), s->term_us / US_PER_DAY);
    json_put_i64(j, STR("shrink_percent"), s->shrink_milli / 10);
    json_put_i64(j, STR("grow_percent"), s->grow_milli / 10);
    json_put_i64(j, STR("size"), s->size);
    put_word(j, STR("state"), source_state_words, s->state);
    put_person(j, STR("proposer"), s->proposer, v);
    put_person(j, STR("approver"), s->approver, v);
    json_put_instant(j, STR("proposed_at"), s->proposed_at, v->zone_min);
    json_put_instant(j, STR("decided_at"), s->decided_at, v->zone_min);
    json_put_instant(j, STR("until"), s->until, v->zone_min);
    json_put_instant(j, STR("taken_at"), s->taken_at, v->zone_min);
    json_put_instant(j, STR("ended_at"), s->ended_at, v->zone_min);
    json_put_str_if_any(j, STR("ended_why"), s->ended_why);
    json_put_str(j, STR("division"), s->division);
    json_put_i64(j, STR("revision"), s->revision);
}

void conflict_put(struct json *j, const struct conflict *c, const struct viewer *v)
{
    json_put_str(j, STR("conflict"), c->id);
    json_put_str(j, STR("batch"), c->batch);
    put_word(j, STR("kind"), indicator_kind_words, c->kind);
    json_put_str(j, STR("value"), c->value);
    put_word(j, STR("rule"), conflict_rule_words, c->rule);
    json_put_str_if_any(j, STR("against"), c->against);
    put_word(j, STR("state"), conflict_state_words, c->state);
    json_put_str_if_any(j, STR("listing"), c->listing);
    json_put_instant(j, STR("found_at"), c->found_at, v->zone_min);
    put_person(j, STR("decider"), c->decider, v);
    json_put_instant(j, STR("decided_at"), c->decided_at, v->zone_min);
    json_put_str_if_any(j, STR("decided_why"), c->decided_why);
    json_put_str(j, STR("division"), c->division);
    json_put_i64(j, STR("revision"), c->revision);
}

void incident_put(struct json *j, const struct incident *i, const struct viewer *v)
{
    json_put_str(j, STR("incident"), i->id);
    put_word(j, STR("state"), incident_state_words, i->state);
    json_put_str(j, STR("division"), i->division);
    json_put_instant(j, STR("opened_at"), i->opened_at, v->zone_min);
    put_person(j, STR("opened_by"), i->opener, v);
    json_put_str_if_any(j, STR("said"), i->said);
    json_put_str(j, STR("currency"), i->currency);
    json_put_i64(j, STR("stolen"), i->stolen);
    put_person(j, STR("closed_by"), i->closer, v);
    json_put_instant(j, STR("closed_at"), i->closed_at, v->zone_min);
    json_put_str_if_any(j, STR("closed_why"), i->closed_why);
    json_put_i64(j, STR("revision"), i->revision);
}

static void put_target(struct json *j, const struct order *o, const struct viewer *v)
{
    json_key(j, STR("target"));
    json_object(j);
    put_word(j, STR("kind"), indicator_kind_words, o->target_kind);
    json_put_str(j, STR("value"), o->target);
    json_put_str_if_any(j, STR("bank"), o->bank);
    if (v->sees_personal)
        json_put_str_if_any(j, STR("name"), o->name);
    json_end(j);
}

static void put_known(struct json *j, str key, int64_t amount)
{
    if (amount >= 0)
        json_put_i64(j, key, amount);
}

/* What goes before ours on its account, and what it leaves. */
static void put_queue(struct json *j, const struct order *o)
{
    if (o->ahead == 0)
        return;
    put_known(j, STR("ahead"), o->ahead > 0 ? o->ahead : o->balance);
    if (o->ahead < 0 || o->balance >= 0)
        json_put_i64(j, STR("usable"), prior_left(o->ahead, o->balance, o->balance));
}

void order_put_task(struct json *j, const struct order *o, const struct viewer *v)
{
    json_put_str(j, STR("order"), o->id);
    json_put_str_if_any(j, STR("incident"), o->incident);
    put_word(j, STR("kind"), order_kind_words, o->kind);
    put_word(j, STR("state"), order_state_words, o->state);
    json_put_bool(j, STR("emergency"), o->is_emergency != 0);
    put_target(j, o, v);
    json_put_i64(j, STR("amount"), o->amount);
    json_put_str(j, STR("currency"), o->currency);
    json_put_str(j, STR("basis"), o->basis);
    json_put_str(j, STR("reason"), o->reason);
    json_put_str(j, STR("notice"), o->notice);
    json_put_instant(j, STR("from"), o->from, v->zone_min);
    json_put_instant(j, STR("until"), o->until, v->zone_min);
    json_put_str(j, STR("provider"), o->provider);
    put_word(j, STR("asked"), order_ask_words, o->asked);
    json_put_i64(j, STR("ask"), o->ask);
    json_put_instant(j, STR("asked_at"), o->asked_at, v->zone_min);
    json_put_instant(j, STR("due_at"), o->due_at, v->zone_min);
    json_put_i64(j, STR("is_late"), o->is_late);
    json_put_i64(j, STR("held"), o->held);
    put_known(j, STR("balance"), o->balance);
    put_queue(j, o);
    json_put_str_if_any(j, STR("takes"), o->takes);
    json_put_str_if_any(j, STR("taker"), o->taker);
}

void order_put_payment(struct json *j, const struct claim *c, const struct viewer *v)
{
    json_key(j, STR("payment"));
    json_object(j);
    json_put_str_if_any(j, STR("from"), c->from);
    json_put_i64(j, STR("amount"), c->amount);
    json_put_instant(j, STR("time"), c->sent_at, v->zone_min);
    json_put_str_if_any(j, STR("name"), c->name);
    json_put_str_if_any(j, STR("transfer"), c->transfer);
    json_end(j);
}

/* Who among the staff has to look, and who has. */
static void put_alarm(struct json *j, const struct order *o, const struct viewer *v)
{
    put_word(j, STR("alarm"), order_alarm_words, o->alarm);
    json_put_instant(j, STR("alarmed_at"), o->alarmed_at, v->zone_min);
    put_person(j, STR("heeder"), o->heeder, v);
    json_put_instant(j, STR("heeded_at"), o->heeded_at, v->zone_min);
    json_put_instant(j, STR("unrelated_since"), o->unrelated_since, v->zone_min);
    json_put_instant(j, STR("release_by"), o->release_by, v->zone_min);
    put_person(j, STR("keeper"), o->keeper, v);
}

void order_put_case(struct json *j, const struct order *o, const struct viewer *v)
{
    json_put_str_if_any(j, STR("report"), o->report);
    json_put_str_if_any(j, STR("claim"), o->claim);
    json_put_str_if_any(j, STR("evidence"), o->evidence);
    json_put_instant(j, STR("countersign_by"), o->countersign_by, v->zone_min);
    json_put_i64(j, STR("layer"), o->layer);
    json_put_i64(j, STR("rank"), o->rank);
    json_put_i64(j, STR("repeats"), o->repeats);
    json_put_instant(j, STR("agreed_until"), o->agreed_until, v->zone_min);
    json_put_instant(j, STR("wanted_until"), o->wanted_until, v->zone_min);
    put_person(j, STR("wanted_by"), o->wanted_by, v);
    put_person(j, STR("proposer"), o->proposer, v);
    put_person(j, STR("approver"), o->approver, v);
    json_put_instant(j, STR("proposed_at"), o->proposed_at, v->zone_min);
    json_put_instant(j, STR("decided_at"), o->decided_at, v->zone_min);
    json_put_instant(j, STR("executed_at"), o->executed_at, v->zone_min);
    json_put_instant(j, STR("ended_at"), o->ended_at, v->zone_min);
    json_put_str_if_any(j, STR("ended_why"), o->ended_why);
    json_put_instant(j, STR("released_at"), o->released_at, v->zone_min);
    put_alarm(j, o, v);
    json_put_str(j, STR("division"), o->division);
    json_put_i64(j, STR("revision"), o->revision);
}

static void put_freeze(struct json *j, const struct prior_freeze *f, const struct viewer *v)
{
    json_object(j);
    if (f->rank != 0)
        json_put_i64(j, STR("rank"), f->rank);
    json_put_str(j, STR("authority"), f->authority);
    json_put_str_if_any(j, STR("reference"), f->reference);
    if (!f->is_whole)
        json_put_i64(j, STR("amount"), f->amount);
    json_put_str_if_any(j, STR("currency"), f->currency);
    json_put_instant(j, STR("until"), f->until, v->zone_min);
    json_end(j);
}

/* A text that the store kept is one that prior.h made. */
static void put_freezes(struct json *j, const struct receipt *r, const struct viewer *v)
{
    struct prior_list list = {0};
    if (failed(prior_parse(r->freezes, j->text->arena, &list)) || list.count == 0)
        return;
    json_key(j, STR("freezes"));
    json_array(j);
    for (size_t i = 0; i < list.count; i++)
        put_freeze(j, &list.at[i], v);
    json_end(j);
    if (list.said > list.count)
        json_put_i64(j, STR("freezes_said"), (int64_t)list.said);
    if (r->wrong != PRIOR_FINE)
        put_word(j, STR("wrong"), prior_wrong_words, r->wrong);
}

void receipt_put(struct json *j, const struct receipt *r, const struct viewer *v)
{
    json_put_str(j, STR("receipt"), r->id);
    put_word(j, STR("result"), receipt_result_words, r->result);
    put_word(j, STR("fate"), receipt_fate_words, r->fate);
    if (r->ask > 0)
        json_put_i64(j, STR("ask"), r->ask);
    put_known(j, STR("held"), r->held);
    put_known(j, STR("balance"), r->balance);
    put_freezes(j, r, v);
    json_put_str_if_any(j, STR("reference"), r->reference);
    json_put_str_if_any(j, STR("reason"), r->reason);
    json_put_str_if_any(j, STR("key"), r->key);
    json_put_instant(j, STR("at"), r->at, v->zone_min);
    json_put_instant(j, STR("received_at"), r->received_at, v->zone_min);
}
