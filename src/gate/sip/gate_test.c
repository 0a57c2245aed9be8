/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: over UDP and TCP a switch gets an answer to each of its requests, however they are cut into
 * pieces; who is of no trunk, or sends what has no end, loses his connection and nobody else's.
 * Method: the gate on a port of this machine, sockets, and a list of a few numbers.
 */
#include "gate/sip/house_test.h"
#include "gate/sip/sip.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { PATIENCE_S = 60 };

static struct sip_gate *gate;

static int gate_open(void **state)
{
    static const struct sip_net here = {
        .address = {"127.0.0.1", 9},
          .bits = 32
    };
    static const struct sip_trunk_options trunk = {
        .name = {"here", 4},
        .is_asserting = true,
        .is_national = true,
        .reject_with = 608,
        .from = &here,
        .from_count = 1
    };
    struct sip_options options = {
        .host = STR("127.0.0.1"), .trunks = &trunk, .trunk_count = 1, .refuses_strangers = true};
    struct sip_port port = {.judge = house_judge, .has_card = house_has_card};
    (void)state;
    assert_false(failed(kit_boot()));
    for (int i = 0; i < 10; i++) /* TCP's free port may be taken for UDP */
        if (!failed(sip_gate_start(&options, &port, &gate)))
            return 0;
    return -1;
}

static int gate_done(void **state)
{
    (void)state;
    sip_gate_close(gate);
    return 0;
}

/* A socket at `from`, on its way to the gate. */
static int connect_to_gate(int type, const char *from)
{
    struct timeval wait = {.tv_sec = PATIENCE_S};
    struct sockaddr_storage own;
    struct sockaddr_storage at;
    int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_false(failed(net_address_parse(str_from_c(from), 0, &own)));
    assert_false(failed(net_address_parse(STR("127.0.0.1"), sip_gate_port(gate), &at)));
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait), 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&own, sizeof(struct sockaddr_in)), 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof(struct sockaddr_in)), 0);
    return fd;
}

static str request(const char *caller, int number, const char *body)
{
    static char packet[2048];
    int size = snprintf(packet, sizeof packet,
                        "INVITE sip:1@b SIP/2.0\r\nVia: SIP/2.0/TCP a;branch=z9hG4bK%d;rport\r\n"
                        "From: <sip:%s@a>;tag=1\r\nTo: <sip:1@b>\r\nCall-ID: %d\r\n"
                        "CSeq: %d INVITE\r\nContent-Length: %zu\r\n\r\n%s",
                        number, caller, number, number, strlen(body), body);
    return str_make(packet, (size_t)size);
}

static void send_bytes(int fd, str bytes)
{
    assert_int_equal(send(fd, bytes.at, bytes.size, MSG_NOSIGNAL), bytes.size);
}

/* One answer off a stream; its status, and the number of the request. 0: the end. */
static unsigned hear(int fd, int *ret_number)
{
    static char bytes[4096];
    size_t size = 0;
    while (size < 4 || memcmp(bytes + size - 4, "\r\n\r\n", 4) != 0) {
        assert_true(size < sizeof bytes - 1);
        ssize_t some = recv(fd, bytes + size, 1, 0);
        bool is_over = some == 0 || (some < 0 && errno == ECONNRESET);
        if (is_over && size == 0)
            return 0;
        assert_int_equal(some, 1);
        size++;
    }
    bytes[size] = '\0';
    const char *cseq = strstr(bytes, "CSeq: ");
    assert_non_null(cseq);
    *ret_number = (int)strtol(cseq + 6, NULL, 10);
    return house_status(str_make(bytes, size));
}

static void a_datagram_gets_a_datagram(void **state)
{
    char bytes[4096];
    (void)state;
    int fd = connect_to_gate(SOCK_DGRAM, "127.0.0.1");
    for (int i = 0; i < 3; i++) {
        send_bytes(fd, request(i == 1 ? "13900000001" : "13912345678", i, ""));
        ssize_t size = recv(fd, bytes, sizeof bytes, 0);
        assert_true(size > 0);
        assert_int_equal(house_status(str_make(bytes, (size_t)size)), i == 1 ? 608 : 302);
    }
    close(fd);
}

static void requests_on_a_stream_come_as_they_like(void **state)
{
    int number = 0;
    (void)state;
    int fd = connect_to_gate(SOCK_STREAM, "127.0.0.1");
    char two[4096];
    size_t size = 0;
    for (int i = 1; i <= 2; i++) {
        str one = request(i == 1 ? "13900000001" : "13912345678", i, "v=0\r\n\r\n");
        memcpy(two + size, one.at, one.size);
        size += one.size;
    }
    send_bytes(fd, str_make(two, size));
    assert_int_equal(hear(fd, &number), 608);
    assert_int_equal(number, 1);
    assert_int_equal(hear(fd, &number), 302);
    assert_int_equal(number, 2);

    send_bytes(fd, STR("\r\n\r\n"));
    str slow = request("13900000001", 3, "v=0");
    for (size_t i = 0; i < slow.size; i++)
        send_bytes(fd, str_make(slow.at + i, 1));
    assert_int_equal(hear(fd, &number), 608);
    assert_int_equal(number, 3);

    send_bytes(fd, request("13912345678", 4, ""));
    assert_int_equal(shutdown(fd, SHUT_WR), 0);
    assert_int_equal(hear(fd, &number), 302);
    assert_int_equal(hear(fd, &number), 0);
    close(fd);
}

/* What stands behind the headers is a body, whatever the headers are. */
#define TWO_IN_ONE(lines)                                                                          \
    "INVITE sip:1@b SIP/2.0\r\nVia: SIP/2.0/TCP a\r\nFrom: <sip:1@a>\r\nTo: <sip:1@b>\r\n"         \
    "Call-ID: 1\r\nCSeq: 1 INVITE\r\n" lines "\r\n"                                                \
    "OPTIONS sip:1@b SIP/2.0\r\nVia: SIP/2.0/TCP a\r\nFrom: <sip:1@a>\r\nTo: <sip:1@b>\r\n"        \
    "Call-ID: 2\r\nCSeq: 2 OPTIONS\r\nContent-Length: 0\r\n\r\n"

/* What has no certain end is the last that is read: answered where there is somebody to answer. */
static void what_has_no_end_ends_the_connection(void **state)
{
    static const struct {
        const char *bytes;
        unsigned status; /* 0: nothing but the end */
    } ends[] = {
        {"INVITE sip:1@b SIP/2.0\r\nContent-Length: 99999\r\n\r\n",     0  },
        {"INVITE sip:1@b SIP/2.0\r\nContent-Length: -1\r\n\r\n",        0  },
        {"INVITE sip:1@b SIP/2.0\r\nl: 1\r\nContent-Length: 2\r\n\r\n", 0  },
        {"SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",                 0  },
        {"\x16\x03\x01\x02\r\n\r\n",                                    0  },
        {TWO_IN_ONE("no header\r\nl: 0\r\nContent-Length: 7\r\n"),      400},
        {TWO_IN_ONE("Content-Length: 7\r\nno header\r\nl: 0\r\n"),      400},
        {TWO_IN_ONE("A: b\nContent-Length: 7\r\n"),                     400},
        {TWO_IN_ONE("Content-Length: 7 \r\nContent-Length : 0\r\n"),    400},
        {TWO_IN_ONE("Content-Length: 0\r\nContent-Length: 0\r\n"),      400},
        {TWO_IN_ONE("Content-Length: 99999\r\n"),                       400},
        {TWO_IN_ONE("P-Asserted-Identity: <tel:+8613900000001>\r\n"),   608},
        {TWO_IN_ONE(""),                                                400},
    };
    static char many[SIP_REQUEST_BYTES + 1];
    int number = 0;
    (void)state;
    int other = connect_to_gate(SOCK_STREAM, "127.0.0.1");
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        int fd = connect_to_gate(SOCK_STREAM, "127.0.0.1");
        send_bytes(fd, str_from_c(ends[i].bytes));
        unsigned status = hear(fd, &number);
        if (status != ends[i].status)
            fail_msg("%s: %u", ends[i].bytes, status);
        assert_int_equal(status == 0 ? 1 : number, 1);
        assert_int_equal(hear(fd, &number), 0);
        close(fd);
    }
    int fd = connect_to_gate(SOCK_STREAM, "127.0.0.1");
    memset(many, 'x', sizeof many);
    send_bytes(fd, str_make(many, sizeof many));
    assert_int_equal(hear(fd, &number), 0);
    close(fd);
    send_bytes(other, request("13912345678", 9, ""));
    assert_int_equal(hear(other, &number), 302);
    close(other);
}

/* Headers of 64 KiB, whatever comes of them first; a body of 8 KiB is nobody's concern. */
static void what_is_too_long_is_answered_all_the_same(void **state)
{
    static char bytes[64 << 10];
    static char body[SIP_REQUEST_BYTES];
    static const size_t pieces[] = {sizeof bytes, 1000, 1};
    int number = 0;
    (void)state;
    str begun = request("13912345678", 7, "");
    begun = str_until(begun, begun.size - strlen("Content-Length: 0\r\n\r\n"));
    memset(bytes, 'x', sizeof bytes);
    memset(body, 'x', sizeof body);
    memcpy(bytes, begun.at, begun.size);
    memcpy(bytes + begun.size, "X-Long: ", 8);
    for (size_t i = 0; i < COUNT_OF(pieces); i++) {
        int fd = connect_to_gate(SOCK_STREAM, "127.0.0.1");
        for (size_t at = 0; at < SIP_REQUEST_BYTES; at += pieces[i])
            (void)send(fd, bytes + at, pieces[i], MSG_NOSIGNAL); /* it may be cut short */
        assert_int_equal(hear(fd, &number), 513);
        assert_int_equal(number, 7);
        assert_int_equal(hear(fd, &number), 0);
        close(fd);
    }
    int fd = connect_to_gate(SOCK_DGRAM, "127.0.0.1");
    send_bytes(fd, str_make(bytes, 60000));
    ssize_t size = recv(fd, bytes, sizeof bytes, 0);
    assert_true(size > 0 && size < 1000);
    assert_int_equal(house_status(str_make(bytes, (size_t)size)), 513);
    close(fd);

    fd = connect_to_gate(SOCK_STREAM, "127.0.0.1");
    body[sizeof body - 1] = '\0';
    str head = request("13900000001", 8, "");
    int length = snprintf(bytes, sizeof bytes, "%.*sContent-Length: %d\r\n\r\n%s",
                          (int)(head.size - strlen("Content-Length: 0\r\n\r\n")), head.at,
                          SIP_REQUEST_BYTES - 1, body);
    send_bytes(fd, str_make(bytes, (size_t)length));
    assert_int_equal(hear(fd, &number), 608);
    assert_int_equal(hear(fd, &number), 0);
    close(fd);
}

static void strangers_find_the_door_closed(void **state)
{
    int number = 0;
    (void)state;
    int fd = connect_to_gate(SOCK_STREAM, "127.0.0.9");
    assert_int_equal(hear(fd, &number), 0);
    close(fd);
    assert_true(sip_gate_door_counts(gate).turned_away >= 1);
}

/* The port that a Via names may be somebody else's. */
static void a_stranger_is_answered_where_he_is(void **state)
{
    static const char packet[] =
        "INVITE sip:1@b SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK1\r\n"
        "From: <sip:1@a>;tag=1\r\nTo: <sip:1@b>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n"
        "Subject: long enough that the answer may be as long as it is\r\n\r\n";
    char bytes[4096];
    (void)state;
    int fd = connect_to_gate(SOCK_DGRAM, "127.0.0.9");
    send_bytes(fd, str_from_c(packet));
    ssize_t size = recv(fd, bytes, sizeof bytes, 0);
    assert_true(size > 0);
    assert_int_equal(house_status(str_make(bytes, (size_t)size)), 403);
    close(fd);
}

static void one_host_has_its_share_of_connections(void **state)
{
    int fds[SIP_CONNECTIONS_A_HOST];
    int number = 0;
    (void)state;
    for (int i = 0; i < SIP_CONNECTIONS_A_HOST; i++) {
        fds[i] = connect_to_gate(SOCK_STREAM, "127.0.0.1");
        send_bytes(fds[i], request("13912345678", i, ""));
        assert_int_equal(hear(fds[i], &number), 302);
    }
    int more = connect_to_gate(SOCK_STREAM, "127.0.0.1");
    assert_int_equal(hear(more, &number), 0);
    close(more);
    for (int i = 0; i < SIP_CONNECTIONS_A_HOST; i++)
        close(fds[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_datagram_gets_a_datagram),
        cmocka_unit_test(requests_on_a_stream_come_as_they_like),
        cmocka_unit_test(what_has_no_end_ends_the_connection),
        cmocka_unit_test(what_is_too_long_is_answered_all_the_same),
        cmocka_unit_test(strangers_find_the_door_closed),
        cmocka_unit_test(a_stranger_is_answered_where_he_is),
    };
    const struct CMUnitTest alone[] = {
        cmocka_unit_test(one_host_has_its_share_of_connections),
    };
    int failures = cmocka_run_group_tests(tests, gate_open, gate_done);
    return failures + cmocka_run_group_tests(alone, gate_open, gate_done);
}
