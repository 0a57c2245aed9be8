/* SPDX-License-Identifier: Apache-2.0 */
#include "trail/view_news.h"

#include <stdlib.h>

enum { NEWS_BYTES = 4 << 20 };

static err spent(void)
{
    return fail(ERR_LIMIT, "limit.memory", 0);
}

void view_news_done(struct view_news *n)
{
    for (size_t i = 0; i < COUNT_OF(n->arenas); i++)
        arena_done(&n->arenas[i]);
    *n = (struct view_news){0};
}

static int compare_numbers(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static bool was_seen(const struct view_news *n, uint32_t number)
{
    return n->number_count > 0 && bsearch(&number, n->numbers, n->number_count, sizeof *n->numbers,
                                          compare_numbers) != NULL;
}

/* The runs that were not seen have few rows. */
static bool are_few_unseen(const struct view_news *n, const struct trail_view *view)
{
    uint64_t unseen = 0;
    for (uint32_t i = 0; i < view->run_count; i++)
        unseen += was_seen(n, view->runs[i]->number) ? 0 : view->runs[i]->count;
    return unseen <= VIEW_NEWS_MOST;
}

/* `fresh` NULL: how many there are. */
static uint32_t list_fresh(const struct view_news *n, const struct trail_view *view,
                           struct trail_ref *fresh)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < view->run_count; i++) {
        const struct trail_run *run = view->runs[i];
        uint32_t rows = was_seen(n, run->number) ? 0 : run->count;
        for (uint32_t place = 0; place < rows; place++) {
            bool is_fresh = run->ordinals[place] >= n->end;
            if (is_fresh && fresh != NULL)
                fresh[count] = (struct trail_ref){i, place};
            count += is_fresh;
        }
    }
    return count;
}

static uint64_t rows_of(const struct trail_view *view)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < view->run_count; i++)
        sum += view->runs[i]->count;
    return sum;
}

static err look(struct view_news *n, const struct trail_view *view, struct arena *a)
{
    uint32_t *numbers = arena_make_array(a, view->run_count + 1, sizeof *numbers);
    uint64_t rows = rows_of(view);
    bool is_little = n->numbers != NULL && are_few_unseen(n, view);
    uint32_t fresh_count = is_little ? list_fresh(n, view, NULL) : 0;
    struct trail_ref *fresh = arena_make_array(a, fresh_count + 1, sizeof *fresh);
    if (numbers == NULL || fresh == NULL)
        return spent();
    n->fresh = fresh;
    n->fresh_count = is_little ? list_fresh(n, view, fresh) : 0;
    n->is_known = is_little && rows == n->rows + fresh_count;
    for (uint32_t i = 0; i < view->run_count; i++)
        numbers[i] = view->runs[i]->number;
    qsort(numbers, view->run_count, sizeof *numbers, compare_numbers);
    n->numbers = numbers;
    n->number_count = view->run_count;
    n->rows = rows;
    n->end = view->end;
    return OK;
}

err view_news_look(struct view_news *n, const struct trail_view *view)
{
    n->turn ^= 1;
    struct arena *a = &n->arenas[n->turn];
    if (a->budget_bytes == 0)
        arena_init(a, NEWS_BYTES);
    arena_reset(a);
    err e = look(n, view, a);
    if (failed(e))
        view_news_done(n);
    return e;
}
