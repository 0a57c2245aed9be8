/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bank_xml - what the forms in XML share: documents in a mail of several, names of orders, letters.
 *
 * Shape     multipart/mixed, or one document --bank_xml_read--> an instruction each
 *           "ORDER-2" names the second ask of an order
 * Owns      Nothing.   Lives  As long as bytes and arena.   Threads  Any, after kit_boot().
 * Fails     A document that is no order is counted (bank_orders.strange); ERR_LIMIT.
 * Bounds    XML_NODES elements a document.
 */
#ifndef YUMEN_DRILL_BANK_XML_H
#define YUMEN_DRILL_BANK_XML_H

#include "drill/bank_form.h"
#include "kit/xml.h"

struct bank_xml_mail {
    str bytes;
    str content_type;
};

typedef err (*bank_xml_reader)(const struct xml_node *root, struct arena *a,
                               struct bank_instruction *ret_instruction);

err bank_xml_read(const struct bank_xml_mail *mail, bank_xml_reader read, struct arena *a,
                  struct bank_orders *ret_orders);
err bank_case_parse(str text, str *ret_order, int64_t *ret_ask);
/* Empty when the arena is spent. */
str bank_case(const struct bank_receipt *r, struct arena *a);
err bank_xml_letter(const struct bank_speaker *s, str body, struct arena *a,
                    struct bank_letter *ret_letter);

#endif
