/* SPDX-License-Identifier: Apache-2.0 */
#include "app/deliver.h"

#include "app/erasures.h"
#include "app/event.h"
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

static err drop_all(struct delivery *d, const struct outbox_entries *entries)
{
    for (size_t i = 0; i < entries->count; i++)
        TRY(outbox_drop(d->store, entries->at[i].id));
    return OK;
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
    return drop_all(d, entries);
}

static err deliver_rpz(struct delivery *d)
{
    struct outbox_entries entries = {0};
    TRY(outbox_take(d->store, EFFECT_RPZ, d->now, &d->turn, &entries));
    if (entries.count == 0)
        return OK;
    struct zone_changes changes = {0};
    TRY(store_begin(d->store));
    TRY(end(d, update_zone(d, &entries, &changes)));
    return changes.count == 0 ? OK : zone_feed_publish(d->house, &changes);
}

static err stream_one(struct delivery *d, const struct outbox_entry *entry)
{
    struct http_event event = {0};
    err e = event_make(store_sql(d->store), entry->leaf, d->house->law.zone_min, &d->turn, &event);
    if (e.code == ERR_ABSENT)
        return OK;
    TRY(e);
    if (d->house->http != NULL)
        http_event_send(d->house->http, &event);
    return OK;
}

static err deliver_stream(struct delivery *d)
{
    struct outbox_entries entries = {0};
    TRY(outbox_take(d->store, EFFECT_STREAM, d->now, &d->turn, &entries));
    if (entries.count == 0)
        return OK;
    for (size_t i = 0; i < entries.count; i++)
        TRY(stream_one(d, &entries.at[i]));
    TRY(store_begin(d->store));
    return end(d, drop_all(d, &entries));
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

static err deliver_erasures(struct delivery *d)
{
    struct outbox_entries entries = {0};
    TRY(outbox_take(d->store, EFFECT_ERASURE, d->now, &d->turn, &entries));
    if (entries.count == 0)
        return OK;
    TRY(journal(d, &entries));
    TRY(store_begin(d->store));
    return end(d, drop_all(d, &entries));
}

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

static err deliver(void *self, struct store *store, instant now)
{
    struct house *house = self;
    struct delivery d = {.house = house, .store = store, .now = now};
    static err (*const topics[])(struct delivery *) = {deliver_rpz, deliver_stream,
                                                       deliver_erasures};
    err first = OK;
    for (size_t i = 0; i < COUNT_OF(topics); i++) {
        arena_init(&d.turn, TURN_BYTES);
        err e = topics[i](&d);
        arena_done(&d.turn);
        if (failed(e) && !failed(first))
            first = e;
    }
    return first;
}

struct worker_port deliver_port(struct house *house)
{
    return (struct worker_port){.self = house, .deliver = deliver, .trouble = trouble};
}
