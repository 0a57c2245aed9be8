/* SPDX-License-Identifier: Apache-2.0 */
#include "env/thread.h"
#include "screen/part.h"

#include <assert.h>

enum { NAP_US = 50 };

/* --- what readers have left --- */

static void home_leave(struct screen *s, uint16_t home)
{
    struct home *h = &s->homes[home - 1];
    assert(h->users > 0);
    if (--h->users == 0)
        pages_drop(&h->pages);
}

static void reuse(struct screen *s, const struct retired *r)
{
    switch (r->kind) {
    case RETIRED_NOTHING:
        break;
    case RETIRED_VIEW:
        s->is_view_used[r->index] = false;
        break;
    case RETIRED_DELTA:
        delta_close(&s->deltas[r->index]);
        s->is_delta_used[r->index] = false;
        break;
    case RETIRED_HOME:
        home_leave(s, (uint16_t)r->index);
        break;
    }
}

void view_reuse(struct screen *s)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->retired_count; i++) {
        bool is_stamped = s->retired[i].stamp != UINT64_MAX;
        if (is_stamped && epoch_is_past(&s->epoch, s->retired[i].stamp))
            reuse(s, &s->retired[i]);
        else
            s->retired[kept++] = s->retired[i];
    }
    s->retired_count = kept;
}

/* To be stamped when the view that does without it is published. */
static void retire(struct screen *s, enum retired_kind kind, uint32_t index)
{
    assert(s->retired_count < RETIRED_MOST);
    s->retired[s->retired_count++] =
        (struct retired){.kind = kind, .index = index, .stamp = UINT64_MAX};
}

static uint32_t find_free(struct screen *s, const bool *is_used, uint32_t count)
{
    for (;;) {
        for (uint32_t i = 0; i < count; i++)
            if (!is_used[i])
                return i;
        env_nap_us(NAP_US);
        view_reuse(s);
    }
}

err home_take(struct screen *s, const struct pages *pages, uint32_t users, uint16_t *ret_home)
{
    for (unsigned i = 0; i < HOMES; i++)
        if (s->homes[i].users == 0) {
            s->homes[i] = (struct home){.pages = *pages, .users = users};
            *ret_home = (uint16_t)(i + 1);
            return OK;
        }
    return fail(ERR_LIMIT, "limit.memory", 0);
}

/* --- views --- */

const struct screen_view *view_now(const struct screen *s)
{
    return env_slot_load(&s->view);
}

struct screen_view *view_begin(struct screen *s)
{
    uint32_t i = find_free(s, s->is_view_used, VIEWS);
    s->is_view_used[i] = true;
    s->views[i] = *view_now(s);
    s->views[i].generation++;
    return &s->views[i];
}

void view_publish(struct screen *s, struct screen_view *v)
{
    const struct screen_view *before = view_now(s);
    env_slot_publish_in_order(&s->view, v);
    retire(s, RETIRED_VIEW, (uint32_t)(before - s->views));
    uint64_t stamp = epoch_stamp(&s->epoch);
    for (size_t i = 0; i < s->retired_count; i++)
        if (s->retired[i].stamp == UINT64_MAX)
            s->retired[i].stamp = stamp;
    view_reuse(s);
}

void shard_make_empty(enum shard_class class, struct shard *ret_shard)
{
    static const uint64_t no_lines[LINE_SLOTS];
    *ret_shard = (struct shard){
        .lines = no_lines, .bucket_count = 1, .key_shift = shard_bits[class], .term_bits = 16};
}

void view_put_shard(struct screen *s, struct screen_view *v, const struct shard *shard,
                    uint16_t home)
{
    enum shard_class class = shard->head->class;
    uint16_t *at = &s->shard_home[class][shard->head->index];
    if (*at != 0)
        retire(s, RETIRED_HOME, *at);
    *at = home;
    v->shards[class][shard->head->index] = *shard;
}

void view_sum_depths(struct screen_view *v)
{
    v->depths = 0;
    for (uint32_t i = 0; i < 1U << shard_bits[SHARD_NAMES]; i++)
        if (v->shards[SHARD_NAMES][i].head != NULL)
            v->depths |= v->shards[SHARD_NAMES][i].head->depths;
}

err view_new_delta(struct screen *s, const struct delta **ret_delta)
{
    uint32_t i = find_free(s, s->is_delta_used, DELTAS);
    TRY(delta_open(&s->deltas[i]));
    s->is_delta_used[i] = true;
    *ret_delta = &s->deltas[i];
    return OK;
}

void view_retire_delta(struct screen *s, const struct delta *d)
{
    if (d != NULL)
        retire(s, RETIRED_DELTA, (uint32_t)(d - s->deltas));
}

void view_empty(struct screen *s, struct screen_view *v)
{
    for (int class = 0; class < SHARD_CLASS_COUNT; class ++)
        for (int i = 0; i < SHARDS_MOST; i++) {
            if (s->shard_home[class][i] != 0)
                retire(s, RETIRED_HOME, s->shard_home[class][i]);
            s->shard_home[class][i] = 0;
            shard_make_empty((enum shard_class) class, &v->shards[class][i]);
        }
    v->depths = 0;
}
