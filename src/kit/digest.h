/* SPDX-License-Identifier: Apache-2.0 */
/*
 * digest - SHA-256 for what must be provable, SipHash for tables whose keys an outsider chooses.
 *
 * Shape     digest_of() for bytes at hand; init, put, done for bytes that come in pieces:
 *
 *               struct digest_stream s;
 *               digest_init(&s);
 *               digest_put(&s, STR("a"));
 *               struct digest d = digest_done(&s);
 *
 * Owns      Nothing.
 * Lives     A digest is a value; a stream, where it stands.
 * Fails     Never.
 * Threads   Any; one stream, one thread.
 * Bounds    0.1 us for 65 bytes, 0.5 us for a ledger leaf (SHA-NI).
 */
#ifndef YUMEN_KIT_DIGEST_H
#define YUMEN_KIT_DIGEST_H

#include "base/str.h"

enum { DIGEST_BYTES = 32, SIPHASH_KEY_BYTES = 16 };

struct digest {
    uint8_t bytes[DIGEST_BYTES];
};

/* OpenSSL's SHA256_CTX. */
struct digest_stream {
    uint64_t room[14];
};

struct digest digest_of(str bytes);
bool digest_equal(const struct digest *a, const struct digest *b);

void digest_init(struct digest_stream *s);
void digest_put(struct digest_stream *s, str bytes);
struct digest digest_done(struct digest_stream *s);

uint64_t digest_siphash(const uint8_t key[SIPHASH_KEY_BYTES], str bytes);

#endif
