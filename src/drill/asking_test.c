/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a bank asks about what its rules say and about nothing else, and what it asked about is
 * booked later, or not at all; and stolen money waits with it.
 * Method: a small world, every question and every row looked at.
 */
#include "drill/asking.h"

#include "drill/drill_test.h"
#include "drill/stolen.h"
#include "kit/kit.h"

enum { ARENA_BYTES = 1 << 28, SCALE = 3000, DAYS = 30, ROWS = 1 << 16, NUMBERS = 1 << 17 };

struct watcher {
    struct params params;
    struct drill *drill;
    struct transfer_row *asks;
    size_t ask_count;
    uint8_t *seen[BANKS_MOST]; /* by number: statuses that came, a bit each */
};

static struct watcher watcher;
static struct arena arena;

static err pass_account(void *self, uint32_t account)
{
    (void)self;
    (void)account;
    return OK;
}

static err see_transfer(void *self, const struct transfer_row *r)
{
    struct watcher *w = self;
    assert_true(r->number < NUMBERS);
    w->seen[r->bank][r->number] |= (uint8_t)(1 << r->status);
    return OK;
}

static err pass_moved(void *self, const struct moved_row *r)
{
    (void)self;
    (void)r;
    return OK;
}

static err pass_mule(void *self, const struct mule_row *r)
{
    (void)self;
    (void)r;
    return OK;
}

static err pass_told(void *self, const struct told_row *r)
{
    (void)self;
    (void)r;
    return OK;
}

static err see_ask(void *self, const struct transfer_row *r)
{
    struct watcher *w = self;
    assert_true(w->ask_count < ROWS);
    w->asks[w->ask_count++] = *r;
    return OK;
}

static void play(struct watcher *w)
{
    const struct drill_port port = {.self = w,
                                    .account = pass_account,
                                    .transfer = see_transfer,
                                    .moved = pass_moved,
                                    .mule = pass_mule,
                                    .told = pass_told,
                                    .ask = see_ask};
    bundled(&arena, &w->params);
    w->asks = arena_make_array(&arena, ROWS, sizeof *w->asks);
    for (size_t bank = 0; bank < w->params.bank_count; bank++)
        w->seen[bank] = arena_make_array(&arena, NUMBERS, 1);
    const struct drill_settings s = {.seed = 3, .scale = SCALE, .days = DAYS, .params = &w->params};
    works(drill_open(&s, &port, &arena, &w->drill));
    works(drill_run(w->drill, INT64_MAX));
    works(drill_tell(w->drill));
}

static void only_what_the_rules_say(void **state)
{
    (void)state;
    const struct params *p = &watcher.params;
    assert_true(watcher.ask_count > 100);
    assert_int_equal(watcher.ask_count, drill_counted(watcher.drill).asks);
    for (size_t i = 0; i < watcher.ask_count; i++) {
        const struct transfer_row *r = &watcher.asks[i];
        assert_int_equal(p->banks[r->bank].asks, 1);
        assert_true(r->fen >= p->asking.from);
        assert_true(r->from < watcher.drill->world.first[GROUP_SHOP]);
        assert_true(r->channel == CHANNEL_APP || r->channel == CHANNEL_WEB);
        assert_int_equal(r->status, TRANSFER_PENDING);
    }
}

/* A bank may forget whom somebody paid, so a few pairs come again; rent does not. */
static void a_payee_is_new_once(void **state)
{
    (void)state;
    size_t again = 0;
    for (size_t i = 0; i < watcher.ask_count; i++)
        for (size_t k = 0; k < i; k++)
            again += watcher.asks[i].from == watcher.asks[k].from &&
                     watcher.asks[i].to == watcher.asks[k].to;
    assert_true(again * 50 < watcher.ask_count);
}

static void what_was_asked_is_booked_later_or_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < watcher.ask_count; i++) {
        const struct transfer_row *r = &watcher.asks[i];
        uint8_t seen = watcher.seen[r->bank][r->number];
        assert_true((seen & 1 << TRANSFER_PENDING) != 0);
        assert_true((seen & (1 << TRANSFER_BOOKED | 1 << TRANSFER_REJECTED)) != 0);
    }
}

static const struct transfer_row *find_ask(const struct taking *t)
{
    for (size_t i = 0; i < watcher.ask_count; i++)
        if (watcher.asks[i].bank == t->bank && watcher.asks[i].number == t->number)
            return &watcher.asks[i];
    return NULL;
}

/* What was asked about leaves a minute later at least; the rest mostly at once. */
static void stolen_money_waits_where_it_was_asked_about(void **state)
{
    (void)state;
    size_t asked = 0;
    size_t unasked = 0;
    for (uint32_t i = 1; i <= drill_counted(watcher.drill).incidents; i++) {
        const struct taking *t =
            stolen_taking(watcher.drill, stolen_incident(watcher.drill, i)->takings);
        for (; t != NULL; t = stolen_taking(watcher.drill, t->next)) {
            bool is_asked = find_ask(t) != NULL;
            asked += is_asked;
            unasked += !is_asked && t->booked_us == t->at_us;
            assert_true(t->booked_us >= t->at_us + (is_asked ? MINUTE_US : 0));
        }
    }
    assert_true(asked > 20 && unasked > 20);
}

static int setup(void **state)
{
    (void)state;
    works(kit_boot());
    arena_init(&arena, ARENA_BYTES);
    play(&watcher);
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
        cmocka_unit_test(only_what_the_rules_say),
        cmocka_unit_test(a_payee_is_new_once),
        cmocka_unit_test(what_was_asked_is_booked_later_or_not),
        cmocka_unit_test(stolen_money_waits_where_it_was_asked_about),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
