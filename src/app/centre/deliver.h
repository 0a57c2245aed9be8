/* SPDX-License-Identifier: Apache-2.0 */
/*
 * deliver - carries what the outbox holds out of the building, after it was committed.
 *
 * Shape     rpz:     listings changed --> zone_update (serial + 1) --> dns gate
 *           stream:  a record changed --> an event for everybody looking
 *           erasure: a record erased  --> a line in the erasure journal, synced
 *           order:   a provider is asked --> who waits for it looks again; or post: it is brought
 *           A row is dropped with what it caused, or put off and tried again.
 * Owns      Nothing.   Lives  From worker_start to worker_stop.
 * Fails     Trouble is logged and tried again; it holds up nothing else.
 * Threads   The store thread.
 * Bounds    OUTBOX_MOST rows a transaction, and as many of those as it takes.
 */
#ifndef YUMEN_APP_CENTRE_DELIVER_H
#define YUMEN_APP_CENTRE_DELIVER_H

#include "app/house/house.h"

struct worker_port deliver_port(struct house *house);

#endif
