/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: no GeoJSON does more than give a boundary or a refusal; one that was taken, written and
 * read again, is the same; of its box and centre the questions have answers. Method: bytes -->
 * boundary --> text --> boundary --> text.
 */
#include "feed/boundary_read.h"
#include "kit/kit.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool is_so)
{
    if (!is_so)
        abort();
}

static str written(const struct boundary *b, struct arena *turn)
{
    struct text t;
    text_init(&t, turn);
    boundary_write(b, &t);
    must(!text_spent(&t));
    return text_str(&t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool is_booted;
    struct arena turn;
    struct boundary b;
    struct boundary again;
    if (!is_booted)
        must(!failed(kit_boot()));
    is_booted = true;
    arena_init(&turn, 32 << 20);
    err e = boundary_read(str_make((const char *)data, size), &turn, &b);
    if (failed(e)) {
        must(e.why != NULL);
        arena_done(&turn);
        return 0;
    }
    struct box box = boundary_box(&b);
    spot centre = boundary_centre(&b);
    must(spot_is_valid(centre.lon, centre.lat));
    must(!boundary_holds(&b, (spot){box.low.lon, box.high.lat}) || box.low.lat < box.high.lat);
    str text = written(&b, &turn);
    must(!failed(boundary_read(text, &turn, &again)));
    must(boundary_spots(&again) == boundary_spots(&b) && again.piece_count == b.piece_count);
    must(str_equal(written(&again, &turn), text));
    arena_done(&turn);
    return 0;
}
