/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of a report, and of the claims it brings:
 *
 *     file            take: a signed-in person, or the victim's bank     withdraw
 *    -----> filed ------------------------------------------> taken -------------> withdrawn
 *             |  refuse, withdraw
 *             v
 *        refused, withdrawn                     (an operator's own begins as taken)
 *
 *     tell           match: the bank's transfer is found       withdraw
 *    -----> told ---------------------------------> matched ------------> withdrawn
 *             |  mismatch: the bank knows otherwise            (from each of them)
 *             v
 *        mismatched --match--> matched
 *
 * What measures ask for is pledged of the loss; never more than the loss.
 */
#include "desk/change.h"
#include "fact/currency.h"

#include <assert.h>

enum { SAID_BYTES = 8000, NAME_BYTES = 200, WHY_BYTES = 2000, KEY_BYTES = 64 };

/* Whose money may still come back is looked at again so long after its term. */
#define OWED_AGAIN_US (30 * US_PER_DAY)

static err optional_words(str words, size_t most, const char *too_long)
{
    return str_is_empty(words) ? OK : words_check(words, most, too_long, too_long);
}

static err told_check(const struct report *r)
{
    TRY(optional_words(r->said, SAID_BYTES, "report.said"));
    TRY(optional_words(r->victim_name, NAME_BYTES, "name.too_long"));
    TRY(optional_words(r->victim_number, NAME_BYTES, "name.too_long"));
    if (currency_digits(r->currency) < 0)
        return fail(ERR_MALFORMED, "currency.unknown", 0);
    return r->loss < 0 ? fail(ERR_MALFORMED, "report.loss", 0) : OK;
}

static err file(const struct desk_view *view, const struct command *cmd,
                const struct law_profile *law, instant at, struct change *change)
{
    if (view->own != NULL)
        return fail(ERR_CONFLICT, "report.exists", 0);
    struct report r = cmd->body.report;
    TRY(told_check(&r));
    r.id = cmd->record;
    r.state = REPORT_FILED;
    r.pledged = r.revision = 0;
    r.filer = cmd->actor.user;
    r.filed_at = at;
    r.incident = r.taker = r.ended_why = STR("");
    r.taken_at = r.ended_at = (instant){0};
    change->after.report = r;
    change_timer(change, ACT_REPORT_ERASE,
                 instant_add_us(at, law->report_retention_days * US_PER_DAY));
    change_effect(change, EFFECT_STREAM);
    return OK;
}

/* The incident and the loss are settled now: what earlier reports told of is not lost twice. */
static err take(const struct desk_view *view, const struct command *cmd,
                const struct law_profile *law, instant at, struct change *change)
{
    const struct report *said = &cmd->body.report;
    if (view->own == NULL)
        TRY(file(view, cmd, law, at, change));
    struct report *r = &change->after.report;
    if (cmd->actor.kind != ACTOR_STAFF)
        return fail(ERR_DENIED, "permit.machine", 0);
    if (r->state != REPORT_FILED)
        return fail(ERR_CONFLICT, "report.taken", 0);
    if (str_is_empty(said->incident))
        return fail(ERR_MALFORMED, "report.no_incident", 0);
    if (said->loss < 0)
        return fail(ERR_MALFORMED, "report.loss", 0);
    r->state = REPORT_TAKEN;
    r->incident = said->incident;
    r->loss = said->loss;
    r->taker = cmd->actor.user;
    r->taken_at = at;
    if (view->own != NULL)
        change_effect(change, EFFECT_STREAM);
    return OK;
}

static err end(const struct command *cmd, instant at, struct change *change)
{
    struct report *r = &change->after.report;
    bool is_refusal = cmd->act == ACT_REPORT_REFUSE;
    if (r->ended_at.us != 0)
        return fail(ERR_CONFLICT, "report.ended", 0);
    if (is_refusal && r->state != REPORT_FILED)
        return fail(ERR_CONFLICT, "report.taken", 0);
    TRY(words_check(cmd->why, WHY_BYTES, "why.missing", "why.too_long"));
    r->state = is_refusal ? REPORT_REFUSED : REPORT_WITHDRAWN;
    r->ended_at = at;
    r->ended_why = cmd->why;
    change_effect(change, EFFECT_STREAM);
    return OK;
}

/* A consequence of what happens to an order under this report; the row's own CHECK says it too. */
static err pledge(const struct desk_view *view, const struct command *cmd, struct report *r)
{
    int64_t more = cmd->body.report.pledged;
    if (!view->is_follow)
        return fail(ERR_DENIED, "permit.role", 0);
    if (more > 0 && r->state != REPORT_TAKEN)
        return fail(ERR_CONFLICT, "report.not_taken", 0);
    if (more > r->loss - r->pledged)
        return fail(ERR_LIMIT, "order.beyond_loss", 0);
    assert(r->pledged + more >= 0);
    r->pledged += more;
    return OK;
}

/* A consequence of a claim whose payment its bank knows by now, as it was told: until then it was
 * no loss. */
static err count(const struct desk_view *view, const struct command *cmd, struct report *r)
{
    int64_t more = cmd->body.report.loss;
    if (!view->is_follow)
        return fail(ERR_DENIED, "permit.role", 0);
    if (r->state != REPORT_TAKEN)
        return fail(ERR_CONFLICT, "report.not_taken", 0);
    if (more < 0 || r->loss > INT64_MAX - more)
        return fail(ERR_MALFORMED, "report.loss", 0);
    r->loss += more;
    return OK;
}

static void erase(struct change *change)
{
    struct report *r = &change->after.report;
    change_timer_stop(change, ACT_REPORT_ERASE);
    r->victim_name = r->victim_number = r->said = r->secret = r->ended_why = STR("");
    change->is_erasing = true;
    change_effect(change, EFFECT_ERASURE);
}

err report_decide(const struct desk_view *view, const struct command *cmd,
                  const struct law_profile *law, instant at, struct change *ret_change)
{
    change_begin(ret_change, view);
    if (cmd->act == ACT_REPORT_FILE)
        return file(view, cmd, law, at, ret_change);
    if (cmd->act == ACT_REPORT_TAKE)
        return take(view, cmd, law, at, ret_change);
    if (view->own == NULL)
        return fail(ERR_ABSENT, "report.absent", 0);
    switch ((int)cmd->act) { /* only this record's acts come here */
    case ACT_REPORT_REFUSE:
    case ACT_REPORT_WITHDRAW:
        return end(cmd, at, ret_change);
    case ACT_REPORT_PLEDGE:
        return pledge(view, cmd, &ret_change->after.report);
    case ACT_REPORT_COUNT:
        return count(view, cmd, &ret_change->after.report);
    case ACT_REPORT_ERASE:
        erase(ret_change);
        return OK;
    }
    ret_change->is_reading = true; /* read */
    return words_check(cmd->why, WHY_BYTES, "purpose.missing", "why.too_long");
}

/* --- claims --- */

/* That the bank's transfer was found, or says otherwise, is for whoever is signed in to say. */
static err begin_state(const struct command *cmd, struct claim *c)
{
    bool is_staff = cmd->actor.kind == ACTOR_STAFF;
    bool is_matched = is_staff && c->state == CLAIM_MATCHED && !str_is_empty(c->transfer);
    if (!is_staff || str_is_empty(c->mismatch)) {
        c->state = is_matched ? CLAIM_MATCHED : CLAIM_TOLD;
        c->mismatch = STR("");
        return OK;
    }
    c->state = CLAIM_MISMATCHED;
    return words_check(c->mismatch, NAME_BYTES, "claim.mismatch", "claim.mismatch");
}

static err tell(const struct desk_view *view, const struct command *cmd, struct change *change)
{
    struct claim c = cmd->body.claim;
    if (view->own != NULL)
        return fail(ERR_CONFLICT, "claim.exists", 0);
    if (view->report == NULL)
        return fail(ERR_ABSENT, "report.absent", 0);
    if (c.amount <= 0)
        return fail(ERR_MALFORMED, "claim.amount", 0);
    if (str_is_empty(c.to) || c.to.size > KEY_BYTES)
        return fail(ERR_MALFORMED, "claim.to", 0);
    TRY(optional_words(c.name, NAME_BYTES, "name.too_long"));
    c.id = cmd->record;
    c.report = view->report->id;
    c.incident = view->report->incident;
    TRY(begin_state(cmd, &c));
    c.currency = view->report->currency;
    c.division = view->report->division;
    c.returned = c.revision = 0;
    change->after.claim = c;
    return OK;
}

/* What the bank knew otherwise was no loss: the centre itself, which found the payment as it was
 * told, says how much of it is one now. */
static void count_loss(const struct command *cmd, const struct claim *c, struct change *change)
{
    bool is_late = cmd->actor.kind == ACTOR_CENTRE && c->state == CLAIM_MISMATCHED;
    if (!is_late || cmd->body.claim.amount <= 0)
        return;
    change_follow(change, ACT_REPORT_COUNT, c->report, STR(""));
    change->follow.body.report.loss = c->amount;
}

/* The bank's transfer is the truth from here on; an incident comes when the report is taken. */
static err match(const struct desk_view *view, const struct command *cmd, struct change *change)
{
    const struct claim *found = &cmd->body.claim;
    struct claim *c = &change->after.claim;
    if (c->state == CLAIM_WITHDRAWN)
        return fail(ERR_CONFLICT, "claim.withdrawn", 0);
    if (!str_is_empty(found->transfer)) {
        c->transfer = found->transfer;
        c->from = str_is_empty(found->from) ? c->from : found->from;
        c->sent_at = found->sent_at.us == 0 ? c->sent_at : found->sent_at;
        c->bank = str_is_empty(found->bank) ? c->bank : found->bank;
        count_loss(cmd, c, change);
        c->state = CLAIM_MATCHED;
        c->mismatch = STR("");
    }
    if (str_is_empty(c->incident) && view->report != NULL)
        c->incident = view->report->incident;
    return OK;
}

static err mismatch(const struct command *cmd, struct claim *c)
{
    if (c->state == CLAIM_WITHDRAWN || c->state == CLAIM_MATCHED)
        return fail(ERR_CONFLICT, "claim.settled", 0);
    TRY(words_check(cmd->body.claim.mismatch, NAME_BYTES, "claim.mismatch", "claim.mismatch"));
    c->state = CLAIM_MISMATCHED;
    c->mismatch = cmd->body.claim.mismatch;
    return OK;
}

/* Consequences of a share that was paid, or came back; the row's own CHECK says it too. */
static err give_back(const struct desk_view *view, const struct command *cmd, struct claim *c)
{
    int64_t amount = cmd->body.share.amount;
    if (!view->is_follow)
        return fail(ERR_DENIED, "permit.role", 0);
    if (amount > c->amount - c->returned)
        return fail(ERR_LIMIT, "claim.returned", 0);
    c->returned += amount;
    return OK;
}

static err take_back(const struct desk_view *view, const struct command *cmd, struct claim *c)
{
    int64_t amount = cmd->body.share.amount;
    if (!view->is_follow)
        return fail(ERR_DENIED, "permit.role", 0);
    if (amount > c->returned)
        return fail(ERR_LIMIT, "claim.returned", 0);
    c->returned -= amount;
    return OK;
}

static str erased_id(const struct desk_view *view, str id)
{
    struct text gone;
    text_init(&gone, view->turn);
    text_put_c(&gone, "erased-");
    text_put(&gone, id);
    return text_spent(&gone) ? STR("") : text_str(&gone);
}

/* What the victim called the payee goes at the term. From and to what accounts they paid is needed
 * for as long as money of theirs is held or on its way back; a journal says that it went. */
static err claim_erase(const struct desk_view *view, instant at, struct change *change)
{
    struct claim *c = &change->after.claim;
    str gone = erased_id(view, c->id);
    c->name = STR("");
    change->is_erasing = true;
    if (view->promised > 0 && !change_is_restored(view)) {
        change_timer(change, ACT_CLAIM_ERASE, instant_add_us(at, OWED_AGAIN_US));
        return OK;
    }
    change_timer_stop(change, ACT_CLAIM_ERASE);
    c->from = STR("");
    c->to = gone;
    c->transfer = str_is_empty(c->transfer) ? c->transfer : gone;
    change_effect(change, EFFECT_ERASURE);
    return str_is_empty(gone) ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

static err claim_act(const struct desk_view *view, const struct command *cmd, instant at,
                     struct change *change)
{
    struct claim *c = &change->after.claim;
    switch ((int)cmd->act) { /* only this record's acts come here */
    case ACT_CLAIM_MATCH:
        return match(view, cmd, change);
    case ACT_CLAIM_MISMATCH:
        return mismatch(cmd, c);
    case ACT_CLAIM_WITHDRAW:
        if (c->state == CLAIM_WITHDRAWN)
            return fail(ERR_CONFLICT, "claim.withdrawn", 0);
        c->state = CLAIM_WITHDRAWN;
        return OK;
    case ACT_CLAIM_RETURN:
        return give_back(view, cmd, c);
    case ACT_CLAIM_BOUNCE:
        return take_back(view, cmd, c);
    }
    return claim_erase(view, at, change);
}

err claim_decide(const struct desk_view *view, const struct command *cmd,
                 const struct law_profile *law, instant at, struct change *ret_change)
{
    change_begin(ret_change, view);
    if (cmd->act != ACT_CLAIM_TELL && view->own == NULL)
        return fail(ERR_ABSENT, "claim.absent", 0);
    if (cmd->act != ACT_CLAIM_TELL)
        return claim_act(view, cmd, at, ret_change);
    change_timer(ret_change, ACT_CLAIM_ERASE,
                 instant_add_us(at, law->report_retention_days * US_PER_DAY));
    return tell(view, cmd, ret_change);
}
