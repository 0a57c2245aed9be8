/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/identity.h"

#include <assert.h>

static void part_put(struct digest_stream *s, str part)
{
    uint8_t size[4];
    for (size_t i = 0; i < sizeof(size); i++)
        size[i] = (uint8_t)(part.size >> (24 - 8 * i));
    digest_put(s, str_make((const char *)size, sizeof(size)));
    digest_put(s, part);
}

static void content_put(struct digest_stream *s, const struct feed_row *row, str peer)
{
    part_put(s, STR("content"));
    if (row->shape->source_column == row->shape->column_count)
        part_put(s, peer);
    for (size_t i = 0; i < row->shape->column_count; i++) {
        if (str_is_empty(row->values[i]))
            continue;
        part_put(s, str_from_c(row->shape->columns[i].name));
        part_put(s, row->values[i]);
    }
}

struct digest feed_row_identity(const struct feed_row *row, str peer)
{
    assert(row != NULL && row->shape != NULL);
    const struct feed_shape *shape = row->shape;
    bool has_id =
        shape->id_column < shape->column_count && !str_is_empty(row->values[shape->id_column]);
    struct digest_stream s;
    digest_init(&s);
    part_put(&s, str_from_c(shape->name));
    if (has_id) {
        part_put(&s, STR("id"));
        part_put(&s, shape->source_column < shape->column_count ? row->values[shape->source_column]
                                                                : peer);
        part_put(&s, row->values[shape->id_column]);
    } else {
        content_put(&s, row, peer);
    }
    return digest_done(&s);
}
