/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json - both directions: a writer over struct text, a reader over jansson.
 *
 * Shape     Two headers, because the writer's verbs and jansson's functions share names; no file
 *           but kit/json_read.c ever sees both kinds. Include this one.
 * Owns, Lives, Fails, Threads, Bounds    as json_read.h and json_write.h say.
 */
#ifndef YUMEN_KIT_JSON_H
#define YUMEN_KIT_JSON_H

#include "kit/json_read.h"
#include "kit/json_write.h"

#endif
