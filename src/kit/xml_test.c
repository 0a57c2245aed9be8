/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: documents are read as they are, hostile ones are refused early, and what the writer writes
 * the reader reads as it was.
 * Method: small documents by hand; bombs, external entities and floods of each kind; every byte as
 * text; every prefix of a good document, which must be refused.
 */
#include "kit/xml.h"

#include "kit/kit_test.h"

static const struct xml_limits limits = {.bytes = 1 << 20, .nodes = 1000};
static struct arena arena;

static int fresh(void **state)
{
    (void)state;
    arena_init(&arena, 16 << 20);
    return 0;
}

static int spent(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

static const struct xml_node *parsed(const char *bytes)
{
    const struct xml_node *root = NULL;
    works(xml_parse(str_from_c(bytes), limits, &arena, &root));
    return root;
}

static void refused(str bytes, enum err_code code, const char *why)
{
    const struct xml_node *root = NULL;
    fails(xml_parse(bytes, limits, &arena, &root), code, why);
    assert_null(root);
}

static void a_tree_is_read(void **state)
{
    (void)state;
    const struct xml_node *root = parsed("<?xml version='1.0'?>\n<d:Doc xmlns:d='urn:a'>"
                                         "<d:One>  1 &lt; <!-- no --><![CDATA[<2>]]> \n</d:One>"
                                         "<d:Two Ccy='CNY' d:odd='x'>3</d:Two><d:Two/></d:Doc>");
    is_str(root->name, STR("Doc"));
    is_str(root->space, STR("urn:a"));
    is_str(xml_text(xml_child(root, "One")), STR("1 < <2>"));
    const struct xml_node *two = xml_child(root, "Two");
    is_str(xml_attribute_of(two, "Ccy"), STR("CNY"));
    is_str(xml_attribute_of(two, "odd"), STR("")); /* of a namespace: not the plain one */
    is_str(xml_text(two), STR("3"));
    assert_non_null(xml_again(two));
    assert_null(xml_again(xml_again(two)));
    assert_null(xml_child(two, "Three"));
    is_str(xml_text(NULL), STR(""));
}

static void strangers_are_not_found(void **state)
{
    (void)state;
    const struct xml_node *root =
        parsed("<Doc xmlns='urn:a'><x:Amount xmlns:x='urn:b'>1</x:Amount><Amount>2</Amount>"
               "<Amount xmlns=''>3</Amount></Doc>");
    const struct xml_node *amount = NULL;
    works(xml_only(root, "Amount", &amount));
    is_str(xml_text(amount), STR("2"));
    is_str(xml_text(xml_child_of(root, STR("urn:b"), "Amount")), STR("1"));
    is_str(xml_text(xml_child_of(root, STR(""), "Amount")), STR("3"));
}

static void what_must_be_once_is_once(void **state)
{
    (void)state;
    const struct xml_node *root = parsed("<A><B><C>1</C></B><D/><D/><E><C/></E></A>");
    const struct xml_node *node = NULL;
    works(xml_only(root, "B/C", &node));
    is_str(xml_text(node), STR("1"));
    works(xml_only(root, "B/X/C", &node));
    assert_null(node);
    fails(xml_only(root, "D", &node), ERR_MALFORMED, "xml.repeated");
    fails(xml_only(parsed("<A><B/><B><C/></B></A>"), "B/C", &node), ERR_MALFORMED, "xml.repeated");
}

static void nobody_gives_orders(void **state)
{
    (void)state;
    static const char *const doctypes[] = {
        "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
        "<!DOCTYPE a SYSTEM 'http://192.0.2.1/a.dtd'><a/>",
        "<!DOCTYPE a [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'><!ENTITY c '&b;&b;'>]><a>&c;</a>",
        "<!DOCTYPE a [<!ENTITY % p SYSTEM 'http://192.0.2.1/'> %p;]><a/>",
        "<!DOCTYPE a><a/>",
    };
    for (size_t i = 0; i < COUNT_OF(doctypes); i++)
        refused(str_from_c(doctypes[i]), ERR_MALFORMED, "xml.doctype");
    refused(STR("<a>&x;</a>"), ERR_MALFORMED, "xml.malformed");
    refused(STR("<a xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='/etc/passwd'/>"),
            ERR_MALFORMED, "xml.malformed");
}

/* `part` so many times between the ends. */
static str flood(const char *begin, const char *part, size_t count, const char *end)
{
    struct text t;
    text_init(&t, &arena);
    text_put_c(&t, begin);
    for (size_t i = 0; i < count; i++)
        text_put_c(&t, part);
    text_put_c(&t, end);
    assert_false(text_spent(&t));
    return text_str(&t);
}

static void floods_are_dammed(void **state)
{
    (void)state;
    refused(flood("", "<a>", XML_DEPTH + 1, ""), ERR_LIMIT, "xml.too_deep");
    refused(flood("", "<a>", 100000, ""), ERR_LIMIT, "xml.too_deep");
    refused(flood("<a>", "<b/>", 1000, "</a>"), ERR_LIMIT, "xml.too_many");
    refused(flood("<a>", "x", XML_TEXT_BYTES + 1, "</a>"), ERR_LIMIT, "xml.text_too_long");
    refused(flood("<a>", " ", 1 << 20, "</a>"), ERR_LIMIT, "xml.too_large");
    struct text t;
    text_init(&t, &arena);
    text_put_c(&t, "<a");
    for (int i = 0; i <= XML_ATTRIBUTES; i++)
        text_printf(&t, " a%d='x'", i);
    text_put_c(&t, "/>");
    refused(text_str(&t), ERR_LIMIT, "xml.too_many");
    const struct xml_node *root = NULL;
    works(xml_parse(flood("<a>", "<b/>", 999, "</a>"), limits, &arena, &root));
    works(xml_parse(flood("<a>", "x", XML_TEXT_BYTES, "</a>"), limits, &arena, &root));
    assert_int_equal(xml_text(root).size, XML_TEXT_BYTES);
    struct arena small;
    arena_init(&small, 4096);
    err e = xml_parse(flood("<a>", "<b>text</b>", 900, "</a>"), limits, &small, &root);
    assert_int_equal(e.code, ERR_LIMIT);
    arena_done(&small);
}

static void encodings_are_known_or_refused(void **state)
{
    (void)state;
    is_str(parsed("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE9</a>")->text, STR("é"));
    static const char utf16[] = "\xFF\xFE<\0a\0>\0-N<\0/\0a\0>\0";
    const struct xml_node *root = NULL;
    works(xml_parse(str_make(utf16, sizeof utf16 - 1), limits, &arena, &root));
    is_str(root->text, STR("中"));
    refused(STR("<?xml version='1.0' encoding='GB18030'?><a/>"), ERR_MALFORMED, "xml.encoding");
    refused(STR("<a>\xFF</a>"), ERR_MALFORMED, "xml.malformed");
    refused(str_make("<a>\0</a>", 8), ERR_MALFORMED, "xml.malformed");
}

static void half_a_document_is_none(void **state)
{
    (void)state;
    str whole = STR("<?xml version='1.0'?><a b='c'><d>text &amp; &#20013;</d><!-- e --></a>");
    const struct xml_node *root = NULL;
    for (size_t n = 0; n < whole.size; n++)
        assert_true(failed(xml_parse(str_until(whole, n), limits, &arena, &root)));
    works(xml_parse(whole, limits, &arena, &root));
    refused(STR("<a/><b/>"), ERR_MALFORMED, "xml.malformed");
    refused(STR("<a b='1' b='2'/>"), ERR_MALFORMED, "xml.malformed");
    refused((str){0}, ERR_MALFORMED, "xml.malformed");
}

static str written(str words)
{
    struct text t;
    struct xml x;
    text_init(&t, &arena);
    xml_init(&x, &t);
    xml_begin(&x, "A");
    xml_attribute(&x, "b", words);
    xml_put(&x, "C", words);
    xml_put_if_any(&x, "D", STR(""));
    xml_begin(&x, "E");
    xml_end(&x);
    xml_end(&x);
    assert_false(text_spent(&t));
    return text_str(&t);
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    is_str(written(STR("1<2")), STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<A b=\"1&lt;2\">\n"
                                    "  <C>1&lt;2</C>\n  <E></E>\n</A>\n"));
    for (int c = 0; c < 256; c++) {
        char bytes[] = {'x', (char)c, 'y'};
        const struct xml_node *root = NULL;
        works(xml_parse(written(str_make(bytes, 3)), limits, &arena, &root));
        bool is_kept = (c >= 0x20 && c < 0x80) || c == '\t' || c == '\n' || c == '\r';
        str want = is_kept ? str_make(bytes, 3) : STR("x\xEF\xBF\xBDy");
        is_str(xml_attribute_of(root, "b"), want);
        is_str(xml_text(xml_child(root, "C")), want);
    }
    static const char *const words[] = {"中文", "\xEF\xBF\xBD", "𝄞", "a]]>b", "\xEF\xBF\xBF"};
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        const struct xml_node *root = NULL;
        works(xml_parse(written(str_from_c(words[i])), limits, &arena, &root));
        is_str(xml_text(xml_child(root, "C")),
               i == 4 ? STR("\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD") : str_from_c(words[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_tree_is_read, fresh, spent),
        cmocka_unit_test_setup_teardown(strangers_are_not_found, fresh, spent),
        cmocka_unit_test_setup_teardown(what_must_be_once_is_once, fresh, spent),
        cmocka_unit_test_setup_teardown(nobody_gives_orders, fresh, spent),
        cmocka_unit_test_setup_teardown(floods_are_dammed, fresh, spent),
        cmocka_unit_test_setup_teardown(encodings_are_known_or_refused, fresh, spent),
        cmocka_unit_test_setup_teardown(half_a_document_is_none, fresh, spent),
        cmocka_unit_test_setup_teardown(what_is_written_is_read, fresh, spent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
