/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of an incident:
 *
 *     open          follow               close
 *    ------> open ---------> following --------> closed
 *              |  close                             ^
 *              +------------------------------------+
 *
 * Whoever reads an account of its trail reads it for this incident: that is a leaf of its own.
 */
#include "desk/change.h"
#include "fact/currency.h"

#include <assert.h>

enum { SAID_BYTES = 4000, WHY_BYTES = 2000, TRANSFERS_BYTES = INCIDENT_TRANSFERS * 65 };

static err open_new(const struct desk_view *view, const struct command *cmd, instant at,
                    struct incident *i)
{
    const struct incident *said = &cmd->body.incident;
    if (view->own != NULL)
        return fail(ERR_CONFLICT, "incident.exists", 0);
    TRY(words_check(said->transfers, TRANSFERS_BYTES, "trail.no_start", "incident.too_many"));
    if (!str_is_empty(said->said))
        TRY(words_check(said->said, SAID_BYTES, "incident.said", "incident.said"));
    if (currency_digits(said->currency) < 0)
        return fail(ERR_MALFORMED, "currency.unknown", 0);
    *i = (struct incident){.id = cmd->record,
                           .state = INCIDENT_OPEN,
                           .transfers = said->transfers,
                           .currency = said->currency,
                           .stolen = said->stolen,
                           .said = said->said,
                           .opener = cmd->actor.user,
                           .opened_at = at,
                           .division = said->division};
    return OK;
}

err incident_decide(const struct desk_view *view, const struct command *cmd,
                    const struct law_profile *law, instant at, struct change *ret_change)
{
    (void)law;
    change_begin(ret_change, view);
    struct incident *i = &ret_change->after.incident;
    if (cmd->act == ACT_INCIDENT_OPEN) {
        TRY(open_new(view, cmd, at, i));
        change_effect(ret_change, EFFECT_STREAM);
        return OK;
    }
    if (view->own == NULL)
        return fail(ERR_ABSENT, "incident.absent", 0);
    if (cmd->act == ACT_INCIDENT_READ) {
        ret_change->is_reading = true;
        return words_check(cmd->why, WHY_BYTES, "purpose.missing", "why.too_long");
    }
    if (i->state == INCIDENT_CLOSED)
        return fail(ERR_CONFLICT, "incident.closed", 0);
    if (cmd->act == ACT_INCIDENT_FOLLOW && i->state == INCIDENT_FOLLOWING)
        return fail(ERR_CONFLICT, "incident.followed", 0);
    if (cmd->act == ACT_INCIDENT_FOLLOW) {
        i->state = INCIDENT_FOLLOWING;
    } else {
        TRY(words_check(cmd->why, WHY_BYTES, "why.missing", "why.too_long"));
        i->state = INCIDENT_CLOSED;
        i->closer = cmd->actor.user;
        i->closed_at = at;
        i->closed_why = cmd->why;
    }
    change_effect(ret_change, EFFECT_STREAM);
    return OK;
}
