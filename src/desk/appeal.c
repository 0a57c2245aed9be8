/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of an appeal, against a listing or an order; against a round it is an objection. Whoever
 * decided anything about that before - proposed it, approved it, heard an earlier appeal - may not
 * decide this one. Granting lifts it (a round: makes it void) in the same transaction; either
 * decision is noted on it, so that the next appeal finds another judge. Only whoever filed it takes
 * it back, by the key that they were told then: staff see the reference, and it is read out.
 */
#include "desk/change.h"
#include "desk/order_parts.h"
#include "desk/round_parts.h"

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

/* What an appeal is against: a listing, an order, or a round. */
struct subject {
    str id;
    str division;
    str deciders;
    bool is_in_force;
    enum act lift;
    enum act hear;
    enum act file; /* what follows of its being filed; ACT_COUNT: nothing */
};

static struct subject subject_of(const struct desk_view *view)
{
    const struct listing *l = view->listing;
    const struct order *o = view->order;
    const struct round *r = view->round;
    if (o != NULL)
        return (struct subject){
            o->id,          o->division,    o->deciders, order_is_live(o->state),
            ACT_ORDER_LIFT, ACT_ORDER_HEAR, ACT_COUNT};
    if (r != NULL)
        return (struct subject){
            r->id,          r->division,    r->deciders,     round_is_noticed(r),
            ACT_ROUND_VOID, ACT_ROUND_HEAR, ACT_ROUND_OBJECT};
    if (l != NULL)
        return (struct subject){l->id,
                                l->division,
                                l->deciders,
                                l->state == LISTING_IN_FORCE,
                                ACT_LISTING_LIFT,
                                ACT_LISTING_HEAR,
                                ACT_COUNT};
    return (struct subject){.id = STR("")};
}

static err file(const struct desk_view *view, const struct command *cmd,
                const struct law_profile *law, instant at, struct change *change)
{
    if (view->own != NULL)
        return fail(ERR_CONFLICT, "appeal.exists", 0);
    struct subject subject = subject_of(view);
    if (subject.id.size == 0)
        return fail(ERR_ABSENT,
                    str_is_empty(cmd->body.appeal.round) ? "listing.absent" : "round.absent", 0);
    if (!subject.is_in_force)
        return fail(ERR_CONFLICT, "appeal.nothing_in_force", 0);
    if (view->round != NULL && at.us >= view->round->notice_until.us)
        return fail(ERR_CONFLICT, "round.notice_over", 0);
    const struct appeal *asked = &cmd->body.appeal;
    TRY(words_check(asked->statement, STATEMENT_BYTES, "statement.missing", "statement.too_long"));
    TRY(optional_words(asked->name, CONTACT_BYTES, "name.too_long"));
    TRY(optional_words(asked->contact, CONTACT_BYTES, "contact.too_long"));
    change->after.appeal = (struct appeal){
        .id = cmd->record,
        .listing = view->listing != NULL ? subject.id : STR(""),
        .order = view->order != NULL ? subject.id : STR(""),
        .round = view->round != NULL ? subject.id : STR(""),
        .statement = asked->statement,
        .name = asked->name,
        .contact = asked->contact,
        .secret = asked->secret,
        .state = APPEAL_FILED,
        .filed_at = at,
        .due_at = law_add_working_days(law, at, law->appeal_working_days),
        .division = subject.division,
    };
    change_timer(change, ACT_APPEAL_LATE, change->after.appeal.due_at);
    change_effect(change, EFFECT_STREAM);
    if (subject.file != ACT_COUNT)
        change_follow(change, subject.file, subject.id, STR(""));
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
    struct subject subject = subject_of(view);
    assert(subject.id.size > 0);
    if (people_has(subject.deciders, cmd->actor.user))
        return fail(ERR_DENIED, "appeal.decided_before", 0);
    TRY(words_check(cmd->why, ANSWER_BYTES, "answer.missing", "answer.too_long"));
    a->decider = cmd->actor.user;
    a->answer = cmd->why;
    end(change, at, law);
    bool lifts = cmd->act == ACT_APPEAL_GRANT && subject.is_in_force;
    /* The answer is the appeal's, and goes with it; what it was against keeps what ended it. */
    change_follow(change, lifts ? subject.lift : subject.hear, subject.id,
                  lifts ? cmd->why : STR(""));
    return OK;
}

static err review(const struct desk_view *view, const struct command *cmd, struct change *change)
{
    struct subject subject = subject_of(view);
    assert(subject.id.size > 0);
    if (people_has(subject.deciders, cmd->actor.user))
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
    a->name = a->contact = a->secret = a->answer = STR("");
    change->is_erasing = true;
    change_effect(change, EFFECT_ERASURE);
}

/* To whoever does not have its key the appeal is not there. */
static bool is_hidden(const struct appeal *a, const struct command *cmd)
{
    bool is_theirs = !str_is_empty(a->secret) && str_equal(a->secret, cmd->body.appeal.secret);
    return cmd->act == ACT_APPEAL_WITHDRAW && !is_theirs;
}

err appeal_decide(const struct desk_view *view, const struct command *cmd,
                  const struct law_profile *law, instant at, struct change *ret_change)
{
    change_begin(ret_change, view);
    if (cmd->act == ACT_APPEAL_FILE)
        return file(view, cmd, law, at, ret_change);
    if (view->own == NULL || is_hidden(&view->own->appeal, cmd))
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
        if (view->round != NULL) /* nobody waits for its answer any more */
            change_follow(ret_change, ACT_ROUND_HEAR, view->round->id, STR(""));
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
