/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/dns/oracle.h"

#include <ldns/ldns.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static int by_line(const void *a, const void *b)
{
    return strcmp(a, b);
}

void oracle_sort(struct oracle_set *set)
{
    if (!set->is_sorted)
        qsort(set->line, set->count, ORACLE_LINE_BYTES, by_line);
    set->is_sorted = true;
}

static char *line_find(struct oracle_set *set, const char *line)
{
    for (size_t i = 0; i < set->count; i++)
        if (strcmp(set->line[i], line) == 0)
            return set->line[i];
    return NULL;
}

void oracle_put(struct oracle_set *set, const char *line)
{
    assert_true(strlen(line) < ORACLE_LINE_BYTES && set->count < ORACLE_LINES);
    memcpy(set->line[set->count++], line, strlen(line) + 1);
    set->is_sorted = false;
}

void oracle_drop(struct oracle_set *set, const char *line)
{
    char *at = line_find(set, line);
    assert_non_null(at);
    set->count--;
    memmove(at, set->line[set->count], ORACLE_LINE_BYTES);
    set->is_sorted = false;
}

void oracle_compare(struct oracle_set *a, struct oracle_set *b)
{
    oracle_sort(a);
    oracle_sort(b);
    for (size_t i = 0; i < a->count && i < b->count; i++)
        assert_string_equal(a->line[i], b->line[i]);
    assert_int_equal(a->count, b->count);
}

void oracle_transfer_begin(struct oracle_transfer *t, struct oracle_set *zone, uint32_t serial)
{
    *t = (struct oracle_transfer){.zone = zone, .serial = serial};
}

static uint32_t soa_serial(const ldns_rr *rr)
{
    return ldns_rdf2native_int32(ldns_rr_rdf(rr, 2));
}

static void take_soa(struct oracle_transfer *t, uint32_t serial)
{
    switch (t->stage) {
    case ORACLE_FIRST:
        t->newest = serial;
        t->stage = ORACLE_SECOND;
        return;
    case ORACLE_SECOND: /* AXFR of nothing, or IXFR */
        assert_int_equal(serial, t->serial);
        t->stage = ORACLE_REMOVING;
        t->diffs++;
        return;
    case ORACLE_WHOLE:
        assert_int_equal(serial, t->newest);
        t->serial = serial;
        t->stage = ORACLE_ENDED;
        return;
    case ORACLE_REMOVING:
        t->serial = serial;
        t->stage = ORACLE_ADDING;
        return;
    case ORACLE_ADDING:
        assert_int_equal(serial, t->serial); /* diffs join; the last SOA is the newest */
        t->diffs += serial != t->newest;
        t->stage = serial == t->newest ? ORACLE_ENDED : ORACLE_REMOVING;
        return;
    case ORACLE_ENDED:
        fail_msg("a record after the end");
    }
}

static void take_rr(struct oracle_transfer *t, const ldns_rr *rr)
{
    char line[1024];
    if (ldns_rr_get_type(rr) == LDNS_RR_TYPE_SOA) {
        take_soa(t, soa_serial(rr));
        return;
    }
    char *text = ldns_rr2str(rr);
    assert_true(strlen(text) < sizeof line);
    memcpy(line, text, strlen(text) + 1);
    line[strcspn(line, "\n")] = '\0';
    free(text);
    if (t->stage == ORACLE_SECOND) { /* no SOA in second place: AXFR */
        t->stage = ORACLE_WHOLE;
        t->is_whole = true;
        t->zone->count = 0;
    }
    if (t->stage == ORACLE_REMOVING) {
        oracle_drop(t->zone, line);
        return;
    }
    assert_true(t->stage == ORACLE_WHOLE || t->stage == ORACLE_ADDING);
    if (t->stage == ORACLE_ADDING)
        assert_null(line_find(t->zone, line));
    oracle_put(t->zone, line);
}

void oracle_transfer_take(struct oracle_transfer *t, const uint8_t *message, size_t size)
{
    ldns_pkt *pkt = NULL;
    assert_int_equal(ldns_wire2pkt(&pkt, message, size), LDNS_STATUS_OK);
    assert_true(ldns_pkt_qr(pkt) && ldns_pkt_aa(pkt) && !ldns_pkt_tc(pkt));
    assert_int_equal(ldns_pkt_get_rcode(pkt), LDNS_RCODE_NOERROR);
    const ldns_rr_list *answer = ldns_pkt_answer(pkt);
    assert_true(ldns_rr_list_rr_count(answer) > 0);
    for (size_t i = 0; i < ldns_rr_list_rr_count(answer); i++)
        take_rr(t, ldns_rr_list_rr(answer, i));
    t->messages++;
    ldns_pkt_free(pkt);
}

static void mac_keep(struct oracle_key *key, const ldns_pkt *pkt)
{
    const ldns_rdf *mac = ldns_rr_rdf(ldns_pkt_tsig(pkt), 3);
    key->mac_size = ldns_rdf_size(mac) - 2;
    assert_true(key->mac_size <= sizeof key->mac);
    memcpy(key->mac, ldns_rdf_data(mac) + 2, key->mac_size);
}

size_t oracle_request(uint8_t room[1024], const char *name, uint16_t type, uint32_t serial,
                      struct oracle_key *key)
{
    ldns_rdf *owner = ldns_dname_new_frm_str(name);
    ldns_pkt *pkt = ldns_pkt_query_new(owner, (ldns_rr_type)type, LDNS_RR_CLASS_IN, 0);
    ldns_pkt_set_id(pkt, 4711);
    if (type == LDNS_RR_TYPE_IXFR) {
        char text[300];
        ldns_rr *soa = NULL;
        (void)snprintf(text, sizeof text, "%s 0 IN SOA . . %u 0 0 0 0", name, serial);
        assert_int_equal(ldns_rr_new_frm_str(&soa, text, 0, NULL, NULL), LDNS_STATUS_OK);
        ldns_pkt_push_rr(pkt, LDNS_SECTION_AUTHORITY, soa);
    }
    if (key != NULL) {
        assert_int_equal(ldns_pkt_tsig_sign(pkt, key->name, key->secret, 300, key->algorithm, NULL),
                         LDNS_STATUS_OK);
        mac_keep(key, pkt);
        key->is_chained = false;
    }
    uint8_t *wire = NULL;
    size_t size = 0;
    assert_int_equal(ldns_pkt2wire(&wire, pkt, &size), LDNS_STATUS_OK);
    assert_true(size <= 1024);
    memcpy(room, wire, size);
    free(wire);
    ldns_pkt_free(pkt);
    return size;
}

bool oracle_verify(struct oracle_key *key, const uint8_t *message, size_t size)
{
    ldns_pkt *pkt = NULL;
    uint8_t prior[66] = {(uint8_t)(key->mac_size >> 8), (uint8_t)key->mac_size};
    memcpy(prior + 2, key->mac, key->mac_size);
    ldns_rdf *mac = ldns_rdf_new_frm_data(LDNS_RDF_TYPE_INT16_DATA, key->mac_size + 2, prior);
    bool holds = false;
    if (ldns_wire2pkt(&pkt, message, size) == LDNS_STATUS_OK && ldns_pkt_tsig(pkt) != NULL) {
        struct oracle_key next = *key;
        mac_keep(&next, pkt);
        holds = ldns_pkt_tsig_verify_next(pkt, message, size, key->name, key->secret, mac,
                                          key->is_chained);
        memcpy(key->mac, next.mac, sizeof next.mac);
        key->mac_size = next.mac_size;
        key->is_chained = true;
    }
    ldns_rdf_deep_free(mac);
    ldns_pkt_free(pkt);
    return holds;
}

bool oracle_parses(const uint8_t *message, size_t size)
{
    ldns_pkt *pkt = NULL;
    bool parses = ldns_wire2pkt(&pkt, message, size) == LDNS_STATUS_OK;
    ldns_pkt_free(pkt);
    return parses;
}
