/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a file of the zone says what the zone says, is replaced whole, is written no more often
 * than agreed, and a disk that fails costs nothing but the file.
 * Method: a gate on loopback in its own thread, files in a folder of this test; ldns reads them.
 */
#include "env/clock.h"
#include "env/fault.h"
#include "env/file.h"
#include "gate/dns/copy.h"

#include <assert.h>
#include <ldns/ldns.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

enum { WAIT_MS = 60000, EVERY_MS = 100 };

struct world {
    struct dns_gate *gate;
    struct env_thread thread;
    struct dns_endpoint listen;
    struct dns_options options;
    str files[2];
    char folder[64];
    char path[2][128];
    struct arena arena;
};

static void on_thread(void *self)
{
    err e = dns_gate_run(self);
    assert(!failed(e));
}

static void world_open(struct world *w)
{
    *w = (struct world){.folder = "/tmp/yumen-copy-XXXXXX"};
    assert_non_null(mkdtemp(w->folder));
    arena_init(&w->arena, 1 << 24);
    w->listen = (struct dns_endpoint){STR("127.0.0.1"), 0};
    for (size_t i = 0; i < 2; i++) {
        (void)snprintf(w->path[i], sizeof w->path[i], "%s/%zu.rpz", w->folder, i);
        w->files[i] = str_from_c(w->path[i]);
    }
    w->options = (struct dns_options){
        .listen = &w->listen,
        .listen_count = 1,
        .files = w->files,
        .file_count = 1,
        .files_every_ms = EVERY_MS,
        .notice = {.a = STR("192.0.2.80"), .aaaa = STR("2001:db8::80")},
    };
}

static void world_start(struct world *w, const struct rpz_start *start)
{
    struct dns_port port = {0};
    assert_false(failed(dns_gate_start(&w->options, &port, start, &w->gate)));
    assert_false(failed(env_thread_start(&w->thread, "dns", on_thread, w->gate)));
}

static void world_stop(struct world *w)
{
    dns_gate_stop(w->gate);
    env_thread_join(&w->thread);
    dns_gate_close(w->gate);
}

static void world_close(struct world *w)
{
    for (size_t i = 0; i < 2; i++)
        (void)unlink(w->path[i]);
    (void)rmdir(w->folder);
    arena_done(&w->arena);
}

static struct dns_file_state state_of(struct world *w, size_t file)
{
    struct dns_file_state states[DNS_FILES_MAX];
    assert_true(dns_gate_files(w->gate, states, DNS_FILES_MAX) > file);
    return states[file];
}

static struct dns_file_state wait_serial(struct world *w, size_t file, uint32_t serial)
{
    for (int i = 0; i < WAIT_MS / 5 && state_of(w, file).serial != serial; i++)
        usleep(5000);
    assert_int_equal(state_of(w, file).serial, serial);
    return state_of(w, file);
}

static str content(struct world *w, size_t file)
{
    str bytes = {0};
    assert_false(failed(file_read(w->path[file], 1 << 20, &w->arena, &bytes)));
    return bytes;
}

static void expect_content(struct world *w, size_t file, const char *wanted)
{
    str got = content(w, file);
    assert_string_equal(str_to_c(&w->arena, got), wanted);
}

#define HEAD(serial)                                                                               \
    "; Written by Yumen, and replaced at every change: what is added here is lost.\n"              \
    "$ORIGIN rpz.yumen.\n$TTL 5\n@ SOA localhost. nobody.invalid. " serial " 30 10 259200 5\n"     \
    "@ NS localhost.\n"

static const struct rpz_entry every_policy[] = {
    {STR("evil.com"),      RPZ_NOTICE  },
    {STR("*.evil.com"),    RPZ_NOTICE  },
    {STR("a_b.evil.com"),  RPZ_PASSTHRU},
    {STR("none.example"),  RPZ_NXDOMAIN},
    {STR("empty.example"), RPZ_NODATA  },
    {STR("slow.example"),  RPZ_TCP_ONLY},
};

#define EVERY_POLICY                                                                               \
    "evil.com A 192.0.2.80\n AAAA 2001:db8::80\n*.evil.com A 192.0.2.80\n AAAA 2001:db8::80\n"     \
    "a_b.evil.com CNAME rpz-passthru.\nempty.example CNAME *.\nnone.example CNAME .\n"             \
    "slow.example CNAME rpz-tcp-only.\n"

/* Goal: every policy as a resolver reads it. Method: the text itself, and ldns on it. */
static void a_file_says_what_the_zone_says(void **state)
{
    (void)state;
    struct world w;
    struct rpz_start start = {7, every_policy, COUNT_OF(every_policy)};
    world_open(&w);
    world_start(&w, &start);
    (void)wait_serial(&w, 0, 7);
    expect_content(&w, 0, HEAD("7") EVERY_POLICY "; whole, serial 7\n");

    ldns_zone *zone = NULL;
    FILE *f = fopen(w.path[0], "r");
    assert_non_null(f);
    assert_int_equal(ldns_zone_new_frm_fp(&zone, f, NULL, 0, LDNS_RR_CLASS_IN), LDNS_STATUS_OK);
    fclose(f);
    assert_non_null(ldns_zone_soa(zone));
    assert_int_equal(ldns_zone_rr_count(zone), 1 + 8); /* NS; two names have two */
    ldns_zone_deep_free(zone);
    world_stop(&w);
    world_close(&w);
}

/* Method: many publishes in a row; writings are counted by the gate. */
static void changes_are_gathered(void **state)
{
    (void)state;
    struct world w;
    struct rpz_start start = {.serial = 7};
    world_open(&w);
    world_start(&w, &start);
    (void)wait_serial(&w, 0, 7);
    int64_t begin_us = env_monotonic_us();
    for (uint32_t serial = 8; serial <= 207; serial++) {
        char owner[32];
        int size = snprintf(owner, sizeof owner, "n%u.example", serial);
        struct rpz_entry entry = {str_make(owner, (size_t)size), RPZ_NXDOMAIN};
        assert_false(failed(dns_gate_publish(w.gate, serial, &entry, 1)));
    }
    struct dns_file_state done = wait_serial(&w, 0, 207);
    uint64_t most = 2 + (uint64_t)((env_monotonic_us() - begin_us) / US_PER_MS / EVERY_MS);
    assert_in_range(done.write_count, 2, 1 + most);
    assert_true(str_ends(content(&w, 0), STR("; whole, serial 207\n")));
    world_stop(&w);
    world_close(&w);
}

/* Method: two files; one in a folder that is not there, then every way a disk fails. */
static void a_file_that_fails_costs_only_itself(void **state)
{
    (void)state;
    static const enum fault_kind faults[] = {FAULT_FULL, FAULT_WRITE, FAULT_SHORT, FAULT_SYNC,
                                             FAULT_RENAME};
    struct world w;
    struct rpz_start start = {7, every_policy, COUNT_OF(every_policy)};
    world_open(&w);
    w.options.file_count = 2;
    (void)snprintf(w.path[0], sizeof w.path[0], "%s/absent/x.rpz", w.folder);
    w.files[0] = str_from_c(w.path[0]);
    world_start(&w, &start);
    (void)wait_serial(&w, 1, 7);
    for (int i = 0; i < WAIT_MS / 5 && state_of(&w, 0).trouble == NULL; i++)
        usleep(5000);
    assert_string_equal(state_of(&w, 0).trouble, "file: cannot open");
    world_stop(&w);

    w.options.files = w.files + 1;
    w.options.file_count = 1;
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        start.serial = 8 + (uint32_t)i;
        env_fault_from(faults[i], 1);
        world_start(&w, &start);
        for (int n = 0; n < WAIT_MS / 5 && state_of(&w, 0).trouble == NULL; n++)
            usleep(5000);
        assert_non_null(state_of(&w, 0).trouble);
        assert_true(str_ends(content(&w, 1), STR("; whole, serial 7\n")));
        world_stop(&w);
        env_fault_clear();
    }
    world_close(&w);
}

/* Method: a restart with the same serial, then with a file cut short. */
static void what_is_there_is_not_written_again(void **state)
{
    (void)state;
    struct world w;
    struct rpz_start start = {7, every_policy, COUNT_OF(every_policy)};
    world_open(&w);
    world_start(&w, &start);
    assert_int_equal(wait_serial(&w, 0, 7).write_count, 1);
    world_stop(&w);
    world_start(&w, &start);
    assert_int_equal(wait_serial(&w, 0, 7).write_count, 0);
    world_stop(&w);
    assert_int_equal(truncate(w.path[0], 300), 0);
    world_start(&w, &start);
    assert_int_equal(wait_serial(&w, 0, 7).write_count, 1);
    world_stop(&w);
    world_close(&w);
}

static void an_end_tells_its_serial_or_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *end;
        bool is_whole;
        uint32_t serial;
    } rows[] = {
        {"x A 192.0.2.1\n; whole, serial 4294967295\n", true,  UINT32_MAX},
        {"\n; whole, serial 1\n",                       true,  1         },
        {"; whole, serial 4294967296\n",                false, 0         },
        {"; whole, serial -1\n",                        false, 0         },
        {"; whole, serial 1",                           false, 0         },
        {"; whole, serial \n",                          false, 0         },
        {"x CNAME .\n",                                 false, 0         },
        {"",                                            false, 0         },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint32_t serial = 0;
        assert_int_equal(master_tail_read(str_from_c(rows[i].end), &serial), rows[i].is_whole);
        assert_int_equal(serial, rows[i].serial);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_says_what_the_zone_says),
        cmocka_unit_test(changes_are_gathered),
        cmocka_unit_test(a_file_that_fails_costs_only_itself),
        cmocka_unit_test(what_is_there_is_not_written_again),
        cmocka_unit_test(an_end_tells_its_serial_or_nothing),
    };
    return cmocka_run_group_tests_name("gate/dns/copy", tests, NULL, NULL);
}
