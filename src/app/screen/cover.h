/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cover - finds the listings that may cover an indicator and has them judged: what check, screen
 * and
 * the notice page share.
 *
 * Shape     a domain: itself and every parent; a url: itself, and its host as a domain.
 * Owns      Nothing; in the turn arena.   Lives  A turn.   Threads  Any, with its own reader.
 * Fails     As reader.   Bounds  One look-up a label.
 */
#ifndef YUMEN_APP_SCREEN_COVER_H
#define YUMEN_APP_SCREEN_COVER_H

#include "fact/indicator.h"
#include "screen/verdict.h"
#include "store/reader.h"

err cover_judge(struct reader *reader, const struct indicator *indicator, instant now,
                struct arena *turn, struct judgement *ret_judgement);

#endif
