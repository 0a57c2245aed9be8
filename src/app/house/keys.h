/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keys - the secrets of a centre: made at init, rotated by a command, read from DIR/keys.
 *
 * Shape     A record (signing_key) says which key is current and, for the ledger, its public part;
 *           the secret is a file of the same id, which only the owner may read; that of pseudonyms,
 *           and that under which single fields are sealed, where calls.secret_dir says.
 * Owns      Nothing.   Lives  A call.
 * Threads   Main thread, or inside a write; key_read_current: any.
 * Fails     "key.file" a secret is missing or damaged; env's file errors.
 * Bounds    A secret is at most KEY_SECRET_MAX bytes.
 */
#ifndef YUMEN_APP_HOUSE_KEYS_H
#define YUMEN_APP_HOUSE_KEYS_H

#include "app/house/house.h"
#include "kit/seal.h"
#include "kit/sign.h"

enum { KEY_SECRET_MAX = 64 };

/* A new secret of this kind, written and synced before anything refers to it. */
err key_make(struct house *house, unsigned kind, str id, struct arena *turn, str *ret_public_hex);
/* Wiped by whoever is done with it. */
err key_read(const struct house *house, unsigned kind, str id, struct arena *turn, str *ret_secret);
void key_wipe(str secret);
/* Where the secret of this key is. */
err key_path(const struct house *house, unsigned kind, str id, char room[PATH_BYTES + 64]);
/* Which key of this kind is current; empty: none. On the store thread. */
err key_find_current(struct store *store, unsigned kind, struct arena *turn, str *ret_id);
/* Likewise from any other; "key.absent". */
err key_get_current(struct house *house, unsigned kind, struct arena *turn, str *ret_id);
/* The ledger's current key, by a reader; the caller wipes it. */
err key_read_current(struct house *house, struct arena *turn, str *ret_id,
                     struct sign_secret *ret_key);
/* The same, put to use for heads. */
err key_use_current(struct house *house);
/* house->seal, from a file of its own beside the others, which is made when there is none yet: what
 * it sealed has to be read for as long as it is kept, so it is never turned. */
err key_use_seal(struct house *house);

#endif
