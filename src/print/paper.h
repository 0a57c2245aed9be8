/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paper - A4 pages, text on them, and a pen: cairo and pango behind a header of ours.
 *
 * Shape     A document is laid out twice by the same calls. The first time nothing is drawn, and
 *           the pages are counted, so that the second time every foot can say "3 / 7":
 *
 *               paper_open --> layout --> paper_begin_drawing --> layout again --> paper_close
 *
 *           Text never asks the reader's machine for a font: Noto Sans CJK SC is embedded, and a
 *           character it does not have is a box with its number in it, the same everywhere.
 *           Places are in points (1/72 inch) from the upper left corner of the page.
 * Owns      The surface, fonts and layouts, until paper_close or paper_end. The PDF is in the
 *           caller's arena.
 * Lives     One document.
 * Fails     "print.font" (ERR_OS) when the font is not installed; ERR_LIMIT "memory.spent" when the
 *           arena is. Drawing calls cannot fail: what went wrong is said by paper_close.
 * Threads   One document at a time in a process.
 * Bounds    PAPER_PAGES_MAX pages. The bytes depend on the document, its date and the fonts.
 */
#ifndef YUMEN_PRINT_PAPER_H
#define YUMEN_PRINT_PAPER_H

#include "base/instant.h"
#include "show/messages.h"

#define PAPER_WIDTH  595.276 /* ISO 216 A4, 210 mm */
#define PAPER_HEIGHT 841.890
#define PAPER_LEFT   40.0
#define PAPER_RIGHT  (PAPER_WIDTH - 40.0)
#define PAPER_TOP    42.0
#define PAPER_BOTTOM (PAPER_HEIGHT - 48.0)

enum { PAPER_PAGES_MAX = 20000 };

enum paper_style {
    PAPER_TITLE,
    PAPER_HEADING,
    PAPER_BODY,
    PAPER_STRONG,
    PAPER_CELL,
    PAPER_CELL_STRONG,
    PAPER_TINY,
    PAPER_STYLE_COUNT
};

enum paper_align { PAPER_START, PAPER_END };

struct paper_about {
    str title;
    str subject;
    instant made_at; /* the document's own date: the clock is not asked */
    str foot;        /* at the left of every page's foot */
    enum language language;
};

struct paper_place {
    double x, y, width;
};

struct paper;
struct _cairo; // NOLINT(bugprone-reserved-identifier): cairo_t, for whoever draws lines

err paper_open(const struct paper_about *about, struct arena *a, struct paper **ret_paper);
/* Gives back everything; accepts NULL. */
void paper_end(struct paper *p);
void paper_begin_drawing(struct paper *p);
bool paper_is_drawing(const struct paper *p);
/* Ends the last page. The PDF is whole, or there is none. */
err paper_close(struct paper *p, str *ret_pdf);

/* Ends this page, if there is one, and begins the next. */
void paper_turn(struct paper *p);
size_t paper_page(const struct paper *p); /* 1 for the first */

/* Broken into lines where it must be. Returns its height; draws it when drawing. */
double paper_text(struct paper *p, enum paper_style style, enum paper_align align,
                  const struct paper_place *place, str text);
/* The same, and draws nothing. */
double paper_text_height(struct paper *p, enum paper_style style, double width, str text);
/* On one line; what does not fit is cut, with an ellipsis. */
void paper_line(struct paper *p, enum paper_style style, const struct paper_place *place, str text);
double paper_line_height(const struct paper *p, enum paper_style style);

/* A place in the reader's outline, at this height of this page. */
void paper_mark(struct paper *p, str name, double y);
/* NULL while nothing is drawn. */
struct _cairo *paper_pen(struct paper *p);

#endif
