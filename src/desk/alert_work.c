/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who works on an alert, and what became of it. Of two officers who accept at once the one whose
 * command comes first has it; the other is told that it is taken. An outcome counts once, also when
 * it comes a day late from a telephone that had no line.
 */
#include "desk/alert.h"
#include "fact/division.h"

#include <assert.h>

static bool is_own(const struct alert *a, const struct command *cmd)
{
    return str_equal(a->officer, cmd->actor.user);
}

/* Who is nothing but an officer speaks of their own alerts. */
static bool is_officer_only(const struct actor *actor)
{
    const role_set others = 1U << ROLE_OPERATOR | 1U << ROLE_COMMANDER;
    return actor->kind == ACTOR_STAFF && (actor->roles & others) == 0;
}

static void give_to(str officer, instant at, struct alert *a)
{
    a->officer = officer;
    a->assigned_at = at;
    a->taken_at = (instant){0};
    a->is_sent = 0;
    a->unsent = UNSENT_NONE;
    a->state = a->state == ALERT_OPEN ? ALERT_ASSIGNED : a->state;
}

static void give_back(struct alert *a)
{
    a->officer = STR("");
    a->assigned_at = a->taken_at = (instant){0};
    a->is_sent = 0;
    a->state = a->state == ALERT_ASSIGNED ? ALERT_OPEN : a->state;
}

/* Who had it and did not go: asked last, if at all. Of many the oldest is forgotten. */
static err pass_over(const struct desk_view *view, struct alert *a)
{
    size_t count = 1;
    if (str_is_empty(a->officer))
        return OK;
    TRY(people_add(a->passed, a->officer, view->turn, &a->passed));
    for (size_t i = 0; i < a->passed.size; i++)
        count += a->passed.at[i] == ' ';
    if (count > ALERT_PASSED_MOST)
        a->passed = str_from(a->passed, str_find_char(a->passed, ' ') + 1);
    return OK;
}

/* Somebody who can do it: an officer who is still one, and may see it. */
static err officer_check(const struct desk_view *view, const struct alert *a)
{
    role_set roles = 0;
    const struct user_account *u = view->user;
    if (u == NULL || u->state != USER_ACTIVE || failed(role_set_parse(u->roles, &roles)) ||
        (roles & 1U << ROLE_OFFICER) == 0)
        return fail(ERR_MALFORMED, "alert.officer", 0);
    return division_covers(u->division, a->division)
               ? OK
               : fail(ERR_CONFLICT, "alert.officer_division", 0);
}

/* Until it was accepted, whoever is nearer may get it. */
static err assign(const struct desk_view *view, const struct command *cmd, instant at,
                  struct alert *a)
{
    str officer = cmd->body.alert.officer;
    if (a->taken_at.us != 0)
        return fail(ERR_CONFLICT, "alert.taken", 0);
    if (str_equal(a->officer, officer) && !str_is_empty(officer))
        return fail(ERR_CONFLICT, "alert.assigned", 0);
    TRY(officer_check(view, a));
    give_to(officer, at, a);
    a->is_sent = cmd->actor.kind == ACTOR_CENTRE;
    return OK;
}

static err take(const struct command *cmd, instant at, struct alert *a)
{
    if (a->taken_at.us != 0)
        return fail(ERR_CONFLICT, is_own(a, cmd) ? "alert.yours" : "alert.taken", 0);
    if (!is_own(a, cmd))
        give_to(cmd->actor.user, at, a);
    a->taken_at = at;
    return OK;
}

/* Nothing speaks for it any more, and now nobody works on it either. */
static void let_go(const struct desk_view *view, const struct law_profile *law, instant at,
                   struct change *change)
{
    if (change->after.alert.is_faint == 0)
        return;
    alert_close(ENDING_FADED, law, at, change);
    if (!str_is_empty(view->whereabouts))
        change_follow(change, ACT_WHEREABOUTS_ERASE, view->whereabouts, STR(""));
}

static err refuse(const struct desk_view *view, const struct command *cmd,
                  const struct law_profile *law, instant at, struct change *change)
{
    struct alert *a = &change->after.alert;
    if (!is_own(a, cmd))
        return fail(ERR_CONFLICT, "alert.not_yours", 0);
    TRY(words_check(cmd->why, ALERT_NOTE_BYTES, "why.missing", "why.too_long"));
    TRY(pass_over(view, a));
    give_back(a);
    let_go(view, law, at, change);
    return OK;
}

/* Whom the machine asked, and who neither accepted nor refused. */
static err withdraw(const struct desk_view *view, const struct law_profile *law, instant at,
                    struct change *change)
{
    struct alert *a = &change->after.alert;
    if (a->is_sent == 0)
        return fail(ERR_CONFLICT, "alert.nobodys", 0);
    if (a->taken_at.us != 0)
        return fail(ERR_CONFLICT, "alert.taken", 0);
    TRY(pass_over(view, a));
    give_back(a);
    let_go(view, law, at, change);
    return OK;
}

/* Somebody should go, and there is nobody: the desk is told why. */
static err stay_unsent(const struct command *cmd, struct alert *a)
{
    if (a->unsent == cmd->body.alert.unsent || alert_is_worked_on(a))
        return fail(ERR_CONFLICT, "alert.assigned", 0);
    assert(cmd->body.alert.unsent <= UNSENT_NOBODY);
    a->unsent = cmd->body.alert.unsent;
    return OK;
}

static err place(const struct command *cmd, struct alert *a)
{
    if (str_is_empty(cmd->body.alert.beat))
        return fail(ERR_MALFORMED, "beat.unknown", 0);
    a->beat = cmd->body.alert.beat;
    return OK;
}

static err hand_over(const struct desk_view *view, const struct command *cmd, instant at,
                     struct alert *a)
{
    str officer = cmd->body.alert.officer;
    if (!alert_is_worked_on(a))
        return fail(ERR_CONFLICT, "alert.nobodys", 0);
    if (is_officer_only(&cmd->actor) && !is_own(a, cmd))
        return fail(ERR_CONFLICT, "alert.not_yours", 0);
    if (str_equal(a->officer, officer))
        return fail(ERR_CONFLICT, "alert.assigned", 0);
    TRY(words_check(cmd->why, ALERT_NOTE_BYTES, "why.missing", "why.too_long"));
    TRY(officer_check(view, a));
    TRY(pass_over(view, a));
    give_to(officer, at, a);
    return OK;
}

/* The same ones whoever asks, and nobody's choice. */
static bool is_in_sample(str id, int64_t milli)
{
    uint32_t hash = 2166136261U; /* FNV-1a */
    for (size_t i = 0; i < id.size; i++)
        hash = (hash ^ (unsigned char)id.at[i]) * 16777619U;
    return (int64_t)(hash % 1000) < milli;
}

static err outcome_check(const struct command *cmd)
{
    const struct alert *said = &cmd->body.alert;
    bool has_money = said->paid != 0 || said->saved != 0;
    if (cmd->actor.kind != ACTOR_STAFF)
        return fail(ERR_DENIED, "permit.machine", 0);
    if (said->outcome == OUTCOME_NONE || said->outcome > OUTCOME_UNREACHABLE)
        return fail(ERR_MALFORMED, "alert.outcome", 0);
    if (said->paid < 0 || said->saved < 0 || (has_money && said->outcome != OUTCOME_CONFIRMED))
        return fail(ERR_MALFORMED, "alert.money", 0);
    return str_is_empty(said->note)
               ? OK
               : words_check(said->note, ALERT_NOTE_BYTES, "why.missing", "why.too_long");
}

static err conclude(const struct desk_view *view, const struct command *cmd,
                    const struct law_profile *law, instant at, struct change *change)
{
    const struct alert *said = &cmd->body.alert;
    struct alert *a = &change->after.alert;
    if (a->outcome != OUTCOME_NONE)
        return fail(ERR_CONFLICT, "alert.concluded", 0);
    if (str_is_empty(a->pseudonym))
        return fail(ERR_CONFLICT, "alert.erased", 0);
    TRY(outcome_check(cmd));
    TRY(alert_moment(a, said->outcome_at, at, "alert.outcome_time", &a->outcome_at));
    a->outcome = said->outcome;
    a->paid = said->paid;
    a->saved = said->saved;
    a->note = said->note;
    a->outcome_by = cmd->actor.user;
    if (said->outcome != OUTCOME_UNREACHABLE && a->reached_at.us == 0)
        a->reached_at = a->outcome_at;
    if (is_in_sample(a->id, law->alert_check_milli))
        a->checking = CHECKING_ASKED;
    alert_close(ENDING_OUTCOME, law, at, change);
    if (!str_is_empty(view->whereabouts))
        change_follow(change, ACT_WHEREABOUTS_ERASE, view->whereabouts, STR(""));
    return OK;
}

/* By somebody else, who asked again; also where the sample did not. */
static err check(const struct command *cmd, instant at, struct alert *a)
{
    const struct alert *said = &cmd->body.alert;
    if (a->outcome == OUTCOME_NONE)
        return fail(ERR_CONFLICT, "alert.no_outcome", 0);
    if (a->checking == CHECKING_AGREED || a->checking == CHECKING_DIFFERED)
        return fail(ERR_CONFLICT, "alert.checked", 0);
    if (str_equal(a->outcome_by, cmd->actor.user))
        return fail(ERR_DENIED, "alert.same_person", 0);
    if (said->checking != CHECKING_AGREED && said->checking != CHECKING_DIFFERED)
        return fail(ERR_MALFORMED, "alert.checking", 0);
    if (said->checking == CHECKING_DIFFERED || !str_is_empty(said->check_note))
        TRY(words_check(said->check_note, ALERT_NOTE_BYTES, "why.missing", "why.too_long"));
    a->checking = said->checking;
    a->checker = cmd->actor.user;
    a->checked_at = at;
    a->check_note = said->check_note;
    return OK;
}

err alert_work(const struct desk_view *view, const struct command *cmd,
               const struct law_profile *law, instant at, struct change *change)
{
    struct alert *a = &change->after.alert;
    switch ((int)cmd->act) { /* the others are alert.c's */
    case ACT_ALERT_ASSIGN:
        return assign(view, cmd, at, a);
    case ACT_ALERT_TAKE:
        return take(cmd, at, a);
    case ACT_ALERT_REFUSE:
        return refuse(view, cmd, law, at, change);
    case ACT_ALERT_HAND_OVER:
        return hand_over(view, cmd, at, a);
    case ACT_ALERT_WITHDRAW:
        return withdraw(view, law, at, change);
    case ACT_ALERT_UNSENT:
        return stay_unsent(cmd, a);
    case ACT_ALERT_PLACE:
        return place(cmd, a);
    case ACT_ALERT_CHECK:
        return check(cmd, at, a);
    }
    assert(cmd->act == ACT_ALERT_CONCLUDE);
    return conclude(view, cmd, law, at, change);
}
