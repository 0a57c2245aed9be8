/* SPDX-License-Identifier: Apache-2.0 */
/*
 * detect_write - what detectors found in a batch of call records becomes suspicions, by number.
 *
 * Shape     hits --put--> found, by number --say--> rules --> suspicions, in one transaction, the
 *           surest first
 *           Nothing is proposed and nothing is listed here: the machine is not one of two people.
 * Owns      Its memory, with numbers in it; wiped at the end.
 * Lives     A batch.
 * Fails     As the store.
 * Threads   The clerk; what it writes, on the store thread.
 * Bounds    FOUND_MOST before they are said.
 */
#ifndef YUMEN_APP_CALLS_DETECT_WRITE_H
#define YUMEN_APP_CALLS_DETECT_WRITE_H

#include "app/calls/detect.h"

enum { FOUND_MOST = 1024 };

struct found {
    struct hit hit;
    char number[ROW_NUMBER_BYTES];
};

struct findings {
    struct house *house;
    str division; /* of what is found: of whoever sent the records */
    struct pages pages;
    struct found *found;
    uint32_t count;
    uint32_t beyond;
    uint32_t borrowed;
};

/* *ret_findings is there also when it failed; close accepts it. */
err findings_open(struct house *house, str division, struct findings *ret_findings);
void findings_close(struct findings *f);
err findings_put(struct findings *f, const struct hits *hits, const struct detect_row *rows);
err findings_say(struct findings *f);
/* All of the batch was said: nothing of before is looked for again. */
void findings_settled(struct findings *f);

#endif
