/* SPDX-License-Identifier: Apache-2.0 */
/*
 * case_nodes - the nodes of a case's report, kept from one settling to the next: only accounts that
 * the last one went through are looked at again.
 *
 * Shape     case_settle --accounts it went through--> items of each --> node
 *                                                        `-- the layer of what it paid on: payees
 *
 *           A layer is the fewest transfers from a victim by which stolen money came, in time: what
 *           an account paid is one more than what had come by then. Where that changed, the payee
 *           is looked at too. Each depends on earlier transfers alone, so there is one answer.
 * Owns      Nothing: its arrays lie in the arena it is given, the same each time.
 * Lives     As long as case and arena.
 * Fails     ERR_LIMIT when the arena is spent: then it is begun anew.
 * Threads   The case's.
 * Bounds    O(items of the accounts gone through); 100 bytes an account, 4 an event.
 */
#ifndef YUMEN_TRAIL_CASE_NODES_H
#define YUMEN_TRAIL_CASE_NODES_H

#include "trail/case_report.h"

struct case_kept {
    struct case_node node; /* as case_report's, without shares; layer 0: no stolen money came */
    int64_t left_ms;       /* stolen money last went on; 0: never */
};

struct case_nodes {
    struct case_kept *at; /* by the case's number of the account */
    uint32_t count;
    uint32_t *changed; /* numbers of those that may be other than at the last look */
    uint32_t changed_count;
    bool is_anew; /* all of them, and they have other numbers */
    /* its own */
    uint32_t *layers; /* by event: of the money it moved on; 0: not known */
    uint32_t *waiting;
    bool *is_waiting;
    bool *is_changed;
    uint32_t waiting_at;
    uint32_t waiting_count;
    uint32_t room; /* accounts */
    uint32_t layer_room;
    uint64_t rebuilds; /* of the case, when it was looked at */
};

/* The case is settled. *n is zeroed at first. */
err case_nodes_look(struct case_nodes *n, struct trail_case *c, struct arena *a);
/* The transfers that brought stolen money to an account, in order: the number of the next from
 * *cursor on, which begins with 0; false at the end. */
bool case_nodes_arrival(const struct trail_case *c, uint32_t account, uint32_t *cursor,
                        uint32_t *ret_number);

#endif
