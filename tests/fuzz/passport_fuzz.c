/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: whatever stands in an Identity header, it gets a finding; only what carries a signature of
 * the network's key can be right; the same again is found the same.
 * Method: the input is the header's value, of a call from and to fixed numbers. A certificate that
 * signed none of the inputs stands behind the address of the examples.
 */
#include "gate/sip/passport.h"
#include "kit/kit.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define URL "https://cert.example.org/passport.cer"

static struct arena boot;
static struct arena turn;
static struct sip_message message;
static struct sip_signer signer;
static struct sip_signers signers = {&signer, 1};
static struct sip_checking checking = {.signers = &signers, .fresh_s = 60};
static const struct sip_trunk trunk = {.is_asserting = true, .is_national = true};

static const char request[] =
    "INVITE sip:+8613800000000@b SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\n"
    "From: <sip:+8613912345678@a>;tag=1\r\nTo: <sip:+8613800000000@b>\r\nCall-ID: 1\r\n"
    "CSeq: 1 INVITE\r\nDate: Fri, 15 Jan 2027 08:00:00 GMT\r\n\r\n";

static void must(bool is_so)
{
    if (!is_so)
        abort();
}

static void open_all(void)
{
    struct tncert_trust *trust = NULL;
    struct tncert *certificate = NULL;
    str key = {0};
    str pem = {0};
    must(!failed(kit_boot()));
    arena_init(&boot, 32 << 20);
    arena_init(&turn, 4 << 20);
    must(!failed(jws_key_make(STR("network"), instant_from_civil(2026, 1, 1, 0),
                              instant_from_civil(2028, 1, 1, 0), &boot, &key)));
    must(!failed(jws_certificates(key, &boot, &pem)));
    must(!failed(tncert_trust_open(pem, &boot, &trust)));
    must(!failed(tncert_open(pem, trust, &boot, &certificate)));
    tncert_trust_close(trust);
    signer = (struct sip_signer){STR(URL), certificate};
    checking.shown = arena_make_array(&boot, SIP_SHOWN_LINES, sizeof *checking.shown);
    must(checking.shown != NULL);
    must(sip_message_read(str_from_c(request), false, &message) == SIP_SOUND);
}

static enum sip_finding found(str value, str *ret_url)
{
    struct sip_came call = {&message, &trunk, instant_from_us(INT64_C(1800000000) * US_PER_S)};
    arena_reset(&turn);
    return sip_passport_check(&checking, &call, value, &turn, ret_url);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str url = {0};
    if (checking.shown == NULL)
        open_all();
    str value = str_make((const char *)data, size);
    enum sip_finding finding = found(value, &url);
    must(finding > SIP_FOUND_signed && finding < SIP_FOUND_replayed);
    must(url.size < SIP_URL_BYTES);
    must(finding != SIP_FOUND_unknown_certificate || url.size > 0);
    must(found(value, &url) == finding);
    return 0;
}
