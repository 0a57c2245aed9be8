/* SPDX-License-Identifier: Apache-2.0 */
#include "print/figure_draw.h"

#include <assert.h>
#include <cairo.h>

enum pattern { PATTERN_PRESENT, PATTERN_EXITED, PATTERN_UNKNOWN, PATTERN_PASSED };

enum { TAIL_RUNES = 8 };

static str say(const struct figure_words *w, const char *key)
{
    return message(str_from_c(key), w->language);
}

static void hatch(cairo_t *pen, double x, double y, double width, double height)
{
    cairo_set_line_width(pen, 0.5);
    int count = (int)((width + height) / 2.2) + 1;
    for (int i = 0; i < count; i++) {
        double at = 2.2 * i - height;
        cairo_move_to(pen, x + at, y + height);
        cairo_line_to(pen, x + at + height, y);
    }
    cairo_stroke(pen);
}

static void dot(cairo_t *pen, double x, double y, double width, double height)
{
    for (int down = 1; down < (int)height + 1; down += 2)
        for (int right = 1; right < (int)width + 1; right += 2)
            cairo_rectangle(pen, x + right, y + down, 0.6, 0.6);
    cairo_fill(pen);
}

static void fill(cairo_t *pen, enum pattern pattern, const double r[4])
{
    if (r[3] <= 0)
        return;
    cairo_save(pen);
    cairo_rectangle(pen, r[0], r[1], r[2], r[3]);
    cairo_clip(pen);
    cairo_set_source_rgb(pen, 1, 1, 1);
    cairo_paint(pen);
    cairo_set_source_rgb(pen, 0, 0, 0);
    switch (pattern) {
    case PATTERN_PRESENT:
        cairo_set_source_rgb(pen, 0.15, 0.15, 0.15);
        cairo_paint(pen);
        break;
    case PATTERN_EXITED:
        hatch(pen, r[0], r[1], r[2], r[3]);
        break;
    case PATTERN_UNKNOWN:
        dot(pen, r[0], r[1], r[2], r[3]);
        break;
    case PATTERN_PASSED:
        break;
    }
    cairo_restore(pen);
}

static void outline(cairo_t *pen, double x, double y, double width, double height)
{
    cairo_set_source_rgb(pen, 0, 0, 0);
    cairo_set_line_width(pen, 0.6);
    cairo_rectangle(pen, x, y, width, height);
    cairo_stroke(pen);
}

static void draw_band(cairo_t *pen, const struct figure *f, const struct figure_band *b,
                      double box_width)
{
    double left = f->boxes[b->from].x + box_width;
    double right = f->boxes[b->to].x;
    double bend = (right - left) / 2;
    if (b->is_back) {
        double dashes[] = {2, 1.5};
        double up = b->y_from + b->from_height / 2;
        cairo_set_source_rgb(pen, 0.3, 0.3, 0.3);
        cairo_set_line_width(pen, 0.7);
        cairo_set_dash(pen, dashes, 2, 0);
        cairo_move_to(pen, left, up);
        cairo_curve_to(pen, left + 22, up + 14, right - 22, b->y_to + 14, right,
                       b->y_to + b->to_height / 2);
        cairo_stroke(pen);
        cairo_set_dash(pen, NULL, 0, 0);
        return;
    }
    cairo_move_to(pen, left, b->y_from);
    cairo_curve_to(pen, left + bend, b->y_from, right - bend, b->y_to, right, b->y_to);
    cairo_line_to(pen, right, b->y_to + b->to_height);
    cairo_curve_to(pen, right - bend, b->y_to + b->to_height, left + bend,
                   b->y_from + b->from_height, left, b->y_from + b->from_height);
    cairo_close_path(pen);
    cairo_set_source_rgb(pen, 0.86, 0.86, 0.86);
    cairo_fill_preserve(pen);
    cairo_set_source_rgb(pen, 0.6, 0.6, 0.6);
    cairo_set_line_width(pen, 0.25);
    cairo_stroke(pen);
}

static void draw_box(cairo_t *pen, const struct figure_box *b, double width)
{
    double whole = (double)b->present + (double)b->exited + (double)b->unknown;
    whole = (double)b->weight > whole ? (double)b->weight : whole;
    double unit = whole > 0 ? b->height / whole : 0;
    double y = b->y + b->height;
    const struct {
        enum pattern pattern;
        int64_t amount;
    } parts[] = {
        {PATTERN_PRESENT, b->present},
        {PATTERN_EXITED,  b->exited },
        {PATTERN_UNKNOWN, b->unknown},
    };
    fill(pen, PATTERN_PASSED, (double[]){b->x, b->y, width, b->height});
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        double height = unit * (double)parts[i].amount;
        y -= height;
        fill(pen, parts[i].pattern, (double[]){b->x, y, width, height});
    }
    outline(pen, b->x, b->y, width, b->height);
}

/* The last letters of an account: what people compare. */
static str tail_of(str account)
{
    size_t runes = str_runes(account);
    size_t skip = runes > TAIL_RUNES ? runes - TAIL_RUNES : 0;
    size_t at = 0;
    for (; at < account.size && (skip > 0 || (account.at[at] & 0xC0) == 0x80); at++)
        skip -= (account.at[at] & 0xC0) != 0x80 ? 1 : 0;
    return str_from(account, at);
}

static void put_label(const struct figure_words *w, const struct figure_box *b, struct text *t)
{
    const struct trail *trail = w->trail;
    char room[AMOUNT_BYTES];
    if (b->count > 1)
        text_printf(t, "%.*s %zu %.*s ", STR_ARGS(say(w, "print.more.before")), b->count,
                    STR_ARGS(say(w, "print.more.after")));
    else if (b->node < trail->node_count)
        text_printf(t, "%zu ", w->numbers[b->node]);
    else
        text_printf(t, "\342\200\246%.*s ", STR_ARGS(tail_of(b->account)));
    bool is_payer = b->count == 1 && b->node == trail->node_count;
    text_put(t, amount_format(&trail->currency, is_payer ? b->out : b->weight, room));
}

static void draw_label(const struct figure_words *w, const struct figure_box *b, double x,
                       double width, struct paper *paper)
{
    double line = paper_line_height(paper, PAPER_TINY);
    bool has_two = b->count == 1 && b->node < w->trail->node_count && b->height >= 2 * line;
    double y = b->y + (b->height - (has_two ? 2 : 1) * line) / 2;
    struct text t;
    text_init(&t, w->arena);
    put_label(w, b, &t);
    paper_line(paper, PAPER_TINY, &(struct paper_place){.x = x, .y = y, .width = width},
               text_str(&t));
    if (!has_two)
        return;
    str display = w->trail->nodes[b->node].display;
    text_init(&t, w->arena);
    text_printf(&t, "\342\200\246%.*s", STR_ARGS(tail_of(display)));
    paper_line(paper, PAPER_TINY, &(struct paper_place){.x = x, .y = y + line, .width = width},
               text_str(&t));
}

static void draw_heads(const struct figure *f, const struct figure_room *room,
                       const struct figure_words *w, struct paper *paper)
{
    double step = room->width / (double)f->column_count;
    for (size_t c = 0; c < f->column_count; c++) {
        bool is_deep = f->has_deeper && c + 1 == f->column_count;
        struct text t;
        text_init(&t, w->arena);
        text_printf(&t, "%.*s %lld%s", STR_ARGS(say(w, "print.layer")), (long long)f->layers[c],
                    is_deep ? "+" : "");
        struct paper_place place = {
            .x = room->x + step * (double)c, .y = room->y - FIGURE_HEAD_HEIGHT, .width = step - 4};
        paper_line(paper, PAPER_CELL_STRONG, &place, text_str(&t));
    }
}

static void draw_key(const struct figure_room *room, const struct figure_words *w,
                     struct paper *paper)
{
    static const struct {
        enum pattern pattern;
        const char *key;
    } parts[] = {
        {PATTERN_PRESENT, "print.present"      },
        {PATTERN_EXITED,  "print.exited"       },
        {PATTERN_UNKNOWN, "print.unknown"      },
        {PATTERN_PASSED,  "print.figure.passed"},
    };
    cairo_t *pen = paper_pen(paper);
    double y = room->y + room->height + 3;
    double x = room->x;
    for (size_t i = 0; i < COUNT_OF(parts) && w->trail->has_amounts; i++) {
        fill(pen, parts[i].pattern, (double[]){x, y, 9, 7});
        outline(pen, x, y, 9, 7);
        paper_line(paper, PAPER_CELL,
                   &(struct paper_place){.x = x + 12, .y = y - 1.5, .width = 100},
                   say(w, parts[i].key));
        x += 116;
    }
    struct paper_place place = {.x = room->x, .y = y + 9.5, .width = room->width};
    paper_line(paper, PAPER_CELL, &place, say(w, "print.figure.key"));
}

void figure_draw(const struct figure *f, const struct figure_room *room,
                 const struct figure_words *words, struct paper *paper)
{
    cairo_t *pen = paper_pen(paper);
    if (pen == NULL || f->column_count == 0)
        return;
    double step = room->width / (double)f->column_count;
    cairo_save(pen);
    for (size_t i = 0; i < f->band_count; i++)
        draw_band(pen, f, &f->bands[i], room->box_width);
    for (size_t i = 0; i < f->box_count; i++) {
        const struct figure_box *b = &f->boxes[i];
        draw_box(pen, b, room->box_width);
        cairo_set_source_rgb(pen, 0, 0, 0);
        draw_label(words, b, b->x + room->box_width + 2, step - room->box_width - 4, paper);
    }
    draw_heads(f, room, words, paper);
    draw_key(room, words, paper);
    cairo_restore(pen);
}
