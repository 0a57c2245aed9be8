/* SPDX-License-Identifier: Apache-2.0 */
#include "screen/shard.h"

#include <assert.h>

/* --- text --- */

str text_value(const uint8_t *text, unsigned *ret_kind)
{
    unsigned head = text_head(text);
    *ret_kind = head & 7;
    return str_make((const char *)text + TEXT_HEAD_BYTES, head >> 3);
}

void text_write(uint8_t *to, unsigned kind, str value)
{
    assert(kind < 8 && value.size <= TEXT_MOST_BYTES);
    unsigned head = (unsigned)value.size << 3 | kind;
    to[0] = (uint8_t)head;
    to[1] = (uint8_t)(head >> 8);
    memcpy(to + TEXT_HEAD_BYTES, value.at, value.size);
}

const uint8_t *shard_long_text(const struct shard *s, const uint64_t *line, uint32_t slot)
{
    const uint8_t *text = s->text + (uint64_t)(uint32_t)line[0] * TEXT_UNIT;
    for (uint32_t i = 1; i < slot; i++)
        text += text_units(text) * TEXT_UNIT;
    return text;
}

/* --- finding --- */

uint32_t shard_find(const struct shard *s, uint64_t key, unsigned kind, str value)
{
    struct shard_want want = shard_want(s, key);
    uint64_t terms = shard_terms_mask(s);
    bool is_number = s->class == SHARD_NUMBERS;
    for (uint64_t i = want.line;; i++) {
        const uint64_t *line = s->lines + i * LINE_SLOTS;
        unsigned found = line_find(line, want.slot, terms) & (is_number ? 0xFFU : 0xFEU);
        for (; found != 0; found &= found - 1) {
            uint32_t slot = (uint32_t)__builtin_ctz(found);
            if (is_number || text_is(shard_text(s, line, slot), kind, value))
                return (uint32_t)i * LINE_SLOTS + slot;
        }
        if (!line_goes_on(line, want.slot, terms))
            return SHARD_NONE;
    }
}

uint32_t shard_rank(const struct shard *s, uint32_t slot)
{
    uint32_t first = s->class != SHARD_NUMBERS; /* slot of a line that holds a key */
    uint32_t rank = s->ranks[slot / LINE_SLOTS / RANK_LINES];
    for (uint32_t i = slot & ~(LINE_SLOTS * RANK_LINES - 1U); i < slot; i++)
        rank += i % LINE_SLOTS >= first && s->lines[i] != 0;
    return rank;
}

struct shard_listings shard_listings(const struct shard *s, uint32_t slot)
{
    uint32_t term = (uint32_t)(s->lines[slot] & shard_terms_mask(s));
    uint32_t row = s->rows[shard_rank(s, slot)];
    if (term != TERM_SEVERAL)
        return (struct shard_listings){.left = 1, .row = row, .term = term};
    return (struct shard_listings){.left = s->many[row], .next = s->many + row + 1};
}

bool shard_listing_next(const struct shard *s, struct shard_listings *l, uint32_t *ret_row,
                        const struct term **ret_term)
{
    if (l->left == 0)
        return false;
    l->left--;
    if (l->next != NULL) {
        l->row = l->next[0];
        l->term = l->next[1];
        l->next += 2;
    }
    *ret_row = l->row;
    *ret_term = &s->terms[l->term];
    return true;
}

/* --- walking --- */

/* The largest key whose line this is, counted within the shard. */
static uint64_t last_of_line(const struct shard *s, uint64_t line)
{
    __extension__ typedef unsigned __int128 wide;
    unsigned bits = KEY_BITS - s->key_shift;
    if (line + 1 >= s->bucket_count)
        return (UINT64_C(1) << bits) - 1;
    wide end = ((wide)(line + 1) << bits) + s->bucket_count - 1;
    return (uint64_t)(end / s->bucket_count) - 1;
}

bool shard_walk(const struct shard *s, struct shard_walk *w)
{
    bool has_text = s->head->class != SHARD_NUMBERS;
    uint32_t end = s->head->line_count * LINE_SLOTS;
    for (; w->next < end; w->next++) {
        bool is_meta = has_text && w->next % LINE_SLOTS == 0;
        if (!is_meta && (s->lines[w->next] & shard_terms_mask(s)) != TERM_EMPTY)
            break;
    }
    if (w->next >= end)
        return false;
    w->slot = w->next++;
    if (w->last_line != w->slot / LINE_SLOTS + 1) {
        w->last = last_of_line(s, w->slot / LINE_SLOTS);
        w->last_line = w->slot / LINE_SLOTS + 1;
    }
    uint64_t low_mask = UINT64_MAX >> s->term_bits;
    uint64_t own = w->last - ((w->last - (s->lines[w->slot] >> s->term_bits)) & low_mask);
    own &= (UINT64_C(1) << (KEY_BITS - s->key_shift)) - 1; /* nothing goes, but of a forged file */
    w->key = (uint64_t)s->head->index << (KEY_BITS - s->key_shift) | own;
    if (has_text) {
        w->text = w->next_text == NULL ? s->text : w->next_text;
        w->next_text = w->text + text_units(w->text) * TEXT_UNIT;
    }
    return true;
}
