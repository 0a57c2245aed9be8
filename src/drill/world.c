/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/world.h"

#include "drill/money.h"

#include <assert.h>

enum { GOLDEN_MICRO = 618034, FUND_SERVICES = 8 };

/* --- homes --- */

static uint32_t common_divisor(uint32_t a, uint32_t b)
{
    while (b != 0) {
        uint32_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* x with stride x = 1 mod n, by Euclid. */
static uint32_t inverse(uint32_t stride, uint32_t n)
{
    int64_t r = n;
    int64_t next_r = stride;
    int64_t t = 0;
    int64_t next_t = 1;
    while (next_r != 0) {
        int64_t quotient = r / next_r;
        int64_t rest = r - quotient * next_r;
        int64_t step = t - quotient * next_t;
        r = next_r;
        next_r = rest;
        t = next_t;
        next_t = step;
    }
    return (uint32_t)(t < 0 ? t + n : t);
}

uint32_t world_home(const struct world *w, uint32_t person)
{
    return (uint32_t)((uint64_t)person * w->stride % w->persons);
}

uint32_t world_person_at(const struct world *w, uint32_t home)
{
    return (uint32_t)((uint64_t)home * w->back % w->persons);
}

bool world_second(const struct world *w, uint32_t person, uint32_t *ret_account)
{
    uint32_t home = world_home(w, person);
    if (home >= world_size(w, GROUP_SECOND))
        return false;
    *ret_account = w->first[GROUP_SECOND] + home;
    return true;
}

uint32_t world_owner(const struct world *w, uint32_t second)
{
    return world_person_at(w, second - w->first[GROUP_SECOND]);
}

/* --- what is fixed about an account --- */

uint64_t world_trait(const struct world *w, uint32_t account, enum trait t)
{
    return dice_mix(w->seed, account, (uint64_t)t);
}

enum group world_group(const struct world *w, uint32_t account)
{
    assert(account < world_accounts(w));
    unsigned g = GROUP_PERSON;
    while (account >= w->first[g + 1])
        g++;
    return (enum group)g;
}

enum trade world_trade(const struct world *w, uint32_t person)
{
    assert(person < w->persons);
    unsigned t = TRADE_SALARIED;
    while (person >= w->trade_first[t + 1])
        t++;
    return (enum trade)t;
}

int64_t world_income(const struct world *w, uint32_t person)
{
    const struct params *p = w->params;
    uint64_t bits = world_trait(w, person, TRAIT_INCOME);
    if (person < w->trade_first[TRADE_PENSIONER])
        return dice_about_fixed(bits, p->people.wage, p->people.wage_sigma);
    if (person < w->trade_first[TRADE_FARMER])
        return dice_about_fixed(bits, p->people.pension, p->people.pension_sigma);
    return dice_about_fixed(bits, p->people.other, p->people.other_sigma);
}

uint32_t world_bank(const struct world *w, uint32_t account)
{
    if (is_beyond(account))
        return (uint32_t)((account & (BEYOND_NUMBERS - 1)) % w->params->bank_count);
    return w->bank_slots[world_trait(w, account, TRAIT_BANK) % BANK_SLOTS];
}

/* Both accounts of a person are used on one telephone. */
uint32_t world_device(const struct world *w, uint32_t account)
{
    if (account >= w->first[GROUP_SECOND] && account < w->first[GROUP_SHOP])
        account = world_owner(w, account);
    return (uint32_t)world_trait(w, account, TRAIT_DEVICE) | 1;
}

/* --- the making --- */

static uint32_t part(uint64_t of, int64_t share_micro)
{
    return (uint32_t)(of * (uint64_t)share_micro / (uint64_t)MICRO);
}

static uint32_t one_for(uint32_t members, int64_t each, uint32_t least)
{
    uint32_t count = (uint32_t)(members / (uint64_t)each);
    return count < least ? least : count;
}

static void count_trades(struct world *w)
{
    const struct params *p = w->params;
    const int64_t shares[] = {p->people.salaried, p->people.pensioners, p->people.farmers,
                              p->people.owners};
    uint32_t at = 0;
    for (size_t i = 0; i < COUNT_OF(shares); i++) {
        w->trade_first[i] = at;
        at += part(w->persons, shares[i]);
    }
    w->trade_first[TRADE_OTHER] = at;
    w->trade_first[TRADE_COUNT] = w->persons;
}

/* How many an employer pays; large ones are rare. */
static uint32_t staff_of(const struct world *w, uint32_t employer, bool is_office)
{
    const struct params *p = w->params;
    if (is_office)
        return (uint32_t)p->firms.office;
    int64_t staff = dice_about_fixed(dice_mix(w->seed, employer, TRAIT_STAFF), p->firms.staff,
                                     p->firms.staff_sigma);
    return staff < 1 ? 1 : staff > 50000 ? 50000 : (uint32_t)staff;
}

/* Cuts salaried and pensioners into employers. Counts only when `into` is NULL. */
static uint32_t cut_staff(const struct world *w, uint32_t *into)
{
    uint32_t count = 0;
    uint32_t at = 0;
    while (at < w->trade_first[TRADE_FARMER]) {
        bool is_office = at >= w->trade_first[TRADE_PENSIONER];
        uint32_t end = w->trade_first[is_office ? TRADE_FARMER : TRADE_PENSIONER];
        uint32_t staff = staff_of(w, count, is_office);
        if (into != NULL)
            into[count] = at;
        at = staff > end - at ? end : at + staff;
        count++;
    }
    if (into != NULL)
        into[count] = at;
    return count;
}

static void count_groups(struct world *w)
{
    const struct params *p = w->params;
    uint32_t farmers = w->trade_first[TRADE_OWNER] - w->trade_first[TRADE_FARMER];
    const uint32_t sizes[GROUP_COUNT] = {
        [GROUP_PERSON] = w->persons,
        [GROUP_SECOND] = part(w->persons, p->people.second),
        [GROUP_SHOP] = one_for(w->persons, p->firms.per_shop, 8),
        [GROUP_EMPLOYER] = cut_staff(w, NULL),
        [GROUP_BUYER] = one_for(farmers, p->firms.per_buyer, 1),
        [GROUP_SERVICE] = BANKS_MOST + FUND_SERVICES + w->persons / 200000,
        [GROUP_SHAM] = one_for(w->persons, p->firms.sham_per, 4),
    };
    for (size_t g = 0; g < GROUP_COUNT; g++)
        w->first[g + 1] = w->first[g] + sizes[g];
}

static void fill_banks(struct world *w)
{
    const struct params *p = w->params;
    int64_t sum = 0;
    uint32_t slot = 0;
    for (size_t bank = 0; bank < p->bank_count; bank++) {
        sum += p->banks[bank].share;
        while (slot < BANK_SLOTS && (int64_t)slot * MICRO < sum * BANK_SLOTS)
            w->bank_slots[slot++] = (uint8_t)bank;
    }
}

static int64_t opening_of(const struct world *w, uint32_t account)
{
    const struct params *p = w->params;
    uint64_t bits = world_trait(w, account, TRAIT_OPENING);
    enum group g = world_group(w, account);
    int64_t sigma = p->people.opening_sigma;
    if (g == GROUP_PERSON || g == GROUP_SECOND) {
        uint32_t person = g == GROUP_PERSON ? account : world_owner(w, account);
        int64_t usual = world_income(w, person) * (p->people.opening / 1000) / 1000;
        return dice_about_fixed(bits, usual, sigma);
    }
    int64_t usual = p->firms.opening;
    if (g == GROUP_EMPLOYER) {
        uint32_t e = account - w->first[GROUP_EMPLOYER];
        usual += (w->staff_first[e + 1] - w->staff_first[e]) * p->people.wage;
    }
    return dice_about_fixed(bits, g == GROUP_SHAM ? usual / 10 : usual, sigma / 2);
}

static err fill_purses(struct world *w)
{
    TRY(pages_make((size_t)world_accounts(w) * sizeof *w->purses, &w->pages));
    w->purses = w->pages.at;
    for (uint32_t account = 0; account < world_accounts(w); account++) {
        int64_t fen = opening_of(w, account);
        w->purses[account] = fen * 2;
        w->openings += fen;
    }
    return OK;
}

err world_open(const struct params *p, uint64_t seed, uint32_t scale, struct arena *a,
               struct world *ret_world)
{
    assert(a != NULL && ret_world != NULL);
    if (scale < SCALE_LEAST || scale > SCALE_MOST)
        return fail(ERR_MALFORMED, "drill.scale", 0);
    struct world w = {.params = p, .seed = seed, .persons = scale};
    w.stride = part(scale, GOLDEN_MICRO) | 1;
    while (common_divisor(w.stride, scale) != 1)
        w.stride++;
    w.back = inverse(w.stride, scale);
    count_trades(&w);
    count_groups(&w);
    fill_banks(&w);
    w.staff_first = arena_make_array(a, world_size(&w, GROUP_EMPLOYER) + 1, sizeof *w.staff_first);
    if (w.staff_first == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    (void)cut_staff(&w, w.staff_first);
    TRY(fill_purses(&w));
    *ret_world = w;
    return OK;
}

void world_close(struct world *w)
{
    pages_drop(&w->pages);
    *w = (struct world){0};
}

int64_t money_sum(const struct world *w)
{
    int64_t sum = w->in_flight;
    for (size_t i = 0; i < BEYOND_COUNT; i++)
        sum += w->beyond[i];
    for (uint32_t account = 0; account < world_accounts(w); account++)
        sum += money_of(w, account);
    return sum;
}
