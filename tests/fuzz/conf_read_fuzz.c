/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: no text read as yumen.yaml or as a law profile does more than be refused with a place, or
 * give a value that keeps its bounds.
 */
#include "conf/law_read.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool is_so)
{
    if (!is_so)
        abort();
}

static void law_try(str yaml, struct arena *a)
{
    struct law_profile law = {0};
    struct conf_fault fault = {0};
    if (failed(law_profile_read(yaml, a, &law, &fault)))
        return;
    must(law.working_weekdays != 0 && law.appeal_working_days > 0);
    for (size_t i = 0; i < law.day_count; i++)
        must(law_is_working_day(&law, law.days[i].year, law.days[i].month, law.days[i].day) ==
             law.days[i].is_working);
    instant due = law_add_working_days(&law, instant_from_us(0), law.appeal_working_days);
    must(due.us > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str yaml = str_make((const char *)data, size);
    struct arena a;
    arena_init(&a, 16 << 20);
    struct conf conf = {0};
    struct conf_fault fault = {0};
    err e = conf_read(yaml, &a, &conf, &fault);
    must(failed(e) || (conf.dns_ttl_s >= 1 && conf.dns_secondaries.count <= CONF_LIST_MAX));
    law_try(yaml, &a);
    arena_done(&a);
    return 0;
}
