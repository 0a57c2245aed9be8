/* SPDX-License-Identifier: Apache-2.0 */
/*
 * asked - one question about an indicator, as check and screen share it.
 *
 * Shape     text --asked_parse--> indicator --(screening.h)--> judgement --asked_put--> JSON
 * Owns      Nothing; results are in `turn`.
 * Lives     A question.
 * Fails     What the indicator is wrong about.
 * Threads   Any.   Bounds  As indicator.h.
 */
#ifndef YUMEN_APP_ASKED_H
#define YUMEN_APP_ASKED_H

#include "app/api_help.h"
#include "app/screening.h"

struct asked {
    str kind; /* empty: to be guessed */
    str value;
    struct arena *turn; /* of this one question */
    struct indicator indicator;
    struct judgement judgement;
};

err asked_parse(const struct call *call, struct asked *asked);
/* The members of an object that has been begun. */
void asked_put(struct call *call, struct json *j, const struct asked *asked);

#endif
