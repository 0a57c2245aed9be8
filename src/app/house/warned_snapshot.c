/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DIR/warned/live: a head, then chunks of episodes, each sealed by itself and bound to its place in
 * this file, then one without any. Written beside the old one and renamed.
 */
#include "app/house/warned_inside.h"

#include "kit/secret.h"

#include <string.h>

enum { HEAD_BYTES = 32, CHUNK_BYTES = WARNED_CHUNK * sizeof(struct episode) };

static const char magic[8] = "YWARN1\0";

/* What is written openly of a chunk, and sealed with it. */
struct chunk_head {
    char magic[8];
    uint64_t file; /* chance: chunks of two files do not mix */
    uint32_t number;
    uint32_t count; /* episodes; 0: the end */
    uint32_t episode_bytes;
    uint32_t reserved;
    struct cipher_mark mark; /* not itself sealed */
};

static str said_of(const struct chunk_head *h)
{
    return str_make((const char *)h, HEAD_BYTES);
}

static_assert(offsetof(struct chunk_head, mark) == HEAD_BYTES, "what is said openly");

/* --- writing --- */

static err put_chunk(struct warned *w, struct file_draft *draft, struct chunk_head *h)
{
    size_t size = h->count * sizeof(struct episode);
    cipher_seal(&w->seal, said_of(h), w->chunk, size, &h->mark);
    TRY(file_draft_put(draft, str_make((const char *)h, sizeof *h)));
    TRY(file_draft_put(draft, str_make((const char *)w->chunk, size)));
    h->number++;
    return OK;
}

/* The next ones from *slot on; others wait for so many to be copied. */
static uint32_t copy_some(struct warned *w, uint32_t *slot)
{
    uint32_t count = 0;
    env_mutex_lock(&w->mutex);
    for (; *slot < w->live.used && count < WARNED_CHUNK; ++*slot)
        if (w->live.episodes[*slot].about != 0)
            w->chunk[count++] = w->live.episodes[*slot];
    env_mutex_unlock(&w->mutex);
    return count;
}

static err put_all(struct warned *w, struct file_draft *draft)
{
    struct chunk_head h = {.episode_bytes = sizeof(struct episode)};
    uint32_t slot = 0;
    memcpy(h.magic, magic, sizeof magic);
    secret_random(&h.file, sizeof h.file);
    do {
        h.count = copy_some(w, &slot);
        TRY(put_chunk(w, draft, &h));
    } while (h.count > 0);
    return file_draft_seal(draft);
}

err warned_save(struct warned *w)
{
    struct file_draft draft;
    TRY(file_draft_open(w->path, FILE_PRIVATE, &draft));
    err e = put_all(w, &draft);
    file_draft_close(&draft);
    secret_wipe(w->chunk, sizeof w->chunk);
    TRY(e);
    env_mutex_lock(&w->mutex);
    w->counts.snapshots++;
    w->counts.snapshot_at = clock_now(&w->house->clock);
    env_mutex_unlock(&w->mutex);
    return OK;
}

/* --- reading --- */

static err damaged(uint32_t at)
{
    return fail(ERR_CORRUPT, "warned.damaged", at);
}

/* Whether it is the next chunk of the same file. */
static bool follows(const struct chunk_head *h, const struct chunk_head *before)
{
    return memcmp(h->magic, magic, sizeof magic) == 0 && h->count <= WARNED_CHUNK &&
           h->episode_bytes == sizeof(struct episode) && h->number == before->number &&
           (h->number == 0 || h->file == before->file);
}

static err read_chunk(struct warned *w, int fd, int64_t *at, struct chunk_head *h)
{
    static_assert(sizeof w->chunk == CHUNK_BYTES, "a chunk");
    struct chunk_head before = *h;
    struct pages room = {0};
    size_t count = 0;
    TRY(file_read_at(fd, *at, h, sizeof *h, &count));
    if (count != sizeof *h || !follows(h, &before))
        return damaged(before.number);
    size_t size = h->count * sizeof(struct episode);
    TRY(pages_make(CHUNK_BYTES, &room));
    err e = file_read_at(fd, *at + (int64_t)sizeof *h, room.at, size, &count);
    if (!failed(e) && count != size)
        e = damaged(h->number);
    /* Another key opens nothing of it; damage later on opens what came before. */
    if (!failed(e) &&
        !cipher_open(&w->seal, said_of(h), &h->mark, str_make(room.at, size), w->chunk))
        e = h->number == 0 ? fail(ERR_CORRUPT, "warned.other_key", 0) : damaged(h->number);
    pages_drop(&room);
    *at += (int64_t)(sizeof *h + size);
    return e;
}

static err load(struct warned *w, int fd)
{
    struct chunk_head h = {0};
    int64_t at = 0;
    TRY(read_chunk(w, fd, &at, &h));
    while (h.count > 0) {
        for (uint32_t i = 0; i < h.count; i++)
            w->counts.restored += live_restore(&w->live, &w->chunk[i]);
        h.number++;
        TRY(read_chunk(w, fd, &at, &h));
    }
    return OK;
}

err warned_load(struct warned *w)
{
    SCOPED(fd_end) int fd = -1;
    if (!file_exists(w->path))
        return OK;
    TRY(file_open_read(w->path, &fd));
    err e = load(w, fd);
    secret_wipe(w->chunk, sizeof w->chunk);
    return e;
}
