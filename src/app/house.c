/* SPDX-License-Identifier: Apache-2.0 */
#include "app/house.h"

#include "app/deliver.h"
#include "app/intake.h"
#include "app/keys.h"
#include "app/spool.h"
#include "base/embedded.h"
#include "conf/law_read.h"
#include "kit/digest.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

enum { CONF_BYTES = 1 << 20, TURN_BYTES = 24 << 20, LIMIT_SETS = 16384 };

/* profiles/NAME.yaml */
extern const struct embedded_file profile_files[];
extern const size_t profile_files_count;

static const struct http_limit_class limit_classes[] = {
    [HOUSE_LIMIT_APPEAL] = {.burst = 10,  .per_hour = 20   },
    [HOUSE_LIMIT_SIGN_IN] = {.burst = 10,  .per_hour = 60   },
    [HOUSE_LIMIT_PUBLIC] = {.burst = 600, .per_hour = 36000},
};

err house_path(const struct house *house, const char *name, char room[PATH_BYTES + 64])
{
    int size = name[0] == '/' ? snprintf(room, PATH_BYTES + 64, "%s", name)
                              : snprintf(room, PATH_BYTES + 64, "%s/%s", house->dir, name);
    if (size < 0 || size >= PATH_BYTES + 64)
        return fail(ERR_LIMIT, "house.path", 0);
    return OK;
}

static err read_conf(struct house *house)
{
    char path[PATH_BYTES + 64];
    TRY(house_path(house, "yumen.yaml", path));
    str yaml = STR("");
    if (file_exists(path))
        TRY(file_read(path, CONF_BYTES, &house->boot, &yaml));
    struct conf_fault fault = {0};
    err e = conf_read(yaml, &house->boot, &house->conf, &fault);
    if (failed(e))
        fprintf(stderr, "yumen: %s:%u: %.*s\n", path, fault.line, STR_ARGS(fault.key));
    return e;
}

static err find_profile(struct house *house, str *ret_yaml)
{
    for (size_t i = 0; i < profile_files_count; i++) {
        str path = str_from_c(profile_files[i].path);
        if (str_starts(str_from(path, STR("profiles/").size), house->conf.profile) &&
            path.size == STR("profiles/").size + house->conf.profile.size + STR(".yaml").size) {
            *ret_yaml = profile_files[i].bytes;
            return OK;
        }
    }
    char path[PATH_BYTES + 64];
    char *name = str_to_c(&house->boot, house->conf.profile);
    if (name == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(house_path(house, name, path));
    return file_read(path, CONF_BYTES, &house->boot, ret_yaml);
}

static err mark_law(struct house *house, str yaml)
{
    struct digest digest = digest_of(yaml);
    struct text t;
    text_init(&t, &house->boot);
    text_put(&t, house->law.name);
    text_put_c(&t, " sha256:");
    text_put_hex(&t, digest.bytes, DIGEST_BYTES);
    house->law_mark = text_str(&t);
    return text_spent(&t) ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

static err read_law(struct house *house)
{
    str yaml = {0};
    struct conf_fault fault = {0};
    TRY(find_profile(house, &yaml));
    err e = law_profile_read(yaml, &house->boot, &house->law, &fault);
    if (failed(e)) {
        fprintf(stderr, "yumen: profile %.*s:%u: %.*s\n", STR_ARGS(house->conf.profile), fault.line,
                STR_ARGS(fault.key));
        return e;
    }
    conf_shorten_retention(&house->conf, &house->law);
    return mark_law(house, yaml);
}

err house_prepare(const char *dir, struct house **ret_house)
{
    struct arena boot;
    arena_init(&boot, BOOT_BYTES);
    struct house *house = arena_make(&boot, sizeof *house);
    if (house == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    house->boot = boot;
    random_init_secure(&house->random);
    id_source_init(&house->ids, &house->random);
    env_mutex_init(&house->readers.mutex);
    env_cond_init(&house->readers.freed);
    clock_init_real(&house->clock);
    trail_thread_init(&house->trail, &house->clock);
    house->public_url = STR("");
    int size = snprintf(house->dir, sizeof house->dir, "%s", dir);
    bool fits = size >= 0 && (size_t)size < sizeof house->dir;
    snprintf(house->db_path, sizeof house->db_path, "%s/yumen.db", house->dir);
    snprintf(house->sock_path, sizeof house->sock_path, "%s/yumen.sock", house->dir);
    err e = fits ? read_conf(house) : fail(ERR_LIMIT, "house.path", 0);
    if (!failed(e))
        e = read_law(house);
    if (failed(e)) {
        house_close(house);
        return e;
    }
    *ret_house = house;
    return OK;
}

err house_trail(struct house *house, struct trail_thread **ret_trail)
{
    char path[PATH_BYTES + 64];
    TRY(house_path(house, "trail", path));
    *ret_trail = &house->trail;
    return trail_thread_open(&house->trail, path);
}

struct reader *house_reader_take(struct house *house)
{
    struct reader_pool *pool = &house->readers;
    struct reader *reader = NULL;
    env_mutex_lock(&pool->mutex);
    while (pool->free_count == 0 && pool->made_count == READERS_MAX)
        env_cond_wait(&pool->freed, &pool->mutex);
    if (pool->free_count > 0) {
        reader = pool->free[--pool->free_count];
    } else {
        err e = reader_open(&house->boot, house->db_path, &reader);
        assert(!failed(e)); /* house_open opened the first one */
        (void)e;
        pool->made_count++;
    }
    env_mutex_unlock(&pool->mutex);
    return reader;
}

void house_reader_give(struct house *house, struct reader *reader)
{
    struct reader_pool *pool = &house->readers;
    env_mutex_lock(&pool->mutex);
    pool->free[pool->free_count++] = reader;
    env_cond_wake(&pool->freed);
    env_mutex_unlock(&pool->mutex);
}

static err open_readers(struct house *house)
{
    struct reader *first = NULL;
    TRY(reader_open(&house->boot, house->db_path, &first));
    house->readers.free[house->readers.free_count++] = first;
    house->readers.made_count = 1;
    return OK;
}

static err open_clock(struct house *house, bool is_manual)
{
    if (!is_manual)
        return OK;
    if (store_centre(house->store)->kind != CENTRE_DRILL)
        return fail(ERR_DENIED, "clock.drill_only", 0);
    /* A drill's time goes on from its last head, whatever the wall says. */
    struct head head = {0};
    struct reader *reader = house_reader_take(house);
    struct arena turn;
    arena_init(&turn, 1 << 16);
    err e = reader_head(reader, UINT64_MAX, &turn, &head);
    arena_done(&turn);
    house_reader_give(house, reader);
    TRY(e);
    clock_init_manual(&house->clock, head.at);
    return OK;
}

static err find_marked_law(struct house *house, struct arena *turn, str *ret_mark)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store_sql(house->store),
                "SELECT \"why\" FROM ledger_leaf WHERE \"record\" = $1 AND \"act\" = 'centre.law'"
                " ORDER BY \"idx\" DESC LIMIT 1",
                &row));
    sql_bind_str(row, 1, store_centre(house->store)->id);
    bool has_row = false;
    err e = sql_next(row, &has_row);
    *ret_mark = !failed(e) && has_row ? sql_str(row, 0, turn) : STR("");
    sql_done(&row);
    return e;
}

/* Whoever changes the text that limits everybody's terms is in the ledger. */
static err note_law(struct house *house, struct arena *turn)
{
    struct store *store = house->store;
    instant now = clock_now(&house->clock);
    struct command cmd = {
        .act = ACT_CENTRE_LAW,
        .actor = {.user = STR("centre"), .kind = ACTOR_CENTRE},
        .record = store_centre(store)->id,
        .why = house->law_mark
    };
    str marked = {0};
    TRY(find_marked_law(house, turn, &marked));
    if (str_equal(marked, house->law_mark))
        return OK;
    TRY(store_begin(store));
    err e = store_apply(store, &cmd, now, turn, NULL);
    if (!failed(e))
        return store_commit(store, now);
    store_rollback(store);
    return e;
}

static err start_log(struct house *house, bool is_quiet)
{
    static const enum log_level levels[] = {[CONF_LOG_DEBUG] = LOG_DEBUG,
                                            [CONF_LOG_INFO] = LOG_INFO,
                                            [CONF_LOG_WARN] = LOG_WARN,
                                            [CONF_LOG_ERROR] = LOG_ERROR};
    char path[PATH_BYTES + 64];
    char *name = str_to_c(&house->boot, house->conf.log_file);
    if (name == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(house_path(house, name, path));
    bool has_file = !is_quiet && name[0] != '\0';
    return log_open(&house->log, has_file ? path : NULL, house->conf.log_max_mib << 20,
                    is_quiet ? LOG_ERROR : levels[house->conf.log_level]);
}

static err start_clerks(struct house *house)
{
    const struct {
        struct clerk *clerk;
        const char *name;
    } all[] = {
        {&house->passwords, "passwords"},
        {&house->feeds,     "feeds"    },
        {&house->papers,    "papers"   },
        {&house->screens,   "screens"  },
    };
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        all[i].clerk->ending = &house->is_stopping;
        TRY(clerk_start(all[i].clerk, &house->boot, all[i].name));
    }
    return OK;
}

static err open_parts(struct house *house, const struct house_options *options)
{
    char path[PATH_BYTES + 64];
    TRY(house_path(house, "yumen.db", path));
    if (!file_exists(path))
        return fail(ERR_ABSENT, "house.absent", 0);
    TRY(house_path(house, "lock", path));
    TRY(file_lock(path, options->holder, &house->lock));
    TRY(spool_sweep(house->dir));
    TRY(start_log(house, options->is_quiet));
    struct store_options store = {
        .path = house->db_path, .law = &house->law, .ids = &house->ids, .random = &house->random};
    TRY(store_open(&house->boot, &store, &house->store));
    if (store_centre(house->store) == NULL)
        return fail(ERR_ABSENT, "house.absent", 0);
    TRY(open_readers(house));
    TRY(key_use_current(house));
    TRY(open_clock(house, options->is_clock_manual));
    struct arena turn;
    arena_init(&turn, 1 << 20);
    err mended = note_law(house, &turn);
    if (!failed(mended))
        mended = intake_mend(house, &turn);
    arena_done(&turn);
    TRY(mended);
    struct http_limit_options limits = {
        .classes = limit_classes, .class_count = COUNT_OF(limit_classes), .sets = LIMIT_SETS};
    TRY(http_limit_open(&house->limits, &house->boot, &house->random, &limits));
    house->worker = (struct worker){.store = house->store,
                                    .clock = &house->clock,
                                    .port = deliver_port(house),
                                    .turn_bytes = TURN_BYTES};
    TRY(worker_start(&house->worker, &house->boot));
    return start_clerks(house);
}

err house_open(const struct house_options *options, struct house **ret_house)
{
    struct house *house = NULL;
    TRY(house_prepare(options->dir, &house));
    house->started_at = env_now();
    err e = open_parts(house, options);
    if (failed(e)) {
        house_close(house);
        return e;
    }
    *ret_house = house;
    return OK;
}

void house_stop(struct house *house)
{
    clerk_stop(&house->passwords);
    clerk_stop(&house->feeds);
    clerk_stop(&house->papers);
    clerk_stop(&house->screens);
    trail_thread_stop(&house->trail);
    worker_stop(&house->worker);
}

void house_close(struct house *house)
{
    if (house == NULL)
        return;
    house_stop(house);
    for (size_t i = 0; i < house->readers.free_count; i++)
        reader_close(house->readers.free[i]);
    store_close(house->store);
    trail_thread_done(&house->trail);
    http_limit_close(&house->limits);
    if (house->log.is_open)
        log_close(&house->log);
    file_unlock(&house->lock);
    struct arena boot = house->boot; /* the house itself lives in it */
    arena_done(&boot);
}
