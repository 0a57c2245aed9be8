/* SPDX-License-Identifier: Apache-2.0 */
#include "kit/pack.h"

#include <assert.h>
#include <zstd.h>

enum { LEVEL = 1 };

err packer_init(struct packer *p)
{
    p->zstd = ZSTD_createCCtx();
    return p->zstd == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

void packer_done(struct packer *p)
{
    (void)ZSTD_freeCCtx(p->zstd);
    p->zstd = NULL;
}

size_t pack_room(size_t size)
{
    return ZSTD_compressBound(size);
}

err pack_block(struct packer *p, str bytes, char *room, size_t room_bytes, size_t *ret_size)
{
    assert(p->zstd != NULL && room_bytes >= pack_room(bytes.size));
    size_t size = ZSTD_compressCCtx(p->zstd, room, room_bytes, bytes.at, bytes.size, LEVEL);
    if (ZSTD_isError(size))
        return fail(ERR_LIMIT, "limit.memory", 0);
    *ret_size = size;
    return OK;
}

err unpacker_init(struct unpacker *u)
{
    u->zstd = ZSTD_createDCtx();
    return u->zstd == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

void unpacker_done(struct unpacker *u)
{
    (void)ZSTD_freeDCtx(u->zstd);
    u->zstd = NULL;
}

err unpack_block(struct unpacker *u, str packed, char *out, size_t size)
{
    assert(u->zstd != NULL);
    size_t got = ZSTD_decompressDCtx(u->zstd, out, size, packed.at, packed.size);
    if (ZSTD_isError(got) || got != size)
        return fail(ERR_CORRUPT, "pack: damaged", 0);
    return OK;
}
