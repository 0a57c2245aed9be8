/* SPDX-License-Identifier: Apache-2.0 */
/* Goal: parse, format, parse is a fixed point for every company. Method: canonical.h. */
#include "canonical.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    try_kind(INDICATOR_COMPANY, str_make((const char *)data, size), STR("CN"));
    return 0;
}
