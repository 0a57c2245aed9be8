/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: what is kept of calls names nobody, and lists for nobody whom a person called, not even for
 * who has the keys. Method: a book fed with calls, then attacked: read as bytes, compared under
 * another secret, and asked about every number of a range.
 */
#include "sense/sense_test.h"

enum { STRANGERS = 100000, FRIENDS = 5 };

static _Alignas(64) uint8_t room[1 << 20];
static const struct book_settings settings = {
    .numbers_most = 1000, .calls_most = 1000, .window_h = BOOK_WINDOW_H, .zone_s = 8 * 3600};

static void make_keys(uint8_t seed, struct sight_keys *keys)
{
    uint8_t secret[SIGHT_SECRET_BYTES];
    memset(secret, seed, sizeof secret);
    sight_keys_make(secret, keys);
}

static void sight_call(const struct sight_keys *keys, const char *from, const char *to,
                       struct sighting *s)
{
    static uint32_t calls;
    char id[16];
    snprintf(id, sizeof id, "c%u", calls);
    struct phone_call call = {.id = str_from_c(id),
                              .caller = str_from_c(from),
                              .callee = str_from_c(to),
                              .imsi = STR("460001234567890"),
                              .imei = STR("35209900176148"),
                              .cell = STR("460-00-1234-5678"),
                              .time_s = 1795345200 + calls++ * 60,
                              .duration_s = 30,
                              .parts = CALL_SETUP | CALL_ANSWER | CALL_END};
    sight(keys, STR("carrier"), &call, s);
}

static const char *number(char text[16], unsigned n)
{
    snprintf(text, 16, "+86139%08u", n);
    return text;
}

static void befriend(struct book *b, const struct sight_keys *keys)
{
    char to[16];
    memset(room, 0, sizeof room);
    assert_true(book_room(&settings) <= sizeof room);
    book_init(b, &settings, room);
    for (unsigned i = 0; i < FRIENDS; i++) {
        struct sighting s;
        struct book_due due;
        sight_call(keys, "+8613812345678", number(to, i * 7919), &s);
        (void)book_take(b, &s, 1, &due);
    }
}

static void pairs(void **state)
{
    (void)state;
    struct sight_keys keys;
    struct sight_keys other;
    struct sighting s;
    struct sighting back;
    struct sighting third;
    make_keys(1, &keys);
    make_keys(2, &other);
    sight_call(&keys, "+8613812345678", "+8613900000001", &s);
    sight_call(&keys, "+8613900000001", "+8613812345678", &back);
    sight_call(&keys, "+8613812345679", "+8613900000001", &third);
    assert_true(s.caller == back.callee && s.callee == back.caller && s.pair == back.pair);
    assert_true(third.callee == s.callee && third.pair != s.pair);
    assert_true(s.id != back.id);
    sight_call(&other, "+8613812345678", "+8613900000001", &third);
    assert_true(s.caller != third.caller && s.pair != third.pair && s.id != third.id);
}

static bool has_bytes(const void *bytes, size_t size)
{
    for (size_t i = 0; i + size <= sizeof room; i++)
        if (memcmp(room + i, bytes, size) == 0)
            return true;
    return false;
}

static void no_number_stands_in_it(void **state)
{
    (void)state;
    struct book b;
    struct sight_keys keys;
    make_keys(1, &keys);
    befriend(&b, &keys);
    uint64_t as_integer = UINT64_C(8613812345678);
    struct sighting s;
    sight_call(&keys, "+8613812345678", "+8613900000000", &s);
    assert_true(has_bytes(&s.caller, sizeof s.caller)); /* the search finds what is there */
    assert_false(has_bytes("13812345678", 6));
    assert_false(has_bytes("13900000000", 6));
    assert_false(has_bytes(&as_integer, 6));
    assert_false(has_bytes(&s.pair, sizeof s.pair));
    assert_false(has_bytes("352099", 6));
    assert_false(has_bytes("460-00", 6));
}

/* What somebody can do who has the file and the keys: ask of every number whether the sketch would
 * look the same if it had been called. Thousands for each true one must say yes. */
static bool may_have_called(const struct conduct *c, uint32_t pair)
{
    uint8_t after[SKETCH_64_BYTES];
    memcpy(after, c->out_peers, sizeof after);
    sketch_put(after, 64, pair);
    return memcmp(after, c->out_peers, sizeof after) == 0 &&
           (c->day_peers >> (pair >> 27) & 1) != 0;
}

static void whom_a_person_called_cannot_be_listed(void **state)
{
    (void)state;
    struct book b;
    struct sight_keys keys;
    struct sighting s;
    char to[16];
    make_keys(1, &keys);
    befriend(&b, &keys);
    sight_call(&keys, "+8613812345678", number(to, 0), &s);
    const struct conduct *c = book_find(&b, s.caller);
    assert_non_null(c);
    assert_true(may_have_called(c, s.pair));
    unsigned suspects = 0;
    for (unsigned i = 0; i < STRANGERS; i++) {
        sight_call(&keys, "+8613812345678", number(to, 50000000 + i), &s);
        suspects += may_have_called(c, s.pair);
    }
    /* One in 200: of the 10^9 numbers of the country five million for five. */
    assert_true(suspects > STRANGERS / 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs),
        cmocka_unit_test(no_number_stands_in_it),
        cmocka_unit_test(whom_a_person_called_cannot_be_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
