/* SPDX-License-Identifier: Apache-2.0 */
/* What handlers share: parameters, bodies, replies, permission, lists. */
#include "app/call/api_help.h"
#include "app/call/api_auth.h"
#include "desk/permit.h"
#include "fact/division.h"
#include "store/row.h"

#include <assert.h>

enum { BODY_BYTES = 1 << 20 };

static int hex_digit(char c)
{
    uint8_t byte = 0;
    char two[2] = {'0', c};
    return failed(hex_parse(str_make(two, 2), &byte, 1)) ? -1 : byte;
}

/* Percent-decoding; in a query '+' is a space. */
static str decode(struct call *call, str s, bool is_query)
{
    char *room = arena_make(&call->arena, s.size + 1);
    if (room == NULL)
        return STR("");
    size_t size = 0;
    for (size_t i = 0; i < s.size; i++) {
        char c = s.at[i];
        if (c == '%' && i + 2 < s.size && hex_digit(s.at[i + 1]) >= 0 &&
            hex_digit(s.at[i + 2]) >= 0) {
            c = (char)(hex_digit(s.at[i + 1]) * 16 + hex_digit(s.at[i + 2]));
            i += 2;
        } else if (c == '+' && is_query) {
            c = ' ';
        }
        room[size++] = c;
    }
    return str_make(room, size);
}

str api_query(struct call *call, const char *name)
{
    str rest = call->request.query;
    str pair = {0};
    while (str_split(&rest, '&', &pair)) {
        size_t cut = str_find_char(pair, '=');
        if (str_equal(str_until(pair, cut), str_from_c(name)))
            return decode(call, str_from(pair, cut + 1), true);
    }
    return STR("");
}

err api_query_i64(struct call *call, const char *name, int64_t preset, int64_t *ret_value)
{
    str value = api_query(call, name);
    if (str_is_empty(value)) {
        *ret_value = preset;
        return OK;
    }
    return str_parse_i64(value, ret_value);
}

err api_query_day(struct call *call, const char *name, int64_t preset, int64_t *ret_day)
{
    enum { DAY_BYTES = 10 };
    str value = api_query(call, name);
    struct text t;
    instant at = {.us = preset * US_PER_DAY};
    text_init(&t, &call->arena);
    text_put(&t, value);
    text_put_c(&t, "T00:00:00Z");
    call->column = str_from_c(name);
    bool is_day = value.size == DAY_BYTES && !failed(instant_parse(text_str(&t), &at));
    if (!str_is_empty(value) && !is_day)
        return fail(ERR_MALFORMED, "day.malformed", 0);
    call->column = STR("");
    *ret_day = at.us / US_PER_DAY;
    return OK;
}

void api_put_day(struct call *call, struct json *j, const char *name, int64_t day)
{
    struct civil date = instant_civil((instant){.us = day * US_PER_DAY}, 0);
    struct text t;
    text_init(&t, &call->arena);
    text_printf(&t, "%04d-%02d-%02d", date.year, date.month, date.day);
    json_put_str(j, str_from_c(name), text_str(&t));
}

str api_param(struct call *call, size_t index)
{
    assert(index < call->route.param_count);
    return decode(call, call->route.params[index], false);
}

err api_body(struct call *call)
{
    str type = call->request.content_type;
    type = str_trim(str_until(type, str_find_char(type, ';')));
    if (!str_is_empty(type) && !str_equal_nocase(type, STR("application/json")))
        return fail(ERR_MALFORMED, "body.content_type", 0);
    TRY(json_doc_parse(call->request.body, BODY_BYTES, &call->doc));
    call->has_doc = true;
    if (json_kind_of(call->doc.root) != JSON_KIND_OBJECT)
        return fail(ERR_MALFORMED, "body.not_object", 0);
    return OK;
}

str api_body_str(struct call *call, const char *key)
{
    str value = STR("");
    if (call->has_doc && failed(json_read_str(json_get(call->doc.root, key), &value)))
        return STR("");
    return value;
}

static str name_of(void *self, str user)
{
    struct call *call = self;
    return auth_name_of(call, user);
}

struct viewer api_viewer(struct call *call)
{
    return (struct viewer){.zone_min = call->house->law.zone_min, .self = call, .name_of = name_of};
}

struct json *api_json(struct call *call, struct api_json *made)
{
    text_init(&made->text, &call->arena);
    json_init(&made->json, &made->text);
    json_object(&made->json);
    return &made->json;
}

err api_json_done(struct call *call, struct api_json *made, int status)
{
    json_end(&made->json);
    if (text_spent(&made->text))
        return fail(ERR_LIMIT, "limit.memory", 0);
    call->reply.status = status;
    call->reply.content_type = STR("application/json");
    call->reply.body = text_str(&made->text);
    return OK;
}

void api_header_put(struct call *call, str name, str value)
{
    assert(call->reply.header_count < API_HEADERS_MAX);
    call->reply.headers[call->reply.header_count++] = (struct api_header){name, value};
}

err api_empty(struct call *call, int status)
{
    call->reply.status = status;
    call->reply.content_type = STR("");
    call->reply.body = STR("");
    return OK;
}

err api_permit(struct call *call, enum act act)
{
    if (call->actor.kind == ACTOR_PUBLIC && !permit_actor_may(&call->actor, act))
        return fail(ERR_DENIED, "session.required", 0);
    return permit_actor_may(&call->actor, act) ? OK
                                               : fail(ERR_DENIED, permit_refusal(&call->actor), 0);
}

static bool is_loopback(str peer)
{
    return str_is_empty(peer) || str_starts(peer, STR("127.")) || str_equal(peer, STR("::1"));
}

err api_limit(struct call *call, enum house_limit limit)
{
    if (call->request.is_local || (limit == HOUSE_LIMIT_PUBLIC && is_loopback(call->request.peer)))
        return OK;
    int64_t retry_after_s = 0;
    if (http_limit_take(&call->house->limits, call->request.peer, limit, env_monotonic_us(),
                        &retry_after_s))
        return OK;
    return fail(ERR_BUSY, "limit.rate", (uint32_t)retry_after_s);
}

void api_limit_give(struct call *call, enum house_limit limit)
{
    if (!call->request.is_local)
        http_limit_give(&call->house->limits, call->request.peer, limit, env_monotonic_us());
}

str api_scope(const struct call *call)
{
    return call->actor.kind == ACTOR_STAFF ? call->actor.division : STR("");
}

bool api_sees(const struct call *call, enum record_kind kind, const union record *record)
{
    return division_covers(api_scope(call), record_division(kind, record));
}

err api_find(struct call *call, enum record_kind kind, str id, union record *ret_record)
{
    union record r;
    TRY(reader_find(call->reader, kind, id, &call->arena, &r));
    if (!api_sees(call, kind, &r))
        return fail(ERR_ABSENT, "record.absent", 0);
    *ret_record = r;
    return OK;
}

struct sql *api_sql(struct call *call)
{
    return call->reader != NULL ? reader_sql(call->reader) : store_sql(call->house->store);
}

err api_row(struct call *call, enum record_kind kind, str id, union record *ret_record)
{
    return row_find(api_sql(call), kind, id, &call->arena, ret_record);
}

err api_centre(struct call *call, union record *ret_centre)
{
    struct list_query q = {.kind = RECORD_CENTRE, .limit = 1};
    struct list_page page = {0};
    if (call->reader == NULL) {
        ret_centre->centre = *store_centre(call->house->store);
        return OK;
    }
    TRY(reader_list(call->reader, &q, &call->arena, &page));
    if (page.count == 0)
        return fail(ERR_ABSENT, "centre.absent", 0);
    *ret_centre = page.items[0];
    return OK;
}

err api_query_limit(struct call *call, int preset, int *ret_limit)
{
    int64_t limit = 0;
    TRY(api_query_i64(call, "limit", preset, &limit));
    if (limit < 1)
        return fail(ERR_MALFORMED, "limit.range", 0);
    *ret_limit = limit > LIST_MOST ? LIST_MOST : (int)limit;
    return OK;
}

err api_query_one_of(struct call *call, const char *name, const char *const *words, str *ret_word)
{
    unsigned index = 0;
    str word = api_query(call, name);
    if (!str_is_empty(word) && !word_parse(words, word, &index)) {
        call->column = str_from_c(name);
        return fail(ERR_MALFORMED, "word.unknown", 0);
    }
    *ret_word = word;
    return OK;
}

err api_query_word(struct call *call, const char *name, const char *const *words,
                   struct list_query *query)
{
    str word = {0};
    TRY(api_query_one_of(call, name, words, &word));
    api_query_equal(query, name, word);
    return OK;
}

void api_query_equal(struct list_query *query, const char *column, str text)
{
    assert(query->condition_count < LIST_CONDITIONS_MAX);
    if (!str_is_empty(text))
        query->conditions[query->condition_count++] =
            (struct list_condition){.column = column, .how = LIST_EQUAL, .text = text};
}

err api_query_source(struct call *call, struct list_query *query)
{
    union record r;
    str said = api_query(call, "source");
    if (str_is_empty(said))
        return OK;
    err e = reader_find_by(call->reader, READER_SOURCE_NAME, said, &call->arena, &r);
    if (failed(e) && e.code != ERR_ABSENT)
        return e;
    const char *column = query->kind == RECORD_BATCH ? "source_id" : "source";
    api_query_equal(query, column, failed(e) ? said : r.source.id);
    return OK;
}

err api_narrow(struct call *call, str *ret_scope, bool *ret_any)
{
    char room[DIVISION_BYTES];
    str asked = {0};
    *ret_scope = api_scope(call);
    TRY(division_parse(api_query(call, "division"), room, &asked));
    *ret_any = division_covers(*ret_scope, asked) || division_covers(asked, *ret_scope);
    if (division_covers(*ret_scope, asked))
        *ret_scope = str_copy(&call->arena, asked);
    return ret_scope->at == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

err api_list(struct call *call, struct list_query *query, struct list_page *ret_page)
{
    bool has_any = false;
    TRY(api_query_limit(call, LIST_USUAL, &query->limit));
    TRY(api_narrow(call, &query->scope, &has_any));
    query->before = api_query(call, "cursor");
    if (!has_any) {
        *ret_page = (struct list_page){0};
        return OK;
    }
    return reader_list(call->reader, query, &call->arena, ret_page);
}

void api_next_i64(struct json *j, int64_t next)
{
    json_key(j, STR("next"));
    if (next < 0)
        json_null(j);
    else
        json_i64(j, next);
}

void api_page_end(struct json *j, const struct list_page *page)
{
    json_key(j, STR("next"));
    if (str_is_empty(page->next))
        json_null(j);
    else
        json_str(j, page->next);
    json_put_i64(j, STR("total"), page->total);
}

err api_page_items(struct call *call, struct json *j, const struct list_page *page,
                   api_put_item *put)
{
    json_key(j, STR("items"));
    json_array(j);
    for (size_t i = 0; i < page->count; i++) {
        json_object(j);
        TRY(put(call, j, &page->items[i]));
        json_end(j);
    }
    json_end(j);
    api_page_end(j, page);
    return OK;
}

err api_page_answer(struct call *call, const struct list_page *page, api_put_item *put)
{
    struct api_json made;
    struct json *j = api_json(call, &made);
    TRY(api_page_items(call, j, page, put));
    return api_json_done(call, &made, 200);
}

void api_refusal_put(struct call *call, struct json *j, const char *what, str id, err e)
{
    str code = str_from_c(e.why);
    json_object(j);
    json_put_str(j, str_from_c(what), id);
    json_put_str(j, STR("code"), code);
    json_put_str(j, STR("reason"), message(code, call->language));
    json_end(j);
}

str api_reason_text(struct call *call, str code)
{
    return law_reason(&call->house->law, code, call->language == LANGUAGE_EN);
}

str api_notice(struct call *call, str stored)
{
    return law_notice(&call->house->law, stored, call->language == LANGUAGE_EN);
}

str api_basis_text(struct call *call, str code)
{
    return law_basis(&call->house->law, code, call->language == LANGUAGE_EN);
}
