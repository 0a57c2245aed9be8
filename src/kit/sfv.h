/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sfv - structured field values of HTTP (RFC 8941), as much as signatures need: dictionaries whose
 * members are inner lists of strings or single items, with parameters.
 *
 * Shape     A cursor walks a field from left to right; each step takes one thing off its front:
 *
 *               struct sfv s = sfv_of(field);
 *               while (sfv_member(&s, &key))              sig1=
 *                   sfv_inner_begin / sfv_inner_item      ("@method" "@path")
 *                   while (sfv_parameter(&s, &key, &item))    ;created=1618884473
 *               if (s.is_bad) …
 *
 *           Once something was wrong, is_bad stays, every step says there is no more, and the
 *           caller asks once, at the end.
 * Owns      Nothing: results are slices of the field.
 * Lives     As long as the field.
 * Fails     is_bad. Strings with a backslash, decimals and dates are not read: nobody needs them
 *           here, and what cannot be read cannot be read in two ways.
 * Threads   One a cursor.
 * Bounds    Integers of 15 digits, as the RFC has them.
 */
#ifndef YUMEN_KIT_SFV_H
#define YUMEN_KIT_SFV_H

#include "base/str.h"

enum sfv_kind { SFV_BOOL, SFV_INTEGER, SFV_STRING, SFV_TOKEN, SFV_BYTES };

struct sfv_item {
    enum sfv_kind kind;
    str slice;      /* of string, token and bytes: what stands between the quotes or colons */
    int64_t number; /* of integer and bool */
};

struct sfv {
    str rest;
    bool is_bad;
    bool has_begun; /* the next member comes behind a comma */
};

struct sfv sfv_of(str field);
/* The next member's key; false at the end. What stands behind it is then to be taken. */
bool sfv_member(struct sfv *s, str *ret_key);
/* Whether the member is an inner list; its '(' is then taken. */
bool sfv_inner_begin(struct sfv *s);
/* False when its ')' was taken. */
bool sfv_inner_item(struct sfv *s, struct sfv_item *ret_item);
/* The member's only item. */
bool sfv_item(struct sfv *s, struct sfv_item *ret_item);
bool sfv_parameter(struct sfv *s, str *ret_key, struct sfv_item *ret_item);
/* Takes a member of any kind, with its parameters. */
void sfv_skip(struct sfv *s);

#endif
