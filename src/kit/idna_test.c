/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: one spelling for a name, the one UTS 46 gives; what it refuses, and what we do, is refused.
 * Method: cases by hand for our own rules; Unicode's conformance test for theirs. Lines with
 * characters younger than our ICU are left out, and so is what we do differently on purpose.
 */
#include "kit/idna.h"

#include "kit/kit_test.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

static void gives(struct arena *a, const char *domain, const char *want)
{
    str ascii;
    str again;
    works(idna_to_ascii(str_from_c(domain), a, &ascii));
    is_str(ascii, str_from_c(want));
    works(idna_to_ascii(ascii, a, &again));
    is_str(again, ascii);
}

static void refuses(struct arena *a, const char *domain, const char *why, uint32_t at)
{
    str ascii;
    err e = idna_to_ascii(str_from_c(domain), a, &ascii);
    fails(e, ERR_MALFORMED, why);
    assert_int_equal(e.at, at);
}

static void our_rules(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    gives(&a, "Example.COM", "example.com");
    gives(&a, "example.com.", "example.com");
    gives(&a, "_dmarc.Example.com", "_dmarc.example.com");
    gives(&a, "-r3---sn-.example.com", "-r3---sn-.example.com");
    gives(&a, "Faß.de", "xn--fa-hia.de");
    gives(&a, "XN--FA-HIA.de", "xn--fa-hia.de");
    gives(&a, "食狮。公司．cn｡", "xn--85x722f.xn--55qx5d.cn");
    gives(&a, "ｗｗｗ．ｅｘａｍｐｌｅ．ｃｏｍ", "www.example.com");
    gives(&a, "-食-.cn", "xn-----rs9g.cn");
    gives(&a, "аррӏе.com", "xn--80ak6aa92e.com");
    gives(&a, "com", "com");
    gives(&a, "192.0.2.1", "192.0.2.1");
    refuses(&a, "", "domain.empty", 0);
    refuses(&a, ".", "domain.label_empty", 0);
    refuses(&a, "a..b", "domain.label_empty", 2);
    refuses(&a, ".a", "domain.label_empty", 0);
    refuses(&a, "a..", "domain.label_empty", 2);
    refuses(&a, "exa mple.com", "domain.character", 3);
    refuses(&a, "a.com/x", "domain.character", 5);
    refuses(&a, "食 狮.cn", "domain.character", 0);
    refuses(&a, "a\xFF.cn", "domain.malformed", 0);
    refuses(&a, "xn--a.com", "domain.malformed", 0);
    refuses(&a, "xn--食狮.cn", "domain.malformed", 0);
    arena_done(&a);
}

static void lengths(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    struct text t;
    text_init(&t, &a);
    for (int i = 0; i < 127; i++)
        text_put(&t, STR("a."));
    str ascii;
    works(idna_to_ascii(text_str(&t), &a, &ascii));
    assert_int_equal(ascii.size, IDNA_NAME_BYTES);
    text_put(&t, STR("b"));
    fails(idna_to_ascii(text_str(&t), &a, &ascii), ERR_MALFORMED, "domain.too_long");

    text_init(&t, &a);
    for (int i = 0; i < 63; i++)
        text_put_char(&t, 'x');
    works(idna_to_ascii(text_str(&t), &a, &ascii));
    text_put_char(&t, 'x');
    fails(idna_to_ascii(text_str(&t), &a, &ascii), ERR_MALFORMED, "domain.label_too_long");
    for (int i = 0; i < IDNA_INPUT_BYTES; i++)
        text_put_c(&t, "食");
    fails(idna_to_ascii(text_str(&t), &a, &ascii), ERR_MALFORMED, "domain.too_long");

    text_init(&t, &a);
    for (int i = 0; i < 300; i++)
        text_put_c(&t, "食");
    err e = idna_to_ascii(text_str(&t), &a, &ascii);
    assert_int_equal(e.code, ERR_MALFORMED);

    struct arena small;
    arena_init(&small, 8);
    assert_int_equal(idna_to_ascii(STR("example.com"), &small, &ascii).code, ERR_LIMIT);
    arena_done(&small);
    arena_done(&a);
}

static void shown_to_people(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    str shown;
    works(idna_to_unicode(STR("xn--85x722f.xn--55qx5d.cn"), &a, &shown));
    is_str(shown, STR("食狮.公司.cn"));
    works(idna_to_unicode(STR("xn--fa-hia.de"), &a, &shown));
    is_str(shown, STR("faß.de"));
    works(idna_to_unicode(STR("xn--a.example.xn--fa-hia"), &a, &shown)); /* not punycode */
    is_str(shown, STR("xn--a.example.faß"));
    works(idna_to_unicode(STR("_a-.example"), &a, &shown));
    is_str(shown, STR("_a-.example"));
    works(idna_to_unicode(STR(""), &a, &shown));
    is_str(shown, STR(""));
    arena_done(&a);
}

static void put_rune(struct text *t, uint32_t rune)
{
    uint8_t room[U8_MAX_LENGTH];
    size_t size = 0;
    U8_APPEND_UNSAFE(room, size, rune);
    text_put(t, str_make((const char *)room, size));
}

/* A field of the table: blank means `other`; \uXXXX and \x{XXXX} are characters. */
static str field_text(struct arena *a, str field, str other)
{
    field = str_trim(field);
    if (str_is_empty(field))
        return other;
    struct text t;
    text_init(&t, a);
    if (str_equal(field, STR("\"\"")))
        return STR("");
    while (field.size > 0) {
        bool is_long = str_starts(field, STR("\\x{"));
        if (!is_long && !str_starts(field, STR("\\u"))) {
            text_put_char(&t, field.at[0]);
            field = str_from(field, 1);
            continue;
        }
        char *end = NULL;
        char hex[9] = {0};
        str digits = str_from(field, is_long ? 3 : 2);
        digits = str_until(digits, is_long ? str_find_char(digits, '}') : 4);
        memcpy(hex, digits.at, digits.size);
        put_rune(&t, (uint32_t)strtoul(hex, &end, 16));
        field = str_from(field, digits.size + (is_long ? 4 : 2));
    }
    return text_str(&t);
}

/* Our ICU knows the character, and had it as today: these capitals were refused before they were
 * mapped to their small letters. */
static bool is_known(UChar32 rune)
{
    bool is_late_capital = (rune >= 0x10A0 && rune <= 0x10CD) || rune == 0x2132 || rune == 0x2183;
    return u_isdefined(rune) && !is_late_capital;
}

static bool is_old_enough(str s)
{
    for (size_t i = 0; i < s.size;) {
        UChar32 rune = 0;
        U8_NEXT_UNSAFE(s.at, i, rune);
        if (!is_known(rune))
            return false;
    }
    return true;
}

/* Something is wrong with the name that is wrong in our book too. */
static bool is_error(str status, str ascii)
{
    status = str_trim(status);
    status = str_until(str_from(status, 1), status.size < 2 ? 0 : status.size - 2);
    str code;
    while (str_split(&status, ',', &code)) {
        code = str_trim(code);
        bool is_hyphen = str_equal(code, STR("V2")) || str_equal(code, STR("V3"));
        bool is_ours = str_equal(code, STR("U1")) && str_find_char(ascii, '_') < ascii.size;
        if (!str_is_empty(code) && !is_hyphen && !is_ours)
            return true;
    }
    return false;
}

struct tally {
    unsigned same;
    unsigned other;
    unsigned left_out;
};

static void one_line(struct arena *a, str line, struct tally *n)
{
    str fields[7] = {0};
    str rest = line;
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        (void)str_split(&rest, ';', &fields[i]);
    str source = field_text(a, fields[0], STR(""));
    str unicode = field_text(a, fields[1], source);
    str want = field_text(a, fields[3], unicode);
    str status = str_is_empty(str_trim(fields[4])) ? fields[2] : fields[4];
    bool is_wrong = is_error(status, want);
    bool is_young = !is_wrong && !(is_old_enough(source) && is_old_enough(unicode));
    if (is_young || str_ends(want, STR("."))) {
        n->left_out++;
        return;
    }
    str got = STR("");
    err e = idna_to_ascii(source, a, &got);
    bool is_same = failed(e) == is_wrong && (is_wrong || str_equal(got, want));
    n->same += is_same;
    n->other += !is_same;
    if (!is_same)
        print_message("%.*s\n  gave %.*s (%s)\n", STR_ARGS(line), STR_ARGS(got),
                      failed(e) ? e.why : "");
}

static void as_unicode_has_it(void **state)
{
    (void)state;
    struct arena a;
    struct arena turn;
    arena_init(&a, 4 << 20);
    arena_init(&turn, 1 << 20);
    str file = test_file(&a, "idna_test_v2.txt");
    skip_without(file, "idna_test_v2.txt");
    struct tally n = {0};
    str line;
    while (str_split(&file, '\n', &line)) {
        arena_reset(&turn);
        if (!str_is_empty(line) && line.at[0] != '#')
            one_line(&turn, line, &n);
    }
    print_message("%u lines as expected, %u otherwise, %u left out\n", n.same, n.other, n.left_out);
    assert_int_equal(n.other, 0);
    assert_true(n.same > 500);
    arena_done(&turn);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_rules),
        cmocka_unit_test(lengths),
        cmocka_unit_test(shown_to_people),
        cmocka_unit_test(as_unicode_has_it),
    };
    return cmocka_run_group_tests_name("kit/idna", tests, boot, done);
}
