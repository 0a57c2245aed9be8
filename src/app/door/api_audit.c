/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger: leaves, signed heads, proofs, the export that the second verifier reads. */
#include "app/call/api_auth.h"
#include "app/call/api_routes.h"
#include "app/house/ask.h"
#include "app/lists/export_file.h"

enum { LEAVES_USUAL = 100, EXPORT_BYTES = 512 << 20 };

static void put_hex(struct call *call, struct json *j, str key, const void *bytes, size_t size)
{
    struct text t;
    text_init(&t, &call->arena);
    text_put_hex(&t, bytes, size);
    json_put_str(j, key, text_str(&t));
}

static void put_leaf(struct call *call, struct json *j, const struct leaf_row *leaf)
{
    struct digest hash = tree_leaf_hash(leaf->body);
    json_put_i64(j, STR("index"), (int64_t)leaf->index);
    json_put_instant(j, STR("at"), leaf->at, call->house->law.zone_min);
    json_put_str(j, STR("act"), leaf->act);
    json_put_str(j, STR("actor"), auth_name_of(call, leaf->actor));
    json_put_str(j, STR("record_kind"), leaf->record_kind);
    json_put_str(j, STR("record"), leaf->record);
    json_put_str_if_any(j, STR("why"), leaf->why);
    put_hex(call, j, STR("hash"), hash.bytes, DIGEST_BYTES);
}

err audit_get(struct call *call)
{
    TRY(api_permit(call, ACT_CENTRE_AUDIT));
    str actor = api_query(call, "actor");
    struct leaf_query q = {
        .record = api_query(call, "record"), .actor = actor, .scope = api_scope(call)};
    TRY(api_query_i64(call, "after", -1, &q.after));
    TRY(api_query_limit(call, LEAVES_USUAL, &q.limit));
    union record user;
    if (!str_is_empty(actor) &&
        !failed(reader_find_by(call->reader, READER_USER_NAME, actor, &call->arena, &user)))
        q.actor = user.user.id;
    struct leaf_page page = {0};
    TRY(reader_leaves(call->reader, &q, &call->arena, &page));
    struct api_json made;
    struct json *j = api_json(call, &made);
    json_key(j, STR("items"));
    json_array(j);
    for (size_t i = 0; i < page.count; i++) {
        json_object(j);
        put_leaf(call, j, &page.items[i]);
        json_end(j);
    }
    json_end(j);
    api_next_i64(j, page.has_more ? (int64_t)page.items[page.count - 1].index : -1);
    json_put_i64(j, STR("total"), page.total);
    return api_json_done(call, &made, 200);
}

/* One leaf as it was hashed: what a browser checks by itself. */
err audit_leaf(struct call *call)
{
    TRY(api_permit(call, ACT_CENTRE_AUDIT));
    int64_t index = 0;
    TRY(api_query_i64(call, "index", 0, &index));
    if (index < 0)
        return fail(ERR_ABSENT, "leaf.absent", 0);
    struct leaf_query q = {.after = index - 1, .scope = api_scope(call), .limit = 1};
    struct leaf_page page = {0};
    TRY(reader_leaves(call->reader, &q, &call->arena, &page));
    if (page.count == 0 || page.items[0].index != (uint64_t)index)
        return fail(ERR_ABSENT, "leaf.absent", 0);
    struct api_json made;
    struct json *j = api_json(call, &made);
    put_leaf(call, j, &page.items[0]);
    json_put_str(j, STR("body"), page.items[0].body);
    return api_json_done(call, &made, 200);
}

err audit_head(struct call *call)
{
    int64_t size = 0;
    struct head head = {0};
    union record key;
    TRY(api_query_i64(call, "size", INT64_MAX, &size));
    TRY(reader_head(call->reader, (uint64_t)size, &call->arena, &head));
    TRY(api_row(call, RECORD_KEY, head.key, &key));
    struct api_json made;
    struct json *j = api_json(call, &made);
    json_put_str(j, STR("store"), head.store);
    json_put_i64(j, STR("size"), (int64_t)head.size);
    put_hex(call, j, STR("root"), head.root.bytes, DIGEST_BYTES);
    json_put_instant(j, STR("at"), head.at, call->house->law.zone_min);
    json_put_i64(j, STR("at_us"), head.at.us);
    json_put_str(j, STR("key"), head.key);
    put_hex(call, j, STR("signature"), head.signature.bytes, SIGNATURE_BYTES);
    json_put_str(j, STR("public_key"), key.key.public_part);
    return api_json_done(call, &made, 200);
}

static err put_path(struct call *call, struct json *j, const struct proof_path *path)
{
    json_key(j, STR("path"));
    json_array(j);
    for (size_t i = 0; i < path->count; i++) {
        struct text t;
        text_init(&t, &call->arena);
        text_put_hex(&t, path->hashes[i].bytes, DIGEST_BYTES);
        json_str(j, text_str(&t));
    }
    json_end(j);
    return OK;
}

static err consistency(struct call *call, struct json *j)
{
    int64_t from = 0;
    int64_t to = 0;
    TRY(api_query_i64(call, "from", 0, &from));
    TRY(api_query_i64(call, "to", 0, &to));
    struct head head = {0};
    TRY(reader_head(call->reader, UINT64_MAX, &call->arena, &head));
    if (from < 0 || to < from || (uint64_t)to > head.size)
        return fail(ERR_MALFORMED, "proof.range", 0);
    struct tile_source tiles = reader_tiles(call->reader);
    struct proof_path path = {0};
    TRY(proof_consistency(&tiles, (uint64_t)from, (uint64_t)to, &path));
    json_put_i64(j, STR("from"), from);
    json_put_i64(j, STR("to"), to);
    return put_path(call, j, &path);
}

static err inclusion(struct call *call, struct json *j)
{
    int64_t index = 0;
    int64_t size = 0;
    struct head head = {0};
    TRY(reader_head(call->reader, UINT64_MAX, &call->arena, &head));
    TRY(api_query_i64(call, "index", 0, &index));
    TRY(api_query_i64(call, "size", (int64_t)head.size, &size));
    if (index < 0 || size <= index || (uint64_t)size > head.size)
        return fail(ERR_MALFORMED, "proof.range", 0);
    struct tile_source tiles = reader_tiles(call->reader);
    struct proof_path path = {0};
    struct digest hash;
    TRY(proof_inclusion(&tiles, (uint64_t)index, (uint64_t)size, &path));
    TRY(proof_leaf_hash(&tiles, (uint64_t)index, &hash));
    json_put_i64(j, STR("index"), index);
    json_put_i64(j, STR("size"), size);
    put_hex(call, j, STR("leaf_hash"), hash.bytes, DIGEST_BYTES);
    return put_path(call, j, &path);
}

err audit_proof(struct call *call)
{
    struct api_json made;
    struct json *j = api_json(call, &made);
    bool is_consistency = !str_is_empty(api_query(call, "to"));
    TRY(is_consistency ? consistency(call, j) : inclusion(call, j));
    return api_json_done(call, &made, 200);
}

/* The export itself is a reading: a leaf says who took it and what for. */
static err write_export(struct call *call, struct store *store, instant at)
{
    struct command cmd = {.act = ACT_CENTRE_EXPORT,
                          .actor = call->actor,
                          .record = store_centre(store)->id,
                          .why = api_query(call, "purpose")};
    TRY(store_apply(store, &cmd, at, &call->arena, NULL));
    return api_empty(call, 200);
}

static err ask_export(void *self, struct store *store, instant at, struct arena *turn)
{
    (void)turn;
    return write_export(self, store, at);
}

/* Into the reply, or, for this machine's command line, into a file of any size. */
static err put_export(struct call *call, struct reader *reader)
{
    const struct env_flag *ending = &call->house->is_stopping;
    if (!str_is_empty(call->request.file)) {
        char *path = str_to_c(&call->arena, call->request.file);
        TRY(path == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : export_file(reader, ending, path));
        return api_empty(call, 204);
    }
    struct text lines;
    text_init(&lines, &call->arena);
    TRY(export_all(reader, ending, &lines));
    call->reply = (struct api_reply){
        .status = 200, .content_type = STR("application/x-ndjson"), .body = text_str(&lines)};
    return OK;
}

static void run_export(struct call *call)
{
    err e = ask_store(call->house, ask_export, call);
    if (!failed(e)) {
        struct reader *reader = house_reader_take(call->house);
        e = put_export(call, reader);
        house_reader_give(call->house, reader);
    }
    api_finish(call, e);
}

err audit_export(struct call *call)
{
    TRY(api_permit(call, ACT_CENTRE_EXPORT));
    if (!str_is_empty(api_scope(call))) /* a part of a ledger proves nothing */
        return fail(ERR_DENIED, "permit.division", 0);
    if (str_is_empty(str_trim(api_query(call, "purpose"))))
        return fail(ERR_MALFORMED, "purpose.missing", 0);
    if (!call->request.is_local)
        call->request.file = STR("");
    call->arena.budget_bytes = EXPORT_BYTES;
    call->clerk = &call->house->papers;
    call->work = run_export;
    return OK;
}
