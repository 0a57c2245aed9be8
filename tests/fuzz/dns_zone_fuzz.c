/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: whatever names are published, the zone keeps its order and its count, and both an AXFR and
 * an IXFR of it are what ldns reads as well-formed.
 * Method: each line is a policy's digit and an owner; an empty line publishes.
 */
#include "gate/dns/xfer.h"

#include <ldns/ldns.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CHANGES_MAX = 256 };

static void must(bool is_so)
{
    if (!is_so)
        abort();
}

static void check_order(const struct rpz_view *v)
{
    uint8_t last[RPZ_PACK_MAX] = {0};
    size_t count = 0;
    for (size_t i = 0; i < rpz_view_chunks(v); i++) {
        struct run_reader r;
        const uint8_t *at = NULL;
        run_open(&r, rpz_view_chunk(v, i));
        for (; (at = run_next(&r)) != NULL; count++) {
            must(pack_compare(last, at) < 0);
            must(rpz_view_find(v, at) == pack_policy(at) && rpz_view_has_below(v, at));
            memcpy(last, at, pack_bytes(at));
        }
    }
    must(count == rpz_view_entries(v));
}

/* Records in a transfer; ldns reads every message. */
static size_t read_out(const struct rpz_forms *forms, struct rpz_view *v, struct rpz_diff *from)
{
    static const uint8_t question[] = "\003rpz\005yumen\0\0\374\0\1";
    uint8_t bytes[XFER_MESSAGE_BYTES];
    struct sheet message = {.at = bytes, .room = sizeof bytes};
    struct dns_request request = {.question = question, .question_size = sizeof question - 1};
    struct tsig_session unsigned_session = {0};
    struct xfer x;
    size_t records = 0;
    xfer_begin(&x, forms, v, from);
    xfer_ask(&x, &request, &unsigned_session);
    for (; xfer_fill(&x, &message, 0); message.size = 0) {
        ldns_pkt *pkt = NULL;
        must(ldns_wire2pkt(&pkt, bytes, message.size) == LDNS_STATUS_OK);
        records += ldns_rr_list_rr_count(ldns_pkt_answer(pkt));
        ldns_pkt_free(pkt);
    }
    xfer_done(&x);
    return records;
}

static void publish(struct rpz_zone *z, const struct rpz_entry *changes, size_t count)
{
    struct rpz_step made;
    must(!failed(rpz_zone_step(z, rpz_view_serial(z->now) + 1, changes, count, &made)));
    check_order(z->now);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct rpz_limits limits = {11, 10000, 20, 1 << 20};
    static const struct dns_times times = {5, 30, 10, 3600};
    static const struct dns_notice notice = {.cname = STR("notice.example")};
    static struct rpz_forms forms;
    struct rpz_entry changes[CHANGES_MAX];
    size_t count = 0;
    struct rpz_zone zone;
    struct rpz_start start = {.serial = UINT32_MAX - 3};
    struct rpz_step made;
    must(!failed(rpz_forms_make(STR("rpz.yumen"), &notice, &times, &forms)));
    rpz_zone_init(&zone, &limits);
    must(!failed(rpz_zone_load(&zone, &start, &made)));

    str rest = str_make((const char *)data, size);
    str line = STR("");
    while (str_split(&rest, '\n', &line)) {
        if (str_is_empty(line) || count == CHANGES_MAX) {
            publish(&zone, changes, count);
            count = 0;
            continue;
        }
        enum rpz_policy policy = (enum rpz_policy)((uint8_t)line.at[0] % RPZ_POLICY_COUNT);
        changes[count++] = (struct rpz_entry){str_from(line, 1), policy};
    }
    publish(&zone, changes, count);

    must(read_out(&forms, zone.now, NULL) == rpz_view_entries(zone.now) + 3);
    struct rpz_diff *first = rpz_zone_find_diff(&zone, UINT32_MAX - 3);
    if (first != NULL) { /* in one, the way from nothing is everything */
        (void)read_out(&forms, zone.now, first);
        struct rpz_diff *whole = rpz_zone_condense(&zone, first);
        must(read_out(&forms, zone.now, whole) == rpz_view_entries(zone.now) + 4);
    }
    rpz_zone_done(&zone);
    return 0;
}
