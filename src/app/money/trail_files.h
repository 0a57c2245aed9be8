/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trail_files - transfers of files, in memory: a trail without a centre.
 *
 * Shape     path --reader--> rows --decode--> runs without a folder
 * Owns      The runs, until trail_files_close.
 * Lives     One command.
 * Fails     "cli.file.unreadable"; bad rows are counted and the first are kept, as for any feed.
 * Threads   One.
 * Bounds    Memory, about 150 bytes a transfer.
 */
#ifndef YUMEN_APP_MONEY_TRAIL_FILES_H
#define YUMEN_APP_MONEY_TRAIL_FILES_H

#include "base/instant.h"
#include "feed/answer.h"
#include "runs/runs.h"

struct trail_files {
    struct runs *runs;
    struct feed_answer answer;
    struct arena arena; /* of the refusals kept */
    instant now;
    str currency;
};

err trail_files_open(instant now, str currency, struct trail_files *ret_files);
/* Accepts a zeroed one. */
void trail_files_close(struct trail_files *f);
/* "-" is standard input. */
err trail_files_read(struct trail_files *f, const char *path);
/* After the last: what was read can be asked. */
err trail_files_end(struct trail_files *f);

#endif
