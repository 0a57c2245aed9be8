/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: whatever stands in the folder of the book of calls, it is opened or refused, also where the
 * bytes are sealed with the right key: what was found is said, and what is open can be closed,
 * opened again as the same, and go on.
 * Method: a folder with a file of the book and its journal, made once. The input writes bytes into
 * one of them, or puts batches behind the journal: sealed, of sightings that are any bytes, at
 * their place or at another, whole or cut off.
 */
#include "calls/form.h"

#include "kit_fuzz.h"

#include <stdio.h>
#include <unistd.h>

enum {
    NUMBERS = 256,
    CALLS = 1024,
    FILES = 6,
    FILE_BYTES = 1 << 20,
    ROWS = 4,
    OPS = 8,
    PATH_BYTES = 128,
    NOON_S = 1795345200,
    DAY_S = 86400
};

static const struct cipher_key key = {
    .bytes = {7, 1, 1}
};

struct held {
    char name[32];
    char bytes[FILE_BYTES];
    size_t size;
};

static struct held made[FILES];
static struct held files[FILES];
static size_t file_count;
static uint64_t place; /* behind all that was journaled */
static char folder[64];

static err try_open(struct calls **ret)
{
    const struct calls_settings settings = {
        .dir = str_from_c(folder),
        .key = key,
        .book = {.numbers_most = NUMBERS,
                 .calls_most = CALLS,
                 .window_h = BOOK_WINDOW_H,
                 .handsets_most = NUMBERS},
    };
    return calls_open(&settings, ret);
}

static void put_files(void)
{
    char path[PATH_BYTES];
    for (size_t i = 0; i < file_count; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, files[i].name);
        FILE *f = fopen(path, "wb");
        must(f != NULL && fwrite(files[i].bytes, 1, files[i].size, f) == files[i].size);
        must(fclose(f) == 0);
    }
}

static void clear_folder(void)
{
    char path[PATH_BYTES];
    struct arena a;
    struct file_names names;
    arena_init(&a, CALLS_NAMES_BYTES);
    must(!failed(file_list(folder, &a, &names)));
    for (size_t i = 0; i < names.count; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, names.at[i].at);
        must(unlink(path) == 0);
    }
    must(rmdir(folder) == 0);
    arena_done(&a);
}

static void begin_folder(void)
{
    (void)snprintf(folder, sizeof folder, "%s/yumen-fuzz-XXXXXX",
                   access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    must(mkdtemp(folder) != NULL);
}

/* --- the folder that all begin with --- */

static void keep(const char *name)
{
    char path[PATH_BYTES];
    struct held *h = &made[file_count++];
    must(file_count <= FILES);
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    (void)snprintf(h->name, sizeof h->name, "%s", name);
    FILE *f = fopen(path, "rb");
    must(f != NULL);
    h->size = fread(h->bytes, 1, sizeof h->bytes, f);
    must(h->size < sizeof h->bytes && fclose(f) == 0);
}

static struct sighting sighting_of(uint64_t i)
{
    return (struct sighting){.caller = 1 + i % 7,
                             .callee = 100 + i,
                             .pair = (uint32_t)i,
                             .id = i + 1,
                             .time_s = NOON_S + (uint32_t)i,
                             .duration_s = 9,
                             .parts = CALL_SETUP | CALL_ANSWER | CALL_END,
                             .imei = PLACE_NONE,
                             .imsi = PLACE_NONE,
                             .cell = PLACE_NONE};
}

static void take(struct calls *c, uint64_t from)
{
    struct sighting rows[ROWS];
    struct book_due due[ROWS];
    size_t count = 0;
    for (uint64_t i = 0; i < ROWS; i++)
        rows[i] = sighting_of(from + i);
    must(!failed(calls_take(c, rows, ROWS, due, &count)));
}

static void make_files(void)
{
    struct calls *c = NULL;
    struct calls_counts counts;
    struct arena a;
    struct file_names names;
    begin_folder();
    for (uint64_t i = 0; i < 2; i++) {
        must(!failed(try_open(&c)));
        take(c, i * ROWS);
        calls_show(c, &counts);
        must(!failed(calls_close(c)));
    }
    place = counts.sightings;
    arena_init(&a, CALLS_NAMES_BYTES);
    must(!failed(file_list(folder, &a, &names)));
    for (size_t i = 0; i < names.count; i++)
        keep(names.at[i].at);
    arena_done(&a);
    clear_folder();
}

/* --- what the input does to it --- */

static void put_bytes(struct held *h, const void *bytes, size_t size)
{
    if (size > sizeof h->bytes - h->size)
        return;
    memcpy(h->bytes + h->size, bytes, size);
    h->size += size;
}

static str take_bytes(str *in, size_t most)
{
    str some = str_until(*in, most < in->size ? most : in->size);
    *in = str_from(*in, some.size);
    return some;
}

/* Sealed as it ought to be; a good row where the input says so. */
static void put_batch(struct held *h, str *in, uint8_t how)
{
    struct sighting rows[ROWS];
    struct batch_header b = {.magic = BATCH_MAGIC, .count = 1 + how % ROWS};
    b.first = place + (how >> 2 & 1) * take_byte(in);
    memset(rows, 0, sizeof rows);
    for (uint32_t i = 0; i < b.count; i++) {
        str raw = take_bytes(in, sizeof rows[i]);
        memcpy(&rows[i], raw.at, raw.size);
        if ((how >> 3 & 1) == 0)
            continue;
        uint32_t time_s = NOON_S + rows[i].time_s % (4 * DAY_S);
        uint32_t duration_s = rows[i].duration_s;
        rows[i] = sighting_of(place + i);
        rows[i].time_s = time_s;
        rows[i].duration_s = duration_s;
    }
    cipher_seal(&key, batch_said(&b), rows, b.count * sizeof *rows, &b.mark);
    put_bytes(h, &b, sizeof b);
    put_bytes(h, rows, b.count * sizeof *rows);
    place += b.count;
}

static void change(str *in)
{
    struct held *last = NULL;
    for (size_t i = 0; i < file_count; i++)
        if (strncmp(files[i].name, CALLS_JOURNAL_KIND, strlen(CALLS_JOURNAL_KIND)) == 0)
            last = &files[i];
    must(last != NULL);
    for (int i = 0; i < OPS && in->size > 0; i++) {
        uint8_t how = take_byte(in);
        if (how < 0x80) {
            put_batch(last, in, how);
        } else if (how < 0xC0) {
            str raw = take_bytes(in, how & 0x3F);
            put_bytes(last, raw.at, raw.size);
        } else if (how < 0xE0) {
            size_t cut = how & 0x1F;
            last->size -= cut < last->size ? cut : last->size;
        } else {
            struct held *h = &files[how % file_count];
            size_t at = (size_t)take_byte(in) << 8 | take_byte(in);
            str raw = take_bytes(in, 8);
            if (at + raw.size <= h->size)
                memcpy(h->bytes + at, raw.at, raw.size);
        }
    }
}

static void use(void)
{
    struct calls *c = NULL;
    struct calls_counts before;
    struct calls_counts after;
    err e = try_open(&c);
    if (failed(e)) {
        must(c == NULL);
        return;
    }
    take(c, 1000);
    calls_show(c, &before);
    must(before.damage_count <= CALLS_DAMAGE_MOST && before.held <= NUMBERS);
    must(!failed(calls_close(c)));
    must(!failed(try_open(&c)));
    calls_show(c, &after);
    must(after.sightings == before.sightings && after.held == before.held);
    must(after.damage_count <= before.damage_count);
    must(!failed(calls_close(c)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str in = str_make((const char *)data, size);
    if (file_count == 0)
        make_files();
    uint64_t began = place;
    memcpy(files, made, sizeof files);
    change(&in);
    begin_folder();
    put_files();
    use();
    clear_folder();
    place = began;
    return 0;
}
