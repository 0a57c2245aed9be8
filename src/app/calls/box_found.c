/* SPDX-License-Identifier: Apache-2.0 */
/* A device that was found: its row, new or renewed, and suspicions of its cards. */
#include "app/calls/detect_boxes.h"
#include "app/calls/suspect_rules.h"
#include "app/house/ask.h"
#include "kit/json.h"
#include "store/row.h"

#include <assert.h>

struct writing {
    const struct box_found *found;
    struct store *store;
    struct suspect_rules rules;
    str id; /* of the device */
    str suspicions[BOX_CARDS_MOST];
    bool is_said[BOX_CARDS_MOST]; /* now, under this id */
    uint32_t count;
};

static const struct actor centre = {
    .user = {.at = "centre", .size = 6},
      .kind = ACTOR_CENTRE
};

static str number_of(const struct card *card)
{
    return str_make(card->number, strnlen(card->number, sizeof card->number));
}

static str text_of(const char room[CELL_TEXT_BYTES])
{
    return str_make(room, strnlen(room, CELL_TEXT_BYTES));
}

static err spent(void)
{
    return fail(ERR_LIMIT, "limit.memory", 0);
}

/* --- which device --- */

static bool shares_a_card(const struct box_found *f, str cards, struct arena *turn)
{
    for (uint32_t i = 0; i < f->box->count; i++) {
        struct text t;
        text_init(&t, turn);
        text_printf(&t, "\"number\":\"%.*s\"", STR_ARGS(number_of(&f->cards[i])));
        bool is_known = f->cards[i].key != 0 && !text_spent(&t) && !str_is_empty(cards);
        str word = text_str(&t);
        if (is_known && memmem(cards.at, cards.size, word.at, word.size) != NULL)
            return true;
    }
    return false;
}

static err find_known(const struct writing *w, struct sim_box *ret_box)
{
    struct sql_row *row = NULL;
    struct arena *turn = w->rules.turn;
    struct text t;
    bool has_row = false;
    text_init(&t, turn);
    text_printf(&t,
                "SELECT %s FROM sim_box WHERE \"cell\" = $1 AND coalesce(\"carrier\", '') = $2"
                " ORDER BY \"id\" DESC LIMIT 16",
                row_columns(RECORD_BOX));
    if (text_spent(&t))
        return spent();
    TRY(sql_ask_text(w->rules.db, text_str(&t), &row));
    sql_bind_str(row, 1, text_of(w->found->cell->name));
    sql_bind_str(row, 2, text_of(w->found->cell->carrier));
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row && str_is_empty(ret_box->id)) {
        union record r;
        e = row_read(row, 0, RECORD_BOX, turn, &r);
        if (!failed(e) && shares_a_card(w->found, r.box.cards, turn))
            *ret_box = r.box;
        if (!failed(e))
            e = sql_next(row, &has_row);
    }
    sql_done(&row);
    return e;
}

/* --- its cards --- */

/* By number, with the ids that their suspicions will have. */
static err judge_cards(struct writing *w)
{
    const struct box_found *f = w->found;
    for (uint32_t i = 0; i < w->count; i++) {
        enum found_fate fate = FOUND_KNOWN;
        w->suspicions[i] = STR("");
        if (f->cards[i].key == 0)
            continue;
        TRY(suspect_rules_judge(&w->rules, number_of(&f->cards[i]), DETECTOR_BOXES, &fate,
                                &w->suspicions[i]));
        w->is_said[i] = fate == FOUND_SAID;
        if (w->is_said[i])
            w->suspicions[i] = store_id(w->store, w->rules.at, w->rules.turn);
    }
    return OK;
}

static uint32_t end_of(const struct box_call *c)
{
    uint32_t end_s = 0;
    return __builtin_add_overflow(c->start_s, c->duration_s, &end_s) ? UINT32_MAX : end_s;
}

struct span {
    uint32_t from_s;
    uint32_t until_s;
};

/* Its newest turns. The calls lie by key and start. */
static uint32_t find_spans(const struct box_found *f, uint64_t key, struct span *spans)
{
    uint64_t count = 0;
    for (size_t i = 0; i < f->call_count; i++) {
        const struct box_call *c = &f->calls[i];
        struct span *last = count == 0 ? NULL : &spans[(count - 1) % BOX_SPANS_MOST];
        if (c->key != key)
            continue;
        bool goes_on = last != NULL && c->start_s <= last->until_s + box_rule_preset.silence_s[0];
        if (goes_on && end_of(c) > last->until_s)
            last->until_s = end_of(c);
        if (!goes_on)
            spans[count++ % BOX_SPANS_MOST] = (struct span){c->start_s, end_of(c)};
    }
    return (uint32_t)count;
}

static void put_spans(struct json *j, const struct box_found *f, uint64_t key)
{
    struct span spans[BOX_SPANS_MOST];
    uint32_t count = find_spans(f, key, spans);
    uint32_t first = count > BOX_SPANS_MOST ? count - BOX_SPANS_MOST : 0;
    json_key(j, STR("spans"));
    json_array(j);
    for (uint32_t i = first; i < count; i++) {
        json_array(j);
        json_i64(j, spans[i % BOX_SPANS_MOST].from_s);
        json_i64(j, spans[i % BOX_SPANS_MOST].until_s);
        json_end(j);
    }
    json_end(j);
}

static err put_cards(const struct writing *w, str *ret_cards)
{
    const struct box_found *f = w->found;
    struct text t;
    struct json j;
    text_init(&t, w->rules.turn);
    json_init(&j, &t);
    json_array(&j);
    for (uint32_t i = 0; i < w->count; i++) {
        const struct box_member *m = &f->box->members[i];
        json_object(&j);
        json_put_str(&j, STR("number"), number_of(&f->cards[i]));
        json_put_str_if_any(&j, STR("suspicion"), w->suspicions[i]);
        json_put_i64(&j, STR("turns"), m->turns);
        json_put_i64(&j, STR("ends"), m->ends);
        json_put_i64(&j, STR("handed"), m->handed);
        json_put_i64(&j, STR("chance"), m->chance);
        json_key(&j, STR("evidence"));
        json_milli(&j, m->evidence);
        put_spans(&j, f, m->key);
        json_end(&j);
    }
    json_end(&j);
    *ret_cards = text_str(&t);
    return text_spent(&t) ? spent() : OK;
}

static err put_reasons(const struct writing *w, const struct box_member *m, str *ret_reasons)
{
    const struct {
        const char *name;
        uint64_t value;
    } said[] = {
        {"turns",        m->turns                            },
        {"handed_share", (uint64_t)m->handed * 1000 / m->ends},
        {"chance_share", m->chance                           },
        {"cards",        w->found->box->count                },
        {"channels",     w->found->box->channels             },
    };
    struct text t;
    struct json j;
    text_init(&t, w->rules.turn);
    json_init(&j, &t);
    json_array(&j);
    for (size_t i = 0; i < COUNT_OF(said); i++) {
        json_object(&j);
        json_put_str(&j, STR("feature"), str_from_c(said[i].name));
        json_put_i64(&j, STR("value"), (int64_t)said[i].value);
        json_end(&j);
    }
    json_end(&j);
    *ret_reasons = text_str(&t);
    return text_spent(&t) ? spent() : OK;
}

static err say_card(struct writing *w, uint32_t i)
{
    const struct box_found *f = w->found;
    const struct box_member *m = &f->box->members[i];
    struct command cmd = {.act = ACT_SUSPICION_FIND, .actor = centre, .record = w->suspicions[i]};
    cmd.body.suspicion = (struct suspicion){.number = number_of(&f->cards[i]),
                                            .detector = DETECTOR_BOXES,
                                            .margin = m->evidence,
                                            .box = w->id,
                                            .until = suspect_rules_until(&w->rules),
                                            .division = f->findings->division};
    TRY(put_reasons(w, m, &cmd.body.suspicion.reasons));
    return store_apply(w->store, &cmd, w->rules.at, w->rules.turn, NULL);
}

/* --- the device --- */

static instant at_second(uint32_t s)
{
    return instant_from_us((int64_t)s * US_PER_S);
}

static err write_box(struct writing *w, const struct sim_box *known)
{
    const struct box_found *f = w->found;
    bool is_new = str_is_empty(known->id);
    struct command cmd = {.act = is_new ? ACT_BOX_FIND : ACT_BOX_RENEW, .actor = centre};
    cmd.record = is_new ? store_id(w->store, w->rules.at, w->rules.turn) : known->id;
    cmd.body.box = (struct sim_box){.carrier = text_of(f->cell->carrier),
                                    .cell = text_of(f->cell->name),
                                    .channels = f->box->channels,
                                    .card_count = f->box->count,
                                    .starts = f->box->starts,
                                    .refused = f->box->refused,
                                    .evidence = f->box->members[0].evidence,
                                    .first_at = at_second(f->box->first_s),
                                    .last_at = at_second(f->box->last_s),
                                    .until = suspect_rules_until(&w->rules),
                                    .division = f->findings->division};
    w->id = cmd.record;
    TRY(judge_cards(w));
    TRY(put_cards(w, &cmd.body.box.cards));
    TRY(store_apply(w->store, &cmd, w->rules.at, w->rules.turn, NULL));
    for (uint32_t i = 0; i < w->count; i++)
        if (w->is_said[i])
            TRY(say_card(w, i));
    return suspect_rules_end(&w->rules);
}

/* The same calls show the same device: there is nothing to say. */
static bool is_news(const struct box_found *f, const struct sim_box *known)
{
    return str_is_empty(known->id) || known->card_count != f->box->count ||
           known->starts != f->box->starts || known->last_at.us != at_second(f->box->last_s).us;
}

static err write_found(void *self, struct store *store, instant at, struct arena *turn)
{
    const struct box_found *f = self;
    struct sim_box known = {0};
    struct writing *w = arena_make(turn, sizeof *w);
    if (w == NULL)
        return spent();
    *w = (struct writing){.found = f, .store = store, .rules = {.turn = turn}};
    w->count = f->box->count < BOX_CARDS_MOST ? f->box->count : BOX_CARDS_MOST;
    TRY(suspect_rules_begin(&w->rules, f->findings->house, store, at));
    TRY(find_known(w, &known));
    return is_news(f, &known) ? write_box(w, &known) : OK;
}

err box_found_say(struct box_found *found)
{
    return ask_store(found->findings->house, write_found, found);
}
