/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/dice.h"

#include <assert.h>

enum { ONE_BITS = 30, LEAST_POWER = -40, MOST_POWER = 40 };
#define ONE          (INT64_C(1) << ONE_BITS)
#define LOG2_E_MICRO INT64_C(1442695)
#define LN_2         INT64_C(744261118) /* x 2^30 */

/* log2(1 + f) = f (c0 + c1 f + ...) and 2^f = 1 + f (c0 + c1 f + ...), f from 0 to 1, x 2^30. */
static const int64_t log_terms[] = {1549082005, -772901815, 483855308, -252066630, 65772956};
static const int64_t power_terms[] = {744261118, 257934592, 59722906, 9900178, 1923030};
enum { TERMS = 5 };

static int64_t series(const int64_t terms[TERMS], int64_t f)
{
    int64_t sum = terms[TERMS - 1];
    for (size_t i = TERMS - 1; i > 0; i--)
        sum = terms[i - 1] + sum * f / ONE;
    return sum * f / ONE;
}

/* splitmix64's finish over the three. */
uint64_t dice_mix(uint64_t seed, uint64_t thing, uint64_t what)
{
    uint64_t z = seed + thing * UINT64_C(0x9E3779B97F4A7C15) + what * UINT64_C(0xD1B54A32D192ED03);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

void dice_fork(struct dice *d, uint64_t seed, str name)
{
    uint64_t state = dice_mix(seed, name.size, 1);
    for (size_t i = 0; i < name.size; i++)
        state = dice_mix(state, (unsigned char)name.at[i], 2);
    random_init_seeded(&d->source, state);
}

uint64_t dice_skewed(struct dice *d, uint64_t n, int power)
{
    assert(power >= 1);
    uint64_t u = random_u64(&d->source);
    uint64_t product = u;
    for (int i = 1; i < power; i++)
        product = dice_scale(product, u);
    return dice_scale(product, n);
}

bool dice_hits(struct dice *d, int64_t share_micro)
{
    if (share_micro <= 0)
        return false;
    return (int64_t)dice_below(d, MICRO) < share_micro;
}

/* -ln(u) x 2^30, u = bits / 2^64. */
static int64_t minus_log(uint64_t bits)
{
    uint64_t u = bits | 1;
    int zeros = __builtin_clzll(u);
    int64_t fraction = (int64_t)((u << zeros << 1) >> (64 - ONE_BITS));
    int64_t log2 = series(log_terms, fraction);
    int64_t minus_log2 = (zeros + 1) * ONE - log2;
    return (int64_t)(((__int128)minus_log2 * LN_2) >> ONE_BITS);
}

int64_t dice_wait(struct dice *d, int64_t mean)
{
    assert(mean >= 0);
    return (int64_t)(((__int128)mean * minus_log(random_u64(&d->source))) >> ONE_BITS);
}

/* Eight evenly drawn pieces of 16 bits: their sum is nearly normal. */
int64_t dice_bell(uint64_t a, uint64_t b)
{
    enum { MEAN = 262140, DEVIATION = 53510 };
    int64_t sum = -MEAN;
    for (int i = 0; i < 64; i += 16)
        sum += (int64_t)(a >> i & 0xFFFF) + (int64_t)(b >> i & 0xFFFF);
    return sum * MICRO / DEVIATION;
}

int64_t dice_spread(int64_t median, int64_t sigma_micro, int64_t z_micro)
{
    assert(median >= 0);
    int64_t power = z_micro * sigma_micro / MICRO * LOG2_E_MICRO / MICRO; /* of 2, in millionths */
    int64_t whole = power >= 0 ? power / MICRO : -((-power + MICRO - 1) / MICRO);
    int64_t fraction = (power - whole * MICRO) * ONE / MICRO;
    if (whole < LEAST_POWER)
        return 0;
    if (whole > MOST_POWER)
        whole = MOST_POWER;
    __int128 value = (__int128)median * (ONE + series(power_terms, fraction));
    value = whole >= 0 ? value << whole : value >> -whole;
    value >>= ONE_BITS;
    return value > INT64_MAX ? INT64_MAX : (int64_t)value;
}

int64_t dice_about(struct dice *d, int64_t median, int64_t sigma_micro)
{
    uint64_t a = random_u64(&d->source);
    return dice_spread(median, sigma_micro, dice_bell(a, random_u64(&d->source)));
}

int64_t dice_about_fixed(uint64_t bits, int64_t median, int64_t sigma_micro)
{
    return dice_spread(median, sigma_micro, dice_bell(bits, dice_mix(bits, 1, 3)));
}

size_t dice_pick(struct dice *d, const int64_t *weights, size_t count)
{
    assert(count > 0);
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += weights[i];
    int64_t at = (int64_t)dice_below(d, (uint64_t)sum);
    for (size_t i = 0; i + 1 < count; i++) {
        if (at < weights[i])
            return i;
        at -= weights[i];
    }
    return count - 1;
}
