/* SPDX-License-Identifier: Apache-2.0 */
#include "app/report/report_match.h"

#include "fact/account.h"

#include <assert.h>
#include <stdlib.h>

enum { AGAIN_MOST = 64 };

/* Whoever does not know when they paid, paid lately. */
#define LATELY_US (72 * US_PER_HOUR)

struct matching {
    const struct report_matching *m;
    struct runs_seat seat;
    struct report_line *line;
    uint32_t payee;
    uint32_t payer; /* with has_payer */
    bool has_payer;
    int64_t from_ms;
    int64_t until_ms; /* included */
    void (*look)(struct matching *at, const struct trail_run *run, uint32_t place);
    uint32_t same;  /* ordinals: payee, amount and time fit, */
    uint32_t other; /* or all but the amount, from the victim's own account if that was told */
    size_t same_count;
    size_t other_count;
    struct again {
        int64_t time_ms;
        uint32_t ordinal;
    } again[AGAIN_MOST]; /* what may be the same payment under another number */
    size_t again_count;
};

static err spent(void)
{
    return fail(ERR_LIMIT, "limit.memory", 0);
}

/* --- what differs --- */

static bool is_far(const struct report_matching *m, const struct report_line *line)
{
    int64_t apart_us = line->at.us - line->known.time_ms * US_PER_MS;
    return line->at.us != 0 && (apart_us > m->window_us || apart_us < -m->window_us);
}

static err compare(const struct report_matching *m, struct report_line *line)
{
    const struct transfer *t = &line->known;
    bool is_to = str_is_empty(line->to) || str_equal(line->to, t->to);
    bool is_amount = line->amount == 0 || line->amount == t->amount_minor;
    const struct {
        const char *word;
        bool differs;
    } all[] = {
        {"to",     !is_to    },
        {"amount", !is_amount},
        {"time",   is_far(m,   line)},
        {"status",        t->status > TRANSFER_BOOKED          },
    };
    struct text words;
    text_init(&words, m->arena);
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        if (!all[i].differs)
            continue;
        if (text_str(&words).size > 0)
            text_put_char(&words, '\n');
        text_put_c(&words, all[i].word);
    }
    line->mismatch = text_str(&words);
    return text_spent(&words) ? spent() : OK;
}

static bool is_foreign(const struct report_matching *m, const struct transfer *t)
{
    return !str_equal(str_from_c(t->currency), m->currency);
}

/* The bank's word stands where the victim said nothing; its amount in another money does not. */
static err settle(const struct report_matching *m, struct report_line *line)
{
    const struct transfer *t = &line->known;
    if (is_foreign(m, t)) {
        line->mismatch = STR("currency");
        return OK;
    }
    line->is_known = true;
    line->transfer = t->id;
    TRY(compare(m, line));
    line->to = str_is_empty(line->to) ? t->to : line->to;
    line->amount = line->amount == 0 ? t->amount_minor : line->amount;
    line->at = line->at.us == 0 ? instant_from_us(t->time_ms * US_PER_MS) : line->at;
    line->from = str_is_empty(line->from) ? t->from : line->from;
    if (str_is_empty(line->mismatch)) {
        line->from = t->from;
        line->at = instant_from_us(t->time_ms * US_PER_MS);
        line->bank = str_is_empty(t->to_bank) ? line->bank : t->to_bank;
    }
    return OK;
}

/* --- by its id --- */

enum { SCOPES_MOST = 8 };

/* Two banks may number alike: then what else was told says which it is. */
static err find_by_id(struct matching *at, bool *ret_found)
{
    struct report_line *line = at->line;
    uint32_t ordinals[SCOPES_MOST];
    size_t count = 0;
    size_t fits = 0;
    struct transfer found = {0};
    err e = runs_ask_transfers(at->m->runs, line->transfer, ordinals, SCOPES_MOST, &count);
    if (failed(e)) /* its bank may report it later; the other lines do not wait */
        return e.code == ERR_ABSENT ? OK : e;
    for (size_t i = 0; i < count; i++) {
        struct transfer t = {0};
        TRY(runs_ask_details(at->m->runs, ordinals[i], at->m->arena, &t));
        bool is_it = count == 1 || ((str_is_empty(line->to) || str_equal(line->to, t.to)) &&
                                    (line->amount == 0 || line->amount == t.amount_minor));
        if (!is_it)
            continue;
        fits++;
        found = t;
    }
    *ret_found = fits == 1;
    line->is_shared = count > 1;
    if (fits != 1)
        return OK;
    line->known = found;
    return settle(at->m, line);
}

/* --- by payee, amount and time --- */

/* The payee as a bank's feed may have named it: behind any code of the bank. */
static err find_payee(struct matching *at, bool *ret_found)
{
    struct report_line *line = at->line;
    err e = runs_ask_account(at->m->runs, line->to, &at->payee);
    const struct provider *p = provider_of_bank(at->m->providers, line->bank);
    for (size_t i = 0; e.code == ERR_ABSENT && p != NULL && i <= p->code_count; i++) {
        str key = {0};
        str code = i < p->code_count ? p->codes[i] : p->id;
        str rest = line->to;
        str before = {0};
        str_split(&rest, ':', &before);
        if (failed(account_key(rest.at == NULL ? line->to : rest, code, at->m->arena, &key)))
            continue;
        e = runs_ask_account(at->m->runs, key, &at->payee);
        line->to = failed(e) ? line->to : key;
    }
    *ret_found = !failed(e);
    return e.code == ERR_ABSENT ? OK : e;
}

static bool is_moving(const struct matching *at, const struct trail_run *run, uint32_t place)
{
    return trail_status(&at->seat.view->amends, run, place) <= (unsigned)TRANSFER_BOOKED;
}

static void look_at(struct matching *at, const struct trail_run *run, uint32_t place)
{
    const struct trail_row *row = &run->rows[place];
    if (!is_moving(at, run, place) || (at->has_payer && row->from != at->payer))
        return;
    if (row_amount(row) == at->line->amount) {
        at->same = run->ordinals[place];
        at->same_count++;
    } else {
        at->other = run->ordinals[place];
        at->other_count++;
    }
}

static void walk(struct matching *at)
{
    size_t left = MATCH_WALK;
    const struct trail_view *view = at->seat.view;
    for (uint32_t i = 0; i < view->run_count; i++) {
        const struct trail_run *run = view->runs[i];
        if (run->last_ms < at->from_ms || run->first_ms > at->until_ms)
            continue;
        struct trail_range in = trail_directory_range(&run->in, at->payee);
        for (uint32_t k = trail_run_in_after(run, in, at->from_ms - 1); k < in.end && left > 0;
             k++, left--) {
            if (row_time_ms(&run->rows[run->ins[k]]) > at->until_ms)
                break;
            at->look(at, run, run->ins[k]);
        }
    }
}

static err find_payer(struct matching *at)
{
    err e = runs_ask_account(at->m->runs, at->line->from, &at->payer);
    at->has_payer = !str_is_empty(at->line->from) && !failed(e);
    return e.code == ERR_ABSENT ? OK : e;
}

/* Only one payment reached this payee about then, and not of this amount: who paid it is not said,
 * so it may be somebody else's, and nothing of it goes into the claim. Whoever names the account
 * that paid, or no time, is not doubted. */
static void tell_near(struct report_form *form, struct report_line *line)
{
    if (line->at.us == 0 || !str_is_empty(line->from))
        return;
    line->mismatch = STR("amount");
    report_refuse(form, line->index, "amount", "claim.near");
}

static err find_by_payee(struct matching *at, struct report_form *form)
{
    struct report_line *line = at->line;
    const struct report_matching *m = at->m;
    bool is_there = false;
    instant last = line->at.us == 0 ? m->now : instant_add_us(line->at, m->window_us);
    instant first = instant_add_us(line->at.us == 0 ? m->now : line->at,
                                   line->at.us == 0 ? -LATELY_US : -m->window_us);
    if (str_is_empty(line->to) || line->amount == 0)
        return OK;
    at->from_ms = first.us / US_PER_MS;
    at->until_ms = last.us / US_PER_MS;
    TRY(find_payee(at, &is_there));
    if (!is_there)
        return OK;
    TRY(find_payer(at));
    at->look = look_at;
    walk(at);
    bool is_other = at->same_count == 0 && at->other_count == 1;
    if (at->same_count > 1)
        report_refuse(form, line->index, "time", "claim.several");
    if (is_other && !at->has_payer)
        tell_near(form, line);
    if (at->same_count != 1 && !(is_other && at->has_payer))
        return OK;
    uint32_t ordinal = at->same_count == 1 ? at->same : at->other;
    struct transfer found = {0};
    TRY(runs_ask_details(m->runs, ordinal, m->arena, &found));
    if (is_foreign(m, &found)) /* of that many dollars, not of that many yuan */
        return OK;
    line->known = found;
    return settle(m, line);
}

/* --- taken back, and booked again under another number --- */

static int compare_again(const void *a, const void *b)
{
    const struct again *x = a;
    const struct again *y = b;
    if (x->time_ms != y->time_ms)
        return x->time_ms < y->time_ms ? -1 : 1;
    return (x->ordinal > y->ordinal) - (x->ordinal < y->ordinal);
}

static void look_again(struct matching *at, const struct trail_run *run, uint32_t place)
{
    const struct trail_row *row = &run->rows[place];
    bool is_alike = row->from == at->payer && row_amount(row) == at->line->known.amount_minor &&
                    is_moving(at, run, place);
    if (is_alike && at->again_count < AGAIN_MOST)
        at->again[at->again_count++] = (struct again){row_time_ms(row), run->ordinals[place]};
}

err report_match_is_claimed(const struct report_matching *m, const struct report_form *form,
                            const struct report_line *line, const struct transfer *t, bool *ret_is)
{
    struct sql_row *row = NULL;
    for (size_t i = 0; i < form->line_count; i++) {
        const struct report_line *other = &form->lines[i];
        *ret_is = other != line && other->is_known && str_equal(other->known.id, t->id) &&
                  str_equal(other->known.to, t->to);
        if (*ret_is)
            return OK;
    }
    TRY(sql_ask(m->db,
                "SELECT 1 FROM claim WHERE \"transfer\" = $1 AND \"to\" = $2"
                " AND \"state\" = 'matched' AND \"id\" <> $3 LIMIT 1",
                &row));
    sql_bind_str(row, 1, t->id);
    sql_bind_str(row, 2, t->to);
    sql_bind_str(row, 3, line->claim);
    err e = sql_next(row, ret_is);
    sql_done(&row);
    return e;
}

/* It is the payment that was told, whatever its bank calls it now. */
static err find_again(struct matching *at, const struct report_form *form)
{
    struct report_line *line = at->line;
    const struct transfer gone = line->known;
    TRY(runs_ask_account(at->m->runs, gone.from, &at->payer));
    TRY(runs_ask_account(at->m->runs, gone.to, &at->payee));
    at->from_ms = gone.time_ms;
    at->until_ms = gone.time_ms + MATCH_AGAIN_US / US_PER_MS;
    at->look = look_again;
    walk(at);
    if (at->again_count > 0)
        qsort(at->again, at->again_count, sizeof *at->again, compare_again);
    for (size_t i = 0; i < at->again_count; i++) {
        struct transfer t = {0};
        bool is_taken = false;
        TRY(runs_ask_details(at->m->runs, at->again[i].ordinal, at->m->arena, &t));
        TRY(report_match_is_claimed(at->m, form, line, &t, &is_taken));
        bool is_same = !is_taken && str_equal(str_from_c(t.currency), str_from_c(gone.currency));
        if (!is_same)
            continue;
        line->known = t;
        line->at = instant_from_us(t.time_ms * US_PER_MS);
        TRY(settle(at->m, line));
        line->at = instant_from_us(gone.time_ms * US_PER_MS); /* it was sent when it first was */
        return OK;
    }
    return OK;
}

static err match_line(const struct report_matching *m, const struct runs_seat *seat,
                      struct report_form *form, struct report_line *line)
{
    struct matching at = {.m = m, .seat = *seat, .line = line};
    bool is_found = false;
    if (!str_is_empty(line->transfer))
        TRY(find_by_id(&at, &is_found));
    if (!is_found)
        return find_by_payee(&at, form);
    return str_equal(line->mismatch, STR("status")) ? find_again(&at, form) : OK;
}

/* Without payee or amount, and not known to any bank: nothing to claim. */
static err drop_useless(struct report_form *form, struct arena *a)
{
    size_t kept = 0;
    for (size_t i = 0; i < form->line_count; i++) {
        const struct report_line *line = &form->lines[i];
        if (!str_is_empty(line->to) && line->amount > 0) {
            form->lines[kept++] = *line;
            continue;
        }
        if (str_equal(line->mismatch, STR("currency")))
            report_refuse(form, line->index, "currency", "claim.currency");
        else
            report_refuse(form, line->index, "id",
                          line->is_shared ? "transfer.ambiguous" : "transfer.unknown");
        TRY(report_form_keep(form, line, a));
    }
    form->line_count = kept;
    return OK;
}

err report_match(const struct report_matching *m, struct report_form *form)
{
    struct runs_seat seat;
    err e = OK;
    assert(m->window_us > 0);
    runs_enter(m->runs, &seat);
    for (size_t i = 0; i < form->line_count && !failed(e); i++)
        e = match_line(m, &seat, form, &form->lines[i]);
    runs_leave(m->runs, &seat);
    return failed(e) ? e : drop_useless(form, m->arena);
}
