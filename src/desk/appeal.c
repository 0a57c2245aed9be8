/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of an appeal. Whoever decided anything about the listing before - proposed it, approved
 * it, heard an earlier appeal - may not decide this one. Granting lifts the listing in the same
 * transaction; either decision is noted on the listing, so that the next appeal finds another
 * judge.
 */
#include "desk/change.h"

#include <assert.h>

enum { STATEMENT_BYTES = 8000, CONTACT_BYTES = 400, ANSWER_BYTES = 4000 };

enum { NO = APPEAL_STATE_COUNT, STAY };

static const uint8_t next_state[ACT_COUNT][APPEAL_STATE_COUNT] = {
  /*                        filed             reviewing         granted rejected withdrawn */
    [ACT_APPEAL_REVIEW] = {APPEAL_REVIEWING, STAY,             NO,   NO,   NO  },
    [ACT_APPEAL_GRANT] = {APPEAL_GRANTED,   APPEAL_GRANTED,   NO,   NO,   NO  },
    [ACT_APPEAL_REJECT] = {APPEAL_REJECTED,  APPEAL_REJECTED,  NO,   NO,   NO  },
    [ACT_APPEAL_WITHDRAW] = {APPEAL_WITHDRAWN, APPEAL_WITHDRAWN, NO,   NO,   NO  },
    [ACT_APPEAL_LATE] = {STAY,             STAY,             NO,   NO,   NO  },
    [ACT_APPEAL_ERASE] = {APPEAL_WITHDRAWN, APPEAL_WITHDRAWN, STAY, STAY, STAY},
    [ACT_APPEAL_READ] = {STAY,             STAY,             STAY, STAY, STAY},
};

static err optional_words(str words, size_t most, const char *too_long)
{
    return str_is_empty(words) ? OK : words_check(words, most, too_long, too_long);
}

static err file(const struct desk_view *view, const struct command *cmd,
                const struct law_profile *law, instant at, struct change *change)
{
    if (view->own != NULL)
        return fail(ERR_CONFLICT, "appeal.exists", 0);
    if (view->listing == NULL)
        return fail(ERR_ABSENT, "listing.absent", 0);
    if (view->listing->state != LISTING_IN_FORCE)
        return fail(ERR_CONFLICT, "appeal.nothing_in_force", 0);
    const struct appeal *asked = &cmd->body.appeal;
    TRY(words_check(asked->statement, STATEMENT_BYTES, "statement.missing", "statement.too_long"));
    TRY(optional_words(asked->name, CONTACT_BYTES, "name.too_long"));
    TRY(optional_words(asked->contact, CONTACT_BYTES, "contact.too_long"));
    change->after.appeal = (struct appeal){
        .id = cmd->record,
        .listing = view->listing->id,
        .statement = asked->statement,
        .name = asked->name,
        .contact = asked->contact,
        .state = APPEAL_FILED,
        .filed_at = at,
        .due_at = law_add_working_days(law, at, law->appeal_working_days),
        .division = view->listing->division,
    };
    change_timer(change, ACT_APPEAL_LATE, change->after.appeal.due_at);
    change_effect(change, EFFECT_STREAM);
    return OK;
}

static void end(struct change *change, instant at, const struct law_profile *law)
{
    change->after.appeal.decided_at = at;
    change_timer_stop(change, ACT_APPEAL_LATE);
    change_timer(change, ACT_APPEAL_ERASE,
                 instant_add_us(at, law->appeal_retention_days * US_PER_DAY));
    change_effect(change, EFFECT_STREAM);
}

static err decide(const struct desk_view *view, const struct command *cmd,
                  const struct law_profile *law, instant at, struct change *change)
{
    struct appeal *a = &change->after.appeal;
    assert(view->listing != NULL);
    if (people_has(view->listing->deciders, cmd->actor.user))
        return fail(ERR_DENIED, "appeal.decided_before", 0);
    TRY(words_check(cmd->why, ANSWER_BYTES, "answer.missing", "answer.too_long"));
    a->decider = cmd->actor.user;
    a->answer = cmd->why;
    end(change, at, law);
    bool lifts = cmd->act == ACT_APPEAL_GRANT && view->listing->state == LISTING_IN_FORCE;
    /* The answer is the appeal's, and goes with it; a listing keeps what ended it. */
    change_follow(change, lifts ? ACT_LISTING_LIFT : ACT_LISTING_HEAR, a->listing,
                  lifts ? cmd->why : STR(""));
    return OK;
}

static err review(const struct desk_view *view, const struct command *cmd, struct change *change)
{
    assert(view->listing != NULL);
    if (people_has(view->listing->deciders, cmd->actor.user))
        return fail(ERR_DENIED, "appeal.decided_before", 0);
    change->after.appeal.reviewer = cmd->actor.user;
    change_effect(change, EFFECT_STREAM);
    return OK;
}

/* What is erased had ended, also where a restored store does not know of it yet (listing.c). */
static void erase(const struct appeal *before, instant at, struct change *change)
{
    struct appeal *a = &change->after.appeal;
    change_timer_stop(change, ACT_APPEAL_ERASE);
    if (before->decided_at.us == 0) {
        a->decided_at = at;
        change_timer_stop(change, ACT_APPEAL_LATE);
    }
    a->statement = STR("erased");
    a->name = a->contact = a->answer = STR("");
    change->is_erasing = true;
    change_effect(change, EFFECT_ERASURE);
}

err appeal_decide(const struct desk_view *view, const struct command *cmd,
                  const struct law_profile *law, instant at, struct change *ret_change)
{
    change_begin(ret_change, view);
    if (cmd->act == ACT_APPEAL_FILE)
        return file(view, cmd, law, at, ret_change);
    if (view->own == NULL)
        return fail(ERR_ABSENT, "appeal.absent", 0);
    struct appeal *a = &ret_change->after.appeal;
    assert(a->state < APPEAL_STATE_COUNT);
    unsigned next = next_state[cmd->act][a->state];
    bool is_early = cmd->act == ACT_APPEAL_ERASE && next != STAY && !change_is_restored(view);
    if (next == NO || is_early)
        return fail(ERR_CONFLICT, "appeal.decided", 0);
    if (next != STAY)
        a->state = next;
    switch ((int)cmd->act) { /* only this record's acts come here */
    case ACT_APPEAL_REVIEW:
        return review(view, cmd, ret_change);
    case ACT_APPEAL_GRANT:
    case ACT_APPEAL_REJECT:
        return decide(view, cmd, law, at, ret_change);
    case ACT_APPEAL_WITHDRAW:
        end(ret_change, at, law);
        return OK;
    case ACT_APPEAL_LATE:
        a->is_late = 1;
        change_effect(ret_change, EFFECT_STREAM);
        return OK;
    case ACT_APPEAL_ERASE:
        erase(&view->own->appeal, at, ret_change);
        return OK;
    }
    ret_change->is_reading = true; /* read */
    return words_check(cmd->why, CONTACT_BYTES, "purpose.missing", "why.too_long");
}
