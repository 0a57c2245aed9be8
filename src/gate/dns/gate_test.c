/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: the running gate tells its secondaries until they have heard, serves each at its own pace,
 * holds nobody up, and says so when a publish is missing.
 * Method: a gate on loopback in its own thread; this test plays the store and the secondaries.
 */
#include "env/clock.h"
#include "env/thread.h"
#include "gate/dns/dns.h"
#include "gate/dns/notify.h"
#include "gate/dns/oracle.h"
#include "gate/dns/server.h"

#include <assert.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#define SECRET "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

enum { WAIT_MS = 60000, BIG = 60000 };

struct world {
    struct dns_gate *gate;
    struct env_thread thread;
    struct env_mutex mutex;
    uint64_t notes[DNS_NOTE_COUNT]; /* under mutex */
    int udp;                        /* where the secondary takes NOTIFY */
    uint16_t udp_port;
    uint16_t port;
};

static struct world world;

static void on_note(void *self, enum dns_note note, const struct dns_news *news)
{
    struct world *w = self;
    (void)news;
    env_mutex_lock(&w->mutex);
    w->notes[note]++;
    env_mutex_unlock(&w->mutex);
}

static uint64_t noted(struct world *w, enum dns_note note)
{
    env_mutex_lock(&w->mutex);
    uint64_t count = w->notes[note];
    env_mutex_unlock(&w->mutex);
    return count;
}

static void wait_noted(struct world *w, enum dns_note note, uint64_t count)
{
    for (int i = 0; i < WAIT_MS / 5 && noted(w, note) < count; i++)
        usleep(5000);
    assert_true(noted(w, note) >= count);
}

static void on_thread(void *self)
{
    err e = dns_gate_run(self);
    assert(!failed(e));
}

static int socket_bound(int type, uint16_t *ret_port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
    *ret_port = ntohs(at.sin_port);
    return fd;
}

/* The options live as long as the call. */
static err start(struct world *w, const char *key, const struct rpz_start *zone, bool is_held)
{
    struct dns_endpoint listen = {STR("127.0.0.1"), 0};
    struct dns_secondary secondary = {
        {STR("127.0.0.1"), w->udp_port},
        str_from_c(key)
    };
    struct dns_key keys = {STR("k.x"), STR("hmac-sha256"), STR(SECRET)};
    struct dns_options options = {
        .listen = &listen,
        .listen_count = 1,
        .secondaries = &secondary,
        .secondary_count = 1,
        .keys = &keys,
        .key_count = 1,
        .notice = {.a = STR("192.0.2.80")},
        .is_held = is_held,
    };
    struct dns_port port = {.self = w, .note = on_note};
    return dns_gate_start(&options, &port, zone, &w->gate);
}

static void world_make(struct world *w, const char *key, const struct rpz_start *zone, bool is_held)
{
    *w = (struct world){0};
    env_mutex_init(&w->mutex);
    w->udp = socket_bound(SOCK_DGRAM, &w->udp_port);
    assert_false(failed(start(w, key, zone, is_held)));
    w->port = dns_gate_port(w->gate, 0);
}

static void world_open(struct world *w, const char *key, const struct rpz_start *zone)
{
    world_make(w, key, zone, false);
}

static void world_run(struct world *w)
{
    assert_false(failed(env_thread_start(&w->thread, "dns", on_thread, w->gate)));
}

static void world_close(struct world *w)
{
    dns_gate_stop(w->gate);
    env_thread_join(&w->thread);
    dns_gate_close(w->gate);
    close(w->udp);
    env_mutex_done(&w->mutex);
}

/* --- as a secondary --- */

static size_t udp_take(struct world *w, uint8_t room[1024], struct sockaddr_in *sender, int wait_ms)
{
    struct pollfd p = {.fd = w->udp, .events = POLLIN};
    socklen_t size = sizeof *sender;
    if (poll(&p, 1, wait_ms) != 1)
        return 0;
    ssize_t got = recvfrom(w->udp, room, 1024, 0, (struct sockaddr *)sender, &size);
    assert_true(got > 0);
    return (size_t)got;
}

static void udp_acknowledge_from(int fd, uint8_t *packet, const struct sockaddr_in *to)
{
    packet[2] |= 0x80;
    packet[7] = 0; /* only the question goes back */
    size_t size = DNS_HEADER_BYTES + 11 + 4;
    assert_int_equal(sendto(fd, packet, size, 0, (const struct sockaddr *)to, sizeof *to),
                     (ssize_t)size);
}

static void udp_acknowledge(struct world *w, uint8_t *packet, const struct sockaddr_in *to)
{
    udp_acknowledge_from(w->udp, packet, to);
}

static int tcp_open_with_room(const struct world *w, int room)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons(w->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval wait = {.tv_sec = WAIT_MS / 1000};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait), 0);
    if (room > 0) /* before connecting: it bounds the window */
        assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room), 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    return fd;
}

static int tcp_open(const struct world *w)
{
    return tcp_open_with_room(w, 0);
}

static size_t framed(uint8_t room[1026], uint16_t type, uint32_t serial, struct oracle_key *key)
{
    size_t size = oracle_request(room + 2, "rpz.yumen.", type, serial, key);
    room[0] = (uint8_t)(size >> 8);
    room[1] = (uint8_t)size;
    return size + 2;
}

static void tcp_ask(int fd, uint16_t type, uint32_t serial, struct oracle_key *key)
{
    uint8_t packet[1026];
    size_t size = framed(packet, type, serial, key);
    assert_int_equal(send(fd, packet, size, MSG_NOSIGNAL), (ssize_t)size);
}

static bool bytes_take(int fd, uint8_t *room, size_t size)
{
    return recv(fd, room, size, MSG_WAITALL) == (ssize_t)size;
}

/* The next message; 0 when the gate has closed. */
static size_t tcp_take(int fd, uint8_t room[65536])
{
    uint8_t length[2];
    if (!bytes_take(fd, length, 2))
        return 0;
    size_t size = (size_t)(length[0] << 8 | length[1]);
    assert_true(bytes_take(fd, room, size));
    return size;
}

static uint8_t message[65536];

static void tcp_play(int fd, struct oracle_transfer *t, struct oracle_key *key)
{
    while (t->stage != ORACLE_ENDED) {
        size_t size = tcp_take(fd, message);
        assert_true(size > 0);
        oracle_transfer_take(t, message, size);
        if (key != NULL)
            assert_true(oracle_verify(key, message, size));
    }
}

static void publish(struct world *w, uint32_t serial, const char *owner, enum rpz_policy policy)
{
    struct rpz_entry one = {str_from_c(owner), policy};
    assert_false(failed(dns_gate_publish(w->gate, serial, &one, 1)));
}

static struct oracle_set set;

/* --- the goals --- */

static void a_secondary_is_told_until_it_has_heard(void **state)
{
    (void)state;
    struct world *w = &world;
    struct rpz_start zone = {.serial = 5};
    uint8_t packet[1024];
    struct sockaddr_in sender;
    world_open(w, "", &zone);
    world_run(w);
    assert_true(udp_take(w, packet, &sender, WAIT_MS) > 0); /* at the start */
    assert_int_equal(ntohs(sender.sin_port), w->port);
    uint16_t unused = 0;
    int stranger = socket_bound(SOCK_DGRAM, &unused);
    udp_acknowledge_from(stranger, packet, &sender); /* the right bytes from the wrong port */
    wait_noted(w, DNS_DROPPED, 1);
    assert_int_equal(noted(w, DNS_ACKNOWLEDGED), 0);
    close(stranger);
    assert_true(udp_take(w, packet, &sender, WAIT_MS) > 0); /* again: nobody answered */
    udp_acknowledge(w, packet, &sender);
    wait_noted(w, DNS_ACKNOWLEDGED, 1);
    assert_int_equal(udp_take(w, packet, &sender, 700), 0); /* now it is quiet */

    for (uint32_t serial = 6; serial < 106; serial++)
        publish(w, serial, "evil.com", serial % 2 == 0 ? RPZ_NOTICE : RPZ_NONE);
    wait_noted(w, DNS_PUBLISHED, 101);
    assert_int_equal(dns_gate_serial(w->gate), 105);
    size_t told = 0;
    while (udp_take(w, packet, &sender, 150) > 0)
        told++;
    assert_in_range(told, 1, 10); /* not a hundred */
    udp_acknowledge(w, packet, &sender);
    wait_noted(w, DNS_ACKNOWLEDGED, 2);

    struct dns_secondary_state seen;
    assert_int_equal(dns_gate_secondaries(w->gate, &seen, 1), 1);
    assert_int_equal(seen.acknowledged, 105);
    assert_int_equal(seen.served_at.us, 0);
    assert_false(seen.is_signed);
    world_close(w);
}

static void what_a_secondary_fetched_is_known(void **state)
{
    (void)state;
    struct world *w = &world;
    struct rpz_start zone = {.serial = 105};
    struct dns_secondary_state seen;
    world_open(w, "", &zone);
    world_run(w);
    int fd = tcp_open(w);
    struct oracle_transfer t;
    set.count = 0;
    oracle_transfer_begin(&t, &set, 0);
    tcp_ask(fd, DNS_AXFR, 0, NULL);
    tcp_play(fd, &t, NULL);
    assert_int_equal(t.serial, 105);
    assert_int_equal(set.count, 1);
    publish(w, 106, "evil.com", RPZ_NOTICE);
    wait_noted(w, DNS_PUBLISHED, 2);
    set.count = 0;
    tcp_ask(fd, DNS_IXFR, 105, NULL);
    oracle_transfer_begin(&t, &set, 105);
    tcp_play(fd, &t, NULL);
    assert_int_equal(set.count, 1);
    assert_string_equal(set.line[0], "evil.com.rpz.yumen.\t5\tIN\tA\t192.0.2.80");
    wait_noted(w, DNS_SENT_DIFFS, 1);
    assert_int_equal(dns_gate_secondaries(w->gate, &seen, 1), 1);
    assert_int_equal(seen.serial, 106);
    assert_true(seen.whole_count == 1 && seen.diffs_count == 1 && seen.served_at.us > 0);
    assert_null(seen.trouble);
    close(fd);
    world_close(w);
}

/* The rcode of the one answer to a transfer. */
static unsigned asked_in_vain(const struct world *w, uint16_t type, uint32_t serial)
{
    int fd = tcp_open(w);
    tcp_ask(fd, type, serial, NULL);
    size_t size = tcp_take(fd, message);
    close(fd);
    assert_true(size >= DNS_HEADER_BYTES);
    assert_int_equal(message[6] << 8 | message[7], 0); /* no record */
    return message[3] & 0xF;
}

static void a_held_zone_is_not_seen(void **state)
{
    (void)state;
    struct world *w = &world;
    struct rpz_start zone = {.serial = 105};
    uint8_t packet[1024];
    struct sockaddr_in sender;
    world_make(w, "", &zone, true);
    world_run(w);
    assert_int_equal(udp_take(w, packet, &sender, 300), 0); /* nobody is told */
    assert_int_equal(asked_in_vain(w, DNS_SOA, 0), DNS_SERVFAIL);
    assert_int_equal(asked_in_vain(w, DNS_AXFR, 0), DNS_SERVFAIL);
    assert_int_equal(asked_in_vain(w, DNS_IXFR, 104), DNS_SERVFAIL);
    publish(w, 106, "evil.com", RPZ_NOTICE);
    wait_noted(w, DNS_PUBLISHED, 2);
    assert_int_equal(asked_in_vain(w, DNS_AXFR, 0), DNS_SERVFAIL);
    assert_int_equal(udp_take(w, packet, &sender, 300), 0);
    assert_false(failed(dns_gate_release(w->gate)));
    assert_true(udp_take(w, packet, &sender, WAIT_MS) > 0);
    udp_acknowledge(w, packet, &sender);
    struct oracle_transfer t;
    set.count = 0;
    oracle_transfer_begin(&t, &set, 0);
    int fd = tcp_open(w);
    tcp_ask(fd, DNS_AXFR, 0, NULL);
    tcp_play(fd, &t, NULL);
    assert_int_equal(t.serial, 106);
    assert_int_equal(set.count, 2);
    close(fd);
    world_close(w);
}

static char owners[BIG][32];
static struct rpz_entry entries[BIG];

static struct rpz_start big_zone(uint32_t serial)
{
    for (unsigned i = 0; i < BIG; i++) {
        snprintf(owners[i], sizeof owners[i], "a-name-of-some-length-%u.com", i);
        entries[i] = (struct rpz_entry){str_from_c(owners[i]), RPZ_NXDOMAIN};
    }
    return (struct rpz_start){.serial = serial, .entries = entries, .entry_count = BIG};
}

/* One message, read by size and signature alone: how many records it has. */
static size_t take_some(int fd, struct oracle_key *key)
{
    size_t size = tcp_take(fd, message);
    assert_true(size > 0);
    if (key != NULL)
        assert_true(oracle_verify(key, message, size));
    return (size_t)(message[6] << 8 | message[7]);
}

static void a_slow_reader_holds_nobody_up(void **state)
{
    (void)state;
    struct world *w = &world;
    struct rpz_start zone = big_zone(9);
    struct oracle_key key = {"k.x.", "hmac-sha256.", SECRET, {0}, 0, false};
    world_open(w, "k.x", &zone);
    world_run(w);
    int slow = tcp_open_with_room(w, 4096); /* the kernel must not take it all */
    tcp_ask(slow, DNS_AXFR, 0, &key);
    struct oracle_key slow_key = key;
    size_t records = take_some(slow, &slow_key);

    publish(w, 10, "news.com", RPZ_NOTICE);
    wait_noted(w, DNS_PUBLISHED, 2);
    int quick = tcp_open(w);
    tcp_ask(quick, DNS_IXFR, 9, &key);
    size_t size = tcp_take(quick, message);
    assert_true(oracle_verify(&key, message, size));
    assert_int_equal(message[7], 5); /* SOA SOA SOA A SOA: one step */
    assert_int_equal(noted(w, DNS_SENT_WHOLE), 0);

    while (records < BIG + 3) /* and the slow one gets the zone it began with */
        records += take_some(slow, &slow_key);
    assert_int_equal(records, BIG + 3);
    wait_noted(w, DNS_SENT_WHOLE, 1);
    close(quick);
    close(slow);
    world_close(w);
}

static void one_who_goes_away_is_let_go(void **state)
{
    (void)state;
    struct world *w = &world;
    struct rpz_start zone = big_zone(9);
    world_open(w, "", &zone);
    world_run(w);
    for (int i = 0; i < 10; i++) {
        int fd = tcp_open_with_room(w, 4096); /* else all of it may be on its way already */
        tcp_ask(fd, DNS_AXFR, 0, NULL);
        assert_true(tcp_take(fd, message) > 0);
        close(fd); /* in the middle */
    }
    wait_noted(w, DNS_TRANSFER_LOST, 10);
    struct dns_secondary_state seen;
    assert_int_equal(dns_gate_secondaries(w->gate, &seen, 1), 1);
    assert_non_null(seen.trouble);
    int fd = tcp_open(w);
    tcp_ask(fd, DNS_AXFR, 0, NULL);
    assert_int_equal(shutdown(fd, SHUT_WR), 0); /* half a close: he still listens */
    for (size_t records = 0; records < BIG + 3;)
        records += take_some(fd, NULL);
    assert_int_equal(tcp_take(fd, message), 0);
    close(fd);
    world_close(w);
}

static void questions_may_come_in_any_pieces(void **state)
{
    (void)state;
    struct world *w = &world;
    struct rpz_start zone = {.serial = 5};
    uint8_t packet[3 * 1026];
    world_open(w, "", &zone);
    world_run(w);
    int fd = tcp_open(w);
    size_t size = framed(packet, DNS_SOA, 0, NULL);
    size += framed(packet + size, DNS_AXFR, 0, NULL);
    size += framed(packet + size, DNS_NS, 0, NULL);
    for (size_t at = 0; at < size; at += 7) { /* dribbled */
        size_t piece = size - at < 7 ? size - at : 7;
        assert_int_equal(send(fd, packet + at, piece, MSG_NOSIGNAL), (ssize_t)piece);
        usleep(300);
    }
    assert_int_equal(send(fd, packet, size, MSG_NOSIGNAL), (ssize_t)size); /* all at once */
    for (size_t i = 0; i < 6; i++) {
        assert_true(tcp_take(fd, message) > 0);
        assert_int_equal(message[7], i % 3 == 1 ? 3 : 1);
    }
    static const uint8_t bad[][4] = {
        {0,   0,  0, 0},
        {0,  11,    0, 0},
        {0x10,1,0, 0},
        {0xFF,   0xFF }
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) { /* lengths that no question has */
        int odd = tcp_open(w);
        assert_int_equal(send(odd, bad[i], 4, MSG_NOSIGNAL), 4);
        assert_int_equal(tcp_take(odd, message), 0);
        close(odd);
    }
    close(fd);
    world_close(w);
}

static void one_host_does_not_take_every_chair(void **state)
{
    (void)state;
    struct world *w = &world;
    struct rpz_start zone = {.serial = 5};
    int fds[CONNECTIONS_A_HOST + 20];
    world_open(w, "", &zone);
    world_run(w);
    for (size_t i = 0; i < COUNT_OF(fds); i++)
        fds[i] = tcp_open(w);
    wait_noted(w, DNS_TURNED_AWAY, 20);
    tcp_ask(fds[0], DNS_SOA, 0, NULL);
    assert_true(tcp_take(fds[0], message) > 0);
    assert_int_equal(tcp_take(fds[COUNT_OF(fds) - 1], message), 0);
    for (size_t i = 0; i < COUNT_OF(fds); i++)
        close(fds[i]);
    uint8_t packet[1026];
    size_t asked = framed(packet, DNS_SOA, 0, NULL);
    size_t size = 0;
    for (int i = 0; i < WAIT_MS && size == 0; i++) { /* and there is room again, in a moment */
        int fd = tcp_open(w);
        (void)!send(fd, packet, asked, MSG_NOSIGNAL);
        size = tcp_take(fd, message);
        close(fd);
        usleep(1000);
    }
    assert_true(size > 0);
    world_close(w);
}

static void a_missing_publish_leaves_no_hole(void **state)
{
    (void)state;
    struct world *w = &world;
    struct rpz_start zone = {.serial = 5};
    world_open(w, "", &zone);
    world_run(w);
    publish(w, 6, "a.com", RPZ_NOTICE);
    publish(w, 6, "b.com", RPZ_NOTICE); /* does not go forward */
    publish(w, 7, "c.com", RPZ_NOTICE); /* would hide that b.com is missing */
    wait_noted(w, DNS_PUBLISH_FAILED, 2);
    assert_int_equal(dns_gate_serial(w->gate), 6);
    struct rpz_entry all[] = {
        {STR("b.com"), RPZ_NOTICE},
        {STR("c.com"), RPZ_NOTICE}
    };
    assert_false(failed(dns_gate_replace(w->gate, 8, all, 2)));
    publish(w, 9, "d.com", RPZ_NOTICE);
    wait_noted(w, DNS_PUBLISHED, 4);
    int fd = tcp_open(w);
    struct oracle_transfer t;
    set.count = 0;
    oracle_transfer_begin(&t, &set, 0);
    tcp_ask(fd, DNS_AXFR, 0, NULL);
    tcp_play(fd, &t, NULL);
    assert_int_equal(t.serial, 9);
    assert_int_equal(set.count, 4); /* NS, b, c, d; a.com is lifted */
    publish(w, 10, "*", RPZ_NOTICE);
    wait_noted(w, DNS_UNFIT, 1);
    assert_int_equal(dns_gate_serial(w->gate), 10);
    close(fd);
    world_close(w);
}

static void a_full_ring_refuses(void **state)
{
    (void)state;
    struct world *w = &world;
    struct rpz_start zone = {.serial = 1};
    struct rpz_entry one = {STR("evil.com"), RPZ_NOTICE};
    world_open(w, "", &zone); /* and nobody runs it yet */
    uint32_t serial = 2;
    while (!failed(dns_gate_publish(w->gate, serial, &one, 1)))
        serial++;
    assert_int_equal(serial, PUBLISH_RING + 2);
    assert_int_equal(dns_gate_publish(w->gate, serial, &one, 1).code, ERR_BUSY);
    world_run(w);
    wait_noted(w, DNS_PUBLISHED, PUBLISH_RING + 1);
    publish(w, serial, "late.com", RPZ_NOTICE);
    wait_noted(w, DNS_PUBLISHED, PUBLISH_RING + 2);
    publish(w, serial + 1, "never-applied.com", RPZ_NOTICE); /* freed all the same */
    world_close(w);
}

static void what_cannot_start_says_why(void **state)
{
    (void)state;
    struct world *w = &world;
    struct world second = {0};
    struct rpz_start zone = {.serial = 1};
    world_open(w, "", &zone);
    second.udp_port = 5353;
    assert_int_equal(start(&second, "no.such.key", &zone, false).code, ERR_ABSENT);
    struct dns_endpoint taken = {STR("127.0.0.1"), w->port};
    struct dns_endpoint no_address = {STR("localhost"), 0};
    struct dns_options options = {
        .listen = &taken, .listen_count = 1, .notice = {.a = STR("192.0.2.80")}};
    struct dns_port port = {0};
    assert_int_equal(dns_gate_start(&options, &port, &zone, &second.gate).code, ERR_OS);
    options.listen = &no_address;
    assert_int_equal(dns_gate_start(&options, &port, &zone, &second.gate).code, ERR_MALFORMED);
    options.listen = NULL;
    options.listen_count = 0;
    assert_false(failed(dns_gate_start(&options, &port, &zone, &second.gate)));
    dns_gate_close(second.gate);
    dns_gate_close(NULL);
    world_run(w);
    world_close(w);
}

static void other_records_have_another_mark(void **state)
{
    (void)state;
    struct dns_options o = {.notice = {.a = STR("192.0.2.80")}};
    struct dns_options same = {.notice = {.a = STR("192.0.2.80")}, .zone = STR("RPZ.yumen")};
    same.times = DNS_TIMES;
    struct dns_options other[3] = {o, o, o};
    other[0].notice.a = STR("192.0.2.81");
    other[1].zone = STR("rpz.example");
    other[2].times = DNS_TIMES;
    other[2].times.ttl_s = 6;
    uint64_t mark = 0;
    uint64_t again = 0;
    assert_false(failed(dns_options_mark(&o, &mark)));
    assert_false(failed(dns_options_mark(&same, &again)));
    assert_true(mark == again);
    for (size_t i = 0; i < COUNT_OF(other); i++) {
        assert_false(failed(dns_options_mark(&other[i], &again)));
        assert_true(mark != again);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_secondary_is_told_until_it_has_heard),
        cmocka_unit_test(what_a_secondary_fetched_is_known),
        cmocka_unit_test(a_held_zone_is_not_seen),
        cmocka_unit_test(a_slow_reader_holds_nobody_up),
        cmocka_unit_test(one_who_goes_away_is_let_go),
        cmocka_unit_test(questions_may_come_in_any_pieces),
        cmocka_unit_test(one_host_does_not_take_every_chair),
        cmocka_unit_test(a_missing_publish_leaves_no_hole),
        cmocka_unit_test(a_full_ring_refuses),
        cmocka_unit_test(what_cannot_start_says_why),
        cmocka_unit_test(other_records_have_another_mark),
    };
    return cmocka_run_group_tests_name("gate/dns/gate", tests, NULL, NULL);
}
