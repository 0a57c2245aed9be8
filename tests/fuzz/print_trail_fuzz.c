/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: no document upsets the printer: it is refused, or printed with every sum it could check.
 * Method: read it; if it is a trail, check it, lay its figure out in rooms of two sizes, and print
 * small ones to the last page.
 */
#include "print/figure.h"
#include "print/sanitize.h"
#include "print/statement.h"

#include "kit_fuzz.h"

enum { ARENA_BYTES = 64 << 20, ROWS_PRINTED = 12 };

static void lay_out(const struct trail *t, double height, struct arena *a)
{
    struct figure_room room = {.width = 515, .height = height, .box_width = 9};
    struct figure f;
    int64_t weight = 0;
    if (failed(figure_make(t, &room, a, &f)))
        return;
    for (size_t i = 0; i < f.box_count; i++)
        weight += f.boxes[i].weight;
    for (size_t i = 0; i < t->node_count; i++)
        weight -= t->has_amounts ? t->nodes[i].attributed : t->nodes[i].received;
    must(weight == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena boot;
    if (boot.budget_bytes == 0) {
        arena_init(&boot, ARENA_BYTES);
        must(!failed(messages_boot(&boot)));
    }
    struct arena a;
    struct trail t;
    char place[TRAIL_PLACE_BYTES];
    arena_init(&a, ARENA_BYTES);
    if (!failed(trail_read(str_make((const char *)data, size), &a, &t, place))) {
        struct trail_doubts doubts;
        str pdf = STR("");
        lay_out(&t, 500, &a);
        lay_out(&t, 20, &a);
        bool is_small = t.node_count + t.edge_count + t.ambiguity_count <= ROWS_PRINTED;
        if (!failed(trail_check(&t, &doubts)) && is_small &&
            !failed(statement_print(&t, LANGUAGE_ZH, &a, &pdf)))
            must(str_starts(pdf, STR("%PDF-")));
    }
    arena_done(&a);
    return 0;
}
