/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reach/alert_reach.h"

#include "app/alert/alert_seal.h"
#include "show/messages.h"
#include "store/row.h"

static struct actor machine(void)
{
    return (struct actor){.user = STR("centre"), .kind = ACTOR_CENTRE};
}

static err find(struct store *store, str id, struct arena *turn, union record *ret_alert)
{
    return row_find(store_sql(store), RECORD_ALERT, id, turn, ret_alert);
}

/* The step was taken by somebody else meanwhile: that is no trouble. */
static err note(struct store *store, const struct alert *a, unsigned result, instant at,
                struct arena *turn)
{
    struct command cmd = {
        .act = ACT_OUTREACH_TAKE, .actor = machine(), .record = store_id(store, at, turn)};
    cmd.body.outreach = (struct outreach){
        .alert = a->id, .means = a->means, .result = result, .division = a->division};
    err e = store_apply(store, &cmd, at, turn, NULL);
    return e.code == ERR_CONFLICT ? OK : e;
}

static err note_message(struct store *store, str alert, unsigned result, instant at,
                        struct arena *turn)
{
    union record r;
    err e = find(store, alert, turn, &r);
    if (e.code == ERR_ABSENT)
        return OK;
    TRY(e);
    return r.alert.means == MEANS_MESSAGE ? note(store, &r.alert, result, at, turn) : OK;
}

err alert_reached(struct house *house, struct store *store, const struct post_answer *answer,
                  instant at, struct arena *turn)
{
    bool is_sent = answer->fate != PUSH_REFUSED;
    if (!is_sent)
        LOG(&house->log, LOG_WARN, "message_refused", LOG_ID("record", answer->record),
            LOG_INT("status", answer->status));
    return note_message(store, answer->record, is_sent ? RESULT_SENT : RESULT_FAILED, at, turn);
}

err alert_failed(struct store *store, str alert, instant at, struct arena *turn)
{
    return note_message(store, alert, RESULT_FAILED, at, turn);
}

/* --- guardians --- */

struct names {
    str ids[GUARDIANS_MOST];
    size_t count;
};

static err find_guardians(struct store *store, str pseudonym, struct arena *turn,
                          struct names *names)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(store_sql(store),
                "SELECT \"id\" FROM guardian WHERE \"pseudonym\" = $1 AND \"state\" = 'active'"
                " ORDER BY \"id\"",
                &row));
    sql_bind_str(row, 1, pseudonym);
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row && names->count < GUARDIANS_MOST) {
        names->ids[names->count++] = sql_str(row, 0, turn);
        e = sql_next(row, &has_row);
    }
    sql_done(&row);
    return e;
}

static err ask_guardians(struct store *store, const struct alert *a, instant at, struct arena *turn)
{
    struct names names = {.count = 0};
    bool is_asked = false;
    TRY(find_guardians(store, a->pseudonym, turn, &names));
    for (size_t i = 0; i < names.count; i++) {
        struct command cmd = {.act = ACT_GUARDIAN_ASK, .actor = machine(), .record = names.ids[i]};
        err e = store_apply(store, &cmd, at, turn, NULL);
        if (failed(e) && e.code != ERR_CONFLICT) /* today already, or just ended */
            return e;
        is_asked = is_asked || !failed(e);
    }
    return note(store, a, is_asked ? RESULT_SENT : RESULT_FAILED, at, turn);
}

/* --- a warning --- */

static err write_warning(struct house *house, struct store *store, const struct alert *a,
                         struct arena *turn, struct person_message *message)
{
    bool is_en = str_equal(a->language, STR("en"));
    str scam = str_is_empty(a->scam) ? STR("") : law_reason(&house->law, a->scam, is_en);
    const struct blank blanks[] = {
        {"{centre}", store_centre(store)->name},
        {"{scam}",   scam                     },
        {NULL,       {.at = NULL}             }
    };
    message->language = is_en ? LANGUAGE_EN : LANGUAGE_ZH;
    TRY(message_fill(str_is_empty(scam) ? "sms.alert.any" : "sms.alert", blanks, turn, message));
    return seal_get(&house->seal, STR(ALERT_SEALED_NUMBER), a->subscriber, turn, &message->to);
}

err alert_reach(struct house *house, struct store *store, const struct post_load *load,
                struct arena *turn, struct person_message *ret_message)
{
    union record r;
    *ret_message = (struct person_message){.to = STR(""), .text = STR("")};
    err e = find(store, load->record, turn, &r);
    if (e.code == ERR_ABSENT)
        return OK;
    TRY(e);
    const struct alert *a = &r.alert;
    bool is_ours = a->means == MEANS_MESSAGE || a->means == MEANS_GUARDIAN;
    if (a->state == ALERT_CLOSED || !is_ours || str_is_empty(a->subscriber))
        return OK;
    if (a->step_at.us > load->now.us)
        return outbox_keep(store, load->entry, a->step_at);
    if (a->means == MEANS_GUARDIAN)
        return ask_guardians(store, a, load->now, turn);
    return write_warning(house, store, a, turn, ret_message);
}
