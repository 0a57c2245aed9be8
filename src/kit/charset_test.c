/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: whatever charset a file comes in, the same text comes out, however it is cut into blocks;
 * what cannot be read is replaced, counted, and its place remembered.
 * Method: one text in every charset, read in blocks and rooms of every small size; the texts known
 * to mislead guessers; broken bytes at known places.
 */
#include "kit/charset.h"

#include "kit/kit_test.h"

static const char text_utf8[] = "phone,说明\n96110,反诈 é😀\n";
static const char text_gb[] = "phone,\xCB\xB5\xC3\xF7\n96110,\xB7\xB4\xD5\xA9 "
                              "\xA8\xA6\x94\x39\xFC\x36\n";
static const char text_16le[] = "\xFF\xFEp\0h\0o\0n\0e\0,\0\xF4\x8B\x0E\x66\n\0"
                                "9\0"
                                "6\0"
                                "1\0"
                                "1\0"
                                "0\0,\0\xCD\x53\xC8\x8B \0\xE9\0\x3D\xD8\x00\xDE\n\0";

#define BYTES(literal) ((str){.at = (literal), .size = sizeof(literal) - 1})

/* `block` bytes in and `room` bytes out at a time. */
static str read_all(struct arena *a, struct charset_reader *r, str bytes, size_t block, size_t room)
{
    struct text t;
    text_init(&t, a);
    char *out = arena_make(a, room);
    while (bytes.size > 0) {
        str in = str_until(bytes, block);
        bytes = str_from(bytes, in.size);
        while (in.size > 0)
            text_put(&t, str_make(out, charset_reader_put(r, &in, out, room)));
    }
    for (size_t size = 1; size > 0;) {
        size = charset_reader_flush(r, out, room);
        text_put(&t, str_make(out, size));
    }
    return text_str(&t);
}

static void reads(str bytes, enum charset begun, enum charset found, str want)
{
    struct arena a;
    arena_init(&a, 1 << 20);
    for (size_t block = 1; block <= bytes.size + 1; block++)
        for (size_t room = CHARSET_ROOM_MIN_BYTES; room < 100; room += 17) {
            struct charset_reader r;
            arena_reset(&a);
            works(charset_reader_init(&r, begun));
            is_str(read_all(&a, &r, bytes, block, room), want);
            assert_int_equal(r.charset, found);
            assert_int_equal(r.bad_count, 0);
            charset_reader_done(&r);
        }
    arena_done(&a);
}

static void one_text_in_all(void **state)
{
    (void)state;
    str want = BYTES(text_utf8);
    reads(want, CHARSET_UTF8, CHARSET_UTF8, want);
    reads(want, CHARSET_UNKNOWN, CHARSET_UTF8, want);
    reads(BYTES(text_gb), CHARSET_GB18030, CHARSET_GB18030, want);
    reads(BYTES(text_gb), CHARSET_UNKNOWN, CHARSET_GB18030, want);
    reads(BYTES(text_16le), CHARSET_UNKNOWN, CHARSET_UTF16LE, want);
    reads(BYTES(text_16le), CHARSET_UTF16LE, CHARSET_UTF16LE, want);
    reads(BYTES("\xFE\xFF\0a\x8B\xF4"), CHARSET_UNKNOWN, CHARSET_UTF16BE, STR("a说"));
    reads(STR("ascii only"), CHARSET_UNKNOWN, CHARSET_UNKNOWN, STR("ascii only"));
    reads(STR(""), CHARSET_UNKNOWN, CHARSET_UNKNOWN, STR(""));
}

static void marks_are_dropped_once(void **state)
{
    (void)state;
    reads(STR("\uFEFFa"), CHARSET_UNKNOWN, CHARSET_UTF8, STR("a"));
    reads(STR("\uFEFFa"), CHARSET_UTF8, CHARSET_UTF8, STR("a"));
    reads(STR("\uFEFF\uFEFFa"), CHARSET_UTF8, CHARSET_UTF8, STR("\uFEFFa"));
    reads(STR("a\uFEFF"), CHARSET_UNKNOWN, CHARSET_UTF8, STR("a\uFEFF"));
    reads(STR("\uFEFF"), CHARSET_UNKNOWN, CHARSET_UTF8, STR(""));
    reads(BYTES("\x84\x31\x95\x33\xCB\xB5"), CHARSET_GB18030, CHARSET_GB18030, STR("说"));
}

static void guesses(void **state)
{
    (void)state;
    assert_int_equal(charset_guess(STR("")), CHARSET_UTF8);
    assert_int_equal(charset_guess(STR("plain")), CHARSET_UTF8);
    assert_int_equal(charset_guess(STR("说")), CHARSET_UTF8);
    assert_int_equal(charset_guess(BYTES("a\xE8\xAF")), CHARSET_UTF8);
    assert_int_equal(charset_guess(BYTES("a\xE8\xAF,")), CHARSET_GB18030);
    assert_int_equal(charset_guess(BYTES("\xC1\xAA\xCD\xA8")), CHARSET_GB18030); /* liantong */
    assert_int_equal(charset_guess(BYTES("\xE8\xC0")), CHARSET_GB18030);
    assert_int_equal(charset_guess(BYTES("\xFF\xFE")), CHARSET_UTF16LE);
    assert_int_equal(charset_guess(BYTES("\xFE\xFF")), CHARSET_UTF16BE);
    for (enum charset c = 0; c < CHARSET_COUNT; c++)
        assert_non_null(charset_name(c));
}

static void broken(str bytes, enum charset charset, str want, uint64_t bad_count, uint64_t bad_at)
{
    struct arena a;
    arena_init(&a, 1 << 20);
    for (size_t block = 1; block <= bytes.size; block++) {
        struct charset_reader r;
        works(charset_reader_init(&r, charset));
        is_str(read_all(&a, &r, bytes, block, 64), want);
        assert_int_equal(r.bad_count, bad_count);
        assert_int_equal(r.bad_at, bad_at);
        charset_reader_done(&r);
    }
    str utf8;
    err e = charset_to_utf8(bytes, charset, &a, &utf8);
    fails(e, ERR_MALFORMED, "charset.malformed");
    assert_int_equal(e.at, bad_at);
    arena_done(&a);
}

static void replaced_and_counted(void **state)
{
    (void)state;
    broken(BYTES("ab\xFF,c"), CHARSET_UTF8, STR("ab\uFFFD,c"), 1, 2);
    broken(BYTES("ab\xE8\xAF,\xC0"), CHARSET_UTF8, STR("ab\uFFFD,\uFFFD"), 2, 2);
    broken(BYTES("abc\xE8\xAF"), CHARSET_UTF8, STR("abc\uFFFD"), 1, 3);
    broken(BYTES("\xCB\xB5\xFF\xCB\xB5"), CHARSET_GB18030, STR("说\uFFFD说"), 1, 2);
    broken(BYTES("\x81\x30\x81\x41zz"), CHARSET_GB18030, STR("\uFFFD0\u4E04zz"), 1, 0);
    broken(BYTES("ab\xCB"), CHARSET_GB18030, STR("ab\uFFFD"), 1, 2);
    broken(BYTES("a\0\x00\xD8"
                 "b\0"),
           CHARSET_UTF16LE, STR("a\uFFFDb"), 1, 2);
    broken(BYTES("a\0b"), CHARSET_UTF16LE, STR("a\uFFFD"), 1, 2);
}

static void short_texts(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    str utf8;
    str same = BYTES(text_utf8);
    works(charset_to_utf8(same, CHARSET_UNKNOWN, &a, &utf8));
    assert_ptr_equal(utf8.at, same.at);
    works(charset_to_utf8(STR("\uFEFFa"), CHARSET_UNKNOWN, &a, &utf8));
    is_str(utf8, STR("a"));
    works(charset_to_utf8(BYTES(text_gb), CHARSET_UNKNOWN, &a, &utf8));
    is_str(utf8, same);
    works(charset_to_utf8(BYTES(text_16le), CHARSET_UNKNOWN, &a, &utf8));
    is_str(utf8, same);
    works(charset_to_utf8((str){0}, CHARSET_GB18030, &a, &utf8));
    is_str(utf8, STR(""));
    struct arena small;
    arena_init(&small, 8);
    assert_int_equal(charset_to_utf8(BYTES(text_gb), CHARSET_GB18030, &small, &utf8).code,
                     ERR_LIMIT);
    arena_done(&small);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_text_in_all), cmocka_unit_test(marks_are_dropped_once),
        cmocka_unit_test(guesses),         cmocka_unit_test(replaced_and_counted),
        cmocka_unit_test(short_texts),
    };
    return cmocka_run_group_tests_name("kit/charset", tests, boot, done);
}
