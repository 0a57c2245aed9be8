/* SPDX-License-Identifier: Apache-2.0 */
#include "sense/index.h"

#include <assert.h>

static_assert(sizeof(struct index_line) == 64, "a line of the processor's cache");

enum { KEYS_A_LINE = 10 };

static uint32_t lines_for(uint32_t numbers_most)
{
    return numbers_most / KEYS_A_LINE + 1;
}

size_t index_room(uint32_t numbers_most)
{
    return lines_for(numbers_most) * sizeof(struct index_line);
}

void index_init(struct index *x, void *room, const struct conduct *conducts, uint32_t numbers_most)
{
    assert(x != NULL && room != NULL && conducts != NULL);
    assert(numbers_most > 0 && numbers_most <= INDEX_MOST);
    *x = (struct index){.lines = room,
                        .conducts = conducts,
                        .line_count = lines_for(numbers_most),
                        .slot_bits = 32 - (unsigned)__builtin_clz(numbers_most)};
}

struct index_line *index_home(const struct index *x, uint64_t key)
{
    return x->lines + ((key >> 32) * x->line_count >> 32);
}

static struct index_line *next_line(const struct index *x, struct index_line *line)
{
    return line + 1 == x->lines + x->line_count ? x->lines : line + 1;
}

static uint32_t tag_of(const struct index *x, uint64_t key)
{
    return (uint32_t)key << x->slot_bits;
}

/* One bit an entry with this tag. With the tag away an empty entry is 0, and no other is. */
static unsigned matches(const struct index *x, const struct index_line *line, uint32_t tag)
{
    unsigned found = 0;
    uint32_t slots = (UINT32_C(1) << x->slot_bits) - 1;
    for (unsigned i = 0; i < INDEX_LINE; i++)
        found |= (unsigned)((line->at[i] ^ tag) - 1 < slots) << i;
    return found;
}

static uint32_t slot_at(const struct index *x, const struct index_line *line, unsigned i)
{
    return (line->at[i] & ((UINT32_C(1) << x->slot_bits) - 1)) - 1;
}

uint32_t index_guess(const struct index *x, uint64_t key)
{
    const struct index_line *line = index_home(x, key);
    unsigned found = matches(x, line, tag_of(x, key));
    return found == 0 ? INDEX_NONE : slot_at(x, line, (unsigned)__builtin_ctz(found));
}

uint32_t index_find(const struct index *x, uint64_t key)
{
    struct index_line *line = index_home(x, key);
    for (uint32_t steps = 0; steps < x->line_count; steps++) {
        for (unsigned f = matches(x, line, tag_of(x, key)); f != 0; f &= f - 1) {
            uint32_t slot = slot_at(x, line, (unsigned)__builtin_ctz(f));
            if (x->conducts[slot].key == key)
                return slot;
        }
        if (line->passed == 0)
            return INDEX_NONE;
        line = next_line(x, line);
    }
    return INDEX_NONE;
}

static unsigned find_entry(const struct index_line *line, uint32_t entry)
{
    unsigned i = 0;
    while (i < INDEX_LINE && line->at[i] != entry)
        i++;
    return i;
}

void index_put(struct index *x, uint32_t slot)
{
    uint64_t key = x->conducts[slot].key;
    struct index_line *line = index_home(x, key);
    assert(key != 0 && slot + 1 < UINT32_C(1) << x->slot_bits);
    unsigned i = 0;
    for (uint32_t steps = 0; (i = find_entry(line, 0)) == INDEX_LINE; steps++) {
        assert(steps < x->line_count);
        marks_put(&x->marks, line, sizeof *line);
        line->passed++;
        line = next_line(x, line);
    }
    marks_put(&x->marks, line, sizeof *line);
    line->at[i] = tag_of(x, key) | (slot + 1);
}

void index_drop(struct index *x, uint32_t slot)
{
    uint64_t key = x->conducts[slot].key;
    uint32_t entry = tag_of(x, key) | (slot + 1);
    struct index_line *line = index_home(x, key);
    unsigned i = 0;
    for (uint32_t steps = 0; (i = find_entry(line, entry)) == INDEX_LINE; steps++) {
        assert(steps < x->line_count && line->passed > 0);
        marks_put(&x->marks, line, sizeof *line);
        line->passed--;
        line = next_line(x, line);
    }
    marks_put(&x->marks, line, sizeof *line);
    line->at[i] = 0;
}
