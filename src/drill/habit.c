/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Honest money from day to day: each habit is one stream over everybody who has it, at the pace of
 * its hours. What happens once a month goes round: everybody in turn, always at the same time of
 * the month, always to the same payee, nearly always the same amount.
 */
#include "drill/inside.h"

#include "base/instant.h"

enum {
    ZONE_MIN = 480,
    MONTH_DAYS = 30,
    BUSY_POWER = 3,
    BUSY_BEFORE = 500,
    SHOP_POWER = 2,
    HUNDRED = 10000, /* yuan, in fen */
    TERMINALS = 4096,
    FAR_AWAY = 40000000,
};

/* One payment being thought of. */
struct turn {
    struct drill *d;
    struct habit *habit;
    enum habit_kind kind;
    struct payment payment;
};

struct plan {
    const char *word;              /* also what its dice are forked by */
    bool (*think)(struct turn *t); /* fills from, to, fen; false: nothing comes of it */
    enum group members;
    enum channel channel;
};

/* --- who --- */

static uint64_t below(struct turn *t, uint64_t n)
{
    return dice_below(&t->habit->dice, n);
}

/* Anybody, but some are out and about far more than others. */
static uint32_t somebody(struct turn *t)
{
    const struct world *w = &t->d->world;
    if (!dice_hits(&t->habit->dice, w->params->people.busy))
        return (uint32_t)below(t, w->persons);
    uint64_t before = w->persons / BUSY_BEFORE; /* ranks nobody has: they would do too much */
    uint64_t rank = dice_skewed(&t->habit->dice, w->persons + before, BUSY_POWER);
    return rank < before ? (uint32_t)below(t, w->persons)
                         : world_home(w, (uint32_t)(rank - before));
}

/* Who is next, of the share of people who do this at all. */
static uint32_t next_in_turn(struct turn *t)
{
    const struct world *w = &t->d->world;
    uint64_t all = (uint64_t)w->persons * (uint64_t)w->params->habits[t->kind].per_day *
                   MONTH_DAYS / (uint64_t)MICRO;
    uint32_t round = all == 0 ? 1 : all > w->persons ? w->persons : (uint32_t)all;
    t->habit->cursor = (t->habit->cursor + 1) % round;
    return world_home(w, t->habit->cursor);
}

static uint32_t shop_near(struct turn *t, uint32_t person)
{
    const struct world *w = &t->d->world;
    uint64_t town = (uint64_t)w->params->people.town;
    uint64_t each = (uint64_t)w->params->firms.per_shop;
    uint64_t first = world_home(w, person) / town * town / each;
    uint64_t shops = world_size(w, GROUP_SHOP);
    uint64_t count = town / each + 1;
    first = first < shops ? first : shops - 1;
    count = first + count <= shops ? count : shops - first;
    return (uint32_t)(first + dice_skewed(&t->habit->dice, count, SHOP_POWER));
}

static uint32_t member(struct turn *t, enum group g)
{
    const struct world *w = &t->d->world;
    return w->first[g] + (uint32_t)below(t, world_size(w, g));
}

static uint32_t shop_owner(const struct world *w, uint32_t shop)
{
    uint32_t first = w->trade_first[TRADE_OWNER];
    uint32_t owners = w->trade_first[TRADE_OTHER] - first;
    return owners == 0 ? shop % w->persons : first + shop % owners;
}

static uint32_t kin_of(struct turn *t, uint32_t person)
{
    enum { KIN = 4 };
    const struct world *w = &t->d->world;
    uint32_t home = world_home(w, person);
    uint32_t kin = home - home % KIN + (uint32_t)below(t, KIN);
    return world_person_at(w, kin < w->persons ? kin : home);
}

/* --- how much --- */

static int64_t amount(struct turn *t)
{
    const struct habit_params *p = &t->d->params.habits[t->kind];
    int64_t fen = dice_about(&t->habit->dice, p->median, p->sigma);
    return fen < 1 ? 1 : fen;
}

static int64_t fixed_amount(const struct turn *t, uint32_t person)
{
    const struct habit_params *p = &t->d->params.habits[t->kind];
    uint64_t bits = world_trait(&t->d->world, person, TRAIT_RENT + 256 * (unsigned)t->kind);
    int64_t fen = dice_about_fixed(bits, p->median, p->sigma);
    return fen < 1 ? 1 : fen;
}

/* People give each other round sums. */
static int64_t rounded(int64_t fen)
{
    int64_t step = fen >= 10 * HUNDRED ? HUNDRED : fen >= HUNDRED ? HUNDRED / 10 : 100;
    return fen - fen % step < 100 ? 100 : fen - fen % step;
}

/* Between two; false when they are the same. */
static bool between(struct turn *t, uint32_t from, uint32_t to, int64_t fen)
{
    t->payment.from = from;
    t->payment.to = to;
    t->payment.fen = fen;
    return from != to && fen > 0;
}

/* So much of what a payer has, in whole tens of yuan. */
static int64_t part_of_purse(struct turn *t, uint32_t account, int64_t share_micro)
{
    int64_t fen = clearing_free(t->d, account) / 1000 * (share_micro / 1000);
    return fen - fen % 1000;
}

/* --- what ---
 * One throw of the dice a full expression: C leaves open which argument is worked out first. */

static bool think_purchase(struct turn *t)
{
    uint32_t person = somebody(t);
    uint32_t shop = t->d->world.first[GROUP_SHOP] + shop_near(t, person);
    return between(t, person, shop, amount(t));
}

static bool think_till(struct turn *t)
{
    uint32_t person = somebody(t);
    uint32_t till = beyond_account(BEYOND_TILL, shop_near(t, person));
    return between(t, person, till, amount(t));
}

static bool think_online(struct turn *t)
{
    const struct world *w = &t->d->world;
    uint32_t firms = world_size(w, GROUP_EMPLOYER);
    uint32_t firm = (uint32_t)dice_skewed(&t->habit->dice, firms, BUSY_POWER);
    uint32_t person = somebody(t);
    return between(t, person, w->first[GROUP_EMPLOYER] + firm, amount(t));
}

static bool think_spare(struct turn *t)
{
    uint32_t account = member(t, GROUP_SECOND);
    uint32_t shop = shop_near(t, world_owner(&t->d->world, account));
    return between(t, account, t->d->world.first[GROUP_SHOP] + shop, amount(t));
}

static bool think_kin(struct turn *t)
{
    uint32_t person = somebody(t);
    uint32_t kin = kin_of(t, person);
    return between(t, person, kin, rounded(amount(t)));
}

static bool think_friend(struct turn *t)
{
    const struct world *w = &t->d->world;
    uint32_t person = somebody(t);
    uint32_t colleague = person + (uint32_t)below(t, 40);
    bool is_colleague = below(t, 2) == 0 && colleague < w->persons;
    uint32_t stranger = (uint32_t)below(t, w->persons);
    return between(t, person, is_colleague ? colleague : stranger, rounded(amount(t)));
}

static uint64_t teller_of(struct turn *t, uint32_t account)
{
    const struct world *w = &t->d->world;
    return world_bank(w, account) + w->params->bank_count * below(t, TERMINALS);
}

static bool think_cash(struct turn *t)
{
    uint32_t person = somebody(t);
    int64_t fen = amount(t);
    fen = fen < HUNDRED ? HUNDRED : fen - fen % HUNDRED;
    return between(t, person, beyond_account(BEYOND_ATM, teller_of(t, person)), fen);
}

static bool think_deposit(struct turn *t)
{
    uint32_t person = somebody(t);
    int64_t fen = rounded(amount(t));
    return between(t, beyond_account(BEYOND_COUNTER, teller_of(t, person)), person, fen);
}

static bool think_save(struct turn *t)
{
    uint32_t person = somebody(t);
    uint32_t second = 0;
    if (!world_second(&t->d->world, person, &second))
        return false;
    int64_t most = part_of_purse(t, person, MICRO / 2);
    int64_t fen = rounded(amount(t));
    return between(t, person, second, fen < most ? fen : most);
}

static bool think_draw(struct turn *t)
{
    uint32_t second = member(t, GROUP_SECOND);
    int64_t most = part_of_purse(t, second, MICRO / 2);
    int64_t fen = rounded(amount(t));
    return between(t, second, world_owner(&t->d->world, second), fen < most ? fen : most);
}

static bool think_rent(struct turn *t)
{
    const struct world *w = &t->d->world;
    uint32_t person = next_in_turn(t);
    uint32_t landlord = (uint32_t)dice_scale(world_trait(w, person, TRAIT_LANDLORD), w->persons);
    return between(t, person, landlord, rounded(fixed_amount(t, person)));
}

static bool think_bill(struct turn *t)
{
    const struct world *w = &t->d->world;
    uint32_t person = next_in_turn(t);
    uint32_t services = world_size(w, GROUP_SERVICE) - BANKS_MOST;
    uint32_t which = (uint32_t)dice_scale(world_trait(w, person, TRAIT_LANDLORD), services);
    return between(t, person, w->first[GROUP_SERVICE] + BANKS_MOST + which, amount(t));
}

/* To the bank's own account. */
static bool think_fee(struct turn *t)
{
    const struct world *w = &t->d->world;
    uint32_t person = next_in_turn(t);
    uint32_t bank = world_bank(w, person);
    return between(t, person, w->first[GROUP_SERVICE] + bank, t->d->params.habits[t->kind].median);
}

static bool think_refund(struct turn *t)
{
    uint32_t person = somebody(t);
    uint32_t shop = t->d->world.first[GROUP_SHOP] + shop_near(t, person);
    return between(t, shop, person, amount(t));
}

static uint32_t outside(struct turn *t)
{
    return beyond_account(BEYOND_OUTSIDE, below(t, FAR_AWAY));
}

static bool think_supply(struct turn *t)
{
    uint32_t shop = member(t, GROUP_SHOP);
    uint32_t supplier = below(t, 2) == 0 ? outside(t) : member(t, GROUP_EMPLOYER);
    int64_t most = part_of_purse(t, shop, MICRO / 2);
    int64_t fen = amount(t);
    return between(t, shop, supplier, fen < most ? fen : most);
}

static bool think_takings(struct turn *t)
{
    uint32_t shop = member(t, GROUP_SHOP);
    uint32_t owner = shop_owner(&t->d->world, shop - t->d->world.first[GROUP_SHOP]);
    int64_t most = part_of_purse(t, shop, MICRO / 2);
    int64_t fen = rounded(amount(t));
    return between(t, shop, owner, fen < most ? fen : most);
}

static bool think_settle(struct turn *t)
{
    uint32_t shop = member(t, GROUP_SHOP);
    uint64_t house = world_bank(&t->d->world, shop);
    return between(t, beyond_account(BEYOND_CLEARING, house), shop, amount(t));
}

static bool think_remit(struct turn *t)
{
    uint32_t person = somebody(t);
    uint32_t worker = outside(t);
    return between(t, worker, person, rounded(amount(t)));
}

static bool think_away(struct turn *t)
{
    uint32_t person = somebody(t);
    uint32_t payee = outside(t);
    return between(t, person, payee, rounded(amount(t)));
}

static bool think_abroad(struct turn *t)
{
    uint32_t person = somebody(t);
    uint32_t payee = beyond_account(BEYOND_ABROAD, below(t, FAR_AWAY));
    return between(t, person, payee, amount(t));
}

static bool think_tokens(struct turn *t)
{
    uint32_t person = somebody(t);
    uint32_t dealer = beyond_account(BEYOND_CRYPTO, dice_skewed(&t->habit->dice, 2000, 2));
    return between(t, person, dealer, rounded(amount(t)));
}

static bool is_season(const struct drill *d)
{
    int month = instant_civil(instant_from_us(d->now_us), ZONE_MIN).month;
    int64_t from = d->params.firms.season_from;
    int64_t until = d->params.firms.season_until;
    return from <= until ? month >= from && month <= until : month >= from || month <= until;
}

/* A buyer pays the farmers around it; when its purse is empty, more money comes first. */
static bool think_grain(struct turn *t)
{
    const struct world *w = &t->d->world;
    uint32_t first = w->trade_first[TRADE_FARMER];
    uint32_t farmers = w->trade_first[TRADE_OWNER] - first;
    if (farmers == 0 || !is_season(t->d))
        return false;
    uint32_t farmer = (uint32_t)below(t, farmers);
    uint32_t buyers = world_size(w, GROUP_BUYER);
    uint32_t buyer = w->first[GROUP_BUYER] + (uint32_t)((uint64_t)farmer * buyers / farmers);
    return between(t, buyer, first + farmer, amount(t));
}

/* clang-format off */
static const struct plan plans[HABIT_COUNT] = {
    [HABIT_PURCHASE] = {"purchase", think_purchase, GROUP_PERSON, CHANNEL_QR},
    [HABIT_TILL]     = {"till", think_till, GROUP_PERSON, CHANNEL_POS},
    [HABIT_ONLINE]   = {"online", think_online, GROUP_PERSON, CHANNEL_APP},
    [HABIT_SPARE]    = {"spare", think_spare, GROUP_SECOND, CHANNEL_QR},
    [HABIT_KIN]      = {"kin", think_kin, GROUP_PERSON, CHANNEL_APP},
    [HABIT_FRIEND]   = {"friend", think_friend, GROUP_PERSON, CHANNEL_APP},
    [HABIT_CASH]     = {"cash", think_cash, GROUP_PERSON, CHANNEL_ATM},
    [HABIT_DEPOSIT]  = {"deposit", think_deposit, GROUP_PERSON, CHANNEL_COUNTER},
    [HABIT_SAVE]     = {"save", think_save, GROUP_PERSON, CHANNEL_APP},
    [HABIT_DRAW]     = {"draw", think_draw, GROUP_SECOND, CHANNEL_APP},
    [HABIT_RENT]     = {"rent", think_rent, GROUP_PERSON, CHANNEL_APP},
    [HABIT_BILL]     = {"bill", think_bill, GROUP_PERSON, CHANNEL_APP},
    [HABIT_FEE]      = {"fee", think_fee, GROUP_PERSON, CHANNEL_BATCH},
    [HABIT_REFUND]   = {"refund", think_refund, GROUP_PERSON, CHANNEL_WEB},
    [HABIT_SUPPLY]   = {"supply", think_supply, GROUP_SHOP, CHANNEL_WEB},
    [HABIT_TAKINGS]  = {"takings", think_takings, GROUP_SHOP, CHANNEL_WEB},
    [HABIT_SETTLE]   = {"settle", think_settle, GROUP_SHOP, CHANNEL_BATCH},
    [HABIT_REMIT]    = {"remit", think_remit, GROUP_PERSON, CHANNEL_APP},
    [HABIT_AWAY]     = {"away", think_away, GROUP_PERSON, CHANNEL_APP},
    [HABIT_ABROAD]   = {"abroad", think_abroad, GROUP_PERSON, CHANNEL_WEB},
    [HABIT_TOKENS]   = {"tokens", think_tokens, GROUP_PERSON, CHANNEL_APP},
    [HABIT_GRAIN]    = {"grain", think_grain, GROUP_PERSON, CHANNEL_WEB},
};
/* clang-format on */

/* --- when --- */

void habit_set_pace(const struct drill *d, struct habit *h, uint32_t profile, int64_t a_day_micro)
{
    const struct profile_params *p = &d->params.profiles[profile];
    int64_t sum = 0;
    for (size_t hour = 0; hour < HOURS; hour++)
        sum += p->hours[hour];
    for (size_t hour = 0; hour < HOURS; hour++) {
        __int128 rate = (__int128)a_day_micro * p->hours[hour] / sum; /* millionths an hour */
        __int128 weekend = rate * p->weekend / MICRO;
        __int128 hour_ns = (__int128)HOUR_US * 1000 * MICRO;
        h->gap_ns[0][hour] = rate == 0 ? 0 : (int64_t)(hour_ns / rate);
        h->gap_ns[1][hour] = weekend == 0 ? 0 : (int64_t)(hour_ns / weekend);
    }
}

/* Hour by hour: what has not come by the end of one is drawn anew for the next. */
int64_t habit_next_us(struct drill *d, struct habit *h)
{
    int64_t at_us = d->now_us;
    while (at_us < d->end_us) {
        int64_t since = at_us - d->params.begin_us;
        int64_t hour_end = at_us - since % HOUR_US + HOUR_US;
        bool is_weekend = drill_is_weekend(d, drill_day(d, at_us));
        int64_t gap_ns = h->gap_ns[is_weekend][since / HOUR_US % HOURS];
        int64_t next = gap_ns == 0 ? hour_end : at_us + dice_wait(&h->dice, gap_ns) / 1000;
        if (next < hour_end)
            return next;
        at_us = hour_end;
    }
    return d->end_us;
}

static int64_t members_of(const struct drill *d, size_t kind)
{
    const struct world *w = &d->world;
    if (kind == HABIT_GRAIN)
        return w->trade_first[TRADE_OWNER] - w->trade_first[TRADE_FARMER];
    return world_size(w, plans[kind].members);
}

int64_t habit_a_day_micro(const struct drill *d, size_t kind)
{
    return d->params.habits[kind].per_day * members_of(d, kind);
}

err habit_begin(struct drill *d)
{
    for (size_t kind = 0; kind < HABIT_COUNT; kind++) {
        struct habit *h = &d->habits[kind];
        dice_fork(&h->dice, d->world.seed, str_from_c(plans[kind].word));
        habit_set_pace(d, h, d->params.habits[kind].profile, habit_a_day_micro(d, kind));
        TRY(drill_at(d, habit_next_us(d, h), EVENT_HABIT, (uint32_t)kind, 0));
    }
    return OK;
}

/* A buyer whose purse is empty asks for more; nobody else does. */
static err fall_short(struct turn *t)
{
    if (t->kind != HABIT_GRAIN)
        return OK;
    return payday_ask_funds(t->d, t->payment.from, t->payment.fen * 200,
                            t->d->now_us + 20 * MINUTE_US);
}

err habit_act(struct drill *d, const struct event *e)
{
    struct turn t = {.d = d, .habit = &d->habits[e->which], .kind = (enum habit_kind)e->which};
    struct receipt receipt = {.outcome = OUTCOME_PAID};
    t.payment.channel = plans[t.kind].channel;
    if (plans[t.kind].think(&t))
        TRY(clearing_pay(d, &t.payment, &receipt));
    if (receipt.outcome == OUTCOME_SHORT)
        TRY(fall_short(&t));
    return drill_at(d, habit_next_us(d, t.habit), EVENT_HABIT, e->which, 0);
}
