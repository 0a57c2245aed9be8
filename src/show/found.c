/* SPDX-License-Identifier: Apache-2.0 */
#include "show/found.h"

static void put_decider(struct json *j, str user, const struct viewer *v)
{
    if (!str_is_empty(user))
        json_put_str(j, STR("decider"), v->name_of(v->self, user));
}

static void put_word(struct json *j, str key, const char *const *words, unsigned index)
{
    json_put_str(j, key, str_from_c(words[index]));
}

/* Our own words, and values that can be written exactly. */
static void put_milli(struct json *j, str key, int64_t milli)
{
    json_key(j, key);
    json_milli(j, milli);
}

void suspicion_put(struct json *j, const struct suspicion *s, const struct viewer *v)
{
    json_put_str(j, STR("suspicion"), s->id);
    json_put_str(j, STR("number"), s->number);
    put_word(j, STR("detector"), detector_words, s->detector);
    put_word(j, STR("state"), suspicion_state_words, s->state);
    json_put_str_if_any(j, STR("model"), s->model);
    json_put_str_if_any(j, STR("digest"), s->digest);
    put_milli(j, STR("margin"), s->margin);
    json_put_i64(j, STR("at_call"), s->at_call);
    if (!str_is_empty(s->reasons)) {
        json_key(j, STR("reasons"));
        json_raw(j, s->reasons);
    }
    json_put_str_if_any(j, STR("box"), s->box);
    json_put_str_if_any(j, STR("listing"), s->listing);
    json_put_instant(j, STR("found_at"), s->found_at, v->zone_min);
    json_put_instant(j, STR("until"), s->until, v->zone_min);
    put_decider(j, s->decider, v);
    json_put_instant(j, STR("decided_at"), s->decided_at, v->zone_min);
    json_put_str_if_any(j, STR("decided_why"), s->decided_why);
    json_put_str(j, STR("division"), s->division);
    json_put_i64(j, STR("revision"), s->revision);
}

void tip_put(struct json *j, const struct tip *t, const struct viewer *v)
{
    json_put_str(j, STR("tip"), t->id);
    put_word(j, STR("kind"), indicator_kind_words, t->kind);
    json_put_str(j, STR("value"), t->value);
    put_word(j, STR("state"), tip_state_words, t->state);
    json_put_i64(j, STR("told"), t->told);
    json_put_i64(j, STR("by_programs"), t->by_programs);
    json_put_str_if_any(j, STR("listing"), t->listing);
    json_put_instant(j, STR("first_at"), t->first_at, v->zone_min);
    json_put_instant(j, STR("last_at"), t->last_at, v->zone_min);
    json_put_instant(j, STR("until"), t->until, v->zone_min);
    put_decider(j, t->decider, v);
    json_put_instant(j, STR("decided_at"), t->decided_at, v->zone_min);
    json_put_str_if_any(j, STR("decided_why"), t->decided_why);
    json_put_str(j, STR("division"), t->division);
    json_put_i64(j, STR("revision"), t->revision);
}

void box_put(struct json *j, const struct sim_box *b, const struct viewer *v)
{
    json_put_str(j, STR("box"), b->id);
    put_word(j, STR("state"), sim_box_state_words, b->state);
    json_put_str_if_any(j, STR("carrier"), b->carrier);
    if (v->sees_personal)
        json_put_str_if_any(j, STR("cell"), b->cell);
    json_put_i64(j, STR("channels"), b->channels);
    json_put_i64(j, STR("card_count"), b->card_count);
    json_put_i64(j, STR("starts"), b->starts);
    json_put_i64(j, STR("refused"), b->refused);
    put_milli(j, STR("evidence"), b->evidence);
    if (v->sees_personal && !str_is_empty(b->cards)) {
        json_key(j, STR("cards"));
        json_raw(j, b->cards);
    }
    json_put_instant(j, STR("first_at"), b->first_at, v->zone_min);
    json_put_instant(j, STR("last_at"), b->last_at, v->zone_min);
    json_put_instant(j, STR("found_at"), b->found_at, v->zone_min);
    json_put_instant(j, STR("seen_at"), b->seen_at, v->zone_min);
    json_put_instant(j, STR("until"), b->until, v->zone_min);
    put_decider(j, b->decider, v);
    json_put_instant(j, STR("decided_at"), b->decided_at, v->zone_min);
    json_put_str_if_any(j, STR("decided_why"), b->decided_why);
    json_put_str(j, STR("division"), b->division);
    json_put_i64(j, STR("revision"), b->revision);
}
