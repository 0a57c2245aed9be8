/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A bank's reporting: every so often a file, mostly in time, sometimes hours late, sometimes sent
 * again; its clock, and how finely it tells time.
 */
#include "drill/inside.h"

enum { CHUNK_ROWS = 126, SENDING_MS = 1500, SENDING_SIGMA = 700000, RESENT_HOURS = 20 };

struct courier_chunk {
    struct courier_chunk *next;
    size_t count;
    struct transfer_row rows[CHUNK_ROWS];
};

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

static err take_chunk(struct drill *d, struct courier_file *f)
{
    struct courier *c = &d->courier;
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

void courier_stamp(struct drill *d, struct transfer_row *row)
{
    const struct bank_params *bank = &d->params.banks[row->bank];
    struct courier_desk *desk = &d->courier.desks[row->bank];
    int64_t tick_us = bank->tick_ms * 1000;
    int64_t at_us = d->now_us + bank->skew_ms * 1000;
    row->number = ++desk->numbers;
    row->at_us = at_us - at_us % tick_us;
    if (at_us / SECOND_US != desk->second)
        desk->seq = 0;
    desk->second = at_us / SECOND_US;
    desk->seq++;
    row->seq = bank->gives_seq ? desk->seq : 0;
}

err courier_put(struct drill *d, const struct transfer_row *row)
{
    struct courier_desk *desk = &d->courier.desks[row->bank];
    if (desk->open == 0) {
        int64_t every_us = d->params.banks[row->bank].every_s * SECOND_US;
        TRY(shelf_take(&d->courier.files, &desk->open));
        file_at(&d->courier, desk->open)->bank = row->bank;
        TRY(drill_at(d, d->now_us - d->now_us % every_us + every_us, EVENT_CLOSE, row->bank, 0));
    }
    struct courier_file *f = file_at(&d->courier, desk->open);
    if (f->last == NULL || f->last->count == CHUNK_ROWS)
        TRY(take_chunk(d, f));
    f->last->rows[f->last->count++] = *row;
    return OK;
}

/* The file is done and on its way. */
err courier_close(struct drill *d, const struct event *e)
{
    struct courier *c = &d->courier;
    struct courier_desk *desk = &c->desks[e->which];
    const struct bank_params *bank = &d->params.banks[e->which];
    uint32_t file = desk->open;
    int64_t delay_us = dice_about(&c->dice, SENDING_MS * 1000, SENDING_SIGMA);
    if (dice_hits(&c->dice, bank->late))
        delay_us += (int64_t)dice_below(&c->dice, (uint64_t)(bank->late_hours * HOUR_US));
    desk->open = 0;
    return drill_at(d, d->now_us + delay_us, EVENT_ARRIVE, file, 0);
}

static err hand_over(struct drill *d, const struct transfer_row *row)
{
    d->counts.rows++;
    env_counter_add(&d->rows, 1);
    return d->port.transfer(d->port.self, row);
}

static err hand_over_file(struct drill *d, const struct courier_file *f, bool was_sent)
{
    int64_t doubled = d->params.banks[f->bank].doubled;
    for (const struct courier_chunk *chunk = f->first; chunk != NULL; chunk = chunk->next) {
        for (size_t i = 0; i < chunk->count; i++) {
            bool is_doubled = dice_hits(&d->courier.dice, doubled);
            TRY(hand_over(d, &chunk->rows[i]));
            if (is_doubled)
                TRY(hand_over(d, &chunk->rows[i]));
            d->counts.again += (is_doubled ? 1 : 0) + (was_sent ? 1 : 0);
        }
    }
    return OK;
}

err courier_arrive(struct drill *d, const struct event *e)
{
    struct courier *c = &d->courier;
    bool was_sent = e->more != 0;
    TRY(hand_over_file(d, file_at(c, e->which), was_sent));
    int64_t resent = d->params.banks[file_at(c, e->which)->bank].resent;
    if (was_sent || !dice_hits(&c->dice, resent)) {
        drop_file(c, e->which);
        return OK;
    }
    int64_t delay_us = dice_wait(&c->dice, RESENT_HOURS * HOUR_US);
    return drill_at(d, d->now_us + delay_us, EVENT_ARRIVE, e->which, 1);
}
