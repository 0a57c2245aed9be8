/* SPDX-License-Identifier: Apache-2.0 */
#include "app/screen/zone_feed.h"

#include "app/house/ask.h"
#include "app/house/keys.h"
#include "env/clock.h"
#include "env/memory.h"
#include "gate/dns/dns.h"

/* A day of one publish a second; what is held of it in memory is the gate's bound. */
enum { PAST_BYTES = 128 << 20, PAST_MOST = 90000, PAST_CHANGES = 200000 };
#define MEND_EVERY_US (10 * US_PER_S)

static enum rpz_policy policy_of(str word)
{
    static const struct {
        const char *word;
        enum rpz_policy policy;
    } rows[] = {
        {"notice",   RPZ_NOTICE  },
        {"nxdomain", RPZ_NXDOMAIN},
        {"nodata",   RPZ_NODATA  },
        {"passthru", RPZ_PASSTHRU},
        {"tcp_only", RPZ_TCP_ONLY},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (str_equal(word, str_from_c(rows[i].word)))
            return rows[i].policy;
    return RPZ_NONE;
}

/* --- the start --- */

struct entries {
    struct rpz_entry *at;
    size_t count;
    size_t room;
};

struct loading {
    struct arena arena;
    struct rpz_list names;
    struct entries removed; /* of all serials, in order */
    struct entries added;
    struct rpz_past *past;
    size_t past_count;
};

/* "com.evil.*." is *.evil.com. */
static str owner_of(struct arena *a, str turned)
{
    char *at = arena_make(a, turned.size + 1);
    if (at == NULL)
        return (str){0};
    size_t size = 0;
    for (size_t end = turned.size; end > 0;) {
        size_t start = end - 1; /* its dot */
        while (start > 0 && turned.at[start - 1] != '.')
            start--;
        memcpy(at + size, turned.at + start, end - 1 - start);
        size += end - 1 - start;
        at[size++] = '.';
        end = start;
    }
    return str_make(at, size == 0 ? 0 : size - 1);
}

static err entries_put(struct entries *e, struct arena *a, str turned, str policy)
{
    if (e->count == e->room) {
        size_t room = e->room == 0 ? 256 : e->room * 2;
        e->at = arena_grow(a, e->at, e->room * sizeof *e->at, room * sizeof *e->at);
        if (e->at == NULL)
            return fail(ERR_LIMIT, "limit.memory", 0);
        e->room = room;
    }
    str owner = owner_of(a, turned);
    if (owner.at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    e->at[e->count++] = (struct rpz_entry){.owner = owner, .policy = policy_of(policy)};
    return OK;
}

static err load_name(void *self, str turned, str policy)
{
    struct loading *l = self;
    return rpz_list_put(&l->names, turned, policy_of(policy));
}

static err load_change(void *self, uint32_t serial, const struct zone_change *change)
{
    struct loading *l = self;
    bool is_next = l->past_count == 0 || l->past[l->past_count - 1].to != serial;
    if (is_next && l->past_count == PAST_MOST)
        return OK; /* cannot be, but after serials have gone round */
    if (is_next)
        l->past[l->past_count++] = (struct rpz_past){.from = serial - 1, .to = serial};
    struct rpz_past *past = &l->past[l->past_count - 1];
    if (!str_is_empty(change->before)) {
        TRY(entries_put(&l->removed, &l->arena, change->turned, change->before));
        past->removed_count++;
    }
    if (!str_is_empty(change->after)) {
        TRY(entries_put(&l->added, &l->arena, change->turned, change->after));
        past->added_count++;
    }
    return OK;
}

/* The lists grew while they were filled: only now do their pieces have an address. */
static void join_past(struct loading *l)
{
    size_t removed = 0;
    size_t added = 0;
    for (size_t i = 0; i < l->past_count; i++) {
        l->past[i].removed = l->removed.at == NULL ? NULL : l->removed.at + removed;
        l->past[i].added = l->added.at == NULL ? NULL : l->added.at + added;
        removed += l->past[i].removed_count;
        added += l->past[i].added_count;
    }
}

/* The store thread alone writes: between its transactions the readings agree. */
static err load_past(struct sql *db, struct loading *l, uint32_t serial)
{
    struct zone_walk walk = {.self = l, .change = load_change};
    uint32_t since = 0;
    l->past = arena_make_array(&l->arena, PAST_MOST, sizeof *l->past);
    if (l->past == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(zone_since(db, PAST_CHANGES, &since));
    if (serial > PAST_MOST && since < serial - PAST_MOST)
        since = serial - PAST_MOST;
    TRY(zone_walk_changes(db, since, &walk));
    join_past(l);
    return OK;
}

/* `l->names` has been begun. */
static err load(struct sql *db, struct loading *l, struct rpz_start *start)
{
    struct zone_walk walk = {.self = l, .name = load_name};
    uint32_t serial = 0;
    arena_init(&l->arena, PAST_BYTES);
    TRY(zone_serial(db, &serial));
    TRY(zone_walk_names(db, &walk));
    TRY(load_past(db, l, serial));
    *start = (struct rpz_start){
        .serial = serial, .list = &l->names, .past = l->past, .past_count = l->past_count};
    return OK;
}

static void loading_end(struct loading *l)
{
    rpz_list_done(&l->names);
    arena_done(&l->arena);
}

/* --- options --- */

static struct dns_endpoint endpoint(str address)
{
    struct dns_endpoint made = {.host = address, .port = 53}; /* when no port is said */
    err e = conf_address_parse(address, &made.host, &made.port);
    return failed(e) ? (struct dns_endpoint){.host = address, .port = 53} : made;
}

struct own_key {
    struct house *house;
    char path[PATH_BYTES + 64];
};

static err find_own_key(void *self, struct store *store, instant now, struct arena *turn)
{
    struct own_key *own = self;
    str id = {0};
    (void)now;
    TRY(key_find_current(store, KEY_TSIG, turn, &id));
    return str_is_empty(id) ? fail(ERR_ABSENT, "key.absent", 0)
                            : key_path(own->house, KEY_TSIG, id, own->path);
}

/* Its file's, or else the one that `yumen keys` makes and rotates. */
static err secret_path(struct house *house, const struct conf_tsig *tsig,
                       char room[PATH_BYTES + 64])
{
    struct own_key own = {.house = house};
    if (str_is_empty(tsig->secret_file)) {
        TRY(ask_store(house, find_own_key, &own));
        memcpy(room, own.path, sizeof own.path);
        return OK;
    }
    char *name = str_to_c(&house->boot, tsig->secret_file);
    if (name == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    return house_path(house, name, room);
}

static err read_secret(struct house *house, const struct conf_tsig *tsig, struct dns_key *key)
{
    char path[PATH_BYTES + 64];
    str secret = {0};
    TRY(secret_path(house, tsig, path));
    if (failed(file_read(path, 4096, &house->boot, &secret)))
        return fail(ERR_OS, "key.file", 0);
    *key = (struct dns_key){
        .name = tsig->name, .algorithm = tsig->algorithm, .secret = str_trim(secret)};
    return OK;
}

static err make_paths(struct house *house, str **ret_paths)
{
    const struct conf_texts *files = &house->conf.dns_files;
    str *paths = arena_make_array(&house->boot, files->count + 1, sizeof *paths);
    if (paths == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (size_t i = 0; i < files->count; i++) {
        char path[PATH_BYTES + 64];
        char *name = str_to_c(&house->boot, files->at[i]);
        if (name == NULL)
            return fail(ERR_LIMIT, "limit.memory", 0);
        TRY(house_path(house, name, path));
        paths[i] = str_copy(&house->boot, str_from_c(path));
        if (paths[i].at == NULL)
            return fail(ERR_LIMIT, "limit.memory", 0);
    }
    *ret_paths = paths;
    return OK;
}

static err make_options(struct house *house, struct dns_options *o, struct dns_endpoint *listen)
{
    const struct conf *conf = &house->conf;
    struct dns_secondary *secondaries =
        arena_make_array(&house->boot, CONF_LIST_MAX, sizeof *secondaries);
    struct dns_key *keys = arena_make_array(&house->boot, CONF_LIST_MAX, sizeof *keys);
    if (secondaries == NULL || keys == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    *listen = endpoint(conf->dns_listen);
    for (size_t i = 0; i < conf->dns_secondaries.count; i++) {
        secondaries[i].at = endpoint(conf->dns_secondaries.at[i].address);
        secondaries[i].key = conf->dns_secondaries.at[i].tsig;
        secondaries[i].polls = conf->dns_secondaries.at[i].polls;
    }
    for (size_t i = 0; i < conf->dns_tsigs.count; i++)
        TRY(read_secret(house, &conf->dns_tsigs.at[i], &keys[i]));
    str *files = NULL;
    TRY(make_paths(house, &files));
    struct dns_times times = DNS_TIMES;
    times.ttl_s = (uint32_t)conf->dns_ttl_s;
    *o = (struct dns_options){
        .listen = listen,
        .listen_count = 1,
        .secondaries = secondaries,
        .secondary_count = conf->dns_secondaries.count,
        .keys = keys,
        .key_count = conf->dns_tsigs.count,
        .files = files,
        .file_count = conf->dns_files.count,
        .files_every_ms = (uint32_t)conf->dns_files_every_s * 1000,
        .zone = conf->dns_zone,
        .notice = {.a = conf->dns_notice_a,
                   .aaaa = conf->dns_notice_aaaa,
                   .cname = conf->dns_notice_cname},
        .times = times,
    };
    return OK;
}

/* --- life --- */

/* Each an event of its own: the log holds back what comes too often, and the rare must not go with
 * the frequent. What happens all day has none: the gate counts it. */
static const struct {
    const char *event;
    enum log_level level;
} notes[DNS_NOTE_COUNT] = {
    [DNS_PUBLISHED] = {"dns.published",           LOG_INFO },
    [DNS_PUBLISH_FAILED] = {"dns.publish_failed",      LOG_ERROR},
    [DNS_UNFIT] = {"dns.unfit_names",         LOG_WARN },
    [DNS_UNREACHED] = {"dns.secondary_unreached", LOG_WARN },
    [DNS_SENT_WHOLE] = {"dns.sent_whole",          LOG_INFO },
    [DNS_SENT_DIFFS] = {"dns.sent_differences",    LOG_INFO },
    [DNS_TRANSFER_LOST] = {"dns.transfer_lost",       LOG_WARN },
    [DNS_BAD_SIGNATURE] = {"dns.bad_signature",       LOG_WARN },
    [DNS_FILE_WRITTEN] = {"dns.file_written",        LOG_INFO },
    [DNS_FILE_FAILED] = {"dns.file_failed",         LOG_ERROR},
};

static void note(void *self, enum dns_note note, const struct dns_news *news)
{
    struct house *house = self;
    if (note == DNS_PUBLISH_FAILED)
        env_flag_raise(&house->is_zone_behind);
    if (notes[note].event == NULL)
        return;
    struct log_field fields[] = {
        LOG_INT("serial", news->serial),
        LOG_INT("count", news->count),
        LOG_INT("secondary", news->secondary == DNS_NOBODY ? -1 : (int64_t)news->secondary),
    };
    log_line(&house->log, notes[note].level, notes[note].event, fields, COUNT_OF(fields));
}

static void run(void *self)
{
    struct house *house = self;
    err e = dns_gate_run(house->dns);
    if (failed(e))
        LOG(&house->log, LOG_ERROR, "dns_stopped", LOG_WHY(e), LOG_INT("at", e.at));
}

struct opening {
    struct house *house;
    struct dns_options options;
    uint64_t mark;
};

static err renew_mark(void *self, struct store *store, instant at, struct arena *turn)
{
    const struct opening *o = self;
    (void)turn;
    return zone_open(store, o->mark, at);
}

/* On the store thread, so that no change comes between what is read here and the first publish. */
static err start_gate(void *self, struct store *store, instant at, struct arena *turn)
{
    struct opening *o = self;
    struct rpz_start start;
    struct loading loading = {0};
    struct dns_port port = {.self = o->house, .note = note};
    (void)at;
    (void)turn;
    o->options.is_held = o->house->is_zone_held = store_is_held(store);
    TRY(dns_options_list(&o->options, &loading.names));
    err e = load(store_sql(store), &loading, &start);
    if (!failed(e))
        e = dns_gate_start(&o->options, &port, &start, &o->house->dns);
    loading_end(&loading);
    sql_rest(store_sql(store)); /* a million names are not asked for again */
    memory_rest();
    return e;
}

err zone_feed_open(struct house *house)
{
    struct opening o = {.house = house};
    struct dns_endpoint listen;
    if (str_is_empty(house->conf.dns_listen))
        return OK;
    TRY(make_options(house, &o.options, &listen));
    TRY(dns_options_mark(&o.options, &o.mark));
    TRY(ask_store(house, renew_mark, &o));
    TRY(ask_store(house, start_gate, &o));
    return env_thread_start(&house->dns_thread, "dns", run, house);
}

void zone_feed_close(struct house *house)
{
    if (house->dns == NULL)
        return;
    if (house->dns_thread.is_started)
        dns_gate_stop(house->dns);
    env_thread_join(&house->dns_thread);
    dns_gate_close(house->dns);
    house->dns = NULL;
}

/* --- publishing --- */

static err renew(struct store *store, instant now)
{
    uint32_t serial = 0;
    TRY(store_begin(store));
    err e = zone_renew(store, now, &serial);
    if (!failed(e))
        return store_commit(store, now);
    store_rollback(store);
    return e;
}

/* The whole zone under a serial of its own, whatever the gate has or has not heard. */
static err replace_all(struct house *house, struct store *store, instant now)
{
    struct rpz_list names;
    struct loading loading = {0};
    struct zone_walk walk = {.self = &loading, .name = load_name};
    uint32_t serial = 0;
    TRY(renew(store, now));
    TRY(zone_serial(store_sql(store), &serial));
    dns_gate_list(house->dns, &loading.names);
    err e = zone_walk_names(store_sql(store), &walk);
    names = loading.names;
    if (!failed(e))
        return dns_gate_replace_list(house->dns, serial, &names);
    rpz_list_done(&names);
    return e;
}

/* What a restore brought back may have been lifted since: served once somebody has compared. */
static err release(struct house *house, const struct store *store)
{
    if (!house->is_zone_held || store_is_held(store))
        return OK;
    TRY(dns_gate_release(house->dns));
    house->is_zone_held = false;
    return OK;
}

err zone_feed_mend(struct house *house, struct store *store, instant now)
{
    if (house->dns == NULL)
        return OK;
    TRY(release(house, store));
    if (!env_flag_is_up(&house->is_zone_behind) || env_monotonic_us() < house->zone_mend_us)
        return OK;
    house->zone_mend_us = env_monotonic_us() + MEND_EVERY_US;
    env_flag_lower(&house->is_zone_behind); /* first: the gate may raise it while we read */
    err e = replace_all(house, store, now);
    if (failed(e))
        env_flag_raise(&house->is_zone_behind);
    return e;
}

static err hear(void *self, const struct zone_change *change)
{
    struct zone_news *news = self;
    return news->is_heard ? rpz_list_put(news->list, change->turned, policy_of(change->after)) : OK;
}

err zone_news_make(struct house *house, struct arena *turn, struct zone_news **ret_news)
{
    struct zone_news *news = arena_make(turn, sizeof *news);
    struct rpz_list *list = arena_make(turn, sizeof *list);
    if (news == NULL || list == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    /* What is behind is mended with the rest. */
    bool is_heard = house->dns != NULL && !env_flag_is_up(&house->is_zone_behind);
    if (is_heard)
        dns_gate_list(house->dns, list);
    *news = (struct zone_news){.list = list, .is_heard = is_heard};
    news->sink = (struct zone_sink){.self = news, .change = hear};
    *ret_news = news;
    return OK;
}

void zone_news_drop(struct zone_news *news)
{
    rpz_list_done(news->list);
}

err zone_feed_publish(struct house *house, struct zone_news *news, uint32_t serial)
{
    if (!news->is_heard)
        return OK;
    err e = dns_gate_publish_list(house->dns, serial, news->list);
    if (failed(e))
        env_flag_raise(&house->is_zone_behind);
    return e;
}
