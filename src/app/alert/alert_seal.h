/* SPDX-License-Identifier: Apache-2.0 */
/*
 * alert_seal - under which names numbers and addresses of alerts are sealed (kit/seal.h).
 *
 * Shape     Two words: what is sealed as one opens as no other.
 * Owns      Nothing.   Lives  For ever: what was sealed under them has to be read.
 * Fails     -   Threads  -   Bounds  -
 */
#ifndef YUMEN_APP_ALERT_ALERT_SEAL_H
#define YUMEN_APP_ALERT_ALERT_SEAL_H

#define ALERT_SEALED_NUMBER  "alert.subscriber"
#define ALERT_SEALED_ADDRESS "whereabouts.address"

#endif
