/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_help - what the handlers of the API share: parameters, bodies, answers, permission, lists.
 *
 * Shape     A handler reads its parameters, asks permission, and either answers with api_json_done
 *           or leaves call->write (or call->clerk) for somebody who may wait.
 * Owns      Nothing; everything lives in the call's arena.
 * Lives     A call.
 * Fails     Catalogue keys; api_call makes them a problem document.
 * Threads   The call's.
 * Bounds    As the call's.
 */
#ifndef YUMEN_APP_CALL_API_HELP_H
#define YUMEN_APP_CALL_API_HELP_H

#include "app/call/api.h"

/* Its answer so far, or the refusal, is sent. For clerks: call exactly one of the two. */
void api_finish(struct call *call, err outcome);
/* The refusal as the answer; nothing is sent. For a write whose transaction stays all the same. */
void api_problem(struct call *call, err e);
/* Puts call->write before the store thread. */
void api_write_put(struct call *call);

/* One parameter of the query, decoded into the call's arena; empty when absent. */
str api_query(struct call *call, const char *name);
err api_query_i64(struct call *call, const char *name, int64_t preset, int64_t *ret_value);
/* 2026-11-23, as days since 1970; "day.malformed". */
err api_query_day(struct call *call, const char *name, int64_t preset, int64_t *ret_day);
void api_put_day(struct call *call, struct json *j, const char *name, int64_t day);
/* A path parameter, decoded. */
str api_param(struct call *call, size_t index);
/* The JSON body; "body.malformed". */
err api_body(struct call *call);
str api_body_str(struct call *call, const char *key);

/* The column a code is about; empty when it is about none. */
str api_column_of(str code);

struct viewer api_viewer(struct call *call);
/* Begins a JSON reply in the call's arena; api_json_done makes it the answer. */
struct api_json {
    struct text text;
    struct json json;
};
struct json *api_json(struct call *call, struct api_json *made);
err api_json_done(struct call *call, struct api_json *made, int status);
void api_header_put(struct call *call, str name, str value);
err api_empty(struct call *call, int status);

/* "permit.*" unless the actor may do this at all; the desk looks at the division too. */
err api_permit(struct call *call, enum act act);
/* "limit.rate" when this address has asked too often; loopback is a proxy's or our own. */
err api_limit(struct call *call, enum house_limit limit);
/* What api_limit took does not count after all. */
void api_limit_give(struct call *call, enum house_limit limit);

/* The division the actor is bound to; empty: the whole country. */
str api_scope(const struct call *call);
bool api_sees(const struct call *call, enum record_kind kind, const union record *record);
/* A record within the actor's division: to everybody else it does not exist. */
err api_find(struct call *call, enum record_kind kind, str id, union record *ret_record);
/* Inside a write there is no reader: the record through whichever connection is at hand. */
struct sql *api_sql(struct call *call);
err api_row(struct call *call, enum record_kind kind, str id, union record *ret_record);
err api_centre(struct call *call, union record *ret_centre);
enum { LIST_USUAL = 50 };
/* ?limit=: at least 1, at most LIST_MOST. */
err api_query_limit(struct call *call, int preset, int *ret_limit);
/* A word of a vocabulary, or nothing: "word.unknown". */
err api_query_one_of(struct call *call, const char *name, const char *const *words, str *ret_word);
/* Adds "column = text" unless it is empty; of a vocabulary: "word.unknown". */
void api_query_equal(struct list_query *query, const char *column, str text);
err api_query_word(struct call *call, const char *name, const char *const *words,
                   struct list_query *query);
/* ?source=: by the name people know, else by id; one that is out of sight has nothing to show. */
err api_query_source(struct call *call, struct list_query *query);
/* What both the actor and ?division= cover; *ret_any false when that is nothing. */
err api_narrow(struct call *call, str *ret_scope, bool *ret_any);
/* Adds scope, cursor and limit of the request. */
err api_list(struct call *call, struct list_query *query, struct list_page *ret_page);
/* "next": a number, or null when it is negative. */
void api_next_i64(struct json *j, int64_t next);
/* "next" and "total". */
void api_page_end(struct json *j, const struct list_page *page);
/* "items", each put into an object of its own, "next" and "total"; and a page as the answer. */
typedef err api_put_item(struct call *call, struct json *j, const union record *record);
err api_page_items(struct call *call, struct json *j, const struct list_page *page,
                   api_put_item *put);
err api_page_answer(struct call *call, const struct list_page *page, api_put_item *put);

/* Of many that were asked for at once, one that is refused: {`what`: id, "code", "reason"}. */
void api_refusal_put(struct call *call, struct json *j, const char *what, str id, err e);

/* The profile's words for its codes; anything else as it is. */
str api_reason_text(struct call *call, str code);
str api_basis_text(struct call *call, str code);
/* What a listing says to the person affected; in one language where the words are the profile's. */
str api_notice(struct call *call, str stored);

#endif
