/* SPDX-License-Identifier: Apache-2.0 */
/*
 * call_book - the centre's book of call conduct: opened when the first call comes, under the secret
 * that is current.
 *
 * Shape     DIR/calls/ID: the book whose numbers stand under the secret keys/pseudonym-ID. Once
 *           another key is current, the next who enters while nobody else is inside begins a book
 *           under that; the one before and its secret go, so that nothing can be found in it.
 * Owns      The thread and what it owns.
 * Lives     From init to close, which are the house's.
 * Fails     As calls_thread_open and key_read. What is found damaged is logged, a line each.
 * Threads   enter, leave, trouble: any that may wait. init, close: main.
 * Bounds    One book.
 */
#ifndef YUMEN_APP_HOUSE_CALL_BOOK_H
#define YUMEN_APP_HOUSE_CALL_BOOK_H

#include "app/house/calls_thread.h"

enum { CALL_BOOK_KEY_BYTES = 64 };

struct house;

struct call_book {
    struct calls_thread thread;
    struct env_mutex mutex;
    uint32_t users;
    char key[CALL_BOOK_KEY_BYTES]; /* under which it is open */
    err trouble;                   /* why it could not be opened when it was last tried */
};

void call_book_init(struct call_book *b);
void call_book_close(struct house *house);
/* Until the leave the book stays, and so do its keys. */
err call_book_enter(struct house *house, struct calls_thread **ret_thread);
void call_book_leave(struct house *house);
err call_book_trouble(struct call_book *b);

#endif
