/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trail_doc_inside - what trail_doc.c and trail_attribute.c share. Nobody else includes it.
 *
 * Shape     The document being made, and what it is made of.
 * Owns, Lives, Fails, Threads, Bounds   As trail_doc.h.
 */
#ifndef YUMEN_APP_TRAIL_DOC_INSIDE_H
#define YUMEN_APP_TRAIL_DOC_INSIDE_H

#include "app/trail_doc.h"

struct making {
    struct runs *runs;
    const struct trail_question *q;
    struct arena *arena;
    struct runs_seat seat;
    struct trail_doc *doc;
};

/* Every word of it, and its accounts' numbers. */
err making_transfer(struct making *m, uint32_t ordinal, struct trail_edge *ret);
/* Another edge at the end of the document's. */
err making_edge(struct making *m, struct trail_edge **ret_edge);
err making_doubt(struct making *m, const struct trail_doubt *doubt);
/* Fills nodes and edges, and the totals. */
err attribute(struct making *m);

#endif
