/* SPDX-License-Identifier: Apache-2.0 */
#define OPENSSL_API_COMPAT 0x10100000L /* SHA1() and MD5() as they always were */

#include "kit/uuid.h"

#include <assert.h>
#include <openssl/md5.h>
#include <openssl/sha.h>

enum { UUID_BYTES = 16, VERSION_5 = 0x50, VARIANT = 0x80 };

static_assert(UUID_BYTES <= SHA_DIGEST_LENGTH, "a UUID is the beginning of a digest");

static const unsigned char url_space[UUID_BYTES + 1] =
    "\x6b\xa7\xb8\x11\x9d\xad\x11\xd1\x80\xb4\x00\xc0\x4f\xd4\x30\xc8";

err uuid_of(str name, struct arena *a, str *ret_uuid)
{
    static const size_t groups[] = {4, 2, 2, 2, 6};
    unsigned char digest[SHA_DIGEST_LENGTH];
    size_t at = 0;
    struct text t;
    text_init(&t, a);
    text_put(&t, str_make((const char *)url_space, UUID_BYTES));
    text_put(&t, name);
    if (text_spent(&t))
        return fail(ERR_LIMIT, "limit.memory", 0);
    str whole = text_str(&t);
    (void)SHA1((const unsigned char *)whole.at, whole.size, digest);
    digest[6] = (unsigned char)((digest[6] & 0x0f) | VERSION_5);
    digest[8] = (unsigned char)((digest[8] & 0x3f) | VARIANT);
    text_init(&t, a);
    for (size_t i = 0; i < COUNT_OF(groups); i++) {
        if (i > 0)
            text_put_char(&t, '-');
        text_put_hex(&t, digest + at, groups[i]);
        at += groups[i];
    }
    *ret_uuid = text_str(&t);
    return text_spent(&t) ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

err md5_of(str bytes, struct arena *a, str *ret_md5)
{
    unsigned char digest[MD5_DIGEST_LENGTH];
    struct text t;
    (void)MD5((const unsigned char *)bytes.at, bytes.size, digest);
    text_init(&t, a);
    text_put_hex(&t, digest, sizeof digest);
    *ret_md5 = text_str(&t);
    return text_spent(&t) ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}
