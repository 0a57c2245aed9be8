/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: no header upsets the readers of signatures, and none is taken that we did not make.
 * Method: the input's lines are Signature-Input, Signature, Content-Digest and the body; all that
 * is read lies within them; nothing verifies under a key whose secret nobody has. What we sign over
 * that body, with any bytes in a header, is taken, or refused for a line break in it.
 */
#include "kit/httpsig.h"

#include "kit_fuzz.h"

static bool is_within(str part, str whole)
{
    return part.size == 0 || (part.at >= whole.at && part.at + part.size <= whole.at + whole.size);
}

static void check_slices(str input, str signature)
{
    struct httpsig room[HTTPSIG_LABELS];
    size_t count = 0;
    if (failed(httpsig_parse(input, signature, room, &count)))
        return;
    must(count <= HTTPSIG_LABELS);
    for (size_t i = 0; i < count; i++) {
        must(room[i].component_count <= HTTPSIG_COMPONENTS);
        must(is_within(room[i].params, input) && is_within(room[i].nonce, input));
        must(is_within(room[i].label, input) && is_within(room[i].keyid, input));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct sign_public nobody = {
        {1, 2, 3}
    };
    struct arena a;
    struct httpsig sig;
    str rest = str_make((const char *)data, size);
    str line[3] = {STR(""), STR(""), STR("")};
    for (size_t i = 0; i < 3; i++)
        (void)str_split(&rest, '\n', &line[i]);
    arena_init(&a, 16 << 20);
    check_slices(line[0], line[1]);
    struct httpsig_field fields[] = {
        {STR("signature-input"), line[0]},
        {STR("signature"),       line[1]},
        {STR("content-digest"),  line[2]},
        {STR("content-type"),    line[2]},
    };
    struct httpsig_request r = {
        .method = STR("POST"),
        .scheme = STR("https"),
        .authority = STR("a.example"),
        .path = STR("/x"),
        .fields = fields,
        .field_count = 4,
        .body = rest.at == NULL ? STR("") : rest,
    };
    instant now = {INT64_C(1795000000) * US_PER_S};
    must(failed(httpsig_check(&r, &nobody, now, &a, &sig)));

    static struct sign_secret secret;
    static struct sign_public key;
    if (key.bytes[0] == 0 && key.bytes[1] == 0)
        sign_key_make(&secret, &key);
    struct httpsig_stamp stamp = {&secret, STR("k"), STR("12345678"), now};
    struct httpsig_made made;
    r.fields = &fields[3];
    r.field_count = 1;
    if (!failed(httpsig_make(&r, &stamp, &a, &made))) {
        fields[0].value = made.signature_input;
        fields[1].value = made.signature;
        fields[2].value = made.content_digest;
        r.fields = fields;
        r.field_count = 4;
        must(!failed(httpsig_check(&r, &key, now, &a, &sig)));
    }
    arena_done(&a);
    return 0;
}
