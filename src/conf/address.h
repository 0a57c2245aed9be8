/* SPDX-License-Identifier: Apache-2.0 */
/*
 * address - is this text an address? Strictly, and without asking anybody: no names, no octal, no
 * short forms of IPv4.
 *
 * Shape     Three questions with a yes or a no.
 * Owns      Nothing.   Lives  -   Fails  -   Threads  Any.   Bounds  -
 */
#ifndef YUMEN_CONF_ADDRESS_H
#define YUMEN_CONF_ADDRESS_H

#include "base/str.h"

bool address_is_ipv4(str host);
bool address_is_ipv6(str host);
bool address_is_host(str host);

#endif
