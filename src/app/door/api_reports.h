/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_reports - what the doors of reports share.
 *
 * Shape     A new report, and one from the page that an operator takes, go the same way: matched
 *           and planned by the reports clerk, written with its orders in one transaction.
 * Owns      Nothing; in the call's arena.   Lives  A call.
 * Fails     As report_form, report_match, report_plan and report_write.
 * Threads   The call's.   Bounds  -
 */
#ifndef YUMEN_APP_DOOR_API_REPORTS_H
#define YUMEN_APP_DOOR_API_REPORTS_H

#include "app/call/api_routes.h"

/* Why its orders end with it. */
#define REPORT_WHY_WITHDRAWN "report.withdrawn"

struct report_form;

/* By how much a victim's clock and a bank's may differ. */
int64_t report_window_us(const struct house *house);

/* A filed report goes the way of a new one: *ret_form is the caller's to fill in. */
err report_hand_over(struct call *call, str filed, str division, struct report_form **ret_form);

#endif
