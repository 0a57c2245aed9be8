/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: whatever the bytes of a file of cells are, it is refused, or it is cells in order, each
 * once, on this earth, which are found by their names; of every row it is known what became of it.
 * Method: the bytes as they are, and behind the header that they ought to have.
 */
#include "app/house/cells_file.h"

#include "kit_fuzz.h"

enum { BOOT_BYTES = 64 << 20, TURN_BYTES = 4 << 20 };

static void read(str bytes)
{
    struct arena boot;
    struct arena turn;
    struct cells_file c;
    uint64_t lines = 1;
    arena_init(&boot, BOOT_BYTES);
    arena_init(&turn, TURN_BYTES);
    for (size_t i = 0; i < bytes.size; i++)
        lines += bytes.at[i] == '\n' || bytes.at[i] == '\r';
    err e = cells_read(bytes, &boot, &turn, &c);
    for (size_t i = 0; !failed(e) && i < c.count; i++) {
        const struct cell_place *p = &c.at[i];
        must(i == 0 || str_compare(c.at[i - 1].cell, p->cell) < 0);
        must(p->cell.size > 0 && p->lon_e6 <= 180000000 && p->lon_e6 >= -180000000);
        must(p->lat_e6 <= 90000000 && p->lat_e6 >= -90000000);
        must(cells_file_find(&c, p->cell) == p);
    }
    must(failed(e) || c.count + c.bad <= lines);
    must(failed(e) || cells_file_find(&c, STR("")) == NULL);
    arena_done(&turn);
    arena_done(&boot);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct text whole;
    str bytes = str_make((const char *)data, size);
    read(bytes);
    arena_init(&a, TURN_BYTES);
    text_init(&whole, &a);
    text_put_c(&whole, "cell,lon,lat,name\n");
    text_put(&whole, bytes);
    if (!text_spent(&whole))
        read(text_str(&whole));
    arena_done(&a);
    return 0;
}
