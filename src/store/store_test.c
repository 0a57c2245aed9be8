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
#include "store/outbox.h"
#include "store/reader.h"
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

static void timers_end_it_and_erase_it(void **state)
{
    struct house *h = *state;
    str id = listed(h, "soon.com", ACTION_BLOCK, MATCH_EXACT);
    instant due = {0};
    bool has_timer = false;
    must(store_timer_next(h->store, &due, &has_timer));
    assert_true(has_timer && due.us == h->at.us + 10 * US_PER_DAY);
    struct timers_fired fired = {0};
    must(store_begin(h->store));
    must(store_timers_fire(h->store, due, true, 100, &fired));
    must(store_commit(h->store, due));
    assert_int_equal(fired.count, 1);
    assert_int_equal(now(h, id).state, LISTING_EXPIRED);
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
    must(reader_salt(reader, id, salt, &has_salt));
    assert_true(has_salt); /* another, for the blanks: what the old one opened stays shut */
    assert_memory_not_equal(salt, old_salt, sizeof salt);
    struct outbox_entries out = {0};
    must(outbox_take(h->store, EFFECT_ERASURE, due, &h->turn, &out));
    assert_int_equal(out.count, 1);
    reader_close(reader);
}

static void leaves_and_heads_agree(void **state)
{
    struct house *h = *state;
    for (int i = 0; i < 300; i++) {
        char name[32];
        snprintf(name, sizeof name, "n%d.example.com", i);
        listed(h, name, ACTION_BLOCK, MATCH_EXACT);
    }
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
    /* an incident of nothing, of no money, closed by nobody or open and closed by somebody */
    "UPDATE incident SET \"transfers\" = ''",
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
                     " NULL, 0, 0, 0, 0, 0, 0, 0, 1, 2, '', 1)"));
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

/* Enters, renews and lifts, some of it twice or too soon; what the desk said of each. */
static const char *a_lists_life(struct house *h, bool is_many)
{
    enum { NAMES = 40 };
    static char names[NAMES][24];
    const struct source *source = sourced(h, "phish", true);
    struct member members[NAMES + 2];
    const char *ids[NAMES];
    struct text said;
    text_init(&said, &h->turn);
    for (size_t i = 0; i < NAMES; i++) {
        snprintf(names[i], sizeof names[i], "n%zu.example.com", i);
        members[i] = member_of(h, source, ACT_LISTING_ENTER, names[i]);
        ids[i] = str_to_c(&h->turn, members[i].command.record);
    }
    members[NAMES] = member_of(h, source, ACT_LISTING_ENTER, "");
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
    assert_int_equal(page.count, 40);
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
    assert_int_equal(told_of(one, EFFECT_RPZ), 40);
    assert_int_equal(told_of(many, EFFECT_RPZ_MANY), 40);
    assert_int_equal(told_of(many, EFFECT_RPZ), 0);
    end_house(many);
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
        cmocka_unit_test_setup_teardown(a_timer_that_cannot_fire_holds_up_no_other, open_house,
                                        close_house),
        cmocka_unit_test_setup_teardown(leaves_and_heads_agree, open_house, close_house),
        cmocka_unit_test_setup_teardown(undone_commands_leave_no_leaf, open_house, close_house),
        cmocka_unit_test_setup_teardown(the_zone_follows, open_house, close_house),
        cmocka_unit_test_setup_teardown(serials_go_forward, open_house, close_house),
        cmocka_unit_test_setup_teardown(another_mark_is_another_state, open_house, close_house),
        cmocka_unit_test_setup_teardown(the_outbox_empties, open_house, close_house),
        cmocka_unit_test_setup_teardown(the_schema_refuses, open_house, close_house),
        cmocka_unit_test_setup_teardown(the_schema_refuses_lists_of_nobody, open_house,
                                        close_house),
        cmocka_unit_test_setup_teardown(many_at_once_are_each_of_them, open_house, close_house),
        cmocka_unit_test_setup_teardown(appeals_find_another_judge, open_house, close_house),
    };
    return cmocka_run_group_tests_name("store/store", tests, NULL, NULL);
}
