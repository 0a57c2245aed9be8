/* SPDX-License-Identifier: Apache-2.0 */
#include "dispatch/assign.h"

#include <assert.h>

#define FAR  INT64_MAX
#define NONE UINT32_MAX

struct reach {
    int64_t far;
    uint32_t column;
};

struct column {
    int64_t price;
    int64_t far;   /* of the row that is being placed */
    uint32_t row;  /* who has it */
    uint32_t from; /* the row by which it is reached most cheaply */
    uint32_t seen; /* in which search, and 1 */
    bool is_done;
};

struct solve {
    const struct assign_problem *p;
    struct column *columns;
    struct reach *heap;
    uint32_t *done; /* columns whose way is final, in the order in which that was found */
    uint32_t *has;  /* the column of a row */
    uint32_t heap_count;
    uint32_t done_count;
};

static bool is_nearer(struct reach a, struct reach b)
{
    return a.far != b.far ? a.far < b.far : a.column < b.column;
}

static void heap_put(struct solve *s, struct reach r)
{
    uint32_t i = s->heap_count++;
    for (; i > 0 && is_nearer(r, s->heap[(i - 1) / 2]); i = (i - 1) / 2)
        s->heap[i] = s->heap[(i - 1) / 2];
    s->heap[i] = r;
}

static struct reach heap_take(struct solve *s)
{
    struct reach top = s->heap[0];
    struct reach last = s->heap[--s->heap_count];
    uint32_t i = 0;
    for (uint32_t child = 1; child < s->heap_count; child = 2 * i + 1) {
        child += child + 1 < s->heap_count && is_nearer(s->heap[child + 1], s->heap[child]);
        if (!is_nearer(s->heap[child], last))
            break;
        s->heap[i] = s->heap[child];
        i = child;
    }
    s->heap[i] = last;
    return top;
}

/* All that is reached by way of `row`, `far` from where the search began. `paid`: what the row has
 * now costs it, prices included. */
static void widen(struct solve *s, uint32_t row, int64_t far, int64_t paid, uint32_t search)
{
    for (uint32_t i = s->p->first[row]; i < s->p->first[row + 1]; i++) {
        const struct assign_edge *e = &s->p->edges[i];
        struct column *c = &s->columns[e->column];
        if (c->seen != search) {
            c->seen = search;
            c->is_done = false;
            c->far = FAR;
        }
        int64_t there = far + e->cost - c->price - paid;
        if (c->is_done || there >= c->far)
            continue;
        c->far = there;
        c->from = row;
        heap_put(s, (struct reach){there, e->column});
    }
}

static int64_t cost_of(const struct solve *s, uint32_t row, uint32_t column)
{
    int64_t least = FAR;
    for (uint32_t i = s->p->first[row]; i < s->p->first[row + 1]; i++)
        if (s->p->edges[i].column == column && s->p->edges[i].cost < least)
            least = s->p->edges[i].cost;
    assert(least != FAR);
    return least;
}

/* The nearest column that nobody has; NONE: there is none. */
static uint32_t search_from(struct solve *s, uint32_t row)
{
    s->heap_count = 0;
    s->done_count = 0;
    widen(s, row, 0, 0, row + 1);
    while (s->heap_count > 0) {
        struct reach r = heap_take(s);
        struct column *c = &s->columns[r.column];
        if (c->is_done || r.far != c->far)
            continue;
        c->is_done = true;
        if (c->row == NONE)
            return r.column;
        s->done[s->done_count++] = r.column;
        widen(s, c->row, r.far, cost_of(s, c->row, r.column) - c->price, row + 1);
    }
    return NONE;
}

static err place(struct solve *s, uint32_t row)
{
    uint32_t end = search_from(s, row);
    if (end == NONE)
        return fail(ERR_CONFLICT, "assign: a row is left without a column", row);
    /* Prices: what was passed on the way becomes as dear as it would have to be. */
    for (uint32_t i = 0; i < s->done_count; i++) {
        struct column *c = &s->columns[s->done[i]];
        c->price += c->far - s->columns[end].far;
    }
    uint32_t column = end;
    for (bool is_first = false; !is_first;) {
        uint32_t by = s->columns[column].from;
        uint32_t had = s->has[by];
        s->columns[column].row = by;
        s->has[by] = column;
        is_first = by == row;
        column = had;
    }
    return OK;
}

err assign_solve(const struct assign_problem *p, struct arena *turn, uint32_t *ret_column)
{
    uint32_t edges = p->first[p->row_count];
    struct solve s = {.p = p, .has = ret_column};
    s.columns = arena_make_array(turn, (size_t)p->column_count + 1, sizeof *s.columns);
    s.done = arena_make_array(turn, (size_t)p->column_count + 1, sizeof *s.done);
    s.heap = arena_make_array(turn, (size_t)edges + 1, sizeof *s.heap);
    if (s.columns == NULL || s.done == NULL || s.heap == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (uint32_t i = 0; i < edges; i++)
        assert(p->edges[i].cost >= 0 && p->edges[i].cost <= ASSIGN_COST_MOST &&
               p->edges[i].column < p->column_count);
    for (uint32_t i = 0; i < p->column_count; i++)
        s.columns[i].row = NONE;
    for (uint32_t i = 0; i < p->row_count; i++)
        ret_column[i] = NONE;
    for (uint32_t i = 0; i < p->row_count; i++)
        TRY(place(&s, i));
    return OK;
}
