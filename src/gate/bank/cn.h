/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cn - the codes and lengths of the profile compatible with China's messages between police and
 * banks. Our layout: no official text was found (docs/formats/bank-cn.md).
 *
 * Shape     One row a message: what we ask, and its code for banks and for payment firms. A reply's
 *           code is the request's plus one.
 * Owns      Nothing.   Lives  For ever.   Fails  cn_code_of: "bank.no_word".   Threads  Any.
 * Bounds    Application id 36 characters, serial 53, bank 12, account 50.
 */
#ifndef YUMEN_GATE_BANK_CN_H
#define YUMEN_GATE_BANK_CN_H

#include "gate/bank/inside.h"

enum {
    CN_APPLICATION = 36,
    CN_SERIAL = 53,
    CN_BANK = 12,
    CN_ACCOUNT = 50,
    CN_NAME = 60,
    CN_TEXT = 250
};

enum cn_group { CN_STOP, CN_FREEZE, CN_QUERY };

struct cn_code {
    enum cn_group group;
    unsigned asked; /* enum order_ask */
    unsigned query; /* enum bank_query, of group query */
    const char *bank;
    const char *payment; /* NULL: payment firms are not asked that */
};

/* The row of what is asked; NULL: there is none. */
const struct cn_code *cn_code_of(unsigned kind, unsigned asked, unsigned query);
/* The row of a request's code, of either column; NULL: there is none. */
const struct cn_code *cn_code_find(str code);
/* "100101" -> "100102" */
str cn_reply_code(str code, char room[6]);
/* To a bank, or to a payment firm: whoever answers in the other's codes is misconnected. */
bool cn_is_reply(str code, unsigned provider_kind);
/* NULL: this kind of provider is not asked that. */
const char *cn_code_for(const struct cn_code *row, unsigned provider_kind);

/* ORDER-000000001: the ask's digits fill the 36 characters. ERR_LIMIT "bank.too_long". */
err cn_application_id(str order, int64_t ask, struct arena *a, str *ret_id);

#endif
