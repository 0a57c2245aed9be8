/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/asking.h"

enum { PLACES = 4, WAIT_LEAST_S = 60, TRAIT_PAYEE_KNOWN = 4096 };

struct asking {
    struct dice dice;
    struct pages pages;
    uint32_t *payees; /* a mark of whom an account paid; 0: nobody yet */
    uint64_t places;
};

static bool has_asker(const struct params *p)
{
    for (size_t i = 0; i < p->bank_count; i++)
        if (p->banks[i].asks != 0)
            return true;
    return false;
}

err asking_open(struct drill *d)
{
    if (!has_asker(&d->params))
        return OK;
    struct asking *a = arena_make(d->arena, sizeof *a);
    if (a == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    d->asking = a;
    a->places = (uint64_t)world_accounts(&d->world) * PLACES;
    dice_fork(&a->dice, d->world.seed, STR("asking"));
    TRY(pages_make((size_t)a->places * sizeof *a->payees, &a->pages));
    a->payees = a->pages.at;
    return OK;
}

void asking_close(struct drill *d)
{
    if (d->asking != NULL)
        pages_drop(&d->asking->pages);
}

/* It is known from now on. */
static bool is_new_payee(const struct drill *d, const struct payment *p)
{
    struct asking *a = d->asking;
    uint64_t pair = (uint64_t)p->from << 32 | p->to;
    uint64_t bits = dice_mix(d->world.seed, pair, TRAIT_PAYEE_KNOWN);
    uint32_t *at = &a->payees[dice_scale(bits, a->places)];
    uint32_t mark = (uint32_t)bits | 1;
    bool is_known = *at == mark;
    *at = mark;
    return !is_known;
}

int64_t asking_wait(struct drill *d, const struct payment *p, uint32_t bank)
{
    const struct asking_params *asking = &d->params.asking;
    bool is_person = !is_beyond(p->from) && p->from < d->world.first[GROUP_SHOP];
    bool is_distant = p->channel == CHANNEL_APP || p->channel == CHANNEL_WEB;
    if (d->asking == NULL || d->params.banks[bank].asks == 0 || !is_person || !is_distant)
        return 0;
    if (p->fen * 10 < asking->from || p->is_warm)
        return 0;
    if (!is_new_payee(d, p) || p->fen < asking->from)
        return 0;
    int64_t wait_us =
        dice_about(&d->asking->dice, asking->wait_min * MINUTE_US, asking->wait_sigma);
    return wait_us < WAIT_LEAST_S * SECOND_US ? WAIT_LEAST_S * SECOND_US : wait_us;
}

err asking_ask(struct drill *d, const struct transfer_row *row)
{
    d->counts.asks++;
    return d->port.ask == NULL ? OK : d->port.ask(d->port.self, row);
}
