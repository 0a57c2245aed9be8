/* SPDX-License-Identifier: Apache-2.0 */
#include "app/house/call_book.h"

#include "app/house/detector.h"
#include "app/house/keys.h"
#include "kit/secret.h"

#include <stdio.h>

enum { TURN_BYTES = 1 << 20 };

void call_book_init(struct call_book *b)
{
    calls_thread_init(&b->thread);
    env_mutex_init(&b->mutex);
}

static err path_of(const struct house *house, str id, const char *file, char room[PATH_BYTES + 64])
{
    char name[PATH_BYTES];
    int size = snprintf(name, sizeof name, "calls/%.*s%s%s", STR_ARGS(id),
                        file[0] == '\0' ? "" : "/", file);
    if (size < 0 || (size_t)size >= sizeof name)
        return fail(ERR_LIMIT, "house.path", 0);
    return house_path(house, name, room);
}

/* --- books of other secrets: of no use to anybody, and so are the secrets --- */

static err drop_book(struct house *house, str id, struct arena *turn)
{
    char path[PATH_BYTES + 64];
    struct file_names files = {0};
    TRY(path_of(house, id, "", path));
    TRY(file_list(path, turn, &files));
    for (size_t i = 0; i < files.count; i++) {
        TRY(path_of(house, id, files.at[i].at, path));
        TRY(file_drop(path));
    }
    TRY(path_of(house, id, "", path));
    TRY(file_drop_folder(path));
    TRY(key_path(house, KEY_PSEUDONYM, id, path));
    return file_drop(path);
}

static err drop_others(struct house *house, str current, struct arena *turn)
{
    char path[PATH_BYTES + 64];
    struct file_names books = {0};
    TRY(house_path(house, "calls", path));
    TRY(file_make_folder(path));
    TRY(file_list(path, turn, &books));
    for (size_t i = 0; i < books.count; i++)
        if (!str_equal(books.at[i], current))
            TRY(drop_book(house, books.at[i], turn));
    return OK;
}

/* --- opening --- */

static err read_keys(struct house *house, str id, struct arena *turn, struct sight_keys *ret_keys,
                     struct cipher_key *ret_journal)
{
    str secret = {0};
    TRY(key_read(house, KEY_PSEUDONYM, id, turn, &secret));
    bool is_whole = secret.size == SIGHT_SECRET_BYTES;
    if (is_whole) {
        sight_keys_make((const uint8_t *)secret.at, ret_keys);
        calls_key_make((const uint8_t *)secret.at, ret_journal);
    }
    key_wipe(secret);
    return is_whole ? OK : fail(ERR_CORRUPT, "key.file", 0);
}

static void log_damages(struct house *house)
{
    struct calls_counts counts;
    (void)calls_thread_counts(&house->calls.thread, &counts);
    for (uint32_t i = 0; i < counts.damage_count; i++) {
        const struct calls_damage *d = &counts.damage[i];
        LOG(&house->log, d->harm == CALLS_TAIL_TORN ? LOG_WARN : LOG_ERROR, "calls_damaged",
            LOG_ID("file", str_from_c(d->file)), LOG_INT("lost", d->lost),
            {.key = "harm", .kind = LOG_KIND_WORD, .word = str_from_c(calls_harm_words[d->harm])},
            LOG_WORD("see", "/v1/centre"));
    }
}

/* Not a conflict with what anybody asked for. */
static err open_thread(struct house *house, const struct calls_settings *settings,
                       const struct sight_keys *keys)
{
    err e = calls_thread_open(&house->calls.thread, settings, keys);
    if (e.code == ERR_CONFLICT)
        e.code = ERR_CORRUPT;
    if (!failed(e))
        log_damages(house);
    return e;
}

static err open_book(struct house *house, str id, struct arena *turn)
{
    struct call_book *b = &house->calls;
    char path[PATH_BYTES + 64];
    struct sight_keys keys = {0};
    struct calls_settings settings = {
        .book = {.numbers_most = (uint32_t)house->conf.calls_numbers_most,
                 .calls_most = (uint64_t)house->conf.calls_calls_most,
                 .window_h = BOOK_WINDOW_H,
                 .zone_s = house->law.zone_min * 60,
                 .handsets_most = (uint32_t)house->conf.calls_numbers_most},
    };
    if (id.size >= sizeof b->key)
        return fail(ERR_LIMIT, "key.file", 0);
    TRY(drop_others(house, id, turn));
    TRY(detector_forget(house->detector));
    TRY(path_of(house, id, "", path));
    TRY(read_keys(house, id, turn, &keys, &settings.key));
    settings.dir = str_from_c(path);
    err e = open_thread(house, &settings, &keys);
    secret_wipe(&keys, sizeof keys);
    secret_wipe(&settings.key, sizeof settings.key);
    TRY(e);
    memcpy(b->key, id.at, id.size);
    b->key[id.size] = '\0';
    return OK;
}

static void close_book(struct house *house)
{
    err e = calls_thread_close(&house->calls.thread);
    if (failed(e))
        LOG(&house->log, LOG_ERROR, "calls_close", LOG_WHY(e), LOG_INT("at", e.at));
}

static err enter(struct house *house, str id, struct arena *turn)
{
    struct call_book *b = &house->calls;
    bool is_open = b->thread.calls != NULL;
    if (is_open && b->users == 0 && !str_equal(id, str_from_c(b->key))) {
        close_book(house);
        is_open = false;
    }
    b->trouble = is_open ? OK : open_book(house, id, turn);
    if (failed(b->trouble))
        LOG(&house->log, LOG_ERROR, "calls_open", LOG_WHY(b->trouble),
            LOG_INT("at", b->trouble.at));
    b->users += !failed(b->trouble);
    return b->trouble;
}

err call_book_enter(struct house *house, struct calls_thread **ret_thread)
{
    struct call_book *b = &house->calls;
    struct arena turn;
    str id = {0};
    arena_init(&turn, TURN_BYTES);
    env_mutex_lock(&b->mutex);
    err e = key_get_current(house, KEY_PSEUDONYM, &turn, &id);
    if (!failed(e))
        e = enter(house, id, &turn);
    env_mutex_unlock(&b->mutex);
    arena_done(&turn);
    *ret_thread = &b->thread;
    return e;
}

err call_book_trouble(struct call_book *b)
{
    env_mutex_lock(&b->mutex);
    err e = b->trouble;
    env_mutex_unlock(&b->mutex);
    return e;
}

void call_book_leave(struct house *house)
{
    env_mutex_lock(&house->calls.mutex);
    house->calls.users--;
    env_mutex_unlock(&house->calls.mutex);
}

void call_book_close(struct house *house)
{
    close_book(house);
    calls_thread_done(&house->calls.thread);
    env_mutex_done(&house->calls.mutex);
}
