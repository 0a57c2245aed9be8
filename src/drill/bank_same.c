/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/bank_same.h"

bool bank_same_name(str a, str b)
{
    return str_is_empty(a) || str_is_empty(b) || str_equal_nocase(str_trim(a), str_trim(b));
}

bool bank_same_account(str a, str b)
{
    size_t in_a = str_find_char(a, ':');
    size_t in_b = str_find_char(b, ':');
    if ((in_a < a.size) == (in_b < b.size))
        return str_equal(a, b);
    return in_a < a.size ? str_equal(str_from(a, in_a + 1), b)
                         : str_equal(a, str_from(b, in_b + 1));
}

bool bank_same_order(const struct bank_return *r, str order)
{
    size_t i = 0;
    while (i < r->order_count && !str_equal(r->orders[i], order))
        i++;
    return i < r->order_count;
}
