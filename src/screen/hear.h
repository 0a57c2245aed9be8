/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hear - of all listings that were found to cover a value, which one speaks.
 *
 * Shape     hear_slot, hear_item: each listing of a value, against the best so far --answer_of-->
 *           the answer. The order in which they are heard changes nothing.
 * Owns      Nothing.   Lives  A question.   Fails  -   Threads  Any.   Bounds  -
 */
#ifndef YUMEN_SCREEN_HEAR_H
#define YUMEN_SCREEN_HEAR_H

#include "screen/part.h"

/* The build zeroes what is on the stack; here that would cost more than the asking. */
#define UNSET __attribute__((uninitialized))

/* A listing told by its row, not by its slot. */
#define LISTING_IS_ROW (UINT64_C(1) << 63)

/* By what was said, then by whose name is longer, then by who ends later, then by who is newer. */
struct best {
    uint64_t listing;
    int64_t until_us;
    uint32_t size;
    uint32_t rank; /* 0: nothing yet */
};

static const uint8_t ranks[TERM_ACTION + 1] = {
    [ACTION_WARN] = 1, [ACTION_BLOCK] = 2, [ACTION_ALLOW] = 3};
static const uint8_t verdicts[] = {VERDICT_PASS, VERDICT_WARN, VERDICT_BLOCK, VERDICT_PASS};

/* Under whose value a listing was found, and when it is asked. */
struct finding {
    uint32_t size;
    bool is_whole; /* not only a suffix of what is asked for */
    int64_t now_us;
};

static inline bool speaks(const struct term *t, const struct finding *f)
{
    bool covers = f->is_whole || (t->flags & TERM_SUFFIX) != 0;
    return covers && (t->flags & TERM_MARK) == 0 && (int64_t)t->from_us <= f->now_us &&
           f->now_us < t->until_us;
}

static inline bool outdoes(const struct best *b, uint32_t rank, uint32_t size, int64_t until_us,
                           uint64_t listing)
{
    if (rank != b->rank)
        return rank > b->rank;
    if (size != b->size)
        return size > b->size;
    return until_us != b->until_us ? until_us > b->until_us : listing > b->listing;
}

static inline void hear(struct best *b, const struct term *t, const struct finding *f,
                        uint64_t listing)
{
    uint32_t rank = ranks[t->flags & TERM_ACTION];
    if (speaks(t, f) && outdoes(b, rank, f->size, t->until_us, listing))
        *b = (struct best){listing, t->until_us, f->size, rank};
}

static inline uint64_t listing_of(const struct shard *s, uint32_t slot)
{
    return (uint64_t)s->class << 40 | (uint64_t)s->index << 32 | slot;
}

/* True when there is a mark: longer suffixes are to be looked for. */
static inline bool hear_slot(struct best *b, const struct shard *s, uint32_t slot,
                             const struct finding *f)
{
    uint64_t term = s->lines[slot] & shard_terms_mask(s);
    if (term != TERM_SEVERAL) {
        hear(b, &s->terms[term], f, listing_of(s, slot));
        return (s->terms[term].flags & TERM_MARK) != 0;
    }
    struct shard_listings l = shard_listings(s, slot);
    const struct term *each = NULL;
    uint32_t row = 0;
    bool has_mark = false;
    while (shard_listing_next(s, &l, &row, &each)) {
        hear(b, each, f, LISTING_IS_ROW | row);
        has_mark = has_mark || (each->flags & TERM_MARK) != 0;
    }
    return has_mark;
}

static inline bool hear_item(struct best *b, const struct delta_item *item, const struct finding *f)
{
    bool has_mark = false;
    for (uint32_t i = 0; i < item->count; i++) {
        const struct delta_listing *l = &item->listings[i];
        hear(b, &l->term, f, LISTING_IS_ROW | l->row);
        has_mark = has_mark || (l->term.flags & TERM_MARK) != 0;
    }
    return has_mark;
}

static inline struct screen_answer answer_of(const struct best *b)
{
    return (struct screen_answer){.listing = b->listing,
                                  .until = {b->until_us},
                                  .verdict = verdicts[b->rank],
                                  .is_listed = b->rank > 0};
}

static inline bool has_news(const struct screen_view *v, enum shard_class class)
{
    return env_counter_read(&v->live->counts[class]) > 0 ||
           (v->frozen != NULL && env_counter_read(&v->frozen->counts[class]) > 0);
}

static inline void expect_news(const struct screen_view *v, const struct place *p)
{
    delta_expect(v->live, p);
    if (v->frozen != NULL)
        delta_expect(v->frozen, p);
}

static inline const struct delta_item *find_news(const struct screen_view *v, const struct place *p)
{
    const struct delta_item *item = delta_find(v->live, p);
    return item != NULL || v->frozen == NULL ? item : delta_find(v->frozen, p);
}

/* The lanes of ask.c: many of one class, for accounts, devices and companies only. */
void ask_bytes(const struct screen_reader *r, const struct screen_question *questions, size_t count,
               instant now, struct screen_answer *ret_answers);
enum { ASK_AT_ONCE = 64, BYTES_AT_ONCE = 128 };

#endif
