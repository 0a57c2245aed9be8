/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: every kind reaches its reader, and what a citizen types is taken for what it is.
 * Method: a table of texts with the kind and value they stand for; the texts that stand for
 * nothing; an arena of every size up to enough.
 */
#include "fact/indicator.h"

#include "kit/kit_test.h"

struct guess {
    const char *text;
    unsigned kind;
    const char *value;
};

static const struct guess guesses[] = {
    {"https://Evil.com/a#b",        INDICATOR_URL,     "https://evil.com/a"       },
    {"evil.com/login?x=1",          INDICATOR_URL,     "http://evil.com/login?x=1"},
    {"evil.com:8080",               INDICATOR_URL,     "http://evil.com:8080/"    },
    {"evil.com",                    INDICATOR_DOMAIN,  "evil.com"                 },
    {"例子。中国",             INDICATOR_DOMAIN,  "xn--fsqu00a.xn--fiqs8s"   },
    {"13912345678",                 INDICATOR_NUMBER,  "+8613912345678"           },
    {"+86 139 1234 5678",           INDICATOR_NUMBER,  "+8613912345678"           },
    {"tel:+86-139-1234-5678",       INDICATOR_NUMBER,  "+8613912345678"           },
    {"96110",                       INDICATOR_NUMBER,  "96110"                    },
    {"+8696110",                    INDICATOR_NUMBER,  "+8696110"                 },
    {"106901234567890",             INDICATOR_NUMBER,  "106901234567890"          },
    {"（0931）8234567",           INDICATOR_NUMBER,  "+869318234567"            },
    {"6222021234567890128",         INDICATOR_ACCOUNT, "6222021234567890128"      },
    {"6222 0212 3456 7890 128",     INDICATOR_ACCOUNT, "6222021234567890128"      },
    {"370247000000009",             INDICATOR_ACCOUNT, "370247000000009"          },
    {"支付宝：a@b.cn",          INDICATOR_ACCOUNT, "alipay:a@b.cn"            },
    {"ICBC:1234567890",             INDICATOR_ACCOUNT, "ICBC:1234567890"          },
    {"DE89 3704 0044 0532 0130 00", INDICATOR_ACCOUNT, "DE89370400440532013000"   },
    {"352099001761481",             INDICATOR_DEVICE,  "352099001761481"          },
    {"35-209900-176148-1",          INDICATOR_DEVICE,  "352099001761481"          },
    {"91350100M000100Y43",          INDICATOR_COMPANY, "91350100M000100Y43"       },
    {"91350100m000100y43",          INDICATOR_COMPANY, "91350100M000100Y43"       },
};

struct refusal {
    const char *text;
    const char *why;
};

static const struct refusal refusals[] = {
    {"",                          "indicator.empty"    },
    {" \t\n",                     "indicator.empty"    },
    {"\xff\xfe",                  "indicator.not_utf8" },
    {"hello",                     "indicator.unknown"  },
    {"张三",                    "indicator.unknown"  },
    {"a@b.cn",                    "indicator.unknown"  },
    {"192.0.2.1",                 "indicator.unknown"  },
    {"com.cn",                    "indicator.unknown"  },
    {"6222021234567890129",       "indicator.unknown"  },
    {"1234567890123456789012345", "indicator.unknown"  },
    {"82345678",                  "number.no_area"     },
    {"139123",                    "number.too_short"   },
    {"ftp://evil.com/",           "url.scheme"         },
    {"620102199001010257",        "indicator.is_person"},
    {"62010219900101002X",        "indicator.is_person"},
    {"620102196001010077",        "indicator.is_person"},
};

static struct arena turn;

static void guesses_are_right(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(guesses); i++) {
        const struct guess *g = &guesses[i];
        struct indicator got;
        struct indicator again;
        err e = indicator_guess(str_from_c(g->text), STR("CN"), &turn, &got);
        if (failed(e))
            fail_msg("'%s': %s", g->text, e.why);
        if (got.kind != g->kind || !str_equal(got.value, str_from_c(g->value)))
            fail_msg("'%s': kind %u, %.*s", g->text, got.kind, STR_ARGS(got.value));
        works(indicator_parse(g->kind, got.value, STR("CN"), &turn, &again));
        assert_true(str_equal(got.value, again.value));
        assert_true(str_equal(got.display, again.display));
        assert_true(got.display.size > 0);
    }
}

static void reasons_are_right(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(refusals); i++) {
        struct indicator got;
        err e = indicator_guess(str_from_c(refusals[i].text), STR("CN"), &turn, &got);
        if (e.code != ERR_MALFORMED || strcmp(e.why, refusals[i].why) != 0)
            fail_msg("'%s': %s, not %s", refusals[i].text, failed(e) ? e.why : "accepted",
                     refusals[i].why);
    }
}

static void every_kind_checks_its_text(void **state)
{
    (void)state;
    char text[INDICATOR_TEXT_BYTES + 1];
    struct indicator got;
    memset(text, '1', sizeof text);
    for (unsigned kind = 0; kind < INDICATOR_KIND_COUNT; kind++) {
        fails(indicator_parse(kind, STR(""), STR("CN"), &turn, &got), ERR_MALFORMED,
              "indicator.empty");
        fails(indicator_parse(kind, STR("\xc3"), STR("CN"), &turn, &got), ERR_MALFORMED,
              "indicator.not_utf8");
        fails(indicator_parse(kind, str_make(text, sizeof text), STR("CN"), &turn, &got),
              ERR_MALFORMED, "indicator.too_long");
        assert_true(
            failed(indicator_parse(kind, str_make(text, sizeof text - 1), STR("CN"), &turn, &got)));
    }
}

/* Whatever runs out, the answer is ERR_LIMIT or the right one, and never another kind. */
static void arena_may_be_spent_anywhere(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(guesses); i++)
        for (size_t budget = 1; budget < 200000; budget = budget * 3 / 2 + 1) {
            struct arena small;
            struct indicator got;
            arena_init(&small, budget);
            err e = indicator_guess(str_from_c(guesses[i].text), STR("CN"), &small, &got);
            if (failed(e))
                assert_int_equal(e.code, ERR_LIMIT);
            else
                assert_true(str_equal(got.value, str_from_c(guesses[i].value)));
            arena_done(&small);
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
        cmocka_unit_test(guesses_are_right),
        cmocka_unit_test(reasons_are_right),
        cmocka_unit_test(every_kind_checks_its_text),
        cmocka_unit_test(arena_may_be_spent_anywhere),
    };
    return cmocka_run_group_tests_name("fact/indicator", tests, begin, end);
}
