/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bank - what a provider is asked, as bytes in the form it speaks; what it answers, from bytes.
 *
 * Shape     Three forms, one shape on our side of each:
 *
 *               order, payment --bank_write--> letter      JSON | camt.056 | 1001xx 1002xx 1003xx
 *               said, said, … <--bank_read---- bytes       JSON | camt.029, pacs.004 | 1001xx+1 …
 *
 *           Every ask of an order is a letter of its own, and always the same bytes: its time is
 *           the order's `asked_at`. The forms: docs/formats/bank-iso20022.md, bank-cn.md.
 *           An answer in JSON is read as such, whatever the form: it answers what its form had no
 *           word for. Nothing here knows whether an answer makes sense; that is the desk's.
 * Owns      Nothing; letters and what was read are the arena's.
 * Lives     As long as the arena, the order and the bytes.
 * Fails     bank_write: ERR_CONFLICT "bank.no_word" (the form has none for this kind of order, or
 *           of target), "bank.currency"; ERR_LIMIT "bank.too_long".
 *           bank_read: ERR_MALFORMED "xml.…", "json.…", "bank.document" (not one that a provider
 *           sends us), "bank.absent" (something required), "bank.amount", "bank.currency",
 *           "bank.time", "bank.result", "bank.reference" (not one of ours); ERR_LIMIT
 *           "bank.too_many", "bank.too_long". A document is taken whole or not at all.
 * Threads   Any, after kit_boot().
 * Bounds    BANK_BYTES a document, BANK_SAID_MOST answers, PRIOR_MOST freezes of each.
 */
#ifndef YUMEN_GATE_BANK_BANK_H
#define YUMEN_GATE_BANK_BANK_H

#include "fact/provider.h"
#include "fact/receipt.h"
#include "fact/report.h"
#include "kit/json.h"

enum { BANK_BYTES = 1 << 20, BANK_SAID_MOST = 1000 };

/* What an order of kind query wants to know; form cn has a message for each. */
enum bank_query {
    QUERY_TRANSACTIONS,
    QUERY_HOLDER,
    QUERY_WATCH, /* live: each movement, until the order ends */
    QUERY_ACCOUNTS,
    QUERY_COUNT
};

struct bank_ask {
    const struct order *order;
    const struct claim *payment; /* the victim's, into this very account; NULL further on */
    str centre;                  /* our name */
    str centre_code;             /* ours among banks: at most 12 letters and digits; may be empty */
    str provider_code;           /* the provider's, likewise */
    unsigned provider_kind;      /* enum provider_kind: form cn has other codes for payment firms */
    unsigned query;              /* enum bank_query, of an order of kind query */
    int zone_min;                /* in which times are written */
    str reason;                  /* the order's, in words; empty: as the order has it */
    str basis;                   /* likewise */
    str notice_url;              /* where the holder reads why; empty: nowhere */
};

struct bank_letter {
    str bytes;
    str content_type;
    str key; /* Idempotency-Key: the order's id, "-", its ask */
};

/* `form`: enum provider_form. */
err bank_write(unsigned form, const struct bank_ask *ask, struct arena *a,
               struct bank_letter *ret_letter);

enum bank_about {
    SAID_RECEIPT, /* it answers an ask */
    SAID_RETURN   /* money of a payment came back (pacs.004) */
};

struct bank_said {
    unsigned about;
    str order;       /* empty: it does not name one. JSON: the path did; pacs.004: `payment` does */
    int64_t ask;     /* 0: not said */
    unsigned result; /* enum receipt_result */
    int64_t held;    /* minor units; -1: not said */
    int64_t balance; /* all that is on the account, whoever holds it; -1: not said */
    int64_t returned;
    str payment;    /* of a return: the transfer's id at the bank */
    str end_to_end; /* likewise: as whoever ordered that payment named it; may be empty */
    str currency;   /* of the amounts; empty when there are none */
    str code;       /* the provider's for why: "AC04", "200010"; may be empty */
    str words;      /* and its words for it; may be empty */
    str key;        /* its own name of this answer: sent again, it is the same */
    instant at;     /* 0: not said */
    struct prior_list freezes; /* others', which go before ours */
};

struct bank_said_list {
    const struct bank_said *at;
    size_t count;
};

struct bank_tongue {
    unsigned form;
    int zone_min;           /* of times that say none */
    str currency;           /* of amounts that say none */
    unsigned provider_kind; /* whose: form cn has other codes for payment firms */
};

err bank_read(const struct bank_tongue *tongue, str bytes, struct arena *a,
              struct bank_said_list *ret_said);

/* The freezes of one answer in JSON, whose amounts are in this currency unless they say another. */
err bank_freezes_read(json_value list, str currency, struct arena *a, struct prior_list *ret_list);

/* Code and words as one reason, "AC04: closed"; empty when the arena is spent. */
str bank_reason(const struct bank_said *said, struct arena *a);
/* Likewise what goes before ours, as a receipt keeps it (prior.h). */
str bank_freezes(const struct bank_said *said, struct arena *a);

/* "ORDER-ASK", the name of an ask. bank_key_parse: ERR_MALFORMED "bank.reference". */
str bank_key(str order, int64_t ask, struct arena *a);
err bank_key_parse(str key, str *ret_order, int64_t *ret_ask);

#endif
