/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of a source, and of a conflict between its list and what speaks against an entry:
 *
 *     propose          approve               end, until passes
 *    ---------> proposed -----> in_force ---------------------> ended
 *                  | refuse        | take: a list of it was taken in
 *                  v               v
 *               refused         in_force
 *
 *     find           dismiss: the list is wrong
 *    ------> open ---------------------------------------> dismissed
 *              | list: proposed all the same, with a reason
 *              v
 *            listed (the listing waits for a second person, as any other)
 *              | find: once that listing has expired
 *              v
 *            open
 */
#include "desk/change.h"

#include <assert.h>

enum { NAME_BYTES = 64, WORD_BYTES = 200, TEXT_BYTES = 2000, WHY_BYTES = 2000, GROW_MOST = 100000 };

static err name_check(str name)
{
    if (name.size == 0 || name.size > NAME_BYTES)
        return fail(ERR_MALFORMED, "source.name", 0);
    for (size_t i = 0; i < name.size; i++) {
        char c = name.at[i];
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!is_plain && (i == 0 || (c != '-' && c != '_' && c != '.')))
            return fail(ERR_MALFORMED, "source.name", (uint32_t)i);
    }
    return OK;
}

static err words_of_source_check(const struct source *s)
{
    TRY(words_check(s->reason, WORD_BYTES, "reason.missing", "reason.too_long"));
    TRY(words_check(s->basis, WORD_BYTES, "basis.missing", "basis.too_long"));
    TRY(words_check(s->licence, WORD_BYTES, "licence.missing", "licence.too_long"));
    TRY(words_check(s->origin, TEXT_BYTES, "origin.missing", "origin.too_long"));
    TRY(words_check(s->evidence, TEXT_BYTES, "evidence.missing", "evidence.too_long"));
    return words_check(s->notice, TEXT_BYTES, "notice.missing", "notice.too_long");
}

static err region_check(const struct source *s)
{
    str region = s->region;
    if (str_is_empty(region))
        return OK;
    if (s->kind != INDICATOR_NUMBER)
        return fail(ERR_MALFORMED, "region.number_only", 0);
    bool is_code = region.size == 2 && region.at[0] >= 'A' && region.at[0] <= 'Z' &&
                   region.at[1] >= 'A' && region.at[1] <= 'Z';
    return is_code ? OK : fail(ERR_MALFORMED, "region.malformed", 0);
}

static err propose(const struct desk_view *view, const struct command *cmd,
                   const struct law_profile *law, instant at, struct change *change)
{
    if (view->own != NULL)
        return fail(ERR_CONFLICT, "source.exists", 0);
    struct source s = cmd->body.source;
    assert(s.kind < INDICATOR_KIND_COUNT && s.action < ACTION_COUNT);
    TRY(name_check(s.name));
    TRY(words_of_source_check(&s));
    TRY(region_check(&s));
    if (s.match == MATCH_SUFFIX && s.kind != INDICATOR_DOMAIN)
        return fail(ERR_MALFORMED, "match.suffix_domain_only", 0);
    if (s.shrink_milli < 0 || s.shrink_milli > 1000 || s.grow_milli < 0 || s.grow_milli > GROW_MOST)
        return fail(ERR_MALFORMED, "source.bounds", 0);
    s.max_term_us = law->listing_max_term_us[s.kind][s.action];
    if (s.max_term_us <= 0)
        return fail(ERR_MALFORMED, "action.not_allowed", 0);
    if (s.term_us <= 0)
        return fail(ERR_MALFORMED, "source.term", 0);
    if (s.term_us > s.max_term_us)
        return fail(ERR_LIMIT, "until.beyond_limit", 0);
    s.id = cmd->record;
    s.state = SOURCE_PROPOSED;
    s.profile = law->name;
    s.proposer = cmd->actor.user;
    s.proposed_at = at;
    s.approver = s.ended_why = (str){0};
    s.decided_at = s.until = s.taken_at = s.ended_at = (instant){0};
    s.size = s.revision = 0;
    change->after.source = s;
    return OK;
}

static void end(struct source *s, unsigned state, str why, instant at)
{
    s->state = state;
    s->ended_at = at;
    s->ended_why = why;
}

static err decide_proposed(const struct command *cmd, instant at, struct change *change)
{
    struct source *s = &change->after.source;
    bool is_own = str_equal(cmd->actor.user, s->proposer);
    if (s->state != SOURCE_PROPOSED)
        return fail(ERR_CONFLICT, "source.not_proposed", 0);
    if (cmd->act == ACT_SOURCE_REFUSE) {
        bool is_approver = (cmd->actor.roles >> ROLE_APPROVER & 1) != 0;
        if (!is_own && !is_approver)
            return fail(ERR_DENIED, "permit.role", 0);
        TRY(words_check(cmd->why, WHY_BYTES, "why.missing", "why.too_long"));
        end(s, SOURCE_REFUSED, cmd->why, at);
        return OK;
    }
    if (is_own)
        return fail(ERR_DENIED, "source.same_person", 0);
    s->state = SOURCE_IN_FORCE;
    s->approver = cmd->actor.user;
    s->decided_at = at;
    s->until = instant_add_us(at, s->max_term_us);
    change_timer(change, ACT_SOURCE_EXPIRE, s->until);
    return OK;
}

err source_decide(const struct desk_view *view, const struct command *cmd,
                  const struct law_profile *law, instant at, struct change *ret_change)
{
    change_begin(ret_change, view);
    if (cmd->act == ACT_SOURCE_PROPOSE)
        return propose(view, cmd, law, at, ret_change);
    if (view->own == NULL)
        return fail(ERR_ABSENT, "source.absent", 0);
    if (cmd->act == ACT_SOURCE_APPROVE || cmd->act == ACT_SOURCE_REFUSE)
        return decide_proposed(cmd, at, ret_change);
    struct source *s = &ret_change->after.source;
    if (s->state != SOURCE_IN_FORCE)
        return fail(ERR_CONFLICT, "source.not_in_force", 0);
    if (cmd->act == ACT_SOURCE_TAKE) {
        s->size = cmd->body.source.size;
        s->taken_at = at;
        return OK;
    }
    if (cmd->act == ACT_SOURCE_END)
        TRY(words_check(cmd->why, WHY_BYTES, "why.missing", "why.too_long"));
    end(s, SOURCE_ENDED, cmd->act == ACT_SOURCE_END ? cmd->why : STR("until.past"), at);
    change_timer_stop(ret_change, ACT_SOURCE_EXPIRE);
    return OK;
}

err conflict_decide(const struct desk_view *view, const struct command *cmd,
                    const struct law_profile *law, instant at, struct change *ret_change)
{
    (void)law;
    change_begin(ret_change, view);
    struct conflict *c = &ret_change->after.conflict;
    if (cmd->act == ACT_CONFLICT_FIND) {
        if (view->own != NULL && c->state != CONFLICT_LISTED)
            return fail(ERR_CONFLICT, "conflict.exists", 0);
        int64_t revision = c->revision;
        *c = cmd->body.conflict;
        c->revision = revision;
        c->id = cmd->record;
        c->state = CONFLICT_OPEN;
        c->found_at = at;
        return OK;
    }
    if (view->own == NULL)
        return fail(ERR_ABSENT, "conflict.absent", 0);
    if (c->state != CONFLICT_OPEN)
        return fail(ERR_CONFLICT, "conflict.decided", 0);
    TRY(words_check(cmd->why, WHY_BYTES, "why.missing", "why.too_long"));
    bool is_listed = cmd->act == ACT_CONFLICT_LIST;
    if (is_listed && str_is_empty(cmd->body.conflict.listing))
        return fail(ERR_MALFORMED, "listing.absent", 0);
    c->state = is_listed ? CONFLICT_LISTED : CONFLICT_DISMISSED;
    c->listing = is_listed ? cmd->body.conflict.listing : STR("");
    c->decider = cmd->actor.user;
    c->decided_at = at;
    c->decided_why = cmd->why;
    return OK;
}
