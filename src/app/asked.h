/* SPDX-License-Identifier: Apache-2.0 */
/*
 * asked - one question about an indicator, as check and screen share it.
 *
 * Shape     text --asked_parse--> indicator --(screening.h)--> found --asked_put--> JSON
 * Owns      Nothing; results are in `turn`.
 * Lives     A question.
 * Fails     What the indicator is wrong about; asked_put: as the store.
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
    struct screening_found found;
};

err asked_parse(const struct call *call, struct asked *asked);
/* The members of an object that has been begun and is empty. */
err asked_put(struct call *call, struct json *j, struct asked *asked);

#endif
