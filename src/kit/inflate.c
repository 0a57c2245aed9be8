/* SPDX-License-Identifier: Apache-2.0 */
#include "kit/inflate.h"

#include <assert.h>
#define ZLIB_CONST
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

enum {
    GZIP_WINDOW_BITS = 15 + 16, /* 16: a gzip header, nothing else */
    ZSTD_WINDOW_LOG = 23,       /* 8 MiB, what RFC 8878 asks of every decoder */
    RATIO_FREE_BYTES = 1 << 20,
    STEP_BYTES = 1 << 30, /* zlib counts in 32 bits */
};

enum inflate_kind inflate_guess(str first_bytes)
{
    if (str_starts(first_bytes, STR("\x1F\x8B")))
        return INFLATE_GZIP;
    if (str_starts(first_bytes, STR("\x28\xB5\x2F\xFD")))
        return INFLATE_ZSTD;
    return INFLATE_PLAIN;
}

static err gzip_init(struct inflate *z, struct arena *a)
{
    z_stream *stream = arena_make(a, sizeof *stream);
    if (stream == NULL)
        return fail(ERR_LIMIT, "inflate: the arena is spent", 0);
    if (inflateInit2(stream, GZIP_WINDOW_BITS) != Z_OK)
        return fail(ERR_OS, "inflate: no memory for zlib", 0);
    z->gzip = stream;
    return OK;
}

static err zstd_init(struct inflate *z)
{
    z->zstd = ZSTD_createDCtx();
    if (z->zstd == NULL)
        return fail(ERR_OS, "inflate: no memory for zstd", 0);
    size_t answer = ZSTD_DCtx_setParameter(z->zstd, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG);
    assert(!ZSTD_isError(answer));
    return OK;
}

err inflate_init(struct inflate *z, enum inflate_kind kind, struct inflate_limits limits,
                 struct arena *a)
{
    *z = (struct inflate){.kind = kind, .limits = limits};
    if (kind == INFLATE_GZIP)
        return gzip_init(z, a);
    if (kind == INFLATE_ZSTD)
        return zstd_init(z);
    return OK;
}

void inflate_done(struct inflate *z)
{
    if (z->gzip != NULL)
        inflateEnd(z->gzip);
    ZSTD_freeDCtx(z->zstd);
    *z = (struct inflate){0};
}

static err damaged(const struct inflate *z)
{
    return fail(ERR_MALFORMED, "compressed.damaged", (uint32_t)z->in_bytes);
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static err plain_step(str *in, char *out, size_t room, size_t *ret_size)
{
    size_t size = smaller(in->size, room);
    if (size > 0)
        memcpy(out, in->at, size);
    *in = str_from(*in, size);
    *ret_size = size;
    return OK;
}

/* Until something is written or there is nothing left to take: a member may end without output. */
static err gzip_step(struct inflate *z, str *in, char *out, size_t room, size_t *ret_size)
{
    z_stream *s = z->gzip;
    s->next_out = (Bytef *)out;
    s->avail_out = (uInt)smaller(room, STEP_BYTES);
    uInt room_then = s->avail_out;
    for (int answer = Z_OK; answer != Z_BUF_ERROR && s->avail_out == room_then;) {
        if (!z->is_inside && in->size == 0)
            break;
        if (!z->is_inside && inflateReset(s) != Z_OK)
            return damaged(z);
        z->is_inside = true;
        s->next_in = (z_const Bytef *)in->at;
        s->avail_in = (uInt)smaller(in->size, STEP_BYTES);
        size_t left_then = s->avail_in;
        answer = inflate(s, Z_NO_FLUSH);
        z->in_bytes += left_then - s->avail_in;
        *in = str_from(*in, left_then - s->avail_in);
        if (answer == Z_MEM_ERROR)
            return fail(ERR_OS, "inflate: no memory for zlib", 0);
        if (answer != Z_OK && answer != Z_BUF_ERROR && answer != Z_STREAM_END)
            return damaged(z);
        if (answer == Z_STREAM_END)
            z->is_inside = false;
    }
    *ret_size = room_then - s->avail_out;
    return OK;
}

static err zstd_error(const struct inflate *z, size_t answer)
{
    ZSTD_ErrorCode code = ZSTD_getErrorCode(answer);
    if (code == ZSTD_error_frameParameter_windowTooLarge)
        return fail(ERR_LIMIT, "compressed.too_large", (uint32_t)z->in_bytes);
    if (code == ZSTD_error_memory_allocation)
        return fail(ERR_OS, "inflate: no memory for zstd", 0);
    return damaged(z);
}

/* NOLINTNEXTLINE(readability-non-const-parameter): libzstd writes there */
static err zstd_step(struct inflate *z, str *in, char *out, size_t room, size_t *ret_size)
{
    ZSTD_outBuffer to = {.dst = out, .size = room};
    while (to.pos == 0 && (in->size > 0 || (z->is_inside && z->is_full))) {
        ZSTD_inBuffer from = {.src = in->at, .size = in->size};
        size_t answer = ZSTD_decompressStream(z->zstd, &to, &from);
        z->in_bytes += from.pos;
        *in = str_from(*in, from.pos);
        if (ZSTD_isError(answer))
            return zstd_error(z, answer);
        z->is_inside = answer != 0;
        if (from.pos == 0)
            break;
    }
    *ret_size = to.pos;
    return OK;
}

static err check_limits(const struct inflate *z)
{
    bool is_large = z->limits.output_bytes != 0 && z->out_bytes > z->limits.output_bytes;
    bool is_bomb = z->limits.ratio != 0 && z->out_bytes > RATIO_FREE_BYTES &&
                   z->out_bytes / z->limits.ratio > z->in_bytes;
    if (is_large || is_bomb)
        return fail(ERR_LIMIT, "compressed.too_large", (uint32_t)z->in_bytes);
    return OK;
}

err inflate_step(struct inflate *z, str *in, char *out, size_t room, size_t *ret_size)
{
    assert(room > 0);
    size_t size = 0;
    switch (z->kind) {
    case INFLATE_PLAIN:
        z->in_bytes += smaller(in->size, room);
        TRY(plain_step(in, out, room, &size));
        break;
    case INFLATE_GZIP:
        TRY(gzip_step(z, in, out, room, &size));
        break;
    case INFLATE_ZSTD:
        TRY(zstd_step(z, in, out, room, &size));
        break;
    }
    z->is_full = size == room;
    z->out_bytes += size;
    TRY(check_limits(z));
    *ret_size = size;
    return OK;
}

err inflate_end(const struct inflate *z)
{
    bool is_whole = z->kind == INFLATE_PLAIN || (!z->is_inside && z->in_bytes > 0);
    return is_whole ? OK : fail(ERR_MALFORMED, "compressed.truncated", (uint32_t)z->in_bytes);
}
