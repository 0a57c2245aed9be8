/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: an event that cannot be made holds up no other; a trouble that may pass holds up all of
 * them, in order, and loses none.
 * Method: a real outbox; events that fail as the test says, and a stream that only counts.
 */
#include "app/centre/deliver.h"

#include "app/bank/post_order.h"
#include "app/bank/waiting.h"
#include "app/call/event.h"
#include "app/house/erasures.h"
#include "app/race/race_thread.h"
#include "app/reach/reach.h"
#include "app/screen/screening.h"
#include "app/screen/sip_screen.h"
#include "app/screen/zone_feed.h"
#include "app/send/send.h"
#include "env/clock.h"
#include "gate/http/gate.h"
#include "kit/kit.h"
#include "store/outbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define T0 INT64_C(1795349880000000)
enum { EVENTS = 3, MIDDLE = 1 };

static struct house house;
static struct law_profile law;
static err middle; /* what the event of leaf MIDDLE comes to */
static uint64_t told[2 * EVENTS];
static size_t told_count;

static void must(err e)
{
    if (failed(e))
        fail_msg("%s (%u)", e.why, (unsigned)e.at);
}

/* --- what deliver asks of its neighbours --- */

err event_make(struct sql *db, uint64_t leaf, int zone_min, struct arena *turn,
               struct http_event *ret_event)
{
    (void)db;
    (void)zone_min;
    (void)turn;
    if (leaf == MIDDLE && failed(middle))
        return middle;
    *ret_event = (struct http_event){.id = leaf};
    return OK;
}

void screening_committed(struct house *house_, uint64_t leaf_count)
{
    (void)house_;
    (void)leaf_count;
}

void http_event_send(struct http_gate *gate, const struct http_event *event)
{
    (void)gate;
    assert_true(told_count < COUNT_OF(told));
    told[told_count++] = event->id;
}

err zone_news_make(struct house *h, struct arena *turn, struct zone_news **ret_news)
{
    (void)h;
    (void)turn;
    *ret_news = NULL;
    return OK;
}

void zone_news_drop(struct zone_news *news)
{
    (void)news;
}

err zone_feed_publish(struct house *h, struct zone_news *news, uint32_t serial)
{
    (void)h;
    (void)news;
    (void)serial;
    return OK;
}

void race_thread_wake(struct house *h)
{
    (void)h;
}

err sip_screen_keep(struct house *h, struct store *store, instant now)
{
    (void)h;
    (void)store;
    (void)now;
    return OK;
}

void send_wake(struct house *h, instant now)
{
    (void)h;
    (void)now;
}
instant send_next(const struct house *h)
{
    (void)h;
    return (instant){0};
}
err send_turn(struct house *h, struct store *store, instant now)
{
    (void)h;
    (void)store;
    (void)now;
    return OK;
}
void waiting_tell(struct house *h, str provider)
{
    (void)h;
    (void)provider;
}

err post_bring(struct house *h, struct store *store, const struct post_ask *ask, struct arena *turn)
{
    (void)h;
    (void)store;
    (void)ask;
    (void)turn;
    return OK;
}

err reach_bring(struct house *h, struct store *store, const struct outbox_entry *entry, instant now,
                struct arena *turn)
{
    (void)h;
    (void)store;
    (void)entry;
    (void)now;
    (void)turn;
    return OK;
}

err zone_feed_mend(struct house *h, struct store *store, instant now)
{
    (void)h;
    (void)store;
    (void)now;
    return OK;
}

err erasures_append(const char *path, str lines)
{
    (void)path;
    (void)lines;
    return OK;
}

err house_path(const struct house *h, const char *name, char room[PATH_BYTES + 64])
{
    snprintf(room, PATH_BYTES + 64, "%s/%s", h->dir, name);
    return OK;
}

/* --- a store with three events to tell --- */

static int open_house(void **state)
{
    (void)state;
    must(kit_boot());
    house = (struct house){0};
    told_count = 0;
    middle = OK;
    arena_init(&house.boot, 64 << 20);
    random_init_seeded(&house.random, 7);
    id_source_init(&house.ids, &house.random);
    law = (struct law_profile){.name = STR("cn")};
    snprintf(house.db_path, sizeof house.db_path, "/tmp/yumen-deliver-%d.db", (int)getpid());
    struct store_options options = {
        .path = house.db_path, .law = &law, .ids = &house.ids, .random = &house.random};
    must(store_open(&house.boot, &options, &house.store));
    must(store_begin(house.store));
    must(
        sql_run(store_sql(house.store),
                "INSERT INTO outbox (\"topic\", \"record\", \"first_leaf\", \"leaf\", \"attempts\","
                " \"next_at\") VALUES ('stream', 'r', 0, 0, 0, 0), ('stream', 'r', 1, 1, 0, 0),"
                " ('stream', 'r', 2, 2, 0, 0)"));
    must(store_commit(house.store, (instant){T0}));
    env_flag_raise(&house.is_ready);
    return 0;
}

static int close_house(void **state)
{
    (void)state;
    static const char *const ends[] = {"", "-wal", "-shm"};
    store_close(house.store);
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        char path[PATH_BYTES + 32];
        snprintf(path, sizeof path, "%s%s", house.db_path, ends[i]);
        unlink(path);
    }
    arena_done(&house.boot);
    return 0;
}

static err deliver_once(void)
{
    struct worker_port port = deliver_port(&house);
    return port.deliver(port.self, house.store, (instant){T0});
}

static size_t waiting(void)
{
    struct arena turn;
    struct outbox_entries entries = {0};
    arena_init(&turn, 1 << 20);
    must(outbox_take(house.store, EFFECT_STREAM, (instant){T0}, &turn, &entries));
    arena_done(&turn);
    return entries.count;
}

static void what_cannot_be_told_is_passed_over(void **state)
{
    (void)state;
    static const enum err_code lasting[] = {ERR_MALFORMED, ERR_LIMIT, ERR_CONFLICT, ERR_CORRUPT,
                                            ERR_ABSENT};
    for (size_t i = 0; i < COUNT_OF(lasting); i++) {
        middle = (err){.why = "test", .code = lasting[i]};
        must(deliver_once());
        assert_int_equal(told_count, EVENTS - 1);
        assert_int_equal(told[0], 0);
        assert_int_equal(told[1], 2);
        assert_int_equal(waiting(), 0);
        close_house(NULL);
        open_house(NULL);
    }
}

static void what_may_pass_is_tried_again(void **state)
{
    (void)state;
    static const enum err_code passing[] = {ERR_OS, ERR_BUSY};
    for (size_t i = 0; i < COUNT_OF(passing); i++) {
        middle = (err){.why = "test", .code = passing[i]};
        assert_int_equal(deliver_once().code, passing[i]);
        assert_int_equal(waiting(), EVENTS);
        middle = OK;
        must(deliver_once());
        assert_int_equal(told[told_count - 1], EVENTS - 1);
        assert_int_equal(told[told_count - 2], MIDDLE);
        assert_int_equal(waiting(), 0);
        close_house(NULL);
        open_house(NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_cannot_be_told_is_passed_over, open_house,
                                        close_house),
        cmocka_unit_test_setup_teardown(what_may_pass_is_tried_again, open_house, close_house),
    };
    return cmocka_run_group_tests_name("app/deliver", tests, NULL, NULL);
}
