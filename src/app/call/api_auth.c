/* SPDX-License-Identifier: Apache-2.0 */
#include "app/call/api_auth.h"
#include "app/call/api_help.h"

#include "kit/digest.h"
#include "kit/secret.h"

#include <assert.h>

static str digest_hex(str secret, struct arena *turn)
{
    struct digest digest = digest_of(secret);
    struct text t;
    text_init(&t, turn);
    text_put_hex(&t, digest.bytes, DIGEST_BYTES);
    return text_str(&t);
}

err auth_secret_make(struct arena *turn, struct auth_secret *ret_secret)
{
    uint8_t bytes[AUTH_SECRET_BYTES];
    secret_random(bytes, sizeof bytes);
    struct text t;
    text_init(&t, turn);
    text_put_c(&t, "ym_");
    text_put_hex(&t, bytes, sizeof bytes);
    secret_wipe(bytes, sizeof bytes);
    if (text_spent(&t))
        return fail(ERR_LIMIT, "limit.memory", 0);
    ret_secret->shown = text_str(&t);
    ret_secret->kept = digest_hex(text_str(&t), turn);
    return OK;
}

static str cookie_find(str cookies, str name)
{
    str pair = {0};
    while (str_split(&cookies, ';', &pair)) {
        pair = str_trim(pair);
        size_t cut = str_find_char(pair, '=');
        if (str_equal(str_until(pair, cut), name))
            return str_from(pair, cut + 1);
    }
    return STR("");
}

static str bearer(str authorization)
{
    bool is_bearer = str_equal_nocase(str_until(authorization, 7), STR("bearer "));
    return is_bearer ? str_trim(str_from(authorization, 7)) : STR("");
}

/*
 * A browser sends Origin with every request that changes something. With a cookie there has to be
 * one; without, that of another site is refused all the same: nobody signs in or appeals there.
 */
static err origin_check(const struct call *call)
{
    bool is_reading = call->request.method == HTTP_GET || call->request.method == HTTP_HEAD;
    if (is_reading || (!call->by_cookie && str_is_empty(call->request.origin)))
        return OK;
    str origin = call->request.origin;
    if (str_starts(origin, STR("http://")))
        origin = str_from(origin, STR("http://").size);
    else if (str_starts(origin, STR("https://")))
        origin = str_from(origin, STR("https://").size);
    bool is_ours = !str_is_empty(origin) && str_equal_nocase(origin, call->request.host);
    return is_ours ? OK : fail(ERR_DENIED, "session.origin", 0);
}

static err actor_of(struct call *call, str secret)
{
    union record session;
    union record user;
    err e = reader_find_by(call->reader, READER_SESSION_SECRET, digest_hex(secret, &call->arena),
                           &call->arena, &session);
    if (e.code == ERR_ABSENT)
        return fail(ERR_DENIED, "session.required", 0);
    TRY(e);
    instant now = clock_now(&call->house->clock);
    if (session.session.state != SESSION_OPEN || session.session.until.us <= now.us)
        return fail(ERR_DENIED, "session.required", 0);
    TRY(reader_find(call->reader, RECORD_USER, session.session.user, &call->arena, &user));
    if (user.user.state != USER_ACTIVE)
        return fail(ERR_DENIED, "session.required", 0);
    role_set roles = 0;
    TRY(role_set_parse(user.user.roles, &roles));
    call->actor = (struct actor){.user = user.user.id,
                                 .roles = roles,
                                 .division = user.user.division,
                                 .provider = user.user.provider,
                                 .kind = ACTOR_STAFF};
    call->user_name = user.user.name;
    call->session = session.session.id;
    call->by_token = session.session.kind == SESSION_TOKEN;
    return OK;
}

err auth_find_actor(struct call *call)
{
    str token = bearer(call->request.authorization);
    if (!str_is_empty(token))
        return actor_of(call, token);
    str cookie = cookie_find(call->request.cookie, STR("yumen_session"));
    if (!str_is_empty(cookie)) {
        err e = actor_of(call, cookie);
        call->by_cookie = !failed(e);
        if (e.code != ERR_DENIED) /* an old cookie is nobody, and public pages stay open */
            TRY(e);
    } else if (call->request.is_local) {
        call->actor =
            (struct actor){.user = STR("centre"), .division = STR(""), .kind = ACTOR_CENTRE};
    }
    return origin_check(call);
}

str auth_name_of(struct call *call, str user)
{
    union record found;
    err e = api_row(call, RECORD_USER, user, &found);
    return failed(e) ? user : found.user.name;
}
