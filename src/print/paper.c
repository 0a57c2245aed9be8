/* SPDX-License-Identifier: Apache-2.0 */
#include "print/paper.h"

#include <assert.h>
#include <cairo-pdf.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <stdio.h>

#define FONT      "Noto Sans CJK SC"
#define PLAIN_LOW ' '

#define YUAN "\302\245"

enum { PLAIN_YUAN = '~' - ' ' + 1, PLAIN_COUNT, PLAIN_MOST = 256 };

/* In points. */
static const double sizes[PAPER_STYLE_COUNT] = {
    [PAPER_TITLE] = 17, [PAPER_HEADING] = 11.5,    [PAPER_BODY] = 9,   [PAPER_STRONG] = 9,
    [PAPER_CELL] = 6.6, [PAPER_CELL_STRONG] = 6.6, [PAPER_TINY] = 5.2,
};

static bool is_strong(enum paper_style style)
{
    return style == PAPER_TITLE || style == PAPER_HEADING || style == PAPER_STRONG ||
           style == PAPER_CELL_STRONG;
}

struct style {
    PangoLayout *layout;
    double line_height;
    /* ASCII and the yuan's sign go past pango, which takes 80 us to lay out a cell: most cells are
     * numbers. Kerning is off, so that both ways give the same line. */
    cairo_scaled_font_t *font;
    double advance[PLAIN_COUNT];
    unsigned long glyph[PLAIN_COUNT];
};

struct paper {
    struct text out;
    cairo_surface_t *surface;
    cairo_t *pen;
    PangoContext *context;
    struct style styles[PAPER_STYLE_COUNT];
    struct paper_about about;
    bool is_drawing;
    size_t page;
    size_t page_count; /* of the first time */
};

static cairo_status_t keep(void *self, const unsigned char *bytes, unsigned int size)
{
    struct paper *p = self;
    text_put(&p->out, str_make((const char *)bytes, size));
    return text_spent(&p->out) ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static void tell_about(struct paper *p, struct arena *a)
{
    const struct paper_about *about = &p->about;
    char room[INSTANT_TEXT_BYTES];
    instant second = instant_from_us(about->made_at.us / US_PER_S * US_PER_S);
    str made_at = instant_format(second, 0, room);
    char *title = str_to_c(a, about->title);
    char *subject = str_to_c(a, about->subject);
    char *date = str_to_c(a, made_at);
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_TITLE, title ? title : "");
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_SUBJECT, subject ? subject : "");
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_CREATOR, "yumen-print");
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_CREATE_DATE, date ? date : "");
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_MOD_DATE, date ? date : "");
}

/* Letters stand where their widths say, on every screen and printer. */
static void prepare_context(struct paper *p)
{
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    p->context = pango_cairo_create_context(p->pen);
    pango_cairo_context_set_font_options(p->context, options);
    cairo_font_options_destroy(options);
    pango_context_set_round_glyph_positions(p->context, FALSE);
    pango_context_set_base_dir(p->context, PANGO_DIRECTION_LTR);
    pango_context_set_language(
        p->context, pango_language_from_string(p->about.language == LANGUAGE_EN ? "en" : "zh-cn"));
}

/* How wide each of these letters is, and which glyph of which font it is. */
static void learn_plain(struct style *s)
{
    for (int c = 0; c < PLAIN_COUNT; c++) {
        const char one[] = {(char)(PLAIN_LOW + c), '\0'};
        pango_layout_set_text(s->layout, c == PLAIN_YUAN ? YUAN : one, -1);
        const PangoLayoutLine *line = pango_layout_get_line_readonly(s->layout, 0);
        const PangoGlyphItem *run = line->runs->data;
        s->glyph[c] = run->glyphs->glyphs[0].glyph;
        s->advance[c] = (double)run->glyphs->glyphs[0].geometry.width / PANGO_SCALE;
        PangoFont *font = run->item->analysis.font;
        if (s->font == NULL)
            s->font = cairo_scaled_font_reference(
                pango_cairo_font_get_scaled_font(PANGO_CAIRO_FONT(font)));
    }
}

static void prepare_style(struct paper *p, enum paper_style which)
{
    struct style *s = &p->styles[which];
    PangoFontDescription *font = pango_font_description_from_string(FONT);
    pango_font_description_set_absolute_size(font, sizes[which] * PANGO_SCALE);
    pango_font_description_set_weight(font,
                                      is_strong(which) ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    s->layout = pango_layout_new(p->context);
    pango_layout_set_font_description(s->layout, font);
    pango_layout_set_auto_dir(s->layout, FALSE);
    pango_layout_set_wrap(s->layout, PANGO_WRAP_WORD_CHAR);
    PangoAttrList *attributes = pango_attr_list_new();
    pango_attr_list_insert(attributes, pango_attr_fallback_new(FALSE));
    pango_attr_list_insert(attributes, pango_attr_font_features_new("kern=0, liga=0, clig=0"));
    pango_layout_set_attributes(s->layout, attributes);
    pango_attr_list_unref(attributes);
    pango_font_description_free(font);
    learn_plain(s);
    s->line_height = sizes[which] * 1.42;
}

/* Whether the font asked for is the font that comes. */
static bool has_font(struct paper *p)
{
    PangoFontDescription *wanted = pango_font_description_from_string(FONT " 9");
    PangoFont *font = pango_context_load_font(p->context, wanted);
    bool is_it = false;
    if (font != NULL) {
        PangoFontDescription *found = pango_font_describe(font);
        const char *family = pango_font_description_get_family(found);
        is_it = family != NULL && str_starts(str_from_c(family), STR("Noto Sans CJK"));
        pango_font_description_free(found);
        g_object_unref(font);
    }
    pango_font_description_free(wanted);
    return is_it;
}

err paper_open(const struct paper_about *about, struct arena *a, struct paper **ret_paper)
{
    struct paper *p = arena_make(a, sizeof *p);
    if (p == NULL)
        return fail(ERR_LIMIT, "memory.spent", 0);
    p->about = *about;
    text_init(&p->out, a);
    p->surface = cairo_pdf_surface_create_for_stream(keep, p, PAPER_WIDTH, PAPER_HEIGHT);
    p->pen = cairo_create(p->surface);
    tell_about(p, a);
    prepare_context(p);
    if (!has_font(p)) {
        paper_end(p);
        return fail(ERR_OS, "print.font", 0);
    }
    for (enum paper_style s = 0; s < PAPER_STYLE_COUNT; s++)
        prepare_style(p, s);
    *ret_paper = p;
    return OK;
}

void paper_end(struct paper *p)
{
    if (p == NULL || p->surface == NULL)
        return;
    for (enum paper_style s = 0; s < PAPER_STYLE_COUNT; s++)
        if (p->styles[s].layout != NULL) {
            cairo_scaled_font_destroy(p->styles[s].font);
            g_object_unref(p->styles[s].layout);
        }
    g_object_unref(p->context);
    cairo_destroy(p->pen);
    cairo_surface_destroy(p->surface);
    pango_cairo_font_map_set_default(NULL);
    p->surface = NULL;
}

bool paper_is_drawing(const struct paper *p)
{
    return p->is_drawing;
}

void paper_begin_drawing(struct paper *p)
{
    assert(!p->is_drawing);
    p->page_count = p->page;
    p->page = 0;
    p->is_drawing = true;
}

size_t paper_page(const struct paper *p)
{
    return p->page;
}

struct _cairo *paper_pen(struct paper *p)
{
    return p->is_drawing ? p->pen : NULL;
}

static void draw_foot(struct paper *p)
{
    char room[64];
    int size = snprintf(room, sizeof room, "%zu / %zu", p->page, p->page_count);
    double y = PAPER_HEIGHT - 34;
    cairo_set_line_width(p->pen, 0.4);
    cairo_move_to(p->pen, PAPER_LEFT, y - 4);
    cairo_line_to(p->pen, PAPER_RIGHT, y - 4);
    cairo_stroke(p->pen);
    struct paper_place left = {.x = PAPER_LEFT, .y = y, .width = PAPER_RIGHT - PAPER_LEFT - 80};
    struct paper_place right = {.x = PAPER_RIGHT - 80, .y = y, .width = 80};
    paper_line(p, PAPER_CELL, &left, p->about.foot);
    (void)paper_text(p, PAPER_CELL, PAPER_END, &right, str_make(room, (size_t)size));
}

void paper_turn(struct paper *p)
{
    if (p->is_drawing && p->page > 0)
        cairo_show_page(p->pen);
    p->page++;
    if (p->is_drawing)
        draw_foot(p);
}

err paper_close(struct paper *p, str *ret_pdf)
{
    assert(p->is_drawing && p->page == p->page_count);
    cairo_show_page(p->pen);
    cairo_surface_finish(p->surface);
    if (text_spent(&p->out))
        return fail(ERR_LIMIT, "memory.spent", 0);
    cairo_status_t status = cairo_surface_status(p->surface);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_status(p->pen);
    if (status != CAIRO_STATUS_SUCCESS)
        return fail(ERR_OS, "print.cairo", (uint32_t)status);
    *ret_pdf = text_str(&p->out);
    return OK;
}

/* ---- text ------------------------------------------------------------------------------------*/

/* Which of the letters known stands there and in how many bytes; PLAIN_COUNT when it is another. */
static int plain_at(str s, size_t at, size_t *ret_size)
{
    *ret_size = 1;
    if (s.at[at] >= ' ' && s.at[at] <= '~')
        return s.at[at] - PLAIN_LOW;
    *ret_size = 2;
    return str_starts(str_from(s, at), STR(YUAN)) ? PLAIN_YUAN : PLAIN_COUNT;
}

/* Negative when there is another letter in it. */
static double plain_width(const struct style *s, str line)
{
    double width = 0;
    for (size_t i = 0, size = 0; i < line.size; i += size) {
        int letter = plain_at(line, i, &size);
        if (letter == PLAIN_COUNT)
            return -1;
        width += s->advance[letter];
    }
    return width;
}

/* How many lines it has when all its letters are known and no line has to be broken; else 0. */
static int plain_lines(const struct style *s, str text, double width)
{
    int lines = 0;
    str line = STR("");
    while (str_split(&text, '\n', &line)) {
        double wide = plain_width(s, line);
        if (line.size > PLAIN_MOST || wide < 0 || wide > width - 0.1)
            return 0;
        lines++;
    }
    return lines;
}

/* Glyph by glyph, and beside each what it stands for, so that the text can be searched and copied.
 */
static void draw_plain(struct paper *p, const struct style *s, str line, double x, double y)
{
    cairo_glyph_t glyphs[PLAIN_MOST];
    cairo_text_cluster_t clusters[PLAIN_MOST];
    int count = 0;
    for (size_t i = 0, size = 0; i < line.size; i += size) {
        int letter = plain_at(line, i, &size);
        glyphs[count] = (cairo_glyph_t){.index = s->glyph[letter], .x = x, .y = y};
        clusters[count++] = (cairo_text_cluster_t){.num_bytes = (int)size, .num_glyphs = 1};
        x += s->advance[letter];
    }
    cairo_set_scaled_font(p->pen, s->font);
    cairo_show_text_glyphs(p->pen, line.at, (int)line.size, glyphs, count, clusters, count, 0);
}

/* Sets the text between margins; returns how many lines it has. */
static int set_text(struct style *s, str text, double width)
{
    assert(text.size <= INT32_MAX);
    pango_layout_set_width(s->layout, (int)(width * PANGO_SCALE));
    pango_layout_set_ellipsize(s->layout, PANGO_ELLIPSIZE_NONE);
    pango_layout_set_text(s->layout, text.at, (int)text.size);
    return pango_layout_get_line_count(s->layout);
}

static void draw_line(struct paper *p, struct style *s, int index, double x, double y)
{
    PangoLayoutLine *line = pango_layout_get_line_readonly(s->layout, index);
    cairo_move_to(p->pen, x, y);
    pango_cairo_show_layout_line(p->pen, line);
}

static double line_width(struct style *s, int index)
{
    PangoRectangle box;
    pango_layout_line_get_extents(pango_layout_get_line_readonly(s->layout, index), NULL, &box);
    return (double)box.width / PANGO_SCALE;
}

double paper_line_height(const struct paper *p, enum paper_style style)
{
    return p->styles[style].line_height;
}

double paper_text_height(struct paper *p, enum paper_style style, double width, str text)
{
    struct style *s = &p->styles[style];
    int lines = plain_lines(s, text, width);
    return (lines > 0 ? lines : set_text(s, text, width)) * s->line_height;
}

static double draw_plain_lines(struct paper *p, enum paper_style style, enum paper_align align,
                               const struct paper_place *place, str text)
{
    const struct style *s = &p->styles[style];
    double y = place->y;
    str line = STR("");
    while (str_split(&text, '\n', &line)) {
        double indent = align == PAPER_END ? place->width - plain_width(s, line) : 0;
        if (!str_is_empty(line))
            draw_plain(p, s, line, place->x + indent, y + sizes[style] * 1.06);
        y += s->line_height;
    }
    return y - place->y;
}

double paper_text(struct paper *p, enum paper_style style, enum paper_align align,
                  const struct paper_place *place, str text)
{
    struct style *s = &p->styles[style];
    if (!p->is_drawing)
        return paper_text_height(p, style, place->width, text);
    if (plain_lines(s, text, place->width) > 0)
        return draw_plain_lines(p, style, align, place, text);
    int lines = set_text(s, text, place->width);
    for (int i = 0; i < lines; i++) {
        double indent = align == PAPER_END ? place->width - line_width(s, i) : 0;
        double y = place->y + s->line_height * i + sizes[style] * 1.06;
        draw_line(p, s, i, place->x + indent, y);
    }
    return lines * s->line_height;
}

void paper_line(struct paper *p, enum paper_style style, const struct paper_place *place, str text)
{
    struct style *s = &p->styles[style];
    if (!p->is_drawing)
        return;
    pango_layout_set_width(s->layout, (int)(place->width * PANGO_SCALE));
    pango_layout_set_height(s->layout, 0); /* one line */
    pango_layout_set_ellipsize(s->layout, PANGO_ELLIPSIZE_END);
    pango_layout_set_text(s->layout, text.at, (int)text.size);
    draw_line(p, s, 0, place->x, place->y + sizes[style] * 1.06);
    pango_layout_set_height(s->layout, -1);
}

void paper_mark(struct paper *p, str name, double y)
{
    if (!p->is_drawing)
        return;
    char link[96];
    char text[256];
    (void)snprintf(link, sizeof link, "page=%zu pos=[%d %d]", p->page, (int)PAPER_LEFT, (int)y);
    (void)snprintf(text, sizeof text, "%.*s", STR_ARGS(name));
    cairo_pdf_surface_add_outline(p->surface, CAIRO_PDF_OUTLINE_ROOT, text, link,
                                  CAIRO_PDF_OUTLINE_FLAG_OPEN);
}
