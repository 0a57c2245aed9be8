/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: pages of a source with more batches than are merged at once hold every listing once, newest
 *   first, to the oldest; and `total` says that it is not all.
 * Method: rows written past the desk, so many that the batches are what is walked; page after page.
 */
#include "store/search.h"

#include "kit/kit.h"
#include "store/search_part.h"
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

enum { BATCHES = STREAMS_MOST + 300, EACH = 7, LISTINGS = BATCHES * EACH };
enum { ONE_IN = 97, WANTED = (LISTINGS + ONE_IN - 1) / ONE_IN }; /* are of the division */

static struct arena boot;
static struct arena turn;
static struct reader *reader;
static char path[64];

static void must(err e)
{
    if (failed(e))
        fail_msg("%s (%u)", e.why, (unsigned)e.at);
}

static const char rows[] =
    "INSERT INTO law_limit VALUES ('cn', 'domain', 'block', 1000000);"
    "INSERT INTO user_account (id, name, roles, division, state, proposer, approver, proposed_at,"
    " revision) VALUES ('centre', 'centre', 'operator', '', 'active', 'centre', 'centre', 1, 1);"
    "INSERT INTO user_account (id, name, roles, division, state, proposer, approver, proposed_at,"
    " revision) VALUES ('ann', 'ann', 'analyst', '', 'active', 'centre', 'centre', 1, 1),"
    " ('bob', 'bob', 'approver', '', 'active', 'centre', 'centre', 1, 1);"
    "INSERT INTO source (id, name, role, kind, action, \"match\", reason, basis, licence, origin,"
    " evidence, notice, rpz, term_us, shrink_milli, grow_milli, size, state, proposer, approver,"
    " proposed_at, decided_at, until, division, profile, max_term_us, revision) VALUES ('s1',"
    " 'phish', 'enforces', 'domain', 'block', 'exact', 'r', 'b', 'l', 'o', 'e', 'n', 'notice', "
    "1000,"
    " 0, 0, 0, 'in_force', 'ann', 'bob', 1, 2, 3, '', 'cn', 1000000, 1);"
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
    " INSERT INTO batch SELECT printf('%%08d', i * 1000), 'listings', 'phish', 's1', 'ann', 'done',"
    " NULL, 1, 0, 0, 0, 1, 0, 0, 0, 1, 2, '', 1 FROM n;"
    "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d - 1)"
    " INSERT INTO listing (id, kind, value, action, \"match\", source_id, score_milli, \"from\","
    " until, state, division, batch, profile, max_term_us, rpz, proposed_at, revision)"
    " SELECT printf('%%08d', (i / %d + 1) * 1000 + 1 + i %% %d), 'domain', 'n' || i || '.example',"
    " 'block', 'exact', 's1', 1000, 1, 2, 'in_force', CASE WHEN i %% %d = 0 THEN '6201' ELSE '' "
    "END,"
    " printf('%%08d', (i / %d + 1) * 1000), 'cn', 1000000, 'notice', 1, 1 FROM n;";

static int open_store(void **state)
{
    (void)state;
    static struct law_profile law;
    static struct random_source random;
    static struct id_source ids;
    static char script[sizeof rows + 64];
    struct store *store = NULL;
    must(kit_boot());
    arena_init(&boot, 64 << 20);
    arena_init(&turn, 64 << 20);
    random_init_seeded(&random, 7);
    id_source_init(&ids, &random);
    law = (struct law_profile){.name = STR("cn")};
    snprintf(path, sizeof path, "/tmp/yumen-search-%d.db", (int)getpid());
    struct store_options options = {.path = path, .law = &law, .ids = &ids, .random = &random};
    must(store_open(&boot, &options, &store));
    int size = snprintf(script, sizeof script, rows, BATCHES, LISTINGS, EACH, EACH, ONE_IN, EACH);
    must(sql_run(store_sql(store), "BEGIN"));
    must(sql_run_script(store_sql(store), str_make(script, (size_t)size)));
    must(sql_run(store_sql(store), "COMMIT"));
    store_close(store);
    must(reader_open(&boot, path, &reader));
    return 0;
}

static int close_store(void **state)
{
    (void)state;
    static const char *const ends[] = {"", "-wal", "-shm"};
    reader_close(reader);
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        char side[80];
        snprintf(side, sizeof side, "%s%s", path, ends[i]);
        unlink(side);
    }
    arena_done(&boot);
    arena_done(&turn);
    return 0;
}

/* The n-th that is wanted, newest first. */
static int64_t id_at(int n)
{
    int i = (WANTED - 1 - n) * ONE_IN;
    return (int64_t)(i / EACH + 1) * 1000 + 1 + i % EACH;
}

static void every_listing_is_on_a_page(void **state)
{
    (void)state;
    char before[16] = "";
    int seen = 0;
    int pages = 0;
    do {
        struct search s = {.scope = STR("6201"),
                           .source = STR("phish"),
                           .before = str_from_c(before),
                           .limit = LIST_MOST};
        struct list_page page = {0};
        bool is_least = false;
        arena_reset(&turn);
        must(search_page(reader, &s, &turn, &page, &is_least));
        for (size_t i = 0; i < page.count; i++, seen++) {
            int64_t id = 0;
            must(str_parse_i64(page.items[i].listing.id, &id));
            assert_int_equal(id, id_at(seen));
        }
        assert_true(is_least && page.total < WANTED);
        snprintf(before, sizeof before, "%.*s", STR_ARGS(page.next));
        pages++;
    } while (before[0] != '\0');
    assert_int_equal(seen, WANTED);
    assert_int_equal(pages, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_listing_is_on_a_page, open_store, close_store),
    };
    return cmocka_run_group_tests_name("store/search", tests, NULL, NULL);
}
