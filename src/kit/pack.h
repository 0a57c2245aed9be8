/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pack - makes a block of our own smaller, and gives it back.
 *
 * Shape     zstd at its fastest ordinary level, one block a call. Foreign files are inflate.h's.
 * Owns      A library's context each, until pack_done (a zeroed one may be done).
 * Lives     From pack_init.
 * Fails     ERR_LIMIT "limit.memory". unpack_block: ERR_CORRUPT "pack: damaged" when the bytes do
 *           not give exactly the size that was told.
 * Threads   One a context.
 * Bounds    pack_room(size) is enough for any block of that size.
 */
#ifndef YUMEN_KIT_PACK_H
#define YUMEN_KIT_PACK_H

#include "base/str.h"

struct ZSTD_CCtx_s; /* zstd's */
struct ZSTD_DCtx_s;

struct packer {
    struct ZSTD_CCtx_s *zstd;
};
struct unpacker {
    struct ZSTD_DCtx_s *zstd;
};

err packer_init(struct packer *p);
void packer_done(struct packer *p);
size_t pack_room(size_t size);
err pack_block(struct packer *p, str bytes, char *room, size_t room_bytes, size_t *ret_size);

err unpacker_init(struct unpacker *u);
void unpacker_done(struct unpacker *u);
err unpack_block(struct unpacker *u, str packed, char *out, size_t size);

#endif
