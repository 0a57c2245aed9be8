/* SPDX-License-Identifier: Apache-2.0 */
/* Writing the journal: a segment for each file of the book, batches that say their own place. */
#include "calls/form.h"
#include "kit/hash.h"

#include <assert.h>

size_t calls_batch_bytes(size_t count)
{
    return sizeof(struct batch_header) + count * sizeof(struct sighting);
}

static void form_header(const struct calls *c, const struct calls_segment *s,
                        struct segment_header *h)
{
    *h = (struct segment_header){.number = s->number,
                                 .first = s->first,
                                 .numbers_most = c->settings.numbers_most,
                                 .window_h = c->settings.window_h,
                                 .calls_most = c->settings.calls_most,
                                 .zone_s = c->settings.zone_s,
                                 .handsets_most = c->settings.handsets_most,
                                 .key_mark = c->key_mark};
    memcpy(h->magic, segment_magic, sizeof h->magic);
    h->check = hash_check(h, offsetof(struct segment_header, check));
}

static err write_segment(const struct calls *c, const struct calls_segment *s, int fd)
{
    struct segment_header h;
    form_header(c, s, &h);
    TRY(file_cut(fd, 0));
    TRY(file_put_end(fd, 0, str_make((const char *)&h, sizeof h)));
    TRY(file_sync(fd));
    return file_sync_folder(c->folder);
}

/* The one before stays the live one until this one is on the disk. */
err calls_journal_begin(struct calls *c, uint32_t number)
{
    char path[FILE_PATH_BYTES];
    struct calls_journal *j = &c->journal;
    const struct calls_segment s = {.number = number, .first = c->sightings};
    SCOPED(fd_end) int fd = -1;
    if (j->is_torn)
        TRY(calls_journal_mend(j));
    if (j->count == SEGMENTS_MOST)
        return fail(ERR_LIMIT, "calls: too many segments of the journal", number);
    TRY(file_numbered(c->folder, CALLS_JOURNAL_KIND, number, path));
    TRY(file_open_private(path, &fd));
    TRY(write_segment(c, &s, fd));
    fd_end(&j->fd);
    j->fd = fd_take(&fd);
    j->written = sizeof(struct segment_header);
    j->is_used = false;
    j->segments[j->count++] = s;
    return OK;
}

/* --- batches --- */

/* Field by field: what lies between them is zero. */
static void form_sighting(const struct sighting *s, struct sighting *to)
{
    memset(to, 0, sizeof *to);
    to->caller = s->caller;
    to->callee = s->callee;
    to->pair = s->pair;
    to->handset = s->handset;
    to->id = s->id;
    to->time_s = s->time_s;
    to->duration_s = s->duration_s;
    to->parts = s->parts;
    to->is_text = s->is_text;
    to->is_from_abroad = s->is_from_abroad;
    to->imei = s->imei;
    to->imsi = s->imsi;
    to->cell = s->cell;
}

/* Its place is where the calls are: it is counted next. */
static str form_batch(const struct calls *c, const struct sighting *s, size_t count)
{
    char *at = c->journal.form.at;
    struct batch_header h = {.magic = BATCH_MAGIC, .count = (uint32_t)count, .first = c->sightings};
    struct sighting *to = (void *)(at + sizeof h);
    for (size_t i = 0; i < count; i++)
        form_sighting(&s[i], &to[i]);
    cipher_seal(&c->key, batch_said(&h), to, count * sizeof *to, &h.mark);
    memcpy(at, &h, sizeof h);
    return str_make(at, calls_batch_bytes(count));
}

err calls_journal_mend(struct calls_journal *j)
{
    TRY(file_cut(j->fd, j->written));
    TRY(file_sync(j->fd));
    j->is_torn = false;
    return OK;
}

/* After the first batch of a segment: were it cut down to its header, nobody would miss anything.
 * Where this fails, the next batch tries again. */
static void say_used(struct calls_journal *j)
{
    int64_t at = offsetof(struct segment_header, used);
    str used = str_make(segment_used, sizeof segment_used);
    if (!j->is_used)
        j->is_used = !failed(file_write_at(j->fd, at, used)) && !failed(file_sync(j->fd));
}

err calls_journal_put(struct calls *c, const struct sighting *s, size_t count)
{
    struct calls_journal *j = &c->journal;
    assert(count > 0 && count <= CALLS_BATCH_MOST);
    if (j->is_torn)
        TRY(calls_journal_mend(j));
    str bytes = form_batch(c, s, count);
    j->is_torn = true;
    err e = file_put_end(j->fd, j->written, bytes);
    if (!failed(e))
        e = file_sync(j->fd);
    if (failed(e)) {
        (void)calls_journal_mend(j); /* or whoever writes next does */
        return e;
    }
    j->is_torn = false;
    j->written += (int64_t)bytes.size;
    say_used(j);
    return OK;
}

/* Those that were not even read on opening go as well. */
err calls_journal_drop(struct calls *c, const struct file_names *names)
{
    char path[FILE_PATH_BYTES];
    struct calls_journal *j = &c->journal;
    uint32_t number = 0;
    uint32_t gone = 0;
    while (gone + 1 < j->count && j->segments[gone + 1].first <= c->file_at)
        gone++;
    for (size_t i = 0; i < names->count; i++) {
        if (!file_is_numbered(names->at[i], CALLS_JOURNAL_KIND, &number) ||
            number >= j->segments[gone].number)
            continue;
        TRY(file_numbered(c->folder, CALLS_JOURNAL_KIND, number, path));
        TRY(file_drop(path));
    }
    j->count -= gone;
    memmove(j->segments, j->segments + gone, j->count * sizeof *j->segments);
    return OK;
}
