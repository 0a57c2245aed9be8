/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory - how the C library's allocator deals with the system, so that what a large work took is
 * given back when it ends.
 *
 * Shape     Arenas end whole; glibc, left alone, keeps large blocks once it has seen larger ones,
 *           and
 *           holes below what is still in use.
 * Owns      -   Lives  The process.   Fails  Cannot.   Threads  memory_rest: any.   Bounds  -
 */
#ifndef YUMEN_ENV_MEMORY_H
#define YUMEN_ENV_MEMORY_H

/* Once, before the first thread: large blocks go back to the system when they end. */
void memory_boot(void);
/* So does what ended in pieces: after a large work that comes only once. Some milliseconds. */
void memory_rest(void);

#endif
