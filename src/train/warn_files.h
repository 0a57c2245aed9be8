/* SPDX-License-Identifier: Apache-2.0 */
/*
 * warn_files - files of histories in, the file of a warning model out.
 *
 * Shape     docs/formats/episodes.md --> warn_train --> docs/formats/warning.md
 * Owns      Nothing that is left.   Lives  -   Threads  One.
 * Fails     As history_read, warn_train; ERR_ABSENT "file.absent"; ERR_OS "cli.output".
 * Bounds    WARN_HISTORIES files.
 */
#ifndef YUMEN_TRAIN_WARN_FILES_H
#define YUMEN_TRAIN_WARN_FILES_H

#include "base/instant.h"
#include "train/warn.h"

struct warn_files_order {
    const char *const *paths;
    int path_count;
    const char *out;
    str name;
    instant made;
};

/* ret_path: the file that was at fault. */
err warn_files(const struct warn_files_order *order, struct arena *a, struct warn_model *ret_model,
               const char **ret_path);

#endif
