/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/lines.h"

#include "base/instant.h"

#include <assert.h>

enum { ZONE_MIN = 480, KIN = 4, COLLEAGUES = 64, TRIP_STEPS = 8 };
enum { MORNING = 8, EVENING = 18, LATE = 21 };

#define SECOND_US INT64_C(1000000)
#define HOUR_US   INT64_C(3600000000)
#define DAY_US    INT64_C(86400000000)
#define MINUTE_US INT64_C(60000000)

/* --- the making --- */

static void fill_carriers(struct lines *l)
{
    int64_t sum = 0;
    uint32_t slot = 0;
    for (size_t i = 0; i < l->params->carrier_count; i++) {
        sum += l->params->carriers[i].share;
        while (slot < BANK_SLOTS && (int64_t)slot * MICRO < sum * BANK_SLOTS)
            l->carrier_slots[slot++] = (uint8_t)i;
    }
}

static uint64_t count_kinds(struct lines *l)
{
    uint64_t next = world_accounts(l->world);
    for (size_t k = 0; k <= KINDS_MOST; k++) {
        l->kind_first[k] = (uint32_t)(next < LINE_NUMBERS ? next : LINE_NUMBERS);
        if (k >= l->params->kind_count)
            continue;
        const struct kind_params *kind = &l->params->kinds[k];
        int64_t count = l->world->persons / kind->per;
        next += (uint64_t)(count < kind->least ? kind->least : count);
    }
    return next;
}

err lines_open(const struct world *w, struct lines *ret_lines)
{
    struct lines l = {.world = w, .params = &w->params->calls};
    uint64_t end = count_kinds(&l);
    if (end + LINES_OF_SCAMS + LINES_OUTSIDE > LINE_NUMBERS)
        return fail(ERR_MALFORMED, "drill.lines", 0);
    l.scam_first = (uint32_t)end;
    l.scam_next = l.scam_first;
    l.outside_first = l.scam_first + LINES_OF_SCAMS;
    l.masts = (uint32_t)(w->persons / (l.params->people.per_cell * MAST_CELLS)) + 4;
    fill_carriers(&l);
    size_t kinds = l.scam_first - l.kind_first[0];
    TRY(pages_make((w->persons + kinds) * sizeof *l.free_at_s, &l.pages));
    l.free_at_s = l.pages.at;
    *ret_lines = l;
    return OK;
}

void lines_close(struct lines *l)
{
    pages_drop(&l->pages);
    *l = (struct lines){0};
}

err lines_take(struct lines *l, uint32_t *ret_line)
{
    if (l->scam_next == l->outside_first - LINES_OF_SENDERS)
        return fail(ERR_LIMIT, "drill.lines", 0);
    *ret_line = l->scam_next++;
    return OK;
}

/* --- what is fixed about a line --- */

static uint64_t fixed(const struct lines *l, uint64_t line, enum trait t)
{
    return dice_mix(l->world->seed, line, (uint64_t)t);
}

bool line_kind(const struct lines *l, uint32_t line, uint32_t *ret_kind)
{
    if (line < l->kind_first[0] || line >= l->scam_first)
        return false;
    uint32_t kind = 0;
    while (line >= l->kind_first[kind + 1])
        kind++;
    *ret_kind = kind;
    return true;
}

uint32_t line_carrier(const struct lines *l, uint32_t line)
{
    return l->carrier_slots[fixed(l, line, TRAIT_CARRIER) % BANK_SLOTS];
}

uint32_t line_telephone(const struct lines *l, uint32_t line)
{
    uint32_t kind = 0;
    if (!line_kind(l, line, &kind))
        return line;
    return line - (line - l->kind_first[kind]) % (uint32_t)l->params->kinds[kind].cards;
}

/* How many handsets it has given up by then. */
static uint64_t given_up(const struct lines *l, uint32_t line, int64_t at_us)
{
    uint64_t days = (uint64_t)l->params->people.imei_days;
    uint64_t day = (uint64_t)((at_us - l->world->params->begin_us) / DAY_US);
    return (day + fixed(l, line, TRAIT_IMEI) % days) / days;
}

static uint32_t imei_of(const struct lines *l, uint32_t line, uint64_t used)
{
    if (used == 0 && line_is_person(l, line))
        return world_device(l->world, line);
    return (uint32_t)dice_mix(l->world->seed, line + (used << 32), TRAIT_IMEI) | 1;
}

/* Somebody of the family, next door, has a new handset and gives the old one away. */
static bool find_giver(const struct lines *l, uint32_t person, int64_t at_us, uint32_t *ret_giver)
{
    uint32_t home = world_home(l->world, person) ^ 1;
    uint32_t giver = home < l->world->persons ? world_person_at(l->world, home) : person;
    int64_t chance = (int64_t)dice_scale(fixed(l, giver, TRAIT_HANDED), (uint64_t)MICRO);
    *ret_giver = giver;
    return giver != person && chance < l->params->people.handed && given_up(l, giver, at_us) > 0;
}

/* A person's is the one its bank knows, until there is a new one or somebody's old one. */
uint32_t line_imei(const struct lines *l, uint32_t line, int64_t at_us)
{
    uint32_t telephone = line_telephone(l, line);
    uint64_t used = given_up(l, telephone, at_us);
    uint32_t giver = 0;
    if (used == 0 && line_is_person(l, line) && find_giver(l, line, at_us, &giver))
        return imei_of(l, giver, given_up(l, giver, at_us) - 1);
    return imei_of(l, telephone, used);
}

uint32_t line_sender(const struct lines *l, uint64_t bits)
{
    return l->outside_first - 1 - (uint32_t)(bits % LINES_OF_SENDERS);
}

uint32_t line_outside(const struct lines *l, uint64_t bits)
{
    return l->outside_first + (uint32_t)dice_scale(bits, LINE_NUMBERS - l->outside_first);
}

/* --- at this moment --- */

/* Where its moment is kept; false: it is never busy. */
static bool find_free_at(const struct lines *l, uint32_t line, uint32_t **ret_at)
{
    uint32_t kind = 0;
    if (line_is_person(l, line))
        *ret_at = &l->free_at_s[line];
    else if (line_kind(l, line, &kind))
        *ret_at = &l->free_at_s[l->world->persons + (line - l->kind_first[0])];
    else
        return false;
    return true;
}

static uint32_t second_of(const struct lines *l, int64_t at_us)
{
    return (uint32_t)((at_us - l->world->params->begin_us) / SECOND_US);
}

bool line_is_busy(const struct lines *l, uint32_t line, int64_t at_us)
{
    uint32_t *at = NULL;
    return find_free_at(l, line, &at) && *at > second_of(l, at_us);
}

bool line_is_in_use(const struct lines *l, uint32_t line, int64_t at_us)
{
    uint32_t kind = 0;
    uint32_t first = line_telephone(l, line);
    if (!line_kind(l, line, &kind) || l->params->kinds[kind].cards != 2)
        return line_is_busy(l, line, at_us);
    bool has_second = first + 1 < l->kind_first[kind + 1];
    return line_is_busy(l, first, at_us) || (has_second && line_is_busy(l, first + 1, at_us));
}

void line_engage(struct lines *l, uint32_t line, int64_t until_us)
{
    uint32_t *at = NULL;
    uint32_t until_s = second_of(l, until_us) + 2; /* clocks tell whole seconds */
    if (find_free_at(l, line, &at) && *at < until_s)
        *at = until_s;
}

/* --- with whom --- */

uint32_t line_contacts(const struct lines *l, uint32_t person)
{
    int64_t count = dice_about_fixed(fixed(l, person, TRAIT_CONTACTS), l->params->people.contacts,
                                     l->params->people.contacts_sigma);
    return count < KIN ? KIN : count > UINT16_MAX ? UINT16_MAX : (uint32_t)count;
}

int64_t line_activity_micro(const struct lines *l, uint32_t person)
{
    int64_t activity =
        dice_about_fixed(fixed(l, person, TRAIT_ACTIVITY), MICRO, l->params->people.activity);
    return activity >= LINE_ACTIVITY_MOST * MICRO ? MICRO : activity / LINE_ACTIVITY_MOST;
}

/* Its partner among the n from `first` on: a reflection, so its partner's partner is itself. */
static uint32_t partner(uint32_t at, uint32_t first, uint32_t n, uint64_t bits)
{
    uint32_t turn = (uint32_t)dice_scale(bits, n);
    return first + (turn + n - (at - first)) % n;
}

static uint32_t block_partner(uint32_t at, uint32_t block, uint32_t all, uint64_t bits)
{
    uint32_t first = at - at % block;
    return partner(at, first, all - first < block ? all - first : block, bits);
}

uint32_t line_contact(const struct lines *l, uint32_t person, uint32_t which)
{
    const struct world *w = l->world;
    uint32_t home = world_home(w, person);
    uint64_t bits = dice_mix(w->seed, which, TRAIT_CONTACTS + 256);
    if (which < KIN - 1) {
        uint32_t kin = home - home % KIN + (home % KIN + 1 + which) % KIN;
        return world_person_at(w, kin < w->persons ? kin : home);
    }
    uint64_t far = dice_mix(w->seed, (uint64_t)which << 32 | person, TRAIT_CONTACTS + 512);
    if ((int64_t)dice_scale(far, (uint64_t)MICRO) < l->params->people.outside)
        return line_outside(l, dice_mix(far, 1, 1));
    if (which % 4 == 0)
        return block_partner(person, COLLEAGUES, w->persons, bits);
    if (which % 4 == 1)
        return partner(person, 0, w->persons, bits);
    uint32_t town = (uint32_t)w->params->people.town;
    return world_person_at(w, block_partner(home, town, w->persons, bits));
}

static uint32_t persons_a_mast(const struct lines *l)
{
    return (uint32_t)l->params->people.per_cell * MAST_CELLS;
}

uint32_t line_person_near(const struct lines *l, uint32_t mast, uint64_t bits)
{
    uint64_t a_mast = persons_a_mast(l);
    uint64_t home = mast * a_mast + dice_scale(bits, a_mast);
    return world_person_at(l->world, (uint32_t)(home % l->world->persons));
}

/* --- where --- */

static int64_t hour_of(const struct lines *l, int64_t at_us)
{
    return (at_us - l->world->params->begin_us) / HOUR_US % HOURS;
}

uint32_t lines_cell(const struct lines *l, uint64_t mast, uint64_t sector)
{
    return (uint32_t)(mast % l->masts) * MAST_CELLS + (uint32_t)(sector % MAST_CELLS);
}

uint32_t line_base(const struct lines *l, uint32_t line)
{
    uint32_t kind = 0;
    bool is_of_kind = line_kind(l, line, &kind);
    assert(is_of_kind);
    uint32_t place = (line - l->kind_first[kind]) / (uint32_t)l->params->kinds[kind].shared;
    uint64_t bits = dice_mix(l->world->seed, (uint64_t)kind << 32 | place, TRAIT_MAST);
    return lines_cell(l, bits >> 32, bits);
}

/* Steadily from one mast of its range to another, and then to the next. */
static uint64_t on_the_way(const struct lines *l, uint32_t line, int64_t at_us,
                           const struct kind_params *kind)
{
    uint64_t step = (uint64_t)(at_us / (kind->step_min * MINUTE_US));
    uint64_t trip = step / TRIP_STEPS;
    uint64_t range = (uint64_t)kind->range + 1;
    uint64_t from =
        dice_mix(l->world->seed, (uint64_t)line << 32 | (trip & UINT32_MAX), TRAIT_TRIP);
    uint64_t to =
        dice_mix(l->world->seed, (uint64_t)line << 32 | ((trip + 1) & UINT32_MAX), TRAIT_TRIP);
    uint64_t done = step % TRIP_STEPS;
    return (from % range * (TRIP_STEPS - done) + to % range * done) / TRIP_STEPS;
}

static uint32_t cell_of_kind(const struct lines *l, uint32_t line, uint32_t which,
                             const struct whereabouts *w)
{
    const struct kind_params *kind = &l->params->kinds[which];
    uint32_t base = line_base(l, line);
    int64_t hour = hour_of(l, w->at_us);
    bool is_day = hour >= MORNING && hour < LATE;
    if (kind->abroad != 0)
        return CELL_NONE;
    if (!is_day && kind->sleeps == 0) {
        uint64_t home = fixed(l, line, TRAIT_MAST);
        return lines_cell(l, base / MAST_CELLS + home % 8, home >> 32);
    }
    if (!is_day || kind->range == 0)
        return base;
    uint64_t mast = base / MAST_CELLS + on_the_way(l, line, w->at_us, kind);
    return lines_cell(l, mast, dice_mix(l->world->seed, (uint64_t)line << 32 | mast, TRAIT_TRIP));
}

static uint32_t cell_of_person(const struct lines *l, uint32_t person, const struct whereabouts *w)
{
    const struct world *world = l->world;
    uint64_t home = world_home(world, person) / persons_a_mast(l);
    uint64_t own = fixed(l, person, TRAIT_MAST);
    int weekday = instant_civil(instant_from_us(w->at_us), ZONE_MIN).weekday;
    int64_t hour = hour_of(l, w->at_us);
    int64_t chance = (int64_t)dice_scale(w->bits, (uint64_t)MICRO);
    bool is_day = hour >= MORNING && hour < LATE;
    bool is_at_work = person < world->trade_first[TRADE_PENSIONER] && weekday % 6 != 0 &&
                      hour >= MORNING && hour < EVENING;
    if (is_day && chance < l->params->people.away)
        return lines_cell(l, home + l->masts - 6 + (w->bits >> 5) % 13, w->bits >> 9);
    if (is_at_work)
        return lines_cell(l, home + (own >> 16) % 7, own >> 32);
    return lines_cell(l, home, own);
}

uint32_t line_cell(const struct lines *l, uint32_t line, struct whereabouts w)
{
    uint32_t kind = 0;
    uint32_t cell = CELL_NONE;
    if (line_is_person(l, line))
        cell = cell_of_person(l, line, &w);
    else if (line_kind(l, line, &kind))
        cell = cell_of_kind(l, line, kind, &w);
    else
        return line_is_scam(l, line) || line >= l->outside_first
                   ? CELL_NONE
                   : lines_cell(l, fixed(l, line, TRAIT_MAST), 0);
    uint64_t bits = dice_mix(w.bits, 2, 2);
    bool flips = (int64_t)dice_scale(bits, (uint64_t)MICRO) < l->params->people.flips;
    if (!flips || cell == CELL_NONE)
        return cell;
    return lines_cell(l, cell / MAST_CELLS, cell % MAST_CELLS + 1 + bits % 2);
}
