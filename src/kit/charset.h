/* SPDX-License-Identifier: Apache-2.0 */
/*
 * charset - other people's text becomes UTF-8 at the door (ICU).
 *
 * Shape     charset_to_utf8() for a short text at hand, strict. For a file, a reader: bytes in,
 *           UTF-8 out, as much as fits. It drops a BOM, replaces what it cannot read by U+FFFD,
 *           counts that, and remembers where it first happened. Begun as CHARSET_UNKNOWN it passes
 *           ASCII on until the first other byte, and judges by the KiB that begins there.
 *
 *               while (in.size > 0)                                     for each block `in`
 *                   use(out, charset_reader_put(&r, &in, out, room));
 *               while ((n = charset_reader_flush(&r, out, room)) > 0)   once
 *                   use(out, n);
 *
 * Owns      A reader owns ICU converters, until charset_reader_done (a zeroed reader may be done).
 * Lives     Text from charset_to_utf8 as long as the arena; it is `bytes` itself where possible.
 *           A reader must not move between init and done.
 * Fails     charset_to_utf8: "charset.malformed" with the offset. A reader never does.
 * Threads   One reader, one thread.
 * Bounds    A reader is 2.5 KiB and some 6 KiB of ICU's, whatever the size of the file.
 */
#ifndef YUMEN_KIT_CHARSET_H
#define YUMEN_KIT_CHARSET_H

#include "base/str.h"

enum charset {
    CHARSET_UNKNOWN,
    CHARSET_UTF8,
    CHARSET_UTF16LE,
    CHARSET_UTF16BE,
    CHARSET_GB18030,
    CHARSET_COUNT
};

/* A BOM says; else valid UTF-8 is UTF-8 (a last character may be cut short); else GB18030. */
enum charset charset_guess(str bytes);
const char *charset_name(enum charset charset);

/* CHARSET_UNKNOWN: guess. A BOM is dropped. */
err charset_to_utf8(str bytes, enum charset charset, struct arena *a, str *ret_utf8);

enum { CHARSET_ROOM_MIN_BYTES = 16, CHARSET_HELD_BYTES = 1024 };

struct UConverter; /* ICU's */

struct charset_reader {
    enum charset charset; /* CHARSET_UNKNOWN as long as there was only ASCII */
    uint64_t bad_count;   /* malformed sequences so far */
    uint64_t bad_at;      /* offset in the file of the first of them */
    /* The rest is the reader's own. */
    struct charset_reader *self;
    uint64_t read_bytes; /* given to the converter */
    const char *block;
    size_t block_bytes;
    struct UConverter *from;
    struct UConverter *to;
    uint16_t pivot[512];
    uint16_t *pivot_from;
    uint16_t *pivot_to;
    char held[CHARSET_HELD_BYTES]; /* what the guess is made of; [held_at, held_bytes) is unread */
    size_t held_bytes;
    size_t held_at;
    bool has_text;
};

err charset_reader_init(struct charset_reader *r, enum charset charset);
void charset_reader_done(struct charset_reader *r);
/* Takes from *in what it can, leaves the rest there; returns how many bytes of `room` it wrote. */
size_t charset_reader_put(struct charset_reader *r, str *in, char *out, size_t room);
/* After the last block: what was held back. Call until it returns 0. */
size_t charset_reader_flush(struct charset_reader *r, char *out, size_t room);

#endif
