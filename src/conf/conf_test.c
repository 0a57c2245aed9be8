/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: what stands in yumen.yaml is what the program does; anything else is refused where it
 * stands.
 * Method: the written default read back; one good file with everything; a table of bad files, each
 * with the line, key and code it must be refused with; addresses by table.
 */
#include "conf/conf.h"

#include "conf/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static struct arena boot;

static int boot_open(void **state)
{
    (void)state;
    arena_init(&boot, 4 << 20);
    return 0;
}

static int boot_close(void **state)
{
    (void)state;
    arena_done(&boot);
    return 0;
}

static void assert_str(str got, const char *want)
{
    if (!str_equal(got, str_from_c(want)))
        fail_msg("got \"%.*s\", wanted \"%s\"", STR_ARGS(got), want);
}

static struct conf read_good(str yaml)
{
    struct conf conf = {0};
    struct conf_fault fault = {0};
    err e = conf_read(yaml, &boot, &conf, &fault);
    if (failed(e))
        fail_msg("line %u, %.*s: %s", fault.line, STR_ARGS(fault.key), e.why);
    return conf;
}

static void assert_defaults(const struct conf *conf)
{
    assert_str(conf->listen, "127.0.0.1:9611");
    assert_str(conf->profile, "cn");
    assert_str(conf->notice_listen, "");
    assert_str(conf->dns_zone, "rpz.yumen.");
    assert_str(conf->dns_notice_a, "127.0.0.1");
    assert_str(conf->dns_notice_cname, "");
    assert_int_equal(conf->dns_ttl_s, 5);
    assert_int_equal(conf->dns_tsigs.count, 0);
    assert_int_equal(conf->dns_secondaries.count, 0);
    assert_int_equal(conf->log_level, CONF_LOG_INFO);
    assert_int_equal(conf->reject_retention_days, 0);
}

static void written_default_reads_as_default(void **state)
{
    (void)state;
    struct conf empty = read_good(STR(""));
    assert_defaults(&empty);
    struct text t;
    text_init(&t, &boot);
    conf_write_default(&t, NULL, 0);
    assert_false(text_spent(&t));
    struct conf written = read_good(text_str(&t));
    assert_defaults(&written);
    for (size_t i = 0; i < conf_option_count; i++) {
        const struct conf_option *option = &conf_options[i];
        bool is_told =
            option->type == CONF_RESERVED || (str_has(text_str(&t), str_from_c(option->zh)) &&
                                              str_has(text_str(&t), str_from_c(option->en)));
        assert_true(is_told);
    }
}

static void everything_is_read(void **state)
{
    (void)state;
    struct conf conf = read_good(STR("listen: '[::1]:8080'\n"
                                     "profile: th\n"
                                     "dns:\n"
                                     "  listen: 127.0.0.9:53\n"
                                     "  ttl_s: 5\n"
                                     "  notice: {cname: notice.example.}\n"
                                     "  tsig:\n"
                                     "    - name: one\n"
                                     "      secret_file: keys/one\n"
                                     "    - {name: two, algorithm: hmac-sha512, secret_file: k2}\n"
                                     "    - name: own\n"
                                     "  secondaries:\n"
                                     "    - {address: 127.0.0.1:5301, tsig: Two}\n"
                                     "    - address: ::1\n"
                                     "      polls: yes\n"
                                     "  files: [rpz/one, /srv/two]\n"
                                     "  files_every_s: 60\n"
                                     "retention:\n"
                                     "  appeal_days: 30\n"
                                     "  transfers_days: 400\n"
                                     "log: {level: warn, file: yumen.log, max_mib: 1}\n"));
    assert_str(conf.listen, "[::1]:8080");
    assert_str(conf.dns_notice_cname, "notice.example.");
    assert_str(conf.dns_notice_a, "");
    assert_int_equal(conf.dns_tsigs.count, 3);
    assert_str(conf.dns_tsigs.at[1].secret_file, "k2");
    assert_str(conf.dns_tsigs.at[2].secret_file, "");
    assert_str(conf.dns_tsigs.at[0].algorithm, "hmac-sha256");
    assert_str(conf.dns_tsigs.at[1].algorithm, "hmac-sha512");
    assert_int_equal(conf.dns_secondaries.count, 2);
    assert_str(conf.dns_secondaries.at[0].tsig, "Two");
    assert_str(conf.dns_secondaries.at[1].address, "::1");
    assert_false(conf.dns_secondaries.at[0].polls);
    assert_true(conf.dns_secondaries.at[1].polls);
    assert_int_equal(conf.dns_files.count, 2);
    assert_str(conf.dns_files.at[0], "rpz/one");
    assert_str(conf.dns_files.at[1], "/srv/two");
    assert_int_equal(conf.dns_files_every_s, 60);
    assert_int_equal(conf.transfers_retention_days, 400);
    assert_int_equal(conf.log_level, CONF_LOG_WARN);
    assert_int_equal(conf.log_max_mib, 1);
    struct law_profile law = {.appeal_retention_days = 180, .reject_retention_days = 30};
    conf_shorten_retention(&conf, &law);
    assert_int_equal(law.appeal_retention_days, 30);
    assert_int_equal(law.reject_retention_days, 30);
    conf.appeal_retention_days = 9999;
    conf_shorten_retention(&conf, &law);
    assert_int_equal(law.appeal_retention_days, 30);
}

static void the_dns_list_is_read(void **state)
{
    (void)state;
    struct conf conf =
        read_good(STR("dns:\n"
                      "  list:\n"
                      "    listen: 127.0.0.1:5353\n"
                      "    domains: dbl.example\n"
                      "    clients: [192.0.2.0/24, \"2001:db8::/32\", 127.0.0.1]\n"));
    assert_str(conf.list_listen, "127.0.0.1:5353");
    assert_str(conf.list_domains, "dbl.example");
    assert_str(conf.list_numbers, "num.yumen.");
    assert_int_equal(conf.list_clients.count, 3);
    assert_str(conf.list_clients.at[0].address, "192.0.2.0");
    assert_int_equal(conf.list_clients.at[0].bits, 24);
    assert_int_equal(conf.list_clients.at[1].bits, 32);
    assert_int_equal(conf.list_clients.at[2].bits, 32);
    assert_int_equal(conf.list_trusted.count, 0);
    assert_int_equal(conf.list_ttl_s, 300);
    assert_int_equal(conf.list_nothing_s, 60);
}

/* clang-format off */
static const struct {
    const char *yaml;
    uint32_t line;
    const char *key;
    const char *why;
} bad_files[] = {
    {"lisen: 127.0.0.1:1\n", 1, "lisen", "conf.unknown_key"},
    {"dns:\n  ttl_s: 5\n  notise:\n    a: 127.0.0.1\n", 3, "dns.notise", "conf.unknown_key"},
    {"dns:\n  notice:\n    b: 127.0.0.1\n", 3, "dns.notice.b", "conf.unknown_key"},
    {"dns.listen: 127.0.0.1:53\n", 1, "dns.listen", "conf.unknown_key"},
    {"listen: 127.0.0.1\n", 1, "listen", "conf.address"},
    {"listen: localhost:9611\n", 1, "listen", "conf.address"},
    {"listen: 127.0.0.1:65536\n", 1, "listen", "conf.address"},
    {"listen: [a]\n", 1, "listen", "conf.not_text"},
    {"dns: 5\n", 1, "dns", "conf.not_map"},
    {"- a\n", 1, "", "conf.not_map"},
    {"dns:\n  ttl_s: soon\n", 2, "dns.ttl_s", "conf.integer"},
    {"dns:\n  ttl_s: 0\n", 2, "dns.ttl_s", "conf.range"},
    {"dns:\n  zone: \"rpz yumen\"\n", 2, "dns.zone", "conf.name"},
    {"dns:\n  notice:\n    a: ::1.2\n", 3, "dns.notice.a", "conf.host"},
    {"dns:\n  notice:\n    a: 127.0.0.1\n    cname: x.\n", 2, "dns.notice", "conf.notice"},
    {"dns:\n  notice:\n    a: \"\"\n", 2, "dns.notice", "conf.notice"},
    {"dns:\n  tsig: one\n", 2, "dns.tsig", "conf.not_list"},
    {"dns:\n  tsig:\n    - secret_file: one\n", 3, "name", "conf.required"},
    {"dns:\n  tsig:\n    - {name: one, secret_file: [a]}\n", 3, "secret_file", "conf.not_text"},
    {"dns:\n  tsig:\n    - {name: a, secret_file: b, key: c}\n", 3, "key", "conf.unknown_key"},
    {"dns:\n  tsig:\n    - {name: a, secret_file: b, algorithm: md5}\n", 3, "algorithm",
     "conf.word"},
    {"dns:\n  tsig:\n    - {name: a, secret_file: b}\n    - {name: A, secret_file: c}\n", 4, "name",
     "conf.repeated"},
    {"dns:\n  secondaries:\n    - address: ns1.example\n", 3, "address", "conf.address"},
    {"dns:\n  secondaries:\n    - {address: 127.0.0.1, tsig: no}\n", 2, "no", "conf.tsig_unknown"},
    {"dns:\n  secondaries:\n    - {address: 127.0.0.1, polls: often}\n", 3, "polls", "conf.word"},
    {"dns:\n  files: one\n", 2, "dns.files", "conf.not_list"},
    {"dns:\n  files_every_s: 0\n", 2, "dns.files_every_s", "conf.range"},
    {"dns:\n  list:\n    listen: 127.0.0.1\n", 3, "dns.list.listen", "conf.address"},
    {"dns:\n  list: 127.0.0.1:53\n", 2, "list", "conf.not_map"},
    {"dns:\n  list:\n    clients: 127.0.0.1\n", 3, "dns.list.clients", "conf.not_list"},
    {"dns:\n  list:\n    clients: [10.0.0.0/33]\n", 3, "10.0.0.0/33", "conf.net"},
    {"dns:\n  list:\n    clients: [10.0.0.0/]\n", 3, "10.0.0.0/", "conf.net"},
    {"dns:\n  list:\n    clients: [mail.example]\n", 3, "mail.example", "conf.net"},
    {"dns:\n  list:\n    trusted: [\"::1/129\"]\n", 3, "::1/129", "conf.net"},
    {"dns:\n  list:\n    slip: 11\n", 3, "dns.list.slip", "conf.range"},
    {"dns:\n  list:\n    nothing_s: 0\n", 3, "dns.list.nothing_s", "conf.range"},
    {"log:\n  level: loud\n", 2, "log.level", "conf.word"},
    {"smtp:\n  host: x\n", 1, "smtp", "conf.reserved"},
    {"\nsip: {listen: x}\n", 2, "sip.listen", "conf.address"},
    {"sip:\n  trunks: [{name: A, from: [192.0.2.1]}]\n", 2, "name", "conf.name"},
    {"sip:\n  trunks: [{name: a}]\n", 2, "from", "conf.required"},
    {"sip:\n  trunks: [{name: a, from: []}]\n", 2, "from", "conf.required"},
    {"sip:\n  trunks: [{name: a, from: [host]}]\n", 2, "host", "conf.net"},
    {"sip:\n  trunks: [{name: a, from: [192.0.2.1], reject: 486}]\n", 2, "reject", "conf.word"},
    {"sip:\n  trunks: [{name: a, from: [192.0.2.1], kind: national}]\n", 2, "kind", "conf.word"},
    {"sip:\n  trunks:\n  - {name: a, from: [192.0.2.1]}\n  - {name: a, from: [192.0.2.2]}\n", 4, "name",
     "conf.repeated"},
    {"sip:\n  trunks: [{name: a, from: [192.0.2.1], calls_per_s: -1}]\n", 2, "calls_per_s",
     "conf.range"},
    {"sip:\n  trunks: [{name: a, from: [192.0.2.1], carrier: cm}]\n", 2, "cm",
     "conf.carrier_unknown"},
    {"sip:\n  trunks: [{name: a, from: [192.0.2.1], carrier: bank}]\n"
     "providers: [{id: bank, name: B, can: [hold]}]\n",
     2, "bank", "conf.carrier_unknown"},
    {"calls:\n  numbers_most: 10\n", 2, "calls.numbers_most", "conf.range"},
    {"calls:\n  window: 10\n", 2, "calls.window", "conf.unknown_key"},
    {"sip:\n  number_calls_per_min: x\n", 2, "sip.number_calls_per_min", "conf.integer"},
    {"sip:\n  listen: 127.0.0.1:5060\n", 2, "sip.redress_url", "conf.redress"},
    {"sip:\n  burst: block\n", 2, "sip.burst", "conf.word"},
    {"sip:\n  domestic: perhaps\n", 2, "sip.domestic", "conf.word"},
    {"sip:\n  redress_url: http://a.example/\n", 2, "sip.redress_url", "conf.url"},
    {"sip:\n  redress_url: \"https://a.example/>\"\n", 2, "sip.redress_url", "conf.url"},
    {"sip:\n  redress_url: \"https://a.example/a b\"\n", 2, "sip.redress_url", "conf.url"},
    {"sip:\n  redress_page: a.example\n", 2, "sip.redress_page", "conf.url"},
    {"sip:\n  redress_email: help\n", 2, "sip.redress_email", "conf.mail"},
    {"sip:\n  redress_email: help@\n", 2, "sip.redress_email", "conf.mail"},
    {"sip:\n  redress_tel: \"110\"\n", 2, "sip.redress_tel", "conf.tel"},
    {"sip:\n  redress_tel: \"+86;10\"\n", 2, "sip.redress_tel", "conf.tel"},
    {"providers:\n  - {id: Bank A, name: A, can: [hold]}\n", 2, "id", "conf.name"},
    {"providers:\n  - {id: a, name: A, can: []}\n", 2, "can", "conf.required"},
    {"providers:\n  - {id: a, name: A, can: [seize]}\n", 2, "can", "conf.word"},
    {"providers:\n  - {id: a, name: A, can: [hold], way: push}\n", 2, "url", "conf.required"},
    {"providers:\n  - {id: a, name: A, can: [hold], way: push, url: 'http://bank.example/'}\n", 2,
     "url", "conf.url"},
    {"providers:\n  - {id: a, name: A, can: [hold], way: push, url: 'https://'}\n", 2, "url",
     "conf.url"},
    {"providers:\n  - {id: a, name: A, can: [hold], way: push, url: 'https://u@bank.example/'}\n", 2,
     "url", "conf.url"},
    {"providers:\n  - {id: a, name: A, can: [hold], way: push, url: 'http://127.0.0.1@b.example/'}\n",
     2, "url", "conf.url"},
    {"push:\n  timeout_s: 0\n", 2, "push.timeout_s", "conf.range"},
    {"providers:\n  - {id: a, name: A, can: [hold], key: beef}\n", 2, "key", "conf.key"},
    {"providers:\n  - {id: a, name: A, can: [hold], outlets: [{code: \"1\", staff: many}]}\n", 2, "staff",
     "conf.integer"},
    {"providers:\n  - {id: a, name: A, can: [hold], outlets: [{code: \"1\"}]}\n", 2, "staff",
     "conf.required"},
    {"providers:\n  - {id: a, name: A, can: [hold], outlets: [{code: \"1\", head: x}]}\n", 2, "head",
     "conf.unknown_key"},
    {"providers:\n  - {id: a, name: A, can: [hold]}\n  - {id: a, name: B, can: [stop]}\n", 3, "a",
     "conf.repeated"},
    {"carriers: []\n", 1, "carriers", "conf.reserved"},
    {"listen: \"\n", 1, NULL, NULL},
};
/* clang-format on */

static void bad_files_are_refused_where_they_are_bad(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad_files); i++) {
        struct conf conf = {.log_max_mib = 77};
        struct conf_fault fault = {0};
        err e = conf_read(str_from_c(bad_files[i].yaml), &boot, &conf, &fault);
        if (!failed(e))
            fail_msg("taken: %s", bad_files[i].yaml);
        assert_int_equal(conf.log_max_mib, 77);
        if (bad_files[i].why == NULL)
            continue;
        assert_string_equal(e.why, bad_files[i].why);
        assert_str(fault.key, bad_files[i].key);
        assert_int_equal(fault.line, bad_files[i].line);
    }
}

static void a_path_longer_than_any_is_unknown(void **state)
{
    (void)state;
    struct conf conf = {0};
    struct conf_fault fault = {0};
    struct text t;
    text_init(&t, &boot);
    text_put_c(&t, "dns:\n  ");
    for (int i = 0; i < 500; i++)
        text_put_char(&t, 'x');
    text_put_c(&t, ": 1\n");
    err e = conf_read(text_str(&t), &boot, &conf, &fault);
    assert_true(failed(e));
    assert_string_equal(e.why, "conf.unknown_key");
    assert_int_equal(fault.line, 2);
}

static void loopback_is_this_machine_only(void **state)
{
    (void)state;
    static const char *const here[] = {"127.0.0.1:9611", "127.255.0.3:1",   "[::1]:9611", "::1",
                                       "127.0.0.1",      "unix:/run/y.sock"};
    static const char *const away[] = {
        "0.0.0.0:9611",
        "192.168.1.1:80",
        "[::]:80",
        "[::ffff:7f00:1]:80",
        "localhost:80",
        "127.1:80",
        "127.0.0.1.x:80",
        "127.0.0.01:80",
        "",
        "[::1",
        "127.0.0.1.1:80",
        "1127.0.0.1:80",
        "[fe80::1]:80",
        "127.0.0.256:80",
        "unix:",
        "127.0.0.1@1.2.3.4:80",
        "0127.0.0.1:80",
        "[127.0.0.1]:80",
        " 127.0.0.1:80",
        "128.0.0.1:80",
    };
    for (size_t i = 0; i < COUNT_OF(here); i++)
        assert_false(failed(conf_check_loopback(str_from_c(here[i]))));
    for (size_t i = 0; i < COUNT_OF(away); i++)
        if (!failed(conf_check_loopback(str_from_c(away[i]))))
            fail_msg("\"%s\" passed for this machine", away[i]);
}

static void orders_are_posted_safely(void **state)
{
    (void)state;
    static const char *const good[] = {"https://bank.example/orders",
                                       "https://bank.example:8443",
                                       "https://[2001:db8::1]/o?x=1",
                                       "http://127.0.0.1:80/orders",
                                       "http://[::1]/o",
                                       "http://[::1]:8080"};
    static const char *const bad[] = {
        "http://bank.example/",      "http://localhost/",     "https://",  "https:///o",
        "https://u@bank.example/",   "http://127.0.0.1@x.y/", "",          "ftp://127.0.0.1/",
        "https://bank.example/#top", "HTTP://127.0.0.1/",     "http://::1"};
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        bool is_near = !failed(conf_url_check_loopback(str_from_c(good[i])));
        assert_false(failed(conf_url_check(str_from_c(good[i]))));
        assert_int_equal(is_near, i >= 3);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        if (!failed(conf_url_check(str_from_c(bad[i]))))
            fail_msg("\"%s\" passed", bad[i]);
}

static void addresses_are_strict(void **state)
{
    (void)state;
    static const char *const good[] = {"[::]:1",
                                       "[1::]:1",
                                       "[a::b]:1",
                                       "[::a]:1",
                                       "[1:2:3:4:5:6:7:8]:1",
                                       "[1:2:3:4:5:6:7::]:1",
                                       "0.0.0.0:0",
                                       "255.255.255.255:65535"};
    static const char *const bad[] = {"[1:2:3:4:5:6:7]:1",
                                      "[1:2:3:4:5:6:7:8:9]:1",
                                      "[a::b::c]:1",
                                      "[:::]:1",
                                      "[:1]:1",
                                      "[1:]:1",
                                      "[12345::]:1",
                                      "[g::]:1",
                                      "[1:2:3:4:5:6:7:8::]:1",
                                      "[::1]",
                                      "[::1]9",
                                      "::1:9x",
                                      "1.2.3:1",
                                      "1.2.3.4:",
                                      "1.2.3.4:-1",
                                      "1.2.3.4:99999",
                                      "[]:1",
                                      "[::a::]:1",
                                      ":9611"};
    str host = {0};
    uint16_t port = 0;
    for (size_t i = 0; i < COUNT_OF(good); i++)
        if (failed(conf_address_parse(str_from_c(good[i]), &host, &port)))
            fail_msg("refused: %s", good[i]);
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        if (!failed(conf_address_parse(str_from_c(bad[i]), &host, &port)))
            fail_msg("taken: %s", bad[i]);
    assert_false(failed(conf_address_parse(STR("[::1]:5353"), &host, &port)));
    assert_str(host, "::1");
    assert_int_equal(port, 5353);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(written_default_reads_as_default, boot_open, boot_close),
        cmocka_unit_test_setup_teardown(everything_is_read, boot_open, boot_close),
        cmocka_unit_test_setup_teardown(the_dns_list_is_read, boot_open, boot_close),
        cmocka_unit_test_setup_teardown(bad_files_are_refused_where_they_are_bad, boot_open,
                                        boot_close),
        cmocka_unit_test_setup_teardown(a_path_longer_than_any_is_unknown, boot_open, boot_close),
        cmocka_unit_test(loopback_is_this_machine_only),
        cmocka_unit_test(orders_are_posted_safely),
        cmocka_unit_test(addresses_are_strict),
    };
    return cmocka_run_group_tests_name("conf/conf", tests, NULL, NULL);
}
