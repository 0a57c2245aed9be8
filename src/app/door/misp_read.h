/* SPDX-License-Identifier: Apache-2.0 */
/*
 * misp_read - what an event of MISP's names: its attributes, and those of its objects.
 *
 * Shape     {"Event": {…}}, or {"response": [{"Event": {…}}, …]} as its search answers.
 *
 *           Of what somebody is to act on (`to_ids`) and has not deleted: domains, host names,
 *           links, telephone numbers and accounts, canonical, each once. Other types are skipped,
 *           and what cannot be read is refused; both are counted.
 * Owns      Nothing; in the arena.   Lives  As that.
 * Fails     ERR_MALFORMED "misp.no_event"; ERR_LIMIT "misp.too_many".
 * Threads   Any, after kit_boot().   Bounds  MISP_THINGS_MOST.
 */
#ifndef YUMEN_APP_DOOR_MISP_READ_H
#define YUMEN_APP_DOOR_MISP_READ_H

#include "fact/indicator.h"
#include "kit/json.h"

enum { MISP_THINGS_MOST = 5000 };

struct misp_reading {
    struct indicator *things;
    size_t count;
    int64_t skipped;
    int64_t refused;
};

err misp_read(json_value root, str region, struct arena *turn, struct misp_reading *ret_reading);

#endif
