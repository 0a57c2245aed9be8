/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: no text read as a drill's parameters does more than be refused with a place, or give a
 * world's figures within their bounds.
 */
#include "drill/params.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool is_so)
{
    if (!is_so)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct params p;
    struct params_fault fault = {0};
    struct arena a;
    arena_init(&a, 16 << 20);
    err e = params_read(str_make((const char *)data, size), &a, &p, &fault);
    if (failed(e)) {
        must(fault.key.at != NULL);
    } else {
        must(p.bank_count >= 1 && p.bank_count <= BANKS_MOST && p.scam_count >= 1);
        for (size_t i = 0; i < HABIT_COUNT; i++)
            must(p.habits[i].profile < p.profile_count && p.habits[i].median >= 1);
        for (size_t i = 0; i < p.bank_count; i++)
            must(p.banks[i].tick_ms >= 1 && p.banks[i].every_s >= 1);
        must(p.calls.carrier_count >= 1 && p.calls.carrier_count <= CARRIERS_MOST);
        for (size_t i = 0; i < p.calls.kind_count; i++)
            must(p.calls.kinds[i].shared >= 1 && p.calls.kinds[i].profile < p.profile_count);
        for (size_t i = 0; i < p.calls.rack_count; i++)
            must(p.calls.racks[i].ports >= 1 && p.calls.racks[i].imei < IMEI_COUNT);
    }
    arena_done(&a);
    return 0;
}
