/* SPDX-License-Identifier: Apache-2.0 */
#include "env/memory.h"

#include <malloc.h>

void memory_boot(void)
{
    enum { LARGE_BYTES = 2048 * 1024, KEPT_BYTES = 2 * LARGE_BYTES };
    /* Set once, glibc no longer moves them. Before there are threads. A thousand verdicts and their
     * words are 0.9 MB: taken from the system anew for each batch, that cost more than they do. */
    (void)mallopt(M_MMAP_THRESHOLD, LARGE_BYTES); /* NOLINT(concurrency-mt-unsafe) */
    /* What a request has taken is there for the next, instead of going back to the system. */
    (void)mallopt(M_TRIM_THRESHOLD, KEPT_BYTES); /* NOLINT(concurrency-mt-unsafe) */
}

void memory_rest(void)
{
    (void)malloc_trim(0);
}
