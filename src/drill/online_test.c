/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: what is said of messages and visits is true of them, and nobody calls or pays otherwise for
 * it. Method: a small world with and without them, every row kept; rows as text, digested.
 */
#include "drill/online.h"

#include "drill/calls.h"
#include "drill/drill_test.h"
#include "drill/stolen.h"
#include "kit/digest.h"
#include "kit/kit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { ARENA_BYTES = 1 << 28, SCALE = 3000, DAYS = 40, ROWS = 1 << 16 };
enum { CLOCK_US = 5000000 };

struct watcher {
    struct drill *drill;
    struct params params;
    struct digest_stream rest;   /* calls and money */
    struct digest_stream online; /* and what is new */
    struct visit_row *visits;
    size_t visit_count;
    struct message_row *messages;
    size_t message_count;
    struct episode_row *episodes;
    size_t episode_count;
};

__attribute__((format(printf, 2, 3))) static void put(struct digest_stream *s, const char *format,
                                                      ...)
{
    char text[256];
    va_list values;
    va_start(values, format);
    int size = vsnprintf(text, sizeof text, format, values);
    va_end(values);
    assert_true(size > 0 && (size_t)size < sizeof text);
    digest_put(s, str_make(text, (size_t)size));
}

static err pass_account(void *self, uint32_t account)
{
    put(&((struct watcher *)self)->rest, "a %u\n", account);
    return OK;
}

static err see_transfer(void *self, const struct transfer_row *r)
{
    struct watcher *w = self;
    put(&w->rest, "t %" PRIu64 " %" PRId64 " %" PRId64 " %u %u %u\n", r->number, r->at_us, r->fen,
        r->from, r->to, r->status);
    return OK;
}

static err see_moved(void *self, const struct moved_row *r)
{
    put(&((struct watcher *)self)->rest, "m %" PRIu64 " %u\n", r->number, r->incident);
    return OK;
}

static err see_mule(void *self, const struct mule_row *r)
{
    put(&((struct watcher *)self)->rest, "u %u\n", r->account);
    return OK;
}

static err see_told(void *self, const struct told_row *r)
{
    put(&((struct watcher *)self)->rest, "i %u %" PRId64 "\n", r->incident, r->told_us);
    return OK;
}

static err see_call(void *self, const struct call_row *r)
{
    put(&((struct watcher *)self)->rest, "c %" PRIu64 " %" PRId64 " %u %u\n", r->number, r->at_us,
        r->caller, r->callee);
    return OK;
}

static err see_line(void *self, const struct line_row *r)
{
    put(&((struct watcher *)self)->rest, "l %u\n", r->line);
    return OK;
}

static err see_rack(void *self, const struct rack_row *r)
{
    put(&((struct watcher *)self)->rest, "r %u %u\n", r->rack, r->cell);
    return OK;
}

static err see_dialled(void *self, const struct dialled_row *r)
{
    put(&((struct watcher *)self)->rest, "d %" PRIu64 " %u\n", r->number, r->incident);
    return OK;
}

static err see_visit(void *self, const struct visit_row *r)
{
    struct watcher *w = self;
    assert_true(w->visit_count < ROWS);
    w->visits[w->visit_count++] = *r;
    put(&w->online, "v %" PRId64 " %" PRIu64 " %u %u\n", r->at_us, r->site, r->line, r->carrier);
    return OK;
}

static err see_message(void *self, const struct message_row *r)
{
    struct watcher *w = self;
    assert_true(w->message_count < ROWS);
    w->messages[w->message_count++] = *r;
    put(&w->online, "s %" PRId64 " %" PRIu64 " %u %u\n", r->at_us, r->site, r->line, r->sender);
    return OK;
}

static err see_episode(void *self, const struct episode_row *r)
{
    struct watcher *w = self;
    assert_true(w->episode_count < ROWS);
    w->episodes[w->episode_count++] = *r;
    put(&w->online, "e %u %u %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %d\n", r->line,
        r->incident, r->begun_us, r->message_us, r->visit_us, r->reported_us, r->takes_calls);
    return OK;
}

static void play(struct watcher *w, uint64_t seed, bool is_online, int64_t step_us, struct arena *a)
{
    struct drill_port port = {w,         pass_account, see_transfer, see_moved, see_mule,
                              see_told,  see_call,     see_line,     see_rack,  see_dialled,
                              see_visit, see_message,  see_episode};
    if (!is_online) {
        port.visit = NULL;
        port.message = NULL;
        port.episode = NULL;
    }
    *w = (struct watcher){0};
    bundled(a, &w->params);
    w->visits = arena_make_array(a, ROWS, sizeof *w->visits);
    w->messages = arena_make_array(a, ROWS, sizeof *w->messages);
    w->episodes = arena_make_array(a, ROWS, sizeof *w->episodes);
    digest_init(&w->rest);
    digest_init(&w->online);
    struct drill_settings s = {.seed = seed, .scale = SCALE, .days = DAYS, .params = &w->params};
    works(drill_open(&s, &port, a, &w->drill));
    works(drill_accounts(w->drill));
    for (int64_t at = w->params.begin_us; drill_goes_on(w->drill); at += step_us)
        works(drill_run(w->drill, at));
    works(drill_tell(w->drill));
}

static void end(struct digest_stream *s, char ret_hex[17])
{
    struct digest digest = digest_done(s);
    hex_put(ret_hex, digest.bytes, 8);
    ret_hex[16] = '\0';
}

struct digests {
    char rest[17];
    char online[17];
};

static struct digests digests_of(uint64_t seed, bool is_online, int64_t step_us)
{
    struct arena a;
    struct digests d;
    struct watcher *w = calloc(1, sizeof *w);
    assert_non_null(w);
    arena_init(&a, ARENA_BYTES);
    play(w, seed, is_online, step_us, &a);
    end(&w->rest, d.rest);
    end(&w->online, d.online);
    drill_close(w->drill);
    arena_done(&a);
    free(w);
    return d;
}

static void one_seed_is_one_world(void **state)
{
    (void)state;
    struct digests whole = digests_of(1, true, 400 * DAY_US);
    struct digests by_hours = digests_of(1, true, HOUR_US);
    struct digests without = digests_of(1, false, 400 * DAY_US);
    struct digests another = digests_of(2, true, 400 * DAY_US);
    assert_string_equal(whole.online, by_hours.online);
    assert_string_equal(whole.rest, without.rest); /* nobody calls or pays otherwise */
    assert_string_not_equal(whole.online, another.online);
    /* The same everywhere. A change of the world changes it: write down the new one then. */
    assert_string_equal(whole.online, "214ace96fc2e023c");
}

/* --- what the rows say --- */

static struct watcher watcher;
static struct arena arena;

static const struct episode_row *episode_of(uint64_t site)
{
    for (size_t i = 0; i < watcher.episode_count; i++)
        if (watcher.episodes[i].site == site)
            return &watcher.episodes[i];
    return NULL;
}

static void only_listed_sites_are_told(void **state)
{
    (void)state;
    size_t of_episodes = 0;
    assert_true(watcher.visit_count > 100);
    for (size_t i = 0; i < watcher.visit_count; i++) {
        const struct visit_row *v = &watcher.visits[i];
        const struct episode_row *e = episode_of(v->site);
        if (e == NULL)
            continue;
        of_episodes++;
        assert_true(e->listed_us != 0 && v->at_us >= e->listed_us - CLOCK_US);
    }
    assert_true(of_episodes > 20 && of_episodes < watcher.visit_count);
    size_t honest = 0;
    for (size_t i = 0; i < watcher.message_count; i++) {
        const struct message_row *m = &watcher.messages[i];
        bool is_scam = line_is_scam(&watcher.drill->calls->lines, m->sender);
        honest += !is_scam;
        for (size_t k = 0; !is_scam && k < watcher.visit_count; k++)
            assert_true(watcher.visits[k].site != m->site); /* popular, and on no list */
    }
    assert_true(honest > watcher.message_count / 2 && honest < watcher.message_count);
}

static void stages_follow_each_other(void **state)
{
    (void)state;
    size_t victims = 0;
    size_t others_looked = 0;
    for (size_t i = 0; i < watcher.episode_count; i++) {
        const struct episode_row *e = &watcher.episodes[i];
        assert_true(e->message_us == 0 || e->message_us >= e->begun_us);
        assert_true(e->visit_us == 0 || e->visit_us >= e->begun_us);
        assert_true(e->call_us == 0 || e->call_us >= e->begun_us);
        assert_true(e->incident != 0 || e->noticed_us == 0);
        others_looked += e->incident == 0 && e->visit_us != 0;
        if (e->incident == 0)
            continue;
        const struct told_row *told = stolen_incident(watcher.drill, e->incident);
        const struct taking *first = stolen_taking(watcher.drill, told->takings);
        victims++;
        assert_int_equal(told->victim, e->line);
        while (first != NULL && first->next != 0)
            first = stolen_taking(watcher.drill, first->next);
        assert_true(first == NULL || e->visit_us == 0 || e->visit_us <= first->at_us + CLOCK_US);
    }
    assert_true(victims > 30 && others_looked > victims && watcher.episode_count > 20 * victims);
}

static int by_size(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a;
    int64_t other = *(const int64_t *)b;
    return (one > other) - (one < other);
}

/* Some never tell; of those who wait, the last wait far longer than the middle one. */
static void reports_have_a_long_tail(void **state)
{
    (void)state;
    static int64_t late[ROWS];
    size_t late_count = 0;
    size_t noticed = 0;
    size_t told = 0;
    for (size_t i = 0; i < watcher.episode_count; i++) {
        const struct episode_row *e = &watcher.episodes[i];
        noticed += e->noticed_us != 0;
        told += e->reported_us != 0;
        assert_true(e->reported_us == 0 || e->reported_us >= e->noticed_us);
        if (e->reported_us > e->noticed_us)
            late[late_count++] = e->reported_us - e->noticed_us;
    }
    qsort(late, late_count, sizeof *late, by_size);
    assert_true(told > noticed / 2 && told < noticed);
    assert_true(late_count > 2 && late_count < told / 2);
    assert_true(late[late_count - 1] > 3 * late[late_count / 2]);
}

static int setup(void **state)
{
    (void)state;
    works(kit_boot());
    arena_init(&arena, ARENA_BYTES);
    play(&watcher, 5, true, 400 * DAY_US, &arena);
    (void)digest_done(&watcher.rest);
    (void)digest_done(&watcher.online);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    drill_close(watcher.drill);
    arena_done(&arena);
    kit_done();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_seed_is_one_world),
        cmocka_unit_test(only_listed_sites_are_told),
        cmocka_unit_test(stages_follow_each_other),
        cmocka_unit_test(reports_have_a_long_tail),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
