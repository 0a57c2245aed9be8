/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: nothing is blocked on the word of a list while another protects it, in whichever order
 *   their lists come, whatever joins or leaves them, and wherever taking one in was cut short.
 * Method: two lists that protect and two that block, over few names that lie below one another;
 *   lists drawn at random are taken in by the program itself, into a real store. After each, every
 *   entry in force is held against every protected name, by a rule that is written here anew.
 */
#include "app/call/api_again.h"
#include "app/call/api_help.h"
#include "app/lists/take_inside.h"
#include "env/file.h"
#include "kit/kit.h"
#include "store/sql.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define T0 INT64_C(1795349880000000)
enum { SOURCES = 4, NAMES = 15, WORLDS = 12, LISTS = 24, BODY = 1024 };

/* The first four protect or block; two that protect come first. */
static const char *const source_names[SOURCES] = {"banks", "platforms", "wide", "narrow"};
static const char *const names[NAMES] = {
    "a.example",   "b.a.example", "c.b.a.example", "d.c.b.a.example", "e.b.a.example",
    "f.example",   "g.f.example", "h.f.example",   "i.h.f.example",   "j.example",
    "k.j.example", "l.example",   "b.example",     "a.b.example",     "b.a.b.example",
};

static struct house house;
static struct law_profile law;
static struct reader *reader;
static str ids[SOURCES];
static char dir[64];
static int asks_left; /* that are answered; then the house is stopping */

static void must(err e)
{
    if (failed(e))
        fail_msg("%s (%u)", e.why, (unsigned)e.at);
}

/* --- what taking in asks of the house --- */

err ask_store(struct house *h, ask_fn *run, void *self)
{
    struct arena turn;
    if (asks_left == 0)
        return (err){.code = ERR_BUSY, .why = "limit.stopping"};
    asks_left--;
    arena_init(&turn, 64 << 20);
    must(store_begin(h->store));
    err e = run(self, h->store, clock_now(&h->clock), &turn);
    if (failed(e))
        store_rollback(h->store);
    else
        must(store_commit(h->store, clock_now(&h->clock)));
    arena_done(&turn);
    return e;
}

struct reader *house_reader_take(struct house *h)
{
    (void)h;
    return reader;
}

void house_reader_give(struct house *h, struct reader *r)
{
    (void)h, (void)r;
}

err house_path(const struct house *h, const char *name, char room[PATH_BYTES + 64])
{
    snprintf(room, PATH_BYTES + 64, "%s/%s", h->dir, name);
    return OK;
}

err again_find(struct call *call, struct store *store, bool *ret_answered)
{
    (void)call, (void)store;
    *ret_answered = false;
    return OK;
}

err again_keep(struct call *call, struct store *store, instant at)
{
    (void)call, (void)store, (void)at;
    return OK;
}

struct json *api_json(struct call *call, struct api_json *made)
{
    (void)call;
    text_init(&made->text, &call->arena);
    json_init(&made->json, &made->text);
    json_object(&made->json);
    return &made->json;
}

err api_json_done(struct call *call, struct api_json *made, int status)
{
    (void)call, (void)made, (void)status;
    return OK;
}

/* --- a house with four sources --- */

static struct actor staff(const char *name, role_set roles)
{
    return (struct actor){.user = str_from_c(name), .roles = roles, .kind = ACTOR_STAFF};
}

static const struct actor centre = {
    .user = {"centre", 6},
      .kind = ACTOR_CENTRE
};

static void apply(struct command *cmd)
{
    struct arena turn;
    arena_init(&turn, 1 << 20);
    must(store_begin(house.store));
    must(store_apply(house.store, cmd, clock_now(&house.clock), &turn, NULL));
    must(store_commit(house.store, clock_now(&house.clock)));
    arena_done(&turn);
}

static void add_user(const char *name, const char *roles)
{
    struct command cmd = {.act = ACT_USER_PROPOSE, .actor = centre, .record = str_from_c(name)};
    cmd.body.user = (struct user_account){.name = str_from_c(name), .roles = str_from_c(roles)};
    apply(&cmd);
}

static void add_source(int i)
{
    bool protects = i < 2;
    ids[i] = str_from_c(source_names[i]);
    struct command cmd = {
        .act = ACT_SOURCE_PROPOSE, .actor = staff("ann", 1U << ROLE_ANALYST), .record = ids[i]};
    cmd.body.source = (struct source){.name = ids[i],
                                      .role = protects ? SOURCE_PROTECTS : SOURCE_ENFORCES,
                                      .kind = INDICATOR_DOMAIN,
                                      .action = protects ? ACTION_ALLOW : ACTION_BLOCK,
                                      .match = i % 2 == 0 ? MATCH_SUFFIX : MATCH_EXACT,
                                      .reason = STR("phishing"),
                                      .basis = STR("law"),
                                      .licence = STR("MIT"),
                                      .origin = STR("somewhere"),
                                      .evidence = STR("its list"),
                                      .notice = STR("blocked"),
                                      .rpz = STR("notice"),
                                      .term_us = 30 * US_PER_DAY,
                                      .shrink_milli = 1000,
                                      .grow_milli = 100000};
    apply(&cmd);
    cmd = (struct command){
        .act = ACT_SOURCE_APPROVE, .actor = staff("bob", 1U << ROLE_APPROVER), .record = ids[i]};
    apply(&cmd);
}

static void found_centre(void)
{
    struct sign_secret secret;
    struct sign_public public_key;
    sign_key_make(&secret, &public_key);
    store_sign_with(house.store, STR("k1"), &secret);
    struct command cmd = {.act = ACT_CENTRE_OPEN, .actor = centre, .record = STR("c1")};
    cmd.body.centre = (struct centre){.name = STR("test"), .kind = CENTRE_DRILL};
    struct arena turn;
    arena_init(&turn, 1 << 20);
    must(store_begin(house.store));
    must(store_apply(house.store, &cmd, clock_now(&house.clock), &turn, NULL));
    cmd = (struct command){.act = ACT_KEY_ADD, .actor = centre, .record = STR("k1")};
    cmd.body.key = (struct signing_key){.kind = KEY_LEDGER, .public_part = STR("00")};
    must(store_apply(house.store, &cmd, clock_now(&house.clock), &turn, NULL));
    must(store_commit(house.store, clock_now(&house.clock)));
    arena_done(&turn);
    add_user("centre", "operator");
    add_user("ann", "analyst,feeder");
    add_user("bob", "approver");
}

static void open_house(uint64_t seed)
{
    house = (struct house){0};
    asks_left = INT32_MAX;
    arena_init(&house.boot, 64 << 20);
    random_init_seeded(&house.random, seed);
    id_source_init(&house.ids, &house.random);
    clock_init_manual(&house.clock, (instant){T0});
    law = (struct law_profile){.name = STR("cn"), .zone_min = 480, .listing_retention_days = 90};
    for (unsigned a = 0; a < ACTION_COUNT; a++)
        law.listing_max_term_us[INDICATOR_DOMAIN][a] = 365 * US_PER_DAY;
    house.law = law;
    house.public_url = STR("https://gate.test");
    snprintf(dir, sizeof dir, "/tmp/yumen-take-%d", (int)getpid());
    must(file_make_folder(dir));
    snprintf(house.dir, sizeof house.dir, "%s", dir);
    snprintf(house.db_path, sizeof house.db_path, "%s/db", dir);
    struct store_options options = {
        .path = house.db_path, .law = &law, .ids = &house.ids, .random = &house.random};
    must(store_open(&house.boot, &options, &house.store));
    found_centre();
    for (int i = 0; i < SOURCES; i++)
        add_source(i);
    must(reader_open(&house.boot, house.db_path, &reader));
}

static void close_house(void)
{
    static const char *const ends[] = {"db", "db-wal", "db-shm"};
    char path[PATH_BYTES + 32];
    reader_close(reader);
    store_close(house.store);
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        snprintf(path, sizeof path, "%s/%s", dir, ends[i]);
        unlink(path);
    }
    snprintf(path, sizeof path, "%s/waiting", dir);
    rmdir(path);
    rmdir(dir);
    arena_done(&house.boot);
}

/* --- lists --- */

struct list {
    int source;
    uint32_t names; /* bits */
};

static err take_in(const struct list *list)
{
    char body[BODY] = "";
    size_t size = 0;
    struct call *call = calloc(1, sizeof *call);
    union record r;
    arena_init(&call->arena, 64 << 20);
    for (int i = 0; i < NAMES; i++)
        if ((list->names >> i & 1) != 0)
            size += (size_t)snprintf(body + size, sizeof body - size, "%s\n", names[i]);
    call->house = &house;
    call->actor = staff("ann", 1U << ROLE_ANALYST | 1U << ROLE_FEEDER);
    call->request.body = str_make(body, size);
    must(reader_find(reader, RECORD_SOURCE, ids[list->source], &call->arena, &r));
    err e = take_run(call, &r.source, STR(""));
    arena_done(&call->arena);
    free(call);
    return e;
}

static struct list draw(struct random_source *random)
{
    struct list list = {.source = (int)(random_u64(random) % SOURCES)};
    for (int i = 0; i < NAMES; i++) /* those that block say more than those that protect */
        if (random_u64(random) % 8 < (list.source < 2 ? 2 : 5))
            list.names |= 1U << i;
    if (list.names == 0)
        list.names = 1;
    return list;
}

/* --- the rule, said once more --- */

static bool lies_below(str name, str top)
{
    return name.size > top.size && str_ends(name, top) && name.at[name.size - top.size - 1] == '.';
}

/* Of two names above, the nearer; of one name that both protect, the list that says more. */
static const char *fault_of(str entry, bool is_wide, const struct list *now)
{
    size_t nearest = 0;
    int who = -1;
    for (int s = 0; s < 2; s++)
        for (int i = 0; i < NAMES; i++) {
            str name = str_from_c(names[i]);
            if ((now[s].names >> i & 1) == 0)
                continue;
            if (str_equal(name, entry))
                return "the name itself is protected";
            if (is_wide && lies_below(name, entry))
                return "it blocks what lies below, where a name is protected";
            if (lies_below(entry, name) && name.size > nearest) {
                nearest = name.size;
                who = s;
            }
        }
    if (who == 0)
        return "all below a name above is protected";
    return who == 1 && is_wide ? "strangers live below a name above" : NULL;
}

static int count_of(const char *question)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    must(sql_ask(reader_sql(reader), question, &row));
    must(sql_next(row, &has_row));
    int count = (int)sql_i64(row, 0);
    sql_done(&row);
    return count;
}

static void check(const struct list *now)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    must(sql_ask(reader_sql(reader),
                 "SELECT \"value\", \"match\" = 'suffix' FROM listing WHERE \"state\" = 'in_force'",
                 &row));
    must(sql_next(row, &has_row));
    while (has_row) {
        str value = sql_peek(row, 0);
        const char *fault = fault_of(value, sql_i64(row, 1) != 0, now);
        if (fault != NULL)
            fail_msg("%.*s is in force: %s", STR_ARGS(value), fault);
        must(sql_next(row, &has_row));
    }
    sql_done(&row);
    assert_int_equal(
        count_of("SELECT count(*) FROM listing l WHERE \"ended_why\" ="
                 " 'source.conflict' AND NOT EXISTS (SELECT 1 FROM conflict c"
                 " WHERE c.\"value\" = l.\"value\" AND c.\"source\" = l.\"source_id\")"),
        0);
    assert_int_equal(count_of("SELECT count(*) - count(DISTINCT \"source_id\" || \"value\") FROM"
                              " listing WHERE \"state\" = 'in_force'"),
                     0);
}

static void nothing_protected_is_blocked_in_any_order(void **state)
{
    (void)state;
    int narrowed = 0;
    int lifted = 0;
    must(kit_boot());
    for (uint64_t seed = 1; seed <= WORLDS; seed++) {
        struct list now[SOURCES] = {0};
        struct random_source random;
        random_init_seeded(&random, seed);
        open_house(seed);
        for (int i = 0; i < LISTS; i++) {
            struct list list = draw(&random);
            must(take_in(&list));
            now[list.source] = list;
            check(now);
        }
        narrowed +=
            count_of("SELECT count(*) FROM listing WHERE \"ended_why\" = 'source.narrowed'");
        lifted += count_of("SELECT count(*) FROM listing WHERE \"ended_why\" = 'source.conflict'");
        close_house();
    }
    assert_true(narrowed > WORLDS && lifted > WORLDS);
}

/* Cut short at each group: the same list once more leaves nothing. */
static void what_was_cut_short_is_mended(void **state)
{
    (void)state;
    enum { CUTS = 8 };
    must(kit_boot());
    for (int cut = 0; cut < CUTS; cut++) {
        struct list now[SOURCES] = {
            [2] = {2, 0x7fff},
              [3] = {3, 0x7fff}
        };
        struct list banks = {0, 1U << 1 | 1U << 7};
        open_house(7);
        must(take_in(&now[2]));
        must(take_in(&now[3]));
        asks_left = cut;
        err e = take_in(&banks);
        asks_left = INT32_MAX;
        if (failed(e))
            must(take_in(&banks));
        now[0] = banks;
        check(now);
        assert_true(count_of("SELECT count(*) FROM listing WHERE \"state\" = 'in_force'") > 0);
        close_house();
    }
}

/* A list that blocks narrows what it finds too wide, as after a program that did not. */
static void a_list_narrows_its_own(void **state)
{
    (void)state;
    struct list wide = {2, 1U << 0 | 1U << 9};
    struct list now[SOURCES] = {
        {0, 1U << 4},
        {0},
        {0},
        {0}
    };
    must(kit_boot());
    open_house(9);
    must(take_in(&wide));
    asks_left = 2; /* its batch, its names; nothing of what follows */
    assert_true(failed(take_in(&now[0])));
    asks_left = INT32_MAX;
    must(take_in(&wide));
    check(now);
    assert_int_equal(count_of("SELECT count(*) FROM listing WHERE \"state\" = 'in_force'"), 2);
    assert_int_equal(
        count_of("SELECT count(*) FROM listing WHERE \"ended_why\" = 'source.narrowed'"), 1);
    close_house();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_protected_is_blocked_in_any_order),
        cmocka_unit_test(what_was_cut_short_is_mended),
        cmocka_unit_test(a_list_narrows_its_own),
    };
    return cmocka_run_group_tests_name("app/take", tests, NULL, NULL);
}
