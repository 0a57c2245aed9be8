/* SPDX-License-Identifier: Apache-2.0 */
/*
 * accounts - numbers accounts in order of first appearance, and says which number is whose.
 *
 * Shape     key --hash--> slot: 32 bits of hash, number --> key again, compared in full
 *
 *           A key of digits (to 30) or of 15 bytes lies packed in 16; a longer one in a heap of
 *           texts. Numbers are never given twice and never taken back.
 * Owns      Its pages.
 * Lives     From accounts_init to accounts_done.
 * Fails     ERR_LIMIT "limit.memory", "limit.accounts".
 * Threads   One; accounts_key of a number that was told: any.
 * Bounds    ACCOUNTS_MOST; 16 bytes an account and 8 to 16 for its slot.
 */
#ifndef YUMEN_RUNS_ACCOUNTS_H
#define YUMEN_RUNS_ACCOUNTS_H

#include "base/str.h"
#include "env/pages.h"

enum {
    ACCOUNT_CHUNK = 1 << 17, /* keys: as many as fill a huge page */
    ACCOUNT_CHUNKS = 1 << 12,
    TEXT_CHUNK_BYTES = 1 << 20,
    TEXT_CHUNKS = 1 << 12,
};
#define ACCOUNTS_MOST ((uint32_t)ACCOUNT_CHUNK * ACCOUNT_CHUNKS)

struct account_key {
    uint8_t bytes[16];
};

struct accounts {
    struct pages chunks[ACCOUNT_CHUNKS];
    struct pages texts[TEXT_CHUNKS];
    struct pages slots; /* of uint64_t: hash << 32 | number + 1; 0: free */
    uint64_t slot_count;
    uint64_t text_bytes;
    uint64_t seed;
    uint32_t count;
};

err accounts_init(struct accounts *a, uint64_t seed);
void accounts_done(struct accounts *a);

/* A key made ready to be looked for. */
struct account_name {
    str key;
    struct account_key packed;
    uint32_t hash;
    bool is_packed;
};

void accounts_name(const struct accounts *a, str key, struct account_name *ret_name);
/* A hint to memory, before accounts_put or accounts_find of the same name. */
void accounts_fetch(const struct accounts *a, const struct account_name *name);
/* The next hint, once the first has had its time: to the key that the slot names. */
void accounts_fetch_key(const struct accounts *a, const struct account_name *name);
/* False when it has no number. */
bool accounts_find(const struct accounts *a, const struct account_name *name, uint32_t *ret_number);
/* Its number, given now if it had none; count says which. */
err accounts_put(struct accounts *a, const struct account_name *name, uint32_t *ret_number);
/* At most ACCOUNT_KEY_BYTES into the room. */
str accounts_key(const struct accounts *a, uint32_t number, char *room);

/* What a file of them holds, and back from it. */
uint64_t accounts_check(const struct accounts *a, uint32_t count);
const struct account_key *accounts_at(const struct accounts *a, uint32_t number);
/* Where the texts of the first `count` end. */
uint64_t accounts_text_end(const struct accounts *a, uint32_t count);
/* Keys and texts were read back into the chunks: makes the slots. */
err accounts_load(struct accounts *a, str keys, str texts);

#endif
