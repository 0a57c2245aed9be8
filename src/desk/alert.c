/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of an alert. Left what the machine does, right what people do:
 *
 *      open, rise, fall            assign, take              outreach            conclude
 *     -----------------> open ----------------> assigned -----------> reached -----------> closed
 *                          |  <----------------                          |                  as
 *                          |    refuse                                   |                outcome
 *                          +----------- fall to none, fade --------------+------> closed as faded
 *                                       (nobody at work)
 *
 * It goes down by itself and leaves nothing; what somebody works on the machine never closes. What
 * faded before an officer's telephone was heard of again is concluded all the same.
 */
#include "desk/alert.h"

#include <assert.h>

enum { SCAM_BYTES = 64, KEY_BYTES = 64, SEALED_BYTES = 400, LANGUAGE_BYTES = 16 };

/* What a telephone's clock may be off. */
#define SKEW_US (5 * US_PER_MIN)

bool alert_is_worked_on(const struct alert *a)
{
    return !str_is_empty(a->officer);
}

err alert_moment(const struct alert *a, instant said, instant at, const char *why,
                 instant *ret_moment)
{
    instant first = a->opened_at;
    instant moment = said.us == 0 ? at : said;
    if (moment.us > at.us + SKEW_US || moment.us < first.us - SKEW_US)
        return fail(ERR_MALFORMED, why, 0);
    moment = moment.us > at.us ? at : moment;
    *ret_moment = moment.us < first.us ? first : moment;
    return OK;
}

void alert_close(enum alert_ending ending, const struct law_profile *law, instant at,
                 struct change *change)
{
    struct alert *a = &change->after.alert;
    bool was_closed = a->state == ALERT_CLOSED;
    a->ending = ending;
    if (was_closed)
        return;
    a->state = ALERT_CLOSED;
    a->closed_at = at;
    a->is_late = 0;
    a->until = instant_add_us(at, law->alert_retention_days * US_PER_DAY);
    ladder_stop(a);
    change_timer_stop(change, ACT_ALERT_LATE);
    change_timer_stop(change, ACT_ALERT_ESCALATE);
    change_timer_stop(change, ACT_ALERT_FADE);
    change_timer(change, ACT_ALERT_ERASE, a->until);
}

/* An address is nobody's business any more. */
static void forget_address(const struct desk_view *view, struct change *change)
{
    if (!str_is_empty(view->whereabouts))
        change_follow(change, ACT_WHEREABOUTS_ERASE, view->whereabouts, STR(""));
}

static void fade_later(const struct law_profile *law, instant at, struct change *change)
{
    if (law->alert_fade_hours > 0)
        change_timer(change, ACT_ALERT_FADE,
                     instant_add_us(at, law->alert_fade_hours * US_PER_HOUR));
}

/* Whom nobody may reach has an alert that stands, and says why. */
static unsigned withhold(const struct alert_spent *spent, const struct law_profile *law,
                         unsigned tier)
{
    int64_t a_number = law->alert_a_number + (tier == ALERT_URGENT);
    int64_t a_day = law->ladders[tier].a_day;
    if (spent == NULL)
        return WITHHELD_NONE;
    if (spent->is_hushed && tier <= spent->hushed_to)
        return WITHHELD_HUSHED;
    if (law->alert_a_number > 0 && spent->a_number >= a_number)
        return WITHHELD_NUMBER;
    return a_day > 0 && spent->a_day[tier] >= a_day ? WITHHELD_DAY : WITHHELD_NONE;
}

/* A tier that it never had: the ladder of that tier, from where one is. */
static void climb(const struct desk_view *view, const struct law_profile *law, instant at,
                  struct alert *a)
{
    const struct ladder *l = &law->ladders[a->tier];
    bool is_first = a->rises == 1;
    if (is_first || a->withheld != WITHHELD_NONE)
        a->withheld = withhold(view->spent, law, a->tier);
    a->highest = a->tier;
    a->risen_at = at;
    instant due = instant_add_us(at, l->due_min * US_PER_MIN);
    if (l->due_min > 0 && (a->due_at.us == 0 || due.us < a->due_at.us))
        a->due_at = due;
    if (a->reached_at.us == 0 || l->reached_is_enough == 0)
        ladder_next(law, at, a);
}

static err seen_check(const struct alert *seen)
{
    if (seen->tier >= ALERT_TIER_COUNT || seen->micro < 0 || seen->micro > 1000000)
        return fail(ERR_MALFORMED, "alert.tier", 0);
    if (str_is_empty(seen->rules) || seen->rules.size > KEY_BYTES)
        return fail(ERR_MALFORMED, "alert.rules", 0);
    if (seen->source < 0 || seen->source > UINT16_MAX)
        return fail(ERR_MALFORMED, "alert.parts", 0);
    if (seen->parts.size > ALERT_PARTS_BYTES || seen->scam.size > SCAM_BYTES ||
        seen->cause.size > KEY_BYTES)
        return fail(ERR_LIMIT, "alert.parts", 0);
    return OK;
}

static err open_alert(const struct desk_view *view, const struct command *cmd,
                      const struct law_profile *law, instant at, struct change *change)
{
    const struct alert *seen = &cmd->body.alert;
    if (view->own != NULL)
        return fail(ERR_CONFLICT, "alert.exists", 0);
    TRY(seen_check(seen));
    if (str_is_empty(seen->pseudonym) || seen->pseudonym.size > KEY_BYTES ||
        str_is_empty(seen->subscriber) || seen->subscriber.size > SEALED_BYTES ||
        seen->language.size > LANGUAGE_BYTES)
        return fail(ERR_MALFORMED, "alert.subscriber", 0);
    change->after.alert = (struct alert){.id = cmd->record,
                                         .pseudonym = seen->pseudonym,
                                         .subscriber = seen->subscriber,
                                         .language = seen->language,
                                         .tier = seen->tier,
                                         .micro = seen->micro,
                                         .scam = seen->scam,
                                         .opened_at = at,
                                         .rises = 1,
                                         .parts = seen->parts,
                                         .risen_micro = seen->micro,
                                         .cause = seen->cause,
                                         .source = seen->source,
                                         .rules = seen->rules,
                                         .division = seen->division};
    climb(view, law, at, &change->after.alert);
    ladder_arm(&change->after.alert, change);
    fade_later(law, at, change);
    return OK;
}

static err rise(const struct desk_view *view, const struct command *cmd,
                const struct law_profile *law, instant at, struct change *change)
{
    const struct alert *seen = &cmd->body.alert;
    struct alert *a = &change->after.alert;
    TRY(seen_check(seen));
    if (seen->tier <= a->tier && a->is_faint == 0)
        return fail(ERR_CONFLICT, "alert.no_rise", 0);
    a->tier = seen->tier;
    a->micro = a->risen_micro = seen->micro;
    a->cause = seen->cause;
    a->source = seen->source;
    a->is_faint = 0;
    a->rises++;
    a->rules = seen->rules;
    a->parts = str_is_empty(seen->parts) ? a->parts : seen->parts;
    a->scam = str_is_empty(seen->scam) ? a->scam : seen->scam;
    fade_later(law, at, change);
    if (a->tier <= a->highest)
        return OK;
    climb(view, law, at, a);
    ladder_arm(a, change);
    return OK;
}

/* Nothing speaks for it any more. */
static void fade(const struct desk_view *view, const struct law_profile *law, instant at,
                 struct change *change)
{
    struct alert *a = &change->after.alert;
    if (alert_is_worked_on(a)) {
        a->is_faint = 1;
        return;
    }
    alert_close(ENDING_FADED, law, at, change);
    forget_address(view, change);
}

static err fall(const struct desk_view *view, const struct command *cmd,
                const struct law_profile *law, instant at, struct change *change)
{
    const struct alert *seen = &cmd->body.alert;
    struct alert *a = &change->after.alert;
    if (seen->tier >= ALERT_TIER_COUNT || seen->micro < 0 || seen->micro > 1000000)
        return fail(ERR_MALFORMED, "alert.tier", 0);
    if (seen->is_faint == 0 && seen->tier >= a->tier)
        return fail(ERR_CONFLICT, "alert.no_fall", 0);
    a->micro = seen->micro;
    if (seen->is_faint != 0) {
        a->tier = ALERT_LOW;
        fade(view, law, at, change);
        return OK;
    }
    a->tier = seen->tier;
    fade_later(law, at, change);
    return OK;
}

static err be_late(const struct law_profile *law, instant at, struct change *change)
{
    struct alert *a = &change->after.alert;
    const struct ladder *l = &law->ladders[a->highest];
    a->is_late = 1;
    a->told = str_is_empty(a->division) ? STR(DIVISION_TOP) : a->division;
    a->told_at = at;
    if (l->escalate_min > 0)
        ladder_timer(a, ACT_ALERT_ESCALATE, instant_add_us(at, l->escalate_min * US_PER_MIN),
                     change);
    return OK;
}

static err escalate(const struct law_profile *law, instant at, struct change *change)
{
    struct alert *a = &change->after.alert;
    if (a->is_late == 0 || str_equal(a->told, STR(DIVISION_TOP)))
        return fail(ERR_CONFLICT, "alert.not_late", 0);
    a->told = ladder_above(a->told);
    a->told_at = at;
    if (!str_equal(a->told, STR(DIVISION_TOP)))
        ladder_timer(a, ACT_ALERT_ESCALATE,
                     instant_add_us(at, law->ladders[a->highest].escalate_min * US_PER_MIN),
                     change);
    return OK;
}

/* Whom we warned, and who was robbed all the same, or whom we let go. */
static err join_report(const struct command *cmd, struct alert *a)
{
    if (!str_is_empty(a->report))
        return fail(ERR_CONFLICT, "alert.reported", 0);
    if (str_is_empty(cmd->body.alert.report))
        return fail(ERR_MALFORMED, "report.absent", 0);
    if (cmd->body.alert.lost < 0)
        return fail(ERR_MALFORMED, "alert.money", 0);
    a->report = cmd->body.alert.report;
    a->is_missed = 1;
    a->is_warned = cmd->body.alert.is_warned != 0;
    a->lead_s = cmd->body.alert.lead_s;
    a->lost = cmd->body.alert.lost;
    return OK;
}

static err erase(const struct desk_view *view, const struct law_profile *law, instant at,
                 struct change *change)
{
    struct alert *a = &change->after.alert;
    bool has_ended = a->state == ALERT_CLOSED && a->until.us <= at.us;
    if (!has_ended && !change_is_restored(view))
        return fail(ERR_CONFLICT, "alert.not_ended", 0);
    if (a->state != ALERT_CLOSED) /* as an older backup has it */
        alert_close(ENDING_FADED, law, at, change);
    a->pseudonym = a->subscriber = a->parts = a->note = a->check_note = a->beat = STR("");
    change_timer_stop(change, ACT_ALERT_ERASE);
    change->is_erasing = true;
    change_effect(change, EFFECT_ERASURE);
    return OK;
}

/* What the machine does, or what follows from something else. */
static err go_on(const struct desk_view *view, const struct command *cmd,
                 const struct law_profile *law, instant at, struct change *change)
{
    switch ((int)cmd->act) { /* only this record's acts come here */
    case ACT_ALERT_RISE:
        return rise(view, cmd, law, at, change);
    case ACT_ALERT_FALL:
        return fall(view, cmd, law, at, change);
    case ACT_ALERT_LATE:
        return be_late(law, at, change);
    case ACT_ALERT_ESCALATE:
        return escalate(law, at, change);
    case ACT_ALERT_FADE:
        fade(view, law, at, change);
        return OK;
    }
    return alert_work(view, cmd, law, at, change);
}

static bool is_of_ended(enum act act)
{
    return act == ACT_ALERT_CONCLUDE || act == ACT_ALERT_CHECK || act == ACT_ALERT_STEP;
}

err alert_decide(const struct desk_view *view, const struct command *cmd,
                 const struct law_profile *law, instant at, struct change *ret_change)
{
    change_begin(ret_change, view);
    if (cmd->act != ACT_ALERT_OPEN && view->own == NULL)
        return fail(ERR_ABSENT, "alert.absent", 0);
    if (cmd->act == ACT_ALERT_READ) {
        ret_change->is_reading = true;
        return words_check(cmd->why, ALERT_NOTE_BYTES, "purpose.missing", "why.too_long");
    }
    change_effect(ret_change, EFFECT_STREAM);
    if (cmd->act == ACT_ALERT_OPEN)
        return open_alert(view, cmd, law, at, ret_change);
    if (cmd->act == ACT_ALERT_ERASE)
        return erase(view, law, at, ret_change);
    if (cmd->act == ACT_ALERT_REPORT)
        return join_report(cmd, &ret_change->after.alert);
    if (view->own->alert.state == ALERT_CLOSED && !is_of_ended(cmd->act))
        return fail(ERR_CONFLICT, "alert.closed", 0);
    if (cmd->act == ACT_ALERT_STEP)
        return alert_step(view, cmd, law, at, ret_change);
    return go_on(view, cmd, law, at, ret_change);
}
