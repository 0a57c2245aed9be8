/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mention - the links, sites and numbers that a message names, so that they can be told of without
 * keeping what was written.
 *
 * Shape     text --mentions_find--> indicators, canonical, each once, as they come
 *
 *           A link, a name with a dot and a top of two letters at least, a telephone number. No
 *           account and no address of mail: in a message those are often its reader's own. What
 *           stands in other than ASCII letters is not found.
 * Owns      Nothing; results are in the caller's arena.
 * Lives     As long as that arena.
 * Fails     ERR_LIMIT when the arena is spent, or of a text beyond MENTION_TEXT_BYTES.
 * Threads   Any, after kit_boot().
 * Bounds    MENTIONS_MOST; what comes after them is not looked at.
 */
#ifndef YUMEN_FACT_MENTION_H
#define YUMEN_FACT_MENTION_H

#include "fact/indicator.h"

enum { MENTIONS_MOST = 10, MENTION_TEXT_BYTES = 4000 };

struct mentions {
    struct indicator items[MENTIONS_MOST];
    size_t count;
};

err mentions_find(str text, str region, struct arena *turn, struct mentions *ret_mentions);

#endif
