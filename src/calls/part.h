/* SPDX-License-Identifier: Apache-2.0 */
/*
 * part - what the files of calls/ know of each other, and nobody else.
 *
 * Shape     struct calls, opened up. A place is a number of sightings: all that were journaled
 *           before it. Every batch and every file says at which place it is.
 * Owns      See calls.h.   Lives  See calls.h.   Fails  See calls.h.   Threads  One.
 * Bounds    SEGMENTS_MOST segments of the journal: two are usual.
 */
#ifndef YUMEN_CALLS_PART_H
#define YUMEN_CALLS_PART_H

#include "calls/calls.h"

#include "env/file.h"
#include "env/pages.h"

#define CALLS_JOURNAL_KIND "journal"
#define CALLS_FILE_KIND    "book"

enum {
    SEGMENTS_MOST = 64,
    PIECE_PAGES = 16,
    PIECE_BYTES = PIECE_PAGES * MARKS_PAGE_BYTES,
    CALLS_NAMES_BYTES = 1 << 20,
    /* Then a file is made, however short the journal: in it pairs stand side by side. */
    JOURNAL_MOST_H = 24,
};

struct calls_segment {
    uint32_t number;
    uint64_t first; /* its place */
};

struct calls_journal {
    struct calls_segment segments[SEGMENTS_MOST]; /* the last is the live one */
    uint32_t count;
    int fd;
    int64_t written; /* end of the live one */
    bool is_torn;    /* something may stand behind that */
    bool is_used;    /* its header says that a batch of it was answered */
    struct pages form;
};

/* The file that is being made: pages that are marked are not in it as they are now. */
struct calls_save {
    int fd; /* -1: none is being made */
    struct pages marks;
    struct pages checks; /* of uint64_t, by piece */
    uint32_t at;         /* the next piece to look at */
    uint32_t round;
    uint64_t retry_bytes; /* of the journal, before it is tried again */
    uint32_t failed_h;    /* what waits for no bytes is tried again in another hour */
};

struct calls {
    struct arena arena; /* it lies in */
    char folder[FILE_PATH_BYTES];
    struct book_settings settings;
    struct cipher_key key;
    uint32_t key_mark; /* tells another key from damage */
    struct pages room;
    struct book book;
    uint8_t *news;      /* of a batch */
    struct pages sieve; /* those of a batch that are not late, and where they stood */
    uint64_t late;      /* since it was opened */
    struct calls_journal journal;
    struct calls_save save;
    uint64_t sightings;     /* the place where it is */
    uint64_t journal_bytes; /* since the newest whole file */
    uint32_t journal_h;     /* the newest hour when it was empty */
    uint64_t journal_usual; /* a file is made then, and must be at twice as many */
    uint64_t step_bytes;
    uint32_t file;      /* the newest whole one; 0: none, the book began empty */
    uint32_t file_last; /* the highest number that any file had */
    uint64_t file_at;
    uint32_t file_segment; /* of the journal: the first that it needs */
    bool is_hurt;          /* something was found damaged: a file is wanted at once */
    struct calls_damage damage[CALLS_DAMAGE_MOST];
    uint32_t damage_count;
};

/* journal.c: the live segment. What a segment says of itself, first, is for the case that there is
 * no file yet. */
err calls_journal_begin(struct calls *c, uint32_t number);
/* On the disk, or nothing of it is counted. */
err calls_journal_put(struct calls *c, const struct sighting *s, size_t count);
err calls_journal_mend(struct calls_journal *j);
/* Of these, the segments of which the newest file needs nothing. */
err calls_journal_drop(struct calls *c, const struct file_names *names);
size_t calls_batch_bytes(size_t count);

/* read.c: a segment, in pieces; what the disk does not give is zero, and counted. */
struct segment_text {
    int fd;
    int64_t size;
    int64_t at; /* where the window is */
    size_t has;
    int64_t known; /* read so far */
    uint64_t unreadable;
    struct pages window;
    struct pages plain[2]; /* the sightings of the batch that was found last, */
    unsigned into;         /* and those of the one before it */
};
err segment_open(const char *path, struct segment_text *ret);
/* From there on: to its end, or as much as a batch can have. Until the next look. */
str segment_look(struct segment_text *t, int64_t at);
void segment_close(struct segment_text *t);

/* replay.c: from file_at on, into the book; goes on with the last segment. */
err calls_replay(struct calls *c, const struct file_names *names);
/* Whether the journal is there from the first batch on; with which settings, if it says so. */
bool calls_began(const struct calls *c, const struct file_names *names,
                 struct book_settings *settings);

/* file.c */
err calls_room(struct calls *c, const struct book_settings *settings);
/* Reads the newest whole one; none: there is no room yet. */
err calls_file_find(struct calls *c, const struct file_names *names);
/* The next file, while its name is not one that counts; sealing it gives it that name. */
err calls_draft_open(struct calls *c, const struct file_names *names);
err calls_draft_seal(struct calls *c, uint32_t number);
void calls_draft_drop(struct calls *c);
uint32_t calls_page_count(const struct calls *c);
uint32_t calls_piece_count(const struct calls *c);
size_t calls_piece_bytes(const struct calls *c, uint32_t piece);
uint64_t calls_piece_check(const struct calls *c, uint32_t piece);

/* save.c */
err calls_save_step(struct calls *c);
/* To the end, whatever it takes. */
err calls_save_all(struct calls *c);
void calls_save_drop(struct calls *c);

/* calls.c: into the book, and the journal is so much longer. */
size_t calls_count(struct calls *c, const struct sighting *s, size_t count,
                   struct book_due *ret_due);

/* open.c */
void calls_hurt(struct calls *c, const char *kind, uint32_t number,
                const struct calls_damage *damage);

#endif
