/* SPDX-License-Identifier: Apache-2.0 */
/*
 * call_feeds - who sends call records, how many, and when last: a feed that stops is seen.
 *
 * Shape     One row a carrier, added to with each batch, in the transaction that closes it.
 * Owns      Nothing; texts are in the caller's arena.
 * Lives     A row for ever: it holds no call.
 * Fails     As sql.
 * Threads   add: the store thread. The rest: any, with a connection of its own.
 * Bounds    CALL_FEEDS_MOST are shown.
 */
#ifndef YUMEN_APP_CALLS_CALL_FEEDS_H
#define YUMEN_APP_CALLS_CALL_FEEDS_H

#include "base/instant.h"
#include "store/sql.h"

enum { CALL_FEEDS_MOST = 128 };

struct call_feed {
    str carrier;       /* empty: the centre's own */
    instant heard_at;  /* 0: nothing could be read yet */
    instant newest_at; /* the newest call told of */
    int64_t accepted;
    int64_t duplicate;
    int64_t late; /* of those accepted */
    int64_t refused;
    int64_t matched; /* of those accepted: calls of a listed number */
};

struct call_feeds {
    struct call_feed at[CALL_FEEDS_MOST];
    size_t count;
};

/* What one batch said. */
err call_feed_add(struct sql *db, const struct call_feed *said);
err call_feeds_read(struct sql *db, struct arena *a, struct call_feeds *ret_feeds);

#endif
