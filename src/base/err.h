/* SPDX-License-Identifier: Apache-2.0 */
/*
 * err - the answer of everything that can fail: a small value, returned, that must be looked at.
 *
 * Shape     `why` is a literal. When a person may read it, it is a key of lang/messages.tsv
 *           ("until.beyond_limit"), where the Chinese and English sentences live; otherwise it is
 *           a plain sentence that begins with its module ("store: cannot open").
 *           `at` is a byte offset, a row or an errno, as the code implies.
 * Owns      Nothing.
 * Lives     As long as the caller's variable; `why` for ever.
 * Fails     -
 * Threads   Any.
 * Bounds    16 bytes, two registers.
 */
#ifndef YUMEN_BASE_ERR_H
#define YUMEN_BASE_ERR_H

#include <stdbool.h>
#include <stdint.h>

#ifndef MUST_USE
#ifdef __clang__
#define MUST_USE __attribute__((warn_unused_result))
#else
#define MUST_USE [[nodiscard]]
#endif
#endif

/* One row per way we can fail. The third column is what an operator reads. */
#define ERR_LIST(X)                                                                                \
    X(ERR_NONE, "ok", "no error")                                                                  \
    X(ERR_MALFORMED, "malformed", "the peer sent bytes we cannot accept")                          \
    X(ERR_LIMIT, "limit", "a configured bound would be exceeded")                                  \
    X(ERR_CONFLICT, "conflict", "the request contradicts current state")                           \
    X(ERR_DENIED, "denied", "this person or program may not do that")                              \
    X(ERR_ABSENT, "absent", "there is no such record")                                             \
    X(ERR_BUSY, "busy", "too much work is waiting; try again")                                     \
    X(ERR_OS, "os", "the operating system refused")                                                \
    X(ERR_CORRUPT, "corrupt", "stored data fails its own checks")

#define X(code, name, text) code,
enum err_code { ERR_LIST(X) ERR_CODE_COUNT };
#undef X

struct MUST_USE err {
    const char *why;
    enum err_code code;
    uint32_t at;
};
typedef struct err err;

#define OK ((err){0})

static inline bool failed(err e)
{
    return e.code != ERR_NONE;
}

static inline err fail(enum err_code code, const char *why, uint32_t at)
{
    return (err){.why = why, .code = code, .at = at};
}

const char *err_name(enum err_code code);
const char *err_text(enum err_code code);

/* The only macro in the tree allowed to return from its caller. */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        err try_e_ = (call);                                                                       \
        if (failed(try_e_))                                                                        \
            return try_e_;                                                                         \
    } while (0)

#define SCOPED(end)     __attribute__((cleanup(end)))
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
