/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dns_list - stands between the DNS list and what it says: tables, store, catalogue of reasons.
 *
 * Shape     A turn's questions go to the screening tables in one call. When those are not up to the
 *           last commit, few questions go to the store instead, so that who has just approved finds
 *           it; many go to the tables all the same, when these were up to date a moment ago: a
 *           flood of questions must not become a flood on the store.
 *           What is listed is told to between.h as the tables hear of it.
 * Owns      The gate, two readers, the filter of names between.
 * Lives     prepare before screening_open, while nobody else carves from the boot arena; open when
 *           the console has its address; close before screening_close.
 * Fails     What the options are wrong about; ERR_OS when the address cannot be had.
 * Threads   prepare, open, close: main. hear: the screening thread. counts: any.
 * Bounds    As dnsbl.h.
 */
#ifndef YUMEN_APP_SCREEN_DNS_LIST_H
#define YUMEN_APP_SCREEN_DNS_LIST_H

#include "app/house/house.h"

/* Nothing to do when dns.list.listen is empty; so with all below. */
err dns_list_prepare(struct house *house);
err dns_list_open(struct house *house);
void dns_list_close(struct house *house);

/* A listing in force, as the tables take it in. */
void dns_list_hear(struct house *house, unsigned kind, str value);

struct dnsbl_counts;
/* False when it is closed. */
bool dns_list_counts(struct house *house, struct dnsbl_counts *ret_counts);

#endif
