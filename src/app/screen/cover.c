/* SPDX-License-Identifier: Apache-2.0 */
#include "app/screen/cover.h"

struct question {
    struct reader *reader;
    instant now;
    struct arena *turn;
};

/* An allow silences everything; then block, then warn. */
static struct judgement combine(struct judgement a, struct judgement b)
{
    bool a_allows = a.listing != NULL && a.verdict == VERDICT_PASS;
    if (a_allows || b.listing == NULL)
        return a;
    bool b_allows = b.verdict == VERDICT_PASS;
    return a.listing == NULL || b_allows || b.verdict > a.verdict ? b : a;
}

static err judge_at(const struct question *q, unsigned kind, str listed, str value,
                    struct judgement *judgement)
{
    struct list_page page = {0};
    TRY(reader_candidates(q->reader, kind, listed, q->turn, &page));
    *judgement = combine(*judgement, screen_judge(page.items, page.count, value, q->now));
    return OK;
}

static err judge_domain(const struct question *q, str domain, struct judgement *judgement)
{
    str rest = domain;
    str label = {0};
    do {
        TRY(judge_at(q, INDICATOR_DOMAIN, rest, domain, judgement));
    } while (str_split(&rest, '.', &label) && rest.size > 0);
    return OK;
}

err cover_judge(struct reader *reader, const struct indicator *indicator, instant now,
                struct arena *turn, struct judgement *ret_judgement)
{
    struct question q = {.reader = reader, .now = now, .turn = turn};
    struct judgement judgement = {.verdict = VERDICT_PASS};
    if (indicator->kind == INDICATOR_DOMAIN)
        TRY(judge_domain(&q, indicator->value, &judgement));
    else
        TRY(judge_at(&q, indicator->kind, indicator->value, indicator->value, &judgement));
    if (indicator->kind == INDICATOR_URL)
        TRY(judge_domain(&q, url_host(indicator->value), &judgement));
    *ret_judgement = judgement;
    return OK;
}
