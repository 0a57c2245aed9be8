/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_write - a report with all that follows from it, in the open transaction: the incident it
 * opens or joins, its claims, and the orders that leave with the same commit.
 *
 * Shape     look again what was told before -> incident -> report -> claims -> orders
 *
 *           The look-up counts: of two operators who take the same payments at once, the second
 *           one's report has no loss left, and so no orders. The report's row keeps what orders ask
 *           for within its loss; an order that would go beyond is smaller, or is left out.
 * Owns      Nothing; what is returned lies in the arena.
 * Lives     A turn.
 * Fails     As the desk for incident, report and claims: then the transaction ends. An order that
 *           the desk refuses is a refusal of the form's.
 * Threads   The store thread.
 * Bounds    REPORT_CLAIMS claims; `most_orders` are sent.
 */
#ifndef YUMEN_APP_REPORT_REPORT_WRITE_H
#define YUMEN_APP_REPORT_REPORT_WRITE_H

#include "app/report/report_plan.h"
#include "store/store.h"

struct report_writing {
    struct store *store;
    struct actor actor;
    instant at;
    struct arena *arena;
    struct report_form *form;
    const struct report_plan *plan; /* NULL: nobody took it, nothing is sent */
    int64_t window_us;
    size_t most_orders;
    str filed;    /* a report that is filed already; empty: a new one */
    str division; /* of what is new */
    str basis;
    str reason;
};

struct report_written {
    struct report report;
    struct claim *claims;
    size_t claim_count;
    struct order *orders;
    size_t order_count;
    bool is_joined;
};

/* From the street: filed, with its claims; nothing else happens. */
err report_write_filed(const struct report_writing *w, struct report_written *ret);
err report_write_taken(const struct report_writing *w, struct report_written *ret);

/* What a report of this profile rests on when nobody says otherwise. */
str report_usual_basis(const struct law_profile *law);
str report_usual_reason(const struct law_profile *law);

#endif
