/* SPDX-License-Identifier: Apache-2.0 */
#include "fact/prior.h"

#include "base/arena.h"

const char *const prior_wrong_words[] = {
    [PRIOR_FINE] = "fine", [PRIOR_AMOUNT] = "amount", [PRIOR_CURRENCY] = "currency",
    [PRIOR_RANK] = "rank", [PRIOR_MANY] = "many",     [PRIOR_MANY + 1] = NULL};

/* --- as text: rank, amount or "-", until or "-", currency, reference, authority; tabs --- */

static err spent(void)
{
    return fail(ERR_LIMIT, "limit.memory", 0);
}

/* What would end a field or a line is a space. */
static void put_words(struct text *t, str s)
{
    for (size_t i = 0; i < s.size; i++)
        text_put_char(t, (unsigned char)s.at[i] < ' ' ? ' ' : s.at[i]);
}

static void put_number(struct text *t, bool is_there, int64_t number)
{
    if (is_there)
        text_put_i64(t, number);
    else
        text_put_char(t, '-');
    text_put_char(t, '\t');
}

static void put_one(struct text *t, const struct prior_freeze *f)
{
    put_number(t, true, f->rank);
    put_number(t, !f->is_whole, f->amount);
    put_number(t, f->until.us != 0, f->until.us);
    put_words(t, f->currency);
    text_put_char(t, '\t');
    put_words(t, f->reference);
    text_put_char(t, '\t');
    put_words(t, f->authority);
    text_put_char(t, '\n');
}

err prior_format(const struct prior_list *list, struct arena *a, str *ret_text)
{
    struct text t;
    if (list->count == 0) {
        *ret_text = STR("");
        return OK;
    }
    text_init(&t, a);
    text_put_u64(&t, list->said);
    text_put_char(&t, '\n');
    for (size_t i = 0; i < list->count; i++)
        put_one(&t, &list->at[i]);
    if (text_spent(&t))
        return spent();
    *ret_text = text_str(&t);
    return OK;
}

static err not_ours(size_t line)
{
    return fail(ERR_MALFORMED, "prior.text", (uint32_t)line);
}

static bool take_number(str *line, int64_t *ret_number, bool *ret_is_there)
{
    str part = STR("");
    bool has = str_split(line, '\t', &part);
    *ret_is_there = has && !str_equal(part, STR("-"));
    return has && (!*ret_is_there || !failed(str_parse_i64(part, ret_number)));
}

static bool take_one(str line, struct prior_freeze *f)
{
    bool has_rank = false;
    bool has_amount = false;
    bool has_until = false;
    *f = (struct prior_freeze){.amount = 0};
    bool is_read = take_number(&line, &f->rank, &has_rank) && has_rank &&
                   take_number(&line, &f->amount, &has_amount) &&
                   take_number(&line, &f->until.us, &has_until) &&
                   str_split(&line, '\t', &f->currency) && str_split(&line, '\t', &f->reference);
    f->is_whole = !has_amount;
    f->authority = line;
    return is_read && line.at != NULL;
}

err prior_parse(str text, struct arena *a, struct prior_list *ret_list)
{
    str line = STR("");
    int64_t said = 0;
    struct prior_list list = {0};
    *ret_list = list;
    if (str_is_empty(text))
        return OK;
    struct prior_freeze *made = arena_make_array(a, PRIOR_MOST, sizeof *made);
    if (made == NULL)
        return spent();
    if (!str_split(&text, '\n', &line) || failed(str_parse_i64(line, &said)) || said < 1)
        return not_ours(0);
    while (!str_is_empty(text)) {
        bool is_one = list.count < PRIOR_MOST && str_split(&text, '\n', &line);
        if (!is_one || !take_one(line, &made[list.count]))
            return not_ours(list.count + 1);
        list.count++;
    }
    if (list.count == 0 || (size_t)said < list.count)
        return not_ours(0);
    list.at = made;
    list.said = (size_t)said;
    *ret_list = list;
    return OK;
}

/* --- what it means --- */

static bool is_place_taken(const struct prior_list *list, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (list->at[i].rank != 0 && list->at[i].rank == list->at[index].rank)
            return true;
    return list->at[index].rank < 0;
}

enum prior_wrong prior_judge(const struct prior_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct prior_freeze *f = &list->at[i];
        if (!f->is_whole && f->amount < 0)
            return PRIOR_AMOUNT;
        if (!str_is_empty(f->currency))
            return PRIOR_CURRENCY;
        if (is_place_taken(list, i))
            return PRIOR_RANK;
    }
    return list->said > list->count ? PRIOR_MANY : PRIOR_FINE;
}

/* What makes no sense is not money. */
int64_t prior_ahead(const struct prior_list *list)
{
    int64_t sum = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct prior_freeze *f = &list->at[i];
        if (f->is_whole || f->amount > INT64_MAX - sum)
            return -1;
        sum += f->amount > 0 && str_is_empty(f->currency) ? f->amount : 0;
    }
    return sum;
}

int64_t prior_left(int64_t ahead, int64_t balance, int64_t held)
{
    if (ahead < 0)
        return 0;
    if (ahead == 0 || balance < 0)
        return held;
    int64_t left = balance > ahead ? balance - ahead : 0;
    return held < left ? held : left;
}
