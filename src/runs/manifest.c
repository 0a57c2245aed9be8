/* SPDX-License-Identifier: Apache-2.0 */
/* What is sealed: the one file that says which of the others count. Replaced whole. */
#include "kit/hash.h"
#include "runs/inside.h"

#include <stdio.h>

static const char manifest_magic[8] = "YUMENTM1";
enum { MANIFEST_BYTES = 1 << 30 };

struct manifest {
    char magic[8];
    uint64_t seed;
    uint32_t next_ordinal; /* of the first transfer that is not sealed */
    uint32_t next_segment;
    uint32_t next_number;
    uint32_t accounts;
    uint64_t text_bytes;
    uint64_t accounts_check;
    uint32_t currency_count;
    uint32_t run_count;
    uint32_t id_file_count;
    uint32_t segment_count;
    uint32_t scope_count;
    uint32_t unused;
    char currencies[TRAIL_CURRENCIES][CURRENCY_BYTES + 1];
    uint32_t scopes[SCOPES_MOST];
};

static str path_of(const struct runs *r, char room[FILE_PATH_BYTES])
{
    int size = snprintf(room, FILE_PATH_BYTES, "%s/manifest", r->folder);
    assert(size > 0 && size < FILE_PATH_BYTES);
    return str_make(room, (size_t)size);
}

static void put(struct text *t, const void *at, size_t bytes)
{
    text_put(t, str_make(at, bytes));
}

static void put_lists(const struct runs *r, struct text *t)
{
    for (uint32_t i = 0; i < r->sealed_count; i++)
        put(t, &r->sealed[i].run.number, sizeof(uint32_t));
    for (uint32_t i = 0; i < r->id_file_count; i++)
        put(t, &r->id_files[i].number, sizeof(uint32_t));
    put(t, r->segments, r->segment_count * sizeof(struct segment));
}

/* Of what is sealed: the tail's rows say it themselves, once they are read again. */
static void put_amends(const struct runs *r, struct text *t)
{
    const struct amendment *slots = r->amends.at;
    for (uint32_t i = 0; i < amend_slots(r); i++)
        if (slots[i].status != TRANSFER_STATUS_COUNT && is_sealed(r, slots[i].run_number))
            put(t, &slots[i], sizeof *slots);
}

err manifest_write(struct runs *r)
{
    char path[FILE_PATH_BYTES];
    (void)path_of(r, path);
    struct manifest m = {.seed = r->seed,
                         .next_ordinal = r->tail->first,
                         .next_segment = r->tail->segment,
                         .next_number = r->next_number,
                         .accounts = r->accounts_on_disk,
                         .text_bytes = accounts_text_end(&r->accounts, r->accounts_on_disk),
                         .accounts_check = accounts_check(&r->accounts, r->accounts_on_disk),
                         .currency_count = r->currency_count,
                         .run_count = r->sealed_count,
                         .id_file_count = r->id_file_count,
                         .segment_count = r->segment_count,
                         .scope_count = r->scope_count};
    memcpy(m.magic, manifest_magic, sizeof m.magic);
    memcpy(m.currencies, r->currencies, sizeof m.currencies);
    memcpy(m.scopes, r->scopes, sizeof m.scopes);
    struct arena arena;
    arena_init(&arena, MANIFEST_BYTES);
    struct text t;
    text_init(&t, &arena);
    put(&t, &m, sizeof m);
    put_lists(r, &t);
    put_amends(r, &t);
    uint64_t check = hash_check(text_str(&t).at, text_str(&t).size);
    put(&t, &check, sizeof check);
    err e = text_spent(&t) ? fail(ERR_LIMIT, "limit.memory", 0) : file_write(path, text_str(&t));
    arena_done(&arena);
    return e;
}

/* --- reading --- */

static bool take(str *rest, void *ret, size_t bytes)
{
    if (rest->size < bytes)
        return false;
    if (bytes > 0)
        memcpy(ret, rest->at, bytes);
    *rest = str_from(*rest, bytes);
    return true;
}

static err cut_short(void)
{
    return fail(ERR_CORRUPT, "runs: the manifest is cut short", 0);
}

static err read_runs(struct runs *r, uint32_t count, str *rest)
{
    if (count > SEALED_MOST)
        return cut_short();
    for (uint32_t i = 0; i < count; i++) {
        uint32_t number = 0;
        if (!take(rest, &number, sizeof number))
            return cut_short();
        TRY(run_file_open(r, number, &r->sealed[i]));
        r->sealed_count = i + 1;
    }
    return OK;
}

static err read_ids(struct runs *r, uint32_t count, str *rest)
{
    if (count > IDS_MOST)
        return cut_short();
    for (uint32_t i = 0; i < count; i++) {
        if (!take(rest, &r->id_files[i].number, sizeof(uint32_t)))
            return cut_short();
        TRY(ids_file_open(r, &r->id_files[i]));
        r->id_file_count = i + 1;
    }
    return OK;
}

static err read_rest(struct runs *r, const struct manifest *m, str rest)
{
    TRY(read_runs(r, m->run_count, &rest));
    TRY(read_ids(r, m->id_file_count, &rest));
    if (m->segment_count > SEGMENTS_MOST ||
        !take(&rest, r->segments, m->segment_count * sizeof(struct segment)))
        return cut_short();
    r->segment_count = m->segment_count;
    struct amendment a;
    while (!str_is_empty(rest)) {
        if (!take(&rest, &a, sizeof a) || a.status >= TRANSFER_STATUS_COUNT)
            return cut_short();
        TRY(amend_put(r, &a));
    }
    TRY(accounts_read(r, m->accounts, m->text_bytes, m->accounts_check));
    return facts_read(r);
}

static err read_bytes(struct runs *r, str bytes, uint32_t *ret_ordinal, uint32_t *ret_segment)
{
    struct manifest m;
    uint64_t check = 0;
    if (bytes.size < sizeof m + sizeof check)
        return cut_short();
    str body = str_until(bytes, bytes.size - sizeof check);
    memcpy(&check, bytes.at + body.size, sizeof check);
    if (hash_check(body.at, body.size) != check || !take(&body, &m, sizeof m) ||
        memcmp(m.magic, manifest_magic, sizeof m.magic) != 0 || m.currency_count > TRAIL_CURRENCIES)
        return fail(ERR_CORRUPT, "runs: the manifest is damaged", 0);
    r->seed = m.seed;
    r->accounts.seed = m.seed;
    r->next_number = m.next_number;
    r->currency_count = m.currency_count;
    r->scope_count = m.scope_count;
    memcpy(r->scopes, m.scopes, sizeof r->scopes);
    memcpy(r->currencies, m.currencies, sizeof r->currencies);
    *ret_ordinal = m.next_ordinal;
    *ret_segment = m.next_segment;
    return read_rest(r, &m, body);
}

err manifest_read(struct runs *r, uint32_t *ret_next_ordinal, uint32_t *ret_next_segment)
{
    char path[FILE_PATH_BYTES];
    struct arena arena;
    str bytes;
    (void)path_of(r, path);
    arena_init(&arena, (size_t)MANIFEST_BYTES * 2);
    err e = file_read(path, MANIFEST_BYTES, &arena, &bytes);
    if (!failed(e))
        e = read_bytes(r, bytes, ret_next_ordinal, ret_next_segment);
    arena_done(&arena);
    return e;
}
