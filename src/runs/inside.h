/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inside - the functions by which the files of runs/ work for each other.
 *
 * Shape     Under the name of the file that has them.
 * Owns      See part.h.   Lives  See part.h.
 * Fails     As runs.h says; ERR_OS and ERR_CORRUPT with a sentence.
 * Threads   The owner's with `names` held, unless it says otherwise.
 * Bounds    -
 */
#ifndef YUMEN_RUNS_INSIDE_H
#define YUMEN_RUNS_INSIDE_H

#include "runs/part.h"

/* tail.c: pieces of all its rows */
err tail_sort(struct runs *r, struct tail *t);
/* Ends the block that is being filled. */
err tail_end_block(struct runs *r, struct tail *t);

/* take.c: `at` is where the record stands in the tail's raw bytes */
err take_record(struct runs *r, const struct record *record, size_t at);
uint64_t id_hash(const struct runs *r, uint32_t scope, str id);
/* The sieve knows all that the tables have, and has room for so many ids more. */
err known_room(struct runs *r, uint32_t rows);
/* Room for so many records more, in a segment that has begun. */
err take_ready(struct runs *r, int64_t base_ms);
err take_account_key(struct runs *r, str key, uint32_t *ret_account);
bool currency_find(struct runs *r, const char *name, uint8_t *ret_number);

/* amend.c */
err amend(struct runs *r, uint32_t ordinal, const struct trail_row *row, unsigned status);
err amend_put(struct runs *r, const struct amendment *a);
err amend_keep(struct runs *r, bool (*is_kept)(const struct runs *r, uint32_t run_number));
uint32_t amend_slots(const struct runs *r);
unsigned amend_status(const struct runs *r, const struct trail_run *run, uint32_t place);
unsigned status_now(const struct runs *r, uint32_t ordinal, const struct trail_row *row);

/* look.c: the owner's reading of what it has */
err look_record(struct runs *r, uint32_t ordinal, struct record *ret_record);
bool look_precedes(const void *self, uint32_t ordinal, uint32_t other);
/* Which block has it; from any thread but one that holds `names`. */
err look_block(struct runs *r, uint32_t ordinal, struct journal_block *ret_block);
/* Where a transfer lies in some run; false when in none. */
bool run_find(const struct trail_run *run, const struct trail_row *row, uint32_t ordinal,
              uint32_t *ret_place);
err block_walk(str raw, int64_t base_ms, uint32_t nth, struct record *ret_record);

/* ask.c: what a record says, with names and the status that stands; from any thread */
err ask_words(struct runs *r, uint32_t ordinal, const struct record *record, struct arena *a,
              struct transfer *ret);

/* file.c */
err run_file_write(struct runs *r, const struct trail_run *run, struct sealed *ret_sealed);
err run_file_open(struct runs *r, uint32_t number, struct sealed *ret_sealed);
err ids_file_write(struct runs *r, const struct ids *ids, struct id_file *file);
err ids_file_open(struct runs *r, struct id_file *file);
err accounts_write(struct runs *r, uint32_t count);
err accounts_read(struct runs *r, uint32_t count, uint64_t text_bytes, uint64_t check);

/* seal.c */
err seal_begin(struct runs *r);
/* Takes over what the task has done, waiting for it if it must. `names` is held. */
err task_finish(struct runs *r);
/* What it worked in, while none runs. */
void task_space_drop(struct runs *r);
bool is_sealed(const struct runs *r, uint32_t run_number);
err merge_begin(struct runs *r, int64_t now_ms);

/* manifest.c */
err manifest_write(struct runs *r);
err manifest_read(struct runs *r, uint32_t *ret_next_ordinal, uint32_t *ret_next_segment);

/* show.c */
err show(struct runs *r);
void retire(struct runs *r, struct pages *pages, struct shown *shown);
void retire_piece(struct runs *r, struct piece *p);
void retire_past(struct runs *r);
/* Nobody asks any more. */
void retire_all(struct runs *r);

/* forget.c */
err retention(struct runs *r, int64_t now_ms);

/* facts.c: where the last word on an account stands, segment and offset of the block in one */
enum { FACTS_OFFSET_BITS = 40 };
#define FACTS_OFFSET_MASK ((UINT64_C(1) << FACTS_OFFSET_BITS) - 1)
err facts_put(struct runs *r, uint32_t account, uint32_t segment, uint64_t offset);
err facts_write(struct runs *r);
err facts_read(struct runs *r);

#endif
