/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/figure.h"

bool figure_parse(str s, int64_t one, int64_t *ret_value)
{
    enum { DIGITS_MOST = 15 };
    bool is_negative = str_starts(s, STR("-"));
    str digits = str_from(s, is_negative ? 1 : 0);
    int64_t value = 0;
    int64_t scale = 0; /* of the next digit behind the point; 0: before it */
    if (digits.size == 0 || digits.size > DIGITS_MOST)
        return false;
    for (size_t i = 0; i < digits.size; i++) {
        char c = digits.at[i];
        bool is_point = c == '.' && i > 0 && i + 1 < digits.size && scale == 0 && one > 1;
        if (!is_point && (c < '0' || c > '9' || (scale == 1)))
            return false;
        if (!is_point)
            value = value * 10 + (c - '0');
        scale = is_point ? one : scale / 10;
    }
    int64_t missing = scale == 0 ? one : scale;
    if (value > INT64_MAX / one)
        return false;
    *ret_value = (is_negative ? -value : value) * missing;
    return true;
}

const char *figure_explained(const struct yaml_node *map, str unit)
{
    if (!str_equal(yaml_text(yaml_find(map, "unit")), unit))
        return "drill.unit";
    return str_is_blank(yaml_text(yaml_find(map, "source"))) ? "drill.source" : NULL;
}
