/* SPDX-License-Identifier: Apache-2.0 */
/*
 * message_make - what is written to somebody after an act, and to whom.
 *
 * Shape     guardian.invite   to the subscriber: a code
 *           guardian.agree    to the guardian: a code
 *           guardian.accept   to the subscriber: it holds, and how it is ended
 *           guardian.ask      to the guardian: please call them
 *
 *           A guardian reads under what name to call, and nothing of why: no number, site, amount
 *           or place. Where one has to be told which number, its last four digits stand for it.
 * Owns      Nothing: all in the turn's arena.   Lives  The turn.
 * Fails     "seal.broken", as the store. `to` empty: there is nothing to say any more.
 * Threads   The store thread.   Bounds  reach's.
 */
#ifndef YUMEN_APP_REACH_MESSAGE_MAKE_H
#define YUMEN_APP_REACH_MESSAGE_MAKE_H

#include "app/house/house.h"

struct person_message {
    str to; /* E.164 */
    str text;
    unsigned language;
};

struct message_ask {
    enum record_kind kind;
    str record;
    enum act act;
};

/* A blank of a sentence; the last has no name. */
struct blank {
    const char *name; /* "{code}" */
    str value;
};
/* The sentence of this key in message->language, its blanks filled in, as message->text. */
err message_fill(const char *key, const struct blank *blanks, struct arena *turn,
                 struct person_message *message);

err message_make(struct house *house, struct store *store, const struct message_ask *ask,
                 struct arena *turn, struct person_message *ret_message);

#endif
