/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: one form for an account however it is written; the bank of a card is known by its prefix; a
 * slip of the finger and a person's identity number are refused.
 * Method: tables; every canonical form and every display parsed again; all single wrong digits and
 * all neighbours exchanged in one card.
 */
#include "fact/account.h"

#include "kit/kit_test.h"

struct spelling {
    const char *text;
    const char *value;
    const char *display;
    enum account_class class;
    const char *bank;
};

/* clang-format off */
static const struct spelling spellings[] = {
    {"6222021234567890128", "6222021234567890128", "6222 0212 3456 7890 128", ACCOUNT_CARD, "ICBC"},
    {"6222-0212-3456-7890-128", "6222021234567890128", "6222 0212 3456 7890 128", ACCOUNT_CARD,
     "ICBC"},
    {"６２２２０２１２３４５６７８９０１２８", "6222021234567890128", "6222 0212 3456 7890 128", ACCOUNT_CARD, "ICBC"},
    {"ICBC:6222021234567890128", "6222021234567890128", "6222 0212 3456 7890 128", ACCOUNT_CARD,
     "ICBC"},
    {"6212601234567895", "6212601234567895", "6212 6012 3456 7895", ACCOUNT_CARD, "SPABANK"},
    {"6212600010000000008", "6212600010000000008", "6212 6000 1000 0000 008", ACCOUNT_CARD,
     "XFRCB"},
    {"6212609990000000002", "6212609990000000002", "6212 6099 9000 0000 002", ACCOUNT_CARD,
     "CSRCB"},
    {"999999000000000006", "999999000000000006", "9999 9900 0000 0000 06", ACCOUNT_CARD, ""},
    {"CCB:6222021234567890128", "CCB:6222021234567890128", "CCB:6222 0212 3456 7890 128",
     ACCOUNT_BANK, ""},
    {"icbc: 1234 5678 90", "ICBC:1234567890", "ICBC:1234 5678 90", ACCOUNT_BANK, ""},
    {"ＩＣＢＣ：1234567890", "ICBC:1234567890", "ICBC:1234 5678 90", ACCOUNT_BANK, ""},
    {"102100099996:NRA12345", "102100099996:NRA12345", "102100099996:NRA1 2345", ACCOUNT_BANK, ""},
    {"de89 3704 0044 0532 0130 00", "DE89370400440532013000", "DE89 3704 0044 0532 0130 00",
     ACCOUNT_IBAN, ""},
    {"GB82WEST12345698765432", "GB82WEST12345698765432", "GB82 WEST 1234 5698 7654 32",
     ACCOUNT_IBAN, ""},
    {"alipay:Someone@Mail.CN", "alipay:someone@mail.cn", "alipay:someone@mail.cn", ACCOUNT_PAYMENT,
     ""},
    {"支付宝：139 1234 5678", "alipay:+8613912345678", "alipay:+8613912345678", ACCOUNT_PAYMENT, ""},
    {"WeChat: wxid_abc-123", "wechat:wxid_abc-123", "wechat:wxid_abc-123", ACCOUNT_PAYMENT, ""},
    {"weixin:Abc123", "wechat:abc123", "wechat:abc123", ACCOUNT_PAYMENT, ""},
    {"微信:13912345678", "wechat:+8613912345678", "wechat:+8613912345678", ACCOUNT_PAYMENT, ""},
    {"-Q Q:QN96p-", "qq:qn96p-", "qq:qn96p-", ACCOUNT_PAYMENT, ""}, /* found by fuzzing */
};
/* clang-format on */

struct refusal {
    const char *text;
    const char *why;
};

/* clang-format off */
static const struct refusal refusals[] = {
    {"", "account.empty"},
    {"　", "account.empty"},
    {"62220212345", "account.too_short"},
    {"62220212345678901281", "account.too_long"},
    {"6222021234567890129", "account.luhn"},
    {"6222*021234567890128", "account.character"},
    {"工商银行6222021234567890", "account.character"},
    {"GB83WEST12345698765432", "account.iban"},
    {"HELLO", "account.iban"},
    {"I:1234567890", "account.bank"},
    {"12345:1234567890", "account.bank"},
    {":1234567890", "account.bank"},
    {"ICBC:1234", "account.too_short"},
    {"ICBC:12345_6", "account.character"},
    {"alipay:ab", "account.too_short"},
    {"alipay:a b c", "account.character"},
    {"alipay:张三丰", "account.character"},
    {"620102199001010257", "account.is_person"}, /* holds by Luhn too */
    {"62010219900101002X", "account.is_person"},
    {"62010219900101002x", "account.is_person"},
    {"ICBC:620102199001010257", "account.is_person"},
    {"wechat:62010219900101002x", "account.is_person"},
};
/* clang-format on */

static struct arena turn;

static void parse_to(const char *text, const struct spelling *want)
{
    struct account a;
    err e = account_parse(str_from_c(text), &turn, &a);
    if (failed(e))
        fail_msg("'%s': %s", text, e.why);
    if (!str_equal(a.value, str_from_c(want->value)) ||
        !str_equal(a.display, str_from_c(want->display)) || a.class != want->class ||
        !str_equal(a.bank.code, str_from_c(want->bank)))
        fail_msg("'%s' became %.*s, class %u, bank %.*s, shown as %.*s", text, STR_ARGS(a.value),
                 a.class, STR_ARGS(a.bank.code), STR_ARGS(a.display));
}

static void spellings_meet(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(spellings); i++) {
        parse_to(spellings[i].text, &spellings[i]);
        parse_to(spellings[i].value, &spellings[i]);
        parse_to(spellings[i].display, &spellings[i]);
    }
}

static void reasons_are_right(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(refusals); i++) {
        struct account a;
        err e = account_parse(str_from_c(refusals[i].text), &turn, &a);
        if (e.code != ERR_MALFORMED || strcmp(e.why, refusals[i].why) != 0)
            fail_msg("'%s': %s, not %s", refusals[i].text, failed(e) ? e.why : "accepted",
                     refusals[i].why);
    }
}

/* Luhn finds every wrong digit and every exchange of neighbours but 0 with 9. */
static void slips_are_found(void **state)
{
    (void)state;
    static const char card[] = "6222021234567890128";
    char text[sizeof card];
    struct account a;
    for (size_t i = 0; i + 1 < sizeof card; i++)
        for (char c = '0'; c <= '9'; c++) {
            memcpy(text, card, sizeof card);
            text[i] = c;
            assert_int_equal(failed(account_parse(str_from_c(text), &turn, &a)), c != card[i]);
        }
    for (size_t i = 0; i + 2 < sizeof card; i++) {
        memcpy(text, card, sizeof card);
        text[i] = card[i + 1];
        text[i + 1] = card[i];
        bool is_blind = card[i] == card[i + 1] || card[i] + card[i + 1] == '0' + '9';
        is_blind = is_blind && (card[i] == card[i + 1] || card[i] == '0' || card[i] == '9');
        assert_int_equal(failed(account_parse(str_from_c(text), &turn, &a)), !is_blind);
    }
}

static void banks_have_names(void **state)
{
    (void)state;
    struct bank bank;
    assert_true(account_find_bank(STR("6222021234567890128"), &bank));
    assert_true(str_equal(bank.name, STR("中国工商银行")));
    assert_false(account_find_bank(STR("622202123456789"), &bank)); /* the prefix, another length */
    assert_false(account_find_bank(STR("62220212345"), &bank));
}

static void arena_may_be_spent(void **state)
{
    (void)state;
    struct arena small;
    struct account a;
    arena_init(&small, 1);
    assert_int_equal(account_parse(STR("6222021234567890128"), &small, &a).code, ERR_LIMIT);
    arena_done(&small);
}

/* Goal: a feed's short way gives the key that the long way gives. Method: banks' codes with numbers
 * of every length, of cards, of persons and of neither; the canonical form is the key. */
static void keys_are_canonical(void **state)
{
    (void)state;
    static const char *const codes[] = {"ICBC", "CCB", "102100099996", "QQ", "ALIPAY", "I", "A1"};
    static const char *const begins[] = {"", "622202123456789012", "62060119900307", "880"};
    for (size_t i = 0; i < COUNT_OF(codes) * COUNT_OF(begins) * 64; i++) {
        arena_reset(&turn);
        struct text t;
        struct account a = {0};
        str key = STR("");
        text_init(&t, &turn);
        text_printf(&t, "%s:%s", codes[i % COUNT_OF(codes)],
                    begins[i / COUNT_OF(codes) % COUNT_OF(begins)]);
        for (size_t k = i / COUNT_OF(codes) / COUNT_OF(begins) % 16, n = i * 7919; k > 0; k--)
            text_put_char(&t, (char)('0' + (n = n * 31 + 7) % 10));
        str text = text_str(&t);
        err parsed = account_parse(text, &turn, &a);
        err keyed = account_key(text, STR(""), &turn, &key);
        bool is_person = strcmp(failed(parsed) ? parsed.why : "", "account.is_person") == 0;
        assert_int_equal(failed(keyed), is_person);
        if (!is_person)
            assert_true(str_equal(key, failed(parsed) ? text : a.value));
    }
}

static int begin(void **state)
{
    arena_init(&turn, 1 << 20);
    return boot(state);
}

static int end(void **state)
{
    arena_done(&turn);
    return done(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spellings_meet),     cmocka_unit_test(reasons_are_right),
        cmocka_unit_test(slips_are_found),    cmocka_unit_test(banks_have_names),
        cmocka_unit_test(arena_may_be_spent), cmocka_unit_test(keys_are_canonical),
    };
    return cmocka_run_group_tests_name("fact/account", tests, begin, end);
}
