/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a configuration file is read as its author meant it, every node knows its line, and what
 * could surprise a second reader is refused.
 * Method: a small profile; one case for each refusal; a file of nothing; the bounds.
 */
#include "kit/yaml.h"

#include "kit/kit_test.h"

static const char profile[] = "# limits\n"
                              "profile: cn\n"
                              "zone_min: 480\n"
                              "roles:\n"
                              "  - auditor\n"
                              "  - \"yes\"\n"
                              "listing:\n"
                              "  block: {days: 30, renew: ~}\n"
                              "  note: |\n"
                              "    two\n"
                              "    lines\n";

static void a_profile(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    const struct yaml_node *root = NULL;
    works(yaml_parse(str_from_c(profile), &a, &root));
    assert_int_equal(root->kind, YAML_KIND_MAP);
    assert_int_equal(root->count, 4);
    is_str(yaml_text(yaml_find(root, "profile")), STR("cn"));
    const struct yaml_node *zone = yaml_find(root, "zone_min");
    is_str(zone->key, STR("zone_min"));
    assert_int_equal(zone->line, 3);
    assert_int_equal(zone->column, 11);
    assert_int_equal(zone->key_column, 1);

    const struct yaml_node *roles = yaml_find(root, "roles");
    assert_int_equal(roles->kind, YAML_KIND_LIST);
    assert_int_equal(roles->count, 2);
    is_str(yaml_text(roles->first), STR("auditor"));
    assert_false(roles->first->is_quoted);
    is_str(yaml_text(roles->first->next), STR("yes"));
    assert_true(roles->first->next->is_quoted);
    assert_int_equal(roles->first->next->line, 6);
    assert_null(roles->first->next->next);

    const struct yaml_node *listing = yaml_find(root, "listing");
    const struct yaml_node *block = yaml_find(listing, "block");
    is_str(yaml_text(yaml_find(block, "days")), STR("30"));
    is_str(yaml_text(yaml_find(block, "renew")), STR(""));
    assert_non_null(yaml_find(block, "renew"));
    is_str(yaml_text(yaml_find(listing, "note")), STR("two\nlines\n"));
    assert_null(yaml_find(yaml_find(root, "absent"), "deeper"));
    assert_null(yaml_find(roles, "auditor"));
    is_str(yaml_text(roles), STR(""));

    static const char *const known[] = {"profile", "roles", "listing"};
    const struct yaml_node *unknown = yaml_find_unknown(root, known, COUNT_OF(known));
    assert_ptr_equal(unknown, zone);
    assert_null(yaml_find_unknown(roles, known, COUNT_OF(known)));
    assert_null(yaml_find_unknown(NULL, known, COUNT_OF(known)));
    arena_done(&a);
}

static void refuses(const char *text, enum err_code code, const char *why, uint32_t line)
{
    struct arena a;
    arena_init(&a, 1 << 20);
    const struct yaml_node *root = NULL;
    err e = yaml_parse(str_from_c(text), &a, &root);
    fails(e, code, why);
    assert_int_equal(e.at, line);
    assert_null(root);
    arena_done(&a);
}

static void refusals(void **state)
{
    (void)state;
    refuses("a: &x 1\n", ERR_MALFORMED, "yaml.anchor", 1);
    refuses("a: 1\nb: &x [1]\n", ERR_MALFORMED, "yaml.anchor", 2);
    refuses("a: 1\nb: *x\n", ERR_MALFORMED, "yaml.anchor", 2);
    refuses("a: !!int 1\n", ERR_MALFORMED, "yaml.tag", 1);
    refuses("a: !x {}\n", ERR_MALFORMED, "yaml.tag", 1);
    refuses("a: 1\nb: 2\na: 3\n", ERR_MALFORMED, "yaml.key_repeated", 3);
    refuses("{a: 1}: 2\n", ERR_MALFORMED, "yaml.key", 1);
    refuses("<<: {a: 1}\n", ERR_MALFORMED, "yaml.key", 1);
    refuses("\"\": 1\n", ERR_MALFORMED, "yaml.key", 1);
    refuses("a: 1\n---\nb: 2\n", ERR_MALFORMED, "yaml.documents", 2);
    refuses("a: 1\nb: [1\nc: 2\n", ERR_MALFORMED, "yaml.malformed", 3);
    refuses("a: 1\n\tb: 2\n", ERR_MALFORMED, "yaml.malformed", 2);
    refuses("a: 1\nb: \xFF\n", ERR_MALFORMED, "yaml.malformed", 2);
    refuses("[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]\n", ERR_LIMIT, "yaml.too_deep", 1);
}

static void nothing_and_bounds(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 16 << 20);
    const struct yaml_node *root = NULL;
    works(yaml_parse(STR("# nothing yet\n"), &a, &root));
    assert_int_equal(root->kind, YAML_KIND_MAP);
    assert_int_equal(root->count, 0);
    works(yaml_parse((str){0}, &a, &root));
    works(yaml_parse(STR("[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]"), &a, &root));
    works(yaml_parse(STR("just text"), &a, &root));
    is_str(yaml_text(root), STR("just text"));
    works(yaml_parse(STR("a:\nb: 2\n"), &a, &root));
    is_str(yaml_text(yaml_find(root, "a")), STR(""));
    is_str(yaml_text(yaml_find(root, "b")), STR("2"));

    char *wide = arena_make(&a, YAML_TEXT_BYTES + 1);
    memset(wide, '#', YAML_TEXT_BYTES + 1);
    works(yaml_parse(str_make(wide, YAML_TEXT_BYTES), &a, &root));
    fails(yaml_parse(str_make(wide, YAML_TEXT_BYTES + 1), &a, &root), ERR_LIMIT, "yaml.too_large");
    struct text t;
    text_init(&t, &a);
    for (int i = 0; i <= YAML_KEYS; i++)
        text_printf(&t, "k%d: 1\n", i);
    fails(yaml_parse(text_str(&t), &a, &root), ERR_LIMIT, "yaml.too_large");

    struct arena little;
    arena_init(&little, 300);
    assert_int_equal(yaml_parse(str_from_c(profile), &little, &root).code, ERR_LIMIT);
    arena_done(&little);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_profile),
        cmocka_unit_test(refusals),
        cmocka_unit_test(nothing_and_bounds),
    };
    return cmocka_run_group_tests_name("kit/yaml", tests, boot, done);
}
