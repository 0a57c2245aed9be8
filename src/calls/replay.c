/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the journal again: every whole batch of it, whatever is damaged between them. */
#include "calls/form.h"

enum { PARTS_ALL = CALL_SETUP | CALL_ANSWER | CALL_END, FILE_MOST_SHIFT = 40, DAY_S = 86400 };
#define FILE_MOST ((size_t)1 << FILE_MOST_SHIFT)

/* --- what is whole --- */

static bool is_place(uint8_t at, unsigned places)
{
    return at == PLACE_NONE || at < places;
}

/* What the book asserts. A truth is a byte: what else stands there would be none. */
static bool is_sighting(const struct sighting *s)
{
    const uint8_t *bytes = (const uint8_t *)s;
    return s->caller != 0 && s->callee != 0 && s->time_s > DAY_S && s->parts != 0 &&
           s->parts <= PARTS_ALL && bytes[offsetof(struct sighting, is_text)] <= 1 &&
           bytes[offsetof(struct sighting, is_from_abroad)] <= 1 &&
           is_place(s->imei, CONDUCT_IMEI_PLACES) && is_place(s->imsi, CONDUCT_IMSI_PLACES) &&
           is_place(s->cell, CONDUCT_CELL_PLACES);
}

static bool is_whole(str rest, struct batch_header *ret)
{
    if (rest.size < sizeof *ret)
        return false;
    memcpy(ret, rest.at, sizeof *ret);
    if (ret->magic != BATCH_MAGIC || ret->count == 0 || ret->count > CALLS_BATCH_MOST ||
        rest.size < calls_batch_bytes(ret->count))
        return false;
    const struct sighting *rows = (const void *)(rest.at + sizeof *ret);
    if (batch_check(ret, rows) != ret->check)
        return false;
    for (uint32_t i = 0; i < ret->count; i++)
        if (!is_sighting(&rows[i]))
            return false;
    return true;
}

/* The next whole batch from here on; false: there is none. */
static bool find_batch(str *rest, struct batch_header *ret)
{
    while (rest->size >= sizeof *ret && !is_whole(*rest, ret))
        *rest = str_from(*rest, sizeof(uint64_t));
    return rest->size >= sizeof *ret;
}

static bool read_header(str file, uint32_t number, struct segment_header *ret)
{
    if (file.size < sizeof *ret)
        return false;
    memcpy(ret, file.at, sizeof *ret);
    return memcmp(ret->magic, segment_magic, sizeof ret->magic) == 0 && ret->number == number &&
           ret->check == hash_check(ret, offsetof(struct segment_header, check));
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

/* Where its last whole batch ends. */
static size_t take_batches(struct calls *c, uint32_t number, str file)
{
    struct batch_header h;
    size_t end = sizeof(struct segment_header);
    str rest = str_from(file, end);
    while (find_batch(&rest, &h)) {
        take_batch(c, number, &h, (const void *)(rest.at + sizeof h));
        rest = str_from(rest, calls_batch_bytes(h.count));
        end = file.size - rest.size;
    }
    return end;
}

/* Of batches that say that they come next, and are not whole: whoever stopped while one was written
 * has not answered it, whoever closed has. Nobody can tell, so they are lost. */
static uint64_t count_tail(const struct calls *c, str rest)
{
    struct batch_header h;
    uint64_t lost = 0;
    while (rest.size >= sizeof h) {
        memcpy(&h, rest.at, sizeof h);
        if (h.magic != BATCH_MAGIC || h.count == 0 || h.count > CALLS_BATCH_MOST ||
            h.first != c->sightings + lost)
            break;
        lost += h.count;
        if (rest.size < calls_batch_bytes(h.count))
            break;
        rest = str_from(rest, calls_batch_bytes(h.count));
    }
    return lost;
}

static err go_on(struct calls *c, const char *path, size_t end, str file)
{
    struct calls_journal *j = &c->journal;
    TRY(file_open_private(path, &j->fd));
    j->written = (int64_t)end;
    if (end == file.size)
        return OK;
    uint64_t lost = count_tail(c, str_from(file, end));
    calls_hurt(c, CALLS_JOURNAL_KIND, j->segments[j->count - 1].number,
               &(struct calls_damage){.harm = lost > 0 ? CALLS_BATCHES_LOST : CALLS_TAIL_TORN,
                                      .lost = lost > 0 ? lost : file.size - end});
    return calls_journal_mend(j);
}

/* The last one of which nothing was ever answered is begun again, and says where it begins. */
static err take_segment(struct calls *c, uint32_t number, str file, bool is_last)
{
    char path[FILE_PATH_BYTES];
    struct calls_journal *j = &c->journal;
    struct segment_header h;
    TRY(file_numbered(c->folder, CALLS_JOURNAL_KIND, number, path));
    bool is_good = read_header(file, number, &h);
    if (is_good && h.first >= c->file_at)
        miss(c, number - 1, h.first);
    if (is_last && file.size <= sizeof h) {
        if (!is_good)
            calls_hurt(c, CALLS_JOURNAL_KIND, number,
                       &(struct calls_damage){.harm = CALLS_TAIL_TORN, .lost = file.size});
        return calls_journal_begin(c, number);
    }
    if (j->count == SEGMENTS_MOST)
        return fail(ERR_LIMIT, "calls: too many segments of the journal", number);
    if (!is_good) {
        h.first = c->sightings; /* the segments before it have what comes before that */
        calls_hurt(c, CALLS_JOURNAL_KIND, number,
                   &(struct calls_damage){.harm = CALLS_HEADER_DAMAGED});
    }
    j->segments[j->count++] = (struct calls_segment){.number = number, .first = h.first};
    size_t end = take_batches(c, number, file);
    return is_last ? go_on(c, path, end, file) : OK;
}

/* --- all of them --- */

static err map_segment(const struct calls *c, uint32_t number, struct pages *ret)
{
    char path[FILE_PATH_BYTES];
    TRY(file_numbered(c->folder, CALLS_JOURNAL_KIND, number, path));
    return pages_map(path, FILE_MOST, ret);
}

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

err calls_replay(struct calls *c, const struct file_names *names)
{
    uint32_t number = 0;
    uint32_t last = last_number(names);
    c->sightings = c->file_at;
    for (size_t i = find_first(c, names); i < names->count; i++) {
        struct pages file;
        if (!file_is_numbered(names->at[i], CALLS_JOURNAL_KIND, &number))
            continue;
        TRY(map_segment(c, number, &file));
        err e = take_segment(c, number, str_make(file.at, file.size), number == last);
        pages_drop(&file);
        TRY(e);
    }
    if (last > 0)
        return OK;
    if (c->file > 0) /* it had one, and nobody knows how much was in it */
        calls_hurt(c, CALLS_JOURNAL_KIND, 0, &(struct calls_damage){.harm = CALLS_BATCHES_LOST});
    return calls_journal_begin(c, 1);
}

/* One that was being begun when all stopped has no batch, and perhaps no header. */
static bool is_from_nothing(str file, uint32_t number, struct book_settings *settings)
{
    struct segment_header h;
    struct batch_header batch;
    str rest = str_from(file, sizeof h);
    if (!read_header(file, number, &h))
        return number == 1 ||
               (find_batch(&rest, &batch) ? batch.first == 0 : file.size <= sizeof h);
    *settings = (struct book_settings){.numbers_most = h.numbers_most,
                                       .calls_most = h.calls_most,
                                       .window_h = h.window_h,
                                       .zone_s = h.zone_s};
    return h.first == 0;
}

bool calls_began(const struct calls *c, const struct file_names *names,
                 struct book_settings *settings)
{
    uint32_t number = 0;
    struct pages file;
    size_t i = 0;
    while (i < names->count && !file_is_numbered(names->at[i], CALLS_JOURNAL_KIND, &number))
        i++;
    if (i == names->count)
        return true;
    if (failed(map_segment(c, number, &file)))
        return false;
    bool is_first = is_from_nothing(str_make(file.at, file.size), number, settings);
    pages_drop(&file);
    return is_first;
}
