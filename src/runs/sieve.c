/* SPDX-License-Identifier: Apache-2.0 */
#include "runs/sieve.h"

#include <assert.h>

enum { LINE_WORDS = 8, BITS_AN_ID = 10, PLACE_BITS = 9, PLACES = 4, KEPT_SHIFT = 24 };
/* Spreads the 40 bits that are kept over a word, so that its upper bits depend on all of them. */
#define SPREAD UINT64_C(0x9E3779B97F4A7C15)

struct line {
    uint64_t words[LINE_WORDS];
};

err sieve_make(struct sieve *s, uint64_t room)
{
    uint64_t lines = room * BITS_AN_ID / (sizeof(struct line) * 8) + 1;
    *s = (struct sieve){.line_count = lines, .room = room};
    return pages_make(lines * sizeof(struct line), &s->pages);
}

void sieve_done(struct sieve *s)
{
    pages_drop(&s->pages);
    *s = (struct sieve){0};
}

static struct line *line_of(const struct sieve *s, uint64_t hash)
{
    return (struct line *)s->pages.at + ((hash >> 32) * s->line_count >> 32);
}

static uint64_t spread(uint64_t hash)
{
    return (hash >> KEPT_SHIFT) * SPREAD;
}

static unsigned place(uint64_t bits, unsigned i)
{
    return (unsigned)(bits >> (64 - PLACE_BITS * (i + 1))) & ((1U << PLACE_BITS) - 1);
}

void sieve_fetch(const struct sieve *s, uint64_t hash)
{
    __builtin_prefetch(line_of(s, hash), 1);
}

void sieve_put(struct sieve *s, uint64_t hash)
{
    struct line *line = line_of(s, hash);
    uint64_t bits = spread(hash);
    for (unsigned i = 0; i < PLACES; i++)
        line->words[place(bits, i) / 64] |= UINT64_C(1) << (place(bits, i) % 64);
    s->count++;
}

bool sieve_may_have(const struct sieve *s, uint64_t hash)
{
    const struct line *line = line_of(s, hash);
    uint64_t bits = spread(hash);
    uint64_t all = 1;
    for (unsigned i = 0; i < PLACES; i++)
        all &= line->words[place(bits, i) / 64] >> (place(bits, i) % 64);
    return all != 0;
}

void sieve_pour(struct sieve *s, const struct ids *from)
{
    for (uint64_t i = 0; i < from->line_count; i++)
        for (uint32_t k = 0; k < from->lines[i].used; k++)
            sieve_put(s, ids_hash(&from->lines[i], k));
}
