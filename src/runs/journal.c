/* SPDX-License-Identifier: Apache-2.0 */
#include "runs/journal.h"

#include "kit/hash.h"

#include <assert.h>
#include <stdio.h>

/* Smaller blocks than this are not worth packing. */
enum { PACK_LEAST_BYTES = 4 << 10, WAITING_BYTES = 64 << 20, BLOCKS_AT_FIRST = 1 << 10 };
static const char segment_magic[8] = "YUMENTJ1";
enum { BLOCK_MAGIC = 0x4B4C4254 }; /* "TBLK" */

struct segment_header {
    char magic[8];
    uint32_t segment;
    uint32_t unused;
    int64_t base_ms;
    uint64_t check; /* of what stands before it */
};

struct block_header {
    uint32_t magic;
    uint32_t first_ordinal;
    uint32_t rows;
    uint32_t raw_bytes;
    uint32_t stored_bytes;
    uint32_t is_packed;
    uint64_t check; /* of what stands before it, and of what was stored */
};

enum { BLOCK_CHECKED = offsetof(struct block_header, check) };

err journal_path(const char *folder, uint32_t segment, char *room, size_t room_bytes)
{
    int size = snprintf(room, room_bytes, "%s/journal-%08x", folder, segment);
    return size < 0 || (size_t)size >= room_bytes ? fail(ERR_LIMIT, "runs: a path is too long", 0)
                                                  : OK;
}

bool journal_is_name(str name, uint32_t *ret_segment)
{
    static const char prefix[] = "journal-";
    if (name.size != sizeof prefix - 1 + 8 || !str_starts(name, str_from_c(prefix)))
        return false;
    uint32_t n = 0;
    for (size_t i = sizeof prefix - 1; i < name.size; i++) {
        char c = name.at[i];
        bool is_digit = c >= '0' && c <= '9';
        if (!is_digit && (c < 'a' || c > 'f'))
            return false;
        n = n << 4 | (uint32_t)(is_digit ? c - '0' : c - 'a' + 10);
    }
    *ret_segment = n;
    return true;
}

err journal_open(struct journal *j, const char *folder)
{
    *j = (struct journal){.folder = folder, .fd = -1};
    TRY(pages_make(WAITING_BYTES, &j->waiting));
    TRY(pages_make(BLOCKS_AT_FIRST * sizeof(struct journal_block), &j->blocks.pages));
    return packer_init(&j->packer);
}

void journal_close(struct journal *j)
{
    if (j->waiting.at != NULL)
        fd_end(&j->fd);
    packer_done(&j->packer);
    pages_drop(&j->waiting);
    pages_drop(&j->blocks.pages);
}

static err put_index(struct journal *j, const struct journal_block *block)
{
    struct journal_blocks *b = &j->blocks;
    if ((b->count + 1) * sizeof *block > b->pages.size) {
        struct pages wider;
        TRY(pages_make(b->pages.size * 2, &wider));
        memcpy(wider.at, b->pages.at, b->count * sizeof *block);
        pages_drop(&b->pages);
        b->pages = wider;
    }
    ((struct journal_block *)b->pages.at)[b->count++] = *block;
    return OK;
}

/* --- writing --- */

static err open_segment(struct journal *j, uint32_t segment)
{
    char path[FILE_PATH_BYTES];
    TRY(journal_path(j->folder, segment, path, sizeof path));
    fd_end(&j->fd);
    return file_open_private(path, &j->fd);
}

err journal_begin(struct journal *j, uint32_t segment, int64_t base_ms)
{
    assert(j->waiting_bytes == 0);
    struct segment_header h = {.segment = segment, .base_ms = base_ms};
    memcpy(h.magic, segment_magic, sizeof h.magic);
    h.check = hash_check(&h, offsetof(struct segment_header, check));
    if (j->folder != NULL) {
        TRY(open_segment(j, segment));
        TRY(file_cut(j->fd, 0));
        TRY(file_put_end(j->fd, 0, str_make((const char *)&h, sizeof h)));
        TRY(file_sync(j->fd));
        TRY(file_sync_folder(j->folder));
    }
    j->segment = segment;
    j->base_ms = base_ms;
    j->written = sizeof h;
    return OK;
}

err journal_go_on(struct journal *j, uint32_t segment)
{
    TRY(open_segment(j, segment));
    j->segment = segment;
    return OK;
}

static err pack_raw(struct journal *j, str raw, char *room, struct block_header *h)
{
    size_t size = 0;
    h->raw_bytes = (uint32_t)raw.size;
    h->stored_bytes = (uint32_t)raw.size;
    if (raw.size >= PACK_LEAST_BYTES)
        TRY(pack_block(&j->packer, raw, room, pack_room(raw.size), &size));
    h->is_packed = size > 0 && size < raw.size;
    if (h->is_packed != 0)
        h->stored_bytes = (uint32_t)size;
    else
        memcpy(room, raw.at, raw.size);
    return OK;
}

err journal_put(struct journal *j, str raw, uint32_t first_ordinal, uint32_t rows)
{
    struct block_header h = {.magic = BLOCK_MAGIC, .first_ordinal = first_ordinal, .rows = rows};
    if (j->waiting_bytes + sizeof h + pack_room(raw.size) > j->waiting.size)
        TRY(journal_write(j));
    char *at = (char *)j->waiting.at + j->waiting_bytes;
    TRY(pack_raw(j, raw, at + sizeof h, &h));
    h.check = hash_key(at + sizeof h, h.stored_bytes, hash_check(&h, BLOCK_CHECKED));
    memcpy(at, &h, sizeof h);
    struct journal_block block = {.first_ordinal = first_ordinal,
                                  .rows = rows,
                                  .segment = j->segment,
                                  .raw_bytes = h.raw_bytes,
                                  .stored_bytes = h.stored_bytes,
                                  .is_packed = h.is_packed,
                                  .offset = (uint64_t)j->written + j->waiting_bytes,
                                  .base_ms = j->base_ms};
    TRY(put_index(j, &block));
    j->waiting_bytes += sizeof h + h.stored_bytes;
    return OK;
}

err journal_write(struct journal *j)
{
    if (j->waiting_bytes == 0)
        return OK;
    if (j->folder != NULL)
        TRY(file_put_end(j->fd, j->written, str_make(j->waiting.at, j->waiting_bytes)));
    j->written += (int64_t)j->waiting_bytes;
    j->waiting_bytes = 0;
    return OK;
}

err journal_sync(struct journal *j)
{
    TRY(journal_write(j));
    return j->fd < 0 ? OK : file_sync(j->fd); /* none is begun, or it is in memory */
}

/* --- reading --- */

static err load_header(int fd, uint32_t segment, struct segment_header *ret)
{
    size_t got = 0;
    TRY(file_read_at(fd, 0, ret, sizeof *ret, &got));
    if (got != sizeof *ret || memcmp(ret->magic, segment_magic, sizeof ret->magic) != 0 ||
        ret->segment != segment ||
        ret->check != hash_check(ret, offsetof(struct segment_header, check)))
        return fail(ERR_CORRUPT, "runs: a segment of the journal has no good header", segment);
    return OK;
}

static err check_stored(const struct block_header *h, const char *stored)
{
    if (hash_key(stored, h->stored_bytes, hash_check(h, BLOCK_CHECKED)) != h->check)
        return fail(ERR_CORRUPT, "runs: a block of the journal is damaged", h->first_ordinal);
    return OK;
}

static bool is_plausible(const struct block_header *h)
{
    return h->magic == BLOCK_MAGIC && h->stored_bytes <= h->raw_bytes &&
           h->raw_bytes <= JOURNAL_BLOCK_BYTES * 2 && h->rows <= JOURNAL_BLOCK_ROWS;
}

/* What is there of a block; a whole one only if its bytes are all there and are what was written.
 * Only the last segment's are read through: the others were when they were sealed. */
static err load_block(int fd, int64_t at, struct pages *room, struct block_header *h,
                      bool *ret_whole)
{
    size_t got = 0;
    *ret_whole = false;
    TRY(file_read_at(fd, at, h, sizeof *h, &got));
    if (got < sizeof *h || !is_plausible(h))
        return OK;
    if (room != NULL) {
        TRY(file_read_at(fd, at + (int64_t)sizeof *h, room->at, h->stored_bytes, &got));
        if (got < h->stored_bytes || failed(check_stored(h, room->at)))
            return OK;
    }
    *ret_whole = true;
    return OK;
}

static err load_blocks(struct journal *j, int fd, const struct segment_header *sh,
                       struct pages *room)
{
    for (;;) {
        struct block_header h;
        bool is_whole = false;
        TRY(load_block(fd, j->written, room, &h, &is_whole));
        if (!is_whole)
            return OK;
        struct journal_block block = {.first_ordinal = h.first_ordinal,
                                      .rows = h.rows,
                                      .segment = sh->segment,
                                      .raw_bytes = h.raw_bytes,
                                      .stored_bytes = h.stored_bytes,
                                      .is_packed = h.is_packed,
                                      .offset = (uint64_t)j->written,
                                      .base_ms = sh->base_ms};
        TRY(put_index(j, &block));
        j->written += (int64_t)(sizeof h + h.stored_bytes);
    }
}

err journal_load(struct journal *j, uint32_t segment, bool is_last)
{
    char path[FILE_PATH_BYTES];
    struct segment_header h;
    struct pages room = {0};
    int64_t size = 0;
    SCOPED(fd_end) int fd = -1;
    TRY(journal_path(j->folder, segment, path, sizeof path));
    TRY(file_open_private(path, &fd));
    TRY(load_header(fd, segment, &h));
    TRY(pages_make(JOURNAL_BLOCK_BYTES * 2, &room));
    j->base_ms = h.base_ms;
    j->written = sizeof h;
    err e = load_blocks(j, fd, &h, is_last ? &room : NULL);
    pages_drop(&room);
    TRY(e);
    TRY(file_size(path, &size));
    if (size == j->written)
        return OK;
    if (!is_last)
        return fail(ERR_CORRUPT, "runs: a sealed segment of the journal is cut short", segment);
    return file_cut(fd, j->written);
}

const struct journal_block *journal_find(const struct journal *j, uint32_t ordinal)
{
    const struct journal_block *blocks = j->blocks.pages.at;
    size_t lo = 0;
    size_t count = j->blocks.count;
    while (count > 0) { /* the first block that begins after it */
        size_t half = count / 2;
        bool is_before = blocks[lo + half].first_ordinal <= ordinal;
        lo = is_before ? lo + half + 1 : lo;
        count = is_before ? count - half - 1 : half;
    }
    while (lo > 0 && blocks[lo - 1].rows == 0) /* of other records only */
        lo--;
    if (lo == 0 || ordinal - blocks[lo - 1].first_ordinal >= blocks[lo - 1].rows)
        return NULL;
    return &blocks[lo - 1];
}

err journal_read_at(const char *folder, const struct journal_block *block, struct unpacker *u,
                    char *raw, struct arena *a)
{
    char path[FILE_PATH_BYTES];
    size_t got = 0;
    struct block_header h;
    SCOPED(fd_end) int fd = -1;
    size_t whole = sizeof h + block->stored_bytes;
    char *stored = arena_make(a, whole);
    if (stored == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(journal_path(folder, block->segment, path, sizeof path));
    TRY(file_open_read(path, &fd));
    TRY(file_read_at(fd, (int64_t)block->offset, stored, whole, &got));
    memcpy(&h, stored, sizeof h);
    if (got != whole || h.stored_bytes != block->stored_bytes || h.raw_bytes != block->raw_bytes)
        return fail(ERR_CORRUPT, "runs: a block of the journal is not what it was",
                    block->first_ordinal);
    TRY(check_stored(&h, stored + sizeof h));
    str bytes = str_make(stored + sizeof h, block->stored_bytes);
    if (block->is_packed != 0)
        return unpack_block(u, bytes, raw, block->raw_bytes);
    memcpy(raw, bytes.at, bytes.size);
    return OK;
}
