/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conduct - how one number behaves on the telephone, in 160 bytes: counted, never listed.
 *
 * Shape     Everything in it is a sum, a least, a most, a set of bits, or a window behind the
 *           newest call. So the same parts of the same calls leave the same conduct, bit for bit,
 *           in whatever order they come; the book sees to it that each is counted once.
 *
 *               heard_s, first_s   most and least of all times that were told
 *               days               bit i: something i days before heard_s
 *               newest_s           the newest call it made; behind it:
 *               gaps               seconds from it back to the eight before, sorted
 *               hours              calls of each of the last 24 hours, by hour of the day (UTC)
 *               day_peers          bits of whom it called on that day
 *
 *           Only what is behind a window is not counted in it; sums hold everything.
 *           A callee is counted when it answers: ringing a number makes nothing of it.
 * Owns      A value without pointers, the same in memory and on disk (little-endian).
 * Lives     In the book.
 * Fails     Never. Every count stays at its most when it is full.
 * Threads   One writer.
 * Bounds    160 bytes; a callee touches the first 44 of them.
 */
#ifndef YUMEN_SENSE_CONDUCT_H
#define YUMEN_SENSE_CONDUCT_H

#include "sense/sighting.h"
#include "sense/sketch.h"

enum {
    CONDUCT_IMEI_PLACES = 32,
    CONDUCT_IMSI_PLACES = 16,
    CONDUCT_CELL_PLACES = 64,
    CONDUCT_GAPS = 8,
    CONDUCT_GAP_MOST = 0xFFFF, /* or there were not so many */
    CONDUCT_HOURS = 24,
    CONDUCT_SHORT_S = 10,
};

struct conduct {
    uint64_t key; /* the pseudonym */
    uint32_t first_s;
    uint32_t heard_s;
    uint32_t in_calls; /* answered */
    uint32_t in_seconds;
    uint8_t in_peers[SKETCH_32_BYTES];
    uint32_t days;
    uint16_t texts;
    uint16_t from_abroad;
    uint32_t out_calls;
    uint32_t out_answered;
    uint32_t out_short; /* answered, and over in CONDUCT_SHORT_S */
    uint32_t out_seconds;
    uint8_t out_peers[SKETCH_64_BYTES];
    uint64_t cells;
    uint32_t imeis;
    uint32_t day_peers;
    uint16_t gaps[CONDUCT_GAPS];
    uint8_t hours[CONDUCT_HOURS];
    uint32_t newest_s; /* 0: it made no call */
    uint16_t imsis;
    uint16_t unused;
};

/* As of `s`, which is then counted as any other. */
void conduct_init(struct conduct *c, uint64_t key, const struct sighting *s);
/* `parts`: those of s->parts that were not counted before. zone_s: what a day is. */
void conduct_made(struct conduct *c, const struct sighting *s, unsigned parts, int32_t zone_s);
void conduct_received(struct conduct *c, const struct sighting *s, unsigned parts, int32_t zone_s);

#endif
