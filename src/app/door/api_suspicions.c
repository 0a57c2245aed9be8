/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Suspicions: numbers that a detector found. Nothing is done to them until a person proposes a
 * listing, in his own name, and another approves it.
 */
#include "app/call/api_body.h"
#include "app/call/api_decide.h"
#include "app/call/api_history.h"
#include "app/call/api_routes.h"
#include "app/door/outcomes.h"
#include "desk/permit.h"
#include "fact/indicator.h"
#include "show/found.h"

enum { DECIDE_MOST = 500, WORD_BYTES = 200, TERM_DAYS = 30 };

/* --- reading --- */

static str display_of(struct call *call, str number)
{
    struct indicator known = {0};
    err e = indicator_parse(INDICATOR_NUMBER, number, call->house->law.phone_region, &call->arena,
                            &known);
    return failed(e) ? number : known.display;
}

/* Whoever proposes many by one key goes by the score alone: the profile says how good that has to
 * be. Not where people have seen the device whose cards they are. */
static err is_together(struct call *call, const struct suspicion *s, const struct outcomes *o,
                       bool *ret_is)
{
    union record box;
    *ret_is = o[s->detector].may_together;
    if (*ret_is || str_is_empty(s->box))
        return OK;
    TRY(api_row(call, RECORD_BOX, s->box, &box));
    *ret_is = box.box.state == SIM_BOX_CONFIRMED;
    return OK;
}

static err put_suspicion(struct call *call, struct json *j, const union record *r)
{
    struct viewer viewer = api_viewer(call);
    const struct suspicion *s = &r->suspicion;
    bool may_together = false;
    suspicion_put(j, s, &viewer);
    json_put_str(j, STR("display"), display_of(call, s->number));
    TRY(is_together(call, s, call->own, &may_together));
    json_key(j, STR("may"));
    json_array(j);
    if (s->state == SUSPICION_OPEN &&
        !failed(permit_check(&call->actor, ACT_SUSPICION_LIST, s->division))) {
        json_str(j, STR("list"));
        json_str(j, STR("dismiss"));
        if (may_together)
            json_str(j, STR("list_together"));
    }
    json_end(j);
    return OK;
}

/* For put_suspicion. */
static err measure(struct call *call, struct outcomes **ret_outcomes)
{
    *ret_outcomes = arena_make_array(&call->arena, DETECTOR_COUNT, sizeof **ret_outcomes);
    call->own = *ret_outcomes;
    return *ret_outcomes == NULL ? fail(ERR_LIMIT, "limit.memory", 0)
                                 : outcomes_read(call, *ret_outcomes);
}

err suspicions_get(struct call *call)
{
    TRY(api_permit(call, ACT_BOX_READ));
    struct list_query q = {.kind = RECORD_SUSPICION, .wants_total = true};
    struct list_page page = {0};
    struct outcomes *o = NULL;
    struct api_json made;
    TRY(api_query_word(call, "state", suspicion_state_words, &q));
    TRY(api_query_word(call, "detector", detector_words, &q));
    api_query_equal(&q, "number", api_query(call, "number"));
    api_query_equal(&q, "box", api_query(call, "box"));
    TRY(api_list(call, &q, &page));
    TRY(measure(call, &o));
    struct json *j = api_json(call, &made);
    outcomes_put(call, j, o);
    TRY(api_page_items(call, j, &page, put_suspicion));
    return api_json_done(call, &made, 200);
}

err suspicion_get(struct call *call)
{
    union record r;
    struct api_json made;
    struct outcomes *o = NULL;
    TRY(api_permit(call, ACT_BOX_READ));
    TRY(measure(call, &o));
    TRY(api_find(call, RECORD_SUSPICION, api_param(call, 0), &r));
    struct json *j = api_json(call, &made);
    TRY(put_suspicion(call, j, &r));
    TRY(history_put(call, j, r.suspicion.id));
    return api_json_done(call, &made, 200);
}

/* --- deciding: one or many with one reason --- */

struct decision {
    bool lists;
    str why;
    str basis;
    str reason; /* empty: as the detector says */
    unsigned action;
    instant until;
    json_value ids;
    struct outcomes outcomes[DETECTOR_COUNT];
};

static err evidence_of(struct call *call, const struct suspicion *s, str *ret_evidence)
{
    const struct decision *d = call->own;
    struct text t;
    text_init(&t, &call->arena);
    text_printf(&t, "suspicion %.*s, %s, ", STR_ARGS(s->id), detector_words[s->detector]);
    if (!str_is_empty(s->box))
        text_printf(&t, "box %.*s, ", STR_ARGS(s->box));
    text_put(&t, d->why);
    *ret_evidence = text_str(&t);
    return text_spent(&t) ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

/* The analyst's own proposal. */
static err propose(struct call *call, struct store *store, instant at, const struct suspicion *s,
                   str *ret_listing)
{
    const struct decision *d = call->own;
    bool is_box = s->detector == DETECTOR_BOXES;
    int64_t term_us = call->house->law.listing_max_term_us[INDICATOR_NUMBER][d->action];
    int64_t usual_us = TERM_DAYS * US_PER_DAY;
    struct command cmd = {.act = ACT_LISTING_PROPOSE,
                          .actor = call->actor,
                          .record = store_id(store, at, &call->arena)};
    str reason = is_box ? STR("sim_box") : STR("scam_calls");
    instant until = instant_add_us(at, term_us < usual_us ? term_us : usual_us);
    str evidence = {0};
    TRY(evidence_of(call, s, &evidence));
    cmd.body.listing = (struct listing){.kind = INDICATOR_NUMBER,
                                        .value = s->number,
                                        .display = display_of(call, s->number),
                                        .action = d->action,
                                        .match = MATCH_EXACT,
                                        .reason = str_is_empty(d->reason) ? reason : d->reason,
                                        .evidence = evidence,
                                        .basis = d->basis,
                                        .source = call->user_name,
                                        .score_milli = 0,
                                        .until = d->until.us == 0 ? until : d->until,
                                        .notice = call->house->law.notice,
                                        .division = s->division};
    *ret_listing = cmd.record;
    return store_apply(store, &cmd, at, &call->arena, NULL);
}

static err one_by_one(struct call *call, const struct suspicion *s)
{
    const struct decision *d = call->own;
    bool is = json_count(d->ids) == 1;
    if (!is)
        TRY(is_together(call, s, d->outcomes, &is));
    return is ? OK : fail(ERR_CONFLICT, "suspicion.one_by_one", 0);
}

static err decide_one(struct call *call, struct store *store, instant at, str id)
{
    const struct decision *d = call->own;
    union record r;
    struct command cmd = {.act = d->lists ? ACT_SUSPICION_LIST : ACT_SUSPICION_DISMISS,
                          .actor = call->actor,
                          .record = id,
                          .why = d->why};
    err e = api_row(call, RECORD_SUSPICION, id, &r);
    if (e.code == ERR_ABSENT || (!failed(e) && !api_sees(call, RECORD_SUSPICION, &r)))
        return fail(ERR_ABSENT, "suspicion.absent", 0);
    TRY(e);
    if (d->lists && r.suspicion.state == SUSPICION_OPEN) {
        TRY(one_by_one(call, &r.suspicion));
        TRY(propose(call, store, at, &r.suspicion, &cmd.body.suspicion.listing));
    }
    return store_apply(store, &cmd, at, &call->arena, NULL);
}

static err write_decisions(struct call *call, struct store *store, instant at)
{
    struct decision *d = call->own;
    TRY(outcomes_read(call, d->outcomes));
    return api_decide_many(call, store, at, &(struct api_many){"suspicion", d->ids, decide_one});
}

/* The law profile's first basis is the one of numbers. */
static err read_words(struct call *call, struct decision *d)
{
    const struct law_profile *law = &call->house->law;
    json_value root = call->doc.root;
    d->action = ACTION_BLOCK;
    TRY(body_text(call, root, "basis", WORD_BYTES, &d->basis));
    TRY(body_text(call, root, "reason", WORD_BYTES, &d->reason));
    TRY(body_word(call, root, "action", listing_action_words, &d->action));
    TRY(body_instant(call, "until", &d->until));
    call->column = STR("action");
    if (d->action == ACTION_ALLOW)
        return fail(ERR_MALFORMED, "action.not_allowed", 0);
    if (str_is_empty(d->basis) && law->basis_count > 0)
        d->basis = law->bases[0].code;
    return OK;
}

err suspicions_decide(struct call *call)
{
    struct decision *d = arena_make(&call->arena, sizeof *d);
    if (d == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(api_permit(call, ACT_SUSPICION_LIST));
    str said = api_body_str(call, "decision");
    d->lists = str_equal(said, STR("list"));
    d->why = str_trim(api_body_str(call, "why"));
    d->ids = json_get(call->doc.root, "suspicions");
    call->column = STR("decision");
    if (!d->lists && !str_equal(said, STR("dismiss")))
        return fail(ERR_MALFORMED, "word.unknown", 0);
    call->column = STR("suspicions");
    if (json_kind_of(d->ids) != JSON_KIND_ARRAY || json_count(d->ids) == 0)
        return fail(ERR_MALFORMED, "suspicion.none", 0);
    if (json_count(d->ids) > DECIDE_MOST)
        return fail(ERR_LIMIT, "suspicion.too_many", DECIDE_MOST);
    if (d->lists)
        TRY(read_words(call, d));
    call->column = STR("");
    call->own = d;
    call->write = write_decisions;
    return OK;
}
