/* SPDX-License-Identifier: Apache-2.0 */
/* Reports: a victim tells, and before they hang up the first orders are out. */
#include "app/door/api_reports.h"

#include "app/alert/alert_turn.h"

#include "app/call/api_key.h"
#include "app/report/report_before.h"
#include "app/report/report_match.h"
#include "app/report/report_show.h"
#include "desk/permit.h"

enum { REPORT_ANSWER_BYTES = 256 << 20 };

/* A report on its way: read on the web's thread, matched and planned by the clerk, written on the
 * store's. */
struct taking {
    struct report_form form;
    struct report_plan plan;
    str filed; /* a report that was filed before; empty: a new one */
    str division;
    str key; /* the victim's, said once */
};

static err close_answer(struct call *call, struct taking *t, struct api_json *made, int status)
{
    TRY(api_json_done(call, made, status));
    return str_is_empty(t->key) ? OK : api_key_say(call, t->key);
}

/* --- from the street --- */

static struct report_writing writing_of(struct call *call, struct taking *t, struct store *store,
                                        instant at)
{
    return (struct report_writing){.store = store,
                                   .actor = call->actor,
                                   .at = at,
                                   .arena = &call->arena,
                                   .form = &t->form,
                                   .window_us = report_window_us(call->house),
                                   .most_orders = (size_t)call->house->conf.report_orders,
                                   .filed = t->filed,
                                   .division = t->division,
                                   .basis = report_usual_basis(&call->house->law),
                                   .reason = report_usual_reason(&call->house->law)};
}

int64_t report_window_us(const struct house *house)
{
    return house->conf.report_match_min * US_PER_MIN;
}

static err write_filed(struct call *call, struct store *store, instant at)
{
    struct taking *t = call->own;
    struct report_writing w = writing_of(call, t, store, at);
    struct report_written done;
    struct api_json made;
    w.division = store_centre(store)->division;
    TRY(report_write_filed(&w, &done));
    report_show_filed(call, api_json(call, &made), &done, &t->form);
    return close_answer(call, t, &made, 201);
}

/* --- from a signed-in person --- */

static err write_taken(struct call *call, struct store *store, instant at)
{
    struct taking *t = call->own;
    struct report_writing w = writing_of(call, t, store, at);
    struct report_written done;
    struct api_json made;
    w.plan = &t->plan;
    TRY(report_write_taken(&w, &done));
    const struct alert_turning turning = {
        .house = call->house, .store = store, .arena = &call->arena, .at = at};
    TRY(alert_join_report(&turning, &done.report));
    struct json *j = api_json(call, &made);
    TRY(report_show_written(call, j, &done, &t->form));
    TRY(report_show_trail(call, j, done.report.incident, t->plan.trail));
    return close_answer(call, t, &made, str_is_empty(t->filed) ? 201 : 200);
}

/* A bank's own people speak for its customers: the others' payments are for an operator. */
static err keep_own_customers(struct call *call, struct report_form *form)
{
    size_t kept = 0;
    if (str_is_empty(call->actor.provider))
        return OK;
    for (size_t i = 0; i < form->line_count; i++) {
        const struct report_line *line = &form->lines[i];
        const struct provider *p =
            provider_of_bank(&call->house->conf.providers, line->known.from_bank);
        bool is_own = line->is_known && p != NULL && str_equal(p->id, call->actor.provider);
        if (is_own) {
            form->lines[kept++] = *line;
            continue;
        }
        report_refuse(form, line->index, "from", "report.other_bank");
        TRY(report_form_keep(form, line, &call->arena));
    }
    form->line_count = kept;
    form->said.channel = REPORT_BY_BANK;
    return kept == 0 ? fail(ERR_DENIED, "report.other_bank", 0) : OK;
}

static err prepare(struct call *call, struct taking *t, struct runs *runs)
{
    struct house *house = call->house;
    instant now = clock_now(&house->clock);
    str incident = {0};
    const struct report_matching matching = {.runs = runs,
                                             .db = reader_sql(call->reader),
                                             .providers = &house->conf.providers,
                                             .arena = &call->arena,
                                             .currency = house->law.currency,
                                             .window_us = report_window_us(house),
                                             .now = now};
    const struct report_past past = {.db = reader_sql(call->reader),
                                     .actor = &call->actor,
                                     .window_us = report_window_us(house),
                                     .now = now,
                                     .arena = &call->arena};
    if (house->report_blocks == NULL)
        TRY(runs_reader_make(runs, &house->report_blocks));
    const struct report_planning planning = {.house = house,
                                             .runs = runs,
                                             .blocks = house->report_blocks,
                                             .reader = call->reader,
                                             .providers = &house->conf.providers,
                                             .arena = &call->arena,
                                             .now = now};
    TRY(report_match(&matching, &t->form));
    TRY(keep_own_customers(call, &t->form));
    TRY(report_find_before(&past, &t->form, &incident));
    return report_plan(&planning, &t->form, &t->plan);
}

static void run_prepare(struct call *call)
{
    struct trail_thread *trail = NULL;
    call->reader = house_reader_take(call->house);
    err e = house_trail(call->house, &trail);
    if (!failed(e))
        e = prepare(call, call->own, trail->runs);
    house_reader_give(call->house, call->reader);
    call->reader = NULL;
    if (failed(e)) {
        api_finish(call, e);
        return;
    }
    call->write = write_taken;
    api_write_put(call); /* many share a commit: nobody waits here */
}

static void hand_over(struct call *call)
{
    call->arena.budget_bytes = REPORT_ANSWER_BYTES;
    call->clerk = &call->house->reports;
    call->work = run_prepare;
}

err report_hand_over(struct call *call, str filed, str division, struct report_form **ret_form)
{
    struct taking *t = arena_make(&call->arena, sizeof *t);
    if (t == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    t->filed = filed;
    t->division = division;
    call->own = t;
    *ret_form = &t->form;
    hand_over(call);
    return OK;
}

err reports_post(struct call *call)
{
    bool is_public = call->actor.kind == ACTOR_PUBLIC;
    struct auth_secret key;
    struct taking *t = arena_make(&call->arena, sizeof *t);
    if (t == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    if (is_public)
        TRY(api_limit(call, HOUSE_LIMIT_REPORT));
    else
        TRY(api_permit(call, ACT_REPORT_TAKE));
    if (!call->has_doc)
        return fail(ERR_MALFORMED, "body.not_object", 0);
    const struct report_reading reading = {.law = &call->house->law,
                                           .now = clock_now(&call->house->clock),
                                           .is_public = is_public,
                                           .arena = &call->arena};
    TRY(report_form_read(&reading, call->doc.root, &t->form));
    TRY(api_key_make(call, &key));
    t->key = key.shown;
    t->form.said.secret = key.kept;
    t->division = call->actor.division;
    call->own = t;
    if (!is_public) {
        hand_over(call);
        return OK;
    }
    call->write = write_filed;
    return OK;
}
