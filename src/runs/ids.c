/* SPDX-License-Identifier: Apache-2.0 */
#include "runs/ids.h"

#include <assert.h>
#include <string.h>

static_assert(sizeof(struct ids_line) == 64, "a line of memory");

/* 5.6 of 7 used in the mean. */
uint64_t ids_lines(uint64_t count)
{
    return count * 10 / 56 + 2;
}

static void tag_of(uint64_t hash, uint8_t tag[IDS_TAG_BYTES])
{
    for (unsigned i = 0; i < IDS_TAG_BYTES; i++)
        tag[i] = (uint8_t)(hash >> (56 - 8 * i));
}

uint64_t ids_hash(const struct ids_line *line, uint32_t at)
{
    uint64_t hash = 0;
    for (unsigned i = 0; i < IDS_TAG_BYTES; i++)
        hash |= (uint64_t)line->tags[at][i] << (56 - 8 * i);
    return hash;
}

static uint64_t line_after(const struct ids *t, uint64_t line)
{
    return line + 1 == t->line_count ? 0 : line + 1;
}

void ids_put(struct ids *t, uint64_t hash, uint32_t ordinal)
{
    assert(t->count + 1 < t->line_count * IDS_A_LINE);
    uint64_t at = ids_line_of(t, hash);
    while (t->lines[at].used == IDS_A_LINE)
        at = line_after(t, at);
    struct ids_line *line = &t->lines[at];
    line->ordinals[line->used] = ordinal;
    tag_of(hash, line->tags[line->used]);
    line->used++;
    t->count++;
}

bool ids_next(const struct ids *t, uint64_t hash, struct ids_walk *walk, uint32_t *ret_ordinal)
{
    if (t->line_count == 0)
        return false;
    uint8_t tag[IDS_TAG_BYTES];
    tag_of(hash, tag);
    if (!walk->is_begun)
        *walk = (struct ids_walk){.line = ids_line_of(t, hash), .is_begun = true};
    for (;; walk->line = line_after(t, walk->line), walk->at = 0) {
        const struct ids_line *line = &t->lines[walk->line];
        while (walk->at < line->used) {
            uint32_t at = walk->at++;
            if (memcmp(line->tags[at], tag, IDS_TAG_BYTES) != 0)
                continue;
            *ret_ordinal = line->ordinals[at];
            return true;
        }
        if (line->used < IDS_A_LINE)
            return false;
    }
}

void ids_pour(struct ids *into, const struct ids *from)
{
    for (uint64_t i = 0; i < from->line_count; i++)
        for (uint32_t k = 0; k < from->lines[i].used; k++)
            ids_put(into, ids_hash(&from->lines[i], k), from->lines[i].ordinals[k]);
}
