/* SPDX-License-Identifier: Apache-2.0 */
#include "app/send/send.h"

#include "app/send/send_load.h"
#include "desk/change.h"
#include "env/id.h"

#include <assert.h>

enum { TURN_BYTES = 256 << 20, SILENT_MOST = 256, LOST_S = 3600, POOL_DIGITS = 2 };

/* Who did not answer, until when they are left alone; forgotten by a restart. */
struct silent {
    char user[ID_ROOM];
    uint32_t until_s;
};

struct send {
    struct send_map map;
    struct silent silent[SILENT_MOST];
    uint32_t silent_at; /* the next place */
    instant next;       /* 0: when somebody wakes it */
    instant last;
};

err send_open(struct house *house)
{
    struct send *s = arena_make(&house->boot, sizeof *s);
    if (s == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    *s = (struct send){.next = clock_now(&house->clock)};
    house->send = s;
    return OK;
}

void send_close(struct house *house)
{
    if (house->send != NULL)
        send_map_done(&house->send->map);
    house->send = NULL;
}

void send_wake(struct house *house, instant now)
{
    struct send *s = house->send;
    if (s == NULL)
        return;
    instant soon = instant_add_us(s->last, US_PER_S);
    instant at = soon.us > now.us ? soon : now;
    if (s->next.us == 0 || at.us < s->next.us)
        s->next = at;
}

instant send_next(const struct house *house)
{
    return house->send == NULL ? (instant){0} : house->send->next;
}

/* --- what stands, into the assignment --- */

struct turn {
    struct send *send;
    struct house *house;
    struct send_scene scene;
    struct duty duty;
    struct dispatch d;
    struct officer *officers;
    uint32_t *alert_of; /* of a piece of work */
    uint32_t now_s;
};

static uint32_t silent_until_s(const struct send *s, str user)
{
    uint32_t until_s = 0;
    for (size_t i = 0; i < SILENT_MOST; i++)
        if (s->silent[i].until_s > until_s && str_equal(str_from_c(s->silent[i].user), user))
            until_s = s->silent[i].until_s;
    return until_s;
}

static err staff(struct turn *t)
{
    const struct send_scene *s = &t->scene;
    t->officers = arena_make_array(s->turn, s->officer_count + 1, sizeof *t->officers);
    if (t->officers == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (uint32_t i = 0; i < s->officer_count; i++) {
        const struct send_officer *from = &s->officers[i];
        t->officers[i] = (struct officer){.home = from->place,
                                          .on_until_s = from->on_until_s,
                                          .silent_until_s = silent_until_s(t->send, from->user)};
        memcpy(t->officers[i].division, from->division, DIVISION_BYTES);
        memcpy(t->officers[i].sees, from->sees, DIVISION_BYTES);
    }
    TRY(duty_make(&t->duty, &s->map->near, (const char(*)[DIVISION_BYTES])s->map->divisions,
                  POOL_DIGITS, s->turn));
    duty_staff(&t->duty, t->officers, s->officer_count);
    for (uint32_t i = 0; i < s->visit_count; i++) {
        const struct send_visit *v = &s->visits[i];
        struct officer *o = &t->officers[v->officer];
        duty_move(&t->duty, v->officer, v->place);
        o->back_s = v->done_s + neighbours_travel_s(&s->map->near, v->place, o->home);
    }
    return OK;
}

static void put_passed(const struct turn *t, const struct send_alert *a, struct work *w)
{
    str rest = a->passed;
    str user = {0};
    while (str_split(&rest, ' ', &user)) {
        uint32_t officer = send_find_officer(&t->scene, user);
        if (officer != OFFICER_NONE)
            w->passed[w->passed_count++ % PASSED_MOST] = officer;
    }
}

/* Begun so long ago that nobody counts on it: the officer is asked about nothing else, or, after a
 * visit, is free again. Its lateness is the ladder's. */
static bool is_lost(struct turn *t, const struct send_alert *a, uint32_t officer,
                    uint32_t expected_s)
{
    if (a->state == WORK_HERE)
        return t->now_s > a->since_s + 2 * dispatch_usual.visit_s;
    bool is_lost = a->state == WORK_TAKEN && t->now_s > expected_s + LOST_S;
    if (is_lost)
        t->officers[officer].on_until_s = 0;
    return is_lost;
}

static err stand(struct turn *t, uint32_t index)
{
    struct send_alert *a = &t->scene.alerts[index];
    uint32_t officer = send_find_officer(&t->scene, a->officer);
    bool is_begun = a->state == WORK_TAKEN || a->state == WORK_HERE;
    if (a->place == PLACE_NONE || (is_begun && officer == OFFICER_NONE))
        return OK;
    struct work w = {.beat = a->place,
                     .came_s = a->came_s,
                     .due_s = a->due_s,
                     .officer = officer,
                     .since_s = a->since_s < t->now_s ? a->since_s : t->now_s,
                     .tier = a->tier,
                     .state = officer == OFFICER_NONE ? WORK_OPEN : a->state};
    assert(a->division.size < DIVISION_BYTES);
    memcpy(w.division, a->division.at, a->division.size);
    put_passed(t, a, &w);
    if (officer != OFFICER_NONE)
        w.expected_s = w.since_s + neighbours_travel_s(&t->scene.map->near,
                                                       t->officers[officer].beat, a->place);
    if (is_begun && is_lost(t, a, officer, w.expected_s))
        return OK;
    err e = dispatch_stand(&t->d, &w, &a->work);
    if (failed(e) && e.code != ERR_CONFLICT)
        return e;
    if (!failed(e))
        t->alert_of[a->work] = index;
    return OK;
}

/* Who has begun first: whoever is busy is asked about nothing. */
static err stand_all(struct turn *t)
{
    static const uint8_t order[] = {WORK_HERE, WORK_TAKEN, WORK_ASKED, WORK_OPEN};
    t->alert_of = arena_make_array(t->scene.turn, WORK_MOST, sizeof *t->alert_of);
    if (t->alert_of == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (size_t k = 0; k < COUNT_OF(order); k++)
        for (uint32_t i = 0; i < t->scene.alert_count; i++)
            if (t->scene.alerts[i].state == order[k])
                TRY(stand(t, i));
    return OK;
}

/* --- what it says, as acts of the machine --- */

static err say(const struct turn *t, const struct send_alert *a, struct command *cmd)
{
    cmd->actor = (struct actor){.user = STR("centre"), .kind = ACTOR_CENTRE};
    cmd->record = a->id;
    err e = store_apply(t->scene.store, cmd, t->scene.now, t->scene.turn, NULL);
    bool is_refusal = e.code == ERR_CONFLICT || e.code == ERR_MALFORMED || e.code == ERR_DENIED;
    if (is_refusal)
        LOG(&t->house->log, LOG_WARN, "alert_refused", LOG_WHY(e), LOG_ID("record", a->id));
    return is_refusal ? OK : e;
}

static err assign(const struct turn *t, const struct send_alert *a, uint32_t officer)
{
    struct command cmd = {.act = ACT_ALERT_ASSIGN};
    cmd.body.alert.officer = t->scene.officers[officer].user;
    cmd.why = a->is_above ? STR("sent.above") : STR("");
    return say(t, a, &cmd);
}

static err withdraw(const struct turn *t, const struct send_alert *a, const char *why)
{
    struct command cmd = {.act = ACT_ALERT_WITHDRAW, .why = str_from_c(why)};
    return say(t, a, &cmd);
}

static err stay_unsent(const struct turn *t, const struct send_alert *a, unsigned unsent)
{
    struct command cmd = {.act = ACT_ALERT_UNSENT};
    if (a->unsent == unsent)
        return OK;
    cmd.body.alert.unsent = unsent;
    return say(t, a, &cmd);
}

static bool is_silent(const struct turn *t, const struct send_alert *a)
{
    return a->state == WORK_ASKED && t->now_s - a->since_s >= dispatch_usual.answer_s[a->tier];
}

static void remember_silent(const struct turn *t, const struct send_alert *a)
{
    struct silent *s = &t->send->silent[t->send->silent_at++ % SILENT_MOST];
    assert(a->officer.size < sizeof s->user);
    memset(s, 0, sizeof *s);
    memcpy(s->user, a->officer.at, a->officer.size);
    s->until_s = t->now_s + dispatch_usual.silent_s;
}

/* Nobody was asked, and nobody busy is waited for. */
static err leave(const struct turn *t, const struct send_alert *a, const struct work *w)
{
    bool is_asked = a->state == WORK_ASKED;
    if (is_asked && !is_silent(t, a))
        TRY(withdraw(t, a, w == NULL ? "sent.off_duty" : "sent.moved"));
    if (a->nowhere != UNSENT_NONE)
        return stay_unsent(t, a, a->nowhere);
    bool is_waiting = w != NULL && w->officer != OFFICER_NONE;
    return is_waiting ? OK : stay_unsent(t, a, UNSENT_NOBODY);
}

static err write_one(const struct turn *t, const struct send_alert *a)
{
    const struct work *w = a->work == WORK_NONE ? NULL : &t->d.works[a->work];
    bool is_given = w != NULL && w->state == WORK_ASKED;
    if (a->state == WORK_TAKEN || a->state == WORK_HERE)
        return OK;
    if (is_silent(t, a)) {
        remember_silent(t, a);
        TRY(withdraw(t, a, "sent.silent"));
    }
    if (!is_given)
        return leave(t, a, w);
    bool is_same = str_equal(t->scene.officers[w->officer].user, a->officer);
    return is_same ? OK : assign(t, a, w->officer);
}

static err deal_out(struct turn *t)
{
    const struct send_scene *s = &t->scene;
    TRY(staff(t));
    TRY(dispatch_make(&t->d, &t->duty, &dispatch_usual, s->turn));
    TRY(stand_all(t));
    TRY(dispatch_turn(&t->d, t->now_s, s->turn));
    for (uint32_t i = 0; i < s->alert_count; i++)
        TRY(write_one(t, &s->alerts[i]));
    return OK;
}

static bool is_awaited(const struct send_scene *s)
{
    for (uint32_t i = 0; i < s->alert_count; i++)
        if (s->alerts[i].state == WORK_OPEN || s->alerts[i].state == WORK_ASKED)
            return true;
    return false;
}

static err take_turn(struct turn *t)
{
    struct send_scene *s = &t->scene;
    TRY(send_map_fresh(&t->send->map, s->store, s->turn));
    if (s->map->count == 0)
        return OK;
    TRY(send_load(s));
    if (!is_awaited(s))
        return OK;
    t->send->next = instant_add_us(s->now, TURN_EVERY_S * US_PER_S);
    return deal_out(t);
}

err send_turn(struct house *house, struct store *store, instant now)
{
    struct send *send = house->send;
    struct arena arena;
    struct turn t = {.send = send, .house = house, .now_s = (uint32_t)(now.us / US_PER_S)};
    arena_init(&arena, TURN_BYTES);
    t.scene = (struct send_scene){.map = &send->map, .store = store, .turn = &arena, .now = now};
    send->last = now;
    send->next = (instant){0};
    TRY(store_begin(store));
    err e = take_turn(&t);
    if (!failed(e)) {
        e = store_commit(store, now);
    } else {
        store_rollback(store);
        send->next = instant_add_us(now, TURN_EVERY_S * US_PER_S);
    }
    arena_done(&arena);
    return e;
}
