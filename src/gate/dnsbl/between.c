/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/dnsbl/between.h"

#include "screen/key.h"

#include <assert.h>

enum { WORDS_LEAST = 1 << 12, WORDS_MOST = 1 << 24, NAMES_A_WORD = 8, PROBES = 4 };

err between_open(struct between *b, struct arena *boot, size_t names, uint64_t seed)
{
    size_t words = WORDS_LEAST;
    while (words < WORDS_MOST && words < names / NAMES_A_WORD)
        words *= 2;
    *b = (struct between){.mask = words - 1, .seed = seed};
    b->bits = arena_make_array(boot, words, sizeof *b->bits);
    b->longest = arena_make_array(boot, BETWEEN_LONGEST, sizeof *b->longest);
    return b->bits == NULL || b->longest == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

void between_settle(struct between *b)
{
    env_flag_raise(&b->is_known);
}

/* --- domains: one word a name, a few bits of it --- */

static uint64_t bits_of(uint64_t hash)
{
    uint64_t bits = 0;
    for (int i = 0; i < PROBES; i++, hash >>= 6)
        bits |= UINT64_C(1) << (hash & 63);
    return bits;
}

static struct env_word *word_of(const struct between *b, uint64_t hash)
{
    return &b->bits[(hash >> 32) & b->mask];
}

void between_put_domain(struct between *b, str domain)
{
    str rest = domain;
    str label = {0};
    while (str_split(&rest, '.', &label) && rest.size > 0) {
        uint64_t hash = key_stir(b->seed, rest.at, rest.size);
        uint64_t bits = bits_of(hash);
        struct env_word *word = word_of(b, hash);
        if ((env_word_read(word) & bits) == bits)
            continue;
        env_word_raise_bits(word, bits);
    }
}

void between_prefetch_domain(const struct between *b, str domain)
{
    __builtin_prefetch(word_of(b, key_stir(b->seed, domain.at, domain.size)));
}

bool between_has_domain(const struct between *b, str domain)
{
    if (!env_flag_is_up(&b->is_known))
        return true;
    uint64_t hash = key_stir(b->seed, domain.at, domain.size);
    uint64_t bits = bits_of(hash);
    return (env_word_read(word_of(b, hash)) & bits) == bits;
}

/* --- numbers --- */

/* Where the first `count` digits stand: those of fewer digits come before. */
static size_t digits_index(str digits, size_t count)
{
    static const size_t begin[BETWEEN_DIGITS + 1] = {0, 1, 11, 111, 1111};
    size_t value = 0;
    for (size_t i = 0; i < count; i++) {
        assert(digits.at[i] >= '0' && digits.at[i] <= '9');
        value = value * 10 + (size_t)(digits.at[i] - '0');
    }
    return begin[count] + value;
}

void between_put_number(struct between *b, str digits)
{
    for (size_t count = 0; count <= BETWEEN_DIGITS && count < digits.size; count++)
        env_counter_at_least(&b->longest[digits_index(digits, count)], digits.size);
}

bool between_has_number(const struct between *b, str digits)
{
    if (!env_flag_is_up(&b->is_known))
        return true;
    size_t count = digits.size < BETWEEN_DIGITS ? digits.size : BETWEEN_DIGITS;
    return env_counter_read(&b->longest[digits_index(digits, count)]) > digits.size;
}
