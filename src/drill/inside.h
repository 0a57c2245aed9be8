/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inside - the parts of a running drill, and how they call each other. For src/drill alone.
 *
 * Shape     Who acts has an event kind and a handler (drill.c's table); who pays calls clearing;
 *           what the banks then say goes through the courier to the port.
 *
 *               agenda --> habit payday victim mule --> clearing --> courier --> port (feeds)
 *                                          \--> stolen ------------------------> port (truth)
 *
 * Owns      struct drill owns the world's pages; the rest is in its arena.
 * Lives     From drill_open to drill_close.
 * Fails     As drill.h.   Threads  One.   Bounds  As drill.h.
 */
#ifndef YUMEN_DRILL_INSIDE_H
#define YUMEN_DRILL_INSIDE_H

#include "drill/agenda.h"
#include "drill/clearing.h"
#include "drill/courier.h"
#include "drill/drill.h"
#include "drill/money.h"
#include "drill/world.h"
#include "env/atomic.h"

#define DAY_US    INT64_C(86400000000)
#define HOUR_US   INT64_C(3600000000)
#define MINUTE_US INT64_C(60000000)
#define SECOND_US INT64_C(1000000)

enum event_kind {
    EVENT_MIDNIGHT, /* which: the day */
    EVENT_HABIT,    /* which: the habit */
    EVENT_RUN,      /* which: the employer; more: who is paid next */
    EVENT_FUND,     /* which: a company's account; more: fen */
    EVENT_DUE,      /* which: a slot of clearing's */
    EVENT_REVERSE,  /* which: likewise */
    EVENT_CLOSE,    /* which: the bank whose file is due */
    EVENT_ARRIVE,   /* which: a file; more: whether it came before */
    EVENT_SCAM,
    EVENT_VICTIM, /* which: the incident; more: payments left */
    EVENT_HANDLE, /* which: a stash */
    EVENT_CALLS_BEGIN,
    EVENT_CALLS_CLOSE,  /* which: the carrier whose file is due */
    EVENT_CALLS_ARRIVE, /* which: a file; more: whether it came before */
    EVENT_CALL_ANSWER,  /* which: a call in progress */
    EVENT_CALL_END,     /* likewise */
    EVENT_CALL_BACK,    /* which: who was called; more: by whom */
    EVENT_TALK,         /* which: a stream of calls */
    EVENT_SCAMMER,      /* which: who dials */
    EVENT_LURE,         /* which: the incident; more: when the victim pays */
    EVENT_BAIT,
    EVENT_STRAY, /* which: whether the listing is a mistake */
    EVENT_LINK,
    EVENT_MESSAGE, /* which: the episode */
    EVENT_OPEN,    /* likewise */
    EVENT_VISITS_CLOSE,
    EVENT_VISITS_ARRIVE,
    EVENT_MESSAGES_CLOSE,
    EVENT_MESSAGES_ARRIVE,
    EVENT_KIND_COUNT
};

/* --- who acts --- */

struct habit {
    struct dice dice;
    uint32_t cursor;          /* of those who act in turn */
    int64_t gap_ns[2][HOURS]; /* mean; working days, weekends; 0: nobody */
};

err habit_begin(struct drill *d);
err habit_act(struct drill *d, const struct event *e);
int64_t habit_a_day_micro(const struct drill *d, size_t kind);
/* When the next of something comes that happens by this profile. */
int64_t habit_next_us(struct drill *d, struct habit *h);
void habit_set_pace(const struct drill *d, struct habit *h, uint32_t profile, int64_t a_day_micro);

err payday_midnight(struct drill *d, const struct event *e);
err payday_run(struct drill *d, const struct event *e);
err payday_fund(struct drill *d, const struct event *e);
/* Has a company's money come to it, later that day. */
err payday_ask_funds(struct drill *d, uint32_t account, int64_t fen, int64_t at_us);

struct stolen;
struct scam {
    struct dice dice;
    struct habit pace;
    uint32_t rings;
};

err victim_begin(struct drill *d);
err victim_scam(struct drill *d, const struct event *e);
err victim_pay(struct drill *d, const struct event *e);
/* An account of the ring's for this layer, other than `not_this`. */
uint32_t mule_account(struct drill *d, uint32_t ring, unsigned layer, uint32_t not_this);
err mule_handle(struct drill *d, const struct event *e);
/* After money has come in: when will somebody look. */
err mule_wake(struct drill *d, uint32_t stash);

/* Before a victim pays: perhaps a call; nothing where nobody has a telephone. */
err calls_lure_first(struct drill *d, uint32_t incident, int64_t pay_us);
err calls_lure_again(struct drill *d, uint32_t incident, int64_t pay_us);

/* --- everything --- */

struct calls;
struct online;
struct asking;

struct drill {
    struct arena *arena;
    struct params params;
    struct drill_port port;
    struct world world;
    struct agenda agenda;
    struct clearing clearing;
    struct courier courier;
    struct habit habits[HABIT_COUNT];
    struct dice payday_dice;
    struct scam scam;
    struct stolen *stolen;
    struct calls *calls;   /* NULL: nobody has a telephone */
    struct online *online; /* NULL: nor does anybody look at a site */
    struct asking *asking; /* NULL: no bank asks */
    int64_t now_us;
    int64_t end_us;
    uint32_t weekday; /* of the first day; 0: Sunday */
    struct env_counter rows;
    struct drill_counts counts;
};

/* Puts an event, unless the drill is over by then and it is one that starts something new. */
err drill_at(struct drill *d, int64_t at_us, enum event_kind kind, uint32_t which, uint64_t more);
static inline uint32_t drill_day(const struct drill *d, int64_t at_us)
{
    return (uint32_t)((at_us - d->params.begin_us) / DAY_US);
}
static inline bool drill_is_weekend(const struct drill *d, uint32_t day)
{
    uint32_t weekday = (d->weekday + day) % 7;
    return weekday == 0 || weekday == 6;
}

#endif
