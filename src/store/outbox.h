/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outbox - what has to leave the building, released only after it was committed, and again until it
 * has been delivered.
 *
 * Shape     Rows {topic, record, leaves}; taken in order of id; dropped when delivered, put off
 *           with a growing delay when not. While the centre's outbox is held (after a restore)
 *           nothing is handed out.
 * Owns      Nothing; entries are in the turn arena.
 * Lives     A row, until it has been delivered.
 * Fails     As sql.
 * Threads   The store thread.
 * Bounds    OUTBOX_MOST entries at a time; delay from 1 s to 5 min.
 */
#ifndef YUMEN_STORE_OUTBOX_H
#define YUMEN_STORE_OUTBOX_H

#include "store/store.h"

enum { OUTBOX_MOST = 4096 };

struct outbox_entry {
    int64_t id;
    enum effect_topic topic;
    str record;          /* of a span: the source whose listings they are */
    uint64_t first_leaf; /* with the next, a span: all listings that these leaves speak of */
    uint64_t leaf;
    int64_t attempts;
};

/* What is due of one topic, oldest first; none while held. */
struct outbox_entries {
    struct outbox_entry *at;
    size_t count;
};
struct outbox_listings {
    str *at;
    size_t count;
    size_t entries; /* of the taken ones, from the first */
};
err outbox_take(struct store *store, enum effect_topic topic, instant now, struct arena *turn,
                struct outbox_entries *ret_entries);
/* The listings of the first entries: at least one entry's, and no more entries once there are
 * `most`. A listing may stand twice. */
err outbox_listings(struct store *store, const struct outbox_entries *taken, size_t most,
                    struct arena *turn, struct outbox_listings *ret_listings);
/* Inside a transaction: all that outbox_take gave at `now`, but for what was put off since. */
err outbox_drop(struct store *store, const struct outbox_entries *taken, instant now);
err outbox_put_off(struct store *store, const struct outbox_entry *entry, instant now);
/* Not before `until`, without a delay that grows: it is under way, or its turn will come. */
err outbox_keep(struct store *store, const struct outbox_entry *entry, instant until);

/* Those that are brought one by one: by its id (ERR_ABSENT), away with it; all of them due, or
 * those that were only kept and never put off. */
err outbox_find(struct store *store, enum effect_topic topic, int64_t id, struct arena *turn,
                struct outbox_entry *ret_entry);
err outbox_drop_one(struct store *store, const struct outbox_entry *entry);
err outbox_hurry(struct store *store, enum effect_topic topic);
err outbox_hurry_kept(struct store *store, enum effect_topic topic);
/* What this provider is asked for, has not spoken of, and no entry would bring: entries for it. */
err outbox_mend_orders(struct store *store, str provider);

#endif
