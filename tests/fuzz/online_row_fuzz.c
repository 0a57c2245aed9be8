/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: no file of visits or messages does more than give rows and refusals; what was taken is
 * within its bounds, and its number, name and links, read again, are the same.
 * Method: the first byte says which feed; bytes --reader--> rows --> row --> row.
 */
#include "fact/domain.h"
#include "fact/number.h"
#include "fact/url.h"
#include "feed/online_row.h"
#include "kit/kit.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct reading {
    struct arena turn;
    struct online_rules rules;
};

static void must(bool is_so)
{
    if (!is_so)
        abort();
}

static void must_be_number(struct reading *r, str number)
{
    struct number n = {0};
    must(!failed(number_parse(number, r->rules.region, &r->turn, &n)));
    must(str_equal(n.value, number) && number.size <= 32);
}

static void check_visit(struct reading *r, const struct feed_row *row)
{
    struct visit v;
    str column = STR("");
    str again = STR("");
    err e = visit_row_read(row, &r->rules, &r->turn, &v, &column);
    if (failed(e)) {
        must(feed_column_find(row->shape, column) < row->shape->column_count);
        return;
    }
    must_be_number(r, v.subscriber);
    must(!failed(domain_parse(v.domain, &r->turn, &again)) && str_equal(again, v.domain));
}

static void check_message(struct reading *r, const struct feed_row *row)
{
    struct link_message m;
    str column = STR("");
    err e = message_row_read(row, &r->rules, &r->turn, &m, &column);
    if (failed(e)) {
        must(feed_column_find(row->shape, column) < row->shape->column_count);
        return;
    }
    must_be_number(r, m.subscriber);
    must(m.link_count > 0 && m.link_count <= MESSAGE_LINKS);
    must(!m.has_text || !str_is_empty(row->values[MESSAGES_CONSENT]));
    for (size_t i = 0; i < m.link_count; i++) {
        str again = STR("");
        must(!failed(url_parse(m.links[i], &r->turn, &again)) && str_equal(again, m.links[i]));
    }
}

static err on_row(void *self, const struct feed_row *row)
{
    struct reading *r = self;
    arena_reset(&r->turn);
    if (row->shape->column_count == VISITS_COLUMN_COUNT)
        check_visit(r, row);
    else
        check_message(r, row);
    return OK;
}

static err on_refused(void *self, const struct feed_refusal *refusal)
{
    (void)self;
    must(refusal->code != NULL);
    return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool is_booted;
    if (!is_booted)
        must(!failed(kit_boot()));
    is_booted = true;
    if (size == 0)
        return 0;
    struct reading r = {
        .rules = {.region = STR("CN"), .now = {.us = INT64_C(1795345200) * US_PER_S}}
    };
    struct arena a;
    struct feed_options options = {.format = FEED_GUESS};
    struct feed_sink sink = {.self = &r, .row = on_row, .refused = on_refused};
    struct feed_reader *reader = NULL;
    arena_init(&a, FEED_READER_BYTES);
    arena_init(&r.turn, 1 << 20);
    must(!failed(feed_find(data[0] == 'v' ? STR("visits") : STR("messages"), &options.shape)));
    must(!failed(feed_reader_init(&a, options, sink, &reader)));
    must(!failed(feed_reader_put(reader, str_make((const char *)data + 1, size - 1))));
    must(!failed(feed_reader_end(reader)));
    feed_reader_done(reader);
    arena_done(&r.turn);
    arena_done(&a);
    return 0;
}
