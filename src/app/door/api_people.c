/* SPDX-License-Identifier: Apache-2.0 */
/* Signing in and out, who am I, users. */
#include "app/call/api_auth.h"
#include "app/call/api_routes.h"
#include "app/call/export.h"
#include "desk/permit.h"
#include "fact/division.h"
#include "kit/password.h"
#include "kit/secret.h"

static err put_me(struct call *call, struct json *j)
{
    union record found;
    TRY(api_centre(call, &found));
    const struct centre *centre = &found.centre;
    json_key(j, STR("user"));
    if (call->actor.kind == ACTOR_STAFF) {
        union record user;
        TRY(api_row(call, RECORD_USER, call->actor.user, &user));
        struct viewer viewer = api_viewer(call);
        json_object(j);
        user_put(j, &user.user, &viewer);
        json_end(j);
    } else {
        json_null(j);
    }
    json_key(j, STR("may"));
    json_array(j);
    for (unsigned act = 0; act < ACT_COUNT; act++)
        if (call->actor.kind == ACTOR_STAFF && permit_actor_may(&call->actor, (enum act)act))
            json_str(j, str_from_c(act_name((enum act)act)));
    json_end(j);
    json_key(j, STR("centre"));
    json_object(j);
    json_put_str(j, STR("name"), centre->name);
    json_put_str(j, STR("kind"), str_from_c(centre_kind_words[centre->kind]));
    json_put_str(j, STR("profile"), centre->profile);
    json_put_i64(j, STR("zone_min"), call->house->law.zone_min);
    json_put_bool(j, STR("clock_manual"), call->house->clock.is_manual);
    json_end(j);
    json_put_instant(j, STR("now"), clock_now(&call->house->clock), call->house->law.zone_min);
    json_put_bool(j, STR("first_run"), centre->is_first_run != 0);
    return OK;
}

/* Counted before anything else is read: what comes later is heard from there on. */
err me_get(struct call *call)
{
    struct api_json made;
    uint64_t event = 0;
    TRY(export_leaf_count(call->reader, &event));
    struct json *j = api_json(call, &made);
    TRY(put_me(call, j));
    json_put_i64(j, STR("event"), (int64_t)event);
    return api_json_done(call, &made, 200);
}

/* --- sessions --- */

struct sign_in {
    str password;
    struct user_account user;
    struct auth_secret secret;
    bool has_user;
};

/* Over a proxy that speaks TLS it goes over TLS only. */
static void put_cookie(struct call *call, str secret, int64_t age_s)
{
    struct text t;
    bool is_tls = str_starts(call->house->public_url, STR("https:"));
    text_init(&t, &call->arena);
    text_printf(&t, "yumen_session=%.*s; HttpOnly; SameSite=Strict; Path=/; Max-Age=%lld%s",
                STR_ARGS(secret), (long long)age_s, is_tls ? "; Secure" : "");
    api_header_put(call, STR("Set-Cookie"), text_str(&t));
}

static err write_session(struct call *call, struct store *store, instant at)
{
    struct sign_in *in = call->own;
    struct command cmd = {
        .act = ACT_SESSION_OPEN,
        .actor = {.user = in->user.id, .kind = ACTOR_PUBLIC},
        .record = store_id(store, at, &call->arena)
    };
    cmd.body.session =
        (struct session){.user = in->user.id, .kind = SESSION_BROWSER, .secret = in->secret.kept};
    TRY(store_apply(store, &cmd, at, &call->arena, NULL));
    role_set roles = 0;
    TRY(role_set_parse(in->user.roles, &roles));
    call->actor = (struct actor){
        .user = in->user.id, .roles = roles, .division = in->user.division, .kind = ACTOR_STAFF};
    put_cookie(call, in->secret.shown, call->house->law.session_hours * 3600);
    struct api_json made;
    TRY(put_me(call, api_json(call, &made)));
    return api_json_done(call, &made, 200);
}

/* On the password clerk's thread. An unknown name costs as much time as a wrong password. */
static void check_password(struct call *call)
{
    static const char *const nobody = "$argon2id$v=19$m=65536,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
                                      "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    struct sign_in *in = call->own;
    bool has_password = in->has_user && !str_is_empty(in->user.password);
    str hash = has_password ? in->user.password : str_from_c(nobody);
    bool is_right = password_check(hash, in->password) && has_password;
    if (!is_right || in->user.state != USER_ACTIVE) {
        api_finish(call, fail(ERR_DENIED, "session.refused", 0));
        return;
    }
    err e = auth_secret_make(&call->arena, &in->secret);
    call->write = write_session;
    if (failed(e))
        api_finish(call, e);
    else
        api_write_put(call);
}

static err to_clerk(struct call *call, void (*work)(struct call *call))
{
    call->clerk = &call->house->passwords;
    call->work = work;
    return OK;
}

err sessions_post(struct call *call)
{
    TRY(api_limit(call, HOUSE_LIMIT_SIGN_IN));
    struct sign_in *in = arena_make(&call->arena, sizeof *in);
    if (in == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    call->is_secret = true;
    in->password = api_body_str(call, "password");
    union record user;
    err e = reader_find_by(call->reader, READER_USER_NAME, api_body_str(call, "name"), &call->arena,
                           &user);
    if (failed(e) && e.code != ERR_ABSENT)
        return e;
    in->has_user = !failed(e);
    if (in->has_user)
        in->user = user.user;
    call->own = in;
    return to_clerk(call, check_password);
}

static err write_sign_out(struct call *call, struct store *store, instant at)
{
    struct command cmd = {.act = ACT_SESSION_CLOSE, .actor = call->actor, .record = call->session};
    TRY(store_apply(store, &cmd, at, &call->arena, NULL));
    put_cookie(call, STR(""), 0);
    return api_empty(call, 204);
}

err sessions_delete(struct call *call)
{
    if (str_is_empty(call->session))
        return fail(ERR_DENIED, "session.required", 0);
    call->write = write_sign_out;
    return OK;
}

/* --- users --- */

static err put_user(struct call *call, struct json *j, const union record *r)
{
    struct viewer viewer = api_viewer(call);
    user_put(j, &r->user, &viewer);
    return OK;
}

err users_get(struct call *call)
{
    bool sees = permit_actor_may(&call->actor, ACT_USER_PROPOSE) ||
                permit_actor_may(&call->actor, ACT_USER_APPROVE) ||
                permit_actor_may(&call->actor, ACT_CENTRE_AUDIT);
    if (!sees)
        return fail(ERR_DENIED, "permit.role", 0);
    struct list_query q = {
        .kind = RECORD_USER, /* the centre itself is nobody */
        .conditions = {{.column = "id", .how = LIST_NOT, .text = STR("centre")}},
        .condition_count = 1,
        .wants_total = true,
    };
    struct list_page page = {0};
    TRY(api_query_word(call, "state", user_state_words, &q));
    TRY(api_list(call, &q, &page));
    return api_page_answer(call, &page, put_user);
}

struct newcomer {
    struct command propose;
    str password;
    struct auth_secret token;
    bool wants_token;
};

static err open_token(struct call *call, struct store *store, instant at, str user)
{
    const struct newcomer *n = call->own;
    struct command cmd = {
        .act = ACT_SESSION_OPEN,
        .actor = {.user = user, .kind = ACTOR_PUBLIC},
        .record = store_id(store, at, &call->arena)
    };
    cmd.body.session =
        (struct session){.user = user, .kind = SESSION_TOKEN, .secret = n->token.kept};
    return store_apply(store, &cmd, at, &call->arena, NULL);
}

static err write_user(struct call *call, struct store *store, instant at)
{
    struct newcomer *n = call->own;
    union record after;
    n->propose.record = store_id(store, at, &call->arena);
    err e = store_apply(store, &n->propose, at, &call->arena, &after);
    if (sql_is_constraint(e)) /* somebody was quicker */
        return fail(ERR_CONFLICT, "user.exists", 0);
    TRY(e);
    if (n->wants_token)
        TRY(open_token(call, store, at, after.user.id));
    struct viewer viewer = api_viewer(call);
    struct api_json made;
    struct json *j = api_json(call, &made);
    user_put(j, &after.user, &viewer);
    if (n->wants_token)
        json_put_str(j, STR("token"), n->token.shown);
    return api_json_done(call, &made, 201);
}

static err hash_into(struct call *call, str password, str *ret_hash)
{
    char room[PASSWORD_TEXT_BYTES];
    TRY(password_hash(password, call->house->password_cost, room));
    *ret_hash = str_copy(&call->arena, str_from_c(room));
    return OK;
}

static void hash_newcomer(struct call *call)
{
    struct newcomer *n = call->own;
    err e = hash_into(call, n->password, &n->propose.body.user.password);
    call->write = write_user;
    if (failed(e))
        api_finish(call, e);
    else
        api_write_put(call);
}

static str roles_of(struct call *call)
{
    json_value roles = json_get(call->doc.root, "roles");
    if (json_kind_of(roles) != JSON_KIND_ARRAY)
        return api_body_str(call, "roles");
    struct text t;
    text_init(&t, &call->arena);
    for (size_t i = 0; i < json_count(roles); i++) {
        str role = STR("");
        if (failed(json_read_str(json_item(roles, i), &role)))
            return STR("");
        if (i > 0)
            text_put_char(&t, ',');
        text_put(&t, role);
    }
    return text_str(&t);
}

err users_post(struct call *call)
{
    TRY(api_permit(call, ACT_USER_PROPOSE));
    union record taken;
    str name = api_body_str(call, "name");
    if (!failed(reader_find_by(call->reader, READER_USER_NAME, name, &call->arena, &taken)))
        return fail(ERR_CONFLICT, "user.exists", 0);
    struct newcomer *n = arena_make(&call->arena, sizeof *n);
    char *division = arena_make(&call->arena, DIVISION_BYTES);
    if (n == NULL || division == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    n->propose = (struct command){.act = ACT_USER_PROPOSE, .actor = call->actor};
    struct user_account *u = &n->propose.body.user;
    u->name = name;
    u->roles = roles_of(call);
    u->provider = api_body_str(call, "provider");
    u->division = api_scope(call); /* unless another one is named */
    if (!json_is_absent(json_get(call->doc.root, "division")))
        TRY(division_parse(api_body_str(call, "division"), division, &u->division));
    n->password = api_body_str(call, "password");
    bool asks_token = false;
    bool is_said = !failed(json_read_bool(json_get(call->doc.root, "token"), &asks_token));
    n->wants_token = is_said && asks_token && call->actor.kind == ACTOR_CENTRE;
    if (n->wants_token)
        TRY(auth_secret_make(&call->arena, &n->token));
    call->is_secret = n->wants_token || !str_is_empty(n->password);
    call->own = n;
    call->write = write_user;
    return str_is_empty(n->password) ? OK : to_clerk(call, hash_newcomer);
}

static err write_user_act(struct call *call, struct store *store, instant at)
{
    union record after;
    TRY(store_apply(store, call->own, at, &call->arena, &after));
    struct viewer viewer = api_viewer(call);
    struct api_json made;
    user_put(api_json(call, &made), &after.user, &viewer);
    return api_json_done(call, &made, 200);
}

static err user_act(struct call *call, enum act act, struct command **ret_cmd)
{
    union record user;
    struct command *cmd = arena_make(&call->arena, sizeof *cmd);
    if (cmd == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    err e = reader_find_by(call->reader, READER_USER_NAME, api_param(call, 0), &call->arena, &user);
    bool is_absent = e.code == ERR_ABSENT;
    if (!is_absent)
        TRY(e);
    if (is_absent || str_equal(user.user.id, STR("centre")) || !api_sees(call, RECORD_USER, &user))
        return fail(ERR_ABSENT, "user.absent", 0);
    *cmd = (struct command){
        .act = act, .actor = call->actor, .record = user.user.id, .why = api_body_str(call, "why")};
    call->own = cmd;
    call->write = write_user_act;
    *ret_cmd = cmd;
    return OK;
}

err user_approve(struct call *call)
{
    struct command *cmd = NULL;
    return user_act(call, ACT_USER_APPROVE, &cmd);
}

err user_refuse(struct call *call)
{
    struct command *cmd = NULL;
    return user_act(call, ACT_USER_REFUSE, &cmd);
}

err user_disable(struct call *call)
{
    struct command *cmd = NULL;
    return user_act(call, ACT_USER_DISABLE, &cmd);
}

enum { SESSIONS_MOST = 256 };

static err open_sessions(struct call *call, struct store *store, str user, str ids[SESSIONS_MOST],
                         size_t *ret_count)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store_sql(store),
                "SELECT \"id\" FROM session WHERE \"user\" = $1 AND \"state\" = 'open'"
                " AND \"kind\" = 'browser' AND \"id\" <> $2 LIMIT $3",
                &row));
    sql_bind_str(row, 1, user);
    sql_bind_str(row, 2, call->session);
    sql_bind_i64(row, 3, SESSIONS_MOST);
    bool has_row = false;
    err e = sql_next(row, &has_row);
    *ret_count = 0;
    while (!failed(e) && has_row) {
        ids[(*ret_count)++] = sql_str(row, 0, &call->arena);
        e = sql_next(row, &has_row);
    }
    sql_done(&row);
    return e;
}

/* Whoever took a cookie is out with the old password; this session goes on. */
static err write_password(struct call *call, struct store *store, instant at)
{
    const struct command *set = call->own;
    str ids[SESSIONS_MOST];
    size_t count = 0;
    TRY(write_user_act(call, store, at));
    TRY(open_sessions(call, store, set->record, ids, &count));
    for (size_t i = 0; i < count; i++) {
        struct command close = {.act = ACT_SESSION_CLOSE, .actor = call->actor, .record = ids[i]};
        TRY(store_apply(store, &close, at, &call->arena, NULL));
    }
    return OK;
}

static void hash_password(struct call *call)
{
    struct command *cmd = call->own;
    err e = hash_into(call, cmd->why, &cmd->body.user.password);
    cmd->why = STR("");
    if (failed(e))
        api_finish(call, e);
    else
        api_write_put(call);
}

err user_password(struct call *call)
{
    struct command *cmd = NULL;
    TRY(user_act(call, ACT_USER_PASSWORD, &cmd));
    call->write = write_password;
    call->is_secret = true;
    cmd->why = api_body_str(call, "password"); /* until the clerk has hashed it */
    return to_clerk(call, hash_password);
}
