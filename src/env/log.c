/* SPDX-License-Identifier: Apache-2.0 */
#include "env/log.h"

#include "env/clock.h"
#include "env/fault.h"
#include "env/file.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINE_ROOM = 1024, FIELD_ROOM = 65536, MOST_PER_SECOND = 20, ID_MOST = 64, STDERR = 2 };

static const char *const level_names[] = {"debug", "info", "warn", "error"};

struct line {
    char at[LINE_ROOM];
    size_t size;
};

/* All or nothing: a field that does not fit is left out whole; two bytes are kept for "}\n". */
static void line_put(struct line *l, const char *piece, size_t size)
{
    if (size > sizeof l->at - 2 - l->size)
        return;
    memcpy(l->at + l->size, piece, size);
    l->size += size;
}

static err open_file(struct log *l)
{
    TRY(file_open_private(l->path, &l->fd));
    off_t end = lseek(l->fd, 0, SEEK_END);
    l->size_bytes = end < 0 ? 0 : end;
    return OK;
}

err log_open(struct log *l, const char *path, int64_t most_bytes, enum log_level least)
{
    assert(l != NULL && most_bytes > 0);
    *l = (struct log){.fd = STDERR, .least = least, .most_bytes = most_bytes};
    if (path != NULL) {
        int size = snprintf(l->path, sizeof l->path - 2, "%s", path);
        if (size < 0 || (size_t)size >= sizeof l->path - 2)
            return fail(ERR_LIMIT, "log: path too long", 0);
        TRY(open_file(l));
    }
    env_mutex_init(&l->mutex);
    l->is_open = true;
    return OK;
}

void log_close(struct log *l)
{
    if (!l->is_open)
        return;
    if (l->path[0] != '\0')
        fd_end(&l->fd);
    env_mutex_done(&l->mutex);
    l->is_open = false;
}

/* Ids of ours have letters; a long run of digits or a dotted quad is somebody's number. */
static bool is_ours(str id)
{
    bool has_letter = false;
    if (id.size == 0 || id.size > ID_MOST)
        return false;
    for (size_t i = 0; i < id.size; i++) {
        char c = id.at[i];
        bool is_letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        bool is_other = (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
        if (!is_letter && !is_other)
            return false;
        has_letter |= is_letter;
    }
    return has_letter || id.size <= 6;
}

/* Literals are ours, but a quote in one must not break the line. */
static void put_word(struct text *t, str word)
{
    text_put_char(t, '"');
    for (size_t i = 0; i < word.size; i++) {
        char c = word.at[i];
        bool is_plain = (unsigned char)c >= ' ' && c != '"' && c != '\\';
        if (!is_plain)
            c = '_';
        text_put_char(t, c);
    }
    text_put_char(t, '"');
}

static void put_field(struct line *l, const struct log_field *f)
{
    struct arena room;
    struct text t;
    arena_init(&room, FIELD_ROOM);
    text_init(&t, &room);
    text_printf(&t, ",\"%s\":", f->key);
    switch (f->kind) {
    case LOG_KIND_INT:
        text_put_i64(&t, f->number);
        break;
    case LOG_KIND_WORD:
        put_word(&t, f->word);
        break;
    case LOG_KIND_ID:
        put_word(&t, is_ours(f->word) ? f->word : STR("-"));
        break;
    }
    str built = text_str(&t);
    if (!text_spent(&t))
        line_put(l, built.at, built.size);
    arena_done(&room);
}

/* With the mutex held. False: hold this one back. Otherwise tells how many were held before it. */
static bool is_due(struct log *l, const char *event, int64_t second, uint32_t *ret_held_back)
{
    struct log_repeat *r = &l->repeats[((uintptr_t)event >> 3) % COUNT_OF(l->repeats)];
    *ret_held_back = 0;
    if (r->event != event) { /* another event's place: its count is lost, ours begins */
        *r = (struct log_repeat){.event = event, .second = second, .count = 1};
        return true;
    }
    if (r->second == second && r->count >= MOST_PER_SECOND) {
        r->held_back++;
        return false;
    }
    *ret_held_back = r->held_back;
    r->count = r->second == second ? r->count + 1 : 1;
    r->second = second;
    r->held_back = 0;
    return true;
}

static void rotate(struct log *l)
{
    char old[sizeof l->path + 2];
    (void)snprintf(old, sizeof old, "%s.1", l->path);
    fd_end(&l->fd);
    (void)rename(l->path, old); /* if not, we go on appending; the next rotation tries again */
    if (failed(open_file(l)))
        l->fd = -1;
    l->size_bytes = 0;
}

static void write_line(struct log *l, const struct line *line)
{
    if (l->path[0] != '\0' && (l->fd < 0 || l->size_bytes + (int64_t)line->size > l->most_bytes))
        rotate(l);
    ssize_t n = -1;
    if (l->fd >= 0 && !env_fault_hit(FAULT_FULL))
        n = write(l->fd, line->at, line->size);
    if (n != (ssize_t)line->size)
        l->lost++;
    if (n > 0)
        l->size_bytes += n;
}

static void line_start(struct line *line, enum log_level level, const char *event, instant now)
{
    char at[INSTANT_TEXT_BYTES];
    str when = instant_format(instant_from_us(now.us / US_PER_MS * US_PER_MS), 0, at);
    int size = snprintf(line->at, sizeof line->at / 2,
                        "{\"at\":\"%.*s\",\"level\":\"%s\",\"event\":\"%s\"", STR_ARGS(when),
                        level_names[level], event);
    assert(size > 0 && (size_t)size < sizeof line->at / 2);
    line->size = (size_t)size;
}

void log_line(struct log *l, enum log_level level, const char *event,
              const struct log_field *fields, size_t count)
{
    if (!l->is_open || level < l->least)
        return;
    struct line line = {.size = 0};
    instant now = env_now();
    line_start(&line, level, event, now);
    for (size_t i = 0; i < count; i++)
        put_field(&line, &fields[i]);

    env_mutex_lock(&l->mutex);
    uint32_t held_back = 0;
    if (is_due(l, event, now.us / US_PER_S, &held_back)) {
        if (held_back > 0)
            put_field(&line, &LOG_INT("held_back", held_back));
        memcpy(line.at + line.size, "}\n", 2);
        line.size += 2;
        write_line(l, &line);
    }
    env_mutex_unlock(&l->mutex);
}

uint64_t log_lost(struct log *l)
{
    if (!l->is_open)
        return 0;
    env_mutex_lock(&l->mutex);
    uint64_t lost = l->lost;
    env_mutex_unlock(&l->mutex);
    return lost;
}

err log_level_parse(str s, enum log_level *ret_level)
{
    for (size_t i = 0; i < COUNT_OF(level_names); i++)
        if (str_equal(s, str_from_c(level_names[i]))) {
            *ret_level = (enum log_level)i;
            return OK;
        }
    return fail(ERR_MALFORMED, "log.level_unknown", 0);
}
