/* SPDX-License-Identifier: Apache-2.0 */
#include "warn/decay.h"

#include <assert.h>
#include <stdbool.h>

enum { FRACTION_BITS = 16, FINE_BITS = 32, DEEPEST = 40 };

/* Bit by bit: squaring doubles what is left of the logarithm. */
int64_t decay_log2(uint64_t n)
{
    assert(n > 0);
    int64_t whole = 63 - __builtin_clzll(n);
    uint64_t x = n << (63 - whole); /* from 1 to 2, the unit at bit 63 */
    int64_t fraction = 0;
    for (int i = 0; i < FRACTION_BITS; i++) {
        unsigned __int128 square = (unsigned __int128)x * x >> 63;
        bool is_two = square >> 64 != 0;
        x = (uint64_t)(is_two ? square >> 1 : square);
        fraction = fraction << 1 | is_two;
    }
    return whole * Q16 + fraction;
}

/* 2^-1/2, 2^-1/4, …, in 2^-32. */
static const uint64_t roots[FRACTION_BITS] = {
    3037000500, 3611622603, 3938502376, 4112874773, 4202935003, 4248701965, 4271771996, 4283353945,
    4289156690, 4292061010, 4293513907, 4294240540, 4294603903, 4294785595, 4294876445, 4294921870,
};

int64_t decay_exp2(int64_t x)
{
    assert(x <= 0);
    uint64_t down = (uint64_t)-x;
    uint64_t whole = down >> FRACTION_BITS;
    if (whole > DEEPEST)
        return 0;
    uint64_t value = UINT64_C(1) << FINE_BITS;
    for (int i = 0; i < FRACTION_BITS; i++)
        if (down >> (FRACTION_BITS - 1 - i) & 1)
            value = value * roots[i] >> FINE_BITS;
    return (int64_t)(value >> whole >> (FINE_BITS - FRACTION_BITS));
}
