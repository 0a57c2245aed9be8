/* SPDX-License-Identifier: Apache-2.0 */
/*
 * order_reach - how much of an incident's stolen money can have come to an account at all: an order
 * that a person drafts asks for no more.
 *
 * Shape     the larger of two stories, and never more than was stolen:
 *             poison   stolen money leaves first: as much of it as one telling can bring here
 *             reach    all that came here on the ways that it may have taken, whatever the amounts
 *           less what orders like this one ask for there. An account that neither of them knows,
 *           and a trail that cannot be followed, bound nothing: then what was stolen does
 *           (desk/order_check.c).
 * Owns      Nothing; in the call's arena and one of its own.
 * Lives     A call.
 * Fails     ERR_LIMIT "order.beyond_reach", with what is left in call->about; as the runs and the
 *           readers.
 * Threads   The screens clerk.   Bounds  TRAIL_DOC_BYTES.
 */
#ifndef YUMEN_APP_DOOR_ORDER_REACH_H
#define YUMEN_APP_DOOR_ORDER_REACH_H

#include "app/door/api_incident.h"

/* An amount of the money on an account, under an incident, that no other order speaks for yet. */
bool order_reach_binds(const struct order *o);
err order_reach_check(struct call *call, struct runs *runs, const struct order *o);

#endif
