/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpsig - HTTP message signatures (RFC 9421) with Ed25519, and the Content-Digest (RFC 9530) they
 * cover: that a request is whole, fresh, and from whoever holds the key.
 *
 * Shape     Signing gives three header values; checking reads them from the request's headers.
 *
 *               Content-Digest: sha-256=:…:
 *               Signature-Input: yumen=("@method" "@target-uri" "content-digest" …)
 *                                ;created=…;nonce="…";keyid="…";alg="ed25519"
 *               Signature: yumen=:…:
 *
 *           Of an answer, "@status" stands in place of "@method" and "@target-uri".
 *           What we accept covers "@method", one of "@target-uri" "@path" "@request-target", and,
 *           when there is a body, "content-digest"; says created, nonce and keyid; was created
 *           within five minutes of now, either way. Whether the nonce was seen before is for
 *           gate/bank/replay.h to say, of a signature that is right and no other.
 * Owns      Nothing; results are slices of the headers or in the caller's arena.
 * Lives     As long as those.
 * Fails     ERR_MALFORMED "signature.malformed", "signature.component" (covers what we cannot see,
 *           or do not read); ERR_DENIED "signature.absent", "signature.uncovered",
 *           "signature.algorithm", "signature.stale", "signature.digest", "signature.wrong";
 *           ERR_LIMIT when the arena is spent.
 * Threads   Any.
 * Bounds    HTTPSIG_LABELS signatures a request, HTTPSIG_COMPONENTS components each.
 */
#ifndef YUMEN_KIT_HTTPSIG_H
#define YUMEN_KIT_HTTPSIG_H

#include "base/instant.h"
#include "kit/sign.h"

enum {
    HTTPSIG_WINDOW_S = 300,
    HTTPSIG_LABELS = 4,
    HTTPSIG_COMPONENTS = 16,
    HTTPSIG_NONCE_BYTES = 128, /* longer ones are refused, and shorter than 8 */
};

struct httpsig_field {
    str name; /* in any case */
    str value;
};

struct httpsig_request {
    unsigned status; /* not 0: it is an answer, and has none of what follows up to the query */
    str method;
    str scheme; /* "https" */
    str authority;
    str path;
    str query;      /* without '?' */
    bool has_query; /* an empty query is not none */
    const struct httpsig_field *fields;
    size_t field_count;
    str body;
};

struct httpsig_stamp {
    const struct sign_secret *secret;
    str keyid;
    str nonce;
    instant created;
};

struct httpsig_made {
    str content_digest;
    str signature_input;
    str signature;
};

/* Covers @method and @target-uri, or @status; content-digest; every field given. keyid and nonce
 * are ours: printable, no quotes. */
err httpsig_make(const struct httpsig_request *r, const struct httpsig_stamp *stamp,
                 struct arena *a, struct httpsig_made *ret_made);

struct httpsig {
    str label;
    str components[HTTPSIG_COMPONENTS];
    size_t component_count;
    str params; /* the whole member, as it was signed */
    str keyid;
    str nonce;
    str alg;
    int64_t created_s; /* -1: it does not say */
    int64_t expires_s; /* likewise */
    struct signature signature;
};

/* Checks all that was said above. One good signature is enough; the others may be a proxy's. */
err httpsig_check(const struct httpsig_request *r, const struct sign_public *key, instant now,
                  struct arena *a, struct httpsig *ret_sig);

/* --- the steps ---- */

/* Both headers to signatures, in the order of Signature-Input. */
err httpsig_parse(str signature_input, str signature, struct httpsig room[HTTPSIG_LABELS],
                  size_t *ret_count);
/* What is signed (RFC 9421, 2.5). */
err httpsig_base(const struct httpsig *sig, const struct httpsig_request *r, struct arena *a,
                 str *ret_base);
/* "sha-256=:…:" */
str httpsig_digest(str body, struct arena *a);
/* ERR_DENIED "signature.digest": no SHA-256 among them, or that of another body. */
err httpsig_digest_check(str content_digest, str body);

#endif
