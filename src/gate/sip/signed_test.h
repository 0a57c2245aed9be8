/* SPDX-License-Identifier: Apache-2.0 */
/* A network that signs calls, for the tests of the SIP gate. */
#ifndef YUMEN_GATE_SIP_SIGNED_TEST_H
#define YUMEN_GATE_SIP_SIGNED_TEST_H

#include "gate/sip/house_test.h"
#include "gate/sip/passport.h"

#define SIGNED_URL  "https://cert.example.org/passport.cer"
#define SIGNED_AT_S INT64_C(1800000000) /* 2027-01-15 */

static struct arena signed_arena;
static str signed_key;   /* the network's */
static str signed_other; /* somebody else's */
static struct sip_signer signed_signer;
static struct sip_signers signed_signers = {&signed_signer, 1};

static inline void signed_works(err e)
{
    if (failed(e))
        fail_msg("%s", e.why);
}

static inline struct tncert *signed_certificate(str pem)
{
    struct tncert_trust *trust = NULL;
    struct tncert *c = NULL;
    signed_works(tncert_trust_open(pem, &signed_arena, &trust));
    signed_works(tncert_open(pem, trust, &signed_arena, &c));
    tncert_trust_close(trust);
    return c;
}

static inline void signed_open(void)
{
    str pem = {0};
    instant from = instant_from_civil(2026, 1, 1, 0);
    instant until = instant_from_civil(2028, 1, 1, 0);
    arena_init(&signed_arena, 64 << 20);
    signed_works(jws_key_make(STR("network"), from, until, &signed_arena, &signed_key));
    signed_works(jws_key_make(STR("other"), from, until, &signed_arena, &signed_other));
    signed_works(jws_certificates(signed_key, &signed_arena, &pem));
    signed_signer = (struct sip_signer){STR(SIGNED_URL), signed_certificate(pem)};
}

static inline void signed_close(void)
{
    tncert_close((struct tncert *)(uintptr_t)signed_signer.certificate);
    arena_done(&signed_arena);
}

#define SIGNED_HEADER                                                                              \
    "{\"alg\":\"ES256\",\"ppt\":\"shaken\",\"typ\":\"passport\",\"x5u\":\"" SIGNED_URL "\"}"
#define SIGNED_PARAMS ";info=<" SIGNED_URL ">;alg=ES256;ppt=shaken"

static inline str signed_token(str key, const char *header, const char *claims)
{
    str token = {0};
    signed_works(jws_make(key, str_from_c(header), str_from_c(claims), &signed_arena, &token));
    return token;
}

static inline str signed_value(str token, const char *params)
{
    struct text t;
    text_init(&t, &signed_arena);
    text_put(&t, token);
    text_put_c(&t, params);
    return text_str(&t);
}

static inline const char *signed_claims(const char *attest, const char *from, const char *to,
                                        int64_t at_s)
{
    struct text t;
    text_init(&t, &signed_arena);
    text_printf(&t,
                "{\"attest\":\"%s\",\"dest\":{\"tn\":[\"%s\"]},\"iat\":%lld,\"orig\":{\"tn\":"
                "\"%s\"},\"origid\":\"123e4567-e89b-12d3-a456-426655440000\"}",
                attest, to, (long long)at_s, from);
    return text_str(&t).at;
}

#endif
