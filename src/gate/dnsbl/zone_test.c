/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a name in a zone stands for exactly one value, and a value has exactly one name.
 * Method: numbers and domains made at random, written as a question and read back; a table of names
 * that are odd; every byte as a label.
 */
#include "gate/dnsbl/zone.h"

#include "env/random.h"
#include "fact/listing.h"
#include "kit/kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static struct arena turn;
static struct list_zone domains;
static struct list_zone numbers;
static char room[DNS_NAME_MAX];

static int open(void **state)
{
    (void)state;
    struct zone_terms terms = {.server = STR("ns.example."), .ttl_s = 300, .nothing_s = 60};
    arena_init(&turn, 1 << 20);
    if (failed(kit_boot()))
        return 1;
    assert_false(failed(zone_make(STR("dbl.yumen."), INDICATOR_DOMAIN, &terms, &domains)));
    assert_false(failed(zone_make(STR("num.yumen"), INDICATOR_NUMBER, &terms, &numbers)));
    return 0;
}

static int done(void **state)
{
    (void)state;
    arena_done(&turn);
    return 0;
}

/* "evil.example" as labels: dots separate, there is no escape. */
static str labels_of(str text, char at[DNS_NAME_MAX])
{
    size_t size = 0;
    for (str label = {0}; str_split(&text, '.', &label);) {
        at[size++] = (char)label.size;
        memcpy(at + size, label.at, label.size);
        size += label.size;
    }
    return str_make(at, size);
}

static enum zone_place find(const struct list_zone *z, str text, str *ret_value)
{
    char at[DNS_NAME_MAX];
    *ret_value = STR("");
    return zone_find(z, labels_of(text, at), room, &turn, ret_value);
}

static void numbers_are_read_from_their_end(void **state)
{
    (void)state;
    struct random_source random;
    random_init_seeded(&random, 5782);
    for (int i = 0; i < 50000; i++) {
        char number[1 + ZONE_DIGITS] = "+";
        char name[2 * ZONE_DIGITS];
        size_t count = 1 + (size_t)random_below(&random, ZONE_DIGITS);
        number[1] = (char)('1' + random_below(&random, 9));
        for (size_t k = 2; k <= count; k++)
            number[k] = (char)('0' + random_below(&random, 10));
        for (size_t k = 0; k < count; k++) {
            name[2 * k] = number[count - k];
            name[2 * k + 1] = '.';
        }
        str value;
        assert_int_equal(find(&numbers, str_make(name, 2 * count - 1), &value), ZONE_VALUE);
        assert_true(str_equal(value, str_make(number, count + 1)));
    }
}

static void domains_are_read_as_they_stand(void **state)
{
    (void)state;
    static const char letters[] = "abcdefghijklmnopqrstuvwyz0123456789-_"; /* no x: no A-label */
    struct random_source random;
    random_init_seeded(&random, 1035);
    for (int i = 0; i < 50000; i++) {
        char text[200];
        size_t size = 0;
        size_t labels = 1 + (size_t)random_below(&random, 6);
        for (size_t l = 0; l < labels; l++) {
            size_t letters_count = 1 + (size_t)random_below(&random, 30);
            for (size_t k = 0; k < letters_count; k++)
                text[size++] = letters[random_below(&random, sizeof letters - 1)];
            text[size++] = '.';
        }
        str value;
        str name = str_make(text, size - 1);
        bool is_point = str_equal(name, STR("test")) || str_equal(name, STR("invalid"));
        assert_true(is_point || find(&domains, name, &value) == ZONE_VALUE);
        assert_true(is_point || str_equal(value, name));
    }
}

static void odd_names_stand_for_what_they_should(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct {
        const struct list_zone *zone;
        str name;
        enum zone_place place;
        str value;
    } rows[] = {
        {&domains, STR("test"), ZONE_POINT, STR("")},
        {&domains, STR("a.test"), ZONE_VALUE, STR("a.test")},
        {&domains, STR("invalid"), ZONE_VALUE, STR("invalid")},
        {&domains, STR("xn--bcher-kva.example"), ZONE_VALUE, STR("xn--bcher-kva.example")},
        {&domains, STR("b\xC3\xBC"
                       "cher.example"),
         ZONE_VALUE, STR("xn--bcher-kva.example")},
        {&domains, STR("xn--a.example"), ZONE_NOTHING, STR("")},
        {&domains, STR("\xFF.example"), ZONE_NOTHING, STR("")},
        {&domains, STR("a b.example"), ZONE_NOTHING, STR("")},
        {&domains, STR(" evil.example"), ZONE_NOTHING, STR("")},
        {&domains, STR("2.0.0.127"), ZONE_VALUE, STR("2.0.0.127")},
        {&numbers, STR("6.8"), ZONE_VALUE, STR("+86")},
        {&numbers, STR("2.0.0.0.0.0.0"), ZONE_POINT, STR("+0000002")},
        {&numbers, STR("1.0.0.0.0.0.0"), ZONE_NOTHING, STR("+0000001")},
        {&numbers, STR("0.0"), ZONE_BETWEEN, STR("+00")},
        {&numbers, STR("1.0"), ZONE_VALUE, STR("+01")},
        {&numbers, STR("2.0.0.127"), ZONE_POINT, STR("")},
        {&numbers, STR("1.0.0.127"), ZONE_NOTHING, STR("")},
        {&numbers, STR("0.127"), ZONE_BETWEEN, STR("")},
        {&numbers, STR("127"), ZONE_BETWEEN, STR("")},
        {&numbers, STR("13.9"), ZONE_NOTHING, STR("")},
        {&numbers, STR("a.6.8"), ZONE_NOTHING, STR("")},
        {&numbers, STR("+.6.8"), ZONE_NOTHING, STR("")},
        {&numbers, STR("1.2.3.4.5.6.7.8.9.0.1.2.3.4.5"), ZONE_VALUE, STR("+543210987654321")},
        {&numbers, STR("1.2.3.4.5.6.7.8.9.0.1.2.3.4.5.6"), ZONE_NOTHING, STR("")},
    };
    /* clang-format on */
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        str value;
        enum zone_place place = find(rows[i].zone, rows[i].name, &value);
        if (place != rows[i].place || !str_equal(value, rows[i].value))
            fail_msg("%.*s: %d \"%.*s\"", STR_ARGS(rows[i].name), place, STR_ARGS(value));
    }
    str value;
    assert_int_equal(zone_find(&domains, STR(""), room, &turn, &value), ZONE_APEX);
}

/* A dot inside a label must not become two labels. */
static void every_byte_as_a_label(void **state)
{
    (void)state;
    for (int c = 0; c < 256; c++) {
        char at[] = {1, (char)c, 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e'};
        str value = STR("");
        enum zone_place place = zone_find(&domains, str_make(at, sizeof at), room, &turn, &value);
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        assert_int_equal(place == ZONE_VALUE, is_plain);
        char digit[] = {1, (char)c, 1, '8'};
        place = zone_find(&numbers, str_make(digit, sizeof digit), room, &turn, &value);
        assert_int_equal(place == ZONE_VALUE, c >= '0' && c <= '9');
    }
}

static void bad_zones_are_refused(void **state)
{
    (void)state;
    struct list_zone z;
    struct zone_terms terms = {.server = STR("ns.example."), .ttl_s = 300, .nothing_s = 60};
    assert_true(failed(zone_make(STR("."), INDICATOR_DOMAIN, &terms, &z)));
    assert_true(failed(zone_make(STR("*.yumen."), INDICATOR_DOMAIN, &terms, &z)));
    assert_true(failed(zone_make(STR("a..b"), INDICATOR_DOMAIN, &terms, &z)));
    terms.server = STR("a-name-that-goes-on.and-on-and-on.longer-than.anybody.example");
    assert_int_equal(zone_make(STR("x."), INDICATOR_DOMAIN, &terms, &z).code, ERR_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read_from_their_end),
        cmocka_unit_test(domains_are_read_as_they_stand),
        cmocka_unit_test(odd_names_stand_for_what_they_should),
        cmocka_unit_test(every_byte_as_a_label),
        cmocka_unit_test(bad_zones_are_refused),
    };
    return cmocka_run_group_tests(tests, open, done);
}
