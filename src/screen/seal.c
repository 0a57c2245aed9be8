/* SPDX-License-Identifier: Apache-2.0 */
#include "screen/seal.h"

#include <assert.h>

enum { GROW_TRIES = 8, TERM_BITS_MOST = 31 };

/* Keys a line, of 8 and of 7 slots: as many as leave searches short. In hundredths. */
static const uint32_t line_load[2] = {663, 570};

struct plan {
    const struct seal_input *in;
    struct shard shape; /* what shard_want needs */
    uint32_t slots;     /* of a line that hold keys */
    uint32_t line_count;
    uint32_t *own_term; /* of each term handed in: its number here; 0: not used */
    uint32_t own_count;
    uint64_t many_words;
    uint64_t text_units;
    struct filter_shape filter;
    uint64_t filter_bytes;
    uint64_t *filter_keys;
    size_t filter_key_count;
    uint32_t depths;
};

/* --- planning --- */

static void number_terms(struct plan *p)
{
    p->own_count = TERM_FIRST;
    for (uint32_t i = 0; i < p->in->listing_count; i++) {
        uint32_t *own = &p->own_term[p->in->listings[i].term];
        if (*own == 0)
            *own = p->own_count++;
    }
}

/* The bits that tell apart all keys that may be met while one is looked for, and their order. */
static uint32_t bits_needed(const struct plan *p, uint64_t farthest)
{
    uint32_t whole = KEY_BITS - p->shape.key_shift;
    uint64_t stretch = (UINT64_C(1) << whole) / p->shape.bucket_count + 2;
    uint32_t bits = 1;
    while (bits <= whole && UINT64_C(1) << bits < (4 * farthest + 6) * stretch)
        bits++;
    return bits; /* at most whole + 1: then the order is that of the keys themselves */
}

/* Puts every key where it is to stand, and sees how far that is. */
static bool try_lines(struct plan *p, uint64_t bucket_count)
{
    uint64_t place = 0;
    uint64_t farthest = 0;
    p->shape.bucket_count = bucket_count;
    for (uint32_t i = 0; i < p->in->value_count; i++) {
        uint64_t line = shard_want(&p->shape, p->in->values[i].key).line;
        place = place < line * p->slots ? line * p->slots : place;
        farthest = place / p->slots - line > farthest ? place / p->slots - line : farthest;
        place++;
    }
    uint64_t lines = (place + p->slots - 1) / p->slots;
    uint32_t bits = bits_needed(p, farthest);
    uint32_t term_bits = 64 - bits < TERM_BITS_MOST ? 64 - bits : TERM_BITS_MOST;
    p->line_count = (uint32_t)(lines < bucket_count ? bucket_count : lines) + 1;
    p->shape.term_bits = term_bits;
    return p->own_count <= UINT64_C(1) << term_bits;
}

static err plan_lines(struct plan *p)
{
    uint32_t load = line_load[p->in->class != SHARD_NUMBERS];
    uint64_t bucket_count = (uint64_t)p->in->value_count * 100 / load + 1;
    for (int i = 0; i < GROW_TRIES; i++, bucket_count += bucket_count / 2)
        if (try_lines(p, bucket_count))
            return OK;
    return fail(ERR_LIMIT, "screen.crowded", 0);
}

static void plan_rest(struct plan *p)
{
    for (uint32_t i = 0; i < p->in->value_count; i++) {
        const struct seal_value *v = &p->in->values[i];
        assert(v->count > 0);
        p->many_words += v->count > 1 ? 1 + 2 * (uint64_t)v->count : 0;
        p->text_units += v->text == NULL ? 0 : text_units(v->text);
    }
}

static void note_depth(struct plan *p, const struct seal_value *v)
{
    unsigned kind = 0;
    size_t labels = seal_labels(text_value(v->text, &kind));
    for (uint32_t i = 0; i < v->count; i++) {
        uint64_t flags = p->in->terms[p->in->listings[v->first + i].term].flags;
        if ((flags & (TERM_SUFFIX | TERM_MARK)) != 0 && labels <= NAME_DEPTHS)
            p->depths |= 1U << labels;
    }
}

static err plan_names(struct plan *p, struct arena *scratch)
{
    p->filter_keys = arena_make_array(scratch, p->in->value_count + 1, sizeof *p->filter_keys);
    if (p->filter_keys == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (uint32_t i = 0; i < p->in->value_count; i++) {
        const struct seal_value *v = &p->in->values[i];
        note_depth(p, v);
        if (i == 0 || v->key != v[-1].key)
            p->filter_keys[p->filter_key_count++] = v->key;
    }
    p->filter = filter_shape_for(p->filter_key_count);
    p->filter_bytes = filter_bytes(&p->filter);
    return OK;
}

/* --- writing --- */

struct writing {
    const struct plan *plan;
    uint64_t *lines;
    uint32_t *rows;
    uint32_t *ranks;
    uint32_t *many;
    uint32_t many_used;
    uint8_t *text;
    uint64_t text_used; /* units */
    uint64_t line; /* the line that is being filled; those before it know where their text is */
};

static void put_terms(const struct plan *p, struct term *to)
{
    for (uint32_t i = 0; i < p->in->term_count; i++)
        if (p->own_term[i] != 0)
            to[p->own_term[i]] = p->in->terms[i];
}

static void put_listings(struct writing *w, const struct seal_value *v, uint64_t slot, uint64_t low)
{
    const struct plan *p = w->plan;
    uint32_t *row = &w->rows[v - p->in->values];
    const struct seal_listing *from = &p->in->listings[v->first];
    if (v->count == 1) {
        *row = from->row;
        w->lines[slot] = low | p->own_term[from->term];
        return;
    }
    *row = w->many_used;
    w->lines[slot] = low | TERM_SEVERAL;
    w->many[w->many_used++] = v->count;
    for (uint32_t i = 0; i < v->count; i++) {
        w->many[w->many_used++] = from[i].row;
        w->many[w->many_used++] = p->own_term[from[i].term];
    }
}

/* Lines up to this one begin their text here. */
static void begin_lines(struct writing *w, uint64_t line)
{
    for (; w->line < line; w->line++)
        w->lines[(w->line + 1) * LINE_SLOTS] = w->text_used;
}

/* From how many stand in each few lines to how many stand before them. */
static void sum_ranks(struct writing *w)
{
    uint32_t before = 0;
    for (uint32_t i = 0; i < (w->plan->line_count + RANK_LINES - 1) / RANK_LINES; i++) {
        uint32_t here = w->ranks[i];
        w->ranks[i] = before;
        before += here;
    }
}

static void put_values(struct writing *w)
{
    const struct plan *p = w->plan;
    bool has_text = p->in->class != SHARD_NUMBERS;
    uint64_t place = 0;
    for (uint32_t i = 0; i < p->in->value_count; i++) {
        const struct seal_value *v = &p->in->values[i];
        struct shard_want want = shard_want(&p->shape, v->key);
        place = place < want.line * p->slots ? want.line * p->slots : place;
        uint64_t line = place / p->slots;
        uint64_t slot = line * LINE_SLOTS + has_text + place % p->slots;
        place++;
        if (has_text) {
            begin_lines(w, line);
            memcpy(w->text + w->text_used * TEXT_UNIT, v->text, text_bytes(v->text));
            w->text_used += text_units(v->text);
            w->lines[line * LINE_SLOTS] |=
                meta_units(text_units(v->text), (uint32_t)(slot % LINE_SLOTS));
        }
        put_listings(w, v, slot, want.slot);
        w->ranks[line / RANK_LINES]++;
    }
    if (has_text)
        begin_lines(w, p->line_count - 1);
    sum_ranks(w);
}

static uint64_t lay_out(const struct plan *p, struct shard_head *h)
{
    const uint64_t slots = (uint64_t)p->line_count * LINE_SLOTS;
    const uint64_t sizes[SECTION_COUNT] = {
        [SECTION_LINES] = slots * sizeof(uint64_t),
        [SECTION_ROWS] = (uint64_t)p->in->value_count * sizeof(uint32_t),
        [SECTION_RANKS] = (p->line_count + RANK_LINES - 1) / RANK_LINES * sizeof(uint32_t),
        [SECTION_TERMS] = (uint64_t)p->own_count * sizeof(struct term),
        [SECTION_MANY] = p->many_words * sizeof(uint32_t),
        [SECTION_TEXT] = p->text_units * TEXT_UNIT,
        [SECTION_FILTER] = p->filter_bytes,
    };
    uint64_t at = (sizeof *h + LINE_BYTES - 1) & ~(uint64_t)(LINE_BYTES - 1);
    for (int i = 0; i < SECTION_COUNT; i++) {
        h->sections[i] = (struct shard_section_head){.at = at, .size = sizes[i]};
        at = (at + sizes[i] + LINE_BYTES - 1) & ~(uint64_t)(LINE_BYTES - 1);
    }
    return at;
}

static void write_image(const struct plan *p, struct shard_head *h, struct arena *scratch)
{
    char *image = (char *)h;
    struct writing w = {.plan = p,
                        .lines = (void *)(image + h->sections[SECTION_LINES].at),
                        .rows = (void *)(image + h->sections[SECTION_ROWS].at),
                        .ranks = (void *)(image + h->sections[SECTION_RANKS].at),
                        .many = (void *)(image + h->sections[SECTION_MANY].at),
                        .text = (void *)(image + h->sections[SECTION_TEXT].at)};
    struct shard_section_head *filter = &h->sections[SECTION_FILTER];
    put_terms(p, (void *)(image + h->sections[SECTION_TERMS].at));
    put_values(&w);
    assert(w.many_used == p->many_words && w.text_used == p->text_units);
    if (filter->size > 0 && !filter_build(&h->filter, p->filter_keys, p->filter_key_count, scratch,
                                          (uint8_t *)image + filter->at))
        filter->size = 0; /* slower, and as right */
    shard_stamp(image);
}

err seal(const struct seal_input *in, struct arena *scratch, struct pages *ret_image,
         struct shard *ret_shard)
{
    struct plan p = {.in = in,
                     .shape = {.key_shift = shard_bits[in->class]},
                     .slots = in->class == SHARD_NUMBERS ? LINE_SLOTS : LINE_SLOTS - 1,
                     .own_term = arena_make_array(scratch, in->term_count + 1, sizeof(uint32_t))};
    if (p.own_term == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    number_terms(&p);
    TRY(plan_lines(&p));
    plan_rest(&p);
    if (in->class == SHARD_NAMES)
        TRY(plan_names(&p, scratch));
    struct shard_head head = {.class = in->class,
                              .index = in->index,
                              .bucket_count = (uint32_t)p.shape.bucket_count,
                              .line_count = p.line_count,
                              .term_bits = p.shape.term_bits,
                              .value_count = in->value_count,
                              .listing_count = in->listing_count,
                              .depths = p.depths,
                              .filter = p.filter};
    struct pages image = {0};
    head.size = lay_out(&p, &head);
    if (p.many_words > UINT32_MAX || p.text_units > UINT32_MAX || p.line_count >= 1U << 28)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(pages_make(head.size, &image));
    memcpy(image.at, &head, sizeof head);
    write_image(&p, image.at, scratch);
    shard_view(image.at, ret_shard);
    *ret_image = image;
    return OK;
}

size_t seal_labels(str name)
{
    size_t labels = 1;
    for (size_t i = 0; i < name.size; i++)
        labels += name.at[i] == '.';
    return labels;
}
