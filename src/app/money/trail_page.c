/* SPDX-License-Identifier: Apache-2.0 */
#include "app/money/trail_page.h"

#include <assert.h>
#include <string.h>

struct paging {
    struct trail_page *page;
    const struct trail_place *after;
    size_t room; /* one more than the page: whether there is more */
};

static bool is_before(struct trail_place x, struct trail_place y)
{
    return x.time_ms != y.time_ms ? x.time_ms > y.time_ms : x.ordinal > y.ordinal;
}

/* False when it, and so all that is older, comes after a full page. */
static bool put(struct paging *p, const struct trail_run *run, uint32_t place)
{
    struct trail_page *page = p->page;
    struct trail_place one = {row_time_ms(&run->rows[place]), run->ordinals[place]};
    if (p->after != NULL && !is_before(*p->after, one))
        return true;
    bool is_full = page->count == p->room;
    if (is_full && !is_before(one, page->places[page->count - 1]))
        return one.time_ms == page->places[page->count - 1].time_ms;
    size_t at = is_full ? page->count - 1 : page->count++;
    for (; at > 0 && is_before(one, page->places[at - 1]); at--)
        page->places[at] = page->places[at - 1];
    page->places[at] = one;
    return true;
}

static void put_paid(struct paging *p, const struct trail_run *run, struct trail_range out)
{
    uint32_t end = p->after == NULL ? out.end : trail_run_after(run, out, p->after->time_ms);
    while (end > out.begin && put(p, run, end - 1))
        end--;
}

/* One to oneself is among what was paid. */
static void put_received(struct paging *p, const struct trail_run *run, struct trail_range in)
{
    uint32_t end = p->after == NULL ? in.end : trail_run_in_after(run, in, p->after->time_ms);
    for (; end > in.begin; end--) {
        const struct trail_row *row = &run->rows[run->ins[end - 1]];
        if (row->from != row->to && !put(p, run, run->ins[end - 1]))
            return;
    }
}

static uint64_t to_itself(const struct trail_run *run, struct trail_range out)
{
    uint64_t count = 0;
    for (uint32_t i = out.begin; i < out.end; i++)
        count += run->rows[i].from == run->rows[i].to;
    return count;
}

err trail_page_make(const struct trail_view *view, const struct trail_page_question *q,
                    struct arena *a, struct trail_page *ret)
{
    assert(q->limit > 0 && q->limit < SIZE_MAX / 2);
    *ret = (struct trail_page){.places = arena_make_array(a, q->limit + 1, sizeof *ret->places)};
    struct paging p = {.page = ret, .after = q->after, .room = q->limit + 1};
    if (ret->places == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (uint32_t i = 0; i < view->run_count; i++) {
        const struct trail_run *run = view->runs[i];
        struct trail_range out = trail_directory_range(&run->out, q->account);
        struct trail_range in = trail_directory_range(&run->in, q->account);
        ret->total += (uint64_t)(out.end - out.begin) + (in.end - in.begin) - to_itself(run, out);
        put_paid(&p, run, out);
        put_received(&p, run, in);
    }
    ret->is_more = ret->count > q->limit;
    ret->count = ret->is_more ? q->limit : ret->count;
    return OK;
}
