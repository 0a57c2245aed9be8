/* SPDX-License-Identifier: Apache-2.0 */
/*
 * online_rows - rows of messages and visits, and the truth of who was reached by a scam: rows.h has
 * the rest.
 *
 * Shape     As rows.h.
 * Owns      Nothing.   Lives  The call.   Fails  -   Threads  The world's own.
 * Bounds    24 bytes a visit, 32 a message, while its carrier keeps it back.
 */
#ifndef YUMEN_DRILL_ONLINE_ROWS_H
#define YUMEN_DRILL_ONLINE_ROWS_H

#include <stdbool.h>
#include <stdint.h>

/* A query that a resolver's policy matched. */
struct visit_row {
    int64_t at_us; /* by the carrier's clock */
    uint64_t site;
    uint32_t line;
    uint8_t carrier;
};

/* A message with a link. */
struct message_row {
    int64_t at_us;
    uint64_t site;
    uint32_t sender;
    uint32_t line;
    uint8_t carrier;
};

/* Truth: somebody whom a scam reached, by its stages; 0: has not been, or never. */
struct episode_row {
    uint64_t site;
    int64_t listed_us; /* the site */
    int64_t begun_us;
    int64_t message_us;
    int64_t call_us;
    int64_t visit_us;
    int64_t asked_us; /* the first payment that its bank asked about */
    int64_t noticed_us;
    int64_t reported_us;
    uint32_t incident; /* 0: never pays */
    uint32_t scam;
    uint32_t line;
    uint32_t ring;
    bool takes_calls;
    bool heeds_call;
    bool heeds_visit;
    bool heeds_text; /* a warning of its own bank's */
};

#endif
