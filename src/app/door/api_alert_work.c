/* SPDX-License-Identifier: Apache-2.0 */
/* Where people say what they did about an alert, and what became of it. */
#include "app/alert/alert_seal.h"
#include "app/alert/alert_turn.h"
#include "app/call/api_body.h"
#include "app/call/api_routes.h"
#include "app/door/api_alerts.h"
#include "desk/alert.h"
#include "fact/division.h"
#include "fact/number.h"
#include "show/alerts.h"

enum { NAME_BYTES = 64, TOLD_BYTES = 1200 };

/* A command that is read, and what answers it. */
struct deed {
    struct command cmd;
    str alert;
    str beat;       /* that was told with an address; empty: none */
    bool is_beside; /* a new record beside the alert: its id is made with it */
};

static err put_answer(struct call *call, str alert)
{
    union record now;
    struct api_json made;
    TRY(api_row(call, RECORD_ALERT, alert, &now));
    alerts_put_one(call, api_json(call, &made), &now.alert, false);
    return api_json_done(call, &made, 200);
}

static err write_deed(struct call *call, struct store *store, instant at)
{
    struct deed *d = call->own;
    if (d->is_beside)
        d->cmd.record = store_id(store, at, &call->arena);
    TRY(store_apply(store, &d->cmd, at, &call->arena, NULL));
    if (!str_is_empty(d->beat)) {
        struct command place = {.act = ACT_ALERT_PLACE, .actor = d->cmd.actor, .record = d->alert};
        place.body.alert.beat = d->beat;
        TRY(store_apply(store, &place, at, &call->arena, NULL));
    }
    return put_answer(call, d->alert);
}

/* The alert that the path names, to be seen by whoever asks. */
static err begin(struct call *call, enum act act, struct alert *ret_alert, struct deed **ret_deed)
{
    union record r;
    struct deed *d = arena_make(&call->arena, sizeof *d);
    if (d == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(api_permit(call, act));
    TRY(api_find(call, RECORD_ALERT, api_param(call, 0), &r));
    *d = (struct deed){
        .cmd = {.act = act, .actor = call->actor, .record = r.alert.id},
          .alert = r.alert.id
    };
    *ret_alert = r.alert;
    *ret_deed = d;
    return OK;
}

static err go(struct call *call, struct deed *d)
{
    call->own = d;
    call->write = write_deed;
    return OK;
}

/* --- raised by hand: somebody calls about somebody else --- */

static err write_news(struct call *call, struct store *store, instant at)
{
    str id = {0};
    const struct alert_turning t = {
        .house = call->house, .store = store, .arena = &call->arena, .at = at};
    TRY(alert_turn(&t, call->own, &id));
    return put_answer(call, id);
}

static err read_number(struct call *call, str *ret_number)
{
    struct number number = {0};
    str typed = {0};
    TRY(body_text(call, call->doc.root, "number", NAME_BYTES, &typed));
    call->column = STR("number");
    TRY(number_parse(typed, call->house->law.phone_region, &call->arena, &number));
    call->column = STR("");
    *ret_number = number.value;
    return OK;
}

static err read_division(struct call *call, str *ret_division)
{
    char room[DIVISION_BYTES];
    str typed = api_scope(call);
    str parsed = {0};
    TRY(body_text(call, call->doc.root, "division", NAME_BYTES, &typed));
    call->column = STR("division");
    TRY(division_parse(typed, room, &parsed));
    call->column = STR("");
    *ret_division = str_copy(&call->arena, parsed);
    return ret_division->at == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

err alerts_post(struct call *call)
{
    struct alert_news *n = arena_make(&call->arena, sizeof *n);
    if (n == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(api_permit(call, ACT_ALERT_OPEN));
    *n = (struct alert_news){
        .by = &call->actor, .tier = ALERT_TIER_COUNT, .rules = STR(ALERT_BY_HAND)};
    TRY(read_number(call, &n->number));
    TRY(read_division(call, &n->division));
    TRY(body_word(call, call->doc.root, "tier", alert_tier_words, &n->tier));
    TRY(body_text(call, call->doc.root, "scam", NAME_BYTES, &n->scam));
    TRY(body_text(call, call->doc.root, "language", NAME_BYTES, &n->language));
    TRY(body_text(call, call->doc.root, "why", ALERT_NOTE_BYTES, &n->why));
    if (n->tier == ALERT_TIER_COUNT)
        return fail(ERR_MALFORMED, "alert.tier", 0);
    if (str_is_empty(n->why))
        return fail(ERR_MALFORMED, "why.missing", 0);
    call->own = n;
    call->write = write_news;
    return OK;
}

/* --- reaching them --- */

err alert_outreach(struct call *call)
{
    struct alert a = {0};
    struct deed *d = NULL;
    unsigned means = MEANS_NONE;
    unsigned result = RESULT_COUNT;
    TRY(begin(call, ACT_OUTREACH_TAKE, &a, &d));
    struct outreach *o = &d->cmd.body.outreach;
    d->is_beside = true;
    o->alert = a.id;
    o->division = a.division;
    TRY(body_word(call, call->doc.root, "means", outreach_means_words, &means));
    TRY(body_word(call, call->doc.root, "result", outreach_result_words, &result));
    TRY(body_text(call, call->doc.root, "note", ALERT_NOTE_BYTES, &o->note));
    TRY(body_instant(call, "at", &o->done_at));
    o->means = means;
    o->result = result;
    return go(call, d);
}

err alert_outcome(struct call *call)
{
    struct alert a = {0};
    struct deed *d = NULL;
    TRY(begin(call, ACT_ALERT_CONCLUDE, &a, &d));
    struct alert *said = &d->cmd.body.alert;
    TRY(body_word(call, call->doc.root, "outcome", alert_outcome_words, &said->outcome));
    TRY(body_amount(call, "paid", &said->paid));
    TRY(body_amount(call, "saved", &said->saved));
    TRY(body_text(call, call->doc.root, "note", ALERT_NOTE_BYTES, &said->note));
    TRY(body_instant(call, "at", &said->outcome_at));
    return go(call, d);
}

/* --- who works on it --- */

static err read_officer(struct call *call, struct deed *d)
{
    str name = {0};
    TRY(body_text(call, call->doc.root, "officer", NAME_BYTES, &name));
    call->column = STR("officer");
    TRY(alerts_officer(call, name, &d->cmd.body.alert.officer));
    call->column = STR("");
    return OK;
}

static err read_why(struct call *call, struct deed *d)
{
    return body_text(call, call->doc.root, "why", ALERT_NOTE_BYTES, &d->cmd.why);
}

err alert_assign(struct call *call)
{
    struct alert a = {0};
    struct deed *d = NULL;
    TRY(begin(call, ACT_ALERT_ASSIGN, &a, &d));
    TRY(read_officer(call, d));
    return go(call, d);
}

err alert_take(struct call *call)
{
    struct alert a = {0};
    struct deed *d = NULL;
    TRY(begin(call, ACT_ALERT_TAKE, &a, &d));
    return go(call, d);
}

err alert_refuse(struct call *call)
{
    struct alert a = {0};
    struct deed *d = NULL;
    TRY(begin(call, ACT_ALERT_REFUSE, &a, &d));
    TRY(read_why(call, d));
    return go(call, d);
}

err alert_handover(struct call *call)
{
    struct alert a = {0};
    struct deed *d = NULL;
    TRY(begin(call, ACT_ALERT_HAND_OVER, &a, &d));
    TRY(read_officer(call, d));
    TRY(read_why(call, d));
    return go(call, d);
}

/* --- afterwards --- */

err alert_checkback(struct call *call)
{
    struct alert a = {0};
    struct deed *d = NULL;
    TRY(begin(call, ACT_ALERT_CHECK, &a, &d));
    struct alert *said = &d->cmd.body.alert;
    TRY(body_word(call, call->doc.root, "result", alert_checking_words, &said->checking));
    TRY(body_text(call, call->doc.root, "note", ALERT_NOTE_BYTES, &said->check_note));
    return go(call, d);
}

err alert_hush(struct call *call)
{
    struct alert a = {0};
    struct deed *d = NULL;
    TRY(begin(call, ACT_HUSH_ASK, &a, &d));
    d->is_beside = true;
    d->cmd.body.hush = (struct hush){.alert = a.id, .division = a.division};
    TRY(body_instant(call, "until", &d->cmd.body.hush.until));
    return go(call, d);
}

/* --- where they are --- */

err alert_whereabouts(struct call *call)
{
    struct alert a = {0};
    struct deed *d = NULL;
    TRY(begin(call, ACT_WHEREABOUTS_ASK, &a, &d));
    d->is_beside = true;
    d->cmd.body.whereabouts = (struct whereabouts){.alert = a.id, .division = a.division};
    TRY(read_why(call, d));
    return go(call, d);
}

/* The beat of the address, where whoever tells it knows; nothing finer is kept apart from it. */
static err read_beat(struct call *call, struct deed *d)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(body_text(call, call->doc.root, "beat", NAME_BYTES, &d->beat));
    if (str_is_empty(d->beat))
        return OK;
    call->column = STR("beat");
    TRY(sql_ask(api_sql(call), "SELECT 1 FROM beat WHERE \"id\" = $1", &row));
    sql_bind_str(row, 1, d->beat);
    err e = sql_next(row, &has_row);
    sql_done(&row);
    TRY(e);
    if (!has_row)
        return fail(ERR_MALFORMED, "beat.unknown", 0);
    call->column = STR("");
    return OK;
}

/* What the carrier said: sealed before it comes near the store. */
err alert_whereabouts_tell(struct call *call)
{
    struct alert a = {0};
    struct deed *d = NULL;
    union record r;
    str address = {0};
    TRY(begin(call, ACT_WHEREABOUTS_TELL, &a, &d));
    TRY(alerts_find_whereabouts(call, a.id, &r));
    TRY(body_text(call, call->doc.root, "address", TOLD_BYTES, &address));
    TRY(read_beat(call, d));
    call->column = STR("address");
    if (str_is_empty(address))
        return fail(ERR_MALFORMED, "whereabouts.address", 0);
    call->column = STR("");
    call->is_secret = true;
    d->cmd.record = str_copy(&call->arena, r.whereabouts.id);
    return failed(seal_put(&call->house->seal, STR(ALERT_SEALED_ADDRESS), address, &call->arena,
                           &d->cmd.body.whereabouts.address))
               ? fail(ERR_LIMIT, "limit.memory", 0)
               : go(call, d);
}
