/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Users and their sessions. After first run two people make a user: an admin proposes, a commander
 * approves. Until the first listing comes into force, and on stores that are only rehearsals, the
 * machine's own command line may take users in by itself. Nobody is admin and approver at once.
 */
#include "desk/change.h"

#include <assert.h>

enum { NO = USER_STATE_COUNT, STAY };

/* Who works for the centre. */
#define STAFF_ROLES                                                                                \
    ((role_set)(1U << ROLE_OPERATOR | 1U << ROLE_ANALYST | 1U << ROLE_APPROVER |                   \
                1U << ROLE_OFFICER | 1U << ROLE_COMMANDER | 1U << ROLE_AUDITOR |                   \
                1U << ROLE_ADMIN))

static const uint8_t next_state[ACT_COUNT][USER_STATE_COUNT] = {
  /*                       proposed       active          disabled refused */
    [ACT_USER_APPROVE] = {USER_ACTIVE,  NO,            NO, NO},
    [ACT_USER_REFUSE] = {USER_REFUSED, NO,            NO, NO},
    [ACT_USER_DISABLE] = {NO,           USER_DISABLED, NO, NO},
    [ACT_USER_PASSWORD] = {NO,           STAY,          NO, NO},
};

static err name_check(str name)
{
    if (name.size == 0 || name.size > 64 || str_equal(name, STR("public"))) /* who is nobody */
        return fail(ERR_MALFORMED, "user.name", 0);
    for (size_t i = 0; i < name.size; i++) {
        char c = name.at[i];
        bool is_fine =
            (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
        if (!is_fine)
            return fail(ERR_MALFORMED, "user.name", (uint32_t)i);
    }
    return OK;
}

/* At first run, and where nothing is real, the command line's word is enough for a user. */
static bool is_open_to_machine(const struct centre *centre)
{
    assert(centre != NULL);
    return centre->kind != CENTRE_REAL || centre->is_first_run != 0;
}

static err propose(const struct desk_view *view, const struct command *cmd, instant at,
                   struct change *change)
{
    if (view->own != NULL)
        return fail(ERR_CONFLICT, "user.exists", 0);
    struct user_account u = cmd->body.user;
    TRY(name_check(u.name));
    role_set roles = 0;
    TRY(role_set_parse(u.roles, &roles));
    bool is_admin = (roles >> ROLE_ADMIN & 1) != 0;
    bool is_approver = (roles >> ROLE_APPROVER & 1) != 0;
    if (is_admin && is_approver)
        return fail(ERR_MALFORMED, "user.admin_approver", 0);
    bool is_providers = (roles >> ROLE_PROVIDER & 1) != 0;
    if (is_providers && (roles & STAFF_ROLES) != 0)
        return fail(ERR_MALFORMED, "user.provider_staff", 0);
    u.roles = role_set_format(roles, view->turn);
    u.id = cmd->record;
    u.proposer = cmd->actor.user;
    u.proposed_at = at;
    u.state = USER_PROPOSED;
    u.approver = (str){0};
    u.decided_at = (instant){0};
    u.revision = 0;
    if (cmd->actor.kind == ACTOR_CENTRE && is_open_to_machine(view->centre)) {
        u.state = USER_ACTIVE;
        u.approver = cmd->actor.user;
        u.decided_at = at;
    }
    change->after.user = u;
    return OK;
}

/*
 * One's own, or, when it is forgotten, the machine's: but whoever sets it there could be that user
 * from then on, so a second person has to let the user in again.
 */
static err set_password(const struct desk_view *view, const struct command *cmd,
                        struct change *change)
{
    struct user_account *u = &change->after.user;
    bool is_own = str_equal(cmd->actor.user, u->id);
    if (!is_own && cmd->actor.kind != ACTOR_CENTRE)
        return fail(ERR_DENIED, "permit.role", 0);
    u->password = cmd->body.user.password;
    if (is_own || is_open_to_machine(view->centre))
        return OK;
    u->state = USER_PROPOSED;
    u->proposer = cmd->actor.user;
    u->approver = (str){0};
    u->decided_at = (instant){0};
    change_effect(change, EFFECT_STREAM); /* as if disabled: what is open ends */
    return OK;
}

err user_decide(const struct desk_view *view, const struct command *cmd,
                const struct law_profile *law, instant at, struct change *ret_change)
{
    (void)law;
    change_begin(ret_change, view);
    if (cmd->act == ACT_USER_PROPOSE)
        return propose(view, cmd, at, ret_change);
    if (view->own == NULL)
        return fail(ERR_ABSENT, "user.absent", 0);
    struct user_account *u = &ret_change->after.user;
    assert(u->state < USER_STATE_COUNT);
    unsigned next = next_state[cmd->act][u->state];
    if (next == NO)
        return fail(ERR_CONFLICT, "user.state", 0);
    if (next != STAY)
        u->state = next;
    bool is_own = str_equal(cmd->actor.user, u->id);
    if (cmd->act == ACT_USER_PASSWORD)
        return set_password(view, cmd, ret_change);
    if (cmd->act == ACT_USER_APPROVE && (str_equal(cmd->actor.user, u->proposer) || is_own))
        return fail(ERR_DENIED, "user.same_person", 0);
    if (cmd->act == ACT_USER_APPROVE)
        u->approver = cmd->actor.user;
    if (cmd->act == ACT_USER_DISABLE) {
        change_effect(ret_change, EFFECT_STREAM);
        change_effect(ret_change, EFFECT_ERASURE); /* nor does a restore let the user in */
    }
    u->decided_at = at;
    return OK;
}

err session_decide(const struct desk_view *view, const struct command *cmd,
                   const struct law_profile *law, instant at, struct change *ret_change)
{
    change_begin(ret_change, view);
    struct session *s = &ret_change->after.session;
    if (cmd->act != ACT_SESSION_OPEN) {
        if (view->own == NULL)
            return fail(ERR_ABSENT, "session.absent", 0);
        bool is_own = str_equal(cmd->actor.user, s->user) || cmd->actor.kind == ACTOR_CENTRE;
        if (!is_own)
            return fail(ERR_DENIED, "permit.role", 0);
        if (s->state == SESSION_CLOSED)
            return fail(ERR_CONFLICT, "session.closed", 0);
        s->state = SESSION_CLOSED;
        change_timer_stop(ret_change, ACT_SESSION_EXPIRE);
        change_effect(ret_change, EFFECT_STREAM); /* its open streams end */
        if (s->kind == SESSION_TOKEN && cmd->act == ACT_SESSION_CLOSE)
            change_effect(ret_change, EFFECT_ERASURE); /* a restore closes every browser */
        return OK;
    }
    if (view->own != NULL)
        return fail(ERR_CONFLICT, "session.exists", 0);
    bool is_token = cmd->body.session.kind == SESSION_TOKEN;
    if (view->user == NULL || (view->user->state != USER_ACTIVE && !is_token))
        return fail(ERR_DENIED, "session.refused", 0);
    *s = (struct session){
        .id = cmd->record,
        .user = view->user->id,
        .kind = cmd->body.session.kind,
        .state = SESSION_OPEN,
        .secret = cmd->body.session.secret,
        .opened_at = at,
        .until = instant_add_us(at, is_token ? law->token_days * US_PER_DAY
                                             : law->session_hours * US_PER_HOUR),
        .division = view->user->division,
    };
    change_timer(ret_change, ACT_SESSION_EXPIRE, s->until);
    return OK;
}
