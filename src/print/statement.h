/* SPDX-License-Identifier: Apache-2.0 */
/*
 * statement - a trail on paper: what a bank, a court and the victim are given to read.
 *
 * Shape     First page   which incident, which method and what it means, as of when, what does not
 *                        add up, the totals, the victims' transfers, the figure
 *           then         tables: totals, accounts by layer, transfers, exits, ambiguities
 *
 *           trail_doc --> statement_print --> figure, flow --> paper --> PDF
 * Owns      Nothing; the PDF is in the caller's arena.
 * Lives     The call.
 * Fails     As figure.h and paper.h say.
 * Threads   One at a time in a process.
 * Bounds    What trail_doc.h lets in.
 */
#ifndef YUMEN_PRINT_STATEMENT_H
#define YUMEN_PRINT_STATEMENT_H

#include "print/flow.h"
#include "print/trail_doc.h"

/* One statement being made; its tables are statement_tables.c's. */
struct statement {
    const struct trail *trail;
    struct trail_doubts doubts;
    struct arena *arena;
    enum language language;
    size_t *order;         /* nodes, as the table of accounts lists them: by layer */
    size_t *numbers;       /* of each node there, from 1 */
    struct trail_node sum; /* of the nodes' parts */
    int64_t source_sum;
    int64_t exit_sum;
};

err statement_print(const struct trail *trail, enum language language, struct arena *a,
                    str *ret_pdf);

str statement_say(const struct statement *s, const char *key);
/* "print.exit." and "atm": the catalogue's word, or the document's own when it has none. */
str statement_word(const struct statement *s, const char *prefix, str word);
void statement_amount(const struct statement *s, int64_t minor, struct text *t);

enum { STATEMENT_SOURCES_FIRST = 4 }; /* on the first page */
void statement_sources(const struct statement *s, struct flow *f, size_t count);
void statement_totals(const struct statement *s, struct flow *f);
void statement_tables(const struct statement *s, struct flow *f);

#endif
