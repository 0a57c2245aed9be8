/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: no export, however broken, harms the verifier, and none but the seed's own leaves pass it.
 * Method: the whole program is included here; its state is put back before each run. The key is
 * the seed's, so that its signed heads hold, but nothing may be good beyond their leaves.
 */
static int nothing(const char *line);
int verifier_main(int argc, char **argv);
#define main verifier_main
#define puts nothing
#include "../../tools/verifier/yumen-verify.c"
#undef main
#undef puts

#include <stdint.h>

enum { SEED_LEAVES = 15 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int nothing(const char *line)
{
    return (int)strlen(line);
}

static void start_over(void)
{
    json_decref(records);
    json_decref(ring);
    free(hashes);
    records = json_object();
    ring = json_object();
    hashes = NULL;
    leaf_count = next_index = peaks_size = good_size = head_count = row_count = finding_count = 0;
    line_rank = line_count = 0;
    is_broken = false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (sodium_init() < 0 || size == 0)
        return 0;
    start_over();
    first_key = "9254d9bc5c95de39653110afbd893d4fbf4ecd1f5e59fee6ba066de28c229e77";
    for (size_t at = 0; at < size;) {
        const uint8_t *end = memchr(data + at, '\n', size - at);
        size_t length = end == NULL ? size - at : (size_t)(end - data) - at + 1;
        json_t *line = json_loadb((const char *)data + at, length, JSON_REJECT_DUPLICATES, NULL);
        on_line(line);
        json_decref(line);
        at += length;
    }
    if (good_size > SEED_LEAVES || good_size > leaf_count)
        abort();
    return 0;
}
