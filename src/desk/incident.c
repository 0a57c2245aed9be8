/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of an incident:
 *
 *     open          follow               close
 *    ------> open ---------> following --------> closed
 *              |  close                             ^
 *              +------------------------------------+
 *
 * It is followed as long as an order over money stands under it, and is not closed before.
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
    if (!str_is_empty(said->transfers)) /* a report may know none of the bank's yet */
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

/* Another report's transfers, or those of its bank that were found since, and what they add. */
static err join(const struct desk_view *view, const struct command *cmd, struct incident *i)
{
    const struct incident *more = &cmd->body.incident;
    struct text lines;
    if (i->state == INCIDENT_CLOSED)
        return fail(ERR_CONFLICT, "incident.closed", 0);
    text_init(&lines, view->turn);
    text_put(&lines, i->transfers);
    if (!str_is_empty(i->transfers) && !str_is_empty(more->transfers))
        text_put_char(&lines, '\n');
    text_put(&lines, more->transfers);
    if (text_spent(&lines) || text_str(&lines).size > TRANSFERS_BYTES)
        return fail(ERR_LIMIT, "incident.too_many", 0);
    if (more->stolen < 0 || i->stolen > INT64_MAX - more->stolen)
        return fail(ERR_MALFORMED, "report.loss", 0);
    i->transfers = text_str(&lines);
    i->stolen += more->stolen;
    return OK;
}

static err close_it(const struct desk_view *view, const struct command *cmd, instant at,
                    struct incident *i)
{
    TRY(words_check(cmd->why, WHY_BYTES, "why.missing", "why.too_long"));
    if (view->standing > 0)
        return fail(ERR_CONFLICT, "incident.measures_stand", 0);
    i->state = INCIDENT_CLOSED;
    i->closer = cmd->actor.user;
    i->closed_at = at;
    i->closed_why = cmd->why;
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
    if (cmd->act == ACT_INCIDENT_JOIN) {
        TRY(join(view, cmd, i));
        change_effect(ret_change, EFFECT_STREAM);
        return OK;
    }
    if (i->state == INCIDENT_CLOSED)
        return fail(ERR_CONFLICT, "incident.closed", 0);
    if (cmd->act == ACT_INCIDENT_FOLLOW && i->state == INCIDENT_FOLLOWING)
        return fail(ERR_CONFLICT, "incident.followed", 0);
    if (cmd->act == ACT_INCIDENT_FOLLOW)
        i->state = INCIDENT_FOLLOWING;
    else
        TRY(close_it(view, cmd, at, i));
    change_effect(ret_change, EFFECT_STREAM);
    return OK;
}
