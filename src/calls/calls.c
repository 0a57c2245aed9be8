/* SPDX-License-Identifier: Apache-2.0 */
#include "calls/calls.h"

#include "base/arena.h"
#include "env/pages.h"

#include <assert.h>

enum { CALLS_BYTES = 1 << 20 };

struct calls {
    struct arena arena; /* it lies in */
    struct pages room;
    struct book book;
};

err calls_open(const struct calls_settings *settings, struct calls **ret)
{
    struct arena arena;
    struct pages room;
    TRY(pages_make(book_room(&settings->book), &room));
    arena_init(&arena, CALLS_BYTES);
    struct calls *c = arena_make(&arena, sizeof *c);
    if (c == NULL) {
        arena_done(&arena);
        pages_drop(&room);
        return fail(ERR_LIMIT, "limit.memory", 0);
    }
    c->arena = arena;
    c->room = room;
    book_init(&c->book, &settings->book, room.at);
    *ret = c;
    return OK;
}

err calls_take(struct calls *c, const struct sighting *sightings, size_t count,
               struct book_due *ret_due, size_t *ret_due_count)
{
    assert(count <= CALLS_BATCH_MOST);
    *ret_due_count = book_take(&c->book, sightings, count, ret_due);
    return OK;
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
    (void)c;
    return false;
}

err calls_step(struct calls *c)
{
    (void)c;
    return OK;
}

void calls_show(const struct calls *c, struct calls_counts *ret)
{
    *ret = (struct calls_counts){.book = c->book.settings,
                                 .told = c->book.counts,
                                 .forgotten = c->book.recent.forgotten,
                                 .held = c->book.held,
                                 .room_bytes = c->room.size,
                                 .sightings = c->book.counts.taken};
}

err calls_close(struct calls *c)
{
    if (c == NULL)
        return OK;
    pages_drop(&c->room);
    struct arena arena = c->arena;
    arena_done(&arena);
    return OK;
}
