/* SPDX-License-Identifier: Apache-2.0 */
#include "kit/charset.h"

#include <assert.h>
#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>

static const char *const names[CHARSET_COUNT] = {
    [CHARSET_UNKNOWN] = "unknown",  [CHARSET_UTF8] = "UTF-8",      [CHARSET_UTF16LE] = "UTF-16LE",
    [CHARSET_UTF16BE] = "UTF-16BE", [CHARSET_GB18030] = "GB18030",
};

#define BOM STR("\xEF\xBB\xBF")

const char *charset_name(enum charset charset)
{
    assert(charset < CHARSET_COUNT);
    return names[charset];
}

/* Bytes of the UTF-8 character this byte begins; 1 in the middle of one; 0 when it is in none. */
static size_t utf8_need(unsigned char c)
{
    if (c < 0x80 || c == 0xC0 || c == 0xC1 || c > 0xF4)
        return 0;
    return c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
}

/* How many bytes at the end may be the beginning of a character that was cut. */
static size_t cut_tail(str bytes)
{
    for (size_t back = 1; back <= 3 && back <= bytes.size; back++) {
        size_t need = utf8_need((unsigned char)bytes.at[bytes.size - back]);
        if (need != 1)
            return need > back ? back : 0;
    }
    return 0;
}

static enum charset guess_by_text(str bytes)
{
    bool is_utf8 = str_is_utf8(str_until(bytes, bytes.size - cut_tail(bytes)));
    return is_utf8 ? CHARSET_UTF8 : CHARSET_GB18030;
}

enum charset charset_guess(str bytes)
{
    if (str_starts(bytes, STR("\xFF\xFE")))
        return CHARSET_UTF16LE;
    if (str_starts(bytes, STR("\xFE\xFF")))
        return CHARSET_UTF16BE;
    return guess_by_text(bytes);
}

static err no_icu(void)
{
    return fail(ERR_OS, "charset: ICU cannot open a converter", 0);
}

/* Where the sequence of `size` bytes began that ICU has just given up. ICU has looked at more and
 * hands that back: what is in this block by pointing to it; what was in earlier ones as a replay
 * out of a buffer of its own. Half a unit of UTF-16 it keeps, but units begin at even offsets. */
static uint64_t place_of(const struct charset_reader *r, const UConverterToUnicodeArgs *args,
                         int32_t size)
{
    uintptr_t source = (uintptr_t)args->source;
    uintptr_t block = (uintptr_t)r->block;
    bool is_replay = source < block || source > block + r->block_bytes;
    uint64_t end = r->read_bytes + (is_replay ? 0 : source - block);
    uint64_t back = (uint64_t)size + (is_replay ? (uint64_t)(args->sourceLimit - args->source) : 0);
    uint64_t place = end > back ? end - back : 0;
    bool is_utf16 = r->charset == CHARSET_UTF16LE || r->charset == CHARSET_UTF16BE;
    return is_utf16 ? place & ~UINT64_C(1) : place;
}

/* ICU calls this for every sequence it cannot read: remember where, write U+FFFD, go on. */
static void replace(const void *context, UConverterToUnicodeArgs *args, const char *units,
                    int32_t size, UConverterCallbackReason reason, UErrorCode *status)
{
    (void)units;
    if (reason > UCNV_IRREGULAR)
        return; /* the converter is reset or closed */
    struct charset_reader *r = *(struct charset_reader *const *)context;
    if (r->bad_count++ == 0)
        r->bad_at = place_of(r, args, size);
    static const UChar replacement = 0xFFFD;
    *status = U_ZERO_ERROR;
    ucnv_cbToUWriteUChars(args, &replacement, 1, 0, status);
}

static err from_open(struct charset_reader *r, enum charset charset)
{
    UErrorCode status = U_ZERO_ERROR;
    r->charset = charset;
    r->from = ucnv_open(names[charset], &status);
    if (U_SUCCESS(status))
        ucnv_setToUCallBack(r->from, replace, &r->self, NULL, NULL, &status);
    return U_FAILURE(status) ? no_icu() : OK;
}

err charset_reader_init(struct charset_reader *r, enum charset charset)
{
    assert(charset < CHARSET_COUNT);
    *r = (struct charset_reader){.charset = charset, .self = r};
    r->pivot_from = r->pivot;
    r->pivot_to = r->pivot;
    UErrorCode status = U_ZERO_ERROR;
    r->to = ucnv_open("UTF-8", &status);
    if (U_FAILURE(status))
        return no_icu();
    return charset == CHARSET_UNKNOWN ? OK : from_open(r, charset);
}

void charset_reader_done(struct charset_reader *r)
{
    if (r->from != NULL)
        ucnv_close(r->from);
    if (r->to != NULL)
        ucnv_close(r->to);
    *r = (struct charset_reader){0};
}

/* The first character of a file is no text when it is a BOM, in whatever charset. */
static size_t drop_bom(struct charset_reader *r, char *out, size_t size)
{
    if (r->has_text || size == 0)
        return size;
    r->has_text = true;
    if (!str_starts(str_make(out, size), BOM))
        return size;
    size -= BOM.size;
    memmove(out, out + BOM.size, size);
    return size;
}

static size_t convert(struct charset_reader *r, str *in, char *out, size_t room, bool is_last)
{
    r->block = in->at;
    r->block_bytes = in->size;
    const char *source = in->at;
    char *target = out;
    UErrorCode status = U_ZERO_ERROR;
    ucnv_convertEx(r->to, r->from, &target, out + room, &source, in->at + in->size, r->pivot,
                   &r->pivot_from, &r->pivot_to, r->pivot + COUNT_OF(r->pivot), false, is_last,
                   &status);
    assert(U_SUCCESS(status) || status == U_BUFFER_OVERFLOW_ERROR); /* replace() sees to the rest */
    r->read_bytes += (size_t)(source - in->at);
    *in = str_from(*in, (size_t)(source - in->at));
    return drop_bom(r, out, (size_t)(target - out));
}

static size_t pass_ascii(struct charset_reader *r, str *in, char *out, size_t room)
{
    size_t size = 0;
    while (size < in->size && size < room && (unsigned char)in->at[size] < 0x80)
        size++;
    if (size == 0)
        return 0;
    memcpy(out, in->at, size);
    r->has_text = true;
    r->read_bytes += size;
    *in = str_from(*in, size);
    return size;
}

/* Now it matters. A BOM counts only where the file begins. */
static void decide(struct charset_reader *r)
{
    str held = str_make(r->held, r->held_bytes);
    err e = from_open(r, r->read_bytes == 0 ? charset_guess(held) : guess_by_text(held));
    assert(!failed(e)); /* out of memory: ICU has the tables themselves */
}

/* Holds back what comes from the first byte on that is not ASCII, until there is enough to judge
 * by: then the answer does not depend on how the file was cut. */
static void hold(struct charset_reader *r, str *in)
{
    size_t left = sizeof r->held - r->held_bytes;
    str more = str_until(*in, left);
    memcpy(r->held + r->held_bytes, more.at, more.size);
    r->held_bytes += more.size;
    *in = str_from(*in, more.size);
    if (r->held_bytes == sizeof r->held)
        decide(r);
}

static size_t release(struct charset_reader *r, char *out, size_t room)
{
    size_t size = 0;
    while (size == 0 && r->held_at < r->held_bytes) {
        str held = str_make(r->held + r->held_at, r->held_bytes - r->held_at);
        size = convert(r, &held, out, room, false);
        r->held_at = r->held_bytes - held.size;
    }
    return size;
}

size_t charset_reader_put(struct charset_reader *r, str *in, char *out, size_t room)
{
    assert(room >= CHARSET_ROOM_MIN_BYTES);
    if (in->size == 0)
        return 0;
    if (r->charset == CHARSET_UNKNOWN) {
        size_t size = r->held_bytes == 0 ? pass_ascii(r, in, out, room) : 0;
        if (size == 0)
            hold(r, in);
        return size;
    }
    size_t size = release(r, out, room);
    return size > 0 ? size : convert(r, in, out, room, false);
}

size_t charset_reader_flush(struct charset_reader *r, char *out, size_t room)
{
    assert(room >= CHARSET_ROOM_MIN_BYTES);
    if (r->charset == CHARSET_UNKNOWN && r->held_bytes > 0)
        decide(r);
    size_t size = release(r, out, room);
    if (size > 0 || r->from == NULL)
        return size;
    str nothing = STR("");
    return convert(r, &nothing, out, room, true);
}

static err read_all(struct charset_reader *r, str bytes, struct arena *a, str *ret_utf8)
{
    assert(bytes.size < SIZE_MAX / 8);
    /* No charset of ours makes more than three bytes of one. */
    size_t room = 3 * bytes.size + 2 * CHARSET_ROOM_MIN_BYTES;
    char *out = arena_make(a, room);
    if (out == NULL)
        return fail(ERR_LIMIT, "charset: the arena is spent", 0);
    size_t size = 0;
    while (bytes.size > 0)
        size += charset_reader_put(r, &bytes, out + size, room - size);
    for (size_t more = 1; more > 0; size += more)
        more = charset_reader_flush(r, out + size, room - size);
    if (r->bad_count > 0)
        return fail(ERR_MALFORMED, "charset.malformed", (uint32_t)r->bad_at);
    *ret_utf8 = str_make(out, size);
    return OK;
}

err charset_to_utf8(str bytes, enum charset charset, struct arena *a, str *ret_utf8)
{
    if (charset == CHARSET_UNKNOWN)
        charset = charset_guess(bytes);
    if (charset == CHARSET_UTF8 && str_is_utf8(bytes)) {
        *ret_utf8 = str_starts(bytes, BOM) ? str_from(bytes, BOM.size) : bytes;
        return OK;
    }
    SCOPED(charset_reader_done) struct charset_reader r = {0};
    TRY(charset_reader_init(&r, charset));
    return read_all(&r, bytes, a, ret_utf8);
}
