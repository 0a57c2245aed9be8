/* SPDX-License-Identifier: Apache-2.0 */
/*
 * account - reads where money goes: a card, an account at a bank, an IBAN, a payment account.
 *
 * Shape     The canonical form says which of the four it is:
 *
 *             6222021234567890128       a card: 12 to 19 digits, the last by Luhn
 *             ICBC:1234567890           an account that is no card, behind its bank's letters
 *             102100099996:1234567890   … or behind the bank's 12-digit CNAPS code
 *             DE89370400440532013000    an IBAN, by ISO 7064 mod 97
 *             alipay:someone@mail.cn    a payment account; "alipay:+8613912345678" by its telephone
 *
 *           A card whose prefix the table of banks does not know is accepted, for the table is
 *           a snapshot; `bank` is then empty and says so. A card given behind the code of the
 *           bank that issued it is that card. Parsing a canonical form gives that form again.
 * Owns      Nothing; results are in the caller's arena, bank names are literals.
 * Lives     As long as that arena.
 * Fails     ERR_MALFORMED "account.empty", "account.character", "account.too_short",
 *           "account.too_long", "account.luhn", "account.iban", "account.bank", "account.provider",
 *           "account.is_person" (a citizen's identity number). ERR_LIMIT when the arena is spent.
 * Threads   Any, after kit_boot().
 * Bounds    256 bytes.
 */
#ifndef YUMEN_FACT_ACCOUNT_H
#define YUMEN_FACT_ACCOUNT_H

#include "base/str.h"

enum account_class { ACCOUNT_CARD, ACCOUNT_BANK, ACCOUNT_IBAN, ACCOUNT_PAYMENT };

struct bank {
    str code; /* "ICBC" */
    str name; /* "中国工商银行" */
};

struct account {
    enum account_class class;
    str value;
    str display;      /* "6222 0212 3456 7890 128" */
    struct bank bank; /* of a card, by its prefix; empty when unknown */
};

enum { ACCOUNT_TEXT_BYTES = 256, CARD_LEAST_DIGITS = 12, CARD_MOST_DIGITS = 19 };

err account_parse(str text, struct arena *turn, struct account *ret_account);
/*
 * By what a bank's records are told apart: the canonical form where `text` has one (digits that are
 * no card, behind the code of `bank`), else the bank's own token as it stands.
 * ERR_MALFORMED "account.is_person"; "account.token": blanks in it, or more than 64 bytes.
 */
err account_key(str text, str bank, struct arena *turn, str *ret_key);
/* The bank that issues cards of this prefix and length; false when the table knows none. */
bool account_find_bank(str card_digits, struct bank *ret_bank);

#endif
