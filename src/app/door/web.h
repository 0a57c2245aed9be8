/* SPDX-License-Identifier: Apache-2.0 */
/*
 * web - the HTTP doors: API, console, notice page, live stream, and the Unix socket of this
 * machine.
 *
 * Shape     a foreign Host  --> the notice page for that name
 *           /v1, /healthz … --> api_call
 *           /v1/stream      --> Server-Sent Events, what was missed first
 *           a console file  --> the file; any other GET --> the console, which knows its pages
 * Owns      The gate; one house.
 * Lives     From web_open to web_close. web_stop waits for open calls; the store thread may still
 *           have events for the streams that were, until house_stop.
 * Fails     ERR_OS when an address cannot be had; web_check: "conf.not_loopback".
 * Threads   open, close: main. Handlers: the gate's web threads.
 * Bounds    As the gate's.
 */
#ifndef YUMEN_APP_DOOR_WEB_H
#define YUMEN_APP_DOOR_WEB_H

#include "app/house/house.h"

/* A rehearsal's store opens no door to others: before any of them is opened. */
err web_check(const struct house *house, const char *listen);
err web_open(struct house *house, const char *listen);
void web_stop(struct house *house);
void web_close(struct house *house);

#endif
