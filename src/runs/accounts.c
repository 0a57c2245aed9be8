/* SPDX-License-Identifier: Apache-2.0 */
#include "runs/accounts.h"

#include "fact/transfer.h"
#include "kit/hash.h"

#include <assert.h>

/* The first byte of a packed key: a count of digits, or one of these. */
enum { KEY_DIGITS_MOST = 30, KEY_SHORT = 0x80, KEY_LONG = 0xFF, KEY_SHORT_MOST = 15 };
enum { SLOTS_AT_FIRST = 1 << 12 };
/* Keys that are checked together: what files say was so reckoned. */
enum { CHECKED_KEYS = 1 << 16 };
static_assert(ACCOUNT_CHUNK % CHECKED_KEYS == 0, "what is checked together lies together");

/* A long key: its length, where its text lies, a hash of it. */
struct long_key {
    uint8_t mark;
    uint8_t size;
    uint16_t unused;
    uint32_t hash;
    uint64_t at;
};
static_assert(sizeof(struct long_key) == sizeof(struct account_key), "as large as any key");

err accounts_init(struct accounts *a, uint64_t seed)
{
    *a = (struct accounts){.seed = seed, .slot_count = SLOTS_AT_FIRST};
    return pages_make(SLOTS_AT_FIRST * sizeof(uint64_t), &a->slots);
}

void accounts_done(struct accounts *a)
{
    for (size_t i = 0; i < ACCOUNT_CHUNKS && a->chunks[i].at != NULL; i++)
        pages_drop(&a->chunks[i]);
    for (size_t i = 0; i < TEXT_CHUNKS && a->texts[i].at != NULL; i++)
        pages_drop(&a->texts[i]);
    pages_drop(&a->slots);
}

static struct account_key *key_at(const struct accounts *a, uint32_t number)
{
    struct account_key *chunk = a->chunks[number / ACCOUNT_CHUNK].at;
    return &chunk[number % ACCOUNT_CHUNK];
}

const struct account_key *accounts_at(const struct accounts *a, uint32_t number)
{
    return key_at(a, number);
}

/* --- packing --- */

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

static uint64_t little(uint64_t word)
{
    return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? word : __builtin_bswap64(word);
}

/* Up to eight digits, the first in the upper half of the first byte; false for anything else. */
static bool pack_eight(const char *at, size_t count, uint8_t ret_bytes[4])
{
    uint64_t word = EACH('0');
    memcpy(&word, at, count);
    word = little(word);
    uint64_t beyond = (word + EACH(6)) | word; /* ':' and above carry into the upper half */
    if ((beyond & EACH(0xF0)) != EACH('0') || (word & EACH(0xF0)) != EACH('0'))
        return false;
    uint64_t digits = word & EACH(0x0F);
    uint64_t pairs = (digits << 4 | digits >> 8) & UINT64_C(0x00FF00FF00FF00FF);
    pairs = (pairs | pairs >> 8) & UINT64_C(0x0000FFFF0000FFFF);
    uint64_t four = little((pairs | pairs >> 16) & UINT32_MAX);
    memcpy(ret_bytes, &four, 4);
    return true;
}

static bool pack_digits(str key, struct account_key *ret)
{
    uint8_t packed[sizeof *ret + 1] = {(uint8_t)key.size}; /* eights fill four bytes each */
    if (key.size > KEY_DIGITS_MOST)
        return false;
    for (size_t i = 0; i < key.size; i += 8)
        if (!pack_eight(key.at + i, key.size - i < 8 ? key.size - i : 8, packed + 1 + i / 2))
            return false;
    memcpy(ret->bytes, packed, sizeof ret->bytes);
    return true;
}

/* False for one that needs the heap; a digit's key is never anything else. */
static bool pack(str key, struct account_key *ret)
{
    if (pack_digits(key, ret))
        return true;
    if (key.size > KEY_SHORT_MOST)
        return false;
    *ret = (struct account_key){.bytes = {(uint8_t)(KEY_SHORT | key.size)}};
    memcpy(ret->bytes + 1, key.at, key.size);
    return true;
}

static const char *text_at(const struct accounts *a, uint64_t at)
{
    return (const char *)a->texts[at / TEXT_CHUNK_BYTES].at + at % TEXT_CHUNK_BYTES;
}

str accounts_key(const struct accounts *a, uint32_t number, char *room)
{
    const struct account_key *k = key_at(a, number);
    if (k->bytes[0] == KEY_LONG) {
        struct long_key l;
        memcpy(&l, k, sizeof l);
        memcpy(room, text_at(a, l.at), l.size);
        return str_make(room, l.size);
    }
    if ((k->bytes[0] & KEY_SHORT) != 0) {
        size_t size = k->bytes[0] & (KEY_SHORT - 1U);
        memcpy(room, k->bytes + 1, size);
        return str_make(room, size);
    }
    for (size_t i = 0; i < k->bytes[0]; i++) {
        unsigned pair = k->bytes[1 + i / 2];
        room[i] = (char)('0' + (i % 2 == 0 ? pair >> 4 : pair & 15));
    }
    return str_make(room, k->bytes[0]);
}

static bool is_key(const struct accounts *a, uint32_t number, const struct account_name *name)
{
    const struct account_key *k = key_at(a, number);
    if (name->is_packed)
        return memcmp(k, &name->packed, sizeof *k) == 0;
    if (k->bytes[0] != KEY_LONG)
        return false;
    struct long_key l;
    memcpy(&l, k, sizeof l);
    return l.size == name->key.size && memcmp(text_at(a, l.at), name->key.at, l.size) == 0;
}

/* --- slots --- */

static uint32_t hash_of(const struct accounts *a, const void *bytes, size_t size)
{
    return (uint32_t)(hash_key(bytes, size, a->seed) >> 32);
}

void accounts_name(const struct accounts *a, str key, struct account_name *ret_name)
{
    *ret_name = (struct account_name){.key = key};
    ret_name->is_packed = pack(key, &ret_name->packed);
    ret_name->hash = ret_name->is_packed ? hash_of(a, &ret_name->packed, sizeof ret_name->packed)
                                         : hash_of(a, key.at, key.size);
}

/* The hash's high bits say where: a larger table is the same order, spread. */
static uint64_t slot_of(const struct accounts *a, uint32_t hash)
{
    return (uint64_t)hash * a->slot_count >> 32;
}

static void fetch_slot(const struct accounts *a, uint32_t hash)
{
    __builtin_prefetch((const uint64_t *)a->slots.at + slot_of(a, hash));
}

void accounts_fetch(const struct accounts *a, const struct account_name *name)
{
    fetch_slot(a, name->hash);
}

void accounts_fetch_key(const struct accounts *a, const struct account_name *name)
{
    uint64_t slot = ((const uint64_t *)a->slots.at)[slot_of(a, name->hash)];
    if (slot >> 32 == name->hash && slot != 0)
        __builtin_prefetch(key_at(a, (uint32_t)slot - 1));
}

/* The slot of this key, or the free one where it belongs. */
static uint64_t *find_slot(const struct accounts *a, const struct account_name *name)
{
    uint64_t *slots = a->slots.at;
    for (uint64_t at = slot_of(a, name->hash);; at = at + 1 == a->slot_count ? 0 : at + 1) {
        if (slots[at] == 0)
            return &slots[at];
        if (slots[at] >> 32 == name->hash && is_key(a, (uint32_t)slots[at] - 1, name))
            return &slots[at];
    }
}

bool accounts_find(const struct accounts *a, const struct account_name *name, uint32_t *ret_number)
{
    const uint64_t *slot = find_slot(a, name);
    if (*slot == 0)
        return false;
    *ret_number = (uint32_t)*slot - 1;
    return true;
}

static void put_slot(uint64_t *slots, uint64_t slot_count, uint64_t slot)
{
    uint64_t at = (slot >> 32) * slot_count >> 32;
    while (slots[at] != 0)
        at = at + 1 == slot_count ? 0 : at + 1;
    slots[at] = slot;
}

/* Never more than 0.7 full. */
static err widen(struct accounts *a, uint64_t count)
{
    uint64_t wanted = a->slot_count;
    while (wanted * 7 < (count + 1) * 10)
        wanted *= 2;
    if (wanted == a->slot_count)
        return OK;
    struct pages wider;
    TRY(pages_make(wanted * sizeof(uint64_t), &wider));
    const uint64_t *slots = a->slots.at;
    for (uint64_t i = 0; i < a->slot_count; i++)
        if (slots[i] != 0)
            put_slot(wider.at, wanted, slots[i]);
    pages_drop(&a->slots);
    a->slots = wider;
    a->slot_count = wanted;
    return OK;
}

/* --- putting --- */

static err chunk_make(struct accounts *a, uint32_t number)
{
    if (number >= ACCOUNTS_MOST)
        return fail(ERR_LIMIT, "limit.accounts", 0);
    struct pages *chunk = &a->chunks[number / ACCOUNT_CHUNK];
    if (chunk->at != NULL)
        return OK;
    return pages_make(ACCOUNT_CHUNK * sizeof(struct account_key), chunk);
}

/* A text does not cross from one chunk to the next. */
static err long_put(struct accounts *a, str text, uint64_t *ret_at)
{
    uint64_t at = a->text_bytes;
    if (at % TEXT_CHUNK_BYTES + text.size > TEXT_CHUNK_BYTES)
        at = (at / TEXT_CHUNK_BYTES + 1) * TEXT_CHUNK_BYTES;
    if (at / TEXT_CHUNK_BYTES >= TEXT_CHUNKS)
        return fail(ERR_LIMIT, "limit.accounts", 0);
    struct pages *chunk = &a->texts[at / TEXT_CHUNK_BYTES];
    if (chunk->at == NULL)
        TRY(pages_make(TEXT_CHUNK_BYTES, chunk));
    memcpy((char *)chunk->at + at % TEXT_CHUNK_BYTES, text.at, text.size);
    a->text_bytes = at + text.size;
    *ret_at = at;
    return OK;
}

static err make_key(struct accounts *a, const struct account_name *name, struct account_key *ret)
{
    *ret = name->packed;
    if (name->is_packed)
        return OK;
    struct long_key l = {.mark = KEY_LONG, .size = (uint8_t)name->key.size, .hash = name->hash};
    TRY(long_put(a, name->key, &l.at));
    memcpy(ret, &l, sizeof l);
    return OK;
}

err accounts_put(struct accounts *a, const struct account_name *name, uint32_t *ret_number)
{
    assert(name->key.size <= ACCOUNT_KEY_BYTES);
    uint64_t *slot = find_slot(a, name);
    if (*slot != 0) {
        *ret_number = (uint32_t)*slot - 1;
        return OK;
    }
    uint32_t number = a->count;
    TRY(chunk_make(a, number));
    TRY(make_key(a, name, key_at(a, number)));
    *slot = (uint64_t)name->hash << 32 | (number + 1);
    a->count = number + 1;
    *ret_number = number;
    return widen(a, a->count);
}

/* --- files --- */

uint64_t accounts_text_end(const struct accounts *a, uint32_t count)
{
    for (uint32_t i = a->text_bytes == 0 ? 0 : count; i-- > 0;) {
        const struct account_key *k = key_at(a, i);
        struct long_key l;
        memcpy(&l, k, sizeof l);
        if (l.mark == KEY_LONG)
            return l.at + l.size;
    }
    return 0;
}

uint64_t accounts_check(const struct accounts *a, uint32_t count)
{
    uint64_t check = count;
    for (uint32_t i = 0; i < count; i += CHECKED_KEYS) {
        uint32_t here = count - i < CHECKED_KEYS ? count - i : CHECKED_KEYS;
        check = hash_key(key_at(a, i), here * sizeof(struct account_key), check);
    }
    uint64_t end = accounts_text_end(a, count);
    for (uint64_t at = 0; at < end; at += TEXT_CHUNK_BYTES) {
        uint64_t here = end - at < TEXT_CHUNK_BYTES ? end - at : TEXT_CHUNK_BYTES;
        check = hash_key(text_at(a, at), here, check);
    }
    return check;
}

static err load_keys(struct accounts *a, str keys)
{
    a->count = (uint32_t)(keys.size / sizeof(struct account_key));
    for (uint32_t i = 0; i < a->count; i += ACCOUNT_CHUNK) {
        uint32_t here = a->count - i < ACCOUNT_CHUNK ? a->count - i : ACCOUNT_CHUNK;
        TRY(chunk_make(a, i));
        memcpy(key_at(a, i), keys.at + (size_t)i * sizeof(struct account_key),
               here * sizeof(struct account_key));
    }
    return OK;
}

static err load_texts(struct accounts *a, str texts)
{
    a->text_bytes = texts.size;
    for (size_t at = 0; at < texts.size; at += TEXT_CHUNK_BYTES) {
        size_t here = texts.size - at < TEXT_CHUNK_BYTES ? texts.size - at : TEXT_CHUNK_BYTES;
        if (at / TEXT_CHUNK_BYTES >= TEXT_CHUNKS)
            return fail(ERR_CORRUPT, "runs: too many texts of accounts", 0);
        struct pages *chunk = &a->texts[at / TEXT_CHUNK_BYTES];
        TRY(pages_make(TEXT_CHUNK_BYTES, chunk));
        memcpy(chunk->at, texts.at + at, here);
    }
    return OK;
}

static uint32_t hash_again(const struct accounts *a, uint32_t number)
{
    const struct account_key *k = key_at(a, number);
    if (k->bytes[0] != KEY_LONG)
        return hash_of(a, k, sizeof *k);
    struct long_key l;
    memcpy(&l, k, sizeof l);
    return hash_of(a, text_at(a, l.at), l.size);
}

err accounts_load(struct accounts *a, str keys, str texts)
{
    assert(a->count == 0);
    if (keys.size / sizeof(struct account_key) > ACCOUNTS_MOST)
        return fail(ERR_LIMIT, "limit.accounts", 0);
    TRY(load_keys(a, keys));
    TRY(load_texts(a, texts));
    TRY(widen(a, a->count));
    enum { AHEAD = 32 };
    uint32_t hashes[AHEAD] = {0};
    for (uint32_t i = 0; i < a->count + AHEAD; i++) {
        if (i >= AHEAD)
            put_slot(a->slots.at, a->slot_count,
                     (uint64_t)hashes[i % AHEAD] << 32 | (i - AHEAD + 1));
        if (i >= a->count)
            continue;
        hashes[i % AHEAD] = hash_again(a, i);
        fetch_slot(a, hashes[i % AHEAD]);
    }
    return OK;
}
