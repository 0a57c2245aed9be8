/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: what was sealed is read again by who has the key, and by nobody who has another; any bit
 * that was changed is noticed; the same bytes never look the same twice.
 * Method: sizes around a block, every bit of one of them, and the draft's own example.
 */
#include "kit/cipher.h"

#include "kit/kit_test.h"

enum { MOST = 300 };

static const struct cipher_key key = {
    .bytes = {1, 2, 3}
};

static void every_size(void **state)
{
    (void)state;
    for (size_t size = 0; size <= MOST; size++) {
        struct cipher_mark mark;
        uint8_t bytes[MOST];
        uint8_t plain[MOST];
        uint8_t back[MOST];
        for (size_t i = 0; i < size; i++)
            plain[i] = (uint8_t)(i * 7 + size);
        memcpy(bytes, plain, size);
        cipher_seal(&key, STR("said"), bytes, size, &mark);
        assert_true(size < 8 || memcmp(bytes, plain, size) != 0);
        str sealed = str_make((const char *)bytes, size);
        assert_true(cipher_open(&key, STR("said"), &mark, sealed, back));
        assert_memory_equal(back, plain, size);
        assert_false(cipher_open(&key, STR("sad"), &mark, sealed, back));
    }
}

static void any_bit(void **state)
{
    (void)state;
    struct {
        struct cipher_key key;
        struct cipher_mark mark;
        uint8_t bytes[40];
    } all = {.key = key, .bytes = "a caller and a callee, side by side"};
    uint8_t back[sizeof all.bytes];
    cipher_seal(&key, STR(""), all.bytes, sizeof all.bytes, &all.mark);
    str sealed = str_make((const char *)all.bytes, sizeof all.bytes);
    for (size_t bit = 0; bit < sizeof all * 8; bit++) {
        uint8_t *byte = (uint8_t *)&all + bit / 8;
        *byte = (uint8_t)(*byte ^ 1U << bit % 8);
        assert_false(cipher_open(&all.key, STR(""), &all.mark, sealed, back));
        *byte = (uint8_t)(*byte ^ 1U << bit % 8);
    }
    assert_true(cipher_open(&all.key, STR(""), &all.mark, sealed, back));
}

static void never_the_same(void **state)
{
    (void)state;
    struct cipher_mark marks[2];
    uint8_t bytes[2][64] = {{0}, {0}};
    for (int i = 0; i < 2; i++)
        cipher_seal(&key, STR(""), bytes[i], sizeof bytes[i], &marks[i]);
    assert_memory_not_equal(bytes[0], bytes[1], sizeof bytes[0]);
    assert_memory_not_equal(marks[0].nonce, marks[1].nonce, CIPHER_NONCE_BYTES);
}

/* draft-irtf-cfrg-xchacha-03, A.3.1: a text, and its tag. */
static void as_others_have_it(void **state)
{
    (void)state;
    static const char text[] =
        "Ladies and Gentlemen of the class of '99: If I could offer you only "
        "one tip for the future, sunscreen would be it.";
    struct cipher_key k;
    struct cipher_mark mark = {
        .tag = {0xc0, 0x87, 0x59, 0x24, 0xc1, 0xc7, 0x98, 0x79, 0x47, 0xde, 0xaf, 0xd8, 0x78, 0x0a,
                0xcf, 0x49}
    };
    static const uint8_t said[] = {0x50, 0x51, 0x52, 0x53, 0xc0, 0xc1,
                                   0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7};
    static const uint8_t sealed[] = {
        0xbd, 0x6d, 0x17, 0x9d, 0x3e, 0x83, 0xd4, 0x3b, 0x95, 0x76, 0x57, 0x94, 0x93, 0xc0, 0xe9,
        0x39, 0x57, 0x2a, 0x17, 0x00, 0x25, 0x2b, 0xfa, 0xcc, 0xbe, 0xd2, 0x90, 0x2c, 0x21, 0x39,
        0x6c, 0xbb, 0x73, 0x1c, 0x7f, 0x1b, 0x0b, 0x4a, 0xa6, 0x44, 0x0b, 0xf3, 0xa8, 0x2f, 0x4e,
        0xda, 0x7e, 0x39, 0xae, 0x64, 0xc6, 0x70, 0x8c, 0x54, 0xc2, 0x16, 0xcb, 0x96, 0xb7, 0x2e,
        0x12, 0x13, 0xb4, 0x52, 0x2f, 0x8c, 0x9b, 0xa4, 0x0d, 0xb5, 0xd9, 0x45, 0xb1, 0x1b, 0x69,
        0xb9, 0x82, 0xc1, 0xbb, 0x9e, 0x3f, 0x3f, 0xac, 0x2b, 0xc3, 0x69, 0x48, 0x8f, 0x76, 0xb2,
        0x38, 0x35, 0x65, 0xd3, 0xff, 0xf9, 0x21, 0xf9, 0x66, 0x4c, 0x97, 0x63, 0x7d, 0xa9, 0x76,
        0x88, 0x12, 0xf6, 0x15, 0xc6, 0x8b, 0x13, 0xb5, 0x2e};
    char back[sizeof sealed];
    for (size_t i = 0; i < sizeof k.bytes; i++)
        k.bytes[i] = (uint8_t)(0x80 + i);
    for (size_t i = 0; i < sizeof mark.nonce; i++)
        mark.nonce[i] = (uint8_t)(0x40 + i);
    assert_int_equal(sizeof sealed, sizeof text - 1);
    assert_true(cipher_open(&k, str_make((const char *)said, sizeof said), &mark,
                            str_make((const char *)sealed, sizeof sealed), back));
    assert_memory_equal(back, text, sizeof back);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_size),
        cmocka_unit_test(any_bit),
        cmocka_unit_test(never_the_same),
        cmocka_unit_test(as_others_have_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
