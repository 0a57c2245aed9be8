/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sip_peer - a Kamailio of this machine that does what the SIP gate does: one worker, the same
 * numbers in its hash table (htable), 608 or 302; and what a program has used, ours or that one.
 *
 * Shape     start --fill, answer--> sip_load_run ... --> stop
 * Owns      The process, and two files in the folder.
 * Lives     From start to stop; a zeroed one may be stopped.
 * Fails     start: ERR_ABSENT when Kamailio is not installed; ERR_OS when it does not come up.
 * Threads   The caller's.
 * Bounds    Kamailio has 1500 MiB.
 */
#ifndef YUMEN_APP_BENCH_SIP_PEER_H
#define YUMEN_APP_BENCH_SIP_PEER_H

#include "base/err.h"

#include <sys/types.h>

struct sip_peer {
    pid_t pid;
    uint16_t port;
    const char *folder;
};

/* With `listed` of sip_load_number. */
err sip_peer_start(struct sip_peer *p, const char *folder, uint32_t listed);
void sip_peer_stop(struct sip_peer *p);

double sip_peer_cpu_us(const struct sip_peer *p);
double sip_peer_mib(const struct sip_peer *p);
/* The same of this program: of its threads those of one name; of shared pages its share. */
double own_cpu_us(const char *thread);
double own_mib(void);

#endif
