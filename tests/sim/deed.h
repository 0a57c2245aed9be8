/* SPDX-License-Identifier: Apache-2.0 */
/*
 * deed - a command in numbers: who, what, which record, and how it was said.
 *
 * Shape     A person or record is its place in the model's arrays; words are a length and whether
 *           they are fit to be read. world_say.c makes the command of it.
 * Owns      Nothing.   Lives  A step.   Fails  -   Threads  Any.   Bounds  -
 */
#ifndef YUMEN_TESTS_DEED_H
#define YUMEN_TESTS_DEED_H

#include "fact/command.h"

enum { WHO_PUBLIC = -1, WHO_CENTRE = 0 }; /* else a user's place */
enum { NOBODY = -1, ABSENT = -2, NEW = -3 };

/* Something said: how long, and whether it is fit to be read. */
struct words {
    int bytes;
    bool is_foul; /* blank, control characters, not UTF-8 */
};

enum flaw { FLAW_NONE, FLAW_SCOPE, FLAW_WORDS, FLAW_LONG, FLAW_COUNT };

struct deed {
    enum act act;
    int who;
    int record; /* place in its array, ABSENT or NEW */
    struct words why;
    const char *division; /* of what is made */
    struct {
        unsigned kind, action, match, rpz;
        char value[64];
        int64_t from, until;
        enum flaw flaw;
        int mark;
        int batch;
    } listing;
    struct {
        int listing;
        struct words statement, name;
        int mark;
        bool is_strangers; /* withdrawn by somebody who does not know its key */
    } appeal;
    struct {
        role_set roles;
        bool is_misnamed;
    } user;
    struct {
        int user;
        unsigned kind;
    } session;
    unsigned key_kind;
    int64_t accepted, duplicate, refused;
};

#endif
