/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of a guardian:
 *
 *     invite            agree               accept
 *    --------> invited --------> agreed ------------> active --ask--> active
 *                 |                 |                    |
 *                 +--- revoke, or lapse: its term, five wrong codes ---> revoked | lapsed
 *
 * Whoever acts here is anybody from the street with the right code or key: app looks at those. What
 * the desk sees to is that nobody skips the other's consent, that each code is guessed a few times
 * only, that a guardian is asked to call once a day, and that all of it ends. A day after the end
 * nothing tells any more who they were; until then no third invitation is sent in vain.
 */
#include "desk/change.h"

#define INVITED_US US_PER_DAY
#define ACTIVE_US  (365 * US_PER_DAY)
#define KEPT_US    US_PER_DAY

static err invite(const struct desk_view *view, const struct command *cmd, instant at,
                  struct change *change)
{
    const struct guardian *said = &cmd->body.guardian;
    if (view->own != NULL)
        return fail(ERR_CONFLICT, "guardian.exists", 0);
    if (str_equal(said->pseudonym, said->person))
        return fail(ERR_MALFORMED, "guardian.oneself", 0);
    if (view->is_guardian)
        return fail(ERR_CONFLICT, "guardian.exists", 0);
    if (view->guardians >= GUARDIANS_MOST)
        return fail(ERR_CONFLICT, "guardian.too_many", 0);
    change->after.guardian = (struct guardian){.id = cmd->record,
                                               .pseudonym = said->pseudonym,
                                               .subscriber = said->subscriber,
                                               .person = said->person,
                                               .contact = said->contact,
                                               .called = STR(""),
                                               .language = said->language,
                                               .state = GUARDIAN_INVITED,
                                               .invited_at = at,
                                               .until = instant_add_us(at, INVITED_US),
                                               .division = said->division};
    change_effect(change, EFFECT_MESSAGE);
    change_timer(change, ACT_GUARDIAN_LAPSE, change->after.guardian.until);
    return OK;
}

static void end(struct change *change, unsigned state, instant at)
{
    struct guardian *g = &change->after.guardian;
    g->state = state;
    g->ended_at = at;
    change_timer_stop(change, ACT_GUARDIAN_LAPSE);
    change_timer(change, ACT_GUARDIAN_ERASE, instant_add_us(at, KEPT_US));
}

static err miss(instant at, struct change *change)
{
    struct guardian *g = &change->after.guardian;
    if (g->state != GUARDIAN_INVITED && g->state != GUARDIAN_AGREED)
        return fail(ERR_CONFLICT, "guardian.code", 0);
    g->tries++;
    if (g->tries >= GUARDIAN_TRIES)
        end(change, GUARDIAN_LAPSED, at);
    return OK;
}

static err agree(struct change *change)
{
    struct guardian *g = &change->after.guardian;
    if (g->state != GUARDIAN_INVITED)
        return fail(ERR_CONFLICT, "guardian.code", 0);
    g->state = GUARDIAN_AGREED;
    g->tries = 0;
    change_effect(change, EFFECT_MESSAGE);
    return OK;
}

static err accept(const struct command *cmd, instant at, struct change *change)
{
    struct guardian *g = &change->after.guardian;
    if (g->state != GUARDIAN_AGREED)
        return fail(ERR_CONFLICT, "guardian.code", 0);
    if (str_is_empty(cmd->body.guardian.called))
        return fail(ERR_MALFORMED, "called.missing", 0);
    g->state = GUARDIAN_ACTIVE;
    g->called = cmd->body.guardian.called;
    g->tries = 0;
    g->active_at = at;
    g->until = instant_add_us(at, ACTIVE_US);
    change_effect(change, EFFECT_MESSAGE);
    change_timer(change, ACT_GUARDIAN_LAPSE, g->until);
    return OK;
}

static err ask(const struct law_profile *law, instant at, struct change *change)
{
    struct guardian *g = &change->after.guardian;
    int64_t day = (at.us + law->zone_min * 60 * US_PER_S) / US_PER_DAY;
    if (g->state != GUARDIAN_ACTIVE)
        return fail(ERR_CONFLICT, "guardian.ended", 0);
    if (g->asked_day >= day)
        return fail(ERR_CONFLICT, "guardian.asked_today", 0);
    g->asked_day = day;
    change_effect(change, EFFECT_MESSAGE);
    return OK;
}

static bool has_ended(const struct guardian *g)
{
    return g->state == GUARDIAN_REVOKED || g->state == GUARDIAN_LAPSED;
}

static err erase(const struct desk_view *view, instant at, struct change *change)
{
    struct guardian *g = &change->after.guardian;
    if (!has_ended(g) && !change_is_restored(view))
        return fail(ERR_CONFLICT, "guardian.not_ended", 0);
    if (!has_ended(g))
        end(change, GUARDIAN_LAPSED, at);
    change_timer_stop(change, ACT_GUARDIAN_ERASE);
    g->pseudonym = g->subscriber = g->person = g->contact = g->called = STR("");
    change->is_erasing = true;
    change_effect(change, EFFECT_ERASURE);
    return OK;
}

err guardian_decide(const struct desk_view *view, const struct command *cmd,
                    const struct law_profile *law, instant at, struct change *ret_change)
{
    change_begin(ret_change, view);
    if (cmd->act == ACT_GUARDIAN_INVITE)
        return invite(view, cmd, at, ret_change);
    if (view->own == NULL)
        return fail(ERR_ABSENT, "guardian.code", 0);
    if (cmd->act == ACT_GUARDIAN_ERASE)
        return erase(view, at, ret_change);
    if (has_ended(&view->own->guardian))
        return fail(ERR_CONFLICT, "guardian.ended", 0);
    if (cmd->act == ACT_GUARDIAN_AGREE)
        return agree(ret_change);
    if (cmd->act == ACT_GUARDIAN_ACCEPT)
        return accept(cmd, at, ret_change);
    if (cmd->act == ACT_GUARDIAN_MISS)
        return miss(at, ret_change);
    if (cmd->act == ACT_GUARDIAN_ASK)
        return ask(law, at, ret_change);
    end(ret_change, cmd->act == ACT_GUARDIAN_REVOKE ? GUARDIAN_REVOKED : GUARDIAN_LAPSED, at);
    return OK;
}
