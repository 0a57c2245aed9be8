/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of a listing:
 *
 *                    enter (under the approval of its source; renew moves its end)
 *                   +-------------------+
 *     propose       |  approve          v    until passes
 *    ---------> proposed -----> in_force ----------------> expired --+
 *                  |                |                                |  retention
 *                  | refuse, until  | lift, vanish, appeal granted   +----------> erased in place
 *                  v                v                                |
 *               refused          lifted ----------------------------+
 *
 * Its end is no timer of its own: until stands in the record, and the store keeps an index of it.
 *
 * In a store that was restored and not yet reconciled, what the erasure journal names is erased
 * from any state: it had ended, and the backup is older than its end.
 */
#include "desk/change.h"

#include <assert.h>

enum { REASON_BYTES = 200, EVIDENCE_BYTES = 4000, NOTICE_BYTES = 2000, WHY_BYTES = 2000 };

enum { NO = LISTING_STATE_COUNT, STAY };

/* clang-format off */
static const struct {
    uint8_t next[LISTING_STATE_COUNT];
    const char *refusal;
} moves[ACT_COUNT] = {
    /*                        proposed          in_force         expired lifted refused */
    [ACT_LISTING_APPROVE] = {{LISTING_IN_FORCE, NO,              NO,   NO,   NO},   "listing.not_proposed"},
    [ACT_LISTING_RENEW]   = {{NO,               STAY,            NO,   NO,   NO},   "listing.not_in_force"},
    [ACT_LISTING_VANISH]  = {{NO,               LISTING_LIFTED,  NO,   NO,   NO},   "listing.not_in_force"},
    [ACT_LISTING_REFUSE]  = {{LISTING_REFUSED,  NO,              NO,   NO,   NO},   "listing.not_proposed"},
    [ACT_LISTING_LIFT]    = {{NO,               LISTING_LIFTED,  NO,   NO,   NO},   "listing.not_in_force"},
    [ACT_LISTING_BEGIN]   = {{NO,               STAY,            NO,   NO,   NO},   "listing.not_in_force"},
    [ACT_LISTING_EXPIRE]  = {{LISTING_REFUSED,  LISTING_EXPIRED, NO,   NO,   NO},   "listing.ended"},
    [ACT_LISTING_HEAR]    = {{STAY,             STAY,            STAY, STAY, STAY}, "listing.ended"},
    [ACT_LISTING_ERASE]   = {{LISTING_REFUSED,  LISTING_LIFTED,  STAY, STAY, STAY}, "listing.not_ended"},
    [ACT_LISTING_READ]    = {{STAY,             STAY,            STAY, STAY, STAY}, "listing.ended"},
};
/* clang-format on */

static err term_check(const struct listing *l, const struct law_profile *law, instant at)
{
    int64_t longest_us = law->listing_max_term_us[l->kind][l->action];
    if (longest_us <= 0)
        return fail(ERR_MALFORMED, "action.not_allowed", 0);
    if (l->until.us <= at.us)
        return fail(ERR_MALFORMED, "until.past", 0);
    if (l->until.us <= l->from.us)
        return fail(ERR_MALFORMED, "until.before_from", 0);
    /* The law's clock runs from the first of the two: no row is approved today for another year. */
    int64_t begins_us = l->from.us < at.us ? l->from.us : at.us;
    if (l->until.us - begins_us > longest_us)
        return fail(ERR_LIMIT, "until.beyond_limit", 0);
    return OK;
}

static err words_of_listing_check(const struct listing *l)
{
    TRY(words_check(l->reason, REASON_BYTES, "reason.missing", "reason.too_long"));
    TRY(words_check(l->basis, REASON_BYTES, "basis.missing", "basis.too_long"));
    TRY(words_check(l->source, REASON_BYTES, "source.missing", "source.too_long"));
    TRY(words_check(l->evidence, EVIDENCE_BYTES, "evidence.missing", "evidence.too_long"));
    return words_check(l->notice, NOTICE_BYTES, "notice.missing", "notice.too_long");
}

static err propose(const struct desk_view *view, const struct command *cmd,
                   const struct law_profile *law, instant at, struct change *change)
{
    if (view->own != NULL)
        return fail(ERR_CONFLICT, "listing.exists", 0);
    struct listing l = cmd->body.listing;
    assert(l.kind < INDICATOR_KIND_COUNT && l.action < ACTION_COUNT);
    if (str_is_empty(l.value))
        return fail(ERR_MALFORMED, "value.missing", 0);
    if (l.match == MATCH_SUFFIX && l.kind != INDICATOR_DOMAIN)
        return fail(ERR_MALFORMED, "match.suffix_domain_only", 0);
    if (l.score_milli < 0 || l.score_milli > 100000)
        return fail(ERR_MALFORMED, "score.range", 0);
    if (l.from.us == 0)
        l.from = at;
    TRY(term_check(&l, law, at));
    TRY(words_of_listing_check(&l));
    if (str_is_empty(l.rpz))
        l.rpz = STR("notice");
    l.id = cmd->record;
    l.state = LISTING_PROPOSED;
    l.proposer = cmd->actor.user;
    l.deciders = cmd->actor.user;
    l.approver = l.ended_why = (str){0};
    l.decided_at = l.ended_at = (instant){0};
    l.proposed_at = at;
    l.profile = law->name;
    l.max_term_us = law->listing_max_term_us[l.kind][l.action];
    l.revision = 0;
    change->after.listing = l;
    change_effect(change, EFFECT_STREAM);
    return OK;
}

/* Both are decided by the source's two people: what its list says enters under their approval. */
static err source_check(const struct desk_view *view, instant at)
{
    const struct source *s = view->source;
    if (s == NULL)
        return fail(ERR_ABSENT, "source.absent", 0);
    if (s->state != SOURCE_IN_FORCE || s->until.us <= at.us || s->role != SOURCE_ENFORCES)
        return fail(ERR_CONFLICT, "source.not_in_force", 0);
    return OK;
}

static int64_t less(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* The entry brings value and display; all else is what was approved. */
static err enter(const struct desk_view *view, const struct command *cmd, instant at,
                 struct change *change)
{
    if (view->own != NULL)
        return fail(ERR_CONFLICT, "listing.exists", 0);
    TRY(source_check(view, at));
    const struct source *s = view->source;
    const struct listing *entry = &cmd->body.listing;
    if (str_is_empty(entry->value))
        return fail(ERR_MALFORMED, "value.missing", 0);
    change->after.listing = (struct listing){
        .id = cmd->record,
        .kind = s->kind,
        .value = entry->value,
        .display = str_equal(entry->value, entry->display) ? STR("") : entry->display,
        .action = s->action,
        .match = entry->match == MATCH_EXACT ? MATCH_EXACT : s->match,
        .source_id = s->id, /* says who, why, by which law, and what the notice is */
        .score_milli = 100000,
        .from = at,
        .until = instant_add_us(at, s->term_us),
        .state = LISTING_IN_FORCE,
        .division = s->division,
        .batch = entry->batch,
        .profile = s->profile,
        .max_term_us = s->max_term_us,
        .rpz = s->rpz, /* the zone asks for it, a million at a time */
        .proposed_at = at,
    };
    change_effect(change, EFFECT_RPZ);
    return OK;
}

/* The list says it again. No end moves beyond what the law gives from the first day. */
static err renew(const struct desk_view *view, instant at, struct change *change)
{
    TRY(source_check(view, at));
    struct listing *l = &change->after.listing;
    int64_t most_us = instant_add_us(l->proposed_at, l->max_term_us).us;
    int64_t wanted_us = instant_add_us(at, view->source->term_us).us;
    l->until.us = less(most_us, wanted_us);
    if (l->until.us <= view->own->listing.until.us)
        return fail(ERR_CONFLICT, "listing.not_longer", 0);
    return OK;
}

/* Ends a listing: nothing of it acts from here on, and its retention begins. */
static void end(struct change *change, str why, instant at, const struct law_profile *law)
{
    struct listing *l = &change->after.listing;
    l->ended_at = at;
    l->ended_why = why;
    change_timer_stop(change, ACT_LISTING_BEGIN);
    change_timer(change, ACT_LISTING_ERASE,
                 instant_add_us(at, law->listing_retention_days * US_PER_DAY));
}

static err approve(const struct desk_view *view, const struct command *cmd, instant at,
                   struct change *change)
{
    struct listing *l = &change->after.listing;
    if (str_equal(cmd->actor.user, l->proposer))
        return fail(ERR_DENIED, "listing.same_person", 0);
    if (l->until.us <= at.us)
        return fail(ERR_CONFLICT, "until.past", 0);
    l->approver = cmd->actor.user;
    l->decided_at = at;
    if (l->from.us > at.us)
        change_timer(change, ACT_LISTING_BEGIN, l->from);
    change_effect(change, EFFECT_RPZ);
    change_effect(change, EFFECT_STREAM);
    if (view->centre != NULL && view->centre->is_first_run != 0)
        change_follow(change, ACT_CENTRE_SETTLE, view->centre->id, STR(""));
    return OK;
}

static err refuse(const struct command *cmd, instant at, const struct law_profile *law,
                  struct change *change)
{
    bool is_own = str_equal(cmd->actor.user, change->after.listing.proposer);
    bool is_approver = (cmd->actor.roles >> ROLE_APPROVER & 1) != 0;
    if (!is_own && !is_approver)
        return fail(ERR_DENIED, "permit.role", 0);
    TRY(words_check(cmd->why, WHY_BYTES, "why.missing", "why.too_long"));
    end(change, cmd->why, at, law);
    change_effect(change, EFFECT_STREAM);
    return OK;
}

/* Of an appeal that was granted, the words are its answer, which may be longer: checked there. */
static err lift(const struct desk_view *view, const struct command *cmd,
                const struct law_profile *law, instant at, struct change *change)
{
    if (!view->is_follow)
        TRY(words_check(cmd->why, WHY_BYTES, "why.missing", "why.too_long"));
    end(change, cmd->why, at, law);
    change_effect(change, EFFECT_RPZ);
    change_effect(change, EFFECT_STREAM);
    return OK;
}

/* What is erased had ended, also where a restored store does not know of it yet. */
static void end_unseen(const struct listing *before, instant at, struct change *change)
{
    struct listing *l = &change->after.listing;
    change_timer_stop(change, ACT_LISTING_ERASE);
    if (before->ended_at.us != 0)
        return;
    l->ended_at = at;
    change_timer_stop(change, ACT_LISTING_BEGIN);
    if (before->state == LISTING_IN_FORCE)
        change_effect(change, EFFECT_RPZ);
}

static err erase(const struct desk_view *view, instant at, struct change *change)
{
    struct listing *l = &change->after.listing;
    end_unseen(&view->own->listing, at, change);
    struct text gone;
    text_init(&gone, view->turn);
    text_put_c(&gone, "erased-");
    text_put(&gone, l->id);
    if (text_spent(&gone))
        return fail(ERR_LIMIT, "limit.memory", 0);
    l->value = text_str(&gone);
    l->display = STR("");
    l->evidence = l->notice = STR("erased");
    l->ended_why = STR("");
    change->is_erasing = true;
    change_effect(change, EFFECT_ERASURE);
    return OK;
}

/* What an act does beyond moving the state. */
static err act_on(const struct desk_view *view, const struct command *cmd,
                  const struct law_profile *law, instant at, struct change *change)
{
    bool was_in_force = view->own->listing.state == LISTING_IN_FORCE;
    /* Only this record's acts can come here: desk_decide dispatches by kind. */
    switch ((int)cmd->act) {
    case ACT_LISTING_APPROVE:
        return approve(view, cmd, at, change);
    case ACT_LISTING_RENEW:
        return renew(view, at, change);
    case ACT_LISTING_VANISH:
        end(change, cmd->why, at, law);
        change_effect(change, EFFECT_RPZ);
        return OK;
    case ACT_LISTING_REFUSE:
        return refuse(cmd, at, law, change);
    case ACT_LISTING_LIFT:
        return lift(view, cmd, law, at, change);
    case ACT_LISTING_BEGIN:
        change_effect(change, EFFECT_RPZ);
        return OK;
    case ACT_LISTING_EXPIRE:
        end(change, STR("until.past"), at, law);
        if (was_in_force)
            change_effect(change, EFFECT_RPZ);
        if (str_is_empty(
                view->own->listing.source_id)) /* an entry of a list comes and goes untold */
            change_effect(change, EFFECT_STREAM);
        return OK;
    case ACT_LISTING_ERASE:
        return erase(view, at, change);
    case ACT_LISTING_READ:
        change->is_reading = true;
        return words_check(cmd->why, WHY_BYTES, "purpose.missing", "why.too_long");
    }
    return OK; /* hear: only the list of deciders grows */
}

err listing_decide(const struct desk_view *view, const struct command *cmd,
                   const struct law_profile *law, instant at, struct change *ret_change)
{
    change_begin(ret_change, view);
    if (cmd->act == ACT_LISTING_PROPOSE)
        return propose(view, cmd, law, at, ret_change);
    if (cmd->act == ACT_LISTING_ENTER)
        return enter(view, cmd, at, ret_change);
    if (view->own == NULL)
        return fail(ERR_ABSENT, "listing.absent", 0);
    struct listing *l = &ret_change->after.listing;
    assert(l->state < LISTING_STATE_COUNT);
    unsigned next = moves[cmd->act].next[l->state];
    bool is_early = cmd->act == ACT_LISTING_ERASE && next != STAY && !change_is_restored(view);
    if (next == NO || is_early)
        return fail(ERR_CONFLICT, moves[cmd->act].refusal, 0);
    if (next != STAY)
        l->state = next;
    TRY(act_on(view, cmd, law, at, ret_change));
    bool is_decision = cmd->act != ACT_LISTING_RENEW && cmd->act != ACT_LISTING_VANISH;
    if (cmd->actor.kind == ACTOR_STAFF && is_decision && !ret_change->is_reading)
        TRY(people_add(l->deciders, cmd->actor.user, view->turn, &l->deciders));
    return OK;
}
