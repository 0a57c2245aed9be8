/* SPDX-License-Identifier: Apache-2.0 */
#include "print/statement.h"

#include "print/figure_draw.h"

#include <cairo.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROW_BYTES = 1 << 20, KEY_BYTES = 128 };

str statement_say(const struct statement *s, const char *key)
{
    return message(str_from_c(key), s->language);
}

str statement_word(const struct statement *s, const char *prefix, str word)
{
    char room[KEY_BYTES];
    int size = snprintf(room, sizeof room, "%s%.*s", prefix, STR_ARGS(word));
    str key = str_make(room, size > 0 && size < KEY_BYTES ? (size_t)size : 0);
    return message_exists(key) ? message(key, s->language) : word;
}

void statement_amount(const struct statement *s, int64_t minor, struct text *t)
{
    char room[AMOUNT_BYTES];
    text_put(t, amount_format(&s->trail->currency, minor, room));
}

/* ---- the first page --------------------------------------------------------------------------*/

static void put_method(const struct statement *s, struct flow *f)
{
    struct text t;
    text_init(&t, s->arena);
    text_put(&t, statement_word(s, "print.method.", s->trail->method));
    text_printf(&t, " (%.*s)", STR_ARGS(s->trail->method));
    flow_fact(f, statement_say(s, "print.method"), text_str(&t));
    flow_fact(f, STR(""), statement_word(s, "print.method_means.", s->trail->method));
}

static void put_size(const struct statement *s, struct flow *f)
{
    const struct trail *trail = s->trail;
    const struct {
        const char *key;
        size_t count;
    } parts[] = {
        {"print.accounts",    trail->node_count     },
        {"print.transfers",   trail->edge_count     },
        {"print.exits",       trail->exit_count     },
        {"print.ambiguities", trail->ambiguity_count},
    };
    struct text t;
    text_init(&t, s->arena);
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        text_printf(&t, "%s%.*s %zu", i == 0 ? "" : " \302\267 ",
                    STR_ARGS(statement_say(s, parts[i].key)), parts[i].count);
    flow_fact(f, statement_say(s, "print.size"), text_str(&t));
}

static void put_head(const struct statement *s, struct flow *f)
{
    struct paper_place place = {.x = PAPER_LEFT, .y = f->y, .width = PAPER_RIGHT - PAPER_LEFT};
    f->y += paper_text(f->paper, PAPER_TITLE, PAPER_START, &place, statement_say(s, "print.title"));
    flow_gap(f, 4);
    flow_fact(f, statement_say(s, "print.incident"), s->trail->incident);
    flow_fact(f, statement_say(s, "print.as_of"), s->trail->as_of);
    put_method(s, f);
    put_size(s, f);
    flow_gap(f, 3);
}

static void put_doubts(const struct statement *s, struct flow *f)
{
    for (size_t i = 0; i < s->doubts.count; i++) {
        const struct trail_doubt *d = &s->doubts.at[i];
        struct text t;
        text_init(&t, s->arena);
        text_printf(&t, "%.*s %.*s ", STR_ARGS(statement_say(s, "print.warning")),
                    STR_ARGS(statement_say(s, d->why)));
        statement_amount(s, d->said, &t);
        text_put_c(&t, " \342\211\240 "); /* is not equal to */
        statement_amount(s, d->found, &t);
        flow_warning(f, text_str(&t));
    }
}

/* The totals in one line of boxes. */
static void put_strip(const struct statement *s, struct flow *f)
{
    const struct trail_totals *totals = &s->trail->totals;
    const struct {
        const char *key;
        int64_t amount;
    } parts[] = {
        {"print.stolen",  totals->stolen },
        {"print.present", totals->present},
        {"print.held",    totals->held   },
        {"print.exited",  totals->exited },
        {"print.unknown", totals->unknown},
    };
    size_t count = s->trail->has_amounts ? COUNT_OF(parts) : 1;
    size_t places = COUNT_OF(parts);
    double step = (PAPER_RIGHT - PAPER_LEFT) / (double)places;
    cairo_t *pen = paper_pen(f->paper);
    for (size_t i = 0; i < count; i++) {
        struct text t;
        text_init(&t, s->arena);
        statement_amount(s, parts[i].amount, &t);
        double x = PAPER_LEFT + step * (double)i;
        struct paper_place upper = {.x = x + 4, .y = f->y + 2, .width = step - 8};
        struct paper_place lower = {.x = x + 4, .y = f->y + 13, .width = step - 8};
        paper_line(f->paper, PAPER_CELL, &upper, statement_say(s, parts[i].key));
        paper_line(f->paper, PAPER_STRONG, &lower, text_str(&t));
        if (pen == NULL)
            continue;
        cairo_set_line_width(pen, 0.6);
        cairo_rectangle(pen, x, f->y, step, 29);
        cairo_stroke(pen);
    }
    flow_gap(f, 36);
}

static err put_figure(const struct statement *s, struct flow *f)
{
    if (s->trail->node_count == 0) {
        flow_paragraph(f, PAPER_BODY, statement_say(s, "print.nothing"));
        return OK;
    }
    flow_need(f, 300);
    paper_mark(f->paper, statement_say(s, "print.figure"), f->y);
    struct figure_room room = {.x = PAPER_LEFT,
                               .y = f->y + FIGURE_HEAD_HEIGHT,
                               .width = PAPER_RIGHT - PAPER_LEFT,
                               .height = flow_left(f) - FIGURE_HEAD_HEIGHT - FIGURE_KEY_HEIGHT,
                               .box_width = 9};
    struct figure figure;
    TRY(figure_make(s->trail, &room, s->arena, &figure));
    struct figure_words words = {
        .trail = s->trail, .numbers = s->numbers, .language = s->language, .arena = s->arena};
    figure_draw(&figure, &room, &words, f->paper);
    flow_gap(f, flow_left(f));
    return OK;
}

static err lay_out(const struct statement *s, struct paper *paper, struct arena *row)
{
    struct flow f;
    flow_init(&f, paper, row);
    put_head(s, &f);
    put_doubts(s, &f);
    put_strip(s, &f);
    statement_sources(s, &f, STATEMENT_SOURCES_FIRST);
    TRY(put_figure(s, &f));
    statement_totals(s, &f);
    statement_tables(s, &f);
    return paper_page(paper) > PAPER_PAGES_MAX ? fail(ERR_LIMIT, "print.too_many", 0) : OK;
}

/* ---- what it needs to know beforehand --------------------------------------------------------*/

struct ranked {
    int64_t layer;
    int64_t weight;
    size_t node;
};

static int by_layer(const void *a, const void *b)
{
    const struct ranked *x = a;
    const struct ranked *y = b;
    if (x->layer != y->layer)
        return x->layer < y->layer ? -1 : 1;
    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    return (x->node > y->node) - (x->node < y->node);
}

static err number_nodes(struct statement *s)
{
    const struct trail *t = s->trail;
    struct ranked *ranked = arena_make_array(s->arena, t->node_count + 1, sizeof *ranked);
    s->order = arena_make_array(s->arena, t->node_count + 1, sizeof *s->order);
    s->numbers = arena_make_array(s->arena, t->node_count + 1, sizeof *s->numbers);
    if (ranked == NULL || s->order == NULL || s->numbers == NULL)
        return fail(ERR_LIMIT, "memory.spent", 0);
    for (size_t i = 0; i < t->node_count; i++)
        ranked[i] = (struct ranked){.layer = t->nodes[i].layer,
                                    .weight = t->has_amounts ? t->nodes[i].attributed
                                                             : t->nodes[i].received,
                                    .node = i};
    qsort(ranked, t->node_count, sizeof *ranked, by_layer);
    for (size_t i = 0; i < t->node_count; i++) {
        s->order[i] = ranked[i].node;
        s->numbers[ranked[i].node] = i + 1;
    }
    return OK;
}

static err add_up(struct statement *s)
{
    const struct trail *t = s->trail;
    for (size_t i = 0; i < t->node_count; i++) {
        TRY(amount_add(&s->sum.present, t->nodes[i].present));
        TRY(amount_add(&s->sum.held, t->nodes[i].held));
        TRY(amount_add(&s->sum.exited, t->nodes[i].exited));
        TRY(amount_add(&s->sum.unknown, t->nodes[i].unknown));
    }
    for (size_t i = 0; i < t->source_count; i++)
        TRY(amount_add(&s->source_sum, t->sources[i].amount));
    for (size_t i = 0; i < t->exit_count; i++)
        TRY(amount_add(&s->exit_sum, t->exits[i].amount));
    return OK;
}

static err print_on(const struct statement *s, struct paper *paper, str *ret_pdf)
{
    struct arena row;
    arena_init(&row, ROW_BYTES);
    err e = lay_out(s, paper, &row);
    if (!failed(e)) {
        paper_begin_drawing(paper);
        e = lay_out(s, paper, &row);
    }
    arena_done(&row);
    TRY(e);
    return paper_close(paper, ret_pdf);
}

err statement_print(const struct trail *trail, enum language language, struct arena *a,
                    str *ret_pdf)
{
    struct statement s = {.trail = trail, .arena = a, .language = language};
    TRY(trail_check(trail, &s.doubts));
    TRY(number_nodes(&s));
    TRY(add_up(&s));
    struct text foot;
    text_init(&foot, a);
    text_printf(&foot, "%.*s \302\267 %.*s \302\267 %.*s \302\267 %.*s",
                STR_ARGS(statement_say(&s, "print.title")), STR_ARGS(trail->incident),
                STR_ARGS(trail->method), STR_ARGS(trail->as_of));
    struct paper_about about = {.title = statement_say(&s, "print.title"),
                                .subject = text_str(&foot),
                                .foot = text_str(&foot),
                                .made_at = trail->as_of_at,
                                .language = language};
    struct paper *paper = NULL;
    TRY(paper_open(&about, a, &paper));
    err e = print_on(&s, paper, ret_pdf);
    paper_end(paper);
    return e;
}
