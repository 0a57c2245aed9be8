/* SPDX-License-Identifier: Apache-2.0 */
#include "warn/signal.h"

#include <assert.h>

str signal_kind_name(enum signal_kind kind)
{
    static const char *const names[SIGNAL_KINDS] = {
#define X(name, word) [SIGNAL_##name] = word,
        SIGNAL_LIST(X)
#undef X
    };
    assert(kind < SIGNAL_KINDS);
    return str_from_c(names[kind]);
}
