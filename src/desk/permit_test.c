/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: every act is open to exactly whom it is meant for; a division never reaches outside itself.
 * Method: the table said again, a letter a column, and every cell asked; every pair of divisions.
 */
#include "desk/permit.h"

#include "fact/division.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

/* o operator, n analyst, p approver, f officer, c commander, u auditor, e feeder, r provider,
 * a admin; * anybody; . the centre itself */
static const char *const letters = "onpfcuera";
static const char *const meant[ACT_COUNT] = {
    [ACT_LISTING_PROPOSE] = "one",
    [ACT_LISTING_ENTER] = "ne",
    [ACT_LISTING_RENEW] = "ne",
    [ACT_LISTING_VANISH] = "npce.",
    [ACT_LISTING_APPROVE] = "p",
    [ACT_LISTING_REFUSE] = "onpe",
    [ACT_LISTING_LIFT] = "npc",
    [ACT_LISTING_BEGIN] = ".",
    [ACT_LISTING_EXPIRE] = ".",
    [ACT_LISTING_HEAR] = ".",
    [ACT_LISTING_ERASE] = ".",
    [ACT_LISTING_READ] = "onpfcuer.",
    [ACT_APPEAL_FILE] = "*",
    [ACT_APPEAL_REVIEW] = "npc",
    [ACT_APPEAL_GRANT] = "pc",
    [ACT_APPEAL_REJECT] = "pc",
    [ACT_APPEAL_WITHDRAW] = "*",
    [ACT_APPEAL_LATE] = ".",
    [ACT_APPEAL_ERASE] = ".",
    [ACT_APPEAL_READ] = "onpcu",
    [ACT_USER_PROPOSE] = "a.",
    [ACT_USER_APPROVE] = "c",
    [ACT_USER_REFUSE] = "ca",
    [ACT_USER_DISABLE] = "ac.",
    [ACT_USER_PASSWORD] = "onpfcuera.",
    [ACT_SESSION_OPEN] = "*.",
    [ACT_SESSION_CLOSE] = "onpfcuera.",
    [ACT_SESSION_EXPIRE] = ".",
    [ACT_BATCH_OPEN] = "ne",
    [ACT_BATCH_CLOSE] = "ne.",
    [ACT_BATCH_HOLD] = "ne",
    [ACT_BATCH_ACCEPT] = "n",
    [ACT_BATCH_DISMISS] = "np",
    [ACT_BATCH_LAPSE] = ".",
    [ACT_SOURCE_PROPOSE] = "n",
    [ACT_SOURCE_APPROVE] = "p",
    [ACT_SOURCE_REFUSE] = "np",
    [ACT_SOURCE_TAKE] = "ne",
    [ACT_SOURCE_END] = "npc",
    [ACT_SOURCE_EXPIRE] = ".",
    [ACT_CONFLICT_FIND] = "ne",
    [ACT_CONFLICT_DISMISS] = "n",
    [ACT_CONFLICT_LIST] = "n",
    [ACT_SUSPICION_FIND] = ".",
    [ACT_SUSPICION_LIST] = "n",
    [ACT_SUSPICION_DISMISS] = "n",
    [ACT_SUSPICION_ERASE] = ".",
    [ACT_BOX_FIND] = ".",
    [ACT_BOX_RENEW] = ".",
    [ACT_BOX_READ] = "onpfcu",
    [ACT_BOX_CONFIRM] = "npfc",
    [ACT_BOX_DISMISS] = "npfc",
    [ACT_BOX_ERASE] = ".",
    [ACT_GUARDIAN_INVITE] = "*",
    [ACT_GUARDIAN_AGREE] = "*",
    [ACT_GUARDIAN_ACCEPT] = "*",
    [ACT_GUARDIAN_MISS] = "*",
    [ACT_GUARDIAN_REVOKE] = "*",
    [ACT_GUARDIAN_ASK] = ".",
    [ACT_GUARDIAN_LAPSE] = ".",
    [ACT_GUARDIAN_ERASE] = ".",
    [ACT_ALERT_OPEN] = "o.",
    [ACT_ALERT_RISE] = "o.",
    [ACT_ALERT_FALL] = ".",
    [ACT_ALERT_FADE] = ".",
    [ACT_ALERT_ASSIGN] = "oc.",
    [ACT_ALERT_TAKE] = "f",
    [ACT_ALERT_REFUSE] = "f",
    [ACT_ALERT_HAND_OVER] = "ofc",
    [ACT_ALERT_WITHDRAW] = ".",
    [ACT_ALERT_UNSENT] = ".",
    [ACT_ALERT_PLACE] = "ofcr",
    [ACT_ALERT_STEP] = ".",
    [ACT_ALERT_LATE] = ".",
    [ACT_ALERT_ESCALATE] = ".",
    [ACT_ALERT_CONCLUDE] = "onfc",
    [ACT_ALERT_CHECK] = "onfc",
    [ACT_ALERT_REPORT] = "onr.",
    [ACT_ALERT_READ] = "onpfcu",
    [ACT_ALERT_ERASE] = ".",
    [ACT_OUTREACH_TAKE] = "onfc.",
    [ACT_OUTREACH_ERASE] = ".",
    [ACT_HUSH_ASK] = "onfc",
    [ACT_HUSH_END] = "onfc.",
    [ACT_WHEREABOUTS_ASK] = "ofc",
    [ACT_WHEREABOUTS_TELL] = "or",
    [ACT_WHEREABOUTS_READ] = "ofc",
    [ACT_WHEREABOUTS_ERASE] = ".",
    [ACT_TIP_TELL] = "*",
    [ACT_TIP_LIST] = "n",
    [ACT_TIP_DISMISS] = "n",
    [ACT_TIP_ERASE] = ".",
    [ACT_BATCH_READ] = "onpcue.",
    [ACT_INCIDENT_OPEN] = "onr",
    [ACT_INCIDENT_FOLLOW] = "on",
    [ACT_INCIDENT_CLOSE] = "nc",
    [ACT_INCIDENT_READ] = "onpcu",
    [ACT_INCIDENT_JOIN] = "onr.",
    [ACT_REPORT_FILE] = "*",
    [ACT_REPORT_TAKE] = "onr",
    [ACT_REPORT_REFUSE] = "on",
    [ACT_REPORT_WITHDRAW] = "*",
    [ACT_REPORT_PLEDGE] = ".",
    [ACT_REPORT_COUNT] = ".",
    [ACT_REPORT_READ] = "onpcu",
    [ACT_REPORT_ERASE] = ".",
    [ACT_CLAIM_TELL] = "*",
    [ACT_CLAIM_MATCH] = "onr.",
    [ACT_CLAIM_MISMATCH] = "onr.",
    [ACT_CLAIM_WITHDRAW] = "*",
    [ACT_CLAIM_ERASE] = ".",
    [ACT_ORDER_DRAFT] = "on",
    [ACT_ORDER_EMERGENCY] = "onr",
    [ACT_ORDER_APPROVE] = "p",
    [ACT_ORDER_REFUSE] = "onp",
    [ACT_ORDER_BEGIN] = ".",
    [ACT_ORDER_TRIM] = "onpc.",
    [ACT_ORDER_LOWER] = "npc",
    [ACT_ORDER_YIELD] = ".",
    [ACT_ORDER_EXTEND] = "on",
    [ACT_ORDER_LIFT] = "onpc.",
    [ACT_ORDER_LAPSE] = ".",
    [ACT_ORDER_EXPIRE] = ".",
    [ACT_ORDER_LATE] = ".",
    [ACT_ORDER_ESCALATE] = ".",
    [ACT_ORDER_HEED] = "pc",
    [ACT_ORDER_UNRELATE] = ".",
    [ACT_ORDER_RELATE] = ".",
    [ACT_ORDER_KEEP] = "npc",
    [ACT_ORDER_DUE] = ".",
    [ACT_ORDER_RELEASE] = ".",
    [ACT_ORDER_FREED] = ".",
    [ACT_ORDER_RECEIVE] = ".",
    [ACT_ORDER_HEAR] = ".",
    [ACT_ORDER_FAIL] = "pc",
    [ACT_ORDER_READ] = "onpfcur",
    [ACT_ORDER_ERASE] = ".",
    [ACT_RECEIPT_TAKE] = "onr.",
    [ACT_RECEIPT_ERASE] = ".",
    [ACT_CLAIM_RETURN] = ".",
    [ACT_CLAIM_BOUNCE] = ".",
    [ACT_ROUND_COMPUTE] = "on",
    [ACT_ROUND_ALLOT] = ".",
    [ACT_ROUND_REVIEW] = "npc",
    [ACT_ROUND_NOTICE] = "npc",
    [ACT_ROUND_OBJECT] = ".",
    [ACT_ROUND_HEAR] = ".",
    [ACT_ROUND_APPROVE] = "pc",
    [ACT_ROUND_SEND] = ".",
    [ACT_ROUND_TALLY] = ".",
    [ACT_ROUND_REOPEN] = ".",
    [ACT_ROUND_CLOSE] = "npc",
    [ACT_ROUND_VOID] = "npc.",
    [ACT_ROUND_LATE] = ".",
    [ACT_ROUND_ERASE] = ".",
    [ACT_ROUND_READ] = "onpfcur",
    [ACT_SHARE_MAKE] = "on",
    [ACT_SHARE_PAY] = ".",
    [ACT_SHARE_FAIL] = ".",
    [ACT_SHARE_BOUNCE] = ".",
    [ACT_SHARE_ERASE] = ".",
    [ACT_KEY_ADD] = "a.",
    [ACT_KEY_RETIRE] = "a.",
    [ACT_CENTRE_OPEN] = ".",
    [ACT_CENTRE_BACKUP] = "a.",
    [ACT_CENTRE_RESTORE] = ".",
    [ACT_CENTRE_RECONCILE] = "oc",
    [ACT_CENTRE_EXPORT] = "u.",
    [ACT_CENTRE_AUDIT] = "ucpn.",
    [ACT_CENTRE_LAW] = ".",
    [ACT_CENTRE_SETTLE] = ".",
};

static bool is_meant(enum act act, char letter)
{
    return meant[act] != NULL && strchr(meant[act], letter) != NULL;
}

static bool is_approving(enum act act)
{
    return act == ACT_LISTING_APPROVE || act == ACT_APPEAL_GRANT || act == ACT_APPEAL_REJECT ||
           act == ACT_USER_APPROVE || act == ACT_ORDER_APPROVE || act == ACT_ROUND_APPROVE;
}

static struct actor staff(role_set roles, const char *division)
{
    return (struct actor){
        .user = STR("ann"), .roles = roles, .division = str_from_c(division), .kind = ACTOR_STAFF};
}

static void every_cell(void **state)
{
    (void)state;
    struct actor anybody = {.user = STR("public"), .kind = ACTOR_PUBLIC};
    struct actor centre = {.user = STR("centre"), .kind = ACTOR_CENTRE};
    for (enum act act = 0; act < ACT_COUNT; act++) {
        bool is_public = is_meant(act, '*');
        assert_int_equal(permit_actor_may(&anybody, act), is_public);
        assert_int_equal(permit_actor_may(&centre, act), is_meant(act, '.'));
        for (enum role role = 0; role < ROLE_COUNT; role++) {
            struct actor one = staff((role_set)1 << role, "");
            assert_int_equal(permit_actor_may(&one, act),
                             is_public || is_meant(act, letters[role]));
        }
    }
}

/* Whatever other role they hold. */
static void an_admin_never_approves(void **state)
{
    (void)state;
    for (role_set roles = 0; roles < (role_set)1 << ROLE_COUNT; roles++) {
        struct actor one = staff(roles | (role_set)1 << ROLE_ADMIN, "");
        for (enum act act = 0; act < ACT_COUNT; act++)
            if (is_approving(act))
                assert_false(permit_actor_may(&one, act));
    }
}

/* More roles, more acts: but for the admin's nobody loses one by another. */
static void roles_add_up(void **state)
{
    (void)state;
    for (role_set roles = 1; roles < (role_set)1 << ROLE_ADMIN; roles++)
        for (enum act act = 0; act < ACT_COUNT; act++) {
            bool any = is_meant(act, '*');
            for (enum role role = 0; role < ROLE_ADMIN; role++)
                any = any || ((roles >> role & 1) != 0 && is_meant(act, letters[role]));
            struct actor one = staff(roles, "");
            assert_int_equal(permit_actor_may(&one, act), any);
        }
}

static void divisions(void **state)
{
    (void)state;
    static const char *const all[] = {"", "62", "6201", "620102", "6202", "63", "620102001"};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        for (size_t j = 0; j < COUNT_OF(all); j++) {
            struct actor one = staff((role_set)1 << ROLE_APPROVER, all[i]);
            bool is_inside = strncmp(all[j], all[i], strlen(all[i])) == 0;
            str division = str_from_c(all[j]);
            err e = permit_check(&one, ACT_LISTING_APPROVE, division);
            assert_int_equal(e.code, is_inside ? ERR_NONE : ERR_DENIED);
            /* what anybody may do, staff may do for anybody */
            assert_false(failed(permit_check(&one, ACT_APPEAL_FILE, division)));
            assert_string_equal(permit_check(&one, ACT_USER_APPROVE, division).why, "permit.role");
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell),
        cmocka_unit_test(an_admin_never_approves),
        cmocka_unit_test(roles_add_up),
        cmocka_unit_test(divisions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
