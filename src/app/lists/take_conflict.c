/* SPDX-License-Identifier: Apache-2.0 */
/* What speaks against an entry goes to the analysts' queue. */
#include "app/lists/take_inside.h"
#include "store/sql.h"

enum { PORTION = 256 };

/* The conflict there was about the same entry, whose decision has expired; else a new one. */
static err find_id(struct store *store, const struct conflict *c, struct arena *turn, str *ret_id)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(store_sql(store),
                "SELECT \"id\" FROM conflict WHERE \"source\" = $1 AND \"kind\" = $2"
                " AND \"value\" = $3",
                &row));
    sql_bind_str(row, 1, c->source);
    sql_bind_str(row, 2, str_from_c(indicator_kind_words[c->kind]));
    sql_bind_str(row, 3, c->value);
    err found = sql_next(row, &has_row);
    if (!failed(found) && has_row)
        *ret_id = sql_str(row, 0, turn);
    sql_done(&row);
    return found;
}

err take_find_conflict(struct take *t, struct store *store, instant at, struct arena *turn,
                       const struct conflict *found)
{
    struct command cmd = take_member(t, ACT_CONFLICT_FIND, store_id(store, at, turn));
    cmd.body.conflict = *found;
    cmd.body.conflict.batch = t->answer.batch;
    TRY(find_id(store, found, turn, &cmd.record));
    if (cmd.record.at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    return store_apply(store, &cmd, at, turn, NULL);
}

/* Each costs four times as much as an entry. */
static bool may_go_on(struct take *t, size_t count)
{
    bool is_portion = count > 0 && count % PORTION == 0;
    return count < TAKE_CHANGED && !(is_portion && worker_is_awaited(&t->house->worker));
}

static err write_conflicts(void *self, struct store *store, instant at, struct arena *turn)
{
    struct take *t = self;
    size_t count = 0;
    for (; t->at < t->count && may_go_on(t, count); t->at++) {
        const struct entry *e = &t->entries[t->at];
        if (e->fate != FATE_CONFLICT)
            continue;
        struct conflict found = {.source = t->source->id,
                                 .kind = t->source->kind,
                                 .value = e->value,
                                 .rule = e->rule,
                                 .against = e->other,
                                 .division = t->source->division};
        TRY(take_find_conflict(t, store, at, turn, &found));
        count++;
    }
    t->counts.conflicts += (int64_t)count;
    return OK;
}

err take_conflicts(struct take *t)
{
    return take_write_in_groups(t, write_conflicts, &t->count);
}
