/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trunks - whose switches may have calls screened, as yumen.yaml declares it.
 *
 * Shape     sip:
 *             trunks:
 *             - {name: mobile-a, from: [192.0.2.10, 192.0.2.16/28], kind: domestic}
 *             - {name: gateway, from: [198.51.100.7], kind: international, reject: 603}
 *             - {name: mobile-b, from: [203.0.113.4], carrier: carrier-b}
 * Owns, Lives   As conf.h.
 * Fails     ERR_MALFORMED with a catalogue key, at its line.
 * Threads   One.   Bounds    CONF_LIST_MAX trunks, as many networks each.
 */
#ifndef YUMEN_CONF_TRUNKS_H
#define YUMEN_CONF_TRUNKS_H

#include "conf/node.h"

err conf_trunks_read(struct conf_reading *r, const struct yaml_node *list,
                     struct conf_trunks *ret_trunks);
/* A list of networks. */
err conf_nets_read(struct conf_reading *r, const struct yaml_node *list,
                   struct conf_nets *ret_nets);

#endif
