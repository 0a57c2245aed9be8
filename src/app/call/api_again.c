/* SPDX-License-Identifier: Apache-2.0 */
#include "app/call/api_again.h"

#include "kit/digest.h"

static str request_digest(struct call *call)
{
    struct digest_stream s;
    digest_init(&s);
    digest_put(&s, str_from_c(http_method_name(call->request.method)));
    digest_put(&s, STR(" "));
    digest_put(&s, call->request.path);
    digest_put(&s, STR("?"));
    digest_put(&s, call->request.query);
    digest_put(&s, STR("\n"));
    digest_put(&s, call->request.file);
    digest_put(&s, STR("\n"));
    digest_put(&s, call->request.body);
    struct digest digest = digest_done(&s);
    struct text t;
    text_init(&t, &call->arena);
    text_put_hex(&t, digest.bytes, DIGEST_BYTES);
    return text_str(&t);
}

/* Two strangers never share an answer: the public is told apart by address. */
static str key_of(struct call *call)
{
    if (call->actor.kind != ACTOR_PUBLIC)
        return call->request.idempotency_key;
    struct text t;
    text_init(&t, &call->arena);
    text_put(&t, call->request.peer);
    text_put_char(&t, ' ');
    text_put(&t, call->request.idempotency_key);
    return text_str(&t);
}

/* Reading again is reading again; a secret is never kept, nor the digest of a request with one. */
static bool is_meant(const struct call *call)
{
    return call->request.method == HTTP_POST && !call->is_secret &&
           !str_is_empty(call->request.idempotency_key);
}

err again_find(struct call *call, struct store *store, bool *ret_answered)
{
    *ret_answered = false;
    if (!is_meant(call))
        return OK;
    if (call->request.idempotency_key.size > AGAIN_KEY_BYTES)
        return fail(ERR_MALFORMED, "idempotency.key", 0);
    struct sql_row *row = NULL;
    TRY(sql_ask(store_sql(store),
                "SELECT \"request\", \"status\", \"answer\" FROM idempotency"
                " WHERE \"actor\" = $1 AND \"key\" = $2",
                &row));
    sql_bind_str(row, 1, call->actor.user);
    sql_bind_str(row, 2, key_of(call));
    bool has_row = false;
    err e = sql_next(row, &has_row);
    if (!failed(e) && has_row && !str_equal(sql_peek(row, 0), request_digest(call)))
        e = fail(ERR_LIMIT, "idempotency.reused", 0);
    if (!failed(e) && has_row) {
        call->reply.status = (int)sql_i64(row, 1);
        call->reply.body = sql_str(row, 2, &call->arena);
        call->reply.content_type = STR("application/json");
        call->is_answered = *ret_answered = true;
    }
    sql_done(&row);
    return e;
}

err again_keep(struct call *call, struct store *store, instant at)
{
    if (!is_meant(call) || call->reply.status >= 300)
        return OK;
    str key = key_of(call);
    str digest = request_digest(call);
    struct sql_row *row = NULL;
    TRY(sql_ask(store_sql(store),
                "INSERT INTO idempotency (\"actor\", \"key\", \"request\", \"status\", \"answer\","
                " \"until\") VALUES ($1, $2, $3, $4, $5, $6)",
                &row));
    sql_bind_str(row, 1, call->actor.user);
    sql_bind_str(row, 2, key);
    sql_bind_str(row, 3, digest);
    sql_bind_i64(row, 4, call->reply.status);
    sql_bind_str(row, 5, call->reply.body);
    sql_bind_i64(row, 6, instant_add_us(at, AGAIN_HOURS * US_PER_HOUR).us);
    return sql_finish(&row);
}

err again_keep_alone(struct call *call, struct store *store, instant at)
{
    if (!is_meant(call))
        return OK;
    TRY(store_begin(store));
    err e = again_keep(call, store, at);
    if (!failed(e))
        return store_commit(store, at);
    store_rollback(store);
    return e;
}
