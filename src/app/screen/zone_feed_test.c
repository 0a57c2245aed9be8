/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: what the store says is what the gate serves: at start, after a publish, after one that the
 * gate would not take, and when other records stand behind the same names.
 * Method: a real gate on loopback and a store whose zone is written by hand; the test stands in for
 * the store thread and asks the gate over UDP.
 */
#include "app/screen/zone_feed.h"

#include "app/house/ask.h"
#include "app/house/keys.h"
#include "env/clock.h"
#include "gate/dns/dns.h"
#include "gate/dns/wire.h"
#include "kit/kit.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define T0 INT64_C(1795349880000000)
enum { WAIT_STEPS = 6000, STEP_US = 10000 };

static struct house house;
static struct law_profile law;

static void must(err e)
{
    if (failed(e))
        fail_msg("%s (%u)", e.why, (unsigned)e.at);
}

/* In place of the worker: this thread is the store thread. */
err ask_store(struct house *h, ask_fn *run, void *self)
{
    struct arena turn;
    arena_init(&turn, 1 << 20);
    must(store_begin(h->store));
    err e = run(self, h->store, clock_now(&h->clock), &turn);
    if (failed(e))
        store_rollback(h->store);
    else
        e = store_commit(h->store, clock_now(&h->clock));
    arena_done(&turn);
    return e;
}

err house_path(const struct house *h, const char *name, char room[PATH_BYTES + 64])
{
    snprintf(room, PATH_BYTES + 64, "%s/%s", h->dir, name);
    return OK;
}

/* A listed secret's file is read from disk: nobody asks a reader here. */
struct reader *house_reader_take(struct house *h)
{
    (void)h;
    fail_msg("nobody reads");
    return NULL;
}

void house_reader_give(struct house *h, struct reader *reader)
{
    (void)h;
    (void)reader;
}

static int open_house(void **state)
{
    (void)state;
    must(kit_boot());
    house = (struct house){0};
    arena_init(&house.boot, 64 << 20);
    random_init_seeded(&house.random, 7);
    id_source_init(&house.ids, &house.random);
    clock_init_manual(&house.clock, (instant){T0});
    law = (struct law_profile){.name = STR("cn")};
    snprintf(house.dir, sizeof house.dir, "/tmp/yumen-zone-feed-%d", (int)getpid());
    snprintf(house.db_path, sizeof house.db_path, "%s.db", house.dir);
    house.conf = (struct conf){
        .dns_listen = STR("127.0.0.1:0"), .dns_ttl_s = 5, .dns_notice_a = STR("192.0.2.80")};
    struct store_options options = {
        .path = house.db_path, .law = &law, .ids = &house.ids, .random = &house.random};
    must(store_open(&house.boot, &options, &house.store));
    return 0;
}

static int close_house(void **state)
{
    (void)state;
    static const char *const ends[] = {"", "-wal", "-shm"};
    zone_feed_close(&house);
    store_close(house.store);
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        char path[PATH_BYTES + 32];
        snprintf(path, sizeof path, "%s%s", house.db_path, ends[i]);
        unlink(path);
    }
    arena_done(&house.boot);
    return 0;
}

/* The rows of a change, without a listing: its serial. */
static uint32_t put_name(const char *insert)
{
    uint32_t serial = 0;
    must(store_begin(house.store));
    must(sql_run(store_sql(house.store), insert));
    must(zone_renew(house.store, clock_now(&house.clock), &serial));
    must(store_commit(house.store, clock_now(&house.clock)));
    return serial;
}

/* Tells the gate of one name, as zone_update would. */
static void publish(const char *turned, uint32_t serial)
{
    struct arena turn;
    struct zone_news *news = NULL;
    struct zone_change change = {str_from_c(turned), STR(""), STR("notice")};
    arena_init(&turn, 1 << 16);
    must(zone_news_make(&house, &turn, &news));
    must(news->sink.change(news->sink.self, &change));
    must(zone_feed_publish(&house, news, serial));
    zone_news_drop(news);
    arena_done(&turn);
}

static uint32_t stored(void)
{
    uint32_t serial = 0;
    must(zone_serial(store_sql(house.store), &serial));
    return serial;
}

static void wait_for_serial(uint32_t serial)
{
    for (int i = 0; i < WAIT_STEPS && dns_gate_serial(house.dns) != serial; i++)
        usleep(STEP_US);
    assert_int_equal(dns_gate_serial(house.dns), serial);
}

/* The last four bytes of the answer to "NAME.rpz.yumen A?"; 0 when there is none. */
static uint32_t listed_address(const char *name)
{
    uint8_t packet[512] = {0};
    struct sheet s = {.at = packet, .room = sizeof packet};
    struct dns_name owner;
    must(dns_name_parse(str_from_c(name), &owner));
    static const uint16_t head[] = {77, DNS_RD, 1, 0, 0, 0};
    for (size_t i = 0; i < COUNT_OF(head); i++)
        sheet_u16(&s, head[i]);
    sheet_bytes(&s, owner.at, owner.size);
    sheet_u16(&s, DNS_A);
    sheet_u16(&s, DNS_IN);
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons(dns_gate_port(house.dns, 0)),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    struct timeval patience = {.tv_sec = 60};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    assert_true(sendto(fd, packet, s.size, 0, (struct sockaddr *)&to, sizeof to) > 0);
    ssize_t size = recv(fd, packet, sizeof packet, 0);
    close(fd);
    assert_true(size >= DNS_HEADER_BYTES);
    struct wire w = {.at = packet, .size = (size_t)size, .pos = 6};
    if (wire_u16(&w) == 0)
        return 0;
    w.pos = s.size + 12; /* past the pointer, type, class, ttl and size of the first answer */
    return wire_u32(&w);
}

enum { NOTICE_80 = 0xc0000250, NOTICE_81 = 0xc0000251 };
#define PUT_ONE "INSERT INTO rpz_domain VALUES ('example.one.', 0, 'notice', NULL)"
#define PUT_TWO "INSERT INTO rpz_domain VALUES ('example.two.', 0, 'notice', NULL)"

static void start_and_publish(void **state)
{
    (void)state;
    put_name(PUT_ONE);
    must(zone_feed_open(&house));
    wait_for_serial(stored());
    assert_int_equal(listed_address("one.example.rpz.yumen"), NOTICE_80);
    assert_int_equal(listed_address("two.example.rpz.yumen"), 0);
    uint32_t serial = put_name(PUT_TWO);
    publish("example.two.", serial);
    wait_for_serial(serial);
    assert_int_equal(listed_address("two.example.rpz.yumen"), NOTICE_80);
}

static void a_missed_publish_is_mended(void **state)
{
    (void)state;
    must(zone_feed_open(&house));
    publish("example.one.", stored()); /* the gate has this serial: it will not take it */
    for (int i = 0; i < WAIT_STEPS && !env_flag_is_up(&house.is_zone_behind); i++)
        usleep(STEP_US);
    assert_true(env_flag_is_up(&house.is_zone_behind));
    put_name(PUT_ONE);
    uint32_t serial = put_name(PUT_TWO);
    publish("example.two.", serial); /* waits: a hole would come before it */
    assert_int_not_equal(dns_gate_serial(house.dns), serial);
    must(zone_feed_mend(&house, house.store, clock_now(&house.clock)));
    assert_false(env_flag_is_up(&house.is_zone_behind));
    wait_for_serial(stored());
    assert_int_equal(listed_address("one.example.rpz.yumen"), NOTICE_80);
    assert_int_equal(listed_address("two.example.rpz.yumen"), NOTICE_80);
    assert_true(stored() > serial);
    must(zone_feed_mend(&house, house.store, clock_now(&house.clock))); /* nothing to mend */
    assert_int_equal(dns_gate_serial(house.dns), stored());
}

static void other_records_make_a_new_serial(void **state)
{
    (void)state;
    put_name(PUT_ONE);
    must(zone_feed_open(&house));
    uint32_t first = dns_gate_serial(house.dns);
    zone_feed_close(&house);
    must(zone_feed_open(&house));
    assert_int_equal(dns_gate_serial(house.dns), first);
    zone_feed_close(&house);
    house.conf.dns_notice_a = STR("192.0.2.81");
    must(zone_feed_open(&house));
    assert_int_equal(dns_gate_serial(house.dns), first + 1);
    assert_int_equal(listed_address("one.example.rpz.yumen"), NOTICE_81);
}

/* A key by name alone is the centre's own: the current one of its kind, and no other. */
static void the_own_key_is_the_current_one(void **state)
{
    (void)state;
    static const struct conf_tsig own = {
        .name = {"yumen",       5 },
          .algorithm = {"hmac-sha256", 11}
    };
    char folder[PATH_BYTES + 64];
    char path[PATH_BYTES + 64];
    house.conf.dns_tsigs = (struct conf_tsigs){.at = &own, .count = 1};
    must(house_path(&house, "keys", folder));
    must(key_path(&house, KEY_TSIG, STR("new"), path));
    must(file_make_folder(house.dir));
    must(file_make_folder(folder));
    assert_string_equal(zone_feed_open(&house).why, "key.absent");
    must(store_begin(house.store));
    must(sql_run(store_sql(house.store),
                 "INSERT INTO signing_key VALUES ('old', 'tsig', 'retired', NULL, 1, 2, '', 2),"
                 " ('other', 'ledger', 'current', '00', 1, NULL, '', 1),"
                 " ('new', 'tsig', 'current', NULL, 2, NULL, '', 1)"));
    must(store_commit(house.store, clock_now(&house.clock)));
    assert_string_equal(zone_feed_open(&house).why, "key.file");
    must(file_write(path, STR("bm8gb3RoZXIgc2VjcmV0IGlzIGxpa2UgdGhpcyBvbmU=\n")));
    must(zone_feed_open(&house));
    unlink(path);
    rmdir(folder);
    rmdir(house.dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(start_and_publish, open_house, close_house),
        cmocka_unit_test_setup_teardown(a_missed_publish_is_mended, open_house, close_house),
        cmocka_unit_test_setup_teardown(the_own_key_is_the_current_one, open_house, close_house),
        cmocka_unit_test_setup_teardown(other_records_make_a_new_serial, open_house, close_house),
    };
    return cmocka_run_group_tests_name("app/zone_feed", tests, NULL, NULL);
}
