/* SPDX-License-Identifier: Apache-2.0 */
/*
 * service - what a long-running program owes to whoever started it: to end when asked, and to say
 * when it is ready.
 *
 * Shape     service_hold_signals before any thread starts; then service_wait_stop on the main one.
 * Owns      Nothing.
 * Lives     The process.
 * Fails     service_wait_stop: ERR_OS. Telling systemd cannot fail: without it nobody listens.
 * Threads   The main thread. Threads inherit the mask, so that no other one is interrupted.
 * Bounds    -
 */
#ifndef YUMEN_ENV_SERVICE_H
#define YUMEN_ENV_SERVICE_H

#include "base/err.h"

/* SIGINT and SIGTERM wait for service_wait_stop; SIGPIPE is an error of the write instead. */
void service_hold_signals(void);
err service_wait_stop(void);
/* sd_notify(3): "READY=1", "STOPPING=1". */
void service_tell(const char *state);

#endif
