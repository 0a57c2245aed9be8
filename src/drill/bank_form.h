/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bank_form - the forms in which a bank hears its orders and answers them. Written from what the
 * interfaces say, and from nothing of the centre's: the two are held against each other.
 *
 * Shape     bytes --read--> instructions;  receipt --write--> where to post it, as what, and bytes
 * Owns      Nothing.
 * Lives     What was read, as long as the bytes' arena.
 * Fails     ERR_MALFORMED "json.*", "drill.order" for what is no mail of orders; an order among
 *           others that is none is counted. ERR_LIMIT.
 * Threads   Any, after kit_boot().
 * Bounds    FORM_ORDERS orders at once.
 */
#ifndef YUMEN_DRILL_BANK_FORM_H
#define YUMEN_DRILL_BANK_FORM_H

#include "drill/bank_teller.h"

enum { FORM_ORDERS = 1000 };

struct bank_orders {
    struct bank_instruction at[FORM_ORDERS];
    size_t count;
    size_t strange; /* that could not be read, and are left out */
    str next;       /* the cursor behind them; empty: there is none */
};

struct bank_letter {
    str target; /* path */
    str content_type;
    str body;
};

/* What all letters of a bank say of it. */
struct bank_speaker {
    str id;       /* the provider's, in paths */
    str code;     /* the bank's, in messages */
    str nonce;    /* makes the keys of its receipts its own */
    int zone_min; /* in which its times are written */
};

struct bank_form {
    const char *name;
    const struct bank_form *of_firms; /* as payment firms speak it; NULL: as banks do */
    const char *accept;               /* media type */
    /* All that is open, or one order that was posted. */
    err (*read)(str bytes, str content_type, struct arena *a, struct bank_orders *ret_orders);
    err (*write)(const struct bank_speaker *s, const struct bank_receipt *r, struct arena *a,
                 struct bank_letter *ret_letter);
};

extern const struct bank_form bank_form_json;
extern const struct bank_form bank_form_iso;
extern const struct bank_form bank_form_cn;
/* NULL when there is none. */
const struct bank_form *bank_form_find(str name);

/* One order in JSON, among a form's own: it had no word for it. */
err bank_json_order(str bytes, struct arena *a, struct bank_instruction *ret_order);

/* The number of a word among `count`; count when it is not among them. */
unsigned bank_word(str word, const char *const *words, unsigned count);
/* By which the book knows it: one that has no form of its own is as it is written. */
err bank_account_key(str value, str bank, struct arena *a, str *ret_key);
/* The bank's own key of a receipt; empty when the arena is spent. */
str bank_receipt_key(const struct bank_speaker *s, const struct bank_receipt *r, struct arena *a);
extern const char *const bank_ask_words[];
extern const char *const bank_result_words[];

#endif
