/* SPDX-License-Identifier: Apache-2.0 */
/*
 * holder - the address at which whoever an order touches reads why: nobody can guess it, and
 * nothing about it is stored.
 *
 * Shape     PUBLIC_URL/notice/ORDER-MARK. The mark is a digest under the ledger's key that was in
 *           use when the order began: the same in every letter, also after the key is rotated.
 * Owns      Nothing; in the arena.   Lives  A call.
 * Threads   Any, with its own connection.
 * Fails     As sql; "limit.memory". Without the key's file there is no address, and no failure: an
 *           order does not wait for one.
 * Bounds    HOLDER_MARK characters.
 */
#ifndef YUMEN_APP_CALL_HOLDER_H
#define YUMEN_APP_CALL_HOLDER_H

#include "app/house/house.h"
#include "store/sql.h"

enum { HOLDER_MARK = 32 };

struct holder_desk {
    const struct house *house;
    struct sql *db;
    struct arena *arena;
};

/* Empty when there is none. */
err holder_address(const struct holder_desk *desk, const struct order *o, str *ret_url);
/* Whether `mark` is this order's. */
err holder_check(const struct holder_desk *desk, const struct order *o, str mark, bool *ret_is);

#endif
