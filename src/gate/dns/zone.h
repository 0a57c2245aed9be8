/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zone - the policy zone's published states: the newest one whole, and how it came to be.
 *
 * Shape     A view is one published state: sorted chunks, each a run, never changed again. A step
 *           makes the next view; chunks that the change does not touch are shared, so one name in
 *           a million costs a chunk, not a copy. The step leaves a diff in the history.
 *
 *               view 41 --> [chunk a][chunk b ][chunk c]
 *               view 42 --> [chunk a][chunk b'][chunk c]      diffs: .. 39>40 40>41 41>42
 *
 *           A transfer keeps the view (and the diff) it began with and reads it at its own pace:
 *           it never sees half a change, and nobody waits for it.
 * Owns      The zone: its newest view and its history. A view and a chunk each own an arena and are
 *           counted; a diff is held by the one before it, so holding the first holds the rest.
 * Lives     A view until the zone has moved on and the last transfer that kept it has dropped it.
 * Fails     ERR_CONFLICT when a serial would not go forward (RFC 1982), ERR_LIMIT when a bound is
 *           met; the zone is then as it was.
 * Threads   One: the counts are plain integers.
 * Bounds    entries, history_count, history_bytes; a step is O(changes log changes + chunks).
 */
#ifndef YUMEN_GATE_DNS_ZONE_H
#define YUMEN_GATE_DNS_ZONE_H

#include "gate/dns/list.h"

struct rpz_chunk;
struct rpz_view;
struct rpz_diff;

struct rpz_limits {
    size_t zone_name_bytes; /* of its wire name; owners must fit before it */
    size_t entries;
    size_t history_count;
    size_t history_bytes;
};

struct rpz_zone {
    struct rpz_limits limits;
    struct arena scratch; /* of one step */
    struct rpz_view *now;
    struct rpz_diff *oldest; /* held */
    struct rpz_diff *newest;
    struct rpz_diff *condensed; /* held; the last one asked for, until the next step */
    size_t diff_count;
    size_t diff_bytes;
};

/* How a zone starts: a state, and the newest part of what led to it (oldest first). */
struct rpz_start {
    uint32_t serial;
    const struct rpz_entry *entries;
    size_t entry_count;
    const struct rpz_list *list; /* in place of entries, when it is not NULL */
    const struct rpz_past *past;
    size_t past_count;
};

/* What a step did; `unfit` names cannot stand in the zone and were left out. */
struct rpz_step {
    size_t removed;
    size_t added;
    size_t unfit;
};

void rpz_zone_init(struct rpz_zone *z, const struct rpz_limits *limits);
void rpz_zone_done(struct rpz_zone *z);
/* Once, on a fresh zone. Past that does not join up with the serial is left out. */
err rpz_zone_load(struct rpz_zone *z, const struct rpz_start *start, struct rpz_step *ret_step);
enum rpz_take {
    RPZ_TAKE_CHANGES, /* what is not in the list stays as it is */
    RPZ_TAKE_WHOLE,   /* what is not in the list is lifted */
};
err rpz_zone_take(struct rpz_zone *z, uint32_t serial, const struct rpz_list *list,
                  enum rpz_take take, struct rpz_step *ret_step);
/* The same from arrays. Several changes of one name: the last one counts. */
err rpz_zone_step(struct rpz_zone *z, uint32_t serial, const struct rpz_entry *changes,
                  size_t count, struct rpz_step *ret_step);
err rpz_zone_replace(struct rpz_zone *z, uint32_t serial, const struct rpz_entry *entries,
                     size_t count, struct rpz_step *ret_step);
/* The diff that begins at `serial`; NULL when it is too old, unknown, or longer than the zone. */
struct rpz_diff *rpz_zone_find_diff(const struct rpz_zone *z, uint32_t serial);
/* The same way in one diff, where there is memory for it. BIND commits each diff to its journal:
 * three hundred small ones took it two seconds, one with the same names nothing to speak of. */
struct rpz_diff *rpz_zone_condense(struct rpz_zone *z, struct rpz_diff *first);

uint32_t rpz_view_serial(const struct rpz_view *v);
size_t rpz_view_entries(const struct rpz_view *v);
size_t rpz_view_chunks(const struct rpz_view *v);
pack_run rpz_view_chunk(const struct rpz_view *v, size_t index);
/* What is listed under this key; RPZ_NONE: nothing. */
enum rpz_policy rpz_view_find(const struct rpz_view *v, const uint8_t *pack);
/* Is this name listed, or any name below it? */
bool rpz_view_has_below(const struct rpz_view *v, const uint8_t *pack);
void rpz_view_keep(struct rpz_view *v);
void rpz_view_drop(struct rpz_view *v); /* NULL is fine */

uint32_t rpz_diff_from(const struct rpz_diff *d);
uint32_t rpz_diff_to(const struct rpz_diff *d);
pack_run rpz_diff_removed(const struct rpz_diff *d);
pack_run rpz_diff_added(const struct rpz_diff *d);
const struct rpz_diff *rpz_diff_next(const struct rpz_diff *d); /* NULL at the newest */
void rpz_diff_keep(struct rpz_diff *d);
void rpz_diff_drop(struct rpz_diff *d); /* NULL is fine */

#endif
