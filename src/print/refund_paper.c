/* SPDX-License-Identifier: Apache-2.0 */
#include "print/refund_paper.h"

#include <stdio.h>

enum { ROW_BYTES = 1 << 20, KEY_BYTES = 128 };

struct page {
    const struct refund_doc *doc;
    struct arena *arena;
    enum language language;
};

static str say(const struct page *p, const char *key)
{
    return message(str_from_c(key), p->language);
}

/* "print.basis." and "direct": the catalogue's word, or the document's own when it has none. */
static str word(const struct page *p, const char *prefix, str w)
{
    char room[KEY_BYTES];
    int size = snprintf(room, sizeof room, "%s%.*s", prefix, STR_ARGS(w));
    str key = str_make(room, size > 0 && size < KEY_BYTES ? (size_t)size : 0);
    return message_exists(key) ? message(key, p->language) : w;
}

static void put_amount(const struct page *p, int64_t minor, struct text *t)
{
    char room[AMOUNT_BYTES];
    text_put(t, amount_format(&p->doc->currency, minor, room));
}

static str amount(const struct page *p, int64_t minor)
{
    struct text t;
    text_init(&t, p->arena);
    put_amount(p, minor, &t);
    return text_str(&t);
}

/* ---- the first page ------------------------------------------------------------------------ */

static void put_head(const struct page *p, struct flow *f)
{
    const struct refund_doc *d = p->doc;
    struct paper_place place = {.x = PAPER_LEFT, .y = f->y, .width = PAPER_RIGHT - PAPER_LEFT};
    f->y += paper_text(f->paper, PAPER_TITLE, PAPER_START, &place, say(p, "print.refund.title"));
    flow_gap(f, 4);
    flow_fact(f, say(p, "print.account"), d->account);
    flow_fact(f, say(p, "print.refund.rule"), d->rule);
    flow_fact(f, STR(""), p->language == LANGUAGE_ZH ? d->rule_zh : d->rule_en);
    flow_fact(f, say(p, "print.refund.frozen"), amount(p, d->frozen));
    flow_fact(f, say(p, "print.refund.frozen_at"), d->frozen_time);
    flow_fact(f, say(p, "print.refund.opening"), amount(p, d->opening));
    flow_fact(f, say(p, "print.refund.balance"), amount(p, d->balance));
    flow_gap(f, 3);
}

/* What does not add up is printed, and said. */
static err put_warning(const struct page *p, struct flow *f)
{
    int64_t sum = p->doc->returned;
    struct text t;
    TRY(amount_add(&sum, p->doc->unclaimed));
    if (sum == p->doc->frozen)
        return OK;
    text_init(&t, p->arena);
    text_printf(&t, "%.*s %.*s ", STR_ARGS(say(p, "print.warning")),
                STR_ARGS(say(p, "print.refund.sum_wrong")));
    put_amount(p, sum, &t);
    text_put_c(&t, " \342\211\240 "); /* is not equal to */
    put_amount(p, p->doc->frozen, &t);
    flow_warning(f, text_str(&t));
    return OK;
}

static void put_doubts(const struct page *p, struct flow *f)
{
    for (size_t i = 0; i < p->doc->doubt_count; i++) {
        const struct refund_row_doubt *d = &p->doc->doubts[i];
        struct text t;
        text_init(&t, p->arena);
        text_put(&t, p->language == LANGUAGE_ZH ? d->zh : d->en);
        if (!str_is_empty(d->entries))
            text_printf(&t, " (%.*s)", STR_ARGS(d->entries));
        flow_paragraph(f, PAPER_BODY, text_str(&t));
    }
}

/* ---- claims -------------------------------------------------------------------------------- */

static void put_sums(const struct page *p, bool is_unclaimed, size_t column, struct text *t)
{
    if (column == 0)
        text_put(t, say(p, is_unclaimed ? "print.refund.unclaimed" : "print.sum"));
    if (column == 5)
        put_amount(p, is_unclaimed ? p->doc->unclaimed : p->doc->frozen, t);
}

static void put_claim(const void *self, size_t row, size_t column, struct text *t)
{
    const struct page *p = self;
    if (row >= p->doc->claim_count) {
        put_sums(p, row == p->doc->claim_count, column, t);
        return;
    }
    const struct refund_row_claim *c = &p->doc->claims[row];
    switch (column) {
    case 0:
        text_put(t, c->claim);
        break;
    case 1:
        put_amount(p, c->loss, t);
        break;
    case 2:
        put_amount(p, c->deposited, t);
        break;
    case 3:
        put_amount(p, c->least, t);
        text_put_char(t, '\n');
        put_amount(p, c->most, t);
        break;
    case 4:
        text_put(t, word(p, "refund.basis.", c->basis));
        break;
    default:
        put_amount(p, c->amount, t);
        break;
    }
}

static void put_claims(const struct page *p, struct flow *f)
{
    struct text bounds;
    text_init(&bounds, p->arena);
    text_printf(&bounds, "%.*s\n%.*s", STR_ARGS(say(p, "cli.column.least")),
                STR_ARGS(say(p, "cli.column.most")));
    const struct flow_column columns[] = {
        {say(p,                   "cli.column.claim"),     115,         PAPER_START},
        {say(p,                   "cli.column.loss"),      80,          PAPER_END  },
        {say(p,                   "cli.column.deposited"), 80,          PAPER_END  },
        {text_str(&bounds),       80,                      PAPER_END  },
        {say(p,    "cli.column.basis"),                      80, PAPER_START           },
        {say(p, "cli.column.returned"),                      80,   PAPER_END},
    };
    struct flow_table table = {.columns = columns,
                               .column_count = COUNT_OF(columns),
                               .row_count = p->doc->claim_count + 2,
                               .has_sum = true,
                               .self = p,
                               .put = put_claim};
    flow_heading(f, say(p, "print.refund.claims"));
    flow_table(f, &table);
    flow_paragraph(f, PAPER_BODY, say(p, "print.refund.bounds_mean"));
}

/* ---- steps --------------------------------------------------------------------------------- */

static int64_t loss_of(const struct refund_doc *d, str claim)
{
    for (size_t i = 0; i < d->claim_count; i++)
        if (str_equal(d->claims[i].claim, claim))
            return d->claims[i].loss;
    return 0;
}

/* In fen, so that nobody has to guess where it was rounded. */
static void put_share(const void *self, size_t row, size_t column, struct text *t)
{
    const struct page *p = self;
    const struct refund_row_share *s = &p->doc->shares[row];
    const struct refund_row_step *step = &p->doc->steps[s->step];
    switch (column) {
    case 0:
        text_put_u64(t, s->step + 1);
        break;
    case 1:
        text_put(t, s->claim);
        break;
    case 2:
        text_printf(t, "%lld \303\227 %lld / %lld = %lld + %lld / %lld",
                    (long long)loss_of(p->doc, s->claim), (long long)step->total,
                    (long long)step->of, (long long)s->whole, (long long)s->rest,
                    (long long)step->of);
        break;
    default:
        put_amount(p, s->amount, t);
        break;
    }
}

static void put_ends(const struct page *p, struct flow *f)
{
    for (size_t i = 0; i < p->doc->step_count; i++) {
        const struct refund_row_step *s = &p->doc->steps[i];
        struct text t;
        text_init(&t, p->arena);
        text_printf(&t, "%zu. %.*s", i + 1, STR_ARGS(word(p, "print.refund.end.", s->end)));
        if (!str_is_empty(s->entry))
            text_printf(&t, " (%.*s)", STR_ARGS(s->entry));
        flow_paragraph(f, PAPER_BODY, text_str(&t));
    }
}

static void put_steps(const struct page *p, struct flow *f)
{
    const struct flow_column columns[] = {
        {say(p, "print.refund.step"),    36,  PAPER_END  },
        {say(p, "cli.column.claim"),     115, PAPER_START},
        {say(p, "print.refund.share"),   274, PAPER_START},
        {say(p, "print.refund.rounded"), 90,  PAPER_END  },
    };
    struct flow_table table = {.columns = columns,
                               .column_count = COUNT_OF(columns),
                               .row_count = p->doc->share_count,
                               .self = p,
                               .put = put_share};
    if (p->doc->step_count == 0)
        return;
    flow_heading(f, say(p, "print.refund.steps"));
    flow_paragraph(f, PAPER_BODY, say(p, "print.refund.steps_mean"));
    flow_table(f, &table);
    put_ends(p, f);
}

/* ---- entries ------------------------------------------------------------------------------- */

static void put_entry(const void *self, size_t row, size_t column, struct text *t)
{
    const struct page *p = self;
    const struct refund_row_entry *e = &p->doc->entries[row];
    bool is_counted = str_is_empty(e->left_out);
    switch (column) {
    case 0:
        text_put(t, e->id);
        break;
    case 1:
        text_put(t, e->time);
        break;
    case 2:
        text_put(t, word(p, "print.refund.direction.", e->direction));
        if (!str_is_empty(e->claim))
            text_printf(t, "\n%.*s", STR_ARGS(e->claim));
        break;
    case 3:
        put_amount(p, e->amount, t);
        break;
    case 4:
        if (is_counted)
            put_amount(p, e->balance, t);
        else
            text_put(t, word(p, "print.refund.left_out.", e->left_out));
        break;
    default:
        if (is_counted)
            put_amount(p, e->low_water, t);
        break;
    }
}

static void put_entries(const struct page *p, struct flow *f)
{
    const struct flow_column columns[] = {
        {say(p, "print.refund.entry"),     100, PAPER_START},
        {say(p, "print.time"),             114, PAPER_START},
        {say(p, "print.refund.direction"), 76,  PAPER_START},
        {say(p, "print.amount"),           75,  PAPER_END  },
        {say(p, "print.refund.balance"),   75,  PAPER_END  },
        {say(p, "print.refund.low_water"), 75,  PAPER_END  },
    };
    struct flow_table table = {.columns = columns,
                               .column_count = COUNT_OF(columns),
                               .row_count = p->doc->entry_count,
                               .self = p,
                               .put = put_entry};
    flow_heading(f, say(p, "print.refund.entries"));
    flow_paragraph(f, PAPER_BODY, say(p, "print.refund.entries_mean"));
    if (p->doc->entry_count > 0)
        flow_table(f, &table);
    flow_paragraph(f, PAPER_BODY, say(p, "print.refund.check"));
}

/* ---- all of it ----------------------------------------------------------------------------- */

static err lay_out(const struct page *p, struct paper *paper, struct arena *row)
{
    struct flow f;
    flow_init(&f, paper, row);
    put_head(p, &f);
    TRY(put_warning(p, &f));
    put_doubts(p, &f);
    put_claims(p, &f);
    put_steps(p, &f);
    put_entries(p, &f);
    return paper_page(paper) > PAPER_PAGES_MAX ? fail(ERR_LIMIT, "print.too_many", 0) : OK;
}

static err print_on(const struct page *p, struct paper *paper, str *ret_pdf)
{
    struct arena row;
    arena_init(&row, ROW_BYTES);
    err e = lay_out(p, paper, &row);
    if (!failed(e)) {
        paper_begin_drawing(paper);
        e = lay_out(p, paper, &row);
    }
    arena_done(&row);
    TRY(e);
    return paper_close(paper, ret_pdf);
}

err refund_print(const struct refund_doc *doc, enum language language, struct arena *a,
                 str *ret_pdf)
{
    struct page p = {.doc = doc, .arena = a, .language = language};
    struct text foot;
    text_init(&foot, a);
    text_printf(&foot, "%.*s \302\267 %.*s \302\267 %.*s \302\267 %.*s",
                STR_ARGS(say(&p, "print.refund.title")), STR_ARGS(doc->account),
                STR_ARGS(doc->rule), STR_ARGS(doc->frozen_time));
    struct paper_about about = {.title = say(&p, "print.refund.title"),
                                .subject = text_str(&foot),
                                .foot = text_str(&foot),
                                .made_at = doc->frozen_at,
                                .language = language};
    struct paper *paper = NULL;
    TRY(paper_open(&about, a, &paper));
    err e = print_on(&p, paper, ret_pdf);
    paper_end(paper);
    return e;
}
