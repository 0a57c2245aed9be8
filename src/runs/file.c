/* SPDX-License-Identifier: Apache-2.0 */
/* Runs, tables of ids and account keys as files: a header, sections, a check over all of them. */
#include "kit/hash.h"
#include "runs/inside.h"

enum { SECTION_ALIGN = 64, SECTIONS = 9, FILE_MOST_SHIFT = 40 };
#define FILE_MOST ((size_t)1 << FILE_MOST_SHIFT)
static const char run_magic[8] = "YUMENTR2";
static const char ids_magic[8] = "YUMENTI1";

struct section {
    uint64_t at; /* in the file */
    uint64_t bytes;
};

/* rows, ordinals, ins, then of out and of in: accounts (lines or sorted), starts; balances, and
 * those apart. A run of the first form, without these, is made again from the journal. */
struct run_header {
    char magic[8];
    uint32_t number;
    uint32_t count;
    int64_t first_ms;
    int64_t last_ms;
    int64_t period;
    uint32_t account_end;
    uint32_t out_count;
    uint32_t in_count;
    uint32_t has_lines; /* 1: out, 2: in */
    struct section sections[SECTIONS];
    uint64_t sections_check; /* over the bytes of all sections */
    uint64_t check;          /* over what stands before it */
};

struct ids_header {
    char magic[8];
    uint32_t number;
    uint32_t segment_first;
    uint32_t segment_last;
    uint32_t unused;
    uint64_t line_count;
    uint64_t count;
    uint64_t lines_check;
    uint64_t check;
};
static_assert(sizeof(struct ids_header) % 8 == 0, "no gap before its end");

static uint64_t aligned(uint64_t at)
{
    return (at + SECTION_ALIGN - 1) / SECTION_ALIGN * SECTION_ALIGN;
}

/* --- runs --- */

struct part {
    const void *at;
    size_t bytes;
};

static size_t line_bytes(const struct trail_directory *d)
{
    return ((size_t)d->account_end / DIRECTORY_LINE_ACCOUNTS + 1) * DIRECTORY_WORDS * 8;
}

static struct part accounts_of(const struct trail_directory *d)
{
    return d->lines != NULL ? (struct part){d->lines, line_bytes(d)}
                            : (struct part){d->accounts, (size_t)d->count * 4};
}

static struct part starts_of(const struct trail_directory *d)
{
    return (struct part){d->starts, ((size_t)d->count + 1) * 4};
}

static void list_parts(const struct trail_run *run, struct part parts[SECTIONS])
{
    parts[0] = (struct part){run->rows, (size_t)run->count * sizeof(struct trail_row)};
    parts[1] = (struct part){run->ordinals, (size_t)run->count * 4};
    parts[2] = (struct part){run->ins, (size_t)run->count * 4};
    parts[3] = accounts_of(&run->out);
    parts[4] = starts_of(&run->out);
    parts[5] = accounts_of(&run->in);
    parts[6] = starts_of(&run->in);
    parts[7] = (struct part){run->balances, run->balances == NULL ? 0 : (size_t)run->count * 4};
    parts[8] = (struct part){run->wides, run->wide_count * sizeof(struct trail_wide)};
}

static void fill_header(const struct trail_run *run, const struct part parts[SECTIONS],
                        struct run_header *h)
{
    *h = (struct run_header){.number = run->number,
                             .count = run->count,
                             .first_ms = run->first_ms,
                             .last_ms = run->last_ms,
                             .period = run->first_ms >> PERIOD_SHIFT,
                             .account_end = run->out.account_end,
                             .out_count = run->out.count,
                             .in_count = run->in.count,
                             .has_lines = (run->out.lines != NULL ? 1U : 0U) |
                                          (run->in.lines != NULL ? 2U : 0U)};
    memcpy(h->magic, run_magic, sizeof h->magic);
    uint64_t at = aligned(sizeof *h);
    for (size_t i = 0; i < SECTIONS; i++) {
        h->sections[i] = (struct section){.at = at, .bytes = parts[i].bytes};
        at = aligned(at + parts[i].bytes);
        h->sections_check = hash_key(parts[i].at, parts[i].bytes, h->sections_check);
    }
    h->check = hash_check(h, offsetof(struct run_header, check));
}

static err put_part(struct file_draft *draft, const void *at, size_t bytes)
{
    static const char nothing[SECTION_ALIGN];
    enum { PIECE = 4 << 20 };
    for (size_t done = 0; done < bytes; done += PIECE) {
        size_t here = bytes - done < PIECE ? bytes - done : (size_t)PIECE;
        TRY(file_draft_put(draft, str_make((const char *)at + done, here)));
    }
    return file_draft_put(draft, str_make(nothing, aligned(bytes) - bytes));
}

static err put_run(struct file_draft *draft, const struct run_header *h,
                   const struct part parts[SECTIONS])
{
    TRY(put_part(draft, h, sizeof *h));
    for (size_t i = 0; i < SECTIONS; i++)
        TRY(put_part(draft, parts[i].at, parts[i].bytes));
    return file_draft_seal(draft);
}

err run_file_write(struct runs *r, const struct trail_run *run, struct sealed *ret_sealed)
{
    char path[FILE_PATH_BYTES];
    struct part parts[SECTIONS];
    struct run_header h;
    struct file_draft draft;
    list_parts(run, parts);
    fill_header(run, parts, &h);
    TRY(file_numbered(r->folder, "run", run->number, path));
    TRY(file_draft_open(path, FILE_PRIVATE, &draft));
    err e = put_run(&draft, &h, parts);
    file_draft_close(&draft);
    TRY(e);
    return run_file_open(r, run->number, ret_sealed);
}

static err check_header(const struct run_header *h, uint32_t number, size_t size)
{
    if (size < sizeof *h || memcmp(h->magic, run_magic, sizeof h->magic) != 0 ||
        h->number != number || h->check != hash_check(h, offsetof(struct run_header, check)))
        return fail(ERR_CORRUPT, "runs: a run's header is damaged", number);
    for (size_t i = 0; i < SECTIONS; i++)
        if (h->sections[i].at > size || h->sections[i].bytes > size - h->sections[i].at)
            return fail(ERR_CORRUPT, "runs: a run is cut short", number);
    return OK;
}

static void point(const struct run_header *h, const char *file, struct trail_run *run)
{
    const void *at[SECTIONS];
    for (size_t i = 0; i < SECTIONS; i++)
        at[i] = file + h->sections[i].at;
    *run = (struct trail_run){.rows = at[0],
                              .ordinals = at[1],
                              .ins = at[2],
                              .count = h->count,
                              .first_ms = h->first_ms,
                              .last_ms = h->last_ms,
                              .number = h->number};
    run->balances = h->sections[7].bytes == 0 ? NULL : at[7];
    run->wides = at[8];
    run->wide_count = (uint32_t)(h->sections[8].bytes / sizeof(struct trail_wide));
    run->out = (struct trail_directory){
        .starts = at[4], .count = h->out_count, .account_end = h->account_end};
    run->in = (struct trail_directory){
        .starts = at[6], .count = h->in_count, .account_end = h->account_end};
    run->out.lines = (h->has_lines & 1) != 0 ? at[3] : NULL;
    run->out.accounts = (h->has_lines & 1) != 0 ? NULL : at[3];
    run->in.lines = (h->has_lines & 2) != 0 ? at[5] : NULL;
    run->in.accounts = (h->has_lines & 2) != 0 ? NULL : at[5];
}

static err check_sections(const struct run_header *h, const char *file)
{
    uint64_t check = 0;
    for (size_t i = 0; i < SECTIONS; i++)
        check = hash_key(file + h->sections[i].at, h->sections[i].bytes, check);
    if (check != h->sections_check)
        return fail(ERR_CORRUPT, "runs: a run is damaged", h->number);
    return OK;
}

err run_file_open(struct runs *r, uint32_t number, struct sealed *ret_sealed)
{
    char path[FILE_PATH_BYTES];
    struct pages file = {0};
    TRY(file_numbered(r->folder, "run", number, path));
    TRY(pages_map(path, FILE_MOST, &file));
    const struct run_header *h = file.at;
    err e = check_header(h, number, file.size);
    if (!failed(e))
        e = check_sections(h, file.at);
    if (failed(e)) {
        pages_drop(&file);
        return e;
    }
    *ret_sealed = (struct sealed){.file = file, .period = h->period};
    point(h, file.at, &ret_sealed->run);
    return OK;
}

/* --- tables of ids --- */

static size_t ids_bytes(const struct ids *ids)
{
    return ids->line_count * sizeof(struct ids_line);
}

err ids_file_write(struct runs *r, const struct ids *ids, struct id_file *file)
{
    char path[FILE_PATH_BYTES];
    struct file_draft draft;
    struct ids_header h = {.number = file->number,
                           .segment_first = file->segment_first,
                           .segment_last = file->segment_last,
                           .line_count = ids->line_count,
                           .count = ids->count,
                           .lines_check = hash_check(ids->lines, ids_bytes(ids))};
    memcpy(h.magic, ids_magic, sizeof h.magic);
    h.check = hash_check(&h, offsetof(struct ids_header, check));
    TRY(file_numbered(r->folder, "ids", file->number, path));
    TRY(file_draft_open(path, FILE_PRIVATE, &draft));
    err e = put_part(&draft, &h, sizeof h);
    if (!failed(e))
        e = put_part(&draft, ids->lines, ids_bytes(ids));
    if (!failed(e))
        e = file_draft_seal(&draft);
    file_draft_close(&draft);
    TRY(e);
    return ids_file_open(r, file);
}

static err check_ids(const struct pages *file, uint32_t number, struct ids *ret_ids)
{
    const struct ids_header *h = file->at;
    uint64_t begin = aligned(sizeof *h);
    if (file->size < begin || memcmp(h->magic, ids_magic, sizeof h->magic) != 0 ||
        h->number != number || h->check != hash_check(h, offsetof(struct ids_header, check)) ||
        h->line_count > (file->size - begin) / sizeof(struct ids_line))
        return fail(ERR_CORRUPT, "runs: a table of ids has no good header", number);
    *ret_ids = (struct ids){.lines = (void *)((char *)file->at + begin),
                            .line_count = h->line_count,
                            .count = h->count};
    if (hash_check(ret_ids->lines, ids_bytes(ret_ids)) != h->lines_check)
        return fail(ERR_CORRUPT, "runs: a table of ids is damaged", number);
    return OK;
}

err ids_file_open(struct runs *r, struct id_file *file)
{
    char path[FILE_PATH_BYTES];
    TRY(file_numbered(r->folder, "ids", file->number, path));
    TRY(pages_map(path, FILE_MOST, &file->file));
    err e = check_ids(&file->file, file->number, &file->ids);
    if (failed(e)) {
        pages_drop(&file->file);
        return e;
    }
    const struct ids_header *h = file->file.at;
    file->segment_first = h->segment_first;
    file->segment_last = h->segment_last;
    return OK;
}

/* --- account keys: a file that grows; the manifest says how much of it counts --- */

static err append_from(const struct runs *r, const char *kind, int64_t at,
                       err (*put)(const struct runs *r, int fd, int64_t at, uint64_t end),
                       uint64_t end)
{
    char path[FILE_PATH_BYTES];
    SCOPED(fd_end) int fd = -1;
    TRY(file_numbered(r->folder, kind, 0, path));
    TRY(file_open_private(path, &fd));
    TRY(put(r, fd, at, end));
    return file_sync(fd);
}

static err put_keys(const struct runs *r, int fd, int64_t at, uint64_t end)
{
    uint64_t number = (uint64_t)at / sizeof(struct account_key);
    uint64_t last = end / sizeof(struct account_key);
    while (number < last) {
        uint64_t chunk_end = (number / ACCOUNT_CHUNK + 1) * ACCOUNT_CHUNK;
        uint64_t here = (last < chunk_end ? last : chunk_end) - number;
        str bytes = str_make((const char *)accounts_at(&r->accounts, (uint32_t)number),
                             here * sizeof(struct account_key));
        TRY(file_put_end(fd, (int64_t)(number * sizeof(struct account_key)), bytes));
        number += here;
    }
    return OK;
}

static err put_texts(const struct runs *r, int fd, int64_t at, uint64_t end)
{
    uint64_t done = (uint64_t)at;
    while (done < end) {
        uint64_t chunk_end = (done / TEXT_CHUNK_BYTES + 1) * TEXT_CHUNK_BYTES;
        uint64_t here = (end < chunk_end ? end : chunk_end) - done;
        const char *text = r->accounts.texts[done / TEXT_CHUNK_BYTES].at;
        TRY(file_put_end(fd, (int64_t)done, str_make(text + done % TEXT_CHUNK_BYTES, here)));
        done += here;
    }
    return OK;
}

err accounts_write(struct runs *r, uint32_t count)
{
    uint32_t before = r->accounts_on_disk;
    TRY(append_from(r, "accounts", (int64_t)before * (int64_t)sizeof(struct account_key), put_keys,
                    (uint64_t)count * sizeof(struct account_key)));
    return append_from(r, "texts", (int64_t)accounts_text_end(&r->accounts, before), put_texts,
                       accounts_text_end(&r->accounts, count));
}

static err map_begin(struct runs *r, const char *kind, uint64_t bytes, struct pages *ret)
{
    char path[FILE_PATH_BYTES];
    *ret = (struct pages){0};
    if (bytes == 0)
        return OK;
    TRY(file_numbered(r->folder, kind, 0, path));
    TRY(pages_map(path, FILE_MOST, ret));
    if (ret->size >= bytes)
        return OK;
    pages_drop(ret);
    return fail(ERR_CORRUPT, "runs: account keys are cut short", 0);
}

err accounts_read(struct runs *r, uint32_t count, uint64_t text_bytes, uint64_t check)
{
    struct pages keys = {0};
    struct pages texts = {0};
    err e = map_begin(r, "accounts", (uint64_t)count * sizeof(struct account_key), &keys);
    if (!failed(e))
        e = map_begin(r, "texts", text_bytes, &texts);
    if (!failed(e))
        e = accounts_load(&r->accounts,
                          str_make(keys.at, (size_t)count * sizeof(struct account_key)),
                          str_make(texts.at, text_bytes));
    pages_drop(&keys);
    pages_drop(&texts);
    TRY(e);
    if (accounts_check(&r->accounts, count) != check)
        return fail(ERR_CORRUPT, "runs: account keys are damaged", 0);
    r->accounts_on_disk = count;
    return OK;
}
