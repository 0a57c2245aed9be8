/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lists for carriers and whoever cannot ask one by one: everything in force, or what has
 * changed since. The ETag counts the leaves up to the last one about a listing; given back as
 * `since` it asks for the difference. It is signed (api_sign.h), with what it is an answer to.
 */
#include "app/call/api_routes.h"
#include "app/call/api_sign.h"
#include "fact/division.h"
#include "store/row.h"

enum { EXPORT_BYTES = 512 << 20 };

struct exporting {
    struct call *call;
    struct text lines;
    unsigned kind; /* INDICATOR_KIND_COUNT: all */
    int64_t since; /* leaf; -1: everything in force */
    int64_t leaves;
    str scope; /* division; empty: the whole country */
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

/* In force now; or touched since leaf $1, but for what was only erased: its end was told before. */
static const char *const full_form = "\"state\" = 'in_force' AND \"from\" <= $1 AND \"until\" > $1";
static const char *const delta_form =
    "\"decided_at\" IS NOT NULL AND \"display\" <> '' AND \"id\" IN (SELECT \"record\" FROM"
    " ledger_leaf WHERE \"idx\" >= $1 AND \"record_kind\" = 'listing')";

static err put_listings(struct exporting *x, struct reader *reader, instant now)
{
    struct text q;
    struct division_range range = division_range(x->scope);
    text_init(&q, &x->call->arena);
    text_printf(&q, "SELECT %s FROM listing WHERE ", row_columns(RECORD_LISTING));
    text_put_c(&q, x->since < 0 ? full_form : delta_form);
    text_put_c(&q, " AND \"division\" >= $2 AND \"division\" < $3 ORDER BY \"id\"");
    if (text_spent(&q))
        return fail(ERR_LIMIT, "limit.memory", 0);
    struct sql_row *row = NULL;
    TRY(sql_ask_text(reader_sql(reader), text_str(&q), &row));
    sql_bind_i64(row, 1, x->since < 0 ? now.us : x->since);
    sql_bind_str(row, 2, str_from_c(range.low));
    sql_bind_str(row, 3, str_from_c(range.high));
    err e = put_rows(x, row, now);
    sql_done(&row);
    return e;
}

/* CSV and NDJSON are two things to a cache: "1234" and "1234-csv". */
static str etag_of(const struct exporting *x)
{
    struct text t;
    text_init(&t, &x->call->arena);
    text_printf(&t, "\"%lld%s\"", (long long)x->leaves, x->is_csv ? "-csv" : "");
    return text_str(&t);
}

/* RFC 9110 13.1.2: a list, weak or not, or anything at all. */
static bool is_known(const struct exporting *x)
{
    str known = x->call->request.if_none_match;
    str one = {0};
    while (str_split(&known, ',', &one)) {
        one = str_trim(one);
        if (str_starts(one, STR("W/")))
            one = str_from(one, 2);
        if (str_equal(one, STR("*")) || str_equal(one, etag_of(x)))
            return true;
    }
    return false;
}

/*
 * What it is an answer to, in one spelling: a full list is not to be taken for a delta, nor what
 * somebody of a city may see for the whole country's.
 */
static str place_of(const struct exporting *x)
{
    struct text t;
    text_init(&t, &x->call->arena);
    text_put_c(&t, "/v1/listings/export");
    text_put_char(&t, '?');
    if (x->kind != INDICATOR_KIND_COUNT)
        text_printf(&t, "kind=%s&", indicator_kind_words[x->kind]);
    if (x->since >= 0)
        text_printf(&t, "since=%lld&", (long long)x->since);
    text_put_c(&t, "division=");
    text_put(&t, x->scope);
    return text_str(&t);
}

static err finish_export(struct exporting *x)
{
    struct call *call = x->call;
    if (text_spent(&x->lines))
        return fail(ERR_LIMIT, "export.too_large", 0);
    call->reply.status = 200;
    call->reply.content_type =
        x->is_csv ? STR("text/csv; charset=utf-8") : STR("application/x-ndjson");
    call->reply.body = text_str(&x->lines);
    const struct api_header signed_fields[] = {
        {STR("ETag"),             etag_of(x) },
        {STR("Content-Location"), place_of(x)}
    };
    api_header_put(call, STR("Vary"), STR("Accept, Authorization, Cookie"));
    return api_sign(call, signed_fields, COUNT_OF(signed_fields));
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
    if (!failed(e))
        e = finish_export(x);
    api_finish(call, e);
}

static err ask_leaf(struct call *call, const char *literal, int64_t number, int64_t *ret_index)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(reader_sql(call->reader), literal, &row));
    sql_bind_i64(row, 1, number);
    bool has_row = false;
    err e = sql_next(row, &has_row);
    *ret_index = !failed(e) && has_row ? sql_i64(row, 0) : 0;
    sql_done(&row);
    return e;
}

/* How many leaves there were when a listing was last touched. */
static err count_leaves(struct call *call, int64_t *ret_leaves)
{
    return ask_leaf(call,
                    "SELECT \"idx\" + 1 FROM ledger_leaf WHERE \"record_kind\" = 'listing'"
                    " AND \"idx\" >= $1 ORDER BY \"idx\" DESC LIMIT 1",
                    0, ret_leaves);
}

/* An ETag, with or without its quotes, or a moment. No ETag is beyond `leaves` unless the centre
 * was restored since: what changed in between it does not know. */
static err parse_since(struct call *call, int64_t leaves, int64_t *ret_since)
{
    str since = api_query(call, "since");
    *ret_since = -1;
    if (str_is_empty(since))
        return OK;
    if (since.at[0] == '"' && since.size >= 2)
        since = str_make(since.at + 1, since.size - 2);
    if (str_ends(since, STR("-csv")))
        since = str_until(since, since.size - STR("-csv").size);
    if (since.size < 12 && !failed(str_parse_i64(since, ret_since))) {
        if (*ret_since < 0)
            return fail(ERR_MALFORMED, "time.malformed", 0);
        return *ret_since <= leaves ? OK : fail(ERR_CONFLICT, "export.since_ahead", 0);
    }
    instant at = {0};
    TRY(instant_parse(since, &at));
    return ask_leaf(call,
                    "SELECT \"idx\" + 1 FROM ledger_leaf WHERE \"at\" < $1"
                    " ORDER BY \"idx\" DESC LIMIT 1",
                    at.us, ret_since);
}

/* A signed list of another division, and empty, would be a lie about that division. */
static err narrow(struct exporting *x)
{
    bool has_any = false;
    TRY(api_narrow(x->call, &x->scope, &has_any));
    return has_any ? OK : fail(ERR_DENIED, "permit.division", 0);
}

err listings_export(struct call *call)
{
    TRY(api_permit(call, ACT_LISTING_READ));
    struct exporting *x = arena_make(&call->arena, sizeof *x);
    if (x == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    x->call = call;
    x->kind = INDICATOR_KIND_COUNT;
    str kind = api_query(call, "kind");
    if (!str_is_empty(kind) && !word_parse(indicator_kind_words, kind, &x->kind))
        return fail(ERR_MALFORMED, "kind.unknown", 0);
    TRY(narrow(x));
    TRY(count_leaves(call, &x->leaves));
    TRY(parse_since(call, x->leaves, &x->since));
    x->is_csv = str_has(call->request.accept, STR("text/csv"));
    if (is_known(x)) {
        api_header_put(call, STR("ETag"), etag_of(x));
        return api_empty(call, 304);
    }
    call->own = x;
    call->arena.budget_bytes = EXPORT_BYTES;
    call->clerk = &call->house->papers;
    call->work = run_export;
    return OK;
}
