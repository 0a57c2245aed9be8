/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: one spelling for a domain, and a reason for whatever is none.
 * Method: tables; every canonical name parsed again; suffixes of both sections of the list; order
 * of reversed names.
 */
#include "fact/domain.h"

#include "kit/kit_test.h"

struct spelling {
    const char *text;
    const char *domain;
    const char *display;
};

/* clang-format off */
static const struct spelling spellings[] = {
    {"example.com", "example.com", "example.com"},
    {"WWW.Example.COM.", "www.example.com", "www.example.com"},
    {"  example.com\n", "example.com", "example.com"},
    {"ｅｘａｍｐｌｅ．ｃｏｍ", "example.com", "example.com"},
    {"例子。中国", "xn--fsqu00a.xn--fiqs8s", "例子.中国 (xn--fsqu00a.xn--fiqs8s)"},
    {"Bücher.example", "xn--bcher-kva.example", "bücher.example (xn--bcher-kva.example)"},
    {"XN--BCHER-KVA.example", "xn--bcher-kva.example", "bücher.example (xn--bcher-kva.example)"},
    {"faß.de", "xn--fa-hia.de", "faß.de (xn--fa-hia.de)"},
    {"_dmarc.example.com", "_dmarc.example.com", "_dmarc.example.com"},
    {"r3---sn-x.example.com", "r3---sn-x.example.com", "r3---sn-x.example.com"},
    {"ex\u00adample.com", "example.com", "example.com"},
};
/* clang-format on */

struct refusal {
    const char *text;
    const char *why;
};

static const struct refusal refusals[] = {
    {"",                 "domain.empty"      },
    {"http://evil.com/", "domain.is_url"     },
    {"evil.com/login",   "domain.is_url"     },
    {"evil.com?x",       "domain.is_url"     },
    {"someone@evil.com", "domain.is_mail"    },
    {"*.evil.com",       "domain.wildcard"   },
    {"evil .com",        "domain.space"      },
    {"evil.com:8080",    "domain.port"       },
    {"[::1]",            "domain.is_ip"      },
    {"2001:db8::1",      "domain.is_ip"      },
    {"192.0.2.1",        "domain.is_ip"      },
    {"１９２.0.2.1",  "domain.is_ip"      },
    {"0x7f.1",           "domain.is_ip"      },
    {"1.2.3.256",        "domain.is_ip"      },
    {"com",              "domain.is_suffix"  },
    {"localhost",        "domain.is_suffix"  },
    {"中国",           "domain.is_suffix"  },
    {"com.cn",           "domain.is_suffix"  },
    {"gs.cn",            "domain.is_suffix"  },
    {".evil.com",        "domain.label_empty"},
    {"evil..com",        "domain.label_empty"},
    {"evil!.com",        "domain.character"  },
    {"xn--a.com",        "domain.malformed"  },
};

static struct arena turn;

static void parse_to(const char *text, const struct spelling *want)
{
    str domain;
    str display;
    err e = domain_parse(str_from_c(text), &turn, &domain);
    if (failed(e))
        fail_msg("'%s': %s", text, e.why);
    works(domain_display(domain, &turn, &display));
    if (!str_equal(domain, str_from_c(want->domain)) ||
        !str_equal(display, str_from_c(want->display)))
        fail_msg("'%s' became %.*s, shown as %.*s", text, STR_ARGS(domain), STR_ARGS(display));
}

static void spellings_meet(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(spellings); i++) {
        parse_to(spellings[i].text, &spellings[i]);
        parse_to(spellings[i].domain, &spellings[i]);
    }
}

static void reasons_are_right(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(refusals); i++) {
        str domain;
        err e = domain_parse(str_from_c(refusals[i].text), &turn, &domain);
        if (e.code != ERR_MALFORMED || strcmp(e.why, refusals[i].why) != 0)
            fail_msg("'%s': %s, not %s", refusals[i].text, failed(e) ? e.why : "accepted",
                     refusals[i].why);
    }
}

static void lengths_are_bounded(void **state)
{
    (void)state;
    char name[300];
    str domain;
    memset(name, 'a', sizeof name);
    for (size_t i = 50; i < sizeof name; i += 51)
        name[i] = '.';
    memcpy(name + 64, ".com", 4);
    name[50] = 'a';
    fails(domain_parse(str_make(name, 68), &turn, &domain), ERR_MALFORMED, "domain.label_too_long");
    name[50] = '.';
    works(domain_parse(str_make(name, 253), &turn, &domain));
    fails(domain_parse(str_make(name, 254), &turn, &domain), ERR_MALFORMED, "domain.too_long");
}

/* A private suffix may be listed itself, but never with all the strangers below it. */
static void suffixes_are_never_too_wide(void **state)
{
    (void)state;
    static const char *const wide[] = {"github.io", "com.cn", "com", "blogspot.com", "gs.cn"};
    static const char *const fine[] = {"evil.com", "evil.github.io", "evil.com.cn", "a.b.evil.cn"};
    for (size_t i = 0; i < COUNT_OF(wide); i++)
        fails(domain_check_suffix(str_from_c(wide[i])), ERR_MALFORMED, "domain.suffix_too_wide");
    for (size_t i = 0; i < COUNT_OF(fine); i++)
        works(domain_check_suffix(str_from_c(fine[i])));
    str domain;
    works(domain_parse(STR("github.io"), &turn, &domain));
}

static void reversed_names_sort_by_descent(void **state)
{
    (void)state;
    str parent = domain_reverse(STR("example.com"), &turn);
    str child = domain_reverse(STR("a.b.example.com"), &turn);
    str other = domain_reverse(STR("example-x.com"), &turn);
    assert_true(str_equal(parent, STR("com.example.")));
    assert_true(str_equal(child, STR("com.example.b.a.")));
    assert_true(str_starts(child, parent));
    assert_false(str_starts(other, parent));
    assert_true(str_equal(domain_reverse(STR("com"), &turn), STR("com.")));
}

static void arena_may_be_spent(void **state)
{
    (void)state;
    struct arena small;
    str out;
    arena_init(&small, 1);
    assert_int_equal(domain_parse(STR("example.com"), &small, &out).code, ERR_LIMIT);
    assert_int_equal(domain_display(STR("xn--fa-hia.de"), &small, &out).code, ERR_LIMIT);
    assert_null(domain_reverse(STR("example.com"), &small).at);
    arena_done(&small);
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
        cmocka_unit_test(spellings_meet),
        cmocka_unit_test(reasons_are_right),
        cmocka_unit_test(lengths_are_bounded),
        cmocka_unit_test(suffixes_are_never_too_wide),
        cmocka_unit_test(reversed_names_sort_by_descent),
        cmocka_unit_test(arena_may_be_spent),
    };
    return cmocka_run_group_tests_name("fact/domain", tests, begin, end);
}
