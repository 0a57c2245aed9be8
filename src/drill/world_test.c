/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: no fen is made or lost and no purse runs empty below zero at any step; an id is used once
 * but where a bank sends it again; the drill's truth adds up; and one seed is one world. Method:
 * a small world run in short steps, every row looked at; rows as text, digested.
 */
#include "drill/drill.h"

#include "drill/drill_test.h"
#include "drill/inside.h"
#include "drill/stolen.h"
#include "kit/digest.h"
#include "kit/kit.h"

#include <inttypes.h>
#include <stdio.h>

enum { SCALE = 2000, DAYS = 9, NUMBERS = 40000, INCIDENTS = 400, ARENA_BYTES = 1 << 28 };

/* What came of one id. */
struct seen {
    struct transfer_row row;
    int64_t followed; /* of its fen, by truth */
};

struct watcher {
    struct drill *drill;
    struct digest_stream digest;
    struct seen *seen[BANKS_MOST];
    int64_t again;
    int64_t by_status[TRANSFER_STATUS_COUNT];
    int64_t first_moves[INCIDENTS];
    int64_t incidents;
    int64_t left; /* by exits */
    int64_t accounts;
};

__attribute__((format(printf, 2, 3))) static void put_digest(struct watcher *w, const char *format,
                                                             ...)
{
    char text[256];
    va_list args;
    va_start(args, format);
    int size = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    digest_put(&w->digest, str_make(text, (size_t)size));
}

static err see_account(void *self, uint32_t account)
{
    struct watcher *w = self;
    put_digest(w, "a %u\n", account);
    w->accounts++;
    return OK;
}

static bool may_follow(unsigned was, unsigned now)
{
    if (was == TRANSFER_PENDING)
        return now == TRANSFER_BOOKED || now == TRANSFER_REJECTED;
    return was == TRANSFER_BOOKED && now == TRANSFER_REVERSED;
}

static err see_transfer(void *self, const struct transfer_row *row)
{
    struct watcher *w = self;
    put_digest(w, "t %u %" PRIu64 " %" PRId64 " %u %u %" PRId64 " %" PRId64 " %u %u %u %u\n",
               row->bank, row->number, row->at_us, row->from, row->to, row->fen, row->balance_after,
               row->seq, row->device, row->channel, row->status);
    assert_true(row->number >= 1 && row->number < NUMBERS);
    struct seen *s = &w->seen[row->bank][row->number];
    bool is_first = s->row.number == 0;
    assert_true(row->fen > 0 && row->from != row->to && row->balance_after >= -1);
    if (!is_first) {
        assert_true(s->row.at_us == row->at_us && s->row.fen == row->fen);
        assert_true(s->row.from == row->from && s->row.to == row->to && s->row.seq == row->seq);
    }
    bool is_news = is_first || may_follow(s->row.status, row->status);
    w->again += !is_news;
    if (is_news) {
        s->row = *row;
        w->by_status[row->status]++;
    }
    return OK;
}

static err see_moved(void *self, const struct moved_row *row)
{
    struct watcher *w = self;
    put_digest(w, "m %u %" PRIu64 " %u %u %" PRId64 "\n", row->bank, row->number, row->incident,
               row->layer, row->fen);
    assert_true(row->layer >= 1 && row->layer <= LAYERS_MOST + 1 && row->incident < INCIDENTS);
    w->seen[row->bank][row->number].followed += row->fen;
    if (row->layer == 1)
        w->first_moves[row->incident] += row->fen;
    if (is_beyond(row->to))
        w->left += row->fen;
    return OK;
}

static err see_mule(void *self, const struct mule_row *row)
{
    put_digest(self, "u %u %u %u %" PRId64 "\n", row->account, row->ring, row->layer, row->at_us);
    return OK;
}

static err see_told(void *self, const struct told_row *i)
{
    struct watcher *w = self;
    int64_t taken = 0;
    int64_t fates = 0;
    const struct taking *t = stolen_taking(w->drill, i->takings);
    for (; t != NULL; t = stolen_taking(w->drill, t->next)) {
        const struct transfer_row *row = &w->seen[t->bank][t->number].row;
        assert_true(row->fen == t->fen && row->to == t->to && row->from == i->victim);
        assert_int_equal(row->status, TRANSFER_BOOKED);
        taken += t->fen;
    }
    const struct fate *f = stolen_fate(w->drill, i->fates);
    for (; f != NULL; f = stolen_fate(w->drill, f->next)) {
        assert_true(is_beyond(f->account) == (f->number != 0));
        fates += f->fen;
        w->left -= f->number != 0 ? f->fen : 0;
    }
    assert_int_equal(taken, i->fen);
    assert_int_equal(fates, i->fen);
    assert_int_equal(w->first_moves[i->incident], i->fen);
    assert_true(i->told_us > i->begun_us);
    w->incidents++;
    return OK;
}

static const struct drill_port watching = {.account = see_account,
                                           .transfer = see_transfer,
                                           .moved = see_moved,
                                           .mule = see_mule,
                                           .told = see_told};

static struct drill *open_world(struct watcher *w, uint64_t seed, struct arena *a)
{
    struct drill *d = NULL;
    struct params *p = arena_make(a, sizeof *p);
    struct drill_port port = watching;
    assert_non_null(p);
    bundled(a, p);
    *w = (struct watcher){0};
    port.self = w;
    for (size_t bank = 0; bank < p->bank_count; bank++) {
        w->seen[bank] = arena_make_array(a, NUMBERS, sizeof(struct seen));
        assert_non_null(w->seen[bank]);
    }
    digest_init(&w->digest);
    struct drill_settings settings = {.seed = seed, .scale = SCALE, .days = DAYS, .params = p};
    works(drill_open(&settings, &port, a, &d));
    w->drill = d;
    return d;
}

static int64_t held_in_stashes(const struct drill *d)
{
    int64_t fen = 0;
    for (uint32_t account = 0; account < world_accounts(&d->world); account++)
        if (money_is_watched(&d->world, account))
            fen += stolen_held(d->stolen, account);
    return fen;
}

static void money_is_conserved_at_every_step(void **state)
{
    (void)state;
    struct arena a;
    struct watcher w;
    arena_init(&a, ARENA_BYTES);
    struct drill *d = open_world(&w, 5, &a);
    const struct world *world = drill_world(d);
    assert_true(world->openings > 0);
    for (int64_t at = d->params.begin_us; drill_goes_on(d); at += 17 * MINUTE_US) {
        works(drill_run(d, at));
        assert_int_equal(money_sum(world), world->openings);
        for (uint32_t account = 0; account < world_accounts(world); account++) {
            assert_true(money_of(world, account) >= 0);
            assert_true(clearing_free(d, account) >= 0);
        }
    }
    struct drill_counts c = drill_counted(d);
    assert_int_equal(world->in_flight, 0);
    assert_int_equal(c.stolen_fen, held_in_stashes(d) + w.left);
    works(drill_tell(d));
    assert_int_equal(w.left, 0); /* every exit is in some incident's account */
    assert_int_equal(w.incidents, c.incidents);
    assert_true(c.incidents > 5 && c.stolen_fen > 0);
    (void)digest_done(&w.digest);
    drill_close(d);
    arena_done(&a);
}

static void ids_come_once_and_truth_fits(void **state)
{
    (void)state;
    struct arena a;
    struct watcher w;
    arena_init(&a, ARENA_BYTES);
    struct drill *d = open_world(&w, 6, &a);
    works(drill_run(d, INT64_MAX));
    struct drill_counts c = drill_counted(d);
    int64_t ids = 0;
    for (size_t bank = 0; bank < d->params.bank_count; bank++)
        for (size_t n = 0; n < NUMBERS; n++) {
            const struct seen *s = &w.seen[bank][n];
            bool is_whole =
                s->followed == 0 || (s->followed == s->row.fen && s->row.status == TRANSFER_BOOKED);
            assert_true(is_whole);
            ids += s->row.number != 0;
        }
    assert_int_equal(ids, c.transfers);
    assert_int_equal(w.again, c.again);
    assert_int_equal(w.by_status[TRANSFER_REVERSED], c.reversed);
    assert_int_equal(w.by_status[TRANSFER_REJECTED], c.rejected);
    assert_true(c.again > 0 && c.reversed > 0 && w.by_status[TRANSFER_PENDING] > 0);
    (void)digest_done(&w.digest);
    drill_close(d);
    arena_done(&a);
}

/* Everything a drill says, as the beginning of its digest. */
static void digest_of_world(uint64_t seed, int64_t step_us, char ret_hex[17])
{
    struct arena a;
    struct watcher w;
    arena_init(&a, ARENA_BYTES);
    struct drill *d = open_world(&w, seed, &a);
    works(drill_accounts(d));
    assert_int_equal(w.accounts, world_accounts(drill_world(d)));
    for (int64_t at = d->params.begin_us; drill_goes_on(d); at += step_us)
        works(drill_run(d, at));
    works(drill_tell(d));
    struct digest digest = digest_done(&w.digest);
    hex_put(ret_hex, digest.bytes, 8);
    ret_hex[16] = '\0';
    drill_close(d);
    arena_done(&a);
}

static void one_seed_is_one_world(void **state)
{
    (void)state;
    char whole[17];
    char by_hours[17];
    char another[17];
    digest_of_world(1, 400 * DAY_US, whole);
    digest_of_world(1, HOUR_US, by_hours);
    digest_of_world(2, 400 * DAY_US, another);
    assert_string_equal(whole, by_hours);
    assert_string_not_equal(whole, another);
    /* The same everywhere. A change of the world changes it: write down the new one then. */
    assert_string_equal(whole, "96553ade500fa825");
}

static void impossible_worlds_are_refused(void **state)
{
    (void)state;
    struct arena a;
    struct params p;
    struct drill *d = NULL;
    const struct drill_port port = watching;
    arena_init(&a, ARENA_BYTES);
    bundled(&a, &p);
    struct drill_settings s = {.scale = SCALE_LEAST - 1, .days = 1, .params = &p};
    fails(drill_open(&s, &port, &a, &d), "drill.scale");
    s.scale = SCALE_MOST + 1;
    fails(drill_open(&s, &port, &a, &d), "drill.scale");
    s.scale = SCALE_LEAST;
    s.days = 0;
    fails(drill_open(&s, &port, &a, &d), "drill.days");
    s.days = DRILL_DAYS_MOST + 1;
    fails(drill_open(&s, &port, &a, &d), "drill.days");
    assert_null(d);
    drill_close(NULL);
    arena_done(&a);
}

static void spent_memory_is_an_answer(void **state)
{
    (void)state;
    struct params p;
    struct arena boot;
    arena_init(&boot, ARENA_BYTES);
    bundled(&boot, &p);
    for (size_t budget = 1 << 10; budget < 1 << 20; budget *= 2) {
        struct arena a;
        struct drill *d = NULL;
        arena_init(&a, budget);
        struct drill_settings s = {.scale = SCALE, .days = 1, .params = &p};
        err e = drill_open(&s, &watching, &a, &d);
        if (failed(e))
            assert_string_equal(e.why, "limit.memory");
        drill_close(d);
        arena_done(&a);
    }
    arena_done(&boot);
}

static int setup(void **state)
{
    (void)state;
    works(kit_boot());
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    kit_done();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(money_is_conserved_at_every_step),
        cmocka_unit_test(ids_come_once_and_truth_fits),
        cmocka_unit_test(one_seed_is_one_world),
        cmocka_unit_test(impossible_worlds_are_refused),
        cmocka_unit_test(spent_memory_is_an_answer),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
