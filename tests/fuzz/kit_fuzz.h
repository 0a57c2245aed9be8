/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kit_fuzz - what the targets of kit share: a booted kit, an arena, and how to complain.
 *
 * Shape     Each target takes its choices (a charset, a block size) from the first bytes.
 * Owns      Nothing.   Lives  -   Threads  One.   Bounds  -
 * Fails     must() stops the program: that is a finding.
 */
#ifndef YUMEN_KIT_FUZZ_H
#define YUMEN_KIT_FUZZ_H

#include "base/str.h"
#include "kit/kit.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    if (failed(kit_boot()))
        abort();
    return 0;
}

static inline void must(bool is_true)
{
    if (!is_true)
        abort();
}

/* Takes the first byte, or 0. */
static inline uint8_t take_byte(str *in)
{
    uint8_t byte = in->size == 0 ? 0 : (uint8_t)in->at[0];
    *in = str_from(*in, 1);
    return byte;
}

#endif
