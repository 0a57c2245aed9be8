/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outcomes - how often a detector was right here, as people decided; and whether its suspicions may
 * be proposed many at a time.
 *
 * Shape     suspicions found in the last OUTCOME_DAYS --> right | wrong | waiting --> an interval
 *
 *               right    proposed by itself, approved by somebody else, not lifted since
 *               wrong    dismissed; or what was proposed was refused or lifted
 *               waiting  nobody has decided yet, or nobody has approved
 *
 *           Of `callers`, those that the model in use found. What was proposed together with others
 *           went by the score, and cannot say that the score was right: it counts only as wrong.
 * Owns      Nothing.   Lives  A call.   Fails  As sql.
 * Threads   The call's, or the store thread inside a write.
 * Bounds    OUTCOME_DAYS.
 */
#ifndef YUMEN_APP_DOOR_OUTCOMES_H
#define YUMEN_APP_DOOR_OUTCOMES_H

#include "app/call/api_help.h"

enum { OUTCOME_DAYS = 180 };

struct outcomes {
    int64_t right;
    int64_t wrong;
    int64_t waiting;
    bool may_together;
};

/* Of every detector. */
err outcomes_read(struct call *call, struct outcomes ret_outcomes[DETECTOR_COUNT]);
/* "measured": a line a detector that was ever right or wrong, or has something waiting. */
void outcomes_put(struct call *call, struct json *j, const struct outcomes o[DETECTOR_COUNT]);

#endif
