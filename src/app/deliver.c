/* SPDX-License-Identifier: Apache-2.0 */
#include "app/deliver.h"

#include "app/erasures.h"
#include "app/event.h"
#include "app/lists.h"
#include "app/zone_feed.h"
#include "gate/http/gate.h"
#include "store/outbox.h"

enum { TURN_BYTES = 256 << 20 };

struct delivery {
    struct house *house;
    struct store *store;
    instant now;
    struct arena turn;
};

static void trouble(void *self, const char *where, err e)
{
    struct house *house = self;
    struct log_field fields[] = {
        {.key = "where", .kind = LOG_KIND_WORD, .word = str_from_c(where)},
        LOG_WHY(e),
        LOG_INT("at", e.at),
    };
    log_line(&house->log, LOG_ERROR, "store_trouble", fields, COUNT_OF(fields));
}

static err end(struct delivery *d, err e)
{
    if (!failed(e))
        return store_commit(d->store, d->now);
    store_rollback(d->store);
    return e;
}

static err update_zone(struct delivery *d, const struct outbox_entries *entries,
                       struct zone_changes *changes)
{
    str *listings = arena_make_array(&d->turn, entries->count, sizeof *listings);
    if (listings == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (size_t i = 0; i < entries->count; i++)
        listings[i] = entries->at[i].record;
    struct zone_listings changed = {.at = listings, .count = entries->count};
    TRY(zone_update(d->store, changed, d->now, &d->turn, changes));
    return outbox_drop(d->store, entries, d->now);
}

static err deliver_rpz(struct delivery *d, const struct outbox_entries *entries)
{
    struct zone_changes changes = {0};
    TRY(store_begin(d->store));
    TRY(end(d, update_zone(d, entries, &changes)));
    return changes.count == 0 ? OK : zone_feed_publish(d->house, &changes);
}

static err drop(struct delivery *d, const struct outbox_entries *entries)
{
    TRY(store_begin(d->store));
    return end(d, outbox_drop(d->store, entries, d->now));
}

/* What cannot be told must not keep the rest from being told: only what may pass is tried again. */
static err stream_one(struct delivery *d, const struct outbox_entry *entry)
{
    struct http_event event = {0};
    err e = event_make(store_sql(d->store), entry->leaf, d->house->law.zone_min, &d->turn, &event);
    if (e.code == ERR_ABSENT)
        return OK;
    if (e.code == ERR_OS || e.code == ERR_BUSY)
        return e;
    if (failed(e)) {
        trouble(d->house, "stream", e);
        return OK;
    }
    if (env_flag_is_up(&d->house->is_ready))
        http_event_send(d->house->http, &event);
    return OK;
}

static err deliver_stream(struct delivery *d, const struct outbox_entries *entries)
{
    for (size_t i = 0; i < entries->count; i++)
        TRY(stream_one(d, &entries->at[i]));
    return drop(d, entries);
}

static err journal(struct delivery *d, const struct outbox_entries *entries)
{
    struct text t;
    text_init(&t, &d->turn);
    for (size_t i = 0; i < entries->count; i++)
        text_printf(&t, "%.*s %lld\n", STR_ARGS(entries->at[i].record), (long long)d->now.us);
    char *name = str_to_c(&d->turn, d->house->conf.erasures);
    char path[PATH_BYTES + 64];
    if (text_spent(&t) || name == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(house_path(d->house, name, path));
    return erasures_append(path, text_str(&t));
}

static err deliver_erasures(struct delivery *d, const struct outbox_entries *entries)
{
    TRY(journal(d, entries));
    return drop(d, entries);
}

struct topic {
    enum effect_topic topic;
    err (*deliver)(struct delivery *d, const struct outbox_entries *entries);
};

/* Until nothing is left: whoever set the clock may look at the zone as soon as this returns. */
static err deliver_topic(struct delivery *d, const struct topic *topic)
{
    struct outbox_entries entries = {.count = OUTBOX_MOST};
    err e = OK;
    while (!failed(e) && entries.count == OUTBOX_MOST) {
        arena_init(&d->turn, TURN_BYTES);
        e = outbox_take(d->store, topic->topic, d->now, &d->turn, &entries);
        if (!failed(e) && entries.count > 0)
            e = topic->deliver(d, &entries);
        arena_done(&d->turn);
    }
    return e;
}

static err deliver(void *self, struct store *store, instant now)
{
    static const struct topic topics[] = {
        {EFFECT_RPZ,     deliver_rpz     },
        {EFFECT_STREAM,  deliver_stream  },
        {EFFECT_ERASURE, deliver_erasures},
    };
    struct house *house = self;
    struct delivery d = {.house = house, .store = store, .now = now};
    err first = zone_feed_mend(house, store, now);
    for (size_t i = 0; i < COUNT_OF(topics); i++) {
        err e = deliver_topic(&d, &topics[i]);
        if (failed(e) && !failed(first))
            first = e;
    }
    return first;
}

static void committed(void *self, uint64_t leaf_count)
{
    lists_committed(self, leaf_count);
}

struct worker_port deliver_port(struct house *house)
{
    return (struct worker_port){
        .self = house, .committed = committed, .deliver = deliver, .trouble = trouble};
}
