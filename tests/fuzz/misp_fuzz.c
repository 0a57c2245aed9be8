/* SPDX-License-Identifier: Apache-2.0 */
/* Goal: whatever an event of MISP's holds, what is taken from it is canonical. Method: canonical.h
 * for each. */
#include "app/door/misp_read.h"

#include "canonical.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena turn;
    struct json_doc doc = {0};
    struct misp_reading r = {.count = 0};
    arena_init(&turn, 16 << 20);
    err e = json_doc_parse(str_make((const char *)data, size), 1 << 20, &doc);
    if (!failed(e))
        e = misp_read(doc.root, STR("CN"), &turn, &r);
    for (size_t i = 0; !failed(e) && i < r.count; i++)
        must_be_canonical(&r.things[i], STR("CN"), &turn);
    json_doc_done(&doc);
    arena_done(&turn);
    return 0;
}
