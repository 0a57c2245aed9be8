/* SPDX-License-Identifier: Apache-2.0 */
#include "fact/division.h"

#include <assert.h>

err division_parse(str s, char room[DIVISION_BYTES], str *ret_division)
{
    s = str_trim(s);
    if (s.size > 12)
        return fail(ERR_MALFORMED, "division.malformed", (uint32_t)s.size);
    for (size_t i = 0; i < s.size; i++)
        if (s.at[i] < '0' || s.at[i] > '9')
            return fail(ERR_MALFORMED, "division.malformed", (uint32_t)i);
    if (s.size == 6)
        while (s.size > 0 && str_ends(s, STR("00")))
            s.size -= 2;
    bool is_level =
        s.size == 0 || s.size == 2 || s.size == 4 || s.size == 6 || s.size == 9 || s.size == 12;
    if (!is_level)
        return fail(ERR_MALFORMED, "division.malformed", (uint32_t)s.size);
    if (s.size > 0)
        memcpy(room, s.at, s.size);
    room[s.size] = '\0';
    *ret_division = str_make(room, s.size);
    return OK;
}

bool division_covers(str own, str other)
{
    return str_starts(other, own);
}

struct division_range division_range(str own)
{
    assert(own.size < DIVISION_BYTES - 1);
    struct division_range r = {.low = "", .high = ":"}; /* ':' follows '9' */
    if (own.size == 0)
        return r;
    memcpy(r.low, own.at, own.size);
    r.low[own.size] = '\0';
    memcpy(r.high, r.low, own.size + 1);
    r.high[own.size - 1]++; /* digits only: '9' becomes ':' and still sorts after */
    return r;
}
