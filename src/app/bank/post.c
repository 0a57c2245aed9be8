/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bank/post.h"

#include "app/house/ask.h"
#include "app/house/keys.h"
#include "env/id.h"
#include "kit/secret.h"

#include <assert.h>

/* Beyond what push allows an attempt: an outcome that was lost brings the letter again. */
#define SPARE_US  (10 * US_PER_S)
#define FULL_US   (US_PER_S / 4) /* until a place may be free */
#define CLOSED_US US_PER_S       /* while nobody brings anything: a command, a start, an end */

enum { POST_BYTES = 1 << 30, ANSWER_BYTES = 2 * PUSH_ANSWER_BYTES };

/* A letter under way. Its owner is the store thread, then push, then the store thread again. */
struct flight {
    struct job job; /* first: a job is its flight */
    struct post *post;
    int64_t entry; /* 0: free */
    enum effect_topic topic;
    post_settle *settle;
    char record[ID_ROOM];
    struct post_answer answer;
    struct arena arena;      /* of the answer */
    struct env_flag is_lost; /* it ended, and the store could not be told */
};

struct post {
    struct arena arena;
    struct house *house;
    struct push *push;
    struct flight *flights;
    size_t count;
    struct env_counter settled[PUSH_LATER + 1]; /* by fate: and the store knows */
    struct push_key key;
    char key_id[ID_ROOM];
};

/* --- what became of a letter --- */

static void free_flight(struct flight *f)
{
    env_flag_lower(&f->is_lost);
    f->entry = 0;
}

/* The row goes with what the answer is made to; or stays, for later. */
static err settle(struct job *job, struct store *store, instant at, struct arena *turn)
{
    struct flight *f = (struct flight *)job;
    struct outbox_entry entry = {.id = 0};
    err e = outbox_find(store, f->topic, f->entry, turn, &entry);
    if (e.code == ERR_ABSENT)
        return OK;
    TRY(e);
    if (f->post->house->clock.is_manual) /* no time passes until a place is free */
        TRY(outbox_hurry_kept(store, f->topic));
    if (f->answer.fate == PUSH_LATER)
        return outbox_put_off(store, &entry, at);
    TRY(outbox_drop_one(store, &entry));
    return f->settle(f->post->house, store, &f->answer, at, turn);
}

/* What failed here is brought again when it is due. */
static void settled(struct job *job, err outcome)
{
    struct flight *f = (struct flight *)job;
    if (failed(outcome))
        LOG(&f->post->house->log, LOG_ERROR, "push_trouble",
            LOG_ID("record", str_from_c(f->record)), LOG_WHY(outcome));
    else
        env_counter_add(&f->post->settled[f->answer.fate], 1);
    free_flight(f);
}

static void done(void *self, const struct push_outcome *outcome)
{
    struct post *p = self;
    assert(outcome->id < p->count);
    struct flight *f = &p->flights[outcome->id];
    arena_reset(&f->arena);
    f->answer.fate = outcome->fate;
    f->answer.status = outcome->status;
    f->answer.body = str_copy(&f->arena, outcome->body);
    f->job.run = settle;
    f->job.done = settled;
    if (!worker_put(&p->house->worker, &f->job))
        env_flag_raise(&f->is_lost);
}

/* --- one letter --- */

static struct flight *find_flight(struct post *p, str record)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->flights[i].entry != 0 && str_equal(str_from_c(p->flights[i].record), record))
            return &p->flights[i];
    return NULL;
}

static void load_flight(struct flight *f, const struct post_load *load)
{
    f->entry = load->entry->id;
    f->topic = load->entry->topic;
    f->settle = load->settle;
    memcpy(f->record, load->record.at, load->record.size);
    f->record[load->record.size] = '\0';
    f->answer = (struct post_answer){
        .record = str_from_c(f->record), .ask = load->ask, .provider = load->provider};
}

static struct flight *take_flight(struct post *p, const struct post_load *load)
{
    for (size_t i = 0; i < p->count; i++) {
        struct flight *f = &p->flights[i];
        if (f->entry != 0 && env_flag_is_up(&f->is_lost))
            free_flight(f);
        if (f->entry != 0 || load->record.size >= sizeof f->record)
            continue;
        load_flight(f, load);
        return f;
    }
    return NULL;
}

/* The current one: its file is read again only when another has taken its place. */
static err take_key(struct post *p, struct store *store, struct arena *turn)
{
    str id = STR("");
    str secret = STR("");
    TRY(key_find_current(store, KEY_LEDGER, turn, &id));
    if (str_equal(id, p->key.keyid))
        return OK;
    TRY(key_read(p->house, KEY_LEDGER, id, turn, &secret));
    if (secret.size != SIGN_SECRET_BYTES || id.size >= sizeof p->key_id)
        return fail(ERR_CORRUPT, "key.file", 0);
    memcpy(p->key.secret.bytes, secret.at, SIGN_SECRET_BYTES);
    key_wipe(secret);
    memcpy(p->key_id, id.at, id.size);
    p->key.keyid = str_make(p->key_id, id.size);
    return OK;
}

static err keep(struct store *store, const struct post_load *load, int64_t us)
{
    return outbox_keep(store, load->entry, instant_add_us(load->now, us));
}

enum post_place post_place(struct house *house, const struct post_load *load)
{
    struct post *p = house->post;
    if (p == NULL || env_flag_is_up(&house->is_stopping))
        return POST_CLOSED;
    const struct flight *f = find_flight(p, load->record);
    if (f == NULL || env_flag_is_up(&f->is_lost))
        return POST_FREE;
    bool is_same = f->answer.ask == load->ask && f->entry != load->entry->id;
    return is_same ? POST_SAME : POST_TAKEN;
}

err post_wait(struct store *store, const struct post_load *load, enum post_place place)
{
    return keep(store, load, place == POST_CLOSED ? CLOSED_US : FULL_US);
}

static err send(struct post *p, struct store *store, const struct post_load *load,
                const struct push_letter *letter, struct arena *turn)
{
    struct push_letter out = *letter;
    struct flight *f = take_flight(p, load);
    if (f == NULL)
        return fail(ERR_BUSY, "push.busy", 0);
    err e = take_key(p, store, turn);
    out.id = (uint64_t)(f - p->flights);
    out.sign = &p->key;
    out.now = load->now;
    if (!failed(e))
        e = push_put(p->push, &out);
    if (failed(e))
        free_flight(f);
    return e;
}

err post_send(struct house *house, struct store *store, const struct post_load *load,
              const struct push_letter *letter, struct arena *turn)
{
    err e = send(house->post, store, load, letter, turn);
    if (e.code == ERR_BUSY)
        return keep(store, load, FULL_US);
    if (e.code == ERR_OS || e.code == ERR_CORRUPT)
        return post_trouble(house, store, load, e);
    TRY(e);
    return keep(store, load, house->conf.push_timeout_s * US_PER_S + SPARE_US);
}

err post_trouble(struct house *house, struct store *store, const struct post_load *load, err e)
{
    LOG(&house->log, LOG_ERROR, "push_trouble", LOG_ID("record", load->record), LOG_WHY(e));
    return outbox_put_off(store, load->entry, load->now);
}

/* --- life --- */

/* To whom letters go: providers that want orders brought, and the gateway of messages. */
static size_t count_pushed(const struct conf *conf)
{
    size_t count = !str_is_empty(conf->sms_url);
    for (size_t i = 0; i < conf->providers.count; i++)
        count += conf->providers.at[i].way == PROVIDER_PUSH;
    return count;
}

/* A rehearsal orders nothing of a bank that is none, and writes to nobody. */
static err check_addresses(const struct house *house)
{
    const struct providers *all = &house->conf.providers;
    if (store_centre(house->store)->kind == CENTRE_REAL)
        return OK;
    if (!str_is_empty(house->conf.sms_url))
        TRY(conf_url_check_loopback(house->conf.sms_url));
    for (size_t i = 0; i < all->count; i++)
        if (all->at[i].way == PROVIDER_PUSH)
            TRY(conf_url_check_loopback(all->at[i].url));
    return OK;
}

static err open_push(struct post *p, size_t providers)
{
    char path[PATH_BYTES + 64];
    const struct conf *conf = &p->house->conf;
    struct push_options options = {.log = &p->house->log,
                                   .providers = providers,
                                   .per_provider = POST_AT_ONCE,
                                   .timeout_ms = (int)conf->push_timeout_s * 1000};
    struct push_port port = {.self = p, .done = done};
    if (!str_is_empty(conf->push_ca_file)) {
        char *name = str_to_c(&p->arena, conf->push_ca_file);
        if (name == NULL)
            return fail(ERR_LIMIT, "limit.memory", 0);
        TRY(house_path(p->house, name, path));
        options.ca_file = path;
    }
    p->count = providers * POST_AT_ONCE;
    p->flights = arena_make_array(&p->arena, p->count, sizeof *p->flights);
    if (p->flights == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (size_t i = 0; i < p->count; i++) {
        p->flights[i].post = p;
        arena_init(&p->flights[i].arena, ANSWER_BYTES);
    }
    return push_open(&p->arena, &options, &port, &p->push);
}

/* From now on; also what was put off before, or never brought. */
static err begin(void *self, struct store *store, instant at, struct arena *turn)
{
    struct post *p = self;
    const struct providers *all = &p->house->conf.providers;
    (void)at;
    (void)turn;
    TRY(outbox_hurry(store, EFFECT_ORDER));
    TRY(outbox_hurry(store, EFFECT_MESSAGE));
    for (size_t i = 0; i < all->count; i++)
        if (all->at[i].way == PROVIDER_PUSH)
            TRY(outbox_mend_orders(store, all->at[i].id));
    p->house->post = p;
    return OK;
}

static void close_post(struct post *p)
{
    if (p->push != NULL)
        push_close(p->push);
    for (size_t i = 0; p->flights != NULL && i < p->count; i++)
        arena_done(&p->flights[i].arena);
    secret_wipe(&p->key, sizeof p->key);
    struct arena own = p->arena; /* p lies in it */
    arena_done(&own);
}

err post_open(struct house *house)
{
    size_t providers = count_pushed(&house->conf);
    if (providers == 0)
        return OK;
    TRY(check_addresses(house));
    struct arena own;
    arena_init(&own, POST_BYTES);
    struct post *p = arena_make(&own, sizeof *p);
    if (p == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    *p = (struct post){.arena = own, .house = house, .key = {.keyid = STR("")}};
    err e = open_push(p, providers);
    if (!failed(e))
        e = push_start(p->push);
    if (!failed(e))
        e = ask_store(house, begin, p);
    if (failed(e) && house->post == NULL)
        close_post(p);
    return e;
}

void post_stop(struct house *house)
{
    if (house->post != NULL)
        push_stop(house->post->push);
}

void post_close(struct house *house)
{
    if (house->post == NULL)
        return;
    close_post(house->post);
    house->post = NULL;
}

bool post_metrics(const struct house *house, struct push_metrics *ret_metrics)
{
    if (house->post == NULL)
        return false;
    const struct env_counter *settled = house->post->settled;
    *ret_metrics = (struct push_metrics){.taken = env_counter_read(&settled[PUSH_TAKEN]),
                                         .refused = env_counter_read(&settled[PUSH_REFUSED]),
                                         .later = env_counter_read(&settled[PUSH_LATER]),
                                         .under_way = push_metrics(house->post->push).under_way};
    return true;
}
