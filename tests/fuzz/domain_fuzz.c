/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: parse, format, parse is a fixed point for every domain, and a reversed name keeps its
 * labels.
 * Method: canonical.h; reversing twice.
 */
#include "canonical.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str text = str_make((const char *)data, size);
    try_kind(INDICATOR_DOMAIN, text, STR("CN"));

    struct arena turn;
    arena_init(&turn, 1 << 20);
    struct indicator domain;
    if (!failed(indicator_parse(INDICATOR_DOMAIN, text, STR("CN"), &turn, &domain))) {
        str reversed = domain_reverse(domain.value, &turn);
        must(reversed.size == domain.value.size + 1);
        str back = domain_reverse(str_until(reversed, domain.value.size), &turn);
        must(str_equal(str_until(back, domain.value.size), domain.value));
        err ignored = domain_check_suffix(domain.value);
        must(ignored.code == ERR_NONE || ignored.code == ERR_MALFORMED);
    }
    arena_done(&turn);
    return 0;
}
