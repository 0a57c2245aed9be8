/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runs - what a centre remembers of money: every transfer once, in the order it came (the journal),
 * and sorted by account for the trail (the runs).
 *
 * Shape     One thread takes transfers in; any number ask.
 *
 *               take --> account numbers, duplicates --> journal --sync--> accepted
 *                                                    `-> tail --seal--> run --merge--> run
 *                                                          `--publish--> view  <-- questions
 *
 *           The journal is the truth: account numbers, runs and duplicates' table are made again
 *           from it where they are damaged or missing. Runs lie by periods of 25 days, so that what
 *           has outlived its retention goes as whole files.
 * Owns      The folder DIR/trail, its threads' memory, everything a view points to.
 * Lives     From runs_open to runs_close. What a view shows, from runs_enter to runs_leave.
 * Fails     ERR_CORRUPT with a sentence, ERR_OS (ENOSPC as any other), ERR_LIMIT "limit.memory",
 *           ERR_ABSENT "transfer.unknown", "account.unknown". A take that failed took nothing of
 *           its batch that was not said to be taken.
 * Threads   take, keep, sync, tend, close: the owner's. Everything that begins with runs_ask_: any.
 * Bounds    2^32 transfers and accounts; 24 bytes a transfer in the sorted index, about 60 in all
 *           on the disk; RUNS_TAIL_ROWS of it in memory.
 */
#ifndef YUMEN_RUNS_RUNS_H
#define YUMEN_RUNS_RUNS_H

#include "trail/view.h"

struct runs;

struct runs_options {
    const char *folder; /* NULL: in memory only, for files that are asked about once */
    uint32_t tail_rows; /* in memory before they are sealed; 0: RUNS_TAIL_ROWS */
    int64_t keep_ms;    /* retention by the transfer's time; 0: for ever */
};

enum { RUNS_TAIL_ROWS = 2 << 20, RUNS_BATCH_ROWS = 1 << 16 };

err runs_open(const struct runs_options *options, struct runs **ret_runs);
/* Accepts NULL. What was taken and not synced is lost, and only that. */
void runs_close(struct runs *r);

/* What became of a row. */
enum runs_fate {
    RUNS_ACCEPTED,  /* new, or a known transfer's further status */
    RUNS_DUPLICATE, /* said nothing new */
    RUNS_CONFLICT,  /* the same id with other money: refused, "transfer.id_conflict" */
};

/* Duplicates are looked for among transfers of one source: `scope` says whose. */
struct runs_batch {
    const struct transfer *rows;
    uint32_t count; /* at most RUNS_BATCH_ROWS */
    uint32_t scope;
    uint8_t *ret_fates; /* one a row */
};

err runs_take(struct runs *r, const struct runs_batch *batch);

/* What is said last of an account stands. */
err runs_take_account(struct runs *r, const struct account_facts *facts);

/* What was taken is on the disk. Who asks from now on waits until runs_sync has shown it. */
err runs_keep(struct runs *r);
/* And questions see it. */
err runs_sync(struct runs *r);
/* Seals, merges and forgets what is due at this time; a piece at a time. */
err runs_tend(struct runs *r, int64_t now_ms);

/* --- questions, from any thread --- */

struct runs_seat {
    const struct trail_view *view;
    size_t seat;
};

/* Sees all that was kept before. */
void runs_enter(struct runs *r, struct runs_seat *ret_seat);
void runs_leave(struct runs *r, struct runs_seat *seat);

/* Of every scope: the transfers with this id, at most `room` of them. */
err runs_ask_transfers(struct runs *r, str id, uint32_t *ret_ordinals, size_t room,
                       size_t *ret_count);
/* Where the view has a transfer; ERR_ABSENT when it was forgotten or is not yet published. */
err runs_ask_place(struct runs *r, const struct runs_seat *seat, uint32_t ordinal,
                   struct trail_ref *ret_ref);
/* Every word of a transfer as it came; its status as it is now. Texts in the arena. */
err runs_ask_details(struct runs *r, uint32_t ordinal, struct arena *a, struct transfer *ret);
err runs_ask_account(struct runs *r, str key, uint32_t *ret_account);
err runs_ask_account_key(struct runs *r, uint32_t account, struct arena *a, str *ret_key);
/* ERR_ABSENT "account.unknown" when no bank said anything. */
err runs_ask_facts(struct runs *r, uint32_t account, struct arena *a, struct account_facts *ret);

/* Every account that a bank said something of, as it stands, in no order; texts for the visit
 * alone. Reads the disk: not for a thread that others wait for. */
typedef err runs_register_visit(void *self, const struct account_facts *facts);
err runs_ask_register(struct runs *r, runs_register_visit *visit, void *self);

struct runs_counts {
    uint64_t transfers;
    uint64_t accounts;
    uint64_t runs;
    uint64_t disk_bytes;
    uint64_t tail_rows;
};
void runs_ask_counts(struct runs *r, struct runs_counts *ret_counts);

#endif
