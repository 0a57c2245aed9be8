/* SPDX-License-Identifier: Apache-2.0 */
/*
 * calls - everybody's telephone calls: honest streams, look-alikes, and who dials for the scams.
 * For src/drill alone.
 *
 * Shape     Streams (talk.c) go over everybody of a kind; who dials for a scam (scam_calls.c,
 *           racks.c) is an actor with one call at a time. All of them call exchange_dial.
 *
 *               talk --------------+
 *               handsets, abroad --+--> exchange --> courier --> port (calls)
 *               racks -------------+
 *               victim --> lure ---^
 *
 * Owns      struct calls owns its lines' pages; the rest is in the drill's arena.
 * Lives     With the drill, where its port takes calls.
 * Fails     As drill.h.   Threads  One.
 * Bounds    A few hundred bytes a port and card of a rack.
 */
#ifndef YUMEN_DRILL_CALLS_H
#define YUMEN_DRILL_CALLS_H

#include "drill/exchange.h"
#include "drill/inside.h"
#include "drill/lines.h"
#include "drill/stolen.h"

/* Of each kind: its private calls, its work, and those that ring it. */
enum { KIND_STREAMS = 3, STREAMS = TALK_COUNT + KIND_STREAMS * KINDS_MOST };

/* Who makes one call after the other for a scam: a port, a person, one of the calls of a room. */
struct scammer {
    struct dice dice;
    int64_t free_us; /* when its call is over */
    uint32_t line;
    uint32_t imei;
    uint32_t last; /* who answered last */
    uint32_t rack; /* of calls.racks */
    uint32_t card; /* of its rack, plus 1; 0: none is in it */
    uint32_t left; /* calls until the card, or the number shown, is changed */
    uint32_t room; /* of somebody abroad */
    uint32_t profile;
    int64_t dies_us; /* of a person's number */
    uint8_t way;
};

struct card {
    uint32_t line;
    uint32_t imei;
    uint32_t day; /* of `made` */
    uint32_t made;
    int64_t dies_us;
    bool is_in; /* a port */
};

struct rack {
    struct dice dice;
    uint32_t type;
    uint32_t first_port; /* of its way's in calls.scammers */
    uint32_t port_count;
    uint32_t card_count;
    uint32_t next_card; /* in turn */
    struct card *cards;
    uint32_t mast;
    uint32_t sector;
    int64_t moves_us;
    uint32_t *sectors; /* by port */
};

struct room {
    uint32_t shown;
    uint32_t left;
    uint16_t trunk;
};

struct calls {
    struct lines lines;
    struct exchange exchange;
    struct habit streams[STREAMS];
    struct scammer *scammers; /* by way: handsets | ports | calls of rooms | ports of bypasses */
    uint32_t scammer_first[WAY_COUNT + 1];
    struct rack *racks;
    uint32_t rack_count; /* of scams; behind them */
    uint32_t bypass_count;
    struct room *rooms;
    uint32_t room_count;
    struct dice lure_dice;
};

err phones_open(struct drill *d);
void phones_close(struct drill *d);
err phones_begin(struct drill *d, const struct event *e);

err talk_begin(struct drill *d);
err talk_act(struct drill *d, const struct event *e);
err talk_back(struct drill *d, const struct event *e);
int64_t talk_a_day_micro(const struct drill *d, size_t stream);

err scam_calls_open(struct drill *d);
err scam_calls_begin(struct drill *d);
err scam_calls_act(struct drill *d, const struct event *e);
err scam_calls_lure(struct drill *d, const struct event *e);
/* Makes ready to call now; false: it cannot. */
err scam_calls_ready(struct drill *d, struct scammer *s, bool *ret_is_ready);
/* A number that nobody had, told as truth. */
err scam_calls_line(struct drill *d, enum scam_way way, uint32_t rack, uint32_t *ret_line);
/* One call, told as truth. */
struct aimed {
    uint32_t callee;
    uint32_t incident;
    enum scam_aim aim;
};
err scam_calls_dial(struct drill *d, struct scammer *s, const struct aimed *aim);

err racks_open(struct drill *d);
err racks_begin(struct drill *d);
/* A card for this port, if there is one that may call; the swap takes its time. */
err racks_card(struct drill *d, struct scammer *s, bool *ret_is_ready);
const struct rack_params *racks_type(const struct drill *d, const struct scammer *s);
uint32_t racks_port(const struct drill *d, const struct scammer *s);
uint32_t racks_cell(const struct drill *d, const struct scammer *s);
void racks_count(struct drill *d, struct scammer *s);
/* A port of the same rack that is idle, with its card; NULL when there is none. */
struct scammer *racks_sibling(struct drill *d, const struct scammer *s);

#endif
