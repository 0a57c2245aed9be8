/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: what is asked over UDP and TCP is answered there, many at once and in pieces; connections
 * have their bounds; counters add up; and it stops when it is told to.
 * Method: a gate on a free port of 127.0.0.1, and sockets.
 */
#include "gate/dnsbl/dnsbl.h"

#include "fact/listing.h"
#include "gate/dns/wire.h"
#include "kit/kit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATIENCE_S = 60, MANY = 200 };

static struct dnsbl_gate *gate;

static uint32_t judge(void *self, enum dnsbl_lane lane, struct dnsbl_question *questions,
                      size_t count)
{
    (void)self;
    (void)lane;
    for (size_t i = 0; i < count; i++) {
        questions[i].verdict =
            str_equal(questions[i].value, STR("evil.example")) ? VERDICT_BLOCK : VERDICT_PASS;
        questions[i].left_s = 100;
    }
    return 1;
}

static err tell(void *self, enum dnsbl_lane lane, const struct dnsbl_question *question,
                struct text *words)
{
    (void)self;
    (void)lane;
    (void)question;
    text_put_c(words, "because");
    return OK;
}

static const struct dnsbl_port port = {.judge = judge, .tell = tell};

static struct dnsbl_options options_make(void)
{
    return (struct dnsbl_options){.host = STR("127.0.0.1"),
                                  .domains = STR("dbl.yumen."),
                                  .numbers = STR("num.yumen."),
                                  .server = STR("localhost."),
                                  .ttl_s = 300,
                                  .nothing_s = 60,
                                  .answers_per_s = 200,
                                  .slip = 2};
}

static bool gate_open(str host)
{
    struct dnsbl_options options = options_make();
    options.host = host;
    for (int i = 0; i < 10; i++) /* TCP's free port may be taken for UDP */
        if (!failed(dnsbl_gate_start(&options, &port, &gate)))
            return true;
    return false;
}

static int open(void **state)
{
    (void)state;
    return failed(kit_boot()) || !gate_open(STR("127.0.0.1")) ? 1 : 0;
}

static int open_everywhere(void **state)
{
    (void)state;
    return failed(kit_boot()) || !gate_open(STR("0.0.0.0")) ? 1 : 0;
}

static int done(void **state)
{
    (void)state;
    dnsbl_gate_close(gate);
    return 0;
}

static int socket_open_to(int type, uint32_t host)
{
    struct timeval patience = {.tv_sec = PATIENCE_S};
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons(dnsbl_gate_port(gate)),
                             .sin_addr.s_addr = htonl(host)};
    int fd = socket(AF_INET, type, 0);
    assert_true(fd >= 0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&at, sizeof at), 0);
    return fd;
}

static int socket_open(int type)
{
    return socket_open_to(type, INADDR_LOOPBACK);
}

static size_t question(uint8_t room[512], const char *name, uint16_t id, uint16_t type)
{
    struct sheet s = {.at = room, .room = 512};
    struct dns_name wire;
    assert_false(failed(dns_name_parse(str_from_c(name), &wire)));
    sheet_u16(&s, id);
    sheet_u16(&s, 0);
    sheet_u16(&s, 1);
    sheet_u32(&s, 0);
    sheet_u16(&s, 0);
    sheet_bytes(&s, wire.at, wire.size);
    sheet_u16(&s, type);
    sheet_u16(&s, DNS_IN);
    return s.size;
}

static void udp_answers_many(void **state)
{
    (void)state;
    uint8_t packet[512];
    uint8_t answer[1500];
    bool is_answered[MANY] = {false};
    int fd = socket_open(SOCK_DGRAM);
    for (uint16_t i = 0; i < MANY; i++) {
        size_t size =
            question(packet, i % 2 == 0 ? "evil.example.dbl.yumen" : "a.dbl.yumen", i, DNS_A);
        assert_int_equal(send(fd, packet, size, 0), size);
    }
    for (int i = 0; i < MANY; i++) {
        ssize_t size = recv(fd, answer, sizeof answer, 0);
        assert_true(size > DNS_HEADER_BYTES);
        unsigned id = (unsigned)answer[0] << 8 | answer[1];
        assert_true(id < MANY && !is_answered[id]);
        is_answered[id] = true;
        assert_int_equal(answer[3] & 15, id % 2 == 0 ? DNS_NOERROR : DNS_NXDOMAIN);
    }
    close(fd);
    struct dnsbl_counts counts = dnsbl_gate_counts(gate);
    assert_true(counts.turns >= (MANY + DNSBL_AT_ONCE - 1) / DNSBL_AT_ONCE && counts.turns <= MANY);
}

/* A connected socket hears only whom it asked. */
static void answers_come_from_the_address_that_was_asked(void **state)
{
    (void)state;
    uint8_t packet[512];
    uint8_t answer[1500];
    int fd = socket_open_to(SOCK_DGRAM, INADDR_LOOPBACK + 4);
    size_t size = question(packet, "evil.example.dbl.yumen", 7, DNS_A);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(send(fd, packet, size, 0), size);
        assert_true(recv(fd, answer, sizeof answer, 0) > DNS_HEADER_BYTES);
    }
    close(fd);
}

static void read_all(int fd, uint8_t *at, size_t size)
{
    for (size_t had = 0; had < size;) {
        ssize_t some = recv(fd, at + had, size - had, 0);
        assert_true(some > 0);
        had += (size_t)some;
    }
}

static void tcp_answers_in_order_and_in_pieces(void **state)
{
    (void)state;
    uint8_t stream[10 * 100];
    uint8_t answer[1500];
    size_t whole = 0;
    for (uint16_t i = 0; i < 10; i++) {
        uint8_t packet[512];
        size_t size = question(packet, "evil.example.dbl.yumen", i, DNS_TXT);
        stream[whole] = 0;
        stream[whole + 1] = (uint8_t)size;
        memcpy(stream + whole + 2, packet, size);
        whole += size + 2;
    }
    int fd = socket_open(SOCK_STREAM);
    for (size_t at = 0; at < whole; at += 7) /* and one answer after the other */
        assert_true(send(fd, stream + at, whole - at < 7 ? whole - at : 7, 0) > 0);
    assert_int_equal(shutdown(fd, SHUT_WR), 0); /* what was asked is still answered */
    for (unsigned i = 0; i < 10; i++) {
        read_all(fd, answer, 2);
        size_t size = (size_t)(answer[0] << 8 | answer[1]);
        assert_true(size < sizeof answer);
        read_all(fd, answer, size);
        assert_int_equal(answer[1], i);
        assert_int_equal(answer[7], 1);
    }
    assert_int_equal(recv(fd, answer, 1, 0), 0); /* and then it closes */
    close(fd);
}

static void a_broken_length_closes(void **state)
{
    (void)state;
    static const uint8_t lengths[][2] = {
        {0,   5  },
        {0,   0  },
        {255, 255}
    };
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        uint8_t byte = 0;
        int fd = socket_open(SOCK_STREAM);
        assert_int_equal(send(fd, lengths[i], 2, 0), 2);
        assert_true(recv(fd, &byte, 1, 0) <= 0);
        close(fd);
    }
}

static void a_host_has_so_many_connections(void **state)
{
    (void)state;
    int fds[DNSBL_CONNECTIONS_A_HOST];
    uint8_t packet[512];
    uint8_t framed[514] = {0};
    uint8_t byte = 0;
    size_t size = question(packet, "evil.example.dbl.yumen", 1, DNS_A);
    framed[1] = (uint8_t)size;
    memcpy(framed + 2, packet, size);
    for (size_t i = 0; i < COUNT_OF(fds); i++) {
        fds[i] = socket_open(SOCK_STREAM);
        assert_int_equal(send(fds[i], framed, size + 2, 0), size + 2);
        assert_int_equal(recv(fds[i], &byte, 1, 0), 1);
    }
    int fd = socket_open(SOCK_STREAM);
    assert_true(recv(fd, &byte, 1, 0) <= 0); /* closed */
    close(fd);
    assert_int_equal(dnsbl_gate_counts(gate).turned_away, 1);
    for (size_t i = 0; i < COUNT_OF(fds); i++)
        close(fds[i]);
}

static void what_is_wrong_does_not_start(void **state)
{
    (void)state;
    struct dnsbl_gate *other = NULL;
    struct dnsbl_options o = options_make();
    o.port = dnsbl_gate_port(gate); /* taken */
    assert_int_equal(dnsbl_gate_start(&o, &port, &other).code, ERR_OS);
    o = options_make();
    o.numbers = STR("num.dbl.yumen.");
    assert_int_equal(dnsbl_gate_start(&o, &port, &other).code, ERR_CONFLICT);
    o = options_make();
    o.host = STR("localhost");
    assert_int_equal(dnsbl_gate_start(&o, &port, &other).code, ERR_MALFORMED);
    assert_null(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(udp_answers_many, open, done),
        cmocka_unit_test_setup_teardown(answers_come_from_the_address_that_was_asked,
                                        open_everywhere, done),
        cmocka_unit_test_setup_teardown(tcp_answers_in_order_and_in_pieces, open, done),
        cmocka_unit_test_setup_teardown(a_broken_length_closes, open, done),
        cmocka_unit_test_setup_teardown(a_host_has_so_many_connections, open, done),
        cmocka_unit_test_setup_teardown(what_is_wrong_does_not_start, open, done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
