/* SPDX-License-Identifier: Apache-2.0 */
#include "screen/load.h"

#include "screen/seal.h"

#include <assert.h>

enum {
    FIRST_CHUNK_BYTES = 16 << 10,
    CHUNK_BYTES = 128 << 10,
    RECORD_HEAD_BYTES = 16,
    OP_BITS = 2,
};
#define SCRATCH_BYTES ((size_t)8 << 30)

struct load_chunk {
    struct pages pages; /* in which it lies */
    struct load_chunk *next;
    size_t used;
    uint8_t bytes[];
};

static err no_memory(void)
{
    return fail(ERR_LIMIT, "limit.memory", 0);
}

bool entry_mark(const struct screen_entry *e, str *ret_value)
{
    size_t labels = 1;
    if (e->kind != INDICATOR_DOMAIN || e->match != MATCH_SUFFIX)
        return false;
    for (size_t at = e->value.size; at > 0; at--) {
        if (e->value.at[at - 1] != '.')
            continue;
        if (labels++ == NAME_DEPTHS) {
            *ret_value = str_from(e->value, at);
            return true;
        }
    }
    return false;
}

/* --- piles --- */

/* key, row, term and op; then, but for a number, size and kind, and the bytes */
struct record {
    uint64_t key;
    uint32_t row;
    uint32_t term;
    enum load_op op;
    const uint8_t *text;
};

static struct record read_record(const uint8_t *at)
{
    struct record r;
    uint32_t both = 0;
    memcpy(&r.key, at, sizeof r.key);
    memcpy(&r.row, at + 8, sizeof r.row);
    memcpy(&both, at + 12, sizeof both);
    r.term = both >> OP_BITS;
    r.op = both & ((1U << OP_BITS) - 1);
    r.text = at + RECORD_HEAD_BYTES;
    return r;
}

void load_init(struct load *l, const struct key_seed *seed)
{
    *l = (struct load){.seed = seed};
    terms_init(&l->terms);
}

static void drop_pile(struct load_pile *pile)
{
    while (pile->first != NULL) {
        struct load_chunk *next = pile->first->next;
        struct pages pages = pile->first->pages; /* the chunk lies in it */
        pages_drop(&pages);
        pile->first = next;
    }
    *pile = (struct load_pile){0};
}

void load_done(struct load *l)
{
    for (int class = 0; class < SHARD_CLASS_COUNT; class ++)
        for (int i = 0; i < 1 << SHARD_BITS_MOST; i++)
            drop_pile(&l->piles[class][i]);
    terms_done(&l->terms);
}

static err make_room(struct load_pile *pile, size_t size, uint8_t **ret_at)
{
    struct load_chunk *chunk = pile->last;
    if (chunk == NULL || chunk->pages.size - sizeof *chunk - chunk->used < size) {
        struct pages pages = {0};
        TRY(pages_make(chunk == NULL ? FIRST_CHUNK_BYTES : CHUNK_BYTES, &pages));
        chunk = pages.at;
        chunk->pages = pages;
        *(pile->last == NULL ? &pile->first : &pile->last->next) = chunk;
        pile->last = chunk;
    }
    *ret_at = chunk->bytes + chunk->used;
    chunk->used += size;
    pile->count++;
    return OK;
}

err load_put_at(struct load *l, const struct place *p, uint32_t row, const struct term *term,
                enum load_op op)
{
    uint32_t number = 0;
    uint8_t *at = NULL;
    bool has_text = p->class != SHARD_NUMBERS;
    assert(p->value.size <= TEXT_MOST_BYTES);
    size_t size = RECORD_HEAD_BYTES + (has_text ? TEXT_HEAD_BYTES + p->value.size : 0);
    if (op == LOAD_ADD)
        TRY(terms_number(&l->terms, term, &number));
    TRY(make_room(&l->piles[p->class][shard_index(p->class, p->key)], size, &at));
    uint32_t both = number << OP_BITS | op;
    memcpy(at, &p->key, sizeof p->key);
    memcpy(at + 8, &row, sizeof row);
    memcpy(at + 12, &both, sizeof both);
    if (!has_text)
        return OK;
    text_write(at + RECORD_HEAD_BYTES, p->kind, p->value);
    return OK;
}

err load_put(struct load *l, const struct screen_entry *e, enum load_op op)
{
    struct term term = term_of(e);
    struct place place = place_of(l->seed, e->kind, e->value);
    str mark = {0};
    TRY(load_put_at(l, &place, e->row, &term, op));
    if (!entry_mark(e, &mark))
        return OK;
    term.flags = TERM_MARK;
    place = place_of(l->seed, e->kind, mark);
    return load_put_at(l, &place, e->row, &term, op);
}

/* --- sorting a pile --- */

struct sorted {
    uint64_t key;
    const uint8_t *at;
};

struct dealing {
    enum shard_class class;
    unsigned bits; /* of a key, by which they are dealt out */
    uint32_t *counts;
    struct sorted *to; /* NULL: only to be counted */
};

static void deal_chunk(const struct dealing *d, const struct load_chunk *chunk)
{
    size_t size = RECORD_HEAD_BYTES;
    for (size_t i = 0; i < chunk->used; i += size) {
        struct record r = read_record(chunk->bytes + i);
        uint64_t spot = r.key << (64 - KEY_BITS) << shard_bits[d->class];
        size_t bucket = (size_t)(spot >> (64 - d->bits));
        if (d->class != SHARD_NUMBERS)
            size = RECORD_HEAD_BYTES + text_bytes(r.text);
        if (d->to == NULL)
            d->counts[bucket + 1]++;
        else
            d->to[d->counts[bucket]++] = (struct sorted){r.key, chunk->bytes + i};
    }
}

/* By key; of one key, in the order in which they were put. About one of them has each beginning
 * by which they are dealt out, and the rest is done by insertion. */
static err sort_pile(const struct load_pile *pile, enum shard_class class, struct arena *scratch,
                     struct sorted **ret_sorted)
{
    struct dealing d = {.class = class, .bits = 1};
    while (d.bits < 24 && pile->count >> d.bits != 0)
        d.bits++;
    size_t buckets = (size_t)1 << d.bits;
    struct sorted *to = arena_make_array(scratch, pile->count + 1, sizeof *to);
    d.counts = arena_make_array(scratch, buckets + 1, sizeof *d.counts);
    if (to == NULL || d.counts == NULL)
        return no_memory();
    for (const struct load_chunk *c = pile->first; c != NULL; c = c->next)
        deal_chunk(&d, c);
    for (size_t i = 0; i < buckets; i++)
        d.counts[i + 1] += d.counts[i];
    d.to = to;
    for (const struct load_chunk *c = pile->first; c != NULL; c = c->next)
        deal_chunk(&d, c);
    for (uint32_t i = 1; i < pile->count; i++) {
        struct sorted one = to[i];
        uint32_t k = i;
        for (; k > 0 && to[k - 1].key > one.key; k--)
            to[k] = to[k - 1];
        to[k] = one;
    }
    *ret_sorted = to;
    return OK;
}

/* --- merging --- */

/* A value of the key at hand, with what is listed under it so far. */
struct held {
    const uint8_t *text;
    struct seal_listing *listings;
    uint32_t count;
    uint32_t room;
    struct held *next;
};

struct merge {
    struct load *load;
    const struct shard *old;
    uint32_t *old_terms; /* of the old shard's: their number here and 1; 0: not asked yet */
    struct seal_value *values;
    uint32_t value_count;
    struct seal_listing *listings;
    uint32_t listing_count;
    struct arena turn; /* of one key */
    struct held *held;
};

static bool is_same_text(const uint8_t *a, const uint8_t *b)
{
    return a == NULL || b == NULL ||
           (text_bytes(a) == text_bytes(b) && memcmp(a, b, text_bytes(a)) == 0);
}

static struct held *hold(struct merge *m, const uint8_t *text)
{
    struct held **end = &m->held;
    for (; *end != NULL; end = &(*end)->next)
        if (is_same_text((*end)->text, text))
            return *end;
    *end = arena_make(&m->turn, sizeof **end);
    if (*end != NULL)
        (*end)->text = text;
    return *end;
}

static err hold_listing(struct merge *m, struct held *h, uint32_t row, uint32_t term)
{
    for (uint32_t i = 0; i < h->count; i++)
        if (h->listings[i].row == row) {
            h->listings[i].term = term;
            return OK;
        }
    if (h->count == h->room) {
        uint32_t room = h->room == 0 ? 2 : 2 * h->room;
        h->listings = arena_grow(&m->turn, h->listings, h->room * sizeof *h->listings,
                                 room * sizeof *h->listings);
        if (h->listings == NULL)
            return no_memory();
        h->room = room;
    }
    h->listings[h->count++] = (struct seal_listing){row, term};
    return OK;
}

static void drop_listing(struct held *h, uint32_t row)
{
    for (uint32_t i = 0; i < h->count; i++)
        if (h->listings[i].row == row) {
            h->listings[i] = h->listings[--h->count];
            return;
        }
}

static err number_old(struct merge *m, uint32_t old, uint32_t *ret_term)
{
    if (m->old_terms[old] == 0) {
        TRY(terms_number(&m->load->terms, &m->old->terms[old], ret_term));
        m->old_terms[old] = *ret_term + 1;
    }
    *ret_term = m->old_terms[old] - 1;
    return OK;
}

static err take_old(struct merge *m, const struct shard_walk *w)
{
    struct shard_listings l = shard_listings(m->old, w->slot);
    const struct term *term = NULL;
    uint32_t row = 0;
    uint32_t number = 0;
    struct held *h = hold(m, w->text);
    if (h == NULL)
        return no_memory();
    while (shard_listing_next(m->old, &l, &row, &term)) {
        TRY(number_old(m, (uint32_t)(term - m->old->terms), &number));
        TRY(hold_listing(m, h, row, number));
    }
    return OK;
}

static err take_record(struct merge *m, const struct record *r, bool has_text)
{
    struct held *h = hold(m, has_text ? r->text : NULL);
    if (h == NULL)
        return no_memory();
    if (r->op == LOAD_CLEAR)
        h->count = 0;
    else if (r->op == LOAD_DROP)
        drop_listing(h, r->row);
    else
        return hold_listing(m, h, r->row, r->term);
    return OK;
}

/* The usual cases, without holding anything: a key with what it had, or with one new listing. */
static void put_plain(struct merge *m, const struct seal_value *v, uint32_t row, uint32_t term)
{
    m->values[m->value_count] = *v;
    m->values[m->value_count].first = m->listing_count;
    m->values[m->value_count++].count = 1;
    m->listings[m->listing_count++] = (struct seal_listing){row, term};
}

static bool is_plain_old(const struct merge *m, const struct shard_walk *w)
{
    return (m->old->lines[w->slot] & shard_terms_mask(m->old)) != TERM_SEVERAL;
}

static err put_plain_old(struct merge *m, const struct shard_walk *w, uint32_t rank)
{
    struct seal_value v = {.key = w->key, .text = w->text};
    uint32_t number = 0;
    TRY(number_old(m, (uint32_t)(m->old->lines[w->slot] & shard_terms_mask(m->old)), &number));
    put_plain(m, &v, m->old->rows[rank], number);
    return OK;
}

/* What is left of the key goes out. */
static void put_held(struct merge *m, uint64_t key)
{
    for (const struct held *h = m->held; h != NULL; h = h->next) {
        if (h->count == 0)
            continue;
        m->values[m->value_count++] = (struct seal_value){key, h->text, m->listing_count, h->count};
        memcpy(m->listings + m->listing_count, h->listings, h->count * sizeof *h->listings);
        m->listing_count += h->count;
    }
    m->held = NULL;
    arena_reset(&m->turn);
}

/* The two sides of a merge: the old shard's values and the pile's records, both in order. */
struct sides {
    struct shard_walk walk;
    bool has_old;
    uint32_t rank; /* of the old value at hand */
    const struct sorted *added;
    uint32_t next;
    uint32_t added_count;
    bool has_text;
};

static void step_old(struct merge *m, struct sides *s)
{
    s->has_old = shard_walk(m->old, &s->walk);
    s->rank++;
}

static err merge_key(struct merge *m, struct sides *s, uint64_t key)
{
    for (; s->has_old && s->walk.key == key; step_old(m, s))
        TRY(take_old(m, &s->walk));
    for (; s->next < s->added_count && s->added[s->next].key == key; s->next++) {
        struct record r = read_record(s->added[s->next].at);
        TRY(take_record(m, &r, s->has_text));
    }
    put_held(m, key);
    return OK;
}

static err merge_next(struct merge *m, struct sides *s)
{
    bool has_added = s->next < s->added_count;
    const struct sorted *added = &s->added[s->next];
    bool is_old = s->has_old && (!has_added || s->walk.key < added->key);
    if (is_old && is_plain_old(m, &s->walk)) {
        TRY(put_plain_old(m, &s->walk, s->rank));
        step_old(m, s);
        return OK;
    }
    bool is_alone = !is_old && (!s->has_old || s->walk.key != added->key) &&
                    (s->next + 1 == s->added_count || added[1].key != added->key);
    struct record r = is_alone ? read_record(added->at) : (struct record){.op = LOAD_DROP};
    if (is_alone && r.op == LOAD_ADD) {
        struct seal_value v = {.key = r.key, .text = s->has_text ? r.text : NULL};
        s->next++;
        put_plain(m, &v, r.row, r.term);
        return OK;
    }
    return merge_key(m, s, is_old ? s->walk.key : added->key);
}

static err merge_all(struct merge *m, enum shard_class class, const struct sorted *added,
                     uint32_t added_count)
{
    struct sides s = {
        .added = added, .added_count = added_count, .has_text = class != SHARD_NUMBERS};
    s.has_old = m->old != NULL && shard_walk(m->old, &s.walk);
    while (s.has_old || s.next < added_count)
        TRY(merge_next(m, &s));
    return OK;
}

static err merge_and_seal(struct merge *m, struct seal_input *in, struct arena *scratch,
                          struct pages *ret_image, struct shard *ret_shard)
{
    struct load_pile *pile = &m->load->piles[in->class][in->index];
    const struct shard_head *old = m->old == NULL ? NULL : m->old->head;
    struct sorted *added = NULL;
    size_t values = (old == NULL ? 0 : old->value_count) + (size_t)pile->count;
    size_t listings = (old == NULL ? 0 : old->listing_count) + (size_t)pile->count;
    size_t terms = old == NULL ? 0 : old->sections[SECTION_TERMS].size / sizeof(struct term);
    TRY(sort_pile(pile, in->class, scratch, &added));
    m->values = arena_make_array(scratch, values + 1, sizeof *m->values);
    m->listings = arena_make_array(scratch, listings + 1, sizeof *m->listings);
    m->old_terms = arena_make_array(scratch, terms + 1, sizeof *m->old_terms);
    if (m->values == NULL || m->listings == NULL || m->old_terms == NULL)
        return no_memory();
    TRY(merge_all(m, in->class, added, pile->count));
    in->values = m->values;
    in->value_count = m->value_count;
    in->listings = m->listings;
    in->listing_count = m->listing_count;
    in->terms = m->load->terms.at;
    in->term_count = m->load->terms.count;
    return seal(in, scratch, ret_image, ret_shard);
}

err load_seal(struct load *l, const struct load_order *order, struct pages *ret_image,
              struct shard *ret_shard)
{
    struct seal_input in = {.class = order->class, .index = order->index};
    bool is_empty = order->old == NULL || order->old->head == NULL;
    struct merge m = {.load = l, .old = is_empty ? NULL : order->old};
    struct arena scratch;
    arena_init(&scratch, SCRATCH_BYTES);
    arena_init(&m.turn, SCRATCH_BYTES);
    err e = merge_and_seal(&m, &in, &scratch, ret_image, ret_shard);
    arena_done(&m.turn);
    arena_done(&scratch);
    if (!failed(e))
        drop_pile(&l->piles[order->class][order->index]);
    return e;
}
