/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/inside.h"

enum { CHUNK_BYTES = 8064, SENDING_MS = 1500, SENDING_SIGMA = 700000, RESENT_HOURS = 20 };

struct courier_chunk {
    struct courier_chunk *next;
    size_t count;
    unsigned char rows[CHUNK_BYTES];
};

void courier_begin(struct drill *d, struct courier *c, str dice)
{
    assert(c->row_bytes > 0 && c->row_bytes <= CHUNK_BYTES && c->hand_over != NULL);
    dice_fork(&c->dice, d->world.seed, dice);
    shelf_init(&c->files, d->arena, sizeof(struct courier_file));
}

static struct courier_file *file_at(const struct courier *c, uint32_t file)
{
    return shelf_at(&c->files, file);
}

static void drop_file(struct courier *c, uint32_t file)
{
    struct courier_file *f = file_at(c, file);
    f->last->next = c->free_chunks;
    c->free_chunks = f->first;
    shelf_drop(&c->files, file);
}

static err take_chunk(struct drill *d, struct courier *c, struct courier_file *f)
{
    struct courier_chunk *chunk = c->free_chunks;
    if (chunk != NULL)
        c->free_chunks = chunk->next;
    else
        chunk = arena_make(d->arena, sizeof *chunk);
    if (chunk == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    chunk->next = NULL;
    chunk->count = 0;
    if (f->last == NULL)
        f->first = chunk;
    else
        f->last->next = chunk;
    f->last = chunk;
    return OK;
}

err courier_put(struct drill *d, struct courier *c, uint32_t sender, const void *row)
{
    assert(sender < COURIER_SENDERS);
    if (c->open[sender] == 0) {
        int64_t every_us = c->manners[sender].every_s * SECOND_US;
        TRY(shelf_take(&c->files, &c->open[sender]));
        file_at(c, c->open[sender])->sender = sender;
        TRY(drill_at(d, d->now_us - d->now_us % every_us + every_us, c->closes, sender, 0));
    }
    struct courier_file *f = file_at(c, c->open[sender]);
    if (f->last == NULL || f->last->count == CHUNK_BYTES / c->row_bytes)
        TRY(take_chunk(d, c, f));
    memcpy(f->last->rows + f->last->count++ * c->row_bytes, row, c->row_bytes);
    return OK;
}

/* The file is done and on its way. */
err courier_close(struct drill *d, struct courier *c, const struct event *e)
{
    const struct courier_manners *manners = &c->manners[e->which];
    uint32_t file = c->open[e->which];
    int64_t delay_us = dice_about(&c->dice, SENDING_MS * 1000, SENDING_SIGMA);
    if (dice_hits(&c->dice, manners->late))
        delay_us += (int64_t)dice_below(&c->dice, (uint64_t)(manners->late_hours * HOUR_US));
    c->open[e->which] = 0;
    return drill_at(d, d->now_us + delay_us, c->arrives, file, 0);
}

static err hand_over_file(struct drill *d, struct courier *c, const struct courier_file *f,
                          bool was_sent)
{
    int64_t doubled = c->manners[f->sender].doubled;
    for (const struct courier_chunk *chunk = f->first; chunk != NULL; chunk = chunk->next) {
        for (size_t i = 0; i < chunk->count; i++) {
            const void *row = chunk->rows + i * c->row_bytes;
            bool is_doubled = dice_hits(&c->dice, doubled);
            TRY(c->hand_over(d, row));
            if (is_doubled)
                TRY(c->hand_over(d, row));
            c->again += (is_doubled ? 1 : 0) + (was_sent ? 1 : 0);
        }
    }
    return OK;
}

err courier_arrive(struct drill *d, struct courier *c, const struct event *e)
{
    bool was_sent = e->more != 0;
    TRY(hand_over_file(d, c, file_at(c, e->which), was_sent));
    int64_t resent = c->manners[file_at(c, e->which)->sender].resent;
    if (was_sent || !dice_hits(&c->dice, resent)) {
        drop_file(c, e->which);
        return OK;
    }
    int64_t delay_us = dice_wait(&c->dice, RESENT_HOURS * HOUR_US);
    return drill_at(d, d->now_us + delay_us, c->arrives, e->which, 1);
}
