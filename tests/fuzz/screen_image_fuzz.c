/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: whatever the bytes of a shard's image are, it is refused, or can be asked, walked and
 * sealed anew without a look beyond its bytes and without end.
 * Method: images of each class, sealed once; the input writes bytes into one of them, the checks
 * are made right again, and what is still accepted is used. Bytes of the input itself are tried
 * too.
 */
#include "screen/load.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { VALUES = 40, PLACES = 4 };

static const struct key_seed seed = {.seed = 1, .weak_bits = 9};
static struct pages images[SHARD_CLASS_COUNT];

static void must(bool is_so)
{
    if (!is_so)
        abort();
}

static struct place place_at(enum shard_class class, uint32_t i)
{
    static const char *const values[] = {"a.example", "b.a.example", "a-longer-name.example.org",
                                         "c"};
    struct place p = {.class = class, .key = (uint64_t)i * i * UINT64_C(0x10000001)};
    if (class != SHARD_NUMBERS) {
        p.kind = INDICATOR_DOMAIN;
        p.value = str_from_c(values[i % COUNT_OF(values)]);
    }
    return p;
}

static void make_image(enum shard_class class)
{
    struct load load;
    struct shard s;
    struct load_order order = {.class = class};
    load_init(&load, &seed);
    for (uint32_t i = 0; i < VALUES; i++) {
        struct place p = place_at(class, i);
        struct term term = {.until_us = 100 + i % 3, .flags = i % 3 & 3};
        must(!failed(load_put_at(&load, &p, i, &term, LOAD_ADD)));
        must(i % 4 != 0 || !failed(load_put_at(&load, &p, i + VALUES, &term, LOAD_ADD)));
    }
    must(!failed(load_seal(&load, &order, &images[class], &s)));
    load_done(&load);
}

static void use(const struct shard *s)
{
    struct pages again = {0};
    struct shard made;
    struct load load;
    struct load_order order = {.class = s->class, .index = s->index, .old = s};
    for (uint32_t i = 0; i < VALUES; i++) {
        struct place p = place_at(s->class, i);
        uint32_t slot = shard_find(s, p.key, p.kind, p.value);
        struct shard_listings l = {0};
        const struct term *term = NULL;
        uint32_t row = 0;
        if (slot != SHARD_NONE)
            l = shard_listings(s, slot);
        while (slot != SHARD_NONE && shard_listing_next(s, &l, &row, &term))
            must(term->flags < 16);
        if (s->filter_bytes != NULL)
            (void)filter_may_have(&s->filter, s->filter_bytes, p.key);
    }
    load_init(&load, &seed);
    err e = load_seal(&load, &order, &again, &made);
    if (!failed(e))
        must(!failed(shard_open(again.at, again.size, &made)));
    pages_drop(&again);
    load_done(&load);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct shard s;
    if (images[0].at == NULL)
        for (int class = 0; class < SHARD_CLASS_COUNT; class ++)
            make_image((enum shard_class) class);
    if (size == 0)
        return 0;
    const struct pages *image = &images[data[0] % SHARD_CLASS_COUNT];
    uint64_t *copy = malloc(image->size > size ? image->size : size);
    must(copy != NULL);
    memcpy(copy, data, size);
    must(failed(shard_open(copy, size, &s)));
    memcpy(copy, image->at, image->size);
    for (size_t i = 1; i + PLACES <= size; i += PLACES) {
        size_t at = ((size_t)data[i] << 16 | (size_t)data[i + 1] << 8 | data[i + 2]) % image->size;
        ((uint8_t *)copy)[at] = data[i + 3];
    }
    const struct shard_head *h = (const void *)copy;
    bool can_stamp = h->size <= image->size;
    for (int i = 0; i < SECTION_COUNT; i++)
        can_stamp = can_stamp && h->sections[i].at <= image->size &&
                    h->sections[i].size <= image->size - h->sections[i].at;
    if (can_stamp)
        shard_stamp(copy);
    if (!failed(shard_open(copy, image->size, &s)))
        use(&s);
    free(copy);
    return 0;
}
