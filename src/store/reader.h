/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reader - questions to the store that change nothing, on a connection of their own.
 *
 * Shape     One list function for every kind of record: conditions, the division predicate, newest
 *           first, pages by key. Leaves, heads and tiles of the ledger beside it.
 * Owns      Its connection; answers are in the turn arena.
 * Lives     From reader_open to reader_close.
 * Fails     As sql; ERR_ABSENT "record.absent".
 * Threads   One reader a thread.
 * Bounds    LIST_MOST items a page, LIST_CONDITIONS_MAX conditions.
 */
#ifndef YUMEN_STORE_READER_H
#define YUMEN_STORE_READER_H

#include "fact/nouns.h"
#include "ledger/head.h"
#include "ledger/proof.h"
#include "store/sql.h"

struct reader;

err reader_open(struct arena *boot, const char *path, struct reader **ret_reader);
/* Accepts NULL. */
void reader_close(struct reader *reader);
struct sql *reader_sql(struct reader *reader);
/* For reader_ledger.c: where the tile handed out last lies. */
struct arena *reader_tile_arena(struct reader *reader);

err reader_find(struct reader *reader, enum record_kind kind, str id, struct arena *turn,
                union record *ret_record);
/* By another unique column; a source by its name, the newest of that name. */
enum reader_key { READER_USER_NAME, READER_SESSION_SECRET, READER_SOURCE_NAME, READER_KEY_COUNT };
err reader_find_by(struct reader *reader, enum reader_key key, str value, struct arena *turn,
                   union record *ret_record);

enum { LIST_MOST = 500, LIST_CONDITIONS_MAX = 10 };
/* SAID_BY: of a listing, also where its approved source says it. */
enum list_how {
    LIST_EQUAL,
    LIST_CONTAINS,
    LIST_AT_MOST,
    LIST_ABOVE,
    LIST_NOT,
    LIST_SAID_BY,
    LIST_ABSENT
};

struct list_condition {
    const char *column;
    enum list_how how;
    str text;       /* EQUAL, NOT, SAID_BY, CONTAINS (ASCII case is ignored) */
    int64_t number; /* AT_MOST, ABOVE */
};

struct list_query {
    enum record_kind kind;
    struct list_condition conditions[LIST_CONDITIONS_MAX];
    size_t condition_count;
    str scope;  /* division: nothing outside it is seen */
    str before; /* id of the last item of the page before; empty: the first page */
    int limit;
    bool wants_total;
    bool is_oldest_first; /* not of appeals */
};

struct list_page {
    union record *items;
    size_t count;
    int64_t total;
    str next; /* empty: no more */
};

err reader_list(struct reader *reader, const struct list_query *query, struct arena *turn,
                struct list_page *ret_page);
err reader_count(struct reader *reader, const struct list_query *query, int64_t *ret_count);

/* Listings in force on exactly this value, whatever their time: screen_judge looks at that. */
err reader_candidates(struct reader *reader, unsigned kind, str value, struct arena *turn,
                      struct list_page *ret_page);

/* What a verdict tells of a listing, by the row it stands in (listed.h): id, state, from, until,
 * revision, reason, basis and notice; nothing else is filled in but source_id, where it is the
 * source that says the last three. ERR_ABSENT. */
err reader_find_told(struct reader *reader, uint32_t row, struct arena *turn,
                     struct listing *ret_listing);
/* Likewise, without what the source says: a third of the work. */
err reader_find_brief(struct reader *reader, uint32_t row, struct arena *turn,
                      struct listing *ret_listing);

struct leaf_row {
    uint64_t index;
    instant at;
    str act;
    str actor;
    str record_kind;
    str record;
    str body;
    str why; /* empty when there was none or it has been erased */
};

struct leaf_query {
    int64_t after; /* index; -1: from the beginning */
    str record;    /* empty: of every record */
    str actor;     /* empty: of everybody */
    str scope;     /* division: what was done to records outside it is not seen */
    int limit;
};

struct leaf_page {
    struct leaf_row *items;
    size_t count;
    bool has_more;
    int64_t total; /* of all pages */
};

err reader_leaves(struct reader *reader, const struct leaf_query *query, struct arena *turn,
                  struct leaf_page *ret_page);
/* The newest head of at most this size; UINT64_MAX for the newest. */
err reader_head(struct reader *reader, uint64_t size, struct arena *turn, struct head *ret_head);
/* Tiles for proofs; bytes stay until the next get. */
struct tile_source reader_tiles(struct reader *reader);
/* The salt that opens a record's commitments; *ret_found false once erased. */
err reader_salt(struct reader *reader, str record, uint8_t ret_salt[32], bool *ret_found);

#endif
