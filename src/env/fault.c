/* SPDX-License-Identifier: Apache-2.0 */
#include "env/fault.h"

#include <assert.h>
#include <stdatomic.h>

struct arming {
    _Atomic uint64_t first; /* 0: not armed */
    _Atomic uint64_t seen;
    _Atomic uint64_t count; /* how many fail */
};

static struct arming armed[FAULT_KIND_COUNT];

void env_fault_some(enum fault_kind kind, uint64_t n, uint64_t count)
{
    assert(kind < FAULT_KIND_COUNT && n > 0 && count > 0);
    atomic_store(&armed[kind].seen, 0);
    atomic_store(&armed[kind].count, count);
    atomic_store(&armed[kind].first, n);
}

void env_fault_at(enum fault_kind kind, uint64_t n)
{
    env_fault_some(kind, n, 1);
}

void env_fault_from(enum fault_kind kind, uint64_t n)
{
    env_fault_some(kind, n, UINT64_MAX);
}

void env_fault_clear(void)
{
    for (int k = 0; k < FAULT_KIND_COUNT; k++) {
        atomic_store(&armed[k].first, 0);
        atomic_store(&armed[k].seen, 0);
    }
}

uint64_t env_fault_seen(enum fault_kind kind)
{
    return atomic_load(&armed[kind].seen);
}

bool env_fault_hit(enum fault_kind kind)
{
    assert(kind < FAULT_KIND_COUNT);
    uint64_t first = atomic_load_explicit(&armed[kind].first, memory_order_relaxed);
    if (first == 0)
        return false;
    uint64_t call = atomic_fetch_add(&armed[kind].seen, 1) + 1;
    return call >= first && call - first < atomic_load(&armed[kind].count);
}
