/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trail_doc - where the money of some transfers went, as one document.
 *
 * Shape     ids of victims' transfers --> sources --> reach | case --> edges and nodes by layer
 *
 *           A source's payee stands in layer 1; an edge of layer n ends in layer n. By reach an
 *           account stands once in each layer it was reached in; by attribution once, in its first.
 *           The order of everything is that of layers, times, ids and accounts' keys: the same
 *           transfers give the same document, however and whenever they arrived.
 * Owns      Nothing; all lies in the caller's arena.
 * Lives     As long as that.
 * Fails     ERR_ABSENT "transfer.unknown", ERR_CONFLICT "transfer.ambiguous" (two providers gave
 *           one id), "trail.currencies" (sources in two), ERR_LIMIT "trail.too_wide",
 *           "limit.memory".
 * Threads   Any but the web's: it takes as long as the trail is wide.
 * Bounds    TRAIL_STARTS_MOST sources, TRAIL_EDGES_MOST edges.
 */
#ifndef YUMEN_APP_MONEY_TRAIL_DOC_H
#define YUMEN_APP_MONEY_TRAIL_DOC_H

#include "app/money/trail_index.h"
#include "runs/reader.h"
#include "trail/method.h"
#include "trail/reach.h"

enum { TRAIL_STARTS_MOST = 1000, TRAIL_EDGES_MOST = 1 << 20, TRAIL_DOC_BYTES = 1 << 30 };
/* Beside the methods of attribution. */
enum { METHOD_REACH = METHOD_COUNT };

struct trail_question {
    unsigned method; /* enum trail_method, or METHOD_REACH */
    struct reach_settings settings;
    int64_t as_of_ms; /* what is later does not exist; 0: everything counts */
    const str *starts;
    size_t start_count;
    const struct trail_wall *walls; /* by account: what is left out (trail_index.h) */
    size_t wall_count;
    uint32_t most_partners; /* as those of a case's settings (trail/case.h) */
    uint32_t most_transfers;
    uint32_t most_at_once;
    struct runs_reader *reader; /* of the caller, who keeps it; NULL: one for this question */
};

struct trail_edge {
    uint32_t ordinal;
    uint32_t from_account;
    uint32_t to_account;
    uint32_t layer;
    struct transfer transfer;
    int64_t attributed;
    bool is_beyond; /* where it went to is not followed */
};

struct trail_node {
    uint32_t account;
    uint32_t layer;
    str key;
    str display;
    str bank;
    bool is_company; /* its bank says */
    str listing;     /* id; whoever shows it may fill it in */
    int64_t received;
    int64_t attributed;
    int64_t present;
    int64_t held; /* of what is present; whoever shows it may fill it in */
    int64_t exited;
    int64_t unknown;
    int64_t first_ms;
    int64_t last_ms;
};

struct trail_exit {
    str account;
    unsigned kind; /* enum transfer_exit */
    int64_t amount;
};

struct trail_doubt {
    str account;
    str *transfers;
    size_t transfer_count;
    const char *reason; /* catalogue key */
    bool has_range;     /* of what is present, by every order that may have been */
    int64_t low;
    int64_t high;
};

/* Held under the incident's orders, where the trail no longer goes. */
struct trail_elsewhere {
    str account;
    int64_t held;
};

struct trail_standing;

struct trail_doc {
    unsigned method;
    int64_t as_of_ms;
    str currency;
    struct trail_edge *sources;
    size_t source_count;
    struct trail_node *nodes;
    size_t node_count;
    struct trail_edge *edges;
    size_t edge_count;
    size_t edge_room;
    struct trail_exit *exits;
    size_t exit_count;
    struct trail_doubt *doubts;
    size_t doubt_count;
    size_t doubt_room;
    int64_t stolen;
    int64_t present;
    int64_t held;                      /* the sum of the nodes' */
    struct trail_elsewhere *elsewhere; /* whoever shows it may fill it in */
    size_t elsewhere_count;
    int64_t exited;
    int64_t unknown;
    const struct trail_standing *followed; /* whose nodes these are; NULL: the document's own */
};

/* A method's number by its name; METHOD_REACH + 1 when there is none. */
unsigned trail_method_find(str name);
str trail_method_name(unsigned method);

/* Only the sources, and what was stolen by them. */
err trail_doc_sources(struct runs *runs, const struct trail_question *q, struct arena *a,
                      struct trail_doc *ret_doc, str *ret_start);
/* ret_start: which of the starts it failed for. */
err trail_doc_make(struct runs *runs, const struct trail_question *q, struct arena *a,
                   struct trail_doc *ret_doc, str *ret_start);
/* Its node of an account that stolen money came to, or NULL. */
const struct trail_node *trail_doc_find(const struct trail_doc *d, uint32_t account);

#endif
