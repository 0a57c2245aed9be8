/* SPDX-License-Identifier: Apache-2.0 */
#include "print/statement.h"

#include <stdlib.h>

/* How many transfers of one ambiguity stand in one row: a row has to fit on a page. */
enum { TRANSFERS_IN_ROW = 8 };

static void put_two(struct text *t, str upper, str lower)
{
    text_put(t, upper);
    if (!str_is_empty(lower))
        text_printf(t, "\n%.*s", STR_ARGS(lower));
}

static void put_two_amounts(const struct statement *s, int64_t upper, int64_t lower, struct text *t)
{
    statement_amount(s, upper, t);
    text_put_char(t, '\n');
    statement_amount(s, lower, t);
}

/* Two titles, one above the other. */
static str both(const struct statement *s, const char *upper, const char *lower)
{
    struct text t;
    text_init(&t, s->arena);
    put_two(&t, statement_say(s, upper), statement_say(s, lower));
    return text_str(&t);
}

static void put_sum(const struct statement *s, bool is_here, struct text *t)
{
    if (is_here)
        text_put(t, statement_say(s, "print.sum"));
}

/* ---- sources ---------------------------------------------------------------------------------*/

struct some_sources {
    const struct statement *statement;
    size_t count;
    bool has_sum;
};

static void put_source(const void *self, size_t row, size_t column, struct text *t)
{
    const struct some_sources *some = self;
    const struct statement *s = some->statement;
    if (row == some->count) {
        put_sum(s, column == 0, t);
        if (column == 4)
            statement_amount(s, s->source_sum, t);
        return;
    }
    const struct trail_source *from = &s->trail->sources[row];
    const str texts[] = {from->transfer, from->time, from->from, from->to};
    if (column < COUNT_OF(texts))
        text_put(t, texts[column]);
    else
        statement_amount(s, from->amount, t);
}

void statement_sources(const struct statement *s, struct flow *f, size_t count)
{
    const struct flow_column columns[] = {
        {statement_say(s, "print.transfer"), 96,  PAPER_START},
        {statement_say(s, "print.time"),     114, PAPER_START},
        {statement_say(s, "print.from"),     110, PAPER_START},
        {statement_say(s, "print.to"),       110, PAPER_START},
        {statement_say(s, "print.amount"),   85,  PAPER_END  },
    };
    size_t all = s->trail->source_count;
    bool is_whole = count >= all;
    struct some_sources some = {.statement = s, .count = is_whole ? all : count};
    struct flow_table table = {.columns = columns,
                               .column_count = COUNT_OF(columns),
                               .row_count = some.count + (is_whole ? 1 : 0),
                               .has_sum = is_whole,
                               .self = &some,
                               .put = put_source};
    flow_heading(f, statement_say(s, "print.sources"));
    flow_table(f, &table);
    if (is_whole)
        return;
    struct text t;
    text_init(&t, s->arena);
    text_printf(&t, "%.*s %zu %.*s", STR_ARGS(statement_say(s, "print.more.before")), all - count,
                STR_ARGS(statement_say(s, "print.more.sources")));
    flow_paragraph(f, PAPER_BODY, text_str(&t));
}

/* ---- totals ----------------------------------------------------------------------------------*/

struct total {
    const char *key;
    const char *means;
    int64_t amount;
};

struct some_totals {
    const struct statement *statement;
    const struct total *at;
};

static void put_total(const void *self, size_t row, size_t column, struct text *t)
{
    const struct some_totals *some = self;
    const struct total *total = &some->at[row];
    if (column == 0)
        text_put(t, statement_say(some->statement, total->key));
    else if (column == 1)
        statement_amount(some->statement, total->amount, t);
    else
        text_put(t, statement_say(some->statement, total->means));
}

static void put_equation(const struct statement *s, struct flow *f)
{
    const struct trail_totals *totals = &s->trail->totals;
    int64_t parts[] = {totals->present, totals->exited, totals->unknown};
    int64_t sum = 0;
    struct text t;
    text_init(&t, s->arena);
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        text_put_c(&t, i == 0 ? "" : " + ");
        statement_amount(s, parts[i], &t);
        sum += parts[i]; /* trail_check has seen that it fits */
    }
    text_put_c(&t, sum == totals->stolen ? " = " : " \342\211\240 ");
    statement_amount(s, totals->stolen, &t);
    text_printf(&t, "  (%.*s)", STR_ARGS(statement_say(s, "print.equation")));
    flow_paragraph(f, PAPER_BODY, text_str(&t));
}

void statement_totals(const struct statement *s, struct flow *f)
{
    const struct trail_totals *said = &s->trail->totals;
    const struct total totals[] = {
        {"print.stolen",  "print.means.stolen",  said->stolen },
        {"print.present", "print.means.present", said->present},
        {"print.held",    "print.means.held",    said->held   },
        {"print.exited",  "print.means.exited",  said->exited },
        {"print.unknown", "print.means.unknown", said->unknown},
    };
    struct some_totals some = {.statement = s, .at = totals};
    const struct flow_column columns[] = {
        {STR(""),         90,              PAPER_START},
        {statement_say(s, "print.amount"), 105,         PAPER_END},
        {STR(""),               320,                        PAPER_START                 },
    };
    struct flow_table table = {.columns = columns,
                               .column_count = COUNT_OF(columns),
                               .row_count = s->trail->has_amounts ? COUNT_OF(totals) : 1,
                               .self = &some,
                               .put = put_total};
    flow_heading(f, statement_say(s, "print.totals"));
    flow_table(f, &table);
    if (s->trail->has_amounts)
        put_equation(s, f);
    flow_paragraph(f, PAPER_BODY, statement_say(s, "print.innocent"));
}

/* ---- accounts --------------------------------------------------------------------------------*/

static void put_account_name(const struct statement *s, const struct trail_node *n, struct text *t)
{
    text_put(t, n->display);
    if (!str_is_empty(n->bank))
        text_printf(t, "\n%.*s", STR_ARGS(n->bank));
    if (!str_is_empty(n->listing))
        text_printf(t, "\n%.*s %.*s", STR_ARGS(statement_say(s, "print.listed")),
                    STR_ARGS(n->listing));
}

static void put_account_sum(const struct statement *s, size_t column, struct text *t)
{
    put_sum(s, column == 2, t);
    if (column == 5)
        put_two_amounts(s, s->sum.present, s->sum.held, t);
    if (column == 6)
        put_two_amounts(s, s->sum.exited, s->sum.unknown, t);
}

static void put_account(const void *self, size_t row, size_t column, struct text *t)
{
    const struct statement *s = self;
    if (row == s->trail->node_count) {
        put_account_sum(s, column, t);
        return;
    }
    const struct trail_node *n = &s->trail->nodes[s->order[row]];
    switch (column) {
    case 0:
        text_put_u64(t, row + 1);
        break;
    case 1:
        text_put_i64(t, n->layer);
        break;
    case 2:
        put_account_name(s, n, t);
        break;
    case 3:
        put_two(t, n->first, n->last);
        break;
    case 4:
        statement_amount(s, n->received, t);
        if (s->trail->has_amounts) {
            text_put_char(t, '\n');
            statement_amount(s, n->attributed, t);
        }
        break;
    case 5:
        put_two_amounts(s, n->present, n->held, t);
        break;
    default:
        put_two_amounts(s, n->exited, n->unknown, t);
        break;
    }
}

static void put_accounts(const struct statement *s, struct flow *f)
{
    bool has_amounts = s->trail->has_amounts;
    str account = both(s, "print.account", "print.bank");
    str times = both(s, "print.first", "print.last");
    str received = has_amounts ? both(s, "print.received", "print.attributed")
                               : statement_say(s, "print.received");
    str present = both(s, "print.present", "print.held");
    str exited = both(s, "print.exited", "print.unknown");
    double wide = has_amounts ? 116 : 236; /* points */
    double money = has_amounts ? 77 : 111;
    str number = statement_say(s, "print.number");
    str layer = statement_say(s, "print.layer");
    const struct flow_column columns[] = {
        {number,   26,    PAPER_END  },
        {layer,    28,    PAPER_END  },
        {account,  wide,  PAPER_START},
        {times,    114,   PAPER_START},
        {received, money, PAPER_END  },
        {present,  money, PAPER_END  },
        {exited,   money, PAPER_END  },
    };
    struct flow_table table = {.columns = columns,
                               .column_count = has_amounts ? COUNT_OF(columns) : 5,
                               .row_count = s->trail->node_count + (has_amounts ? 1 : 0),
                               .has_sum = has_amounts,
                               .self = s,
                               .put = put_account};
    flow_heading(f, statement_say(s, "print.accounts_by_layer"));
    flow_table(f, &table);
}

/* ---- transfers -------------------------------------------------------------------------------*/

static void put_note(const struct statement *s, const struct trail_edge *e, struct text *t)
{
    if (!str_is_empty(e->exit))
        text_put(t, statement_word(s, "print.exit.", e->exit));
    if (str_is_empty(e->status) || str_equal(e->status, STR("booked")))
        return;
    text_put_c(t, t->size > 0 ? "\n" : "");
    text_put(t, statement_word(s, "print.status.", e->status));
}

static void put_transfer(const void *self, size_t row, size_t column, struct text *t)
{
    const struct statement *s = self;
    const struct trail_edge *e = &s->trail->edges[row];
    const str texts[] = {e->time, e->transfer, e->from, e->to};
    if (column == 0) {
        text_put_i64(t, e->layer);
    } else if (column <= COUNT_OF(texts)) {
        text_put(t, texts[column - 1]);
    } else if (column == 5) {
        statement_amount(s, e->amount, t);
        if (!s->trail->has_amounts)
            return;
        text_put_char(t, '\n');
        statement_amount(s, e->attributed, t);
    } else {
        put_note(s, e, t);
    }
}

static void put_transfers(const struct statement *s, struct flow *f)
{
    str amount = s->trail->has_amounts ? both(s, "print.amount", "print.attributed")
                                       : statement_say(s, "print.amount");
    const struct flow_column columns[] = {
        {statement_say(s, "print.layer"),    28,          PAPER_END  },
        {statement_say(s, "print.time"),     114,         PAPER_START},
        {statement_say(s, "print.transfer"), 76,          PAPER_START},
        {statement_say(s, "print.from"),     88,          PAPER_START},
        {statement_say(s, "print.to"),       88,          PAPER_START},
        {amount,          75,                PAPER_END  },
        {statement_say(s,  "print.note"),                46, PAPER_START           },
    };
    struct flow_table table = {.columns = columns,
                               .column_count = COUNT_OF(columns),
                               .row_count = s->trail->edge_count,
                               .self = s,
                               .put = put_transfer};
    flow_heading(f, statement_say(s, "print.transfers"));
    flow_table(f, &table);
}

/* ---- exits -----------------------------------------------------------------------------------*/

static void put_exit(const void *self, size_t row, size_t column, struct text *t)
{
    const struct statement *s = self;
    bool is_sum = row == s->trail->exit_count;
    if (is_sum)
        put_sum(s, column == 0, t);
    else if (column == 0)
        text_put(t, s->trail->exits[row].account);
    else if (column == 1)
        text_put(t, statement_word(s, "print.exit.", s->trail->exits[row].kind));
    if (column == 2)
        statement_amount(s, is_sum ? s->exit_sum : s->trail->exits[row].amount, t);
}

static void put_exits(const struct statement *s, struct flow *f)
{
    const struct flow_column columns[] = {
        {statement_say(s, "print.account"),   250, PAPER_START},
        {statement_say(s, "print.exit_kind"), 145, PAPER_START},
        {statement_say(s, "print.amount"),    120, PAPER_END  },
    };
    bool has_amounts = s->trail->has_amounts;
    struct flow_table table = {.columns = columns,
                               .column_count = has_amounts ? COUNT_OF(columns) : 2,
                               .row_count = s->trail->exit_count + (has_amounts ? 1 : 0),
                               .has_sum = has_amounts,
                               .self = s,
                               .put = put_exit};
    flow_heading(f, statement_say(s, "print.exits"));
    flow_table(f, &table);
}

/* ---- ambiguities -----------------------------------------------------------------------------*/

/* Where a row begins: in which ambiguity, at which of its transfers. */
struct ambiguity_row {
    size_t ambiguity;
    size_t first;
};

struct ambiguity_rows {
    const struct statement *statement;
    struct ambiguity_row *at;
};

static size_t rows_of(const struct trail_ambiguity *a)
{
    size_t rows = (a->transfer_count + TRANSFERS_IN_ROW - 1) / TRANSFERS_IN_ROW;
    return rows > 0 ? rows : 1;
}

static void put_ambiguity(const void *self, size_t row, size_t column, struct text *t)
{
    const struct ambiguity_rows *rows = self;
    const struct statement *s = rows->statement;
    const struct ambiguity_row *where = &rows->at[row];
    const struct trail_ambiguity *a = &s->trail->ambiguities[where->ambiguity];
    if (column == 0 && where->first == 0)
        text_put(t, a->account);
    if (column == 1 && where->first == 0)
        text_put(t, statement_word(s, "print.reason.", a->reason));
    for (size_t i = where->first;
         column == 2 && i < a->transfer_count && i < where->first + TRANSFERS_IN_ROW; i++)
        text_printf(t, "%s%.*s", i == where->first ? "" : ", ", STR_ARGS(a->transfers[i]));
}

static void put_ambiguities(const struct statement *s, struct flow *f)
{
    const struct trail *trail = s->trail;
    const struct flow_column columns[] = {
        {statement_say(s, "print.account"),   120, PAPER_START},
        {statement_say(s, "print.reason"),    190, PAPER_START},
        {statement_say(s, "print.transfers"), 205, PAPER_START},
    };
    size_t count = 0;
    for (size_t i = 0; i < trail->ambiguity_count; i++)
        count += rows_of(&trail->ambiguities[i]);
    struct ambiguity_rows rows = {.statement = s,
                                  .at = arena_make_array(s->arena, count + 1, sizeof *rows.at)};
    if (rows.at == NULL)
        return; /* paper_close says that memory is spent */
    size_t row = 0;
    for (size_t i = 0; i < trail->ambiguity_count; i++)
        for (size_t k = 0; k < rows_of(&trail->ambiguities[i]); k++)
            rows.at[row++] = (struct ambiguity_row){.ambiguity = i, .first = k * TRANSFERS_IN_ROW};
    struct flow_table table = {.columns = columns,
                               .column_count = COUNT_OF(columns),
                               .row_count = count,
                               .self = &rows,
                               .put = put_ambiguity};
    flow_heading(f, statement_say(s, "print.ambiguities"));
    flow_paragraph(f, PAPER_BODY, statement_say(s, "print.ambiguities_mean"));
    flow_table(f, &table);
}

void statement_tables(const struct statement *s, struct flow *f)
{
    const struct trail *trail = s->trail;
    if (trail->source_count > STATEMENT_SOURCES_FIRST)
        statement_sources(s, f, trail->source_count);
    if (trail->node_count > 0)
        put_accounts(s, f);
    if (trail->edge_count > 0)
        put_transfers(s, f);
    if (trail->exit_count > 0)
        put_exits(s, f);
    if (trail->ambiguity_count > 0)
        put_ambiguities(s, f);
    else
        flow_paragraph(f, PAPER_BODY, statement_say(s, "print.no_ambiguity"));
}
