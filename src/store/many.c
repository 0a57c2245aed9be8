/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of many changes that are written together. A statement of its own for each row opens and
 * closes every tree it touches; one for MANY_ROWS of them opens each once, and stays where the last
 * row went, which is where the next one goes.
 *
 *     apply ──► row, leaf, salt of each, kept ──► MANY_ROWS of them ──► a statement a table
 *
 * Rows wait in the turn they were made in, which ends when they are written.
 */
#include "store/many.h"
#include "store/row.h"

#include <assert.h>

enum { TURN_BYTES = 16 << 20, KEEP_BYTES = 8 << 20, WORDS_BYTES = 8 << 20 };

static const err no_memory = {.code = ERR_LIMIT, .why = "limit.memory"};

struct waiting_leaf {
    struct leaf_draft draft;
    struct leaf_text text;
};

struct many {
    struct arena keep;  /* itself */
    struct arena words; /* the forms */
    struct arena turn;
    struct leaf_forms *forms;
    union record listings[MANY_ROWS];
    struct waiting_leaf leaves[MANY_ROWS];
    str salted[MANY_ROWS];
    uint8_t salts[MANY_ROWS][SALT_BYTES]; /* made at once */
    size_t listing_count;
    size_t leaf_count;
    size_t salt_count;
};

/* --- statements --- */

/* In `row`, $n is the same for all rows and @n the row's own. */
struct many_shape {
    const char *head;
    const char *row;
    const char *tail;
    int fixed;
    int varying;
};

/* The listing's own are its columns in order; the rest of it is fixed. */
enum { LISTING_OWN = 4 };
static const char *const listing_own[LISTING_OWN] = {"id", "value", "display", "match"};

#define LEAVES                                                                                     \
    "INSERT INTO ledger_leaf (\"idx\", \"at\", \"act\", \"actor\", \"record_kind\", \"record\","   \
    " \"body\", \"form\", \"why\", \"division\") VALUES "
#define SALTS   "INSERT INTO ledger_salt (\"record\", \"salt\") VALUES "
#define DOMAINS "INSERT INTO rpz_domain (\"turned\", \"allow\", \"block\", \"block_below\") VALUES "
#define OR_DOMAINS                                                                                 \
    " ON CONFLICT (\"turned\") DO UPDATE SET \"allow\" = excluded.\"allow\","                      \
    " \"block\" = excluded.\"block\", \"block_below\" = excluded.\"block_below\""

static struct many_shape shapes[MANY_TEXT_COUNT] = {
    [MANY_LEAVES] = {LEAVES,  "(@1, $1, $2, $3, $4, @2, @3, @4, @5, @6)", "",         4, 6},
    [MANY_SALTS] = {SALTS,   "(@1, @2)",                                 "",         0, 2},
    [MANY_DOMAINS] = {DOMAINS, "(@1, @2, @3, @4)",                         OR_DOMAINS, 0, 4},
};

static int own_column(const struct field *f)
{
    for (int i = 0; i < LISTING_OWN; i++)
        if (strcmp(listing_own[i], f->name) == 0)
            return i + 1;
    return 0;
}

static err make_listing_shape(struct arena *boot, struct many_shape *ret_shape)
{
    const struct record_shape *shape = &record_shapes[RECORD_LISTING];
    struct text head;
    struct text row;
    text_init(&head, boot);
    text_init(&row, boot);
    text_put_c(&head, "INSERT INTO listing (");
    for (size_t i = 0; i < shape->field_count; i++) {
        int own = own_column(&shape->fields[i]);
        text_printf(&head, "%s\"%s\"", i == 0 ? "" : ", ", shape->fields[i].name);
        text_printf(&row, "%s%c%zu", i == 0 ? "(" : ", ", own > 0 ? '@' : '$',
                    own > 0 ? (size_t)own : i + 1);
    }
    text_put_c(&head, ") VALUES ");
    text_put_c(&row, ")");
    if (text_spent(&head) || text_spent(&row))
        return no_memory;
    *ret_shape = (struct many_shape){text_str(&head).at, text_str(&row).at, "",
                                     (int)shape->field_count, LISTING_OWN};
    return OK;
}

int many_place(enum many_text text, size_t row, int column)
{
    const struct many_shape *s = &shapes[text];
    assert(column > 0 && column <= s->varying);
    return s->fixed + (int)row * s->varying + column;
}

static err make_text(enum many_text which, struct arena *boot, const char **ret_text)
{
    const struct many_shape *s = &shapes[which];
    struct text t;
    text_init(&t, boot);
    text_put_c(&t, s->head);
    for (size_t row = 0; row < MANY_ROWS; row++) {
        text_put_c(&t, row == 0 ? "" : ", ");
        for (const char *c = s->row; *c != '\0'; c++)
            if (*c == '@')
                text_printf(&t, "$%d", many_place(which, row, *++c - '0'));
            else
                text_put_char(&t, *c);
    }
    text_put_c(&t, s->tail);
    if (text_spent(&t))
        return no_memory;
    *ret_text = text_str(&t).at;
    return OK;
}

err many_boot(struct store *store, struct arena *boot)
{
    TRY(make_listing_shape(boot, &shapes[MANY_LISTINGS]));
    for (unsigned i = 0; i < MANY_TEXT_COUNT; i++)
        TRY(make_text((enum many_text)i, boot, &store->many_texts[i]));
    return OK;
}

err many_ask(struct store *store, enum many_text text, struct sql_row **ret_row)
{
    return sql_ask(store->db, store->many_texts[text], ret_row);
}

/* --- what waits --- */

err many_begin(struct store *store, struct many **ret_many)
{
    struct arena keep;
    arena_init(&keep, KEEP_BYTES);
    struct many *many = arena_make(&keep, sizeof *many);
    if (many != NULL) {
        many->keep = keep;
        arena_init(&many->words, WORDS_BYTES);
        many->forms = leaf_forms_make(&many->words);
        arena_init(&many->turn, TURN_BYTES);
    }
    if (many == NULL)
        return no_memory;
    *ret_many = many;
    store->many = many;
    if (many->forms == NULL) {
        many_end(store);
        return no_memory;
    }
    return OK;
}

void many_end(struct store *store)
{
    struct many *many = store->many;
    struct arena keep = many->keep; /* the last of it is itself */
    arena_done(&many->turn);
    arena_done(&many->words);
    arena_done(&keep);
    store->many = NULL;
}

struct arena *many_keep(struct many *many)
{
    return &many->keep;
}

struct leaf_forms *many_forms(struct many *many)
{
    return many->forms;
}

err many_turn(struct store *store, struct arena **ret_turn)
{
    struct many *many = store->many;
    if (many->leaf_count == MANY_ROWS)
        TRY(many_flush(store));
    if (many->leaf_count == 0)
        arena_reset(&many->turn);
    *ret_turn = &many->turn;
    return OK;
}

static bool is_alike(const union record *a, const union record *b)
{
    const struct record_shape *shape = &record_shapes[RECORD_LISTING];
    for (size_t i = 0; i < shape->field_count; i++) {
        const struct field *f = &shape->fields[i];
        bool is_equal = f->type == FIELD_STR ? str_equal(field_get_str(f, a), field_get_str(f, b))
                                             : field_get_int(f, a) == field_get_int(f, b);
        if (!is_equal && own_column(f) == 0)
            return false;
    }
    return true;
}

err many_put_listing(struct store *store, const union record *listing)
{
    struct many *many = store->many;
    if (many->listing_count > 0 && !is_alike(&many->listings[0], listing))
        TRY(many_flush(store));
    assert(many->listing_count < MANY_ROWS);
    many->listings[many->listing_count++] = *listing;
    return OK;
}

static bool goes_together(const struct leaf_draft *a, const struct leaf_draft *b)
{
    return a->at.us == b->at.us && a->cmd->act == b->cmd->act &&
           str_equal(leaf_actor(a->cmd), leaf_actor(b->cmd));
}

err many_put_leaf(struct store *store, const struct leaf_draft *draft, const struct leaf_text *text)
{
    struct many *many = store->many;
    if (many->leaf_count > 0 && !goes_together(&many->leaves[0].draft, draft))
        TRY(many_flush(store));
    assert(many->leaf_count < MANY_ROWS);
    struct waiting_leaf *w = &many->leaves[many->leaf_count++];
    *w = (struct waiting_leaf){.draft = *draft, .text = *text};
    w->draft.change = NULL;                           /* it was its maker's */
    w->text.kept = str_copy(&many->turn, text->kept); /* it was in the scratch */
    return w->text.kept.at == NULL ? no_memory : OK;
}

err many_put_salt(struct store *store, str record, uint8_t ret_salt[SALT_BYTES])
{
    struct many *many = store->many;
    assert(many->salt_count < MANY_ROWS);
    if (many->salt_count == 0)
        random_fill(store->random, many->salts, sizeof many->salts);
    memcpy(ret_salt, many->salts[many->salt_count], SALT_BYTES);
    many->salted[many->salt_count++] = record;
    return OK;
}

void many_put_made_salt(struct store *store, str record, const uint8_t salt[SALT_BYTES])
{
    struct many *many = store->many;
    assert(many->salt_count < MANY_ROWS);
    memcpy(many->salts[many->salt_count], salt, SALT_BYTES);
    many->salted[many->salt_count++] = record;
}

/* --- written --- */

static void bind_optional(struct sql_row *row, int n, str text)
{
    if (str_is_empty(text))
        sql_bind_null(row, n);
    else
        sql_bind_str(row, n, text);
}

static err flush_listings(struct store *store, struct many *many)
{
    const struct record_shape *shape = &record_shapes[RECORD_LISTING];
    struct sql_row *row = NULL;
    if (many->listing_count < MANY_ROWS) {
        for (size_t i = 0; i < many->listing_count; i++)
            TRY(row_insert(store->db, RECORD_LISTING, &many->listings[i]));
        return OK;
    }
    TRY(many_ask(store, MANY_LISTINGS, &row));
    for (size_t i = 0; i < shape->field_count; i++) {
        const struct field *f = &shape->fields[i];
        int own = own_column(f);
        if (own == 0)
            row_bind_field(row, (int)i + 1, f, &many->listings[0]);
        for (size_t j = 0; own > 0 && j < MANY_ROWS; j++)
            row_bind_field(row, many_place(MANY_LISTINGS, j, own), f, &many->listings[j]);
    }
    return sql_finish(&row);
}

static void bind_leaf(struct sql_row *row, size_t i, const struct waiting_leaf *w)
{
    sql_bind_i64(row, many_place(MANY_LEAVES, i, 1), (int64_t)w->draft.index);
    sql_bind_str(row, many_place(MANY_LEAVES, i, 2), w->draft.cmd->record);
    sql_bind_str(row, many_place(MANY_LEAVES, i, 3), w->text.kept);
    if (w->text.has_form)
        sql_bind_i64(row, many_place(MANY_LEAVES, i, 4), w->text.form);
    else
        sql_bind_null(row, many_place(MANY_LEAVES, i, 4));
    bind_optional(row, many_place(MANY_LEAVES, i, 5), w->draft.cmd->why);
    sql_bind_str(row, many_place(MANY_LEAVES, i, 6), w->draft.division);
}

static err flush_leaves(struct store *store, struct many *many)
{
    const struct leaf_draft *first = &many->leaves[0].draft;
    struct sql_row *row = NULL;
    if (many->leaf_count < MANY_ROWS) {
        for (size_t i = 0; i < many->leaf_count; i++)
            TRY(leaf_insert(store, &many->leaves[i].draft, &many->leaves[i].text));
        return OK;
    }
    TRY(many_ask(store, MANY_LEAVES, &row));
    sql_bind_i64(row, 1, first->at.us);
    sql_bind_str(row, 2, str_from_c(act_name(first->cmd->act)));
    sql_bind_str(row, 3, leaf_actor(first->cmd));
    sql_bind_str(row, 4, str_from_c(first->shape->name));
    for (size_t i = 0; i < MANY_ROWS; i++)
        bind_leaf(row, i, &many->leaves[i]);
    return sql_finish(&row);
}

static err flush_salts(struct store *store, struct many *many)
{
    struct sql_row *row = NULL;
    if (many->salt_count < MANY_ROWS) {
        for (size_t i = 0; i < many->salt_count; i++)
            TRY(leaf_salt_insert(store, many->salted[i], many->salts[i]));
        return OK;
    }
    TRY(many_ask(store, MANY_SALTS, &row));
    for (size_t i = 0; i < MANY_ROWS; i++) {
        sql_bind_str(row, many_place(MANY_SALTS, i, 1), many->salted[i]);
        sql_bind_bytes(row, many_place(MANY_SALTS, i, 2), many->salts[i], SALT_BYTES);
    }
    return sql_finish(&row);
}

err many_flush(struct store *store)
{
    struct many *many = store->many;
    TRY(flush_listings(store, many));
    TRY(flush_salts(store, many));
    TRY(flush_leaves(store, many));
    many->listing_count = many->salt_count = many->leaf_count = 0;
    return OK;
}
