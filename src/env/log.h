/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log - what happened, one JSON object a line, for operators; never who it happened to.
 *
 * Shape     {"at":"2026-11-22T12:18:00.123Z","level":"info","event":"http.open","port":8080}
 *           An event and its keys are literals. Values are integers, literals or short ids of ours.
 *           There is no way to log free text, so personal data has no way in; an id that looks
 *           like a telephone number, an account or an address is written as "-".
 * Owns      Its file. A file that grows past `most_bytes` becomes FILE.1 (replacing the last one).
 * Lives     From log_open to log_close. A zeroed log is silent.
 * Fails     log_open. Later, a line that cannot be written is counted and dropped: the log never
 *           stops the program.
 * Threads   Any.
 * Bounds    Disk: twice most_bytes. A line: 1 KiB; longer ones lose their last fields. An event
 *           repeated more than 20 times within a second is held back; the next line of that event
 *           tells how many ("held_back").
 */
#ifndef YUMEN_ENV_LOG_H
#define YUMEN_ENV_LOG_H

#include "base/err.h"
#include "base/instant.h"
#include "base/str.h"
#include "env/thread.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

enum log_kind { LOG_KIND_INT, LOG_KIND_WORD, LOG_KIND_ID };

struct log_field {
    const char *key;
    str word;
    int64_t number;
    enum log_kind kind;
};

#define LOG_INT(key_, value)                                                                       \
    ((struct log_field){.key = "" key_, .kind = LOG_KIND_INT, .number = (int64_t)(value)})
#define LOG_WORD(key_, literal)                                                                    \
    ((struct log_field){.key = "" key_, .kind = LOG_KIND_WORD, .word = STR(literal)})
/* An opaque id of our own making: letters, digits, '-', '_', '.'; up to 64 bytes. */
#define LOG_ID(key_, id) ((struct log_field){.key = "" key_, .kind = LOG_KIND_ID, .word = (id)})
/* The literal of an err, and beside it LOG_INT("at", e.at). */
#define LOG_WHY(e)                                                                                 \
    ((struct log_field){.key = "why", .kind = LOG_KIND_WORD, .word = str_from_c((e).why)})

struct log_repeat {
    const char *event;
    int64_t second;
    uint32_t count;
    uint32_t held_back;
};

struct log {
    struct env_mutex mutex;
    int fd; /* 2: standard error */
    enum log_level least;
    int64_t most_bytes;
    int64_t size_bytes;
    uint64_t lost;
    struct log_repeat repeats[64];
    char path[1024]; /* empty: standard error, which is never rotated */
    bool is_open;
};

/* path NULL: standard error. */
err log_open(struct log *l, const char *path, int64_t most_bytes, enum log_level least);
void log_close(struct log *l);
void log_line(struct log *l, enum log_level level, const char *event,
              const struct log_field *fields, size_t count);
/* Lines that could not be written. */
uint64_t log_lost(struct log *l);
err log_level_parse(str s, enum log_level *ret_level);

#define LOG(log_, level, event, ...)                                                               \
    log_line(log_, level, "" event, (const struct log_field[]){__VA_ARGS__},                       \
             sizeof((const struct log_field[]){__VA_ARGS__}) / sizeof(struct log_field))

#endif
