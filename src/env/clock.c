/* SPDX-License-Identifier: Apache-2.0 */
#include "env/clock.h"

#include <assert.h>
#include <time.h>

static int64_t read_us(clockid_t which)
{
    struct timespec t;
    int rc = clock_gettime(which, &t);
    assert(rc == 0);
    (void)rc;
    return (int64_t)t.tv_sec * US_PER_S + t.tv_nsec / 1000;
}

instant env_now(void)
{
    return instant_from_us(read_us(CLOCK_REALTIME));
}

int64_t env_monotonic_us(void)
{
    return read_us(CLOCK_MONOTONIC);
}

int64_t env_cpu_us(void)
{
    return read_us(CLOCK_THREAD_CPUTIME_ID);
}

void clock_init_real(struct clock *c)
{
    assert(c != NULL);
    atomic_init(&c->manual_us, 0);
    c->is_manual = false;
}

void clock_init_manual(struct clock *c, instant start)
{
    assert(c != NULL && start.us >= 0);
    atomic_init(&c->manual_us, start.us);
    c->is_manual = true;
}

instant clock_now(const struct clock *c)
{
    if (!c->is_manual)
        return env_now();
    return instant_from_us(atomic_load_explicit(&c->manual_us, memory_order_acquire));
}

err clock_set(struct clock *c, instant to)
{
    if (!c->is_manual)
        return fail(ERR_DENIED, "clock.not_manual", 0);
    int64_t now = atomic_load_explicit(&c->manual_us, memory_order_acquire);
    do {
        if (to.us < now)
            return fail(ERR_CONFLICT, "clock.backwards", 0);
    } while (!atomic_compare_exchange_weak_explicit(&c->manual_us, &now, to.us,
                                                    memory_order_acq_rel, memory_order_acquire));
    return OK;
}
