/* SPDX-License-Identifier: Apache-2.0 */
#include "trail/race_why.h"

#include <assert.h>

static const struct {
    const char *key;
    char unit;
} whys[RACE_WHY_COUNT] = {
#define X(code, key, unit) [code] = {key, unit},
    RACE_WHY_LIST(X)
#undef X
};

char race_why_unit(str key)
{
    for (unsigned i = 0; i < RACE_WHY_COUNT; i++)
        if (str_equal(key, str_from_c(whys[i].key)))
            return whys[i].unit;
    return '-';
}

struct list {
    struct race_reason *at;
    unsigned count;
};

static void add(struct list *l, unsigned code, int64_t number)
{
    assert(code < RACE_WHY_COUNT && l->count < RACE_WHYS);
    l->at[l->count++] = (struct race_reason){whys[code].key, whys[code].unit, number};
}

static void add_some(struct list *l, unsigned code, int64_t number)
{
    if (number > 0)
        add(l, code, number);
}

/* The number beside what speaks against it. */
static int64_t against_number(const struct race_pick *p)
{
    switch ((enum race_why_code)p->against) {
    case RACE_WHY_NOTHING:
    case RACE_WHY_STANDS:
        return p->stands;
    case RACE_WHY_NOT_WORTH:
        return -p->gain;
    case RACE_WHY_BUDGET:
        return p->amount;
    case RACE_WHY_OVER:
        return p->stands - p->present;
    case RACE_WHY_STOP_COSTS:
        return p->collateral;
    case RACE_WHY_NO_WAY:
    case RACE_WHY_REFUSED:
    case RACE_WHY_GAIN:
    case RACE_WHY_BALANCE:
    case RACE_WHY_LEAVES:
    case RACE_WHY_THERE:
    case RACE_WHY_LANDS:
    case RACE_WHY_DONE:
    case RACE_WHY_EXITS:
    case RACE_WHY_PENDING:
    case RACE_WHY_HELD:
    case RACE_WHY_COLLATERAL:
    case RACE_WHY_COUNT:
        break;
    }
    return 0;
}

unsigned race_why(const struct race_pick *pick, struct race_reason ret_why[RACE_WHYS])
{
    struct list l = {.at = ret_why};
    bool is_weighed = pick->action == RACE_HOLD || pick->action == RACE_STOP ||
                      pick->against == RACE_WHY_NOT_WORTH || pick->against == RACE_WHY_BUDGET;
    if (pick->against != RACE_WHY_COUNT)
        add(&l, pick->against, against_number(pick));
    add_some(&l, RACE_WHY_GAIN, pick->gain);
    add_some(&l, RACE_WHY_BALANCE, pick->present);
    if (is_weighed) {
        add(&l, RACE_WHY_LEAVES, hazard_ppm(pick->leaves));
        add(&l, RACE_WHY_THERE, hazard_ppm(pick->there));
        add(&l, RACE_WHY_LANDS, pick->lands_ms / 1000);
        add(&l, RACE_WHY_DONE, hazard_ppm(pick->done));
        add_some(&l, RACE_WHY_COLLATERAL, pick->collateral);
    }
    add_some(&l, RACE_WHY_EXITS, pick->exited);
    add_some(&l, RACE_WHY_PENDING, pick->pending);
    if (pick->against != RACE_WHY_STANDS)
        add_some(&l, RACE_WHY_HELD, pick->stands);
    assert(l.count <= RACE_WHYS);
    return l.count;
}
