/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/sheet.h"

#include "drill/names.h"

#include <assert.h>

enum { BUFFER_BYTES = 1 << 20 };

static err flush(struct sheet *s)
{
    err e = file_draft_put(&s->draft, str_make(s->buffer, s->used));
    s->used = 0;
    return e;
}

err sheet_open(const char *path, const char *head, struct arena *a, struct sheet *s)
{
    assert(strlen(head) < SHEET_LINE_BYTES);
    s->buffer = arena_make(a, BUFFER_BYTES);
    if (s->buffer == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(file_draft_open(path, FILE_PRIVATE, &s->draft));
    s->is_open = true;
    s->used = (size_t)(sheet_put(s->buffer, head) - s->buffer);
    return OK;
}

err sheet_begin(struct sheet *s, char **ret_at)
{
    if (s->used + SHEET_LINE_BYTES > BUFFER_BYTES)
        TRY(flush(s));
    *ret_at = s->buffer + s->used;
    return OK;
}

err sheet_go_on(struct sheet *s, char **at)
{
    s->used = (size_t)(*at - s->buffer);
    assert(s->used <= BUFFER_BYTES);
    return sheet_begin(s, at);
}

err sheet_end(struct sheet *s, char *at)
{
    *at++ = '\n';
    s->used = (size_t)(at - s->buffer);
    assert(s->used <= BUFFER_BYTES);
    return OK;
}

err sheet_seal(struct sheet *s)
{
    TRY(flush(s));
    return file_draft_seal(&s->draft);
}

void sheet_close(struct sheet *s)
{
    if (s->is_open)
        file_draft_close(&s->draft);
}

char *sheet_put_u64(char *at, uint64_t value)
{
    int digits = 1;
    for (uint64_t rest = value; rest >= 10; rest /= 10)
        digits++;
    return name_number(at, value, digits);
}
