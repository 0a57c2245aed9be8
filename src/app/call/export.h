/* SPDX-License-Identifier: Apache-2.0 */
/*
 * export - the ledger and the records it speaks of, read for somebody who checks them: as an export
 * (docs/formats/ledger.md), or by the server's own replay.
 *
 * Shape     reader --> entries with openings, rows, heads --> NDJSON lines | replay_source
 *           Openings are made from the rows: a personal field never changes but to be erased.
 * Owns      Nothing; what a walk hands over lives in its arena.
 * Lives     A call.   Threads  Any, with its own reader.
 * Fails     As reader; "limit.memory".
 * Bounds    One leaf or row at a time, but for export_all, which builds the whole text.
 */
#ifndef YUMEN_APP_CALL_EXPORT_H
#define YUMEN_APP_CALL_EXPORT_H

#include "app/house/house.h"
#include "ledger/entry.h"
#include "ledger/replay.h"

struct export_walk {
    struct reader *reader;
    struct arena *turn;
    unsigned kind;    /* of the rows being walked */
    str last;         /* id of the row handed over last */
    uint64_t size;    /* of the head handed over last */
    bool has_secrets; /* rows and openings of secrets as well: never for what leaves the building */
    struct arena keep;
};

void export_walk_init(struct export_walk *w, struct reader *reader, struct arena *turn);
void export_walk_done(struct export_walk *w);
err export_entry(void *walk, uint64_t index, struct entry *ret_entry);
err export_row(void *walk, struct row *ret_row, bool *ret_has);
err export_head(void *walk, struct head *ret_head, bool *ret_has);
err export_leaf_count(struct reader *reader, uint64_t *ret_count);

err export_store_id(struct reader *reader, struct arena *turn, str *ret_id);

/* Everything as it was at one moment, line by line. */
struct export_sink {
    void *self;
    err (*put)(void *self, str line);
    const struct env_flag *ending; /* NULL, or: stop with "limit.stopping" once it is up */
};
err export_stream(struct reader *reader, const struct export_sink *sink);
/* The same into one text. */
err export_all(struct reader *reader, const struct env_flag *ending, struct text *lines);

#endif
