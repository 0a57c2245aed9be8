/* SPDX-License-Identifier: Apache-2.0 */
/*
 * asked - one question about an indicator, as check and screen share it.
 *
 * Shape     text --asked_parse--> indicator --(screening.h)--> found --asked_recall--> asked_put
 *
 *           Parsed and found, many together are looked up in what was told before (told.h); those
 *           that are not there are read in one transaction.
 * Owns      Nothing; results are in `turn`.
 * Lives     A question.
 * Fails     What the indicator is wrong about; asked_put: as the store.
 * Threads   Any.   Bounds  As indicator.h.
 */
#ifndef YUMEN_APP_DOOR_ASKED_H
#define YUMEN_APP_DOOR_ASKED_H

#include "app/call/api_help.h"
#include "app/screen/screening.h"
#include "app/screen/told.h"

struct asked {
    str kind; /* empty: to be guessed */
    str value;
    struct arena *turn; /* of this one question */
    struct indicator indicator;
    struct screening_found found;
    struct told_pen *pen; /* may be shared with others that are asked with it */
    bool is_told;         /* what is told of it is kept: */
    struct told_words words;
};

err asked_parse(const struct call *call, struct asked *asked);
/* What was told of them before, and what others of their lists were told. */
err asked_recall(struct call *call, struct asked *const *asked, size_t count);
/* The members of an object that has been begun and is empty. */
err asked_put(struct call *call, struct json *j, struct asked *asked);

#endif
