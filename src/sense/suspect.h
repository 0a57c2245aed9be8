/* SPDX-License-Identifier: Apache-2.0 */
/*
 * suspect - a first look at a number that is due: most are plainly nobody to ask a model about.
 *
 * Shape     conduct --a few comparisons of integers--> may be a caller of a scam, may be a card in
 *           a device, both, or neither
 *
 *               a caller   made at least SUSPECT_CALLS calls and at least as many as it answered,
 *                          to people whom it calls less than three times each, or with a handset
 *                          that carried SUSPECT_CARRIED numbers lately
 *               a card     calls all day, strangers, is hardly called, and stays about where it is
 *
 *           What it lets through is looked at again by a test that can find. What it holds back is
 *           found only once it behaves otherwise. Of cards it is not generous: in a cell, everybody
 *           who is let through is somebody that a card may have handed over to by chance.
 *           A number that calls here or answers, and whose calls come from abroad, half of them or
 *           more, is borrowed: somebody abroad shows it. What those calls are like says nothing of
 *           it; nor is it known of a traveller's. Numbers that are nobody's are answered by nobody.
 * Owns      Nothing.   Lives  A value.   Fails  Never.   Threads  Any.
 * Bounds    Reads two lines of a conduct; one sketch, of those that pass all else.
 */
#ifndef YUMEN_SENSE_SUSPECT_H
#define YUMEN_SENSE_SUSPECT_H

#include "sense/conduct.h"
#include "sense/handsets.h"

enum { SUSPECT_CALLER = 1, SUSPECT_CARD = 2 };

enum {
    SUSPECT_CALLS = 4,       /* fewer say nothing that a model could be sure of */
    SUSPECT_CARRIED = 4,     /* a telephone with two cards, changed once, has fewer */
    SUSPECT_CARD_DAY = 12,   /* calls in 24 hours: a device earns by calling */
    SUSPECT_CARD_CELLS = 12, /* it may be moved, and be heard in the next cell; it does not drive */
};

/* load: of the handset that it called with. */
unsigned suspect_look(const struct conduct *c, struct handset_load load);
bool suspect_is_borrowed(const struct conduct *c);

#endif
