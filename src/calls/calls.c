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
static err take(struct calls *c, const struct sighting *s, size_t count, struct book_due *ret_due,
                size_t *ret_due_count)
{
    uint64_t most = 2 * c->journal_usual;
    if (c->journal_bytes > 0 && c->journal_bytes + calls_batch_bytes(count) > most)
        TRY(calls_save_all(c));
    *ret_due_count = 0;
    if (count == 0)
        return OK;
    TRY(calls_journal_put(c, s, count));
    *ret_due_count = calls_count(c, s, count, ret_due);
    return OK;
}

/* --- what counts nothing needs no journal --- */

struct sifted {
    struct sighting *rows;
    uint32_t *at; /* where each stood in the batch */
    size_t count;
};

/* As the book will judge, by the newest of all before: one that is late makes nothing newer. */
static size_t count_late(const struct calls *c, const struct sighting *s, size_t count)
{
    uint32_t newest_h = c->book.newest_h;
    size_t late = 0;
    for (size_t i = 0; i < count; i++)
        late += book_is_late(&s[i], c->settings.window_h, &newest_h);
    return late;
}

static struct sifted sift(const struct calls *c, const struct sighting *s, size_t count)
{
    struct sighting *rows = c->sieve.at;
    struct sifted kept = {.rows = rows, .at = (uint32_t *)(rows + CALLS_BATCH_MOST)};
    uint32_t newest_h = c->book.newest_h;
    for (size_t i = 0; i < count; i++) {
        if (book_is_late(&s[i], c->settings.window_h, &newest_h))
            continue;
        kept.rows[kept.count] = s[i];
        kept.at[kept.count++] = (uint32_t)i;
    }
    return kept;
}

/* What was said of those that were kept, in the places of the batch. */
static void spread(struct calls *c, const struct sifted *kept, size_t count, struct book_due *due,
                   size_t due_count)
{
    size_t left = kept->count;
    for (size_t i = count; i > 0; i--) {
        bool is_kept = left > 0 && kept->at[left - 1] == i - 1;
        left -= is_kept;
        c->news[i - 1] = is_kept ? c->news[left] : (uint8_t)BOOK_LATE;
    }
    for (size_t i = 0; i < due_count; i++)
        due[i].sighting = kept->at[due[i].sighting];
}

err calls_take(struct calls *c, const struct sighting *sightings, size_t count,
               struct book_due *ret_due, size_t *ret_due_count)
{
    assert(count <= CALLS_BATCH_MOST);
    size_t late = count_late(c, sightings, count);
    if (late == 0)
        return take(c, sightings, count, ret_due, ret_due_count);
    struct sifted kept = sift(c, sightings, count);
    TRY(take(c, kept.rows, kept.count, ret_due, ret_due_count));
    spread(c, &kept, count, ret_due, *ret_due_count);
    c->late += late;
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

struct handset_load calls_handset(const struct calls *c, const struct sighting *s)
{
    return handsets_find(&c->book.handsets, s->handset);
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
    ret->told.late += c->late;
    memcpy(ret->damage, c->damage, sizeof ret->damage);
}
