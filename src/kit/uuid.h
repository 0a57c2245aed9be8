/* SPDX-License-Identifier: Apache-2.0 */
/*
 * uuid - names that other people's formats want: UUIDs of a name (RFC 9562, version 5) and MD5.
 *
 * Shape     The same name, the same UUID, for ever. Both are names only: nothing is proved by them.
 * Owns      Nothing; the text is in the caller's arena.
 * Lives     As long as that.
 * Fails     ERR_LIMIT when the arena is spent.
 * Threads   Any.   Bounds  A microsecond.
 */
#ifndef YUMEN_KIT_UUID_H
#define YUMEN_KIT_UUID_H

#include "base/str.h"

enum { UUID_TEXT_BYTES = 36 };

/* In the name space of URLs. */
err uuid_of(str name, struct arena *a, str *ret_uuid);
/* 32 hexadecimal digits. */
err md5_of(str bytes, struct arena *a, str *ret_md5);

#endif
