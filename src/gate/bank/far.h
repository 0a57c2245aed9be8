/* SPDX-License-Identifier: Apache-2.0 */
/*
 * far - the provider's side of the forms: reads what we ask, writes what it answers. For drills and
 * tests, and for a bank that begins its adapter with ours.
 *
 * Shape     bank_write --> letter --far_read--> asked;   said --far_write--> bytes --> bank_read
 *           Writing what was read, and reading what was written, change nothing.
 * Owns      Nothing; results are the arena's.   Lives  As long as it and the bytes.
 * Fails     far_read: as bank_read. far_write: ERR_CONFLICT "bank.no_word", ERR_LIMIT
 *           "bank.too_long"; ISO 20022 cannot say receipts and returns in one document.
 * Threads   Any, after kit_boot().
 * Bounds    As bank.h.
 */
#ifndef YUMEN_GATE_BANK_FAR_H
#define YUMEN_GATE_BANK_FAR_H

#include "gate/bank/bank.h"

/* What a bank makes of a letter. */
struct bank_asked {
    str order;
    int64_t ask;
    unsigned kind;  /* enum order_kind */
    unsigned asked; /* enum order_ask */
    str target;     /* the account as we know it */
    str bank;
    str name;
    int64_t amount; /* 0: all of it */
    str currency;
    str basis;
    str reason;
    instant at;
    instant until;
    unsigned query;
    bool has_payment; /* what it compares */
    str payer;
    str transfer;
    int64_t paid;
    instant paid_at;
};

err far_read(const struct bank_tongue *tongue, str bytes, struct arena *a,
             struct bank_asked *ret_asked);
/* `asked`: what is answered, where form cn has a code for it; NULL: the stop. */
err far_write(const struct bank_tongue *tongue, const struct bank_asked *asked,
              const struct bank_said_list *said, struct arena *a, str *ret_bytes);

#endif
