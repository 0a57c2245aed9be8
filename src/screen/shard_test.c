/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a shard holds its keys and no others, tells each of them whole again, and finds the listing
 * of each; an image with any one bit turned is refused, and one that is forged is refused or can be
 * asked.
 * Method: keys spread, crowded into one line, in rows without a gap, few and many; each, and its
 * neighbours, looked for. Every bit of small images turned, with the checks as they were and with
 * the checks made right again.
 */
#include "screen/world_test.h"

#include "screen/load.h"

enum { KEYS_MOST = 40000 };

static const struct key_seed key_seed = {.seed = 77};

struct keys {
    uint64_t at[KEYS_MOST];
    uint32_t count;
    enum shard_class class;
    struct arena arena;
};

static int by_key(const void *a, const void *b)
{
    const uint64_t *x = a;
    const uint64_t *y = b;
    return *x < *y ? -1 : *x > *y;
}

static void sort_keys(struct keys *k)
{
    uint32_t kept = 0;
    qsort(k->at, k->count, sizeof k->at[0], by_key);
    for (uint32_t i = 0; i < k->count; i++)
        if (i == 0 || k->at[i] != k->at[i - 1])
            k->at[kept++] = k->at[i];
    k->count = kept;
}

static struct place place_at(struct keys *k, uint64_t key)
{
    struct place p = {.key = key, .class = k->class};
    struct text t;
    if (k->class == SHARD_NUMBERS)
        return p;
    text_init(&t, &k->arena);
    text_put_u64(&t, key);
    p.kind = INDICATOR_DOMAIN;
    p.value = text_str(&t);
    return p;
}

static struct term term_at(uint32_t i)
{
    return (struct term){.until_us = 100 + i % 300, .from_us = i % 7, .flags = (i % 3) & 3};
}

/* The i-th key has listing i, every fifth one also listing i + KEYS_MOST. */
static void seal_keys(struct keys *k, struct pages *image, struct shard *s)
{
    struct load load;
    load_init(&load, &key_seed);
    for (uint32_t i = 0; i < k->count; i++) {
        struct place p = place_at(k, k->at[i]);
        struct term term = term_at(i);
        assert_false(failed(load_put_at(&load, &p, i, &term, LOAD_ADD)));
        if (i % 5 == 0)
            assert_false(failed(load_put_at(&load, &p, i + KEYS_MOST, &term, LOAD_ADD)));
    }
    struct load_order order = {.class = k->class, .index = shard_index(k->class, k->at[0])};
    assert_false(failed(load_seal(&load, &order, image, s)));
    load_done(&load);
    assert_false(failed(shard_open(image->at, image->size, s)));
}

static void expect_listings(const struct shard *s, uint32_t slot, uint32_t i)
{
    struct shard_listings l = shard_listings(s, slot);
    const struct term *term = NULL;
    struct term want = term_at(i);
    uint32_t row = 0;
    for (uint32_t n = 0; n < (i % 5 == 0 ? 2 : 1); n++) {
        assert_true(shard_listing_next(s, &l, &row, &term));
        assert_int_equal(row, i + n * KEYS_MOST);
        assert_memory_equal(term, &want, sizeof want);
    }
    assert_false(shard_listing_next(s, &l, &row, &term));
}

static uint32_t find(struct keys *k, const struct shard *s, uint64_t key)
{
    struct place p = place_at(k, key);
    return shard_find(s, key, p.kind, p.value);
}

static void expect_keys(struct keys *k)
{
    struct pages image = {0};
    struct shard s;
    struct shard_walk w = {0};
    sort_keys(k);
    seal_keys(k, &image, &s);
    for (uint32_t i = 0; i < k->count; i++) {
        assert_true(shard_walk(&s, &w));
        assert_int_equal(w.key, k->at[i]);
        uint32_t slot = find(k, &s, k->at[i]);
        assert_int_equal(slot, w.slot);
        expect_listings(&s, slot, i);
        for (uint64_t step = 1; step < UINT64_C(1) << 44; step <<= 1) {
            uint64_t other = k->at[i] ^ step;
            bool is_key = bsearch(&other, k->at, k->count, sizeof other, by_key) != NULL;
            assert_int_equal(is_key, find(k, &s, other) != SHARD_NONE);
        }
        arena_reset(&k->arena);
    }
    assert_false(shard_walk(&s, &w));
    assert_int_equal(s.head->value_count, k->count);
    pages_drop(&image);
}

/* A shard's keys are those that begin with its number: here 0. */
static void keys_of_all_shapes(void **state)
{
    (void)state;
    static struct keys k;
    struct random_source random;
    uint64_t end = UINT64_C(1) << (KEY_BITS - SHARD_BITS_MOST);
    random_init_seeded(&random, 1);
    arena_init(&k.arena, 1 << 24);
    for (int class = 0; class < SHARD_CLASS_COUNT; class ++)
        for (int shape = 0; shape < 6; shape++) {
            static const uint32_t counts[] = {1, 3, 60, 2000, 5000, 8000};
            k.class = (enum shard_class) class;
            k.count = counts[shape];
            uint64_t crowd = random_below(&random, end - KEYS_MOST);
            for (uint32_t i = 0; i < k.count; i++)
                k.at[i] = shape == 3 && i % 8 == 0   ? crowd + i
                          : shape == 4 && i % 2 == 0 ? end - 1 - i
                          : shape == 5 && i % 9 == 0 ? i * 3
                                                     : random_below(&random, end);
            expect_keys(&k);
        }
    arena_done(&k.arena);
}

/* --- damage --- */

static void ask_everything(struct keys *k, const struct shard *s)
{
    for (uint32_t i = 0; i < k->count; i++)
        for (uint64_t step = 0; step < 3; step++) {
            uint32_t slot = find(k, s, k->at[i] + step);
            struct shard_listings l = {0};
            const struct term *term = NULL;
            uint32_t row = 0;
            if (slot == SHARD_NONE)
                continue;
            l = shard_listings(s, slot);
            while (shard_listing_next(s, &l, &row, &term))
                assert_true(term->until_us != INT64_MAX || row > 0);
        }
    arena_reset(&k->arena);
}

/* The bytes lie at the end of their room, so that a sanitizer sees what is read past them. */
static void turn_every_bit(struct keys *k)
{
    struct pages image = {0};
    struct shard s;
    sort_keys(k);
    seal_keys(k, &image, &s);
    unsigned char *copy = malloc(image.size);
    assert_non_null(copy);
    for (size_t bit = 0; bit < image.size * 8; bit++) {
        memcpy(copy, image.at, image.size);
        copy[bit / 8] ^= (unsigned char)(1U << bit % 8);
        struct shard opened;
        bool is_gap = !failed(shard_open(copy, image.size, &opened));
        if (is_gap) /* between sections nothing is looked at */
            ask_everything(k, &opened);
        const struct shard_head *h = (const void *)copy;
        bool can_stamp = memcmp(h->sections, ((const struct shard_head *)image.at)->sections,
                                sizeof h->sections) == 0;
        if (!can_stamp || bit < 64)
            continue;
        shard_stamp(copy);
        if (!failed(shard_open(copy, image.size, &opened)))
            ask_everything(k, &opened);
    }
    for (size_t size = 0; size < image.size; size += 13)
        assert_int_equal(shard_open(image.at, size, &s).code, ERR_CORRUPT);
    free(copy);
    pages_drop(&image);
}

static void every_section_is_checked(struct keys *k)
{
    struct pages image = {0};
    struct shard s;
    seal_keys(k, &image, &s);
    for (int i = 0; i < SECTION_COUNT; i++) {
        const struct shard_section_head *section = &s.head->sections[i];
        unsigned char *at = (unsigned char *)image.at + section->at;
        for (size_t k2 = 0; k2 < section->size; k2 += 1 + section->size / 50) {
            struct shard opened;
            at[k2] ^= 0x10;
            assert_int_equal(shard_open(image.at, image.size, &opened).code, ERR_CORRUPT);
            at[k2] ^= 0x10;
        }
    }
    pages_drop(&image);
}

static void damage(void **state)
{
    (void)state;
    static struct keys k;
    struct random_source random;
    random_init_seeded(&random, 3);
    arena_init(&k.arena, 1 << 24);
    for (int class = 0; class < SHARD_CLASS_COUNT; class ++) {
        k.class = (enum shard_class) class;
        k.count = 12;
        for (uint32_t i = 0; i < k.count; i++)
            k.at[i] = random_below(&random, UINT64_C(1) << (KEY_BITS - SHARD_BITS_MOST));
        turn_every_bit(&k);
        every_section_is_checked(&k);
    }
    arena_done(&k.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_of_all_shapes),
        cmocka_unit_test(damage),
    };
    return cmocka_run_group_tests_name("screen/shard", tests, NULL, NULL);
}
