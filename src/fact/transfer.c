/* SPDX-License-Identifier: Apache-2.0 */
#include "fact/transfer.h"

#include <assert.h>

#define X(code, name) [code] = name,
static const char *const status_names[] = {TRANSFER_STATUS_LIST(X)};
static const char *const exit_names[] = {TRANSFER_EXIT_LIST(X)};
#undef X

static unsigned find(const char *const *names, unsigned count, str name)
{
    unsigned i = 0;
    while (i < count && !str_equal(name, str_from_c(names[i])))
        i++;
    return i;
}

str transfer_status_name(unsigned status)
{
    assert(status < TRANSFER_STATUS_COUNT);
    return str_from_c(status_names[status]);
}

str transfer_exit_name(unsigned exit)
{
    assert(exit < TRANSFER_EXIT_COUNT);
    return str_from_c(exit_names[exit]);
}

unsigned transfer_status_find(str name)
{
    return find(status_names, TRANSFER_STATUS_COUNT, name);
}

unsigned transfer_exit_find(str name)
{
    return find(exit_names, TRANSFER_EXIT_COUNT, name);
}

unsigned transfer_further(unsigned one, unsigned other)
{
    assert(one < TRANSFER_STATUS_COUNT && other < TRANSFER_STATUS_COUNT);
    return one > other ? one : other;
}
