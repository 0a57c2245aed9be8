/* SPDX-License-Identifier: Apache-2.0 */
/*
 * embedded - files of the source tree carried in the program: schema, profiles, messages, console.
 *
 * Shape     An array made by tools/embed, with its count beside it: extern const struct
 *           embedded_file schema_files[]; extern const size_t schema_files_count.
 * Owns      The bytes are constants of the program, followed by a NUL that is not counted.
 * Lives     For ever.   Fails  -   Threads  Any.   Bounds  -
 */
#ifndef YUMEN_BASE_EMBEDDED_H
#define YUMEN_BASE_EMBEDDED_H

#include "base/str.h"

struct embedded_file {
    const char *path;
    str bytes;
};

#endif
