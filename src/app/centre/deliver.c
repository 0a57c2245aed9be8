/* SPDX-License-Identifier: Apache-2.0 */
#include "app/centre/deliver.h"

#include "app/bank/post_order.h"
#include "app/bank/waiting.h"
#include "app/call/event.h"
#include "app/house/erasures.h"
#include "app/race/race_thread.h"
#include "app/reach/reach.h"
#include "app/screen/screening.h"
#include "app/screen/sip_screen.h"
#include "app/screen/zone_feed.h"
#include "app/send/send.h"
#include "gate/http/gate.h"
#include "store/outbox.h"
#include "store/row.h"
#include "store/zone.h"

/* A turn of the zone holds up whoever comes with a decision: what LISTINGS_A_TURN take, and no
 * more. */
enum { TURN_BYTES = 512 << 20, LISTINGS_A_TURN = 8192 };

struct delivery {
    struct house *house;
    struct store *store;
    instant now;
    struct arena turn;
    bool is_piece;  /* of what many say at once: the rest goes on after other jobs */
    bool is_behind; /* so much waits that it is no past for anybody */
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
                       const struct zone_sink *sink, struct zone_changes *changes)
{
    struct outbox_listings listings = {0};
    TRY(outbox_listings(d->store, entries, LISTINGS_A_TURN, &d->turn, &listings));
    struct zone_listings changed = {.at = listings.at, .count = listings.count};
    struct zone_ask ask = {
        .now = d->now, .turn = &d->turn, .sink = sink, .leaves_no_past = d->is_behind};
    TRY(zone_update(d->store, changed, ask, changes));
    struct outbox_entries done = {.at = entries->at, .count = listings.entries};
    return outbox_drop(d->store, &done, d->now);
}

static err deliver_rpz(struct delivery *d, const struct outbox_entries *entries)
{
    struct zone_changes changes = {0};
    struct zone_news *news = NULL;
    TRY(store_begin(d->store));
    err e = zone_news_make(d->house, &d->turn, &news);
    if (!failed(e))
        e = update_zone(d, entries, &news->sink, &changes);
    e = end(d, e);
    if (!failed(e) && changes.count > 0)
        e = zone_feed_publish(d->house, news, changes.serial);
    if (news != NULL)
        zone_news_drop(news);
    return e;
}

/* While a list is being taken in, the zone waits: nobody is to wait for both. Then it is told piece
 * by piece. */
static err deliver_many(struct delivery *d, const struct outbox_entries *entries)
{
    uint64_t count = 0;
    d->is_piece = true;
    if (env_flag_is_up(&d->house->is_taking))
        return OK;
    for (size_t i = 0; i < entries->count; i++)
        count += entries->at[i].leaf - entries->at[i].first_leaf + 1;
    d->is_behind = count > ZONE_PAST_MOST;
    err e = deliver_rpz(d, entries);
    d->is_behind = false;
    d->house->has_more_zone = !failed(e) && count > LISTINGS_A_TURN;
    return e;
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
    if (str_equal(event.name, STR("alert")))
        send_wake(d->house, d->now);
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

/* A round that is to be paid is fetched by everybody, also by those that have orders brought. */
static err tell_of_round(struct delivery *d, str record)
{
    union record r;
    err e = row_find(store_sql(d->store), RECORD_ROUND, record, &d->turn, &r);
    if (e.code == ERR_ABSENT)
        return OK;
    TRY(e);
    waiting_tell(d->house, r.round.provider);
    return OK;
}

/* Who waits for orders looks again: what is not fetched stays in the queue, not here. To whom they
 * are brought they are brought: what did not arrive stays here. */
static err deliver_order(struct delivery *d, const struct outbox_entry *entry)
{
    union record r;
    err e = row_find(store_sql(d->store), RECORD_ORDER, entry->record, &d->turn, &r);
    if (e.code == ERR_ABSENT)
        return tell_of_round(d, entry->record);
    TRY(e);
    waiting_tell(d->house, r.order.provider);
    struct post_ask ask = {.entry = entry, .order = &r.order, .now = d->now};
    ask.provider = provider_find(&d->house->conf.providers, r.order.provider);
    if (ask.provider == NULL || ask.provider->way != PROVIDER_PUSH)
        return OK;
    return post_bring(d->house, d->store, &ask, &d->turn);
}

static err deliver_orders(struct delivery *d, const struct outbox_entries *entries)
{
    err e = OK;
    TRY(store_begin(d->store));
    for (size_t i = 0; i < entries->count && !failed(e); i++)
        e = deliver_order(d, &entries->at[i]);
    if (!failed(e))
        e = outbox_drop(d->store, entries, d->now);
    return end(d, e);
}

static err deliver_messages(struct delivery *d, const struct outbox_entries *entries)
{
    err e = OK;
    TRY(store_begin(d->store));
    for (size_t i = 0; i < entries->count && !failed(e); i++)
        e = reach_bring(d->house, d->store, &entries->at[i], d->now, &d->turn);
    if (!failed(e))
        e = outbox_drop(d->store, entries, d->now);
    return end(d, e);
}

struct topic {
    enum effect_topic topic;
    err (*deliver)(struct delivery *d, const struct outbox_entries *entries);
};

/* Until nothing is left: whoever set the clock may look at the zone as soon as this returns. */
static err deliver_topic(struct delivery *d, const struct topic *topic)
{
    struct outbox_entries entries = {.count = 1};
    err e = OK;
    d->is_piece = false;
    while (!failed(e) && entries.count > 0 && !d->is_piece) {
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
        {EFFECT_RPZ,      deliver_rpz     },
        {EFFECT_RPZ_MANY, deliver_many    },
        {EFFECT_STREAM,   deliver_stream  },
        {EFFECT_ERASURE,  deliver_erasures},
        {EFFECT_ORDER,    deliver_orders  },
        {EFFECT_MESSAGE,  deliver_messages},
    };
    struct house *house = self;
    struct delivery d = {.house = house, .store = store, .now = now};
    house->has_more_zone = false;
    if (env_flag_claim(&house->has_new_stations)) {
        env_flag_lower(&house->has_new_stations);
        send_wake(house, now);
    }
    err first = zone_feed_mend(house, store, now);
    for (size_t i = 0; i < COUNT_OF(topics); i++) {
        err e = deliver_topic(&d, &topics[i]);
        if (failed(e) && !failed(first))
            first = e;
    }
    err kept = sip_screen_keep(house, store, now);
    return failed(first) ? first : kept;
}

static void committed(void *self, uint64_t leaf_count)
{
    screening_committed(self, leaf_count);
    race_thread_wake(self);
}

static void leapt(void *self, instant now, int64_t by_us)
{
    struct house *house = self;
    LOG(&house->log, LOG_WARN, "clock.leapt", LOG_INT("by_s", by_us / US_PER_S));
    env_word_put(&house->leapt_by_us, (uint64_t)by_us);
    env_word_put(&house->leapt_at_us, (uint64_t)now.us);
    env_counter_add(&house->clock_leaps, 1);
}

static bool has_more(void *self)
{
    const struct house *house = self;
    return house->has_more_zone;
}

static instant turn_next(void *self)
{
    return send_next(self);
}

static err turn(void *self, struct store *store, instant now)
{
    return send_turn(self, store, now);
}

struct worker_port deliver_port(struct house *house)
{
    return (struct worker_port){.self = house,
                                .committed = committed,
                                .deliver = deliver,
                                .leapt = leapt,
                                .has_more = has_more,
                                .turn_next = turn_next,
                                .turn = turn,
                                .trouble = trouble};
}
