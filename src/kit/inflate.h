/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inflate - reads .gz and .zst as if they were plain, and does not burst.
 *
 * Shape     A step takes what it can from *in and writes what fits. The input is used up when *in
 *           is empty and a step writes nothing; then inflate_end() says if it may end there.
 *           Files of several members (gzip, zstd frames) read as one. Plain bytes pass through.
 *
 *               in = block;
 *               do { TRY(inflate_step(&z, &in, out, room, &n)); use(out, n); } while (n > 0);
 *
 * Owns      A window of the library's, until inflate_done (a zeroed one may be done).
 * Lives     struct inflate must not move between init and done.
 * Fails     "compressed.truncated" (from inflate_end), "compressed.damaged" (also for bytes after
 *           the end that begin no further member), ERR_LIMIT "compressed.too_large" (more output,
 *           a higher ratio, or a larger zstd window than allowed). What was given before is right;
 *           a step that meets damage gives nothing of its own. After a failure: only done.
 * Threads   One.
 * Bounds    32 KiB for gzip, up to 8 MiB for zstd. The ratio counts after the first 1 MiB.
 */
#ifndef YUMEN_KIT_INFLATE_H
#define YUMEN_KIT_INFLATE_H

#include "base/str.h"

enum inflate_kind { INFLATE_PLAIN, INFLATE_GZIP, INFLATE_ZSTD };

struct inflate_limits {
    uint64_t output_bytes; /* 0: no limit */
    uint32_t ratio;        /* output to input; 0: no limit. Text is seldom beyond 200 */
};

struct z_stream_s;  /* zlib's */
struct ZSTD_DCtx_s; /* zstd's */

struct inflate {
    enum inflate_kind kind;
    struct inflate_limits limits;
    uint64_t in_bytes;  /* taken so far */
    uint64_t out_bytes; /* given so far */
    struct z_stream_s *gzip;
    struct ZSTD_DCtx_s *zstd;
    bool is_inside; /* a member has begun and not ended */
    bool is_full;   /* the last step filled its room: there may be more */
};

/* By the first four bytes. */
enum inflate_kind inflate_guess(str first_bytes);

/* Carves a little from the arena, which must outlive it. */
err inflate_init(struct inflate *z, enum inflate_kind kind, struct inflate_limits limits,
                 struct arena *a);
void inflate_done(struct inflate *z);
err inflate_step(struct inflate *z, str *in, char *out, size_t room, size_t *ret_size);
err inflate_end(const struct inflate *z);

#endif
