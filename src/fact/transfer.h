/* SPDX-License-Identifier: Apache-2.0 */
/*
 * transfer - one movement of money from an account to another, as a bank reports it.
 *
 * Shape     A row of the feed "transfers". Money in minor units (fen), time to the millisecond: a
 *           bank's clock is no better. The same id with another status is the same transfer, later
 *           in its life; whatever the order in which statuses arrive, the furthest stands:
 *
 *               pending --> booked --> rejected | reversed          transfer_further()
 *
 *           Only a booked transfer has moved money. Money that went out by an exit (cash from a
 *           machine, crypto, a merchant, abroad) is not followed beyond it.
 * Owns      Nothing; texts are the caller's.
 * Lives     As long as they.
 * Fails     -
 * Threads   Any.
 * Bounds    TRANSFER_AMOUNT_MOST (2.8 trillion yuan), TRANSFER_ID_BYTES, ACCOUNT_KEY_BYTES.
 */
#ifndef YUMEN_FACT_TRANSFER_H
#define YUMEN_FACT_TRANSFER_H

#include "base/str.h"

/* As a bank says it; the number is the one kept on disk, and further is higher. */
#define TRANSFER_STATUS_LIST(X)                                                                    \
    X(TRANSFER_PENDING, "pending")                                                                 \
    X(TRANSFER_BOOKED, "booked")                                                                   \
    X(TRANSFER_REJECTED, "rejected")                                                               \
    X(TRANSFER_REVERSED, "reversed")

#define TRANSFER_EXIT_LIST(X)                                                                      \
    X(EXIT_NONE, "")                                                                               \
    X(EXIT_ATM, "atm")                                                                             \
    X(EXIT_CRYPTO, "crypto")                                                                       \
    X(EXIT_MERCHANT, "merchant")                                                                   \
    X(EXIT_ABROAD, "abroad")

#define X(code, name) code,
enum transfer_status { TRANSFER_STATUS_LIST(X) TRANSFER_STATUS_COUNT };
enum transfer_exit { TRANSFER_EXIT_LIST(X) TRANSFER_EXIT_COUNT };
#undef X

enum { TRANSFER_ID_BYTES = 64, ACCOUNT_KEY_BYTES = 64, CURRENCY_BYTES = 3 };
#define TRANSFER_AMOUNT_MOST ((INT64_C(1) << 48) - 1)
/* In milliseconds since 1970: the year 2527. */
#define TRANSFER_TIME_MOST ((INT64_C(1) << 44) - 1)

struct transfer {
    str id;
    int64_t time_ms;
    str from; /* account keys: fact/account.h's canonical form where it knows one */
    str to;
    int64_t amount_minor;
    char currency[CURRENCY_BYTES + 1]; /* ISO 4217 */
    uint8_t status;                    /* enum transfer_status */
    uint8_t exit;                      /* enum transfer_exit */
    bool has_seq;
    bool has_balance;
    int64_t seq;           /* the bank's order within a second */
    int64_t balance_minor; /* of the payer, after this transfer */
    str from_bank;
    str to_bank;
    str channel;
    str device;
    str ip;
};

/* What a bank says of an account; the last said stands. */
struct account_facts {
    str account; /* key */
    str bank;
    str outlet;
    str holder_kind; /* "person", "company" */
    str holder_ref;  /* the provider's pseudonym, for notices only */
    str opened;
    str device;
    str contact;
    str address;
    str ip;
    str company;
};

str transfer_status_name(unsigned status);
str transfer_exit_name(unsigned exit);
/* The number of a name; the list's COUNT when there is no such. */
unsigned transfer_status_find(str name);
unsigned transfer_exit_find(str name);
/* Which of two statuses of one transfer stands. */
unsigned transfer_further(unsigned one, unsigned other);

#endif
