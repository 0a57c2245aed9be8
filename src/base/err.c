/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include <assert.h>

#define X(code, name, text) [code] = {name, text},
static const struct {
    const char *name;
    const char *text;
} rows[ERR_CODE_COUNT] = {ERR_LIST(X)};
#undef X

const char *err_name(enum err_code code)
{
    assert(code < ERR_CODE_COUNT);
    return rows[code].name;
}

const char *err_text(enum err_code code)
{
    assert(code < ERR_CODE_COUNT);
    return rows[code].text;
}
