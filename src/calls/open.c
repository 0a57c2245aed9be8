/* SPDX-License-Identifier: Apache-2.0 */
/* Opening: the newest whole file, then what the journal has from its place on. */
#include "calls/form.h"
#include "kit/digest.h"
#include "kit/secret.h"

#include <assert.h>
#include <stdio.h>

const char *const calls_harm_words[] = {
    "file_damaged", "tail_torn", "batches_lost", "segment_lost", "header_damaged",
    "unreadable",   NULL};

enum { CALLS_BYTES = 1 << 20, JOURNAL_USUAL_BYTES = 384 << 20, STEP_BYTES = 8 << 20 };

void calls_hurt(struct calls *c, const char *kind, uint32_t number,
                const struct calls_damage *damage)
{
    c->is_hurt |= damage->harm != CALLS_TAIL_TORN;
    if (c->damage_count == CALLS_DAMAGE_MOST)
        return;
    struct calls_damage *d = &c->damage[c->damage_count++];
    *d = *damage;
    int size = snprintf(d->file, sizeof d->file, "%s-%08x", kind, number);
    assert(size > 0 && size < (int)sizeof d->file);
    (void)size;
}

static err load(struct calls *c, const struct book_settings *settings,
                const struct file_names *names)
{
    struct book_settings s = *settings;
    TRY(calls_file_find(c, names));
    if (c->file == 0 && !calls_began(c, names, &s))
        return fail(ERR_CORRUPT, "calls.no_file", c->file_last);
    if (c->file == 0)
        TRY(calls_room(c, &s));
    return calls_replay(c, names);
}

/* A new one stays only when the folder that it is in is on the disk as well. */
static err sync_parent(const struct calls *c)
{
    char parent[FILE_PATH_BYTES];
    int size = snprintf(parent, sizeof parent, "%s/..", c->folder);
    if (size < 0 || size >= (int)sizeof parent)
        return fail(ERR_LIMIT, "calls: path too long", 0);
    return file_sync_folder(parent);
}

static err list_and_load(struct calls *c, const struct book_settings *settings)
{
    struct file_names names;
    struct arena a;
    TRY(file_make_folder(c->folder));
    arena_init(&a, CALLS_NAMES_BYTES);
    err e = file_list(c->folder, &a, &names);
    if (!failed(e) && names.count == 0)
        e = sync_parent(c);
    if (!failed(e))
        e = load(c, settings, &names);
    arena_done(&a);
    return e;
}

/* --- the key --- */

static struct digest digest_with(str purpose, const void *secret, size_t size)
{
    struct digest_stream s;
    digest_init(&s);
    digest_put(&s, purpose);
    digest_put(&s, str_make(secret, size));
    return digest_done(&s);
}

void calls_key_make(const uint8_t secret[SIGHT_SECRET_BYTES], struct cipher_key *ret_key)
{
    struct digest d = digest_with(STR("yumen calls journal"), secret, SIGHT_SECRET_BYTES);
    static_assert(sizeof d.bytes == CIPHER_KEY_BYTES, "a key");
    memcpy(ret_key->bytes, d.bytes, sizeof ret_key->bytes);
    secret_wipe(&d, sizeof d);
}

static uint32_t mark_of(const struct cipher_key *key)
{
    uint32_t mark = 0;
    struct digest d = digest_with(STR("yumen calls key mark"), key->bytes, sizeof key->bytes);
    memcpy(&mark, d.bytes, sizeof mark);
    return mark;
}

/* --- doors --- */

static err make(const struct calls_settings *settings, struct calls **ret)
{
    struct arena arena;
    arena_init(&arena, CALLS_BYTES);
    struct calls *c = arena_make(&arena, sizeof *c);
    uint8_t *news = arena_make(&arena, CALLS_BATCH_MOST);
    if (c == NULL || news == NULL || settings->dir.size >= sizeof c->folder) {
        bool is_spent = c == NULL || news == NULL;
        arena_done(&arena);
        return fail(ERR_LIMIT, is_spent ? "limit.memory" : "calls: path too long", 0);
    }
    *c = (struct calls){.arena = arena, .news = news, .key = settings->key};
    c->key_mark = mark_of(&c->key);
    memcpy(c->folder, settings->dir.at, settings->dir.size);
    c->journal.fd = -1;
    c->save.fd = -1;
    c->journal_usual = settings->journal_bytes == 0 ? JOURNAL_USUAL_BYTES : settings->journal_bytes;
    c->step_bytes = settings->step_bytes == 0 ? STEP_BYTES : settings->step_bytes;
    *ret = c;
    return OK;
}

err calls_open(const struct calls_settings *settings, struct calls **ret)
{
    struct calls *c = NULL;
    TRY(make(settings, &c));
    err e = pages_make(calls_batch_bytes(CALLS_BATCH_MOST), &c->journal.form);
    if (!failed(e))
        e = pages_make_sparse(CALLS_BATCH_MOST * (sizeof(struct sighting) + sizeof(uint32_t)),
                              &c->sieve);
    if (!failed(e))
        e = list_and_load(c, &settings->book);
    if (failed(e)) {
        (void)calls_close(c);
        return e;
    }
    *ret = c;
    return OK;
}

err calls_close(struct calls *c)
{
    if (c == NULL)
        return OK;
    err e = c->journal.is_torn ? calls_journal_mend(&c->journal) : OK;
    calls_save_drop(c);
    fd_end(&c->journal.fd);
    pages_drop(&c->journal.form);
    pages_drop(&c->sieve);
    pages_drop(&c->save.marks);
    pages_drop(&c->save.checks);
    pages_drop(&c->room);
    secret_wipe(&c->key, sizeof c->key);
    struct arena arena = c->arena;
    arena_done(&arena);
    return e;
}
