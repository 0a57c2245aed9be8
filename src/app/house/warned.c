/* SPDX-License-Identifier: Apache-2.0 */
#include "app/house/warned.h"

#include "app/house/keys.h"
#include "app/house/warned_inside.h"
#include "kit/secret.h"

#include <assert.h>
#include <string.h>

#define TICK_US  INT64_C(250000)
#define SAVE_US  (60 * US_PER_S)
#define FORGET_S 60 /* a source's skew: a second in so many */

enum {
    TURN_BYTES = 1 << 20,
    PASS_S = 60, /* every place is looked at as often */
    PASS_LEAST = 64,
};

/* --- opening --- */

static err read_model(struct house *house, struct arena *turn, struct warn_model *ret_model)
{
    char path[PATH_BYTES + 64];
    str bytes = {0};
    char *name = str_to_c(turn, house->conf.warn_model);
    if (name == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    if (name[0] == '\0') {
        warn_model_usual(ret_model);
        return OK;
    }
    TRY(house_path(house, name, path));
    TRY(file_read(path, WARN_MODEL_BYTES, turn, &bytes));
    return warn_model_read(bytes, ret_model);
}

static void make_seal(str secret, struct cipher_key *ret_key)
{
    struct digest_stream s;
    digest_init(&s);
    digest_put(&s, STR("yumen warned snapshot"));
    digest_put(&s, secret);
    struct digest d = digest_done(&s);
    static_assert(sizeof d.bytes == CIPHER_KEY_BYTES, "a key");
    memcpy(ret_key->bytes, d.bytes, sizeof ret_key->bytes);
    secret_wipe(&d, sizeof d);
}

static err read_keys(struct warned *w, struct arena *turn)
{
    str id = {0};
    str secret = {0};
    TRY(key_get_current(w->house, KEY_PSEUDONYM, turn, &id));
    TRY(key_read(w->house, KEY_PSEUDONYM, id, turn, &secret));
    bool is_whole = secret.size == SIGHT_SECRET_BYTES;
    if (is_whole) {
        sight_keys_make((const uint8_t *)secret.at, &w->keys);
        make_seal(secret, &w->seal);
    }
    key_wipe(secret);
    return is_whole ? OK : fail(ERR_CORRUPT, "key.file", 0);
}

static void mark_rules(struct warned *w)
{
    static const char digits[] = "0123456789abcdef";
    const struct warn_rules *r = &w->model.rules;
    struct digest_stream s;
    digest_init(&s);
    digest_put(&s, str_make((const char *)r->weight_mn, sizeof r->weight_mn));
    digest_put(&s, str_make((const char *)r->half_life_s, sizeof r->half_life_s));
    digest_put(&s, str_make((const char *)r->from_micro, sizeof r->from_micro));
    for (uint32_t i = 0; i < r->pair_count; i++)
        digest_put(&s, str_make((const char *)&r->pairs[i].weight_mn, sizeof(int32_t)));
    const struct calibration *c = &w->model.curve;
    digest_put(&s, str_make((const char *)c->points, c->count * sizeof c->points[0]));
    struct digest d = digest_done(&s);
    for (size_t i = 0; i < WARNED_MARK_BYTES; i++) {
        w->mark[2 * i] = digits[d.bytes[i] >> 4];
        w->mark[2 * i + 1] = digits[d.bytes[i] & 15];
    }
}

static err make_table(struct warned *w)
{
    uint32_t most = (uint32_t)w->house->conf.warn_numbers_most;
    TRY(pages_make_sparse(live_room(most), &w->room));
    w->budget.zone_s = w->house->law.zone_min * 60;
    const struct live_settings s = {most, &w->model.rules, &w->model.curve, &w->budget};
    live_init(&w->live, &s, w->room.at);
    return OK;
}

static void say(struct warned *w, err e)
{
    env_mutex_lock(&w->mutex);
    w->trouble = e;
    env_mutex_unlock(&w->mutex);
    LOG(&w->house->log, LOG_ERROR, "warned", LOG_WHY(e), LOG_INT("at", e.at),
        LOG_WORD("see", "/v1/centre"));
}

static void run(void *self);

static err open_parts(struct warned *w, struct arena *turn)
{
    char folder[PATH_BYTES + 64];
    TRY(read_model(w->house, turn, &w->model));
    mark_rules(w);
    TRY(read_keys(w, turn));
    TRY(house_path(w->house, "warned", folder));
    TRY(file_make_folder(folder));
    TRY(house_path(w->house, "warned/live", w->path));
    TRY(make_table(w));
    arena_init(&w->arena, WARNED_BLOCKS * sizeof(struct warned_block) + TURN_BYTES);
    TRY(ring_open(&w->ring, &w->arena, sizeof(struct warned_block), WARNED_BLOCKS));
    err e = warned_load(w);
    if (failed(e))
        say(w, e);
    w->saved_us = env_monotonic_us();
    return env_thread_start(&w->thread, "warned", run, w);
}

static void close_parts(struct warned *w)
{
    ring_close(&w->ring);
    arena_done(&w->arena);
    pages_drop(&w->room);
    secret_wipe(&w->keys, sizeof w->keys);
    secret_wipe(&w->seal, sizeof w->seal);
}

void warned_open(struct house *house)
{
    struct warned *w = arena_make(&house->boot, sizeof *w);
    if (w == NULL)
        return;
    w->house = house;
    env_mutex_init(&w->mutex);
    struct arena turn;
    arena_init(&turn, TURN_BYTES);
    err e = open_parts(w, &turn);
    arena_done(&turn);
    w->is_open = !failed(e);
    house->warned = w;
    if (w->is_open)
        return;
    say(w, e);
    close_parts(w);
}

void warned_close(struct house *house)
{
    struct warned *w = house->warned;
    if (w == NULL)
        return;
    if (w->is_open) {
        env_flag_raise(&w->stopping);
        ring_end(&w->ring);
        env_thread_join(&w->thread);
        err e = warned_save(w);
        if (failed(e))
            say(w, e);
        close_parts(w);
    }
    house->warned = NULL;
    env_mutex_done(&w->mutex);
}

void warned_set_port(struct house *house, struct warned_port port)
{
    struct warned *w = house->warned;
    if (w == NULL)
        return;
    env_mutex_lock(&w->mutex);
    w->port = port;
    env_mutex_unlock(&w->mutex);
}

/* --- telling --- */

static uint64_t hash_of(const struct warned *w, str bytes)
{
    uint64_t hash = digest_siphash(w->keys.of[SIGHT_NUMBER], bytes);
    return hash == 0 ? 1 : hash; /* as sight has it: 0 is nobody */
}

uint64_t warned_hash(const struct house *house, str bytes)
{
    return hash_of(house->warned, bytes);
}

static bool is_open(const struct house *house)
{
    return house->warned != NULL && house->warned->is_open;
}

const struct sight_keys *warned_keys(const struct house *house)
{
    return is_open(house) ? &house->warned->keys : NULL;
}

const struct warn_rules *warned_rules(const struct house *house)
{
    return &house->warned->model.rules;
}

str warned_rules_mark(const struct house *house)
{
    return str_make(house->warned->mark, sizeof house->warned->mark);
}

uint16_t warned_source(const struct house *house, str feed, str from)
{
    if (!is_open(house))
        return 0;
    uint64_t hash = hash_of(house->warned, feed) * 31 + hash_of(house->warned, from);
    return (uint16_t)((hash ^ hash >> 32) % UINT16_MAX + 1);
}

void warned_tell_begin(struct warned_tell *t, struct house *house, str feed, str from)
{
    t->house = house;
    t->block.count = 0;
    t->block.source = warned_source(house, feed, from);
}

void warned_tell_put(struct warned_tell *t, const struct warned_seen *seen)
{
    bool is_somebody = seen->number.size > 0 && seen->number.size <= WARNED_NUMBER_BYTES;
    if (!is_open(t->house) || !is_somebody)
        return;
    assert(seen->strength > 0 && seen->strength <= SIGNAL_WHOLE);
    struct warned_item *item = &t->block.at[t->block.count++];
    item->signal = (struct signal){
        .about = hash_of(t->house->warned, seen->number),
        .id = seen->id,
        .evidence = (uint64_t)seen->basis << WARNED_BASIS_SHIFT | seen->row,
        .time_s = seen->time_s,
        .strength = seen->strength,
        .source = t->block.source,
        .kind = (uint8_t)seen->kind,
    };
    memset(item->number, 0, sizeof item->number);
    memcpy(item->number, seen->number.at, seen->number.size);
    if (t->block.count == WARNED_BLOCK)
        warned_tell_end(t);
}

/* Its place, or the one that was heard of longest ago. */
static struct warned_source *find_source(struct warned *w, uint16_t source)
{
    struct warned_source *oldest = &w->sources[0];
    for (size_t i = 0; i < WARNED_SOURCES; i++) {
        struct warned_source *s = &w->sources[i];
        if (s->source == source)
            return s;
        oldest = s->seen_s < oldest->seen_s ? s : oldest;
    }
    *oldest = (struct warned_source){.source = source};
    return oldest;
}

/* By how much a source's clock is ahead, as its rows show it. */
static uint32_t learn_skew(struct warned *w, const struct warned_block *b, uint32_t now_s)
{
    uint32_t ahead = 0;
    for (uint32_t i = 0; i < b->count; i++) {
        uint32_t at = b->at[i].signal.time_s;
        ahead = at > now_s && at - now_s > ahead ? at - now_s : ahead;
    }
    env_mutex_lock(&w->mutex);
    struct warned_source *s = find_source(w, b->source);
    uint32_t gone = now_s > s->seen_s ? (now_s - s->seen_s) / FORGET_S : 0;
    uint32_t known = s->skew_s > gone ? s->skew_s - gone : 0;
    if (ahead >= known || gone > 0) {
        s->skew_s = (uint16_t)(ahead > known ? ahead : known);
        s->seen_s = now_s;
    }
    int64_t skew = s->skew_s;
    w->counts.skew_most_s = skew > w->counts.skew_most_s ? skew : w->counts.skew_most_s;
    env_mutex_unlock(&w->mutex);
    return (uint32_t)skew;
}

void warned_tell_end(struct warned_tell *t)
{
    struct warned_block *b = &t->block;
    if (b->count == 0)
        return;
    struct warned *w = t->house->warned;
    uint32_t now_s = (uint32_t)(clock_now(&t->house->clock).us / US_PER_S);
    uint32_t skew = learn_skew(w, b, now_s);
    for (uint32_t i = 0; i < b->count; i++)
        b->at[i].signal.time_s -= skew < b->at[i].signal.time_s ? skew : 0;
    env_counter_add(&w->told, b->count);
    if (!ring_put(&w->ring, b))
        env_counter_add(&w->dropped, b->count); /* the observation goes, never the answer */
    secret_wipe(b->at, b->count * sizeof b->at[0]);
    b->count = 0;
}

void warned_judged(struct house *house, enum warned_feed feed, uint64_t matched, uint64_t unmatched)
{
    struct warned *w = house->warned;
    if (!is_open(house))
        return;
    env_mutex_lock(&w->mutex);
    w->counts.matched[feed] += matched;
    w->counts.unmatched[feed] += unmatched;
    env_mutex_unlock(&w->mutex);
}

/* --- turns --- */

static uint32_t now_of(const struct warned *w)
{
    return (uint32_t)(clock_now(&w->house->clock).us / US_PER_S);
}

/* Mutex held. */
static void fill_turn(const struct warned *w, const struct warn_turn *turn,
                      struct warned_turn *ret_turn)
{
    const struct episode *e = live_find(&w->live, turn->about);
    memset(ret_turn, 0, sizeof *ret_turn);
    ret_turn->turn = *turn;
    ret_turn->at_s = w->live.now_s;
    if (e != NULL)
        ret_turn->part_count =
            (uint32_t)episode_explain(e, &w->model.rules, w->live.now_s, ret_turn->parts);
    for (uint32_t i = 0; i < w->block.count; i++)
        if (w->block.at[i].signal.about == turn->about)
            memcpy(ret_turn->number, w->block.at[i].number, sizeof ret_turn->number);
}

/* As if they had not turned: what comes next turns them again. */
static void turn_back(struct warned *w, size_t count)
{
    env_mutex_lock(&w->mutex);
    for (size_t i = count; i > 0; i--) {
        const struct warned_turn *t = &w->turned[i - 1];
        struct episode *e = t->is_told ? NULL : live_find(&w->live, t->turn.about);
        w->counts.untold += !t->is_told;
        if (e != NULL)
            e->tier = t->turn.was;
    }
    env_mutex_unlock(&w->mutex);
}

static void tell_turns(struct warned *w, size_t count)
{
    if (count == 0 || w->port.turned == NULL)
        return;
    w->port.turned(w->port.self, w->turned, count);
    turn_back(w, count);
    secret_wipe(w->turned, count * sizeof w->turned[0]);
}

static void take_block(struct warned *w)
{
    uint32_t count = w->block.count;
    for (uint32_t i = 0; i < count; i++)
        w->signals[i] = w->block.at[i].signal;
    env_mutex_lock(&w->mutex);
    size_t turns = live_take(&w->live, w->signals, count, now_of(w), w->turns);
    for (size_t i = 0; i < turns; i++)
        fill_turn(w, &w->turns[i], &w->turned[i]);
    w->counts.turns += turns;
    env_mutex_unlock(&w->mutex);
    secret_wipe(w->block.at, count * sizeof w->block.at[0]);
    w->block.count = 0;
    tell_turns(w, turns);
}

/* --- what time does --- */

static void sweep_some(struct warned *w, uint32_t now_s)
{
    env_mutex_lock(&w->mutex);
    size_t turns = live_sweep(&w->live, WARNED_BLOCK, now_s, w->turns);
    for (size_t i = 0; i < turns; i++)
        fill_turn(w, &w->turns[i], &w->turned[i]);
    w->counts.turns += turns;
    env_mutex_unlock(&w->mutex);
    tell_turns(w, turns);
}

/* A part of the table, so that all of it is seen in PASS_S; all of it where the clock has leapt. */
static void sweep(struct warned *w)
{
    uint32_t now_s = now_of(w);
    bool has_leapt = now_s > w->swept_s + PASS_S;
    size_t share = (size_t)w->live.used * TICK_US / (PASS_S * US_PER_S) + PASS_LEAST;
    size_t count = has_leapt ? w->live.used : share;
    w->swept_s = now_s;
    for (size_t i = 0; i < count; i += WARNED_BLOCK)
        sweep_some(w, now_s);
}

static void tick(struct warned *w)
{
    int64_t now_us = env_monotonic_us();
    if (now_us < w->tick_us)
        return;
    w->tick_us = now_us + TICK_US;
    sweep(w);
    if (now_us - w->saved_us < SAVE_US)
        return;
    w->saved_us = now_us;
    err e = warned_save(w);
    if (failed(e))
        say(w, e);
}

static void run(void *self)
{
    struct warned *w = self;
    bool has_block = true;
    while (has_block || !env_flag_is_up(&w->stopping)) {
        has_block = ring_take_wait(&w->ring, &w->block, TICK_US);
        if (has_block)
            take_block(w);
        tick(w);
    }
}

/* --- asking --- */

/* A source of its own: what is told of it for good comes later, and once. */
static void put_seen(struct episode *e, const struct warned *w, const struct warned_seen *seen,
                     uint32_t now_s)
{
    const struct signal s = {.about = e->about,
                             .id = seen->id,
                             .time_s = seen->time_s,
                             .strength = seen->strength,
                             .kind = (uint8_t)seen->kind};
    (void)episode_put(e, &w->model.rules, &s, now_s);
}

struct warned_peek warned_peek(struct house *house, str number, const struct warned_seen *seen,
                               size_t count)
{
    struct warned_peek p = {.tier = TIER_NONE};
    struct warned *w = house->warned;
    if (!is_open(house))
        return p;
    uint64_t about = hash_of(w, number);
    uint32_t now_s = now_of(w);
    struct episode e = {.about = about};
    env_mutex_lock(&w->mutex);
    const struct episode *known = live_find(&w->live, about);
    now_s = now_s > w->live.now_s ? now_s : w->live.now_s;
    if (known != NULL)
        e = *known;
    env_mutex_unlock(&w->mutex);
    if (known == NULL && count == 0)
        return p;
    for (size_t i = 0; i < count; i++)
        put_seen(&e, w, &seen[i], now_s);
    p.evidence_mn = (int32_t)episode_evidence(&e, &w->model.rules, now_s);
    p.micro = calibration_micro(&w->model.curve, p.evidence_mn);
    p.tier = tier_of(&w->model.rules, p.micro, (enum tier)e.tier);
    return p;
}

bool warned_show(struct house *house, struct warned_counts *ret_counts)
{
    struct warned *w = house->warned;
    *ret_counts = (struct warned_counts){0};
    if (!is_open(house))
        return false;
    env_mutex_lock(&w->mutex);
    *ret_counts = w->counts;
    ret_counts->live = w->live.counts;
    ret_counts->held = w->live.held;
    env_mutex_unlock(&w->mutex);
    ret_counts->told = env_counter_read(&w->told);
    ret_counts->dropped = env_counter_read(&w->dropped);
    return true;
}

err warned_trouble(struct house *house)
{
    struct warned *w = house->warned;
    if (w == NULL)
        return OK;
    env_mutex_lock(&w->mutex);
    err e = w->trouble;
    env_mutex_unlock(&w->mutex);
    return e;
}
