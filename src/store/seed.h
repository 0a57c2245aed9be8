/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seed - how a leaf's seed follows from its record's salt: the one place that writing, reading and
 * exporting share.
 *
 * Shape     record's salt + leaf's index --> leaf's seed --leaf_salt(field)--> the field's salt
 *           So one deleted row of 32 bytes closes every commitment of a record for ever.
 * Owns      Nothing.   Lives  -   Fails  Never.   Threads  Any.   Bounds  -
 */
#ifndef YUMEN_STORE_SEED_H
#define YUMEN_STORE_SEED_H

#include "ledger/leaf.h"

void leaf_seed(const uint8_t record_salt[SALT_BYTES], uint64_t index, uint8_t ret_seed[SALT_BYTES]);

#endif
