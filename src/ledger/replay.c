/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/replay.h"

#include "ledger/keyring.h"
#include "ledger/lastleaf.h"
#include "ledger/tree.h"

#include <assert.h>

struct replay {
    const struct replay_setup *setup;
    struct replay_verdict verdict;
    struct keyring keyring;
    struct lastleaves records;
    struct peaks peaks;
    uint64_t good_size; /* of the last head that was found good */
    bool is_broken;     /* a well-signed head has another root: later heads cannot be judged */
    bool has_head;
    struct head head; /* the next one, its words in the two rooms */
    char head_store[HEAD_WORD_MAX];
    char head_key[HEAD_WORD_MAX];
    struct digest *published_roots; /* what the tree says at the size of each published head */
};

static void report(struct replay *r, const struct finding *f)
{
    r->verdict.findings++;
    r->setup->found(r->setup->found_self, f);
}

/* ---- leaves ---- */

struct sight {
    const struct leaf *leaf;
    const struct entry *entry;
    uint64_t index;
};

static void report_leaf(struct replay *r, enum finding_kind kind, const struct sight *s, str field)
{
    struct finding f = {.kind = kind, .has_leaf = true, .leaf = s->index, .field = field};
    if (s->leaf != NULL) {
        f.act = s->leaf->act;
        f.kind_name = s->leaf->kind;
        f.record = s->leaf->record;
    }
    report(r, &f);
}

static const struct opening *find_opening(const struct entry *entry, str field)
{
    for (size_t i = 0; i < entry->opening_count; i++)
        if (str_equal(entry->openings[i].field, field))
            return &entry->openings[i];
    return NULL;
}

static bool is_opened_by(const struct leaf_field *f, str name, const struct opening *o)
{
    struct digest commitment = leaf_commit(o->salt, name, o->value);
    return f->form != LEAF_PLAIN && digest_equal(&commitment, &f->commitment);
}

static void check_openings(struct replay *r, const struct sight *s)
{
    for (size_t i = 0; i < s->entry->opening_count; i++) {
        const struct opening *o = &s->entry->openings[i];
        const struct leaf_field *f = leaf_field_find(s->leaf, o->field);
        if (f == NULL || !is_opened_by(f, o->field, o))
            report_leaf(r, FINDING_OPENING_WRONG, s, o->field);
    }
}

static err remember(struct replay *r, const struct sight *s)
{
    struct lastleaf *last;
    TRY(lastleaf_put(&r->records, s->leaf->kind, s->leaf->record, &last));
    if (s->leaf->field_count > 0)
        last->speaking = s->index;
    return OK;
}

static err check_entry(struct replay *r, uint64_t index, const struct entry *entry)
{
    struct leaf leaf;
    struct sight s = {.entry = entry, .index = index};
    struct digest hash = tree_leaf_hash(entry->body);
    if (str_is_empty(entry->body)) {
        report_leaf(r, FINDING_LEAF_LOST, &s, STR(""));
        return OK;
    }
    err e = leaf_decode(entry->body, r->setup->turn, &leaf);
    if (failed(e) && e.code != ERR_MALFORMED)
        return e;
    s.leaf = failed(e) ? NULL : &leaf;
    bool is_sound = digest_equal(&hash, &entry->hash);
    if (!is_sound)
        report_leaf(r, FINDING_LEAF_CHANGED, &s, STR(""));
    else if (s.leaf == NULL)
        report_leaf(r, FINDING_LEAF_MALFORMED, &s, STR(""));
    if (s.leaf == NULL)
        return OK;
    check_openings(r, &s);
    e = is_sound ? keyring_see(&r->keyring, &leaf) : OK;
    if (failed(e) && e.code == ERR_LIMIT)
        return e;
    if (failed(e))
        report_leaf(r, FINDING_KEY_CONFLICT, &s, STR("public_part"));
    return remember(r, &s);
}

/* ---- heads ---- */

static void report_head(struct replay *r, enum finding_kind kind, const struct head *head)
{
    struct finding f = {.kind = kind, .size = head->size, .at = head->at};
    if (kind == FINDING_TAIL_CUT)
        f.leaf_end = r->setup->source->leaf_count;
    if (kind == FINDING_HEAD_ROOT) {
        f.has_leaf = true;
        f.leaf = r->good_size;
        f.leaf_end = head->size;
    }
    report(r, &f);
}

static err copy_word(str word, char room[HEAD_WORD_MAX], str *ret_copy)
{
    if (word.size > HEAD_WORD_MAX)
        return fail(ERR_MALFORMED, "head: store and key must be words", 0);
    if (word.size > 0)
        memcpy(room, word.at, word.size);
    *ret_copy = str_make(room, word.size);
    return OK;
}

static err next_head(struct replay *r)
{
    const struct replay_source *source = r->setup->source;
    struct head head;
    arena_reset(r->setup->turn);
    TRY(source->head(source->self, &head, &r->has_head));
    if (!r->has_head)
        return OK;
    if (head.size < r->peaks.size)
        return fail(ERR_MALFORMED, "replay: heads out of order", 0);
    r->head = head;
    TRY(copy_word(head.store, r->head_store, &r->head.store));
    return copy_word(head.key, r->head_key, &r->head.key);
}

/* Whether a head of this store was signed by a key that may sign it; reports why not. */
static bool is_signed(struct replay *r, const struct head *head)
{
    const struct sign_public *key = keyring_find(&r->keyring, head->key, head->size);
    if (key == NULL) {
        report_head(r, FINDING_HEAD_KEY, head);
        return false;
    }
    bool is_good = str_equal(head->store, r->setup->store) && head_check(head, key, r->setup->turn);
    if (!is_good)
        report_head(r, FINDING_HEAD_SIGNATURE, head);
    return is_good;
}

static void judge_head(struct replay *r)
{
    struct digest root = peaks_root(&r->peaks);
    if (r->is_broken || !is_signed(r, &r->head))
        return;
    if (!digest_equal(&root, &r->head.root)) {
        bool is_second = r->good_size == r->head.size && r->head.size > 0;
        report_head(r, is_second ? FINDING_PAST_CHANGED : FINDING_HEAD_ROOT, &r->head);
        r->is_broken = !is_second;
        return;
    }
    r->good_size = r->head.size;
    keyring_cover(&r->keyring, r->good_size);
}

/* All heads, ours and published ones, of the size the tree has now. */
static err meet_heads(struct replay *r)
{
    for (size_t i = 0; i < r->setup->published_count; i++)
        if (r->setup->published[i].size == r->peaks.size)
            r->published_roots[i] = peaks_root(&r->peaks);
    while (r->has_head && r->head.size == r->peaks.size) {
        r->verdict.heads++;
        judge_head(r);
        TRY(next_head(r));
    }
    return OK;
}

/* A head beyond the last leaf. Its key may itself have been added in the part that is gone. */
static void judge_beyond(struct replay *r, const struct head *head)
{
    const struct sign_public *key = keyring_find(&r->keyring, head->key, head->size);
    bool is_wrong = key != NULL && !head_check(head, key, r->setup->turn);
    report_head(r, is_wrong ? FINDING_HEAD_SIGNATURE : FINDING_TAIL_CUT, head);
}

static err check_tail(struct replay *r)
{
    uint64_t count = r->setup->source->leaf_count;
    while (r->has_head) {
        r->verdict.heads++;
        judge_beyond(r, &r->head);
        TRY(next_head(r));
    }
    if (!r->is_broken && r->good_size < count) {
        struct finding f = {
            .kind = FINDING_HEAD_ABSENT, .has_leaf = true, .leaf = r->good_size, .leaf_end = count};
        report(r, &f);
    }
    return OK;
}

static void check_published(struct replay *r)
{
    for (size_t i = 0; i < r->setup->published_count; i++) {
        const struct head *head = &r->setup->published[i];
        arena_reset(r->setup->turn);
        if (head->size > r->setup->source->leaf_count)
            judge_beyond(r, head);
        else if (is_signed(r, head) && !digest_equal(&r->published_roots[i], &head->root))
            report_head(r, FINDING_PAST_CHANGED, head);
    }
}

static err check_leaves(struct replay *r)
{
    const struct replay_source *source = r->setup->source;
    TRY(next_head(r));
    TRY(meet_heads(r));
    for (uint64_t index = 0; index < source->leaf_count; index++) {
        struct entry entry;
        arena_reset(r->setup->turn);
        TRY(source->entry(source->self, index, &entry));
        TRY(check_entry(r, index, &entry));
        peaks_put(&r->peaks, &entry.hash);
        r->verdict.leaves++;
        TRY(meet_heads(r));
    }
    TRY(check_tail(r));
    check_published(r);
    return OK;
}

/* ---- rows ---- */

static const struct row_value *find_value(const struct row *row, str name)
{
    for (size_t i = 0; i < row->value_count; i++)
        if (str_equal(row->values[i].name, name))
            return &row->values[i];
    return NULL;
}

static void report_row(struct replay *r, enum finding_kind kind, const struct row *row)
{
    struct finding f = {.kind = kind, .kind_name = row->kind, .record = row->id};
    report(r, &f);
}

/* What the leaf says of a field, where it says it or its opening proves it. */
static bool find_said(const struct sight *s, const struct leaf_field *f, str *ret_said)
{
    const struct opening *o = find_opening(s->entry, f->name);
    if (f->form != LEAF_PLAIN && (o == NULL || !is_opened_by(f, f->name, o)))
        return false;
    *ret_said = f->form == LEAF_PLAIN ? f->value : o->value;
    return true;
}

static void compare_field(struct replay *r, const struct sight *s, const struct row *row,
                          const struct leaf_field *f)
{
    const struct row_value *value = find_value(row, f->name);
    struct finding found = {.has_leaf = true,
                            .leaf = s->index,
                            .act = s->leaf->act,
                            .kind_name = row->kind,
                            .record = row->id,
                            .field = f->name};
    str said;
    if (!find_said(s, f, &said)) {
        found.kind = FINDING_FIELD_UNPROVED;
        if (value != NULL || f->form == LEAF_PERSONAL)
            report(r, &found);
        return;
    }
    if (value != NULL && str_equal(value->value, said))
        return;
    found.kind = value == NULL ? FINDING_FIELD_REMOVED : FINDING_FIELD_CHANGED;
    if (f->form == LEAF_PLAIN) {
        found.said = said;
        found.found = value == NULL ? STR("") : value->value;
    }
    report(r, &found);
}

static void compare_row(struct replay *r, const struct sight *s, const struct row *row)
{
    for (size_t i = 0; i < s->leaf->field_count; i++)
        compare_field(r, s, row, &s->leaf->fields[i]);
    for (size_t i = 0; i < row->value_count; i++) {
        str name = row->values[i].name;
        if (leaf_field_find(s->leaf, name) == NULL || str_equal(name, STR("why")))
            report_leaf(r, FINDING_FIELD_ADDED, s, name);
    }
}

/* The leaf once more, for its words. False when it cannot be read, which was reported before. */
static err recall(struct replay *r, uint64_t index, struct entry *ret_entry, struct leaf *ret_leaf,
                  bool *ret_has)
{
    const struct replay_source *source = r->setup->source;
    TRY(source->entry(source->self, index, ret_entry));
    err e = leaf_decode(ret_entry->body, r->setup->turn, ret_leaf);
    if (failed(e) && e.code != ERR_MALFORMED)
        return e;
    *ret_has = !failed(e);
    return OK;
}

static err check_row(struct replay *r, const struct row *row)
{
    struct lastleaf *last = lastleaf_find(&r->records, row->kind, row->id);
    if (last == NULL || last->speaking == LEAF_NONE) {
        report_row(r, FINDING_ROW_ADDED, row);
        return OK;
    }
    if (last->has_row)
        report_row(r, FINDING_ROW_TWICE, row);
    last->has_row = true;
    struct entry entry;
    struct leaf leaf;
    bool has_leaf = false;
    TRY(recall(r, last->speaking, &entry, &leaf, &has_leaf));
    if (has_leaf)
        compare_row(r, &(struct sight){&leaf, &entry, last->speaking}, row);
    return OK;
}

static err check_rows(struct replay *r)
{
    const struct replay_source *source = r->setup->source;
    for (;;) {
        struct row row;
        bool has_row = false;
        arena_reset(r->setup->turn);
        TRY(source->row(source->self, &row, &has_row));
        if (!has_row)
            return OK;
        r->verdict.rows++;
        TRY(check_row(r, &row));
    }
}

/* Reports with the words of the leaf that spoke of it last. */
static err report_removed(struct replay *r, uint64_t index)
{
    struct entry entry;
    struct leaf leaf;
    bool has_leaf = false;
    arena_reset(r->setup->turn);
    TRY(recall(r, index, &entry, &leaf, &has_leaf));
    struct sight s = {.leaf = has_leaf ? &leaf : NULL, .entry = &entry, .index = index};
    report_leaf(r, FINDING_ROW_REMOVED, &s, STR(""));
    return OK;
}

static err check_removed(struct replay *r)
{
    for (const struct lastleaf *each = r->records.first; each != NULL; each = each->next)
        if (each->speaking != LEAF_NONE && !each->has_row)
            TRY(report_removed(r, each->speaking));
    return OK;
}

err replay_run(const struct replay_setup *setup, struct replay_verdict *ret_verdict)
{
    assert(setup != NULL && ret_verdict != NULL);
    assert(setup->source != NULL && setup->found != NULL);
    struct replay *r = arena_make(setup->keep, sizeof *r);
    if (r == NULL)
        return fail(ERR_LIMIT, "replay: no room", 0);
    r->setup = setup;
    r->published_roots =
        arena_make_array(setup->keep, setup->published_count, sizeof *r->published_roots);
    if (r->published_roots == NULL)
        return fail(ERR_LIMIT, "replay: no room", 0);
    lastleaves_init(&r->records, setup->keep);
    TRY(keyring_init(&r->keyring, setup->keep, setup->key_id, &setup->key));
    TRY(check_leaves(r));
    TRY(check_rows(r));
    TRY(check_removed(r));
    *ret_verdict = r->verdict;
    return OK;
}
