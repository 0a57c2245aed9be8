/* SPDX-License-Identifier: Apache-2.0 */
#include "runs/journal.h"

#include "kit/hash.h"

#include <assert.h>

/* Smaller blocks than this are not worth packing; no more room than that is asked for at a time. */
enum { PACK_LEAST_BYTES = 4 << 10, PACK_MOST_BYTES = 2 << 20 };
enum { WAITING_BYTES = 8 << 20, BLOCKS_AT_FIRST = 1 << 10 };
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

err journal_open(struct journal *j, const char *folder)
{
    *j = (struct journal){.folder = folder, .fd = -1};
    j->filling = &j->packs[0];
    j->packing = &j->packs[1];
    TRY(pages_make(WAITING_BYTES, &j->waiting));
    TRY(pages_make(BLOCKS_AT_FIRST * sizeof(struct journal_block), &j->blocks.pages));
    TRY(packer_init(&j->packer));
    return folder == NULL ? OK : env_helper_start(&j->helper, "journal");
}

void journal_close(struct journal *j)
{
    env_helper_stop(&j->helper);
    if (j->waiting.at != NULL)
        fd_end(&j->fd);
    packer_done(&j->packer);
    pages_drop(&j->waiting);
    pages_drop(&j->blocks.pages);
}

static err index_room(struct journal *j, size_t count)
{
    struct journal_blocks *b = &j->blocks;
    size_t wanted = (b->count + count) * sizeof(struct journal_block);
    if (wanted <= b->pages.size)
        return OK;
    struct pages wider;
    TRY(pages_make(wanted * 2, &wider));
    memcpy(wider.at, b->pages.at, b->count * sizeof(struct journal_block));
    pages_drop(&b->pages);
    b->pages = wider;
    return OK;
}

static void put_index(struct journal *j, const struct journal_block *block)
{
    struct journal_blocks *b = &j->blocks;
    assert((b->count + 1) * sizeof *block <= b->pages.size);
    ((struct journal_block *)b->pages.at)[b->count++] = *block;
}

/* --- writing --- */

static err open_segment(struct journal *j, uint32_t segment)
{
    char path[FILE_PATH_BYTES];
    TRY(file_numbered(j->folder, JOURNAL_KIND, segment, path));
    fd_end(&j->fd);
    return file_open_private(path, &j->fd);
}

err journal_begin(struct journal *j, uint32_t segment, int64_t base_ms)
{
    assert(j->waiting_bytes == 0 && j->filling->count == 0 && j->packing->count == 0);
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

/* As it is where that is no longer, or where packing it failed; how long it is then. */
static size_t pack_raw(struct packer *packer, str raw, char *room)
{
    size_t size = 0;
    if (raw.size >= PACK_LEAST_BYTES &&
        !failed(pack_block(packer, raw, room, pack_room(raw.size), &size)) && size < raw.size)
        return size;
    memcpy(room, raw.at, raw.size);
    return raw.size;
}

static void pack_one(struct journal_pack *p, struct journal_block *b, const char *raw)
{
    struct block_header h = {.magic = BLOCK_MAGIC,
                             .first_ordinal = b->first_ordinal,
                             .rows = b->rows,
                             .raw_bytes = b->raw_bytes};
    char *at = p->at + p->packed_bytes;
    h.stored_bytes = (uint32_t)pack_raw(p->packer, str_make(raw, b->raw_bytes), at + sizeof h);
    h.is_packed = h.stored_bytes < h.raw_bytes;
    h.check = hash_key(at + sizeof h, h.stored_bytes, hash_check(&h, BLOCK_CHECKED));
    memcpy(at, &h, sizeof h);
    b->stored_bytes = h.stored_bytes;
    b->is_packed = h.is_packed;
    b->offset += p->packed_bytes;
    p->packed_bytes += sizeof h + h.stored_bytes;
}

/* On the helper's thread, or at once on the owner's. */
static void pack_all(void *of)
{
    struct journal_pack *p = of;
    for (uint32_t i = 0; i < p->count; i++)
        pack_one(p, &p->blocks[i], p->raw[i]);
}

/* What the helper has packed waits to be written, in the order in which it was put. */
static void take_packed(struct journal *j)
{
    struct journal_pack *p = j->packing;
    if (p->count == 0)
        return;
    env_helper_wait(&j->helper);
    for (uint32_t i = 0; i < p->count; i++)
        put_index(j, &p->blocks[i]);
    j->waiting_bytes += p->packed_bytes;
    p->count = 0;
    p->room = 0;
    p->packed_bytes = 0;
}

static err write_waiting(struct journal *j)
{
    if (j->waiting_bytes == 0)
        return OK;
    TRY(file_put_end(j->fd, j->written, str_make(j->waiting.at, j->waiting_bytes)));
    j->written += (int64_t)j->waiting_bytes;
    j->waiting_bytes = 0;
    return OK;
}

/* The filled ones are the next to be packed; when there is no room for them, they stay. */
static err begin_packing(struct journal *j)
{
    take_packed(j);
    struct journal_pack *p = j->filling;
    TRY(index_room(j, p->count));
    if (j->waiting_bytes + p->room > j->waiting.size)
        TRY(write_waiting(j));
    p->packer = &j->packer;
    p->at = (char *)j->waiting.at + j->waiting_bytes;
    for (uint32_t i = 0; i < p->count; i++)
        p->blocks[i].offset = (uint64_t)j->written + j->waiting_bytes;
    j->filling = j->packing;
    j->packing = p;
    return OK;
}

err journal_put(struct journal *j, str raw, uint32_t first_ordinal, uint32_t rows)
{
    size_t room = sizeof(struct block_header) + pack_room(raw.size);
    assert(room <= PACK_MOST_BYTES);
    if (j->folder == NULL)
        return OK;
    if (j->filling->count == JOURNAL_PACK_BLOCKS || j->filling->room + room > PACK_MOST_BYTES) {
        TRY(begin_packing(j));
        env_helper_ask(&j->helper, pack_all, j->packing);
    }
    struct journal_pack *p = j->filling;
    p->blocks[p->count] = (struct journal_block){.first_ordinal = first_ordinal,
                                                 .rows = rows,
                                                 .segment = j->segment,
                                                 .raw_bytes = (uint32_t)raw.size,
                                                 .base_ms = j->base_ms};
    p->raw[p->count++] = raw.at;
    p->room += room;
    return OK;
}

/* All that was put waits to be written. The last few are packed here: a transfer that comes by
 * itself does not wait for another thread to wake up. */
static err pack_rest(struct journal *j)
{
    TRY(begin_packing(j));
    pack_all(j->packing);
    take_packed(j);
    return OK;
}

err journal_next_offset(struct journal *j, uint64_t *ret_offset)
{
    TRY(pack_rest(j));
    *ret_offset = (uint64_t)j->written + j->waiting_bytes;
    return OK;
}

err journal_sync(struct journal *j)
{
    TRY(pack_rest(j));
    TRY(write_waiting(j));
    return j->fd < 0 ? OK : file_sync(j->fd); /* none is begun, or it is in memory */
}

/* --- reading --- */

static err load_header(str file, uint32_t segment, struct segment_header *ret)
{
    bool is_there = file.size >= sizeof *ret;
    if (is_there)
        memcpy(ret, file.at, sizeof *ret);
    if (!is_there || memcmp(ret->magic, segment_magic, sizeof ret->magic) != 0 ||
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
static bool is_whole(str rest, bool is_last, struct block_header *ret)
{
    if (rest.size < sizeof *ret)
        return false;
    memcpy(ret, rest.at, sizeof *ret);
    if (!is_plausible(ret) || rest.size - sizeof *ret < ret->stored_bytes)
        return false;
    return !is_last || !failed(check_stored(ret, rest.at + sizeof *ret));
}

static err load_blocks(struct journal *j, str file, const struct segment_header *sh, bool is_last)
{
    struct block_header h;
    while (is_whole(str_from(file, (size_t)j->written), is_last, &h)) {
        struct journal_block block = {.first_ordinal = h.first_ordinal,
                                      .rows = h.rows,
                                      .segment = sh->segment,
                                      .raw_bytes = h.raw_bytes,
                                      .stored_bytes = h.stored_bytes,
                                      .is_packed = h.is_packed,
                                      .offset = (uint64_t)j->written,
                                      .base_ms = sh->base_ms};
        TRY(index_room(j, 1));
        put_index(j, &block);
        j->written += (int64_t)(sizeof h + h.stored_bytes);
    }
    return OK;
}

/* A last segment that has no more than a header, and that not a good one, was being begun when all
 * stopped: nothing was promised of it, and it is begun again by whoever takes next. */
static err load_segment(struct journal *j, str file, uint32_t segment, bool is_last)
{
    struct segment_header h;
    err e = load_header(file, segment, &h);
    if (failed(e) && is_last && file.size <= sizeof h) {
        j->base_ms = 0;
        j->written = 0;
        return OK;
    }
    TRY(e);
    j->base_ms = h.base_ms;
    j->written = sizeof h;
    return load_blocks(j, file, &h, is_last);
}

static err cut_segment(const struct journal *j, const char *path)
{
    SCOPED(fd_end) int fd = -1;
    TRY(file_open_private(path, &fd));
    return file_cut(fd, j->written);
}

/* Read where it lies: of a sealed segment of half a million blocks only the headers are wanted. */
err journal_load(struct journal *j, uint32_t segment, bool is_last)
{
    char path[FILE_PATH_BYTES];
    struct pages file = {0};
    TRY(file_numbered(j->folder, JOURNAL_KIND, segment, path));
    TRY(pages_map(path, SIZE_MAX, &file));
    int64_t size = (int64_t)file.size;
    err e = load_segment(j, str_make(file.at, file.size), segment, is_last);
    pages_drop(&file);
    TRY(e);
    if (size == j->written)
        return OK;
    if (!is_last)
        return fail(ERR_CORRUPT, "runs: a sealed segment of the journal is cut short", segment);
    return cut_segment(j, path);
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
    TRY(file_numbered(folder, JOURNAL_KIND, block->segment, path));
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
