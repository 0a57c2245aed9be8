/* SPDX-License-Identifier: Apache-2.0 */
/* sense_test - for the tests of this folder: chance that repeats, and room for a book. */
#ifndef YUMEN_SENSE_SENSE_TEST_H
#define YUMEN_SENSE_SENSE_TEST_H

#include "kit/kit.h"
#include "sense/book.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

struct chance {
    uint64_t draws;
};

static inline uint64_t draw(struct chance *c)
{
    uint64_t x = (c->draws++ + 1) * UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

static inline uint32_t draw_below(struct chance *c, uint32_t n)
{
    return (uint32_t)(draw(c) % n);
}

/* As keyed as sight() makes it: no two places have anything to do with each other. */
static inline uint64_t key_of(uint64_t n)
{
    struct chance c = {n << 20};
    return draw(&c) | 1;
}

#endif
