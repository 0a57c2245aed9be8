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
    [ACT_SUSPICION_FIND]   = CENTRE,             /* the machine finds, and decides nothing */
    [ACT_SUSPICION_LIST]   = AN,                 /* a proposal: somebody else approves it */
    [ACT_SUSPICION_DISMISS] = AN,
    [ACT_SUSPICION_ERASE]  = CENTRE,
    [ACT_BOX_FIND]         = CENTRE,
    [ACT_BOX_RENEW]        = CENTRE,
    [ACT_BOX_READ]         = OP | AN | AP | OF | CO | AU, /* and of suspicions and tips, without a leaf */
    [ACT_BOX_CONFIRM]      = AN | AP | OF | CO,  /* who was in the field, or hears from them */
    [ACT_BOX_DISMISS]      = AN | AP | OF | CO,
    [ACT_BOX_ERASE]        = CENTRE,
    [ACT_GUARDIAN_INVITE]  = ANYONE,             /* app looks at the code or the key */
    [ACT_GUARDIAN_AGREE]   = ANYONE,
    [ACT_GUARDIAN_ACCEPT]  = ANYONE,
    [ACT_GUARDIAN_MISS]    = ANYONE,
    [ACT_GUARDIAN_REVOKE]  = ANYONE,
    [ACT_GUARDIAN_ASK]     = CENTRE,             /* a step of an alert's ladder */
    [ACT_GUARDIAN_LAPSE]   = CENTRE,
    [ACT_GUARDIAN_ERASE]   = CENTRE,
    [ACT_ALERT_OPEN]       = OP | CENTRE,        /* the machine weighs an episode; or a neighbour calls */
    [ACT_ALERT_RISE]       = OP | CENTRE,
    [ACT_ALERT_FALL]       = CENTRE,
    [ACT_ALERT_FADE]       = CENTRE,
    [ACT_ALERT_ASSIGN]     = OP | CO | CENTRE,   /* and may say who is nearest */
    [ACT_ALERT_TAKE]       = OF,
    [ACT_ALERT_REFUSE]     = OF,                 /* one's own (alert_work.c) */
    [ACT_ALERT_HAND_OVER]  = OP | OF | CO,       /* likewise, of an officer */
    [ACT_ALERT_WITHDRAW]   = CENTRE,             /* from whom the machine asked, and heard nothing */
    [ACT_ALERT_UNSENT]     = CENTRE,
    [ACT_ALERT_PLACE]      = OP | OF | CO | PR,  /* with the address: the beat, and nothing finer */
    [ACT_ALERT_STEP]       = CENTRE,             /* of an outreach */
    [ACT_ALERT_LATE]       = CENTRE,
    [ACT_ALERT_ESCALATE]   = CENTRE,
    [ACT_ALERT_CONCLUDE]   = OP | AN | OF | CO,  /* what became of people, people say */
    [ACT_ALERT_CHECK]      = OP | AN | OF | CO,  /* not who said it */
    [ACT_ALERT_REPORT]     = OP | AN | PR | CENTRE, /* with the report that is taken */
    [ACT_ALERT_READ]       = OP | AN | AP | OF | CO | AU,
    [ACT_ALERT_ERASE]      = CENTRE,
    [ACT_OUTREACH_TAKE]    = OP | AN | OF | CO | CENTRE, /* what carries messages */
    [ACT_OUTREACH_ERASE]   = CENTRE,
    [ACT_HUSH_ASK]         = OP | AN | OF | CO,
    [ACT_HUSH_END]         = OP | AN | OF | CO | CENTRE,
    [ACT_WHEREABOUTS_ASK]  = OP | OF | CO,
    [ACT_WHEREABOUTS_TELL] = OP | PR,            /* the carrier; or who has it on the telephone */
    [ACT_WHEREABOUTS_READ] = OP | OF | CO,
    [ACT_WHEREABOUTS_ERASE] = CENTRE,
    [ACT_TIP_TELL]         = ANYONE,             /* app sees to how often */
    [ACT_TIP_LIST]         = AN,                 /* a proposal: somebody else approves it */
    [ACT_TIP_DISMISS]      = AN,
    [ACT_TIP_ERASE]        = CENTRE,
    [ACT_INCIDENT_OPEN]    = OP | AN | PR,       /* with the report that it takes */
    [ACT_INCIDENT_FOLLOW]  = OP | AN,
    [ACT_INCIDENT_CLOSE]   = AN | CO,
    [ACT_INCIDENT_READ]    = OP | AN | AP | CO | AU,
    [ACT_INCIDENT_JOIN]    = OP | AN | PR | CENTRE,
    [ACT_REPORT_FILE]      = OP | AN | ANYONE,
    [ACT_REPORT_TAKE]      = OP | AN | PR,       /* a signed-in person, or the victim's bank */
    [ACT_REPORT_REFUSE]    = OP | AN,
    [ACT_REPORT_WITHDRAW]  = OP | AN | ANYONE,
    [ACT_REPORT_PLEDGE]    = CENTRE,             /* only ever a consequence of an order's act */
    [ACT_REPORT_COUNT]     = CENTRE,             /* likewise, of a claim's */
    [ACT_REPORT_READ]      = OP | AN | AP | CO | AU,
    [ACT_REPORT_ERASE]     = CENTRE,
    [ACT_CLAIM_TELL]       = OP | AN | PR | ANYONE,
    [ACT_CLAIM_MATCH]      = OP | AN | PR | CENTRE,
    [ACT_CLAIM_MISMATCH]   = OP | AN | PR | CENTRE,
    [ACT_CLAIM_WITHDRAW]   = OP | AN | ANYONE,
    [ACT_CLAIM_ERASE]      = CENTRE,
    [ACT_ORDER_DRAFT]      = OP | AN,
    [ACT_ORDER_EMERGENCY]  = OP | AN | PR,       /* lapses unless somebody else countersigns */
    [ACT_ORDER_APPROVE]    = AP,
    [ACT_ORDER_REFUSE]     = OP | AN | AP,       /* without AP only one's own draft (order.c) */
    [ACT_ORDER_BEGIN]      = CENTRE,
    [ACT_ORDER_TRIM]       = OP | AN | AP | CO | CENTRE, /* sets free: one is enough */
    [ACT_ORDER_LOWER]      = AN | AP | CO,       /* with the round that they close */
    [ACT_ORDER_YIELD]      = CENTRE,             /* of the freeze that takes it over */
    [ACT_ORDER_EXTEND]     = OP | AN,            /* waits for the second person */
    [ACT_ORDER_LIFT]       = OP | AN | AP | CO | CENTRE, /* sets free */
    [ACT_ORDER_LAPSE]      = CENTRE,
    [ACT_ORDER_EXPIRE]     = CENTRE,
    [ACT_ORDER_LATE]       = CENTRE,
    [ACT_ORDER_ESCALATE]   = CENTRE,
    [ACT_ORDER_HEED]       = AP | CO,            /* a silence is told to people above */
    [ACT_ORDER_UNRELATE]   = CENTRE,             /* what the race finds */
    [ACT_ORDER_RELATE]     = CENTRE,
    [ACT_ORDER_KEEP]       = AN | AP | CO,       /* what two people decided already */
    [ACT_ORDER_DUE]        = CENTRE,
    [ACT_ORDER_RELEASE]    = CENTRE,
    [ACT_ORDER_FREED]      = CENTRE,
    [ACT_ORDER_RECEIVE]    = CENTRE,             /* only ever a consequence of a receipt */
    [ACT_ORDER_HEAR]       = CENTRE,
    [ACT_ORDER_FAIL]       = AP | CO,
    [ACT_ORDER_READ]       = STAFF | PR,
    [ACT_ORDER_ERASE]      = CENTRE,
    [ACT_RECEIPT_TAKE]     = OP | AN | PR | CENTRE, /* what is answered to a push */
    [ACT_RECEIPT_ERASE]    = CENTRE,
    [ACT_CLAIM_RETURN]     = CENTRE,             /* only ever a consequence of a share's act */
    [ACT_CLAIM_BOUNCE]     = CENTRE,             /* likewise */
    [ACT_ROUND_COMPUTE]    = OP | AN,
    [ACT_ROUND_ALLOT]      = CENTRE,             /* of a share's act */
    [ACT_ROUND_REVIEW]     = AN | AP | CO,       /* not who computed it (round.c) */
    [ACT_ROUND_NOTICE]     = AN | AP | CO,
    [ACT_ROUND_OBJECT]     = CENTRE,             /* of an appeal's act */
    [ACT_ROUND_HEAR]       = CENTRE,
    [ACT_ROUND_APPROVE]    = AP | CO,            /* two of them */
    [ACT_ROUND_SEND]       = CENTRE,             /* of the second approval */
    [ACT_ROUND_TALLY]      = CENTRE,             /* of a share's act */
    [ACT_ROUND_REOPEN]     = CENTRE,             /* likewise */
    [ACT_ROUND_CLOSE]      = AN | AP | CO,
    [ACT_ROUND_VOID]       = AN | AP | CO | CENTRE, /* of a claim that was withdrawn */
    [ACT_ROUND_LATE]       = CENTRE,
    [ACT_ROUND_ERASE]      = CENTRE,
    [ACT_ROUND_READ]       = STAFF | PR,
    [ACT_SHARE_MAKE]       = OP | AN,            /* with its round */
    [ACT_SHARE_PAY]        = CENTRE,             /* only ever a consequence of a receipt */
    [ACT_SHARE_FAIL]       = CENTRE,
    [ACT_SHARE_BOUNCE]     = CENTRE,
    [ACT_SHARE_ERASE]      = CENTRE,
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
           act == ACT_APPEAL_REJECT || act == ACT_USER_APPROVE || act == ACT_ORDER_APPROVE ||
           act == ACT_ROUND_APPROVE;
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

/* A provider's own people answer for their house, whatever the division of what they answer. */
static bool is_for_provider(const struct actor *actor, enum act act)
{
    bool answers = act == ACT_RECEIPT_TAKE || act == ACT_ORDER_READ || act == ACT_REPORT_TAKE ||
                   act == ACT_CLAIM_MATCH || act == ACT_CLAIM_MISMATCH ||
                   act == ACT_INCIDENT_JOIN || act == ACT_INCIDENT_OPEN ||
                   act == ACT_ORDER_EMERGENCY || act == ACT_ROUND_READ ||
                   act == ACT_WHEREABOUTS_TELL || act == ACT_ALERT_REPORT;
    return answers && !str_is_empty(actor->provider);
}

err permit_check(const struct actor *actor, enum act act, str division)
{
    if (!permit_actor_may(actor, act))
        return fail(ERR_DENIED, permit_refusal(actor), 0);
    /* What anybody from the street may do, staff may do for anybody. */
    bool is_bound =
        actor->kind == ACTOR_STAFF && (may[act] & ANYONE) == 0 && !is_for_provider(actor, act);
    if (is_bound && !division_covers(actor->division, division))
        return fail(ERR_DENIED, "permit.division", 0);
    return OK;
}
