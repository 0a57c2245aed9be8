/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/bank/cn.h"

#include "fact/indicator.h"
#include "gate/bank/notation.h"

/* A hold keeps an amount: a freeze, in the mode that has one. A smaller amount is a lift of the
 * rest, which says how much stays. */
static const struct cn_code codes[] = {
    {CN_STOP,   ASK_PLACE,  0,                  "100101", "A00105"},
    {CN_STOP,   ASK_LIFT,   0,                  "100103", "A00107"},
    {CN_STOP,   ASK_EXTEND, 0,                  "100105", "A00107"},
    {CN_FREEZE, ASK_PLACE,  0,                  "100201", "A00205"},
    {CN_FREEZE, ASK_LIFT,   0,                  "100203", "A00207"},
    {CN_FREEZE, ASK_TRIM,   0,                  "100203", "A00207"},
    {CN_FREEZE, ASK_EXTEND, 0,                  "100205", "A00207"},
    {CN_QUERY,  ASK_PLACE,  QUERY_TRANSACTIONS, "100301", "A00311"},
    {CN_QUERY,  ASK_PLACE,  QUERY_HOLDER,       "100303", NULL    },
    {CN_QUERY,  ASK_PLACE,  QUERY_WATCH,        "100305", NULL    },
    {CN_QUERY,  ASK_LIFT,   QUERY_WATCH,        "100307", NULL    },
    {CN_QUERY,  ASK_PLACE,  QUERY_ACCOUNTS,     "100309", NULL    },
};

static bool group_of(unsigned kind, enum cn_group *ret_group)
{
    switch ((enum order_kind)kind) {
    case ORDER_STOP:
        *ret_group = CN_STOP;
        return true;
    case ORDER_HOLD:
    case ORDER_FREEZE:
        *ret_group = CN_FREEZE;
        return true;
    case ORDER_QUERY:
        *ret_group = CN_QUERY;
        return true;
    case ORDER_DISCONNECT:
    case ORDER_BLOCK:
    case ORDER_KIND_COUNT:
        break;
    }
    return false;
}

const struct cn_code *cn_code_of(unsigned kind, unsigned asked, unsigned query)
{
    enum cn_group group = CN_STOP;
    if (!group_of(kind, &group))
        return NULL;
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        if (codes[i].group == group && codes[i].asked == asked &&
            (group != CN_QUERY || codes[i].query == query))
            return &codes[i];
    return NULL;
}

const struct cn_code *cn_code_find(str code)
{
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        if (str_equal(code, str_from_c(codes[i].bank)) ||
            (codes[i].payment != NULL && str_equal(code, str_from_c(codes[i].payment))))
            return &codes[i];
    return NULL;
}

str cn_reply_code(str code, char room[6])
{
    memcpy(room, code.at, 6);
    size_t i = 5;
    for (; room[i] == '9'; i--)
        room[i] = '0';
    room[i]++;
    return str_make(room, 6);
}

const char *cn_code_for(const struct cn_code *row, unsigned provider_kind)
{
    return provider_kind == PROVIDER_PAYMENT ? row->payment : row->bank;
}

bool cn_is_reply(str code, unsigned provider_kind)
{
    char room[6];
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        const char *request = cn_code_for(&codes[i], provider_kind);
        if (request != NULL && str_equal(code, cn_reply_code(str_from_c(request), room)))
            return true;
    }
    return false;
}

err cn_application_id(str order, int64_t ask, struct arena *a, str *ret_id)
{
    struct text t;
    if (order.size + 2 > CN_APPLICATION)
        return fail(ERR_LIMIT, "bank.too_long", CN_APPLICATION);
    int digits = (int)(CN_APPLICATION - 1 - order.size);
    text_init(&t, a);
    text_put(&t, order);
    text_printf(&t, "-%0*lld", digits, (long long)ask);
    if (text_spent(&t))
        return no_room();
    if (t.size != CN_APPLICATION)
        return fail(ERR_LIMIT, "bank.too_long", CN_APPLICATION);
    *ret_id = text_str(&t);
    return OK;
}
