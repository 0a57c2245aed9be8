/* SPDX-License-Identifier: Apache-2.0 */
#include "screen/shard.h"

#include "kit/hash.h"

#include <assert.h>

const uint8_t shard_bits[SHARD_CLASS_COUNT] = {
    [SHARD_NUMBERS] = 6, [SHARD_NAMES] = 4, [SHARD_BYTES] = 6};

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
    bool is_number = s->head->class == SHARD_NUMBERS;
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
    uint32_t first = s->head->class != SHARD_NUMBERS; /* slot of a line that holds a key */
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

/* --- the image --- */

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

static err check_slots(const struct shard *s)
{
    bool has_text = s->head->class != SHARD_NUMBERS;
    uint64_t terms = shard_terms_mask(s);
    uint64_t text = 0;
    uint32_t rank = 0;
    for (uint32_t line = 0; line < s->head->line_count; line++) {
        if (line % RANK_LINES == 0 && s->ranks[line / RANK_LINES] != rank)
            return corrupt("screen: the slots are counted wrong");
        if (has_text && !is_line_text_sound(s, line, &text))
            return corrupt("screen: the text does not fit the slots");
        for (uint32_t i = has_text; i < LINE_SLOTS; i++) {
            uint32_t slot = line * LINE_SLOTS + i;
            uint64_t word = s->lines[slot];
            if (word == 0)
                continue;
            if ((word & terms) == TERM_EMPTY || !is_slot_sound(s, slot, rank++))
                return corrupt("screen: a slot leads nowhere");
        }
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
