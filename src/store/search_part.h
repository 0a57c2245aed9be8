/* SPDX-License-Identifier: Apache-2.0 */
/*
 * search_part - what search.c (a page) and search_walk.c (streams, and their merge) share. Nobody
 * else includes it.
 *
 * Shape     begin; next, next, ... until it has ended or looked at enough.
 * Owns      Nothing.   Lives  A call.   Fails  As sql.   Threads  The reader's.
 * Bounds    STREAMS_MOST streams. Of a source with more batches than that, the newest, as far back
 *           as the oldest of these; who goes on from there comes to those before them.
 */
#ifndef YUMEN_STORE_SEARCH_PART_H
#define YUMEN_STORE_SEARCH_PART_H

#include "fact/division.h"
#include "store/search.h"

/* What an id is asked for besides: 1 when the listing is what the search wants. From $3. */
#define SEARCH_WANTED                                                                              \
    "(($3 = '' OR \"state\" = $3) AND ($4 = '' OR \"kind\" = $4)"                                  \
    " AND ($5 = '' OR \"action\" = $5)"                                                            \
    " AND ($6 = '' OR (\"division\" >= $6 AND \"division\" < $7))"                                 \
    " AND ($8 = '' OR \"batch\" = $8)"                                                             \
    " AND ($9 = '' OR \"source\" = $9"                                                             \
    " OR \"source_id\" IN (SELECT s.\"id\" FROM source s WHERE s.\"name\" = $9))"                  \
    " AND ($10 = '' OR instr(lower(\"value\"), $10) > 0))"

/* The same of a group's listings, when nothing but state, kind, action and a text is asked for. */
#define SEARCH_WANTED_OF_GROUP "($10 = '' OR instr(lower(\"value\"), $10) > 0)"

/* Binds $2 to $10; `part` is what a value must have within. */
struct wanted {
    struct division_range range;
    const struct search *search;
    str part;
};
void search_bind(struct sql_row *row, const struct wanted *wanted, int64_t limit);

enum { STREAMS_MOST = 4096, STREAM_KEYS = 4 };

struct stream {
    unsigned driver;
    str keys[STREAM_KEYS];
    str *ids; /* a piece of it */
    bool *wanted;
    size_t count;
    size_t at;
    bool has_more;
};

struct walk {
    struct reader *reader;
    struct arena *turn;
    struct wanted wanted;
    struct stream *streams;
    struct stream **heap; /* the one with the newest id first */
    size_t stream_count;
    size_t heap_count;
    size_t piece;
    int64_t looked;
    str last;    /* looked at */
    str floor;   /* of one that is cut: nothing before it is given */
    bool is_cut; /* there are more streams than these */
};

/* Where the first page begins: behind every id. */
#define SEARCH_NEWEST STR("~")

err walk_begin(struct walk *w, str before);
/* The next that is wanted; *ret_has false at the end, or once `most` have been looked at. */
err walk_next(struct walk *w, int64_t most, str *ret_id, bool *ret_has);

static inline bool walk_has_ended(const struct walk *w)
{
    return w->heap_count == 0;
}

#endif
