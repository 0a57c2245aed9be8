/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: digests are the ones the standards name, however the bytes arrive.
 * Method: published vectors (FIPS 180-4, the SipHash paper); the same bytes cut at every place.
 */
#include "kit/digest.h"

#include "kit/kit_test.h"

static void is_hex(struct digest d, const char *hex)
{
    uint8_t want[DIGEST_BYTES];
    works(hex_parse(str_from_c(hex), want, sizeof want));
    assert_memory_equal(d.bytes, want, sizeof want);
}

static void known_vectors(void **state)
{
    (void)state;
    is_hex(digest_of(STR("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    is_hex(digest_of(STR("abc")),
           "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    is_hex(digest_of(STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
           "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    is_hex(digest_of((str){0}), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void pieces_are_the_whole(void **state)
{
    (void)state;
    char bytes[300];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 7);
    str all = str_make(bytes, sizeof bytes);
    struct digest want = digest_of(all);
    for (size_t cut = 0; cut <= sizeof bytes; cut++) {
        struct digest_stream s;
        digest_init(&s);
        digest_put(&s, str_until(all, cut));
        digest_put(&s, str_from(all, cut));
        struct digest got = digest_done(&s);
        assert_true(digest_equal(&got, &want));
    }
    bytes[299] ^= 1;
    struct digest other = digest_of(all);
    assert_false(digest_equal(&other, &want));
}

static void siphash_as_published(void **state)
{
    (void)state;
    uint8_t key[SIPHASH_KEY_BYTES];
    char text[15];
    for (size_t i = 0; i < sizeof key; i++)
        key[i] = (uint8_t)i;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)i;
    assert_int_equal(digest_siphash(key, str_make(text, sizeof text)), 0xa129ca6149be45e5);
    key[0] ^= 1;
    assert_int_not_equal(digest_siphash(key, str_make(text, sizeof text)), 0xa129ca6149be45e5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_vectors),
        cmocka_unit_test(pieces_are_the_whole),
        cmocka_unit_test(siphash_as_published),
    };
    return cmocka_run_group_tests_name("kit/digest", tests, boot, done);
}
