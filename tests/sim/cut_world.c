/* SPDX-License-Identifier: Apache-2.0 */
/* Deeds, and the bank. */
#include "cut_world.h"

#include "app/bank/receiving.h"
#include "app/report/report_write.h"
#include "app/round/round_close.h"
#include "app/round/round_read.h"
#include "gate/bank/bank.h"
#include "store/row.h"

#include <string.h>
#include <unistd.h>

static const struct provider banks[] = {
    {.id = {.at = "bank-a", .size = 6}, .can = 0x3f, .answer_s = 300}
};

const struct providers cut_providers = {.at = banks, .count = 1};

int cut_roll(struct cut_world *w, int sides)
{
    return (int)random_below(&w->dice, (uint64_t)sides);
}

struct actor cut_person(const char *name)
{
    struct actor actor = trial_staff(name);
    actor.roles = 1U << ROLE_ANALYST | 1U << ROLE_APPROVER | 1U << ROLE_COMMANDER;
    return actor;
}

str cut_keep(struct cut_world *w, str text)
{
    return str_copy(&w->keep, text);
}

static bool ask(struct cut_world *w, const char *query, const char *id, struct sql_row **row)
{
    bool has_row = false;
    struct sql *db = store_sql(w->open->store);
    err e = sql_ask_text(db, str_from_c(query), row);
    WELL(w, !failed(e), "%s: %s", query, sql_last_message(db));
    sql_bind_str(*row, 1, str_from_c(id));
    e = sql_next(*row, &has_row);
    WELL(w, !failed(e), "%s: %s", query, sql_last_message(db));
    return has_row;
}

int64_t cut_ask(struct cut_world *w, const char *query, const char *id)
{
    struct sql_row *row = NULL;
    int64_t found = ask(w, query, id, &row) ? sql_i64(row, 0) : 0;
    sql_done(&row);
    return found;
}

str cut_text(struct cut_world *w, const char *query, const char *id)
{
    struct sql_row *row = NULL;
    str found = ask(w, query, id, &row) ? sql_str(row, 0, &w->keep) : STR("");
    sql_done(&row);
    return found;
}

/* --- deeds --- */

static err end(struct trial *t, err e)
{
    if (!failed(e))
        return store_commit(t->store, t->at);
    store_rollback(t->store);
    return e;
}

err cut_command(struct cut_world *w, const struct cut_deed *d)
{
    return trial_apply(w->open, &d->cmd);
}

/* What the operator typed, its payments found at the victim's bank, and a hold for each. */
static void fill(const struct cut_deed *d, struct report_form *form, struct report_plan *plan)
{
    form->said = (struct report){.channel = REPORT_BY_96110,
                                 .victim_number = STR("+8613800000001"),
                                 .said = STR("they said they were the bank"),
                                 .currency = STR("CNY")};
    for (size_t i = 0; i < d->line_count; i++) {
        str id = str_from_c(d->transfers[i]);
        form->lines[i] = (struct report_line){.index = (int64_t)i,
                                              .transfer = id,
                                              .from = STR("BKV:7"),
                                              .to = i == 0 ? STR("BKA:1") : STR("BKA:2"),
                                              .amount = d->amounts[i],
                                              .at = instant_add_us(d->at, -US_PER_MIN),
                                              .is_known = true};
        plan->targets[i] = (struct report_target){.account = form->lines[i].to,
                                                  .bank = STR("BKA"),
                                                  .amount = d->amounts[i],
                                                  .layer = 1,
                                                  .line = (int64_t)i,
                                                  .provider = &banks[0],
                                                  .kind = ORDER_HOLD};
    }
    form->line_count = plan->count = d->line_count;
}

err cut_report(struct cut_world *w, const struct cut_deed *d)
{
    struct trial *t = w->open;
    struct report_form *form = arena_make(&t->turn, sizeof *form);
    struct report_target *targets = arena_make_array(&t->turn, CUT_LINES, sizeof *targets);
    WELL(w, form != NULL && targets != NULL, "no room");
    struct report_plan plan = {.targets = targets};
    memset(form, 0, sizeof *form);
    fill(d, form, &plan);
    struct report_writing writing = {.store = t->store,
                                     .actor = d->cmd.actor,
                                     .at = t->at,
                                     .arena = &t->turn,
                                     .form = form,
                                     .plan = &plan,
                                     .window_us = 10 * US_PER_MIN,
                                     .most_orders = CUT_LINES,
                                     .basis = STR("fraud_law_20"),
                                     .reason = STR("mule_account")};
    struct report_written written;
    TRY(store_begin(t->store));
    return end(t, report_write_taken(&writing, &written));
}

static err write_round(struct trial *t, const struct cut_deed *d)
{
    TRY(store_apply(t->store, &d->cmd, t->at, &t->turn, NULL));
    for (size_t i = 0; i < d->share_count; i++)
        TRY(store_apply(t->store, &d->shares[i], t->at, &t->turn, NULL));
    return OK;
}

err cut_round(struct cut_world *w, const struct cut_deed *d)
{
    TRY(store_begin(w->open->store));
    return end(w->open, write_round(w->open, d));
}

static err write_signed(struct trial *t, const struct cut_deed *d)
{
    union record after;
    struct round_orders orders = {.count = 0};
    TRY(store_apply(t->store, &d->cmd, t->at, &t->turn, &after));
    TRY(round_orders(store_sql(t->store), &after.round, &t->turn, &orders));
    return round_held_check(&after.round, &orders, d->cmd.act, &t->law, t->at);
}

err cut_signed(struct cut_world *w, const struct cut_deed *d)
{
    TRY(store_begin(w->open->store));
    return end(w->open, write_signed(w->open, d));
}

static err write_close(struct trial *t, const struct cut_deed *d)
{
    union record after;
    struct round_reliefs reliefs = {.count = 0};
    TRY(store_apply(t->store, &d->cmd, t->at, &t->turn, &after));
    TRY(round_reliefs(store_sql(t->store), &after.round, &t->turn, &reliefs));
    TRY(round_may_close(store_sql(t->store), &after.round, &d->cmd.actor, &reliefs));
    for (size_t i = 0; i < reliefs.count; i++) {
        reliefs.at[i].actor = d->cmd.actor;
        TRY(store_apply(t->store, &reliefs.at[i], t->at, &t->turn, NULL));
    }
    return OK;
}

err cut_close(struct cut_world *w, const struct cut_deed *d)
{
    TRY(store_begin(w->open->store));
    return end(w->open, write_close(w->open, d));
}

err cut_receive(struct cut_world *w, const struct cut_deed *d)
{
    struct trial *t = w->open;
    struct receiving receiving = {.actor = d->cmd.actor, .said = d->cmd.body.receipt};
    struct received received;
    TRY(store_begin(t->store));
    return end(t, receiving_take(t->store, &receiving, t->at, &t->turn, &received));
}

err cut_fire(struct cut_world *w, const struct cut_deed *d)
{
    int fired = 0;
    (void)d;
    return trial_fire(w->open, w->open->at, &fired);
}

/* --- letters --- */

/* It is at the bank from here on, whatever becomes of us. */
static void put_letter(struct cut_world *w, str record, str key, str bytes)
{
    struct cut_letter *l = &w->mail->at[w->mail->count];
    WELL(w, w->mail->count < CUT_LETTERS, "too many letters");
    if (w->mail->count + 1 == w->mail->ends_before)
        _exit(CUT_EXIT);
    snprintf(l->key, sizeof l->key, "%.*s", STR_ARGS(key));
    snprintf(l->record, sizeof l->record, "%.*s", STR_ARGS(record));
    l->bytes = digest_of(bytes);
    w->mail->count++;
}

static err bring(struct cut_world *w, const struct outbox_entry *entry)
{
    struct trial *t = w->open;
    struct bank_letter letter = {0};
    union record r;
    err e = row_find(store_sql(t->store), RECORD_ORDER, entry->record, &t->turn, &r);
    if (e.code == ERR_ABSENT) { /* a round, to be fetched */
        put_letter(w, entry->record, entry->record, entry->record);
        return OK;
    }
    TRY(e);
    struct bank_ask asked = {.order = &r.order,
                             .centre = STR("trial"),
                             .centre_code = STR(""),
                             .provider_code = STR(""),
                             .query = QUERY_TRANSACTIONS,
                             .zone_min = t->law.zone_min};
    if (r.order.asked == ASK_NOTHING) /* it has answered meanwhile */
        return OK;
    TRY(bank_write(FORM_JSON, &asked, &t->turn, &letter));
    put_letter(w, entry->record, letter.key, letter.bytes);
    return OK;
}

/* First out of the door, then off the list. */
err cut_deliver(struct cut_world *w, const struct cut_deed *d)
{
    struct trial *t = w->open;
    struct outbox_entries entries = {0};
    (void)d;
    TRY(store_begin(t->store));
    err e = outbox_take(t->store, EFFECT_ORDER, t->at, &t->turn, &entries);
    for (size_t i = 0; i < entries.count && !failed(e); i++)
        e = bring(w, &entries.at[i]);
    if (!failed(e))
        e = outbox_drop(t->store, &entries, t->at);
    return end(t, e);
}

err cut_tell(struct cut_world *w, const struct cut_deed *d)
{
    (void)d;
    return trial_deliver(w->open);
}

/* --- the bank --- */

static struct cut_held *held_of(struct cut_world *w, const char *id)
{
    for (int i = 0; i < w->order_count; i++)
        if (strcmp(w->orders[i].id, id) == 0)
            return &w->orders[i];
    WELL(w, w->order_count < CUT_ORDERS, "too many orders");
    struct cut_held *h = &w->orders[w->order_count++];
    *h = (struct cut_held){0};
    snprintf(h->id, sizeof h->id, "%s", id);
    return h;
}

static struct cut_word *say(struct cut_world *w, const char *of, struct receipt said)
{
    WELL(w, w->word_count < CUT_WORDS, "too many words");
    struct cut_word *word = &w->words[w->word_count++];
    *word = (struct cut_word){.said = said, .times = 1 + cut_roll(w, 2)};
    snprintf(word->of, sizeof word->of, "%s", of);
    snprintf(word->key, sizeof word->key, "word-%d", ++w->said_count);
    return word;
}

/* A hold is placed in full, in part, or refused; a freeze always in full. */
static unsigned place(struct cut_world *w, struct cut_held *h, int64_t amount)
{
    bool is_hold = cut_ask(w, "SELECT kind = 'hold' FROM \"order\" WHERE id = $1", h->id) != 0;
    int how = is_hold ? cut_roll(w, 4) : 0;
    h->held = how == 3 ? 0 : how == 2 ? amount / 2 : amount;
    return how == 3 ? RECEIPT_REFUSED : how == 2 ? RECEIPT_PARTIAL : RECEIPT_DONE;
}

static void work_order(struct cut_world *w, const struct cut_letter *l)
{
    struct cut_held *h = held_of(w, l->record);
    str order = {0};
    int64_t number = 0;
    unsigned what = ASK_NOTHING;
    err e = bank_key_parse(str_from_c(l->key), &order, &number);
    WELL(w, !failed(e), "%s is no key", l->key);
    if (number <= h->done) /* its key was seen */
        return;
    word_parse(order_ask_words, cut_text(w, "SELECT asked FROM \"order\" WHERE id = $1", l->record),
               &what);
    int64_t before = h->held;
    int64_t amount = cut_ask(w, "SELECT amount FROM \"order\" WHERE id = $1", l->record);
    struct receipt said = {.result = RECEIPT_DONE, .ask = number, .balance = -1};
    said.at = w->now.at;
    h->done = number;
    if (what == ASK_PLACE)
        said.result = place(w, h, amount);
    else if (what == ASK_LIFT)
        h->held = 0;
    else if (what == ASK_TRIM && h->held > amount)
        h->held = amount;
    w->placed += h->held > before ? h->held - before : 0;
    w->freed += before > h->held ? before - h->held : 0;
    said.held = h->held;
    if (cut_roll(w, 3) == 0) { /* and a word before it that comes after it, perhaps */
        struct receipt early = said;
        early.result = RECEIPT_PENDING;
        early.held = -1;
        (void)say(w, l->record, early);
    }
    (void)say(w, l->record, said);
}

#define OF_ROUND "FROM share WHERE round = $1 AND state = 'due'"

static bool was_paid(const struct cut_world *w, str share)
{
    for (int i = 0; i < w->paid_count; i++)
        if (str_equal(str_from_c(w->paid[i].share), share))
            return true;
    return false;
}

/* Each share once, from under the order that froze it. */
static void pay(struct cut_world *w, const char *round, str share)
{
    struct cut_paid *p = &w->paid[w->paid_count++];
    struct cut_held *h = held_of(
        w, str_to_c(&w->keep, cut_text(w, "SELECT orders FROM round WHERE id = $1", round)));
    *p = (struct cut_paid){0};
    snprintf(p->share, sizeof p->share, "%.*s", STR_ARGS(share));
    bool is_able = w->paid_count == 1 || cut_roll(w, 3) != 0;
    int64_t amount = cut_ask(w, "SELECT amount FROM share WHERE id = $1", p->share);
    struct receipt said = {.result = is_able ? RECEIPT_DONE : RECEIPT_REFUSED,
                           .held = -1,
                           .balance = -1,
                           .reference = is_able ? STR("T-1") : STR(""),
                           .reason = is_able ? STR("") : STR("no such account"),
                           .at = w->now.at};
    WELL(w, h->held >= amount, "%s: to pay %lld, held %lld", p->share, (long long)amount,
         (long long)h->held);
    p->amount = is_able ? amount : 0;
    h->held -= p->amount;
    say(w, p->share, said)->is_of_share = true;
}

static void work_round(struct cut_world *w, const char *round)
{
    int64_t count = cut_ask(w, "SELECT count(*) " OF_ROUND, round);
    for (int64_t i = 0; i < count; i++) {
        char query[128];
        snprintf(query, sizeof query, "SELECT id " OF_ROUND " ORDER BY id LIMIT 1 OFFSET %lld",
                 (long long)i);
        str share = cut_text(w, query, round);
        if (!was_paid(w, share))
            pay(w, round, share);
    }
}

void cut_bank_works(struct cut_world *w, const struct cut_mail *mail)
{
    for (int i = 0; i < mail->count; i++) {
        const struct cut_letter *l = &mail->at[i];
        if (strcmp(l->key, l->record) == 0)
            work_round(w, l->record);
        else
            work_order(w, l);
    }
}

bool cut_next_word(struct cut_world *w, struct cut_deed *d)
{
    if (w->word_count == 0)
        return false;
    int i = cut_roll(w, w->word_count);
    struct cut_word word = w->words[i];
    if (--w->words[i].times == 0)
        w->words[i] = w->words[--w->word_count];
    *d = (struct cut_deed){.name = word.is_of_share ? "receipt of a share" : "receipt of an order",
                           .run = cut_receive,
                           .is_again_fine = true};
    struct receipt *r = &d->cmd.body.receipt;
    *r = word.said;
    r->provider = banks[0].id;
    r->key = cut_keep(w, str_from_c(word.key));
    *(word.is_of_share ? &r->share : &r->order) = cut_keep(w, str_from_c(word.of));
    d->cmd.actor = trial_staff("fay");
    d->cmd.actor.roles = 1U << ROLE_PROVIDER;
    d->cmd.actor.provider = banks[0].id;
    return true;
}
