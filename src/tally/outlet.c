/* SPDX-License-Identifier: Apache-2.0 */
#include "tally/outlet.h"

#include <stdlib.h>

/* Of one year. */
struct pool {
    int64_t year;
    int64_t outlets;
    int64_t staff; /* at least */
    int64_t issued;
    int64_t bad;
};

struct pools {
    struct pool *at;
    size_t count;
};

struct tallying {
    struct outlet_lines *lines;
    struct pools bank; /* of the one that is being gone through */
    struct pools all;
};

static int compare(const void *a, const void *b)
{
    const struct outlet_count *x = a;
    const struct outlet_count *y = b;
    int order = str_compare(x->bank, y->bank);
    order = order != 0 ? order : str_compare(x->outlet, y->outlet);
    return order != 0 ? order : (x->year > y->year) - (x->year < y->year);
}

static int compare_years(const void *a, const void *b)
{
    const struct pool *x = a;
    const struct pool *y = b;
    return (x->year > y->year) - (x->year < y->year);
}

static void put_pool(struct pools *pools, const struct pool *p)
{
    size_t i = 0;
    while (i < pools->count && pools->at[i].year != p->year)
        i++;
    if (i == pools->count)
        pools->at[pools->count++] = (struct pool){.year = p->year};
    pools->at[i].outlets += p->outlets;
    pools->at[i].staff += p->staff;
    pools->at[i].issued += p->issued;
    pools->at[i].bad += p->bad;
}

static void put_line(struct tallying *t, const struct pool *of, str bank, str outlet)
{
    t->lines->at[t->lines->count++] = (struct outlet_line){.bank = bank,
                                                           .outlet = outlet,
                                                           .year = of->year,
                                                           .outlets = of->outlets,
                                                           .issued = of->issued,
                                                           .bad = of->bad,
                                                           .is_few = of->bad < OUTLET_BAD};
}

static bool is_large(const struct pool *p)
{
    return p->issued >= OUTLET_ISSUED && p->staff >= OUTLET_STAFF;
}

/* One outlet among what is of none would be named by its pool. */
static bool is_large_pool(const struct pool *p)
{
    return is_large(p) && p->outlets > 1;
}

/* Somebody works there, whoever it is; at an outlet nobody names, perhaps at none. */
static struct pool pool_of(const struct outlet_count *c)
{
    bool has_name = !str_is_empty(c->outlet);
    int64_t known = c->staff > 0 ? c->staff : 1;
    return (struct pool){.year = c->year,
                         .outlets = has_name,
                         .staff = has_name ? known : 0,
                         .issued = c->issued,
                         .bad = c->bad};
}

static void end_bank(struct tallying *t, str bank)
{
    qsort(t->bank.at, t->bank.count, sizeof *t->bank.at, compare_years);
    for (size_t i = 0; i < t->bank.count; i++)
        if (is_large_pool(&t->bank.at[i]))
            put_line(t, &t->bank.at[i], bank, STR(""));
        else
            put_pool(&t->all, &t->bank.at[i]);
    t->bank.count = 0;
}

static void end_all(struct tallying *t)
{
    qsort(t->all.at, t->all.count, sizeof *t->all.at, compare_years);
    for (size_t i = 0; i < t->all.count; i++) {
        const struct pool *p = &t->all.at[i];
        if (is_large_pool(p)) {
            put_line(t, p, STR(""), STR(""));
            continue;
        }
        t->lines->withheld_outlets += p->outlets;
        t->lines->withheld_issued += p->issued;
    }
}

err outlet_tally(struct outlet_count *counts, size_t count, struct arena *a,
                 struct outlet_lines *ret_lines)
{
    struct outlet_lines lines = {.at = arena_make_array(a, count + 1, sizeof *lines.at)};
    struct tallying t = {.lines = &lines};
    t.bank.at = arena_make_array(a, count + 1, sizeof *t.bank.at);
    t.all.at = arena_make_array(a, count + 1, sizeof *t.all.at);
    if (lines.at == NULL || t.bank.at == NULL || t.all.at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    if (count > 0)
        qsort(counts, count, sizeof *counts, compare);
    for (size_t i = 0; i < count; i++) {
        const struct outlet_count *c = &counts[i];
        struct pool own = pool_of(c);
        if (i > 0 && !str_equal(c->bank, counts[i - 1].bank))
            end_bank(&t, counts[i - 1].bank);
        if (is_large(&own))
            put_line(&t, &own, c->bank, c->outlet);
        else
            put_pool(&t.bank, &own);
    }
    if (count > 0)
        end_bank(&t, counts[count - 1].bank);
    end_all(&t);
    *ret_lines = lines;
    return OK;
}
