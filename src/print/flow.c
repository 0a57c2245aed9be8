/* SPDX-License-Identifier: Apache-2.0 */
#include "print/flow.h"

#include <assert.h>
#include <cairo.h>

#define WIDTH       (PAPER_RIGHT - PAPER_LEFT)
#define LABEL_WIDTH 76.0
#define CELL_INSET  2.5
#define ROW_INSET   1.6
#define BOX_INSET   6.0

void flow_init(struct flow *f, struct paper *paper, struct arena *row)
{
    *f = (struct flow){.paper = paper, .row = row, .y = PAPER_TOP};
    paper_turn(paper);
}

double flow_left(const struct flow *f)
{
    return PAPER_BOTTOM - f->y;
}

static void turn(struct flow *f)
{
    paper_turn(f->paper);
    f->y = PAPER_TOP;
}

void flow_need(struct flow *f, double height)
{
    if (flow_left(f) < height && f->y > PAPER_TOP)
        turn(f);
}

void flow_gap(struct flow *f, double height)
{
    f->y += height;
}

void flow_heading(struct flow *f, str text)
{
    flow_need(f, 90); /* not alone at the end of a page */
    f->y += f->y > PAPER_TOP ? 10 : 0;
    struct paper_place place = {.x = PAPER_LEFT, .y = f->y, .width = WIDTH};
    paper_mark(f->paper, text, f->y);
    f->y += paper_text(f->paper, PAPER_HEADING, PAPER_START, &place, text) + 3;
}

void flow_paragraph(struct flow *f, enum paper_style style, str text)
{
    flow_need(f, paper_text_height(f->paper, style, WIDTH, text));
    struct paper_place place = {.x = PAPER_LEFT, .y = f->y, .width = WIDTH};
    f->y += paper_text(f->paper, style, PAPER_START, &place, text) + 2;
}

void flow_fact(struct flow *f, str label, str text)
{
    double width = WIDTH - LABEL_WIDTH;
    flow_need(f, paper_text_height(f->paper, PAPER_BODY, width, text));
    struct paper_place left = {.x = PAPER_LEFT, .y = f->y, .width = LABEL_WIDTH - 6};
    struct paper_place right = {.x = PAPER_LEFT + LABEL_WIDTH, .y = f->y, .width = width};
    double height = paper_text(f->paper, PAPER_STRONG, PAPER_START, &left, label);
    double other = paper_text(f->paper, PAPER_BODY, PAPER_START, &right, text);
    f->y += (height > other ? height : other) + 1;
}

void flow_warning(struct flow *f, str text)
{
    double width = WIDTH - 2 * BOX_INSET;
    double height = paper_text_height(f->paper, PAPER_STRONG, width, text) + BOX_INSET;
    flow_need(f, height);
    struct paper_place place = {
        .x = PAPER_LEFT + BOX_INSET, .y = f->y + BOX_INSET / 2, .width = width};
    (void)paper_text(f->paper, PAPER_STRONG, PAPER_START, &place, text);
    cairo_t *pen = paper_pen(f->paper);
    if (pen != NULL) {
        cairo_set_line_width(pen, 1.5);
        cairo_rectangle(pen, PAPER_LEFT, f->y, WIDTH, height);
        cairo_stroke(pen);
    }
    f->y += height + 4;
}

/* ---- tables ----------------------------------------------------------------------------------*/

static void draw_rule(struct flow *f, double y, double width)
{
    cairo_t *pen = paper_pen(f->paper);
    if (pen == NULL)
        return;
    cairo_set_line_width(pen, width);
    cairo_move_to(pen, PAPER_LEFT, y);
    cairo_line_to(pen, PAPER_RIGHT, y);
    cairo_stroke(pen);
}

static double row_height(struct flow *f, const struct flow_table *t, enum paper_style style,
                         const str *cells)
{
    double height = 0;
    for (size_t c = 0; c < t->column_count; c++) {
        double width = t->columns[c].width - 2 * CELL_INSET;
        double cell = paper_text_height(f->paper, style, width, cells[c]);
        height = cell > height ? cell : height;
    }
    return height + 2 * ROW_INSET;
}

static void draw_row(struct flow *f, const struct flow_table *t, enum paper_style style,
                     const str *cells)
{
    double x = PAPER_LEFT;
    for (size_t c = 0; c < t->column_count && paper_is_drawing(f->paper); c++) {
        struct paper_place place = {.x = x + CELL_INSET,
                                    .y = f->y + ROW_INSET,
                                    .width = t->columns[c].width - 2 * CELL_INSET};
        if (!str_is_empty(cells[c]))
            (void)paper_text(f->paper, style, t->columns[c].align, &place, cells[c]);
        x += t->columns[c].width;
    }
}

static void put_head(struct flow *f, const struct flow_table *t)
{
    str titles[FLOW_COLUMNS_MAX] = {0};
    for (size_t c = 0; c < t->column_count; c++)
        titles[c] = t->columns[c].title;
    draw_rule(f, f->y, 0.8);
    draw_row(f, t, PAPER_CELL_STRONG, titles);
    f->y += row_height(f, t, PAPER_CELL_STRONG, titles);
    draw_rule(f, f->y, 0.8);
}

/* A row no page has room for: what does not fit is not drawn over the foot. */
static void draw_cut(struct flow *f, const struct flow_table *t, enum paper_style style,
                     const str *cells)
{
    cairo_t *pen = paper_pen(f->paper);
    if (pen == NULL)
        return;
    cairo_save(pen);
    cairo_rectangle(pen, PAPER_LEFT, f->y, WIDTH, flow_left(f));
    cairo_clip(pen);
    draw_row(f, t, style, cells);
    cairo_restore(pen);
}

static void put_row(struct flow *f, const struct flow_table *t, size_t row)
{
    bool is_sum = t->has_sum && row + 1 == t->row_count;
    enum paper_style style = is_sum ? PAPER_CELL_STRONG : PAPER_CELL;
    str cells[FLOW_COLUMNS_MAX] = {0};
    for (size_t c = 0; c < t->column_count; c++) {
        struct text cell;
        text_init(&cell, f->row);
        t->put(t->self, row, c, &cell);
        cells[c] = text_str(&cell);
    }
    double height = row_height(f, t, style, cells);
    if (flow_left(f) < height) {
        turn(f);
        put_head(f, t);
    }
    if (flow_left(f) < height) {
        draw_cut(f, t, style, cells);
        height = flow_left(f);
    } else {
        draw_row(f, t, style, cells);
    }
    f->y += height;
    draw_rule(f, f->y, is_sum ? 0.8 : 0.2);
    arena_reset(f->row);
}

void flow_table(struct flow *f, const struct flow_table *table)
{
    assert(table->column_count <= FLOW_COLUMNS_MAX);
    flow_need(f, 60);
    put_head(f, table);
    for (size_t row = 0; row < table->row_count; row++)
        put_row(f, table, row);
    f->y += 6;
}
