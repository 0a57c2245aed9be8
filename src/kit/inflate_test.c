/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: compressed files read like plain ones, whatever the sizes of the blocks; a cut, damaged or
 * bursting one is refused.
 * Method: compress with the libraries themselves, in one and in several members; feed byte by byte
 * and at once; cut at every place; turn over every byte.
 */
#include "kit/inflate.h"

#include "kit/kit_test.h"

#include <zlib.h>
#include <zstd.h>

static const struct inflate_limits no_limits = {0};

static str gzip(struct arena *a, str plain)
{
    z_stream s = {0};
    size_t room = plain.size + 1000;
    char *out = arena_make(a, room);
    assert_int_equal(deflateInit2(&s, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    char *copy = str_to_c(a, plain);
    s.next_in = (Bytef *)copy;
    s.avail_in = (uInt)plain.size;
    s.next_out = (Bytef *)out;
    s.avail_out = (uInt)room;
    assert_int_equal(deflate(&s, Z_FINISH), Z_STREAM_END);
    size_t size = room - s.avail_out;
    deflateEnd(&s);
    return str_make(out, size);
}

static str zstd(struct arena *a, str plain)
{
    size_t room = ZSTD_compressBound(plain.size);
    char *out = arena_make(a, room);
    size_t size = ZSTD_compress(out, room, plain.at, plain.size, 3);
    assert_false(ZSTD_isError(size));
    return str_make(out, size);
}

static str join(struct arena *a, str x, str y)
{
    struct text t;
    text_init(&t, a);
    text_put(&t, x);
    text_put(&t, y);
    return text_str(&t);
}

struct sizes {
    size_t block;
    size_t room;
};

/* Reads all of it, so much in and so much out at a time. */
static err read_all(struct arena *a, str packed, struct inflate_limits limits, struct sizes sizes,
                    struct text *t)
{
    SCOPED(inflate_done) struct inflate z = {0};
    char *out = arena_make(a, sizes.room);
    text_init(t, a);
    TRY(inflate_init(&z, inflate_guess(packed), limits, a));
    while (packed.size > 0) {
        str in = str_until(packed, sizes.block);
        packed = str_from(packed, in.size);
        size_t size = 0;
        do {
            TRY(inflate_step(&z, &in, out, sizes.room, &size));
            text_put(t, str_make(out, size));
        } while (size > 0);
        assert_int_equal(in.size, 0);
        TRY(inflate_step(&z, &in, out, sizes.room, &size)); /* asking again is harmless */
        assert_int_equal(size, 0);
    }
    return inflate_end(&z);
}

static str sample(struct arena *a, size_t size)
{
    char *bytes = arena_make(a, size);
    uint32_t x = 42;
    for (size_t i = 0; i < size; i++) {
        x = x * 1103515245 + 12345;
        bytes[i] = "0123456789,\n"[(x >> 16) % 12];
    }
    return str_make(bytes, size);
}

static void any_block_sizes(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 64 << 20);
    static const struct sizes sizes[] = {
        {1 << 20, 1 << 20},
        {1,       1      },
        {7,       1000   },
        {1000,    7      }
    };
    str plain = sample(&a, 20000);
    str packed[] = {plain, gzip(&a, plain), zstd(&a, plain)};
    for (size_t p = 0; p < COUNT_OF(packed); p++)
        for (size_t i = 0; i < COUNT_OF(sizes); i++) {
            struct text t;
            assert_int_equal(inflate_guess(packed[p]), p);
            works(read_all(&a, packed[p], no_limits, sizes[i], &t));
            assert_true(str_equal(text_str(&t), plain));
        }
    arena_done(&a);
}

static void members_are_one(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 64 << 20);
    struct text t;
    struct sizes small = {3, 5};
    struct sizes large = {1 << 20, 1 << 20};
    str empty = gzip(&a, STR(""));
    str two = join(&a, join(&a, gzip(&a, STR("one,")), empty), gzip(&a, STR("two")));
    works(read_all(&a, two, no_limits, small, &t));
    is_str(text_str(&t), STR("one,two"));
    works(read_all(&a, two, no_limits, large, &t));
    is_str(text_str(&t), STR("one,two"));
    two = join(&a, join(&a, zstd(&a, STR("one,")), zstd(&a, STR(""))), zstd(&a, STR("two")));
    works(read_all(&a, two, no_limits, small, &t));
    is_str(text_str(&t), STR("one,two"));
    works(read_all(&a, two, no_limits, large, &t));
    is_str(text_str(&t), STR("one,two"));
    works(read_all(&a, empty, no_limits, large, &t));
    is_str(text_str(&t), STR(""));
    str tail = join(&a, gzip(&a, STR("one")), STR("and more"));
    fails(read_all(&a, tail, no_limits, large, &t), ERR_MALFORMED, "compressed.damaged");
    tail = join(&a, zstd(&a, STR("one")), STR("and more"));
    fails(read_all(&a, tail, no_limits, large, &t), ERR_MALFORMED, "compressed.damaged");
    arena_done(&a);
}

static void cut_anywhere(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 64 << 20);
    str plain = sample(&a, 300);
    str packed[] = {gzip(&a, plain), zstd(&a, plain)};
    for (size_t p = 0; p < COUNT_OF(packed); p++)
        for (size_t size = 4; size < packed[p].size; size++) {
            struct text t;
            struct sizes sizes = {50, 50};
            fails(read_all(&a, str_until(packed[p], size), no_limits, sizes, &t), ERR_MALFORMED,
                  "compressed.truncated");
        }
    struct inflate z;
    works(inflate_init(&z, INFLATE_GZIP, no_limits, &a));
    fails(inflate_end(&z), ERR_MALFORMED, "compressed.truncated"); /* an empty .gz */
    inflate_done(&z);
    arena_done(&a);
}

static void damage_is_noticed(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 64 << 20);
    str plain = sample(&a, 300);
    str packed = gzip(&a, plain);
    unsigned noticed = 0;
    for (size_t i = 10; i < packed.size; i++) { /* the header's time and system are anybody's */
        char *bytes = str_to_c(&a, packed);
        struct text t;
        struct sizes sizes = {50, 50};
        bytes[i] ^= 0x10;
        err e = read_all(&a, str_make(bytes, packed.size), no_limits, sizes, &t);
        noticed += failed(e);
    }
    assert_int_equal(noticed, packed.size - 10);
    arena_done(&a);
}

static void no_bomb(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 256 << 20);
    char *zeros = arena_make(&a, 16 << 20);
    str plain = str_make(zeros, 16 << 20);
    str packed[] = {gzip(&a, plain), zstd(&a, plain)};
    for (size_t p = 0; p < COUNT_OF(packed); p++) {
        struct text t;
        struct sizes sizes = {100, 60000};
        struct inflate_limits ratio = {.ratio = 100};
        struct inflate_limits size = {.output_bytes = (16 << 20) - 1};
        fails(read_all(&a, packed[p], ratio, sizes, &t), ERR_LIMIT, "compressed.too_large");
        assert_in_range(t.size, 1, 2 << 20);
        fails(read_all(&a, packed[p], size, sizes, &t), ERR_LIMIT, "compressed.too_large");
        size.output_bytes++;
        works(read_all(&a, packed[p], size, sizes, &t));
    }
    struct text t;
    struct sizes sizes = {100, 1000};
    struct inflate_limits few = {.output_bytes = 4};
    works(read_all(&a, STR("four"), few, sizes, &t));
    fails(read_all(&a, STR("fives"), few, sizes, &t), ERR_LIMIT, "compressed.too_large");
    arena_done(&a);
}

static void wide_windows_are_refused(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 64 << 20);
    /* A frame header that asks for a window of 2^27 bytes: magic, descriptor 0, window byte. */
    struct text t;
    struct sizes sizes = {100, 100};
    fails(read_all(&a, STR("\x28\xB5\x2F\xFD\x00\x88\x01\x00\x00"), no_limits, sizes, &t),
          ERR_LIMIT, "compressed.too_large");
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_block_sizes), cmocka_unit_test(members_are_one),
        cmocka_unit_test(cut_anywhere),    cmocka_unit_test(damage_is_noticed),
        cmocka_unit_test(no_bomb),         cmocka_unit_test(wide_windows_are_refused),
    };
    return cmocka_run_group_tests_name("kit/inflate", tests, boot, done);
}
