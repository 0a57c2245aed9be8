/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: the edge of a registrable name lies where the Public Suffix List has it.
 * Method: the list's own test file; private suffixes; a newer list loaded over the old one, and a
 * file that is no such list.
 */
#include "kit/idna.h"
#include "kit/suffix.h"

#include "kit/kit_test.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefgh"

static void both_sections(void **state)
{
    (void)state;
    assert_true(suffix_is_public(STR("com")));
    assert_true(suffix_is_public(STR("com.cn")));
    assert_true(suffix_is_public(STR("github.io")));
    assert_true(suffix_is_public(STR("xn--55qx5d.cn")));
    assert_true(suffix_is_public(STR("no-such-top")));
    assert_false(suffix_is_public(STR("example.com")));
    assert_false(suffix_is_public(STR("")));
    is_str(suffix_registrable(STR("a.b.github.io")), STR("b.github.io"));
    is_str(suffix_registrable(STR("github.io")), STR(""));
    is_str(suffix_registrable(STR("")), STR(""));
}

static void too_long_has_none(void **state)
{
    (void)state;
    char name[300];
    memset(name, 'a', sizeof name);
    memcpy(name + 290, ".com", 4);
    assert_false(suffix_is_public(str_make(name, 294)));
    is_str(suffix_registrable(str_make(name, 294)), STR(""));
    is_str(suffix_registrable(str_make("a\0.com", 6)), STR(""));
}

/* What was asked lately is remembered; many names share a place, and some are too long for one. */
static void asked_again(void **state)
{
    (void)state;
    char name[80];
    for (int i = 0; i < 20000; i++) {
        int size = snprintf(name, sizeof name, "%.*s%d.co.uk", i % 60, LETTERS, i % 5000);
        assert_false(suffix_is_icann(str_make(name, (size_t)size)));
        assert_true(suffix_is_icann(STR("co.uk")) && suffix_is_icann(STR("uk")));
        assert_false(suffix_is_icann(STR("github.io")));
    }
}

static void one_pair(struct arena *a, str name, str want)
{
    str ascii;
    str found = STR("");
    if (!failed(idna_to_ascii(name, a, &ascii)))
        found = suffix_registrable(ascii);
    if (str_equal(want, STR("null"))) {
        is_str(found, STR(""));
        return;
    }
    works(idna_to_ascii(want, a, &ascii));
    is_str(found, ascii);
}

static void as_the_list_has_it(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 4 << 20);
    str file = test_file(&a, "psl_tests.txt");
    skip_without(file, "psl_tests.txt");
    str line;
    unsigned count = 0;
    while (str_split(&file, '\n', &line)) {
        str want = str_trim(line);
        str name;
        if (str_is_empty(want) || str_starts(want, STR("//")))
            continue;
        assert_true(str_split(&want, ' ', &name));
        /* The file's first case is the absence of a name. */
        one_pair(&a, str_equal(name, STR("null")) ? STR("") : name, want);
        count++;
    }
    assert_true(count > 70);
    arena_done(&a);
}

static void a_newer_list(void **state)
{
    (void)state;
    char path[] = "/tmp/yumen-suffix-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    FILE *file = fdopen(fd, "w");
    assert_non_null(file);
    fputs("com\n", file);
    fflush(file);
    fails(suffix_load(path), ERR_MALFORMED, "suffix: that is not the Public Suffix List");
    fputs("cn\ncom.cn\nnewer.example\n", file);
    for (int i = 0; i < 1000; i++)
        fprintf(file, "s%d.example\n", i);
    assert_int_equal(fclose(file), 0);
    assert_false(suffix_is_public(STR("newer.example")));
    assert_true(suffix_is_icann(STR("co.uk")));
    works(suffix_load(path));
    assert_true(suffix_is_public(STR("newer.example")));
    assert_false(suffix_is_icann(STR("co.uk"))); /* remembered of the other list only */
    is_str(suffix_registrable(STR("www.a.s7.example")), STR("a.s7.example"));
    assert_int_equal(remove(path), 0);
    fails(suffix_load(path), ERR_OS, "suffix: cannot read the list");
    assert_true(suffix_is_public(STR("newer.example")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_sections), cmocka_unit_test(too_long_has_none),
        cmocka_unit_test(asked_again),   cmocka_unit_test(as_the_list_has_it),
        cmocka_unit_test(a_newer_list),
    };
    return cmocka_run_group_tests_name("kit/suffix", tests, boot, done);
}
