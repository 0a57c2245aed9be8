/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a company's code is checked as GB 32100 says, and a person's number never passes for one.
 * Method: the standard's own example and codes made by its rule; every wrong character
 * at every place.
 */
#include "fact/company.h"

#include "kit/kit_test.h"

static struct arena turn;

static void spellings_meet(void **state)
{
    (void)state;
    static const char *const spellings[] = {
        "91350100M000100Y43",
        "91350100m000100y43",
        "91 350100 M000100Y4 3",
        "91350100-M000100Y4-3",
        "９１３５０１００Ｍ０００１００Ｙ４３",
    };
    for (size_t i = 0; i < COUNT_OF(spellings); i++) {
        str code;
        str display;
        works(company_parse(str_from_c(spellings[i]), &turn, &code));
        assert_true(str_equal(code, STR("91350100M000100Y43")));
        works(company_display(code, &turn, &display));
        assert_true(str_equal(display, STR("91 350100 M000100Y4 3")));
    }
    str code;
    works(company_parse(STR("91620000MA0000001A"), &turn, &code));
    works(company_parse(STR("11100000000013127D"), &turn, &code));
}

static void reasons_are_right(void **state)
{
    (void)state;
    str code;
    fails(company_parse(STR(""), &turn, &code), ERR_MALFORMED, "company.empty");
    fails(company_parse(STR("91350100M000100Y4"), &turn, &code), ERR_MALFORMED,
          "company.too_short");
    fails(company_parse(STR("91350100M000100Y431"), &turn, &code), ERR_MALFORMED,
          "company.too_long");
    fails(company_parse(STR("91350100M000100Y44"), &turn, &code), ERR_MALFORMED, "company.check");
    fails(company_parse(STR("9135010AM000100Y43"), &turn, &code), ERR_MALFORMED,
          "company.character");
    fails(company_parse(STR("91350100M0001O0Y43"), &turn, &code), ERR_MALFORMED,
          "company.character");
}

/* This one is a valid code by mod 31 as well. */
static void a_person_is_no_company(void **state)
{
    (void)state;
    str code;
    fails(company_parse(STR("620102196001010077"), &turn, &code), ERR_MALFORMED,
          "company.is_person");
    fails(company_parse(STR("11010519491231002X"), &turn, &code), ERR_MALFORMED,
          "company.is_person");
}

static void every_wrong_character_is_found(void **state)
{
    (void)state;
    static const char valid[] = "91350100M000100Y43";
    char text[sizeof valid];
    str code;
    for (size_t i = 0; i + 1 < sizeof valid; i++)
        for (int c = ' ' + 1; c < 127; c++) {
            memcpy(text, valid, sizeof valid);
            text[i] = (char)c;
            bool is_same = c == valid[i] || (c | 0x20) == (valid[i] | 0x20);
            assert_int_equal(failed(company_parse(str_from_c(text), &turn, &code)), !is_same);
        }
}

static int begin(void **state)
{
    (void)state;
    arena_init(&turn, 1 << 20);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_done(&turn);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spellings_meet),
        cmocka_unit_test(reasons_are_right),
        cmocka_unit_test(a_person_is_no_company),
        cmocka_unit_test(every_wrong_character_is_found),
    };
    return cmocka_run_group_tests_name("fact/company", tests, begin, end);
}
