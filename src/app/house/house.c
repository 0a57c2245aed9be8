/* SPDX-License-Identifier: Apache-2.0 */
#include "app/house/house.h"

#include "app/house/detector.h"
#include "base/embedded.h"
#include "conf/law_read.h"
#include "kit/digest.h"
#include "kit/secret.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

enum { CONF_BYTES = 1 << 20, READERS_BYTES = 4 << 20 };

/* profiles/NAME.yaml */
extern const struct embedded_file profile_files[];
extern const size_t profile_files_count;

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
    arena_init(&house->readers.arena, READERS_BYTES);
    clock_init_real(&house->clock);
    trail_thread_init(&house->trail, &house->clock);
    call_book_init(&house->calls);
    house->public_url = STR("");
    int size = snprintf(house->dir, sizeof house->dir, "%s", dir);
    bool fits = size >= 0 && (size_t)size < sizeof house->dir;
    snprintf(house->db_path, sizeof house->db_path, "%s/yumen.db", house->dir);
    snprintf(house->sock_path, sizeof house->sock_path, "%s/yumen.sock", house->dir);
    err e = fits ? read_conf(house) : fail(ERR_LIMIT, "house.path", 0);
    if (!failed(e))
        e = read_law(house);
    if (failed(e)) {
        house_drop(house);
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
    return trail_thread_open(&house->trail, path, house->conf.transfers_retention_days);
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
        err e = reader_open(&pool->arena, house->db_path, &reader);
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

void house_drop(struct house *house)
{
    for (size_t i = 0; i < house->readers.free_count; i++)
        reader_close(house->readers.free[i]);
    arena_done(&house->readers.arena);
    store_close(house->store);
    trail_thread_done(&house->trail);
    call_book_close(house);
    detector_close(house->detector);
    http_limit_close(&house->limits);
    replay_close(&house->replay);
    if (house->log.is_open)
        log_close(&house->log);
    file_unlock(&house->lock);
    secret_wipe(&house->seal, sizeof house->seal);
    struct arena boot = house->boot; /* the house itself lives in it */
    arena_done(&boot);
}
