/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: whatever the bytes, UTF-8 comes out, the same however they were cut.
 * Method: the first bytes choose charset, block and room; read so and at once, and compared with
 * each other and with the short form.
 */
#include "kit/charset.h"

#include "kit_fuzz.h"

enum { ROOM_BYTES = 1 << 16 };

static str read_all(struct arena *a, struct charset_reader *r, str bytes, size_t block, size_t room)
{
    char *out = arena_make(a, ROOM_BYTES);
    struct text t;
    text_init(&t, a);
    while (bytes.size > 0) {
        str in = str_until(bytes, block);
        bytes = str_from(bytes, in.size);
        while (in.size > 0)
            text_put(&t, str_make(out, charset_reader_put(r, &in, out, room)));
    }
    for (size_t size = 1; size > 0; text_put(&t, str_make(out, size)))
        size = charset_reader_flush(r, out, room);
    must(!text_spent(&t) && str_is_utf8(text_str(&t)));
    must(r->bad_count == 0 || r->bad_at < r->read_bytes);
    return text_str(&t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    arena_init(&a, 32 << 20);
    str bytes = str_make((const char *)data, size);
    enum charset charset = take_byte(&bytes) % CHARSET_COUNT;
    size_t block = 1 + take_byte(&bytes);
    size_t room = CHARSET_ROOM_MIN_BYTES + take_byte(&bytes);
    struct charset_reader whole = {0};
    struct charset_reader cut = {0};
    must(!failed(charset_reader_init(&whole, charset)));
    must(!failed(charset_reader_init(&cut, charset)));
    str at_once = read_all(&a, &whole, bytes, bytes.size + 1, ROOM_BYTES);
    must(str_equal(at_once, read_all(&a, &cut, bytes, block, room)));
    must(whole.bad_count == cut.bad_count && whole.bad_at == cut.bad_at);
    must(whole.charset == cut.charset);

    str utf8;
    err e = charset_to_utf8(bytes, charset, &a, &utf8);
    if (charset != CHARSET_UNKNOWN)
        must(failed(e) == (whole.bad_count > 0) && (failed(e) || str_equal(utf8, at_once)));
    charset_reader_done(&whole);
    charset_reader_done(&cut);
    arena_done(&a);
    return 0;
}
