/* SPDX-License-Identifier: Apache-2.0 */
#include "app/call/holder.h"

#include "app/house/keys.h"
#include "kit/digest.h"
#include "kit/secret.h"

static err spent(void)
{
    return fail(ERR_LIMIT, "limit.memory", 0);
}

static err find_key(struct sql *db, const struct order *o, struct arena *a, str *ret_id)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(db,
                "SELECT \"id\" FROM signing_key WHERE \"kind\" = 'ledger' AND \"made_at\" <= $1"
                " ORDER BY \"made_at\" DESC, \"id\" DESC LIMIT 1",
                &row));
    sql_bind_i64(row, 1, o->from.us);
    err e = sql_next(row, &has_row);
    *ret_id = !failed(e) && has_row ? sql_str(row, 0, a) : STR("");
    sql_done(&row);
    return e;
}

/* Key and order have one length each: nothing can be put behind them. */
static struct digest mark_of(str secret, str order)
{
    struct digest_stream s;
    digest_init(&s);
    digest_put(&s, secret);
    digest_put(&s, STR("yumen/holder/1 "));
    digest_put(&s, order);
    return digest_done(&s);
}

static err make_mark(const struct holder_desk *desk, const struct order *o, str *ret_mark)
{
    str id = STR("");
    str secret = STR("");
    struct text t;
    *ret_mark = STR("");
    TRY(find_key(desk->db, o, desk->arena, &id));
    if (str_is_empty(id) || failed(key_read(desk->house, KEY_LEDGER, id, desk->arena, &secret)))
        return OK;
    struct digest d = mark_of(secret, o->id);
    key_wipe(secret);
    text_init(&t, desk->arena);
    text_put_hex(&t, d.bytes, HOLDER_MARK / 2);
    *ret_mark = text_str(&t);
    return text_spent(&t) ? spent() : OK;
}

err holder_address(const struct holder_desk *desk, const struct order *o, str *ret_url)
{
    str mark = STR("");
    struct text t;
    *ret_url = STR("");
    TRY(make_mark(desk, o, &mark));
    if (str_is_empty(mark))
        return OK;
    text_init(&t, desk->arena);
    text_put(&t, desk->house->public_url);
    text_put_c(&t, "/notice/");
    text_put(&t, o->id);
    text_put_char(&t, '-');
    text_put(&t, mark);
    *ret_url = text_str(&t);
    return text_spent(&t) ? spent() : OK;
}

err holder_check(const struct holder_desk *desk, const struct order *o, str mark, bool *ret_is)
{
    str own = STR("");
    TRY(make_mark(desk, o, &own));
    *ret_is =
        own.size == HOLDER_MARK && mark.size == own.size && secret_equal(own.at, mark.at, own.size);
    return OK;
}
