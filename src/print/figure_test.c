/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: nobody's money is left out of the figure, whatever the trail's shape; boxes stay in their
 * room and never lie upon each other; bands leave and reach boxes that are there.
 * Method: seeded random trails of 0 to 3,000 accounts, deep, wide and with cycles; add up.
 */
#include "print/figure.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

enum { WORLDS = 60, NAME_BYTES = 16, ARENA_BYTES = 64 << 20 };

static const struct figure_room room = {
    .x = 40, .y = 200, .width = 515, .height = 500, .box_width = 9};

static uint64_t seed;

static uint64_t dice(uint64_t sides)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (seed >> 33) % sides;
}

static str name_of(struct arena *a, const char *kind, uint64_t i)
{
    char *at = arena_make(a, NAME_BYTES);
    assert_non_null(at);
    int size = snprintf(at, NAME_BYTES, "%s%llu", kind, (unsigned long long)i);
    return str_make(at, (size_t)size);
}

static struct trail make_trail(struct arena *a, size_t nodes, uint64_t layers)
{
    struct trail t = {.has_amounts = dice(4) != 0, .node_count = nodes, .source_count = 1};
    t.edge_count = nodes == 0 ? 0 : nodes * 2;
    t.nodes = arena_make_array(a, nodes + 1, sizeof *t.nodes);
    t.edges = arena_make_array(a, t.edge_count + 1, sizeof *t.edges);
    t.sources = arena_make_array(a, 1, sizeof *t.sources);
    assert_true(t.nodes != NULL && t.edges != NULL && t.sources != NULL);
    t.sources[0] = (struct trail_source){
        .transfer = STR("S"), .from = STR("victim"), .to = STR("n0"), .amount = 77};
    for (size_t i = 0; i < nodes; i++)
        t.nodes[i] = (struct trail_node){.account = name_of(a, "n", i),
                                         .layer = 1 + (int64_t)dice(layers),
                                         .received = (int64_t)dice(1000000),
                                         .attributed = (int64_t)dice(1000000),
                                         .present = (int64_t)dice(1000)};
    for (size_t i = 0; i < t.edge_count; i++)
        t.edges[i] = (struct trail_edge){.transfer = name_of(a, "t", i),
                                         .from = name_of(a, "n", dice(nodes + 3)),
                                         .to = name_of(a, "n", dice(nodes + 3)),
                                         .layer = 1 + (int64_t)dice(layers),
                                         .amount = (int64_t)dice(100000),
                                         .attributed = (int64_t)dice(100000)};
    return t;
}

static void check_sums(const struct trail *t, const struct figure *f)
{
    int64_t weight = 0;
    int64_t present = 0;
    size_t accounts = 0;
    for (size_t i = 0; i < t->node_count; i++) {
        weight += t->has_amounts ? t->nodes[i].attributed : t->nodes[i].received;
        present += t->nodes[i].present;
    }
    for (size_t i = 0; i < f->box_count; i++) {
        weight -= f->boxes[i].weight;
        present -= f->boxes[i].present;
        accounts += f->boxes[i].count;
    }
    assert_int_equal(weight, 0);
    assert_int_equal(present, 0);
    assert_true(accounts >= t->node_count); /* and who pays from outside */
}

static void check_places(const struct figure *f)
{
    double bottom = room.y + room.height + 0.01;
    for (size_t i = 0; i < f->box_count; i++) {
        const struct figure_box *b = &f->boxes[i];
        assert_true(b->column < f->column_count && b->height > 0 && b->y >= room.y);
        assert_true(b->y + b->height <= bottom);
        for (size_t k = 0; k < i; k++) {
            const struct figure_box *other = &f->boxes[k];
            bool is_apart = other->column != b->column || other->y >= b->y + b->height ||
                            b->y >= other->y + other->height;
            assert_true(is_apart);
        }
    }
    for (size_t i = 0; i < f->band_count; i++) {
        const struct figure_band *b = &f->bands[i];
        assert_true(b->from < f->box_count && b->to < f->box_count && b->amount > 0);
        const struct figure_box *from = &f->boxes[b->from];
        assert_true(b->y_from + b->from_height <= from->y + from->height + 0.01);
    }
}

static void nobody_is_left_out(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 2, 59, 60, 61, 200, 3000};
    static const uint64_t depths[] = {1, 3, 8, 9, 40};
    for (seed = 1; seed <= WORLDS; seed++) {
        uint64_t world = seed;
        struct arena a;
        arena_init(&a, ARENA_BYTES);
        struct trail t =
            make_trail(&a, sizes[world % COUNT_OF(sizes)], depths[world % COUNT_OF(depths)]);
        struct figure f;
        assert_false(failed(figure_make(&t, &room, &a, &f)));
        check_sums(&t, &f);
        check_places(&f);
        assert_true(f.column_count >= 1);
        seed = world;
        arena_done(&a);
    }
}

/* The account with most money has a box of its own, and so has the heaviest of each layer. */
static void the_heaviest_stand_alone(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, ARENA_BYTES);
    seed = 7;
    struct trail t = make_trail(&a, 3000, 3);
    t.has_amounts = true;
    t.nodes[1234].attributed = 5000000;
    struct figure f;
    assert_false(failed(figure_make(&t, &room, &a, &f)));
    size_t alone = 0;
    size_t together = 0;
    bool is_found = false;
    for (size_t i = 0; i < f.box_count; i++) {
        is_found = is_found || (f.boxes[i].count == 1 && f.boxes[i].node == 1234);
        alone += f.boxes[i].count == 1 ? 1 : 0;
        together += f.boxes[i].count > 1 ? 1 : 0;
    }
    assert_true(is_found);
    assert_in_range(alone, 20, FIGURE_BOXES_MAX + FIGURE_COLUMNS_MAX);
    assert_in_range(together, 3, f.column_count);
    arena_done(&a);
}

static void too_much_money_is_refused(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, ARENA_BYTES);
    seed = 3;
    struct trail t = make_trail(&a, 200, 1);
    for (size_t i = 0; i < t.node_count; i++)
        t.nodes[i].attributed = t.nodes[i].received = INT64_MAX;
    struct figure f;
    assert_string_equal(figure_make(&t, &room, &a, &f).why, "print.overflow");
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_is_left_out),
        cmocka_unit_test(the_heaviest_stand_alone),
        cmocka_unit_test(too_much_money_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
