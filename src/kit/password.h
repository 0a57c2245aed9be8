/* SPDX-License-Identifier: Apache-2.0 */
/*
 * password - what we keep instead of a person's password.
 *
 * Shape     argon2id text in the usual form ("$argon2id$v=19$m=65536,t=2,p=1$…"), which carries
 *           its own cost: an older hash is checked at the cost it was made with.
 * Owns      Nothing.
 * Lives     The text is NUL-terminated in the caller's room, to be stored as it is.
 * Fails     "password.too_short" (under 10 bytes), "password.too_long" (over 1024); ERR_OS
 *           when there are not 64 MiB to spare. A check answers no, also for a damaged hash.
 * Threads   Any; but run it in a bounded pool: each takes 0.2 s of a core and 64 MiB.
 * Bounds    PASSWORD_COST_TEST is for tests and drills: no time at all, and no protection.
 */
#ifndef YUMEN_KIT_PASSWORD_H
#define YUMEN_KIT_PASSWORD_H

#include "base/str.h"

enum { PASSWORD_TEXT_BYTES = 128, PASSWORD_MIN_BYTES = 10, PASSWORD_MAX_BYTES = 1024 };

enum password_cost { PASSWORD_COST_REAL, PASSWORD_COST_TEST };

err password_hash(str password, enum password_cost cost, char ret_text[PASSWORD_TEXT_BYTES]);
bool password_check(str hash, str password);

#endif
