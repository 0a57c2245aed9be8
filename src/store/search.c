/* SPDX-License-Identifier: Apache-2.0 */
#include "store/row.h"
#include "store/search_part.h"
#include "store/zone_part.h"

#include <assert.h>
#include <stdlib.h>

enum { BELOW_MOST = 2000 };

/* Ids that match, in no order at first. */
struct found {
    str *ids;
    size_t count;
    size_t room;
    bool is_cut;
};

static struct walk make_walk(struct reader *reader, const struct search *s, struct arena *turn)
{
    return (struct walk){
        .reader = reader, .turn = turn, .wanted = {.range = division_range(s->scope), .search = s}
    };
}

static err no_memory(void)
{
    return fail(ERR_LIMIT, "limit.memory", 0);
}

static err put_item(struct reader *reader, str id, struct arena *turn, struct list_page *page)
{
    err e = row_find(reader_sql(reader), RECORD_LISTING, id, turn, &page->items[page->count]);
    if (e.code == ERR_ABSENT) /* erased since */
        return OK;
    TRY(e);
    page->count++;
    return OK;
}

/* --- by filters alone --- */

/* The page, and then on as far as is counted. */
static err read_page(struct walk *w, size_t limit, struct list_page *page)
{
    str id = {0};
    bool has = false;
    TRY(walk_next(w, SEARCH_LOOKED, &id, &has));
    while (has && page->count < limit) {
        TRY(put_item(w->reader, id, w->turn, page));
        page->total++;
        if (page->count == limit)
            page->next = id;
        TRY(walk_next(w, SEARCH_LOOKED, &id, &has));
    }
    if (!has && (!walk_has_ended(w) || w->is_cut))
        page->next = w->last; /* looked at enough: there may be more behind it */
    else if (!has)
        page->next = STR("");
    page->total += has;
    return OK;
}

static err count_on(struct walk *w, int64_t *total)
{
    str id = {0};
    bool has = true;
    while (has && *total <= SEARCH_COUNTED) {
        TRY(walk_next(w, SEARCH_LOOKED, &id, &has));
        *total += has;
    }
    return OK;
}

static err page_of_filters(struct reader *reader, const struct search *s, struct arena *turn,
                           struct list_page *page, bool *ret_is_least)
{
    bool is_first = str_is_empty(s->before);
    struct walk w = make_walk(reader, s, turn);
    TRY(walk_begin(&w, is_first ? SEARCH_NEWEST : s->before));
    TRY(read_page(&w, (size_t)s->limit, page));
    if (!is_first) {
        w = make_walk(reader, s, turn);
        page->total = 0;
        TRY(walk_begin(&w, SEARCH_NEWEST));
    }
    TRY(count_on(&w, &page->total));
    *ret_is_least = !walk_has_ended(&w) || w.is_cut || page->total > SEARCH_COUNTED;
    return OK;
}

/* --- by a text --- */

static err found_add(struct found *f, struct arena *turn, str id)
{
    if (f->count == f->room) {
        size_t room = f->room == 0 ? 256 : f->room * 2;
        f->ids = arena_grow(turn, f->ids, f->room * sizeof *f->ids, room * sizeof *f->ids);
        f->room = room;
    }
    str kept = f->ids == NULL ? (str){0} : str_copy(turn, id);
    if (kept.at == NULL)
        return no_memory();
    f->ids[f->count++] = kept;
    return OK;
}

/* Each row: an id, and whether it is wanted. */
static err take_rows(struct sql_row *row, struct found *f, struct arena *turn, int64_t most)
{
    bool has_row = false;
    int64_t count = 0;
    TRY(sql_next(row, &has_row));
    for (; has_row; count++) {
        if (sql_i64(row, 1) != 0)
            TRY(found_add(f, turn, sql_peek(row, 0)));
        TRY(sql_next(row, &has_row));
    }
    f->is_cut = f->is_cut || count == most;
    return OK;
}

static err find_beginning(struct walk *w, const char *kind, str form, struct found *f)
{
    struct sql_row *row = NULL;
    struct text end;
    text_init(&end, w->turn);
    text_put(&end, form);
    text_put_c(&end, "\xF4\x8F\xBF\xBF"); /* no character comes after it */
    if (text_spent(&end))
        return no_memory();
    TRY(sql_ask(reader_sql(w->reader),
                "SELECT \"id\", " SEARCH_WANTED " FROM listing WHERE \"kind\" = $11"
                " AND \"value\" >= $12 AND \"value\" < $13 ORDER BY \"value\" LIMIT $2",
                &row));
    search_bind(row, &w->wanted, SEARCH_GATHERED);
    sql_bind_str(row, 11, str_from_c(kind));
    sql_bind_str(row, 12, form);
    sql_bind_str(row, 13, text_str(&end));
    err e = take_rows(row, f, w->turn, SEARCH_GATHERED);
    sql_done(&row);
    return e;
}

static err find_value(struct walk *w, str domain, struct found *f)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(reader_sql(w->reader),
                "SELECT \"id\", " SEARCH_WANTED " FROM listing"
                " WHERE \"kind\" = 'domain' AND \"value\" = $11 LIMIT $2",
                &row));
    search_bind(row, &w->wanted, SEARCH_COUNTED);
    sql_bind_str(row, 11, domain);
    err e = take_rows(row, f, w->turn, SEARCH_COUNTED);
    sql_done(&row);
    return e;
}

/* Names below a domain stand together in the zone's own table. */
static err find_below(struct walk *w, struct found *f)
{
    char room[ZONE_TURNED_MAX];
    struct found names = {0};
    struct sql_row *row = NULL;
    str from = str_copy(w->turn, zone_turn_over(w->wanted.search->below, room));
    str to = str_copy(w->turn, from);
    if (from.at == NULL || to.at == NULL || from.size == 0)
        return no_memory();
    char *last = arena_make(w->turn, to.size);
    if (last == NULL)
        return no_memory();
    memcpy(last, to.at, to.size);
    last[to.size - 1] = '/'; /* what comes after the dot */
    TRY(sql_ask(reader_sql(w->reader),
                "SELECT \"turned\", 1 FROM rpz_domain WHERE \"turned\" > $1 AND \"turned\" < $3"
                " ORDER BY \"turned\" LIMIT $2",
                &row));
    sql_bind_str(row, 1, from);
    sql_bind_i64(row, 2, BELOW_MOST);
    sql_bind_str(row, 3, str_make(last, to.size));
    err e = take_rows(row, &names, w->turn, BELOW_MOST);
    sql_done(&row);
    f->is_cut = f->is_cut || names.is_cut;
    for (size_t i = 0; !failed(e) && i < names.count; i++)
        e = find_value(w, zone_turn_back(names.ids[i], room), f);
    return e;
}

static err find_within(struct reader *reader, const struct search *s, struct arena *turn,
                       struct found *f)
{
    struct walk w = make_walk(reader, s, turn);
    size_t most = f->count + SEARCH_GATHERED;
    str id = {0};
    bool has = true;
    w.wanted.part = s->text;
    TRY(walk_begin(&w, SEARCH_NEWEST));
    while (has && f->count < most) {
        TRY(walk_next(&w, SEARCH_WITHIN, &id, &has));
        if (has)
            TRY(found_add(f, turn, id));
    }
    f->is_cut = f->is_cut || has || w.is_cut;
    return OK;
}

static int newest_first(const void *a, const void *b)
{
    return str_compare(*(const str *)b, *(const str *)a);
}

static void sort_and_unite(struct found *f)
{
    size_t kept = 0;
    if (f->count > 0)
        qsort(f->ids, f->count, sizeof *f->ids, newest_first);
    for (size_t i = 0; i < f->count; i++)
        if (kept == 0 || !str_equal(f->ids[kept - 1], f->ids[i]))
            f->ids[kept++] = f->ids[i];
    f->count = kept;
}

static err find_all(struct reader *reader, const struct search *s, struct arena *turn,
                    struct found *f)
{
    struct walk w = make_walk(reader, s, turn);
    for (size_t i = 0; i < s->form_count; i++)
        for (const char *const *kind = indicator_kind_words; *kind != NULL; kind++)
            if (str_is_empty(s->kind) || str_equal(s->kind, str_from_c(*kind)))
                TRY(find_beginning(&w, *kind, s->forms[i], f));
    if (!str_is_empty(s->below))
        TRY(find_below(&w, f));
    TRY(find_within(reader, s, turn, f));
    sort_and_unite(f);
    return OK;
}

static err page_of_text(struct reader *reader, const struct search *s, struct arena *turn,
                        struct list_page *page, bool *ret_is_least)
{
    struct found f = {0};
    size_t limit = (size_t)s->limit;
    TRY(find_all(reader, s, turn, &f));
    size_t at = 0;
    while (at < f.count && !str_is_empty(s->before) && str_compare(f.ids[at], s->before) >= 0)
        at++;
    for (; at < f.count && page->count < limit; at++)
        TRY(put_item(reader, f.ids[at], turn, page));
    page->next = at < f.count ? f.ids[at - 1] : STR("");
    page->total = (int64_t)f.count;
    *ret_is_least = f.is_cut;
    return OK;
}

err search_page(struct reader *reader, const struct search *s, struct arena *turn,
                struct list_page *ret_page, bool *ret_is_least)
{
    assert(s->limit > 0 && s->form_count <= SEARCH_FORMS);
    struct list_page page = {.items =
                                 arena_make_array(turn, (size_t)s->limit, sizeof(union record))};
    if (page.items == NULL)
        return no_memory();
    bool is_least = false;
    TRY((str_is_empty(s->text) ? page_of_filters : page_of_text)(reader, s, turn, &page,
                                                                 &is_least));
    if (is_least && page.total > SEARCH_COUNTED)
        page.total = SEARCH_COUNTED;
    *ret_page = page;
    *ret_is_least = is_least;
    return OK;
}
