/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reader - reads many transfers word for word, and keeps the blocks of the journal that it opened.
 *
 * Shape     ordinal --> block: kept? else read, checked, unpacked, its records found --> record
 *
 *           A transfer of a kept block costs less than a microsecond, one of another about fifteen.
 * Owns      The blocks; what stood where a new one goes is dropped.
 * Lives     From make to done; texts that it gave, as long as the arena they were asked into.
 * Fails     As runs_ask_details.
 * Threads   One each; beside the owner.
 * Bounds    READER_BLOCKS blocks, mostly of 4 to 16 KB.
 */
#ifndef YUMEN_RUNS_READER_H
#define YUMEN_RUNS_READER_H

#include "runs/runs.h"

enum { READER_BLOCKS = 2048 };

struct runs_reader;

err runs_reader_make(struct runs *r, struct runs_reader **ret_reader);
/* Accepts NULL. */
void runs_reader_done(struct runs_reader *reader);

/* As runs_ask_details. */
err runs_reader_details(struct runs_reader *reader, uint32_t ordinal, struct arena *a,
                        struct transfer *ret);

#endif
