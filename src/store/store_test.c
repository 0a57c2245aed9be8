/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: one path for every change holds what it promises: two people, the law's limits, expiry by
 * itself, a leaf for everything, nothing half done; and the schema refuses what the desk would.
 * Method: a store in memory of the file system's temporary folder, driven by commands; then rows
 * written past the desk, straight into the database, which must refuse each of them.
 */
#include "store/store.h"

#include "env/file.h"
#include "kit/kit.h"
#include "store/order_queue.h"
#include "store/outbox.h"
#include "store/part.h"
#include "store/reader.h"
#include "store/sweep.h"
#include "store/zone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define T0 INT64_C(1795349880000000)

struct house {
    struct arena boot;
    struct arena turn;
    struct random_source random;
    struct id_source ids;
    struct law_profile law;
    struct store *store;
    char path[64];
    instant at;
};

static struct actor staff(const char *name, role_set roles)
{
    return (struct actor){.user = str_from_c(name), .roles = roles, .kind = ACTOR_STAFF};
}

static const struct actor centre = {
    .user = {"centre", 6},
      .kind = ACTOR_CENTRE
};
#define ANALYST  (1U << ROLE_ANALYST)
#define APPROVER (1U << ROLE_APPROVER)

static err apply(struct house *h, const struct command *cmd, union record *ret_after)
{
    assert_false(failed(store_begin(h->store)));
    err e = store_apply(h->store, cmd, h->at, &h->turn, ret_after);
    assert_false(failed(store_commit(h->store, h->at)));
    return e;
}

static void must(err e)
{
    if (failed(e))
        fail_msg("%s (%u)", e.why, (unsigned)e.at);
}

static void add_user(struct house *h, const char *name, const char *roles)
{
    struct command cmd = {.act = ACT_USER_PROPOSE, .actor = centre, .record = str_from_c(name)};
    cmd.body.user = (struct user_account){.name = str_from_c(name), .roles = str_from_c(roles)};
    must(apply(h, &cmd, NULL));
}

/* The first rows: a user "centre", the centre, and the key that signs. */
static void set_up(struct house *h)
{
    struct sign_secret secret;
    struct sign_public public_key;
    sign_key_make(&secret, &public_key);
    struct command open = {.act = ACT_CENTRE_OPEN, .actor = centre, .record = STR("c1")};
    open.body.centre = (struct centre){.name = STR("test"), .kind = CENTRE_DRILL};
    struct command key = {.act = ACT_KEY_ADD, .actor = centre, .record = STR("k1")};
    key.body.key = (struct signing_key){.kind = KEY_LEDGER, .public_part = STR("00")};
    store_sign_with(h->store, STR("k1"), &secret);
    must(store_begin(h->store));
    must(store_apply(h->store, &open, h->at, &h->turn, NULL));
    must(store_apply(h->store, &key, h->at, &h->turn, NULL));
    must(store_commit(h->store, h->at));
    add_user(h, "centre", "operator");
    add_user(h, "ann", "analyst");
    add_user(h, "bob", "approver");
    add_user(h, "cat", "approver,commander");
}

static struct house *make_house(const char *tag)
{
    must(kit_boot());
    struct house *h = calloc(1, sizeof *h);
    arena_init(&h->boot, 64 << 20);
    arena_init(&h->turn, 64 << 20);
    random_init_seeded(&h->random, 7);
    id_source_init(&h->ids, &h->random);
    h->at = (instant){T0};
    h->law = (struct law_profile){.name = STR("cn"),
                                  .zone_min = 480,
                                  .appeal_working_days = 5,
                                  .appeal_retention_days = 30,
                                  .listing_retention_days = 90,
                                  .session_hours = 8,
                                  .token_days = 30,
                                  .working_weekdays = 0x3e};
    for (unsigned k = 0; k < INDICATOR_KIND_COUNT; k++)
        for (unsigned a = 0; a < ACTION_COUNT; a++)
            h->law.listing_max_term_us[k][a] = 365 * US_PER_DAY;
    snprintf(h->path, sizeof h->path, "/tmp/yumen-store-%d%s.db", (int)getpid(), tag);
    unlink(h->path);
    struct store_options options = {
        .path = h->path, .law = &h->law, .ids = &h->ids, .random = &h->random};
    must(store_open(&h->boot, &options, &h->store));
    set_up(h);
    return h;
}

static int open_house(void **state)
{
    *state = make_house("");
    return 0;
}

static void end_house(struct house *h)
{
    store_close(h->store);
    arena_done(&h->boot);
    arena_done(&h->turn);
    char side[80];
    unlink(h->path);
    snprintf(side, sizeof side, "%s-wal", h->path);
    unlink(side);
    snprintf(side, sizeof side, "%s-shm", h->path);
    unlink(side);
    free(h);
}

static int close_house(void **state)
{
    end_house(*state);
    return 0;
}

static struct command proposal(struct house *h, const char *domain, unsigned action)
{
    struct command cmd = {.act = ACT_LISTING_PROPOSE,
                          .actor = staff("ann", ANALYST),
                          .record = store_id(h->store, h->at, &h->turn)};
    cmd.body.listing = (struct listing){.kind = INDICATOR_DOMAIN,
                                        .value = str_from_c(domain),
                                        .display = str_from_c(domain),
                                        .action = action,
                                        .reason = STR("phishing"),
                                        .evidence = STR("seen"),
                                        .basis = STR("law"),
                                        .source = STR("test"),
                                        .notice = STR("blocked"),
                                        .score_milli = 100000,
                                        .until = instant_add_us(h->at, 10 * US_PER_DAY)};
    return cmd;
}

static err decide(struct house *h, enum act act, str id, const char *who)
{
    struct command cmd = {.act = act,
                          .actor = staff(who, APPROVER),
                          .record = id,
                          .why = act == ACT_LISTING_APPROVE ? STR("") : STR("because")};
    return apply(h, &cmd, NULL);
}

static str listed(struct house *h, const char *domain, unsigned action, unsigned match)
{
    struct command cmd = proposal(h, domain, action);
    cmd.body.listing.match = match;
    must(apply(h, &cmd, NULL));
    must(decide(h, ACT_LISTING_APPROVE, cmd.record, "bob"));
    return cmd.record;
}

static struct listing now(struct house *h, str id)
{
    struct reader *reader = NULL;
    union record r = {0};
    must(reader_open(&h->boot, h->path, &reader));
    must(reader_find(reader, RECORD_LISTING, id, &h->turn, &r));
    reader_close(reader);
    return r.listing;
}

static void two_people_and_a_term(void **state)
{
    struct house *h = *state;
    struct command cmd = proposal(h, "evil.com", ACTION_BLOCK);
    must(apply(h, &cmd, NULL));
    assert_string_equal(decide(h, ACT_LISTING_APPROVE, cmd.record, "ann").why,
                        "listing.same_person");
    must(decide(h, ACT_LISTING_APPROVE, cmd.record, "bob"));
    assert_int_equal(now(h, cmd.record).state, LISTING_IN_FORCE);
    assert_string_equal(decide(h, ACT_LISTING_APPROVE, cmd.record, "cat").why,
                        "listing.not_proposed");
    must(decide(h, ACT_LISTING_LIFT, cmd.record, "cat"));
    assert_int_equal(now(h, cmd.record).state, LISTING_LIFTED);

    struct command late = proposal(h, "late.com", ACTION_BLOCK);
    late.body.listing.until = instant_add_us(h->at, 366 * US_PER_DAY);
    assert_string_equal(apply(h, &late, NULL).why, "until.beyond_limit");
    late.body.listing.until = h->at;
    assert_string_equal(apply(h, &late, NULL).why, "until.past");
}

static void put_match(struct house *h, str listing, int64_t day)
{
    struct sql_row *row = NULL;
    must(sql_ask(h->store->db, "INSERT INTO call_match VALUES ($1, $2, 3, 4)", &row));
    sql_bind_str(row, 1, listing);
    sql_bind_i64(row, 2, day);
    must(sql_finish(&row));
}

static int64_t match_days(struct house *h)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    must(sql_ask(h->store->db, "SELECT count(*) FROM call_match", &row));
    must(sql_next(row, &has_row));
    int64_t days = sql_i64(row, 0);
    sql_done(&row);
    return days;
}

static void timers_end_it_and_erase_it(void **state)
{
    struct house *h = *state;
    str id = listed(h, "soon.com", ACTION_BLOCK, MATCH_EXACT);
    instant due = {0};
    bool has_timer = false;
    must(store_timer_next(h->store, &due, &has_timer));
    assert_true(has_timer && due.us == h->at.us + 10 * US_PER_DAY);
    struct timers_fired fired = {0};
    put_match(h, id, 20000);
    must(store_begin(h->store));
    must(store_timers_fire(h->store, due, true, 100, &fired));
    must(store_commit(h->store, due));
    assert_int_equal(fired.count, 1);
    assert_int_equal(now(h, id).state, LISTING_EXPIRED);
    assert_int_equal(match_days(h), 1);
    assert_int_equal(now(h, id).ended_at.us, due.us);
    struct reader *reader = NULL;
    uint8_t old_salt[32];
    uint8_t salt[32];
    bool has_salt = false;
    must(reader_open(&h->boot, h->path, &reader));
    must(reader_salt(reader, id, old_salt, &has_salt));
    assert_true(has_salt);
    store_hold_erasures(h->store, true); /* the clock has leapt: nothing is lost by it */
    must(store_timer_next(h->store, &due, &has_timer));
    assert_false(has_timer);
    must(store_begin(h->store));
    must(store_timers_fire(h->store, (instant){INSTANT_MAX_US}, false, 100, &fired));
    must(store_commit(h->store, h->at));
    assert_int_equal(fired.count, 0);
    store_hold_erasures(h->store, false);
    must(store_timer_next(h->store, &due, &has_timer));
    must(store_begin(h->store));
    must(store_timers_fire(h->store, due, true, 100, &fired));
    must(store_commit(h->store, due));
    assert_true(str_starts(now(h, id).value, STR("erased-")));
    assert_int_equal(match_days(h), 0);
    must(reader_salt(reader, id, salt, &has_salt));
    assert_true(has_salt); /* another, for the blanks: what the old one opened stays shut */
    assert_memory_not_equal(salt, old_salt, sizeof salt);
    struct outbox_entries out = {0};
    must(outbox_take(h->store, EFFECT_ERASURE, due, &h->turn, &out));
    assert_int_equal(out.count, 1);
    reader_close(reader);
}

/* Goal: how often a listed number called is kept for the term of such counts, to the day. */
static void counts_of_calls_end(void **state)
{
    struct house *h = *state;
    str id = listed(h, "caller.com", ACTION_BLOCK, MATCH_EXACT);
    int64_t today = h->at.us / US_PER_DAY;
    for (int64_t i = 0; i < 10; i++)
        put_match(h, id, today - SWEEP_CALLS_DAYS - 5 + i);
    must(store_sweep(h->store, h->at));
    assert_int_equal(match_days(h), 5);
    must(store_sweep(h->store, instant_add_us(h->at, US_PER_DAY)));
    assert_int_equal(match_days(h), 4);
    must(store_sweep(h->store, instant_add_us(h->at, 500 * US_PER_DAY)));
    assert_int_equal(match_days(h), 0);
}

/* Goal: what victims may still be owed is not erased by a timer while a restored store waits to be
 * compared with the world; what has ended is. Method: timers of both, the outbox held and not. */
static void what_may_be_owed_waits_for_somebody(void **state)
{
    struct house *h = *state;
    static const enum act waiting[] = {ACT_CLAIM_ERASE, ACT_SHARE_ERASE};
    struct timer timer = {.due = h->at};
    struct timers_fired fired = {0};
    instant due = {0};
    bool has_timer = false;
    must(store_begin(h->store));
    for (size_t i = 0; i < COUNT_OF(waiting); i++) {
        timer.act = waiting[i];
        must(timer_put(h->store, STR("K1"), &timer));
    }
    h->store->centre.is_outbox_held = 1;
    must(store_timer_next(h->store, &due, &has_timer));
    assert_false(has_timer);
    must(store_timers_fire(h->store, h->at, true, 100, &fired));
    assert_int_equal(fired.count, 0);
    timer.act = ACT_ORDER_ERASE;
    must(timer_put(h->store, STR("K1"), &timer));
    must(store_timer_next(h->store, &due, &has_timer));
    assert_true(has_timer && due.us == h->at.us);
    must(store_timers_fire(h->store, h->at, true, 100, &fired));
    assert_int_equal(fired.count, 1);
    h->store->centre.is_outbox_held = 0;
    must(store_timers_fire(h->store, h->at, true, 100, &fired));
    assert_int_equal(fired.count, 2);
    must(store_commit(h->store, h->at));
}

/* Goal: of what is due the urgent goes first, though it fell due last. Method: one at a time. */
static void urgent_timers_go_first(void **state)
{
    struct house *h = *state;
    instant due = {0};
    bool has_timer = false;
    struct timers_fired fired = {0};
    struct timer timer = {.act = ACT_ALERT_LATE, .due = h->at};
    must(store_begin(h->store));
    must(timer_put(h->store, STR("A1"), &timer));
    timer.due = instant_add_us(h->at, 5);
    timer.is_urgent = true;
    must(timer_put(h->store, STR("A2"), &timer));
    must(store_timers_fire(h->store, timer.due, false, 1, &fired));
    assert_int_equal(fired.count, 1);
    must(store_timer_next(h->store, &due, &has_timer));
    assert_true(has_timer && due.us == h->at.us); /* the other one is left */
    must(timer_put(h->store, STR("A2"), &timer));
    timer.is_urgent = false;
    must(timer_put(h->store, STR("A2"), &timer)); /* no longer */
    must(store_timers_fire(h->store, timer.due, false, 1, &fired));
    must(store_timer_next(h->store, &due, &has_timer));
    assert_true(has_timer && due.us == timer.due.us);
    must(store_commit(h->store, h->at));
}

/* What the last head was signed over, and what tiles and leaves come to, too. */
static struct digest agreed_root(struct house *h)
{
    struct reader *reader = NULL;
    must(reader_open(&h->boot, h->path, &reader));
    struct head head = {0};
    must(reader_head(reader, UINT64_MAX, &h->turn, &head));
    assert_int_equal(head.size, store_leaf_count(h->store));
    struct tile_source tiles = reader_tiles(reader);
    struct digest root;
    must(proof_root(&tiles, head.size, &root));
    assert_true(digest_equal(&root, &head.root));
    struct peaks peaks = {0};
    struct leaf_query q = {.after = -1, .limit = 500};
    struct leaf_page page = {0};
    do {
        must(reader_leaves(reader, &q, &h->turn, &page));
        for (size_t i = 0; i < page.count; i++) {
            struct digest hash = tree_leaf_hash(page.items[i].body);
            peaks_put(&peaks, &hash);
            q.after = (int64_t)page.items[i].index;
        }
    } while (page.count > 0);
    root = peaks_root(&peaks);
    assert_true(digest_equal(&root, &head.root));
    reader_close(reader);
    return root;
}

static void leaves_and_heads_agree(void **state)
{
    struct house *h = *state;
    for (int i = 0; i < 300; i++) {
        char name[32];
        snprintf(name, sizeof name, "n%d.example.com", i);
        listed(h, name, ACTION_BLOCK, MATCH_EXACT);
    }
    agreed_root(h);
}

static void undone_commands_leave_no_leaf(void **state)
{
    struct house *h = *state;
    uint64_t before = store_leaf_count(h->store);
    struct command good = proposal(h, "good.com", ACTION_BLOCK);
    struct command again = good;
    must(store_begin(h->store));
    must(store_mark(h->store));
    must(store_apply(h->store, &good, h->at, &h->turn, NULL));
    must(store_undo(h->store));
    assert_int_equal(store_leaf_count(h->store), before);
    must(store_mark(h->store));
    must(store_apply(h->store, &again, h->at, &h->turn, NULL));
    must(store_keep(h->store));
    must(store_commit(h->store, h->at));
    assert_int_equal(store_leaf_count(h->store), before + 1);
    must(store_begin(h->store));
    struct command third = proposal(h, "third.com", ACTION_BLOCK);
    must(store_apply(h->store, &third, h->at, &h->turn, NULL));
    store_rollback(h->store);
    assert_int_equal(store_leaf_count(h->store), before + 1);
    leaves_and_heads_agree(state);
}

struct asked {
    struct house *h;
    str turned;
    const char *policy;
};

static err on_owner(void *self, str turned, str policy)
{
    struct asked *asked = self;
    if (str_equal(turned, asked->turned))
        asked->policy = str_to_c(&asked->h->turn, policy);
    return OK;
}

/* What the zone says of an owner, "com.evil.*.". */
static const char *policy(struct house *h, const char *turned)
{
    struct asked asked = {.h = h, .turned = str_from_c(turned), .policy = ""};
    struct zone_walk walk = {.self = &asked, .name = on_owner};
    must(zone_walk_names(store_sql(h->store), &walk));
    return asked.policy;
}

static void publish(struct house *h, str id)
{
    struct zone_changes changes = {0};
    must(store_begin(h->store));
    struct zone_ask ask = {.now = h->at, .turn = &h->turn};
    must(zone_update(h->store, (struct zone_listings){&id, 1}, ask, &changes));
    must(store_commit(h->store, h->at));
}

static void the_zone_follows(void **state)
{
    struct house *h = *state;
    str wide = listed(h, "evil.com", ACTION_BLOCK, MATCH_SUFFIX);
    publish(h, wide);
    assert_string_equal(policy(h, "com.evil."), "notice");
    assert_string_equal(policy(h, "com.evil.*."), "notice");
    str deep = listed(h, "a.b.evil.com", ACTION_BLOCK, MATCH_EXACT);
    publish(h, deep);
    assert_string_equal(policy(h, "com.evil.b.a."), "notice");
    str one = listed(h, "good.evil.com", ACTION_ALLOW, MATCH_EXACT);
    publish(h, one);
    assert_string_equal(policy(h, "com.evil.good."), "passthru");
    assert_string_equal(policy(h, "com.evil.good.*."), "notice");
    str allow = listed(h, "b.evil.com", ACTION_ALLOW, MATCH_SUFFIX);
    publish(h, allow);
    assert_string_equal(policy(h, "com.evil.b."), "passthru");
    assert_string_equal(policy(h, "com.evil.b.*."), "passthru");
    assert_string_equal(policy(h, "com.evil.b.a."), "");
    must(decide(h, ACT_LISTING_LIFT, allow, "cat"));
    publish(h, allow);
    assert_string_equal(policy(h, "com.evil.b.a."), "notice");
    assert_string_equal(policy(h, "com.evil.b."), "notice"); /* a.b.evil.com hides it from *.evil */
    uint32_t serial = 0;
    must(zone_serial(store_sql(h->store), &serial));
    assert_int_equal(serial, T0 / US_PER_S + 4);
    must(store_begin(h->store));
    must(zone_leap(h->store, h->at));
    must(store_commit(h->store, h->at));
    uint32_t after = 0;
    must(zone_serial(store_sql(h->store), &after));
    assert_true(after > serial + 900000);
}

static uint32_t serial_now(struct house *h)
{
    uint32_t serial = 0;
    must(zone_serial(store_sql(h->store), &serial));
    return serial;
}

static uint32_t leap_at(struct house *h, int64_t us)
{
    must(store_begin(h->store));
    must(zone_leap(h->store, (instant){us}));
    uint32_t serial = serial_now(h);
    store_rollback(h->store); /* the backup stays as it was */
    return serial;
}

/* Goal: whatever is restored, and how often, a secondary finds the serial ahead of its own. Method:
 * leap from one backup at several moments, compared as RFC 1982 compares. */
static void serials_go_forward(void **state)
{
    struct house *h = *state;
    must(store_begin(h->store));
    must(zone_open(h->store, 7, h->at));
    must(store_commit(h->store, h->at));
    uint32_t backup = serial_now(h);
    assert_int_equal(backup, T0 / US_PER_S);
    static const int64_t later_s[] = {-1000000000, 0, 1, 60, 86400, 63072000, 3000000000};
    for (size_t i = 0; i < COUNT_OF(later_s); i++) {
        uint32_t leapt = leap_at(h, T0 + later_s[i] * US_PER_S);
        assert_true(leapt != 0 && leapt - backup >= ZONE_LEAP && leapt - backup < 0x80000000);
    }
    uint32_t first = leap_at(h, T0 + 60 * US_PER_S);
    uint32_t second = leap_at(h, T0 + 120 * US_PER_S);
    assert_true(second - first >= 60 * ZONE_LEAP_A_SECOND && second - first < 0x80000000);
    publish(h, listed(h, "one.com", ACTION_BLOCK, MATCH_EXACT));
    assert_int_equal(serial_now(h), backup + 1);
}

/* Goal: when other records stand behind the names, nobody is told that nothing has changed. */
static void another_mark_is_another_state(void **state)
{
    struct house *h = *state;
    publish(h, listed(h, "one.com", ACTION_BLOCK, MATCH_EXACT));
    static const struct {
        uint64_t mark;
        uint32_t grows;
    } rows[] = {
        {7,          1},
        {7,          0},
        {8,          1},
        {UINT64_MAX, 1},
        {UINT64_MAX, 0}
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint32_t before = serial_now(h);
        must(store_begin(h->store));
        must(zone_open(h->store, rows[i].mark, h->at));
        must(store_commit(h->store, h->at));
        assert_int_equal(serial_now(h), before + rows[i].grows);
    }
}

/* Goal: 5,000 effects are handed out in pieces, each once, and what was put off waits. */
static void the_outbox_empties(void **state)
{
    struct house *h = *state;
    enum { MANY = OUTBOX_MOST + 300 };
    must(store_begin(h->store));
    must(sql_run(store_sql(h->store), "DELETE FROM outbox"));
    must(sql_run(
        store_sql(h->store),
        "INSERT INTO outbox (\"topic\", \"record\", \"first_leaf\", \"leaf\", \"attempts\","
        " \"next_at\")"
        " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8792)"
        " SELECT CASE WHEN i % 2 = 0 THEN 'rpz' ELSE 'stream' END, 'r' || i, i, i, 0, 0 FROM n"));
    must(store_commit(h->store, h->at));
    size_t taken = 0;
    struct outbox_entries entries = {.count = OUTBOX_MOST};
    while (entries.count == OUTBOX_MOST) {
        must(outbox_take(h->store, EFFECT_RPZ, h->at, &h->turn, &entries));
        taken += entries.count;
        must(store_begin(h->store));
        if (entries.count < OUTBOX_MOST)
            must(outbox_put_off(h->store, &entries.at[0], h->at));
        must(outbox_drop(h->store, &entries, h->at));
        must(store_commit(h->store, h->at));
    }
    assert_int_equal(taken, MANY);
    must(outbox_take(h->store, EFFECT_RPZ, h->at, &h->turn, &entries));
    assert_int_equal(entries.count, 0);
    must(outbox_take(h->store, EFFECT_RPZ, instant_add_us(h->at, US_PER_S), &h->turn, &entries));
    assert_int_equal(entries.count, 1);
    must(outbox_take(h->store, EFFECT_STREAM, h->at, &h->turn, &entries));
    assert_int_equal(entries.count, OUTBOX_MOST);
}

static size_t due_orders(struct house *h, int64_t after_us, struct outbox_entries *entries)
{
    must(outbox_take(h->store, EFFECT_ORDER, instant_add_us(h->at, after_us), &h->turn, entries));
    return entries->count;
}

/* Goal: what is brought one by one is kept back, put off longer each time, hurried, and gone. */
static void the_outbox_keeps_what_is_under_way(void **state)
{
    struct house *h = *state;
    struct outbox_entries entries = {0};
    struct outbox_entry entry;
    must(store_begin(h->store));
    must(sql_run(store_sql(h->store),
                 "INSERT INTO outbox (\"topic\", \"record\", \"first_leaf\", \"leaf\","
                 " \"attempts\", \"next_at\") VALUES ('order', 'O1', 1, 1, 0, 0),"
                 " ('order', 'O2', 2, 2, 0, 0)"));
    assert_int_equal(due_orders(h, 0, &entries), 2);
    must(outbox_keep(h->store, &entries.at[0], instant_add_us(h->at, 30 * US_PER_S)));
    must(outbox_drop(h->store, &entries, h->at)); /* all but what was kept */
    assert_int_equal(due_orders(h, 0, &entries), 0);
    assert_int_equal(due_orders(h, 30 * US_PER_S, &entries), 1);
    entry = entries.at[0];
    assert_int_equal(entry.attempts, 0);
    for (int64_t i = 0, delay_s = 1; i < 10; i++, delay_s = delay_s < 256 ? 2 * delay_s : 256) {
        must(outbox_put_off(h->store, &entry, h->at));
        assert_int_equal(due_orders(h, delay_s * US_PER_S - 1, &entries), 0);
        assert_int_equal(due_orders(h, delay_s * US_PER_S, &entries), 1);
        must(outbox_find(h->store, EFFECT_ORDER, entry.id, &h->turn, &entry));
        assert_int_equal(entry.attempts, i + 1);
    }
    must(outbox_hurry_kept(h->store, EFFECT_ORDER)); /* it was put off */
    assert_int_equal(due_orders(h, 0, &entries), 0);
    must(outbox_hurry(h->store, EFFECT_ORDER));
    assert_int_equal(due_orders(h, 0, &entries), 1);
    must(outbox_drop_one(h->store, &entry));
    assert_int_equal(outbox_find(h->store, EFFECT_ORDER, entry.id, &h->turn, &entry).code,
                     ERR_ABSENT);
    must(store_commit(h->store, h->at));
}

/* Rows that no desk would write, straight into the table. */
static void the_schema_refuses(void **state)
{
    struct house *h = *state;
    str id = listed(h, "base.com", ACTION_BLOCK, MATCH_EXACT);
    (void)id;
    static const char *const wrong[] = {
        "UPDATE listing SET \"kind\" = 'person'",
        "UPDATE listing SET \"approver\" = \"proposer\"",
        "UPDATE listing SET \"approver\" = NULL",
        "UPDATE listing SET \"until\" = \"until\" + 400 * 86400000000",
        "UPDATE listing SET \"max_term_us\" = \"max_term_us\" * 2",
        "UPDATE listing SET \"until\" = NULL",
        "UPDATE listing SET \"reason\" = ''",
        "UPDATE listing SET \"evidence\" = ''",
        "UPDATE listing SET \"basis\" = NULL",
        "UPDATE listing SET \"source\" = ''",
        "UPDATE listing SET \"notice\" = ''",
        "UPDATE listing SET \"reason\" = '  '",
        "UPDATE listing SET \"evidence\" = ' '",
        "UPDATE listing SET \"basis\" = ' '",
        "UPDATE listing SET \"source\" = ' '",
        "UPDATE listing SET \"notice\" = ' '",
        "UPDATE listing SET \"approver\" = 'centre'",
        "UPDATE listing SET \"proposer\" = 'centre'",
        "UPDATE listing SET \"score_milli\" = 100001",
        "UPDATE listing SET \"proposer\" = 'nobody'",
        "UPDATE listing SET \"action\" = 'punish'",
        "UPDATE listing SET \"from\" = \"until\"",
        "UPDATE listing SET \"match\" = 'suffix', \"kind\" = 'number'",
        "UPDATE listing SET \"state\" = 'lifted'",
        "UPDATE listing SET \"profile\" = 'nowhere'",
        "UPDATE user_account SET \"approver\" = 'ann', \"proposer\" = 'ann' WHERE \"id\" = 'bob'",
        "UPDATE user_account SET \"approver\" = NULL WHERE \"id\" = 'bob'",
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        err e = sql_run(store_sql(h->store), wrong[i]);
        if (e.code != ERR_CONFLICT)
            fail_msg("the schema let this pass: %s", wrong[i]);
    }
}

/* --- lists that others keep --- */

static const struct source *sourced(struct house *h, const char *name, bool is_approved)
{
    struct command cmd = {.act = ACT_SOURCE_PROPOSE,
                          .actor = staff("ann", ANALYST),
                          .record = store_id(h->store, h->at, &h->turn)};
    cmd.body.source = (struct source){.name = str_from_c(name),
                                      .kind = INDICATOR_DOMAIN,
                                      .match = MATCH_SUFFIX,
                                      .reason = STR("phishing"),
                                      .basis = STR("law"),
                                      .licence = STR("MIT"),
                                      .origin = STR("a test"),
                                      .evidence = STR("seen"),
                                      .notice = STR("blocked"),
                                      .rpz = STR("nxdomain"),
                                      .shrink_milli = 200,
                                      .grow_milli = 500,
                                      .term_us = 30 * US_PER_DAY};
    union record *after = arena_make(&h->turn, sizeof *after);
    must(apply(h, &cmd, after));
    if (!is_approved)
        return &after->source;
    cmd.act = ACT_SOURCE_APPROVE;
    cmd.actor = staff("bob", APPROVER);
    must(apply(h, &cmd, after));
    return &after->source;
}

static struct member member_of(struct house *h, const struct source *source, enum act act,
                               const char *word)
{
    struct member m = {
        .command = {.act = act, .actor = staff("ann", ANALYST)}
    };
    m.command.record =
        act == ACT_LISTING_ENTER ? store_id(h->store, h->at, &h->turn) : str_from_c(word);
    m.command.why = act == ACT_LISTING_VANISH ? STR("source.vanished") : STR("");
    m.command.body.listing.source_id = source->id;
    if (act == ACT_LISTING_ENTER) {
        m.command.body.listing.value = m.command.body.listing.display = str_from_c(word);
        m.command.body.listing.match = MATCH_SUFFIX;
    }
    return m;
}

static void entered(struct house *h, const struct source *source, const char *domain)
{
    struct member m = member_of(h, source, ACT_LISTING_ENTER, domain);
    must(store_begin(h->store));
    must(store_apply_many(h->store, source->id, &m, 1, h->at));
    must(m.outcome);
    must(store_commit(h->store, h->at));
}

static const char *const wrong_of_lists[] = {
    /* a source without its reasons */
    "UPDATE source SET \"licence\" = ''",
    "UPDATE source SET \"licence\" = ' '",
    "UPDATE source SET \"licence\" = NULL",
    "UPDATE source SET \"basis\" = ''",
    "UPDATE source SET \"origin\" = ''",
    "UPDATE source SET \"origin\" = NULL",
    "UPDATE source SET \"reason\" = ''",
    "UPDATE source SET \"evidence\" = ''",
    "UPDATE source SET \"notice\" = ''",
    "UPDATE source SET \"kind\" = 'person'",
    "UPDATE source SET \"name\" = 'phish'",
    "UPDATE source SET \"shrink_milli\" = 1001",
    "UPDATE source SET \"match\" = 'suffix', \"kind\" = 'number'",
    /* past the law's limit */
    "UPDATE source SET \"term_us\" = \"max_term_us\" + 1",
    "UPDATE source SET \"term_us\" = 0",
    "UPDATE source SET \"max_term_us\" = \"max_term_us\" * 2",
    "UPDATE source SET \"profile\" = 'nowhere'",
    "UPDATE source SET \"until\" = \"until\" + 1 WHERE \"name\" = 'phish'",
    "UPDATE source SET \"until\" = NULL WHERE \"name\" = 'phish'",
    /* on one person's word, or on nobody's */
    "UPDATE source SET \"approver\" = \"proposer\" WHERE \"name\" = 'phish'",
    "UPDATE source SET \"approver\" = NULL WHERE \"name\" = 'phish'",
    "UPDATE source SET \"proposer\" = 'centre' WHERE \"name\" = 'phish'",
    "UPDATE source SET \"state\" = 'in_force'",
    "UPDATE source SET \"state\" = 'ended' WHERE \"name\" = 'phish'",
    "UPDATE source SET \"state\" = 'proposed' WHERE \"name\" = 'phish'",
    /* an entry that is not what was approved, or not by those who approved it */
    "UPDATE listing SET \"approver\" = 'cat'",
    "UPDATE listing SET \"proposer\" = 'cat'",
    "UPDATE listing SET \"proposer\" = 'ann', \"approver\" = 'cat', \"decided_at\" = 1",
    "UPDATE listing SET \"proposer\" = 'bob', \"approver\" = 'ann', \"decided_at\" = 1",
    "UPDATE listing SET \"state\" = 'proposed'",
    "UPDATE listing SET \"action\" = 'allow'",
    "UPDATE listing SET \"kind\" = 'url', \"match\" = 'exact'",
    "UPDATE listing SET \"source_id\" = 'nowhere'",
    "UPDATE listing SET \"source_id\" = (SELECT \"id\" FROM source WHERE \"name\" = 'open')",
    "UPDATE listing SET \"source_id\" = NULL", /* then it says no reason */
    "UPDATE listing SET \"until\" = \"until\" + 400 * 86400000000",
    /* what entries stand under does not change beneath them, nor vanish */
    "UPDATE source SET \"action\" = 'allow' WHERE \"name\" = 'phish'",
    "UPDATE source SET \"state\" = 'refused', \"approver\" = NULL, \"decided_at\" = NULL,"
    " \"until\" = NULL, \"ended_at\" = 1 WHERE \"name\" = 'phish'",
    /* an incident of no money, closed by nobody or open and closed by somebody */
    "UPDATE incident SET \"stolen\" = -1",
    "UPDATE incident SET \"currency\" = 'fen.'",
    "UPDATE incident SET \"state\" = 'lost'",
    "UPDATE incident SET \"state\" = 'closed'",
    "UPDATE incident SET \"closer\" = 'ann', \"closed_at\" = 1",
    /* a conflict decided by nobody, listed as nothing, asked twice */
    "UPDATE conflict SET \"state\" = 'dismissed'",
    "UPDATE conflict SET \"decider\" = 'ann'",
    "UPDATE conflict SET \"state\" = 'listed', \"decider\" = 'ann'",
    "UPDATE conflict SET \"source\" = 'nowhere'",
    "UPDATE conflict SET \"rule\" = 'dislike'",
    "INSERT INTO conflict SELECT 'x2', \"source\", 'b1', 'domain', 'bank.com', 'opposed', '',"
    " 'open', NULL, 1, NULL, NULL, NULL, '', 1 FROM conflict",
    "UPDATE batch SET \"state\" = 'waiting'",
    "UPDATE batch SET \"waits_for\" = 'source.shrank'",
};

static void the_schema_refuses_lists_of_nobody(void **state)
{
    struct house *h = *state;
    const struct source *source = sourced(h, "phish", true);
    sourced(h, "open", false);
    entered(h, source, "evil.com");
    struct sql *db = store_sql(h->store);
    must(sql_run(db, "INSERT INTO batch VALUES ('b1', 'listings', 'phish', NULL, 'ann', 'done',"
                     " NULL, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, '', 1)"));
    must(sql_run(db, "INSERT INTO conflict SELECT 'x1', \"id\", 'b1', 'domain', 'bank.com',"
                     " 'protected', 'banks', 'open', NULL, 1, NULL, NULL, NULL, '', 1"
                     " FROM source WHERE \"name\" = 'phish'"));
    must(sql_run(db, "INSERT INTO incident VALUES ('i1', 'open', 't1', 'CNY', 1, NULL, 'ann', 1,"
                     " NULL, NULL, NULL, '', 1)"));
    for (size_t i = 0; i < COUNT_OF(wrong_of_lists); i++) {
        err e = sql_run(db, wrong_of_lists[i]);
        if (e.code != ERR_CONFLICT)
            fail_msg("the schema let this pass: %s", wrong_of_lists[i]);
    }
}

static const char *const wrong_of_orders[] = {
    /* an alarm since never, or seen by nobody, or by no person */
    "UPDATE \"order\" SET \"alarm\" = 'late'",
    "UPDATE \"order\" SET \"alarm\" = 'quiet', \"alarmed_at\" = 1",
    "UPDATE \"order\" SET \"heeder\" = 'ann'",
    "UPDATE \"order\" SET \"heeder\" = 'centre', \"heeded_at\" = 1",
    /* to be released, and never found unrelated, or kept, or over; kept by no person */
    "UPDATE \"order\" SET \"release_by\" = 9",
    "UPDATE \"order\" SET \"release_by\" = 9, \"unrelated_since\" = 1, \"keeper\" = 'ann'",
    "UPDATE \"order\" SET \"keeper\" = 'ann'",
    "UPDATE \"order\" SET \"keeper\" = 'centre', \"unrelated_since\" = 1",
    /* without its reasons, its scope or its notice */
    "UPDATE \"order\" SET \"basis\" = ' '",
    "UPDATE \"order\" SET \"reason\" = ''",
    "UPDATE \"order\" SET \"notice\" = ''",
    "UPDATE \"order\" SET \"amount\" = 0",
    "UPDATE \"order\" SET \"target_kind\" = 'domain'",
    "UPDATE \"order\" SET \"target_kind\" = 'person'",
    "UPDATE \"order\" SET \"target\" = ''",
    "UPDATE \"order\" SET \"provider\" = ''",
    "UPDATE \"order\" SET \"incident\" = NULL", /* nor evidence */
    "UPDATE \"order\" SET \"incident\" = 'i9'",
    "UPDATE \"order\" SET \"kind\" = 'seize'",
    "UPDATE \"order\" SET \"kind\" = 'freeze'", /* the law has no such term for it */
    /* past its term */
    "UPDATE \"order\" SET \"until\" = \"until\" + 1",
    "UPDATE \"order\" SET \"from\" = \"from\" + 1, \"until\" = \"until\" + 1",
    "UPDATE \"order\" SET \"repeats\" = 2, \"approver\" = 'bob', \"decided_at\" = 1",
    "UPDATE \"order\" SET \"max_term_us\" = \"max_term_us\" * 2",
    "UPDATE \"order\" SET \"countersign_by\" = \"proposed_at\" + 86400000001",
    "UPDATE \"order\" SET \"countersign_by\" = NULL",
    /* on one person's word, or on nobody's */
    "UPDATE \"order\" SET \"is_emergency\" = 0",
    "UPDATE \"order\" SET \"approver\" = 'ann', \"decided_at\" = 1",
    "UPDATE \"order\" SET \"approver\" = 'centre', \"decided_at\" = 1",
    "UPDATE \"order\" SET \"proposer\" = 'centre'",
    "UPDATE \"order\" SET \"report\" = NULL",
    "UPDATE \"order\" SET \"repeats\" = 1",
    "UPDATE \"order\" SET \"bound\" = \"amount\" - 1",
    /* gone without the provider's word */
    "UPDATE \"order\" SET \"state\" = 'lifted', \"ended_at\" = 1",
    "UPDATE \"order\" SET \"state\" = 'expired', \"ended_at\" = 1",
    "UPDATE \"order\" SET \"state\" = 'lapsed', \"ended_at\" = 1",
    "UPDATE \"order\" SET \"state\" = 'lifting', \"ended_at\" = 1",
    "UPDATE \"order\" SET \"state\" = 'drafted'",
    /* a report whose measures ask for more than was lost, or that nobody took */
    "UPDATE report SET \"pledged\" = \"loss\" + 1",
    "UPDATE report SET \"pledged\" = -1",
    "UPDATE report SET \"loss\" = \"pledged\" - 1",
    "UPDATE report SET \"state\" = 'filed'",
    "UPDATE report SET \"taker\" = NULL, \"taken_at\" = NULL",
    "UPDATE report SET \"taker\" = 'centre'",
    "UPDATE report SET \"incident\" = NULL",
    "UPDATE report SET \"state\" = 'withdrawn'",
    /* a claim of nothing, matched with nothing, paid back more than it was */
    "UPDATE claim SET \"amount\" = 0",
    "UPDATE claim SET \"state\" = 'matched'",
    "UPDATE claim SET \"state\" = 'mismatched'",
    "UPDATE claim SET \"returned\" = \"amount\" + 1",
    "UPDATE claim SET \"report\" = 'r9'",
    "UPDATE receipt SET \"result\" = 'perhaps'",
    "UPDATE receipt SET \"held\" = -2",
    /* an appeal against two, or against nothing; a key that is kept as it was said */
    "INSERT INTO appeal VALUES ('a1', NULL, NULL, NULL, 's', NULL, NULL, NULL, 'filed', 1, 2, NULL,"
    " NULL, NULL, NULL, '', 0, 1)",
    "INSERT INTO appeal VALUES ('a1', NULL, 'o1', 'd1', 's', NULL, NULL, NULL, 'filed', 1, 2, NULL,"
    " NULL, NULL, NULL, '', 0, 1)",
    "INSERT INTO appeal VALUES ('a1', NULL, 'o1', NULL, 's', NULL, NULL, 'YM-7K3M-2Q9D-XW4R',"
    " 'filed', 1, 2, NULL, NULL, NULL, NULL, '', 0, 1)",
};

static void the_schema_refuses_orders_of_nobody(void **state)
{
    struct house *h = *state;
    struct sql *db = store_sql(h->store);
    must(sql_run_script(
        db,
        STR("INSERT INTO incident VALUES ('i1', 'open', '', 'CNY', 500, NULL, 'ann', 1, NULL,"
            " NULL, NULL, '', 1);"
            "INSERT INTO report VALUES ('r1', '96110', 'taken', 'i1', NULL, NULL, NULL, 'CNY',"
            " 500, 400, NULL, 'ann', 1, 'ann', 1, NULL, NULL, '', 2);"
            "INSERT INTO claim VALUES ('k1', 'r1', 'i1', 'told', NULL, NULL, 'BKA:1', NULL,"
            " NULL, 500, 'CNY', NULL, NULL, 0, '', 1);"
            "INSERT INTO order_limit VALUES ('cn', 'hold', 172800000000, 1);"
            "INSERT INTO \"order\" VALUES ('o1', 'i1', 'r1', 'hold', 'sent', 1, 'account',"
            " 'BKA:1', NULL, NULL, 400, 400, 'CNY', 'k1', NULL, NULL, 0, 'b', 'r', NULL, 'n', 1,"
            " 172800000001,"
            " 1800000001, 'bank-a', 1, 1, NULL, 'place', 1, 1, 300000001, 0, 'none', NULL, "
            "NULL, NULL, NULL, NULL, NULL, 0, -1, 0, NULL, 0,"
            " NULL, NULL, NULL, 'ann', NULL, 1, NULL, NULL, NULL, NULL, NULL, 'ann', 'cn',"
            " 172800000000, 1, '', 1);"
            "INSERT INTO receipt VALUES ('q1', 'o1', NULL, 'bank-a', NULL, 'pending', 'taken',"
            " 1, -1, -1, NULL, 'fine', 0, NULL, NULL, 2, 2, 'ann', '', 1);")));
    for (size_t i = 0; i < COUNT_OF(wrong_of_orders); i++) {
        err e = sql_run(db, wrong_of_orders[i]);
        if (e.code != ERR_CONFLICT)
            fail_msg("the schema let this pass: %s (%s)", wrong_of_orders[i], e.why);
    }
}

/* A good round in each state, D and its letter; the steps are taken as the desk takes them. */
static const char *const good_rounds[] = {
    "INSERT INTO incident VALUES ('i1', 'open', '', 'CNY', 500, NULL, 'ann', 1, NULL, NULL, NULL, "
    "'', 1);"
    "INSERT INTO report VALUES ('r1', '96110', 'taken', 'i1', NULL, NULL, NULL, 'CNY', 500, 0, "
    "NULL, 'ann',"
    " 1, 'ann', 1, NULL, NULL, '', 2);"
    "INSERT INTO claim VALUES ('k1', 'r1', 'i1', 'told', NULL, NULL, 'BKA:1', NULL, NULL, 500, "
    "'CNY', NULL,"
    " NULL, 0, '', 1);",
    "INSERT INTO round (\"id\", \"incident\", \"account\", \"provider\", \"orders\", \"state\", "
    "\"rule\","
    " \"currency\", \"number\", \"frozen\", \"shared\", \"unclaimed\", \"allotted\", \"returned\","
    " \"failed\", \"frozen_at\", \"statement\", \"digest\", \"doubts\", \"needs_notice\", "
    "\"notice_us\","
    " \"objections\", \"computer\", \"computed_at\", \"due_at\", \"is_late\", \"deciders\","
    " \"profile\", \"division\", \"revision\") WITH id(x) AS (VALUES ('c'), ('r'), ('n'), ('o'),"
    " ('a'), ('s'), ('p'), ('l'), ('v')) SELECT 'd' || x, 'i1', 'BKA:' || x, 'bank-a', 'o1',"
    " 'computed', 'cn-2016', 'CNY', 1, 500, 400, 100, 400, 0, 0, 1, '{}',"
    " printf('%064d', 0), 0, 1, 5, 0, 'ann', 1, 2, 0, 'ann', 'cn', '', 1 FROM id;",
    "UPDATE round SET \"state\" = 'reviewed', \"reviewer\" = 'bob', \"reviewed_at\" = 2"
    " WHERE \"id\" NOT IN ('dc', 'dv');"
    "UPDATE round SET \"state\" = 'noticed', \"noticer\" = 'bob', \"noticed_at\" = 3,"
    " \"notice_until\" = 8 WHERE \"id\" NOT IN ('dc', 'dr', 'dv');"
    "UPDATE round SET \"state\" = 'objected', \"objections\" = 1 WHERE \"id\" = 'do';"
    "UPDATE round SET \"first_approver\" = 'bob', \"first_approved_at\" = 8"
    " WHERE \"id\" IN ('da', 'ds', 'dp', 'dl');"
    "UPDATE round SET \"state\" = 'approved', \"approver\" = 'cat', \"approved_at\" = 9"
    " WHERE \"id\" IN ('da', 'ds', 'dp', 'dl');"
    "UPDATE round SET \"state\" = 'sent', \"sent_at\" = 9 WHERE \"id\" IN ('ds', 'dp', 'dl');"
    "UPDATE round SET \"state\" = 'paid', \"paid_at\" = 10, \"returned\" = 300, \"failed\" = 100"
    " WHERE \"id\" IN ('dp', 'dl');"
    "UPDATE round SET \"state\" = 'closed', \"ended_at\" = 11 WHERE \"id\" = 'dl';"
    "UPDATE round SET \"state\" = 'void', \"ended_at\" = 11 WHERE \"id\" = 'dv';",
    "INSERT INTO share VALUES ('sd', 'ds', 'k1', 'i1', 'BKV:1', 'direct', 'due', 'due', 400, 400,"
    " NULL, NULL, NULL,"
    " NULL, NULL, '', 1);"
    "INSERT INTO share VALUES ('sp', 'dp', 'k1', 'i1', 'BKV:1', 'direct', 'paid', 'due', 400, 300,"
    " 10, 10, NULL,"
    " NULL, 'ann', '', 1);"
    "INSERT INTO share VALUES ('sf', 'dl', 'k1', 'i1', 'BKV:1', 'direct', 'failed', 'due', 400,"
    " 100, 10, 10, NULL,"
    " 'no such account', 'ann', '', 1);"
    "INSERT INTO appeal VALUES ('a1', NULL, NULL, 'do', 's', NULL, NULL, NULL, 'filed', 1, 2, NULL,"
    " NULL, NULL, NULL, '', 0, 1);",
};

/* Of a round, or of a share, by its letter. */
#define OF(id, what)    "UPDATE round SET " what " WHERE \"id\" = 'd" id "'"
#define ALL(what)       "UPDATE round SET " what
#define SHARE(id, what) "UPDATE share SET " what " WHERE \"id\" = 's" id "'"

static const char *const wrong_of_rounds[] = {
    /* of nothing, and of nobody */
    ALL("\"incident\" = 'i9'"),
    OF("c", "\"account\" = ''"),
    OF("c", "\"account\" = printf('%065d', 0)"),
    ALL("\"provider\" = ' '"),
    ALL("\"orders\" = ''"),
    OF("r", "\"state\" = 'done'"),
    ALL("\"rule\" = 'lottery'"),
    ALL("\"currency\" = 'YUAN'"),
    ALL("\"number\" = 0"),
    ALL("\"statement\" = ''"),
    ALL("\"digest\" = 'abc'"),
    ALL("\"needs_notice\" = 2"),
    OF("c", "\"rule\" = 'fifo', \"needs_notice\" = 0"),
    ALL("\"is_late\" = 2"),
    ALL("\"revision\" = 0"),
    OF("r", "\"account\" = 'BKA:c', \"number\" = 2"), /* two open rounds of one account */
    OF("l", "\"account\" = 'BKA:c'"),                 /* two of one number */
    /* money made or lost */
    ALL("\"frozen\" = \"frozen\" + 1"),
    ALL("\"shared\" = \"shared\" - 1"),
    ALL("\"unclaimed\" = \"unclaimed\" + 1"),
    OF("c", "\"unclaimed\" = -1, \"shared\" = 501"),
    ALL("\"frozen\" = 0, \"shared\" = 0, \"unclaimed\" = 0"),
    OF("c", "\"shared\" = 0, \"unclaimed\" = 500, \"allotted\" = 0"),
    OF("c", "\"allotted\" = 401"),
    OF("c", "\"allotted\" = -1"),
    OF("r", "\"allotted\" = 399"),
    OF("n", "\"allotted\" = 399"),
    OF("o", "\"allotted\" = 399"),
    OF("a", "\"allotted\" = 399"),
    OF("s", "\"allotted\" = 399"),
    OF("p", "\"allotted\" = 399"),
    OF("l", "\"allotted\" = 399"),
    OF("s", "\"returned\" = -1"),
    OF("s", "\"failed\" = -1"),
    OF("s", "\"returned\" = 401"),
    OF("s", "\"returned\" = 301, \"failed\" = 100"),
    OF("p", "\"returned\" = 299"),
    OF("l", "\"failed\" = 99"),
    OF("a", "\"returned\" = 1"), /* before it was sent */
    OF("v", "\"failed\" = 1"),
    OF("s", "\"state\" = 'paid', \"paid_at\" = 10"),
    OF("s", "\"returned\" = 400, \"state\" = 'paid'"), /* nobody knows when */
    OF("s", "\"paid_at\" = 10"),
    /* one person alone, or nobody */
    ALL("\"computer\" = 'centre'"),
    ALL("\"computer\" = 'nobody'"),
    OF("r", "\"reviewer\" = 'ann'"),
    OF("r", "\"reviewer\" = NULL, \"reviewed_at\" = NULL"),
    OF("r", "\"reviewer\" = 'nobody'"),
    OF("n", "\"noticer\" = 'nobody'"),
    OF("a", "\"first_approver\" = 'nobody'"),
    OF("a", "\"approver\" = 'nobody'"),
    OF("r", "\"reviewed_at\" = NULL"),
    OF("c", "\"state\" = 'reviewed'"),
    OF("n", "\"first_approver\" = 'ann', \"first_approved_at\" = 8"),
    OF("n", "\"first_approver\" = 'centre', \"first_approved_at\" = 8"),
    OF("n", "\"first_approver\" = 'bob'"),
    OF("n", "\"first_approved_at\" = 8"),
    OF("n", "\"approver\" = 'bob', \"approved_at\" = 8"),
    OF("a", "\"approver\" = 'ann'"),
    OF("a", "\"approver\" = 'bob'"), /* who approved first */
    OF("a", "\"approver\" = 'centre'"),
    OF("a", "\"approver\" = NULL, \"approved_at\" = NULL"),
    OF("a", "\"approved_at\" = NULL"),
    OF("a", "\"first_approver\" = NULL, \"first_approved_at\" = NULL"),
    OF("a", "\"first_approver\" = 'ann'"),
    OF("s", "\"computer\" = 'cat'"),
    OF("s", "\"approver\" = NULL, \"approved_at\" = NULL"),
    OF("n", "\"state\" = 'approved'"),
    OF("n", "\"sent_at\" = 9"),
    /* before its notice is over, or while somebody objects */
    OF("n", "\"noticer\" = NULL"),
    OF("n", "\"noticed_at\" = NULL"),
    OF("n", "\"notice_until\" = NULL"),
    OF("n", "\"noticer\" = NULL, \"noticed_at\" = NULL, \"notice_until\" = NULL"),
    OF("n", "\"notice_until\" = 7"),
    OF("n", "\"noticed_at\" = 4"),
    OF("n", "\"notice_us\" = 6"),
    OF("n", "\"notice_us\" = 0"),
    OF("r", "\"state\" = 'noticed'"),
    OF("r", "\"first_approver\" = 'bob', \"first_approved_at\" = 8"),
    OF("n", "\"first_approver\" = 'bob', \"first_approved_at\" = 7"),
    OF("a", "\"first_approved_at\" = 7"),
    OF("a", "\"noticer\" = NULL, \"noticed_at\" = NULL, \"notice_until\" = NULL"),
    OF("n", "\"objections\" = 1"),
    OF("r", "\"objections\" = -1"),
    OF("n", "\"state\" = 'objected'"),
    OF("o", "\"objections\" = 0"),
    OF("o", "\"state\" = 'noticed'"),
    OF("a", "\"objections\" = 1"),
    OF("s", "\"objections\" = 1"),
    /* sent is sent, and an end is an end */
    OF("a", "\"state\" = 'sent'"),
    OF("s", "\"state\" = 'void', \"ended_at\" = 11"),
    OF("p", "\"state\" = 'void', \"ended_at\" = 11, \"paid_at\" = NULL"),
    OF("p", "\"sent_at\" = NULL"),
    OF("p", "\"state\" = 'closed'"),
    OF("p", "\"ended_at\" = 11"),
    OF("c", "\"state\" = 'void'"),
    OF("v", "\"ended_at\" = NULL"),
    OF("l", "\"ended_at\" = NULL"),
    /* shares */
    SHARE("d", "\"round\" = 'd9'"),
    SHARE("d", "\"claim\" = 'k9'"),
    SHARE("d", "\"incident\" = 'i9'"),
    SHARE("d", "\"round\" = 'dp'"), /* twice the same claim */
    SHARE("d", "\"basis\" = 'pity'"),
    SHARE("p", "\"state\" = 'lost'"),
    SHARE("d", "\"loss\" = 0, \"amount\" = 0"),
    SHARE("d", "\"amount\" = 401"),
    SHARE("d", "\"amount\" = 0"),
    SHARE("d", "\"state\" = 'paid'"),
    SHARE("d", "\"settled_at\" = 10"),
    SHARE("d", "\"revision\" = 0"),
    SHARE("p", "\"settled_at\" = NULL"),
    SHARE("p", "\"state\" = 'failed'"), /* for no reason */
    SHARE("f", "\"failure\" = NULL"),
    /* an objection to no round */
    "UPDATE appeal SET \"round\" = 'd9'",
};
#undef OF
#undef ALL
#undef SHARE

static void the_schema_refuses_rounds_that_lose_or_hurry(void **state)
{
    struct house *h = *state;
    struct sql *db = store_sql(h->store);
    for (size_t i = 0; i < COUNT_OF(good_rounds); i++) {
        err e = sql_run_script(db, str_from_c(good_rounds[i]));
        if (failed(e))
            fail_msg("%s: %s", sql_last_message(db), good_rounds[i]);
    }
    for (size_t i = 0; i < COUNT_OF(wrong_of_rounds); i++) {
        err e = sql_run(db, wrong_of_rounds[i]);
        if (e.code != ERR_CONFLICT)
            fail_msg("the schema let this pass: %s (%s)", wrong_of_rounds[i], e.why);
    }
}

/* A place in a queue is read as it was written, and nothing else is one. */
static void places_are_read_again(void **state)
{
    struct house *h = *state;
    static const char *const wrong[] = {"1",
                                        "1-2",
                                        "1-2-",
                                        "-1-2-o1",
                                        "x-2-o1",
                                        "1-x-o1",
                                        "1--o",
                                        "1-2-o ",
                                        "1-2-o/1",
                                        "1-2-o1-3",
                                        "99999999999999999999-1-o"};
    struct queue_place place = {.order = STR("x")};
    must(queue_place_parse(STR(""), &place));
    assert_true(str_is_empty(place.order));
    assert_true(str_is_empty(queue_place_format(&place, &h->turn)));
    must(queue_place_parse(STR("17-4-01KAP7M8Q0"), &place));
    assert_int_equal(place.asked_at.us, 17);
    assert_int_equal(place.leaves, 4);
    assert_true(str_equal(queue_place_format(&place, &h->turn), STR("17-4-01KAP7M8Q0")));
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        if (!failed(queue_place_parse(str_from_c(wrong[i]), &place)))
            fail_msg("taken for a place: %s", wrong[i]);
}

static void put_asked(struct house *h, const char *id, int64_t asked_at, int64_t leaf)
{
    struct text t;
    text_init(&t, &h->turn);
    text_printf(&t,
                "INSERT INTO \"order\" VALUES ('%s', NULL, NULL, 'freeze', 'sent', 0, 'account',"
                " 'BKA:1', NULL, NULL, 400, 400, 'CNY', NULL, NULL, NULL, 0, 'b', 'r', 'e', 'n', 1,"
                " 172800000001,"
                " NULL, 'bank-a', 1, 1, NULL, 'place', 1, %lld, 300000001, 0, 'none', NULL, NULL, "
                "NULL, NULL, NULL, NULL, 0, -1, 0, NULL, 0,"
                " NULL, NULL, NULL, 'ann', 'bob', 1, 1, NULL, NULL, NULL, NULL, 'ann', 'cn',"
                " 172800000000, 1, '', 1);",
                id, (long long)asked_at);
    text_printf(&t,
                "INSERT INTO ledger_leaf (\"idx\", \"at\", \"actor\", \"act\", \"record_kind\","
                " \"record\", \"division\", \"body\") VALUES (%lld, %lld, 'ann',"
                " 'order.approve', 'order', '%s', '', '');",
                (long long)leaf, (long long)asked_at, id);
    must(sql_run_script(store_sql(h->store), text_str(&t)));
}

/* What was handed out from a place on, "o2 o3 ", and the place behind it. */
static const char *fetched(struct house *h, struct queue_ask *ask)
{
    struct queue_page page = {0};
    struct text t;
    text_init(&t, &h->turn);
    must(order_queue_read(store_sql(h->store), ask, &h->turn, &page));
    for (size_t i = 0; i < page.count; i++) {
        text_put(&t, page.items[i].order.id);
        text_put_char(&t, ' ');
    }
    text_put_char(&t, '\0');
    ask->after = page.next;
    return text_str(&t).at;
}

/* Goal: each ask is handed out once, and none passed over. Method: asks before, at and after the
 * place that was reached; also at the very same instant, with a smaller id. */
static void a_queue_passes_nothing_over(void **state)
{
    struct house *h = *state;
    struct queue_ask ask = {.provider = STR("bank-a"), .limit = 2};
    must(sql_run_script(store_sql(h->store),
                        STR("INSERT INTO order_limit VALUES ('cn', 'freeze', 172800000000, 1);")));
    put_asked(h, "o2", 100, 9001);
    put_asked(h, "o3", 100, 9002);
    put_asked(h, "o4", 100, 9003);
    assert_string_equal(fetched(h, &ask), "o2 o3 ");
    assert_string_equal(fetched(h, &ask), "o4 ");
    assert_string_equal(fetched(h, &ask), "");
    put_asked(h, "o1", 100, 9004);
    assert_string_equal(fetched(h, &ask), "o1 ");
    assert_string_equal(fetched(h, &ask), "");
    put_asked(h, "o0", 101, 9005);
    assert_string_equal(fetched(h, &ask), "o0 ");
    assert_string_equal(fetched(h, &ask), "");
    struct queue_ask other = {.provider = STR("bank-b"), .limit = 10};
    assert_string_equal(fetched(h, &other), "");
    struct queue_ask afresh = {.provider = STR("bank-a"), .limit = 10};
    assert_string_equal(fetched(h, &afresh), "o1 o2 o3 o4 o0 ");
}

/* One after the other as store_apply does it, or all at once. */
static void put_members(struct house *h, const struct source *source, struct member *members,
                        size_t count, bool is_many)
{
    must(store_begin(h->store));
    if (is_many)
        must(store_apply_many(h->store, source->id, members, count, h->at));
    for (size_t i = 0; i < count && !is_many; i++)
        members[i].outcome = store_apply(h->store, &members[i].command, h->at, &h->turn, NULL);
    must(store_commit(h->store, h->at));
}

enum { NAMES = 300, NAMELESS = 70 };

/* Enters, renews and lifts, some of it twice or too soon; what the desk said of each. */
static const char *a_lists_life(struct house *h, bool is_many)
{
    static char names[NAMES][24];
    static struct member members[NAMES + 2];
    const struct source *source = sourced(h, "phish", true);
    const char *ids[NAMES];
    struct text said;
    text_init(&said, &h->turn);
    for (size_t i = 0; i < NAMES; i++) {
        struct member *m = &members[i + (i >= NAMELESS)];
        snprintf(names[i], sizeof names[i], "n%zu.example.com", i);
        *m = member_of(h, source, ACT_LISTING_ENTER, names[i]);
        ids[i] = str_to_c(&h->turn, m->command.record);
    }
    members[NAMELESS] = member_of(h, source, ACT_LISTING_ENTER, "");
    put_members(h, source, members, NAMES + 1, is_many);
    for (size_t i = 0; i <= NAMES; i++)
        text_printf(&said, "%s;", failed(members[i].outcome) ? members[i].outcome.why : "");
    h->at = instant_add_us(h->at, 20 * US_PER_DAY);
    for (size_t i = 0; i < NAMES; i++)
        members[i] =
            member_of(h, source, i % 3 == 0 ? ACT_LISTING_VANISH : ACT_LISTING_RENEW, ids[i]);
    members[NAMES] = member_of(h, source, ACT_LISTING_VANISH, ids[0]);    /* lifted a moment ago */
    members[NAMES + 1] = member_of(h, source, ACT_LISTING_RENEW, ids[1]); /* no longer than it is */
    put_members(h, source, members, NAMES + 2, is_many);
    for (size_t i = 0; i < NAMES + 2; i++)
        text_printf(&said, "%s;", failed(members[i].outcome) ? members[i].outcome.why : "");
    struct command end = {.act = ACT_SOURCE_END,
                          .actor = staff("cat", APPROVER),
                          .record = source->id,
                          .why = STR("over")};
    must(apply(h, &end, NULL));
    members[0] = member_of(h, source, ACT_LISTING_ENTER, "late.example.com");
    members[1] = member_of(h, source, ACT_LISTING_RENEW, ids[2]);
    members[2] = member_of(h, source, ACT_LISTING_VANISH, ids[2]);
    put_members(h, source, members, 3, is_many); /* `source` still says in force */
    for (size_t i = 0; i < 3; i++)
        text_printf(&said, "%s;", failed(members[i].outcome) ? members[i].outcome.why : "");
    return str_to_c(&h->turn, text_str(&said));
}

/* Everything a reader sees of every listing, with what its source says for it. */
static const char *rows_of(struct house *h)
{
    const struct record_shape *shape = &record_shapes[RECORD_LISTING];
    struct reader *reader = NULL;
    struct list_query q = {.kind = RECORD_LISTING, .limit = 500};
    struct list_page page = {0};
    struct text said;
    text_init(&said, &h->turn);
    must(reader_open(&h->boot, h->path, &reader));
    must(reader_list(reader, &q, &h->turn, &page));
    for (size_t i = 0; i < page.count; i++)
        for (size_t f = 0; f < shape->field_count; f++) {
            const struct field *field = &shape->fields[f];
            if (field->type == FIELD_STR)
                text_put(&said, field_get_str(field, &page.items[i]));
            else
                text_printf(&said, "%lld", (long long)field_get_int(field, &page.items[i]));
            text_put_char(&said, f + 1 == shape->field_count ? '\n' : ' ');
        }
    reader_close(reader);
    assert_int_equal(page.count, NAMES);
    return str_to_c(&h->turn, text_str(&said));
}

/* What was done, by whom, to which, and when. */
static const char *acts_of(struct house *h)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    must(sql_ask(store_sql(h->store),
                 "SELECT group_concat(\"act\" || ' ' || \"actor\" || ' ' || \"record\" || ' ' || "
                 "\"at\", ';')"
                 " FROM (SELECT * FROM ledger_leaf ORDER BY \"idx\")",
                 &row));
    must(sql_next(row, &has_row));
    const char *found = str_to_c(&h->turn, sql_str(row, 0, &h->turn));
    sql_done(&row);
    return found;
}

/* Each leaf of a listing, to the byte. */
static const char *listings_leaves(struct house *h)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    must(sql_ask(store_sql(h->store),
                 "SELECT group_concat(\"body\", ';') FROM (SELECT \"body\" FROM ledger_text"
                 " WHERE \"record_kind\" = 'listing' ORDER BY \"idx\")",
                 &row));
    must(sql_next(row, &has_row));
    const char *found = str_to_c(&h->turn, sql_str(row, 0, &h->turn));
    sql_done(&row);
    return found;
}

/* Which listings resolvers hear of, whoever tells how many at a time. */
static size_t told_of(struct house *h, enum effect_topic topic)
{
    struct outbox_entries entries = {0};
    struct outbox_listings listings = {0};
    must(outbox_take(h->store, topic, h->at, &h->turn, &entries));
    must(outbox_listings(h->store, &entries, 10000, &h->turn, &listings));
    size_t different = 0;
    for (size_t i = 0; i < listings.count; i++) {
        bool is_seen = false;
        for (size_t j = 0; j < i; j++)
            is_seen = is_seen || str_equal(listings.at[i], listings.at[j]);
        different += !is_seen;
    }
    return different;
}

static void many_at_once_are_each_of_them(void **state)
{
    struct house *one = *state;
    struct house *many = make_house("-many");
    const char *of_one = a_lists_life(one, false);
    const char *of_many = a_lists_life(many, true);
    assert_string_equal(of_one, of_many);
    assert_non_null(strstr(of_many, "value.missing"));
    assert_non_null(strstr(of_many, "listing.not_in_force"));
    assert_non_null(strstr(of_many, "listing.not_longer"));
    assert_non_null(strstr(of_many, "source.not_in_force;source.not_in_force;;"));
    assert_string_equal(rows_of(one), rows_of(many));
    assert_string_equal(acts_of(one), acts_of(many));
    assert_int_equal(told_of(one, EFFECT_RPZ), NAMES);
    assert_int_equal(told_of(many, EFFECT_RPZ_MANY), NAMES);
    assert_int_equal(told_of(many, EFFECT_RPZ), 0);
    agreed_root(many);
    end_house(many);
}

/* By the same chance, so that not even a salt differs. */
static void with_a_helper_the_leaves_are_the_same(void **state)
{
    struct house *alone = *state;
    struct house *helped = make_house("-helped");
    must(env_helper_start(&helped->store->helper, "leaves"));
    assert_string_equal(a_lists_life(alone, true), a_lists_life(helped, true));
    assert_string_equal(rows_of(alone), rows_of(helped));
    assert_string_equal(acts_of(alone), acts_of(helped));
    assert_string_equal(listings_leaves(alone), listings_leaves(helped));
    agreed_root(alone);
    agreed_root(helped);
    end_house(helped);
}

/* Refused by the database while the helper makes the next ones: nothing of it is left. */
static void what_fails_with_a_helper_leaves_nothing(void **state)
{
    struct house *h = *state;
    uint64_t before = store_leaf_count(h->store);
    must(env_helper_start(&h->store->helper, "leaves"));
    const struct source *source = sourced(h, "phish", true);
    uint64_t sourced_by = store_leaf_count(h->store);
    static struct member members[NAMES];
    static char names[NAMES][24];
    for (size_t i = 0; i < NAMES; i++) {
        snprintf(names[i], sizeof names[i], "n%zu.example.com", i);
        members[i] = member_of(h, source, ACT_LISTING_ENTER, names[i]);
    }
    members[3].command.record = members[2].command.record;
    must(store_begin(h->store));
    assert_true(failed(store_apply_many(h->store, source->id, members, NAMES, h->at)));
    store_rollback(h->store);
    assert_true(sourced_by > before);
    assert_int_equal(store_leaf_count(h->store), sourced_by);
    members[3].command.record = store_id(h->store, h->at, &h->turn);
    put_members(h, source, members, NAMES, true);
    assert_int_equal(store_leaf_count(h->store), sourced_by + NAMES);
    agreed_root(h);
}

static void appeals_find_another_judge(void **state)
{
    struct house *h = *state;
    str id = listed(h, "shop.com", ACTION_BLOCK, MATCH_EXACT);
    struct command file = {
        .act = ACT_APPEAL_FILE,
        .actor = {.user = STR("public"), .kind = ACTOR_PUBLIC},
        .record = STR("REF1")
    };
    file.body.appeal = (struct appeal){.listing = id, .statement = STR("we sell tea")};
    must(apply(h, &file, NULL));
    assert_string_equal(decide(h, ACT_APPEAL_GRANT, STR("REF1"), "bob").why,
                        "appeal.decided_before");
    must(decide(h, ACT_APPEAL_REJECT, STR("REF1"), "cat"));
    assert_int_equal(now(h, id).state, LISTING_IN_FORCE);
    file.record = STR("REF2");
    must(apply(h, &file, NULL));
    assert_string_equal(decide(h, ACT_APPEAL_GRANT, STR("REF2"), "cat").why,
                        "appeal.decided_before");
    add_user(h, "dan", "approver");
    must(decide(h, ACT_APPEAL_GRANT, STR("REF2"), "dan"));
    assert_int_equal(now(h, id).state, LISTING_LIFTED);
    file.record = STR("REF3");
    assert_string_equal(apply(h, &file, NULL).why, "appeal.nothing_in_force");
}

static void a_timer_that_cannot_fire_holds_up_no_other(void **state)
{
    struct house *h = *state;
    str stuck = listed(h, "stuck.com", ACTION_BLOCK, MATCH_EXACT);
    str free_one = listed(h, "free.com", ACTION_BLOCK, MATCH_EXACT);
    struct timers_fired fired = {0};
    instant due = instant_add_us(h->at, 10 * US_PER_DAY);
    struct sql *db = store_sql(h->store);
    must(sql_run(db,
                 "CREATE TRIGGER no_end BEFORE UPDATE ON listing WHEN old.\"value\" = 'stuck.com'"
                 " BEGIN SELECT raise(ABORT, 'no'); END"));
    must(store_begin(h->store));
    must(store_timers_fire(h->store, due, true, 100, &fired));
    must(store_commit(h->store, due));
    assert_int_equal(fired.count, 2);
    assert_int_equal(fired.put_off, 1);
    assert_true(sql_is_constraint(fired.why));
    assert_int_equal(now(h, stuck).state, LISTING_IN_FORCE);
    assert_int_equal(now(h, free_one).state, LISTING_EXPIRED);
    instant again = {0};
    bool has_timer = false;
    must(store_timer_next(h->store, &again, &has_timer));
    assert_true(has_timer && again.us == due.us + 60 * US_PER_MIN);
    must(sql_run(db, "DROP TRIGGER no_end"));
    must(store_begin(h->store));
    must(store_timers_fire(h->store, again, true, 100, &fired));
    must(store_commit(h->store, again));
    assert_int_equal(fired.put_off, 0);
    assert_int_equal(now(h, stuck).state, LISTING_EXPIRED);
}

static int64_t number_of(struct house *h, const char *literal)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    must(sql_ask(store_sql(h->store), literal, &row));
    must(sql_next(row, &has_row));
    int64_t found = has_row ? sql_i64(row, 0) : -1;
    sql_done(&row);
    return found;
}

/* A list's entries, listings of people and one that is only proposed, all until one moment. */
static instant fill_until(struct house *h, size_t entries)
{
    const struct source *source = sourced(h, "phish", true);
    struct member members[100];
    char names[COUNT_OF(members)][24];
    assert_true(entries <= COUNT_OF(members));
    for (size_t i = 0; i < entries; i++) {
        snprintf(names[i], sizeof names[i], "n%zu.example.com", i);
        members[i] = member_of(h, source, ACT_LISTING_ENTER, names[i]);
    }
    put_members(h, source, members, entries, true);
    h->at = instant_add_us(h->at, 20 * US_PER_DAY);
    listed(h, "one.com", ACTION_BLOCK, MATCH_EXACT);
    listed(h, "two.com", ACTION_BLOCK, MATCH_SUFFIX);
    struct command waiting = proposal(h, "three.com", ACTION_BLOCK);
    must(apply(h, &waiting, NULL));
    must(store_begin(h->store));
    must(sql_run(store_sql(h->store), "DELETE FROM outbox"));
    must(store_commit(h->store, h->at));
    h->at = instant_add_us(h->at, 10 * US_PER_DAY);
    return h->at;
}

static void a_mass_that_ends_at_once(void **state)
{
    enum { ENTRIES = 75, ALL = ENTRIES + 3 };
    struct house *h = *state;
    struct timers_fired fired = {0};
    instant due = fill_until(h, ENTRIES);
    uint64_t leaves = store_leaf_count(h->store);
    must(sql_run(store_sql(h->store),
                 "CREATE TRIGGER no_end BEFORE UPDATE ON listing WHEN old.\"value\" ="
                 " 'n70.example.com' BEGIN SELECT raise(ABORT, 'no'); END"));
    for (int left = ALL; left > 0; left -= fired.count) { /* in pieces, one of them with the bad */
        must(store_begin(h->store));
        must(store_timers_fire(h->store, due, false, 30, &fired));
        must(store_commit(h->store, due));
        assert_int_equal(fired.count, left < 30 ? left : 30);
        assert_int_equal(fired.put_off, left < 30);
    }
    assert_int_equal(store_leaf_count(h->store) - leaves, ALL - 1);
    assert_int_equal(number_of(h, "SELECT count(*) FROM listing WHERE \"state\" = 'expired'"),
                     ALL - 2);
    assert_int_equal(number_of(h, "SELECT count(DISTINCT \"record\") FROM ledger_leaf"
                                  " WHERE \"act\" = 'listing.expire'"),
                     ALL - 1);
    assert_int_equal(number_of(h, "SELECT count(*) FROM timer WHERE \"act\" = 'listing.erase'"),
                     ALL - 1);
    assert_int_equal(number_of(h, "SELECT \"due\" FROM timer WHERE \"act\" = 'listing.expire'"),
                     due.us + 60 * US_PER_MIN);
    assert_int_equal(number_of(h, "SELECT sum(\"count\") FROM listing_count"
                                  " WHERE \"what\" IN ('in_force', 'ends')"),
                     2);                               /* the one, in force and with its end */
    assert_int_equal(told_of(h, EFFECT_RPZ), ALL - 2); /* of what was in force */
    assert_int_equal(told_of(h, EFFECT_RPZ_MANY), 0);
    assert_int_equal(told_of(h, EFFECT_STREAM), 3); /* of what people had listed */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_mass_that_ends_at_once, open_house, close_house),
        cmocka_unit_test_setup_teardown(two_people_and_a_term, open_house, close_house),
        cmocka_unit_test_setup_teardown(timers_end_it_and_erase_it, open_house, close_house),
        cmocka_unit_test_setup_teardown(what_may_be_owed_waits_for_somebody, open_house,
                                        close_house),
        cmocka_unit_test_setup_teardown(a_timer_that_cannot_fire_holds_up_no_other, open_house,
                                        close_house),
        cmocka_unit_test_setup_teardown(counts_of_calls_end, open_house, close_house),
        cmocka_unit_test_setup_teardown(leaves_and_heads_agree, open_house, close_house),
        cmocka_unit_test_setup_teardown(undone_commands_leave_no_leaf, open_house, close_house),
        cmocka_unit_test_setup_teardown(the_zone_follows, open_house, close_house),
        cmocka_unit_test_setup_teardown(serials_go_forward, open_house, close_house),
        cmocka_unit_test_setup_teardown(another_mark_is_another_state, open_house, close_house),
        cmocka_unit_test_setup_teardown(the_outbox_empties, open_house, close_house),
        cmocka_unit_test_setup_teardown(the_outbox_keeps_what_is_under_way, open_house,
                                        close_house),
        cmocka_unit_test_setup_teardown(the_schema_refuses, open_house, close_house),
        cmocka_unit_test_setup_teardown(places_are_read_again, open_house, close_house),
        cmocka_unit_test_setup_teardown(a_queue_passes_nothing_over, open_house, close_house),
        cmocka_unit_test_setup_teardown(the_schema_refuses_lists_of_nobody, open_house,
                                        close_house),
        cmocka_unit_test_setup_teardown(the_schema_refuses_orders_of_nobody, open_house,
                                        close_house),
        cmocka_unit_test_setup_teardown(the_schema_refuses_rounds_that_lose_or_hurry, open_house,
                                        close_house),
        cmocka_unit_test_setup_teardown(urgent_timers_go_first, open_house, close_house),
        cmocka_unit_test_setup_teardown(many_at_once_are_each_of_them, open_house, close_house),
        cmocka_unit_test_setup_teardown(with_a_helper_the_leaves_are_the_same, open_house,
                                        close_house),
        cmocka_unit_test_setup_teardown(what_fails_with_a_helper_leaves_nothing, open_house,
                                        close_house),
        cmocka_unit_test_setup_teardown(appeals_find_another_judge, open_house, close_house),
    };
    return cmocka_run_group_tests_name("store/store", tests, NULL, NULL);
}
