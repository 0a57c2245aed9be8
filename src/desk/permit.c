/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/permit.h"

#include "fact/division.h"

#include <assert.h>

/* clang-format off */
enum {
    OP = 1 << ROLE_OPERATOR, AN = 1 << ROLE_ANALYST, AP = 1 << ROLE_APPROVER, OF = 1 << ROLE_OFFICER,
    CO = 1 << ROLE_COMMANDER, AU = 1 << ROLE_AUDITOR, FE = 1 << ROLE_FEEDER, PR = 1 << ROLE_PROVIDER,
    AD = 1 << ROLE_ADMIN,
    ANYONE = 1 << ROLE_COUNT,         /* from the street, not signed in */
    CENTRE = 1 << (ROLE_COUNT + 1),   /* timers, first run, the machine's own command line */
    STAFF = OP | AN | AP | OF | CO | AU,
};

static const uint32_t may[ACT_COUNT] = {
    [ACT_LISTING_PROPOSE]  = OP | AN | FE,          /* a person: the machine is not one of two */
    [ACT_LISTING_ENTER]    = AN | FE,            /* the two people are those of its source */
    [ACT_LISTING_RENEW]    = AN | FE,
    [ACT_LISTING_VANISH]   = AN | AP | CO | FE | CENTRE,
    [ACT_LISTING_APPROVE]  = AP,
    [ACT_LISTING_REFUSE]   = OP | AN | AP | FE,  /* without AP only one's own proposal (listing.c) */
    [ACT_LISTING_LIFT]     = AN | AP | CO,       /* acts at once: one person is enough to set free */
    [ACT_LISTING_BEGIN]    = CENTRE,
    [ACT_LISTING_EXPIRE]   = CENTRE,
    [ACT_LISTING_HEAR]     = CENTRE,
    [ACT_LISTING_ERASE]    = CENTRE,
    [ACT_LISTING_READ]     = STAFF | FE | PR | CENTRE,
    [ACT_APPEAL_FILE]      = OP | AN | AP | OF | CO | ANYONE,
    [ACT_APPEAL_REVIEW]    = AN | AP | CO,
    [ACT_APPEAL_GRANT]     = AP | CO,
    [ACT_APPEAL_REJECT]    = AP | CO,
    [ACT_APPEAL_WITHDRAW]  = ANYONE | OP,
    [ACT_APPEAL_LATE]      = CENTRE,
    [ACT_APPEAL_ERASE]     = CENTRE,
    [ACT_APPEAL_READ]      = OP | AN | AP | CO | AU,
    [ACT_USER_PROPOSE]     = AD | CENTRE,
    [ACT_USER_APPROVE]     = CO,
    [ACT_USER_REFUSE]      = CO | AD,
    [ACT_USER_DISABLE]     = AD | CO | CENTRE,
    [ACT_USER_PASSWORD]    = STAFF | FE | PR | AD | CENTRE,  /* one's own only (user.c) */
    [ACT_SESSION_OPEN]     = ANYONE | CENTRE,
    [ACT_SESSION_CLOSE]    = STAFF | FE | PR | AD | CENTRE,
    [ACT_SESSION_EXPIRE]   = CENTRE,
    [ACT_BATCH_OPEN]       = AN | FE,
    [ACT_BATCH_CLOSE]      = AN | FE | CENTRE,
    [ACT_BATCH_HOLD]       = AN | FE,
    [ACT_BATCH_ACCEPT]     = AN,                 /* a person looked at it, not who sends */
    [ACT_BATCH_DISMISS]    = AN | AP,
    [ACT_BATCH_LAPSE]      = CENTRE,
    [ACT_BATCH_READ]       = OP | AN | AP | CO | AU | FE | CENTRE,
    [ACT_SOURCE_PROPOSE]   = AN,
    [ACT_SOURCE_APPROVE]   = AP,
    [ACT_SOURCE_REFUSE]    = AN | AP,            /* without AP only one's own proposal (source.c) */
    [ACT_SOURCE_TAKE]      = AN | FE,
    [ACT_SOURCE_END]       = AN | AP | CO,       /* sets free: one person is enough */
    [ACT_SOURCE_EXPIRE]    = CENTRE,
    [ACT_CONFLICT_FIND]    = AN | FE,
    [ACT_CONFLICT_DISMISS] = AN,
    [ACT_CONFLICT_LIST]    = AN,                 /* a proposal: somebody else approves it */
    [ACT_INCIDENT_OPEN]    = OP | AN,
    [ACT_INCIDENT_FOLLOW]  = OP | AN,
    [ACT_INCIDENT_CLOSE]   = AN | CO,
    [ACT_INCIDENT_READ]    = OP | AN | AP | CO | AU,
    [ACT_KEY_ADD]          = AD | CENTRE,
    [ACT_KEY_RETIRE]       = AD | CENTRE,
    [ACT_CENTRE_OPEN]      = CENTRE,
    [ACT_CENTRE_BACKUP]    = AD | CENTRE,
    [ACT_CENTRE_RESTORE]   = CENTRE,
    [ACT_CENTRE_RECONCILE] = OP | CO,
    [ACT_CENTRE_EXPORT]    = AU | CENTRE,
    [ACT_CENTRE_AUDIT]     = AU | CO | AP | AN | CENTRE,
    [ACT_CENTRE_LAW]       = CENTRE,
    [ACT_CENTRE_SETTLE]    = CENTRE,
};
/* clang-format on */

static bool approves(enum act act)
{
    return act == ACT_LISTING_APPROVE || act == ACT_SOURCE_APPROVE || act == ACT_APPEAL_GRANT ||
           act == ACT_APPEAL_REJECT || act == ACT_USER_APPROVE;
}

bool permit_role_may(enum role role, enum act act)
{
    assert(role < ROLE_COUNT && act < ACT_COUNT);
    return (may[act] >> role & 1) != 0;
}

bool permit_actor_may(const struct actor *actor, enum act act)
{
    assert(act < ACT_COUNT);
    if (actor->kind == ACTOR_CENTRE)
        return (may[act] & CENTRE) != 0;
    if ((may[act] & ANYONE) != 0)
        return true;
    bool is_admin = (actor->roles & AD) != 0;
    if (actor->kind == ACTOR_PUBLIC || (is_admin && approves(act)))
        return false;
    return (may[act] & actor->roles) != 0;
}

const char *permit_refusal(const struct actor *actor)
{
    return actor->kind == ACTOR_CENTRE ? "permit.machine" : "permit.role";
}

err permit_check(const struct actor *actor, enum act act, str division)
{
    if (!permit_actor_may(actor, act))
        return fail(ERR_DENIED, permit_refusal(actor), 0);
    /* What anybody from the street may do, staff may do for anybody. */
    bool is_bound = actor->kind == ACTOR_STAFF && (may[act] & ANYONE) == 0;
    if (is_bound && !division_covers(actor->division, division))
        return fail(ERR_DENIED, "permit.division", 0);
    return OK;
}
