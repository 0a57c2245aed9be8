/* SPDX-License-Identifier: Apache-2.0 */
/*
 * providers - who carries orders out, as yumen.yaml declares it.
 *
 * Shape     providers:
 *             - {id: bank-a, name: 甲银行, kind: bank, can: [hold, freeze], codes: [BKA],
 *                outlets: [{code: "0101", staff: 12}]}
 * Owns, Lives   As conf.h.
 * Fails     ERR_MALFORMED with a catalogue key, at its line.
 * Threads   One.   Bounds    CONF_LIST_MAX providers, as many codes each, CONF_OUTLETS_MAX outlets.
 */
#ifndef YUMEN_CONF_PROVIDERS_H
#define YUMEN_CONF_PROVIDERS_H

#include "conf/node.h"
#include "fact/provider.h"

enum { CONF_OUTLETS_MAX = 4096 };

err conf_providers_read(struct conf_reading *r, const struct yaml_node *list,
                        struct providers *ret_providers);

#endif
