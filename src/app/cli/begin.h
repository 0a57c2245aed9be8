/* SPDX-License-Identifier: Apache-2.0 */
/*
 * begin - makes a new centre in an empty folder.
 *
 * Shape     folder, yumen.yaml, keys --> store: user "centre", the centre's record, the keys'
 *           records,
 *           all in one transaction under the first signed head.
 * Owns      Nothing.   Lives  A call.   Threads  Main.
 * Fails     "begin.exists" there is a store already; file and store errors; nothing half made is
 *           mistaken for a store: the database appears last, by rename.
 * Bounds    -
 */
#ifndef YUMEN_APP_CLI_BEGIN_H
#define YUMEN_APP_CLI_BEGIN_H

#include "app/house/house.h"

struct begin_options {
    const char *dir;
    str name;
    str profile;
    str division;
    enum centre_kind kind;
};

err begin_centre(const struct begin_options *options);

#endif
