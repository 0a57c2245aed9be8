/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trail_doc_inside - what trail_doc.c, trail_attribute.c, trail_clock.c and trail_standing.c share.
 * Nobody else includes it.
 *
 * Shape     The document being made, and what it is made of.
 * Owns, Lives, Fails, Threads, Bounds   As trail_doc.h.
 */
#ifndef YUMEN_APP_MONEY_TRAIL_DOC_INSIDE_H
#define YUMEN_APP_MONEY_TRAIL_DOC_INSIDE_H

#include "app/money/trail_doc.h"
#include "app/money/trail_index.h"

struct making {
    struct runs *runs;
    struct runs_reader *reader;
    const struct trail_question *q;
    struct arena *arena;
    struct runs_seat seat;
    struct trail_doc *doc;
    struct trail_standing *standing; /* NULL: from nothing */
};

/* Every word of it, and its accounts' numbers. */
err making_transfer(struct making *m, uint32_t ordinal, struct trail_edge *ret);
/* Another edge at the end of the document's. */
err making_edge(struct making *m, struct trail_edge **ret_edge);
err making_doubt(struct making *m, const struct trail_doubt *doubt);
/* ret_start: which of the starts it failed for. */
err making_sources(struct making *m, str *ret_start);
/* Fills nodes and edges, and the totals. */
err attribute(struct making *m);
/* Of that: what a case of these sources is made with, where it looks, its claims, settled, and what
 * it then says. */
err attribution_settings(struct making *m, struct case_settings *ret);
err attribution_look(struct making *m, struct trail_index *x);
err attribution_claim(struct making *m, struct trail_index *x, struct trail_case *c);
err attribution_take(struct making *m, struct trail_case *c);
/* Of what came after as much had left: whose clock is wrong. */
err attribution_clocks(struct making *m);
/* The nodes of the case that stands, as they are now. */
err standing_nodes(struct making *m);

#endif
