/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: the zone holds exactly what was published, each diff leads exactly from one state to the
 * next, and a view that somebody keeps stays as it was.
 * Method: random steps over a small world of names beside a plain table; compare everything after
 * every step.
 */
#include "gate/dns/zone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { WORLD = 3000, NAME_ROOM = 80, KEPT = 8, ZONE_BYTES = 11 };

static char world_name[WORLD][NAME_ROOM];
static uint64_t seed = 20261122;

static uint32_t dice(uint32_t sides)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(seed >> 33) % sides;
}

/* Names that are neighbours: parents, children, wildcards, prefixes of one another. */
static int world_make(void **state)
{
    (void)state;
    for (unsigned i = 0; i < WORLD; i++) {
        unsigned number = i / 8;
        switch (i % 8) {
        case 0:
            snprintf(world_name[i], NAME_ROOM, "a%u.com", number);
            break;
        case 1:
            snprintf(world_name[i], NAME_ROOM, "*.a%u.com", number);
            break;
        case 2:
            snprintf(world_name[i], NAME_ROOM, "x.a%u.com", number);
            break;
        case 3:
            snprintf(world_name[i], NAME_ROOM, "com%u", number);
            break;
        case 4:
            snprintf(world_name[i], NAME_ROOM, "a%u.net", number);
            break;
        case 5:
            snprintf(world_name[i], NAME_ROOM, "b.c.d%u.co.uk", number);
            break;
        case 6:
            snprintf(world_name[i], NAME_ROOM, "a-%u.com", number);
            break;
        default:
            snprintf(world_name[i], NAME_ROOM, "*.x.a%u.com", number);
            break;
        }
    }
    return 0;
}

static str name_of(size_t i)
{
    return str_from_c(world_name[i]);
}

struct model {
    uint8_t policy[WORLD];
};

static const struct rpz_limits limits = {.zone_name_bytes = ZONE_BYTES,
                                         .entries = 100000,
                                         .history_count = 40,
                                         .history_bytes = 1 << 20};

static void zone_open(struct rpz_zone *z, uint32_t serial)
{
    struct rpz_start start = {.serial = serial};
    struct rpz_step made;
    rpz_zone_init(z, &limits);
    assert_false(failed(rpz_zone_load(z, &start, &made)));
}

static void check_view(const struct rpz_view *v, const struct model *m)
{
    size_t listed = 0;
    for (size_t i = 0; i < WORLD; i++) {
        uint8_t pack[RPZ_PACK_MAX];
        struct rpz_entry entry = {name_of(i), RPZ_NOTICE};
        assert_false(failed(pack_from_entry(&entry, ZONE_BYTES, pack)));
        assert_int_equal(rpz_view_find(v, pack), m->policy[i]);
        assert_true(m->policy[i] == RPZ_NONE || rpz_view_has_below(v, pack));
        listed += m->policy[i] != RPZ_NONE;
    }
    assert_int_equal(rpz_view_entries(v), listed);
}

static void check_order(const struct rpz_view *v)
{
    uint8_t last[RPZ_PACK_MAX] = {0};
    size_t count = 0;
    for (size_t i = 0; i < rpz_view_chunks(v); i++) {
        struct run_reader r;
        const uint8_t *at = NULL;
        pack_run run = rpz_view_chunk(v, i);
        assert_true(run.size > 0);
        run_open(&r, run);
        for (; (at = run_next(&r)) != NULL; count++) {
            assert_true(pack_compare(last, at) < 0);
            assert_int_not_equal(pack_policy(at), RPZ_NONE);
            memcpy(last, at, pack_bytes(at));
        }
    }
    assert_int_equal(count, rpz_view_entries(v));
}

/* Every name of the run is in the world with the policy that `m` says; counts them. */
static size_t check_run(pack_run run, const struct model *m)
{
    struct run_reader r;
    const uint8_t *at = NULL;
    size_t count = 0;
    run_open(&r, run);
    for (; (at = run_next(&r)) != NULL; count++) {
        bool is_found = false;
        for (size_t i = 0; i < WORLD && !is_found; i++) {
            uint8_t pack[RPZ_PACK_MAX];
            struct rpz_entry entry = {name_of(i), RPZ_NOTICE};
            assert_false(failed(pack_from_entry(&entry, ZONE_BYTES, pack)));
            is_found = pack_compare(pack, at) == 0;
            if (is_found)
                assert_int_equal(pack_policy(at), m->policy[i]);
        }
        assert_true(is_found);
    }
    return count;
}

static size_t change_random(struct rpz_entry *changes, struct model *m)
{
    size_t count = dice(10) == 0 ? dice(2000) : dice(6);
    bool is_clearing = dice(8) == 0;
    for (size_t i = 0; i < count; i++) {
        size_t name = dice(WORLD);
        enum rpz_policy policy = is_clearing ? RPZ_NONE : (enum rpz_policy)dice(RPZ_POLICY_COUNT);
        changes[i] = (struct rpz_entry){name_of(name), policy};
        m->policy[name] = (uint8_t)policy; /* several of one name: the last counts */
    }
    return count;
}

static void steps_agree_with_a_table(void **state)
{
    (void)state;
    static struct rpz_entry changes[2000];
    static struct model now, before, kept_model[KEPT];
    struct rpz_view *kept[KEPT] = {0};
    struct rpz_zone z;
    zone_open(&z, 1);
    uint32_t serial = 1;
    for (unsigned i = 0; i < 400; i++) {
        before = now;
        size_t count = change_random(changes, &now);
        uint32_t from = serial;
        serial += 1 + dice(3);
        struct rpz_step made;
        assert_false(failed(rpz_zone_step(&z, serial, changes, count, &made)));
        assert_int_equal(rpz_view_serial(z.now), serial);
        check_order(z.now);
        if (i % 8 == 0)
            check_view(z.now, &now);

        struct rpz_diff *d = rpz_zone_find_diff(&z, from);
        assert_non_null(d);
        assert_int_equal(rpz_diff_to(d), serial);
        size_t differences = 0;
        for (size_t n = 0; n < WORLD; n++)
            if (before.policy[n] != now.policy[n])
                differences += 1u + (before.policy[n] != 0 && now.policy[n] != 0);
        assert_int_equal(differences, made.removed + made.added);
        if (made.removed + made.added < 60) {
            assert_int_equal(check_run(rpz_diff_removed(d), &before), made.removed);
            assert_int_equal(check_run(rpz_diff_added(d), &now), made.added);
        }

        size_t slot = dice(KEPT * 4);
        if (slot < KEPT) {
            if (kept[slot] != NULL)
                check_view(kept[slot], &kept_model[slot]);
            rpz_view_drop(kept[slot]);
            kept[slot] = z.now;
            kept_model[slot] = now;
            rpz_view_keep(z.now);
        }
    }
    rpz_zone_done(&z);
    for (size_t i = 0; i < KEPT; i++) { /* a view outlives its zone, too */
        if (kept[i] != NULL)
            check_view(kept[i], &kept_model[i]);
        rpz_view_drop(kept[i]);
    }
}

static void chunks_stay_in_bounds(void **state)
{
    (void)state;
    struct rpz_zone z;
    zone_open(&z, 1);
    static char owner[20000][24];
    static struct rpz_entry entries[20000];
    for (unsigned i = 0; i < 20000; i++) {
        snprintf(owner[i], sizeof owner[i], "n%05u.example", i * 7919 % 20000);
        entries[i] = (struct rpz_entry){str_from_c(owner[i]), RPZ_NOTICE};
    }
    struct rpz_step made;
    for (unsigned i = 0; i < 20000; i += 400) /* grows everywhere, a little at a time */
        assert_false(failed(rpz_zone_step(&z, i + 2, entries + i, 400, &made)));
    assert_int_equal(rpz_view_entries(z.now), 20000);
    size_t bytes = 0;
    for (size_t i = 0; i < rpz_view_chunks(z.now); i++) {
        assert_in_range(rpz_view_chunk(z.now, i).size, 2 * 1024, 8 * 1024);
        bytes += rpz_view_chunk(z.now, i).size;
    }
    assert_in_range(bytes, 20000 * 4, 20000 * 8); /* "n12345" of which some is shared */
    for (unsigned i = 0; i < 20000; i++)
        entries[i].policy = i % 100 == 0 ? RPZ_NOTICE : RPZ_NONE;
    assert_false(failed(rpz_zone_step(&z, 30000, entries, 20000, &made)));
    assert_int_equal(rpz_view_entries(z.now), 200);
    assert_in_range(rpz_view_chunks(z.now), 1, 1); /* slivers have found each other */
    rpz_zone_done(&z);
}

static void one_name_costs_one_chunk(void **state)
{
    (void)state;
    struct rpz_zone z;
    zone_open(&z, 1);
    struct rpz_entry *entries = test_calloc(WORLD, sizeof *entries);
    for (size_t i = 0; i < WORLD; i++)
        entries[i] = (struct rpz_entry){name_of(i), RPZ_NOTICE};
    struct rpz_step made;
    assert_false(failed(rpz_zone_step(&z, 2, entries, WORLD, &made)));
    struct rpz_view *old = z.now;
    rpz_view_keep(old);
    struct rpz_entry one = {STR("x.a77.com"), RPZ_NONE};
    assert_false(failed(rpz_zone_step(&z, 3, &one, 1, &made)));
    assert_true(rpz_view_chunks(old) > 2);
    size_t shared = 0;
    for (size_t i = 0; i < rpz_view_chunks(old); i++)
        for (size_t k = 0; k < rpz_view_chunks(z.now); k++)
            shared += rpz_view_chunk(old, i).at == rpz_view_chunk(z.now, k).at;
    assert_int_equal(shared, rpz_view_chunks(old) - 1);
    rpz_view_drop(old);
    rpz_zone_done(&z);
    test_free(entries);
}

static void a_serial_only_goes_forward(void **state)
{
    (void)state;
    struct rpz_zone z;
    struct rpz_step made;
    struct rpz_entry one = {STR("evil.com"), RPZ_NOTICE};
    zone_open(&z, UINT32_MAX - 1);
    assert_int_equal(rpz_zone_step(&z, UINT32_MAX - 1, &one, 1, &made).code, ERR_CONFLICT);
    assert_int_equal(rpz_zone_step(&z, UINT32_MAX - 2, &one, 1, &made).code, ERR_CONFLICT);
    assert_int_equal(rpz_view_entries(z.now), 0);
    assert_false(failed(rpz_zone_step(&z, 3, &one, 1, &made))); /* past the top: RFC 1982 */
    assert_int_equal(rpz_zone_step(&z, UINT32_MAX, &one, 1, &made).code, ERR_CONFLICT);
    assert_non_null(rpz_zone_find_diff(&z, UINT32_MAX - 1));
    rpz_zone_done(&z);
}

static void what_cannot_stand_in_the_zone_is_left_out(void **state)
{
    (void)state;
    static char label[64], owner[260];
    memset(label, 'a', 63);
    snprintf(owner, sizeof owner, "%s.%s.%s.%.52s", label, label, label, label);
    const struct rpz_entry unfit[] = {
        {STR(""),                        RPZ_NOTICE},
        {STR("."),                       RPZ_NOTICE},
        {STR("*"),                       RPZ_NOTICE}, /* would be the whole Internet */
        {STR("*."),                      RPZ_NOTICE},
        {STR("a..com"),                  RPZ_NOTICE},
        {STR("a.com.."),                 RPZ_NOTICE},
        {STR(".com"),                    RPZ_NOTICE},
        {STR("a b.com"),                 RPZ_NOTICE},
        {STR("a.*.com"),                 RPZ_NOTICE},
        {STR("\xe8\xaf\x88.com"),        RPZ_NOTICE},
        {STR("24.0.2.0.192.rpz-ip"),     RPZ_NOTICE}, /* would be a trigger on addresses */
        {STR("ns.evil.com.RPZ-NSDNAME"), RPZ_NOTICE},
        {str_from_c(owner),              RPZ_NOTICE}, /* a name, but not with the zone behind it */
    };
    struct rpz_zone z;
    struct rpz_step made;
    zone_open(&z, 1);
    assert_false(failed(rpz_zone_step(&z, 2, unfit, COUNT_OF(unfit), &made)));
    assert_int_equal(made.unfit, COUNT_OF(unfit));
    assert_int_equal(rpz_view_entries(z.now), 0);
    owner[strlen(owner) - 1] = '\0'; /* now it fits, to the byte */
    const struct rpz_entry fit[] = {
        {str_from_c(owner), RPZ_NOTICE},
        {STR("EVIL.com."),  RPZ_NOTICE}
    };
    assert_false(failed(rpz_zone_step(&z, 3, fit, COUNT_OF(fit), &made)));
    assert_int_equal(made.unfit, 0);
    const struct rpz_entry lift = {STR("evil.com"), RPZ_NONE};
    assert_false(failed(rpz_zone_step(&z, 4, &lift, 1, &made)));
    assert_int_equal(made.removed, 1);
    rpz_zone_done(&z);
}

static void a_bound_leaves_the_zone_as_it_was(void **state)
{
    (void)state;
    struct rpz_limits small = limits;
    small.entries = 3;
    struct rpz_zone z;
    struct rpz_step made;
    struct rpz_start start = {.serial = 1};
    rpz_zone_init(&z, &small);
    assert_false(failed(rpz_zone_load(&z, &start, &made)));
    struct rpz_entry entries[4];
    for (size_t i = 0; i < 4; i++)
        entries[i] = (struct rpz_entry){name_of(i), RPZ_NXDOMAIN};
    assert_int_equal(rpz_zone_step(&z, 2, entries, 4, &made).code, ERR_LIMIT);
    assert_int_equal(rpz_view_serial(z.now), 1);
    assert_null(rpz_zone_find_diff(&z, 1));
    assert_false(failed(rpz_zone_step(&z, 2, entries, 3, &made)));
    rpz_zone_done(&z);
}

static void history_is_bounded_and_can_be_brought_along(void **state)
{
    (void)state;
    struct rpz_entry a = {STR("a.com"), RPZ_NOTICE};
    struct rpz_entry b = {STR("b.com"), RPZ_NXDOMAIN};
    struct rpz_past past[3];
    past[0] = (struct rpz_past){.from = 3, .to = 4}; /* does not join up: left out */
    past[1] = (struct rpz_past){.from = 5, .to = 6, .added = &a, .added_count = 1};
    past[2] = (struct rpz_past){
        .from = 6, .to = 9, .removed = &a, .removed_count = 1, .added = &b, .added_count = 1};
    struct rpz_start start = {
        .serial = 9, .entries = &b, .entry_count = 1, .past = past, .past_count = COUNT_OF(past)};
    struct rpz_zone z;
    struct rpz_step made;
    rpz_zone_init(&z, &limits);
    assert_false(failed(rpz_zone_load(&z, &start, &made)));
    assert_null(rpz_zone_find_diff(&z, 3));
    struct rpz_diff *first = rpz_zone_find_diff(&z, 5);
    assert_non_null(first);
    assert_int_equal(rpz_diff_to(rpz_diff_next(first)), 9);
    assert_null(rpz_diff_next(rpz_diff_next(first)));
    assert_true(rpz_diff_removed(first).size == 0 && rpz_diff_added(first).size > 0);

    rpz_diff_keep(first); /* a slow secondary reads it while the world goes on */
    for (uint32_t serial = 10; serial < 100; serial++)
        assert_false(failed(rpz_zone_step(&z, serial, &a, serial % 2, &made)));
    assert_null(rpz_zone_find_diff(&z, 5));
    assert_null(rpz_zone_find_diff(&z, 58));
    assert_non_null(rpz_zone_find_diff(&z, 59)); /* 40 diffs */
    uint32_t serial = 5;
    for (const struct rpz_diff *d = first; d != NULL; d = rpz_diff_next(d)) {
        assert_int_equal(rpz_diff_from(d), serial);
        serial = rpz_diff_to(d);
    }
    assert_int_equal(serial, 99);
    rpz_diff_drop(first);
    rpz_zone_done(&z);
}

static void a_state_can_be_replaced_whole(void **state)
{
    (void)state;
    static struct rpz_entry entries[WORLD];
    static struct model m;
    struct rpz_zone z;
    struct rpz_step made;
    zone_open(&z, 1);
    for (uint32_t serial = 2; serial < 30; serial++) {
        size_t count = 0;
        struct model next = {0};
        size_t differences = 0;
        for (size_t i = 0; i < WORLD; i++) {
            next.policy[i] = dice(4) == 0 ? (uint8_t)(1 + dice(5)) : 0;
            if (next.policy[i] != RPZ_NONE)
                entries[count++] = (struct rpz_entry){name_of(i), (enum rpz_policy)next.policy[i]};
            if (next.policy[i] != m.policy[i])
                differences += 1u + (next.policy[i] != 0 && m.policy[i] != 0);
        }
        assert_false(failed(rpz_zone_replace(&z, serial, entries, count, &made)));
        assert_int_equal(made.added + made.removed, differences);
        m = next;
        check_view(z.now, &m);
        check_order(z.now);
    }
    rpz_zone_done(&z);
}

/* Method: names of a small world and their wildcards, each with a random policy, through a run. */
static void what_goes_into_a_run_comes_out(void **state)
{
    (void)state;
    static uint8_t packs[2000][RPZ_PACK_MAX];
    for (unsigned round = 0; round < 200; round++) {
        struct rpz_list list;
        size_t count = 0;
        char turned[16];
        rpz_list_init(&list, ZONE_BYTES);
        for (unsigned i = 0; i < 1000; i++) {
            enum rpz_policy policy = (enum rpz_policy)dice(2);
            int size = snprintf(turned, sizeof turned, "a.%03u.", i);
            bool has_name = dice(3) > 0;
            if (has_name) {
                assert_false(failed(rpz_list_put(&list, str_make(turned, (size_t)size), policy)));
                assert_false(failed(pack_from_turned(str_make(turned, (size_t)size), policy,
                                                     ZONE_BYTES, packs[count++])));
            }
            if (dice(3) == 0)
                continue;
            policy = dice(3) == 0 ? (enum rpz_policy)dice(2) : policy;
            size = snprintf(turned, sizeof turned, "a.%03u.*.", i);
            assert_false(failed(rpz_list_put(&list, str_make(turned, (size_t)size), policy)));
            assert_false(failed(pack_from_turned(str_make(turned, (size_t)size), policy, ZONE_BYTES,
                                                 packs[count++])));
            assert_int_equal(rpz_list_put(&list, str_make(turned, (size_t)size), policy).code,
                             ERR_CONFLICT);
        }
        struct run_reader r;
        run_open(&r, run_of(&list.run));
        for (size_t i = 0; i < count; i++) {
            const uint8_t *at = run_next(&r);
            assert_non_null(at);
            assert_memory_equal(at, packs[i], pack_bytes(packs[i]));
        }
        assert_null(run_next(&r));
        assert_int_equal(list.run.count, count);
        rpz_list_done(&list);
    }
}

/* A suffix listing's two names are one, and a little more than what differs from its neighbour. */
static void a_million_names_are_few_bytes(void **state)
{
    (void)state;
    struct rpz_list list;
    rpz_list_init(&list, ZONE_BYTES);
    for (unsigned i = 0; i < 10000; i++) {
        char turned[32];
        int size = snprintf(turned, sizeof turned, "com.shop%05u.", i);
        assert_false(failed(rpz_list_put(&list, str_make(turned, (size_t)size), RPZ_NOTICE)));
        size = snprintf(turned, sizeof turned, "com.shop%05u.*.", i);
        assert_false(failed(rpz_list_put(&list, str_make(turned, (size_t)size), RPZ_NOTICE)));
    }
    assert_int_equal(list.run.count, 20000);
    assert_in_range(list.run.size, 10000 * 4, 10000 * 6);
    assert_int_equal(rpz_list_put(&list, STR("com.shop00000."), RPZ_NOTICE).code, ERR_CONFLICT);
    assert_int_equal(list.unfit, 0);
    static const char *const unfit[] = {
        "",         "*.",     "com",     "com..",     ".",     "com.A.",          "c m.",
        "com.*.a.", "*.com.", "com.a*.", "rpz-ip.x.", "com.*", "rpz-client-ip.1."};
    for (size_t i = 0; i < COUNT_OF(unfit); i++)
        assert_false(failed(rpz_list_put(&list, str_from_c(unfit[i]), RPZ_NOTICE)));
    assert_int_equal(list.unfit, COUNT_OF(unfit));
    rpz_list_done(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_agree_with_a_table),
        cmocka_unit_test(chunks_stay_in_bounds),
        cmocka_unit_test(one_name_costs_one_chunk),
        cmocka_unit_test(a_serial_only_goes_forward),
        cmocka_unit_test(what_cannot_stand_in_the_zone_is_left_out),
        cmocka_unit_test(a_bound_leaves_the_zone_as_it_was),
        cmocka_unit_test(history_is_bounded_and_can_be_brought_along),
        cmocka_unit_test(a_state_can_be_replaced_whole),
        cmocka_unit_test(what_goes_into_a_run_comes_out),
        cmocka_unit_test(a_million_names_are_few_bytes),
    };
    return cmocka_run_group_tests_name("gate/dns/zone", tests, world_make, NULL);
}
