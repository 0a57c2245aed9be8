/* SPDX-License-Identifier: Apache-2.0 */
/*
 * answer - what a batch is answered with: how many rows were accepted, known already, refused, and
 * the first hundred refusals.
 *
 * Shape     {"batch":"…","accepted":n,"duplicate":n,"refused":n,
 *            "refusals":[{"row":n,"column":"…","code":"…","reason":"…"}]}
 *           and "late" where a feed has rows that are accepted and count nothing.
 *           The reason is the catalogue's sentence in the language of who asks; the catalogue is a
 *           floor above, so its look-up is handed in.
 * Owns      Columns of kept refusals are copied into the answer's arena.
 * Lives     As long as that arena.
 * Fails     A refusal that no longer fits is counted and not kept.
 * Threads   One.
 * Bounds    FEED_INLINE_MAX refusals.
 */
#ifndef YUMEN_FEED_ANSWER_H
#define YUMEN_FEED_ANSWER_H

#include "feed/reader.h"

enum { FEED_INLINE_MAX = 100 };

struct feed_answer {
    str batch;
    int64_t accepted;
    int64_t duplicate;
    int64_t refused;
    int64_t late;  /* of those accepted: too old to count */
    bool has_late; /* its feed has such rows */
    size_t refusal_count;
    struct {
        int64_t row;
        str column;
        const char *code;
    } refusals[FEED_INLINE_MAX];
};

void feed_answer_put_refusal(struct feed_answer *a, struct arena *arena,
                             const struct feed_refusal *refusal);
void feed_answer_format(const struct feed_answer *a, str (*reason)(void *self, const char *code),
                        void *self, struct text *t);

#endif
