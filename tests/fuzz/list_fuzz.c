/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: no list, however packed, encoded or broken, does more than give values and refusals, in the
 * order of its lines; where it is cut changes nothing.
 * Method: the first byte says where to cut; read whole and cut, compare a digest of what was said.
 * Only where a compressed file is damaged may the two differ.
 */
#include "feed/list.h"
#include "kit/digest.h"
#include "kit/kit.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool is_so)
{
    if (!is_so)
        abort();
}

struct telling {
    struct digest_stream said;
    int64_t last;
};

static err tell_line(void *self, int64_t number, str value, const char *code)
{
    struct telling *t = self;
    must(number > t->last && value.size <= LIST_LINE_BYTES && str_is_utf8(value));
    t->last = number;
    must(code != NULL || (value.size > 0 && str_find_char(value, '\n') == value.size));
    digest_put(&t->said, value);
    digest_put(&t->said, str_from_c(code == NULL ? "\n" : code));
    return OK;
}

static struct digest read_cut(str bytes, uint8_t seed, size_t cut, bool *ret_is_damaged)
{
    struct arena a;
    arena_init(&a, LIST_READER_BYTES);
    struct telling t = {0};
    const char *fault = NULL;
    digest_init(&t.said);
    struct list_sink sink = {.self = &t, .line = tell_line};
    struct list_reader *reader = arena_make(&a, sizeof *reader);
    enum indicator_kind kind = seed % INDICATOR_KIND_COUNT;
    must(reader != NULL && !failed(list_init(&a, kind, sink, reader)));
    must(!failed(list_put(reader, str_until(bytes, cut))));
    must(!failed(list_put(reader, str_from(bytes, cut))));
    must(!failed(list_end(reader, &fault)));
    list_done(reader);
    arena_done(&a);
    if (fault != NULL) {
        digest_put(&t.said, str_from_c(fault));
        *ret_is_damaged = *ret_is_damaged || str_starts(str_from_c(fault), STR("compressed."));
    }
    return digest_done(&t.said);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool is_booted;
    if (!is_booted)
        must(!failed(kit_boot()));
    is_booted = true;
    if (size == 0)
        return 0;
    str bytes = str_make((const char *)data + 1, size - 1);
    bool is_damaged = false;
    struct digest whole = read_cut(bytes, data[0], bytes.size, &is_damaged);
    struct digest cut = read_cut(bytes, data[0], data[0] * bytes.size / 256, &is_damaged);
    must(is_damaged || digest_equal(&whole, &cut));
    return 0;
}
