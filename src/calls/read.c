/* SPDX-License-Identifier: Apache-2.0 */
/* A segment of the journal, through a window: read, not mapped, because of a sector that cannot be
 * read a mapping knows nothing better than to end the process. */
#include "calls/form.h"
#include "kit/secret.h"

#include <assert.h>

enum { WINDOW_BYTES = 8 << 20, SECTOR_BYTES = 4096 };
static const size_t batch_most =
    sizeof(struct batch_header) + CALLS_BATCH_MOST * sizeof(struct sighting);

err segment_open(const char *path, struct segment_text *ret)
{
    *ret = (struct segment_text){.fd = -1};
    TRY(file_size(path, &ret->size));
    TRY(file_open_read(path, &ret->fd));
    err e = pages_make(WINDOW_BYTES, &ret->window);
    if (!failed(e))
        e = pages_make(CALLS_BATCH_MOST * sizeof(struct sighting), &ret->plain[0]);
    if (!failed(e))
        e = pages_make(CALLS_BATCH_MOST * sizeof(struct sighting), &ret->plain[1]);
    if (failed(e))
        segment_close(ret);
    return e;
}

void segment_close(struct segment_text *t)
{
    fd_end(&t->fd);
    for (unsigned i = 0; i < COUNT_OF(t->plain); i++) {
        if (t->plain[i].at != NULL)
            secret_wipe(t->plain[i].at, t->plain[i].size);
        pages_drop(&t->plain[i]);
    }
    pages_drop(&t->window);
}

/* One by one: what is beside a bad one is not given up with it. */
static void read_sectors(struct segment_text *t, char *to, int64_t from, size_t count)
{
    for (size_t done = 0; done < count; done += SECTOR_BYTES) {
        size_t left = count - done;
        size_t some = left < SECTOR_BYTES ? left : SECTOR_BYTES;
        int64_t at = from + (int64_t)done;
        size_t got = 0;
        if (!failed(file_read_at(t->fd, at, to + done, some, &got)) && got == some)
            continue;
        memset(to + done, 0, some);
        t->unreadable += at >= t->known ? some : 0;
    }
}

static void fill(struct segment_text *t)
{
    char *to = (char *)t->window.at + t->has;
    int64_t from = t->at + (int64_t)t->has;
    int64_t left = t->size - from;
    size_t room = t->window.size - t->has;
    size_t wanted = left < (int64_t)room ? (size_t)left : room;
    size_t got = 0;
    if (failed(file_read_at(t->fd, from, to, wanted, &got)) || got != wanted)
        read_sectors(t, to, from, wanted);
    t->has += wanted;
    t->known = from + (int64_t)wanted > t->known ? from + (int64_t)wanted : t->known;
}

str segment_look(struct segment_text *t, int64_t at)
{
    assert(at >= 0 && at <= t->size);
    int64_t end = t->at + (int64_t)t->has;
    bool is_elsewhere = at < t->at || at > end;
    if (is_elsewhere || (end < t->size && end - at < (int64_t)batch_most)) {
        size_t stays = is_elsewhere ? 0 : (size_t)(end - at);
        memmove(t->window.at, (const char *)t->window.at + t->has - stays, stays);
        t->at = at;
        t->has = stays;
        fill(t);
    }
    size_t before = (size_t)(at - t->at);
    return str_make((const char *)t->window.at + before, t->has - before);
}
