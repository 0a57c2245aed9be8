/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal - everything that was told, in the order in which it was told, in checked blocks.
 *
 * Shape     DIR/journal-00000001 and on: a segment for each tail that was sealed, and a live one.
 *
 *             segment  header | block | block | …
 *             block    header (first ordinal, rows, sizes, check) | records, packed where it pays
 *
 *           What is put waits in memory; packed, written, then synced, it is on the disk. A
 *           helper packs 64 blocks while the next are put; what a sync finds not yet packed it
 *           packs itself.
 *
 *             put -> filling --ask--> packing (helper) -> waiting, index -> file -> synced
 *
 *           A segment that breaks off in the middle of a block is cut there when it is opened:
 *           nothing after that was promised to anybody.
 * Owns      Its folder's segments, the open one's descriptor, the index of blocks, its helper. Not
 *           the bytes that are put: they stay where they are until journal_sync went well.
 * Lives     From journal_open to journal_close.
 * Fails     ERR_OS, and nothing is lost: what waits goes on waiting. ERR_CORRUPT, ERR_LIMIT.
 * Threads   One, except journal_read_at: any.
 * Bounds    JOURNAL_BLOCK_ROWS transfers a block; an index of 40 bytes a block in memory.
 */
#ifndef YUMEN_RUNS_JOURNAL_H
#define YUMEN_RUNS_JOURNAL_H

#include "env/file.h"
#include "env/helper.h"
#include "env/pages.h"
#include "kit/pack.h"

#define JOURNAL_KIND "journal"
/* A block is closed at its usual size: a transfer that is asked for word for word costs one block.
 * 1,024 took 3 % less room, and five times as long. Blocks of older journals are larger. */
enum { JOURNAL_BLOCK_ROWS = 1024, JOURNAL_BLOCK_USUAL = 128, JOURNAL_BLOCK_BYTES = 256 << 10 };

struct journal_block {
    uint32_t first_ordinal;
    uint32_t rows;
    uint32_t segment;
    uint32_t raw_bytes;
    uint32_t stored_bytes;
    uint32_t is_packed;
    uint64_t offset; /* of its header */
    int64_t base_ms;
};

/* Grows by doubling; what it held before is dropped when nobody reads it any more. */
struct journal_blocks {
    struct pages pages;
    size_t count;
};

/* Blocks that were put and do not wait yet: who packs them has them to himself. */
enum { JOURNAL_PACK_BLOCKS = 64 };
struct journal_pack {
    struct journal_block blocks[JOURNAL_PACK_BLOCKS];
    const char *raw[JOURNAL_PACK_BLOCKS];
    uint32_t count;
    size_t room; /* that is enough for them packed */
    struct packer *packer;
    char *at; /* where they are packed to */
    size_t packed_bytes;
};

struct journal {
    const char *folder; /* NULL: in memory, nothing is kept */
    struct journal_blocks blocks;
    struct packer packer;
    struct env_helper helper;
    struct journal_pack packs[2];
    struct journal_pack *filling;
    struct journal_pack *packing; /* by the helper, unless it is empty */
    struct pages waiting;         /* bytes packed and not yet written */
    size_t waiting_bytes;
    int fd;
    uint32_t segment;
    int64_t base_ms;
    int64_t written; /* end of the live segment's file */
};

err journal_open(struct journal *j, const char *folder);
void journal_close(struct journal *j);

/* A new live segment, with the next number; what waits was written. */
err journal_begin(struct journal *j, uint32_t segment, int64_t base_ms);
/* Goes on with a segment that was loaded. */
err journal_go_on(struct journal *j, uint32_t segment);
err journal_put(struct journal *j, str raw, uint32_t first_ordinal, uint32_t rows);
/* Where the block that is put next will stand; all before it is packed for that. */
err journal_next_offset(struct journal *j, uint64_t *ret_offset);
err journal_sync(struct journal *j);

/* The blocks of a segment into the index; torn ends are cut if it is the last. */
err journal_load(struct journal *j, uint32_t segment, bool is_last);
/* Which block holds a transfer; NULL when none does. */
const struct journal_block *journal_find(const struct journal *j, uint32_t ordinal);
/* `raw`: raw_bytes of room. Opens the file, reads, checks, unpacks. */
err journal_read_at(const char *folder, const struct journal_block *block, struct unpacker *u,
                    char *raw, struct arena *a);

#endif
