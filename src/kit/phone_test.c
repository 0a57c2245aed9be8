/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a foreign number has one spelling, and what is none gets a reason.
 * Method: numbers as people and networks write them; too short, too long, from nowhere; bytes that
 * are no text.
 */
#include "kit/phone.h"

#include "kit/kit_test.h"

static void gives(struct arena *a, const char *text, const char *region, const char *want)
{
    str e164;
    works(phone_parse_foreign(str_from_c(text), str_from_c(region), a, &e164));
    is_str(e164, str_from_c(want));
    str again;
    works(phone_parse_foreign(e164, STR(""), a, &again));
    is_str(again, e164);
}

static void refuses(struct arena *a, const char *text, const char *region, const char *why)
{
    str e164;
    fails(phone_parse_foreign(str_from_c(text), str_from_c(region), a, &e164), ERR_MALFORMED, why);
}

static void read(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    gives(&a, "+1 (650) 253-0000", "", "+16502530000");
    gives(&a, "650-253-0000", "US", "+16502530000");
    gives(&a, "＋４４ 20 7031 3000", "", "+442070313000");
    gives(&a, "020 7031 3000", "GB", "+442070313000");
    gives(&a, "011 44 20 7031 3000", "US", "+442070313000");
    gives(&a, "+855 12 345 678", "", "+85512345678");
    gives(&a, "+95 9 250 123 456", "", "+959250123456");
    gives(&a, "+39 06 698 12345", "", "+390669812345");
    refuses(&a, "", "", "number.malformed");
    refuses(&a, "hello", "US", "number.malformed");
    refuses(&a, "650-253-0000", "", "number.country");
    refuses(&a, "+999 123 4567", "", "number.country");
    refuses(&a, "650-253-0000", "XX", "number.country");
    refuses(&a, "+1 650", "", "number.too_short");
    refuses(&a, "+1 650 253 0000 000", "", "number.too_long");
    refuses(&a, "+44 20 7031 3000 1234 5678 9012 3456", "", "number.too_long");
    refuses(&a, "+1 000 253 0000", "", "number.unassigned");
    refuses(&a, "+1 650 253 0000 ext. 12", "", "number.malformed");
    refuses(&a, "+1 650 253 0\xFF", "", "number.malformed");
    str e164;
    char wide[PHONE_TEXT_BYTES + 1];
    memset(wide, '1', sizeof wide);
    fails(phone_parse_foreign(str_make(wide, sizeof wide), STR(""), &a, &e164), ERR_MALFORMED,
          "number.too_long");
    struct arena small;
    arena_init(&small, 4);
    assert_int_equal(phone_parse_foreign(STR("+16502530000"), STR(""), &small, &e164).code,
                     ERR_LIMIT);
    arena_done(&small);
    arena_done(&a);
}

static void shown(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    str text;
    works(phone_display(STR("+16502530000"), &a, &text));
    is_str(text, STR("+1 650-253-0000"));
    works(phone_display(STR("+442070313000"), &a, &text));
    is_str(text, STR("+44 20 7031 3000"));
    fails(phone_display(STR("16502530000"), &a, &text), ERR_MALFORMED, "number.country");
    char room[PHONE_REGION_BYTES];
    is_str(phone_region(STR("+16502530000"), room), STR("US"));
    is_str(phone_region(STR("+14165550123"), room), STR("CA"));
    is_str(phone_region(STR("+8613800138000"), room), STR("CN"));
    is_str(phone_region(STR("+80012345678"), room), STR("001"));
    is_str(phone_region(STR("nothing"), room), STR(""));
    arena_done(&a);
}

static void which_can_be(void **state)
{
    static const char *const can_be[] = {"+8613912345678", "+861058118888", "+8693112345678",
                                         "+864001234567",  "+12125550100",  "+442070313000",
                                         "+390669812345",  "+80012345678",  "+85212345678"};
    static const char *const cannot[] = {"+999123456789",
                                         "+2101234567890",
                                         "+1212555010",
                                         "+121255501000",
                                         "+651234567",
                                         "+4",
                                         "+",
                                         "",
                                         "13912345678",
                                         "+86139123456789012",
                                         "+86abc",
                                         "+0123456789"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(can_be); i++)
        if (!phone_is_possible(str_from_c(can_be[i])))
            fail_msg("%s", can_be[i]);
    for (size_t i = 0; i < COUNT_OF(cannot); i++)
        if (phone_is_possible(str_from_c(cannot[i])))
            fail_msg("%s", cannot[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(read),
        cmocka_unit_test(shown),
        cmocka_unit_test(which_can_be),
    };
    return cmocka_run_group_tests_name("kit/phone", tests, boot, done);
}
