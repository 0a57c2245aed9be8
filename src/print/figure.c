/* SPDX-License-Identifier: Apache-2.0 */
#include "print/figure.h"

#include <assert.h>
#include <stdlib.h>

#define GAP          2.0 /* between two boxes */
#define LEAST_HEIGHT 5.5 /* a line of the smallest print */

/* An account in a layer. */
struct place {
    str account;
    int64_t layer;
    size_t node; /* node_count: a payer that is no node */
    size_t box;
    int64_t weight;
    size_t column;
};

struct sketch {
    const struct trail *trail;
    struct arena *arena;
    struct place *places; /* by account, then layer */
    size_t place_count;
    struct figure figure;
};

static err spent(void)
{
    return fail(ERR_LIMIT, "memory.spent", 0);
}

static int by_account(const void *a, const void *b)
{
    const struct place *x = a;
    const struct place *y = b;
    int order = str_compare(x->account, y->account);
    if (order == 0)
        order = (x->layer > y->layer) - (x->layer < y->layer);
    return order != 0 ? order : (x->node > y->node) - (x->node < y->node);
}

/* Where an account stands in this layer, else the nearest layer before it, else its first;
 * NULL when it is no node. */
static struct place *find_place(const struct sketch *s, str account, int64_t layer)
{
    struct place wanted = {.account = account, .layer = layer, .node = SIZE_MAX};
    size_t low = 0;
    size_t high = s->place_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (by_account(&s->places[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low > 0 && str_equal(s->places[low - 1].account, account))
        return &s->places[low - 1];
    return low < s->place_count && str_equal(s->places[low].account, account) ? &s->places[low]
                                                                              : NULL;
}

static int64_t weight_of(const struct trail *t, const struct trail_node *n)
{
    return t->has_amounts ? n->attributed : n->received;
}

/* Sources are transfers too, and may or may not stand among the edges. */
static void add_payer(struct sketch *s, size_t known, str account, int64_t layer)
{
    size_t all = s->place_count;
    s->place_count = known;
    if (find_place(s, account, layer) == NULL)
        s->places[all++] = (struct place){
            .account = account, .layer = layer > 0 ? layer - 1 : 0, .node = s->trail->node_count};
    s->place_count = all;
}

/* One of each account, though it pays often: the nearest to the victim. */
static void drop_twins(struct sketch *s, size_t known)
{
    size_t kept = known;
    qsort(s->places + known, s->place_count - known, sizeof *s->places, by_account);
    for (size_t i = known; i < s->place_count; i++)
        if (kept == known || !str_equal(s->places[kept - 1].account, s->places[i].account))
            s->places[kept++] = s->places[i];
    s->place_count = kept;
}

static int64_t least_layer(const struct trail *t)
{
    int64_t least = 1;
    for (size_t i = 0; i < t->node_count; i++)
        least = t->nodes[i].layer < least ? t->nodes[i].layer : least;
    return least;
}

static err find_places(struct sketch *s)
{
    const struct trail *t = s->trail;
    s->places = arena_make_array(s->arena, t->node_count + t->edge_count + t->source_count + 1,
                                 sizeof *s->places);
    if (s->places == NULL)
        return spent();
    for (size_t i = 0; i < t->node_count; i++)
        s->places[s->place_count++] = (struct place){.account = t->nodes[i].account,
                                                     .layer = t->nodes[i].layer,
                                                     .node = i,
                                                     .weight = weight_of(t, &t->nodes[i])};
    qsort(s->places, s->place_count, sizeof *s->places, by_account);
    size_t known = s->place_count;
    int64_t first = least_layer(t);
    for (size_t i = 0; i < t->source_count; i++)
        add_payer(s, known, t->sources[i].from, first);
    for (size_t i = 0; i < t->edge_count; i++)
        add_payer(s, known, t->edges[i].from, t->edges[i].layer);
    drop_twins(s, known);
    qsort(s->places, s->place_count, sizeof *s->places, by_account);
    return OK;
}

/* ---- columns ---------------------------------------------------------------------------------*/

/* Keeps the FIGURE_COLUMNS_MAX least layers, sorted. */
static void note_layer(struct figure *f, int64_t layer)
{
    size_t at = 0;
    while (at < f->column_count && f->layers[at] < layer)
        at++;
    if (at < f->column_count && f->layers[at] == layer)
        return;
    if (f->column_count == FIGURE_COLUMNS_MAX)
        f->has_deeper = true;
    if (at == FIGURE_COLUMNS_MAX)
        return;
    size_t last = f->column_count < FIGURE_COLUMNS_MAX ? f->column_count++ : FIGURE_COLUMNS_MAX - 1;
    for (size_t i = last; i > at; i--)
        f->layers[i] = f->layers[i - 1];
    f->layers[at] = layer;
}

static void find_columns(struct sketch *s)
{
    struct figure *f = &s->figure;
    for (size_t i = 0; i < s->place_count; i++)
        note_layer(f, s->places[i].layer);
    for (size_t i = 0; i < s->place_count; i++) {
        size_t column = 0;
        while (column + 1 < f->column_count && f->layers[column + 1] <= s->places[i].layer)
            column++;
        s->places[i].column = column;
    }
}

/* ---- boxes -----------------------------------------------------------------------------------*/

static int by_weight(const void *a, const void *b)
{
    const struct place *x = *(struct place *const *)a;
    const struct place *y = *(struct place *const *)b;
    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    return by_account(x, y);
}

static err add_to_box(struct sketch *s, struct place *p, size_t box)
{
    const struct trail *t = s->trail;
    struct figure_box *b = &s->figure.boxes[box];
    p->box = box;
    b->count++;
    b->node = b->count == 1 ? p->node : t->node_count;
    b->account = b->count == 1 ? p->account : STR("");
    b->column = p->column;
    if (p->node == t->node_count)
        return OK;
    const struct trail_node *n = &t->nodes[p->node];
    TRY(amount_add(&b->weight, p->weight));
    TRY(amount_add(&b->present, n->present));
    TRY(amount_add(&b->exited, n->exited));
    return amount_add(&b->unknown, n->unknown);
}

/* The accounts with most money first, one at least of each column; the rest of a column together.
 */
static err fill_boxes(struct sketch *s, struct place **by, size_t most_in_column)
{
    struct figure *f = &s->figure;
    size_t waiting[FIGURE_COLUMNS_MAX] = {0};
    size_t together[FIGURE_COLUMNS_MAX];
    size_t firsts = f->column_count;
    size_t own[FIGURE_COLUMNS_MAX] = {0};
    size_t all_own = 0;
    for (size_t i = 0; i < s->place_count; i++)
        waiting[by[i]->column]++;
    for (size_t c = 0; c < FIGURE_COLUMNS_MAX; c++)
        together[c] = SIZE_MAX;
    for (size_t i = 0; i < s->place_count; i++) {
        size_t c = by[i]->column;
        bool is_first = own[c] == 0;
        firsts -= is_first ? 1 : 0;
        /* One that would be alone in a box for many has that box to itself. */
        bool is_own = is_first ||
                      (all_own + firsts < FIGURE_BOXES_MAX && own[c] + 1 < most_in_column) ||
                      (waiting[c] == 1 && together[c] == SIZE_MAX);
        waiting[c]--;
        if (is_own) {
            own[c]++;
            all_own++;
            TRY(add_to_box(s, by[i], f->box_count++));
            continue;
        }
        if (together[c] == SIZE_MAX)
            together[c] = f->box_count++;
        TRY(add_to_box(s, by[i], together[c]));
    }
    return OK;
}

static err find_boxes(struct sketch *s, double height)
{
    double fit = (height + GAP) / (LEAST_HEIGHT + GAP);
    size_t most_in_column = fit < 3 ? 3 : (size_t)fit;
    struct place **by = arena_make_array(s->arena, s->place_count + 1, sizeof(struct place *));
    s->figure.boxes = arena_make_array(s->arena, FIGURE_BOXES_MAX + 3 * FIGURE_COLUMNS_MAX,
                                       sizeof *s->figure.boxes);
    if (by == NULL || s->figure.boxes == NULL)
        return spent();
    for (size_t i = 0; i < s->place_count; i++)
        by[i] = &s->places[i];
    qsort(by, s->place_count, sizeof(struct place *), by_weight);
    TRY(fill_boxes(s, by, most_in_column));
    assert(s->figure.box_count <= FIGURE_BOXES_MAX + 3 * FIGURE_COLUMNS_MAX);
    return OK;
}

/* ---- bands -----------------------------------------------------------------------------------*/

static err add_stream(struct sketch *s, struct figure_band *grid, const struct trail_edge *e)
{
    struct place *from = find_place(s, e->from, e->layer > 0 ? e->layer - 1 : 0);
    struct place *to = find_place(s, e->to, e->layer);
    if (from == NULL || to == NULL || (from->box == to->box && from != to))
        return OK; /* it ends outside (an exit), or within a box for many */
    struct figure_band *b = &grid[from->box * s->figure.box_count + to->box];
    b->from = from->box;
    b->to = to->box;
    b->is_back = to->column <= from->column;
    return amount_add(&b->amount, s->trail->has_amounts ? e->attributed : e->amount);
}

static int by_transfer(const void *a, const void *b)
{
    const str *x = a;
    const str *y = b;
    return str_compare(*x, *y);
}

/* A victim's transfer is drawn once, whether or not it stands among the edges too. */
static err add_sources(struct sketch *s, struct figure_band *grid)
{
    const struct trail *t = s->trail;
    str *seen = arena_make_array(s->arena, t->edge_count + 1, sizeof *seen);
    if (seen == NULL)
        return spent();
    for (size_t i = 0; i < t->edge_count; i++)
        seen[i] = t->edges[i].transfer;
    qsort(seen, t->edge_count, sizeof *seen, by_transfer);
    for (size_t i = 0; i < t->source_count; i++) {
        const struct trail_source *from = &t->sources[i];
        struct trail_edge e = {.from = from->from,
                               .to = from->to,
                               .amount = from->amount,
                               .attributed = from->amount,
                               .layer = least_layer(t)};
        if (bsearch(&from->transfer, seen, t->edge_count, sizeof *seen, by_transfer) == NULL)
            TRY(add_stream(s, grid, &e));
    }
    return OK;
}

static err find_bands(struct sketch *s)
{
    struct figure *f = &s->figure;
    struct figure_band *grid =
        arena_make_array(s->arena, f->box_count * f->box_count + 1, sizeof *grid);
    if (grid == NULL)
        return spent();
    for (size_t i = 0; i < s->trail->edge_count; i++)
        TRY(add_stream(s, grid, &s->trail->edges[i]));
    TRY(add_sources(s, grid));
    for (size_t i = 0; i < f->box_count * f->box_count; i++) {
        if (grid[i].amount == 0)
            continue;
        grid[f->band_count] = grid[i];
        struct figure_band *b = &grid[f->band_count++];
        TRY(amount_add(&f->boxes[b->from].out, b->amount));
        TRY(amount_add(&f->boxes[b->to].in, b->amount));
    }
    f->bands = grid;
    return OK;
}

/* ---- places on the paper ---------------------------------------------------------------------*/

static double size_of(const struct figure_box *b)
{
    int64_t size = b->weight > b->in ? b->weight : b->in;
    return (double)(size > b->out ? size : b->out);
}

/* How high one unit of money may be, so that the fullest column fits. */
static double scale_of(const struct figure *f, double height)
{
    double scale = 0;
    bool has_any = false;
    for (size_t c = 0; c < f->column_count; c++) {
        double money = 0;
        double left = height;
        for (size_t i = 0; i < f->box_count; i++)
            if (f->boxes[i].column == c) {
                money += size_of(&f->boxes[i]);
                left -= LEAST_HEIGHT + GAP;
            }
        double fits = left > 0 && money > 0 ? left / money : 0;
        if (money > 0 && (!has_any || fits < scale)) {
            scale = fits;
            has_any = true;
        }
    }
    return scale;
}

/* Where a box is pulled to: beside whoever pays it most. Those without stand last. */
static double pull_of(const struct figure *f, size_t box)
{
    int64_t most = 0;
    double y = 1e9;
    for (size_t i = 0; i < f->band_count; i++) {
        const struct figure_band *b = &f->bands[i];
        if (b->to != box || b->is_back || b->amount <= most)
            continue;
        most = b->amount;
        y = f->boxes[b->from].y;
    }
    return y;
}

/* Puts one column's boxes in order: by pull, the heaviest first, many together last. */
static size_t order_column(const struct figure *f, size_t column, size_t *order, double *pull)
{
    size_t count = 0;
    for (size_t i = 0; i < f->box_count; i++) {
        if (f->boxes[i].column != column)
            continue;
        pull[i] = f->boxes[i].count > 1 ? 2e9 : pull_of(f, i);
        size_t at = count++;
        while (at > 0 && pull[order[at - 1]] > pull[i]) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = i;
    }
    return count;
}

static err place_boxes(struct sketch *s, const struct figure_room *room)
{
    struct figure *f = &s->figure;
    size_t *order = arena_make_array(s->arena, f->box_count + 1, sizeof *order);
    double *pull = arena_make_array(s->arena, f->box_count + 1, sizeof *pull);
    if (order == NULL || pull == NULL)
        return spent();
    double scale = scale_of(f, room->height);
    double step = room->width / (double)(f->column_count > 0 ? f->column_count : 1);
    for (size_t c = 0; c < f->column_count; c++) {
        size_t count = order_column(f, c, order, pull);
        double y = room->y;
        for (size_t i = 0; i < count; i++) {
            struct figure_box *b = &f->boxes[order[i]];
            b->x = room->x + step * (double)c;
            b->y = y;
            b->height = LEAST_HEIGHT + scale * size_of(b);
            y += b->height + GAP;
        }
    }
    return OK;
}

/* Bands leave and reach a box one below the other, each as wide as its share of it. */
static err place_bands(struct sketch *s)
{
    struct figure *f = &s->figure;
    double *out = arena_make_array(s->arena, f->box_count + 1, sizeof *out);
    double *in = arena_make_array(s->arena, f->box_count + 1, sizeof *in);
    if (out == NULL || in == NULL)
        return spent();
    for (size_t i = 0; i < f->band_count; i++) {
        struct figure_band *b = &f->bands[i];
        const struct figure_box *from = &f->boxes[b->from];
        const struct figure_box *to = &f->boxes[b->to];
        b->from_height = from->height * (double)b->amount / size_of(from);
        b->to_height = to->height * (double)b->amount / size_of(to);
        b->y_from = from->y + out[b->from];
        b->y_to = to->y + in[b->to];
        out[b->from] += b->from_height;
        in[b->to] += b->to_height;
    }
    return OK;
}

err figure_make(const struct trail *t, const struct figure_room *room, struct arena *a,
                struct figure *ret_figure)
{
    struct sketch s = {.trail = t, .arena = a};
    TRY(find_places(&s));
    find_columns(&s);
    TRY(find_boxes(&s, room->height));
    TRY(find_bands(&s));
    TRY(place_boxes(&s, room));
    TRY(place_bands(&s));
    *ret_figure = s.figure;
    return OK;
}
