/* SPDX-License-Identifier: Apache-2.0 */
/*
 * episode - what speaks for a scam being at work on one number just now; nothing that stays.
 *
 * Shape     Of each kind the EPISODE_KEEPS strongest signals are kept, by how strong they are now.
 *           Since all of a kind fade alike, who is stronger is so for ever: therefore the same
 *           signals leave the same episode in whatever order, however often, they came.
 *
 *               evidence now = strongest of each kind, half of its second, a quarter of its third
 *                            + pairs, as far as both of them are still there, in their order
 *
 *           A signal that has faded below FADED_MN is gone; when all are, so is the episode.
 * Owns      Nothing: flat, without pointers.
 * Lives     In its table, or anywhere.
 * Fails     Never.
 * Threads   One.
 * Bounds    512 bytes. The evidence is within EPISODE_MOST_MN.
 */
#ifndef YUMEN_WARN_EPISODE_H
#define YUMEN_WARN_EPISODE_H

#include "warn/rules.h"

enum { EPISODE_KEEPS = 3, EPISODE_PARTS = SIGNAL_KINDS * EPISODE_KEEPS + PAIRS_MOST };
/* Each kind at most twice its weight, each pair once. */
enum { EPISODE_MOST_MN = (2 * SIGNAL_KINDS + PAIRS_MOST) * WEIGHT_MOST_MN };

/* A signal that is kept; strength 0: none. */
struct sign {
    uint32_t time_s;
    uint16_t strength;
    uint16_t source;
    uint32_t id;
    uint32_t evidence;
};

struct episode {
    uint64_t about; /* 0: nobody's place */
    uint32_t tier;  /* as it was last said */
    uint32_t next;  /* of its table's free places */
    /* Whoever was reached is not reached again at once; kept until the day is over. */
    uint32_t reached_day;
    uint32_t reached_times;
    uint8_t reserved[8];
    struct sign signs[SIGNAL_KINDS][EPISODE_KEEPS];
};

enum episode_news {
    EPISODE_NEW,
    EPISODE_AGAIN,  /* the same signal, or one that says no more */
    EPISODE_WEAKER, /* there are EPISODE_KEEPS stronger ones of its kind */
    EPISODE_LATE,   /* faded before it came */
    EPISODE_AHEAD   /* its clock is further ahead than the rules bear */
};

/* now_s never goes back for one episode. */
enum episode_news episode_put(struct episode *e, const struct warn_rules *r, const struct signal *s,
                              uint32_t now_s);
/* Evidence in millinats. */
int64_t episode_evidence(const struct episode *e, const struct warn_rules *r, uint32_t now_s);
/* Has everything faded? */
bool episode_is_gone(const struct episode *e, const struct warn_rules *r, uint32_t now_s);

/* What gave what: `pair` is PAIRS_MOST for a signal by itself. */
struct episode_part {
    int32_t given_mn;
    uint32_t pair;
    uint8_t kind;
    struct sign sign; /* of a pair: its second */
};

/* How many; their sum is the evidence. */
size_t episode_explain(const struct episode *e, const struct warn_rules *r, uint32_t now_s,
                       struct episode_part ret_parts[EPISODE_PARTS]);

#endif
