/* SPDX-License-Identifier: Apache-2.0 */
#include "warn_feed.h"

#include "app/warned/payees.h"
#include "drill/calls.h"
#include "drill/online_rows.h"

enum {
    DAY_S = 86400,
    SITES = 1 << 20,
    NEW_S = 15 * DAY_S,
    SHORT_S = 60,
    MIDDLE_S = 180,
    LONG_S = 420,
    CALLS_LEAST = 6,
    IN_TIMES = 8,
    BANK_SOURCE = 64,
};

struct line_habit {
    uint32_t first_s;
    uint32_t out;
    uint32_t in;
};

static uint64_t mixed(uint64_t a, uint64_t b)
{
    return dice_mix(a, b, 4242);
}

static uint32_t seconds(int64_t at_us)
{
    return (uint32_t)(at_us / SECOND_US);
}

err feed_open(struct warn_feed *f, const struct drill *d, uint32_t keep_s, struct arena *a)
{
    uint32_t lines = d->calls->lines.outside_first;
    *f = (struct warn_feed){.drill = d, .line_count = lines, .keep_s = keep_s};
    f->begin_s = seconds(d->params.begin_us);
    f->habits = arena_make_array(a, lines, sizeof *f->habits);
    f->payees = arena_make(a, PAYEES_ROOM);
    f->sites = arena_make_array(a, SITES, sizeof *f->sites);
    f->signals = arena_make_array(a, FEED_SIGNALS, sizeof *f->signals);
    return f->signals == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

static void give(struct warn_feed *f, uint32_t line, struct signal s)
{
    bool is_kept = line < f->drill->world.persons && f->now_s >= f->keep_s;
    if (!is_kept || f->count == FEED_SIGNALS)
        return;
    s.about = line + 1; /* never 0 */
    f->signals[f->count++] = (struct history_signal){s, f->now_s};
}

/* --- calls --- */

static uint16_t suspicion(const struct warn_feed *f, const struct call_row *r)
{
    const struct line_habit *h = r->caller < f->line_count ? &f->habits[r->caller] : NULL;
    if (r->trunk != 0)
        return 500;
    if (h == NULL || h->first_s < f->begin_s + DAY_S || f->now_s - h->first_s > NEW_S)
        return 0;
    return h->out >= CALLS_LEAST && h->in * IN_TIMES < h->out ? 900 : 0;
}

static uint16_t strength_of(uint16_t suspected, uint32_t duration_s)
{
    uint32_t share = duration_s < SHORT_S ? 0 : duration_s < MIDDLE_S ? 30 : 60;
    share = duration_s >= LONG_S ? 100 : share;
    return (uint16_t)(suspected * share / 100);
}

static void count_call(struct warn_feed *f, const struct call_row *r)
{
    if (r->phase != PHASE_WHOLE && r->phase != PHASE_SETUP)
        return;
    if (r->caller < f->line_count) {
        struct line_habit *h = &f->habits[r->caller];
        h->first_s = h->first_s == 0 ? f->now_s : h->first_s;
        h->out++;
    }
    if (r->callee < f->line_count)
        f->habits[r->callee].in++;
}

err feed_call(struct warn_feed *f, const struct call_row *r)
{
    count_call(f, r);
    uint16_t suspected = r->is_text || !r->is_answered ? 0 : suspicion(f, r);
    if (suspected == 0)
        return OK;
    struct signal s = {
        .id = mixed(r->carrier, r->number), .time_s = seconds(r->at_us), .source = r->carrier};
    if (r->phase == PHASE_ANSWER) {
        s.kind = SIGNAL_CALL;
        s.strength = suspected / 4; /* how long it will be nobody knows yet */
        give(f, r->callee, s);
        return OK;
    }
    s.kind = SIGNAL_CALLED;
    s.strength = strength_of(suspected, r->duration_s);
    s.time_s += r->phase == PHASE_WHOLE ? r->duration_s : 0;
    if (r->phase != PHASE_SETUP && s.strength > 0)
        give(f, r->callee, s);
    return OK;
}

/* --- sites --- */

err feed_visit(struct warn_feed *f, const struct visit_row *r)
{
    struct signal s = {.id = mixed(r->site, (uint64_t)r->at_us),
                       .time_s = seconds(r->at_us),
                       .strength = SIGNAL_WHOLE,
                       .source = r->carrier,
                       .kind = SIGNAL_VISIT};
    uint64_t key = mixed(r->site, 1);
    f->sites[key % SITES] = key;
    give(f, r->line, s);
    return OK;
}

err feed_message(struct warn_feed *f, const struct message_row *r)
{
    uint64_t key = mixed(r->site, 1);
    if (f->sites[key % SITES] != key)
        return OK;
    struct signal s = {.id = mixed(r->site, (uint64_t)r->at_us),
                       .time_s = seconds(r->at_us),
                       .strength = SIGNAL_WHOLE,
                       .source = r->carrier,
                       .kind = SIGNAL_MESSAGE};
    give(f, r->line, s);
    return OK;
}

/* --- payments --- */

static void give_beside(struct warn_feed *f, uint32_t line, struct signal s, enum signal_kind kind,
                        uint16_t strength)
{
    s.kind = (uint8_t)kind;
    s.strength = strength;
    if (strength > 0)
        give(f, line, s);
}

/* As the centre's pseudonyms are: spread, and never 0. */
static struct paid paid_of(const struct transfer_row *r)
{
    return (struct paid){.from = mixed(r->from, 2) | 1,
                         .to = mixed(r->to, 2) | 1,
                         .amount_minor = r->fen,
                         .time_s = seconds(r->at_us)};
}

/* As it waits or once it is booked. */
static void give_payment(struct warn_feed *f, const struct transfer_row *r,
                         const struct payment_risk *risk, enum signal_kind kind)
{
    struct signal s = {.id = mixed((uint64_t)r->bank + BANK_SOURCE, r->number),
                       .time_s = seconds(r->at_us),
                       .strength = SIGNAL_WHOLE,
                       .source = (uint16_t)(BANK_SOURCE + r->bank),
                       .kind = (uint8_t)kind};
    bool is_of_person = r->from < f->drill->world.first[GROUP_SHOP];
    bool is_to_account = !is_beyond(r->to) || beyond_kind(r->to) == BEYOND_OUTSIDE;
    bool is_looked_at = is_of_person && is_to_account && r->fen >= PAYMENT_LEAST_MINOR;
    if (!risk->is_new || !is_looked_at)
        return;
    give(f, r->from, s);
    give_beside(f, r->from, s, SIGNAL_PAYEE, risk->payee);
    give_beside(f, r->from, s, SIGNAL_AMOUNT, risk->amount);
}

err feed_ask(struct warn_feed *f, const struct transfer_row *r)
{
    const struct paid paid = paid_of(r);
    struct payment_risk risk = payees_look(f->payees, &paid);
    if (!is_beyond(r->from))
        give_payment(f, r, &risk, SIGNAL_PENDING);
    return OK;
}

/* Booked once: what is sent again is known by its pair. */
err feed_transfer(struct warn_feed *f, const struct transfer_row *r)
{
    if (r->status != TRANSFER_BOOKED || is_beyond(r->from))
        return OK;
    const struct paid paid = paid_of(r);
    struct payment_risk risk = payees_take(f->payees, &paid);
    give_payment(f, r, &risk, SIGNAL_BOOKED);
    return OK;
}
