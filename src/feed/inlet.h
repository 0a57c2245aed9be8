/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inlet - whatever a peer sends becomes UTF-8 with plain line ends, in blocks.
 *
 * Shape     bytes --inflate--> block of 64 KiB --charset--> UTF-8 --line ends--> sink
 *
 *           A block is judged and passed on only when it is full, or at the end: what comes out
 * does not depend on how the network cut what came in. CR and CR LF become LF. What cannot be read
 * as text becomes U+FFFD, by which the reader knows the row it spoiled. Owns      The libraries'
 * windows and converters, until inlet_done. Lives     In the caller's arena. Fails     Compression:
 * "compressed.*" of kit/inflate.h; everything before the damage has been passed on by then. And
 * whatever the sink answers. Threads   One. Bounds    Two blocks, and kit's windows. Output at most
 * INLET_RATIO times the input.
 */
#ifndef YUMEN_FEED_INLET_H
#define YUMEN_FEED_INLET_H

#include "kit/charset.h"
#include "kit/inflate.h"

enum { INLET_BLOCK_BYTES = 64 << 10, INLET_RATIO = 500, INLET_MAGIC_BYTES = 4 };

struct inlet {
    /* Called with UTF-8, never empty. */
    err (*sink)(void *self, str utf8);
    void *self;
    err damage; /* of the compression, found while passing blocks on */

    /* The rest is the inlet's own. */
    struct arena *arena;
    enum charset charset;
    struct charset_reader reader;
    struct inflate inflate;
    char *block;
    char *utf8;
    size_t block_bytes;
    char magic[INLET_MAGIC_BYTES];
    uint8_t magic_bytes;
    bool has_kind;
    bool has_reader;
    bool is_after_cr;
};

/* charset: CHARSET_UNKNOWN to judge by the bytes. */
err inlet_init(struct inlet *in, struct arena *a, enum charset charset);
void inlet_done(struct inlet *in);
/* Once damaged, takes nothing more. */
err inlet_put(struct inlet *in, str bytes);
err inlet_end(struct inlet *in);

/*
 * GB 18030 or a damaged UTF-8? By what the block holds more of: sequences that are well-formed
 * UTF-8, or bytes that are not; and only if there is at least one common Chinese character in it.
 */
enum charset inlet_judge(str block);

#endif
