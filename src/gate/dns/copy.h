/* SPDX-License-Identifier: Apache-2.0 */
/*
 * copy - keeps files like the zone, for resolvers that read it from there.
 *
 * Shape     A thread of its own writes, so that a slow disk holds up nobody. The gate hands it a
 *           view, COPY_GATHER_MS after the zone has moved, and no sooner than the interval after
 *           the last one; what moves meanwhile is in the next. Each file is written beside the old
 *           one, synced and renamed: a resolver reads the old list or the new one.
 *
 *               gate: moved --gather--> view --> thread: text, sync, rename
 *                       ^------------- given back -----'
 *
 * Owns      The thread; the view it writes, until the gate has taken it back.
 * Lives     From copy_start to copy_stop, which waits for the write under way to be given up.
 * Fails     A file that cannot be written keeps its old list, says so in its state, and is tried
 *           again after COPY_RETRY_MS; the other files are written all the same.
 * Threads   All but the thread itself: the gate's. States are under the mutex.
 * Bounds    DNS_FILES_MAX files.
 */
#ifndef YUMEN_GATE_DNS_COPY_H
#define YUMEN_GATE_DNS_COPY_H

#include "env/loop.h"
#include "gate/dns/dns.h"
#include "gate/dns/master.h"

enum { COPY_GATHER_MS = 50, COPY_EVERY_MS = 1000, COPY_RETRY_MS = 10000, COPY_PATH_MAX = 1024 };

struct event;

struct copier {
    struct dns_gate *gate;
    struct master master;
    struct env_thread thread;
    struct event *timer;
    struct loop_post back;
    int64_t every_ms;
    int64_t begun_ms; /* the last time */
    size_t count;
    char path[DNS_FILES_MAX][COPY_PATH_MAX];
    struct env_mutex mutex; /* guards what follows */
    struct env_cond wake;
    struct rpz_view *view; /* out with the thread; NULL: it rests */
    bool has_work;
    bool is_stopping;
    err result[DNS_FILES_MAX]; /* of the last time */
    struct dns_file_state state[DNS_FILES_MAX];
};

err copy_start(struct dns_gate *g, const struct dns_options *options);
void copy_stop(struct dns_gate *g);
/* The zone has moved on. */
void copy_want(struct dns_gate *g);

#endif
