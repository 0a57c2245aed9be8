/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What banks say of accounts: records of the journal, and for each account where the last of them
 * is. A word of 64 bits: the segment, and the offset of the block within it; 0: nothing was said.
 */
#include "kit/hash.h"
#include "runs/inside.h"

enum { FACTS_AT_FIRST = 1 << 12, CHECK_BYTES = sizeof(uint64_t) };

static size_t room_of(const struct runs *r)
{
    return r->facts.size / sizeof(uint64_t);
}

err facts_put(struct runs *r, uint32_t account, uint32_t segment, uint64_t offset)
{
    assert(offset <= FACTS_OFFSET_MASK && segment < UINT32_C(1) << (64 - FACTS_OFFSET_BITS));
    if (account >= room_of(r)) {
        size_t wanted = room_of(r) == 0 ? (size_t)FACTS_AT_FIRST : room_of(r);
        while (wanted <= account)
            wanted *= 2;
        struct pages wider;
        TRY(pages_make(wanted * sizeof(uint64_t), &wider));
        if (r->facts.size > 0)
            memcpy(wider.at, r->facts.at, r->facts.size);
        pages_drop(&r->facts);
        r->facts = wider;
    }
    ((uint64_t *)r->facts.at)[account] = (uint64_t)segment << FACTS_OFFSET_BITS | offset;
    return OK;
}

/* --- the file: a check, then the words. It says no more than the journal does. --- */

err facts_write(struct runs *r)
{
    char path[FILE_PATH_BYTES];
    if (r->facts.size == 0)
        return OK;
    struct file_draft draft;
    uint64_t check = hash_check(r->facts.at, r->facts.size);
    TRY(file_numbered(r->folder, "facts", 0, path));
    TRY(file_draft_open(path, FILE_PRIVATE, &draft));
    err e = file_draft_put(&draft, str_make((const char *)&check, sizeof check));
    if (!failed(e))
        e = file_draft_put(&draft, str_make(r->facts.at, r->facts.size));
    if (!failed(e))
        e = file_draft_seal(&draft);
    file_draft_close(&draft);
    return e;
}

err facts_read(struct runs *r)
{
    char path[FILE_PATH_BYTES];
    struct pages file;
    TRY(file_numbered(r->folder, "facts", 0, path));
    err e = pages_map(path, SIZE_MAX / 4, &file);
    if (e.code == ERR_ABSENT)
        return OK;
    TRY(e);
    uint64_t check = 0;
    size_t bytes = file.size < CHECK_BYTES ? 0 : file.size - CHECK_BYTES;
    const char *words = (const char *)file.at + CHECK_BYTES;
    if (bytes > 0)
        memcpy(&check, file.at, sizeof check);
    if (bytes == 0 || bytes % sizeof(uint64_t) != 0 || hash_check(words, bytes) != check)
        e = fail(ERR_CORRUPT, "runs: the table of facts is damaged", 0);
    if (!failed(e))
        e = pages_make(bytes, &r->facts);
    if (!failed(e))
        memcpy(r->facts.at, words, bytes);
    pages_drop(&file);
    return e;
}

/* --- taking --- */

static err take_account(struct runs *r, const struct account_facts *facts)
{
    uint32_t account = 0;
    uint64_t offset = 0;
    TRY(take_ready(r, 1));
    TRY(journal_next_offset(&r->journal, &offset)); /* where what is being filled will stand */
    struct tail *t = r->tail;
    TRY(take_account_key(r, facts->account, &account));
    t->raw_bytes += record_put_facts((char *)t->raw.at + t->raw_bytes, account, facts);
    r->said++;
    r->is_changed = true;
    return facts_put(r, account, t->segment, offset);
}

err runs_take_account(struct runs *r, const struct account_facts *facts)
{
    TRY(r->broken);
    env_mutex_lock(&r->names);
    err e = take_account(r, facts);
    env_mutex_unlock(&r->names);
    return e;
}

/* --- asking --- */

static err find_block(struct runs *r, uint32_t account, struct journal_block *ret_block)
{
    if (account >= room_of(r) || ((const uint64_t *)r->facts.at)[account] == 0)
        return fail(ERR_ABSENT, "account.unknown", account);
    uint64_t word = ((const uint64_t *)r->facts.at)[account];
    const struct journal_block *blocks = r->journal.blocks.pages.at;
    for (size_t i = r->journal.blocks.count; i-- > 0;)
        if (blocks[i].segment == word >> FACTS_OFFSET_BITS &&
            blocks[i].offset == (word & FACTS_OFFSET_MASK)) {
            *ret_block = blocks[i];
            return OK;
        }
    return fail(ERR_ABSENT, "account.unknown", account);
}

static err copy_facts(struct arena *a, struct account_facts *f)
{
    str *const texts[] = {&f->bank,   &f->outlet,  &f->holder_kind, &f->holder_ref, &f->opened,
                          &f->device, &f->contact, &f->address,     &f->ip,         &f->company};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        *texts[i] = str_copy(a, *texts[i]);
        if (texts[i]->at == NULL)
            return fail(ERR_LIMIT, "limit.memory", 0);
    }
    return OK;
}

static err last_facts(struct record_reader in, uint32_t account, struct account_facts *ret)
{
    bool is_there = false;
    while (!record_is_end(&in)) {
        struct record record;
        TRY(record_next(&in, &record));
        if (record.kind != RECORD_FACTS_OF || record.account != account)
            continue;
        *ret = record.facts;
        is_there = true;
    }
    return is_there ? OK : fail(ERR_ABSENT, "account.unknown", account);
}

err runs_ask_facts(struct runs *r, uint32_t account, struct arena *a, struct account_facts *ret)
{
    struct journal_block block;
    if (r->is_in_memory)
        return fail(ERR_ABSENT, "account.unknown", account);
    env_mutex_lock(&r->names);
    err e = find_block(r, account, &block);
    env_mutex_unlock(&r->names);
    TRY(e);
    char *raw = arena_make(a, block.raw_bytes);
    struct unpacker u = {0};
    if (raw == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    e = unpacker_init(&u);
    if (!failed(e))
        e = journal_read_at(r->folder, &block, &u, raw, a);
    unpacker_done(&u);
    TRY(e);
    *ret = (struct account_facts){0};
    TRY(last_facts(
        (struct record_reader){.rest = str_make(raw, block.raw_bytes), .base_ms = block.base_ms},
        account, ret));
    return copy_facts(a, ret);
}
