/* SPDX-License-Identifier: Apache-2.0 */
#include "screen/image.h"

#include "kit/hash.h"
#include "screen/shard.h"

const uint8_t shard_bits[SHARD_CLASS_COUNT] = {
    [SHARD_NUMBERS] = 6, [SHARD_NAMES] = 4, [SHARD_BYTES] = 4};

static uint64_t head_check(const struct shard_head *h)
{
    return hash_check((const char *)h + sizeof h->check, sizeof *h - sizeof h->check);
}

static const void *section(const struct shard_head *h, enum shard_section i)
{
    return (const char *)h + h->sections[i].at;
}

void shard_stamp(void *image)
{
    struct shard_head *h = image;
    for (int i = 0; i < SECTION_COUNT; i++)
        h->sections[i].check =
            hash_check((const char *)image + h->sections[i].at, h->sections[i].size);
    h->check = head_check(h);
}

void shard_view(const void *image, struct shard *ret_shard)
{
    const struct shard_head *h = image;
    *ret_shard = (struct shard){
        .lines = section(h, SECTION_LINES),
        .bucket_count = h->bucket_count,
        .key_shift = shard_bits[h->class],
        .term_bits = h->term_bits,
        .filter_bytes = h->sections[SECTION_FILTER].size > 0 ? section(h, SECTION_FILTER) : NULL,
        .filter = h->filter,
        .head = h,
        .rows = section(h, SECTION_ROWS),
        .ranks = section(h, SECTION_RANKS),
        .terms = section(h, SECTION_TERMS),
        .many = section(h, SECTION_MANY),
        .text = section(h, SECTION_TEXT),
        .class = h->class,
        .index = h->index,
    };
}

static err corrupt(const char *why)
{
    return fail(ERR_CORRUPT, why, 0);
}

static err check_head(const struct shard_head *h, size_t size)
{
    if (size < sizeof *h || h->size > size || h->size < sizeof *h || h->check != head_check(h))
        return corrupt("screen: a shard's head is damaged");
    if (h->class >= SHARD_CLASS_COUNT || h->index >> shard_bits[h->class] != 0 ||
        h->bucket_count == 0 || h->line_count <= h->bucket_count || h->line_count >= 1U << 28 ||
        h->term_bits < 2 || h->term_bits > 31)
        return corrupt("screen: a shard's head makes no sense");
    uint64_t at = sizeof *h;
    for (int i = 0; i < SECTION_COUNT; i++) {
        const struct shard_section_head *s = &h->sections[i];
        if (s->at < at || s->at % 8 != 0 || s->at > h->size || s->size > h->size - s->at)
            return corrupt("screen: a shard's sections lie wrong");
        at = s->at + s->size;
        if (s->check != hash_check((const char *)h + s->at, s->size))
            return corrupt("screen: a section is damaged");
    }
    uint64_t slots = (uint64_t)h->line_count * LINE_SLOTS;
    const struct shard_section_head *filter = &h->sections[SECTION_FILTER];
    bool has_filter = filter->size > 0;
    uint32_t segment = h->filter.segment_bytes;
    uint64_t ranks = (h->line_count + RANK_LINES - 1) / RANK_LINES;
    if (h->sections[SECTION_LINES].size != slots * 8 ||
        h->sections[SECTION_RANKS].size != ranks * 4 ||
        h->sections[SECTION_ROWS].size != h->value_count * UINT64_C(4))
        return corrupt("screen: a section is too short");
    if (has_filter &&
        (segment == 0 || (segment & (segment - 1)) != 0 ||
         h->filter.segments > UINT32_MAX / segment - 2 || filter_bytes(&h->filter) != filter->size))
        return corrupt("screen: the filter makes no sense");
    return OK;
}

/* Terms and rows of one slot, the `rank`-th that is filled, lead somewhere. */
static bool is_slot_sound(const struct shard *s, uint32_t slot, uint32_t rank)
{
    uint64_t term_count = s->head->sections[SECTION_TERMS].size / sizeof(struct term);
    uint64_t many_count = s->head->sections[SECTION_MANY].size / sizeof(uint32_t);
    uint64_t term = s->lines[slot] & shard_terms_mask(s);
    if (rank >= s->head->value_count)
        return false;
    if (term != TERM_SEVERAL)
        return term >= TERM_FIRST && term < term_count;
    uint64_t at = s->rows[rank];
    if (at >= many_count || s->many[at] > (many_count - at - 1) / 2)
        return false;
    for (uint32_t i = 0; i < s->many[at]; i++)
        if (s->many[at + 2 + 2 * (uint64_t)i] >= term_count)
            return false;
    return true;
}

/* The text of one line's slots; *at, in units, moves past it. */
static bool is_line_text_sound(const struct shard *s, uint32_t line, uint64_t *at)
{
    uint64_t units = s->head->sections[SECTION_TEXT].size / TEXT_UNIT;
    const uint64_t *slots = s->lines + (uint64_t)line * LINE_SLOTS;
    uint64_t meta = *at;
    bool has_ended = false;
    for (uint32_t i = 1; i < LINE_SLOTS; i++) {
        const uint8_t *text = s->text + *at * TEXT_UNIT;
        bool is_empty = slots[i] == 0;
        if (has_ended && !is_empty)
            return false;
        has_ended = is_empty;
        if (is_empty)
            continue;
        if (*at >= units || text_units(text) > units - *at)
            return false;
        meta |= meta_units(text_units(text), i);
        *at += text_units(text);
    }
    return slots[0] == meta;
}

/* Each used slot leads somewhere; *rank counts them. */
static bool is_line_sound(const struct shard *s, uint32_t line, uint32_t *rank)
{
    uint64_t terms = shard_terms_mask(s);
    for (uint32_t i = s->head->class != SHARD_NUMBERS; i < LINE_SLOTS; i++) {
        uint32_t slot = line * LINE_SLOTS + i;
        uint64_t word = s->lines[slot];
        if (word == 0)
            continue;
        if ((word & terms) == TERM_EMPTY || !is_slot_sound(s, slot, (*rank)++))
            return false;
    }
    return true;
}

static err check_slots(const struct shard *s)
{
    bool has_text = s->head->class != SHARD_NUMBERS;
    uint64_t text = 0;
    uint32_t rank = 0;
    for (uint32_t line = 0; line < s->head->line_count; line++) {
        if (line % RANK_LINES == 0 && s->ranks[line / RANK_LINES] != rank)
            return corrupt("screen: the slots are counted wrong");
        if (has_text && !is_line_text_sound(s, line, &text))
            return corrupt("screen: the text does not fit the slots");
        if (!is_line_sound(s, line, &rank))
            return corrupt("screen: a slot leads nowhere");
    }
    /* where every search ends */
    const uint64_t *end = s->lines + (uint64_t)(s->head->line_count - 1) * LINE_SLOTS;
    return end[LINE_SLOTS - 1] == 0 ? OK : corrupt("screen: the last line is not empty");
}

/* Keys rise, none stands before the line it points to, and there are as many as the head says. */
static err check_order(const struct shard *s)
{
    struct shard_walk w = {0};
    uint64_t before = 0;
    uint64_t values = 0;
    uint64_t listings = 0;
    while (shard_walk(s, &w)) {
        if (w.key < before || shard_want(s, w.key).line > w.slot / LINE_SLOTS)
            return corrupt("screen: the slots are out of order");
        before = w.key;
        values++;
        listings += shard_listings(s, w.slot).left;
    }
    bool is_whole = values == s->head->value_count && listings == s->head->listing_count;
    return is_whole ? OK : corrupt("screen: a shard does not hold what its head says");
}

err shard_open(const void *image, size_t size, struct shard *ret_shard)
{
    struct shard s;
    TRY(check_head(image, size));
    shard_view(image, &s);
    TRY(check_slots(&s));
    TRY(check_order(&s));
    *ret_shard = s;
    return OK;
}
