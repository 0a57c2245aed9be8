/* SPDX-License-Identifier: Apache-2.0 */
/* The centre as it is founded, and the bank with its book. */
#include "refund_world.h"

#include "env/vfs.h"

#include <string.h>

static const struct provider banks[] = {
    {.id = {.at = "bank-a", .size = 6}, .can = 0x3f, .answer_s = 300}
};
static const struct providers providers = {.at = banks, .count = 1};

int roll(struct refund_world *w, int sides)
{
    return (int)random_below(&w->dice, (uint64_t)sides);
}

/* --- a world begins --- */

void world_open(struct refund_world *w)
{
    struct law_profile *law = &w->trial.law;
    w->trial.providers = &providers;
    law->order_max_term_us[ORDER_FREEZE] = 180 * US_PER_DAY;
    law->order_max_repeats[ORDER_FREEZE] = 1;
    law->order_max_term_us[ORDER_HOLD] = 90 * US_PER_DAY;
    law->order_max_repeats[ORDER_HOLD] = 1;
    law->emergency_min = 30;
    law->escalate_min = 30;
    law->order_notice = STR("notice");
    law->report_retention_days = WORLD_RETENTION_DAYS;
    law->refund_notice_days = 30;
    law->refund_review_days = 3;
    law->refund_approve_days = 5;
    law->refund_pay_days = 3;
    law->refund_close_days = 5;
    err e = trial_open(&w->trial);
    WELL(w, !failed(e), "the store does not open: %s", e.why);
}

static void must(struct refund_world *w, const struct command *cmd)
{
    err e = trial_apply(&w->trial, cmd);
    WELL(w, !failed(e), "%s: %s (%u)", act_name(cmd->act), e.why, e.at);
}

static void tell(struct refund_world *w)
{
    struct command cmd = {
        .act = ACT_INCIDENT_OPEN, .actor = trial_staff("ann"), .record = STR("i0")};
    cmd.body.incident = (struct incident){.currency = STR("CNY"), .stolen = 100000};
    must(w, &cmd);
    cmd.act = ACT_REPORT_TAKE;
    cmd.record = STR("r0");
    cmd.body.report =
        (struct report){.incident = STR("i0"), .currency = STR("CNY"), .loss = 100000};
    must(w, &cmd);
    cmd.act = ACT_CLAIM_TELL;
    for (int i = 0; i < WORLD_CLAIMS; i++) {
        struct lost *l = &w->claims[i];
        *l = (struct lost){.amount = 500 + roll(w, 2500)};
        snprintf(l->id, sizeof l->id, "claim%d", i);
        cmd.record = str_from_c(l->id);
        cmd.body.claim = (struct claim){.report = STR("r0"),
                                        .state = CLAIM_MATCHED,
                                        .transfer = str_from_c(l->id),
                                        .from = STR("BKV:7"),
                                        .to = STR("BKA:0"),
                                        .amount = l->amount};
        must(w, &cmd);
    }
}

/* Each of its own second, so that the record has one order. */
static void book(struct refund_world *w, struct account *of, int64_t amount, int claim)
{
    int i = of->entry_count++;
    bool is_out = amount < 0;
    snprintf(of->entry_ids[i], sizeof of->entry_ids[i], "e%02d", i);
    of->entries[i] = (struct refund_entry){.id = str_from_c(of->entry_ids[i]),
                                           .time_ms = TRIAL_T0 / US_PER_MS + (i - 40) * 61003,
                                           .amount_minor = is_out ? -amount : amount,
                                           .claim = claim,
                                           .is_out = is_out,
                                           .status = TRANSFER_BOOKED};
    of->in += is_out ? 0 : amount;
    of->out += is_out ? -amount : 0;
    of->free += amount;
    WELL(w, of->free >= 0 && of->entry_count <= WORLD_ENTRIES, "the book is wrong");
}

/* Every claim's money came to one account, and a part of it to the next. */
static void fill(struct refund_world *w, int account)
{
    struct account *a = &w->accounts[account];
    *a = (struct account){0};
    snprintf(a->id, sizeof a->id, "BKA:%d", account);
    for (int i = 0; i < WORLD_CLAIMS; i++) {
        int64_t amount = w->claims[i].amount;
        int turn = (account + WORLD_ACCOUNTS - i % WORLD_ACCOUNTS) % WORLD_ACCOUNTS;
        if (turn < 2)
            book(w, a, turn == 0 ? amount : 1 + roll(w, (int)amount), i);
        if (roll(w, 3) == 0)
            book(w, a, 1 + roll(w, 900), REFUND_NOBODY);
        if (a->free > 1 && roll(w, 2) == 0)
            book(w, a, -1 - roll(w, (int)a->free - 1), REFUND_NOBODY);
    }
}

void world_begin(struct refund_world *w, uint64_t seed)
{
    memset(w, 0, sizeof *w);
    w->seed = seed;
    random_init_seeded(&w->dice, seed);
    trial_init(&w->trial, "refund", seed);
    w->trial.layer = VFS_FAULT_NAME;
    w->is_fickle = seed % 2 == 0;
    world_open(w);
    tell(w);
    for (int i = 0; i < WORLD_ACCOUNTS; i++)
        fill(w, i);
}

/* --- reading the store --- */

static bool ask(struct refund_world *w, const char *query, const char *id, struct sql_row **row)
{
    bool has_row = false;
    struct sql *db = store_sql(w->trial.store);
    err e = sql_ask_text(db, str_from_c(query), row);
    WELL(w, !failed(e), "%s: %s", query, sql_last_message(db));
    sql_bind_str(*row, 1, str_from_c(id));
    e = sql_next(*row, &has_row);
    WELL(w, !failed(e), "%s: %s", query, sql_last_message(db));
    return has_row;
}

int64_t world_ask(struct refund_world *w, const char *query, const char *id)
{
    struct sql_row *row = NULL;
    int64_t found = ask(w, query, id, &row) ? sql_i64(row, 0) : 0;
    sql_done(&row);
    return found;
}

str world_text(struct refund_world *w, const char *query, const char *id)
{
    struct sql_row *row = NULL;
    str found = ask(w, query, id, &row) ? sql_str(row, 0, &w->trial.turn) : STR("");
    sql_done(&row);
    return found;
}

/* --- letters --- */

static void post(struct refund_world *w, const char *id, struct refund_letter l)
{
    if (w->letter_count == WORLD_LETTERS)
        return; /* lost on the way */
    snprintf(l.id, sizeof l.id, "%s", id);
    w->letters[w->letter_count++] = l;
}

static struct command about_order(struct refund_world *w, const struct refund_letter *l, char *id)
{
    struct command cmd = {.act = ACT_RECEIPT_TAKE, .actor = trial_staff("ann")};
    snprintf(id, WORLD_ID, "q%05d", w->receipt_count++);
    cmd.record = str_from_c(id);
    cmd.body.receipt = l->receipt;
    cmd.body.receipt.order = str_from_c(l->id);
    cmd.body.receipt.provider = STR("bank-a");
    return cmd;
}

static struct command about_share(struct refund_world *w, const struct refund_letter *l, char *id)
{
    str bank = l->is_strange ? STR("bank-b") : STR("bank-a");
    struct command cmd = about_order(w, l, id);
    cmd.actor = trial_staff("fay");
    cmd.actor.roles = 1U << ROLE_PROVIDER;
    cmd.actor.provider = cmd.body.receipt.provider = bank;
    cmd.body.receipt.share = cmd.body.receipt.order;
    cmd.body.receipt.order = STR("");
    return cmd;
}

err letter_arrives(struct refund_world *w)
{
    char id[WORLD_ID];
    if (w->letter_count == 0)
        return OK;
    int i = roll(w, w->letter_count);
    struct refund_letter l = w->letters[i];
    w->letters[i] = w->letters[--w->letter_count];
    struct command cmd = l.is_share ? about_share(w, &l, id) : about_order(w, &l, id);
    err e = trial_apply(&w->trial, &cmd);
    if (e.code == ERR_OS) /* the sender tries again */
        post(w, l.id, l);
    WELL(w, !failed(e) || e.code == ERR_OS, "%s of %s: %s", act_name(cmd.act), l.id, e.why);
    return e;
}

/* --- the bank: holding --- */

int64_t world_held(const struct refund_world *w, int account)
{
    int64_t sum = 0;
    for (int i = 0; i < w->order_count; i++)
        sum += w->orders[i].account == account ? w->orders[i].amount : 0;
    return sum;
}

int64_t world_returned(const struct refund_world *w)
{
    int64_t sum = 0;
    for (int i = 0; i < WORLD_ACCOUNTS; i++)
        sum += w->accounts[i].returned;
    return sum;
}

/* What closing lets go of, a round has paid: nothing but the order's name on it is left to free. */
static void let_go(struct refund_world *w, struct held *h, int64_t to, bool is_closing)
{
    struct account *a = &w->accounts[h->account];
    int64_t freed = h->amount > to ? h->amount - to : 0;
    WELL(w, !is_closing || freed == 0 || a->is_loosened || w->is_fickle,
         "%s: closing a round frees %lld", h->id, (long long)freed);
    a->is_loosened = a->is_loosened || freed > 0;
    a->free += freed;
    h->amount -= freed;
}

/* Of no amount is of the whole account. */
static void place(struct refund_world *w, struct held *h, int64_t amount)
{
    struct account *a = &w->accounts[h->account];
    bool is_whole = amount == 0;
    int64_t more = is_whole ? a->free : amount > h->amount ? amount - h->amount : 0;
    more = more < a->free ? more : a->free;
    a->free -= more;
    h->amount += more;
}

/* All of it, out of what the hold holds and what is free; or it leaves the hold alone. */
static void take_over(struct refund_world *w, struct held *h, int64_t amount)
{
    str takes = world_text(w, "SELECT coalesce(takes, '') FROM \"order\" WHERE id = $1", h->id);
    for (int i = 0; i < w->order_count; i++) {
        struct held *hold = &w->orders[i];
        bool is_it = str_equal(takes, str_from_c(hold->id));
        if (!is_it || hold->amount + w->accounts[h->account].free < amount)
            continue;
        h->amount = hold->amount < amount ? hold->amount : amount;
        hold->amount -= h->amount;
        memcpy(h->takes, hold->id, sizeof h->takes);
        if (hold->amount > 0) /* what the freeze leaves is let go of, and no round has paid it */
            w->accounts[h->account].is_loosened = true;
    }
}

static void carry_out(struct refund_world *w, struct held *h, bool is_willing)
{
    unsigned what = ASK_NOTHING;
    word_parse(order_ask_words, world_text(w, "SELECT asked FROM \"order\" WHERE id = $1", h->id),
               &what);
    int64_t number = world_ask(w, "SELECT ask FROM \"order\" WHERE id = $1", h->id);
    int64_t amount = world_ask(w, "SELECT amount FROM \"order\" WHERE id = $1", h->id);
    bool is_closing =
        world_ask(w, "SELECT ended_why = '" WORLD_WHY_RETURNED "' FROM \"order\" WHERE id = $1",
                  h->id) != 0;
    if (what == ASK_NOTHING || number < h->done)
        return;
    if (number > h->done && what == ASK_PLACE) {
        take_over(w, h, amount);
        place(w, h, amount);
    } else if (what == ASK_LIFT)
        let_go(w, h, 0, is_closing);
    else if (what == ASK_TRIM)
        let_go(w, h, amount, true);
    h->done = number;
    struct refund_letter l = {
        .receipt = {.result = RECEIPT_DONE,
                    .ask = number,
                    .held = h->amount,
                    .balance = -1,
                    .at = w->trial.at}
    };
    if (h->amount < amount && what != ASK_LIFT)
        l.receipt.result = RECEIPT_PARTIAL;
    for (int copies = is_willing ? 1 : roll(w, 3); copies > 0; copies--)
        post(w, h->id, l);
}

void bank_carries_out(struct refund_world *w, bool is_willing)
{
    for (int i = 0; i < w->order_count; i++)
        if (is_willing || roll(w, 3) == 0)
            carry_out(w, &w->orders[i], is_willing);
}

/* --- the bank: paying --- */

static struct payment *payment_find(struct refund_world *w, str share)
{
    for (int i = 0; i < w->payment_count; i++)
        if (str_equal(str_from_c(w->payments[i].share), share))
            return &w->payments[i];
    return NULL;
}

#define OF_SHARE(column)                                                                           \
    "SELECT r.\"" column "\" FROM share s JOIN round r ON r.id = s.round WHERE s.id = $1"

static bool is_closed(struct refund_world *w, const struct payment *p)
{
    return str_equal(world_text(w, OF_SHARE("state"), p->share), STR("closed"));
}

/* From what is held under the round's own orders, one after the other. */
static bool pay(struct refund_world *w, struct payment *p)
{
    str ids = world_text(w, OF_SHARE("orders"), p->share);
    int64_t room = 0;
    int from[WORLD_ORDERS];
    int count = 0;
    for (str id = {0}; str_split(&ids, ' ', &id);)
        for (int i = 0; i < w->order_count; i++)
            if (str_equal(id, str_from_c(w->orders[i].id)) ||
                str_equal(id, str_from_c(w->orders[i].takes))) { /* the same money */
                room += w->orders[i].amount;
                from[count++] = i;
            }
    WELL(w, count > 0, "%s: no order holds it", p->share);
    struct account *a = &w->accounts[w->orders[from[0]].account];
    a->is_loosened = a->is_loosened || is_closed(w, p); /* nobody asked for that any more */
    WELL(w, room >= p->amount || a->is_loosened, "%s: to pay %lld, held %lld", p->share,
         (long long)p->amount, (long long)room);
    if (room < p->amount)
        return false;
    int64_t left = p->amount;
    for (int i = 0; i < count; i++) {
        struct held *h = &w->orders[from[i]];
        int64_t part = h->amount < left ? h->amount : left;
        h->amount -= part;
        p->parts[from[i]] = part;
        left -= part;
    }
    a->returned += p->amount;
    return true;
}

/* Back to where it lay, as long as the order stands and its round is open; else it is free. */
static void come_back(struct refund_world *w, struct payment *p)
{
    bool is_over = is_closed(w, p);
    for (int i = 0; i < w->order_count; i++) {
        struct held *h = &w->orders[i];
        struct account *a = &w->accounts[h->account];
        bool is_live =
            world_ask(w, "SELECT state IN ('executed', 'partial') FROM \"order\" WHERE id = $1",
                      h->id) != 0;
        bool is_kept = is_live && !is_over;
        a->returned -= p->parts[i];
        h->amount += is_kept ? p->parts[i] : 0;
        a->free += is_kept ? 0 : p->parts[i];
        a->is_loosened = a->is_loosened || (!is_kept && p->parts[i] > 0);
        p->parts[i] = 0;
    }
}

static void say(struct refund_world *w, struct payment *p, enum share_state state, int copies)
{
    static const unsigned results[SHARE_STATE_COUNT] = {
        [SHARE_DUE] = RECEIPT_BOUNCED,
        [SHARE_PAID] = RECEIPT_DONE,
        [SHARE_FAILED] = RECEIPT_REFUSED,
    };
    bool is_paid = state == SHARE_PAID;
    w->said_us = w->said_us < w->trial.at.us ? w->trial.at.us : w->said_us + 1;
    p->state = state;
    p->said |= 1U << state;
    p->word = (struct receipt){.result = results[state],
                               .held = -1,
                               .balance = -1,
                               .reference = is_paid ? STR("T-1") : STR(""),
                               .reason = is_paid ? STR("") : STR("no such account"),
                               .at = instant_from_us(w->said_us)};
    for (; copies > 0; copies--)
        post(w, p->share, (struct refund_letter){.is_share = true, .receipt = p->word});
}

static void settle(struct refund_world *w, str share, bool is_willing)
{
    struct payment *p = payment_find(w, share);
    int copies = is_willing ? 1 : roll(w, 3);
    if (p == NULL) {
        WELL(w, w->payment_count < WORLD_SHARES, "too many payments");
        p = &w->payments[w->payment_count++];
        *p = (struct payment){.state = SHARE_DUE};
        snprintf(p->share, sizeof p->share, "%.*s", STR_ARGS(share));
        p->amount = world_ask(w, "SELECT amount FROM share WHERE id = $1", p->share);
    }
    if (p->state == SHARE_DUE) {
        say(w, p, roll(w, 4) != 0 && pay(w, p) ? SHARE_PAID : SHARE_FAILED, copies);
        return;
    }
    for (; copies > 0; copies--)
        post(w, p->share, (struct refund_letter){.is_share = true, .receipt = p->word});
}

/* What was paid comes back, to be paid again or not; what could not be paid is, after all. */
static void think_again(struct refund_world *w)
{
    if (w->payment_count == 0)
        return;
    struct payment *p = &w->payments[roll(w, w->payment_count)];
    int copies = roll(w, 3);
    if (p->state == SHARE_PAID) {
        come_back(w, p);
        say(w, p, roll(w, 3) == 0 ? SHARE_FAILED : SHARE_DUE, copies);
    } else if (p->state == SHARE_FAILED && (!is_closed(w, p) || roll(w, 4) == 0) && pay(w, p)) {
        say(w, p, SHARE_PAID, copies);
    }
}

/* Another bank speaks of this one's payments. */
static void forge(struct refund_world *w)
{
    if (w->payment_count == 0)
        return;
    const struct payment *p = &w->payments[roll(w, w->payment_count)];
    struct refund_letter l = {.is_share = true, .is_strange = true, .receipt = p->word};
    l.receipt.result = p->state == SHARE_PAID ? RECEIPT_BOUNCED : RECEIPT_DONE;
    l.receipt.at = instant_add_us(w->trial.at, US_PER_S);
    l.receipt.reason = STR("as it was said");
    post(w, p->share, l);
}

void bank_repeats(struct refund_world *w)
{
    for (int i = 0; i < w->payment_count; i++)
        post(w, w->payments[i].share,
             (struct refund_letter){.is_share = true, .receipt = w->payments[i].word});
}

#define DUE                                                                                        \
    "FROM share s JOIN round r ON r.id = s.round WHERE s.state = 'due' AND r.state = 'sent' AND"   \
    " s.id > $1"

void bank_pays(struct refund_world *w, bool is_willing)
{
    str share = STR("");
    for (;;) {
        share = world_text(w, "SELECT s.id " DUE " ORDER BY s.id LIMIT 1",
                           str_to_c(&w->trial.turn, share));
        if (str_is_empty(share))
            break;
        if (is_willing || roll(w, 2) == 0)
            settle(w, share, is_willing);
    }
    if (!is_willing && roll(w, 4) == 0)
        forge(w);
    if (!is_willing && w->is_fickle && roll(w, 4) != 0)
        think_again(w);
}

/* --- what must hold --- */

/* clang-format off */
static const struct {
    const char *what;
    const char *query; /* finds rows that should not be there; $1 is now */
} wrong[] = {
    {"a claim that got, or is promised, what is not its own",
     "SELECT id FROM claim c WHERE $1 > 0 AND (returned <> (SELECT coalesce(sum(amount), 0) FROM"
     " share s WHERE s.claim = c.id AND s.state = 'paid') OR amount < returned + (SELECT"
     " coalesce(sum(s.amount), 0) FROM share s JOIN round r ON r.id = s.round WHERE s.claim = c.id"
     " AND s.state <> 'paid' AND r.state NOT IN ('closed', 'void')))"},
    {"a round that is paid and owes something, or is sent and owes nothing",
     "SELECT id FROM round r WHERE $1 > 0 AND state IN ('sent', 'paid', 'closed') AND (state ="
     " 'sent') <> EXISTS (SELECT 1 FROM share s WHERE s.round = r.id AND s.state = 'due')"},
    {"a bank's word that nobody will erase",
     "SELECT id FROM receipt r WHERE $1 > 0 AND share IS NOT NULL AND (reason IS NOT NULL OR"
     " reference IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM timer t WHERE t.record = r.id AND"
     " t.act = 'receipt.erase')"},
    {"another bank's word that is more than kept",
     "SELECT id FROM receipt WHERE $1 > 0 AND provider <> 'bank-a' AND fate <> 'unknown'"},
    {"a share that changed its mind when its round was closed, and no contradiction",
     "SELECT s.id FROM share s JOIN round r ON r.id = s.round WHERE $1 > 0 AND r.state = 'closed'"
     " AND EXISTS (SELECT 1 FROM ledger_leaf g WHERE g.record = s.id AND g.act IN ('share.pay',"
     " 'share.fail') AND s.was <> s.state AND g.idx > (SELECT max(idx) FROM ledger_leaf c WHERE"
     " c.record = r.id AND c.act = 'round.close')) AND NOT EXISTS (SELECT 1 FROM receipt q WHERE"
     " q.share = s.id AND q.fate = 'contradicting')"},
    {"a round whose sums are not its shares'",
     "SELECT id FROM round r WHERE $1 > 0 AND (frozen <> shared + unclaimed OR (allotted, returned,"
     " failed) <> (SELECT coalesce(sum(amount), 0), coalesce(sum(amount) FILTER (WHERE state ="
     " 'paid'), 0), coalesce(sum(amount) FILTER (WHERE state = 'failed'), 0) FROM share s WHERE"
     " s.round = r.id) OR allotted <> shared)"},
    {"money shared in proportion, and no notice",
     "SELECT id FROM round r WHERE $1 > 0 AND first_approver IS NOT NULL AND EXISTS (SELECT 1 FROM"
     " share s WHERE s.round = r.id AND s.basis = 'proportional') AND (noticed_at IS NULL OR"
     " notice_until - noticed_at < 2592000000000 OR first_approved_at < notice_until)"},
    {"a doubt, and no notice",
     "SELECT id FROM round WHERE $1 > 0 AND first_approver IS NOT NULL AND doubts > 0 AND"
     " (noticed_at IS NULL OR first_approved_at < notice_until)"},
    {"a round on fewer than three people's word",
     "SELECT id FROM round WHERE $1 > 0 AND (computer IN (reviewer, first_approver, approver) OR"
     " first_approver = approver OR 'centre' IN (computer, first_approver, approver) OR (sent_at IS"
     " NOT NULL AND (reviewer IS NULL OR first_approver IS NULL OR approver IS NULL)))"},
    {"an objection that does not count",
     "SELECT id FROM round r WHERE $1 > 0 AND state <> 'void' AND objections <> (SELECT count(*)"
     " FROM appeal a WHERE a.round = r.id AND a.state IN ('filed', 'reviewing'))"},
    {"a granted objection to a round that stands",
     "SELECT a.id FROM appeal a JOIN round r ON r.id = a.round WHERE $1 > 0 AND a.state = 'granted'"
     " AND r.state <> 'void'"},
    {"two open rounds of one account",
     "SELECT account FROM round WHERE $1 > 0 AND ended_at IS NULL GROUP BY 1 HAVING count(*) > 1"},
    {"a round that is to be paid from what is let go of before",
     "SELECT r.id FROM round r JOIN \"order\" o ON ' ' || r.orders || ' ' LIKE '% ' || o.id || ' %'"
     " WHERE $1 > 0 AND r.state = 'sent' AND o.state IN ('executed', 'partial') AND o.held > 0 AND"
     " o.until <= r.due_at"},
    {"a step that is late, and nobody sees it",
     "SELECT id FROM round WHERE ended_at IS NULL AND (due_at IS NULL OR (due_at <= $1 AND is_late"
     " = 0))"},
    {"an open round without its deadline",
     "SELECT id FROM round r WHERE $1 > 0 AND ended_at IS NULL AND is_late = 0 AND NOT EXISTS"
     " (SELECT 1 FROM timer t WHERE t.record = r.id AND t.act = 'round.late' AND t.due ="
     " r.due_at)"},
    {"an ended round that nobody will erase",
     "SELECT id FROM round r WHERE $1 > 0 AND ended_at IS NOT NULL AND statement <> 'erased' AND"
     " NOT EXISTS (SELECT 1 FROM timer t WHERE t.record = r.id AND t.act = 'round.erase')"},
    {"a share that nobody will erase",
     "SELECT id FROM share s WHERE $1 > 0 AND \"to\" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM"
     " timer t WHERE t.record = s.id AND t.act = 'share.erase')"},
    {"a claim that nobody will erase",
     "SELECT id FROM claim c WHERE $1 > 0 AND \"to\" <> 'erased-' || id AND NOT EXISTS (SELECT 1"
     " FROM timer t WHERE t.record = c.id AND t.act = 'claim.erase')"},
    {"a round that was sent without its leaves, or its effect",
     "SELECT id FROM round r WHERE $1 > 0 AND sent_at IS NOT NULL AND ((SELECT count(*) FROM"
     " ledger_leaf g WHERE g.record = r.id AND g.act = 'round.approve') < 2 OR NOT EXISTS (SELECT 1"
     " FROM ledger_leaf g WHERE g.record = r.id AND g.act = 'round.send') OR NOT EXISTS (SELECT 1"
     " FROM outbox x WHERE x.record = r.id AND x.topic = 'order'))"},
    {"a payment without its leaf",
     "SELECT 'all' WHERE $1 > 0 AND (SELECT count(*) FROM ledger_leaf WHERE act = 'claim.return')"
     " - (SELECT count(*) FROM ledger_leaf WHERE act = 'claim.bounce') <> (SELECT count(*) FROM"
     " share WHERE state = 'paid')"},
};
/* clang-format on */

static void check_tables(struct refund_world *w)
{
    struct sql *db = store_sql(w->trial.store);
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct sql_row *row = NULL;
        bool has_row = false;
        err e = sql_ask_text(db, str_from_c(wrong[i].query), &row);
        WELL(w, !failed(e), "%s: %s", wrong[i].what, sql_last_message(db));
        sql_bind_i64(row, 1, w->trial.at.us);
        e = sql_next(row, &has_row);
        WELL(w, !failed(e) && !has_row, "%s: %.*s", wrong[i].what,
             has_row ? (int)sql_peek(row, 0).size : 0, has_row ? sql_peek(row, 0).at : "");
        sql_done(&row);
    }
}

/* The store says nothing of a payment that the bank never said. */
static void check_payments(struct refund_world *w)
{
    for (int i = 0; i < w->payment_count; i++) {
        const struct payment *p = &w->payments[i];
        unsigned state = SHARE_STATE_COUNT;
        word_parse(share_state_words,
                   world_text(w, "SELECT state FROM share WHERE id = $1", p->share), &state);
        bool was_back = state == SHARE_FAILED && (p->said >> SHARE_DUE & 1) != 0; /* too late */
        WELL(w, state == SHARE_DUE || (p->said >> state & 1) != 0 || was_back,
             "%s is %s, and the bank never said so", p->share, share_state_words[state]);
    }
}

int64_t world_settled(struct refund_world *w)
{
    int64_t uncounted = 0;
    for (int i = 0; i < w->payment_count; i++) {
        const struct payment *p = &w->payments[i];
        unsigned state = SHARE_STATE_COUNT;
        word_parse(share_state_words,
                   world_text(w, "SELECT state FROM share WHERE id = $1", p->share), &state);
        unsigned want = p->state == SHARE_DUE && is_closed(w, p) ? SHARE_FAILED : p->state;
        if (state == want)
            continue;
        bool is_seen = world_ask(w,
                                 "SELECT count(*) FROM receipt WHERE share = $1 AND fate ="
                                 " 'contradicting' AND result = 'done'",
                                 p->share) > 0;
        WELL(w, p->state == SHARE_PAID && state == SHARE_FAILED && is_closed(w, p) && is_seen,
             "%s is %s, and at the bank %s", p->share, share_state_words[state],
             share_state_words[p->state]);
        uncounted += p->amount;
    }
    return uncounted;
}

void world_check(struct refund_world *w)
{
    for (int i = 0; i < WORLD_ACCOUNTS; i++) {
        const struct account *a = &w->accounts[i];
        int64_t held = world_held(w, i);
        WELL(w, a->in == a->out + a->returned + held + a->free, "%s: money is made or lost", a->id);
        WELL(w, a->free >= 0 && held >= 0, "%s is overdrawn", a->id);
    }
    check_tables(w);
    check_payments(w);
}
