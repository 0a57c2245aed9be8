/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Of many leaves that are written together most differ in nothing but their record and their
 * commitments. Their words are kept once, as a form with holes:
 *
 *     head  [record]  first  [commitment]  second  [commitment]  third  [commitment]  tail
 *
 * A leaf that fits keeps what fills the holes. Its text, which is what is hashed, exported and
 * proved, is put together again by the view ledger_text, and is the same to the byte.
 */
#include "env/id.h"
#include "store/many.h"

#include <assert.h>

/* More than LEARN_MOST are not alike. */
enum { HOLES_MAX = LEAF_PIECES - 2, FORMS_MAX = 4, LEARN_MOST = 256, HEX = 2 * DIGEST_BYTES };

static const err no_memory = {.code = ERR_LIMIT, .why = "limit.memory"};

struct form {
    enum act act;
    instant at;
    str actor;
    bool has_why;
    union record like;
    struct leaf_words words;
    bool is_kept; /* in the store; until then it has been seen once */
};

struct leaf_forms {
    struct arena *keep;
    struct form at[FORMS_MAX];
    size_t count; /* ever learnt: the oldest makes room */
};

struct leaf_forms *leaf_forms_make(struct arena *keep)
{
    struct leaf_forms *forms = arena_make(keep, sizeof *forms);
    if (forms != NULL)
        forms->keep = keep;
    return forms;
}

static bool is_sealed(const struct field *f)
{
    return (f->flags & (FIELD_PERSONAL | FIELD_SECRET)) != 0;
}

static bool is_field_alike(const struct field *f, const union record *a, const union record *b)
{
    if (is_sealed(f))
        return field_is_absent(f, a) == field_is_absent(f, b);
    if (f->type == FIELD_STR)
        return str_equal(field_get_str(f, a), field_get_str(f, b));
    return field_get_int(f, a) == field_get_int(f, b);
}

static bool is_alike(const struct form *form, const struct leaf_draft *d)
{
    if (form->act != d->cmd->act || form->at.us != d->at.us ||
        form->has_why == str_is_empty(d->cmd->why) || !str_equal(form->actor, leaf_actor(d->cmd)))
        return false;
    for (size_t i = 1; i < d->shape->field_count; i++)
        if (!is_field_alike(&d->shape->fields[i], &form->like, &d->change->after))
            return false;
    return true;
}

static struct form *find(struct leaf_forms *forms, const struct leaf_draft *d)
{
    for (size_t i = 0; i < FORMS_MAX && i < forms->count; i++)
        if (is_alike(&forms->at[i], d))
            return &forms->at[i];
    return NULL;
}

/* --- filling --- */

/* In the order of the leaf: its reason, then its fields. */
static size_t seal_all(const struct leaf_draft *d, char hex[HOLES_MAX + 1][HEX])
{
    size_t count = 0;
    uint8_t salt[SALT_BYTES];
    struct digest commitment;
    if (!str_is_empty(d->cmd->why)) {
        leaf_salt(d->seed, STR("why"), salt);
        commitment = leaf_commit(salt, STR("why"), d->cmd->why);
        hex_put(hex[count++], commitment.bytes, DIGEST_BYTES);
    }
    for (size_t i = 1; i < d->shape->field_count && count <= HOLES_MAX; i++) {
        const struct field *f = &d->shape->fields[i];
        if (!is_sealed(f) || field_is_absent(f, &d->change->after))
            continue;
        leaf_salt(d->seed, str_from_c(f->name), salt);
        commitment = leaf_commit(salt, str_from_c(f->name), field_get_str(f, &d->change->after));
        hex_put(hex[count++], commitment.bytes, DIGEST_BYTES);
    }
    return count;
}

err leaf_form_insert(struct store *store, const struct leaf_words *words)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store->db,
                "INSERT INTO ledger_form (\"id\", \"head\", \"first\", \"second\", \"third\","
                " \"tail\") VALUES ($1, $2, $3, $4, $5, $6)",
                &row));
    sql_bind_i64(row, 1, words->id);
    for (size_t i = 0; i < LEAF_PIECES; i++)
        sql_bind_str(row, (int)i + 2, words->pieces[i]);
    return sql_finish(&row);
}

/* Words that are used for the first time: a form may make room for another before they are
 * written. */
static err begin_words(struct leaf_forms *forms, struct form *form, uint64_t index,
                       struct leaf_text *text)
{
    struct leaf_words *words = arena_make(forms->keep, sizeof *words);
    if (words == NULL)
        return no_memory;
    form->is_kept = true;
    form->words.id = (int64_t)index;
    *words = form->words;
    text->new_words = words;
    return OK;
}

err leaf_form_fill(struct leaf_forms *forms, const struct leaf_draft *d, struct arena *scratch,
                   struct leaf_text *ret_text)
{
    char hex[HOLES_MAX + 1][HEX];
    struct leaf_text made = {.has_form = true};
    struct form *form = find(forms, d);
    if (form == NULL || !id_is_wellformed(d->cmd->record))
        return OK;
    if (!form->is_kept)
        TRY(begin_words(forms, form, d->index, &made));
    size_t count = seal_all(d, hex);
    struct text body;
    text_init(&body, scratch);
    text_put(&body, form->words.pieces[0]);
    text_put(&body, d->cmd->record);
    for (size_t i = 0; i < count; i++) {
        text_put(&body, form->words.pieces[i + 1]);
        text_put(&body, str_make(hex[i], HEX));
    }
    text_put(&body, form->words.pieces[HOLES_MAX + 1]);
    made.form = form->words.id;
    made.body = text_str(&body);
    made.kept = str_copy(scratch, str_make(hex[0], count * HEX));
    if (text_spent(&body) || made.kept.at == NULL)
        return no_memory;
    *ret_text = made;
    return OK;
}

/* --- learning --- */

/* The part of `rest` before the hole; `rest` goes on behind it. */
static bool cut(str *rest, str hole, str *ret_piece)
{
    const char *at = memmem(rest->at, rest->size, hole.at, hole.size);
    if (at == NULL)
        return false;
    *ret_piece = str_until(*rest, (size_t)(at - rest->at));
    *rest = str_from(*rest, ret_piece->size + hole.size);
    return true;
}

static bool cut_all(const struct leaf_draft *d, str body, struct form *form)
{
    char hex[HOLES_MAX + 1][HEX];
    str head = {0};
    str rest = body;
    size_t count = seal_all(d, hex);
    if (count == 0 || count > HOLES_MAX || !cut(&rest, STR("\nrecord "), &head))
        return false;
    form->words.pieces[0] = str_make(body.at, (size_t)(rest.at - body.at));
    rest = str_from(rest, d->cmd->record.size);
    for (size_t i = 0; i < count; i++)
        if (!cut(&rest, str_make(hex[i], HEX), &form->words.pieces[i + 1]))
            return false;
    form->words.pieces[HOLES_MAX + 1] = rest;
    return true;
}

/* Its spans are somebody's turn. */
static bool keep_texts(struct arena *keep, const struct record_shape *shape, union record *like)
{
    for (size_t i = 0; i < shape->field_count; i++) {
        const struct field *f = &shape->fields[i];
        if (f->type != FIELD_STR || field_is_absent(f, like))
            continue;
        str kept = str_copy(keep, field_get_str(f, like));
        if (kept.at == NULL)
            return false;
        field_put_str(f, like, kept);
    }
    return true;
}

err leaf_form_learn(struct leaf_forms *forms, const struct leaf_draft *d, str body)
{
    struct form form = {.act = d->cmd->act,
                        .at = d->at,
                        .has_why = !str_is_empty(d->cmd->why),
                        .like = d->change->after};
    bool is_fit = !d->change->is_reading && id_is_wellformed(d->cmd->record);
    if (!is_fit || forms->count == LEARN_MOST)
        return OK;
    str kept = str_copy(forms->keep, body);
    form.actor = str_copy(forms->keep, leaf_actor(d->cmd));
    if (kept.at == NULL || form.actor.at == NULL || !keep_texts(forms->keep, d->shape, &form.like))
        return no_memory;
    if (cut_all(d, kept, &form))
        forms->at[forms->count++ % FORMS_MAX] = form;
    return OK;
}
