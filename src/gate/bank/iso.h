/* SPDX-License-Identifier: Apache-2.0 */
/*
 * iso - the words of ISO 20022 as both sides of form iso20022 use them.
 *
 * Shape     camt.056.001.08 asks, camt.029.001.09 and pacs.004.001.10 answer. What the standard has
 *           no place for stands in supplementary data of our own namespace: the amount to keep,
 *           the term, and whether it is placed, trimmed, extended or lifted; in answers what is
 *           held, the usable balance, earlier freezes. docs/formats/bank-iso20022.md.
 * Owns      Nothing.   Lives  For ever.   Fails  -   Threads  Any.
 * Bounds    Texts of the standard: 35, 105, 140 characters.
 */
#ifndef YUMEN_GATE_BANK_ISO_H
#define YUMEN_GATE_BANK_ISO_H

#include "gate/bank/inside.h"

enum { ISO_ID = 35, ISO_ACCOUNT = 34, ISO_INFO = 105, ISO_NAME = 140 };

#define ISO_SPACE   "urn:iso:std:iso:20022:tech:xsd:"
#define ISO_ASK     "camt.056.001.08"
#define ISO_ANSWER  "camt.029.001.09"
#define ISO_RETURN  "pacs.004.001.10"
#define ISO_OURS    "urn:yumen:bank:1"
#define ISO_RELEASE "LIFT" /* our own reason: a lift is not another recall */

/* The Document, itself or in an envelope beside its header; ERR_MALFORMED "bank.document" unless it
 * is of this message ("camt.029.001."), in any version. */
err iso_document(const struct xml_node *root, const char *message, const struct xml_node **ret_doc);
/* Of ours, below `from`: SplmtryData/Envlp/NAME; NULL: none. Several are told apart by `key`, the
 * text of their first element. */
const struct xml_node *iso_ours(const struct xml_node *from, const char *name, str key);
/* <NAME Ccy="CNY">12.34</NAME> */
void iso_put_amount(struct xml *x, const char *name, int64_t minor, str currency);
void iso_put_when(struct xml *x, const char *name, instant at, int zone_min);
/* <NAME><Pty><Nm>…: a party is known by its name, */
void iso_put_party(struct xml *x, const char *name, str party);
/* … and a bank by a code. */
void iso_put_agent(struct xml *x, const char *name, str code);
void iso_begin_ours(struct xml *x, const char *name);
void iso_end_ours(struct xml *x);

#endif
