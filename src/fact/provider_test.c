/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: an order goes to whoever keeps the account or carries the number, and to nobody where that
 * is not known for certain.
 * Method: a bank and four carriers, asked by codes, names and numbers.
 */
#include "fact/provider.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define TEXT(literal)                                                                              \
    {                                                                                              \
        .at = (literal), .size = sizeof(literal) - 1                                               \
    }

static const str bank_codes[] = {TEXT("BKA"), TEXT("+86")};
static const str red_codes[] = {TEXT("+86139"), TEXT("+8618")};
static const str blue_codes[] = {TEXT("+86188"), TEXT("+86170")};
static const str green_codes[] = {TEXT("+86170"), TEXT("96")};

static const struct provider list[] = {
    {.id = TEXT("bank-a"),
     .name = TEXT("甲银行"),
     .kind = PROVIDER_BANK,
     .codes = bank_codes,
     .code_count = 2},
    {.id = TEXT("red"),
     .name = TEXT("Red"),
     .kind = PROVIDER_CARRIER,
     .codes = red_codes,
     .code_count = 2},
    {.id = TEXT("blue"),
     .name = TEXT("Blue"),
     .kind = PROVIDER_CARRIER,
     .codes = blue_codes,
     .code_count = 2},
    {.id = TEXT("green"),
     .name = TEXT("Green"),
     .kind = PROVIDER_CARRIER,
     .codes = green_codes,
     .code_count = 2},
    {.id = TEXT("none"),          .name = TEXT("None"),         .kind = PROVIDER_CARRIER},
};
static const struct providers all = {.at = list, .count = sizeof list / sizeof *list};

static void is_of(const struct provider *found, const char *id)
{
    if (id == NULL) {
        assert_null(found);
        return;
    }
    assert_non_null(found);
    assert_true(str_equal(found->id, str_from_c(id)));
}

static void a_bank_by_code_id_or_name(void **state)
{
    (void)state;
    is_of(provider_of_bank(&all, STR("bka")), "bank-a");
    is_of(provider_of_bank(&all, STR("bank-a")), "bank-a");
    is_of(provider_of_bank(&all, STR("甲银行")), "bank-a");
    is_of(provider_of_bank(&all, STR("BKB")), NULL);
    is_of(provider_of_bank(&all, STR("")), NULL);
}

static void a_number_by_how_it_begins(void **state)
{
    (void)state;
    is_of(provider_of_number(&all, STR("+8613912345678")), "red");
    is_of(provider_of_number(&all, STR("+8618612345678")), "red");
    is_of(provider_of_number(&all, STR("+8618812345678")), "blue"); /* the longer one */
    is_of(provider_of_number(&all, STR("+8617012345678")), NULL);   /* two say so */
    is_of(provider_of_number(&all, STR("96110")), "green");
    is_of(provider_of_number(&all, STR("+4930123456")), NULL);
    is_of(provider_of_number(&all, STR("+8615012345678")),
          NULL); /* a bank's code is none of them */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bank_by_code_id_or_name),
        cmocka_unit_test(a_number_by_how_it_begins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
