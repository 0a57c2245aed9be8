/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bank_book - what one bank knows: its accounts, what lies on them, and which measures lie on that.
 *
 * Shape     Money comes in and goes out; measures stand on an account in the order in which they
 *           came, whoever ordered them, and each takes what those before it left:
 *
 *               balance 900:  freeze 500 of a court   holds 500
 *                             hold   600 of the centre holds 400, and 600 once money comes in
 *                             freeze 100 of another    waits behind them with 0
 *               usable = balance - held; nothing while the account is stopped or closed
 *           One that takes another over gets the place before it, where all it is for is there.
 *           First of all an instruction is compared with what the bank knows (number, name, payer,
 *           amount and time of the payment it tells of). A measure ends by itself at `until`.
 * Owns      Everything in it, in the caller's arena.
 * Lives     As long as the arena.   Threads  One.
 * Fails     ERR_LIMIT "limit.memory". That the bank refuses is an answer, not an error.
 * Bounds    2^31 accounts, payments, measures; amounts to 2^62 fen.
 */
#ifndef YUMEN_DRILL_BANK_BOOK_H
#define YUMEN_DRILL_BANK_BOOK_H

#include "base/arena.h"
#include "base/instant.h"

enum bank_kind {
    BANK_HOLD,
    BANK_STOP,
    BANK_FREEZE,
    BANK_DISCONNECT,
    BANK_BLOCK,
    BANK_QUERY,
    BANK_KIND_COUNT
};
enum bank_ask { BANK_PLACE, BANK_TRIM, BANK_EXTEND, BANK_LIFT, BANK_ASK_COUNT };
enum bank_result { BANK_PENDING, BANK_DONE, BANK_PARTIAL, BANK_REFUSED, BANK_RESULT_COUNT };

/* Why a bank says no. The words go over the wire. */
#define BANK_WHY_LIST(X)                                                                           \
    X(BANK_FINE, "")                                                                               \
    X(BANK_NO_ACCOUNT, "no such account")                                                          \
    X(BANK_CLOSED, "account closed")                                                               \
    X(BANK_OTHER_NAME, "other name")                                                               \
    X(BANK_OTHER_AMOUNT, "other amount")                                                           \
    X(BANK_OTHER_TIME, "other time")                                                               \
    X(BANK_NO_PAYMENT, "no such payment")                                                          \
    X(BANK_NO_ORDER, "no such order")                                                              \
    X(BANK_ENDED, "order has ended")                                                               \
    X(BANK_CANNOT, "cannot do this")                                                               \
    X(BANK_NO_REASON, "refused")                                                                   \
    X(BANK_NO_MONEY, "not enough usable balance")                                                  \
    X(BANK_STOPPED, "account stopped")                                                             \
    X(BANK_NOT_HELD, "not held under these orders")                                                \
    X(BANK_CAME_BACK, "the payment came back")
#define X(code, words) code,
enum bank_why { BANK_WHY_LIST(X) BANK_WHY_COUNT };
#undef X
extern const char *const bank_why_words[];

struct bank_payment {
    str id;
    str from; /* account keys */
    str to;
    int64_t fen;
    instant at;
};

struct bank_instruction {
    str order;
    str takes; /* an order whose place in the queue it gets; empty: the last */
    enum bank_kind kind;
    enum bank_ask ask;
    int64_t number; /* of the ask; 0: none was given */
    str code;       /* of the message, where the form has one: its answer's follows from it */
    bool is_json;   /* the bank's form had no word for it: asked, and answered, in JSON */
    str account;    /* key */
    str name;       /* of the holder, as the victim said; empty: not known */
    int64_t fen;    /* 0: all of it */
    instant until;
    bool has_payment;
    struct bank_payment payment; /* what the victim says of it; empty and 0: nothing */
};

struct bank_answer {
    enum bank_result result;
    enum bank_why why;
    int64_t held;    /* by this order, now */
    int64_t balance; /* -1: there is no such account */
};

struct bank_view {
    int64_t balance;
    int64_t held; /* by amount, all measures together */
    int64_t usable;
    bool is_stopped;
    bool is_closed;
};

/* One measure, as it stands in the queue of its account. */
struct bank_standing {
    str order;
    str authority;
    enum bank_kind kind;
    int64_t fen; /* 0: all */
    int64_t held;
    instant until;
};

enum { BANK_RETURN_ORDERS = 64 };

/* A payment back to a victim, out of what these orders hold. */
struct bank_return {
    str share;
    str account; /* keys; where it lies, */
    str to;      /* and where it goes: empty when nobody knows */
    int64_t fen;
    str orders[BANK_RETURN_ORDERS];
    size_t order_count;
};

struct bank_book;
err bank_book_open(struct arena *a, uint64_t seed, int64_t time_s, struct bank_book **ret_book);
/* Texts are copied. An account that is there already keeps what it has. */
err bank_book_add(struct bank_book *b, str key, str name, int64_t opening);
bool bank_book_has(const struct bank_book *b, str key);
struct bank_view bank_book_look(const struct bank_book *b, str key);
/* The index-th from the front of the account's queue; false beyond its end. */
bool bank_book_standing(const struct bank_book *b, str key, size_t index,
                        struct bank_standing *ret_standing);
/* What an order holds now; false when it stands nowhere. */
bool bank_book_find(const struct bank_book *b, str order, struct bank_standing *ret_standing);

/* Remembers a payment that is coming, or came, into an account here. */
err bank_book_expect(struct bank_book *b, const struct bank_payment *p);
/* Moves money; what is not here lies beyond. BANK_FINE, or why not, and nothing moved. */
enum bank_why bank_book_pay(struct bank_book *b, const struct bank_payment *p);

/* `over_fen`: so much more is held than was ordered. */
err bank_book_do(struct bank_book *b, const struct bank_instruction *i, int64_t over_fen,
                 struct bank_answer *ret_answer);
/* Pays out of what is held, which is less by as much afterwards; also of a stopped account. */
enum bank_why bank_book_return(struct bank_book *b, const struct bank_return *r);
/* A freeze of somebody else, who asked first. */
err bank_book_freeze(struct bank_book *b, str key, const struct bank_standing *s);
/* Ends what has reached its term; how many that were. */
size_t bank_book_lapse(struct bank_book *b, instant now);
/* The balances, less what came from beyond and with what went there: always the openings. */
int64_t bank_book_sum(const struct bank_book *b);

#endif
