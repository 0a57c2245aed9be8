/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verdict - pass, warn or block: what the listings that cover an indicator say together.
 *
 * Shape     Candidates in, one verdict and the listing that says why out. `allow` beats `block`
 *           beats `warn`; among equals the one with the later end. `from` and `until` are obeyed to
 *           the microsecond, whatever state the record is still in.
 * Owns      Nothing; the listing is one of the candidates.
 * Lives     One turn.   Fails  Never.   Threads  Any.
 * Bounds    O(candidates).
 */
#ifndef YUMEN_SCREEN_VERDICT_H
#define YUMEN_SCREEN_VERDICT_H

#include "fact/nouns.h"

enum verdict { VERDICT_PASS, VERDICT_WARN, VERDICT_BLOCK };
extern const char *const verdict_words[];

struct judgement {
    enum verdict verdict;
    const struct listing *listing; /* NULL: nothing covers it. Of a pass: the allow that says so */
};

/* `value` is the canonical indicator; a candidate covers it by being equal or by suffix. */
struct judgement screen_judge(const union record *candidates, size_t count, str value, instant at);
bool screen_covers(const struct listing *listing, str value, instant at);

#endif
