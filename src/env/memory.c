/* SPDX-License-Identifier: Apache-2.0 */
#include "env/memory.h"

#include <malloc.h>

void memory_boot(void)
{
    enum { LARGE_BYTES = 256 * 1024 };
    /* Set once, glibc no longer moves it. Before there are threads. */
    (void)mallopt(M_MMAP_THRESHOLD, LARGE_BYTES); /* NOLINT(concurrency-mt-unsafe) */
}

void memory_rest(void)
{
    (void)malloc_trim(0);
}
