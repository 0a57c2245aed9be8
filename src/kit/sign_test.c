/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: what we sign, any Ed25519 accepts; what was changed by one bit, ours refuses.
 * Method: RFC 8032 section 7.1, tests 1 and 3; then every bit of a signature and a message.
 */
#include "kit/secret.h"
#include "kit/sign.h"

#include "kit/kit_test.h"

struct vector {
    const char *seed;
    const char *key;
    const char *message;
    const char *signature;
};

static const struct vector vectors[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b"
     "4"
     "6bd25bf5f0595bbe24655141438e7a100b"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc"
     "6"
     "594a7c15e9716ed28dc027beceea1ec40a"},
};

static void hex(const char *text, void *ret_bytes, size_t size)
{
    works(hex_parse(str_from_c(text), ret_bytes, size));
}

static void rfc_8032(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        const struct vector *v = &vectors[i];
        struct sign_secret secret;
        struct sign_public key;
        struct sign_public derived;
        struct signature want;
        struct signature got;
        char message[8];
        str m = str_make(message, strlen(v->message) / 2);
        hex(v->seed, secret.bytes, 32);
        hex(v->key, secret.bytes + 32, 32);
        hex(v->key, key.bytes, 32);
        hex(v->signature, want.bytes, 64);
        hex(v->message, message, m.size);

        sign_public_of(&secret, &derived);
        assert_memory_equal(derived.bytes, key.bytes, 32);
        sign_make(&secret, m, &got);
        assert_memory_equal(got.bytes, want.bytes, 64);
        assert_true(sign_check(&key, m, &got));
    }
}

static void one_bit_is_enough(void **state)
{
    (void)state;
    struct sign_secret secret;
    struct sign_public key;
    struct signature s;
    char message[] = "yumen ledger head 42";
    str m = str_make(message, sizeof message - 1);
    sign_key_make(&secret, &key);
    sign_make(&secret, m, &s);
    assert_true(sign_check(&key, m, &s));
    for (size_t bit = 0; bit < 8 * sizeof s.bytes; bit++) {
        s.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_false(sign_check(&key, m, &s));
        s.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    message[3] ^= 4;
    assert_false(sign_check(&key, m, &s));
    message[3] ^= 4;
    struct sign_secret other_secret;
    struct sign_public other;
    sign_key_make(&other_secret, &other);
    assert_false(sign_check(&other, m, &s));
    secret_wipe(&secret, sizeof secret);
    for (size_t i = 0; i < sizeof secret.bytes; i++)
        assert_int_equal(secret.bytes[i], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfc_8032),
        cmocka_unit_test(one_bit_is_enough),
    };
    return cmocka_run_group_tests_name("kit/sign", tests, boot, done);
}
