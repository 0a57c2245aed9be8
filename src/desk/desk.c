/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/desk.h"

#include "desk/permit.h"

#include <assert.h>

typedef err decide_fn(const struct desk_view *view, const struct command *cmd,
                      const struct law_profile *law, instant at, struct change *ret_change);

static decide_fn *const decide[RECORD_KIND_COUNT] = {
    [RECORD_LISTING] = listing_decide,
    [RECORD_APPEAL] = appeal_decide,
    [RECORD_USER] = user_decide,
    [RECORD_SESSION] = session_decide,
    [RECORD_BATCH] = batch_decide,
    [RECORD_KEY] = key_decide,
    [RECORD_CENTRE] = centre_decide,
    [RECORD_SOURCE] = source_decide,
    [RECORD_CONFLICT] = conflict_decide,
    [RECORD_INCIDENT] = incident_decide,
    [RECORD_GUARDIAN] = guardian_decide,
    [RECORD_BOX] = box_decide,
    [RECORD_SUSPICION] = suspicion_decide,
    [RECORD_ALERT] = alert_decide,
    [RECORD_OUTREACH] = outreach_decide,
    [RECORD_HUSH] = hush_decide,
    [RECORD_WHEREABOUTS] = whereabouts_decide,
    [RECORD_REPORT] = report_decide,
    [RECORD_CLAIM] = claim_decide,
    [RECORD_ORDER] = order_decide,
    [RECORD_RECEIPT] = receipt_decide,
    [RECORD_ROUND] = round_decide,
    [RECORD_SHARE] = share_decide,
    [RECORD_TIP] = tip_decide,
};

err desk_decide(const struct desk_view *view, const struct command *cmd,
                const struct law_profile *law, instant at, struct change *ret_change)
{
    assert(view != NULL && cmd != NULL && law != NULL && view->turn != NULL);
    assert(at.us > 0);
    enum record_kind kind = act_record_kind(cmd->act);
    if (!view->is_follow) {
        const union record *subject = view->own != NULL ? view->own : &cmd->body;
        TRY(permit_check(&cmd->actor, cmd->act, record_division(kind, subject)));
    }
    struct change change = {0};
    TRY(decide[kind](view, cmd, law, at, &change));
    /* `revision` is the last field of every shape (fact/record_test.c). */
    const struct record_shape *shape = &record_shapes[kind];
    const struct field *revision = &shape->fields[shape->field_count - 1];
    if (!change.is_reading)
        field_put_int(revision, &change.after, field_get_int(revision, &change.after) + 1);
    *ret_change = change;
    return OK;
}
