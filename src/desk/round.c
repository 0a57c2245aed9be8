/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of a refund round:
 *
 *     compute        review            all of it is traced                     send
 *    ---------> computed ---> reviewed -----------------> approved by two -> sent -> paid -> closed
 *                                | notice                      ^                tally    close
 *                                v      the notice is over,    |
 *                             noticed --- nobody waits --------+
 *                              |   ^
 *                       object v   | hear: the last objection is answered
 *                             objected                                     ^        |
 *                                                                          +--------+
 *                                                              reopen: a payment came back
 *
 * Who computed it neither reviews nor approves. What is shared in proportion is approved only after
 * its public notice. A granted objection makes it void, and a new round is computed. Each step has
 * its deadline in working days; a step that is late is shown, and is never taken by itself.
 */
#include "desk/change.h"
#include "desk/round_parts.h"
#include "fact/currency.h"

#include <assert.h>

enum { WHY_BYTES = 2000, KEY_BYTES = 64, DIGEST_CHARS = 64 };

enum { NO = ROUND_STATE_COUNT, STAY };

/* clang-format off */
static const uint8_t next_state[ACT_COUNT][ROUND_STATE_COUNT] = {
    /*                     computed        reviewed       noticed         objected        approved    sent   paid          closed void */
    [ACT_ROUND_ALLOT]   = {STAY,           NO,            NO,             NO,             NO,         NO,    NO,           NO,    NO},
    [ACT_ROUND_REVIEW]  = {ROUND_REVIEWED, NO,            NO,             NO,             NO,         NO,    NO,           NO,    NO},
    [ACT_ROUND_NOTICE]  = {NO,             ROUND_NOTICED, NO,             NO,             NO,         NO,    NO,           NO,    NO},
    [ACT_ROUND_OBJECT]  = {NO,             NO,            ROUND_OBJECTED, STAY,           NO,         NO,    NO,           NO,    NO},
    [ACT_ROUND_HEAR]    = {STAY,           STAY,          STAY,           STAY,           STAY,       STAY,  STAY,         STAY,  STAY},
    [ACT_ROUND_APPROVE] = {NO,             STAY,          STAY,           NO,             NO,         NO,    NO,           NO,    NO},
    [ACT_ROUND_SEND]    = {NO,             NO,            NO,             NO,             ROUND_SENT, NO,    NO,           NO,    NO},
    [ACT_ROUND_TALLY]   = {NO,             NO,            NO,             NO,             NO,         STAY,  STAY,         STAY,  NO},
    [ACT_ROUND_REOPEN]  = {NO,             NO,            NO,             NO,             NO,         STAY,  ROUND_SENT,   NO,    NO},
    [ACT_ROUND_CLOSE]   = {NO,             NO,            NO,             NO,             NO,         NO,    ROUND_CLOSED, NO,    NO},
    [ACT_ROUND_VOID]    = {ROUND_VOID,     ROUND_VOID,    ROUND_VOID,     ROUND_VOID,     NO,         NO,    NO,           NO,    NO},
    [ACT_ROUND_LATE]    = {STAY,           STAY,          STAY,           STAY,           NO,         STAY,  STAY,         NO,    NO},
    [ACT_ROUND_ERASE]   = {NO,             NO,            NO,             NO,             NO,         NO,    NO,           STAY,  STAY},
    [ACT_ROUND_READ]    = {STAY,           STAY,          STAY,           STAY,           STAY,       STAY,  STAY,         STAY,  STAY},
};
/* clang-format on */

bool round_is_noticed(const struct round *r)
{
    return r->state == ROUND_NOTICED || r->state == ROUND_OBJECTED;
}

bool round_has_ended(unsigned state)
{
    return state == ROUND_CLOSED || state == ROUND_VOID;
}

/* The next step has to be done within so many working days from then. */
static void expect(struct change *change, const struct law_profile *law, instant from, int64_t days)
{
    struct round *r = &change->after.round;
    r->due_at = law_add_working_days(law, from, days);
    r->is_late = 0;
    change_timer(change, ACT_ROUND_LATE, r->due_at);
}

static void expect_nothing(struct change *change)
{
    struct round *r = &change->after.round;
    r->due_at = (instant){0};
    r->is_late = 0;
    change_timer_stop(change, ACT_ROUND_LATE);
}

/* --- computing --- */

static err sums_check(const struct round *r)
{
    bool is_sound = r->frozen > 0 && r->shared > 0 && r->unclaimed >= 0 && r->doubts >= 0 &&
                    r->frozen - r->shared == r->unclaimed;
    if (!is_sound)
        return fail(ERR_MALFORMED, "round.sums", 0);
    return currency_digits(r->currency) < 0 ? fail(ERR_MALFORMED, "currency.unknown", 0) : OK;
}

static err compute(const struct desk_view *view, const struct command *cmd,
                   const struct law_profile *law, instant at, struct change *change)
{
    if (view->own != NULL)
        return fail(ERR_CONFLICT, "round.exists", 0);
    struct round r = cmd->body.round;
    assert(r.rule < RULE_COUNT);
    if (view->incident == NULL)
        return fail(ERR_ABSENT, "incident.absent", 0);
    if (r.rule != law->refund_rule) /* others are for comparison */
        return fail(ERR_CONFLICT, "round.rule", 0);
    if (str_is_empty(r.account) || r.account.size > KEY_BYTES)
        return fail(ERR_MALFORMED, "value.missing", 0);
    if (str_is_empty(r.provider) || str_is_empty(r.orders))
        return fail(ERR_CONFLICT, "round.not_held", 0);
    if (str_is_empty(r.statement) || r.digest.size != DIGEST_CHARS)
        return fail(ERR_MALFORMED, "round.statement", 0);
    if (r.statement.size > ROUND_STATEMENT_BYTES)
        return fail(ERR_LIMIT, "round.statement_too_long", ROUND_STATEMENT_BYTES);
    TRY(sums_check(&r));
    r.id = cmd->record;
    r.state = ROUND_COMPUTED;
    r.needs_notice = r.rule != RULE_CN_2016 || r.doubts > 0; /* others may know better */
    r.allotted = r.returned = r.failed = r.objections = r.revision = 0;
    r.notice_us = law->refund_notice_days * US_PER_DAY;
    r.computer = r.deciders = cmd->actor.user;
    r.computed_at = at;
    r.reviewer = r.noticer = r.first_approver = r.approver = r.ended_why = STR("");
    r.reviewed_at = r.noticed_at = r.notice_until = r.first_approved_at = (instant){0};
    r.approved_at = r.sent_at = r.paid_at = r.ended_at = (instant){0};
    r.profile = law->name;
    change->after.round = r;
    expect(change, law, at, law->refund_review_days);
    return OK;
}

/* Another of its shares was made; only proportional ones ask for the notice. */
static err allot(const struct command *cmd, struct round *r)
{
    const struct share *s = &cmd->body.share;
    if (s->amount > r->shared - r->allotted)
        return fail(ERR_LIMIT, "round.sums", 0);
    r->allotted += s->amount;
    r->needs_notice |= s->basis == BASIS_PROPORTIONAL;
    return OK;
}

/* --- people --- */

static err review(const struct command *cmd, const struct law_profile *law, instant at,
                  struct change *change)
{
    struct round *r = &change->after.round;
    if (str_equal(cmd->actor.user, r->computer))
        return fail(ERR_DENIED, "round.same_person", 0);
    if (r->allotted != r->shared)
        return fail(ERR_CONFLICT, "round.sums", 0);
    r->reviewer = cmd->actor.user;
    r->reviewed_at = at;
    expect(change, law, at, law->refund_approve_days);
    return OK;
}

static err notice(const struct command *cmd, const struct law_profile *law, instant at,
                  struct change *change)
{
    struct round *r = &change->after.round;
    if (r->needs_notice == 0)
        return fail(ERR_CONFLICT, "round.no_notice", 0);
    r->noticer = cmd->actor.user;
    r->noticed_at = at;
    r->notice_until = instant_add_us(at, r->notice_us);
    expect(change, law, r->notice_until, law->refund_approve_days);
    return OK;
}

static err approve(const struct command *cmd, instant at, struct change *change)
{
    struct round *r = &change->after.round;
    if (str_equal(cmd->actor.user, r->computer))
        return fail(ERR_DENIED, "round.same_person", 0);
    if (r->needs_notice != 0 && r->state != ROUND_NOTICED)
        return fail(ERR_CONFLICT, "round.notice_first", 0);
    if (r->needs_notice != 0 && at.us < r->notice_until.us)
        return fail(ERR_CONFLICT, "round.notice_runs", 0);
    if (str_is_empty(r->first_approver)) {
        r->first_approver = cmd->actor.user;
        r->first_approved_at = at;
        return OK;
    }
    if (str_equal(cmd->actor.user, r->first_approver))
        return fail(ERR_DENIED, "round.approved_before", 0);
    r->approver = cmd->actor.user;
    r->approved_at = at;
    r->state = ROUND_APPROVED;
    expect_nothing(change);
    change_follow(change, ACT_ROUND_SEND, r->id, STR(""));
    return OK;
}

/* An objection came: whoever approved first has to look again. */
static void object(struct round *r)
{
    r->objections++;
    r->first_approver = STR("");
    r->first_approved_at = (instant){0};
}

/* The last answer: from here on, or from the end of the notice, the approval is awaited again. */
static void hear(const struct law_profile *law, instant at, struct change *change)
{
    struct round *r = &change->after.round;
    if (r->state != ROUND_OBJECTED)
        return;
    r->objections--;
    if (r->objections > 0)
        return;
    r->state = ROUND_NOTICED;
    expect(change, law, at.us < r->notice_until.us ? r->notice_until : at,
           law->refund_approve_days);
}

/* --- money --- */

static int64_t *sum_of(struct round *r, unsigned state)
{
    return state == SHARE_PAID ? &r->returned : state == SHARE_FAILED ? &r->failed : NULL;
}

/* A share stands otherwise: from one sum to the other. What was given back is the claim's too. */
static void move(const struct share *s, struct change *change)
{
    struct round *r = &change->after.round;
    int64_t *from = sum_of(r, s->was);
    int64_t *to = sum_of(r, s->state);
    if (from != NULL)
        *from -= s->amount;
    if (to != NULL)
        *to += s->amount;
    assert(r->returned >= 0 && r->failed >= 0 && r->returned + r->failed <= r->shared);
    if ((s->state == SHARE_PAID) == (s->was == SHARE_PAID))
        return;
    change_follow(change, s->state == SHARE_PAID ? ACT_CLAIM_RETURN : ACT_CLAIM_BOUNCE, s->claim,
                  STR(""));
    change->follow.body.share = *s;
}

/* A share was paid, or cannot be. */
static void tally(const struct command *cmd, const struct law_profile *law, instant at,
                  struct change *change)
{
    struct round *r = &change->after.round;
    move(&cmd->body.share, change);
    if (r->state != ROUND_SENT || r->returned + r->failed < r->shared)
        return;
    r->state = ROUND_PAID;
    r->paid_at = at;
    expect(change, law, at, law->refund_close_days);
}

/* What came back is asked for again, with all its days. */
static void reopen(const struct command *cmd, const struct law_profile *law, instant at,
                   struct change *change)
{
    move(&cmd->body.share, change);
    change->after.round.paid_at = (instant){0};
    change_effect(change, EFFECT_ORDER);
    expect(change, law, at, law->refund_pay_days);
}

static err end(const struct desk_view *view, const struct command *cmd,
               const struct law_profile *law, instant at, struct change *change)
{
    struct round *r = &change->after.round;
    bool is_void = r->state == ROUND_VOID;
    if (is_void && !view->is_follow)
        TRY(words_check(cmd->why, WHY_BYTES, "why.missing", "why.too_long"));
    r->ended_at = at;
    r->ended_why = cmd->why;
    expect_nothing(change);
    change_timer(change, ACT_ROUND_ERASE,
                 instant_add_us(at, law->report_retention_days * US_PER_DAY));
    return OK;
}

/* Its account becomes a name of its own: rounds of one account are numbered, each number once. */
static err erase(const struct desk_view *view, struct change *change)
{
    struct round *r = &change->after.round;
    struct text gone;
    text_init(&gone, view->turn);
    text_put_c(&gone, "erased-");
    text_put(&gone, r->id);
    if (text_spent(&gone))
        return fail(ERR_LIMIT, "limit.memory", 0);
    change_timer_stop(change, ACT_ROUND_ERASE);
    r->account = text_str(&gone);
    r->statement = STR("erased");
    r->ended_why = STR("");
    change->is_erasing = true;
    change_effect(change, EFFECT_ERASURE);
    return OK;
}

static err act_on(const struct desk_view *view, const struct command *cmd,
                  const struct law_profile *law, instant at, struct change *change)
{
    struct round *r = &change->after.round;
    switch ((int)cmd->act) { /* only this record's acts come here */
    case ACT_ROUND_ALLOT:
        return allot(cmd, r);
    case ACT_ROUND_REVIEW:
        return review(cmd, law, at, change);
    case ACT_ROUND_NOTICE:
        return notice(cmd, law, at, change);
    case ACT_ROUND_OBJECT:
        object(r);
        return OK;
    case ACT_ROUND_HEAR:
        hear(law, at, change);
        return OK;
    case ACT_ROUND_APPROVE:
        return approve(cmd, at, change);
    case ACT_ROUND_SEND:
        r->sent_at = at;
        change_effect(change, EFFECT_ORDER);
        expect(change, law, at, law->refund_pay_days);
        return OK;
    case ACT_ROUND_TALLY:
        tally(cmd, law, at, change);
        return OK;
    case ACT_ROUND_REOPEN:
        reopen(cmd, law, at, change);
        return OK;
    case ACT_ROUND_CLOSE:
    case ACT_ROUND_VOID:
        return end(view, cmd, law, at, change);
    case ACT_ROUND_LATE:
        r->is_late = 1;
        return OK;
    }
    return erase(view, change);
}

/* Who answers one objection may answer the next: they are several people's, about one notice. */
static bool is_deciding(const struct command *cmd)
{
    return cmd->actor.kind == ACTOR_STAFF && cmd->act != ACT_ROUND_ALLOT &&
           cmd->act != ACT_ROUND_HEAR && cmd->act != ACT_ROUND_TALLY &&
           cmd->act != ACT_ROUND_REOPEN;
}

static bool is_follow_only(enum act act)
{
    return act == ACT_ROUND_ALLOT || act == ACT_ROUND_OBJECT || act == ACT_ROUND_HEAR ||
           act == ACT_ROUND_SEND || act == ACT_ROUND_TALLY || act == ACT_ROUND_REOPEN;
}

err round_decide(const struct desk_view *view, const struct command *cmd,
                 const struct law_profile *law, instant at, struct change *ret_change)
{
    change_begin(ret_change, view);
    struct round *r = &ret_change->after.round;
    if (cmd->act == ACT_ROUND_COMPUTE) {
        change_effect(ret_change, EFFECT_STREAM);
        return compute(view, cmd, law, at, ret_change);
    }
    if (is_follow_only(cmd->act) && !view->is_follow)
        return fail(ERR_DENIED, "permit.role", 0);
    if (view->own == NULL)
        return fail(ERR_ABSENT, "round.absent", 0);
    /* What a journal names had ended, whatever a restored store knows of it (listing.c). */
    bool is_again = cmd->act == ACT_ROUND_ERASE && change_is_restored(view);
    unsigned next = is_again ? (unsigned)STAY : next_state[cmd->act][r->state];
    if (next == NO)
        return fail(ERR_CONFLICT, "round.state", 0);
    if (cmd->act == ACT_ROUND_READ) {
        ret_change->is_reading = true;
        return words_check(cmd->why, WHY_BYTES, "purpose.missing", "why.too_long");
    }
    if (next != STAY)
        r->state = next;
    if (is_deciding(cmd))
        TRY(people_add(r->deciders, cmd->actor.user, view->turn, &r->deciders));
    if (cmd->act != ACT_ROUND_ALLOT)
        change_effect(ret_change, EFFECT_STREAM);
    return act_on(view, cmd, law, at, ret_change);
}
