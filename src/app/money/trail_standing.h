/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trail_standing - a case that stays from one look at the transfers to the next: what is new is put
 * to it, and what it says then is what a case made from nothing would say.
 *
 * Shape     view --rows that are new (view_news)--> case_put … --> settle --> nodes that changed
 *
 *           Of each of its accounts the number of rows is known (its print): where nobody says
 *           which rows are new, those numbered higher than any that was seen are put for accounts
 *           that have more. It is made anew when its sources, its method or a wall that had left
 *           something out changed, when the clock went back, and when rows were forgotten. A
 *           further status of any transfer: all its rows are put again.
 * Owns      The case, its nodes and sources, and their memory.
 * Lives     From init to done; runs and reader are its user's. What a document shows of it, until
 *           it is followed again.
 * Fails     As trail_doc_make; ERR_LIMIT when the case is larger than STANDING_BYTES. What failed
 *           is made anew the next time.
 * Threads   One.
 * Bounds    STANDING_BYTES.
 */
#ifndef YUMEN_APP_MONEY_TRAIL_STANDING_H
#define YUMEN_APP_MONEY_TRAIL_STANDING_H

#include "app/money/trail_doc.h"
#include "trail/case_nodes.h"
#include "trail/view_news.h"

enum { STANDING_BYTES = 32 << 20 };

/* Payments that victims reported, as they were found. */
struct standing_sources {
    struct arena arena;
    const str *asked; /* by these ids */
    size_t asked_count;
    struct trail_edge *at;
    size_t count;
    str currency;
};

struct trail_standing {
    struct runs *runs;
    struct runs_reader *reader;
    struct arena arena;   /* what the case and its nodes are made of */
    struct arena list;    /* walls */
    struct arena scratch; /* one node's words */
    struct trail_index index;
    struct trail_case *c; /* NULL: to be made */
    unsigned method;
    struct view_news news; /* since it looked last, when it looked last, */
    uint64_t amended;      /* and what the view said then */
    uint64_t said;
    struct standing_sources sources;
    const uint32_t *ordinals; /* of the sources that the case was made with */
    size_t ordinal_count;
    const struct trail_wall *walls;
    size_t wall_count;
    uint32_t *prints; /* by the case's number of an account: its rows in the view, modulo 2^32 */
    uint32_t print_count;
    uint32_t room; /* of prints and what goes with nodes */
    struct case_nodes kept;
    struct trail_node *nodes; /* by the same numbers; attributed 0: none */
    bool *is_named;           /* its bank says which it is */
    uint32_t node_count;
    uint32_t *changed; /* numbers of nodes, since they were taken */
    bool *is_changed;
    uint32_t changed_count;
    bool are_all_changed;
    uint64_t made; /* how often it was made from nothing */
};

void trail_standing_init(struct trail_standing *s, struct runs *runs, struct runs_reader *reader);
/* Accepts one that is zeroed. */
void trail_standing_done(struct trail_standing *s);
bool trail_standing_is_made(const struct trail_standing *s);

/* Of the document that trail_doc_make makes: sources, nodes in no order, and totals; and of nodes
 * account, layer, key, bank, is_company and the money. as_of_ms is given, and the method one of
 * attribution. */
err trail_standing_follow(struct trail_standing *s, const struct trail_question *q, struct arena *a,
                          struct trail_doc *ret_doc, str *ret_start);
/* A node that stolen money came to, or NULL. */
const struct trail_node *trail_standing_find(const struct trail_standing *s, uint32_t account);
/* When stolen money last went on from it; 0: never. */
int64_t trail_standing_left_ms(const struct trail_standing *s, const struct trail_node *node);
/* Whoever asked has taken note of the nodes that changed. */
void trail_standing_taken(struct trail_standing *s);
/* Whether a view has transfers that it was not told of, as far as they concern it. */
bool trail_standing_is_behind(const struct trail_standing *s, const struct trail_view *view,
                              const struct view_news *news);

#endif
