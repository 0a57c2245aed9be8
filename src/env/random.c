/* SPDX-License-Identifier: Apache-2.0 */
#include "env/random.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/random.h>

void random_init_secure(struct random_source *r)
{
    *r = (struct random_source){.is_seeded = false};
}

void random_init_seeded(struct random_source *r, uint64_t seed)
{
    *r = (struct random_source){.state = seed, .is_seeded = true};
}

static void fill_secure(unsigned char *at, size_t count)
{
    while (count > 0) {
        ssize_t got = getrandom(at, count, 0);
        assert(got > 0 || errno == EINTR);
        if (got > 0) {
            at += got;
            count -= (size_t)got;
        }
    }
}

/* splitmix64: passes the usual test suites, one addition and two multiplications a step. */
static uint64_t step_seeded(struct random_source *r)
{
    uint64_t z = r->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

uint64_t random_u64(struct random_source *r)
{
    if (r->is_seeded)
        return step_seeded(r);
    uint64_t value = 0;
    fill_secure((unsigned char *)&value, sizeof value);
    return value;
}

void random_fill(struct random_source *r, void *ret_bytes, size_t count)
{
    unsigned char *at = ret_bytes;
    if (!r->is_seeded) {
        fill_secure(at, count);
        return;
    }
    while (count > 0) {
        uint64_t word = step_seeded(r);
        size_t piece = count < sizeof word ? count : sizeof word;
        memcpy(at, &word, piece);
        at += piece;
        count -= piece;
    }
}

uint64_t random_below(struct random_source *r, uint64_t n)
{
    assert(n > 0);
    uint64_t unfair = -n % n; /* 2^64 mod n: below it some answers would come up once more */
    uint64_t value = random_u64(r);
    while (value < unfair)
        value = random_u64(r);
    return value % n;
}
