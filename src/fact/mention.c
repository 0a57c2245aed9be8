/* SPDX-License-Identifier: Apache-2.0 */
#include "fact/mention.h"

#include <assert.h>

enum { NUMBER_DIGITS_LEAST = 5, NUMBER_DIGITS_MOST = 15, TOP_LETTERS_LEAST = 2 };

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* What may stand inside a link or a number: RFC 3986, less brackets, which people write around. */
static bool is_inside(char c)
{
    return c != '\0' && (is_letter(c) || is_digit(c) || strchr("-._~:/?#@!$&*+,;=%", c) != NULL);
}

/* A sentence's own signs at either end; a plus is a number's. */
static str stripped(str run)
{
    while (run.size > 0 && strchr("-._~:/?#@!$&*,;=%", run.at[0]) != NULL)
        run = str_from(run, 1);
    while (run.size > 0 && strchr(".~:?#@!$&*+,;=%-_", run.at[run.size - 1]) != NULL)
        run = str_until(run, run.size - 1);
    return run;
}

static str take_run(str *rest)
{
    size_t from = 0;
    size_t end = 0;
    while (from < rest->size && !is_inside(rest->at[from]))
        from++;
    end = from;
    while (end < rest->size && is_inside(rest->at[end]))
        end++;
    str run = str_until(str_from(*rest, from), end - from);
    *rest = str_from(*rest, end);
    return stripped(run);
}

static bool is_number(str run)
{
    size_t digits = 0;
    for (size_t i = 0; i < run.size; i++) {
        if (!is_digit(run.at[i]) && run.at[i] != '-' && (run.at[i] != '+' || i > 0))
            return false;
        digits += is_digit(run.at[i]);
    }
    return digits >= NUMBER_DIGITS_LEAST && digits <= NUMBER_DIGITS_MOST;
}

/* "example.com", perhaps with a path or a port: its top is letters. */
static bool is_name(str run)
{
    size_t end = 0;
    size_t letters = 0;
    while (end < run.size && strchr("/?:#", run.at[end]) == NULL)
        end++;
    while (letters < end && is_letter(run.at[end - 1 - letters]))
        letters++;
    return letters >= TOP_LETTERS_LEAST && letters < end && run.at[end - 1 - letters] == '.';
}

/* Of a run in which a link begins: from there on; else as it is. */
static str from_scheme(str run)
{
    for (size_t i = 0; i < run.size; i++) {
        str rest = str_from(run, i);
        if (str_starts(rest, STR("http://")) || str_starts(rest, STR("https://")))
            return rest;
    }
    return run;
}

/* ERR_ABSENT: it names nothing. */
static err read_run(str run, str region, struct arena *turn, struct indicator *ret_indicator)
{
    str link = from_scheme(run);
    if (str_has(link, STR("://")))
        return indicator_parse(INDICATOR_URL, link, region, turn, ret_indicator);
    if (is_number(run))
        return indicator_parse(INDICATOR_NUMBER, run, region, turn, ret_indicator);
    if (!str_has(run, STR("@")) && is_name(run))
        return indicator_guess(run, region, turn, ret_indicator);
    return fail(ERR_ABSENT, "indicator.unknown", 0);
}

static bool is_new(const struct mentions *m, const struct indicator *found)
{
    for (size_t i = 0; i < m->count; i++)
        if (m->items[i].kind == found->kind && str_equal(m->items[i].value, found->value))
            return false;
    return true;
}

static bool is_wanted(unsigned kind)
{
    return kind == INDICATOR_NUMBER || kind == INDICATOR_DOMAIN || kind == INDICATOR_URL;
}

err mentions_find(str text, str region, struct arena *turn, struct mentions *ret_mentions)
{
    struct mentions m = {.count = 0};
    assert(turn != NULL);
    if (text.size > MENTION_TEXT_BYTES)
        return fail(ERR_LIMIT, "column.too_long", MENTION_TEXT_BYTES);
    while (text.size > 0 && m.count < MENTIONS_MOST) {
        struct indicator found = {0};
        str run = take_run(&text);
        err e = str_is_empty(run) ? fail(ERR_ABSENT, "indicator.unknown", 0)
                                  : read_run(run, region, turn, &found);
        if (e.code == ERR_LIMIT)
            return e;
        if (!failed(e) && is_wanted(found.kind) && is_new(&m, &found))
            m.items[m.count++] = found;
    }
    *ret_mentions = m;
    return OK;
}
