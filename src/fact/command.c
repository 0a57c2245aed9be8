/* SPDX-License-Identifier: Apache-2.0 */
#include "fact/command.h"

#include <assert.h>

#define X(act, name, kind) [act] = {name, kind},
static const struct {
    const char *name;
    enum record_kind kind;
} rows[ACT_COUNT] = {ACT_LIST(X)};
#undef X

const char *const effect_topic_words[] = {"rpz",   "rpz_many", "stream", "erasure",
                                          "order", "message",  NULL};

const char *act_name(enum act act)
{
    assert(act < ACT_COUNT);
    return rows[act].name;
}

enum record_kind act_record_kind(enum act act)
{
    assert(act < ACT_COUNT);
    return rows[act].kind;
}

enum act act_find(str name)
{
    for (unsigned act = 0; act < ACT_COUNT; act++)
        if (str_equal(name, str_from_c(rows[act].name)))
            return (enum act)act;
    return ACT_COUNT;
}
