/* SPDX-License-Identifier: Apache-2.0 */
/*
 * list - names on their way to a zone: changes, or a whole state.
 *
 * Shape     Either name by name in the store's order, so that a million of them are never held in
 *           another form than the zone's own; or an array in any order, which is sorted here.
 *
 *               store --rpz_list_put--> [run] --dns_gate_publish_list--> gate
 *
 * Owns      Its arena.
 * Lives     From init to done, or until it is handed over: then it is whoever took it that ends it.
 * Fails     ERR_LIMIT without memory; ERR_CONFLICT when names come out of order. A name that cannot
 *           stand in the zone is counted as unfit and left out.
 * Threads   One at a time: it may be made on one thread and read on another.
 * Bounds    RPZ_LIST_BYTES.
 */
#ifndef YUMEN_GATE_DNS_LIST_H
#define YUMEN_GATE_DNS_LIST_H

#include "gate/dns/run.h"

#define RPZ_LIST_BYTES ((size_t)1 << 30)

struct rpz_list {
    struct arena arena;
    struct run_writer run;
    size_t zone_name_bytes;
    size_t unfit;
};

/* Which of an array's entries go in. */
enum rpz_list_kind {
    RPZ_LIST_CHANGES, /* a name may be lifted: RPZ_NONE */
    RPZ_LIST_LISTED,  /* what is listed only */
};

void rpz_list_init(struct rpz_list *l, size_t zone_name_bytes);
void rpz_list_done(struct rpz_list *l); /* a zeroed one too */
/* "com.evil." or "com.evil.*.", after the one before. */
err rpz_list_put(struct rpz_list *l, str turned, enum rpz_policy policy);
/* Into an empty list; several of one name: the last one counts. */
err rpz_list_fill(struct rpz_list *l, enum rpz_list_kind kind, const struct rpz_entry *entries,
                  size_t count);

#endif
