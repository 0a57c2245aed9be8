/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/bank_book.h"

#include "drill/bank_same.h"
#include "drill/dice.h"
#include "drill/shelf.h"
#include "kit/strmap.h"

#include <assert.h>

const char *const bank_why_words[BANK_WHY_COUNT] = {
#define X(code, words) [code] = words,
    BANK_WHY_LIST(X)
#undef X
};

/* Numbers on the shelves; 0: none. */
struct purse {
    str key;
    str name;
    int64_t balance;
    int64_t held;
    uint32_t first; /* measure, by arrival */
    uint32_t payments;
    uint32_t stops;
    uint32_t closings;
};

struct measure {
    struct bank_standing is;
    uint32_t account; /* 0: it has ended */
    uint32_t next;
    uint32_t takes; /* the one whose money it took over; 0: none */
    int64_t given;  /* of what this is for, held by who took it over; while they are settled */
};

struct known {
    struct bank_payment is;
    uint32_t next;
};

struct bank_book {
    struct arena *arena;
    struct strmap by_key;
    struct strmap by_order;
    struct shelf accounts;
    struct shelf measures;
    struct shelf payments;
    int64_t time_us;   /* how far a victim's memory may be off */
    int64_t beyond;    /* what lies elsewhere, by this book */
    instant lapses_at; /* no measure ends before */
};

enum { SEED_KEYS = 71 };

err bank_book_open(struct arena *a, uint64_t seed, int64_t time_s, struct bank_book **ret_book)
{
    uint8_t key[SIPHASH_KEY_BYTES];
    struct bank_book *b = arena_make(a, sizeof *b);
    if (b == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (size_t i = 0; i < sizeof key; i++)
        key[i] = (uint8_t)dice_mix(seed, i, SEED_KEYS);
    b->arena = a;
    b->time_us = time_s * US_PER_S;
    b->lapses_at = instant_from_us(INSTANT_MAX_US);
    strmap_init(&b->by_key, key, a);
    strmap_init(&b->by_order, key, a);
    shelf_init(&b->accounts, a, sizeof(struct purse));
    shelf_init(&b->measures, a, sizeof(struct measure));
    shelf_init(&b->payments, a, sizeof(struct known));
    *ret_book = b;
    return OK;
}

static err keep(struct bank_book *b, str s, str *ret_copy)
{
    *ret_copy = str_copy(b->arena, s);
    return ret_copy->at == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

static struct purse *purse_at(const struct bank_book *b, uint32_t account)
{
    return shelf_at(&b->accounts, account);
}

static struct purse *purse_find(const struct bank_book *b, str key)
{
    uint32_t account = strmap_get(&b->by_key, key);
    return account == 0 ? NULL : purse_at(b, account);
}

static struct measure *measure_get(const struct bank_book *b, uint32_t number)
{
    return shelf_at(&b->measures, number);
}

/* NULL for number 0. */
static struct measure *measure_at(const struct bank_book *b, uint32_t number)
{
    return number == 0 ? NULL : measure_get(b, number);
}

err bank_book_add(struct bank_book *b, str key, str name, int64_t opening)
{
    uint32_t *slot = NULL;
    struct purse p = {.balance = opening};
    assert(opening >= 0);
    if (bank_book_has(b, key))
        return OK;
    TRY(keep(b, key, &p.key));
    TRY(keep(b, name, &p.name));
    TRY(strmap_at(&b->by_key, p.key, &slot));
    TRY(shelf_take(&b->accounts, slot));
    *purse_at(b, *slot) = p;
    b->beyond -= opening;
    return OK;
}

bool bank_book_has(const struct bank_book *b, str key)
{
    return purse_find(b, key) != NULL;
}

static int64_t usable(const struct purse *p)
{
    return p->stops > 0 || p->closings > 0 ? 0 : p->balance - p->held;
}

struct bank_view bank_book_look(const struct bank_book *b, str key)
{
    const struct purse *p = purse_find(b, key);
    if (p == NULL)
        return (struct bank_view){.balance = -1};
    return (struct bank_view){.balance = p->balance,
                              .held = p->held,
                              .usable = usable(p),
                              .is_stopped = p->stops > 0,
                              .is_closed = p->closings > 0};
}

/* Whoever came first takes first. A stop keeps everything and leaves the queue as it is. */
static void settle(const struct bank_book *b, struct purse *p)
{
    int64_t rest = p->balance;
    p->stops = p->closings = 0;
    for (struct measure *m = measure_at(b, p->first); m != NULL; m = measure_at(b, m->next)) {
        m->is.held = m->is.kind == BANK_STOP ? p->balance : 0;
        p->stops += m->is.kind == BANK_STOP;
        p->closings += m->is.kind == BANK_DISCONNECT;
        if (m->is.kind != BANK_HOLD && m->is.kind != BANK_FREEZE)
            continue;
        int64_t wanted = m->is.fen > m->given ? m->is.fen - m->given : 0;
        m->is.held = m->is.fen == 0 || wanted > rest ? rest : wanted;
        m->given = 0;
        rest -= m->is.held;
        if (m->takes != 0)
            measure_get(b, m->takes)->given = m->is.held;
    }
    assert(rest >= 0);
    p->held = p->balance - rest;
}

bool bank_book_standing(const struct bank_book *b, str key, size_t index,
                        struct bank_standing *ret_standing)
{
    const struct purse *p = purse_find(b, key);
    const struct measure *m = p == NULL ? NULL : measure_at(b, p->first);
    for (; m != NULL && index > 0; index--)
        m = measure_at(b, m->next);
    if (m != NULL)
        *ret_standing = m->is;
    return m != NULL;
}

bool bank_book_find(const struct bank_book *b, str order, struct bank_standing *ret_standing)
{
    const struct measure *m = measure_at(b, strmap_get(&b->by_order, order));
    if (m == NULL || m->account == 0)
        return false;
    *ret_standing = m->is;
    return true;
}

/* ---- money -------------------------------------------------------------------------------- */

err bank_book_expect(struct bank_book *b, const struct bank_payment *p)
{
    uint32_t number = 0;
    struct purse *to = purse_find(b, p->to);
    if (to == NULL)
        return OK;
    struct known new = {.is = *p, .next = to->payments};
    new.is.to = to->key;
    TRY(keep(b, p->id, &new.is.id));
    TRY(keep(b, p->from, &new.is.from));
    TRY(shelf_take(&b->payments, &number));
    *(struct known *)shelf_at(&b->payments, number) = new;
    to->payments = number;
    return OK;
}

enum bank_why bank_book_pay(struct bank_book *b, const struct bank_payment *p)
{
    struct purse *from = purse_find(b, p->from);
    struct purse *to = purse_find(b, p->to);
    assert(p->fen > 0);
    if ((from != NULL && from->closings > 0) || (to != NULL && to->closings > 0))
        return BANK_CLOSED;
    if (from != NULL && from->stops > 0)
        return BANK_STOPPED;
    if (from != NULL && usable(from) < p->fen)
        return BANK_NO_MONEY;
    if (from != NULL)
        from->balance -= p->fen;
    else
        b->beyond -= p->fen;
    if (to != NULL)
        to->balance += p->fen;
    else
        b->beyond += p->fen;
    if (from != NULL)
        settle(b, from);
    if (to != NULL)
        settle(b, to);
    return BANK_FINE;
}

int64_t bank_book_sum(const struct bank_book *b)
{
    int64_t sum = b->beyond;
    for (uint32_t i = 1; i <= b->accounts.count; i++)
        sum += purse_at(b, i)->balance;
    return sum;
}

/* ---- comparing ---------------------------------------------------------------------------- */

struct compared {
    bool is_payer, is_amount, is_time;
};

static struct compared compare(const struct bank_book *b, const struct bank_payment *told,
                               const struct bank_payment *known)
{
    int64_t off = told->at.us - known->at.us;
    return (struct compared){
        .is_payer = str_is_empty(told->from) || bank_same_account(told->from, known->from),
        .is_amount = told->fen == 0 || told->fen == known->fen,
        .is_time = told->at.us == 0 || (off <= b->time_us && off >= -b->time_us)};
}

/* The nearest miss is what the bank says. */
static enum bank_why compare_payment(const struct bank_book *b, const struct purse *p,
                                     const struct bank_payment *told)
{
    enum bank_why why = BANK_NO_PAYMENT;
    for (uint32_t n = p->payments; n != 0;) {
        const struct known *known = shelf_at(&b->payments, n);
        struct compared is = compare(b, told, &known->is);
        bool is_meant = !str_is_empty(told->id) && str_equal(told->id, known->is.id);
        n = known->next;
        if (is.is_payer && is.is_amount && is.is_time)
            return BANK_FINE;
        if (is.is_payer && is.is_amount && why != BANK_OTHER_AMOUNT)
            why = BANK_OTHER_TIME;
        if ((is.is_payer && is.is_time) || (is_meant && is.is_payer))
            why = is.is_amount ? BANK_OTHER_TIME : BANK_OTHER_AMOUNT;
    }
    return why;
}

static enum bank_why check(const struct bank_book *b, const struct bank_instruction *i)
{
    const struct purse *p = purse_find(b, i->account);
    if (i->kind == BANK_BLOCK)
        return BANK_CANNOT;
    if (p == NULL)
        return BANK_NO_ACCOUNT;
    if (p->closings > 0)
        return BANK_CLOSED;
    if (!bank_same_name(i->name, p->name))
        return BANK_OTHER_NAME;
    return i->has_payment ? compare_payment(b, p, &i->payment) : BANK_FINE;
}

/* ---- measures ----------------------------------------------------------------------------- */

static void note_lapse(struct bank_book *b, instant until)
{
    if (until.us < b->lapses_at.us)
        b->lapses_at = until;
}

static uint32_t taken_by(const struct bank_book *b, const struct purse *p,
                         const struct bank_standing *s, str takes)
{
    uint32_t number = str_is_empty(takes) ? 0 : strmap_get(&b->by_order, takes);
    const struct measure *m = measure_at(b, number);
    bool is_here = m != NULL && m->account != 0 && purse_at(b, m->account) == p;
    return is_here && m->is.held + p->balance - p->held >= s->fen ? number : 0;
}

/* Behind all others; or before the one that it takes over. */
static err stand(struct bank_book *b, str key, const struct bank_standing *s, str takes)
{
    uint32_t *slot = NULL;
    struct measure new = {.is = *s, .account = strmap_get(&b->by_key, key)};
    TRY(keep(b, s->order, &new.is.order));
    TRY(keep(b, s->authority, &new.is.authority));
    TRY(strmap_at(&b->by_order, new.is.order, &slot));
    uint32_t number = 0;
    TRY(shelf_take(&b->measures, &number));
    *slot = number;
    *measure_get(b, number) = new;
    struct purse *p = purse_at(b, new.account);
    uint32_t *link = &p->first;
    uint32_t before = taken_by(b, p, s, takes);
    while (*link != 0 && *link != before)
        link = &measure_get(b, *link)->next;
    measure_get(b, number)->next = *link;
    measure_get(b, number)->takes = *link;
    *link = number;
    note_lapse(b, s->until);
    settle(b, p);
    return OK;
}

static void end(const struct bank_book *b, uint32_t number)
{
    struct measure *m = measure_get(b, number);
    struct purse *p = purse_at(b, m->account);
    uint32_t *link = &p->first;
    while (*link != number)
        link = &measure_get(b, *link)->next;
    *link = m->next;
    m->account = 0;
    m->is.held = 0;
    settle(b, p);
}

err bank_book_freeze(struct bank_book *b, str key, const struct bank_standing *s)
{
    assert(bank_book_has(b, key));
    return stand(b, key, s, STR(""));
}

static enum bank_why place(struct bank_book *b, const struct bank_instruction *i, int64_t over_fen,
                           err *ret_fault)
{
    struct bank_standing s = {.order = i->order,
                              .authority = STR("yumen"),
                              .kind = i->kind,
                              .fen = i->fen == 0 ? 0 : i->fen + over_fen,
                              .until = i->until};
    enum bank_why why = check(b, i);
    if (why == BANK_FINE && i->kind != BANK_QUERY)
        *ret_fault = stand(b, i->account, &s, i->takes);
    return why;
}

/* Trims, extends and lifts what stands; one that does not is lifted already. */
static enum bank_why change(struct bank_book *b, const struct bank_instruction *i, int64_t over_fen)
{
    uint32_t number = strmap_get(&b->by_order, i->order);
    struct measure *m = measure_at(b, number);
    if (i->ask == BANK_LIFT && m != NULL && m->account != 0)
        end(b, number);
    if (i->ask == BANK_LIFT)
        return BANK_FINE;
    if (m == NULL)
        return BANK_NO_ORDER;
    if (m->account == 0)
        return BANK_ENDED;
    if (i->ask == BANK_TRIM)
        m->is.fen = i->fen + over_fen;
    m->is.until = i->until.us == 0 ? m->is.until : i->until;
    note_lapse(b, m->is.until);
    settle(b, purse_at(b, m->account));
    return BANK_FINE;
}

static enum bank_result result_of(const struct bank_instruction *i, int64_t held)
{
    bool is_amount = i->kind == BANK_HOLD || i->kind == BANK_FREEZE;
    return is_amount && i->ask != BANK_LIFT && held < i->fen ? BANK_PARTIAL : BANK_DONE;
}

err bank_book_do(struct bank_book *b, const struct bank_instruction *i, int64_t over_fen,
                 struct bank_answer *ret_answer)
{
    err fault = OK;
    struct bank_standing now = {.held = 0};
    bool is_new = i->ask == BANK_PLACE && !bank_book_find(b, i->order, &now);
    enum bank_why why = BANK_FINE;
    if (is_new)
        why = place(b, i, over_fen, &fault);
    else if (i->ask != BANK_PLACE)
        why = change(b, i, over_fen);
    TRY(fault);
    (void)bank_book_find(b, i->order, &now);
    if (i->ask == BANK_LIFT)
        now.held = 0;
    *ret_answer =
        (struct bank_answer){.result = why == BANK_FINE ? result_of(i, now.held) : BANK_REFUSED,
                             .why = why,
                             .held = now.held,
                             .balance = bank_book_look(b, i->account).balance};
    return OK;
}

size_t bank_book_lapse(struct bank_book *b, instant now)
{
    size_t ended = 0;
    if (now.us < b->lapses_at.us)
        return 0;
    b->lapses_at = instant_from_us(INSTANT_MAX_US);
    for (uint32_t i = 1; i <= b->measures.count; i++) {
        const struct measure *m = measure_get(b, i);
        if (m->account != 0 && m->is.until.us <= now.us) {
            end(b, i);
            ended++;
        } else if (m->account != 0) {
            note_lapse(b, m->is.until);
        }
    }
    return ended;
}

/* ---- giving back -------------------------------------------------------------------------- */

/* By its own order, or by the one whose money it took over. */
static bool is_named(const struct bank_book *b, const struct bank_return *r,
                     const struct measure *m)
{
    const struct measure *taken = measure_at(b, m->takes);
    return bank_same_order(r, m->is.order) ||
           (taken != NULL && bank_same_order(r, taken->is.order));
}

/* What was for this much is for less; who was taken over, too: it is the same money. */
static void lessen(const struct bank_book *b, struct measure *m, int64_t part)
{
    struct measure *taken = measure_at(b, m->takes);
    m->is.fen -= part;
    if (taken != NULL && taken->is.fen > 0)
        taken->is.fen = taken->is.fen > part ? taken->is.fen - part : 1;
}

static int64_t held_under(const struct bank_book *b, const struct purse *p,
                          const struct bank_return *r)
{
    int64_t held = 0;
    for (struct measure *m = measure_at(b, p->first); m != NULL; m = measure_at(b, m->next))
        if (is_named(b, r, m))
            held += m->is.held;
    return held;
}

/* Whoever asked for an amount asks for less now, the first first; nothing is no measure. */
static void release(const struct bank_book *b, const struct purse *p, const struct bank_return *r)
{
    int64_t rest = r->fen;
    for (uint32_t n = p->first; n != 0 && rest > 0;) {
        struct measure *m = measure_get(b, n);
        int64_t part = m->is.held < rest ? m->is.held : rest;
        uint32_t next = m->next;
        bool is_meant = is_named(b, r, m);
        bool is_amount = m->is.kind != BANK_STOP && m->is.fen > 0;
        if (is_meant && is_amount)
            lessen(b, m, part);
        if (is_meant && is_amount && m->is.fen == 0)
            end(b, n);
        rest -= is_meant ? part : 0;
        n = next;
    }
}

enum bank_why bank_book_return(struct bank_book *b, const struct bank_return *r)
{
    struct purse *from = purse_find(b, r->account);
    struct purse *to = purse_find(b, r->to);
    assert(r->fen > 0);
    if (from == NULL || str_is_empty(r->to))
        return BANK_NO_ACCOUNT;
    if (from->closings > 0 || (to != NULL && to->closings > 0))
        return BANK_CLOSED;
    if (held_under(b, from, r) < r->fen || from->balance < r->fen)
        return BANK_NOT_HELD;
    release(b, from, r);
    from->balance -= r->fen;
    if (to != NULL)
        to->balance += r->fen;
    else
        b->beyond += r->fen;
    settle(b, from);
    if (to != NULL)
        settle(b, to);
    return BANK_FINE;
}
