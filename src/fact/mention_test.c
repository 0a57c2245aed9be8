/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: of a message every link, site and number is found once, and nothing that may be its
 * reader's own. Method: messages as people get them, with what they name beside.
 */
#include "fact/mention.h"

#include "kit/kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

/* Values, a blank between. */
static void names(const char *text, const char *found)
{
    struct arena turn;
    struct mentions m = {0};
    struct text t;
    arena_init(&turn, 1 << 20);
    assert_false(failed(mentions_find(str_from_c(text), STR("CN"), &turn, &m)));
    text_init(&t, &turn);
    for (size_t k = 0; k < m.count; k++) {
        text_put_c(&t, k > 0 ? " " : "");
        text_put(&t, m.items[k].value);
    }
    text_put_char(&t, '\0');
    assert_string_equal(text_str(&t).at, found);
    arena_done(&turn);
}

static void found_as_written(void **state)
{
    (void)state;
    names("【顺丰】请点http://sf.top/a?b=1回复，致电13912345678。",
          "http://sf.top/a?b=1 +8613912345678");
    names("Pay at shop.example.com, now! (shop.example.com)", "shop.example.com");
    names("see https://a.example/x.", "https://a.example/x");
    names("验证码483920，3.5万元，e.g. v1.2 50%", "");
    names("write to mary@example.com or card 6222021001001234567", "");
    names("call +44 20 7946 0958 or +442079460958", "+442079460958");
    names("网址:bank.example.net/login", "http://bank.example.net/login");
    names("xhttp://b.example/", "http://b.example/");
    names("", "");
    names("...:::///@@@", "");
}

static void bounds(void **state)
{
    (void)state;
    struct arena turn;
    struct text t;
    struct mentions m = {0};
    arena_init(&turn, 1 << 20);
    text_init(&t, &turn);
    for (int i = 0; i < 40; i++)
        text_printf(&t, "a%d.example ", i);
    assert_false(failed(mentions_find(text_str(&t), STR("CN"), &turn, &m)));
    assert_int_equal(m.count, MENTIONS_MOST);
    while (text_str(&t).size <= MENTION_TEXT_BYTES)
        text_put_c(&t, "............");
    assert_int_equal(mentions_find(text_str(&t), STR("CN"), &turn, &m).code, ERR_LIMIT);
    arena_done(&turn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(found_as_written),
        cmocka_unit_test(bounds),
    };
    if (failed(kit_boot()))
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
