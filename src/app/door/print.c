/* SPDX-License-Identifier: Apache-2.0 */
#include "app/door/print.h"

#include "base/instant.h"
#include "env/atomic.h"
#include "env/child.h"

#define PROGRAM "yumen-print"

enum { EXIT_REFUSED = 3 };

static struct env_counter at_work;

/* What went wrong with the child, as the asker is told it. */
static err child_error(err e)
{
    switch (e.code) {
    case ERR_ABSENT:
        return fail(ERR_OS, "print.unavailable", e.at);
    case ERR_BUSY:
        return fail(ERR_LIMIT, "print.timeout", 0);
    case ERR_LIMIT:
        return str_equal(str_from_c(e.why), STR("memory.spent"))
                   ? e
                   : fail(ERR_LIMIT, "print.too_large", 0);
    case ERR_NONE:
    case ERR_MALFORMED:
    case ERR_CONFLICT:
    case ERR_DENIED:
    case ERR_OS:
    case ERR_CORRUPT:
    case ERR_CODE_COUNT:
        break;
    }
    return fail(ERR_OS, "print.failed", e.at);
}

static err run(str kind, str json, str lang, struct arena *a, str *ret_pdf)
{
    char path[CHILD_PATH_BYTES];
    child_find(PROGRAM, path);
    const char *words[] = {path, str_to_c(a, kind), "--lang", str_to_c(a, lang), NULL};
    if (words[1] == NULL || words[3] == NULL)
        return fail(ERR_LIMIT, "memory.spent", 0);
    struct child_order order = {.words = words,
                                .input = json,
                                .timeout_us = PRINT_SECONDS * US_PER_S,
                                .most_bytes = PRINT_PDF_BYTES};
    struct child_answer answer;
    err e = child_run(&order, a, &answer);
    if (failed(e))
        return child_error(e);
    if (answer.code == EXIT_REFUSED)
        return fail(ERR_MALFORMED, "print.refused", 0);
    if (answer.code != 0 || !str_starts(answer.said, STR("%PDF-")))
        return fail(ERR_OS, "print.failed", (uint32_t)answer.code);
    *ret_pdf = answer.said;
    return OK;
}

err print_pdf(str kind, str json, str lang, struct arena *a, str *ret_pdf)
{
    if (!env_counter_claim(&at_work, 1, PRINT_AT_ONCE))
        return fail(ERR_BUSY, "print.busy", 0);
    err e = run(kind, json, lang, a, ret_pdf);
    env_counter_drop(&at_work, 1);
    return e;
}
