/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sip_screen - stands between the SIP gate and what it says: the screening tables, or the store.
 *
 * Shape     A turn's numbers go to the screening tables in one call, also when those are a moment
 *           behind the last commit: a call does not wait for a disk. Only where there are no tables
 *           yet, after a start, the store is asked, number by number.
 *           A number that nobody can judge passes: a fault of ours must not silence telephones.
 * Owns      The gate, two readers.
 * Lives     prepare before screening_open, while nobody else carves from the boot arena; open when
 *           the console has its address; stop before the store thread ends, and before
 *           screening_close; close after both.
 * Fails     What the options are wrong about; ERR_OS when the address cannot be had.
 * Threads   prepare, open, stop, close: main. keep: the store thread. counts: any.
 * Bounds    As sip.h.
 */
#ifndef YUMEN_APP_SCREEN_SIP_SCREEN_H
#define YUMEN_APP_SCREEN_SIP_SCREEN_H

#include "app/house/house.h"

/* Nothing to do when sip.listen is empty; so with all below. */
err sip_screen_prepare(struct house *house);
err sip_screen_open(struct house *house);
/* Asks nobody any more; what was counted stays until close, after the store thread. */
void sip_screen_stop(struct house *house);
void sip_screen_close(struct house *house);
/* The counts of calls to their rows; the store thread's, outside a transaction. */
err sip_screen_keep(struct house *house, struct store *store, instant now);
/* Until when those rows say everything; 0: nothing is screened here. */
instant sip_screen_kept_until(struct house *house);

struct sip_gate;
/* For its counts; NULL when it is closed. Trunks are in the order of the options. */
const struct sip_gate *sip_screen_gate(struct house *house);
/* Whose signatures it checks; NULL: nobody's. */
struct signers;
struct signers *sip_screen_signers(struct house *house);

#endif
