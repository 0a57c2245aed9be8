/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_show - a report and what followed from it, as the API answers.
 *
 * Shape     {"report",…,"claims":[…],"orders":[…],"trail"?,"joined","refusals":[…],"secret"?}
 * Owns      Nothing; the call's arena.   Lives  A call.   Fails  The text is spent; as the readers.
 * Threads   The call's.   Bounds  -
 */
#ifndef YUMEN_APP_REPORT_REPORT_SHOW_H
#define YUMEN_APP_REPORT_REPORT_SHOW_H

#include "app/call/api_help.h"
#include "app/report/report_write.h"

/* Into the open object; without the secret. */
err report_show_written(struct call *call, struct json *j, const struct report_written *done,
                        const struct report_form *form);
/* To the street: that it was filed, and what of it could not be read. */
void report_show_filed(struct call *call, struct json *j, const struct report_written *done,
                       const struct report_form *form);
/* The trail as its own document does it; nothing without one. */
err report_show_trail(struct call *call, struct json *j, str incident, const struct trail_doc *doc);

struct report_orders_shown {
    const struct order *at;
    size_t count;
    bool sees_personal;
};
/* "orders" */
err report_show_orders(struct call *call, struct json *j, const struct report_orders_shown *shown);

#endif
