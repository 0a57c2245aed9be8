/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: no other way to deal work out costs less. Method: random problems against every way there
 * is, where they are few, and against the textbook's dense method (Kuhn, Munkres) where many; and
 * ties, empty ones, rows that have nothing.
 */
#include "dispatch/assign.h"

#include "dispatch/dispatch_test.h"

enum { ROWS = 60, COLUMNS = 80, EDGES = ROWS * COLUMNS, SMALL = 6, ROOM = 16 << 20 };

static const int64_t never = ASSIGN_COST_MOST;

struct problem {
    struct assign_edge edges[EDGES];
    uint32_t first[ROWS + 1];
    int64_t cost[ROWS][COLUMNS]; /* `never` where there is no edge */
    struct assign_problem p;
};

static struct problem made;
static struct arena turn;

/* Each row may have some of the columns, and one of its own. */
static void make(uint64_t *seed, uint32_t rows, uint32_t shared, uint32_t most)
{
    uint32_t count = 0;
    for (uint32_t r = 0; r < rows; r++) {
        made.first[r] = count;
        for (uint32_t c = 0; c < shared + rows; c++) {
            bool is_own = c == shared + r;
            made.cost[r][c] = never;
            if (!is_own && (c >= shared || draw(seed, 3) > 0))
                continue;
            made.cost[r][c] = draw(seed, most) + (is_own ? most : 0);
            made.edges[count++] = (struct assign_edge){made.cost[r][c], c};
        }
    }
    made.first[rows] = count;
    made.p = (struct assign_problem){made.edges, made.first, rows, shared + rows};
}

static int64_t solved(void)
{
    uint32_t column[ROWS];
    bool is_used[COLUMNS] = {false};
    int64_t sum = 0;
    works(assign_solve(&made.p, &turn, column));
    for (uint32_t r = 0; r < made.p.row_count; r++) {
        assert_true(column[r] < made.p.column_count && !is_used[column[r]]);
        assert_true(made.cost[r][column[r]] != never);
        is_used[column[r]] = true;
        sum += made.cost[r][column[r]];
    }
    arena_reset(&turn);
    return sum;
}

/* Every way, counted through like the digits of a number. */
static int64_t least_of_all(void)
{
    int64_t least = never;
    uint32_t rows = made.p.row_count;
    uint32_t columns = made.p.column_count;
    uint64_t ways = 1;
    for (uint32_t r = 0; r < rows; r++)
        ways *= columns;
    for (uint64_t way = 0; way < ways; way++) {
        uint32_t used = 0;
        int64_t sum = 0;
        uint64_t rest = way;
        for (uint32_t r = 0; r < rows && sum < least; r++, rest /= columns) {
            uint32_t c = (uint32_t)(rest % columns);
            sum = (used >> c & 1) != 0 ? never : sum + made.cost[r][c];
            used |= UINT32_C(1) << c;
        }
        least = sum < least ? sum : least;
    }
    return least;
}

struct dense {
    int64_t u[ROWS + 1];
    int64_t v[COLUMNS + 1];
    uint32_t row[COLUMNS + 1];
    uint32_t way[COLUMNS + 1];
};

static void dense_row(struct dense *h, uint32_t row)
{
    int64_t least[COLUMNS + 1];
    bool is_done[COLUMNS + 1] = {false};
    uint32_t at = 0;
    for (uint32_t c = 0; c <= made.p.column_count; c++)
        least[c] = INT64_MAX;
    for (h->row[0] = row; h->row[at] != 0;) {
        int64_t delta = INT64_MAX;
        uint32_t next = 0;
        is_done[at] = true;
        for (uint32_t c = 1; c <= made.p.column_count; c++) {
            int64_t now = made.cost[h->row[at] - 1][c - 1] - h->u[h->row[at]] - h->v[c];
            if (!is_done[c] && now < least[c]) {
                least[c] = now;
                h->way[c] = at;
            }
            if (!is_done[c] && least[c] < delta) {
                delta = least[c];
                next = c;
            }
        }
        for (uint32_t c = 0; c <= made.p.column_count; c++) {
            h->u[h->row[c]] += is_done[c] ? delta : 0;
            h->v[c] -= is_done[c] ? delta : 0;
            least[c] -= is_done[c] || least[c] == INT64_MAX ? 0 : delta;
        }
        at = next;
    }
    for (; at != 0; at = h->way[at])
        h->row[at] = h->row[h->way[at]];
}

static int64_t least_by_the_book(void)
{
    struct dense h = {{0}, {0}, {0}, {0}};
    int64_t sum = 0;
    for (uint32_t r = 1; r <= made.p.row_count; r++)
        dense_row(&h, r);
    for (uint32_t c = 1; c <= made.p.column_count; c++)
        sum += h.row[c] == 0 ? 0 : made.cost[h.row[c] - 1][c - 1];
    return sum;
}

static void small_ones_are_best(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (uint32_t i = 0; i < 3000; i++) {
        make(&seed, 1 + draw(&seed, 4), draw(&seed, SMALL - 1), 1 + draw(&seed, 40));
        assert_int_equal(solved(), least_of_all());
    }
}

static void large_ones_are_as_the_book_says(void **state)
{
    (void)state;
    uint64_t seed = 2;
    for (uint32_t i = 0; i < 600; i++) {
        uint32_t rows = 1 + draw(&seed, ROWS - 20);
        make(&seed, rows, draw(&seed, COLUMNS - rows), 1 + draw(&seed, 3 + 1000 * (i % 2)));
        assert_int_equal(solved(), least_by_the_book());
    }
}

static void nothing_to_have(void **state)
{
    (void)state;
    static const uint32_t first[] = {0, 1, 2};
    static const struct assign_edge same[] = {
        {5, 0},
        {6, 0}
    };
    uint32_t column[2];
    struct assign_problem p = {same, first, 2, 1};
    fails(assign_solve(&p, &turn, column), "assign: a row is left without a column");
    p.row_count = 1;
    works(assign_solve(&p, &turn, column));
    assert_int_equal(column[0], 0);
    p.row_count = 0;
    works(assign_solve(&p, &turn, column));
    struct arena none;
    arena_init(&none, 16);
    fails(assign_solve(&p, &none, column), "limit.memory");
    arena_done(&none);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_ones_are_best),
        cmocka_unit_test(large_ones_are_as_the_book_says),
        cmocka_unit_test(nothing_to_have),
    };
    arena_init(&turn, ROOM);
    int bad = cmocka_run_group_tests(tests, NULL, NULL);
    arena_done(&turn);
    return bad;
}
