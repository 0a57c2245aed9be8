/* SPDX-License-Identifier: Apache-2.0 */
/* Retention: runs, then the segments and tables of ids of which no run has a row any more. */
#include "runs/inside.h"

enum { AGED_EACH_MS = 24 * 3600 * 1000 };

static void retire_run(struct runs *r, uint32_t at)
{
    retire(r, &r->sealed[at].file, NULL);
    r->sealed[at] = r->sealed[--r->sealed_count];
}

static uint32_t forget_runs(struct runs *r, int64_t before_ms, uint32_t numbers[SEALED_MOST])
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < r->sealed_count;) {
        if (r->sealed[i].run.last_ms >= before_ms) {
            i++;
            continue;
        }
        numbers[count++] = r->sealed[i].run.number;
        retire_run(r, i);
    }
    return count;
}

/* Rows of a segment lie in runs of their periods, the latest of which may outlive them by one. */
static uint32_t forget_segments(struct runs *r, int64_t before_ms)
{
    uint32_t count = 0;
    while (count < r->segment_count &&
           r->segments[count].last_ms < before_ms - (INT64_C(1) << PERIOD_SHIFT))
        count++;
    return count;
}

static err drop_file(struct runs *r, const char *kind, uint32_t number)
{
    char path[FILE_PATH_BYTES];
    TRY(file_numbered(r->folder, kind, number, path));
    return file_drop(path);
}

static err drop_ids(struct runs *r, uint32_t segment_before)
{
    for (uint32_t i = 0; i < r->id_file_count;) {
        struct id_file *f = &r->id_files[i];
        if (f->segment_last >= segment_before) {
            i++;
            continue;
        }
        TRY(drop_file(r, "ids", f->number));
        pages_drop(&f->file);
        memmove(f, f + 1, (r->id_file_count - i - 1) * sizeof *f);
        r->id_file_count--;
    }
    return OK;
}

static void drop_blocks(struct runs *r, uint32_t segment_before)
{
    struct journal_block *blocks = r->journal.blocks.pages.at;
    size_t gone = 0;
    while (gone < r->journal.blocks.count && blocks[gone].segment < segment_before)
        gone++;
    r->journal.blocks.count -= gone;
    memmove(blocks, blocks + gone, r->journal.blocks.count * sizeof *blocks);
}

static err drop_segments(struct runs *r, uint32_t count)
{
    struct segment gone[SEGMENTS_MOST];
    memcpy(gone, r->segments, count * sizeof *gone);
    r->segment_count -= count;
    memmove(r->segments, r->segments + count, r->segment_count * sizeof *gone);
    uint32_t before = gone[count - 1].number + 1;
    drop_blocks(r, before);
    TRY(drop_ids(r, before));
    TRY(manifest_write(r));
    for (uint32_t i = 0; i < count; i++)
        TRY(drop_file(r, "journal", gone[i].number));
    return OK;
}

/* A tail that is slow to fill would keep its rows beyond their time. Once a day at most: late rows
 * may come at any time. */
static bool is_aged(const struct runs *r, int64_t now_ms)
{
    return r->tail->count > 0 && r->tail->base_ms < now_ms - r->keep_ms &&
           (r->aged_ms == 0 || now_ms - r->aged_ms >= AGED_EACH_MS);
}

err retention(struct runs *r, int64_t now_ms)
{
    uint32_t numbers[SEALED_MOST];
    if (r->keep_ms == 0)
        return OK;
    if (is_aged(r, now_ms)) {
        r->aged_ms = now_ms;
        return seal_begin(r);
    }
    uint32_t runs = forget_runs(r, now_ms - r->keep_ms, numbers);
    uint32_t segments = forget_segments(r, now_ms - r->keep_ms);
    if (runs == 0 && segments == 0)
        return OK;
    r->is_changed = true;
    TRY(show(r));
    TRY(manifest_write(r));
    for (uint32_t i = 0; i < runs; i++)
        TRY(drop_file(r, "run", numbers[i]));
    return segments == 0 ? OK : drop_segments(r, segments);
}
