/* SPDX-License-Identifier: Apache-2.0 */
/*
 * flow - what follows what, down the page and over to the next: headings, paragraphs, tables.
 *
 * Shape     A cursor on paper. A table says how many rows it has and what stands in a cell; its
 *           head is repeated on every page it reaches, and a row is never torn apart:
 *
 *               flow_heading(&f, STR("Exits"));
 *               flow_table(&f, &(struct flow_table){.columns = …, .row_count = n, .put = put});
 *
 * Owns      Nothing but its arena for one row, of the caller's.
 * Lives     One layout of a document.
 * Fails     It cannot; ask paper_close.
 * Threads   One.
 * Bounds    FLOW_COLUMNS_MAX columns. A row higher than a page is cut at its end.
 */
#ifndef YUMEN_PRINT_FLOW_H
#define YUMEN_PRINT_FLOW_H

#include "print/paper.h"

enum { FLOW_COLUMNS_MAX = 8 };

struct flow {
    struct paper *paper;
    struct arena *row; /* reset for each */
    double y;
};

/* On a new page. */
void flow_init(struct flow *f, struct paper *paper, struct arena *row);
double flow_left(const struct flow *f);
/* A new page unless this much is left on this one. */
void flow_need(struct flow *f, double height);
void flow_gap(struct flow *f, double height);
void flow_heading(struct flow *f, str text);
void flow_paragraph(struct flow *f, enum paper_style style, str text);
/* A label, and beside it what it says. */
void flow_fact(struct flow *f, str label, str text);
/* Framed, so that nobody overlooks it. */
void flow_warning(struct flow *f, str text);

struct flow_column {
    str title; /* may have two lines */
    double width;
    enum paper_align align;
};

struct flow_table {
    const struct flow_column *columns;
    size_t column_count;
    size_t row_count;
    bool has_sum; /* the last row is the sum of the others */
    const void *self;
    void (*put)(const void *self, size_t row, size_t column, struct text *cell);
};

void flow_table(struct flow *f, const struct flow_table *table);

#endif
