/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: whatever is altered in a ledger, its records or its heads is found, and named.
 * Method: a small ledger with everything in it (sample_test.h); each thing in it is altered in
 * turn, by somebody who can write the store, then by somebody who also recomputes the hashes, then
 * by somebody who also holds the key; the findings must name the place.
 */
#include "kit/kit.h"
#include "ledger/keyring.h"
#include "ledger/replay.h"
#include "ledger/sample_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* cmocka's; ours makes an err */

enum { SEEN_MAX = 64 };

static struct arena keep;
static struct arena turn;
static struct arena world;
static struct sample good;
static struct sample bad; /* a copy to be altered; its spans are those of `good` */

static struct finding seen[SEEN_MAX];
static size_t seen_count;
static size_t row_next;
static size_t head_next;

static err give_entry(void *self, uint64_t index, struct entry *ret_entry)
{
    const struct sample *s = self;
    if (index >= s->leaf_count)
        return fail(ERR_ABSENT, "sample: no such leaf", 0);
    *ret_entry = s->entries[index];
    return OK;
}

static err give_row(void *self, struct row *ret_row, bool *ret_has)
{
    const struct sample *s = self;
    *ret_has = row_next < s->row_count;
    if (*ret_has)
        *ret_row = s->rows[row_next++].row;
    return OK;
}

static err give_head(void *self, struct head *ret_head, bool *ret_has)
{
    const struct sample *s = self;
    *ret_has = head_next < s->head_count;
    if (*ret_has)
        *ret_head = s->heads[head_next++];
    return OK;
}

static void note(void *self, const struct finding *f)
{
    (void)self;
    struct text line;
    text_init(&line, &keep);
    finding_format(f, &line);
    assert_true(text_str(&line).size > 20 && !text_spent(&line));
    if (seen_count < SEEN_MAX)
        seen[seen_count++] = *f;
}

/* Replays the altered sample; answers how much was found. */
static uint64_t replay_with(const struct head *published, size_t published_count)
{
    struct replay_source source = {&bad, bad.leaf_count, give_entry, give_row, give_head};
    struct replay_setup setup = {
        .source = &source,
        .store = sample_store,
        .key_id = STR("key-1"),
        .key = good.publics[0],
        .published = published,
        .published_count = published_count,
        .keep = &keep,
        .turn = &turn,
        .found = note,
    };
    struct replay_verdict verdict = {0};
    seen_count = row_next = head_next = 0;
    arena_reset(&keep);
    assert_false(failed(replay_run(&setup, &verdict)));
    return verdict.findings;
}

static uint64_t replay(void)
{
    return replay_with(NULL, 0);
}

static bool has_seen(enum finding_kind kind)
{
    for (size_t i = 0; i < seen_count; i++)
        if (seen[i].kind == kind)
            return true;
    return false;
}

static const struct finding *seen_of(enum finding_kind kind)
{
    for (size_t i = 0; i < seen_count; i++)
        if (seen[i].kind == kind)
            return &seen[i];
    print_error("not found: %s\n", finding_key(kind));
    assert_true(false);
    return &seen[0];
}

/* The rows' spans point into their own struct, so a copy has to be told. */
static void start_over(void)
{
    bad = good;
    for (size_t i = 0; i < bad.row_count; i++)
        bad.rows[i].row.values = bad.rows[i].values;
    for (size_t i = 0; i < bad.leaf_count; i++)
        bad.entries[i].openings = bad.openings[i];
}

static int start(void **state)
{
    (void)state;
    start_over();
    return 0;
}

static void a_good_ledger_is_good(void **state)
{
    (void)state;
    assert_int_equal(replay(), 0);
    assert_int_equal(replay_with(good.heads, good.head_count), 0);
}

static void an_altered_row_is_named(void **state)
{
    (void)state;
    for (size_t r = 0; r < good.row_count; r++)
        for (size_t v = 0; v < good.rows[r].row.value_count; v++) {
            start_over();
            bad.rows[r].values[v].value = STR("other");
            assert_int_equal(replay(), 1);
            const struct finding *f = seen_of(FINDING_FIELD_CHANGED);
            assert_true(str_equal(f->record, good.rows[r].row.id));
            assert_true(str_equal(f->field, good.rows[r].values[v].name));
            assert_int_equal(f->said.size + f->found.size > 0, good.rows[r].forms[v] == LEAF_PLAIN);

            start_over(); /* a value that is gone */
            bad.rows[r].values[v] = bad.rows[r].values[--bad.rows[r].row.value_count];
            assert_int_equal(replay(), 1);
            assert_true(
                str_equal(seen_of(FINDING_FIELD_REMOVED)->field, good.rows[r].values[v].name));

            start_over(); /* a value under another name */
            bad.rows[r].values[v].name = STR("why");
            assert_int_equal(replay(), 2);
            assert_true(has_seen(FINDING_FIELD_ADDED) && has_seen(FINDING_FIELD_REMOVED));
        }
}

static void a_removed_added_or_doubled_row_is_named(void **state)
{
    (void)state;
    for (size_t r = 0; r < good.row_count; r++) {
        str id = good.rows[r].row.id;
        start_over();
        bad.rows[r].row.id = STR("01NEW");
        assert_int_equal(replay(), 2);
        assert_true(str_equal(seen_of(FINDING_ROW_REMOVED)->record, id));
        assert_true(str_equal(seen_of(FINDING_ROW_ADDED)->record, STR("01NEW")));

        start_over();
        bad.rows[r].row = bad.rows[--bad.row_count].row;
        assert_int_equal(replay(), 1);
        assert_true(str_equal(seen_of(FINDING_ROW_REMOVED)->record, id));

        start_over();
        bad.rows[bad.row_count++].row = bad.rows[r].row;
        assert_int_equal(replay(), 1);
        assert_true(str_equal(seen_of(FINDING_ROW_TWICE)->record, id));
    }
}

/* A body of `bad` that may be written to. */
static char *own_body(size_t index)
{
    str copy = str_copy(&world, good.entries[index].body);
    assert_non_null(copy.at);
    bad.entries[index].body = copy;
    return (char *)(uintptr_t)copy.at;
}

static void every_altered_byte_of_a_leaf_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < good.leaf_count; i++) {
        start_over();
        char *body = own_body(i);
        for (size_t at = 0; at < good.entries[i].body.size; at++) {
            body[at] ^= 1;
            assert_true(replay() > 0);
            assert_int_equal(seen_of(FINDING_LEAF_CHANGED)->leaf, i);
            assert_false(has_seen(FINDING_HEAD_ROOT));
            body[at] ^= 1;
        }
        bad.entries[i].body = STR("");
        assert_true(replay() > 0);
        assert_int_equal(seen_of(FINDING_LEAF_LOST)->leaf, i);
    }
}

static void recomputed_hashes_do_not_help(void **state)
{
    (void)state;
    for (size_t i = 0; i < good.leaf_count; i++) {
        start_over();
        char *body = own_body(i);
        for (size_t at = 0; at < good.entries[i].body.size; at += 7) {
            body[at] ^= 1;
            bad.entries[i].hash = tree_leaf_hash(bad.entries[i].body);
            assert_true(replay() > 0);
            const struct finding *f = seen_of(FINDING_HEAD_ROOT);
            assert_true(f->leaf <= i && i < f->leaf_end);
            body[at] ^= 1;
        }
    }
}

static void remove_leaf(struct sample *s, size_t index)
{
    for (size_t i = index; i + 1 < s->leaf_count; i++)
        s->entries[i] = s->entries[i + 1];
    s->leaf_count--;
}

static void leaves_removed_reordered_or_doubled_are_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < good.leaf_count; i++) {
        start_over();
        remove_leaf(&bad, i);
        assert_true(replay() > 0);
        assert_true(has_seen(FINDING_HEAD_ROOT) || has_seen(FINDING_TAIL_CUT));
        for (size_t j = 0; j < i; j++) {
            start_over();
            bad.entries[i] = good.entries[j];
            bad.entries[j] = good.entries[i];
            assert_true(replay() > 0);
            const struct finding *f = seen_of(FINDING_HEAD_ROOT);
            assert_true(f->leaf <= j && j < f->leaf_end);
            start_over();
            bad.entries[i] = good.entries[j];
            assert_true(replay() > 0);
            assert_true(has_seen(FINDING_HEAD_ROOT));
        }
        start_over(); /* one more at the end, which no head covers */
        bad.entries[bad.leaf_count++] = good.entries[i];
        assert_true(replay() > 0);
        assert_int_equal(seen_of(FINDING_HEAD_ABSENT)->leaf, good.leaf_count);
    }
}

/* Everything back to what it was when the head was signed: the perfect crime, but for that head. */
static void roll_back(size_t head)
{
    start_over();
    bad.head_count = head + 1;
    bad.leaf_count = good.heads[head].size;
    bad.row_count = 0;
}

static void a_cut_tail_is_found(void **state)
{
    (void)state;
    for (size_t cut = 0; cut < good.leaf_count; cut++) {
        start_over();
        bad.leaf_count = cut;
        assert_true(replay() > 0);
        const struct finding *f = seen_of(FINDING_TAIL_CUT);
        assert_true(f->size > cut && f->leaf_end == cut);
    }
    for (size_t head = 0; head + 1 < good.head_count; head++) {
        roll_back(head);
        replay();
        assert_false(has_seen(FINDING_TAIL_CUT) || has_seen(FINDING_HEAD_ABSENT));
        const struct head *last = &good.heads[good.head_count - 1];
        replay_with(last, 1);
        const struct finding *f = seen_of(FINDING_TAIL_CUT);
        assert_int_equal(f->size, last->size);
        assert_int_equal(f->leaf_end, bad.leaf_count);
    }
}

static void a_rewritten_past_is_found_by_who_kept_a_head(void **state)
{
    (void)state;
    bad = good;
    sample_make(&bad, &world, 1);
    assert_int_equal(replay(), 0); /* who holds the keys can lie to whoever kept nothing */
    size_t found = 0;
    for (size_t i = 0; i < good.head_count; i++)
        found += replay_with(&good.heads[i], 1) > 0 && has_seen(FINDING_PAST_CHANGED);
    assert_int_equal(found, good.head_count - 2); /* but for the heads before the lie */
}

static void openings_open_only_what_was_committed(void **state)
{
    (void)state;
    for (size_t i = 0; i < good.leaf_count; i++)
        for (size_t o = 0; o < good.entries[i].opening_count; o++) {
            start_over();
            bad.openings[i][o].value = STR("other");
            assert_true(replay() > 0);
            assert_int_equal(seen_of(FINDING_OPENING_WRONG)->leaf, i);
            assert_true(
                str_equal(seen_of(FINDING_OPENING_WRONG)->field, good.openings[i][o].field));
            start_over();
            bad.openings[i][o].salt[o] ^= 1;
            assert_true(replay() > 0);
            assert_int_equal(seen_of(FINDING_OPENING_WRONG)->leaf, i);
            for (size_t other = 0; other < o; other++) { /* swapped salts */
                start_over();
                memcpy(bad.openings[i][o].salt, good.openings[i][other].salt, SALT_BYTES);
                memcpy(bad.openings[i][other].salt, good.openings[i][o].salt, SALT_BYTES);
                assert_true(replay() >= 2);
                assert_true(has_seen(FINDING_OPENING_WRONG));
            }
        }
}

/* The last leaf with fields of a row. */
static size_t last_leaf(const struct row *row)
{
    for (size_t i = good.leaf_count; i-- > 0;) {
        struct leaf leaf;
        assert_false(failed(leaf_decode(good.entries[i].body, &turn, &leaf)));
        if (leaf.field_count > 0 && str_equal(leaf.record, row->id))
            return i;
    }
    assert_true(false);
    return 0;
}

static void a_value_that_lost_its_salt_is_named(void **state)
{
    (void)state;
    for (size_t r = 0; r < good.row_count; r++) {
        start_over();
        bad.entries[last_leaf(&good.rows[r].row)].opening_count = 0;
        size_t sealed = 0;
        for (size_t v = 0; v < good.rows[r].row.value_count; v++)
            sealed += good.rows[r].forms[v] != LEAF_PLAIN;
        assert_int_equal(replay(), sealed);
        assert_int_equal(has_seen(FINDING_FIELD_UNPROVED), sealed > 0);
    }
}

static void altered_heads_are_found(void **state)
{
    (void)state;
    for (size_t h = 0; h < good.head_count; h++) {
        for (size_t bit = 0; bit < 512; bit++) {
            start_over();
            bad.heads[h].signature.bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
            assert_true(replay() > 0);
            assert_true(has_seen(FINDING_HEAD_SIGNATURE));
            bit += 16;
        }
        start_over();
        bad.heads[h].root.bytes[h] ^= 1;
        assert_true(replay() > 0);
        assert_true(has_seen(FINDING_HEAD_SIGNATURE));
        start_over();
        bad.heads[h].at.us++;
        assert_true(replay() > 0);
        start_over();
        bad.heads[h].store = STR("01OTHER");
        assert_true(replay() > 0);
        start_over();
        bad.heads[h].key = STR("key-9");
        assert_true(replay() > 0);
        assert_true(has_seen(FINDING_HEAD_KEY));
    }
    start_over();
    bad.head_count = 0;
    assert_int_equal(replay(), 1);
    assert_int_equal(seen_of(FINDING_HEAD_ABSENT)->leaf, 0);
}

static void keys_sign_only_in_their_time(void **state)
{
    (void)state;
    bad.head_count = 0;
    sample_sign(&bad, 0); /* one head of the first key may cover the whole story */
    bad.heads[bad.head_count++] = good.heads[good.head_count - 1];
    assert_int_equal(replay(), 0);
    bad.heads[0] = bad.heads[--bad.head_count]; /* without it nobody introduced the second */
    assert_int_equal(replay(), 2);
    assert_true(has_seen(FINDING_HEAD_KEY) && has_seen(FINDING_HEAD_ABSENT));

    start_over();
    bad.head_count = good.head_count;
    sample_sign(&bad, 0); /* where its retiring is covered, and not one leaf further */
    assert_int_equal(replay(), 0);
    sample_append(&bad, &(struct sample_act){"listing.read", "listing", "01L1", "x", {{NULL}}});
    sample_sign(&bad, 0);
    assert_true(replay() > 0);
    assert_true(has_seen(FINDING_HEAD_KEY));

    start_over(); /* the second before any head of the first covers it */
    size_t h = 0;
    while (!str_equal(good.heads[h].key, STR("key-2")))
        h++;
    bad.heads[h - 1] = bad.heads[h];
    assert_true(replay() > 0);
    assert_true(has_seen(FINDING_HEAD_KEY));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_good_ledger_is_good, start),
        cmocka_unit_test_setup(an_altered_row_is_named, start),
        cmocka_unit_test_setup(a_removed_added_or_doubled_row_is_named, start),
        cmocka_unit_test_setup(every_altered_byte_of_a_leaf_is_named, start),
        cmocka_unit_test_setup(recomputed_hashes_do_not_help, start),
        cmocka_unit_test_setup(leaves_removed_reordered_or_doubled_are_found, start),
        cmocka_unit_test_setup(a_cut_tail_is_found, start),
        cmocka_unit_test_setup(a_rewritten_past_is_found_by_who_kept_a_head, start),
        cmocka_unit_test_setup(openings_open_only_what_was_committed, start),
        cmocka_unit_test_setup(a_value_that_lost_its_salt_is_named, start),
        cmocka_unit_test_setup(altered_heads_are_found, start),
        cmocka_unit_test_setup(keys_sign_only_in_their_time, start),
    };
    if (failed(kit_boot()))
        return 1;
    arena_init(&keep, 8 << 20);
    arena_init(&turn, 8 << 20);
    arena_init(&world, 64 << 20);
    sample_make(&good, &world, 0);
    int answer = cmocka_run_group_tests_name("ledger/replay", tests, NULL, NULL);
    arena_done(&world);
    arena_done(&turn);
    arena_done(&keep);
    kit_done();
    return answer;
}
