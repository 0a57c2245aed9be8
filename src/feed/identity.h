/* SPDX-License-Identifier: Apache-2.0 */
/*
 * identity - by what a row is known when it is sent a second time.
 *
 * Shape     Its source's own key where it has one: SHA-256 of (feed, source, id). Otherwise all it
 *           says: SHA-256 of (feed, and name and value of every column that is not empty), in the
 *           order of the table, so that neither the order of columns nor the format matters.
 *           Lengths go in before the bytes, so that no two rows can be told as one.
 * Owns      Nothing.   Lives  -   Fails  -   Bounds  -
 * Threads   Any, after kit_boot().
 */
#ifndef YUMEN_FEED_IDENTITY_H
#define YUMEN_FEED_IDENTITY_H

#include "feed/reader.h"
#include "kit/digest.h"

/* peer: whose keys the ids are, where the feed has no column that says so. */
struct digest feed_row_identity(const struct feed_row *row, str peer);

#endif
