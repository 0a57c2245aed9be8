/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lists for carriers and whoever cannot ask one by one: everything in force, or what has
 * changed
 * since. The ETag is the number of leaves; given back as `since` it asks for the difference.
 */
#include "app/api_routes.h"
#include "store/row.h"

enum { EXPORT_BYTES = 512 << 20 };

struct exporting {
    struct call *call;
    struct text lines;
    unsigned kind; /* INDICATOR_KIND_COUNT: all */
    int64_t since; /* leaf; -1: everything in force */
    int64_t leaves;
    bool is_csv;
};

static void put_csv_field(struct text *t, str value, bool is_last)
{
    bool is_plain = true;
    for (size_t i = 0; i < value.size; i++)
        is_plain = is_plain && strchr("\",\r\n", value.at[i]) == NULL;
    if (!is_plain)
        text_put_char(t, '"');
    for (size_t i = 0; i < value.size; i++) {
        if (value.at[i] == '"')
            text_put_char(t, '"');
        text_put_char(t, value.at[i]);
    }
    if (!is_plain)
        text_put_char(t, '"');
    text_put_c(t, is_last ? "\r\n" : ",");
}

static const char *const csv_header =
    "listing,kind,value,action,match,reason,basis,source,from,until,state\r\n";

static void put_csv(struct exporting *x, const struct listing *l, str state)
{
    char from[INSTANT_TEXT_BYTES];
    char until[INSTANT_TEXT_BYTES];
    int zone = x->call->house->law.zone_min;
    const str fields[] = {l->id,
                          str_from_c(indicator_kind_words[l->kind]),
                          l->value,
                          str_from_c(listing_action_words[l->action]),
                          str_from_c(listing_match_words[l->match]),
                          l->reason,
                          l->basis,
                          l->source,
                          instant_format(l->from, zone, from),
                          instant_format(l->until, zone, until),
                          state};
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        put_csv_field(&x->lines, fields[i], i + 1 == COUNT_OF(fields));
}

static void put_json(struct exporting *x, const struct listing *l, str state)
{
    struct json j;
    int zone = x->call->house->law.zone_min;
    json_init(&j, &x->lines);
    json_object(&j);
    json_put_str(&j, STR("listing"), l->id);
    json_put_str(&j, STR("kind"), str_from_c(indicator_kind_words[l->kind]));
    json_put_str(&j, STR("value"), l->value);
    json_put_str(&j, STR("action"), str_from_c(listing_action_words[l->action]));
    json_put_str(&j, STR("match"), str_from_c(listing_match_words[l->match]));
    json_put_str(&j, STR("reason"), l->reason);
    json_put_str(&j, STR("basis"), l->basis);
    json_put_str(&j, STR("source"), l->source);
    json_put_instant(&j, STR("from"), l->from, zone);
    json_put_instant(&j, STR("until"), l->until, zone);
    json_put_str(&j, STR("state"), state);
    json_end(&j);
    text_put_char(&x->lines, '\n');
}

static void put_line(struct exporting *x, const struct listing *l, instant now)
{
    bool is_over = l->state == LISTING_IN_FORCE && l->until.us <= now.us;
    str state = str_from_c(listing_state_words[is_over ? LISTING_EXPIRED : l->state]);
    if (x->kind != INDICATOR_KIND_COUNT && x->kind != l->kind)
        return;
    if (x->is_csv)
        put_csv(x, l, state);
    else
        put_json(x, l, state);
}

static err put_rows(struct exporting *x, struct sql_row *row, instant now)
{
    struct arena turn;
    bool has_row = false;
    arena_init(&turn, 1 << 20);
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row) {
        union record r;
        e = row_read(row, 0, RECORD_LISTING, &turn, &r);
        if (!failed(e))
            put_line(x, &r.listing, now);
        arena_reset(&turn);
        if (!failed(e))
            e = sql_next(row, &has_row);
    }
    arena_done(&turn);
    return e;
}

static err put_listings(struct exporting *x, struct reader *reader, instant now)
{
    struct text q;
    text_init(&q, &x->call->arena);
    text_printf(&q, "SELECT %s FROM listing WHERE ", row_columns(RECORD_LISTING));
    text_put_c(&q, x->since < 0 ? "\"state\" = 'in_force' AND \"from\" <= $1 AND \"until\" > $1"
                                : "\"decided_at\" IS NOT NULL AND \"id\" IN (SELECT \"record\" FROM"
                                  " ledger_leaf WHERE \"idx\" >= $1 AND"
                                  " \"record_kind\" = 'listing')");
    text_put_c(&q, " ORDER BY \"id\"");
    struct sql_row *row = NULL;
    TRY(sql_ask_text(reader_sql(reader), text_str(&q), &row));
    sql_bind_i64(row, 1, x->since < 0 ? now.us : x->since);
    err e = put_rows(x, row, now);
    sql_done(&row);
    return e;
}

static str etag_of(struct call *call, int64_t leaves)
{
    struct text t;
    text_init(&t, &call->arena);
    text_printf(&t, "\"%lld\"", (long long)leaves);
    return text_str(&t);
}

static void run_export(struct call *call)
{
    struct exporting *x = call->own;
    instant now = clock_now(&call->house->clock);
    struct reader *reader = house_reader_take(call->house);
    text_init(&x->lines, &call->arena);
    if (x->is_csv)
        text_put_c(&x->lines, csv_header);
    err e = put_listings(x, reader, now);
    house_reader_give(call->house, reader);
    if (!failed(e) && text_spent(&x->lines))
        e = fail(ERR_LIMIT, "export.too_large", 0);
    call->reply.status = 200;
    call->reply.content_type =
        x->is_csv ? STR("text/csv; charset=utf-8") : STR("application/x-ndjson");
    call->reply.body = text_str(&x->lines);
    api_header_put(call, STR("ETag"), etag_of(call, x->leaves));
    api_finish(call, e);
}

/* A number of leaves (with or without quotes), or a moment. */
static err parse_since(struct call *call, int64_t *ret_since)
{
    str since = api_query(call, "since");
    *ret_since = -1;
    if (str_is_empty(since))
        return OK;
    if (since.at[0] == '"' && since.size >= 2)
        since = str_make(since.at + 1, since.size - 2);
    if (since.size < 12 && !failed(str_parse_i64(since, ret_since)))
        return *ret_since >= 0 ? OK : fail(ERR_MALFORMED, "time.malformed", 0);
    instant at = {0};
    TRY(instant_parse(since, &at));
    struct sql_row *row = NULL;
    TRY(sql_ask(reader_sql(call->reader),
                "SELECT coalesce(min(\"idx\"), 0) FROM ledger_leaf WHERE \"at\" >= $1", &row));
    sql_bind_i64(row, 1, at.us);
    bool has_row = false;
    err e = sql_next(row, &has_row);
    *ret_since = failed(e) ? -1 : sql_i64(row, 0);
    sql_done(&row);
    return e;
}

err listings_export(struct call *call)
{
    TRY(api_permit(call, ACT_LISTING_READ));
    struct exporting *x = arena_make(&call->arena, sizeof *x);
    struct head head = {0};
    if (x == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    x->call = call;
    x->kind = INDICATOR_KIND_COUNT;
    str kind = api_query(call, "kind");
    if (!str_is_empty(kind) && !word_parse(indicator_kind_words, kind, &x->kind))
        return fail(ERR_MALFORMED, "kind.unknown", 0);
    TRY(parse_since(call, &x->since));
    TRY(reader_head(call->reader, UINT64_MAX, &call->arena, &head));
    x->leaves = (int64_t)head.size;
    x->is_csv = str_has(call->request.accept, STR("text/csv"));
    if (str_equal(call->request.if_none_match, etag_of(call, x->leaves))) {
        api_header_put(call, STR("ETag"), call->request.if_none_match);
        return api_empty(call, 304);
    }
    call->own = x;
    call->arena.budget_bytes = EXPORT_BYTES;
    call->clerk = &call->house->feeds;
    call->work = run_export;
    return OK;
}
