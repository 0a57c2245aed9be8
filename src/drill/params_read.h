/* SPDX-License-Identifier: Apache-2.0 */
/*
 * params_read - how the parameters' file is read: tables of figures against a tree of YAML. For
 * params*.c alone.
 *
 * Shape     A group is a map of figures that each say value, unit and source; a row is one of
 *           several equals, whose figures and texts stand side by side with one source for all.
 *           Every key of a table is required, and no other may be there.
 * Owns      Nothing; texts live in the arena.
 * Lives     A reading.
 * Fails     As params.h; the fault says where.
 * Threads   One a reading.
 * Bounds    KEYS_MOST keys a map.
 */
#ifndef YUMEN_DRILL_PARAMS_READ_H
#define YUMEN_DRILL_PARAMS_READ_H

#include "drill/params.h"
#include "kit/yaml.h"

#include <stddef.h>

enum { KEYS_MOST = 64 };

struct reading {
    struct arena *arena;
    struct params_fault *fault;
    const char *part; /* of the file that is being read; NULL: its top */
};

/* How a figure is written and what it may be. */
struct figure {
    const char *key;
    const char *unit; /* NULL in a list of equals, whose head explains the units */
    int64_t one;      /* MICRO where decimals are meant */
    int64_t low;
    int64_t high;
    size_t offset; /* in what is filled in */
};

struct group {
    const char *key;
    const struct figure *figures;
    size_t count;
};

struct row {
    const struct figure *figures;
    size_t count;
    const char *const *texts; /* ended by NULL */
};

/* Writes down where; the failure. */
err params_refuse(struct reading *r, const struct yaml_node *node, const char *key,
                  const char *why);
err params_child(struct reading *r, const struct yaml_node *map, const char *key,
                 const struct yaml_node **ret_child);
/* It is a map, and these are its only keys. */
err params_only(struct reading *r, const struct yaml_node *map, const char *const *known,
                size_t count);
/* Offsets are in `into`. */
err params_group(struct reading *r, const struct yaml_node *root, const struct group *g,
                 void *into);
err params_row(struct reading *r, const struct yaml_node *node, const struct row *row, void *into);
err params_text(struct reading *r, const struct yaml_node *map, const char *key, str *ret_text);
err params_list(struct reading *r, const struct yaml_node *root, const char *key, size_t most,
                const struct yaml_node **ret_list);
/* So many whole numbers, of which one at least is not 0. */
err params_numbers(struct reading *r, const struct yaml_node *map, const char *key, size_t count,
                   int64_t *ret_numbers);
/* Which profile its `hours` name. */
err params_profile(struct reading *r, const struct yaml_node *node, const struct params *p,
                   uint32_t *ret_index);
/* What params_calls.c knows of; after the profiles. */
err params_calls(struct reading *r, const struct yaml_node *root, struct params *p);
err params_asking(struct reading *r, const struct yaml_node *root, struct params *p);
err params_online(struct reading *r, const struct yaml_node *root, struct params *p);
/* 2 to 11 capitals: as an account behind a bank's code is written. */
bool params_is_code(str s);

#endif
