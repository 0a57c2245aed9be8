/* SPDX-License-Identifier: Apache-2.0 */
#include "calls/part.h"

#include <assert.h>

size_t calls_count(struct calls *c, const struct sighting *s, size_t count,
                   struct book_due *ret_due)
{
    bool is_first = c->journal_bytes == 0;
    size_t due = book_take(&c->book, s, count, ret_due);
    c->sightings += count;
    c->journal_bytes += calls_batch_bytes(count);
    if (is_first)
        c->journal_h = c->book.newest_h;
    return due;
}

/* Nothing of it is in the book before it is on the disk: a sum cannot be taken back. */
err calls_take(struct calls *c, const struct sighting *sightings, size_t count,
               struct book_due *ret_due, size_t *ret_due_count)
{
    assert(count <= CALLS_BATCH_MOST);
    uint64_t most = 2 * c->journal_usual;
    if (c->journal_bytes > 0 && c->journal_bytes + calls_batch_bytes(count) > most)
        TRY(calls_save_all(c));
    *ret_due_count = 0;
    if (count == 0)
        return OK;
    TRY(calls_journal_put(c, sightings, count));
    *ret_due_count = calls_count(c, sightings, count, ret_due);
    return OK;
}

const uint8_t *calls_news(const struct calls *c)
{
    return c->news;
}

const struct conduct *calls_find(const struct calls *c, uint64_t key)
{
    return book_find(&c->book, key);
}

const struct conduct *calls_at(const struct calls *c, uint32_t slot)
{
    assert(slot < c->book.held);
    return &c->book.conducts[slot];
}

bool calls_wants_step(const struct calls *c)
{
    bool is_old = c->journal_bytes > 0 && c->book.newest_h - c->journal_h >= JOURNAL_MOST_H;
    bool is_pressing = c->is_hurt || is_old; /* and need not grow before it is tried again */
    bool is_due = is_pressing || c->journal_bytes >= c->journal_usual;
    bool is_again = c->journal_bytes >= c->save.retry_bytes ||
                    (is_pressing && c->book.newest_h != c->save.failed_h);
    return c->save.fd >= 0 || (is_due && is_again);
}

err calls_step(struct calls *c)
{
    return calls_wants_step(c) ? calls_save_step(c) : OK;
}

void calls_show(const struct calls *c, struct calls_counts *ret)
{
    *ret = (struct calls_counts){.book = c->settings,
                                 .told = c->book.counts,
                                 .forgotten = c->book.recent.forgotten,
                                 .held = c->book.held,
                                 .room_bytes = c->room.size,
                                 .sightings = c->sightings,
                                 .file_at = c->file_at,
                                 .file = c->file,
                                 .journal_bytes = c->journal_bytes,
                                 .is_saving = c->save.fd >= 0,
                                 .damage_count = c->damage_count};
    memcpy(ret->damage, c->damage, sizeof ret->damage);
}
