/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a leaf has exactly one text and a text at most one leaf; what it hides stays hidden and
 * can be opened only as what it was.
 * Method: a leaf written down by hand; every byte of it replaced by every other; values full of
 * what the format itself is made of, encoded and decoded; bodies that are almost right.
 */
#include "kit/kit.h"
#include "ledger/leaf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena turn;

static const uint8_t salt[SALT_BYTES] = {1, 2, 3};

#define BODY                                                                                       \
    "yumen-leaf 1\n"                                                                               \
    "at 1795349880000000\n"                                                                        \
    "act listing.approve\n"                                                                        \
    "actor 01JD-nan\n"                                                                             \
    "kind listing\n"                                                                               \
    "record 01JD-7\n"                                                                              \
    "why=three reports\\nof one afternoon\n"                                                       \
    "field state=in_force\n"                                                                       \
    "field basis=反电信网络诈骗法 art. 32 \\\\ 33\n"                                       \
    "field value#ae8bd8b1eb3eb88d0ac2e3a1b83fd92caa65b8d65cbfb8cb3a5a28a1f2b0c5ce\n"               \
    "field secret!be8bd8b1eb3eb88d0ac2e3a1b83fd92caa65b8d65cbfb8cb3a5a28a1f2b0c5ce\n"

static void the_text_is_as_documented(void **state)
{
    (void)state;
    struct leaf_field fields[] = {
        leaf_plain(STR("state"), STR("in_force")),
        leaf_plain(STR("basis"), STR("反电信网络诈骗法 art. 32 \\ 33")),
        {.name = STR("value"),  .form = LEAF_PERSONAL},
        {.name = STR("secret"), .form = LEAF_SECRET  },
    };
    str hex = STR("ae8bd8b1eb3eb88d0ac2e3a1b83fd92caa65b8d65cbfb8cb3a5a28a1f2b0c5ce");
    assert_false(failed(hex_parse(hex, fields[2].commitment.bytes, DIGEST_BYTES)));
    fields[3].commitment = fields[2].commitment;
    fields[3].commitment.bytes[0] = 0xbe;
    struct leaf leaf = {
        .at = instant_from_us(1795349880000000),
        .act = STR("listing.approve"),
        .actor = STR("01JD-nan"),
        .kind = STR("listing"),
        .record = STR("01JD-7"),
        .why = leaf_plain(STR("why"), STR("three reports\nof one afternoon")),
        .fields = fields,
        .field_count = COUNT_OF(fields),
    };
    struct text body;
    text_init(&body, &turn);
    assert_false(failed(leaf_encode(&leaf, &body)));
    assert_string_equal(text_str(&body).at, BODY);
}

/* Encodes what a decode understood. */
static str encode(const struct leaf *leaf)
{
    struct text body;
    text_init(&body, &turn);
    assert_false(failed(leaf_encode(leaf, &body)));
    return text_str(&body);
}

static void whatever_decodes_encodes_the_same(void **state)
{
    (void)state;
    char body[] = BODY;
    str text = str_make(body, sizeof body - 1);
    size_t understood = 0;
    for (size_t i = 0; i < text.size; i++)
        for (int c = 0; c < 256; c++) {
            struct leaf leaf;
            char kept = body[i];
            body[i] = (char)c;
            if (!failed(leaf_decode(text, &turn, &leaf))) {
                assert_true(str_equal(encode(&leaf), text));
                understood++;
            }
            body[i] = kept;
            arena_reset(&turn);
        }
    assert_in_range(understood, text.size, text.size * 128);
}

/* Numbers that look random and are the same every time (splitmix64). */
static uint64_t next_random(uint64_t *seed)
{
    uint64_t z = *seed += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

static void values_come_back(void **state)
{
    (void)state;
    static const char parts[] = "\\nx0a1f=#! \n\r\t\x01\x1f\x7f"
                                "field";
    uint64_t seed = 7;
    for (int round = 0; round < 20000; round++) {
        char value[2][12];
        struct leaf_field fields[2];
        for (size_t f = 0; f < 2; f++) {
            size_t size = next_random(&seed) % sizeof value[f];
            for (size_t i = 0; i < size; i++)
                value[f][i] = parts[next_random(&seed) % (sizeof parts - 1)];
            fields[f] = leaf_plain(f == 0 ? STR("a") : STR("b"), str_make(value[f], size));
        }
        struct leaf leaf = {.act = STR("a"), .kind = STR("k"), .why = fields[0]};
        leaf.record = STR("a\nact b");
        leaf.actor = fields[1].value;
        leaf.fields = fields;
        leaf.field_count = 2;
        struct leaf back;
        assert_false(failed(leaf_decode(encode(&leaf), &turn, &back)));
        assert_int_equal(back.field_count, 2);
        assert_true(str_equal(back.fields[0].value, fields[0].value));
        assert_true(str_equal(back.fields[1].value, fields[1].value));
        assert_true(str_equal(back.why.value, fields[0].value));
        assert_true(str_equal(back.actor, fields[1].value));
        assert_true(str_equal(back.record, leaf.record));
        arena_reset(&turn);
    }
}

static void almost_right_is_refused(void **state)
{
    (void)state;
#define TOP "yumen-leaf 1\nat 1\nact a\nactor u\nkind k\nrecord r\n"
    static const char *const bodies[] = {
        "",
        "\n",
        "yumen-leaf 2\nat 1\nact a\nactor u\nkind k\nrecord r\nwhy=\n",
        TOP "why=\n\n",
        TOP "why=",
        TOP,
        TOP "why=\nfield a=1\nfield a=2\n",
        TOP "why=\nfield why=1\n",
        TOP "why=\nfield =1\n",
        TOP "why=\nfield A=1\n",
        TOP "why=\nfields a=1\n",
        TOP "why=\nfield a=\\x41\n",
        TOP "why=\nfield a=\\x0a\n",
        TOP "why=\nfield a=\\x1F\n",
        TOP "why=\nfield a=\\x00\n",
        TOP "why=\nfield a=\\\n",
        TOP "why=\nfield a=\\t\n",
        TOP "why=\nfield a=\r\n",
        TOP "why=\nfield a=\xff\n",
        TOP "why=\nfield a#00\n",
        TOP "why=\nfield a#AE8bd8b1eb3eb88d0ac2e3a1b83fd92caa65b8d65cbfb8cb3a5a28a1f2b0c5ce\n",
        TOP "Why=\n",
        TOP " why=\n",
        "\xef\xbb\xbf" TOP "why=\n",
        "yumen-leaf 1\nat 01\nact a\nactor u\nkind k\nrecord r\nwhy=\n",
        "yumen-leaf 1\nat -1\nact a\nactor u\nkind k\nrecord r\nwhy=\n",
        "yumen-leaf 1\nat +1\nact a\nactor u\nkind k\nrecord r\nwhy=\n",
        "yumen-leaf 1\nat 99999999999999999999\nact a\nactor u\nkind k\nrecord r\nwhy=\n",
        "yumen-leaf 1\nat 1\nact a\nactor u\nkind k\nrecord \nwhy=\n",
        "yumen-leaf 1\nat 1\nact \nactor u\nkind k\nrecord r\nwhy=\n",
        "yumen-leaf 1\nat 1\nactor u\nact a\nkind k\nrecord r\nwhy=\n",
    };
    struct leaf leaf;
    for (size_t i = 0; i < COUNT_OF(bodies); i++)
        assert_int_equal(leaf_decode(str_from_c(bodies[i]), &turn, &leaf).code, ERR_MALFORMED);
    str with_nul = str_make(TOP "why=\0\n", sizeof(TOP "why=\0\n") - 1);
    assert_int_equal(leaf_decode(with_nul, &turn, &leaf).code, ERR_MALFORMED);
    assert_false(failed(leaf_decode(STR(TOP "why=\n"), &turn, &leaf)));
    assert_int_equal(leaf.field_count, 0);
}

static void what_cannot_be_said_is_not_encoded(void **state)
{
    (void)state;
    struct leaf_field fields[LEAF_FIELDS_MAX + 1];
    const struct leaf good = {
        .act = STR("a"), .kind = STR("k"), .record = STR("r"), .fields = fields, .field_count = 1};
    struct text body;
    text_init(&body, &turn);
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        fields[i] = leaf_plain(str_make(&"abcdefghijklmnopqrstuvwxyz0123456789_"
                                         "abcdefghijklmnopqrstuvwxyz0123456789_"[i % 37],
                                        1 + i / 37),
                               STR(""));
    struct leaf many = good;
    many.field_count = LEAF_FIELDS_MAX;
    assert_false(failed(leaf_encode(&many, &body)));
    many.field_count++;
    assert_int_equal(leaf_encode(&many, &body).code, ERR_LIMIT);
    fields[0].value = STR("\xc3");
    assert_int_equal(leaf_encode(&good, &body).code, ERR_MALFORMED);
    fields[0].value = str_make("a\0b", 3);
    assert_int_equal(leaf_encode(&good, &body).code, ERR_MALFORMED);
    fields[0] = leaf_plain(STR("why"), STR(""));
    assert_int_equal(leaf_encode(&good, &body).code, ERR_MALFORMED);
    fields[0] = leaf_plain(STR("a=b"), STR(""));
    assert_int_equal(leaf_encode(&good, &body).code, ERR_MALFORMED);
}

static void commitments_bind_salt_name_and_value(void **state)
{
    (void)state;
    uint8_t other_salt[SALT_BYTES] = {1, 2, 4};
    struct digest d[] = {
        leaf_commit(salt, STR("a"), STR("13800138000")),
        leaf_commit(salt, STR("b"), STR("13800138000")),
        leaf_commit(salt, STR("a"), STR("13800138001")),
        leaf_commit(salt, STR("a1"), STR("3800138000")),
        leaf_commit(other_salt, STR("a"), STR("13800138000")),
    };
    for (size_t i = 0; i < COUNT_OF(d); i++)
        for (size_t j = 0; j < i; j++)
            assert_false(digest_equal(&d[i], &d[j]));
    uint8_t first[SALT_BYTES];
    uint8_t second[SALT_BYTES];
    leaf_salt(salt, STR("a"), first);
    leaf_salt(salt, STR("b"), second);
    assert_memory_not_equal(first, second, SALT_BYTES);
    struct leaf_field f = leaf_sealed(LEAF_PERSONAL, STR("a"), STR("13800138000"), salt);
    assert_true(digest_equal(&f.commitment, &d[0]));
    /* printf 'yumen-commitment 1\n' + salt + 'a\n13800138000' | sha256sum */
    struct digest expected;
    str hex = STR("f00c8b5e52332703ec2d0deff2798e40687f1fe91f717f15beccdbcd34806444");
    assert_false(failed(hex_parse(hex, expected.bytes, DIGEST_BYTES)));
    assert_true(digest_equal(&expected, &d[0]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_text_is_as_documented),
        cmocka_unit_test(whatever_decodes_encodes_the_same),
        cmocka_unit_test(values_come_back),
        cmocka_unit_test(almost_right_is_refused),
        cmocka_unit_test(what_cannot_be_said_is_not_encoded),
        cmocka_unit_test(commitments_bind_salt_name_and_value),
    };
    if (failed(kit_boot()))
        return 1;
    arena_init(&turn, 8 << 20);
    int answer = cmocka_run_group_tests_name("ledger/leaf", tests, NULL, NULL);
    arena_done(&turn);
    kit_done();
    return answer;
}
