/* SPDX-License-Identifier: Apache-2.0 */
#include "screen/verdict.h"

#include <assert.h>

const char *const verdict_words[] = {"pass", "warn", "block", NULL};

static bool is_below(str value, str suffix)
{
    return value.size > suffix.size && str_ends(value, suffix) &&
           value.at[value.size - suffix.size - 1] == '.';
}

bool screen_covers(const struct listing *l, str value, instant at)
{
    if (l->state != LISTING_IN_FORCE || l->from.us > at.us || l->until.us <= at.us)
        return false;
    return str_equal(l->value, value) || (l->match == MATCH_SUFFIX && is_below(value, l->value));
}

/* Of two that cover: allow, then block, then warn; then the later end. */
static bool outranks(const struct listing *a, const struct listing *b)
{
    static const int rank[ACTION_COUNT] = {
        [ACTION_ALLOW] = 2, [ACTION_BLOCK] = 1, [ACTION_WARN] = 0};
    if (b == NULL || rank[a->action] != rank[b->action])
        return b == NULL || rank[a->action] > rank[b->action];
    return a->until.us > b->until.us;
}

struct judgement screen_judge(const union record *candidates, size_t count, str value, instant at)
{
    static const enum verdict verdicts[ACTION_COUNT] = {[ACTION_ALLOW] = VERDICT_PASS,
                                                        [ACTION_BLOCK] = VERDICT_BLOCK,
                                                        [ACTION_WARN] = VERDICT_WARN};
    assert(candidates != NULL || count == 0);
    const struct listing *best = NULL;
    for (size_t i = 0; i < count; i++)
        if (screen_covers(&candidates[i].listing, value, at) &&
            outranks(&candidates[i].listing, best))
            best = &candidates[i].listing;
    if (best == NULL)
        return (struct judgement){.verdict = VERDICT_PASS};
    return (struct judgement){.verdict = verdicts[best->action], .listing = best};
}
