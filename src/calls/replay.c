/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the journal again: every whole batch of it, whatever is damaged between them. */
#include "calls/form.h"
#include "env/helper.h"

enum { PARTS_ALL = CALL_SETUP | CALL_ANSWER | CALL_END, DAY_S = 86400 };

/* --- what is whole --- */

static bool is_place(uint8_t at, unsigned places)
{
    return at == PLACE_NONE || at < places;
}

/* What the book asserts. A truth is a byte: what else stands there would be none. */
static bool is_sighting(const struct sighting *s)
{
    const uint8_t *bytes = (const uint8_t *)s;
    bool is_time = s->time_s > DAY_S && s->time_s < UINT32_MAX - DAY_S; /* hours end after it */
    return s->caller != 0 && s->callee != 0 && is_time && s->parts != 0 && s->parts <= PARTS_ALL &&
           bytes[offsetof(struct sighting, is_text)] <= 1 &&
           bytes[offsetof(struct sighting, is_from_abroad)] <= 1 &&
           is_place(s->imei, CONDUCT_IMEI_PLACES) && is_place(s->imsi, CONDUCT_IMSI_PLACES) &&
           is_place(s->cell, CONDUCT_CELL_PLACES);
}

static bool is_batch(str rest, struct batch_header *ret)
{
    if (rest.size < sizeof *ret)
        return false;
    memcpy(ret, rest.at, sizeof *ret);
    return ret->magic == BATCH_MAGIC && ret->count > 0 && ret->count <= CALLS_BATCH_MOST;
}

/* Its sightings are then in the t->plain that t->into says. */
static bool is_whole(const struct calls *c, struct segment_text *t, str rest,
                     struct batch_header *ret)
{
    if (!is_batch(rest, ret) || rest.size < calls_batch_bytes(ret->count))
        return false;
    struct sighting *rows = t->plain[t->into].at;
    str sealed = str_make(rest.at + sizeof *ret, ret->count * sizeof *rows);
    if (!cipher_open(&c->key, batch_said(ret), &ret->mark, sealed, rows))
        return false;
    for (uint32_t i = 0; i < ret->count; i++)
        if (!is_sighting(&rows[i]))
            return false;
    return true;
}

/* The next whole batch from there on; false: there is none. */
static bool find_batch(const struct calls *c, struct segment_text *t, int64_t *at,
                       struct batch_header *ret)
{
    for (; *at + (int64_t)sizeof *ret <= t->size; *at += (int64_t)sizeof(uint64_t))
        if (is_whole(c, t, segment_look(t, *at), ret))
            return true;
    return false;
}

static bool read_header(str file, uint32_t number, struct segment_header *ret)
{
    if (file.size < sizeof *ret)
        return false;
    memcpy(ret, file.at, sizeof *ret);
    return memcmp(ret->magic, segment_magic, sizeof ret->magic) == 0 && ret->number == number &&
           ret->check == hash_check(ret, offsetof(struct segment_header, check));
}

static bool is_used(const struct segment_header *h)
{
    return memcmp(h->used, segment_used, sizeof h->used) == 0;
}

/* --- one segment --- */

/* Sightings that were answered and are in no batch any more. */
static void miss(struct calls *c, uint32_t number, uint64_t place)
{
    if (place > c->sightings) {
        calls_hurt(
            c, CALLS_JOURNAL_KIND, number,
            &(struct calls_damage){.harm = CALLS_BATCHES_LOST, .lost = place - c->sightings});
        c->sightings = place;
    }
}

static void take_batch(struct calls *c, uint32_t number, const struct batch_header *h,
                       const struct sighting *rows)
{
    if (h->first < c->file_at)
        return;
    miss(c, number, h->first);
    (void)calls_count(c, rows, h->count, c->journal.form.at);
}

/* The next batch is read and opened while the one before it is taken. */
struct ahead {
    const struct calls *c; /* of which it reads the key alone */
    struct segment_text *t;
    int64_t at;
    struct batch_header header;
    bool is_found;
};

static void look_ahead(void *self)
{
    struct ahead *a = self;
    a->is_found = find_batch(a->c, a->t, &a->at, &a->header);
}

/* Where its last whole batch ends. */
static int64_t take_batches(struct calls *c, uint32_t number, struct segment_text *t)
{
    struct ahead a = {.c = c, .t = t, .at = sizeof(struct segment_header)};
    struct env_helper helper = {0};
    int64_t end = a.at;
    (void)env_helper_start(&helper, "journal"); /* without it, one after the other */
    look_ahead(&a);
    while (a.is_found) {
        struct batch_header h = a.header;
        const struct sighting *rows = t->plain[t->into].at;
        end = a.at += (int64_t)calls_batch_bytes(h.count);
        t->into = 1 - t->into;
        env_helper_ask(&helper, look_ahead, &a);
        take_batch(c, number, &h, rows);
        env_helper_wait(&helper);
    }
    env_helper_stop(&helper);
    return end;
}

/* Of batches that say that they come next, and are not whole: whoever stopped while one was written
 * has not answered it, whoever closed has. Nobody can tell, so they are lost. */
static uint64_t count_tail(const struct calls *c, struct segment_text *t, int64_t at)
{
    struct batch_header h;
    uint64_t lost = 0;
    while (at < t->size && is_batch(segment_look(t, at), &h) && h.first == c->sightings + lost) {
        lost += h.count;
        at += (int64_t)calls_batch_bytes(h.count);
    }
    return lost;
}

/* Of a tail that cannot be read nobody knows whether it was answered. */
static struct calls_damage judge_tail(const struct calls *c, struct segment_text *t, int64_t end)
{
    uint64_t lost = count_tail(c, t, end);
    if (lost > 0)
        return (struct calls_damage){.harm = CALLS_BATCHES_LOST, .lost = lost};
    if (t->unreadable > 0)
        return (struct calls_damage){.harm = CALLS_SEGMENT_LOST};
    return (struct calls_damage){.harm = CALLS_TAIL_TORN, .lost = (uint64_t)(t->size - end)};
}

static err go_on(struct calls *c, const char *path, int64_t end, struct segment_text *t)
{
    struct calls_journal *j = &c->journal;
    TRY(file_open_private(path, &j->fd));
    j->written = end;
    if (end == t->size)
        return OK;
    struct calls_damage damage = judge_tail(c, t, end);
    calls_hurt(c, CALLS_JOURNAL_KIND, j->segments[j->count - 1].number, &damage);
    return calls_journal_mend(j);
}

/* It has no batch. One that had some was cut down, and so was one that a file of the book names:
 * that was whole before the file was. Of any other nothing was ever answered. */
static err begin_again(struct calls *c, uint32_t number, const struct segment_text *t,
                       const struct segment_header *h)
{
    bool was_whole = h == NULL ? number == c->file_segment : is_used(h);
    if (was_whole)
        calls_hurt(c, CALLS_JOURNAL_KIND, number,
                   &(struct calls_damage){.harm = CALLS_SEGMENT_LOST});
    else if (h == NULL)
        calls_hurt(c, CALLS_JOURNAL_KIND, number,
                   &(struct calls_damage){.harm = CALLS_TAIL_TORN, .lost = (uint64_t)t->size});
    return calls_journal_begin(c, number);
}

static err put_segment(struct calls *c, uint32_t number, const struct segment_header *h)
{
    struct calls_journal *j = &c->journal;
    if (j->count == SEGMENTS_MOST)
        return fail(ERR_LIMIT, "calls: too many segments of the journal", number);
    if (h == NULL)
        calls_hurt(c, CALLS_JOURNAL_KIND, number,
                   &(struct calls_damage){.harm = CALLS_HEADER_DAMAGED});
    /* Without a header: the segments before it have what comes before that. */
    j->segments[j->count++] =
        (struct calls_segment){.number = number, .first = h == NULL ? c->sightings : h->first};
    j->is_used = h != NULL && is_used(h);
    return OK;
}

/* The last one of which nothing was ever answered is begun again, and says where it begins. */
static err take_text(struct calls *c, uint32_t number, struct segment_text *t, bool is_last)
{
    char path[FILE_PATH_BYTES];
    struct segment_header h;
    TRY(file_numbered(c->folder, CALLS_JOURNAL_KIND, number, path));
    bool is_good = read_header(segment_look(t, 0), number, &h);
    if (is_good && h.key_mark != c->key_mark)
        return fail(ERR_CONFLICT, "calls.other_key", number);
    if (is_good && h.first >= c->file_at)
        miss(c, number - 1, h.first);
    if (is_last && t->size <= (int64_t)sizeof h)
        return begin_again(c, number, t, is_good ? &h : NULL);
    TRY(put_segment(c, number, is_good ? &h : NULL));
    int64_t end = take_batches(c, number, t);
    return is_last ? go_on(c, path, end, t) : OK;
}

static err take_segment(struct calls *c, uint32_t number, bool is_last)
{
    struct segment_text t;
    char path[FILE_PATH_BYTES];
    TRY(file_numbered(c->folder, CALLS_JOURNAL_KIND, number, path));
    TRY(segment_open(path, &t));
    err e = take_text(c, number, &t, is_last);
    if (!failed(e) && t.unreadable > 0)
        calls_hurt(c, CALLS_JOURNAL_KIND, number,
                   &(struct calls_damage){.harm = CALLS_UNREADABLE, .lost = t.unreadable});
    segment_close(&t);
    return e;
}

/* --- all of them --- */

/* Unread: who has nothing of it needs it not. */
static bool is_at_or_before(const struct calls *c, uint32_t number, uint64_t place)
{
    struct segment_header h;
    char path[FILE_PATH_BYTES];
    size_t got = 0;
    SCOPED(fd_end) int fd = -1;
    if (failed(file_numbered(c->folder, CALLS_JOURNAL_KIND, number, path)) ||
        failed(file_open_read(path, &fd)) || failed(file_read_at(fd, 0, &h, sizeof h, &got)))
        return false;
    return read_header(str_make((const char *)&h, got), number, &h) && h.first <= place;
}

/* Where the newest segment that begins at the file's place, or before it, stands: what is older is
 * in the file, and need not even be whole. */
static size_t find_first(const struct calls *c, const struct file_names *names)
{
    uint32_t number = 0;
    for (size_t i = names->count; i > 0; i--)
        if (file_is_numbered(names->at[i - 1], CALLS_JOURNAL_KIND, &number) &&
            is_at_or_before(c, number, c->file_at))
            return i - 1;
    return 0;
}

static uint32_t last_number(const struct file_names *names)
{
    uint32_t number = 0;
    for (size_t i = 0; i < names->count; i++) /* sorted, and so are the numbers */
        (void)file_is_numbered(names->at[i], CALLS_JOURNAL_KIND, &number);
    return number;
}

/* The one that the newest file names was there; and after it there is none. */
static err begin_lost(struct calls *c)
{
    calls_hurt(c, CALLS_JOURNAL_KIND, c->file_segment,
               &(struct calls_damage){.harm = CALLS_SEGMENT_LOST});
    return calls_journal_begin(c, c->file_segment);
}

err calls_replay(struct calls *c, const struct file_names *names)
{
    uint32_t number = 0;
    uint32_t last = last_number(names);
    c->sightings = c->file_at;
    for (size_t i = find_first(c, names); i < names->count; i++)
        if (file_is_numbered(names->at[i], CALLS_JOURNAL_KIND, &number))
            TRY(take_segment(c, number, number == last));
    if (last < c->file_segment)
        return begin_lost(c);
    return last > 0 ? OK : calls_journal_begin(c, 1);
}

/* One that was being begun when all stopped has no batch, and perhaps no header. */
static bool is_from_nothing(const struct calls *c, uint32_t number, struct segment_text *t,
                            struct book_settings *settings)
{
    struct segment_header h;
    struct batch_header batch;
    int64_t at = sizeof h;
    if (!read_header(segment_look(t, 0), number, &h))
        return number == 1 ||
               (find_batch(c, t, &at, &batch) ? batch.first == 0 : t->size <= (int64_t)sizeof h);
    *settings = (struct book_settings){.numbers_most = h.numbers_most,
                                       .calls_most = h.calls_most,
                                       .window_h = h.window_h,
                                       .zone_s = h.zone_s,
                                       .handsets_most = h.handsets_most};
    return h.first == 0;
}

bool calls_began(const struct calls *c, const struct file_names *names,
                 struct book_settings *settings)
{
    uint32_t number = 0;
    struct segment_text t;
    char path[FILE_PATH_BYTES];
    size_t i = 0;
    while (i < names->count && !file_is_numbered(names->at[i], CALLS_JOURNAL_KIND, &number))
        i++;
    if (i == names->count)
        return true;
    if (failed(file_numbered(c->folder, CALLS_JOURNAL_KIND, number, path)) ||
        failed(segment_open(path, &t)))
        return false;
    bool is_first = is_from_nothing(c, number, &t, settings);
    segment_close(&t);
    return is_first;
}
