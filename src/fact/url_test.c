/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: links that lead to one page are one url, links that may not are two, and a canonical url
 * stays as it is.
 * Method: tables; every canonical url parsed again; 20,000 urls put together from nasty pieces.
 */
#include "fact/url.h"

#include "kit/kit_test.h"

struct spelling {
    const char *text;
    const char *url;
};

/* clang-format off */
static const struct spelling spellings[] = {
    {"http://evil.com", "http://evil.com/"},
    {"HTTP://EVIL.com:80/", "http://evil.com/"},
    {"https://evil.com:443", "https://evil.com/"},
    {"https://evil.com:80/", "https://evil.com:80/"},
    {"http://evil.com:/", "http://evil.com/"},
    {"http://evil.com:08080/", "http://evil.com:8080/"},
    {"http://evil.com./", "http://evil.com/"},
    {" http://evil.com/a \n", "http://evil.com/a"},
    {"http://evil.com/#top", "http://evil.com/"},
    {"http://evil.com?", "http://evil.com/"},
    {"http://evil.com?b=2&a=1", "http://evil.com/?b=2&a=1"},
    {"http://evil.com/A/./b/../c/", "http://evil.com/A/c/"},
    {"http://evil.com/a/..", "http://evil.com/"},
    {"http://evil.com/../../a", "http://evil.com/a"},
    {"http://evil.com/a/%2e%2E/b", "http://evil.com/b"},
    {"http://evil.com/a//b", "http://evil.com/a//b"},
    {"http://evil.com/.../a.", "http://evil.com/.../a."},
    {"http://evil.com/%7euser/%41", "http://evil.com/~user/A"},
    {"http://evil.com/%2f%3a", "http://evil.com/%2F%3A"},
    {"http://evil.com/%2541", "http://evil.com/%2541"},
    {"http://evil.com/é?q=中", "http://evil.com/%C3%A9?q=%E4%B8%AD"},
    {"http://evil.com/%c3%a9", "http://evil.com/%C3%A9"},
    {"http://evil.com/a\"<>[]^`{|}", "http://evil.com/a%22%3C%3E%5B%5D%5E%60%7B%7C%7D"},
    {"http:\\\\evil.com\\a\\b", "http://evil.com/a/b"},
    {"http://evil.com/?a\\b", "http://evil.com/?a%5Cb"},
    {"http://evil.com/a?b?c/../d", "http://evil.com/a?b?c/../d"},
    {"http://%65vil.com/", "http://evil.com/"},
    {"http://例子.中国/", "http://xn--fsqu00a.xn--fiqs8s/"},
    {"http://192.0.2.1/a", "http://192.0.2.1/a"},
    {"http://0xC0.0.02.01/", "http://192.0.2.1/"},
    {"http://3221225985/", "http://192.0.2.1/"},
    {"http://192.513/", "http://192.0.2.1/"},
    {"http://[2001:DB8:0:0:0:0:0:1]:8080/", "http://[2001:db8::1]:8080/"},
    {"http://[::FFFF:192.0.2.1]/", "http://[::ffff:c000:201]/"},
    {"http://[1:0:0:2:0:0:0:3]/", "http://[1:0:0:2::3]/"},
    {"http://[1:2:3:4:5:6:7::]/", "http://[1:2:3:4:5:6:7:0]/"},
    {"http://[::]/", "http://[::]/"},
    {"http://github.io/x", "http://github.io/x"},
};
/* clang-format on */

struct refusal {
    const char *text;
    const char *why;
};

/* clang-format off */
static const struct refusal refusals[] = {
    {"", "url.empty"},
    {"evil.com/login", "url.scheme"},
    {"ftp://evil.com/", "url.scheme"},
    {"javascript://evil.com/", "url.scheme"},
    {"http:evil.com", "url.scheme"},
    {"http:/evil.com", "url.scheme"},
    {"http://bank.com@evil.com/", "url.userinfo"},
    {"http://a:b@evil.com/", "url.userinfo"},
    {"http://evil.com\\@bank.com/", NULL}, /* a path: browsers go to evil.com */
    {"http:///path", "url.host"},
    {"http://evil.com:0/", "url.port"},
    {"http://evil.com:65536/", "url.port"},
    {"http://evil.com:http/", "url.port"},
    {"http://evil.com/%", "url.percent"},
    {"http://evil.com/%4", "url.percent"},
    {"http://evil.com/%zz", "url.percent"},
    {"http://evil.com/?%", "url.percent"},
    {"http://%zz.com/", "url.percent"},
    {"http://evil.com/a b", "url.space"},
    {"http://evil.com/a\tb", "url.control"},
    {"http://evil.com/a\x7f", "url.control"},
    {"http://evil%00.com/", "domain.character"},
    {"http://localhost/", "domain.is_suffix"},
    {"http://evil..com/", "domain.label_empty"},
    {"http://256.1.1.1/", "url.host"},
    {"http://1.2.3.4.5/", "url.host"},
    {"http://4294967296/", "url.host"},
    {"http://1.2.3.08/", "url.host"},
    {"http://[::1/", "url.host"},
    {"http://[1::2::3]/", "url.host"},
    {"http://[1:2:3:4:5:6:7:8:9]/", "url.host"},
    {"http://[1:2:3:4:5:6:7]/", "url.host"},
    {"http://[12345::]/", "url.host"},
    {"http://[:1::]/", "url.host"},
    {"http://[1::2:]/", "url.host"},
    {"http://[::1.2.3]/", "url.host"},
    {"http://[::1.2.3.256]/", "url.host"},
    {"http://[::1.2.3.4:5]/", "url.host"},
    {"http://[fe80::1%25eth0]/", "url.host"},
};
/* clang-format on */

static struct arena turn;

static void parse_to(const char *text, const char *want)
{
    str url;
    err e = url_parse(str_from_c(text), &turn, &url);
    if (failed(e))
        fail_msg("'%s': %s", text, e.why);
    if (!str_equal(url, str_from_c(want)))
        fail_msg("'%s' became %.*s, not %s", text, STR_ARGS(url), want);
}

static void spellings_meet(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(spellings); i++) {
        parse_to(spellings[i].text, spellings[i].url);
        parse_to(spellings[i].url, spellings[i].url);
    }
}

static void reasons_are_right(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(refusals); i++) {
        str url;
        err e = url_parse(str_from_c(refusals[i].text), &turn, &url);
        const char *why = failed(e) ? e.why : "accepted";
        if (strcmp(why, refusals[i].why == NULL ? "accepted" : refusals[i].why) != 0)
            fail_msg("'%s': %s", refusals[i].text, why);
    }
}

/* Pieces in which decoding, dots and slashes may open a second round. */
static void canonical_urls_stay(void **state)
{
    (void)state;
    static const char *const pieces[] = {"/", ".",  "..",  "%2e", "%2E", "%2f",  "%25", "%", "2e",
                                         "a", "\\", "?",   "#",   "%5c", "@",    ":",   "é", "%c3",
                                         "[", "]",  "%41", "//",  "/./", "/../", "~",   "+", "*"};
    uint32_t seed = 7;
    int accepted = 0;
    for (int i = 0; i < 20000; i++) {
        struct text t;
        text_init(&t, &turn);
        text_put_c(&t, "http://evil.com/");
        for (int k = 0; k < 8; k++) {
            seed = seed * 1664525u + 1013904223u;
            text_put_c(&t, pieces[(seed >> 8) % COUNT_OF(pieces)]);
        }
        str once;
        str twice;
        if (!failed(url_parse(text_str(&t), &turn, &once))) {
            accepted++;
            works(url_parse(once, &turn, &twice));
            assert_true(str_equal(once, twice));
            assert_true(str_equal(url_host(once), STR("evil.com")));
        }
        arena_reset(&turn);
    }
    assert_in_range(accepted, 5000, 19000);
}

static void length_is_bounded_both_ways(void **state)
{
    (void)state;
    char text[URL_BYTES + 1];
    str url;
    memset(text, 'a', sizeof text);
    memcpy(text, "http://evil.com/", 16);
    works(url_parse(str_make(text, URL_BYTES), &turn, &url));
    fails(url_parse(str_make(text, URL_BYTES + 1), &turn, &url), ERR_MALFORMED, "url.too_long");
    text[URL_BYTES - 1] = '"'; /* three bytes once escaped */
    fails(url_parse(str_make(text, URL_BYTES), &turn, &url), ERR_MALFORMED, "url.too_long");
}

static void host_is_found(void **state)
{
    (void)state;
    assert_true(str_equal(url_host(STR("https://evil.com/a:b/c")), STR("evil.com")));
    assert_true(str_equal(url_host(STR("https://evil.com:8080/")), STR("evil.com")));
    assert_true(str_equal(url_host(STR("http://[2001:db8::1]:80/")), STR("[2001:db8::1]")));
    assert_true(str_equal(url_host(STR("http://192.0.2.1/")), STR("192.0.2.1")));
    assert_int_equal(url_host(STR("")).size, 0);
}

static void foreign_hosts_are_shown(void **state)
{
    (void)state;
    str shown;
    works(url_display(STR("http://xn--fa-hia.de/x"), &turn, &shown));
    assert_true(str_equal(shown, STR("http://xn--fa-hia.de/x [faß.de]")));
    works(url_display(STR("http://evil.com/x"), &turn, &shown));
    assert_true(str_equal(shown, STR("http://evil.com/x")));
}

static void arena_may_be_spent(void **state)
{
    (void)state;
    struct arena small;
    str url;
    arena_init(&small, 1);
    assert_int_equal(url_parse(STR("http://evil.com/"), &small, &url).code, ERR_LIMIT);
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
        cmocka_unit_test(spellings_meet),      cmocka_unit_test(reasons_are_right),
        cmocka_unit_test(canonical_urls_stay), cmocka_unit_test(length_is_bounded_both_ways),
        cmocka_unit_test(host_is_found),       cmocka_unit_test(foreign_hosts_are_shown),
        cmocka_unit_test(arena_may_be_spent),
    };
    return cmocka_run_group_tests_name("fact/url", tests, begin, end);
}
