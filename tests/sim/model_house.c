/* SPDX-License-Identifier: Apache-2.0 */
/* Who may, and the records that keep the house. */
#include "model.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define STAFF "operator,analyst,approver,officer,commander,auditor"
#define ALL   STAFF ",feeder,provider,admin"

/* Whose act it is; then whether it is anybody's from the street, or the machine's own. */
static const struct {
    const char *roles;
    bool anybody;
    bool centre;
} may[ACT_COUNT] = {
    [ACT_LISTING_PROPOSE] = {"operator,analyst,feeder",                            false, false},
    [ACT_LISTING_APPROVE] = {"approver",                                           false, false},
    [ACT_LISTING_REFUSE] = {"operator,analyst,approver,feeder",                   false, false},
    [ACT_LISTING_LIFT] = {"analyst,approver,commander",                         false, false},
    [ACT_LISTING_BEGIN] = {"",                                                   false, true },
    [ACT_LISTING_EXPIRE] = {"",                                                   false, true },
    [ACT_LISTING_HEAR] = {"",                                                   false, true },
    [ACT_LISTING_ERASE] = {"",                                                   false, true },
    [ACT_LISTING_READ] = {STAFF ",feeder,provider",                             false, true },
    [ACT_APPEAL_FILE] = {ALL,                                                  true,  false},
    [ACT_APPEAL_REVIEW] = {"analyst,approver,commander",                         false, false},
    [ACT_APPEAL_GRANT] = {"approver,commander",                                 false, false},
    [ACT_APPEAL_REJECT] = {"approver,commander",                                 false, false},
    [ACT_APPEAL_WITHDRAW] = {ALL,                                                  true,  false},
    [ACT_APPEAL_LATE] = {"",                                                   false, true },
    [ACT_APPEAL_ERASE] = {"",                                                   false, true },
    [ACT_APPEAL_READ] = {"operator,analyst,approver,commander,auditor",        false, false},
    [ACT_USER_PROPOSE] = {"admin",                                              false, true },
    [ACT_USER_APPROVE] = {"commander",                                          false, false},
    [ACT_USER_REFUSE] = {"commander,admin",                                    false, false},
    [ACT_USER_DISABLE] = {"commander,admin",                                    false, true },
    [ACT_USER_PASSWORD] = {ALL,                                                  false, true },
    [ACT_SESSION_OPEN] = {ALL,                                                  true,  true },
    [ACT_SESSION_CLOSE] = {ALL,                                                  false, true },
    [ACT_SESSION_EXPIRE] = {"",                                                   false, true },
    [ACT_BATCH_OPEN] = {"analyst,feeder",                                     false, false},
    [ACT_BATCH_CLOSE] = {"analyst,feeder",                                     false, true },
    [ACT_BATCH_READ] = {"operator,analyst,approver,commander,auditor,feeder", false, true },
    [ACT_KEY_ADD] = {"admin",                                              false, true },
    [ACT_KEY_RETIRE] = {"admin",                                              false, true },
    [ACT_CENTRE_OPEN] = {"",                                                   false, true },
    [ACT_CENTRE_BACKUP] = {"admin",                                              false, true },
    [ACT_CENTRE_RESTORE] = {"",                                                   false, true },
    [ACT_CENTRE_RECONCILE] = {"operator,commander",                                 false, false},
    [ACT_CENTRE_EXPORT] = {"auditor",                                            false, true },
    [ACT_CENTRE_AUDIT] = {"auditor,commander,approver,analyst",                 false, true },
    [ACT_CENTRE_LAW] = {"",                                                   false, true },
    [ACT_CENTRE_SETTLE] = {"",                                                   false, true },
};

static bool is_approval(enum act act)
{
    return act == ACT_LISTING_APPROVE || act == ACT_APPEAL_GRANT || act == ACT_APPEAL_REJECT ||
           act == ACT_USER_APPROVE;
}

bool model_may(const struct model *m, int who, enum act act, const char *division)
{
    if (who == WHO_CENTRE)
        return may[act].centre;
    if (may[act].anybody)
        return true;
    role_set roles = 0;
    err e = role_set_parse(str_from_c(may[act].roles), &roles);
    if (who == WHO_PUBLIC || failed(e))
        return false;
    const struct model_user *u = &m->users[who];
    bool is_admin = (u->roles >> ROLE_ADMIN & 1) != 0;
    if ((u->roles & roles) == 0 || (is_admin && is_approval(act)))
        return false;
    return strncmp(division, u->division, strlen(u->division)) == 0; /* one's own, and below */
}

/* --- what the answer must be --- */

/* An admin approves nothing; who answers for a provider sends its feeds, and is no staff. */
static bool is_two_hats(role_set roles)
{
    bool is_admin = (roles >> ROLE_ADMIN & 1) != 0;
    bool is_provider = (roles >> ROLE_PROVIDER & 1) != 0;
    role_set others = roles & ~((role_set)1 << ROLE_PROVIDER | (role_set)1 << ROLE_FEEDER);
    return (is_admin && (roles >> ROLE_APPROVER & 1) != 0) || (is_provider && others != 0);
}

static enum err_code judge_user(const struct model *m, const struct deed *d)
{
    if (d->act == ACT_USER_PROPOSE) {
        bool is_wrong = d->user.is_misnamed || d->user.roles == 0 || is_two_hats(d->user.roles);
        if (d->record != NEW)
            return ERR_CONFLICT;
        return is_wrong ? ERR_MALFORMED : ERR_NONE;
    }
    if (d->record < 0)
        return ERR_ABSENT;
    const struct model_user *u = &m->users[d->record];
    bool wants_active = d->act == ACT_USER_DISABLE || d->act == ACT_USER_PASSWORD;
    if (u->state != (wants_active ? USER_ACTIVE : USER_PROPOSED))
        return ERR_CONFLICT;
    if (d->act == ACT_USER_PASSWORD)
        return d->who == d->record || d->who == WHO_CENTRE ? ERR_NONE : ERR_DENIED;
    if (d->act == ACT_USER_APPROVE && (d->who == u->proposer || d->who == d->record))
        return ERR_DENIED;
    return ERR_NONE;
}

static enum err_code judge_session(const struct model *m, const struct deed *d)
{
    if (d->act == ACT_SESSION_OPEN) {
        if (d->record != NEW)
            return ERR_CONFLICT;
        bool is_let_in = d->session.user >= 0 && (d->session.kind == SESSION_TOKEN ||
                                                  m->users[d->session.user].state == USER_ACTIVE);
        return is_let_in ? ERR_NONE : ERR_DENIED;
    }
    if (d->record < 0)
        return ERR_ABSENT;
    const struct model_session *s = &m->sessions[d->record];
    if (d->who != WHO_CENTRE && d->who != s->user)
        return ERR_DENIED;
    return s->state == SESSION_CLOSED ? ERR_CONFLICT : ERR_NONE;
}

static enum err_code judge_batch(const struct model *m, const struct deed *d)
{
    if (d->act == ACT_BATCH_OPEN)
        return d->record == NEW ? ERR_NONE : ERR_CONFLICT;
    if (d->record < 0)
        return ERR_ABSENT;
    if (d->act == ACT_BATCH_READ)
        return model_judge_words(d->why, 400);
    return m->batches[d->record].state == BATCH_OPEN ? ERR_NONE : ERR_CONFLICT;
}

static enum err_code judge_key(const struct model *m, const struct deed *d)
{
    if (d->act == ACT_KEY_ADD)
        return d->record == NEW ? ERR_NONE : ERR_CONFLICT;
    if (d->record < 0)
        return ERR_ABSENT;
    return m->keys[d->record].state == KEY_CURRENT ? ERR_NONE : ERR_CONFLICT;
}

static enum err_code judge_centre(const struct model *m, const struct deed *d)
{
    switch ((int)d->act) {
    case ACT_CENTRE_OPEN: /* there is one already, under whatever name */
        return ERR_CONFLICT;
    case ACT_CENTRE_RESTORE:
    case ACT_CENTRE_SETTLE:
        return ERR_NONE;
    case ACT_CENTRE_RECONCILE:
        return m->is_held ? ERR_NONE : ERR_CONFLICT;
    }
    return model_judge_words(d->why, 400);
}

enum err_code model_judge_house(const struct model *m, const struct deed *d)
{
    switch (act_record_kind(d->act)) {
    case RECORD_USER:
        return judge_user(m, d);
    case RECORD_SESSION:
        return judge_session(m, d);
    case RECORD_BATCH:
        return judge_batch(m, d);
    case RECORD_KEY:
        return judge_key(m, d);
    case RECORD_CENTRE:
        return judge_centre(m, d);
    case RECORD_LISTING:
    case RECORD_APPEAL:
    case RECORD_SOURCE:
    case RECORD_CONFLICT:
    case RECORD_SUSPICION:
    case RECORD_BOX:
    case RECORD_GUARDIAN:
    case RECORD_ALERT:
    case RECORD_OUTREACH:
    case RECORD_HUSH:
    case RECORD_WHEREABOUTS:
    case RECORD_TIP:
    case RECORD_INCIDENT:
    case RECORD_REPORT:
    case RECORD_CLAIM:
    case RECORD_ORDER:
    case RECORD_RECEIPT:
    case RECORD_ROUND:
    case RECORD_SHARE:
    case RECORD_KIND_COUNT:
        break;
    }
    assert(!"not of the house");
    return ERR_ABSENT;
}

/* --- what is so afterwards --- */

static void propose_user(struct model *m, const struct deed *d, int64_t now)
{
    assert(m->user_count < MODEL_USERS);
    bool is_taken_in = d->who == WHO_CENTRE && m->is_first_run;
    struct model_user *u = &m->users[m->user_count];
    *u = (struct model_user){.roles = d->user.roles,
                             .state = is_taken_in ? USER_ACTIVE : USER_PROPOSED,
                             .proposer = d->who,
                             .approver = is_taken_in ? d->who : NOBODY,
                             .decided_at = is_taken_in ? now : 0,
                             .revision = 1};
    snprintf(u->division, sizeof u->division, "%s", d->division);
    snprintf(u->id, sizeof u->id, "user%02d", m->user_count);
    model_leaf(m, d->act, d->who, m->user_count++, now);
}

static void do_user(struct model *m, const struct deed *d, int64_t now)
{
    if (d->act == ACT_USER_PROPOSE) {
        propose_user(m, d, now);
        return;
    }
    struct model_user *u = &m->users[d->record];
    u->revision++;
    model_leaf(m, d->act, d->who, d->record, now);
    if (d->act == ACT_USER_PASSWORD) {
        if (d->who == d->record || m->is_first_run)
            return;
        u->state = USER_PROPOSED; /* the machine could be that user now: somebody looks again */
        u->proposer = d->who;
        u->approver = NOBODY;
        u->decided_at = 0;
        return;
    }
    u->decided_at = now;
    if (d->act == ACT_USER_APPROVE) {
        u->state = USER_ACTIVE;
        u->approver = d->who;
        return;
    }
    u->state = d->act == ACT_USER_REFUSE ? USER_REFUSED : USER_DISABLED;
}

static void do_session(struct model *m, const struct deed *d, int64_t now)
{
    if (d->act != ACT_SESSION_OPEN) {
        m->sessions[d->record].state = SESSION_CLOSED;
        m->sessions[d->record].revision++;
        model_leaf(m, d->act, d->who, d->record, now);
        return;
    }
    assert(m->session_count < MODEL_SESSIONS);
    struct model_session *s = &m->sessions[m->session_count];
    int64_t hours = d->session.kind == SESSION_TOKEN ? 24 * MODEL_TOKEN_DAYS : MODEL_SESSION_HOURS;
    *s = (struct model_session){.user = d->session.user,
                                .kind = d->session.kind,
                                .until = now + hours * INT64_C(3600000000),
                                .revision = 1};
    memcpy(s->division, m->users[s->user].division, sizeof s->division);
    snprintf(s->id, sizeof s->id, "S%05d", m->session_count);
    model_leaf(m, d->act, d->who, m->session_count++, now);
}

static void do_batch(struct model *m, const struct deed *d, int64_t now)
{
    if (d->act == ACT_BATCH_OPEN) {
        assert(m->batch_count < MODEL_BATCHES);
        struct model_batch *b = &m->batches[m->batch_count];
        *b = (struct model_batch){.user = d->who, .opened_at = now, .revision = 1};
        snprintf(b->division, sizeof b->division, "%s", d->division);
        snprintf(b->id, sizeof b->id, "B%05d", m->batch_count);
        model_leaf(m, d->act, d->who, m->batch_count++, now);
        return;
    }
    model_leaf(m, d->act, d->who, d->record, now);
    if (d->act == ACT_BATCH_READ)
        return;
    struct model_batch *b = &m->batches[d->record];
    b->state = BATCH_DONE;
    b->accepted = d->accepted;
    b->duplicate = d->duplicate;
    b->refused = d->refused;
    b->revision++;
}

static void do_key(struct model *m, const struct deed *d, int64_t now)
{
    if (d->act == ACT_KEY_ADD) {
        assert(m->key_count < MODEL_KEYS);
        struct model_key *k = &m->keys[m->key_count];
        *k = (struct model_key){.kind = d->key_kind, .revision = 1};
        snprintf(k->id, sizeof k->id, "k%d", m->key_count + 1);
        model_leaf(m, d->act, d->who, m->key_count++, now);
        return;
    }
    m->keys[d->record].state = KEY_RETIRED;
    m->keys[d->record].revision++;
    model_leaf(m, d->act, d->who, d->record, now);
}

static void do_centre(struct model *m, const struct deed *d, int64_t now)
{
    model_leaf(m, d->act, d->who, 0, now);
    bool is_change = d->act == ACT_CENTRE_RESTORE || d->act == ACT_CENTRE_RECONCILE ||
                     d->act == ACT_CENTRE_SETTLE;
    m->centre_revision += is_change;
    if (d->act == ACT_CENTRE_SETTLE)
        m->is_first_run = false;
    else if (is_change)
        m->is_held = d->act == ACT_CENTRE_RESTORE;
}

void model_do_house(struct model *m, const struct deed *d, int64_t now)
{
    enum record_kind kind = act_record_kind(d->act);
    if (kind == RECORD_USER)
        do_user(m, d, now);
    else if (kind == RECORD_SESSION)
        do_session(m, d, now);
    else if (kind == RECORD_BATCH)
        do_batch(m, d, now);
    else if (kind == RECORD_KEY)
        do_key(m, d, now);
    else
        do_centre(m, d, now);
}
