/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trail_doc - a trail as its JSON document says it (docs/openapi.json), read with suspicion.
 *
 * Shape     JSON --read--> struct trail: plain rows, every text made safe to print (safe.h), every
 *           amount a whole number of the currency's smallest unit, none below zero.
 *
 *           trail_check then adds up what stands in the rows, and says which of the document's own
 *           claims do not hold. Such a document is printed, with the doubt on its first page: who
 *           reads it must see what was handed over.
 *
 *           With method "reach" nobody's money is computed: `has_amounts` is false, and what is
 *           attributed, present, exited or unknown is neither read nor printed.
 * Owns      Nothing: rows and texts are in the caller's arena.
 * Lives     As long as that arena.
 * Fails     ERR_MALFORMED "print.not_a_trail", "print.missing", "print.wrong" (another kind than it
 *           should be, below zero, not among the words known), "json.malformed"; ERR_LIMIT
 *           "print.too_many", "print.text_too_long", "print.overflow", "json.too_large",
 *           "json.too_deep", "memory.spent". ret_place then says where: "nodes[3].layer".
 * Threads   Any, one document each.
 * Bounds    TRAIL_DOC_BYTES, TRAIL_ROWS_MAX rows in each table; TRAIL_WORD_BYTES a word or an
 *           instant, TRAIL_LONG_BYTES a reason, TRAIL_TEXT_BYTES any other text, as printed.
 */
#ifndef YUMEN_PRINT_TRAIL_DOC_H
#define YUMEN_PRINT_TRAIL_DOC_H

#include "base/instant.h"
#include "print/amount.h"

enum {
    TRAIL_DOC_BYTES = 64 << 20,
    TRAIL_ROWS_MAX = 50000,
    TRAIL_WORD_BYTES = 64,
    TRAIL_TEXT_BYTES = 256,
    TRAIL_LONG_BYTES = 1000,
    TRAIL_LAYERS_MAX = 1000,
    TRAIL_PLACE_BYTES = 64
};

struct trail_source {
    str transfer, from, to, time;
    int64_t amount;
};

struct trail_node {
    str account; /* the key that edges and exits use */
    str display; /* as a person reads it; the account itself when absent */
    str bank, listing, first, last;
    int64_t layer, received, attributed, present, held, exited, unknown;
};

struct trail_edge {
    str transfer, from, to, time, exit, status;
    int64_t amount, attributed, layer;
};

struct trail_exit {
    str account, kind;
    int64_t amount;
};

struct trail_ambiguity {
    str account, reason;
    str *transfers;
    size_t transfer_count;
};

struct trail_totals {
    int64_t stolen, present, held, exited, unknown;
};

struct trail {
    str incident, method, as_of;
    instant as_of_at;
    struct currency currency;
    bool has_amounts;
    struct trail_source *sources;
    struct trail_node *nodes;
    struct trail_edge *edges;
    struct trail_exit *exits;
    struct trail_ambiguity *ambiguities;
    size_t source_count, node_count, edge_count, exit_count, ambiguity_count;
    struct trail_totals totals;
};

err trail_read(str json, struct arena *a, struct trail *ret_trail,
               char ret_place[TRAIL_PLACE_BYTES]);

/* A claim of the document and what its rows say instead. */
struct trail_doubt {
    const char *why; /* a key of the catalogue */
    int64_t said;
    int64_t found;
};
enum { TRAIL_DOUBTS_MAX = 6 };

struct trail_doubts {
    struct trail_doubt at[TRAIL_DOUBTS_MAX];
    size_t count;
};

/* "print.overflow" when the rows add up to more than any amount can be. */
err trail_check(const struct trail *t, struct trail_doubts *ret_doubts);

#endif
