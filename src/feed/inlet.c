/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/inlet.h"

#include <assert.h>

err inlet_init(struct inlet *in, struct arena *a, enum charset charset)
{
    assert(in != NULL && in->sink != NULL);
    in->arena = a;
    in->charset = charset;
    in->block = arena_make(a, INLET_BLOCK_BYTES);
    in->utf8 = arena_make(a, INLET_BLOCK_BYTES);
    if (in->block == NULL || in->utf8 == NULL)
        return fail(ERR_LIMIT, "feed: no room for the inlet", 0);
    return OK;
}

void inlet_done(struct inlet *in)
{
    charset_reader_done(&in->reader);
    inflate_done(&in->inflate);
}

/* How many bytes of well-formed UTF-8 begin here, beyond ASCII; 0 for anything else. */
static size_t wide_bytes(str s)
{
    static const uint8_t wants[16] = {[12] = 2, [13] = 2, [14] = 3, [15] = 4};
    size_t want = wants[(unsigned char)s.at[0] >> 4];
    bool is_wide = want != 0 && want <= s.size && str_is_utf8(str_until(s, want));
    return is_wide ? want : 0;
}

/* Rows 16 to 87 of GB 2312: the characters that any Chinese text is made of. */
static bool is_hanzi(const unsigned char *at)
{
    return at[0] >= 0xB0 && at[0] <= 0xF7 && at[1] >= 0xA1 && at[1] <= 0xFE;
}

enum charset inlet_judge(str block)
{
    enum charset guess = charset_guess(block);
    if (guess != CHARSET_GB18030)
        return guess;
    size_t well = 0;
    size_t ill = 0;
    size_t hanzi = 0;
    for (size_t i = 0; i < block.size;) {
        const unsigned char *at = (const unsigned char *)block.at + i;
        size_t wide = wide_bytes(str_from(block, i));
        bool is_pair = wide == 0 && i + 1 < block.size && is_hanzi(at);
        well += wide != 0;
        ill += wide == 0 && at[0] >= 0x80;
        hanzi += is_pair;
        i += wide != 0 ? wide : is_pair ? 2 : 1;
    }
    return ill > well && hanzi > 0 ? CHARSET_GB18030 : CHARSET_UTF8;
}

/* CR LF and CR become LF; the LF of a CR LF may be in the next piece. */
static size_t line_ends_plain(struct inlet *in, char *at, size_t size)
{
    if (!in->is_after_cr && (size == 0 || memchr(at, '\r', size) == NULL))
        return size;
    size_t kept = 0;
    for (size_t i = 0; i < size; i++) {
        bool is_rest = in->is_after_cr && at[i] == '\n';
        in->is_after_cr = at[i] == '\r';
        if (!is_rest)
            at[kept++] = at[i] == '\r' ? '\n' : at[i];
    }
    return kept;
}

static err pass_on(struct inlet *in, char *utf8, size_t size)
{
    size = line_ends_plain(in, utf8, size);
    return size == 0 ? OK : in->sink(in->self, str_make(utf8, size));
}

/* A file that has been ASCII so far is not judged yet: the first other byte decides. */
static err reader_begin(struct inlet *in)
{
    str block = str_make(in->block, in->block_bytes);
    if (in->charset == CHARSET_UNKNOWN) {
        if (str_is_ascii(block))
            return OK;
        in->charset = inlet_judge(block);
    }
    TRY(charset_reader_init(&in->reader, in->charset));
    in->has_reader = true;
    return OK;
}

static err block_pass(struct inlet *in)
{
    if (!in->has_reader)
        TRY(reader_begin(in));
    str rest = str_make(in->block, in->block_bytes);
    in->block_bytes = 0;
    if (!in->has_reader)
        return pass_on(in, in->block, rest.size);
    while (rest.size > 0)
        TRY(pass_on(in, in->utf8,
                    charset_reader_put(&in->reader, &rest, in->utf8, INLET_BLOCK_BYTES)));
    return OK;
}

static err plain_put(struct inlet *in, str bytes)
{
    for (;;) {
        size_t wrote = 0;
        in->damage = inflate_step(&in->inflate, &bytes, in->block + in->block_bytes,
                                  INLET_BLOCK_BYTES - in->block_bytes, &wrote);
        if (failed(in->damage))
            return block_pass(in);
        in->block_bytes += wrote;
        if (in->block_bytes == INLET_BLOCK_BYTES)
            TRY(block_pass(in));
        else if (wrote == 0 && bytes.size == 0)
            return OK;
    }
}

static err kind_settle(struct inlet *in)
{
    str magic = str_make(in->magic, in->magic_bytes);
    const struct inflate_limits limits = {.ratio = INLET_RATIO};
    TRY(inflate_init(&in->inflate, inflate_guess(magic), limits, in->arena));
    in->has_kind = true;
    return plain_put(in, magic);
}

err inlet_put(struct inlet *in, str bytes)
{
    assert(in->block != NULL);
    while (!in->has_kind && bytes.size > 0) {
        in->magic[in->magic_bytes++] = bytes.at[0];
        bytes = str_from(bytes, 1);
        if (in->magic_bytes == INLET_MAGIC_BYTES)
            TRY(kind_settle(in));
    }
    if (failed(in->damage) || bytes.size == 0)
        return OK;
    return plain_put(in, bytes);
}

err inlet_end(struct inlet *in)
{
    if (!in->has_kind)
        TRY(kind_settle(in));
    if (failed(in->damage))
        return OK;
    TRY(block_pass(in));
    in->damage = inflate_end(&in->inflate);
    if (!in->has_reader)
        return OK;
    size_t wrote = 0;
    while ((wrote = charset_reader_flush(&in->reader, in->utf8, INLET_BLOCK_BYTES)) > 0)
        TRY(pass_on(in, in->utf8, wrote));
    return OK;
}
