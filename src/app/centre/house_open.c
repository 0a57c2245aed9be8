/* SPDX-License-Identifier: Apache-2.0 */
#include "app/centre/house_open.h"

#include "app/bank/waiting.h"
#include "app/call/api_help.h"
#include "app/centre/deliver.h"
#include "app/house/detector.h"
#include "app/house/keys.h"
#include "app/house/spool.h"
#include "app/house/warned.h"
#include "app/report/intake.h"
#include "app/send/send.h"
#include "app/warned/alert_turns.h"
#include "app/warned/watch.h"
#include "runs/reader.h"

enum { TURN_BYTES = 24 << 20, LIMIT_SETS = 16384, REPLAY_MOST = 65536 };

static const struct http_limit_class limit_classes[] = {
    [HOUSE_LIMIT_APPEAL] = {.burst = 10,  .per_hour = 20   },
    [HOUSE_LIMIT_SIGN_IN] = {.burst = 10,  .per_hour = 60   },
    [HOUSE_LIMIT_PUBLIC] = {.burst = 600, .per_hour = 36000},
    [HOUSE_LIMIT_REPORT] = {.burst = 5,   .per_hour = 20   },
    [HOUSE_LIMIT_TIP] = {.burst = 10,  .per_hour = 30   },
    [HOUSE_LIMIT_KEY] = {.burst = 20,  .per_hour = 60   },
};

static err open_readers(struct house *house)
{
    struct reader *first = NULL;
    TRY(reader_open(&house->readers.arena, house->db_path, &first));
    house->readers.free[house->readers.free_count++] = first;
    house->readers.made_count = 1;
    return OK;
}

static err open_clock(struct house *house, bool is_manual)
{
    if (!is_manual)
        return OK;
    if (store_centre(house->store)->kind != CENTRE_DRILL)
        return fail(ERR_DENIED, "clock.drill_only", 0);
    /* A drill's time goes on from its last head, whatever the wall says. */
    struct head head = {0};
    struct reader *reader = house_reader_take(house);
    struct arena turn;
    arena_init(&turn, 1 << 16);
    err e = reader_head(reader, UINT64_MAX, &turn, &head);
    arena_done(&turn);
    house_reader_give(house, reader);
    TRY(e);
    clock_init_manual(&house->clock, head.at);
    return OK;
}

static err find_marked_law(struct house *house, struct arena *turn, str *ret_mark)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store_sql(house->store),
                "SELECT \"why\" FROM ledger_leaf WHERE \"record\" = $1 AND \"act\" = 'centre.law'"
                " ORDER BY \"idx\" DESC LIMIT 1",
                &row));
    sql_bind_str(row, 1, store_centre(house->store)->id);
    bool has_row = false;
    err e = sql_next(row, &has_row);
    *ret_mark = !failed(e) && has_row ? sql_str(row, 0, turn) : STR("");
    sql_done(&row);
    return e;
}

/* Whoever changes the text that limits everybody's terms is in the ledger. */
static err note_law(struct house *house, struct arena *turn)
{
    struct store *store = house->store;
    instant now = clock_now(&house->clock);
    struct command cmd = {
        .act = ACT_CENTRE_LAW,
        .actor = {.user = STR("centre"), .kind = ACTOR_CENTRE},
        .record = store_centre(store)->id,
        .why = house->law_mark
    };
    str marked = {0};
    TRY(find_marked_law(house, turn, &marked));
    if (str_equal(marked, house->law_mark))
        return OK;
    TRY(store_begin(store));
    err e = store_apply(store, &cmd, now, turn, NULL);
    if (!failed(e))
        return store_commit(store, now);
    store_rollback(store);
    return e;
}

static err start_log(struct house *house, bool is_quiet)
{
    static const enum log_level levels[] = {[CONF_LOG_DEBUG] = LOG_DEBUG,
                                            [CONF_LOG_INFO] = LOG_INFO,
                                            [CONF_LOG_WARN] = LOG_WARN,
                                            [CONF_LOG_ERROR] = LOG_ERROR};
    char path[PATH_BYTES + 64];
    char *name = str_to_c(&house->boot, house->conf.log_file);
    if (name == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(house_path(house, name, path));
    bool has_file = !is_quiet && name[0] != '\0';
    return log_open(&house->log, has_file ? path : NULL, house->conf.log_max_mib << 20,
                    is_quiet ? LOG_ERROR : levels[house->conf.log_level]);
}

static void refuse(struct call *call)
{
    api_finish(call, fail(ERR_BUSY, "limit.stopping", 0));
}

static err start_clerks(struct house *house)
{
    const struct {
        struct clerk *clerk;
        const char *name;
    } all[] = {
        {&house->passwords, "passwords"},
        {&house->feeds,     "feeds"    },
        {&house->phases,    "phases"   },
        {&house->papers,    "papers"   },
        {&house->screens,   "screens"  },
        {&house->reports,   "reports"  },
    };
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        all[i].clerk->ending = &house->is_stopping;
        all[i].clerk->refuse = refuse;
        TRY(clerk_start(all[i].clerk, &house->boot, all[i].name));
    }
    return OK;
}

static err open_parts(struct house *house, const struct house_options *options)
{
    char path[PATH_BYTES + 64];
    TRY(house_path(house, "yumen.db", path));
    if (!file_exists(path))
        return fail(ERR_ABSENT, "house.absent", 0);
    TRY(house_path(house, "lock", path));
    TRY(file_lock(path, options->holder, &house->lock));
    TRY(spool_sweep(house->dir));
    TRY(start_log(house, options->is_quiet));
    struct store_options store = {.path = house->db_path,
                                  .law = &house->law,
                                  .providers = &house->conf.providers,
                                  .ids = &house->ids,
                                  .random = &house->random};
    TRY(store_open(&house->boot, &store, &house->store));
    if (store_centre(house->store) == NULL)
        return fail(ERR_ABSENT, "house.absent", 0);
    TRY(open_readers(house));
    TRY(key_use_current(house));
    TRY(key_use_seal(house));
    TRY(open_clock(house, options->is_clock_manual));
    struct arena turn;
    arena_init(&turn, 1 << 20);
    err mended = note_law(house, &turn);
    if (!failed(mended))
        mended = detector_open(house);
    if (!failed(mended))
        mended = intake_mend(house, &turn);
    arena_done(&turn);
    TRY(mended);
    struct http_limit_options limits = {
        .classes = limit_classes, .class_count = COUNT_OF(limit_classes), .sets = LIMIT_SETS};
    TRY(http_limit_open(&house->limits, &house->boot, &house->random, &limits));
    house->worker = (struct worker){.store = house->store,
                                    .clock = &house->clock,
                                    .port = deliver_port(house),
                                    .turn_bytes = TURN_BYTES};
    TRY(replay_open(&house->replay, &house->boot, REPLAY_MOST));
    TRY(waiting_open(house));
    TRY(send_open(house));
    TRY(worker_start(&house->worker, &house->boot));
    warned_open(house);
    watch_open(house);
    alert_turns_open(house);
    return start_clerks(house);
}

err house_open(const struct house_options *options, struct house **ret_house)
{
    struct house *house = NULL;
    TRY(house_prepare(options->dir, &house));
    house->started_at = env_now();
    err e = open_parts(house, options);
    if (failed(e)) {
        house_close(house);
        return e;
    }
    *ret_house = house;
    return OK;
}

void house_stop(struct house *house)
{
    waiting_stop(house);
    clerk_stop(&house->passwords);
    clerk_stop(&house->feeds);
    clerk_stop(&house->phases);
    clerk_stop(&house->papers);
    clerk_stop(&house->screens);
    clerk_stop(&house->reports);
    runs_reader_done(house->report_blocks);
    house->report_blocks = NULL;
    warned_close(house); /* after those who tell, before the store that is told */
    watch_close(house);
    trail_thread_stop(&house->trail);
    worker_stop(&house->worker);
    send_close(house);
}

void house_close(struct house *house)
{
    if (house == NULL)
        return;
    house_stop(house);
    house_drop(house);
}
