/* SPDX-License-Identifier: Apache-2.0 */
#include "print/safe.h"

#include <assert.h>
#include <glib.h>

enum { MARKS_MAX = 2 };

static bool is_plain(str s)
{
    for (size_t i = 0; i < s.size; i++)
        if (s.at[i] < ' ' || s.at[i] > '~')
            return false;
    return true;
}

/* By general category: what nobody sees, or nobody has given a meaning. */
static const bool has_no_face[] = {
    [G_UNICODE_CONTROL] = true,
    [G_UNICODE_FORMAT] = true,
    [G_UNICODE_UNASSIGNED] = true,
    [G_UNICODE_PRIVATE_USE] = true,
    [G_UNICODE_SURROGATE] = true,
    [G_UNICODE_LINE_SEPARATOR] = true,
    [G_UNICODE_PARAGRAPH_SEPARATOR] = true,
};

/* Blocks for scripts written from right to left (UAX #9, the defaults of DerivedBidiClass). */
static const struct {
    gunichar first, last;
} leftward[] = {
    {0x0590,  0x08FF },
    {0xFB1D,  0xFDFF },
    {0xFE70,  0xFEFF },
    {0x10800, 0x10FFF},
    {0x1E800, 0x1EFFF}
};

static bool is_hidden(gunichar c)
{
    size_t category = (size_t)g_unichar_type(c);
    if (category < COUNT_OF(has_no_face) && has_no_face[category])
        return true;
    for (size_t i = 0; i < COUNT_OF(leftward); i++)
        if (c >= leftward[i].first && c <= leftward[i].last)
            return true;
    bool is_space = g_unichar_isspace(c) && c != ' ' && c != 0x3000;
    return is_space || (g_unichar_iszerowidth(c) && !g_unichar_ismark(c));
}

err safe_text(str s, struct arena *a, str *ret_safe)
{
    if (is_plain(s)) {
        *ret_safe = s;
        return OK;
    }
    assert(str_is_utf8(s));
    struct text t;
    text_init(&t, a);
    int marks = 0;
    for (size_t i = 0, size = 0; i < s.size; i += size) {
        gunichar c = g_utf8_get_char(s.at + i);
        size = (size_t)g_unichar_to_utf8(c, NULL);
        marks = g_unichar_ismark(c) ? marks + 1 : 0;
        if (is_hidden(c) || marks > MARKS_MAX)
            text_printf(&t, "\342\200\271U+%04X\342\200\272", (unsigned)c);
        else
            text_put(&t, str_make(s.at + i, size));
    }
    *ret_safe = text_str(&t);
    return text_spent(&t) ? fail(ERR_LIMIT, "memory.spent", 0) : OK;
}
