/* SPDX-License-Identifier: Apache-2.0 */
#include "env/fault.h"

#include <assert.h>
#include <stdatomic.h>

struct arming {
    _Atomic uint64_t first; /* 0: not armed */
    _Atomic uint64_t seen;
    _Atomic bool is_lasting;
};

static struct arming armed[FAULT_KIND_COUNT];

static void arm(enum fault_kind kind, uint64_t n, bool is_lasting)
{
    assert(kind < FAULT_KIND_COUNT && n > 0);
    atomic_store(&armed[kind].seen, 0);
    atomic_store(&armed[kind].is_lasting, is_lasting);
    atomic_store(&armed[kind].first, n);
}

void env_fault_at(enum fault_kind kind, uint64_t n)
{
    arm(kind, n, false);
}

void env_fault_from(enum fault_kind kind, uint64_t n)
{
    arm(kind, n, true);
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
    return call == first || (call > first && atomic_load(&armed[kind].is_lasting));
}
