/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/lines.h"

#include <assert.h>

err lines_init(struct lines *l, struct arena *a)
{
    *l = (struct lines){.held = arena_make(a, LINES_BYTES)};
    return l->held == NULL ? fail(ERR_LIMIT, "feed: no room for a line", 0) : OK;
}

/* Keeps what fits; the first byte that does not makes the line one to be skipped. */
static void hold(struct lines *l, str part)
{
    size_t room = LINES_BYTES - l->held_bytes;
    l->is_skipping = l->is_skipping || part.size > room;
    part = str_until(part, room);
    if (part.size > 0)
        memcpy(l->held + l->held_bytes, part.at, part.size);
    l->held_bytes += part.size;
}

/* The line that ends with `last`. False for a blank one. */
static bool line_close(struct lines *l, str last, struct line *ret_line)
{
    l->number++;
    bool is_whole = l->held_bytes == 0 && !l->is_skipping && last.size <= LINES_BYTES;
    if (!is_whole)
        hold(l, last);
    str text = is_whole ? last : str_make(l->held, l->held_bytes);
    bool is_long = l->is_skipping;
    l->held_bytes = 0;
    l->is_skipping = false;
    if (!is_long && str_is_empty(str_trim(text)))
        return false;
    *ret_line = (struct line){.number = l->number, .text = text};
    if (is_long)
        ret_line->fault = fail(ERR_LIMIT, "row.too_long", LINES_BYTES);
    return true;
}

bool lines_step(struct lines *l, str *in, struct line *ret_line)
{
    assert(l->held != NULL);
    while (in->size > 0) {
        size_t cut = str_find_char(*in, '\n');
        str part = str_until(*in, cut);
        bool is_ended = cut < in->size;
        *in = str_from(*in, cut + 1);
        if (!is_ended)
            hold(l, part);
        else if (line_close(l, part, ret_line))
            return true;
    }
    return false;
}

bool lines_end(struct lines *l, struct line *ret_line)
{
    assert(l->held != NULL);
    bool has_some = l->held_bytes > 0 || l->is_skipping;
    return has_some && line_close(l, STR(""), ret_line);
}
