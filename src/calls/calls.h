/* SPDX-License-Identifier: Apache-2.0 */
/*
 * calls - the book of call conduct (sense/book.h), kept: what was taken is still counted after the
 * power was gone, each part of a call once.
 *
 * Shape     sightings --> journal, synced --> book --> due       a batch is taken whole or not
 *               `-> too late to count: told, and neither journaled nor taken
 *                         step by step: the book as a file, which makes the journal before it idle
 *
 * Owns      The folder, its descriptors, the room that the book lies in.
 * Lives     calls_open to calls_close. What calls_find shows, until the next batch.
 * Fails     ERR_OS: a full disk, as any other; nothing of that batch is counted, and the next is
 *           taken as soon as there is room. A batch that was refused may be sent again at any time:
 *           should it be on the disk after all, its parts still count once. ERR_CORRUPT on opening,
 *           when no whole file is left; ERR_CONFLICT, when it was kept under another key;
 *           ERR_LIMIT.
 * Threads   One; opening, a helper beside it.
 * Bounds    Memory: book_room(), a byte for each 4 KiB of it, 8 MiB. Disk: that room twice, and
 *           four times journal_bytes. CALLS_BATCH_MOST sightings at a time.
 */
#ifndef YUMEN_CALLS_CALLS_H
#define YUMEN_CALLS_CALLS_H

#include "base/err.h"
#include "base/str.h"
#include "kit/cipher.h"
#include "sense/book.h"
#include "sense/sighting.h"

enum { CALLS_BATCH_MOST = 1 << 16, CALLS_NAME_BYTES = 24, CALLS_DAMAGE_MOST = 8 };

struct calls_settings {
    str dir;                   /* its parent exists */
    struct cipher_key key;     /* calls_key_make */
    struct book_settings book; /* of a folder that is new; one that is not goes on as it began */
    uint64_t journal_bytes;    /* a file is made when so many have come since; 0: as is usual */
    uint64_t step_bytes;       /* written at a time; 0: as is usual */
};

enum calls_harm {
    CALLS_FILE_DAMAGED, /* a file of the book: the one before it is read, nothing is lost */
    CALLS_TAIL_TORN,    /* the journal's last bytes, cut off: nothing that looks like a batch */
    CALLS_BATCHES_LOST, /* `lost` sightings, answered for all one knows: send 26 hours again */
    CALLS_SEGMENT_LOST, /* likewise, and nobody knows how many: a journal that was there and is not,
                          * or of which nothing but its beginning is left */
    CALLS_HEADER_DAMAGED, /* a journal's: its batches are there */
    CALLS_UNREADABLE /* `lost` bytes that the disk does not give; what was in them is told too */
};

extern const char *const calls_harm_words[];

struct calls_damage {
    char file[CALLS_NAME_BYTES];
    enum calls_harm harm;
    uint64_t lost; /* bytes of a tail, or unreadable; sightings otherwise */
};

struct calls_counts {
    struct book_settings book; /* in force */
    struct book_counts told;   /* late: since it was opened, and not among those taken */
    uint64_t forgotten;        /* calls whose repeats may count again: sense/recent.h */
    uint32_t held;             /* numbers */
    uint64_t room_bytes;
    uint64_t sightings;                            /* journaled, ever */
    uint64_t file_at;                              /* of these, in the newest whole file */
    uint32_t file;                                 /* its number; 0: there is none yet */
    uint64_t journal_bytes;                        /* since then */
    bool is_saving;                                /* a file is being made */
    struct calls_damage damage[CALLS_DAMAGE_MOST]; /* found on opening */
    uint32_t damage_count;
};

struct calls;

/* Under which the journal is sealed: from the secret that the pseudonyms in it are made under. */
void calls_key_make(const uint8_t secret[SIGHT_SECRET_BYTES], struct cipher_key *ret_key);

err calls_open(const struct calls_settings *settings, struct calls **ret);
/* On the disk when it returns well. ret_due: room for as many as sightings (sense/book.h). */
err calls_take(struct calls *c, const struct sighting *sightings, size_t count,
               struct book_due *ret_due, size_t *ret_due_count);
/* Of each sighting of the batch that was taken last, as book_tell has it. */
const uint8_t *calls_news(const struct calls *c);
/* NULL: not heard of. */
const struct conduct *calls_find(const struct calls *c, uint64_t key);
/* What its handset carried lately. */
struct handset_load calls_handset(const struct calls *c, const struct sighting *s);
/* The conducts that `slot` of a due one counts in. */
const struct conduct *calls_at(const struct calls *c, uint32_t slot);
/* A piece of what can be done beside batches: some milliseconds; nothing when nothing is wanted.
 * One that fails is tried again later, and the journal grows meanwhile. */
err calls_step(struct calls *c);
bool calls_wants_step(const struct calls *c);
void calls_show(const struct calls *c, struct calls_counts *ret);
err calls_close(struct calls *c); /* NULL is fine */

#endif
