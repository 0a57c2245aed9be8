/* SPDX-License-Identifier: Apache-2.0 */
/* Ledger leaves as they are written: from a record's fields to table, tiles and signed head. */
#include "ledger/leaf.h"

#include "ledger/head.h"
#include "store/many.h"
#include "store/seed.h"

#include <assert.h>

static err tile_get(void *self, unsigned level, uint64_t index, str *ret_hashes)
{
    struct store *store = self;
    struct sql_row *row = NULL;
    TRY(sql_ask(store->db,
                "SELECT \"hashes\" FROM ledger_tile WHERE \"level\" = $1 AND \"idx\" = $2", &row));
    sql_bind_i64(row, 1, (int64_t)level);
    sql_bind_i64(row, 2, (int64_t)index);
    bool has_row = false;
    err e = sql_next(row, &has_row);
    str hashes = !failed(e) && has_row ? sql_str(row, 0, &store->scratch) : STR("");
    sql_done(&row);
    if (!failed(e) && hashes.at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    if (!failed(e))
        *ret_hashes = hashes;
    return e;
}

static err tile_put(void *self, unsigned level, uint64_t index, str hashes)
{
    struct store *store = self;
    struct sql_row *row = NULL;
    TRY(sql_ask(store->db,
                "INSERT INTO ledger_tile (\"level\", \"idx\", \"hashes\") VALUES ($1, $2, $3)"
                " ON CONFLICT (\"level\", \"idx\") DO UPDATE SET \"hashes\" = excluded.\"hashes\"",
                &row));
    sql_bind_i64(row, 1, (int64_t)level);
    sql_bind_i64(row, 2, (int64_t)index);
    sql_bind_bytes(row, 3, hashes.at, hashes.size);
    return sql_finish(&row);
}

err leaf_load_tree(struct store *store)
{
    struct sql_row *row = NULL;
    /* No leaf is ever deleted: the last one tells how many. A count would read them all. */
    TRY(sql_ask(store->db, "SELECT coalesce(max(\"idx\") + 1, 0) FROM ledger_leaf", &row));
    bool has_row = false;
    err e = sql_next(row, &has_row);
    uint64_t size = failed(e) ? 0 : (uint64_t)sql_i64(row, 0);
    sql_done(&row);
    TRY(e);
    struct tile_source source = {.self = store, .get = tile_get};
    arena_reset(&store->scratch);
    TRY(tree_load(&source, size, &store->tree));
    store->committed = store->tree;
    return OK;
}

err leaf_rewind(struct store *store)
{
    store->tree = store->committed;
    struct tile_sink sink = {.self = store, .put = tile_put};
    struct sql_row *row = NULL;
    TRY(sql_ask(store->db, "SELECT \"body\" FROM ledger_text WHERE \"idx\" >= $1 ORDER BY \"idx\"",
                &row));
    sql_bind_i64(row, 1, (int64_t)store->tree.peaks.size);
    bool has_row = true;
    err e = OK;
    while (!failed(e) && has_row) {
        e = sql_next(row, &has_row);
        if (failed(e) || !has_row)
            break;
        struct digest hash = tree_leaf_hash(sql_peek(row, 0));
        e = tree_append(&store->tree, &hash, &sink);
    }
    sql_done(&row);
    return e;
}

static err salt_find(struct store *store, str record, uint8_t ret_salt[SALT_BYTES], bool *ret_has)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store->db, "SELECT \"salt\" FROM ledger_salt WHERE \"record\" = $1", &row));
    sql_bind_str(row, 1, record);
    err e = sql_next(row, ret_has);
    if (!failed(e) && *ret_has)
        memcpy(ret_salt, sql_peek(row, 0).at, SALT_BYTES);
    sql_done(&row);
    return e;
}

err leaf_salt_insert(struct store *store, str record, const uint8_t salt[SALT_BYTES])
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store->db, "INSERT INTO ledger_salt (\"record\", \"salt\") VALUES ($1, $2)", &row));
    sql_bind_str(row, 1, record);
    sql_bind_bytes(row, 2, salt, SALT_BYTES);
    return sql_finish(&row);
}

/* The record's salt, made with its first leaf. */
static err salt_of(struct store *store, str record, bool is_new, uint8_t ret_salt[SALT_BYTES])
{
    bool has_row = false;
    if (is_new && store->many != NULL)
        return many_put_salt(store, record, ret_salt);
    if (!is_new)
        TRY(salt_find(store, record, ret_salt, &has_row));
    if (has_row)
        return OK;
    random_fill(store->random, ret_salt, SALT_BYTES);
    return leaf_salt_insert(store, record, ret_salt);
}

err leaf_erase(struct store *store, str record)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store->db, "DELETE FROM ledger_salt WHERE \"record\" = $1", &row));
    sql_bind_str(row, 1, record);
    TRY(sql_finish(&row));
    TRY(sql_ask(store->db, "UPDATE ledger_leaf SET \"why\" = NULL WHERE \"record\" = $1", &row));
    sql_bind_str(row, 1, record);
    return sql_finish(&row);
}

static str value_of(const struct field *f, const union record *record, struct arena *turn)
{
    if (f->type == FIELD_STR)
        return field_get_str(f, record);
    if (f->type == FIELD_WORD)
        return str_from_c(field_word(f, record));
    struct text t;
    text_init(&t, turn);
    text_put_i64(&t, field_get_int(f, record));
    return text_str(&t);
}

static size_t make_fields(const struct record_shape *shape, const union record *record,
                          const uint8_t seed[SALT_BYTES], struct arena *turn,
                          struct leaf_field fields[RECORD_FIELDS_MAX])
{
    size_t count = 0;
    for (size_t i = 1; i < shape->field_count; i++) { /* the key is the leaf's own line */
        const struct field *f = &shape->fields[i];
        if (field_is_absent(f, record))
            continue;
        str name = str_from_c(f->name);
        str value = value_of(f, record, turn);
        if ((f->flags & (FIELD_PERSONAL | FIELD_SECRET)) == 0) {
            fields[count++] = leaf_plain(name, value);
            continue;
        }
        uint8_t salt[SALT_BYTES];
        leaf_salt(seed, name, salt);
        enum leaf_form form = (f->flags & FIELD_SECRET) != 0 ? LEAF_SECRET : LEAF_PERSONAL;
        fields[count++] = leaf_sealed(form, name, value, salt);
    }
    return count;
}

err leaf_insert(struct store *store, const struct leaf_draft *d, const struct leaf_text *text)
{
    const struct command *cmd = d->cmd;
    struct sql_row *row = NULL;
    TRY(sql_ask(store->db,
                "INSERT INTO ledger_leaf (\"idx\", \"at\", \"act\", \"actor\", \"record_kind\","
                " \"record\", \"body\", \"form\", \"why\", \"division\")"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                &row));
    sql_bind_i64(row, 1, (int64_t)d->index);
    sql_bind_i64(row, 2, d->at.us);
    sql_bind_str(row, 3, str_from_c(act_name(cmd->act)));
    sql_bind_str(row, 4, leaf_actor(cmd));
    sql_bind_str(row, 5, str_from_c(d->shape->name));
    sql_bind_str(row, 6, cmd->record);
    sql_bind_str(row, 7, text->kept);
    if (text->has_form)
        sql_bind_i64(row, 8, text->form);
    else
        sql_bind_null(row, 8);
    if (str_is_empty(cmd->why))
        sql_bind_null(row, 9);
    else
        sql_bind_str(row, 9, cmd->why);
    sql_bind_str(row, 10, d->division);
    return sql_finish(&row);
}

str leaf_actor(const struct command *cmd)
{
    return cmd->actor.kind == ACTOR_PUBLIC ? STR("") : cmd->actor.user;
}

/* Word by word, into the scratch. */
static err leaf_write(const struct leaf_draft *d, struct arena *scratch, str *ret_body)
{
    const struct command *cmd = d->cmd;
    struct leaf_field made[RECORD_FIELDS_MAX];
    uint8_t why_salt[SALT_BYTES];
    if (!str_is_empty(cmd->why))
        leaf_salt(d->seed, STR("why"), why_salt);
    struct leaf leaf = {
        .at = d->at,
        .act = str_from_c(act_name(cmd->act)),
        .actor = leaf_actor(cmd),
        .kind = str_from_c(d->shape->name),
        .record = cmd->record,
        .why = str_is_empty(cmd->why) ? leaf_plain(STR("why"), STR(""))
                                      : leaf_sealed(LEAF_PERSONAL, STR("why"), cmd->why, why_salt),
        .fields = made,
    };
    if (!d->change->is_reading)
        leaf.field_count = make_fields(d->shape, &d->change->after, d->seed, scratch, made);
    struct text body;
    text_init(&body, scratch);
    TRY(leaf_encode(&leaf, &body));
    if (text_spent(&body))
        return fail(ERR_LIMIT, "limit.memory", 0);
    *ret_body = text_str(&body);
    return OK;
}

err leaf_make(const struct leaf_draft *d, struct leaf_forms *forms, struct arena *scratch,
              struct leaf_text *ret_text)
{
    struct leaf_text text = {0};
    if (forms != NULL)
        TRY(leaf_form_fill(forms, d, scratch, &text));
    if (text.body.size == 0) {
        TRY(leaf_write(d, scratch, &text.body));
        text.kept = text.body;
        if (forms != NULL)
            TRY(leaf_form_learn(forms, d, text.body));
    }
    text.hash = tree_leaf_hash(text.body);
    *ret_text = text;
    return OK;
}

err leaf_keep(struct store *store, const struct leaf_draft *d, const struct leaf_text *text)
{
    struct tile_sink sink = {.self = store, .put = tile_put};
    assert(d->index == store->tree.peaks.size);
    if (text->new_words != NULL)
        TRY(leaf_form_insert(store, text->new_words));
    TRY(store->many != NULL ? many_put_leaf(store, d, text) : leaf_insert(store, d, text));
    return tree_append(&store->tree, &text->hash, &sink);
}

struct leaf_draft leaf_draft_of(const struct command *cmd, instant at, const struct change *change,
                                uint64_t index, const uint8_t salt[SALT_BYTES])
{
    enum record_kind kind = act_record_kind(cmd->act);
    struct leaf_draft draft = {.cmd = cmd,
                               .change = change,
                               .at = at,
                               .shape = &record_shapes[kind],
                               .division = record_division(kind, &change->after),
                               .index = index};
    leaf_seed(salt, index, draft.seed);
    return draft;
}

err leaf_append(struct store *store, const struct command *cmd, instant at,
                const struct change *change, uint64_t *ret_index)
{
    assert(store->is_open);
    arena_reset(&store->scratch);
    struct leaf_text text;
    uint8_t salt[SALT_BYTES];
    TRY(salt_of(store, cmd->record, change->is_new, salt));
    struct leaf_draft draft = leaf_draft_of(cmd, at, change, store->tree.peaks.size, salt);
    struct leaf_forms *forms = store->many == NULL ? NULL : many_forms(store->many);
    TRY(leaf_make(&draft, forms, &store->scratch, &text));
    TRY(leaf_keep(store, &draft, &text));
    *ret_index = draft.index;
    return OK;
}

/* The same size again is the same head at a later time; but what an old key signed stays: it may be
 * what introduces the new one. */
static err head_put(struct store *store, const struct head *head)
{
    struct text root;
    struct text hex;
    text_init(&root, &store->scratch);
    text_init(&hex, &store->scratch);
    text_put_hex(&root, head->root.bytes, DIGEST_BYTES);
    text_put_hex(&hex, head->signature.bytes, SIGNATURE_BYTES);
    struct sql_row *row = NULL;
    TRY(sql_ask(store->db,
                "INSERT INTO ledger_head (\"size\", \"root\", \"at\", \"key\", \"signature\")"
                " VALUES ($1, $2, $3, $4, $5)"
                " ON CONFLICT (\"size\") DO UPDATE SET \"at\" = excluded.\"at\","
                " \"signature\" = excluded.\"signature\""
                " WHERE ledger_head.\"key\" = excluded.\"key\"",
                &row));
    sql_bind_i64(row, 1, (int64_t)head->size);
    sql_bind_str(row, 2, text_str(&root));
    sql_bind_i64(row, 3, head->at.us);
    sql_bind_str(row, 4, head->key);
    sql_bind_str(row, 5, text_str(&hex));
    return sql_finish(&row);
}

err leaf_sign(struct store *store, instant at)
{
    assert(store->is_open && store->has_key && store->has_centre);
    arena_reset(&store->scratch);
    struct head head = {
        .store = store->centre.id,
        .size = store->tree.peaks.size,
        .root = peaks_root(&store->tree.peaks),
        .at = at,
        .key = str_from_c(store->key_id),
    };
    TRY(head_sign(&head, &store->secret, &store->scratch));
    return head_put(store, &head);
}

err leaf_settle(struct store *store, instant at)
{
    if (store->tree.peaks.size == store->committed.peaks.size)
        return OK;
    struct tile_sink sink = {.self = store, .put = tile_put};
    TRY(tree_flush(&store->tree, &sink));
    return leaf_sign(store, at);
}
