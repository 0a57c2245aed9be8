/* SPDX-License-Identifier: Apache-2.0 */
/* The index that the centre's cases ask: what it was told, account by account. */
#include "app/race/race_replay_inside.h"

#include <inttypes.h>
#include <stdio.h>

enum { CLOCKS_DIFFER_MS = 120000 };

bool index_tells_balance(const struct replay *r, uint32_t account)
{
    return account < r->world->accounts && r->world->tells_balance[r->world->banks[account]];
}

void index_event(const struct replay *r, uint32_t intent, char key[INDEX_KEY_BYTES],
                 struct trail_event *ret)
{
    const struct race_intent *i = &r->world->intents[intent];
    int size = snprintf(key, INDEX_KEY_BYTES, "%02u-%012" PRIu64, i->bank, i->number);
    unsigned flags = TRANSFER_BOOKED | (unsigned)i->exit << ROW_EXIT_SHIFT;
    flags |= i->seq != 0 ? (unsigned)ROW_HAS_SEQ : 0U;
    *ret = (struct trail_event){
        .number = intent,
        .bank = i->bank,
        .row = {.from = i->from,
                .to = i->to,
                .when = row_when(i->stamp_ms, flags),
                .what = (uint64_t)r->done_fen[intent]},
        .seq = i->seq,
        .id = str_make(key, (size_t)size)
    };
}

static bool is_known(const struct replay *r, uint32_t intent)
{
    return r->is_told[intent] && r->done_fen[intent] > 0;
}

static uint32_t newest(const struct replay *r, uint32_t account, unsigned side)
{
    return side == 0 ? r->chains[account].out : r->chains[account].in;
}

static uint32_t older(const struct replay *r, uint32_t number, unsigned side)
{
    return side == 0 ? r->next[number - 1].out : r->next[number - 1].in;
}

/* Chains are by true time: a bank's clock is not far off. */
static bool is_long_before(const struct race_intent *i, int64_t stamp_ms)
{
    return i->at_us / 1000 < stamp_ms - CLOCKS_DIFFER_MS;
}

static err pull(void *of, const struct case_span *span, struct trail_case *into)
{
    const struct replay *r = of;
    for (unsigned side = 0; side < 2 && span->account < r->world->accounts; side++) {
        uint32_t n = newest(r, span->account, side);
        for (; n != 0; n = older(r, n, side)) {
            const struct race_intent *i = &r->world->intents[n - 1];
            char key[INDEX_KEY_BYTES];
            struct trail_event e;
            if (is_long_before(i, span->from_ms))
                break;
            if (i->stamp_ms < span->from_ms || i->stamp_ms >= span->until_ms || !is_known(r, n - 1))
                continue;
            index_event(r, n - 1, key, &e);
            TRY(case_pulled(into, &e));
        }
    }
    return OK;
}

/* What came (side 1), or went (side 0), of an account since the moment of `before`. */
static int64_t moved_since(const struct replay *r, uint32_t account, unsigned side,
                           const struct trail_event *before)
{
    int64_t then_ms = row_time_ms(&before->row);
    int64_t sum = 0;
    for (uint32_t n = newest(r, account, side); n != 0; n = older(r, n, side)) {
        const struct race_intent *i = &r->world->intents[n - 1];
        if (is_long_before(i, then_ms))
            break;
        bool is_since = i->stamp_ms >= then_ms || n - 1 == before->number;
        if (is_since && is_known(r, n - 1))
            sum += r->done_fen[n - 1];
    }
    return sum;
}

/* What is there by all that was told, less what moved since. */
static bool opening(void *of, uint32_t account, const struct trail_event *before,
                    int64_t *ret_minor)
{
    const struct replay *r = of;
    if (!index_tells_balance(r, account))
        return false;
    int64_t sum =
        r->seen[account] + moved_since(r, account, 0, before) - moved_since(r, account, 1, before);
    *ret_minor = sum < 0 ? 0 : sum;
    return true;
}

struct case_port index_port(struct replay *r)
{
    return (struct case_port){.of = r, .pull = pull, .opening = opening};
}
