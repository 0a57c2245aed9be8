/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/online_row.h"

#include "fact/domain.h"
#include "fact/number.h"
#include "fact/url.h"

#include <assert.h>

#define OLDEST_US (INT64_C(631152000) * US_PER_S) /* 1990-01-01T00:00:00Z */

static err malformed(const char *why)
{
    return fail(ERR_MALFORMED, why, 0);
}

static err read_time(str text, const struct online_rules *rules, uint32_t *ret_time_s)
{
    instant at = {0};
    TRY(instant_parse(text, &at));
    if (at.us > instant_add_us(rules->now, ONLINE_AHEAD_US).us)
        return malformed("online.future");
    if (at.us < OLDEST_US)
        return malformed("online.too_old");
    if (at.us / US_PER_S > UINT32_MAX)
        return malformed("time.range");
    *ret_time_s = (uint32_t)(at.us / US_PER_S);
    return OK;
}

static err read_number(str text, const struct online_rules *rules, struct arena *turn,
                       str *ret_number)
{
    struct number n = {0};
    TRY(number_parse(text, rules->region, turn, &n));
    *ret_number = n.value;
    return OK;
}

err visit_row_read(const struct feed_row *row, const struct online_rules *rules, struct arena *turn,
                   struct visit *ret_visit, str *ret_column)
{
    assert(row != NULL && rules != NULL && row->shape->column_count == VISITS_COLUMN_COUNT);
    assert(turn != NULL && ret_visit != NULL && ret_column != NULL);
    struct visit v = {.resolver = row->values[VISITS_RESOLVER]};
    *ret_column = STR("time");
    TRY(read_time(row->values[VISITS_TIME], rules, &v.time_s));
    *ret_column = STR("subscriber");
    TRY(read_number(row->values[VISITS_SUBSCRIBER], rules, turn, &v.subscriber));
    *ret_column = STR("domain");
    TRY(domain_parse(row->values[VISITS_DOMAIN], turn, &v.domain));
    *ret_visit = v;
    return OK;
}

/* --- messages --- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The next word of a text, which it is taken from; empty: there is none. */
static str take_word(str *rest)
{
    size_t from = 0;
    while (from < rest->size && is_blank(rest->at[from]))
        from++;
    size_t to = from;
    while (to < rest->size && !is_blank(rest->at[to]))
        to++;
    str word = str_make(rest->at + from, to - from);
    *rest = str_from(*rest, to);
    return word;
}

/* A link as people and carriers write it: its scheme may be left out. */
static err read_link(str word, struct arena *turn, str *ret_url)
{
    if (str_has(word, STR("://")))
        return url_parse(word, turn, ret_url);
    struct text t;
    text_init(&t, turn);
    text_put_c(&t, "http://");
    text_put(&t, word);
    return text_spent(&t) ? fail(ERR_LIMIT, "limit.memory", 0)
                          : url_parse(text_str(&t), turn, ret_url);
}

static err add_link(struct link_message *m, str word, struct arena *turn)
{
    str url = {0};
    if (m->link_count == MESSAGE_LINKS) {
        m->beyond++;
        return OK;
    }
    err e = read_link(word, turn, &url);
    if (e.code == ERR_LIMIT)
        return e;
    if (failed(e))
        m->beyond++;
    else
        m->links[m->link_count++] = url;
    return OK;
}

static err read_links(str text, struct link_message *m, struct arena *turn)
{
    for (str word = take_word(&text); word.size > 0; word = take_word(&text))
        TRY(add_link(m, word, turn));
    return m->link_count == 0 ? malformed("message.urls") : OK;
}

/* Where a link ends that stands in a sentence: at what no link has in it. */
static size_t link_end(str text)
{
    size_t end = 0;
    while (end < text.size && text.at[end] > ' ' && text.at[end] < 0x7F &&
           memchr("<>\"'`{}|\\^", text.at[end], 10) == NULL)
        end++;
    while (end > 0 && memchr(".,;:!?)]", text.at[end - 1], 8) != NULL)
        end--;
    return end;
}

static bool is_link(str text)
{
    return str_starts(text, STR("http://")) || str_starts(text, STR("https://"));
}

static err read_text(str text, struct link_message *m, struct arena *turn)
{
    while (text.size > 0) {
        size_t end = is_link(text) ? link_end(text) : 0;
        if (end > 0)
            TRY(add_link(m, str_until(text, end), turn));
        text = str_from(text, end > 0 ? end : 1);
    }
    return OK;
}

static bool is_consent(str said)
{
    return !str_is_empty(said) && !str_equal(said, STR("0")) &&
           !str_equal_nocase(said, STR("no")) && !str_equal_nocase(said, STR("false"));
}

err message_row_read(const struct feed_row *row, const struct online_rules *rules,
                     struct arena *turn, struct link_message *ret_message, str *ret_column)
{
    assert(row != NULL && rules != NULL && row->shape->column_count == MESSAGES_COLUMN_COUNT);
    assert(turn != NULL && ret_message != NULL && ret_column != NULL);
    str text = row->values[MESSAGES_TEXT];
    struct link_message m = {.sender = row->values[MESSAGES_SENDER],
                             .has_text = !str_is_empty(text)};
    *ret_column = STR("time");
    TRY(read_time(row->values[MESSAGES_TIME], rules, &m.time_s));
    *ret_column = STR("subscriber");
    TRY(read_number(row->values[MESSAGES_SUBSCRIBER], rules, turn, &m.subscriber));
    err e = read_number(m.sender, rules, turn, &m.sender);
    *ret_column = STR("sender");
    if (e.code == ERR_LIMIT)
        return e;
    m.is_sender_number = !failed(e);
    *ret_column = STR("consent");
    if (m.has_text && !is_consent(row->values[MESSAGES_CONSENT]))
        return malformed("message.consent");
    *ret_column = STR("urls");
    TRY(read_links(row->values[MESSAGES_URLS], &m, turn));
    *ret_column = STR("text");
    TRY(read_text(text, &m, turn));
    *ret_message = m;
    return OK;
}
